"""The range that a score can still reach, and its distance from the next band."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import ceil

from criteria.instrument.pack import Band
from criteria.scoring.score import InspectionScore, QuestionScore, band_of, mean


@dataclass(frozen=True, slots=True)
class Range:
    """The lowest and highest possible score (0..1) once every open answer is given."""

    least: Fraction
    most: Fraction


def question_range(score: QuestionScore) -> Range | None:
    """Return the range from all open answers insufficient to all sufficient; None without a base.

    Another open question may still make this one apply, which adds an open answer, or not apply,
    which takes away a sufficient or an insufficient answer. An open answer may also become N/A;
    that never takes the proportion outside this range.
    """
    coming, leaving_sufficient, leaving_insufficient = score.unsettled
    # A judgement that is worked out is open for good where its inputs are N/A; where one of them
    # is still open, it is among those that may come.
    still_open = coming + (score.unanswered if score.question.is_answered_by_people else 0)
    if score.sufficient is None or not score.relevant + still_open:
        return None
    stays = score.relevant - leaving_insufficient + still_open
    least_base = score.relevant - leaving_sufficient + still_open
    least = score.sufficient - leaving_sufficient
    most = score.sufficient + still_open
    return Range(
        Fraction(least, least_base) if least_base else Fraction(0),
        Fraction(most, stays) if stays else Fraction(1),
    )


def criterion_range(score: InspectionScore, criterion: str) -> Range | None:
    parts = [part for one in score.scored_in(criterion) if (part := question_range(one))]
    least, most = mean(part.least for part in parts), mean(part.most for part in parts)
    return None if least is None or most is None else Range(least, most)


@dataclass(frozen=True, slots=True)
class NextBand:
    """The number of ``answers`` (not cases) that would have to be sufficient to reach ``band``."""

    band: Band
    answers: int


def next_band(criterion: str, score: InspectionScore, bands: Sequence[Band]) -> NextBand | None:
    """Return how many insufficient answers separate a criterion from the next better band.

    They are counted where each weighs most: in the question with the smallest base first. None if
    there is no better band, or it cannot be reached.
    """
    now, band = score.criteria[criterion].score, score.criteria[criterion].band
    above = [one for one in bands if band and one.from_percent > band.from_percent]
    if now is None or not above:
        return None
    better = min(above, key=lambda one: one.from_percent)
    parts = [question for question in score.scored_in(criterion) if question.relevant]
    missing = _least_score(better) - now
    answers = 0
    for question in sorted(parts, key=lambda part: part.relevant):
        worth = Fraction(1, question.relevant * len(parts))
        insufficient = question.relevant - (question.sufficient or 0)
        needed = min(ceil(missing / worth), insufficient)
        answers += needed
        missing -= needed * worth
        if missing <= 0:
            band = band_of(_least_score(better) - missing, bands)
            return None if band is None else NextBand(band, answers)
    return None


def _least_score(band: Band) -> Fraction:
    """Return the lowest score (0..1) whose percentage, rounded half up, reaches the band."""
    return (ceil(band.from_percent) - Fraction(1, 2)) / 100
