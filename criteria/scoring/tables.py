"""The tables that a report's appendix prints, worked out from the cases.

A pack says which: rows of questions over columns of cases (files, samples, subsets), the agreement
between two files, factors with their progress, totals and ranges of numbers. Percentages are
rounded half up on exact fractions, and columns may add to 99 or 101; they are not adjusted.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from math import isfinite
from typing import Final

from criteria.case import Case
from criteria.expressions import as_number
from criteria.instrument.pack import Column, Pack, Table, TableKind, TableRow
from criteria.question import Question, xvalue
from criteria.relevance import FormState, form_state
from criteria.scoring.agreement import agreement
from criteria.scoring.score import QuestionScore, percent, score_question
from criteria.scoring.tally import QuestionTally

JSON = dict[str, object]


@dataclass(frozen=True, slots=True)
class _Seen:
    """A case, and what is relevant in it."""

    case: Case
    state: FormState


class _Sample:
    """The cases with their states, and the members of each column.

    Several tables share the same columns, so their members are worked out once.
    """

    def __init__(self, pack: Pack, cases: Sequence[Case]) -> None:
        self.pack = pack
        forms = {form.name: form for form in pack.forms}
        self.seen = [_Seen(case, form_state(forms[case.form], case)) for case in cases]
        self._columns: list[tuple[Column, list[_Seen]]] = []

    def of(self, column: Column) -> list[_Seen]:
        for known, members in self._columns:
            if known is column:
                return members
        members = [one for one in self.seen if in_column(column, one.case, one.state)]
        self._columns.append((column, members))
        return members


def tables_document(pack: Pack, cases: Sequence[Case]) -> list[JSON]:
    """Return every table of the pack, in order.

    Each is ``{"name": …, "label": …, "kind": …, "columns": […], "rows": […]}``. A cell is None
    where the row has no question in that column. Of a row of answers it holds ``base``, ``counts``
    and ``percents`` by choice, and ``sufficient_percent`` of a judgement.
    """
    sample = _Sample(pack, cases)
    return [
        {
            "name": table.name,
            "label": pack.text(table.label),
            "source": table.source,
            "kind": table.kind,
            **_KINDS[table.kind](table, sample),
        }
        for table in pack.tables
    ]


def in_column(column: Column, case: Case, state: FormState) -> bool:
    """Whether a case belongs to a column: its form, and what the column asks of its answers."""
    if column.form is not None and case.form != column.form:
        return False
    return column.where is None or state.meets(column.where)


def _tally(question: Question, form: str, seen: Sequence[_Seen]) -> QuestionTally:
    """Count the answers to one question; tables have no unsettled answers."""
    name = question.name
    asked = [one.state for one in seen if one.case.form == form and name not in one.state.hidden]
    applies = [state.values.get(name) for state in asked]
    answers = Counter([value for value in applies if value is not None])
    without = len(applies) - answers.total() if question.is_answered_by_people else 0
    return QuestionTally(answers, without, {})


def _question(pack: Pack, name: str) -> tuple[Question, str]:
    """Return a question and the name of its form."""
    return next((form.by_name[name], form.name) for form in pack.forms if name in form.by_name)


# --- answers ------------------------------------------------------------------------------------


def _answers(table: Table, sample: _Sample) -> JSON:
    pack = sample.pack
    columns = table.columns or (Column("all", {pack.default_language: "All"}),)
    of = {column.name: sample.of(column) for column in columns}
    return {
        "columns": [pack.text(column.label) for column in columns],
        "rows": [
            {
                "label": pack.text(row.label),
                "cells": [_cell(pack, row, column, of[column.name]) for column in columns],
            }
            for row in table.rows
        ],
    }


def _cell(pack: Pack, row: TableRow, column: Column, seen: Sequence[_Seen]) -> JSON | None:
    """Return a row's answers in one column, to its question in that column's form.

    In a column for every form, the answers to all its questions are counted together, under the
    name of the first.
    """
    scores = [
        score_question(question, form, _tally(question, form, seen))
        for question, form in (_question(pack, name) for name in row.questions)
        if column.form in (None, form)
    ]
    if not scores:
        return None
    score = _together(scores)
    return {
        "question": score.question.name,
        "base": score.relevant,
        "counts": dict(score.counts),
        "percents": {
            name: None
            if any(one.question.leaves_base(name) for one in scores)
            else score.percent_of(name)
            for name in score.counts
        },
        "sufficient_percent": None if score.proportion is None else percent(score.proportion),
    }


def _together(scores: Sequence[QuestionScore]) -> QuestionScore:
    """Add up the scores of questions with the same choices."""
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


# --- agreement ----------------------------------------------------------------------------------


def _agreement(table: Table, sample: _Sample) -> JSON:
    """Two questions, answered for one case in two forms; cases with only one are left out.

    ``c001`` and ``C001`` are one case, as in the store.
    """
    first, second = (
        {
            one.case.case.casefold(): question.type.joined(one.state.values[question.address])
            for one in sample.seen
            if question.address in one.state.values
        }
        for question, _ in (_question(sample.pack, name) for name in table.questions)
    )
    found = agreement((answer, second[case]) for case, answer in first.items() if case in second)
    return {
        "questions": list(table.questions),
        "pairs": found.pairs,
        "agree": found.agree,
        "percent": found.percent,
        "kappa": None if found.kappa is None else round(float(found.kappa), 6),
        "cross": [
            {"answers": list(answers), "cases": count} for answers, count in found.cross.items()
        ],
    }


# --- factors and numbers ------------------------------------------------------------------------


def _factors(table: Table, sample: _Sample) -> JSON:
    """For each factor: the number of cases that have it, and the share with progress.

    As OMI 2 prints it (Cheshire, 2011, criterion 3.3(c)).
    """
    return {"rows": [_factor(sample.pack, row, sample.seen) for row in table.rows]}


def _factor(pack: Pack, row: TableRow, seen: Sequence[_Seen]) -> JSON:
    found = [one for one in seen if one.state.values.get(row.factor or "") == "yes"]
    base = sufficient = share = None
    if row.progress is not None:
        question, form = _question(pack, row.progress)
        score = score_question(question, form, _tally(question, form, found))
        base, sufficient, share = score.relevant, score.sufficient, score.proportion
    return {
        "label": pack.text(row.label),
        "cases": len(found),
        "base": base,
        "sufficient": sufficient,
        "percent": None if share is None else percent(share),
    }


def _numbers(table: Table, sample: _Sample) -> JSON:
    """Totals and ranges of numbers, over those who gave one (Movement of Cases, 2004, App. 3)."""
    text, seen = sample.pack.text, sample.seen
    return {
        "rows": [{"label": text(row.label), **_number(row.questions, seen)} for row in table.rows]
    }


def _number(names: Sequence[str], seen: Sequence[_Seen]) -> JSON:
    answers = (one.state.values.get(name, "") for one in seen for name in names)
    numbers = (as_number(xvalue(value)) for value in answers)
    # What is no number (open, N/A, a calculate's text) is left out, as an expression does.
    given = [Fraction(str(number)) for number in numbers if isfinite(number)]
    if not given:
        return {"answered": 0, "total": None, "least": None, "most": None, "mean": None}
    total = sum(given, Fraction(0))
    figures = {"total": total, "least": min(given), "most": max(given), "mean": total / len(given)}
    return {"answered": len(given)} | {
        name: figure.numerator if figure.denominator == 1 else round(float(figure), 6)
        for name, figure in figures.items()
    }


_KINDS: Final[Mapping[TableKind, Callable[[Table, _Sample], JSON]]] = {
    "answers": _answers,
    "agreement": _agreement,
    "factors": _factors,
    "numbers": _numbers,
}
