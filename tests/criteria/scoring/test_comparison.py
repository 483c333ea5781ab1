"""A follow-up beside its original."""

from __future__ import annotations

from fractions import Fraction

import pytest

from criteria.case import Answer, Case
from criteria.scoring.comparison import RegionRange, compare, read_region
from criteria.scoring.score import score_cases
from tests.walk import tiny_pack

PACK = tiny_pack()


def inspection(sufficient: int, cases: int) -> list[Case]:
    return [
        Case(
            f"C{n}", "case-file", answers={"kept": Answer("fully" if n < sufficient else "partly")}
        )
        for n in range(cases)
    ]


def test_a_change_is_told_in_points_between_the_printed_percents() -> None:
    before = score_cases(PACK, inspection(46, 100))
    after = score_cases(PACK, inspection(55, 100))
    change = compare(before, after).criteria["c2"]
    assert (change.before, change.after, change.points) == (
        Fraction(46, 100),
        Fraction(55, 100),
        9,
    )


def test_what_was_not_followed_up_has_no_change() -> None:
    before, after = score_cases(PACK, inspection(46, 100)), score_cases(PACK, [])
    assert compare(before, after).criteria["c2"].points is None


def test_a_small_base_and_a_change_within_chance_are_warned_about() -> None:
    small = compare(score_cases(PACK, inspection(1, 10)), score_cases(PACK, inspection(11, 15)))
    assert small.questions["kept"].warning == "a base of only 10"
    chance = compare(score_cases(PACK, inspection(50, 100)), score_cases(PACK, inspection(55, 100)))
    assert chance.questions["kept"].warning == "within what chance may give"
    sure = compare(score_cases(PACK, inspection(20, 100)), score_cases(PACK, inspection(80, 100)))
    assert sure.questions["kept"].warning is None


def test_a_score_has_a_place_in_its_region() -> None:
    region = RegionRange(lowest=64, highest=81, average=72)
    assert region.place(Fraction(76, 100)) == "above the average"
    assert region.place(Fraction(72, 100)) == "at the average"
    assert region.place(Fraction(65, 100)) == "below the average"
    assert region.place(Fraction(63, 100)) == "below the lowest"
    assert region.place(Fraction(82, 100)) == "above the highest"


def test_a_region_is_read_from_its_file() -> None:
    document = {"c1": {"lowest": 64, "highest": 81, "average": 72}}
    assert read_region(document, {"c1"}) == {"c1": RegionRange(64, 81, 72)}


@pytest.mark.parametrize(
    "document",
    [
        [],
        {"c9": {"lowest": 64, "highest": 81, "average": 72}},
        {"c1": {"lowest": 64, "highest": 81}},
        {"c1": {"lowest": 82, "highest": 81, "average": 72}},
        {"c1": {"lowest": 64, "highest": 181, "average": 72}},
        {"c1": 7},
    ],
)
def test_a_region_that_cannot_be_is_refused(document: object) -> None:
    with pytest.raises(ValueError, match=r"c1|c9|should be"):
        read_region(document, {"c1"})


def test_a_difference_that_its_own_interval_sets_apart_from_none_is_not_called_chance() -> None:
    """50 and 64 of 100: the two intervals overlap, the difference's (0.003 to 0.270) holds no 0."""
    sure = compare(score_cases(PACK, inspection(50, 100)), score_cases(PACK, inspection(64, 100)))
    assert sure.questions["kept"].warning is None
