"""Several workers on one PostgreSQL: how many answers a second, and what takes how much of them.

``python -m tests.benchmarks.scale`` fills a database with 10,000 answered cases and some begun ones
for 1,000 inspectors. Then 1, 2 and 4 workers (``casewalk serve --webhook …``), each a process of
its own, share it, called by a Bot API on the loopback interface as through a proxy. First everybody
taps without a pause, which shows how much goes through; then everybody thinks before a tap, which
shows how long an answer takes where not all of it is used.

The database is a server of its own with the settings of :data:`DURABLE`, or ``--postgres`` says
which; it gets a schema that goes again. Processor times of PostgreSQL are told where it runs here.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, closing, contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path
from statistics import median, quantiles
from typing import Any, Final

import psutil
import psycopg

from storage.open_store import open_store
from tests.benchmarks.long_pack import FIRST_CHOICE, QUESTIONS
from tests.benchmarks.loopback import TOKEN, Loopback, Tally
from tests.benchmarks.prepared_store import ANSWERED, FIRST_CHAT, fill
from tests.benchmarks.telegram_load import (
    CASES_A_SECOND,
    MANY,
    ROOT,
    NoAnswer,
    Words,
    cpu_of,
    free_port,
    until_idle,
)
from tests.storage.conftest import empty_schema
from tests.storage.postgres_server import NoServer, PostgresServer

DURABLE: Final = (
    "listen_addresses=",
    "max_connections=100",
    "shared_buffers=512MB",
    "max_wal_size=4GB",
)
"""What differs from PostgreSQL's own settings; fsync is on, as it is there."""
PATIENCE: Final = 120.0
"""Seconds for all workers to start, or to answer what is under way."""
LOOK_EVERY: Final = 0.1
"""Seconds between two looks at what the database's connections wait for."""

_KEPT: Final = """
    select xact_commit, pg_current_wal_insert_lsn() - '0/0'::pg_lsn,
        pg_total_relation_size('steps'), (select count(*) from steps), deadlocks
    from pg_stat_database where datname = current_database()
"""
_CASE: Final = """
    select avg(pg_column_size(k.*) + pg_column_size(m.*))::integer
    from logs k join summaries m on m.log = k.name where k.name like '%%/cases/' || %s
"""
_WAITING: Final = """
    select coalesce(wait_event_type || ' ' || wait_event, 'processor')
    from pg_stat_activity where state = 'active' and application_name = 'casewalk'
"""


@dataclass(frozen=True, slots=True)
class Extent:
    """How much is measured. ``warm_up`` and ``think``, the pause before a tap, are in seconds."""

    inspectors: int = 1_000
    cases: int = 10_000
    workers: tuple[int, ...] = (1, 2, 4)
    seconds: float = 6.0
    warm_up: float = 2.0
    think: float = 4.0
    by_chat: bool = False


QUICK: Final = Extent(5, 20, (2,), seconds=0.5, warm_up=0.2, think=0.05)


@dataclass(frozen=True, slots=True)
class Used:
    """Processor seconds since the start of each; ``machine`` is everybody's, others' included."""

    workers: float
    postgres: float
    driver: float
    machine: float

    def since(self, before: Used) -> Used:
        return Used(
            self.workers - before.workers,
            self.postgres - before.postgres,
            self.driver - before.driver,
            self.machine - before.machine,
        )


@dataclass(frozen=True, slots=True)
class Kept:
    """What was done so far: commits, steps, their table's bytes; ``wal`` is all of the server's."""

    commits: int
    wal: int
    bytes: int
    steps: int
    deadlocks: int


@dataclass(frozen=True, slots=True)
class Figures:
    """Of one measurement: times in seconds. ``waiting`` counts what connections were seen at."""

    workers: int
    think: float
    seconds: float
    times: list[float]
    answers: int
    used: Used
    waiting: Counter[str]
    looks: int

    def __str__(self) -> str:
        used, answers = self.used, max(self.answers, 1)
        ours = used.workers + used.postgres + used.driver
        cores = psutil.cpu_count() or 1
        each = [1000 * one / answers for one in (used.workers, used.postgres, used.driver)]
        p50, p99 = median(self.times), quantiles(self.times, n=100)[98]
        return (
            f"{self.workers:7}{self.think:8.1f}{self.answers / self.seconds:11.0f}"
            f"{each[0]:11.2f}{each[1]:10.2f}{each[2]:8.2f}{p50 * 1000:9.0f}{p99 * 1000:8.0f}"
            f"{ours / self.seconds:7.2f} of {cores}"
            f"{(used.machine - ours) / self.seconds:8.2f}"
            f"{1000 / (each[0] + each[1]):11.0f}"
        )


HEADER: Final = (
    f"{'workers':>7}{'think s':>8}{'answers/s':>11}{'worker ms':>11}{'pg ms':>10}{'driver':>8}"
    f"{'p50 ms':>9}{'p99 ms':>8}{'cores used':>12}{'others':>8}{'/s a core':>11}"
)
"""``worker``, ``pg`` and ``driver`` are processor time for one answer; ``/s a core`` is how many
answers workers and PostgreSQL together give in a second of one core."""


# --- the database -------------------------------------------------------------------------------


@contextmanager
def database(given: str | None) -> Iterator[str]:
    """The address of an empty schema, in a server of our own unless one is given."""
    if given is not None:
        with empty_schema(given) as address:
            yield address
        return
    server = PostgresServer(DURABLE)
    try:
        yield server.address
    finally:
        server.stop()


class Database:
    """The server as seen from beside: its processor time, what it has kept, who waits for what."""

    def __init__(self, connection: psycopg.Connection[Any]) -> None:
        self._connection = connection
        self._main = _process_of(connection.info.backend_pid)

    @property
    def is_here(self) -> bool:
        return self._main is not None

    def cpu(self) -> float:
        """Of all its processes, those that have ended included; 0 where it runs elsewhere."""
        if self._main is None:
            return 0.0
        times = self._main.cpu_times()
        used = float(times.user + times.system + times.children_user + times.children_system)
        for child in self._main.children():
            with suppress(psutil.NoSuchProcess):  # then its time is its parent's
                used += cpu_of(child)
        return used

    def kept(self) -> Kept:
        row = self._connection.execute(_KEPT).fetchone()
        assert row is not None  # it has no condition
        return Kept(*(int(one) for one in row))

    def case_size(self) -> int:
        """Bytes of a case with all its answers, and of its summary, on average."""
        row = self._connection.execute(_CASE, (ANSWERED + "%",)).fetchone()
        assert row is not None  # it is an average
        return int(row[0])

    def waiting(self) -> list[str]:
        return [one for (one,) in self._connection.execute(_WAITING).fetchall()]


def _process_of(backend: int) -> psutil.Process | None:
    """The server that has this connection's process; None where it is another machine's."""
    try:
        parent = psutil.Process(backend).parent()
    except psutil.NoSuchProcess:
        return None
    return parent if parent is not None and "postgres" in parent.name() else None


async def prepared(address: str, extent: Extent) -> Words:
    """Fill the database; gives what each inspector types to get the next card."""
    both = 2 * (extent.seconds + extent.warm_up)
    each = 1 + int(both * CASES_A_SECOND / extent.inspectors + 1)
    store = await open_store(address)
    fresh = await fill(
        store,
        inspectors=extent.inspectors,
        answered=extent.cases,
        fresh_each=each * len(extent.workers),
        begun=True,
    )
    await store.close()
    return [(f"/case {reference}" for reference in references) for references in fresh]


# --- the workers --------------------------------------------------------------------------------


@asynccontextmanager
async def working(
    addresses: Sequence[str], api_url: str, store: str, folder: Path
) -> AsyncIterator[list[psutil.Process]]:
    """The workers' processes, stopped at the end. What they say is in ``folder``."""
    environment = os.environ | {
        "TELEGRAM_BOT_TOKEN": TOKEN,
        "TELEGRAM_API_URL": api_url,
        "CASEWALK_STORE": store,
        "CASEWALK_LOG": "WARNING",
        "CASEWALK_WEBHOOK_SECRET": "the-same-for-all-workers",
    }
    processes = []
    for number, address in enumerate(addresses):
        command = [sys.executable, "-m", "bot", "serve", "--webhook", f"http://{address}/hook"]
        with (folder / f"said-{number}").open("wb") as said:
            process = psutil.Popen(
                [*command, "--listen", address],
                env=environment, cwd=ROOT, stdin=subprocess.DEVNULL, stdout=said, stderr=said,
            )  # fmt: skip
        processes.append(process)
    try:
        yield processes
    finally:
        for process in processes:
            process.terminate()
        for process in processes:
            try:
                await asyncio.to_thread(process.wait, 15)
            except psutil.TimeoutExpired:
                process.kill()
                process.wait(10)


async def measure(
    workers: int, extent: Extent, address: str, words: Words, beside: Database
) -> list[Figures]:
    """With so many workers: without a pause, then thinking. Raises :class:`NoAnswer`."""
    addresses = [f"127.0.0.1:{free_port()}" for _ in range(workers)]
    urls = [f"http://{one}/hook" for one in addresses]
    async with AsyncExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="casewalk-scale-")))
        telegram = await stack.enter_async_context(
            Loopback(
                FIRST_CHOICE,
                workers=urls,
                by_chat=extent.by_chat,
                first_update=time.time_ns() // 1000,  # none of an earlier measurement's
            )
        )
        for place, one in enumerate(words):
            telegram.say(telegram.add(FIRST_CHAT + place, one))
        processes = await stack.enter_async_context(
            working(addresses, telegram.url, address, folder)
        )

        def used() -> Used:
            times = psutil.cpu_times()
            idle = times.idle + getattr(times, "iowait", 0.0)
            return Used(
                sum(cpu_of(process) for process in processes),
                beside.cpu(),
                cpu_of(psutil.Process()),
                sum(times[:8]) - idle,  # those of guests are in the others
            )

        try:
            await asyncio.wait_for(telegram.cards(), PATIENCE)
            if extent.cases > MANY:
                telegram.stop()
                await until_idle(lambda: sum(cpu_of(process) for process in processes))
                telegram.resume()
            full = await _window(telegram, replace(extent, think=0.0), beside, used, workers)
            telegram.think = extent.think
            half = await _window(telegram, extent, beside, used, workers)
            telegram.stop()
            await asyncio.wait_for(telegram.settled(), PATIENCE)
        except TimeoutError:
            raise NoAnswer(f"{workers} workers do not answer.\n{_said(folder)}") from None
        if telegram.errors:
            raise NoAnswer(" ".join(telegram.errors[:3]))
    return [full, half]


def _said(folder: Path) -> str:
    return "".join(path.read_text("utf-8")[-1000:] for path in sorted(folder.iterdir()))


async def _window(
    telegram: Loopback, extent: Extent, beside: Database, used: Callable[[], Used], workers: int
) -> Figures:
    """What happens in ``extent.seconds``, after the warm-up."""
    await asyncio.sleep(extent.warm_up + extent.think)
    waiting: Counter[str] = Counter()
    looks = 0
    before, telegram.tally = used(), Tally()
    while telegram.tally.seconds < extent.seconds:
        await asyncio.sleep(LOOK_EVERY)
        waiting.update(beside.waiting())
        looks += 1
    tally, seconds, after = telegram.tally, telegram.tally.seconds, used()
    if len(tally.tap_to_card) < 2:
        raise NoAnswer(f"{workers} workers gave {tally.answers} answers.")
    return Figures(
        workers, extent.think, seconds, list(tally.tap_to_card), tally.answers,
        after.since(before), waiting, looks,
    )  # fmt: skip


# --- by itself ----------------------------------------------------------------------------------


def main() -> None:
    extent = Extent()
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--postgres", metavar="URL", help="a running server; may make schemas")
    parser.add_argument("--quick", action="store_true", help="a smoke run of seconds")
    parser.add_argument("--workers", type=int, nargs="+", default=extent.workers)
    parser.add_argument("--inspectors", type=int, default=extent.inspectors)
    parser.add_argument("--cases", type=int, default=extent.cases, help="with all their answers")
    parser.add_argument("--seconds", type=float, default=extent.seconds)
    parser.add_argument("--think", type=float, default=extent.think, help="seconds before a tap")
    parser.add_argument("--by-chat", action="store_true", help="a chat's calls to one worker")
    options = parser.parse_args()
    extent = Extent(
        options.inspectors, options.cases, tuple(options.workers), options.seconds,
        think=options.think, by_chat=options.by_chat,
    )  # fmt: skip
    if options.quick:
        extent = replace(QUICK, by_chat=options.by_chat)
    try:
        with (
            database(options.postgres) as address,
            closing(psycopg.connect(address, autocommit=True)) as connection,
        ):
            run(extent, address, Database(connection))
    except (NoServer, NoAnswer) as error:
        sys.exit(str(error))


def run(extent: Extent, address: str, beside: Database) -> None:
    start = time.perf_counter()
    words = asyncio.run(prepared(address, extent))
    seconds = time.perf_counter() - start
    print(
        f"{extent.cases} cases of {QUESTIONS} answers, {beside.case_size()} bytes each, and begun"
        f" ones: stored in {seconds:.0f} s"
    )
    if not beside.is_here:
        print("PostgreSQL runs elsewhere: nothing is known of its processor time.")
    print(HEADER)
    notes = []
    for workers in extent.workers:
        before = beside.kept()
        for figures in asyncio.run(measure(workers, extent, address, words, beside)):
            print(figures, flush=True)
            notes.append(_waits(figures))
        notes.append(_written(workers, before, beside.kept()))
    print(*notes, sep="\n")


def _waits(one: Figures) -> str:
    seen = [f"{what} {count / one.looks:.2f}" for what, count in one.waiting.most_common()]
    return (
        f"workers {one.workers}, think {one.think:g} s: connections at work, on average:"
        f" {', '.join(seen) or 'none'}"
    )


def _written(workers: int, before: Kept, after: Kept) -> str:
    steps = max(after.steps - before.steps, 1)
    return (
        f"workers {workers}: {steps} steps, each {(after.commits - before.commits) / steps:.1f}"
        f" transactions, {(after.wal - before.wal) / steps:.0f} bytes of write-ahead log,"
        f" {(after.bytes - before.bytes) / steps:.0f} bytes in steps;"
        f" deadlocks {after.deadlocks - before.deadlocks}"
    )


if __name__ == "__main__":
    main()
