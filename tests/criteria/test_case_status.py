"""A case moves only as the transitions say."""

from __future__ import annotations

import pytest

from criteria.case_status import TRANSITIONS, Move, Status, initial_status


def test_a_case_begins_assigned_where_it_has_an_inspector() -> None:
    assert initial_status("I1") is Status.ASSIGNED
    assert initial_status(None) is Status.UNASSIGNED


@pytest.mark.parametrize("status", Status)
def test_a_case_that_was_handed_in_takes_no_answer(status: Status) -> None:
    assert ((status, Move.ANSWER) in TRANSITIONS) is not status.is_in
    assert ((status, Move.SUBMIT) in TRANSITIONS) is not status.is_in


def test_only_a_submitted_case_is_agreed_or_reopened() -> None:
    for move in (Move.AGREE, Move.REOPEN):
        assert [before for before, one in TRANSITIONS if one is move] == [Status.SUBMITTED]


def test_an_answer_leaves_a_returned_case_returned() -> None:
    assert TRANSITIONS[Status.RETURNED, Move.ANSWER] is Status.RETURNED


def test_every_status_can_be_reached_from_a_new_case() -> None:
    reached = {Status.UNASSIGNED, Status.ASSIGNED}
    for _ in Status:
        reached |= {after for (before, _), after in TRANSITIONS.items() if before in reached}
    assert reached == set(Status)
