"""Checking columns and tables; and what passes can be worked out."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from criteria.case import Answer
from criteria.case import Case as FilledCase
from criteria.instrument.check.pack import check_pack
from criteria.instrument.load import load_pack
from criteria.report.tables_document import tables_document
from tests.criteria.instrument.small_pack import (
    Case,
    a_pack,
    add,
    at,
    both,
    changed,
    finds,
    found,
    put,
    take,
)

FILES, WHERE = "columns.files", "columns.files.1.where"
WHERE_AT = "columns.files[1] (high_risk) where"
ANSWERS, AGREEMENT, FACTORS, NUMBERS = (f"tables.{index}" for index in range(4))
ROW_AT = "tables[0] (t1) rows[0]"
FACTOR_AT = "tables[2] (t3) rows[0]"
NUMBER_AT = "tables[3] (t4) rows[0]"
SECOND_AT = "tables[1] (t2) questions[1]"
NOTE = both(put("forms.0.survey.2.type", "note"), put(f"{ANSWERS}.rows.0.questions.0", "papers"))

TABLE_CASES: list[Case] = [
    # (code, what is wrong, its place, what was meant)
    (
        "form_missing",
        put(f"{FILES}.0.form", "casefile"),
        "columns.files[0] (file) form",
        ("case-file",),
    ),
    ("expression_broken", put(WHERE, "${risky} == 'yes'"), WHERE_AT, ()),
    ("question_unknown", put(WHERE, "${riskyy} = 'yes'"), WHERE_AT, ("risky",)),
    (
        "question_unknown",
        put(f"{FILES}.2.where", "${sayd} != ''"),
        "columns.files[2] (interview) where",
        ("said",),
    ),
    ("question_elsewhere", put(WHERE, "${said_risky} = 'yes'"), WHERE_AT, ()),
    ("question_never_answered", both(NOTE, put(WHERE, "${papers} = 'x'")), WHERE_AT, ()),
    ("today_elsewhere", put(WHERE, "today() > '2026-01-01'"), WHERE_AT, ()),
    ("answer_itself", put(WHERE, ". = 'yes'"), WHERE_AT, ()),
    ("choice_missing", put(WHERE, "${risky} = 'Yes'"), WHERE_AT, ("yes",)),
    ("answer_not_allowed", put(WHERE, "${risky} = 'na'"), WHERE_AT, ()),
    ("name_repeated", put(f"{FILES}.1.name", "file"), "columns.files[1] (file) name", ()),
    ("nothing_there", put(FILES, []), FILES, ()),
    ("columns_unused", take(f"{ANSWERS}.columns"), FILES, ()),
    ("columns_missing", put(f"{ANSWERS}.columns", "fils"), "tables[0] (t1) columns", ("files",)),
    ("columns_missing", put(f"{FACTORS}.columns", "fils"), "tables[2] (t3) columns", ("files",)),
    ("name_repeated", put(f"{AGREEMENT}.name", "t1"), "tables[1] (t1) name", ()),
    ("wrong_value", put(f"{ANSWERS}.kind", "answer"), "tables[0] (t1) kind", ("answers",)),
    ("property_missing", take(f"{ANSWERS}.rows"), "tables[0] (t1)", ()),
    ("property_missing", take(f"{AGREEMENT}.questions"), "tables[1] (t2)", ()),
    ("property_missing", take(f"{ANSWERS}.rows.0.questions"), ROW_AT, ()),
    ("property_missing", take(f"{NUMBERS}.rows.0.questions"), NUMBER_AT, ()),
    ("property_missing", take(f"{FACTORS}.rows.0.factor"), FACTOR_AT, ()),
    ("nothing_there", put(f"{ANSWERS}.rows", []), "tables[0] (t1) rows", ()),
    ("nothing_there", put(f"{ANSWERS}.rows.0.questions", []), f"{ROW_AT}.questions", ()),
    ("wrong_value", put(f"{AGREEMENT}.questions", ["risky"]), "tables[1] (t2) questions", ()),
    ("wrong_value", put(f"{AGREEMENT}.questions", ["risky"] * 3), "tables[1] (t2) questions", ()),
    (
        "property_unused",
        put(f"{ANSWERS}.questions", ["risky", "said_risky"]),
        "tables[0] (t1) questions",
        (),
    ),
    ("property_unused", put(f"{AGREEMENT}.rows", [{"label": "?"}]), "tables[1] (t2) rows", ()),
    ("property_unused", put(f"{NUMBERS}.columns", "files"), "tables[3] (t4) columns", ()),
    ("property_unused", put(f"{ANSWERS}.rows.0.factor", "risky"), f"{ROW_AT}.factor", ()),
    (
        "property_unused",
        put(f"{FACTORS}.rows.0.questions", ["risky"]),
        f"{FACTOR_AT}.questions",
        (),
    ),
    (
        "question_unknown",
        put(f"{ANSWERS}.rows.0.questions.0", "riskyy"),
        f"{ROW_AT}.questions[0]",
        ("risky",),
    ),
    ("question_unknown", put(f"{AGREEMENT}.questions.1", "said_riski"), SECOND_AT, ("said_risky",)),
    (
        "question_unknown",
        put(f"{FACTORS}.rows.0.factor", "needs_hom"),
        f"{FACTOR_AT}.factor",
        ("needs_home",),
    ),
    ("question_never_answered", NOTE, f"{ROW_AT}.questions[0]", ()),
    ("row_asks_twice", add(f"{ANSWERS}.rows.0.questions", "planned"), f"{ROW_AT}.questions[2]", ()),
    (
        "row_asks_twice",
        put(f"{NUMBERS}.rows.0.questions", ["meetings"] * 2),
        f"{NUMBER_AT}.questions[1]",
        (),
    ),
    (
        "choices_differ",
        put(f"{ANSWERS}.rows.0.questions.1", "manager"),
        f"{ROW_AT}.questions[1]",
        (),
    ),
    ("choices_differ", put(f"{AGREEMENT}.questions.1", "manager"), SECOND_AT, ()),
    ("choices_differ", put(f"{AGREEMENT}.questions.1", "meetings"), SECOND_AT, ()),
    ("choices_differ", put("forms.1.survey.1.type", "select_multiple fact"), SECOND_AT, ()),
    ("agreement_of_one_form", put(f"{AGREEMENT}.questions.1", "planned"), SECOND_AT, ()),
    ("factor_without_yes", put(f"{FACTORS}.rows.0.factor", "manager"), f"{FACTOR_AT}.factor", ()),
    (
        "factor_without_yes",
        put("forms.1.survey.2.type", "select_multiple fact"),
        f"{FACTOR_AT}.factor",
        (),
    ),
    (
        "progress_not_judged",
        put(f"{FACTORS}.rows.0.progress", "said_risky"),
        f"{FACTOR_AT}.progress",
        (),
    ),
    (
        "progress_elsewhere",
        put(f"{FACTORS}.rows.0.progress", "timely"),
        f"{FACTOR_AT}.progress",
        (),
    ),
    (
        "question_not_of_numbers",
        put(f"{NUMBERS}.rows.0.questions", ["said"]),
        f"{NUMBER_AT}.questions[0]",
        (),
    ),
    (
        "question_not_of_numbers",
        put(f"{NUMBERS}.rows.0.questions", ["timely"]),
        f"{NUMBER_AT}.questions[0]",
        (),
    ),
]


@pytest.mark.parametrize(
    "case", TABLE_CASES, ids=[f"{one[0]}-{n}" for n, one in enumerate(TABLE_CASES)]
)
def test_every_mistake_in_tables_is_found_at_its_place(case: Case) -> None:
    finds(case)


@pytest.mark.parametrize(
    "change",
    [
        put(f"{FILES}.2.where", "${risky} = 'yes' or ${said_risky} = 'yes'"),
        put(WHERE, "working_days(${seen}, '2004-12-31') > 5"),
        put(f"{ANSWERS}.rows.0.questions", ["papers"]),
        both(take(f"{ANSWERS}.columns"), take("columns")),
        take(f"{FACTORS}.rows.0.progress"),
        put(f"{FACTORS}.rows.0.factor", "said_risky"),
        put(f"{AGREEMENT}.questions", ["planned", "home_better"]),
        put(f"{AGREEMENT}.questions", ["age", "meetings"]),
        put(f"{AGREEMENT}.questions", ["timely", "said_risky"]),
        put(f"{NUMBERS}.rows.0.questions", ["age", "meetings"]),
        both(put(f"{FILES}.2.form", "interview"), put(f"{ANSWERS}.rows.0.questions.1", "manager")),
        both(take("columns"), take("tables")),
    ],
    ids=range(12),
)
def test_tables_that_are_right_are_left_alone(change: Callable[[Any], None]) -> None:
    assert check_pack(changed(change)) == []


def test_what_a_property_is_out_of_place_in_is_said() -> None:
    issues = check_pack(changed(put(f"{FACTORS}.rows.0.questions", ["risky"])))
    issue = found(issues, "property_unused", f"{FACTOR_AT}.questions")
    assert issue.problem == "'questions' has no effect: a row of factors has no questions"
    assert issue.remedy == "Take 'questions' out, or change the row."


FILLED = [
    FilledCase("C1", "case-file", profile={"age": 40}, answers={"risky": Answer("yes")}),
    FilledCase(
        "C1",
        "interview",
        answers={
            "said": Answer("Well."),
            "said_risky": Answer("yes"),
            "needs_home": Answer("yes"),
            "home_better": Answer("no"),
            "meetings": Answer(3),
        },
    ),
]
NAMES = [
    "age", "risky", "planned", "papers", "seen", "timely", "said", "said_risky", "needs_home",
    "home_better", "manager", "meetings", "files", "fils", "case-file", "answers", "agreement",
    "factors", "numbers", "nobody", "${age} > 17", "${said} = 'x'", "${nobody}",
]  # fmt: skip
PLACES = [
    f"{ANSWERS}.kind", f"{ANSWERS}.columns", f"{ANSWERS}.rows.0.questions.0",
    f"{ANSWERS}.rows.0.questions.1", f"{ANSWERS}.rows.0.factor", f"{ANSWERS}.rows.0.progress",
    f"{AGREEMENT}.kind", f"{AGREEMENT}.columns", f"{AGREEMENT}.questions.0",
    f"{AGREEMENT}.questions.1", f"{FACTORS}.kind", f"{FACTORS}.columns",
    f"{FACTORS}.rows.0.factor", f"{FACTORS}.rows.0.progress", f"{NUMBERS}.kind",
    f"{NUMBERS}.rows.0.questions.0", f"{FILES}.0.form", f"{FILES}.1.where", f"{FILES}.2.where",
]  # fmt: skip


@pytest.mark.long
@settings(max_examples=300, deadline=None)
@given(st.dictionaries(st.sampled_from(PLACES), st.sampled_from(NAMES), min_size=1, max_size=3))
def test_whatever_passes_can_be_worked_out(changes: dict[str, str]) -> None:
    pack = a_pack()
    for place, name in changes.items():
        put(place, name)(pack)
    if any(issue.is_error for issue in check_pack(pack)):
        return
    document = tables_document(load_pack(pack), FILLED)
    assert [table["name"] for table in document] == [table["name"] for table in at(pack, "tables")]
