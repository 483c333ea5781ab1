"""Compare an inspection with an earlier inspection, or with its region.

The ESI follow-up sets its scores beside the original ones (Gloucestershire, 2006, scoring
summary sheet), and the OMI 2 report sets a trust's headlines beside the lowest, highest and average
of its region (Cheshire, 2011, foreword).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from fractions import Fraction
from math import hypot
from typing import Final

from criteria.scoring.intervals import wilson
from criteria.scoring.score import InspectionScore, QuestionScore, Score, percent

SMALL_BASE: Final = 20
"""With fewer relevant cases, a single case moves the percentage by five points or more."""


@dataclass(frozen=True, slots=True)
class Change:
    """A figure in both inspections, 0..1; None where it has no base ("not followed up")."""

    name: str
    before: Fraction | None
    after: Fraction | None
    warning: str | None = None

    @property
    def points(self) -> int | None:
        """The difference of the whole percents that are printed."""
        if self.before is None or self.after is None:
            return None
        return percent(self.after) - percent(self.before)


@dataclass(frozen=True, slots=True)
class Comparison:
    criteria: Mapping[str, Change]
    sections: Mapping[str, Change]
    headlines: Mapping[str, Change]
    questions: Mapping[str, Change]


def compare(before: InspectionScore, after: InspectionScore) -> Comparison:
    return Comparison(
        criteria=_changes(before.criteria, after.criteria),
        sections=_changes(before.sections, after.sections),
        headlines=_changes(before.headlines, after.headlines),
        questions={
            name: _question_change(name, before, after)
            for name, score in after.questions.items()
            if name in before.questions and score.sufficient is not None
        },
    )


def _changes(before: Mapping[str, Score], after: Mapping[str, Score]) -> dict[str, Change]:
    return {
        name: Change(name, before[name].score, score.score)
        for name, score in after.items()
        if name in before
    }


def _question_change(name: str, before: InspectionScore, after: InspectionScore) -> Change:
    first, second = before.questions[name], after.questions[name]
    smallest = min(first.relevant, second.relevant)
    warning = None
    if 0 < smallest < SMALL_BASE:
        warning = f"a base of only {smallest}"
    elif smallest and _may_be_chance(first, second):
        warning = "within what chance may give"
    return Change(name, first.proportion, second.proportion, warning)


def _may_be_chance(first: QuestionScore, second: QuestionScore) -> bool:
    """Whether the 95% interval of the difference holds 0.

    Newcombe's square-and-add method on two Wilson intervals (R. G. Newcombe, Statistics in Medicine
    17 (1998), 873-890, method 10).
    """
    one = wilson(first.sufficient or 0, first.relevant)
    other = wilson(second.sufficient or 0, second.relevant)
    if one is None or other is None or first.proportion is None or second.proportion is None:
        return True
    before, after = float(first.proportion), float(second.proportion)
    below = hypot(after - other[0], one[1] - before)
    above = hypot(other[1] - after, before - one[0])
    return after - before - below <= 0 <= after - before + above


@dataclass(frozen=True, slots=True)
class RegionRange:
    """A figure's lowest, highest and average over the trusts of a region, in whole percents."""

    lowest: int
    highest: int
    average: int

    def place(self, score: Fraction) -> str:
        whole = percent(score)
        if whole < self.lowest:
            return "below the lowest"
        if whole > self.highest:
            return "above the highest"
        if whole == self.average:
            return "at the average"
        return "above the average" if whole > self.average else "below the average"


def read_region(document: object, names: Collection[str]) -> dict[str, RegionRange]:
    """``{"roh": {"lowest": 64, "highest": 81, "average": 72}}``, by criterion or headline name.

    Raises ``ValueError`` for another shape, an unknown name or an impossible order.
    """
    if not isinstance(document, dict):
        raise ValueError('it should be {"roh": {"lowest": 64, "highest": 81, "average": 72}}')
    region = {}
    for name, figures in document.items():
        if name not in names:
            raise ValueError(f"there is no criterion or headline {name!r}")
        parts = ("lowest", "highest", "average") if isinstance(figures, dict) else ()
        given = [figures.get(part) for part in parts]
        whole = [one for one in given if type(one) is int and 0 <= one <= 100]
        if len(whole) != 3 or not whole[0] <= whole[2] <= whole[1]:
            raise ValueError(f"{name}: give lowest, highest and average as whole percents")
        region[name] = RegionRange(*whole)
    return region
