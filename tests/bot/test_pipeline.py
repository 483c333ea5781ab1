"""What the conversation does around the engine: locks, redelivery, codes."""

from __future__ import annotations

import asyncio
import fcntl
from pathlib import Path

import pytest

from bot.channels.channel import Message, Response
from bot.invitations import invite
from bot.pipeline import Pipeline
from criteria.case import Case, CaseKey
from criteria.inspection import Member, Role
from storage.store import Store
from tests.bot.test_conversation_telegram import AT, make_store, now
from tests.changing import add_case
from tests.files_store import files_store, folder_of

KEY = CaseKey("C001", "case-file")


@pytest.fixture
async def store(tmp_path: Path) -> Store:
    store = await make_store(tmp_path, cases=1)
    await store.add_member("week", "tg-1", Member("I1", Role.INSPECTOR), at=AT)
    return store


def said(outcome: Response) -> str:
    return "\n".join(reply.text for reply in outcome.replies)


async def test_a_file_that_is_held_for_a_moment_is_waited_for_and_holds_nobody_else_up(
    store: Store, tmp_path: Path
) -> None:
    conversation = Pipeline(store, now)
    await store.add_member("week", "tg-2", Member("L1", Role.LEAD), at=AT)
    await conversation.receive(Message("tg-1", text="/case C001"))
    path = tmp_path / "inspections" / "week" / "cases" / "C001~case-file.jsonl"
    with path.open("r+b") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        waiting = asyncio.create_task(conversation.receive(Message("tg-1", text="male")))
        await asyncio.sleep(0.15)
        assert "week" in said(await conversation.receive(Message("tg-2", text="/start"))).casefold()
        assert not waiting.done()
        fcntl.flock(held, fcntl.LOCK_UN)
    assert "✓ A1 Male" in said(await waiting)


async def test_what_cannot_be_saved_is_said_and_loses_nothing(store: Store, tmp_path: Path) -> None:
    conversation = Pipeline(store, now)
    await conversation.receive(Message("tg-1", text="/case C001"))
    await conversation.receive(Message("tg-1", text="male"))
    path = tmp_path / "inspections" / "week" / "cases" / "C001~case-file.jsonl"
    with path.open("r+b") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        told = said(await conversation.receive(Message("tg-1", text="yes")))
    assert told.startswith("That was not saved")
    case, _, _ = await store.load_case("week", KEY, "tg-1")
    assert (case.profile, dict(case.answers)) == ({"sex": "male"}, {})
    assert "✓ B1 Yes" in said(await conversation.receive(Message("tg-1", text="yes")))


async def test_a_summary_that_a_crash_swallowed_comes_with_the_redelivered_submission(
    store: Store,
) -> None:
    await store.add_member("week", "tg-9", Member("L1", Role.LEAD), at=AT)
    conversation = Pipeline(store, now)
    texts = ("/case C001", "m y fully", "none", "3", "today", "fine", "not met", "/submit")
    for update, text in enumerate(texts):
        outcome = await conversation.receive(Message("tg-1", text=text, update=str(update)))
    again = Pipeline(files_store(folder_of(store)), now)
    repeated = await again.receive(Message("tg-1", text="/submit", update=str(len(texts) - 1)))
    assert repeated.notifications == ()
    owed = await again.outbox("tg")
    assert [notice.queued for notice in owed] == [notice.queued for notice in outcome.notifications]
    assert {notice.chat for notice in owed} == {"tg-9"}
    assert "all" in owed[-1].reply.text or "the one case is in" in owed[-1].reply.text
    for notice in owed:
        await again.sent(notice)
    assert await again.outbox("tg") == []


async def test_a_second_code_changes_nobodys_seat(store: Store) -> None:
    conversation = Pipeline(store, now)
    await store.add_member("week", "tg-9", Member("L1", Role.LEAD), at=AT)
    code, _ = await invite(store, "week", Role.INSPECTOR, now())
    assert "You are L1, lead" in said(
        await conversation.receive(Message("tg-9", text=f"/start {code}"))
    )
    assert (await store.members("week"))["tg-9"] == Member("L1", Role.LEAD)


async def test_a_code_that_comes_again_does_not_move_one_back(store: Store) -> None:
    conversation = Pipeline(store, now)
    code, _ = await invite(store, "week", Role.INSPECTOR, now())
    await conversation.receive(Message("tg-5", text=f"/start {code}", update="1"))
    await add_case(store, "week", Case("C5", "case-file"), by=None, at=AT)
    await conversation.receive(Message("tg-5", text="/case C5", update="2"))
    shown = said(await conversation.receive(Message("tg-5", text=f"/start {code}", update="1")))
    assert shown.startswith("C5 · A1")


async def test_a_waiting_note_is_asked_for_again_when_the_card_is_shown(store: Store) -> None:
    conversation = Pipeline(store, now)
    for text in ("/case C001", "male", "/note"):
        await conversation.receive(Message("tg-1", text=text))
    shown = said(await Pipeline(store, now).receive(Message("tg-1", text="/case")))
    assert shown.startswith("Your next message is the note on B1:")


async def test_a_line_never_changes_an_answer_that_stands(store: Store) -> None:
    conversation = Pipeline(store, now)
    for text in ("/case C001", "m y fully", "/goto B1"):
        await conversation.receive(Message("tg-1", text=text))
    shown = said(await conversation.receive(Message("tg-1", text="y largely")))
    assert shown.startswith("B2 is answered already, so nothing was recorded.")
