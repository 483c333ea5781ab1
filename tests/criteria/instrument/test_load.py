"""Groups of a survey: a tree, and the flat view of it that everything else works on."""

from __future__ import annotations

from typing import Any

from criteria.case import Case
from criteria.instrument.check.pack import check_pack
from criteria.instrument.load import load_pack
from criteria.instrument.pack import Form, Group
from criteria.question import Question
from criteria.relevance import form_state
from tests.criteria.instrument.small_pack import a_pack

SURVEY: list[dict[str, Any]] = [
    {"type": "select_one fact", "name": "order", "label": "Is there an order?"},
    {"type": "begin group", "name": "contact", "relevant": "${order} = 'yes'",
     "label": "Contact", "appearance": "field-list"},
    {"type": "integer", "name": "visits", "label": "How many visits?"},
    {"type": "begin group", "name": "missed", "relevant": "${visits} < 4"},
    {"type": "select_one fact", "name": "why", "label": "Is it known why?"},
    {"type": "text", "name": "reason", "label": "Why?", "relevant": "${why} = 'yes'"},
    {"type": "end group"},
    {"type": "date", "name": "last", "label": "When was the last?"},
    {"type": "end group", "name": "contact"},
    {"type": "text", "name": "rest", "label": "Anything else?"},
]  # fmt: skip


def a_form() -> Form:
    pack = a_pack()
    pack["forms"][1]["survey"] += SURVEY
    assert [issue for issue in check_pack(pack) if issue.is_error] == []
    return load_pack(pack).forms[1]


FORM = a_form()


def applying(**answers: Any) -> list[str]:
    case = Case("C001", FORM.name)
    for name, value in answers.items():
        case = case.answered(FORM.by_name[name], value, "I1", "2026-11-20T10:00:00Z")
    names = [row["name"] for row in SURVEY if row["type"] not in ("begin group", "end group")]
    return [one.name for one in form_state(FORM, case).relevant if one.name in names]


def test_a_form_is_a_tree() -> None:
    contact, rest = FORM.children[-2:]
    assert isinstance(contact, Group)
    assert isinstance(rest, Question)
    assert (contact.name, contact.appearance) == ("contact", "field-list")
    visits, missed, last = contact.children
    assert isinstance(missed, Group)
    assert [one.name for one in (visits, *missed.children, last)] == [
        "visits", "why", "reason", "last",
    ]  # fmt: skip


def test_its_flat_view_is_in_the_surveys_order_and_numbered() -> None:
    assert [one.index for one in FORM.questions] == list(range(len(FORM.questions)))
    assert [one.name for one in FORM.questions[-6:]] == [
        "order", "visits", "why", "reason", "last", "rest",
    ]  # fmt: skip
    assert FORM.by_name["why"] is FORM.questions[-4]
    assert FORM.questions is FORM.questions


def test_a_groups_relevance_holds_for_everything_in_it() -> None:
    assert applying() == ["order", "rest"]
    assert applying(order="yes") == ["order", "visits", "last", "rest"]
    assert applying(order="yes", visits=3) == ["order", "visits", "why", "last", "rest"]
    assert applying(order="yes", visits=3, why="yes") == [
        "order", "visits", "why", "reason", "last", "rest",
    ]  # fmt: skip
    assert applying(order="no", visits=3, why="yes") == ["order", "rest"]


def test_a_question_says_the_whole_of_when_it_is_asked() -> None:
    reason = FORM.by_name["reason"]
    assert reason.relevant is not None
    assert reason.relevant.source == "((${order} = 'yes') and (${visits} < 4)) and (${why} = 'yes')"
    assert reason.depends_on == {"order", "visits", "why"}
