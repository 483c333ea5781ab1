"""``kill -9`` of a process that writes the store: what it acknowledged is there, all is readable.

``CASEWALK_KILLS=1000`` runs it at full length.
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
from storage.store import Seat
from storage.tinydb_store import TinyDBStore
from tests.storage.conftest import open_case
from tests.storage.tiny import AT, CHAT, INSPECTOR, tiny_inspection, tiny_pack

KILLS = int(os.environ.get("CASEWALK_KILLS", "25"))
ID = "cheshire-2011"
CASES = [f"C{number:03}" for number in range(1, 6)]
ROOT = Path(__file__).parents[2]


async def write_for_ever(folder: Path) -> None:
    """Answer on from where the store stands; print each number once it is acknowledged."""
    store = TinyDBStore(folder, exclusive=True)
    seat = await store.seat(CHAT)
    assert seat is not None
    number = await _last(store) + 1
    while True:
        reference = CASES[number // 7 % len(CASES)]
        if seat.session.case is None or seat.session.case.case != reference:
            seat = await open_case(store, seat, reference)
        seat = await _answer(store, seat, number)
        os.write(1, b"%d\n" % number)
        number += 1


async def _answer(store: TinyDBStore, seat: Seat, number: int) -> Seat:
    case = seat.session.case
    assert case is not None
    answers = {**case.answers, f"q{number % 50}": Answer(number, "x" * (number % 300), "I1", AT)}
    after = replace(
        seat.session, case=replace(case, answers=answers), cursor=Cursor(f"q{number % 50}", number)
    )
    return await store.commit(seat, after, event="TextReceived", at=AT, update=number)


async def _last(store: TinyDBStore) -> int:
    return max(
        (
            int(str(answer.value))
            for case in await store.cases(ID)
            for answer in case.answers.values()
        ),
        default=0,
    )


async def _every_number(folder: Path) -> list[int]:
    """Every answer ever committed, from the cases' histories."""
    store = TinyDBStore(folder)
    numbers = []
    for reference in CASES:
        for entry in await store.history(ID, CaseKey(reference, "case-file")):
            numbers += [one["value"] for one in entry.changes.values() if isinstance(one, dict)]
    assert await store.seat(CHAT) is not None
    assert max(numbers, default=0) == await _last(store)
    return sorted(numbers)


def _run_and_kill(folder: Path, after: float) -> list[int]:
    """The numbers that a writing process acknowledged before it was killed."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
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


@pytest.mark.skipif(os.name == "nt", reason="there is no SIGKILL")
async def test_no_acknowledged_answer_is_lost_to_a_kill_and_the_next_run_goes_on(
    tmp_path: Path,
) -> None:
    cases = [Case(reference, "case-file") for reference in CASES]
    store = TinyDBStore(tmp_path)
    await store.create_inspection(tiny_inspection(), tiny_pack(), cases, at=AT)
    await store.add_member(ID, CHAT, INSPECTOR, at=AT)
    chance = random.Random(20_041)  # noqa: S311
    acknowledged: list[int] = []
    for _ in range(KILLS):
        acknowledged += await asyncio.to_thread(_run_and_kill, tmp_path, chance.uniform(0, 0.05))
        kept = await _every_number(tmp_path)
        assert kept == list(range(1, len(kept) + 1)), "one is missing, or there twice"
        assert set(acknowledged) <= set(kept)
    assert len(acknowledged) >= KILLS


if __name__ == "__main__":
    asyncio.run(write_for_ever(Path(sys.argv[1])))
