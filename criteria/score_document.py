"""The score as ``casewalk score --json`` gives it to other tools.

Fractions come as decimals of at least six places, null where there is no base. A question's
``criterion`` is the one that it stands under, null where it is none; ``counts_to_score`` says
whether its proportion counts towards it: facts and some judgements do not. Its ``relevant`` is the
base. ``percents`` are each choice's share of the base, ``interval`` the 95% interval (0..1), a
criterion's ``range`` what it can still become while answers are open. ``next_band`` is how near the
next better comment is: that many ``answers`` more would have to be sufficient (``cases`` is the
same number, under the name that it had first).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction

from criteria.adjustments import Adjustment
from criteria.case import Case
from criteria.intervals import mean_interval, wilson
from criteria.outlook import NextBand, criterion_range, next_band
from criteria.scoring import InspectionScore, QuestionScore, Score, percent
from criteria.tables import tables_document

JSON = dict[str, object]


def score_document(
    score: InspectionScore,
    cases: Sequence[Case] = (),
    adjustments: Mapping[str, Adjustment] | None = None,
    caseload: int | None = None,
) -> JSON:
    """The whole score; with ``cases`` also the tables that the pack asks for.

    ``caseload`` is the number of cases that the sample was drawn from, where it is known: intervals
    are the narrower for it. An adjusted criterion or headline has ``adjusted`` (``to`` and
    ``reason``) beside what follows.
    """
    document: JSON = {
        "pack": score.pack.name,
        "cases": score.cases,
        "questions": {
            name: _question(one, question_interval(score, one, caseload))
            for name, one in score.questions.items()
        },
        "criteria": {},
        "sections": {name: _score(one) for name, one in score.sections.items()},
        "headlines": {name: _banded(one) for name, one in score.headlines.items()},
        "warnings": list(score.warnings),
    }
    if score.pack.bands:
        document["bands_basis"] = score.pack.bands_basis
    criteria: JSON = {}
    for name, one in score.criteria.items():
        coming = criterion_range(score, name)
        nearest = next_band(name, score, score.pack.bands)
        criteria[name] = {
            **_banded(one),
            "interval": _rounded(criterion_interval(score, name, caseload)),
            "range": None if coming is None else [_decimals(coming.least), _decimals(coming.most)],
            "next_band": nearest and _next_band(nearest),
        }
    for name, level in score.levels.items():
        criteria[name] = {**_banded(score.criteria[name]), "level": level and level.name}
    document["criteria"] = criteria
    for name, adjustment in (adjustments or {}).items():
        of = criteria if name in criteria else document["headlines"]
        if isinstance(of, dict) and name in of:
            of[name] |= {"adjusted": {"to": adjustment.to, "reason": adjustment.reason}}
    if score.pack.tables and cases:
        document["tables"] = tables_document(score.pack, cases)
    return document


def question_interval(
    score: InspectionScore, one: QuestionScore, caseload: int | None = None
) -> tuple[float, float] | None:
    """The 95% interval of a judgement's proportion; None where it has no base.

    Of a known caseload as many cases are taken to be relevant, in proportion, as of the sample.
    """
    if one.sufficient is None or not one.relevant:
        return None
    if caseload is None:
        return wilson(one.sufficient, one.relevant)
    relevant = round(Fraction(caseload * one.relevant, max(score.cases, 1)))
    return wilson(one.sufficient, one.relevant, max(relevant, one.relevant))


def criterion_interval(
    score: InspectionScore, criterion: str, caseload: int | None = None
) -> tuple[float, float] | None:
    """The 95% interval of a criterion's score, from its questions'."""
    parts = []
    for one in score.scored_in(criterion):
        interval = question_interval(score, one, caseload)
        if interval is not None and one.proportion is not None:
            parts.append((one.proportion, *interval))
    return mean_interval(parts)


def _question(one: QuestionScore, interval: tuple[float, float] | None) -> JSON:
    return {
        "relevant": one.relevant,
        "sufficient": one.sufficient,
        "proportion": _decimals(one.proportion),
        "percent": None if one.proportion is None else percent(one.proportion),
        "counts": dict(one.counts),
        "percents": {choice: one.percent_of(choice) for choice in one.counts},
        "interval": _rounded(interval),
        "unanswered": one.unanswered,
        "criterion": one.question.criterion,
        "counts_to_score": one.question.is_scored,
    }


def _score(one: Score) -> JSON:
    return {"score": _decimals(one.score), "percent": one.percent}


def _banded(one: Score) -> JSON:
    return {**_score(one), "band": one.band.name if one.band else None}


def _next_band(nearest: NextBand) -> JSON:
    return {"band": nearest.band.name, "answers": nearest.answers, "cases": nearest.answers}


def _decimals(value: Fraction | None) -> float | None:
    return None if value is None else round(float(value), 9)


def _rounded(interval: tuple[float, float] | None) -> list[float] | None:
    return None if interval is None else [round(end, 6) for end in interval]
