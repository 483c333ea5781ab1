"""The area questionnaire of Movement of Cases (2004), Appendix 3: 42 areas, answered in part.

The report prints how many areas said what, totals and a range, never an area's own numbers. The
areas here have the printed counts, and numbers that add to the printed totals.
"""

from __future__ import annotations

import json
from fractions import Fraction
from functools import cache
from random import Random
from typing import Any

import pytest

from criteria.case import Case
from criteria.instrument.load import read_pack
from criteria.instrument.pack import Form, Pack
from criteria.question import NOT_KNOWN, Value
from criteria.relevance import form_state
from criteria.report.tables_document import tables_document
from criteria.scoring.score import InspectionScore, percent, score_cases
from tests import DATA
from tests.walk import Walk

DATA: dict[str, Any] = json.loads((DATA / "area_questionnaire_2004.json").read_text("utf-8"))
FIGURES: list[dict[str, Any]] = DATA["figures"]
BUILT: dict[str, Any] = DATA["built"]
AREAS: int = DATA["areas"]
NAME = "area-questionnaire"

NOT_REPRODUCED = {
    "most areas track by IT, the majority by CRAMS": "no counts are printed",
    "some areas track formal transfers only": "no counts are printed",
    "7,300 and 5,500 to the case": "printed to the nearest hundred; the exact totals are not",
    "3%, 34% and 13% to the case": "the areas' own numbers and caseloads are not printed",
    "13% on average": "a mean of areas' shares or a share of all caseloads: it is not said which",
    "high risk of harm, what the 15 areas stated": "only that they could is printed, no percentage",
    "about 20% held": "printed as approximate",
    "the totals with London": "London is left out of what is printed",
}
"""What Appendix 3 says and cannot be worked out from what it prints, with the reason."""


@pytest.fixture(scope="module")
def pack() -> Pack:
    return movement()


@cache
def movement() -> Pack:
    return read_pack("movement-of-cases-2004")


def questionnaire() -> Form:
    form = movement().form(NAME)
    assert form is not None
    return form


# --- 42 areas with the printed counts and totals ---


def answers() -> dict[str, list[Value]]:
    """By question: what the areas answer, in their order. A number that ends early is not known."""
    printed = {figure["question"]: figure["printed"] for figure in FIGURES}
    numbers: dict[str, list[Value]] = {
        "aq_out": BUILT["out"],
        "aq_in": BUILT["in"],
        "aq_caseload": BUILT["caseload"],
        **{
            question: [NOT_KNOWN] * BUILT[key]["first"] + BUILT[key]["numbers"]
            for question, key in (
                ("aq_held", "held"),
                ("aq_held_elsewhere", "held_elsewhere"),
                ("aq_high_risk_share", "high_risk_percents"),
            )
        },
    }
    choices = {
        "aq_tracking_system": {"crams": 24, "other_it": 12, "other": 4},
        "aq_tracked_moves": {"formal": 15, "all": 25},
        **{name: one for name, one in printed.items() if isinstance(one, dict)},
    }
    counted: dict[str, list[Value]] = {
        name: [choice for choice, count in counts.items() for _ in range(count)]
        for name, counts in choices.items()
    }
    return numbers | counted


@cache
def areas() -> tuple[Case, ...]:
    """The areas, each asked what applies to it."""
    given = answers()
    cases = [Case(f"A{number:02}", NAME) for number in range(1, AREAS + 1)]
    for question in questionnaire().questions:
        if not question.is_answered_by_people:
            continue
        asked = [
            place
            for place, case in enumerate(cases)
            if question in form_state(questionnaire(), case).relevant
        ]
        left = len(asked) - len(given[question.name])
        assert left == 0 or (left > 0 and question.not_known), question.name
        values = [*given[question.name], *[NOT_KNOWN] * left]
        for place, value in zip(asked, values, strict=True):
            cases[place] = cases[place].answered(question, value, "L1", "2003-11-01T00:00:00Z")
    return tuple(cases)


@cache
def score() -> InspectionScore:
    return score_cases(movement(), areas())


@cache
def numbers() -> dict[str, dict[str, Any]]:
    """The rows of the instrument's tables of numbers, by question."""
    tables: list[dict[str, Any]] = tables_document(movement(), areas())
    return {
        row.questions[0]: shown
        for table, document in zip(movement().tables, tables, strict=True)
        if table.kind == "numbers"
        for row, shown in zip(table.rows, document["rows"], strict=True)
    }


# --- the form ---


def test_the_questionnaire_is_the_second_form_and_is_about_an_area(pack: Pack) -> None:
    assert [form.name for form in pack.forms] == ["case-file", NAME]
    assert questionnaire().subject == "area"


def test_areas_change_no_score_of_the_case_files(pack: Pack) -> None:
    assert not any(question.is_judgement for question in questionnaire().questions)
    assert {one.score for one in score().criteria.values()} == {None}


def test_every_question_says_where_the_report_has_it() -> None:
    places = {figure["place"] for figure in FIGURES}
    sources = [question.source or "" for question in questionnaire().questions]
    assert all(source.startswith("000: Appendix 3, ") for source in sources)
    asked = {source.removeprefix("000: Appendix 3, ").partition(";")[0] for source in sources}
    assert asked == places


def test_questions_fit_a_phone() -> None:
    for question in questionnaire().questions:
        assert len(question.label["en"]) < 110
        assert question.hint is None or len(question.hint["en"]) < 110
        assert all(len(choice.label["en"]) <= 32 for choice in question.choices)


def test_the_longest_walk_goes_through_every_question_in_order(pack: Pack) -> None:
    walk = Walk(pack, Case("A01", NAME))
    form = questionnaire()
    met = []
    while (question := form.by_name.get(walk.session.cursor.question or "")) is not None:
        met.append(question.name)
        walk.type(pack.text(question.choices[0].label) if question.choices else "12")
        assert walk.value(question.name) is not None, question.name
    assert met == [q.name for q in form.questions if q.is_answered_by_people]


@pytest.mark.parametrize(
    ("given", "hidden"),
    [
        ({"aq_tracking": "no"}, {"aq_tracking_system", "aq_tracked_moves"}),
        (
            {"aq_out": NOT_KNOWN, "aq_in": NOT_KNOWN},
            {"aq_reliable", "aq_high_risk_share", "aq_counted_out", "aq_counted_in", "aq_share",
             "aq_in_of_holders"},
        ),
        ({"aq_in": NOT_KNOWN},
         {"aq_high_risk_share", "aq_counted_in", "aq_share", "aq_in_of_holders"}),
        ({"aq_reliable": "no"}, {"aq_counted_out", "aq_counted_in", "aq_share"}),
        ({"aq_caseload": NOT_KNOWN}, {"aq_share"}),
        ({"aq_held": NOT_KNOWN}, {"aq_in_of_holders"}),
        ({"aq_in": 0}, {"aq_high_risk_share"}),
        ({"aq_held_elsewhere": NOT_KNOWN}, set()),
    ],
)  # fmt: skip
def test_what_an_area_cannot_say_is_not_counted_on(
    given: dict[str, Value], hidden: set[str]
) -> None:
    form = questionnaire()
    everything: dict[str, Value] = {
        "aq_tracking": "yes", "aq_out": 20, "aq_in": 10, "aq_reliable": "yes", "aq_caseload": 300,
        "aq_held": 3, "aq_held_elsewhere": 1,
    }  # fmt: skip
    case = Case("A01", NAME)
    for name, value in (everything | given).items():
        case = case.answered(form.by_name[name], value, "L1", "2003-11-01T00:00:00Z")
    state = form_state(form, case)
    assert set(form.by_name) - {question.name for question in state.relevant} == hidden
    calculated = {q.name for q in form.questions if q.type.name == "calculate"}
    assert calculated - set(state.values) == calculated & hidden


def test_the_share_that_moves_is_out_and_in_of_the_caseload() -> None:
    form = questionnaire()
    case = Case("A01", NAME)
    given: dict[str, Value] = {"aq_out": 7, "aq_in": 5, "aq_reliable": "yes", "aq_caseload": 96}
    for name, value in given.items():
        case = case.answered(form.by_name[name], value, "L1", "2003-11-01T00:00:00Z")
    assert form_state(form, case).values["aq_share"] == "12.5"


# --- the figures ---


def test_all_42_areas_are_in_and_nothing_stands_open() -> None:
    assert score().cases == 42
    asked = [one for one in score().questions.values() if one.form == NAME]
    assert len(asked) == len(questionnaire().questions)
    assert all(one.unanswered == 0 for one in asked)


@pytest.mark.parametrize("figure", FIGURES, ids=lambda figure: figure["id"])
def test_the_printed_figure_comes_out(figure: dict[str, Any]) -> None:
    question, measure, printed = figure["question"], figure["measure"], figure["printed"]
    if measure == "counts":
        counts = score().questions[question].counts
        assert {choice: counts[choice] for choice in printed} == printed
    elif measure == "mean":
        mean = Fraction(str(numbers()[question]["mean"]))
        assert percent(mean / 100) == printed
    else:
        assert numbers()[question][measure] == printed


def test_what_the_areas_hold_is_about_a_fifth_of_what_was_transferred_to_them() -> None:
    held, moved = numbers()["aq_held"], numbers()["aq_in_of_holders"]
    assert held["answered"] == moved["answered"] == 15
    assert percent(Fraction(held["total"], moved["total"])) == DATA["held_percent"]["printed"]


def test_unreliable_figures_are_kept_and_left_out_of_totals_and_range() -> None:
    form = questionnaire()
    unreliable = [case for case in areas() if case.value(form.by_name["aq_reliable"]) == "no"]
    assert len(unreliable) == 2
    given = [case.value(form.by_name["aq_out"]) for case in areas()]
    assert sum(one for one in given if isinstance(one, int)) > numbers()["aq_counted_out"]["total"]
    for case in unreliable:
        assert isinstance(case.value(form.by_name["aq_in"]), int)
        assert "aq_share" not in form_state(form, case).values


def test_the_average_is_13_percent_by_caseload_as_well_as_by_area() -> None:
    """The report does not say which it is; the mean of the areas' shares is among the figures."""
    counted = [case for case in areas() if "aq_share" in form_state(questionnaire(), case).values]
    caseload = questionnaire().by_name["aq_caseload"]
    in_all = sum(value for case in counted if isinstance(value := case.value(caseload), int))
    moved = numbers()["aq_counted_out"]["total"] + numbers()["aq_counted_in"]["total"]
    assert len(counted) == 34
    assert percent(Fraction(moved, in_all)) == 13


def test_the_order_of_the_areas_does_not_matter() -> None:
    shuffled = list(areas())
    Random(42).shuffle(shuffled)  # noqa: S311  # any other order will do
    assert shuffled != list(areas())
    assert tables_document(movement(), shuffled) == tables_document(movement(), areas())


def test_what_is_not_reproduced_is_named_with_its_reason_and_stands_apart() -> None:
    assert len({figure["id"] for figure in FIGURES}) == len(FIGURES) == 15
    assert all(NOT_REPRODUCED.values())
    assert not {figure["id"] for figure in FIGURES} & set(NOT_REPRODUCED)
