"""Printed figures, checked: the five reports' misprints, and each check on figures of its own."""

from __future__ import annotations

import json
import re
from collections import Counter
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from bot.reports.verify_report import exit_code, verify_report
from criteria.scoring.score import percent
from criteria.verify import figures as verify_figures
from criteria.verify.arithmetic import (
    RULES,
    Printed,
    bases_giving,
    can_add_up,
    counts_giving,
    counts_of,
    joint_bases,
    mean_span,
    share,
    sums_by_rounding,
)
from criteria.verify.verify import KINDS, Finding, Level, verify, verify_text
from tests import DATA, ROOT

PUBLISHED = (DATA / "published_figures.json").read_text("utf-8")
SCHEMA = json.loads(
    Path(verify_figures.__file__).with_name("figures.schema.json").read_text("utf-8")
)
MANUAL = (ROOT / "docs" / "verify.md").read_text("utf-8")

CANNOT_BE = [
    ("000-A2-02 Ethnicity: Asian", "2 of 80 is 3%, printed is 2%"),
    (
        "004-SCORES: section 2, body",
        "78 is printed, and the mean of 2.1 79, 2.2 76, 2.3 70, 2.4 83 is 77",
    ),
    (
        "004-SCORES: section 2, summary page",
        "76 is printed, and the mean of 2.1 79, 2.2 76, 2.3 70, 2.4 83 is 77",
    ),
    (
        "004-SCORES: section 3, summary page",
        "79 is printed, and the mean of 3.1 78, 3.2 68, 3.3 70 is 72",
    ),
    (
        "004-Q030 effective management involvement, child protection",
        "9 of 35 is 26%, printed is 36%",
    ),
    ("004-Q124 offender supervisor reinforcement (custody)", "no whole number of 20 is 47%"),
    (
        "002-T06 Engagement, overall: B-Probation",
        "no base up to the sample of 53 gives 2%, 48%, 40%, 9% together",
    ),
    ("002-T10 Approved premises in two files", "the counts add up to 54, and the base is 55"),
    ("001-Q10 CRC share of sample", "143 of 171 is 84%, printed is 80%"),
    ("004-SCORES: section 2", "printed differently: 78 (body), 76 (summary page)"),
    ("004-SCORES: section 3", "printed differently: 72 (body), 79 (summary page)"),
    ("002-SAMPLES: police files, total", "printed differently: 80 (002-SAMPLES), 100 (1.3)"),
    ("001-SAMPLES: start of order, CRC", "printed differently: 144 (001-SAMPLES), 143 (s3)"),
]
"""The misprints of the five reports, in the order of the file: place, and what is wrong."""

ODD = [
    (
        "002-T05 Engagement: A-Probation, If yes, plans to reduce it",
        "25% takes a base of 4 or more, and the row before it, 7% of up to 41, counts 3 at most",
    ),
    (
        "002-T12 Intelligence: A-Prison, If yes, used",
        "27% takes a base of 11 or more, and the row before it, 23% of up to 22, counts 5 at most",
    ),
    (
        "002-T12 Intelligence: A-Probation, If yes, used",
        "70% takes a base of 10 or more, and the row before it, 20% of up to 41, counts 8 at most",
    ),
    (
        "002-T12 Intelligence: B-Prison, If yes, used",
        "57% takes a base of 7 or more, and the row before it, 24% of up to 18, counts 4 at most",
    ),
    ("001-Q01 no report provided", "14% of a part of the sample of 67, not of all of it"),
    (
        "000-A2-15 First appointment kept",
        "a base of 46, and only 34 in 000-A2-14, which it follows",
    ),
    (
        "002-T19 Interventions, overall: C-Probation",
        "1%, 64%, 30%, 4% as in 002-T15 Victim work, overall",
    ),
    (
        "002-T23 Number of officers so far: B-Prison",
        "8%, 38%, 8%, 46% as in 002-T22 Objectives achieved",
    ),
]
"""What can be and is strange: two tables' columns alike, follow-ups of more than were counted."""


def check(**table: Any) -> list[Finding]:
    return verify({"tables": [{"id": "t", **table}]})


def at(findings: list[Finding], level: Level) -> list[tuple[str, str]]:
    return [(one.what, one.would_fit) for one in findings if one.level is level]


def cannot_be(**table: Any) -> list[str]:
    return [what for what, _ in at(check(**table), Level.CANNOT_BE)]


def statement(**figures: Any) -> list[Finding]:
    return check(kind="body_statement", question="Was it?", **figures)


def only(findings: list[Finding]) -> Finding:
    (finding,) = findings
    return finding


# --- the five reports -----------------------------------------------------------------------------


def test_the_five_reports_hold_exactly_these_misprints() -> None:
    findings = verify_text(PUBLISHED)
    found = [(one.place, one.what) for one in findings if one.level is Level.CANNOT_BE]
    assert found == CANNOT_BE


def test_the_five_reports_hold_exactly_these_oddities() -> None:
    findings = verify_text(PUBLISHED)
    assert [(one.place, one.what) for one in findings if one.level is Level.ODD] == ODD


def test_all_else_that_the_five_reports_print_fits_or_cannot_be_checked() -> None:
    assert Counter(one.level for one in verify_text(PUBLISHED)) == {
        Level.CANNOT_BE: 13,
        Level.ODD: 8,
        Level.NOT_CHECKED: 178,
        Level.FITS: 525,
    }


def test_a_report_without_its_misprints_has_none() -> None:
    """Every figure put right, by what the findings say would fit, leaves nothing to find there."""
    document = json.loads(PUBLISHED)
    tables = {table["id"]: table for table in document["tables"]}
    tables["000-A2-02"]["printed_percent"]["Asian"] = 3
    tables["004-SCORES"]["section_scores_body"]["2"] = 77
    tables["004-SCORES"]["section_scores_summary_page"] = {"1": 76, "2": 77, "3": 72}
    tables["004-Q030"]["printed_percent"] = 26
    tables["004-Q124"]["printed_percent"] = 45
    tables["002-T06"]["printed_percent"]["B-Probation"]["Sufficient"] = 49
    tables["002-T10"]["counts"]["agree"] = 45
    tables["001-Q10"]["printed_percent"] = 84
    tables["002-SAMPLES"]["values"]["police files"]["total as printed in 1.3"] = 80
    tables["001-SAMPLES"]["values"]["start of order"]["CRC as printed in s3"] = 144
    assert [one for one in verify(document) if one.level is Level.CANNOT_BE] == []


def test_gloucestershires_sections_follow_by_their_weights() -> None:
    what = {one.place: one.what for one in verify_text(PUBLISHED) if "003-SSS" in one.place}
    assert what["003-SSS: section B, original"].startswith("61 is the weighted mean")
    assert what["003-SSS: section B, follow up"].startswith("66 is the weighted mean")
    assert what["003-SSS: section C, original"].startswith("67 is the weighted mean")
    assert what["003-SSS: section C, follow up"].startswith("63 is the weighted mean")


def test_the_order_of_the_tables_changes_no_finding() -> None:
    tables = json.loads(PUBLISHED)["tables"]
    keyed = Counter((one.level, one.place) for one in verify({"tables": tables}))
    backwards = Counter((one.level, one.place) for one in verify({"tables": tables[::-1]}))
    differing = (keyed - backwards) + (backwards - keyed)
    # Of two tables with one column, the later is the one that repeats it.
    assert {level for level, _ in differing} == {Level.ODD}
    assert len(differing) == 4


# --- one figure -----------------------------------------------------------------------------------


def test_a_percentage_that_does_not_follow_says_what_would_fit() -> None:
    finding = only(statement(counts={"n": 9}, base=35, printed_percent=36))
    assert finding.level is Level.CANNOT_BE
    assert finding.would_fit == "26%, or 9 of 25"


@pytest.mark.parametrize(
    ("count", "base", "printed", "explained"),
    [
        (2, 80, 2, "rounding half to even or down gives 2%"),
        (34, 80, 42, "rounding half to even or down gives 42%"),
        (6, 80, 7, "rounding down gives 7%"),
    ],
)
def test_another_rule_of_rounding_is_named_where_it_explains_a_figure(
    count: int, base: int, printed: int, explained: str
) -> None:
    finding = only(statement(counts=count, base=base, printed_percent=printed))
    assert finding.level is Level.CANNOT_BE
    assert finding.would_fit.endswith(explained)


def test_half_up_is_the_rule() -> None:
    finding = only(statement(counts=34, base=80, printed_percent=43))
    assert (finding.level, finding.what) == (Level.FITS, "34 of 80 is 43%")


def test_decimals_are_checked_as_printed() -> None:
    assert at(statement(counts=34, base=80, printed_percent=42.5), Level.CANNOT_BE) == []
    (wrong,) = at(statement(counts=1, base=3, printed_percent=33.4), Level.CANNOT_BE)
    assert wrong[0] == "1 of 3 is 33.3%, printed is 33.4%"


def test_a_count_over_its_base_cannot_be() -> None:
    (found,) = at(statement(counts=81, base=80, printed_percent=100), Level.CANNOT_BE)
    assert found == (
        "a count of 81 is over its base of 80",
        "a count up to 80, or a base from 81",
    )


def test_a_percentage_of_a_base_tells_the_counts_it_can_be() -> None:
    assert only(statement(base=143, printed_percent=46)).what == "46% is 66 of 143"
    assert only(statement(base=300, printed_percent=46)).what == "46% is 137–139 of 300"


def test_a_percentage_with_its_count_tells_the_bases_it_can_be_of() -> None:
    finding = only(statement(counts=15, printed_percent=11))
    assert (finding.level, finding.would_fit) == (Level.FITS, "a base of 131–142")
    finding = only(statement(counts=2, printed_percent=60))
    assert (finding.level, finding.what) == (Level.CANNOT_BE, "no base makes 2 60%")


def test_a_percentage_of_an_empty_base_cannot_be() -> None:
    assert only(statement(base=0, printed_percent=0)).level is Level.CANNOT_BE
    assert only(statement(counts=0, base=0)).level is Level.FITS


def test_a_base_over_its_sample_cannot_be() -> None:
    assert cannot_be(kind="body_statement", base=50, sample=40, printed_percent=50) == [
        "a base of 50 is more than the sample, 40"
    ]


def test_a_percentage_that_no_part_of_the_sample_gives_cannot_be() -> None:
    rows = {"A": {"Visited": 47}}
    (found,) = at(
        check(kind="yes_share_percent_only", columns=["A"], sample={"A": 9}, printed_percent=rows),
        Level.CANNOT_BE,
    )
    assert found == ("no base up to the sample of 9 gives 47%", "44% or 56%")


def test_figures_without_a_base_are_said_not_to_be_checked() -> None:
    assert only(statement(printed_percent=50)).level is Level.NOT_CHECKED
    assert only(statement(counts=4)).level is Level.NOT_CHECKED
    assert only(statement()).what == "no figure is printed"


# --- columns --------------------------------------------------------------------------------------

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


# --- scores and samples ---------------------------------------------------------------------------


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


# --- several places -------------------------------------------------------------------------------


def test_one_question_has_the_same_figure_in_every_place() -> None:
    def twice(other: dict[str, Any]) -> list[Finding]:
        said = {"kind": "body_statement", "question": "Visited", "criterion": "1", "base": 20}
        return verify([{**said, "id": "a", "printed_percent": 45}, {**said, "id": "b", **other}])

    ((what, _),) = at(twice({"printed_percent": 50}), Level.CANNOT_BE)
    assert what == "printed differently: 45% (a), 50% (b)"
    assert not at(twice({"printed_percent": 45}), Level.CANNOT_BE)
    assert not at(twice({"printed_percent": 50, "base": 22}), Level.CANNOT_BE)
    assert not at(twice({"printed_percent": 50, "criterion": "2"}), Level.CANNOT_BE)
    assert not at(twice({"printed_percent": 50, "report": "another"}), Level.CANNOT_BE)


def test_a_follow_up_of_more_than_said_yes_is_odd() -> None:
    first = {"id": "a", "kind": "yes_of_relevant", "counts": {"Yes": 34, "No": 46}, "base": 80}
    after = {"id": "b", "kind": "yes_of_relevant", "counts": {"Yes": 30, "No": 16}, "base": 46}
    assert at(verify([first, {**after, "follows": "a"}]), Level.ODD)
    assert not at(verify([first, after]), Level.ODD)
    assert at(verify([first, {**after, "follows": "c"}]), Level.NOT_CHECKED)


def test_a_report_that_rounds_by_another_rule_is_told_so() -> None:
    tables = [
        {"kind": "body_statement", "counts": n, "base": 300, "printed_percent": n // 3}
        for n in range(1, 30)
    ]
    (told,) = [one for one in verify(tables) if one.place == "rounding"]
    assert told.level is Level.ODD
    assert "19 half up, 19 half to even, 29 down" in told.what


# --- files that are not as they should be ---------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ('{"tables": [}', "this is not JSON"),
        ("", "this is not JSON"),
        (b"\xff\xfe\xff", "this cannot be read"),
        ("[" * 100_000, "it is nested too deeply"),
        ("7" * 5000, "this cannot be read"),
        ("null", "this is no figures file"),
        ('{"table": []}', "this is no figures file"),
        ('{"tables": {"a": 1}}', "this is no figures file"),
        ('{"tables": [7]}', "this is no table"),
    ],
)
def test_what_is_no_figures_file_is_said_so(text: str | bytes, what: str) -> None:
    finding = only(verify_text(text))
    assert finding.what.startswith(what)
    assert finding.would_fit
    assert exit_code([finding]) == 1


@pytest.mark.parametrize(
    ("table", "place", "what"),
    [
        ({"base": "eighty"}, "t: base", '"eighty" is not a number of cases'),
        ({"base": -3}, "t: base", "-3 is not a number of cases"),
        ({"base": 12.5}, "t: base", "12.5 is not a number of cases"),
        ({"base": True}, "t: base", "true is not a number of cases"),
        ({"base": 10**5000}, "t: base", "a huge number is not a number of cases"),
        ({"counts": [1, 2]}, "t", "a list stands here"),
        ({"counts": {"Yes": None, "No": "12"}}, "t: No", '"12" is not a number of cases'),
        ({"printed_percent": "43%"}, "t", '"43%" is not a figure'),
        ({"printed_percent": {"Yes": 143}}, "t: Yes", "143 is printed"),
        ({"printed_percent": float("nan")}, "t", "NaN is not a figure"),
        ({"scale": "Yes, No"}, "t: scale", '"Yes, No" stands here'),
        ({"sample": "court"}, "t", 'sample is "court", of which no table says how large it is'),
    ],
)
def test_a_value_that_cannot_be_read_is_named_with_its_place(
    table: dict[str, Any], place: str, what: str
) -> None:
    found = [one for one in check(kind="single_choice", **table) if one.what == what]
    assert [(one.level, one.place) for one in found] == [(Level.CANNOT_BE, place)]
    assert found[0].would_fit


def test_a_kind_that_is_not_known_is_said_so_and_its_figures_are_checked() -> None:
    findings = check(kind="four_levels", base=80, counts={"a": 2}, printed_percent={"a": 2})
    assert at(findings, Level.NOT_CHECKED)[0] == (
        'the kind "four_levels" is not known: its figures are checked one by one, not together',
        '"four_level"',
    )
    assert at(findings, Level.CANNOT_BE)


def test_a_table_without_a_kind_is_checked_figure_by_figure() -> None:
    findings = check(base=80, counts={"a": 2}, printed_percent={"a": 3})
    assert [one.level for one in findings] == [Level.NOT_CHECKED, Level.FITS]


def test_keys_that_are_not_known_are_passed_over() -> None:
    assert statement(base=20, printed_percent=45, mood="hopeful") == statement(
        base=20, printed_percent=45
    )


NAMES = [
    "Yes",
    "A",
    "total",
    "n",
    "id",
    "score",
    "weight",
    "criteria",
    "printed_section",
    "lowest",
    "highest",
    "count",
    "base",
    "parts",
    "listed_items",
    "max_sample",
]
JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.integers(0, 100)
    | st.floats()
    | st.text(max_size=5)
    | st.sampled_from(["Yes", "A", "original", "t"]),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(NAMES), inner, max_size=4)
    ),
    max_leaves=12,
)
KEYS = [*SCHEMA["$defs"]["table"]["properties"], "section_scores_body", "inferred"]
TABLE = st.dictionaries(st.sampled_from(KEYS), JSON, max_size=8).flatmap(
    lambda table: st.sampled_from([*KINDS, None]).map(
        lambda kind: {**table, "kind": kind} if kind else table
    )
)


@pytest.mark.long
@settings(deadline=None)
@given(JSON | st.lists(TABLE, max_size=4) | st.fixed_dictionaries({"tables": st.lists(TABLE)}))
def test_no_document_whatever_raises(document: object) -> None:
    findings = verify(document)
    assert findings
    assert all(line.isprintable() for line in verify_report(findings).split("\n"))


# --- arithmetic -----------------------------------------------------------------------------------

BASES = st.integers(1, 150)


@given(BASES, st.integers(0, 2), st.sampled_from(sorted(RULES)))
def test_counts_giving_are_all_those_that_print_so(base: int, decimals: int, name: str) -> None:
    rule = RULES[name]
    by_figure: dict[Printed, list[int]] = {}
    for count in range(base + 1):
        by_figure.setdefault(share(count, base, decimals, rule), []).append(count)
    for figure, counts in by_figure.items():
        assert list(counts_giving(figure, base, rule)) == counts


@given(BASES, st.data())
def test_bases_giving_are_all_those_that_print_so(count: int, data: st.DataObject) -> None:
    figure = share(count, data.draw(st.integers(count, 400)))
    right = [base for base in range(count, 401) if share(count, base) == figure]
    assert list(bases_giving(count, figure, 400)) == right


@given(st.lists(st.integers(0, 40), min_size=2, max_size=6).filter(any))
def test_what_real_counts_print_as_always_fits(counts: list[int]) -> None:
    base = sum(counts)
    parts = [share(count, base) for count in counts]
    assert can_add_up(parts)
    least, most = sums_by_rounding(parts)
    assert least.value <= sum(part.value for part in parts) <= most.value
    assert base in joint_bases(parts, base)
    found = counts_of(parts, base)
    assert found is not None
    assert (sum(found), [share(count, base) for count in found]) == (base, parts)


@given(st.lists(st.tuples(st.integers(0, 1000), st.integers(1, 3)), min_size=1, max_size=6))
def test_the_span_of_a_mean_holds_what_exact_parts_print_as(
    tenths: list[tuple[int, int]],
) -> None:
    """Parts with a decimal, printed without it: their true mean is always among what can be."""
    weights = sum(weight for _, weight in tenths)
    true = Printed(*_half_up(sum(part * weight for part, weight in tenths), 10 * weights))
    rounded = [(Printed(*_half_up(part, 10)).span, weight) for part, weight in tenths]
    least, most = mean_span([(span, Printed(weight).value) for span, weight in rounded]).printed()
    assert least <= true <= most


def _half_up(numerator: int, denominator: int) -> tuple[int]:
    return (RULES["half up"](numerator, denominator),)


@given(BASES, st.data())
def test_percentages_are_those_of_the_score(base: int, data: st.DataObject) -> None:
    count = data.draw(st.integers(0, base))
    assert share(count, base).steps == percent(Fraction(count, base))


# --- the report, the schema, the manual -----------------------------------------------------------


def test_the_report_begins_with_what_cannot_be_and_ends_with_the_counts() -> None:
    report = verify_report(verify_text(PUBLISHED))
    lines = report.splitlines()
    assert lines[0] == "Cannot be: 13"
    headings = [line for line in lines if line and not line.startswith(" ")]
    assert [line.partition(":")[0] for line in headings[:-1]] == [
        "Cannot be",
        "Odd",
        "Not checked",
        "Fits, but only so",
    ]
    assert lines[-1] == "546 checks made: 13 cannot be, 8 odd, 525 fit. 178 not checked."
    assert all(len(line) <= 100 for line in lines)


def test_all_that_was_not_checked_can_be_listed() -> None:
    findings = verify_text(PUBLISHED)
    unchecked = [one.place for one in findings if one.level is Level.NOT_CHECKED]
    assert any("more, which --all" in line for line in verify_report(findings).splitlines())
    report = verify_report(findings, name_all=True)
    assert "--all" not in report
    listed = report[report.index("Not checked:") : report.index("Fits, but only so:")]
    named = [line.strip() for line in listed.replace("\n      ", " ").splitlines()]
    assert sorted(set(unchecked)) == sorted({one for one in named if one in set(unchecked)})
    assert all(named.count(place) >= unchecked.count(place) for place in unchecked)


def test_the_exit_code_is_1_only_if_something_cannot_be() -> None:
    assert exit_code(statement(base=20, printed_percent=47)) == 1
    assert exit_code(statement(base=20, printed_percent=45)) == 0
    assert exit_code(statement(printed_percent=45)) == 0


def test_nothing_in_a_file_steers_the_terminal() -> None:
    report = verify_report(statement(base="\x1b[2J\ud800"))
    assert "\x1b" not in report
    report.encode("utf-8")


def test_the_schema_takes_the_published_figures() -> None:
    Draft202012Validator.check_schema(SCHEMA)
    validator = Draft202012Validator(SCHEMA)
    assert [error.json_path for error in validator.iter_errors(json.loads(PUBLISHED))] == []
    assert not validator.is_valid({"tables": [{"base": "eighty"}]})


def test_the_schema_and_the_manual_name_every_kind() -> None:
    properties = SCHEMA["$defs"]["table"]["properties"]
    assert sorted(properties["kind"]["examples"]) == sorted(KINDS)
    assert [kind for kind in KINDS if f"`{kind}`" not in MANUAL] == []
    assert [name for name in properties if f"`{name}`" not in MANUAL] == []


def test_the_manuals_example_says_what_it_shows() -> None:
    (example,) = re.findall(r"```json\n(.*?)```", MANUAL, re.DOTALL)
    (shown,) = re.findall(r"```text\n(.*?)\n```", MANUAL, re.DOTALL)
    assert list(Draft202012Validator(SCHEMA).iter_errors(json.loads(example))) == []
    assert verify_report(verify_text(example)) == shown
