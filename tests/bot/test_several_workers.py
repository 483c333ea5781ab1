"""Several workers on one PostgreSQL, behind a proxy: real processes, called as Telegram calls them.

A chat's updates come one after another, each to the next worker in turn; one that was not answered
comes again, to another. Where two workers are to meet at the same row, a test holds that row until
both wait for it.
"""

from __future__ import annotations

import asyncio
import copy
import os
import re
import signal
import socket
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path
from typing import Any, LiteralString

import aiohttp
import psycopg
import pytest

from bot.invitations import invite
from bot.messages import say
from criteria.case import Case, CaseKey
from criteria.case_status import initial_status
from criteria.inspection import Inspection, Member, Role
from criteria.instrument.load import load_pack
from criteria.instrument.pack import Pack
from storage.open_store import open_store
from storage.store import Store
from tests.bot.test_kill_serving import FORM, ID, Inspector, Moment, WatchedServer, expected
from tests.changing import set_record
from tests.movement import movement_pack
from tests.storage.conftest import empty_schema
from tests.storage.postgres_server import GIVEN, NoServer, PostgresServer
from tests.telegram_server import JSON, User
from tests.walk import TINY

ROOT = Path(__file__).parents[2]
SLOW = 60.0
"""Seconds for what a process has to do on a busy machine."""
AT = "2026-11-20T10:00:00Z"
WORKERS = 3
Query = LiteralString

pytestmark = [
    pytest.mark.skipif(os.name == "nt", reason="there is neither SIGKILL nor SIGTERM"),
    pytest.mark.long,
]


# --- Telegram and the proxy ---------------------------------------------------------------------


class SpreadingServer(WatchedServer):
    """Calls the workers in turn. ``taken`` holds the chat and the worker of each call answered."""

    def __init__(self) -> None:
        super().__init__()
        self.workers: list[str] = []
        self.taken: list[tuple[int, int]] = []
        self.paused = False
        self._calls = 0

    async def _call_webhook(self) -> None:
        """Chats side by side, each chat's updates in order, each until a worker answers 200."""
        busy: set[int] = set()

        def waiting() -> list[JSON]:
            first = {_chat_of(update): update for update in reversed(self.pending)}
            return [one for chat, one in first.items() if not (chat in busy or self.paused)]

        async def deliver(update: JSON) -> None:
            while not await self.call(self._next_worker(), update):  # noqa: ASYNC110  # no event
                await asyncio.sleep(0.02)
            self.pending.remove(update)
            self.confirmed.append(update)
            busy.discard(_chat_of(update))
            await self._notify()

        async with asyncio.TaskGroup() as calls:
            while True:
                async with self._changed:
                    await self._changed.wait_for(waiting)
                for update in waiting():
                    busy.add(_chat_of(update))
                    calls.create_task(deliver(update))

    def _next_worker(self) -> int:
        self._calls += 1
        return self._calls % len(self.workers)

    async def call(self, worker: int, update: JSON) -> bool:
        """One call; gives whether the worker took it."""
        headers = {"X-Telegram-Bot-Api-Secret-Token": self.webhook_secret or ""}
        try:
            async with (
                aiohttp.ClientSession() as session,
                session.post(self.workers[worker], json=update, headers=headers) as answer,
            ):
                taken = answer.status == 200
        except aiohttp.ClientError:
            return False
        if taken:
            self.taken.append((_chat_of(update), worker))
        return taken


def _chat_of(update: JSON) -> int:
    content = update.get("message") or update["callback_query"]
    chat: int = content["from"]["id"]
    return chat


# --- the workers and their database -------------------------------------------------------------


@dataclass(frozen=True)
class Office:
    """Telegram, the workers, and the store as another process sees it."""

    telegram: SpreadingServer
    processes: Sequence[subprocess.Popen[bytes]]
    store: Store
    address: str
    logs: Path

    async def wait_at_a_lock(self, workers: int) -> None:
        """Until so many of their connections do."""
        count = (
            "select count(*) from pg_stat_activity"
            " where application_name = %s and wait_event_type = 'Lock'"
        )
        async with (
            asyncio.timeout(SLOW),
            await psycopg.AsyncConnection.connect(self.address, autocommit=True) as look,
        ):
            while await _one(look, count, self.logs.name) != (workers,):  # noqa: ASYNC110  # no event
                await asyncio.sleep(0.01)

    async def at_once(self, updates: Sequence[JSON], held: Query, *arguments: object) -> None:
        """Each update to a worker of its own; none gets past what ``held`` locks before all wait.

        So each has read what was there before any of them changed it. Nothing else is pending.
        """
        self.telegram.pending.clear()
        async with await psycopg.AsyncConnection.connect(self.address) as holding:
            await holding.execute(held, arguments)
            calls = [
                asyncio.create_task(self.telegram.call(worker, update))
                for worker, update in enumerate(updates)
            ]
            await self.wait_at_a_lock(len(updates))
            await holding.rollback()
        assert all(await asyncio.gather(*calls))

    async def history(self, case: str) -> list[tuple[str | None, Any]]:
        """What was answered, in order; a submission is an answer to nothing."""
        given: list[tuple[str | None, Any]] = []
        for entry in await self.store.history(ID, CaseKey(case, FORM)):
            for change in entry.changes:
                after = change.after or {}
                if change.table in ("profile", "answers"):
                    given.append((change.name, after["value"]))
                elif after.get("status") == "submitted":
                    given.append((None, "submit"))
        return given

    def said(self) -> str:
        return "".join(path.read_text("utf-8") for path in sorted(self.logs.glob("log-*")))


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    """The address of a PostgreSQL server."""
    if given := os.environ.get(GIVEN):
        yield given
        return
    try:
        own = PostgresServer()
    except NoServer as exc:
        pytest.skip(f"NOTHING IS TESTED ON POSTGRESQL HERE. {exc}")
    yield own.address
    own.stop()


@asynccontextmanager
async def office(server: str, folder: Path, pack: Pack) -> AsyncIterator[Office]:
    """Without its workers: :func:`working` starts them."""
    processes: list[subprocess.Popen[bytes]] = []
    with empty_schema(server) as address:
        store = await open_store(address)
        cases = [Case(f"C{n}", FORM, f"I{n}", initial_status(f"I{n}")) for n in range(1, 5)]
        await store.create_inspection(
            Inspection(ID, "Week one", pack.name, pack.version), pack, cases, at=AT
        )
        try:
            async with asyncio.timeout(2 * SLOW), SpreadingServer() as telegram:
                yield Office(telegram, processes, store, address, folder)
        finally:
            for process in processes:
                process.kill()
                process.wait()
            await store.close()


def start_workers(office: Office) -> None:
    """``casewalk serve``, each on a port of its own; all have the proxy's address for Telegram."""
    assert isinstance(office.processes, list)
    for number in range(WORKERS):
        listen = f"127.0.0.1:{_free_port()}"
        office.telegram.workers.append(f"http://{listen}/hook")
        webhook = f"{office.telegram.url}/hook"
        with (office.logs / f"log-{number}").open("wb") as log:
            process = subprocess.Popen(
                [sys.executable, "-m", "bot", "serve", "--webhook", webhook, "--listen", listen],
                cwd=office.logs,
                env={
                    **os.environ,
                    "PYTHONPATH": str(ROOT),
                    "TELEGRAM_BOT_TOKEN": office.telegram.token,
                    "TELEGRAM_API_URL": office.telegram.url,
                    "CASEWALK_STORE": f"{office.address}&application_name={office.logs.name}",
                    "CASEWALK_WEBHOOK_SECRET": "all-workers-have-the-same",
                },
                stderr=log,
            )
        office.processes.append(process)


async def all_listen(office: Office) -> None:
    """Each has told Telegram where to call, which it does when it listens there."""
    await office.telegram.until(lambda: office.telegram.calls["setWebhook"] == WORKERS, SLOW)


async def all_stop(office: Office) -> None:
    """As they are asked to: what is at hand is finished."""
    for process in office.processes:
        process.terminate()
    for process in office.processes:
        assert await asyncio.to_thread(process.wait, SLOW) == 0, office.said()


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
    return port


async def _one(connection: psycopg.AsyncConnection[Any], query: Query, *arguments: object) -> Any:
    return await (await connection.execute(query, arguments)).fetchone()


# --- inspectors who walk whole cases ------------------------------------------------------------


async def walk(office: Office, pack: Pack, people: int) -> None:
    """Each joins and answers a case to its end: taps, taps twice, types, now and then wrongly."""
    inspectors = []
    for _ in range(people):
        code, person = await invite(office.store, ID, Role.INSPECTOR, datetime.now(UTC))
        case = person.replace("I", "C")
        inspectors.append(Inspector(office.telegram.user(), code, [case], pack, f"2004 {person}"))
    over = asyncio.Event()
    over.set()
    async with asyncio.TaskGroup() as walks:
        for inspector in inspectors:
            walks.create_task(inspector.walk(over))


async def check_histories(office: Office, pack: Pack, people: int) -> None:
    """Everything that was meant was kept, once, in its order, and nothing else."""
    want = expected(office.telegram.acts, pack)
    assert len(want) == people
    for case, kept in want.items():
        assert await office.history(case) == [(one.question, one.value) for one in kept]
        assert kept[-1].value == "submit"
    assert not re.search("ERROR|Traceback", office.said()), office.said()


async def test_a_case_is_answered_with_every_tap_at_another_worker(
    server: str, tmp_path: Path
) -> None:
    pack = movement_pack()
    async with office(server, tmp_path, pack) as here:
        start_workers(here)
        await all_listen(here)
        await walk(here, pack, people=1)
        await all_stop(here)
        await check_histories(here, pack, people=1)
        workers = [worker for _, worker in here.telegram.taken]
        assert len(workers) > 20
        assert all((before + 1) % WORKERS == after for before, after in pairwise(workers))


async def test_a_worker_is_killed_amid_answers_and_the_others_go_on_with_its_chats(
    server: str, tmp_path: Path
) -> None:
    """What it had not answered comes again, to another; a card that it owed comes with a tap."""
    pack, people = movement_pack(), 4
    async with office(server, tmp_path, pack) as here:
        start_workers(here)
        await all_listen(here)
        killed, *others = here.processes
        here.telegram.at(Moment("editMessageText", done=True, count=25), killed.kill)
        await walk(here, pack, people)
        assert killed.wait() == -signal.SIGKILL
        assert [other.poll() for other in others] == [None, None]
        await here.telegram.quiet()
        await check_histories(here, pack, people)
        by_killed = {chat for chat, worker in here.telegram.taken if worker == 0}
        assert by_killed, "it had answered some of them, whom the others go on with"


# --- two workers at the same moment -------------------------------------------------------------


def yes_no_pack() -> Pack:
    """Four questions that take "yes" and "no"."""
    document = copy.deepcopy(TINY)
    (form,) = document["forms"]
    first = form["survey"][0]
    form["survey"] = [{**first, "name": f"told{n}", "number": f"B{n}"} for n in range(1, 5)]
    form["profile"] = []
    return load_pack(document)


CHAT_ROW: Query = "select from logs where name = 'chats/' || %s for update"


@asynccontextmanager
async def at_the_first_question(server: str, folder: Path) -> AsyncIterator[tuple[Office, User]]:
    """One inspector who has C1 open; what is sent from now on waits in ``telegram.pending``."""
    async with office(server, folder, yes_no_pack()) as here:
        user = here.telegram.user()
        await here.store.add_member(ID, user.key, Member("I1", Role.INSPECTOR), at=AT)
        start_workers(here)
        await all_listen(here)
        await user.send("/case C1", wait=SLOW)
        await user.sees("C1 · B1", SLOW)
        await user.quiet()
        here.telegram.paused = True
        yield here, user
        assert not re.search("ERROR|Traceback", here.said()), here.said()


async def test_two_taps_on_one_card_at_the_same_moment_give_one_answer_and_an_explanation(
    server: str, tmp_path: Path
) -> None:
    async with at_the_first_question(server, tmp_path) as (here, user):
        for label in ("Yes", "No"):
            await user.tap(label, reply=False)
        await here.at_once(tuple(here.telegram.pending), CHAT_ROW, user.key)
        await user.sees("C1 · B2", SLOW)
        await user.quiet()
        ((question, value),) = await here.history("C1")
        assert question == "told1"
        assert value in ("yes", "no")
        assert user.chat.answered == 2
        assert [toast for toast in user.toasts if toast in (say("old-card"), say("repeated"))]
        here.telegram.paused = False
        await user.tap("Yes", wait=SLOW)
        assert await here.history("C1") == [("told1", value), ("told2", "yes")]


async def test_two_texts_of_one_chat_at_the_same_moment_are_both_applied(
    server: str, tmp_path: Path
) -> None:
    async with at_the_first_question(server, tmp_path) as (here, user):
        for text in ("yes", "no"):
            await user.send(text, reply=False)
        await here.at_once(tuple(here.telegram.pending), CHAT_ROW, user.key)
        await user.sees("C1 · B3", SLOW)
        given = await here.history("C1")
        assert [question for question, _ in given] == ["told1", "told2"]
        assert {value for _, value in given} == {"yes", "no"}


async def test_an_update_delivered_to_two_workers_at_the_same_moment_is_applied_once(
    server: str, tmp_path: Path
) -> None:
    """A text, since a tap knows by its card that it is late; and a tap all the same."""
    async with at_the_first_question(server, tmp_path) as (here, user):
        await user.send("yes", reply=False)
        (update,) = here.telegram.pending
        await here.at_once((update, update), CHAT_ROW, user.key)
        await user.sees("C1 · B2", SLOW)
        await user.quiet()
        assert await here.history("C1") == [("told1", "yes")]
        await user.tap("No", reply=False)
        (update,) = here.telegram.pending
        await here.at_once((update, update), CHAT_ROW, user.key)
        await user.sees("C1 · B3", SLOW)
        await user.quiet()
        assert await here.history("C1") == [("told1", "yes"), ("told2", "no")]


# --- what no update asks for --------------------------------------------------------------------


async def test_the_evening_digest_goes_out_once_though_all_workers_look_for_it_at_once(
    server: str, tmp_path: Path
) -> None:
    async with office(server, tmp_path, yes_no_pack()) as here:
        lead = here.telegram.user()
        await here.store.add_member(ID, lead.key, Member("L1", Role.LEAD), at=AT)
        choice = {"each": False, "evening": "00:00", "last": None}
        await set_record(here.store, ID, "digests", lead.key, choice, by="L1", at=AT)
        # All are held where they begin, so that they look at the same time; then, when each has
        # found the digest due, where they would say that it is theirs.
        beginning: Query = "(hashtext('casewalk'), hashtext(current_schema()))"
        async with await psycopg.AsyncConnection.connect(here.address) as holding:
            await holding.execute(f"select pg_advisory_lock{beginning}")
            await holding.execute(
                "select from logs where name = %s for update", (f"inspections/{ID}/inspection",)
            )
            start_workers(here)
            await here.wait_at_a_lock(WORKERS)
            await holding.execute(f"select pg_advisory_unlock{beginning}")
            await all_listen(here)
            await here.wait_at_a_lock(WORKERS)
            await holding.rollback()
        await lead.sees("Week one", SLOW)
        await here.wait_at_a_lock(0)
        await all_stop(here)
        assert len(lead.replies()) == 1, lead.replies()
        assert "ERROR" not in here.said(), here.said()
