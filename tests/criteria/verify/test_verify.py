"""Printed figures, checked: the five reports' misprints, and each check on figures of its own."""

from __future__ import annotations

import json
import re
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from bot.reports.verify_report import exit_code, verify_report
from criteria.verify import figures as verify_figures
from criteria.verify.verify import KINDS, Finding, Level, verify, verify_text
from tests import ROOT
from tests.criteria.verify.checked import PUBLISHED, at, check, only, statement

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
        "25% takes a base of 4 or more, and the row that it follows,"
        " 7% of up to 41, counts 3 at most",
    ),
    (
        "002-T12 Intelligence: A-Prison, If yes, used",
        "27% takes a base of 11 or more, and the row that it follows,"
        " 23% of up to 22, counts 5 at most",
    ),
    (
        "002-T12 Intelligence: A-Probation, If yes, used",
        "70% takes a base of 10 or more, and the row that it follows,"
        " 20% of up to 41, counts 8 at most",
    ),
    (
        "002-T12 Intelligence: B-Prison, If yes, used",
        "57% takes a base of 7 or more, and the row that it follows,"
        " 24% of up to 18, counts 4 at most",
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
        Level.FITS: 521,
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
