"""A case as tables, and back; what its steps changed."""

from __future__ import annotations

from dataclasses import replace

import pytest

from criteria.case import Answer, Case, Remark
from criteria.case_status import Status
from dialogs.events import GivenChange
from storage.case_tables import case_from_tables, case_patch, history_of
from storage.errors import NotSaved
from storage.journal import Line, Patch
from tests.storage.tiny import AT

CASE = Case(
    "C001",
    "case-file",
    "I1",
    Status.IN_PROGRESS,
    {"age": 30},
    {"q1": Answer("yes", "seen", "I1", AT), "q3": Answer(("pcr", "oasys"))},
    remarks=(Remark("q1", "look again", "L1", AT),),
)


def line(n: int, patch: Patch) -> Line:
    return Line(n, AT, "I1", "ChoiceTapped", patch, "")


def test_a_case_comes_back_from_its_tables() -> None:
    second = replace(CASE, reading=2)
    for case in (CASE, second):
        assert case_from_tables(case_patch(None, case)) == case


def test_a_step_writes_only_what_differs() -> None:
    after = replace(CASE, answers={**CASE.answers, "q1": Answer("no", None, "I1", AT)})
    answer = {"value": "no", "note": None, "by": "I1", "at": AT}
    assert case_patch(CASE, after) == {"answers": {"q1": answer}}
    assert case_patch(CASE, CASE) == {}


def test_what_is_taken_away_is_null_in_the_patch() -> None:
    after = replace(CASE, profile={}, remarks=())
    assert case_patch(CASE, after) == {"profile": {"age": None}, "remarks": {"1": None}}


@pytest.mark.parametrize("value", [float("inf"), float("nan")])
def test_a_number_that_json_has_not_is_refused(value: float) -> None:
    with pytest.raises(NotSaved, match="score"):
        case_patch(CASE, replace(CASE, answers={"score": Answer(value)}))


def test_the_history_leaves_out_where_chats_are() -> None:
    lines = [
        line(1, {"profile": {"age": {"value": 30}}, "updates": {"7": {"chat": "tg-1"}}}),
        line(2, {"profile": {"age": None}, "chats": {"tg-1": {}}}),
    ]
    first, second = history_of(lines)
    assert first.changes == (GivenChange("profile", "age", None, {"value": 30}),)
    assert second.changes == (GivenChange("profile", "age", {"value": 30}, None),)
