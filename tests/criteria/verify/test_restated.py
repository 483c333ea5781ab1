"""One question, printed in a table and in a sentence."""

from __future__ import annotations

from typing import Any

import pytest

from criteria.verify.verify import Finding, Level, verify
from tests.criteria.verify.checked import at

QUESTION = "Areas in touch before the move"
TABLE: dict[str, Any] = {
    "id": "Table 3",
    "kind": "yes_of_relevant",
    "question": QUESTION,
    "scale": ["Yes", "No"],
    "counts": {"Yes": 61, "No": 18},
    "base": 79,
    "printed_percent": {"Yes": 77},
}
SCALE: dict[str, Any] = {
    "id": "Table 4",
    "kind": "four_level",
    "question": QUESTION,
    "scale": ["Fully", "Largely", "Partly", "Not"],
    "base": 35,
    "counts": {"Fully": 5, "Largely": 11, "Partly": 12, "Not": 7},
    "printed_percent": {"Fully": 14, "Largely": 31, "Partly": 34, "Not": 20},
}


def sentence(**said: Any) -> dict[str, Any]:
    return {"id": "Para 2", "kind": "body_statement", "question": f"{QUESTION}.", **said}


def wrong(*tables: dict[str, Any]) -> list[str]:
    return [what for what, _ in at(verify([*tables]), Level.CANNOT_BE)]


@pytest.mark.parametrize(
    "said",
    [
        {"printed_percent": 77},
        {"printed_percent": 77.2},
        {"counts": 61, "printed_percent": 77},
        {"counts": 61, "base": 79},
        {"printed_percent": {"yes": 77, "no": 23}},
        {"printed_percent": 23, "polarity": "insufficient share"},
        {"counts": 18, "polarity": "- (printed as a failure)"},
    ],
)
def test_a_sentence_that_says_what_its_table_says_is_no_finding(said: dict[str, Any]) -> None:
    assert wrong(TABLE, sentence(**said)) == []
    assert wrong(sentence(**said), TABLE) == []


@pytest.mark.parametrize(
    ("said", "what"),
    [
        ({"printed_percent": 76}, "printed differently: 77% (Table 3), 76% (Para 2)"),
        ({"counts": 60}, "printed differently: 77% (Table 3), 60 (Para 2)"),
        ({"printed_percent": {"No": 25}}, "printed differently: 18 (Table 3), 25% (Para 2)"),
        (
            {"printed_percent": 25, "polarity": "insufficient share"},
            "printed differently: 77% (Table 3), 25% of the rest (Para 2)",
        ),
        (
            {"counts": 61, "base": 80},
            "one question has two bases: 79 (Table 3), 80 (Para 2)",
        ),
    ],
)
def test_a_sentence_that_says_otherwise_than_its_table_cannot_be(
    said: dict[str, Any], what: str
) -> None:
    assert wrong(TABLE, sentence(**said)) == [what]


def test_the_tables_count_says_what_would_fit() -> None:
    ((_, fit),) = at(verify([TABLE, sentence(printed_percent=76)]), Level.CANNOT_BE)
    assert fit == "77% (61 of 79) in all places"


def test_a_base_that_is_left_out_is_the_tables() -> None:
    findings = verify([TABLE, sentence(printed_percent=77)])
    assert at(findings, Level.NOT_CHECKED) == []
    assert ("77% is 61 of 79", "") in at(findings, Level.FITS)


def test_a_base_that_a_sentence_on_one_step_leaves_out_is_the_tables_too() -> None:
    findings = verify([SCALE, sentence(printed_percent={"Not": 20})])
    assert {one.level for one in findings} == {Level.FITS}
    assert wrong(SCALE, sentence(printed_percent={"Not": 21})) == [
        "no whole number of 35 is 21%",
    ]


@pytest.mark.parametrize("figure", [14, 46])
def test_a_bare_figure_is_the_first_step_or_the_first_two(figure: int) -> None:
    assert wrong(SCALE, sentence(printed_percent=figure)) == []


def test_two_bare_figures_are_each_compared_with_the_scale() -> None:
    both = sentence(printed_percent=14), {**sentence(printed_percent=46), "id": "Para 3"}
    assert wrong(SCALE, *both) == []
    assert wrong(SCALE, sentence(printed_percent=54, polarity="insufficient share")) == []
    assert wrong(SCALE, sentence(printed_percent=43)) == [
        "printed differently: 14%, with the next step 46% (Table 4), 43% (Para 2)"
    ]


def test_of_rounded_steps_the_sum_may_be_a_point_apart() -> None:
    table = {key: one for key, one in SCALE.items() if key not in ("counts", "base")}
    assert wrong(table, sentence(printed_percent=46)) == []
    assert wrong(table, sentence(printed_percent=48)) != []


@pytest.mark.parametrize(
    "other",
    [{"criterion": "2"}, {"report": "another"}, {"question": "Areas in touch afterwards"}],
)
def test_another_criterion_report_or_question_is_another_figure(other: dict[str, Any]) -> None:
    table = {**TABLE, "criterion": "Criterion 1: Systems"}
    assert wrong(table, sentence(printed_percent=76, criterion="1.")) != []
    assert wrong(table, {**sentence(printed_percent=76), **other}) == []


def test_two_bases_with_other_figures_are_odd() -> None:
    findings = verify([sentence(printed_percent=45, base=20), TABLE])
    assert at(findings, Level.ODD) == [
        ("one question has two bases: 20 (Para 2), 79 (Table 3)", "one base in all places")
    ]


def test_two_tables_of_all_cases_have_one_base() -> None:
    other = {**TABLE, "id": "Table 9", "counts": {"Yes": 62, "No": 18}, "base": 80}
    other["printed_percent"] = {"Yes": 78}
    assert wrong(TABLE, other) == ["one question has two bases: 79 (Table 3), 80 (Table 9)"]


def test_a_column_is_compared_with_its_own_and_a_bare_figure_with_the_total() -> None:
    table = {
        "id": "Table 5",
        "kind": "yes_share_percent_only",
        "question": QUESTION,
        "columns": ["Prison", "Probation", "Total"],
        "printed_percent": {"Prison": {"Yes": 50}, "Probation": {"Yes": 73}, "Total": {"Yes": 65}},
    }
    assert wrong(table, sentence(printed_percent=65)) == []
    assert wrong(table, sentence(printed_percent=64)) != []
    by_column = sentence(columns=["prison"], printed_percent={"prison": {"Yes": 51}})
    assert wrong(table, by_column) == ["printed differently: 50% (Table 5), 51% (Para 2)"]


def test_a_misprint_stands_before_the_sentences_that_differ_from_it() -> None:
    table = {**TABLE, "printed_percent": {"Yes": 76}}
    (cause,) = [one for one in verify([table, sentence(printed_percent=77)]) if is_wrong(one)]
    assert cause.what == "61 of 79 is 77%, printed is 76%"
    assert [one.what for one in cause.effects] == [
        "printed differently: 76% (Table 3), 77% (Para 2)"
    ]


def is_wrong(one: Finding) -> bool:
    return one.level is Level.CANNOT_BE
