"""What each change comes to: what is kept of it, and what is refused."""

from __future__ import annotations

from dataclasses import replace

import pytest

from criteria.case import Case, Evidence, Remark
from criteria.case_status import Status
from criteria.inspection import Member, Role
from dialogs.events import GivenChange
from dialogs.session import Cursor, Session
from storage.changes import CaseChanged, FileAwaited, FileFetched
from storage.documents import AwaitedFile, Invitation
from storage.errors import AlreadyThere, Conflict, NotFound, StoreError
from storage.store import Store
from tests.changing import (
    add_case,
    add_invitation,
    change_case,
    change_member,
    join_with,
    remember_bot,
    revoke_invitation,
    set_record,
)
from tests.storage.conftest import OpenStore, opened
from tests.storage.stepping import C001, ID, LATER, answered, commit
from tests.storage.tiny import AT, CHAT, INSPECTOR, LEAD, tiny_cases, tiny_inspection, tiny_pack


@pytest.mark.parametrize("name", ["cheshire-2011", "Cheshire-2011"])
async def test_an_inspection_is_not_made_twice(inspected: Store, name: str) -> None:
    with pytest.raises(AlreadyThere):
        await inspected.create_inspection(tiny_inspection(name), tiny_pack(), [], at=AT)
    assert len(await inspected.cases(ID)) == 3


@pytest.mark.parametrize("name", ["", "..", "a/b", "a\\b", ".x", "con", "NUL.txt", "x" * 65, "a\0"])
async def test_an_id_that_is_no_file_name_is_refused(store: Store, name: str) -> None:
    with pytest.raises(StoreError):
        await store.create_inspection(tiny_inspection(name), tiny_pack(), [], at=AT)
    assert await store.inspections() == []


@pytest.mark.parametrize(
    ("case", "form"),
    [("../x", "case-file"), ("C/1", "case-file"), ("", "case-file"), ("C1", "../f"), ("C1", "")],
)
async def test_nothing_is_made_of_an_inspection_with_a_bad_case(
    store: Store, case: str, form: str
) -> None:
    with pytest.raises(StoreError):
        await store.create_inspection(
            tiny_inspection(), tiny_pack(), [*tiny_cases(), Case(case, form)], at=AT
        )
    assert await store.inspections() == []


async def test_nothing_is_made_of_an_inspection_with_a_case_twice(store: Store) -> None:
    cases = [*tiny_cases(), Case("c002", "case-file")]
    with pytest.raises(AlreadyThere, match="c002"):
        await store.create_inspection(tiny_inspection(), tiny_pack(), cases, at=AT)
    assert await store.inspections() == []


async def test_a_case_is_added_at_the_end_of_the_list(
    inspected: Store, open_store: OpenStore
) -> None:
    await add_case(inspected, ID, Case("C009", "case-file"), by="L1", at=AT)
    for store in (inspected, await open_store()):
        assert [one.case for one in await store.cases(ID)] == ["C001", "C002", "C001", "C009"]


def invitation(code_hash: str = "f" * 64) -> Invitation:
    return Invitation(code_hash, Role.INSPECTOR, "I1", "2026-12-01T00:00:00Z")


async def test_an_invitation_seats_the_chat_once(inspected: Store, open_store: OpenStore) -> None:
    await add_invitation(inspected, ID, invitation(), at=AT)
    assert await inspected.find_invitation("0" * 64) is None
    assert await inspected.find_invitation("f" * 64) == (tiny_inspection(), invitation())
    await join_with(inspected, ID, "f" * 64, "tg-56", LEAD, at=AT)
    with pytest.raises(Conflict):
        await join_with(inspected, ID, "f" * 64, "tg-57", INSPECTOR, at=AT)
    store = await open_store()
    seat = await store.chat_state("tg-56")
    assert seat is not None
    assert (seat.member, seat.session) == (LEAD, Session("L1"))
    assert await store.chat_state("tg-57") is None
    assert await store.members(ID) == {CHAT: INSPECTOR, "tg-56": LEAD}
    assert [one.used_by for one in await store.invitations(ID)] == ["tg-56"]


async def test_a_refused_invitation_leaves_the_chat_where_it_sat(inspected: Store) -> None:
    await inspected.create_inspection(tiny_inspection("kent"), tiny_pack(), [], at=AT)
    await add_invitation(inspected, "kent", replace(invitation(), used_by="tg-1"), at=AT)
    seat = await opened(inspected)
    with pytest.raises(Conflict):
        await join_with(inspected, "kent", "f" * 64, CHAT, INSPECTOR, at=AT)
    assert await inspected.chat_state(CHAT) == seat


async def test_joining_another_inspection_leaves_the_first_ones_case(
    inspected: Store, open_store: OpenStore
) -> None:
    await inspected.create_inspection(tiny_inspection("kent"), tiny_pack(), tiny_cases(), at=AT)
    seat = await opened(inspected)
    await commit(inspected, seat, answered(seat, "q1", "yes"), 7)
    await inspected.add_member("kent", CHAT, LEAD, at=AT)
    seat = await (await open_store()).chat_state(CHAT)
    assert seat is not None
    assert (seat.inspection.id, seat.member, seat.session.case) == ("kent", LEAD, None)
    assert "7" in seat.applied


async def test_where_nothing_differs_nothing_is_written(inspected: Store) -> None:
    seat = await opened(inspected)
    same = replace(seat.session, cursor=replace(seat.session.cursor))
    assert await commit(inspected, seat, same, None) is seat
    assert (await inspected.load_case(ID, C001, CHAT))[2] == seat.version


@pytest.mark.long
async def test_old_updates_are_forgotten_and_recent_ones_known(
    inspected: Store, open_store: OpenStore
) -> None:
    seat = await opened(inspected)
    for update in range(1, 1_001):
        seat = await commit(
            inspected, seat, answered(seat, "q1", "yes" if update % 2 else "no"), update
        )
        seat = replace(seat, session=replace(seat.session, cursor=Cursor(update + 1, ("q1",))))
    again = await (await open_store()).chat_state(CHAT)
    assert again is not None
    assert again.applied >= set(map(str, range(801, 1_001)))
    assert "1" not in again.applied
    assert len(again.applied) <= 600


async def test_the_bots_name_is_remembered(store: Store, open_store: OpenStore) -> None:
    assert await store.bot_username() is None
    await remember_bot(store, "casewalk_bot")
    await remember_bot(store, "other_bot")
    await remember_bot(store, "other_bot")
    assert await (await open_store()).bot_username() == "other_bot"


def with_remark(case: Case) -> Case:
    return replace(
        case,
        status=Status.RETURNED,
        remarks=(Remark("q1", "look again", "L1", AT), Remark(None, "nearly", "L1", AT)),
    )


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
    assert last.changes[0] == GivenChange(
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


async def test_a_file_is_awaited_until_it_was_fetched_or_lost(
    inspected: Store, open_store: OpenStore
) -> None:
    case, _, version = await inspected.load_case(ID, C001, CHAT)
    names = [f"C001-{sign * 24}" for sign in "ab"]
    files = [AwaitedFile(name, ID, "tg", CHAT, "AgAC", "photo", C001, AT) for name in names]
    awaited = [
        Evidence("question", "q1", "photo", name, by="I1", at=AT, state="awaited") for name in names
    ]
    after = CaseChanged(ID, replace(case, evidence=tuple(awaited)), version)
    await inspected.change(after, *map(FileAwaited, files), at=AT, by="I1", event="Given")
    assert await inspected.awaited_files() == files
    other = await open_store()
    assert await other.claim_file(files[0], at=AT)
    await other.fetched(FileFetched(files[0], "image/png", "photo", "f" * 64), at=LATER)
    await other.fetched(FileFetched(files[1]), at=LATER)
    for store in (inspected, await open_store()):
        assert await store.awaited_files() == []
        assert not await store.claim_file(files[0], at=LATER)
        kept, _, _ = await store.load_case(ID, C001, CHAT)
        assert [(one.state, one.type) for one in kept.evidence] == [
            ("there", "image/png"), ("removed", None)
        ]  # fmt: skip


async def test_a_role_is_changed_and_somebody_is_taken_out(
    inspected: Store, open_store: OpenStore
) -> None:
    await inspected.add_member(ID, "tg-56", LEAD, at=AT)
    await change_member(inspected, ID, CHAT, Member("I1", Role.LEAD), by="L1", at=AT)
    assert (await inspected.members(ID))[CHAT] == Member("I1", Role.LEAD)
    assert await inspected.former_people(ID) == {}
    await change_member(inspected, ID, CHAT, None, by="L1", at=AT)
    await change_member(inspected, ID, "tg-99", None, by="L1", at=AT)
    for store in (inspected, await open_store()):
        assert await store.members(ID) == {"tg-56": LEAD}
        assert await store.former_people(ID) == {"I1": CHAT}
        assert await store.chat_state(CHAT) is None


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
