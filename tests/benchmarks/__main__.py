"""Every figure of ``docs/speed.md`` in one run: ``python -m tests.benchmarks``.

Casewalk and its peers take turns, so that a busy moment of the machine meets all of them; of each
figure the median is told. ``--quick`` is a smoke run of seconds. What stands in the way of one
part (a peer that is not installed) is told, and the others go on.
"""

from __future__ import annotations

import argparse
import re
import subprocess
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from importlib.util import find_spec
from itertools import product
from pathlib import Path
from statistics import median
from typing import Final

from tests.benchmarks import durable_write, progress, start_up
from tests.benchmarks.telegram_load import (
    CASEWALK,
    HEADER,
    PEERS,
    ROOT,
    Figures,
    Load,
    NoAnswer,
    disk_folder,
    line,
    measure,
    medians,
    prepared,
)

NEEDS: Final = {"aiogram_echo": "aiogram", "aiogram_dialog_walk": "aiogram_dialog"}
ROUND_TRIP: Final = 0.04
THINK: Final = 0.1
"""Nobody taps before the bot can know that its last card was shown, which takes a round trip."""


@dataclass(frozen=True, slots=True)
class Extent:
    """How much is measured: a large store has ``many`` cases, a usual one ``stored``."""

    bots: tuple[str, ...]
    inspectors: tuple[int, ...] = (1, 20, 200)
    rounds: int = 3
    seconds: float = 4.0
    warm_up: float = 1.0
    many: int = 10_000
    stored: int = 1_000
    steps: int = 1_000


@dataclass(frozen=True, slots=True)
class Row:
    """One goal of the table: at least, or at most, so much."""

    figure: str
    measured: float
    goal: float
    unit: str = ""
    at_least: bool = False

    @property
    def met(self) -> bool:
        return self.measured >= self.goal if self.at_least else self.measured <= self.goal

    def __str__(self) -> str:
        bound = ">=" if self.at_least else "<="
        goal = f"{bound} {self.goal:g} {self.unit}"
        measured = f"{self.measured:.3g} {self.unit}"
        return f"{self.figure:58}{goal:>14}{measured:>14}  {'met' if self.met else 'MISSED'}"


Part = Callable[[Extent, Path | None], Iterator[Row]]


def side_by_side(extent: Extent, on: Path | None) -> Iterator[Row]:
    """Casewalk and its peers: answers a second, and CPU for each."""
    loads = {
        (bot, inspectors): Load(bot, inspectors, extent.seconds, extent.warm_up)
        for inspectors, bot in product(extent.inspectors, extent.bots)
    }
    by_load = in_turn(list(loads.values()), extent.rounds, on)
    found = {key: by_load[load] for key, load in loads.items()}
    print(f"\n{HEADER}")
    for (bot, inspectors), figures in found.items():
        print(line(f"{bot}, {inspectors}", figures))
    for inspectors in extent.inspectors:
        ours = found[CASEWALK, inspectors]
        if inspectors == 1:
            yield Row("tap to card, p50", ours.p50 * 1000, 2.5, "ms")
            yield Row("tap to card, p99", ours.p99 * 1000, 8, "ms")
            continue
        told = f"{inspectors} inspectors"
        yield Row(f"CPU per durable answer, {told}", ours.cpu * 1000, 1.5, "ms")
        if dialog := found.get(("aiogram_dialog_walk", inspectors)):
            yield Row(f"the same, of aiogram_dialog's, {told}", ours.cpu / dialog.cpu, 0.5)
            rate = ours.rate / dialog.rate
            yield Row(f"answers a second, of aiogram_dialog's, {told}", rate, 2, at_least=True)
        if bare := found.get(("ptb_echo", inspectors)):
            rate = ours.rate / bare.rate
            yield Row(f"answers a second, of bare PTB's, {told}", rate, 5, at_least=True)


def far_away(extent: Extent, on: Path | None) -> Iterator[Row]:
    """One inspector, with a round trip between the bot and the Bot API."""
    polling = Load(
        inspectors=1,
        seconds=extent.seconds,
        warm_up=extent.warm_up,
        delay=ROUND_TRIP,
        think=THINK,
    )
    webhook = replace(polling, webhook=True)
    found = in_turn([polling, webhook], extent.rounds, on)
    for load, name, most in ((polling, "polling", 1.15), (webhook, "webhook", 0.65)):
        print(line(f"{name}, 40 ms away", found[load]))
        yield Row(
            f"tap to card, 40 ms away, {name}, p50", found[load].p50 / ROUND_TRIP, most, "trips"
        )


def large_store(extent: Extent, on: Path | None) -> Iterator[Row]:
    """The same store with one case and with many, in turn."""
    small = Load(inspectors=1, seconds=extent.seconds, warm_up=extent.warm_up)
    large = replace(small, answered=extent.many)
    found: defaultdict[Load, list[Figures]] = defaultdict(list)
    with disk_folder(on) as one, disk_folder(on) as other:
        kept = [
            (load, folder, prepared(load, folder, times=extent.rounds))
            for load, folder in ((small, one), (large, other))
        ]
        for number in range(extent.rounds):
            for load, folder, words in kept:
                say(f"{load.answered} stored cases, round {number + 1}")
                found[load].append(measure(load, folder, words))
    few, many = medians(found[small]), medians(found[large])
    print(line("1 case stored", few))
    print(line(f"{extent.many} cases stored", many))
    yield Row(f"tap to card p50, {extent.many} cases against 1", many.p50 / few.p50, 1.1)
    yield Row(f"CPU per answer, {extent.many} cases against 1", many.cpu / few.cpu, 1.1)


def durable(extent: Extent, on: Path | None) -> Iterator[Row]:
    """A durable write against a raw append and fsync."""
    with disk_folder(on) as folder:
        took = durable_write.measure(folder, extent.steps)
    typical = {name: median(times) for name, times in took.items()}
    bare = typical["raw append and fsync"]
    print(", ".join(f"{name} {seconds * 1e6:.0f} µs" for name, seconds in typical.items()))
    yield Row("durable write against append and fsync", typical["CaseFile.commit"] / bare, 1.5)


def case_counts(extent: Extent, on: Path | None) -> Iterator[Row]:
    """``/progress`` and ``/summary`` of a large inspection."""
    with disk_folder(on) as folder:
        one = progress.measure(folder / "store", extent.many)
    print(f"the first look through {extent.many} cases: {one.first_look:.2f} s")
    print(f"their first /summary: {one.first_summary:.2f} s, later {one.summary * 1000:.1f} ms")
    yield Row(f"/progress at {extent.many} cases, inspector", one.inspector * 1000, 20, "ms")
    yield Row(f"/progress at {extent.many} cases, lead", one.lead * 1000, 20, "ms")
    yield Row(
        "case files opened or looked at for it",
        one.opened + one.looked_at,
        progress.ANSWERS_BETWEEN,
    )


def scores(_extent: Extent, _on: Path | None) -> Iterator[Row]:
    """Scoring 1,000 cases, by :mod:`tests.benchmarks.scoring`."""
    command = [sys.executable, "-m", "tests.benchmarks.scoring"]
    told = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout
    print(told)
    medians_told = {
        name.strip(): float(middle)
        for name, middle in re.findall(r"^(.+?)\s+[\d.]+\s+([\d.]+)$", told, re.MULTILINE)
    }
    yield Row("scoring 1,000 cases of 150 questions", medians_told["score_cases"], 50, "ms")
    ratio = medians_told["score_tallies / NumPy prepared"]
    yield Row("kept counts, times NumPy's count of the matrix", ratio, 3)


def starts(extent: Extent, on: Path | None) -> Iterator[Row]:
    """The serving bot's start, and the command line's."""
    load = Load(inspectors=1, seconds=1.0, warm_up=0.2, answered=extent.stored)
    found = in_turn([load], extent.rounds, on)[load]
    yield Row(f"start to first card, {extent.stored} cases", found.first_card, 1, "s")
    yield Row(f"memory, {extent.stored} cases", found.memory / 1e6, 150, "MB")
    with disk_folder(on) as folder:
        start = start_up.measure(folder)
    print(f"Python alone {start.bare:.3f} s; imported for nothing: {start.imported or 'nothing'}")
    yield Row("casewalk score --json of 140 cases", start.seconds, 0.5, "s")
    yield Row("libraries imported for nothing", len(start.imported), 0)


PARTS: Final[dict[str, Part]] = {
    "load": side_by_side,
    "away": far_away,
    "cases": large_store,
    "write": durable,
    "progress": case_counts,
    "scores": scores,
    "starts": starts,
}
QUICK: Final = Extent((CASEWALK,), (5,), 1, 0.5, 0.1, many=20, stored=5, steps=20)
QUICK_PARTS: Final = ("load", "write", "progress")


def in_turn(loads: list[Load], rounds: int, on: Path | None) -> dict[Load, Figures]:
    """Every load once, then every load again; a store of its own each time."""
    found: defaultdict[Load, list[Figures]] = defaultdict(list)
    for number, load in product(range(rounds), loads):
        away = f", {load.delay * 1000:g} ms away" if load.delay else ""
        say(f"{load.bot}, {load.inspectors} inspectors{away}, round {number + 1} of {rounds}")
        with disk_folder(on) as folder:
            found[load].append(measure(load, folder))
    return {load: medians(figures) for load, figures in found.items()}


def say(what: str) -> None:
    print(f"{time.strftime('%H:%M:%S')}  {what}", file=sys.stderr, flush=True)


def installed(bots: tuple[str, ...]) -> tuple[str, ...]:
    missing = [bot for bot in bots if bot in NEEDS and find_spec(NEEDS[bot]) is None]
    if missing:
        say(f"left out: {', '.join(missing)} (pip install -r tests/benchmarks/requirements.txt)")
    return tuple(bot for bot in bots if bot not in missing)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--quick", action="store_true", help="Casewalk alone, in seconds")
    parser.add_argument("--parts", nargs="+", choices=PARTS, help="default: all")
    parser.add_argument("--rounds", type=int, default=3, help="of each the median (default: 3)")
    parser.add_argument("--seconds", type=float, default=4.0, help="of each load (default: 4)")
    parser.add_argument("--folder", type=Path, help="on which disk (default: ./data)")
    options = parser.parse_args()
    extent = QUICK
    if not options.quick:
        extent = Extent(
            installed((CASEWALK, *PEERS)), rounds=options.rounds, seconds=options.seconds
        )
    names = options.parts or (QUICK_PARTS if options.quick else PARTS)
    rows, failed = [], []
    for name in names:
        say(f"--- {name}: {(PARTS[name].__doc__ or '').strip()}")
        try:
            rows += list(PARTS[name](extent, options.folder))
        except (NoAnswer, OSError, subprocess.SubprocessError) as error:
            failed.append(f"{name}: {error}")
            say(failed[-1])
    print(f"\n{'figure':58}{'goal':>14}{'measured':>14}")
    for row in rows:
        print(row)
    for one in failed:
        print(f"not measured: {one}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
