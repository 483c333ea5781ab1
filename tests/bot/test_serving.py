"""``casewalk serve`` as it runs: its log, its heartbeat, how it stops, and where it goes on."""

from __future__ import annotations

import asyncio
import contextlib
import os
import re
import signal
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.invitations import invite
from criteria.inspection import Role
from storage.store import Store
from tests.bot.test_conversation_telegram import make_store, now
from tests.files_store import folder_of
from tests.telegram_server import BOT_USERNAME, TelegramServer, User

pytestmark = pytest.mark.long

ROOT = Path(__file__).parents[2]
SLOW = 30.0
"""Seconds that a process has to start or to stop."""

LINE = re.compile(
    r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d,\d{3} (?P<level>[A-Z]+) (?P<logger>[a-z_.]+)"
    r" (?P<event>[^=]*?)(?P<fields>(?: [a-z_]+=\S+)*)(?: why=(?P<why>.+))?"
)
"""``2026-11-21 10:00:00,000 WARNING bot.channels.telegram.menus menu not set chat=55 error=…``"""

PLAIN = re.compile(r"[a-zA-Z ,]+")
KEYS = {
    "update", "chat", "inspection", "username", "error", "host", "port", "again_in", "chats",
    "last_try", "migration",
}  # fmt: skip


@pytest.fixture
async def telegram() -> AsyncIterator[TelegramServer]:
    async with TelegramServer() as server:
        yield server


@pytest.fixture
async def store(tmp_path: Path) -> Store:
    return await make_store(tmp_path / "data")


class Serving:
    """``casewalk serve`` in a process of its own."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process
        assert process.stderr is not None
        self._reading = asyncio.create_task(process.stderr.read())

    async def stop(self, how: signal.Signals = signal.SIGTERM) -> list[str]:
        """Ask it to, and give its log."""
        self._process.send_signal(how)
        async with asyncio.timeout(SLOW):
            log = (await self._reading).decode()
            await self._process.wait()
        assert self._process.returncode == 0, log
        return log.splitlines()

    def kill(self) -> None:
        if self._process.returncode is None:
            self._process.kill()


@contextlib.asynccontextmanager
async def serving(
    telegram: TelegramServer, folder: Path, **settings: str
) -> AsyncIterator[Serving]:
    asked = telegram.calls["getUpdates"]
    kept = {name: value for name, value in os.environ.items() if "CASEWALK" not in name}
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bot", "serve"),
        cwd=folder,
        env={
            **kept,
            "PYTHONPATH": str(ROOT),
            "TELEGRAM_BOT_TOKEN": telegram.token,
            "TELEGRAM_API_URL": telegram.url,
            **settings,
        },
        stderr=asyncio.subprocess.PIPE,
    )
    bot = Serving(process)
    try:
        await telegram.until(lambda: telegram.calls["getUpdates"] > asked, SLOW)
        yield bot
    finally:
        bot.kill()
        await process.wait()


async def joined(store: Store, user: User) -> None:
    code, _ = await invite(store, "week", Role.INSPECTOR, now())
    await user.send(f"/start {code}", wait=SLOW)


@pytest.mark.skipif(os.name == "nt", reason="there is no SIGTERM")
@pytest.mark.parametrize("level", ["INFO", "DEBUG"])
async def test_every_line_of_its_log_is_an_event_with_ids(
    tmp_path: Path, telegram: TelegramServer, store: Store, level: str
) -> None:
    """A run in which much goes wrong."""
    telegram.fail("getUpdates", status=502)
    telegram.fail("setMyCommands", status=400)
    async with serving(telegram, tmp_path, CASEWALK_LOG=level) as bot:
        user, other = telegram.user(), telegram.user()
        for one in (user, other):
            await joined(store, one)
        await user.send("/case C001", wait=SLOW)
        other.block()
        await other.send("/cases", reply=False)
        telegram.fail("editMessageText", status=500)
        await user.tap("Male", wait=SLOW)
        await user.quiet()
        damaged = folder_of(store) / "inspections" / "week" / "cases" / "C002~case-file.jsonl"
        damaged.write_bytes(b"garbage\n")
        await user.send("/case C002")
        await user.quiet()
        log = await bot.stop()
    events = []
    for line in log:
        parsed = LINE.fullmatch(line)
        assert parsed, line
        assert PLAIN.fullmatch(parsed["event"]), line
        fields = dict(field.split("=", 1) for field in parsed["fields"].split())
        assert set(fields) <= KEYS, line
        assert fields.get("chat", "7001").removeprefix("tg-") in ("7001", "7002"), line
        assert not [said for said in ("Male", "Sex?", "garbage") if said in line], line
        assert level == "DEBUG" or parsed["level"] != "DEBUG", line
        events.append(f"{parsed['event']}{parsed['fields']}")
    told = "\n".join(events)
    assert events[-1] == "stopped"
    for event in (
        f"serving username={BOT_USERNAME}", "updates not fetched error=NetworkError@",
        "updates not fetched, works again", "chat has blocked the bot chat=7002",
        "a call at the start failed error=BadRequest@", "store error=DamagedFile",
    ):  # fmt: skip
        assert event in told, told
    assert any("C002~case-file.jsonl, line 1: it is not JSON" in line for line in log)
    assert (level == "DEBUG") == ("update applied update=1000 chat=7001" in told)


@pytest.mark.skipif(os.name == "nt", reason="there is no SIGTERM")
@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT])
async def test_it_stops_when_it_is_asked_to_and_goes_on_where_it_was(
    tmp_path: Path, telegram: TelegramServer, store: Store, how: signal.Signals
) -> None:
    """What was typed while it was down is answered, once; the card stands where it stood."""
    heartbeat = tmp_path / "run" / "heartbeat"
    user = telegram.user()
    async with serving(telegram, tmp_path, CASEWALK_HEARTBEAT=str(heartbeat)) as bot:
        await joined(store, user)
        await user.send("/case C001", wait=SLOW)
        await user.tap("Male", wait=SLOW)
        await user.quiet()
        assert heartbeat.exists()
        log = await bot.stop(how)
        assert log[-1].endswith("bot.channels.telegram.channel stopped")
    assert not telegram.pending, "what was applied is confirmed"
    await user.send("y", reply=False)
    async with serving(telegram, tmp_path) as bot:
        await user.sees("✓ B1 Yes\nC001 · B2", SLOW)
        await bot.stop()
    answers = (await store.cases("week"))[0].answers
    assert {name: one.value for name, one in answers.items()} == {"told": "yes"}
