"""Processes that share a database: killed while they write, and all at the same cases and chat.

``CASEWALK_KILLS=1000`` runs the killing at full length.
"""

from __future__ import annotations

import asyncio
import os
import random
import subprocess
import sys
import time
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest

from criteria.case import Answer, Case, CaseKey
from criteria.inspection import Member, Role
from dialogs.session import Cursor
from storage.errors import Conflict
from storage.postgres_journal import open_postgres_journal
from storage.reader import ChatState
from storage.store import Store
from tests.storage.conftest import keep, open_case
from tests.storage.tiny import AT, tiny_inspection, tiny_pack

KILLS = int(os.environ.get("CASEWALK_KILLS", "9"))
AT_ONCE = 3
"""So many write, and are killed, at the same time."""

PROCESSES = 4
TAPS = 40
ID = "cheshire-2011"
CASES = [f"C{number:03}" for number in range(1, 4)]
SHARED_CHAT = "tg-0"
ROOT = Path(__file__).parents[2]

pytestmark = pytest.mark.skipif(os.name == "nt", reason="there is no SIGKILL")


@pytest.fixture
async def address(database: str) -> str:
    """Of a database with a few cases, and a chat for each process and one for all."""
    store = Store(await open_postgres_journal(database))
    cases = [Case(reference, "case-file") for reference in CASES]
    await store.create_inspection(tiny_inspection(), tiny_pack(), cases, at=AT)
    for number in range(PROCESSES + 1):
        await store.add_member(ID, f"tg-{number}", Member(f"I{number}", Role.LEAD), at=AT)
    await store.close()
    return database


# --- in a process of its own ---------------------------------------------------------------------


async def write_for_ever(store: Store, chat: str) -> None:
    """Answer on from where the chat stands; print each number once it is acknowledged."""
    while True:
        number = await _last(store, chat) + 1
        seat = await _seat(store, chat)
        try:
            while True:
                seat = await _answer(store, seat, number, CASES[number // 5 % len(CASES)])
                os.write(1, b"%d\n" % number)
                number += 1
        except Conflict:  # the others write to the same cases
            continue


async def share(store: Store, chat: str) -> None:
    """The chat's own taps on shared cases, and between them taps of one chat that all get."""
    for number in range(1, TAPS + 1):
        for whose, case in ((chat, CASES[number % len(CASES)]), (SHARED_CHAT, CASES[0])):
            while True:
                seat = await _seat(store, whose)
                if str(number) in seat.applied:
                    break
                try:
                    await _answer(store, seat, number, case)
                except Conflict:
                    continue
                break


async def _seat(store: Store, chat: str) -> ChatState:
    seat = await store.chat_state(chat)
    assert seat is not None
    return seat


async def _answer(store: Store, seat: ChatState, number: int, reference: str) -> ChatState:
    case = seat.session.case
    if case is None or case.case != reference:
        seat = await open_case(store, seat, reference)
        case = seat.session.case
    assert case is not None
    name = f"q{number % 50}-{seat.chat}"
    answers = {**case.answers, name: Answer(number, "x" * (number % 300), seat.member.person, AT)}
    after = replace(
        seat.session, case=replace(case, answers=answers), cursor=Cursor(number, (name,))
    )
    return await keep(store, seat, after, number, event="TextReceived")


async def _last(store: Store, chat: str) -> int:
    kept = await _kept(store)
    return max(kept.get(chat, [0]))


async def _kept(store: Store) -> dict[str, list[int]]:
    """By chat, every number that was ever committed, from the cases' histories."""
    kept: dict[str, list[int]] = {}
    for reference in CASES:
        for entry in await store.history(ID, CaseKey(reference, "case-file")):
            for change in entry.changes:
                if change.table == "answers" and change.after is not None:
                    chat = change.name.partition("-")[2]
                    kept.setdefault(chat, []).append(change.after["value"])
    return {chat: sorted(numbers) for chat, numbers in kept.items()}


async def run(what: str, address: str, chat: str) -> None:
    store = Store(await open_postgres_journal(address))
    await (write_for_ever if what == "write" else share)(store, chat)
    await store.close()


# --- from outside -------------------------------------------------------------------------------


def _start(what: str, address: str, chat: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-m", "tests.storage.test_postgres_processes", what, address, chat],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        cwd=ROOT,
    )


def _run_and_kill(address: str, chats: list[str], waits: list[float]) -> dict[str, list[int]]:
    """The numbers that writing processes acknowledged before they were killed, by chat."""
    processes = [_start("write", address, chat) for chat in chats]
    first = []
    for process in processes:
        assert process.stdout is not None
        first.append(process.stdout.readline())
    acknowledged = {}
    for chat, process, begun, wait in zip(chats, processes, first, waits, strict=True):
        time.sleep(wait)
        process.kill()
        rest, errors = process.communicate(timeout=30)
        assert process.returncode == -9, errors.decode()
        lines = (begun + rest).split(b"\n")[:-1]
        acknowledged[chat] = [int(line) for line in lines]
    return acknowledged


async def test_no_acknowledged_answer_is_lost_to_a_kill_and_none_is_there_twice(
    address: str,
) -> None:
    store = Store(await open_postgres_journal(address))
    chance = random.Random(20_041)  # noqa: S311
    chats = [f"tg-{number}" for number in range(1, AT_ONCE + 1)]
    acknowledged: dict[str, set[int]] = {chat: set() for chat in chats}
    for _ in range(0, KILLS, AT_ONCE):
        waits = [chance.uniform(0, 0.06) for _ in chats]
        told = await asyncio.to_thread(_run_and_kill, address, chats, waits)
        kept = await _kept(store)
        for chat in chats:
            acknowledged[chat] |= set(told[chat])
            assert kept[chat] == list(range(1, len(kept[chat]) + 1)), "one is missing, or twice"
            assert acknowledged[chat] <= set(kept[chat])
            assert await store.chat_state(chat) is not None
    await store.close()


async def test_processes_on_the_same_cases_and_chat_lose_nothing_and_double_nothing(
    address: str,
) -> None:
    processes = [_start("share", address, f"tg-{number + 1}") for number in range(PROCESSES)]
    for process in processes:
        _, errors = await asyncio.to_thread(process.communicate, timeout=60)
        assert process.returncode == 0, errors.decode()
    store = Store(await open_postgres_journal(address))
    kept = await _kept(store)
    assert kept == {f"tg-{n}": list(range(1, TAPS + 1)) for n in range(PROCESSES + 1)}
    for reference in CASES:
        key = CaseKey(reference, "case-file")
        _, _, version = await store.load_case(ID, key, SHARED_CHAT)
        steps = await store.history(ID, key)
        assert len(steps) == version
        assert Counter(one.event for one in steps)["InspectionMade"] == 1
    assert (await _seat(store, SHARED_CHAT)).applied == set(map(str, range(1, TAPS + 1)))
    await store.close()


if __name__ == "__main__":
    asyncio.run(run(*sys.argv[1:]))
