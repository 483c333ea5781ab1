"""Which questions of a case apply, and how far it is."""

from __future__ import annotations

from datetime import date

import pytest

from criteria.case import Answer, Case
from criteria.instrument.load import load_pack
from criteria.question import Value
from criteria.relevance import Progress, form_state, progress_by_criterion, progress_of
from tests.walk import TINY, tiny_pack

FORM = tiny_pack().forms[0]


def case(**answers: Value) -> Case:
    return Case("C001", "case-file", answers={name: Answer(v) for name, v in answers.items()})


def test_a_question_applies_when_its_expression_holds() -> None:
    names = [question.name for question in form_state(FORM, case(told="yes")).relevant]
    assert "how_well" in names
    names = [question.name for question in form_state(FORM, case(told="no")).relevant]
    assert "how_well" not in names


def test_an_unanswered_question_reads_as_empty() -> None:
    assert "how_well" not in [question.name for question in form_state(FORM, case()).relevant]


@pytest.mark.parametrize(
    ("relevant", "visits", "asks"),
    [
        ("${visits} > 3", None, False),
        ("not(${visits} > 3)", None, False),
        ("not(${visits} > 3)", "na", False),
        ("not(${visits} > 3)", 2, True),
        ("${visits} = ''", "na", True),
        ("${visits} != ''", "na", False),
        ("${visits} = 'na'", "na", True),
        ("${visits} > 3 or ${visits} = ''", None, True),
    ],
)
def test_a_relevant_that_is_nothing_does_not_ask(
    relevant: str, visits: Value | None, *, asks: bool
) -> None:
    survey = [
        {"type": "integer", "name": "visits", "label": "Visits?", "na": True},
        {"type": "text", "name": "more", "label": "More?", "relevant": relevant},
    ]
    form = load_pack({**TINY, "forms": [{**TINY["forms"][0], "survey": survey}]}).forms[0]
    state = form_state(form, case(**({} if visits is None else {"visits": visits})))
    assert ("more" in [question.name for question in state.relevant]) is asks


def test_a_constraint_breaks_once_what_it_names_is_known_and_speaks_against_it() -> None:
    survey = [
        {"type": "date", "name": "moved", "label": "Moved?", "na": True},
        {"type": "date", "name": "seen", "label": "Seen?", "constraint": ". >= ${moved}"},
    ]
    form = load_pack({**TINY, "forms": [{**TINY["forms"][0], "survey": survey}]}).forms[0]

    def broken(**answers: Value) -> list[str]:
        return [question.name for question in form_state(form, case(**answers)).broken]

    assert broken(seen="2014-06-02") == []
    assert broken(seen="2014-06-02", moved="na") == []
    assert broken(seen="2014-06-02", moved="2014-06-02") == []
    assert broken(seen="2014-06-02", moved="2014-06-03") == ["seen"]


@pytest.mark.parametrize(
    ("constraint", "value", "answered", "is_broken"),
    [
        (". <= today()", "2026-11-30", 30, False),
        (". <= today()", "2026-12-01", 30, True),
        (". <= today()", "2026-11-30", 29, False),
        (". >= today()", "2026-11-29", 29, False),
        (". >= today()", "2026-11-28", 29, True),
    ],
)
def test_an_answer_breaks_today_only_where_it_broke_its_constraint_on_its_own_day_too(
    constraint: str, value: str, answered: int, *, is_broken: bool
) -> None:
    survey = [{"type": "date", "name": "seen", "label": "Seen?", "constraint": constraint}]
    form = load_pack({**TINY, "forms": [{**TINY["forms"][0], "survey": survey}]}).forms[0]
    state = form_state(form, case(seen=value))
    own = date(2026, 11, answered)
    assert bool(state.broken_on(date(2026, 11, 30), lambda _: own)) is is_broken
    assert not state.broken, "without a day nothing is said"


def test_a_hidden_answer_reads_as_empty_to_what_depends_on_it() -> None:
    document = {**TINY}
    survey = [dict(question) for question in TINY["forms"][0]["survey"]]
    survey[-1]["relevant"] = "${how_well} = 'partly'"
    document["forms"] = [{**TINY["forms"][0], "survey": survey}]
    form = load_pack(document).forms[0]
    state = form_state(form, case(told="no", how_well="partly"))
    assert "kept" not in [question.name for question in state.relevant]


def test_progress_is_answered_of_relevant() -> None:
    state = form_state(FORM, case(told="yes", kept="fully"))
    assert progress_of(state) == Progress(2, 8)
    assert progress_by_criterion(state)["c1"] == Progress(1, 3)


def test_a_note_without_an_answer_leaves_the_question_open() -> None:
    noted = Case("C001", "case-file", answers={"told": Answer(None, "see page 3")})
    assert "told" in [question.name for question in form_state(FORM, noted).open]


def test_a_calculate_is_worked_out_from_what_stands_before_it() -> None:
    document = {**TINY}
    survey = [dict(question) for question in TINY["forms"][0]["survey"]]
    survey.append(
        {
            "type": "calculate",
            "name": "in_time",
            "choices": "yes_no",
            "calculation": "if(working_days(${moved}, '2014-06-10') <= 5, 'yes', 'no')",
            "criterion": "c2",
        }
    )
    document["forms"] = [{**TINY["forms"][0], "survey": survey}]
    form = load_pack(document).forms[0]
    assert form_state(form, case(moved="2014-06-03")).values["in_time"] == "yes"
    assert form_state(form, case(moved="2014-06-02")).values["in_time"] == "no"
