"""How many answers a Telegram bot gives, how soon, and at what cost: Casewalk or one of its peers.

``python -m tests.benchmarks.telegram_load casewalk --inspectors 20 --seconds 5`` starts the bot as
a process of its own, against a Bot API on the loopback interface
(:mod:`tests.benchmarks.loopback`), and has so many inspectors tap without a pause. Casewalk keeps
every answer on the disk of ``--folder``, as always; what a peer keeps is said in its file.
"""

from __future__ import annotations

import argparse
import asyncio
import itertools
import math
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, fields, replace
from pathlib import Path
from statistics import median, quantiles
from typing import Final

import psutil

from bot.running import LOOK_AFTER
from tests.benchmarks.long_pack import FIRST_CHOICE
from tests.benchmarks.loopback import TOKEN, Loopback, Tally
from tests.benchmarks.prepared_store import FIRST_CHAT, prepare

ROOT: Final = Path(__file__).parents[2]
CASEWALK: Final = "casewalk"
PEERS: Final = ("ptb_echo", "ptb_tinydb", "aiogram_echo", "aiogram_dialog_walk")
BOTS: Final = (CASEWALK, *PEERS)
CASES_A_SECOND: Final = 25
"""So many fresh cases are walked in a second at most, by all inspectors together."""
MANY: Final = 100
"""With more stored cases, Casewalk is first left to look through them, as it does after a start."""
PATIENCE: Final = 120.0
"""Seconds for a bot to start, or to give its answer."""


class NoAnswer(Exception):
    """A bot gave up; the message holds its last words."""


@dataclass(frozen=True, slots=True)
class Load:
    """What a bot is put to. ``delay`` is the round trip to the Bot API and ``think`` the pause
    before a tap, in seconds; ``answered`` the number of stored cases with all their answers."""

    bot: str = CASEWALK
    inspectors: int = 20
    seconds: float = 5.0
    warm_up: float = 1.0
    delay: float = 0.0
    think: float = 0.0
    webhook: bool = False
    answered: int = 1


@dataclass(frozen=True, slots=True)
class Figures:
    """What came of it: times in seconds, ``cpu`` the bot's for one answer, ``memory`` in bytes.

    ``first_card`` is from the start of the process.
    """

    answers: int
    rate: float
    cpu: float
    p50: float
    p99: float
    memory: int
    first_card: float


Words = list[Iterator[str]]
"""What each inspector types to get the next card."""


def measure(load: Load, folder: Path, words: Words | None = None) -> Figures:
    """Start the bot, load it, stop it. Raises :class:`NoAnswer`.

    ``folder`` is a new one, or one that :func:`prepared` gave ``words`` for; these are used up.
    """
    words = prepared(load, folder) if words is None else words
    return asyncio.run(_measure(load, folder, words))


def prepared(load: Load, folder: Path, *, times: int = 1) -> Words:
    """Make what the bot needs in ``folder``, for as many measurements."""
    if load.bot != CASEWALK:
        return [itertools.repeat("/start") for _ in range(load.inspectors)]
    seconds = (load.seconds + load.warm_up) * times
    fresh_each = 2 + math.ceil(seconds * CASES_A_SECOND / load.inspectors)
    fresh = prepare(
        folder / "store", inspectors=load.inspectors, answered=load.answered, fresh_each=fresh_each
    )
    return [(f"/case {reference}" for reference in references) for references in fresh]


async def _measure(load: Load, folder: Path, words: Words) -> Figures:
    async with Loopback(FIRST_CHOICE, delay=load.delay, think=load.think) as telegram:
        for place, one in enumerate(words):
            telegram.say(telegram.add(FIRST_CHAT + place, one))
        started = time.perf_counter()
        async with running(load, folder, telegram.url) as process:
            await _patiently(telegram.cards(), process)
            assert telegram.first_card is not None  # everybody has one
            if load.answered > MANY:
                telegram.stop()
                await until_idle(lambda: cpu_of(process))
                telegram.resume()
            await asyncio.sleep(load.warm_up)
            telegram.tally = Tally()
            before = cpu_of(process)
            await asyncio.sleep(load.seconds)
            tally, seconds, cpu = telegram.tally, telegram.tally.seconds, cpu_of(process) - before
            memory = process.memory_info().rss
            times = list(tally.tap_to_card)
            answers = tally.answers
            telegram.stop()
            await _patiently(telegram.settled(), process)
    if len(times) < 2 or telegram.errors:
        raise NoAnswer(f"{load.bot} gave {answers} answers. {' '.join(telegram.errors[:3])}")
    return Figures(
        answers=answers,
        rate=answers / seconds,
        cpu=cpu / max(answers, 1),
        p50=median(times),
        p99=quantiles(times, n=100)[98],
        memory=memory,
        first_card=telegram.first_card - started,
    )


async def until_idle(used: Callable[[], float]) -> None:
    """Until the bot has looked through its cases, and does next to nothing for two seconds.

    ``used`` gives the processor seconds that it has used.
    """
    await asyncio.sleep(LOOK_AFTER + 1.0)
    quiet, before = 0, used()
    while quiet < 4:
        await asyncio.sleep(0.5)
        now = used()
        quiet = quiet + 1 if now - before < 0.05 else 0
        before = now


async def _patiently(wait: Coroutine[None, None, None], process: psutil.Process) -> None:
    """Wait, as long as the bot is there and not stuck."""
    task = asyncio.ensure_future(wait)
    until = time.perf_counter() + PATIENCE
    while not task.done():
        await asyncio.wait((task,), timeout=0.5)
        if not process.is_running() or process.status() == psutil.STATUS_ZOMBIE:
            task.cancel()
            raise NoAnswer("it ended by itself")
        if time.perf_counter() > until:
            task.cancel()
            raise NoAnswer(f"it has not answered for {PATIENCE:g} seconds")


# --- the bot's process --------------------------------------------------------------------------


@asynccontextmanager
async def running(load: Load, folder: Path, api_url: str) -> AsyncIterator[psutil.Process]:
    """The bot as a process of its own, stopped at the end. What it says is in ``folder``."""
    environment = os.environ | {
        "TELEGRAM_BOT_TOKEN": TOKEN,
        "TELEGRAM_API_URL": api_url,
        "CASEWALK_STORE": f"tinydb:{folder / 'store'}",
        "CASEWALK_LOG": "WARNING",
        "PEER_STORE": str(folder / "peer.json"),
    }
    environment.pop("CASEWALK_KEY", None)
    said = folder / "said.txt"
    with said.open("wb") as output:
        process = psutil.Popen(
            [sys.executable, *_command(load)],
            env=environment,
            cwd=ROOT,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
        )
    try:
        yield process
    except NoAnswer as error:
        raise NoAnswer(f"{load.bot}: {error}\n{said.read_text('utf-8')[-2000:]}") from None
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            await asyncio.to_thread(process.wait, 10)
        except psutil.TimeoutExpired:
            process.kill()
            process.wait(10)


def _command(load: Load) -> list[str]:
    if load.bot != CASEWALK:
        return ["-m", f"tests.benchmarks.peers.{load.bot}"]
    command = ["-m", "bot", "serve"]
    if load.webhook:
        listen = f"127.0.0.1:{free_port()}"
        command += ["--webhook", f"http://{listen}/hook", "--listen", listen]
    return command


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
        return port


def cpu_of(process: psutil.Process) -> float:
    times = process.cpu_times()
    return float(times.user + times.system)


# --- by itself ----------------------------------------------------------------------------------


@contextmanager
def disk_folder(on: Path | None) -> Iterator[Path]:
    """A folder for one store, on the disk that is to be measured; gone afterwards."""
    on = on or ROOT / "data"
    on.mkdir(parents=True, exist_ok=True)
    folder = Path(tempfile.mkdtemp(prefix="benchmark-", dir=on))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("bot", choices=BOTS, nargs="?", default=CASEWALK)
    parser.add_argument("--inspectors", type=int, nargs="+", default=[1, 20, 200])
    parser.add_argument("--seconds", type=float, default=5.0)
    parser.add_argument("--delay", type=float, default=0.0, help="a round trip in milliseconds")
    parser.add_argument("--think", type=float, default=0.0, help="milliseconds before a tap")
    parser.add_argument("--webhook", action="store_true", help="Casewalk only; else long polling")
    parser.add_argument("--cases", type=int, default=1, help="stored, with 150 answers each")
    parser.add_argument("--rounds", type=int, default=1, help="the medians of so many are told")
    parser.add_argument("--folder", type=Path, help="on which disk (default: ./data)")
    options = parser.parse_args()
    print(HEADER)
    for inspectors in options.inspectors:
        load = Load(
            bot=options.bot,
            inspectors=inspectors,
            seconds=options.seconds,
            delay=options.delay / 1000,
            think=options.think / 1000,
            webhook=options.webhook,
            answered=options.cases,
        )
        rounds = []
        for _ in range(options.rounds):
            with disk_folder(options.folder) as folder:
                rounds.append(measure(load, folder))
        print(line(f"{load.bot}, {inspectors}", medians(rounds)), flush=True)


HEADER: Final = (
    f"{'bot, inspectors':26}{'answers/s':>10}{'CPU ms':>8}{'p50 ms':>8}{'p99 ms':>8}{'MB':>6}"
)


def line(name: str, one: Figures) -> str:
    times = "".join(f"{value * 1000:8.2f}" for value in (one.cpu, one.p50, one.p99))
    return f"{name:26}{one.rate:10.0f}{times}{one.memory / 1e6:6.0f}"


def medians(rounds: Sequence[Figures]) -> Figures:
    """Each figure's median."""
    values = {
        part.name: median(getattr(one, part.name) for one in rounds) for part in fields(Figures)
    }
    return replace(rounds[0], **values)


if __name__ == "__main__":
    main()
