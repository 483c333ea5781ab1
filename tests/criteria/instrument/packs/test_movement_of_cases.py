"""The Movement of Cases instrument: every row of the report's Appendix 2 is asked, rightly."""

from __future__ import annotations

import json
from typing import Any

import pytest

from criteria.case import Answer, Case
from criteria.instrument.check.pack import check_pack_text
from criteria.instrument.load import DEMO_PACK, pack_path, read_pack
from criteria.instrument.pack import Pack
from criteria.question import Question
from criteria.relevance import form_state
from criteria.scoring.score import score_cases
from tests import DATA

ROWS: list[dict[str, Any]] = json.loads((DATA / "movement_of_cases_2004.json").read_text("utf-8"))[
    "rows"
]
KINDS = {
    "single_choice": "select_one",
    "yes_of_relevant": "select_one",
    "four_level": "select_one",
    "multi_select": "select_multiple",
}
CASES_IN_SAMPLE = 80


@pytest.fixture(scope="module")
def pack() -> Pack:
    return read_pack(DEMO_PACK)


def question_of(pack: Pack, row: dict[str, Any]) -> Question:
    return pack.forms[0].by_name[row["question"]]


def relevant_names(pack: Pack, **values: str) -> set[str]:
    """The questions that apply where these are the answers."""
    form = pack.forms[0]
    profile = {name: one for name, one in values.items() if form.by_name[name].profile}
    answers = {name: Answer(one) for name, one in values.items() if name not in profile}
    case = Case("C001", form.name, profile=profile, answers=answers)
    return {question.name for question in form_state(form, case).relevant}


def test_the_pack_has_neither_errors_nor_warnings() -> None:
    assert [str(issue) for issue in check_pack_text(pack_path(DEMO_PACK).read_text("utf-8"))] == []


def test_the_pack_asks_all_38_rows_in_the_reports_order(pack: Pack) -> None:
    assert [row["id"] for row in ROWS] == [f"000-A2-{number:02}" for number in range(1, 39)]
    sources = [question.source or "" for question in pack.forms[0].questions]
    assert [source[:9] for source in sources if source.startswith("000-A2")] == [
        row["id"] for row in ROWS
    ]


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row["id"])
def test_a_row_is_a_question_of_its_kind_with_the_printed_choices(
    pack: Pack, row: dict[str, Any]
) -> None:
    question = question_of(pack, row)
    assert (question.source or "").startswith(row["id"])
    assert question.type.name == KINDS[row["kind"]]
    assert {choice.name: choice.label["en"] for choice in question.choices} == row["labels"]
    assert [choice.name for choice in question.choices] == list(row["counts"])
    assert question.profile == (row["kind"] == "single_choice")
    assert question.is_scored == (row["kind"] in ("yes_of_relevant", "four_level"))
    criterion = pack.criteria[question.criterion].label["en"] if question.criterion else None
    assert criterion == row["criterion"]


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row["id"])
def test_every_row_with_a_smaller_base_lets_cases_leave_it(pack: Pack, row: dict[str, Any]) -> None:
    question = question_of(pack, row)
    if row["base"] < CASES_IN_SAMPLE:
        assert question.na or question.not_known


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row["id"])
def test_a_rows_counts_are_its_base(row: dict[str, Any]) -> None:
    if row["kind"] != "multi_select":
        assert sum(row["counts"].values()) == row["base"]


def test_the_first_two_of_four_levels_are_sufficient(pack: Pack) -> None:
    question = pack.forms[0].by_name["enforcement"]
    assert [choice.sufficient for choice in question.choices] == [True, True, False, False]


def test_numbers_run_through_the_parts_and_routing_questions_have_their_own(pack: Pack) -> None:
    numbers = [question.number for question in pack.forms[0].questions]
    rows = [question_of(pack, row).number for row in ROWS]
    assert rows == [
        *(f"A{number}" for number in range(1, 8)),
        *(f"B{number}" for number in range(1, 18)),
        *(f"C{number}" for number in range(1, 15)),
    ]
    assert [number for number in numbers if number not in rows] == ["R1", "R2"]


def test_routing_questions_are_asked_but_not_scored(pack: Pack) -> None:
    for name in ("high_risk", "mappa_level"):
        assert pack.forms[0].by_name[name].required
        assert not pack.forms[0].by_name[name].is_judgement


def test_questions_fit_a_phone(pack: Pack) -> None:
    for question in pack.forms[0].questions:
        assert len(question.label["en"]) < 110
        assert question.hint is None or len(question.hint["en"]) < 110
        assert all(len(choice.label["en"]) <= 32 for choice in question.choices)


def test_required_is_said_for_every_question(pack: Pack) -> None:
    form = pack.document["forms"][0]
    assert all("required" in question for question in (*form["profile"], *form["survey"]))


@pytest.mark.parametrize(
    ("answers", "shown", "hidden"),
    [
        ({}, {"first_appointment_kept", "documents_received"}, {"notified", "mappa_level"}),
        ({"communication": "yes"}, {"notified", "confirmed_in_writing"}, set()),
        ({"communication": "no"}, set(), {"notified", "confirmed_in_writing"}),
        ({"high_risk": "yes"}, {"aco_involved", "report_faxed", "full_information"}, set()),
        ({"high_risk_register": "yes"}, {"register_before"}, {"aco_involved"}),
        ({"mappa": "yes"}, {"mappa_before", "mappa_level"}, {"mappa_brokered", "mappa_meeting"}),
        (
            {"mappa": "yes", "mappa_level": "level_3"},
            {"mappa_brokered", "mappa_risk_shared", "mappa_meeting", "mappa_victim_issues"},
            set(),
        ),
        (
            {"mappa": "yes", "mappa_level": "level_2"},
            {"mappa_risk_shared", "mappa_meeting", "mappa_victim_issues"},
            {"mappa_brokered"},
        ),
        (
            {"mappa": "yes", "mappa_level": "level_1"},
            {"mappa_before"},
            {"mappa_brokered", "mappa_risk_shared", "mappa_meeting", "mappa_victim_issues"},
        ),
        ({"mappa": "no", "mappa_level": "level_3"}, set(), {"mappa_brokered", "mappa_meeting"}),
        ({"first_appointment_made": "no"}, {"first_appointment_kept"}, set()),
    ],
)
def test_questions_are_asked_where_the_report_says(
    pack: Pack, answers: dict[str, str], shown: set[str], hidden: set[str]
) -> None:
    relevant = relevant_names(pack, **answers)
    assert shown <= relevant
    assert not hidden & relevant


def sample(pack: Pack) -> list[Case]:
    """80 cases whose answers have the published counts."""
    values: list[dict[str, Any]] = [{"high_risk": "yes"} for _ in range(CASES_IN_SAMPLE)]
    for row in ROWS:
        name, counts = row["question"], row["counts"]
        if row["kind"] == "multi_select":
            for number, value in enumerate(values):
                value[name] = tuple(one for one, count in counts.items() if number < count)
            continue
        answers = iter([one for one, count in counts.items() for _ in range(count)])
        for number, value in enumerate(values):
            if name == "mappa_brokered" and value.get("mappa") == "yes":
                value["mappa_level"] = "level_3"
            profile = {key: one for key, one in value.items() if pack.forms[0].by_name[key].profile}
            rest = {key: Answer(one) for key, one in value.items() if key not in profile}
            case = Case(f"C{number:03}", "case-file", profile=profile, answers=rest)
            question = question_of(pack, row)
            if question in form_state(pack.forms[0], case).relevant:
                left_out = "not_known" if question.not_known else "na"
                value[name] = next(answers, left_out)
        assert next(answers, None) is None, f"{row['id']}: not every answer found a case"
    return [
        Case(
            f"C{number:03}",
            "case-file",
            profile={key: one for key, one in value.items() if pack.forms[0].by_name[key].profile},
            answers={
                key: Answer(one)
                for key, one in value.items()
                if not pack.forms[0].by_name[key].profile
            },
        )
        for number, value in enumerate(values)
    ]


def test_a_sample_with_the_published_counts_gives_every_printed_percentage(pack: Pack) -> None:
    score = score_cases(pack, sample(pack))
    misprints = []
    for row in ROWS:
        result = score.questions[row["question"]]
        assert result.relevant == row["base"], row["id"]
        assert {name: result.counts[name] for name in row["counts"]} == row["counts"], row["id"]
        assert result.unanswered == 0, row["id"]
        misprints += [
            (row["id"], name, printed, result.percent_of(name))
            for name, printed in row["printed"].items()
            if result.percent_of(name) != printed
        ]
    assert misprints == [("000-A2-02", "asian", 2, 3)]  # 2 of 80 is 2.5%
