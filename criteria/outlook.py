"""What a score can still become: while cases are open, and how far it is from the next band."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import ceil

from criteria.pack import Band
from criteria.scoring import InspectionScore, QuestionScore, band_of, mean


@dataclass(frozen=True, slots=True)
class Range:
    """The least and the most a score can be (0..1) once every open answer is given."""

    least: Fraction
    most: Fraction


def question_range(score: QuestionScore) -> Range | None:
    """From every open answer insufficient to every one sufficient; None without any answer.

    Open are also answers to come: where another question that is still open may bring this one in.
    Where it may take this one out, a sufficient answer may go, or an insufficient one. An open
    answer may also turn out N/A; that never takes the proportion outside this range.
    """
    coming, leaving_sufficient, leaving_insufficient = score.unsettled
    still_open = score.unanswered + coming
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
    """The mean of its questions' least and of their most proportions; None of no questions."""
    parts = [part for one in score.scored_in(criterion) if (part := question_range(one))]
    least, most = mean(part.least for part in parts), mean(part.most for part in parts)
    return None if least is None or most is None else Range(least, most)


@dataclass(frozen=True, slots=True)
class NextBand:
    """``answers`` more sufficient ones to the criterion's questions reach ``band``.

    They are answers, not cases: several of them may be in one case.
    """

    band: Band
    answers: int


def next_band(criterion: str, score: InspectionScore, bands: Sequence[Band]) -> NextBand | None:
    """How many insufficient answers would have to be sufficient for the next better band.

    Counted where each counts most: in the question with the smallest base that still has an
    insufficient answer. None where there is no better band, or none can be reached.
    """
    now = score.criteria[criterion].score
    better = _better_band(score.criteria[criterion].band, bands)
    if now is None or better is None:
        return None
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
    """The least score (0..1) whose whole percent, rounded half up, reaches the band."""
    return (ceil(band.from_percent) - Fraction(1, 2)) / 100


def _better_band(band: Band | None, bands: Sequence[Band]) -> Band | None:
    above = [one for one in bands if band and one.from_percent > band.from_percent]
    return min(above, key=lambda one: one.from_percent, default=None)
