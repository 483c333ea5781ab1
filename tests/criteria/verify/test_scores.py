"""Scores, headlines and samples: means and sums of other figures."""

from __future__ import annotations

from typing import Any

import pytest

from criteria.verify.verify import Finding, Level, verify
from tests.criteria.verify.checked import at, cannot_be, check


def scores(*figures: int, **more: Any) -> list[Finding]:
    criteria = [{"id": f"1.{n}", "score": figure} for n, figure in enumerate(figures, 1)]
    return check(kind="criterion_scores", criteria=criteria, **more)


@pytest.mark.parametrize(("printed", "fits"), [(75, True), (76, True), (74, False), (77, False)])
def test_a_section_is_what_rounding_of_its_criteria_allows(printed: int, fits: bool) -> None:
    """87, 78, 77 and 61 have a mean of 75.75, and each may be up to half a point off."""
    findings = scores(87, 78, 77, 61, section_scores={"1": printed})
    assert bool(at(findings, Level.CANNOT_BE)) is not fits


def test_a_mean_without_weights_is_recognised() -> None:
    section = {
        "criteria": [{"id": "B1", "weight": 2, "now": 40}, {"id": "B2", "weight": 1, "now": 80}],
        "printed_section": {"now": 60},
    }
    ((what, fit),) = at(check(kind="criterion_scores", sections={"B": section}), Level.CANNOT_BE)
    assert what == "60 is printed, and the weighted mean of B1 40, B2 80 is 53 to 54"
    assert fit == "53 to 54; the mean without weights gives 60"


def test_a_headline_is_the_mean_of_its_parts() -> None:
    parts = [90, {"count": 3, "base": 4}]
    assert not at(scores(headline={"RoH": {"score": 82, "parts": parts}}), Level.CANNOT_BE)
    assert not at(scores(headline={"RoH": {"score": 83, "parts": parts}}), Level.CANNOT_BE)
    assert at(scores(headline={"RoH": {"score": 84, "parts": parts}}), Level.CANNOT_BE)
    assert at(scores(headline={"RoH": 84}), Level.NOT_CHECKED)


def test_a_section_with_a_criterion_that_has_no_score_is_not_checked() -> None:
    section = {
        "criteria": [{"id": "B1", "now": 40}, {"id": "B2", "now": None}],
        "printed_section": {"now": 40},
    }
    findings = check(kind="criterion_scores", sections={"B": section})
    assert [one.what for one in findings] == ["not all of its criteria have a score"]


def test_comments_follow_the_scores() -> None:
    def commented(middle: str) -> list[Finding]:
        said = [("1.1", 87, "MINIMUM"), ("1.2", 70, middle), ("1.3", 68, "MODERATE")]
        criteria = [{"id": name, "score": one, "comment": comment} for name, one, comment in said]
        return check(kind="criterion_scores", criteria=criteria)

    assert not at(commented("MODERATE"), Level.ODD)
    assert not at(commented("MINIMUM"), Level.ODD)
    again = check(
        kind="criterion_scores",
        criteria=[
            {"id": "1.1", "score": 87, "comment": "MINIMUM"},
            {"id": "1.2", "score": 60, "comment": "MINIMUM"},
            {"id": "1.3", "score": 70, "comment": "MODERATE"},
        ],
    )
    assert at(again, Level.ODD) == [
        ("MINIMUM is said of 87, and MODERATE of 70", "comments that follow the scores")
    ]


def test_an_average_lies_between_the_lowest_and_the_highest() -> None:
    region = {"lowest": 64, "average": 82, "highest": 81}
    assert at(scores(regions={"RoH": region}), Level.CANNOT_BE)
    assert not at(scores(regions={"RoH": {**region, "average": 72}}), Level.CANNOT_BE)


def test_a_mean_of_listed_questions_follows_from_the_statements() -> None:
    def listed(mean: float) -> list[Finding]:
        one = {"kind": "body_statement", "criterion": "3.2", "report": "r"}
        return verify(
            [
                {**one, "id": "a", "printed_percent": 70},
                {**one, "id": "b", "printed_percent": 34, "polarity": "insufficient share"},
                {**one, "id": "c", "printed_percent": 10, "polarity": "descriptive"},
                {
                    "id": "d",
                    "kind": "derived",
                    "report": "r",
                    "values": {"3.2": {"listed_items": 2, "mean_of_listed_items": mean}},
                },
            ]
        )

    assert not at(listed(68.0), Level.CANNOT_BE)
    assert at(listed(52.0), Level.CANNOT_BE)


def samples(**parts: int) -> list[Finding]:
    return check(kind="sample_sizes", values={"court": {"total": 67, **parts}})


def test_the_parts_of_a_sample_add_up_to_its_total() -> None:
    assert not at(samples(CRC=48, NPS=17, unknown=2), Level.CANNOT_BE)
    assert at(samples(CRC=48, NPS=18, unknown=2), Level.CANNOT_BE) == [
        (
            "the parts do not add up to the total of 67: CRC 48, NPS 18, unknown 2",
            "a total of 68, or parts that add up to 67",
        )
    ]


def test_a_sample_may_be_made_up_in_two_ways() -> None:
    assert not at(samples(CRC=48, NPS=19, men=60, women=7), Level.CANNOT_BE)
    assert at(samples(CRC=48, NPS=19, men=60, women=8), Level.CANNOT_BE)


def test_a_change_of_a_score_is_in_percentage_points_and_may_be_negative() -> None:
    def changed(change: int) -> list[Finding]:
        criteria = [{"id": "B3", "original": 53, "follow_up": 48, "change": change}]
        return check(kind="criterion_scores", criteria=criteria)

    assert at(changed(-5), Level.CANNOT_BE) == at(changed(-5), Level.ODD) == []
    assert at(changed(-6), Level.ODD) != []
    assert at(changed(5), Level.CANNOT_BE) == [
        (
            "a change of 5 is printed, and 53 to 48 is -5 percentage points",
            "-5; the sign is the other way round",
        )
    ]


def test_a_change_of_a_headline_is_checked_too() -> None:
    headline = {"Risk of harm": {"before": 70, "after": 65, "change": 5}}
    assert cannot_be(kind="criterion_scores", headline=headline) == [
        "a change of 5 is printed, and 70 to 65 is -5 percentage points"
    ]


def test_a_change_of_a_section_is_checked_too() -> None:
    criteria = [{"id": "B1", "original": 46, "follow_up": 55, "change": 9}]
    section = {"criteria": criteria, "printed_section": {"original": 46, "follow_up": 55}}

    def with_change(change: int) -> list[str]:
        printed = {"original": 46, "follow_up": 55, "change": change}
        return cannot_be(
            kind="criterion_scores", sections={"B": {**section, "printed_section": printed}}
        )

    assert with_change(9) == []
    assert with_change(19) == ["a change of 19 is printed, and 46 to 55 is 9 percentage points"]
