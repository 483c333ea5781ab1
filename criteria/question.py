"""A question of a form, and what every type of question must be able to do.

A :class:`Question` has a :class:`QuestionType`, which reads, checks and shows the answers to it.
The types are in :mod:`criteria.question_types`, one file each.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Final, Literal

from criteria.expressions import Expression, LeftOut, XValue, as_text

NA = "na"
NOT_KNOWN = "not_known"
OUT_OF_BASE = frozenset({NA, NOT_KNOWN})
"""They are no choices of a list; they leave the base and are counted apart."""

RESERVED_WORDS: Final[Mapping[str, tuple[str, ...]]] = {
    NA: ("na", "n/a", "n.a", "not applicable", "not relevant"),
    NOT_KNOWN: (
        "nk", "n/k", "not known", "not_known", "don't know", "dont know", "dk", "unknown",
    ),
}  # fmt: skip

Value = str | int | float | tuple[str, ...]
"""An answer's value: a choice's name, a number, an ISO date, a text, or the chosen names."""

Label = Mapping[str, str]
"""A text by language code: ``{"en": "Yes", "cy": "Ie"}``."""

Cell = str | int | float | date | None
"""A cell of an export; None is an empty one."""

Kind = Literal["number", "date", "text", "choice", "list"]
"""What an answer is in an expression."""

Texts = Sequence[str]
Reached = Sequence[XValue] | None


def xvalue(value: Value) -> XValue:
    if isinstance(value, tuple):
        return " ".join(value)
    return value if isinstance(value, str) else float(value)


@dataclass(frozen=True, slots=True)
class Choice:
    """``{"name": "largely", "label": {"en": "Largely met"}, "sufficient": true, "aliases": ["l"]}``

    ``sufficient`` is None where the list is no scale. A choice that ``is_na`` leaves the base.
    """

    name: str
    label: Label
    sufficient: bool | None = None
    is_na: bool = False
    aliases: Mapping[str | None, tuple[str, ...]] = field(default_factory=dict)
    """By language; under None those of every language."""

    def said_in(self, language: str | None) -> tuple[str, ...]:
        """Return the aliases that count in a language."""
        own = self.aliases.get(language, ()) if language is not None else ()
        return (*self.aliases.get(None, ()), *own)


@dataclass(frozen=True, slots=True)
class ChoiceList:
    """A named list of choices; a *scale* if its choices say which are sufficient."""

    name: str
    choices: tuple[Choice, ...]
    by_name: Mapping[str, Choice]

    @property
    def is_scale(self) -> bool:
        return any(choice.sufficient is not None for choice in self.choices)


@dataclass(frozen=True, slots=True)
class Reading:
    """What a typed text means. After a ``near_miss``, people are told what it was taken for.

    ``adds``: it adds to the ticks of a list that the card shows, and does not replace them.
    """

    value: Value = field(repr=False)
    near_miss: bool = False
    adds: bool = False


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a typed text is not taken as an answer (a key of the messages), and what it may mean.

    ``near`` are the answers to offer, ``note`` what the text says beside the first of them.
    """

    reason: str
    near: tuple[Value, ...] = field(default=(), repr=False)
    note: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class Said:
    """When a text was typed, as the inspector's time, and in which language."""

    now: datetime
    language: str | None = None


@dataclass(frozen=True, kw_only=True)
class QuestionType(ABC):
    """A type of question. Its fields say what it is, its methods what becomes of an answer.

    N/A and not known reach only :meth:`cell` and :meth:`joined`.
    """

    name: str
    """As a pack writes it: ``select_one``."""
    hint: str | None = None
    """The key of the hint below the question, in the messages."""
    refusals: tuple[str, ...] = ()
    """The keys of the reasons for which :meth:`read` refuses a text, in the messages."""
    expected: str = ""
    """What an answer must be, in an error's words: ``a whole number``."""
    answered_by_people: bool = True
    worked_out: bool = False
    """The pack says how; it has no card of its own."""
    wants_text: bool = False
    """Whether the answer is typed: its card has no button for it."""
    takes_list: bool = False
    """Whether its type is followed by the name of a choice list."""
    takes_several: bool = False
    judges: bool = False
    """Whether its answer on a scale is a judgement."""
    is_number: bool = False
    kind: Kind | None = None
    """What its answers are in an expression; None where they may be anything."""
    free_text: bool = False
    """Whether any text is an answer, also ``na``."""
    unused: tuple[str, ...] = ()
    """The properties that a pack says of it in vain,"""
    unused_because: str = ""
    """and why."""

    @property
    def has_value(self) -> bool:
        return self.answered_by_people or self.worked_out

    @abstractmethod
    def read(self, question: Question, text: str, said: Said) -> Reading | Refusal:
        """Return what a typed text means. What is not sure is refused, with what it may mean."""

    @abstractmethod
    def fits(self, question: Question, value: object) -> bool:
        """Return whether a value in a file can be an answer."""

    def shown(self, question: Question, value: Value, text: Callable[[Label], str]) -> str:
        """Return an answer as people read it. ``text`` is a label in their language."""
        choice = question.choice(str(value))
        return text(choice.label) if choice else str(value)

    def cell(self, question: Question, value: Value) -> Cell:  # noqa: ARG002
        """Return an answer as a cell of a CSV or a workbook."""
        return str(value)

    def counted(self, question: Question, value: Value) -> tuple[str, ...]:  # noqa: ARG002
        """Return the choices that an answer adds to the counts of scores and tables."""
        return ()

    def joined(self, value: Value) -> str:
        """Return the same text for equal answers: 3 and 3.0, choices in any order."""
        return as_text(xvalue(value))

    def parts(self, joined: str) -> list[str]:
        return [joined]

    @abstractmethod
    def reach(self, choices: Texts | None, texts: Texts, numbers: set[float]) -> Reached:
        """Return answers that stand for all possible ones; None where that cannot be known.

        Open, N/A and not known are left out. ``choices`` are the names in its list, None without
        one; ``texts`` and ``numbers`` those of the expressions that the answers are tried on.
        """


@dataclass(frozen=True, slots=True, eq=False)
class Question:
    """One question of a form; ``index`` is its place among profile and survey, from 0.

    ``{"type": "select_one yes_no", "name": "q1.2.b", "number": "1.2.b", "label": {"en": "…"},
    "criterion": "c1.2", "headlines": ["roh"], "relevant": "${q1.2.a} = 'yes'", "na": true}``
    """

    index: int
    name: str
    address: str
    """See :mod:`criteria.address`."""
    number: str
    type: QuestionType
    label: Label
    hint: Label | None
    choice_list: ChoiceList | None
    criterion: str | None
    headlines: tuple[str, ...]
    relevant: Expression | None
    constraint: Expression | None
    constraint_message: Label | None
    calculation: Expression | None
    na: bool
    not_known: bool
    required: bool
    profile: bool
    source: str | None
    min_base: int | None = None
    scored: bool = True
    parent: str | None = None
    finding: Label | None = None
    """What a sufficient answer means, as the second half of a sentence of the report: "the plan was
    sent in time"."""
    depends_on: frozenset[str] = frozenset()
    """The questions whose answers decide whether it applies, or what it is worked out as."""

    @property
    def is_answered_by_people(self) -> bool:
        return self.type.answered_by_people

    @property
    def is_judgement(self) -> bool:
        return self.type.judges and self.choice_list is not None and self.choice_list.is_scale

    @property
    def is_scored(self) -> bool:
        """A judgement that belongs to a criterion counts towards it, unless the pack says not."""
        return self.is_judgement and self.criterion is not None and self.scored

    @property
    def choices(self) -> tuple[Choice, ...]:
        return self.choice_list.choices if self.choice_list else ()

    def choice(self, name: str) -> Choice | None:
        return self.choice_list.by_name.get(name) if self.choice_list else None

    @property
    def can_be_open(self) -> bool:
        """Whether it counts as unanswered where it applies and has no value."""
        return self.is_answered_by_people or (self.type.worked_out and self.is_judgement)

    def is_sufficient(self, value: object) -> bool:
        choice = self.choice(value) if isinstance(value, str) else None
        return bool(choice and choice.sufficient)

    def in_list_order(self, names: set[str]) -> tuple[str, ...]:
        return tuple(choice.name for choice in self.choices if choice.name in names)

    def leaves_base(self, value: object) -> bool:
        """Whether an answer is N/A or not known: these two, or a choice that says it is."""
        if not isinstance(value, str):
            return False
        choice = self.choice(value)
        if choice is not None:
            return choice.is_na
        if self.type.worked_out:
            return value in OUT_OF_BASE
        return (self.na and value == NA) or (self.not_known and value == NOT_KNOWN)

    def seen(self, value: Value) -> XValue:
        """Return an answer as expressions see it."""
        if isinstance(value, str) and self.leaves_base(value):
            return LeftOut(value)
        return xvalue(value)

    def takes(self, value: object) -> bool:
        if self.leaves_base(value):
            return True
        if isinstance(value, str) and value in OUT_OF_BASE and not self.type.free_text:
            return False
        return self.type.fits(self, value)
