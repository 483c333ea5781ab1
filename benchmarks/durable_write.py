"""What a durable write costs beside a raw append and fsync of as many bytes, in one run.

``python -m benchmarks.durable_write [--steps N] [--directory DIR]``; the directory's disk is the
one that is measured. The four take turns, step by step, so that a busy moment of the disk meets
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

from criteria.case import Answer, Case, Status
from criteria.inspection import Inspection, Member, Role
from dialogs.session import Cursor, Session
from storage.appended_file import AppendedFile
from storage.case_file import CaseFile
from storage.encryption import Cipher, Key, make_key
from storage.store import Seat

AT: Final = "2026-11-20T10:00:00Z"
CHAT: Final = "tg-55"
QUESTIONS: Final = [f"q{number}" for number in range(150)]
WARM_UP: Final = 50

Write = Callable[[int], None]


def raw(path: Path, size: int) -> Write:
    fd, line = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600), b"x" * size

    def write(_: int) -> None:
        os.write(fd, line)
        os.fsync(fd)

    return write


def append(path: Path, cipher: Cipher | None = None) -> Write:
    """One answer's line, as a case's file gets it."""
    file = AppendedFile(path, cipher, stays_open=True)

    def write(step: int) -> None:
        name = QUESTIONS[step % len(QUESTIONS)]
        answer = {"value": "no", "note": None, "by": "I1", "at": AT}
        patch = {
            "answers": {name: answer},
            "chats": {CHAT: {"question": name, "revision": step}},
            "updates": {str(step): {"chat": CHAT}},
        }
        file.append(patch, by="I1", at=AT, event="ChoiceTapped", expect=file.n)

    return write


def commit(path: Path, cipher: Cipher | None = None) -> Write:
    """A step of a case that has 150 answers: what it changed is found, kept and remembered."""
    answers = {name: Answer("yes", None, "I1", AT) for name in QUESTIONS}
    case = Case("C001", "case-file", "I1", Status.IN_PROGRESS, {}, answers)
    file = CaseFile(path, cipher)
    file.put(case, by=None, at=AT, event="CaseAdded")
    seat = Seat(
        CHAT,
        Inspection("bench", "Bench", "bench", "1.0.0"),
        Member("I1", Role.INSPECTOR),
        Session("I1", None, case),
        frozenset(),
        file.version,
    )

    def write(step: int) -> None:
        nonlocal seat
        before = seat.session.case
        assert before is not None  # noqa: S101
        name = QUESTIONS[step % len(QUESTIONS)]
        value = "yes" if before.answers[name].value == "no" else "no"
        changed = {**before.answers, name: Answer(value, None, "I1", AT)}
        after = replace(
            seat.session, case=replace(before, answers=changed), cursor=Cursor(name, step + 1)
        )
        timed(lambda: _commit(file, seat, after, step))
        seat = replace(seat, session=after, version=file.version)

    return write


def _commit(file: CaseFile, seat: Seat, after: Session, update: int) -> None:
    case = after.case
    assert case is not None  # noqa: S101
    patch = file.step(seat, case, after.cursor, update)
    assert patch is not None  # noqa: S101
    file.commit(patch, seat, case, event="ChoiceTapped", at=AT)


_took: list[float] = []


def timed(write: Callable[[], object]) -> None:
    start = time.perf_counter()
    write()
    _took.append(time.perf_counter() - start)


def measure(directory: Path, steps: int) -> dict[str, list[float]]:
    """Seconds of each step, by what was measured."""
    cipher = Cipher(Key.from_text(make_key()), directory)
    sizing = append(directory / "sizing.jsonl")
    for step in range(WARM_UP):
        sizing(10_000 + step)
    size = (directory / "sizing.jsonl").stat().st_size // WARM_UP
    writes = {
        "raw append and fsync": raw(directory / "raw", size),
        "AppendedFile.append": append(directory / "append.jsonl"),
        "CaseFile.commit": commit(directory / "C001~case-file.jsonl"),
        "CaseFile.commit, encrypted": commit(directory / "sealed~case-file.jsonl", cipher),
    }
    seconds: dict[str, list[float]] = {name: [] for name in writes}
    for step in range(steps + WARM_UP):
        for name, write in writes.items():
            _took.clear()
            start = time.perf_counter()
            write(step)
            # A commit times itself, without the making of the case after it.
            took = _took[0] if _took else time.perf_counter() - start
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
