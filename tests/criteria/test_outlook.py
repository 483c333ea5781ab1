"""What a score can still become, and how far the next band is."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from criteria.case import Answer, Case
from criteria.load_pack import load_pack
from criteria.outlook import Range, criterion_ranges, next_band
from criteria.scoring import score_cases
from tests.walk import TINY

BANDED: dict[str, Any] = {
    **TINY,
    "scoring": {
        "bands": [
            {"name": "MINIMUM", "from": 85},
            {"name": "MODERATE", "from": 65},
            {"name": "DRASTIC", "from": 0},
        ],
        "bands_basis": "inferred",
    },
}
PACK = load_pack(BANDED)


def kept(*levels: str | None) -> list[Case]:
    return [
        Case(f"C{n}", "case-file", answers={"kept": Answer(level)} if level else {})
        for n, level in enumerate(levels)
    ]


def test_open_answers_leave_a_range() -> None:
    score = score_cases(PACK, kept("fully", "partly", None, None))
    assert criterion_ranges(score)["c2"] == Range(Fraction(1, 4), Fraction(3, 4))


def test_with_nothing_open_the_range_is_the_score() -> None:
    score = score_cases(PACK, kept("fully", "partly"))
    assert criterion_ranges(score)["c2"] == Range(Fraction(1, 2), Fraction(1, 2))


def test_the_next_band_is_so_many_cases_away() -> None:
    score = score_cases(PACK, kept(*["fully"] * 10, *["not_met"] * 10))
    found = next_band("c2", score, PACK.bands)
    assert found is not None
    assert (found.band.name, found.cases) == ("MODERATE", 3)
    moved = score_cases(PACK, kept(*["fully"] * 13, *["not_met"] * 7))
    assert moved.criteria["c2"].band == found.band
    short = score_cases(PACK, kept(*["fully"] * 12, *["not_met"] * 8))
    assert short.criteria["c2"].band != found.band


def test_there_is_none_above_the_best_band() -> None:
    score = score_cases(PACK, kept("fully"))
    assert next_band("c2", score, PACK.bands) is None
