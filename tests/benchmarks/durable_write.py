"""What a durable write costs beside a raw append and fsync of as many bytes, in one run.

``python -m tests.benchmarks.durable_write [--steps N] [--directory DIR]``; the directory's disk is
the one that is measured. The four take turns, step by step, so that a busy moment of the disk meets
all of them alike.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable
from dataclasses import replace
from pathlib import Path
from typing import Final

from criteria.case import Answer, Case
from criteria.case_status import Status
from dialogs.session import Cursor, Session
from storage.append_only_log import AppendOnlyLog
from storage.changes import ChatStep
from storage.encryption import Key, make_key
from storage.file_journal import FileJournal
from storage.journal import Entry, Patch
from storage.store import Store
from tests.storage.tiny import AT, CHAT, INSPECTOR, tiny_inspection, tiny_pack

QUESTIONS: Final = [f"q{number}" for number in range(150)]
WARM_UP: Final = 50

Write = Callable[[int], Awaitable[float]]
"""Writes once, and returns the seconds it took."""


def raw(path: Path, size: int) -> Write:
    fd, line = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600), b"x" * size

    async def write(_: int) -> float:
        start = time.perf_counter()
        os.write(fd, line)
        os.fsync(fd)
        return time.perf_counter() - start

    return write


def append(path: Path) -> Write:
    """One answer's line, as a case's file gets it."""
    log = AppendOnlyLog(path)

    async def write(step: int) -> float:
        name = QUESTIONS[step % len(QUESTIONS)]
        patch: Patch = {
            "answers": {name: {"value": "no", "note": None, "by": "I1", "at": AT}},
            "chats": {CHAT: {"questions": [name], "card": step}},
            "updates": {str(step): {"chat": CHAT, "message": None, "gave": [f"answers/{name}"]}},
        }
        start = time.perf_counter()
        log.append(Entry("C001", log.version, patch, AT, "ChoiceTapped", "I1"))
        return time.perf_counter() - start

    return write


async def commit(directory: Path, key: Key | None = None) -> Write:
    """A step of a case that has 150 answers: what it changed is found, kept and remembered."""
    answers = {name: Answer("yes", None, "I1", AT) for name in QUESTIONS}
    case = Case("C001", "case-file", "I1", Status.IN_PROGRESS, {}, answers)
    store = Store(FileJournal(directory, exclusive=True, key=key))
    inspection = tiny_inspection()
    await store.create_inspection(inspection, tiny_pack(), [case], at=AT)
    await store.add_member(inspection.id, CHAT, INSPECTOR, at=AT)
    state = await store.chat_state(CHAT)
    assert state is not None
    opened = ChatStep(CHAT, state, inspection.id, Session("I1", None, case), version=1)
    state = await store.commit([], opened, at=AT, by="I1", event="CaseOpened")

    async def write(step: int) -> float:
        nonlocal case, state
        assert state is not None
        name = QUESTIONS[step % len(QUESTIONS)]
        value = "yes" if case.answers[name].value == "no" else "no"
        changed = {**case.answers, name: Answer(value, None, "I1", AT)}
        case = replace(case, answers=changed)
        session = replace(state.session, case=case, cursor=Cursor(step + 1, (name,)))
        after = ChatStep(CHAT, state, inspection.id, session, state.version, str(step))
        start = time.perf_counter()
        state = await store.commit([], after, at=AT, by="I1", event="ChoiceTapped")
        return time.perf_counter() - start

    return write


async def measure(directory: Path, steps: int) -> dict[str, list[float]]:
    """The seconds of each step, by what was measured."""
    lines = directory / "lines.jsonl"
    sizing = append(lines)
    for step in range(WARM_UP):
        await sizing(1_000 + step)
    writes = {
        "raw append and fsync": raw(directory / "raw", lines.stat().st_size // WARM_UP),
        "AppendOnlyLog.append": append(directory / "append.jsonl"),
        "Store.commit": await commit(directory / "plain"),
        "Store.commit, encrypted": await commit(directory / "sealed", Key.from_text(make_key())),
    }
    seconds: dict[str, list[float]] = {name: [] for name in writes}
    for step in range(steps + WARM_UP):
        for name, write in writes.items():
            took = await write(step)
            if step >= WARM_UP:
                seconds[name].append(took)
    return seconds


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--steps", type=int, default=3_000)
    parser.add_argument("--directory", type=Path, default=None)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(dir=arguments.directory) as directory:
        seconds = asyncio.run(measure(Path(directory), arguments.steps))
    bare = statistics.median(seconds["raw append and fsync"])
    sys.stdout.write(
        f"{'median of ' + str(arguments.steps):30}{'µs':>8}{'ratio':>8}{'p99 µs':>9}\n"
    )
    for name, took in seconds.items():
        median, p99 = statistics.median(took), statistics.quantiles(took, n=100)[98]
        sys.stdout.write(f"{name:30}{median * 1e6:8.0f}{median / bare:8.2f}{p99 * 1e6:9.0f}\n")


if __name__ == "__main__":
    main()
