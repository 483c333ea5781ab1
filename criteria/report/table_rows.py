"""The rows of the tables that a report's appendix prints, worked out from the cases.

A pack says which: rows of questions over columns of cases (files, samples, subsets), the agreement
between two files, factors with their progress, totals and ranges of numbers. Percentages are
rounded half up on exact fractions, and columns may add to 99 or 101; they are not adjusted.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from math import isfinite
from typing import Final

from criteria.case import Case
from criteria.expressions import as_number
from criteria.instrument import pack as instrument
from criteria.instrument.pack import Column, Pack, TableKind, TableRow
from criteria.question import Question, xvalue
from criteria.relevance import FormState, form_state
from criteria.report.labels import form_label
from criteria.scoring.agreement import agreement
from criteria.scoring.score import QuestionScore, score_question
from criteria.scoring.tally import QuestionTally

Seen = Sequence[tuple[Case, FormState]]
"""Cases, each with what is relevant in it."""


@dataclass(frozen=True, slots=True)
class Table:
    name: str
    label: str
    source: str | None
    kind: TableKind


class _Sample:
    """The cases of a pack, and the members of each column, which several tables share."""

    def __init__(self, pack: Pack, cases: Sequence[Case]) -> None:
        self.pack = pack
        forms = {form.name: form for form in pack.forms}
        self.seen = [(case, form_state(forms[case.form], case)) for case in cases]
        self._columns: list[tuple[Column, Seen]] = []

    def of(self, column: Column) -> Seen:
        for known, members in self._columns:
            if known is column:
                return members
        members = [(case, state) for case, state in self.seen if in_column(column, case, state)]
        self._columns.append((column, members))
        return members

    def head(self, table: instrument.Table) -> tuple[str, str, str | None, TableKind]:
        return table.name, self.pack.text(table.label), table.source, table.kind


def in_column(column: Column, case: Case, state: FormState) -> bool:
    if column.form is not None and case.form != column.form:
        return False
    return column.where is None or state.meets(column.where)


def _score(question: Question, form: str, seen: Seen) -> QuestionScore:
    """Score one question over some cases; tables have no unsettled answers."""
    name = question.name
    asked = [state for case, state in seen if case.form == form and name not in state.hidden]
    answers = Counter([state.values[name] for state in asked if name in state.values])
    unanswered = len(asked) - answers.total() if question.can_be_open else 0
    return score_question(question, form, QuestionTally(answers, unanswered, {}))


def _question(pack: Pack, name: str) -> tuple[Question, str]:
    return next((form.by_name[name], form.name) for form in pack.forms if name in form.by_name)


@dataclass(frozen=True, slots=True)
class AnswerCell:
    """``percents`` are shares of the base, None of an answer that leaves it."""

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


def _answers(table: instrument.Table, sample: _Sample) -> AnswersTable:
    pack = sample.pack
    columns = table.columns or (Column("all", {pack.default_language: "All"}),)
    rows = tuple(_answers_row(row, columns, sample) for row in table.rows)
    return AnswersTable(*sample.head(table), tuple(pack.text(one.label) for one in columns), rows)


def _answers_row(row: TableRow, columns: Sequence[Column], sample: _Sample) -> AnswersRow:
    pack = sample.pack
    cells = tuple(_cell(pack, row, column, sample.of(column)) for column in columns)
    asked = [(cell, _question(pack, cell.question)[0]) for cell in cells if cell]
    inside: dict[str, str | None] = {}
    outside: dict[str, str | None] = {}
    for cell, question in asked:
        for name in cell.counts:
            choice = question.choice(name)
            label = pack.text(choice.label) if choice else None
            (outside if question.leaves_base(name) else inside).setdefault(name, label)
    return AnswersRow(
        pack.text(row.label),
        cells,
        inside,
        outside,
        bool(asked) and asked[0][1].is_judgement,
        any(question.type.takes_several for _, question in asked),
    )


def _cell(pack: Pack, row: TableRow, column: Column, seen: Seen) -> AnswerCell | None:
    """Return a row's answers in one column, to its question in that column's form.

    In a column for every form, the answers to all its questions are counted together, under the
    name of the first. None where the row has no question in that column.
    """
    scores = [
        _score(question, form, seen)
        for question, form in (_question(pack, name) for name in row.questions)
        if column.form in (None, form)
    ]
    if not scores:
        return None
    score = _together(scores)
    outside = {
        name for name in score.counts if any(one.question.leaves_base(name) for one in scores)
    }
    return AnswerCell(
        question=score.question.name,
        base=score.relevant,
        counts=score.counts,
        percents={
            name: None if name in outside else score.percent_of(name) for name in score.counts
        },
        sufficient_percent=score.percent,
    )


def _together(scores: Sequence[QuestionScore]) -> QuestionScore:
    counts = {name: 0 for score in scores for name in score.counts}
    for score in scores:
        for name, count in score.counts.items():
            counts[name] += count
    judged = [score.sufficient for score in scores if score.sufficient is not None]
    return replace(
        scores[0],
        relevant=sum(score.relevant for score in scores),
        sufficient=sum(judged) if len(judged) == len(scores) else None,
        counts=counts,
        unanswered=sum(score.unanswered for score in scores),
    )


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two questions; ``answers`` in its choices' order, each with its labels."""

    name: str
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


def _agreement(table: instrument.Table, sample: _Sample) -> AgreementTable:
    """Two questions, answered for one case in two forms; cases with only one are left out.

    ``c001`` and ``C001`` are one case, as in the store.
    """
    asked = [_question(sample.pack, name) for name in table.questions]
    first, second = (
        {
            case.case.casefold(): question.type.joined(state.values[question.address])
            for case, state in sample.seen
            if question.address in state.values
        }
        for question, _ in asked
    )
    found = agreement((answer, second[case]) for case, answer in first.items() if case in second)
    return AgreementTable(
        *sample.head(table),
        found.pairs,
        found.agree,
        found.percent,
        None if found.kappa is None else round(float(found.kappa), 6),
        _side(sample.pack, *asked[0], {answer for answer, _ in found.cross}),
        _side(sample.pack, *asked[1], {answer for _, answer in found.cross}),
        found.cross,
    )


def _side(pack: Pack, question: Question, form: str, answers: Iterable[str]) -> Side:
    places = {choice.name: place for place, choice in enumerate(question.choices)}
    in_order = sorted(answers, key=lambda answer: (places.get(answer, len(places)), answer))
    labels = {answer: _choice_labels(pack, question, answer) for answer in in_order}
    return Side(question.name, form_label(pack, form), pack.text(question.label), labels)


def _choice_labels(pack: Pack, question: Question, answer: str) -> tuple[str, ...]:
    choices = [question.choice(name) for name in question.type.parts(answer)]
    return tuple(pack.text(choice.label) for choice in choices if choice) if all(choices) else ()


@dataclass(frozen=True, slots=True)
class FactorRow:
    """The cases in which a factor was found, and how many of these had progress."""

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


def _factors(table: instrument.Table, sample: _Sample) -> FactorsTable:
    """As OMI 2 prints it (Cheshire, 2011, criterion 3.3(c))."""
    rows = tuple(_factor(sample.pack, row, sample.seen) for row in table.rows)
    return FactorsTable(*sample.head(table), rows)


def _factor(pack: Pack, row: TableRow, seen: Seen) -> FactorRow:
    label = pack.text(row.label)
    found = [(case, state) for case, state in seen if state.values.get(row.factor or "") == "yes"]
    if row.progress is None:
        return FactorRow(label, len(found), None, None, None)
    score = _score(*_question(pack, row.progress), found)
    return FactorRow(label, len(found), score.relevant, score.sufficient, score.percent)


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


def _numbers(table: instrument.Table, sample: _Sample) -> NumbersTable:
    """Totals and ranges of numbers, over those who gave one (Movement of Cases, 2004, App. 3)."""
    rows = tuple(_number(sample.pack, row, sample.seen) for row in table.rows)
    return NumbersTable(*sample.head(table), rows)


def _number(pack: Pack, row: TableRow, seen: Seen) -> NumberRow:
    answers = (state.values.get(name, "") for _, state in seen for name in row.questions)
    numbers = (as_number(xvalue(value)) for value in answers)
    # What is no number (open, N/A, a calculate's text) is left out, as an expression does.
    given = [Fraction(str(number)) for number in numbers if isfinite(number)]
    label = pack.text(row.label)
    if not given:
        return NumberRow(label, 0, None, None, None, None)
    total = sum(given, Fraction(0))
    figures = (total, min(given), max(given), total / len(given))
    return NumberRow(label, len(given), *map(_plain, figures))


def _plain(figure: Fraction) -> int | float:
    return figure.numerator if figure.denominator == 1 else round(float(figure), 6)


AnyTable = AnswersTable | AgreementTable | FactorsTable | NumbersTable

_KINDS: Final[Mapping[TableKind, Callable[[instrument.Table, _Sample], AnyTable]]] = {
    "answers": _answers,
    "agreement": _agreement,
    "factors": _factors,
    "numbers": _numbers,
}


def table_rows(pack: Pack, cases: Sequence[Case]) -> tuple[AnyTable, ...]:
    sample = _Sample(pack, cases)
    return tuple(_KINDS[table.kind](table, sample) for table in pack.tables)
