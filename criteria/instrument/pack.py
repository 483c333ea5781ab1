"""The instrument: what a pack holds once it is loaded (:mod:`criteria.instrument.load`).

It says what is asked (forms, questions, answer scales), when (``relevant``), and how the answers
count (criteria, headlines, bands). A :class:`Form` is a tree of groups and questions, with the flat
view of it that scoring and the conversation use.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Final, Literal

from criteria.expressions import Expression
from criteria.question import ChoiceList, Label, Question

JSON = dict[str, Any]
"""A JSON object as it was read."""

NAMED: Final = re.compile(r"\$\{\s*([^{}]*?)\s*\}")
"""A question that a label names: ``Were all ${visits} visits made?``"""

MAX_SIZE: Final = 500_000
"""A pack's characters, or bytes: three times the largest of the published instruments'."""

BEGIN_GROUP: Final = "begin group"
END_GROUP: Final = "end group"
"""The types of the two rows of a survey that a group's questions stand between."""


@dataclass(frozen=True, slots=True)
class Group:
    """``{"type": "begin group", "name": "contact", "label": {"en": "Contact"},
    "relevant": "${order} = 'yes'", "appearance": "field-list"}`` up to ``{"type": "end group"}``

    ``relevant`` is part of the relevance of every question in it already.
    """

    name: str
    label: Label | None
    relevant: Expression | None
    appearance: str | None
    children: tuple[Question | Group, ...]


@dataclass(frozen=True)
class Form:
    """``children`` are the profile's questions, then the survey's questions and groups."""

    index: int
    name: str
    label: Label
    subject: str
    children: tuple[Question | Group, ...]

    @cached_property
    def questions(self) -> tuple[Question, ...]:
        return tuple(_flat(self.children))

    @cached_property
    def by_name(self) -> Mapping[str, Question]:
        return {question.name: question for question in self.questions}

    @property
    def profile(self) -> tuple[Question, ...]:
        return tuple(question for question in self.questions if question.profile)


def _flat(children: Iterable[Question | Group]) -> Iterator[Question]:
    for child in children:
        if isinstance(child, Group):
            yield from _flat(child.children)
        else:
            yield child


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
    """A comment on scores from ``from_percent`` (rounded half up) upwards."""

    name: str
    from_percent: int | float
    label: Label | None = None


@dataclass(frozen=True, slots=True)
class LevelRule:
    """A level, and what the items must reach for it; an empty rule holds for whatever is left.

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
    """``{"name": "t3", "label": "…", "source": "002: Table 3", "kind": "answers",
    "columns": "lists", "rows": [{"label": "…", "questions": ["pr_roh", "pb_roh"]}]}``

    A table of kind ``agreement`` has two ``questions``, answered for one case in two forms.
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
        return next((form for form in self.forms if form.subject == "case"), self.forms[0])

    def form(self, name: str) -> Form | None:
        return next((form for form in self.forms if form.name == name), None)

    def text(
        self,
        label: Label,
        language: str | None = None,
        answer: Callable[[str], str] = lambda _: "…",
    ) -> str:
        """Return the label in ``language``, else in the pack's default one, else in any.

        ``answer`` is what a question that it names, as ``${name}``, was answered: where no case is
        at hand, a gap stands there.
        """
        text = label.get(language or "") or label.get(self.default_language)
        if text is None:
            text = next(iter(label.values()), "")
        return NAMED.sub(lambda named: answer(named[1]), text) if "${" in text else text
