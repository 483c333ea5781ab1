"""What a durable write costs beside a raw append and fsync of as many bytes, in one run.

``python -m tests.benchmarks.durable_write [--steps N] [--directory DIR]``; the directory's disk is
the one that is measured. The four take turns, step by step, so that a busy moment of the disk meets
all of them alike.
"""

from __future__ import annotations

import argparse
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Final

from storage.appended_file import AppendedFile, Patch
from storage.case_file import CaseFile

from criteria.case import Answer, Case
from criteria.case_status import Status
from criteria.inspection import Inspection, Member, Role
from dialogs.session import Cursor, Session
from storage.encryption import Cipher, Key, make_key
from storage.store import Seat

AT: Final = "2026-11-20T10:00:00Z"
CHAT: Final = "tg-55"
QUESTIONS: Final = [f"q{number}" for number in range(150)]
WARM_UP: Final = 50

Write = Callable[[int], float]
"""Writes once, and gives the seconds it took."""


def raw(path: Path, size: int) -> Write:
    fd, line = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600), b"x" * size

    def write(_: int) -> float:
        start = time.perf_counter()
        os.write(fd, line)
        os.fsync(fd)
        return time.perf_counter() - start

    return write


def append(path: Path) -> Write:
    """One answer's line, as a case's file gets it."""
    file = AppendedFile(path, stays_open=True)

    def write(step: int) -> float:
        name = QUESTIONS[step % len(QUESTIONS)]
        patch: Patch = {
            "answers": {name: {"value": "no", "note": None, "by": "I1", "at": AT}},
            "chats": {CHAT: {"question": name, "revision": step}},
            "updates": {str(step): {"chat": CHAT}},
        }
        start = time.perf_counter()
        file.append(patch, by="I1", at=AT, event="ChoiceTapped", expect=file.n)
        return time.perf_counter() - start

    return write


def commit(path: Path, cipher: Cipher | None = None) -> Write:
    """A step of a case that has 150 answers: what it changed is found, kept and remembered."""
    answers = {name: Answer("yes", None, "I1", AT) for name in QUESTIONS}
    case = Case("C001", "case-file", "I1", Status.IN_PROGRESS, {}, answers)
    file = CaseFile(path, cipher)
    file.put(case, by=None, at=AT, event="CaseAdded")
    inspection, member = Inspection("b", "B", "b", "1.0.0"), Member("I1", Role.INSPECTOR)
    seat = Seat(CHAT, inspection, member, Session("I1"), frozenset(), file.version)

    def write(step: int) -> float:
        nonlocal case, seat
        name = QUESTIONS[step % len(QUESTIONS)]
        value = "yes" if case.answers[name].value == "no" else "no"
        changed = {**case.answers, name: Answer(value, None, "I1", AT)}
        after, cursor = replace(case, answers=changed), Cursor(name, step + 1)
        start = time.perf_counter()
        patch = file.step(seat, after, cursor, step)
        if patch is not None:
            file.commit(patch, seat, after, event="ChoiceTapped", at=AT)
        took = time.perf_counter() - start
        case, seat = after, replace(seat, version=file.version)
        return took

    return write


def measure(directory: Path, steps: int) -> dict[str, list[float]]:
    """The seconds of each step, by what was measured."""
    lines = directory / "lines.jsonl"
    sizing = append(lines)
    for step in range(WARM_UP):
        sizing(1_000 + step)
    cipher = Cipher(Key.from_text(make_key()), directory)
    writes = {
        "raw append and fsync": raw(directory / "raw", lines.stat().st_size // WARM_UP),
        "AppendedFile.append": append(directory / "append.jsonl"),
        "CaseFile.commit": commit(directory / "plain" / "C001~case-file.jsonl"),
        "CaseFile.commit, encrypted": commit(directory / "sealed" / "C001~case-file.jsonl", cipher),
    }
    seconds: dict[str, list[float]] = {name: [] for name in writes}
    for step in range(steps + WARM_UP):
        for name, write in writes.items():
            took = write(step)
            if step >= WARM_UP:
                seconds[name].append(took)
    return seconds


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--steps", type=int, default=3_000)
    parser.add_argument("--directory", type=Path, default=None)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(dir=arguments.directory) as directory:
        seconds = measure(Path(directory), arguments.steps)
    bare = statistics.median(seconds["raw append and fsync"])
    sys.stdout.write(
        f"{'median of ' + str(arguments.steps):30}{'µs':>8}{'ratio':>8}{'p99 µs':>9}\n"
    )
    for name, took in seconds.items():
        median, p99 = statistics.median(took), statistics.quantiles(took, n=100)[98]
        sys.stdout.write(f"{name:30}{median * 1e6:8.0f}{median / bare:8.2f}{p99 * 1e6:9.0f}\n")


if __name__ == "__main__":
    main()
