"""What every store does: the contract of ``storage/store.py``."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import replace

import pytest

from criteria.case import Answer, Case, CaseKey
from criteria.case_json import case_to_json
from criteria.case_status import Status
from criteria.inspection import Role
from dialogs.session import Cursor, Session
from storage.changes import CaseImported
from storage.documents import OutboxMessage
from storage.errors import AlreadyThere, Conflict, NotFound, NotSaved, StoreError, WouldLose
from storage.journal import Entry, Snapshot
from storage.store import Store
from tests.changing import add_case, change_case, queue
from tests.storage.conftest import OpenStore, keep, open_case, opened
from tests.storage.stepping import C001, ID, LATER, answered, commit
from tests.storage.tiny import AT, CHAT, INSPECTOR, LEAD, tiny_inspection, tiny_pack


async def test_put_case_makes_the_stored_case_equal_and_says_whether_it_changed(
    inspected: Store, open_store: OpenStore
) -> None:
    answers = {"q1": Answer("yes", "seen", "I1", AT), "q3": Answer(("pcr", "oasys"))}
    wanted = Case("C001", "case-file", "I2", Status.SUBMITTED, {"age": 30}, answers)
    assert await inspected.put_case(ID, wanted, at=AT)
    assert not await inspected.put_case(ID, wanted, at=LATER)
    case, _, version = await (await open_store()).load_case(ID, C001, CHAT)
    assert case == wanted
    assert version == 2
    fewer = replace(wanted, answers={"q3": answers["q3"]}, profile={})
    assert await inspected.put_case(ID, fewer, at=LATER)
    assert (await (await open_store()).load_case(ID, C001, CHAT))[0] == fewer


async def test_put_case_adds_one_that_is_new(inspected: Store) -> None:
    assert await inspected.put_case(ID, Case("C010", "interview"), at=AT)
    assert Case("C010", "interview") in await inspected.cases(ID)


async def test_a_commit_is_there_for_the_next_process(
    inspected: Store, open_store: OpenStore
) -> None:
    seat = await opened(inspected, update=1)
    after = answered(seat, "q1", "yes", card=4)
    seat = await commit(inspected, seat, after, 2)
    assert seat.session == after
    for store in (inspected, await open_store()):
        again = await store.chat_state(CHAT)
        assert again == seat
        assert again is not None
        assert again.applied == {"1", "2"}


@pytest.mark.parametrize(
    "answer",
    [
        Answer(("pcr", "oasys"), "a note\nof “two” lines", "I1", AT),
        Answer(-3.25),
        Answer(2**60),
        Answer("\u200fשלום\u200f \0 😀 =SUM(A1)"),
        Answer(None, "still open"),
        Answer(()),
    ],
)
async def test_answers_of_every_kind_come_back_as_they_were(
    inspected: Store, open_store: OpenStore, answer: Answer
) -> None:
    seat = await opened(inspected)
    assert seat.session.case is not None
    case = replace(seat.session.case, answers={"q3": answer}, profile={"age": 41})
    await commit(inspected, seat, replace(seat.session, case=case))
    assert (await (await open_store()).load_case(ID, C001, CHAT))[0] == case


@pytest.mark.parametrize("value", [float("inf"), float("nan"), 10**30, "\ud800"])
async def test_what_cannot_be_kept_is_not_saved_and_changes_nothing(
    inspected: Store, open_store: OpenStore, value: float | str
) -> None:
    seat = await opened(inspected)
    assert seat.session.case is not None
    case = replace(seat.session.case, answers={"score": Answer(value)})
    with pytest.raises(NotSaved):
        await commit(inspected, seat, replace(seat.session, case=case))
    for store in (inspected, await open_store()):
        assert await store.chat_state(CHAT) == seat


async def test_an_answer_and_a_profile_value_can_be_taken_away(
    inspected: Store, open_store: OpenStore
) -> None:
    seat = await opened(inspected)
    seat = await commit(inspected, seat, answered(seat, "q1", "yes"))
    assert seat.session.case is not None
    bare = replace(seat.session.case, answers={}, profile={})
    await commit(inspected, seat, replace(seat.session, case=bare))
    assert (await (await open_store()).load_case(ID, C001, CHAT))[0] == bare


async def test_a_step_upon_an_old_version_is_a_conflict_and_changes_nothing(
    inspected: Store, open_store: OpenStore
) -> None:
    seat = await opened(inspected)
    other = await open_store()
    theirs = await other.chat_state(CHAT)
    assert theirs is not None
    await commit(other, theirs, answered(theirs, "q1", "no"))
    with pytest.raises(Conflict):
        await commit(inspected, seat, answered(seat, "q1", "yes"))
    again = await inspected.chat_state(CHAT)
    assert again is not None
    assert again.session.case is not None
    assert again.session.case.answers["q1"].value == "no"
    await commit(inspected, again, answered(again, "q1", "yes"))


async def test_a_step_upon_a_seat_from_before_a_leads_change_takes_nothing_of_it_back(
    inspected: Store,
) -> None:
    seat = await opened(inspected)
    case, _, version = await inspected.load_case(ID, C001, CHAT)
    await change_case(
        inspected, ID, case.assigned("I2"), expect=version, by="L1", at=LATER, event="CaseAssigned"
    )
    with pytest.raises(Conflict):
        await commit(inspected, seat, answered(seat, "q1", "yes"), 7)
    again = await inspected.chat_state(CHAT)
    assert again is not None
    assert again.session.case == case.assigned("I2")
    assert "7" not in again.applied
    await commit(inspected, again, answered(again, "q1", "yes"), 7)
    assert (await inspected.load_case(ID, C001, CHAT))[0].inspector == "I2"


async def test_two_chats_have_each_their_own_place_in_a_case(inspected: Store) -> None:
    await inspected.add_member(ID, "tg-56", LEAD, at=AT)
    seat = await opened(inspected)
    await commit(inspected, seat, answered(seat, "q1", "yes", card=7), 1)
    theirs = await inspected.chat_state("tg-56")
    assert theirs is not None
    theirs = await open_case(inspected, theirs, update=2)
    assert theirs.session.cursor == Cursor()
    assert theirs.session.case is not None
    assert theirs.session.case.answers["q1"].value == "yes"
    assert theirs.applied == {"2"}
    mine = await inspected.chat_state(CHAT)
    assert mine is not None
    assert mine.session.cursor == Cursor(7, ("q1",))


async def test_another_role_holds_from_the_next_event_on(
    inspected: Store, open_store: OpenStore
) -> None:
    seat = await opened(inspected)
    await (await open_store()).add_member(ID, CHAT, replace(INSPECTOR, role=Role.LEAD), at=AT)
    await inspected.members(ID)
    await commit(inspected, seat, answered(seat, "q1", "yes"))
    again = await inspected.chat_state(CHAT)
    assert again is not None
    assert again.member.role is Role.LEAD


async def test_a_chat_that_comes_back_to_a_case_finds_its_place(
    inspected: Store, open_store: OpenStore
) -> None:
    seat = await opened(inspected)
    await commit(inspected, seat, answered(seat, "q2", "yes", card=3))
    await opened(inspected, "C002")
    seat = await opened(await open_store())
    assert seat.session.cursor == Cursor(3, ("q2",))


async def test_what_was_applied_to_a_case_is_known_after_leaving_it(
    inspected: Store, open_store: OpenStore
) -> None:
    seat = await opened(inspected, update=1)
    await commit(inspected, seat, answered(seat, "q1", "yes"), 2)
    await opened(inspected, "C002", update=3)
    seat = await opened(await open_store(), "C002")
    assert seat.applied == {"1", "2", "3"}


async def test_a_language_is_the_chats_and_outlives_its_cases(
    inspected: Store, open_store: OpenStore
) -> None:
    seat = await opened(inspected)
    seat = await commit(inspected, seat, replace(seat.session, language="cy"), 9)
    assert (await inspected.load_case(ID, C001, CHAT))[2] == 1
    closed = await commit(inspected, seat, replace(seat.session, case=None, cursor=Cursor()))
    again = await (await open_store()).chat_state(CHAT)
    assert again is not None
    assert again.session == closed.session == Session("I1", "cy")
    assert "9" in again.applied


async def test_many_chats_at_once_keep_every_answer(
    inspected: Store, open_store: OpenStore
) -> None:
    cases = [Case(f"D{n:03}", "case-file") for n in range(40)]
    await inspected.create_inspection(tiny_inspection("many"), tiny_pack(), cases, at=AT)

    async def inspect(case: Case) -> None:
        chat = f"tg-{case.case}"
        await inspected.add_member("many", chat, INSPECTOR, at=AT)
        seat = await inspected.chat_state(chat)
        assert seat is not None
        seat = await open_case(inspected, seat, case.case)
        for name, value in (("q1", "yes"), ("q2", "no"), ("remarks", case.case)):
            await asyncio.sleep(0)
            seat = await commit(inspected, seat, answered(seat, name, value))

    await asyncio.gather(*map(inspect, cases))
    for case in await (await open_store()).cases("many"):
        assert {name: one.value for name, one in case.answers.items()} == {
            "q1": "yes",
            "q2": "no",
            "remarks": case.case,
        }


SECOND = CaseKey("C001", "case-file", 2)


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


SOON = "2026-11-20T10:01:30Z"


async def test_a_message_is_claimed_once_until_it_is_sent(inspected: Store) -> None:
    one, two = message("one"), message("two")
    await queue(inspected, [one, two], at=AT)
    assert await inspected.claim(one, at=AT)
    assert not await inspected.claim(one, at=AT)
    assert not await inspected.claim(one, at=SOON)
    assert not await inspected.claim(one, at=SOON.replace("10:01", "10:02"))  # it was prolonged
    assert await inspected.claim(two, at=AT)
    await inspected.sent(one, at=AT)
    assert not await inspected.claim(one, at=AT)
    await queue(inspected, [one], at=AT)
    assert await inspected.claim(one, at=AT)


async def test_a_claim_that_was_not_prolonged_is_over(inspected: Store) -> None:
    one = message("one")
    await queue(inspected, [one], at=AT)
    assert await inspected.claim(one, at=AT)
    assert await inspected.claim(one, at=LATER)


async def test_a_photo_comes_back_as_it_was(inspected: Store, open_store: OpenStore) -> None:
    content = bytes(range(256)) * 400
    await inspected.keep_file(ID, "C001-3f.jpg", content)
    await inspected.keep_file(ID, "C001-3f.jpg", b"another")
    await inspected.keep_file(ID, "C001-1.ogg", b"")
    store = await open_store()
    assert await store.file(ID, "C001-3f.jpg", None) == content
    assert await store.files(ID) == ["C001-1.ogg", "C001-3f.jpg"]
    with pytest.raises(NotFound):
        await store.file(ID, "C002-3f.jpg", None)


@pytest.mark.parametrize("name", ["../C001.jpg", "", "a/b"])
async def test_a_photos_name_that_is_no_file_name_is_refused(inspected: Store, name: str) -> None:
    with pytest.raises(StoreError):
        await inspected.keep_file(ID, name, b"")
    assert await inspected.files(ID) == []


async def test_two_cases_of_one_person_do_not_mix(inspected: Store) -> None:
    seat = await opened(inspected)
    seat = await commit(inspected, seat, answered(seat, "q1", "yes"))
    seat = await open_case(inspected, seat, "C002")
    await commit(inspected, seat, answered(seat, "q1", "no"))
    values = [case.answers.get("q1") for case in await inspected.cases(ID)]
    assert [one and one.value for one in values] == ["yes", "no", None]


async def test_an_answer_that_is_given_while_a_file_is_imported_is_not_lost(
    inspected: Store,
) -> None:
    version = (await inspected.cases(ID))[0].version
    seat = await opened(inspected, update=1)
    file = case_to_json(next(one for one in await inspected.cases(ID) if one.key == C001))
    imported = CaseImported(ID, {**file, "version": version, "inspector": "I9"})
    assert await inspected.losses([imported]) == []
    await commit(inspected, seat, answered(seat, "q1", "yes", card=4), 2)
    with pytest.raises(WouldLose, match="C001 inspector, C001 answers q1"):
        await inspected.import_case(imported, at=LATER)
    stored = next(one for one in await inspected.cases(ID) if one.key == C001)
    assert stored.answers["q1"].value == "yes"


async def test_an_import_that_is_overtaken_between_reading_and_writing_is_taken_anew(
    inspected: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    seat = await opened(inspected, update=1)
    stored = next(one for one in await inspected.cases(ID) if one.key == C001)
    file = case_to_json(stored) | {"version": stored.version, "inspector": "I9"}
    append = inspected.journal.append

    async def overtaken(entries: Sequence[Entry]) -> Sequence[Snapshot]:
        monkeypatch.undo()
        await commit(inspected, seat, answered(seat, "q1", "yes", card=4), 2)
        return await append(entries)

    monkeypatch.setattr(inspected.journal, "append", overtaken)
    with pytest.raises(WouldLose):
        await inspected.import_case(CaseImported(ID, file), at=LATER)
