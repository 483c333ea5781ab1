"""``kill -9`` of a process that writes the store: what it acknowledged is there, all is readable.

``CASEWALK_KILLS=500`` runs it at full length, so often plain and so often encrypted;
``CASEWALK_SEED`` draws other moments.
"""

from __future__ import annotations

import asyncio
import os
import random
import signal
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import pytest

from criteria.case import Answer, Case, CaseKey
from dialogs.session import Cursor
from storage.encryption import Key, make_key
from storage.file_journal import FileJournal
from storage.reader import ChatState
from storage.store import Store
from tests.storage.conftest import keep, open_case
from tests.storage.examining import examine_folder
from tests.storage.tiny import AT, CHAT, INSPECTOR, tiny_inspection, tiny_pack

pytestmark = pytest.mark.long

KILLS = int(os.environ.get("CASEWALK_KILLS", "8"))
SEED = int(os.environ.get("CASEWALK_SEED", "20041"))
KILLS_EACH_STORE = 40
"""The whole store is read after every kill: a fresh one now and then keeps that quick."""
ID = "cheshire-2011"
CASES = [f"C{number:03}" for number in range(1, 6)]
ROOT = Path(__file__).parents[2]


async def write_for_ever(folder: Path) -> None:
    """Answer on from where the store stands; print each number once it is acknowledged."""
    key = os.environ.get("CASEWALK_KEY")
    store = Store(FileJournal(folder, exclusive=True, key=Key.from_text(key) if key else None))
    state = await store.chat_state(CHAT)
    assert state is not None
    number = await _last(store) + 1
    while True:
        reference = CASES[number // 7 % len(CASES)]
        if state.session.case is None or state.session.case.case != reference:
            state = await open_case(store, state, reference)
        state = await _answer(store, state, number)
        os.write(1, b"%d\n" % number)
        number += 1


async def _answer(store: Store, state: ChatState, number: int) -> ChatState:
    case = state.session.case
    assert case is not None
    answers = {**case.answers, f"q{number % 50}": Answer(number, "x" * (number % 300), "I1", AT)}
    after = replace(
        state.session,
        case=replace(case, answers=answers),
        cursor=Cursor(number, (f"q{number % 50}",)),
    )
    return await keep(store, state, after, number, event="TextReceived")


async def _last(store: Store) -> int:
    return max(
        (
            int(str(answer.value))
            for case in await store.cases(ID)
            for answer in case.answers.values()
        ),
        default=0,
    )


async def _every_number(folder: Path, key: Key | None) -> list[int]:
    """Every answer ever committed, from the cases' histories."""
    store = Store(FileJournal(folder, key=key))
    numbers = []
    for reference in CASES:
        for entry in await store.history(ID, CaseKey(reference, "case-file")):
            numbers += [
                int(change.after["value"])
                for change in entry.changes
                if change.table == "answers" and change.after
            ]
    assert await store.chat_state(CHAT) is not None
    assert max(numbers, default=0) == await _last(store)
    return sorted(numbers)


def _run_and_kill(folder: Path, key: str, after: float) -> list[int]:
    """The numbers that a writing process acknowledged before it was killed."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "CASEWALK_KEY": key}
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.storage.test_kill", str(folder)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=environment,
        cwd=ROOT,
    )
    assert process.stdout is not None
    first = process.stdout.readline()
    time.sleep(after)
    process.send_signal(signal.SIGKILL)
    rest, errors = process.communicate(timeout=30)
    assert process.returncode == -signal.SIGKILL, errors.decode()
    acknowledged = (first + rest).split(b"\n")[:-1]
    return [int(line) for line in acknowledged]


@pytest.mark.parametrize("encrypted", [False, True], ids=["plain", "encrypted"])
@pytest.mark.skipif(os.name == "nt", reason="there is no SIGKILL")
async def test_no_acknowledged_answer_is_lost_to_a_kill_and_the_next_run_goes_on(
    tmp_path: Path, encrypted: bool
) -> None:
    chance = random.Random(SEED)  # noqa: S311
    acknowledged = 0
    for first in range(0, KILLS, KILLS_EACH_STORE):
        kills = range(first, min(first + KILLS_EACH_STORE, KILLS))
        acknowledged += await _one_store(tmp_path / f"{first}", kills, chance, encrypted=encrypted)
    print(f"{KILLS} kills, 0 of {acknowledged} acknowledged answers lost")  # noqa: T201
    assert acknowledged >= KILLS


async def _one_store(folder: Path, kills: range, chance: random.Random, *, encrypted: bool) -> int:
    """Kill whoever writes it, again and again; how many answers were acknowledged meanwhile."""
    text = make_key() if encrypted else ""
    key = Key.from_text(text) if encrypted else None
    cases = [Case(reference, "case-file") for reference in CASES]
    store = Store(FileJournal(folder, key=key))
    await store.create_inspection(tiny_inspection(), tiny_pack(), cases, at=AT)
    await store.add_member(ID, CHAT, INSPECTOR, at=AT)
    acknowledged: list[int] = []
    for kill in kills:
        after = chance.uniform(0, 0.05)
        acknowledged += await asyncio.to_thread(_run_and_kill, folder, text, after)
        kept = await _every_number(folder, key)
        place = f"kill {kill} (seed {SEED})"
        assert kept == list(range(1, len(kept) + 1)), f"{place}: one is missing, or there twice"
        assert set(acknowledged) <= set(kept), place
        if kill % 10 == 0 or kill == kills[-1]:
            assert [one for one in await examine_folder(folder, key) if not one.mendable] == [], (
                place
            )
    return len(acknowledged)


if __name__ == "__main__":
    asyncio.run(write_for_ever(Path(sys.argv[1])))
