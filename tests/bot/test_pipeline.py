"""From a message to a response: locks, redelivery, retrying, the outbox."""

from __future__ import annotations

import asyncio
import fcntl
from pathlib import Path
from typing import Any

import pytest

from bot.channels.channel import Message, Response
from bot.messages import say
from bot.pipeline import MAX_ATTEMPTS, Pipeline
from criteria.case import CaseKey
from criteria.inspection import Member, Role
from storage.errors import AlreadyThere, Conflict, Damaged, NotSaved, StoreError
from storage.file_journal import FileJournal
from storage.reader import ChatState
from storage.store import Store
from tests.bot.test_conversation_telegram import AT, make_store, now
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


async def test_an_answer_costs_no_decoding_of_the_case(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    conversation = Pipeline(store, now)
    await conversation.receive(Message("tg-1", text="/case C001"))
    await conversation.receive(Message("tg-1", text="male"))

    def decoded(*_: object) -> None:
        raise AssertionError("the case is decoded")

    monkeypatch.setattr("storage.reader.case_from_tables", decoded)
    monkeypatch.setattr("storage.reader.cursor_from_json", decoded)
    assert "✓ B1 Yes" in said(await conversation.receive(Message("tg-1", text="yes")))
    assert "✓ B2 Fully" in said(await conversation.receive(Message("tg-1", text="fully")))


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
    texts = (
        "/case C001",
        "male",
        "yes",
        "fully",
        "none",
        "3",
        "today",
        "fine",
        "not met",
        "/submit",
    )
    for update, text in enumerate(texts):
        outcome = await conversation.receive(Message("tg-1", text=text, update=str(update)))
    again = Pipeline(files_store(folder_of(store)), now)
    repeated = await again.receive(Message("tg-1", text="/submit", update=str(len(texts) - 1)))
    assert repeated.notifications == ()
    owed = await again.outbox("tg")
    assert [notice.queued for notice in owed] == [notice.queued for notice in outcome.notifications]
    assert {notice.chat for notice in owed} == {"tg-9"}
    assert "all" in owed[-1].reply.text or "the one case is submitted" in owed[-1].reply.text
    for notice in owed:
        await again.sent(notice)
    assert await again.outbox("tg") == []


# --- retrying, which stands in one place ----------------------------------------------------------


class Unlucky(Store):
    """A store whose next commits fail, each with one of ``trouble``."""

    trouble: list[StoreError]
    tried = 0

    async def commit(self, *args: Any, **more: Any) -> ChatState | None:
        self.tried += 1
        if self.trouble:
            raise self.trouble.pop(0)
        return await super().commit(*args, **more)


def unlucky(folder: Path, *trouble: StoreError) -> Unlucky:
    store = Unlucky(FileJournal(folder))
    store.trouble = list(trouble)
    return store


async def test_a_step_is_taken_anew_where_somebody_else_was_quicker(
    store: Store, tmp_path: Path
) -> None:
    others = [Conflict("changed"), AlreadyThere("there")] * 2
    quick = unlucky(tmp_path, *others[: MAX_ATTEMPTS - 1])
    assert "C001 · A1" in said(await Pipeline(quick, now).receive(Message("tg-1", "/case C001")))
    assert quick.tried == MAX_ATTEMPTS


async def test_who_meets_somebody_quicker_each_time_is_told_to_try_again(
    store: Store, tmp_path: Path
) -> None:
    busy = unlucky(tmp_path, *[Conflict("changed")] * 9)
    told = said(await Pipeline(busy, now).receive(Message("tg-1", "/case C001")))
    assert (told, busy.tried) == (say("try-again"), MAX_ATTEMPTS)
    busy.trouble.clear()
    assert "C001 · A1" in said(await Pipeline(busy, now).receive(Message("tg-1", "/case C001")))


async def test_a_write_that_failed_is_tried_again_after_the_waits_and_no_more(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.pipeline.NOT_SAVED_WAITS", (0.0, 0.0))
    full = unlucky(tmp_path, *[NotSaved("the disk is full")] * 3)
    talk = Pipeline(full, now)
    assert (said(await talk.receive(Message("tg-1", "/case C001"))), full.tried) == (
        say('not-saved'), 3,
    )  # fmt: skip
    assert "C001 · A1" in said(await talk.receive(Message("tg-1", "/case C001")))


async def test_what_cannot_be_read_is_said(store: Store, tmp_path: Path) -> None:
    broken = unlucky(tmp_path, Damaged("a log"))
    told = said(await Pipeline(broken, now).receive(Message("tg-1", "/case C001")))
    assert (told, broken.tried) == (say("not-read"), 1)


# --- the outbox is its channel's ------------------------------------------------------------------


async def test_no_channel_is_given_another_ones_messages(store: Store) -> None:
    talk = Pipeline(store, now)
    await store.add_member("week", "terminal", Member("L1", Role.LEAD), at=AT)
    for text in (
        "/case C001",
        "male",
        "yes",
        "fully",
        "none",
        "3",
        "today",
        "fine",
        "not met",
        "/submit",
    ):
        await talk.receive(Message("tg-1", text))
    later = Pipeline(files_store(folder_of(store)), now)
    assert await later.outbox("tg") == []
    assert {one.chat for one in await later.outbox("terminal")} == {"terminal"}
