"""The recommendations of Transforming Rehabilitation (2014), kept in their own form of the pack.

The report prints 67 of them, each under a heading that says which section and whether it is key,
with who is to act and the paragraphs it rests on; those paragraphs name it in turn.
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections import Counter
from collections.abc import Iterator
from functools import cache
from typing import Any

import pytest

from criteria.case import Case
from criteria.instrument.load import read_pack
from criteria.instrument.pack import Form, Pack
from criteria.question import Value
from criteria.relevance import form_state
from criteria.scoring.score import score_cases
from storage.sample_file import read_sample
from tests import DATA
from tests.criteria.instrument.packs.one_table import table_document
from tests.movement import typed
from tests.walk import Walk

DATA: dict[str, Any] = json.loads((DATA / "recommendations_2014.json").read_text("utf-8"))
RECOMMENDATIONS: list[dict[str, Any]] = DATA["recommendations"]
SECTIONS = ("court", "interface", "crc_start", "nps_start")
FACTS = {
    "rc_kind": "kind",
    "rc_section": "section",
    "rc_owner": "owners",
    "rc_staff": "staff",
    "rc_paragraphs": "paragraphs",
}
"""The profile's questions, and what the data calls their answers."""

NOT_LINKED = {
    "1.5": "the workload of staff in court; no question counts it",
    "1.9": "the workload of administrators; no question counts it",
    "1.31": "appointments before court; asked where 2.21 and 2.22 tell of them",
    "2.6": "how the RSR tool works; whether there is a score is asked from 2.7",
    "2.10": "who fills in the forms; not asked",
    "2.19": "how the CRC takes a missing analysis; that it is missing is asked from 2.18",
    "2.31": "how nDelius shows contacts; not asked",
    "2.42": "what the inspectors hold of meetings; asked from 2.40 and 2.41",
    "3.7": "why first appointments are late; when they were is asked from 3.5",
    "3.10": "why first appointments are late; when they were is asked from 3.5",
    "3.13": "assessments not finished; asked from 3.12",
    "3.14": "one officer's words",
    "4.11": "ViSOR through nDelius; asked as an enabler of section 4",
    "4.14": "senior managers' oversight; oversight is asked from 4.12",
}
"""Paragraphs that a recommendation names and no question comes from, each with the reason."""


@cache
def the_pack() -> Pack:
    return read_pack("transforming-rehabilitation-2014")


def the_form() -> Form:
    return the_pack().forms[-1]


def facts_of(recommendation: dict[str, Any]) -> dict[str, Value]:
    facts: dict[str, Value] = {}
    for name, key in FACTS.items():
        question, fact = the_form().by_name[name], recommendation[key]
        if question.type.name == "select_multiple":
            fact = tuple(choice.name for choice in question.choices if choice.name in fact)
        facts[name] = ", ".join(fact) if isinstance(fact, list) else fact
    return facts


def reference(recommendation: dict[str, Any]) -> str:
    return f"R{recommendation['number']:02}"


@cache
def sample() -> tuple[Case, ...]:
    """The recommendations as a lead's spreadsheet would bring them in."""
    file = io.StringIO()
    writer = csv.DictWriter(file, ["case", "inspector", "form", *FACTS])
    writer.writeheader()
    for recommendation in RECOMMENDATIONS:
        facts = {
            name: ", ".join(value) if isinstance(value, tuple) else value
            for name, value in facts_of(recommendation).items()
        }
        own = {"case": reference(recommendation), "inspector": "I1", "form": the_form().name}
        writer.writerow({**own, **facts})
    return tuple(read_sample(file.getvalue().encode(), the_pack()))


@cache
def cells(label: str) -> dict[str, dict[str, Any]]:
    """One row of the pack's table of recommendations: its cells by column."""
    pack = the_pack()
    table = next(table for table in pack.tables if table.name == "recommendations")
    columns = [column.name for column in table.columns or ()]
    rows: Any = table_document(pack, table, sample())["rows"]
    row = next(row for row in rows if row["label"] == label)
    return dict(zip(columns, row["cells"], strict=True))


def counted(label: str, column: str) -> dict[str, int]:
    """A cell's counts without the choices that nobody made."""
    return {name: count for name, count in cells(label)[column]["counts"].items() if count}


def references() -> Iterator[tuple[int, str]]:
    """Each recommendation's number with each paragraph it names."""
    for recommendation in RECOMMENDATIONS:
        for paragraph in recommendation["paragraphs"]:
            yield recommendation["number"], paragraph


@cache
def paragraphs_asked_about() -> frozenset[str]:
    """The paragraphs that questions of the other forms cite; a span ("1.1 to 1.32") is left out."""
    sources = [one.source or "" for form in the_pack().forms[:-1] for one in form.questions]
    single = " ; ".join(re.sub(r"\d\.\d+ to \d\.\d+", "", source) for source in sources)
    return frozenset(re.findall(r"(?<![\d.])[1-4]\.\d+", single))


# --- the form -----------------------------------------------------------------------------------


def test_recommendations_are_the_packs_last_form() -> None:
    form = the_form()
    assert (form.name, form.subject) == ("recommendation", "recommendation")
    assert the_pack().text(form.label) == "Recommendation"
    assert all(question.name.startswith("rc_") for question in form.questions)


def test_a_recommendation_counts_towards_no_score() -> None:
    questions = the_form().questions
    assert not any(one.criterion or one.is_judgement or one.headlines for one in questions)
    without, with_them = (score_cases(the_pack(), cases) for cases in ((), sample()))
    assert with_them.sections == without.sections
    assert with_them.headlines == without.headlines


def test_a_sample_file_brings_the_facts_and_what_should_be_done_is_asked_first() -> None:
    assert [dict(case.profile) for case in sample()] == [facts_of(one) for one in RECOMMENDATIONS]
    assert {Walk(the_pack(), case).at for case in sample()} == {"B1"}


@pytest.mark.parametrize("recommendation", RECOMMENDATIONS, ids=reference)
def test_a_recommendation_can_be_typed_from_first_to_last(recommendation: dict[str, Any]) -> None:
    pack, form = the_pack(), the_form()
    answers = {
        **facts_of(recommendation),
        "rc_action": "Ask sooner, 2 days ahead.",
        "rc_follow_up": "in_progress",
    }
    walk = Walk(pack, Case(reference(recommendation), form.name, inspector="I1"))
    for question in form.questions:
        assert walk.at == question.number
        walk.type(typed(question, answers[question.name], pack))
        assert walk.value(question.name) == answers[question.name]
    assert walk.at is None
    assert not form_state(form, walk.case).open


def test_owners_and_paragraphs_cannot_be_left_out() -> None:
    walk = Walk(the_pack(), Case("R01", the_form().name, inspector="I1"))
    walk.type("key", "court", "none")
    assert walk.at == "A3"
    walk.type("NPS", "court staff")
    walk.press("skip")
    still_open = {one.name for one in form_state(the_form(), walk.case).open_required}
    assert still_open == {"rc_paragraphs", "rc_action", "rc_follow_up"}


# --- what the report has ------------------------------------------------------------------------


def test_the_numbers_run_through_under_their_headings() -> None:
    under = [
        (number, heading["section"], heading["kind"])
        for heading in DATA["headings"]
        for number in range(heading["first"], heading["last"] + 1)
    ]
    assert [number for number, _, _ in under] == list(range(1, 68))
    assert [(one["number"], one["section"], one["kind"]) for one in RECOMMENDATIONS] == under


@pytest.mark.parametrize(
    ("column", "key", "other"),
    [
        ("all", 21, 46),
        ("court", 3, 13),
        ("interface", 9, 13),
        ("crc_start", 4, 11),
        ("nps_start", 5, 9),
    ],
)
def test_key_and_other_recommendations_are_counted(column: str, key: int, other: int) -> None:
    assert cells("Key or other")[column]["base"] == key + other
    assert counted("Key or other", column) == {"key": key, "other": other}


@pytest.mark.parametrize(
    ("column", "owners"),
    [
        ("all", {"moj": 1, "noms": 11, "nps": 42, "crc": 23}),
        ("court", {"moj": 1, "noms": 1, "nps": 15}),
        ("interface", {"noms": 7, "nps": 16, "crc": 8}),
        ("crc_start", {"crc": 15}),
        ("nps_start", {"noms": 3, "nps": 11}),
    ],
)
def test_owners_are_counted_in_each_section(column: str, owners: dict[str, int]) -> None:
    assert counted("Owner", column) == owners


def test_who_is_to_act_within_the_owner_is_counted() -> None:
    assert counted("Who within it", "all") == {
        "whole": 14,
        "all_staff": 4,
        "court_staff": 5,
        "offender_managers": 14,
        "managers": 14,
        "middle_managers": 1,
        "senior_managers": 9,
        "deputy_directors": 5,
        "chief_executives": 2,
    }


def _rank(printed: str) -> str:
    """``NPS court duty officers`` are court staff; ``All CRCs`` are the organisation as a whole."""
    no_rank = {"moj", "noms", "nps", "crc", "crcs", "and", "in", "the"}
    words = [word for word in re.findall(r"\w+", printed.casefold()) if word not in no_rank]
    if words[:1] == ["court"] or words[:2] == ["all", "court"]:
        return "court_staff"
    if words[:1] == ["all"] and words != ["all", "staff"]:
        words = words[1:]
    return "_".join(words) or "whole"


@pytest.mark.parametrize("recommendation", RECOMMENDATIONS, ids=reference)
def test_owners_are_those_that_are_printed(recommendation: dict[str, Any]) -> None:
    printed = recommendation["printed_owner"]
    named = {"MoJ": "moj", "NOMS": "noms", "NPS": "nps", "CRC": "crc"}
    assert set(recommendation["owners"]) == {
        owner for name, owner in named.items() if name in printed
    }
    staff = {_rank(part) for part in printed.split("; ")}
    assert set(recommendation["staff"]) == staff


# --- the paragraphs -----------------------------------------------------------------------------


def test_recommendations_and_paragraphs_name_each_other() -> None:
    """87 references, and the bold marks at the paragraphs' ends are the same 87."""
    marked = Counter(
        (number, mark["paragraph"]) for mark in DATA["marks"] for number in mark["recommendations"]
    )
    assert Counter(references()) == marked
    assert marked.total() == 87


def test_two_recommendations_reach_into_an_earlier_section() -> None:
    section = {one["number"]: 1 + SECTIONS.index(one["section"]) for one in RECOMMENDATIONS}
    elsewhere = {number for number, place in references() if int(place[0]) != section[number]}
    assert elsewhere == {17, 37}


def test_every_paragraph_is_behind_a_question_or_named_with_the_reason() -> None:
    named = {paragraph for _, paragraph in references()}
    assert len(named) == 76
    assert named - paragraphs_asked_about() == NOT_LINKED.keys()


def test_61_recommendations_lead_to_questions() -> None:
    linked = [number for number, place in references() if place in paragraphs_asked_about()]
    assert len(linked) == 73
    assert set(range(1, 68)) - set(linked) == {1, 30, 38, 42, 52, 63}


def test_the_instrument_goes_by_paragraph_3_15_where_recommendation_39_contradicts_it() -> None:
    """20 working days after the sentence; the recommendation has ten after the first meeting."""
    assert 39 in {one["recommendation"] for one in DATA["contradictions"]}
    form = the_pack().form("start-of-order")
    assert form is not None
    case = Case("C001", form.name)
    for name, value in {
        "so_sentenced": "2014-07-01",
        "so_arranged": "yes",
        "so_appointment_on": "2014-07-04",
        "so_assessed": "yes",
        "so_assessed_on": "2014-07-29",  # day 20, and day 17 after the first appointment
    }.items():
        case = case.answered(form.by_name[name], value, "I1", "2014-09-30T00:00:00Z")
    assert form_state(form, case).values["so_assessed_time"] == "in_time"
