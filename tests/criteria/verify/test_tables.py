"""The columns of a table: counts and percentages that belong together."""

from __future__ import annotations

from typing import Any

from criteria.verify.verify import Finding, Level, verify
from tests.criteria.verify.checked import at, cannot_be, check, only

STEPS = ["Fully", "Largely", "Partly", "Not"]


def four(*figures: int | None) -> dict[str, int | None]:
    return dict(zip(STEPS, figures, strict=True))


def test_counts_add_up_to_their_base() -> None:
    assert cannot_be(kind="four_level", scale=STEPS, base=35, counts=four(5, 11, 12, 8)) == [
        "the counts add up to 36, and the base is 35"
    ]
    assert not cannot_be(kind="four_level", scale=STEPS, base=35, counts=four(5, 11, 12, 7))


def test_counts_of_some_steps_only_need_not_add_up() -> None:
    some = {"Fully": 5, "Largely": 11}
    assert not cannot_be(kind="four_level", scale=STEPS, base=35, counts=some)
    assert cannot_be(kind="four_level", scale=STEPS, base=15, counts=some)


def test_counts_without_a_base_have_their_sum_for_one() -> None:
    findings = check(
        kind="four_level",
        scale=STEPS,
        counts=four(5, 11, 12, 7),
        printed_percent=four(14, 32, 34, 20),
    )
    assert at(findings, Level.CANNOT_BE)[0][0] == "11 of 35 is 31%, printed is 32%"
    assert at(findings, Level.NOT_CHECKED)[0][0].startswith("no base is printed")


def test_percentages_add_up_to_what_rounding_can_give() -> None:
    two = {"kind": "single_choice", "scale": ["Yes", "No"], "base": 10**6}
    assert not cannot_be(**two, printed_percent={"Yes": 63, "No": 38})
    assert cannot_be(**two, printed_percent={"Yes": 62, "No": 37}) == [
        "the percentages add up to 99"
    ]
    assert cannot_be(**two, printed_percent={"Yes": 62, "No": 40}) == [
        "the percentages add up to 102"
    ]


def test_a_sum_that_only_many_parts_can_give_is_odd() -> None:
    # Of 80: 10 and five times 14, which are 12.5% and 17.5%.
    parts = {"a": 13, "b": 18, "c": 18, "d": 18, "e": 18, "f": 18}
    findings = check(kind="single_choice", scale=list(parts), base=80, printed_percent=parts)
    assert [what for what, _ in at(findings, Level.ODD)] == [
        "the percentages add up to 103; rounding 6 parts can do that"
    ]
    assert at(findings, Level.CANNOT_BE) == []


def test_choices_of_which_several_may_hold_need_not_add_up() -> None:
    assert not cannot_be(kind="multi_select", base=4, counts={"a": 3, "b": 4})


def test_a_printed_total_is_the_sum_or_100() -> None:
    column: dict[str, Any] = {
        "kind": "four_level",
        "scale": STEPS,
        "base": 49,
        "counts": four(1, 6, 12, 30),
        "printed_percent": four(2, 12, 24, 61),
    }
    assert not cannot_be(**column, printed_percent_sum=99)
    assert not cannot_be(**column, printed_percent_sum=100)
    assert cannot_be(**column, printed_percent_sum=98) == [
        "the total is 98, and the percentages add up to 99"
    ]


def test_fully_or_largely_is_never_the_sum_of_rounded_percentages() -> None:
    table = {
        "kind": "four_level",
        "scale": STEPS,
        "base": 35,
        "counts": four(5, 11, 12, 7),
        "printed_percent": four(14, 31, 34, 20),
    }
    assert not cannot_be(**table, fully_or_largely={"printed_percent": 46})
    assert cannot_be(
        **table, fully_or_largely={"count": 16, "base": 35, "printed_percent": 45}
    ) == ["16 of 35 is 46%, printed is 45%, the sum of the rounded 14% and 31%"]
    assert cannot_be(**table, fully_or_largely={"count": 17}) == [
        "a count of 17, and the first two steps' are 5 and 11"
    ]
    assert cannot_be(**table, fully_or_largely={"base": 36})


def percent_only(sample: int | None, *figures: int) -> list[Finding]:
    return check(
        kind="four_level_percent_only",
        scale=STEPS,
        columns=["A"],
        sample={"A": sample},
        printed_percent={"A": four(*figures)},
    )


def test_percentages_alone_tell_which_bases_give_all_of_them() -> None:
    finding = only(percent_only(53, 11, 49, 32, 8)[:1])
    assert (finding.level, finding.would_fit) == (
        Level.FITS,
        "a base of 37, 53 (of 53: 6, 26, 17, 4)",
    )


def test_percentages_that_no_base_gives_together_cannot_be() -> None:
    ((what, fit),) = at(percent_only(53, 2, 48, 40, 9), Level.CANNOT_BE)
    assert what == "no base up to the sample of 53 gives 2%, 48%, 40%, 9% together"
    assert "49% for 48% with a base of 43, 45, 47, 53" in fit
    assert "a base of 85, 87, 89, 95, 97, 99, more than the sample" in fit


def test_another_rule_of_rounding_is_named_where_it_explains_a_column() -> None:
    # Of 8: 0, 1, 2 and 5 are 0%, 12.5%, 25% and 62.5%.
    ((_, fit),) = at(percent_only(8, 0, 12, 25, 62), Level.CANNOT_BE)
    assert fit.endswith("rounding half to even with a base of 8, or rounding down with a base of 8")


def test_a_sample_is_known_by_its_columns_name() -> None:
    sizes = {"id": "s", "kind": "sample_sizes", "values": {"A": 53}}
    table = {
        "kind": "four_level_percent_only",
        "scale": STEPS,
        "columns": ["A"],
        "printed_percent": {"A": four(2, 48, 40, 9)},
    }
    assert at(verify({"tables": [table, sizes]}), Level.CANNOT_BE)
    assert not at(verify({"tables": [table]}), Level.CANNOT_BE)


def test_a_follow_up_row_takes_no_more_than_the_row_before_it_counts() -> None:
    def rows(after: int) -> list[Finding]:
        figures = {"A": {"Any?": 23, "If yes, used?": after}}
        return check(
            kind="yes_share_percent_only", columns=["A"], sample={"A": 22}, printed_percent=figures
        )

    assert at(rows(27), Level.ODD)
    assert not at(rows(40), Level.ODD)


def test_two_files_counts_add_up_each_or_all_together() -> None:
    each = {"probation No": 0, "probation Yes": 55, "police No": 31, "police Yes": 24}
    assert not cannot_be(kind="agreement_counts", base=55, counts=each)
    assert cannot_be(kind="agreement_counts", base=55, counts={**each, "police No": 30}) == [
        "the counts add up to 109, and the base is 55"
    ]
    assert cannot_be(kind="agreement_counts", base=55, counts={"agree": 44, "not": 10})


def test_each_factor_has_a_base_of_its_own() -> None:
    rows = [
        {"factor": "ETE", "base": 31, "printed_percent": 35},
        {"factor": "Drugs", "base": 41, "printed_percent": 55},
    ]
    findings = check(kind="factor_progress", rows=rows)
    assert at(findings, Level.FITS) == [("35% is 11 of 31", "")]
    assert at(findings, Level.CANNOT_BE)[0][0] == "no whole number of 41 is 55%"
