"""What every store keeps beside the answers: the second half of the contract of ``store.py``.

Leads' changes, second readings, people, records, the outbox, photos, and the history of it all.
"""

from __future__ import annotations

from dataclasses import replace

import pytest

from criteria.case import Answer, Case, CaseKey, Evidence, Remark
from criteria.case_status import Status
from criteria.inspection import Member, Role
from criteria.relevance import Progress
from storage.case_tables import HistoryChange
from storage.changes import ChatState, Invitation, OutboxMessage
from storage.errors import AlreadyThere, Conflict, NotFound, StoreError
from storage.store import Store
from tests.changing import (
    add_case,
    add_invitation,
    change_case,
    change_member,
    join_with,
    queue,
    revoke_invitation,
    set_record,
)
from tests.storage.conftest import OpenStore, keep, open_case, opened
from tests.storage.test_store import C001, ID, LATER, answered, commit
from tests.storage.tiny import AT, CHAT, INSPECTOR, LEAD, tiny_inspection, tiny_pack

SECOND = CaseKey("C001", "case-file", 2)


def with_remark(case: Case) -> Case:
    return replace(
        case,
        status=Status.RETURNED,
        remarks=(Remark("q1", "look again", "L1", AT), Remark(None, "nearly", "L1", AT)),
    )


# --- a lead's changes --------------------------------------------------------------------------


async def test_a_leads_change_is_kept_with_who_when_and_why(
    inspected: Store, open_store: OpenStore
) -> None:
    case, _, version = await inspected.load_case(ID, C001, CHAT)
    await change_case(
        inspected,
        ID,
        with_remark(case),
        expect=version,
        by="L1",
        at=LATER,
        event="CaseReturned",
        why="gaps",
    )
    again = await open_store()
    assert (await again.load_case(ID, C001, CHAT))[0] == with_remark(case)
    last = (await again.history(ID, C001))[-1]
    assert (last.at, last.by, last.event, last.why) == (LATER, "L1", "CaseReturned", "gaps")
    head = {"case": "C001", "form": "case-file", "inspector": "I1"}
    assert last.changes[0] == HistoryChange(
        "case", "case", {**head, "status": "assigned"}, {**head, "status": "returned"}
    )
    assert [(one.table, one.name, one.before) for one in last.changes[1:]] == [
        ("remarks", "1", None),
        ("remarks", "2", None),
    ]


async def test_a_change_of_a_case_that_moved_on_is_a_conflict(inspected: Store) -> None:
    case, _, version = await inspected.load_case(ID, C001, CHAT)
    seat = await opened(inspected)
    await commit(inspected, seat, answered(seat, "q1", "yes"))
    with pytest.raises(Conflict):
        await change_case(
            inspected, ID, with_remark(case), expect=version, by="L1", at=AT, event="CaseReturned"
        )
    assert (await inspected.load_case(ID, C001, CHAT))[0].remarks == ()


async def test_a_change_that_changes_nothing_is_no_step(inspected: Store) -> None:
    case, _, version = await inspected.load_case(ID, C001, CHAT)
    await change_case(inspected, ID, case, expect=version, by="L1", at=AT, event="CaseAssigned")
    assert (await inspected.load_case(ID, C001, CHAT))[2] == version


async def test_an_unknown_case_is_not_changed(inspected: Store) -> None:
    with pytest.raises(NotFound):
        await change_case(
            inspected, ID, Case("C404", "case-file"), expect=1, by="L1", at=AT, event="CaseAssigned"
        )


async def test_remarks_go_and_attachments_stay_in_their_order(
    inspected: Store, open_store: OpenStore
) -> None:
    case, _, version = await inspected.load_case(ID, C001, CHAT)
    photos = tuple(
        Evidence("question", "q1", "photo", f"C001-{n}.jpg", by="I1", at=AT) for n in range(12)
    )
    full = replace(with_remark(case), evidence=photos)
    await change_case(inspected, ID, full, expect=version, by="L1", at=AT, event="CaseReturned")
    fewer = replace(full, remarks=(), evidence=photos[:11])
    await change_case(inspected, ID, fewer, expect=version + 1, by="I1", at=AT, event="Submitted")
    assert (await (await open_store()).load_case(ID, C001, CHAT))[0] == fewer


# --- second readings ---------------------------------------------------------------------------


async def test_a_second_reading_is_a_case_of_its_own(
    inspected: Store, open_store: OpenStore
) -> None:
    second = Case("C001", "case-file", "I2", Status.ASSIGNED, {"gender": "male"}, reading=2)
    await add_case(inspected, ID, second, by="L1", at=AT)
    with pytest.raises(AlreadyThere):
        await add_case(inspected, ID, replace(second, case="c001"), by="L1", at=AT)
    seat = await opened(inspected)
    await commit(inspected, seat, answered(seat, "q1", "yes"))
    for store in (inspected, await open_store()):
        assert await store.cases(ID, reading=2) == [second]
        assert len(await store.cases(ID)) == 3
        assert [one.key for one in await store.overview(ID, reading=2)] == [SECOND]
        first, _, _ = await store.load_case(ID, C001, CHAT)
        assert first.answers["q1"].value == "yes"
        assert (await store.load_case(ID, SECOND, CHAT))[0] == second


async def test_a_chat_comes_back_to_the_reading_it_had_open(
    inspected: Store, open_store: OpenStore
) -> None:
    await add_case(inspected, ID, Case("C001", "case-file", "I1", reading=2), by="L1", at=AT)
    seat = await inspected.chat_state(CHAT)
    assert seat is not None
    case, cursor, version = await inspected.load_case(ID, SECOND, CHAT)
    await keep(inspected, seat, replace(seat.session, case=case, cursor=cursor), version=version)
    again = await (await open_store()).chat_state(CHAT)
    assert again is not None
    assert again.session.case == case


async def test_the_overview_tells_how_far_each_criterion_is(inspected: Store) -> None:
    seat = await opened(inspected)
    await commit(inspected, seat, answered(seat, "q1", "yes"))
    first = (await inspected.overview(ID))[0]
    assert first.by_criterion == {None: Progress(1, 7), "c1": Progress(1, 2)}
    assert (first.inspector, first.status, first.at) == ("I1", Status.ASSIGNED, AT)


async def test_a_case_whose_form_the_pack_has_not_is_listed_as_damaged(inspected: Store) -> None:
    await inspected.put_case(ID, Case("C010", "unheard-of"), at=AT)
    *others, last = await inspected.overview(ID)
    assert "unheard-of" in (last.damaged or "")
    assert [one.damaged for one in others] == [None, None, None]


# --- people ------------------------------------------------------------------------------------


async def test_a_role_is_changed_and_somebody_is_taken_out(
    inspected: Store, open_store: OpenStore
) -> None:
    await inspected.add_member(ID, "tg-56", LEAD, at=AT)
    await change_member(inspected, ID, CHAT, Member("I1", Role.LEAD), by="L1", at=AT)
    assert (await inspected.members(ID))[CHAT] == Member("I1", Role.LEAD)
    assert await inspected.former_people(ID) == frozenset()
    await change_member(inspected, ID, CHAT, None, by="L1", at=AT)
    await change_member(inspected, ID, "tg-99", None, by="L1", at=AT)
    for store in (inspected, await open_store()):
        assert await store.members(ID) == {"tg-56": LEAD}
        assert await store.former_people(ID) == {"I1"}
        assert await store.chat_state(CHAT) is None


async def test_memberships_are_every_inspection_of_a_chat(inspected: Store) -> None:
    await inspected.create_inspection(tiny_inspection("kent"), tiny_pack(), [], at=AT)
    await inspected.add_member("kent", CHAT, LEAD, at=AT)
    assert await inspected.memberships(CHAT) == [
        (tiny_inspection(), INSPECTOR),
        (tiny_inspection("kent"), LEAD),
    ]
    assert await inspected.memberships("tg-99") == []


async def test_an_unused_invitation_is_taken_back_and_a_used_one_stays(inspected: Store) -> None:
    used, unused = (
        Invitation(sign * 64, Role.INSPECTOR, f"I{sign}", "2026-12-01T00:00:00Z") for sign in "ab"
    )
    for invitation in (used, unused):
        await add_invitation(inspected, ID, invitation, at=AT)
    await join_with(inspected, ID, used.code_hash, "tg-7", Member("Ia", Role.INSPECTOR), at=AT)
    for code_hash in (used.code_hash, unused.code_hash, "c" * 64):
        await revoke_invitation(inspected, ID, code_hash, by="L1", at=AT)
    assert await inspected.invitations(ID) == [replace(used, used_by="tg-7")]
    with pytest.raises(Conflict):
        await join_with(inspected, ID, unused.code_hash, "tg-8", INSPECTOR, at=AT)
    assert await inspected.chat_state("tg-8") is None


# --- records -----------------------------------------------------------------------------------


async def test_records_are_kept_replaced_and_taken_away_in_their_order(
    inspected: Store, open_store: OpenStore
) -> None:
    assert await inspected.records(ID, "adjustments") == {}
    texts = {"c9": "größer\n", "c1": "NUL \0 and \ufdd0f1", "headline": "x" * 5_000}
    for name, text in texts.items():
        await set_record(inspected, ID, "adjustments", name, {"why": text}, by="L1", at=AT)
    await set_record(inspected, ID, "adjustments", "c9", {"why": "less"}, by="L1", at=AT)
    await set_record(inspected, ID, "adjustments", "headline", None, by="L1", at=AT)
    await set_record(inspected, ID, "adjustments", "never", None, by="L1", at=AT)
    for store in (inspected, await open_store()):
        kept = await store.records(ID, "adjustments")
        assert list(kept.items()) == [("c9", {"why": "less"}), ("c1", {"why": texts["c1"]})]
        assert await store.records(ID, "key_findings") == {}


async def test_a_record_is_replaced_only_where_the_expected_one_stands(
    inspected: Store, open_store: OpenStore
) -> None:
    other = await open_store()
    first, second = {"last": None}, {"last": "2026-11-20"}
    await set_record(inspected, ID, "digests", CHAT, first, by=None, at=AT, expect=None)
    for expect in (None, second):
        with pytest.raises(Conflict):
            await set_record(other, ID, "digests", CHAT, second, by=None, at=AT, expect=expect)
    await set_record(other, ID, "digests", CHAT, second, by=None, at=AT, expect=first)
    with pytest.raises(Conflict):
        await set_record(inspected, ID, "digests", CHAT, None, by=None, at=AT, expect=first)
    assert await inspected.records(ID, "digests") == {CHAT: second}


# --- messages that are to be sent ------------------------------------------------------------


def message(name: str, at: str = AT, case: CaseKey | None = C001) -> OutboxMessage:
    return OutboxMessage(name, ID, "tg", CHAT, "submitted", case, at)


async def test_a_message_is_in_the_outbox_until_it_is_sent(
    inspected: Store, open_store: OpenStore
) -> None:
    late, early = message("late", LATER, SECOND), message("early", AT, None)
    await queue(inspected, [late], at=AT)
    await queue(inspected, [early, early], at=AT)
    await queue(inspected, [], at=AT)
    for store in (inspected, await open_store()):
        assert await store.outbox() == [early, late]
    await inspected.sent(early, at=AT)
    await inspected.sent(early, at=AT)
    assert await (await open_store()).outbox() == [late]


async def test_a_message_is_claimed_once_until_it_is_sent(inspected: Store) -> None:
    one, two = message("one"), message("two")
    await queue(inspected, [one, two], at=AT)
    assert await inspected.claim(one, at=AT)
    assert not await inspected.claim(one, at=AT)
    assert not await inspected.claim(one, at=LATER)
    assert await inspected.claim(two, at=AT)
    await inspected.sent(one, at=AT)
    assert not await inspected.claim(one, at=AT)
    await queue(inspected, [one], at=AT)
    assert await inspected.claim(one, at=AT)


# --- photos --------------------------------------------------------------------------------------


async def test_a_photo_comes_back_as_it_was(inspected: Store, open_store: OpenStore) -> None:
    content = bytes(range(256)) * 400
    await inspected.keep_file(ID, "C001-3f.jpg", content)
    await inspected.keep_file(ID, "C001-3f.jpg", b"another")
    await inspected.keep_file(ID, "C001-1.ogg", b"")
    store = await open_store()
    assert await store.file(ID, "C001-3f.jpg") == content
    assert await store.files(ID) == ["C001-1.ogg", "C001-3f.jpg"]
    with pytest.raises(NotFound):
        await store.file(ID, "C002-3f.jpg")


@pytest.mark.parametrize("name", ["../C001.jpg", "", "a/b"])
async def test_a_photos_name_that_is_no_file_name_is_refused(inspected: Store, name: str) -> None:
    with pytest.raises(StoreError):
        await inspected.keep_file(ID, name, b"")
    assert await inspected.files(ID) == []


# --- what happened -------------------------------------------------------------------------------


async def test_the_history_tells_before_and_after(inspected: Store) -> None:
    seat: ChatState = await opened(inspected)
    seat = await commit(inspected, seat, answered(seat, "q1", "yes"), 4)
    assert seat.session.case is not None
    note = Answer("no", "why \0", "I1", LATER)
    changed = replace(seat.session.case, answers={"q1": note})
    await commit(inspected, seat, replace(seat.session, case=changed), 5)
    *_, first, second = await inspected.history(ID, C001)
    yes = {"value": "yes", "note": None, "by": "I1", "at": AT}
    no = {"value": "no", "note": "why \0", "by": "I1", "at": LATER}
    assert first.changes == (HistoryChange("answers", "q1", None, yes),)
    assert second.changes == (HistoryChange("answers", "q1", yes, no),)


async def test_two_cases_of_one_person_do_not_mix(inspected: Store) -> None:
    seat = await opened(inspected)
    seat = await commit(inspected, seat, answered(seat, "q1", "yes"))
    seat = await open_case(inspected, seat, "C002")
    await commit(inspected, seat, answered(seat, "q1", "no"))
    values = [case.answers.get("q1") for case in await inspected.cases(ID)]
    assert [one and one.value for one in values] == ["yes", "no", None]
