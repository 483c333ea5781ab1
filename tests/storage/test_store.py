"""What every store does: the contract of ``storage/store.py``."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest

from criteria.case import Answer, Case, CaseKey
from criteria.case_status import Status
from criteria.inspection import Role
from criteria.relevance import Progress
from dialogs.session import Cursor, Session
from storage.case_tables import HistoryChange
from storage.changes import ChatState, Invitation
from storage.errors import AlreadyThere, Conflict, NotFound, NotSaved, StoreError
from storage.store import Store
from tests.changing import add_case, add_invitation, change_case, join_with, remember_bot
from tests.storage.conftest import OpenStore, keep, open_case, opened
from tests.storage.tiny import (
    AT,
    CHAT,
    INSPECTOR,
    LEAD,
    tiny_cases,
    tiny_inspection,
    tiny_pack,
)

ID = "cheshire-2011"
C001 = CaseKey("C001", "case-file")
LATER = "2026-11-20T11:00:00Z"


def answered(seat: ChatState, name: str, value: str, *, card: int = 1) -> Session:
    case = seat.session.case
    assert case is not None
    question = tiny_pack().forms[0].by_name[name]
    return replace(
        seat.session,
        case=case.answered(question, value, "I1", AT),
        cursor=Cursor(card, (name,)),
    )


async def commit(
    store: Store, seat: ChatState, after: Session, update: int | None = None
) -> ChatState:
    return await keep(store, seat, after, update)


# --- inspections -----------------------------------------------------------------------------


async def test_an_inspection_comes_back_with_its_pack_and_cases(
    inspected: Store, open_store: OpenStore
) -> None:
    again = await open_store()
    assert await again.inspection(ID) == tiny_inspection()
    assert await again.inspections() == [tiny_inspection()]
    assert (await again.pack(ID)).document == tiny_pack().document
    assert await again.pack(ID) is await again.pack(ID)
    assert await again.cases(ID) == tiny_cases()


async def test_inspections_are_listed_oldest_first(store: Store) -> None:
    for name, at in (("b", "2026-01-02T00:00:00Z"), ("a", "2026-01-03T00:00:00Z")):
        await store.create_inspection(tiny_inspection(name), tiny_pack(), [], at=at)
    assert [one.id for one in await store.inspections()] == ["b", "a"]


async def test_an_unknown_inspection_is_refused_with_those_there_are(inspected: Store) -> None:
    with pytest.raises(NotFound, match="cheshire-2011"):
        await inspected.inspection("kent")
    with pytest.raises(NotFound):
        await inspected.cases("../cheshire-2011")


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


# --- cases -----------------------------------------------------------------------------------


async def test_a_case_is_added_at_the_end_of_the_list(
    inspected: Store, open_store: OpenStore
) -> None:
    await add_case(inspected, ID, Case("C009", "case-file"), by="L1", at=AT)
    for store in (inspected, await open_store()):
        assert [one.case for one in await store.cases(ID)] == ["C001", "C002", "C001", "C009"]


async def test_references_that_differ_in_case_only_are_the_same(inspected: Store) -> None:
    with pytest.raises(AlreadyThere):
        await add_case(inspected, ID, Case("c002", "case-file"), by=None, at=AT)
    case, _, _ = await inspected.load_case(ID, CaseKey("c002", "case-file"), CHAT)
    assert case.case == "C002"


@pytest.mark.parametrize("case", ["C404", "../C001", "C001/../C001", ""])
async def test_an_unknown_case_is_not_found(inspected: Store, case: str) -> None:
    with pytest.raises(NotFound):
        await inspected.load_case(ID, CaseKey(case, "case-file"), CHAT)


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


async def test_the_overview_follows_every_answer_whoever_wrote_it(
    inspected: Store, open_store: OpenStore
) -> None:
    other = await open_store()
    before = await other.overview(ID)
    assert [one.key for one in before] == [one.key for one in tiny_cases()]
    assert before[0].inspector == "I1"
    assert before[0].progress == Progress(1, 8)
    seat = await opened(inspected)
    await commit(inspected, seat, answered(seat, "q1", "yes"))
    for store in (inspected, other):
        after = await store.overview(ID)
        assert after[0].progress == Progress(2, 9)
        assert after[1:] == before[1:]


# --- people ----------------------------------------------------------------------------------


def invitation(code_hash: str = "f" * 64) -> Invitation:
    return Invitation(code_hash, Role.INSPECTOR, "I1", "2026-12-01T00:00:00Z")


async def test_a_stranger_has_no_seat(inspected: Store) -> None:
    assert await inspected.chat_state("tg-99") is None


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


# --- conversations ---------------------------------------------------------------------------


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


async def test_where_nothing_differs_nothing_is_written(inspected: Store) -> None:
    seat = await opened(inspected)
    same = replace(seat.session, cursor=replace(seat.session.cursor))
    assert await commit(inspected, seat, same, None) is seat
    assert (await inspected.load_case(ID, C001, CHAT))[2] == seat.version


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


async def test_the_history_gives_every_step_with_its_answers(inspected: Store) -> None:
    seat = await opened(inspected)
    seat = await commit(inspected, seat, answered(seat, "q1", "yes"), 4)
    await commit(inspected, seat, answered(seat, "gender", "female"))
    first, second, third = await inspected.history(ID, C001)
    assert first.by is None
    assert first.changes[-1] == HistoryChange("profile", "gender", None, {"value": "male"})
    assert (second.at, second.by, second.event) == (AT, "I1", "ChoiceTapped")
    answer = {"value": "yes", "note": None, "by": "I1", "at": AT}
    assert second.changes == (HistoryChange("answers", "q1", None, answer),)
    assert third.changes == (
        HistoryChange("profile", "gender", {"value": "male"}, {"value": "female"}),
    )


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


# --- the bot itself --------------------------------------------------------------------------


async def test_the_bots_name_is_remembered(store: Store, open_store: OpenStore) -> None:
    assert await store.bot_username() is None
    await remember_bot(store, "casewalk_bot")
    await remember_bot(store, "other_bot")
    await remember_bot(store, "other_bot")
    assert await (await open_store()).bot_username() == "other_bot"
