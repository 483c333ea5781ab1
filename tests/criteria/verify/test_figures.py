"""One figure: a count, its base and its percentage."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from criteria.verify import figures
from criteria.verify.verify import Level
from tests.criteria.verify.checked import at, cannot_be, check, only, statement


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


@pytest.mark.parametrize(
    ("key", "meant"),
    [
        ("bse", "base"), ("Base", "base"), ("printed_precent", "printed_percent"),
        ("percentages", "printed_percent"), ("percent", "printed_percent"), ("count", "counts"),
        ("colums", "columns"), ("n", "base"), ("sample_size", "sample"), ("questions", "question"),
    ],
)  # fmt: skip
def test_a_near_miss_of_a_known_key_is_said(key: str, meant: str) -> None:
    findings = check(kind="body_statement", **{key: None})
    assert [(one.place, one.would_fit) for one in findings if key in one.place] == [
        (f't: "{key}"', f'"{meant}"')
    ]


@pytest.mark.parametrize("key", ["mood", "seed", "lines", "group", "criterion_basis", "weights"])
def test_another_key_is_passed_over(key: str) -> None:
    assert not [one for one in check(kind="body_statement", **{key: 1}) if key in one.place]


def test_what_is_not_checked_for_a_mistyped_key_stands_under_it() -> None:
    (cause,) = check(kind="multi_select", counts={"a": 3, "b": 4}, bases=80)
    assert cause.place == 't: "bases"'
    assert [one.what for one in cause.effects] == [
        "a count alone: neither its base nor a percentage is printed"
    ] * 2


def test_a_mistyped_key_of_a_row_stands_before_what_was_not_checked_for_it() -> None:
    row = {"factor": "Drugs", "bse": 41, "printed_percent": 56}
    (cause,) = check(kind="factor_progress", rows=[row])
    assert (cause.place, cause.would_fit) == ('t: rows[0], "bse"', '"base"')
    assert [one.place for one in cause.effects] == ["t: Drugs"]


def test_a_near_miss_within_a_table_is_said() -> None:
    row = {"factor": "ETE", "base": 31, "printed_percnt": 35}
    places = {one.place: one.would_fit for one in check(kind="factor_progress", rows=[row])}
    assert places['t: rows[0], "printed_percnt"'] == '"printed_percent"'
    entry = {"id": "B1", "scor": 46, "wieght": 2}
    places = {one.place: one.would_fit for one in check(kind="criterion_scores", criteria=[entry])}
    assert places['t: B1, "wieght"'] == '"weight"'
    columns = {"Prison": {"Yes": 50}, "Probation": {"Yes": 50}}
    findings = check(
        kind="multi_select", base={"Prison": 22, "Probaton": 40}, printed_percent=columns
    )
    assert '"Probation"' in [one.would_fit for one in findings]


def test_the_keys_that_are_read_are_those_of_the_schema() -> None:
    schema = json.loads(Path(figures.__file__).with_name("figures.schema.json").read_text("utf-8"))
    assert list(figures.KEYS) == list(schema["$defs"]["table"]["properties"])
