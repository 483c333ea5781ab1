"""What ``/progress`` costs where an inspection is large, and which files it touches.

``python -m tests.benchmarks.progress --cases 10000``. It is asked of the conversation itself, as a
serving bot has it, after the look through all cases that follows its start, and each time after a
few new answers. A lead's picture is not drawn: that happens in a thread, as the reply goes out.
"""

from __future__ import annotations

import argparse
import asyncio
import gc
import os
import sys
import time
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from statistics import median
from typing import Any
from unittest.mock import patch

from bot.channels.channel import Message, Response
from bot.pipeline import Pipeline
from bot.running import look_through
from tests.benchmarks.long_pack import FIRST_CHOICE
from tests.benchmarks.prepared_store import FIRST_CHAT, LEAD_CHAT, prepare
from tests.benchmarks.telegram_load import disk_folder
from tests.files_store import files_store

ROUNDS = 15
ANSWERS_BETWEEN = 3


@dataclass(frozen=True, slots=True)
class Progress:
    """Seconds: the look through all cases after a start, and their first ``/summary``; then the
    medians of ``/progress`` for an inspector and for a lead, and of the lead's ``/summary``.
    ``opened`` and ``looked_at`` are the case files that one such ``/progress`` or ``/summary``
    opened, and asked the system about, at most."""

    first_look: float
    first_summary: float
    inspector: float
    lead: float
    summary: float
    opened: int
    looked_at: int


def measure(folder: Path, cases: int) -> Progress:
    fresh = prepare(folder, inspectors=20, answered=cases, fresh_each=1)
    return asyncio.run(_measure(folder, fresh[0][0]))


async def _measure(folder: Path, case: str) -> Progress:
    store = files_store(folder, exclusive=True)
    conversation = Pipeline(store, lambda: datetime.now(UTC))
    inspector, lead = f"tg-{FIRST_CHAT}", f"tg-{LEAD_CHAT}"
    with patch("bot.running.LOOK_AFTER", 0.0):
        first_look = await _timed(partial(look_through, store))
    card = await conversation.receive(Message(inspector, text=f"/case {case}"))
    questions = (
        Message(inspector, text="/progress"),
        Message(lead, text="/progress"),
        Message(lead, text="/summary"),
    )
    asked: list[list[float]] = [[] for _ in questions]
    touched: list[Counter[str]] = []
    # The first time a lead asks, all is counted.
    firsts = [await _timed(partial(conversation.receive, question)) for question in questions]
    for _ in range(ROUNDS):
        for question, times in zip(questions, asked, strict=True):
            for _ in range(ANSWERS_BETWEEN):
                card = await conversation.receive(Message(inspector, data=_first_choice(card)))
            gc.collect()
            times.append(await _timed(partial(conversation.receive, question)))
            touched.append(_watch.counts)
    await store.close()
    return Progress(
        first_look,
        firsts[-1],
        *map(median, asked),
        max(one["opened"] for one in touched),
        max(one["looked_at"] for one in touched),
    )


async def _timed(work: Callable[[], Awaitable[object]]) -> float:
    with _watch:
        start = time.perf_counter()
        await work()
        return time.perf_counter() - start


class _Watch:
    """Counts what is done to case files while it is on."""

    def __init__(self) -> None:
        self.counts: Counter[str] = Counter()
        self._on = False
        sys.addaudithook(self._audit)

    def __enter__(self) -> None:
        self.counts, self._on = Counter(), True
        self._stat = patch.object(os, "stat", self._counted(os.stat))
        self._stat.start()

    def __exit__(self, *_: object) -> None:
        self._on = False
        self._stat.stop()

    def _audit(self, event: str, arguments: tuple[object, ...]) -> None:
        if self._on and event == "open":
            self._seen("opened", arguments[0])

    def _counted(self, stat: Callable[..., Any]) -> Callable[..., Any]:
        def counting(path: Any, *rest: Any, **options: Any) -> Any:
            self._seen("looked_at", path)
            return stat(path, *rest, **options)

        return counting

    def _seen(self, what: str, path: object) -> None:
        if "/cases/" in str(path):
            self.counts[what] += 1


_watch = _Watch()


def _first_choice(outcome: Response) -> str:
    buttons = [button for reply in outcome.replies for row in reply.buttons for button in row]
    return next(button.data for button in buttons if button.label == FIRST_CHOICE)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--cases", type=int, default=10_000, help="stored, with 150 answers each")
    parser.add_argument("--folder", type=Path, help="on which disk (default: ./data)")
    options = parser.parse_args()
    with disk_folder(options.folder) as folder:
        one = measure(folder / "store", options.cases)
    print(f"first look through {options.cases} cases: {one.first_look:.2f} s")
    print(f"/progress, inspector: {one.inspector * 1000:.1f} ms")
    print(f"/progress, lead: {one.lead * 1000:.1f} ms")
    print(f"/summary, lead: {one.summary * 1000:.1f} ms, the first time {one.first_summary:.2f} s")
    print(f"case files opened: {one.opened}, looked at: {one.looked_at}")


if __name__ == "__main__":
    main()
