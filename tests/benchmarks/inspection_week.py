"""The whole Cheshire inspection in chat: 140 cases, one lead, four inspectors, every question.

``python -m tests.benchmarks.inspection_week`` runs the script of ``tests/bot/cheshire.py`` over a
loopback Telegram server, shows how far it is, compares what comes out with every figure that the
report printed (as the tests of the instrument do), and ends with how long it took.
"""

from __future__ import annotations

import argparse
import asyncio
import tempfile
from collections.abc import Callable
from pathlib import Path
from statistics import median, quantiles
from time import perf_counter
from typing import Any

from tests.bot.cheshire import Week, bot_and_team, inspection_week
from tests.bot.cheshire_files import open_files
from tests.criteria.instrument.packs.test_omi2 import DATA, NOT_REPRODUCED, ROWS, SCORES, case_files

EVERY = 10
"""Submissions between two lines of progress."""


def progress(cases: int) -> Callable[[str], None]:
    """Shows what is told of the week, but of the submissions only each tenth."""
    start, submitted = perf_counter(), 0

    def tell(what: str) -> None:
        nonlocal submitted
        if "submitted" in what:
            submitted += 1
            if submitted % EVERY:
                return
            what = f"{submitted} of {cases} cases submitted"
        print(f"{perf_counter() - start:7.1f} s  {what}", flush=True)

    return tell


def published(document: dict[str, Any]) -> tuple[int, list[str]]:
    """How many of the printed figures were compared, and those that came out otherwise.

    ``document`` is what ``casewalk score --json`` gives. The misprints that the tests of the
    instrument name are expected to come out as they are named there.
    """
    compared, wrong = 0, []

    def compare(name: str, printed: object, found: object) -> None:
        nonlocal compared
        compared += 1
        expected = NOT_REPRODUCED.get(name, (printed, printed))[1]
        if found != expected:
            wrong.append(f"{name}: printed {printed}, and it is {found}")

    for part in ("criteria", "headlines"):
        for name, printed in SCORES[part].items():
            found = document[part][name]
            compare(name, printed, {"percent": found["percent"], "band": found["band"]})
    for name, pages in SCORES["sections"].items():
        for page, printed in pages.items():
            compare(f"{name}, {page}", printed, document["sections"][name]["percent"])
    for row in ROWS:
        question = document["questions"][row["question"]]
        for figure in row.get("figures", ()):
            choice = figure["choice"]
            if "count" in figure:
                compare(f"{figure['id']}, count", figure["count"], question["counts"][choice])
            if "base" in figure:
                compare(f"{figure['id']}, base", figure["base"], question["relevant"])
            if "percent" in figure:
                compare(figure["id"], figure["percent"], question["percents"][choice])
    return compared, wrong


def report(week: Week, seconds: float) -> None:
    """The figures of the run."""
    taps = [seconds for one in week.inspectors.values() for seconds in one.taps]
    texts = sum(one.sent for one in week.inspectors.values())
    answers = sum(one.answers for one in week.inspectors.values())
    slow = quantiles(taps, n=100)[98]
    print()
    print(f"cases                 {len(week.cases):>8,}")
    print(f"answers               {answers:>8,}  (a second reading among them)")
    print(f"taps, texts           {len(taps):>8,}  and {texts:,}, of four inspectors side by side")
    print(f"walking               {week.walking:>8.1f}  s")
    print(f"taps and texts        {(len(taps) + texts) / week.walking:>8.0f}  a second")
    print(f"answers               {answers / week.walking:>8.0f}  a second")
    print(f"a tap to its card     {median(taps) * 1000:>8.1f}  ms (1 in 100: {slow * 1000:.0f} ms)")
    for name, asked in week.asked_at.items():
        print(f"/export {name:13} {asked:>9.2f}  s")
    print(f"the whole week        {seconds:>8.1f}  s")


async def run(cases: int) -> int:
    start = perf_counter()
    with tempfile.TemporaryDirectory() as folder:
        async with bot_and_team(Path(folder), cases, progress(cases)) as week:
            await inspection_week(week)
            await open_files(week)
            seconds = perf_counter() - start
            score = await week.score()
    report(week, seconds)
    if cases < DATA["cases"]:
        return 0
    compared, wrong = published(score)
    print(f"\n{compared} published figures compared, {compared - len(wrong)} as expected.")
    print("\n".join(wrong))
    return 1 if wrong else 0


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    most = len(case_files())
    parser.add_argument("--cases", type=int, default=most, help="of 140; 12 or more")
    cases = parser.parse_args().cases
    if not 12 <= cases <= most:
        parser.error(f"--cases {cases}: give 12 to {most}")
    return asyncio.run(run(cases))


if __name__ == "__main__":
    raise SystemExit(main())
