"""A case and its answers: what may happen to it, and its JSON there and back."""

from __future__ import annotations

from dataclasses import replace
from itertools import product

import pytest

from criteria.case import Answer, Case, CaseKey, Evidence, EvidenceKind, Remark
from criteria.case_status import TRANSITIONS, Move, Status
from tests.walk import tiny_pack

AT, LATER = "2026-11-20T10:00:00Z", "2026-11-20T11:00:00Z"
LOOK = Remark("told", "look again", "L1", AT)
FORM = tiny_pack().case_form
TOLD, SEX = FORM.by_name["told"], FORM.by_name["sex"]


def a_case(status: Status, **fields: object) -> Case:
    return replace(Case("C001", "case-file", "I1", status), **fields)  # type: ignore[arg-type]  # as named


def test_what_may_happen_to_a_case_follows_from_where_it_stands() -> None:
    allowed = {
        Status.UNASSIGNED: {Move.ANSWER, Move.SUBMIT},
        Status.ASSIGNED: {Move.ANSWER, Move.SUBMIT},
        Status.IN_PROGRESS: {Move.ANSWER, Move.SUBMIT},
        Status.SUBMITTED: {Move.REOPEN, Move.RETURN, Move.AGREE},
        Status.RETURNED: {Move.ANSWER, Move.SUBMIT, Move.RETURN},
        Status.AGREED: {Move.RETURN},
    }
    assert set(TRANSITIONS) == {(status, move) for status in allowed for move in allowed[status]}
    for status, move in product(Status, Move):
        case = a_case(status)
        moved = case.moved(move)
        assert (moved is None) == (move not in allowed[status])
        assert case == a_case(status), "what may not happen changes nothing"


def test_a_returned_case_stays_returned_while_it_is_answered() -> None:
    returned = a_case(Status.SUBMITTED).returned(LOOK)
    assert returned is not None
    answered = returned.answered(TOLD, "no", "I1", LATER).moved(Move.ANSWER)
    assert answered is not None
    assert (answered.status, answered.remarks) == (Status.RETURNED, (LOOK,))


def test_remarks_gather_until_the_case_is_submitted_again() -> None:
    returned = a_case(Status.AGREED).returned(LOOK)
    assert returned is not None
    whole = Remark(None, "and tell me more", "L1", LATER)
    again = returned.returned(whole)
    assert again is not None
    assert again.remarks == (LOOK, whole)
    assert (again.remarks_on(TOLD), again.remarks_on(None)) == ((LOOK,), (whole,))
    assert again.remarks_on(SEX) == ()
    submitted = again.moved(Move.SUBMIT)
    assert submitted is not None
    assert (submitted.status, submitted.remarks) == (Status.SUBMITTED, ())


@pytest.mark.parametrize("status", [Status.UNASSIGNED, Status.ASSIGNED, Status.IN_PROGRESS])
def test_what_is_not_in_is_not_returned(status: Status) -> None:
    assert a_case(status).returned(LOOK) is None


@pytest.mark.parametrize(
    ("status", "inspector", "after"),
    [
        (Status.UNASSIGNED, "I2", Status.ASSIGNED),
        (Status.ASSIGNED, "I2", Status.ASSIGNED),
        (Status.ASSIGNED, None, Status.UNASSIGNED),
        (Status.IN_PROGRESS, "I2", Status.IN_PROGRESS),
        (Status.IN_PROGRESS, None, Status.IN_PROGRESS),
        (Status.RETURNED, "I2", Status.RETURNED),
        (Status.SUBMITTED, "I2", Status.SUBMITTED),
    ],
)
def test_assigning_moves_only_a_case_that_is_not_begun(
    status: Status, inspector: str | None, after: Status
) -> None:
    before = a_case(status, answers={"told": Answer("yes", by="I1", at=AT)})
    assigned = before.assigned(inspector)
    assert (assigned.inspector, assigned.status) == (inspector, after)
    assert assigned.answers == before.answers


def test_an_answer_keeps_the_note_that_stands_there_and_its_kind() -> None:
    noted = a_case(Status.ASSIGNED).noted(TOLD, "seen", "I1", AT, EvidenceKind.STRENGTH)
    assert noted.answers["told"] == Answer(None, "seen", "I1", AT, EvidenceKind.STRENGTH)
    answered = noted.answered(TOLD, "yes", "I1", LATER)
    assert answered.answers["told"] == Answer("yes", "seen", "I1", LATER, EvidenceKind.STRENGTH)
    assert answered.noted(TOLD, None, "I1", LATER).note(TOLD) is None
    assert noted.noted(TOLD, None, "I1", LATER).answers == {}


def test_the_two_readings_of_a_case_have_keys_of_their_own() -> None:
    second = a_case(Status.ASSIGNED, reading=2)
    assert second.key == CaseKey("C001", "case-file", 2)
    assert second.key.other_reading == a_case(Status.ASSIGNED).key
    assert second.key.other_reading.other_reading == second.key


def test_notes_remarks_and_captions_stand_in_no_representation() -> None:
    assert "seen" not in repr(Answer("yes", "seen"))
    assert "look again" not in repr(LOOK)
    assert "a page" not in repr(
        Evidence("question", "told", "photo", "C001-a.jpg", caption="a page")
    )


def test_evidence_is_found_by_its_question_unless_it_was_taken_away() -> None:
    here = Evidence("question", "told", "photo", "C001-a.jpg", state="awaited")
    others = (
        Evidence("question", "told", "photo", "C001-b.jpg", state="removed"),
        Evidence("question", "papers", "photo", "C001-c.jpg"),
        Evidence("criterion", "told", "photo", "C001-d.jpg"),
    )
    assert a_case(Status.IN_PROGRESS, evidence=(here, *others)).evidence_on(TOLD) == (here,)
