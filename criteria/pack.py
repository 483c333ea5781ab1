"""The instrument: what a pack holds once it is loaded.

A pack says what is asked (forms, questions, answer scales), when (``relevant``), and how the
answers count (criteria, headlines, bands). These are values: they are made once, by
:mod:`criteria.load_pack`, and never change. A :class:`Form` also carries what the conversation
needs at every answer and would be wasteful to work out again (questions by name, compiled
expressions).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Literal

from criteria.expressions import Expression

NA = "na"
NOT_KNOWN = "not_known"
OUT_OF_BASE = frozenset({NA, NOT_KNOWN})
"""The two answers that are no choice of a list: they leave the base and are counted apart."""

RESERVED_WORDS: Final[Mapping[str, tuple[str, ...]]] = {
    NA: ("na", "n/a", "n.a", "not applicable", "not relevant"),
    NOT_KNOWN: (
        "nk", "n/k", "not known", "not_known", "don't know", "dont know", "dk", "unknown",
    ),
}  # fmt: skip
"""How people type these two."""

MAX_SIZE: Final = 500_000
"""A pack's characters, or bytes: three times the largest of the published instruments'."""

QuestionKind = Literal[
    "select_one",
    "select_multiple",
    "integer",
    "decimal",
    "date",
    "text",
    "note",
    "calculate",
]
Label = Mapping[str, str]
"""A text by language code: ``{"en": "Yes", "cy": "Ie"}``."""

JSON = dict[str, Any]
"""A JSON object as it was read."""


@dataclass(frozen=True, slots=True)
class Choice:
    """One step of a scale, or one entry of a list.

    ``{"name": "largely", "label": {"en": "Largely met"}, "sufficient": true, "aliases": ["l"]}``

    ``sufficient`` is None where the list is no scale. ``is_na`` marks a choice that leaves the
    base although it is in the list.
    """

    name: str
    label: Label
    sufficient: bool | None = None
    is_na: bool = False
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ChoiceList:
    """A named list of choices; a *scale* if its choices say which are sufficient."""

    name: str
    choices: tuple[Choice, ...]
    by_name: Mapping[str, Choice]

    @property
    def is_scale(self) -> bool:
        return any(choice.sufficient is not None for choice in self.choices)


@dataclass(frozen=True, slots=True, eq=False)
class Question:
    """One question of a form; ``index`` is its place among profile and survey, from 0.

    ``{"type": "select_one yes_no", "name": "q1.2.b", "number": "1.2.b", "label": {"en": "…"},
    "criterion": "c1.2", "headlines": ["roh"], "relevant": "${q1.2.a} = 'yes'", "na": true}``
    """

    index: int
    name: str
    number: str
    kind: QuestionKind
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
        """False for a ``note`` (shown only) and a ``calculate`` (worked out)."""
        return self.kind not in ("note", "calculate")

    @property
    def is_judgement(self) -> bool:
        """A question whose list says which answers are sufficient."""
        return (
            self.kind in ("select_one", "calculate")
            and self.choice_list is not None
            and self.choice_list.is_scale
        )

    @property
    def is_scored(self) -> bool:
        """A judgement that belongs to a criterion counts towards it, unless the pack says not."""
        return self.is_judgement and self.criterion is not None and self.scored

    @property
    def choices(self) -> tuple[Choice, ...]:
        return self.choice_list.choices if self.choice_list else ()

    def choice(self, name: str) -> Choice | None:
        return self.choice_list.by_name.get(name) if self.choice_list else None

    def leaves_base(self, value: object) -> bool:
        """Whether an answer is N/A or not known: these two, or a choice that says it is."""
        if not isinstance(value, str):
            return False
        choice = self.choice(value)
        if choice is not None:
            return choice.is_na
        if self.kind == "calculate":
            return value in OUT_OF_BASE
        return (self.na and value == NA) or (self.not_known and value == NOT_KNOWN)


@dataclass(frozen=True, slots=True)
class Form:
    """What is filled once per subject. ``questions`` are the profile's, then the survey's."""

    index: int
    name: str
    label: Label
    subject: str
    questions: tuple[Question, ...]
    by_name: Mapping[str, Question]

    @property
    def profile(self) -> tuple[Question, ...]:
        return tuple(question for question in self.questions if question.profile)


@dataclass(frozen=True, slots=True)
class Criterion:
    name: str
    number: str
    label: Label
    section: str
    weight: int | float = 1


@dataclass(frozen=True, slots=True)
class Section:
    """``by_levels``: its criteria get a level by rule (:class:`Levels`), not a percentage."""

    name: str
    label: Label
    criteria: tuple[Criterion, ...]
    by_levels: bool = False


@dataclass(frozen=True, slots=True)
class Headline:
    name: str
    label: Label


@dataclass(frozen=True, slots=True)
class Band:
    """A comment on a score: it holds from ``from_percent`` upwards (percent, rounded half up)."""

    name: str
    from_percent: int | float
    label: Label | None = None


@dataclass(frozen=True, slots=True)
class LevelRule:
    """One level, and what the items must reach for it; an empty rule holds for whatever is left.

    ``each``: every item reaches this step. ``most`` and ``others``: more than half reach the first,
    the rest the second. ``some`` and ``others``: at least one reaches the first, the rest the
    second (any, where ``others`` is not given).
    """

    name: str
    label: Label
    each: str | None = None
    most: str | None = None
    some: str | None = None
    others: str | None = None


@dataclass(frozen=True, slots=True)
class Levels:
    """How a criterion's level follows from its items': ``items`` best first, ``rules`` in turn."""

    items: ChoiceList
    rules: tuple[LevelRule, ...]


@dataclass(frozen=True, slots=True)
class Column:
    """Some of the cases: those of one ``form``, those for which ``where`` holds, or both."""

    name: str
    label: Label
    form: str | None = None
    where: Expression | None = None


TableKind = Literal["answers", "agreement", "factors", "numbers"]


@dataclass(frozen=True, slots=True)
class TableRow:
    """``questions``: one for each form that has it. ``factor`` and ``progress``: of a factor."""

    label: Label
    questions: tuple[str, ...] = ()
    factor: str | None = None
    progress: str | None = None


@dataclass(frozen=True, slots=True)
class Table:
    """A table as the report's appendix prints it.

    ``{"name": "t3", "label": "…", "source": "002: Table 3", "kind": "answers", "columns": "lists",
    "rows": [{"label": "…", "questions": ["pr_roh", "pb_roh"]}]}``; of kind ``agreement`` it has
    ``questions``, two of them, answered for one case in two forms.
    """

    name: str
    label: Label
    kind: TableKind
    source: str | None
    columns: tuple[Column, ...]
    rows: tuple[TableRow, ...]
    questions: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Pack:
    name: str
    title: Label
    version: str
    default_language: str
    languages: tuple[str, ...]
    source: str | None
    sections: tuple[Section, ...]
    criteria: Mapping[str, Criterion]
    headlines: tuple[Headline, ...]
    forms: tuple[Form, ...]
    bands: tuple[Band, ...]
    """Highest first."""
    bands_basis: str | None
    min_base: int | None
    sample_lists: tuple[str, ...]
    """The profile questions, one a form, that say which list of the sample a case is on."""
    levels: Levels | None
    columns: Mapping[str, tuple[Column, ...]]
    tables: tuple[Table, ...]
    document: JSON = field(repr=False, compare=False)
    """The JSON it was loaded from; an inspection keeps a copy of it."""

    @property
    def case_form(self) -> Form:
        """The form that is filled for a case where nothing else is said."""
        return next((form for form in self.forms if form.subject == "case"), self.forms[0])

    def form(self, name: str) -> Form | None:
        return next((form for form in self.forms if form.name == name), None)

    def text(self, label: Label, language: str | None = None) -> str:
        """The label in ``language``, else in the pack's default one, else in any."""
        if language and language in label:
            return label[language]
        return label.get(self.default_language) or next(iter(label.values()), "")
