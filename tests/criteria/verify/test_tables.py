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


def shares(base: Any, percents: dict[str, Any], **more: Any) -> list[Finding]:
    return check(kind="yes_share_percent_only", base=base, printed_percent=percents, **more)


def test_rows_that_begin_if_yes_hang_on_the_last_row_that_does_not() -> None:
    rows = {"Any?": 23, "If yes, used?": 60, "If yes, noted?": 80, "If so, shared?": 20}
    findings = shares(22, rows)
    assert [one.level for one in findings] == [Level.FITS] * 4
    assert ("80% of those whom the row that it follows counts", "a base of 5") in at(
        findings, Level.FITS
    )
    ((what, _),) = at(shares(22, {**rows, "If so, shared?": 27}), Level.ODD)
    assert what == (
        "27% takes a base of 11 or more, and the row that it follows, 23% of 22, counts 5 at most"
    )


def test_a_row_that_begins_if_yes_counts_no_more_than_its_question() -> None:
    counts = {"Any?": 20, "If yes, used?": 9, "If yes, noted?": 21}
    assert cannot_be(kind="multi_select", base=80, counts=counts) == [
        "a count of 21, and the row that it follows, 20, counts 20 at most"
    ]


def test_percentages_with_a_base_and_no_counts_are_tried_together() -> None:
    three = {"kind": "single_choice", "scale": ["a", "b", "c"], "base": 79}
    ((what, fit),) = at(
        check(**three, printed_percent={"a": 33, "b": 33, "c": 35}), Level.CANNOT_BE
    )
    assert what == "no counts that add up to 79 give 33%, 33%, 35% together"
    assert fit.startswith("a base of 80, 83, 86")
    fitting = check(**three, printed_percent={"a": 33, "b": 33, "c": 34})
    assert ("33%, 33%, 34% together are 26, 26, 27 of 79", "") in at(fitting, Level.FITS)


def test_what_rounding_does_to_counts_that_are_printed_is_not_odd() -> None:
    eight: dict[str, Any] = {
        "kind": "four_level",
        "scale": STEPS,
        "base": 8,
        "printed_percent": four(38, 38, 13, 13),
    }
    findings = check(**eight, counts=four(3, 3, 1, 1))
    assert {one.level for one in findings} == {Level.FITS}
    assert at(check(**eight), Level.ODD)


def test_a_wrong_base_stands_before_the_percentages_that_it_makes_wrong() -> None:
    counts = dict(zip("abcdefghij", (3, 5, 7, 9, 11, 13, 4, 6, 8, 12), strict=True))
    printed = {step: (200 * count + 78) // 156 for step, count in counts.items()}
    findings = check(
        kind="single_choice", scale=[*counts], base=87, counts=counts, printed_percent=printed
    )
    (cause,) = [one for one in findings if one.level is Level.CANNOT_BE]
    assert cause.what == "the counts add up to 78, and the base is 87"
    assert cause.would_fit == "a base of 78, with which all 10 percentages are right"
    assert len(cause.effects) == 8
    assert cause.effects[0].what == "3 of 87 is 3%, printed is 4%"


def test_a_wrong_count_stands_before_the_sum_that_it_makes_wrong() -> None:
    findings = check(
        kind="single_choice",
        scale=["Yes", "No"],
        base=79,
        counts={"Yes": 62, "No": 18},
        printed_percent={"Yes": 77, "No": 23},
    )
    (cause,) = [one for one in findings if one.level is Level.CANNOT_BE]
    assert cause.what == "62 of 79 is 78%, printed is 77%"
    assert [one.what for one in cause.effects] == ["the counts add up to 80, and the base is 79"]


def test_a_row_called_total_is_the_base_and_no_step() -> None:
    table: dict[str, Any] = {
        "kind": "single_choice",
        "scale": ["Yes", "No", "Total"],
        "printed_percent": {"Yes": 77, "No": 23, "Total": 100},
    }
    right = check(**table, counts={"Yes": 61, "No": 18, "Total": 79})
    assert {one.level for one in right} == {Level.FITS}
    assert cannot_be(**table, counts={"Yes": 61, "No": 18, "Total": 80}) == [
        "the counts add up to 79, and the base is 80"
    ]
    assert cannot_be(**table, base=79, counts={"Yes": 61, "No": 18, "Total": 80}) == [
        "the row Total has 80, and the base is 79"
    ]


def in_columns(total: dict[str, Any], **more: Any) -> list[str]:
    return cannot_be(
        kind="single_choice",
        scale=["Yes", "No"],
        columns=["Prison", "Probation", "Total"],
        counts={
            "Prison": {"Yes": 11, "No": 11},
            "Probation": {"Yes": 30, "No": 11},
            "Total": total,
        },
        **more,
    )


def test_a_total_column_is_the_sum_of_its_parts() -> None:
    bases = {"Prison": 22, "Probation": 41}
    assert in_columns({"Yes": 41, "No": 22}, base={**bases, "Total": 63}) == []
    assert in_columns({"Yes": 42, "No": 21}, base={**bases, "Total": 63}) == [
        "42 is printed, and the other columns add up to 41: 11 + 30",
        "21 is printed, and the other columns add up to 22: 11 + 11",
    ]
    assert "62 is printed, and the other columns add up to 63: 22 + 41" in in_columns(
        {"Yes": 41, "No": 21}, base={**bases, "Total": 62}
    )


def test_a_total_may_be_divided_in_two_ways() -> None:
    counts = {"Men": {"Yes": 30}, "Women": {"Yes": 11}, "CRC": {"Yes": 20}, "NPS": {"Yes": 21}}
    table = {"kind": "multi_select", "columns": [*counts, "All"], "base": 99}
    assert not cannot_be(**table, counts={**counts, "All": {"Yes": 41}})
    assert cannot_be(**table, counts={**counts, "All": {"Yes": 40}})


def test_a_total_percentage_lies_among_those_of_its_parts() -> None:
    def total(printed: int, base: dict[str, int] | None = None) -> list[str]:
        columns = {"Prison": {"Yes": 50}, "Probation": {"Yes": 73}, "All": {"Yes": printed}}
        return [one.what for one in shares(base, columns) if one.level is Level.CANNOT_BE]

    assert total(50) == total(65) == total(73) == []
    assert total(75) == ["75% of all cannot come of Prison 50%, Probation 73%"]
    bases = {"Prison": 22, "Probation": 41, "All": 63}
    assert total(65, bases) == []
    assert total(60, bases) == ["60% of all cannot come of Prison 50%, Probation 73%"]


def changed(change: Any, **more: Any) -> list[Finding]:
    columns = {"2004": {"Yes": 53}, "2006": {"Yes": 48}}
    return check(kind="yes_share_percent_only", printed_percent=columns, change=change, **more)


def test_a_change_is_the_difference_in_percentage_points() -> None:
    assert ("a change of -5 from 53 to 48", "") in at(changed({"Yes": -5}), Level.FITS)
    assert at(changed({"Yes": -4}), Level.ODD) == [
        ("a change of -4 from 53 to 48, which differ by -5 as printed", "-5")
    ]
    assert at(changed({"Yes": 5}), Level.CANNOT_BE) == [
        (
            "a change of 5 is printed, and 53 to 48 is -5 percentage points",
            "-5; the sign is the other way round",
        )
    ]
    assert at(changed({"Yes": -9}), Level.CANNOT_BE)[0][1] == (
        "-5; -9 is the change in percent of 53"
    )
    assert at(changed({"Yes": "less"}), Level.CANNOT_BE)[0][0] == '"less" is no change'


def test_a_change_from_counts_may_be_worked_out_before_rounding() -> None:
    counts = {"2004": {"Yes": 10}, "2006": {"Yes": 11}}
    # 10 of 17 is 58.8%, 11 of 17 is 64.7%: 59 and 65 differ by 6, and so do the shares.
    columns = {"2004": {"Yes": 59}, "2006": {"Yes": 65}}
    table = {"kind": "yes_share_percent_only", "base": 17, "counts": counts}
    assert not at(check(**table, printed_percent=columns, change={"Yes": 6}), Level.ODD)
    assert at(check(**table, printed_percent=columns, change={"Yes": 7}), Level.CANNOT_BE)


def test_a_column_called_change_is_no_column_of_percentages() -> None:
    columns = {"2004": {"Yes": 50, "No": 50}, "2006": {"Yes": 25, "No": 75}}
    table = {"kind": "single_choice", "scale": ["Yes", "No"]}
    change = {"Change": {"Yes": -25, "No": 25}}
    assert not cannot_be(**table, printed_percent={**columns, **change})
    wrong = {"Change (percentage points)": {"Yes": -25, "No": 50}}
    assert cannot_be(**table, printed_percent={**columns, **wrong}) == [
        "a change of 50 is printed, and 50 to 75 is 25 percentage points"
    ]
    one = {"kind": "body_statement", "printed_percent": {"2004": 40, "2006": 50, "Change": 25}}
    assert cannot_be(**one) == ["a change of 25 is printed, and 40 to 50 is 10 percentage points"]
    recorded = {"kind": "multi_select", "base": 20, "printed_percent": {"Changes recorded": 45}}
    assert not cannot_be(**recorded)


def test_a_change_alone_is_not_checked() -> None:
    findings = check(kind="body_statement", question="Visits", change=-5)
    assert any(what.startswith("a change alone") for what, _ in at(findings, Level.NOT_CHECKED))
    assert at(findings, Level.CANNOT_BE) == []


def test_a_sample_that_does_not_add_up_stands_before_the_bases_that_exceed_it() -> None:
    sizes = {"id": "s", "kind": "sample_sizes", "values": {"A": {"total": 22, "men": 32}}}
    tables = [
        {
            "id": f"t{n}",
            "kind": "multi_select",
            "columns": ["A"],
            "base": 32,
            "counts": {"A": {"x": n}},
        }
        for n in range(3)
    ]
    (cause,) = [one for one in verify([*tables, sizes]) if one.level is Level.CANNOT_BE]
    assert cause.what == "the parts do not add up to the total of 22: men 32"
    assert [one.what for one in cause.effects] == ["a base of 32 is more than the sample, 22"] * 3
