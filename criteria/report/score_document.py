"""The score as ``casewalk score --json`` gives it to other tools.

Fractions are decimals of at least six places, null where there is no base. A question's
``counts_to_score`` says whether its proportion counts towards its ``criterion``: facts and some
judgements do not. Its ``relevant`` is the base. ``percents`` are each choice's share of the base,
``interval`` the 95% interval (0..1), a criterion's ``range`` what it can still become while answers
are open. ``next_band`` says how many ``answers`` more would have to be sufficient to reach the next
better comment (``cases`` is the same number under its first name).
"""

from collections.abc import Mapping, Sequence
from fractions import Fraction

from criteria.adjustments import Adjustment
from criteria.case import Case
from criteria.report.score_rows import ScoreRow, question_interval, summary_rows
from criteria.report.tables_document import tables_document
from criteria.scoring.intervals import Interval
from criteria.scoring.score import InspectionScore, QuestionScore

JSON = dict[str, object]


def score_document(
    score: InspectionScore,
    cases: Sequence[Case] = (),
    adjustments: Mapping[str, Adjustment] | None = None,
    caseload: int | None = None,
) -> JSON:
    """Return the whole score; with ``cases`` also the tables that the pack asks for."""
    pack = score.pack
    summary = summary_rows(score, adjustments, caseload=caseload)
    document: JSON = {
        "pack": pack.name,
        "cases": score.cases,
        "questions": {
            name: _question(one, question_interval(score, one, caseload))
            for name, one in score.questions.items()
        },
        "criteria": {row.name: _criterion(row) for row in summary.criteria},
        "sections": {one.total.name: _score(one.total) for one in summary.sections},
        "headlines": {row.name: _banded(row) for row in summary.headlines},
        "warnings": list(score.warnings),
    }
    if pack.bands:
        document["bands_basis"] = pack.bands_basis
    if pack.tables and cases:
        document["tables"] = tables_document(pack, cases)
    return document


def _question(one: QuestionScore, interval: Interval | None) -> JSON:
    return {
        "relevant": one.relevant,
        "sufficient": one.sufficient,
        "proportion": _decimals(one.proportion),
        "percent": one.percent,
        "counts": dict(one.counts),
        "percents": {choice: one.percent_of(choice) for choice in one.counts},
        "interval": _rounded(interval),
        "unanswered": one.unanswered,
        "criterion": one.question.criterion,
        "counts_to_score": one.question.is_scored,
    }


def _criterion(row: ScoreRow) -> JSON:
    if row.by_level:
        return _banded(row, {"level": row.level.name if row.level else None})
    near = row.next_band
    figures = {
        "interval": _rounded(row.interval),
        "range": row.range and [_decimals(row.range.least), _decimals(row.range.most)],
        "next_band": near
        and {"band": near.band.name, "answers": near.answers, "cases": near.answers},
    }
    return _banded(row, figures)


def _score(row: ScoreRow) -> JSON:
    return {"score": _decimals(row.score.score), "percent": row.score.percent}


def _banded(row: ScoreRow, more: Mapping[str, object] | None = None) -> JSON:
    band = row.band.name if row.band else None
    document = {**_score(row), "band": band, **(more or {})}
    if row.adjusted:
        document["adjusted"] = {"to": row.adjusted.name, "reason": row.reason}
    return document


def _decimals(value: Fraction | None) -> float | None:
    return None if value is None else round(float(value), 9)


def _rounded(interval: Interval | None) -> list[float] | None:
    return None if interval is None else [round(end, 6) for end in interval]
