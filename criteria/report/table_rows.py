"""The rows of the tables that a report's appendix prints: of each kind of table, one maker.

The figures are those of :func:`criteria.scoring.tables.tables_document`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from criteria.case import Case
from criteria.instrument.pack import Pack, TableKind
from criteria.question import Question
from criteria.report.labels import form_label
from criteria.scoring.tables import tables_document

JSON = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Table:
    kind: TableKind
    label: str
    source: str | None


def _head(table: JSON) -> tuple[TableKind, str, str | None]:
    return table["kind"], table["label"], table["source"]


# --- answers ------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class AnswerCell:
    """The answers to a row's question in one column: ``percents`` are shares of the base, None of
    an answer that leaves it.
    """

    question: str
    base: int
    counts: Mapping[str, int]
    percents: Mapping[str, int | None]
    sufficient_percent: int | None


@dataclass(frozen=True, slots=True)
class AnswersRow:
    """``answers`` in the base and those ``outside`` it, each with its label (None of N/A)."""

    label: str
    cells: tuple[AnswerCell | None, ...]
    answers: Mapping[str, str | None]
    outside: Mapping[str, str | None]
    is_judgement: bool
    takes_several: bool


@dataclass(frozen=True, slots=True)
class AnswersTable(Table):
    columns: tuple[str, ...]
    rows: tuple[AnswersRow, ...]

    @property
    def is_filled(self) -> bool:
        cells = [cell for row in self.rows for cell in row.cells if cell]
        return any(cell.base or any(cell.counts.values()) for cell in cells)


def _answers(pack: Pack, table: JSON) -> AnswersTable:
    rows = tuple(_answers_row(pack, row) for row in table["rows"])
    return AnswersTable(*_head(table), tuple(table["columns"]), rows)


def _answers_row(pack: Pack, row: JSON) -> AnswersRow:
    cells = tuple(AnswerCell(**cell) if cell else None for cell in row["cells"])
    asked = [(cell, _question(pack, cell.question)) for cell in cells if cell]
    inside: dict[str, str | None] = {}
    outside: dict[str, str | None] = {}
    for cell, question in asked:
        for name in cell.counts:
            choice = question.choice(name)
            label = pack.text(choice.label) if choice else None
            (outside if question.leaves_base(name) else inside).setdefault(name, label)
    return AnswersRow(
        row["label"],
        cells,
        inside,
        outside,
        bool(asked) and asked[0][1].is_judgement,
        any(question.type.takes_several for _, question in asked),
    )


def _question(pack: Pack, name: str) -> Question:
    return next(form.by_name[name] for form in pack.forms if name in form.by_name)


# --- agreement ----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two questions; ``answers`` in its choices' order, each with its labels (none of
    an answer that is no choice).
    """

    form: str
    question: str
    answers: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class AgreementTable(Table):
    """``cross``: how many cases have this answer to the first question and that to the second."""

    pairs: int
    agree: int
    percent: int | None
    kappa: float | None
    first: Side
    second: Side
    cross: Mapping[tuple[str, str], int]

    @property
    def is_filled(self) -> bool:
        return bool(self.pairs)


def _agreement(pack: Pack, table: JSON) -> AgreementTable:
    cross = {tuple(pair["answers"]): pair["cases"] for pair in table["cross"]}
    first, second = (
        _side(pack, name, {answers[place] for answers in cross})
        for place, name in enumerate(table["questions"])
    )
    figures = (table["pairs"], table["agree"], table["percent"], table["kappa"])
    return AgreementTable(*_head(table), *figures, first, second, cross)


def _side(pack: Pack, name: str, answers: Iterable[str]) -> Side:
    question = _question(pack, name)
    form = next(form.name for form in pack.forms if name in form.by_name)
    places = {choice.name: place for place, choice in enumerate(question.choices)}
    in_order = sorted(answers, key=lambda answer: (places.get(answer, len(places)), answer))
    labels = {answer: _choice_labels(pack, question, answer) for answer in in_order}
    return Side(form_label(pack, form), pack.text(question.label), labels)


def _choice_labels(pack: Pack, question: Question, answer: str) -> tuple[str, ...]:
    choices = [question.choice(name) for name in answer.split()]
    return tuple(pack.text(choice.label) for choice in choices if choice) if all(choices) else ()


# --- factors and numbers ------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class FactorRow:
    """In how many cases a factor was found, and in how many of these there was progress."""

    label: str
    cases: int
    base: int | None
    sufficient: int | None
    percent: int | None


@dataclass(frozen=True, slots=True)
class FactorsTable(Table):
    rows: tuple[FactorRow, ...]

    @property
    def is_filled(self) -> bool:
        return any(row.cases for row in self.rows)


def _factors(_pack: Pack, table: JSON) -> FactorsTable:
    return FactorsTable(*_head(table), tuple(FactorRow(**row) for row in table["rows"]))


Number = int | float | None


@dataclass(frozen=True, slots=True)
class NumberRow:
    label: str
    answered: int
    total: Number
    least: Number
    most: Number
    mean: Number

    @property
    def figures(self) -> tuple[Number, ...]:
        return self.answered, self.total, self.least, self.most, self.mean


@dataclass(frozen=True, slots=True)
class NumbersTable(Table):
    rows: tuple[NumberRow, ...]

    @property
    def is_filled(self) -> bool:
        return any(row.answered for row in self.rows)


def _numbers(_pack: Pack, table: JSON) -> NumbersTable:
    return NumbersTable(*_head(table), tuple(NumberRow(**row) for row in table["rows"]))


# --- the tables of a pack -----------------------------------------------------------------------

AnyTable = AnswersTable | AgreementTable | FactorsTable | NumbersTable

_KINDS: Final[Mapping[TableKind, Callable[[Pack, JSON], AnyTable]]] = {
    "answers": _answers,
    "agreement": _agreement,
    "factors": _factors,
    "numbers": _numbers,
}


def table_rows(pack: Pack, cases: Sequence[Case]) -> tuple[AnyTable, ...]:
    """Every table of the pack, in its order."""
    documents: Sequence[JSON] = tables_document(pack, cases)
    return tuple(_KINDS[one["kind"]](pack, one) for one in documents)
