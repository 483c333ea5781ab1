"""Whatever is killed at whichever durable write, and delivered again: it is as if it came once.

For every command, text, file and tap that changes anything there is a script. Each is played to its
last message; a process applies that one and is killed at its first durable write, at the next, and
so on, and after the last; another process opens the store, and the message is delivered again. All
that the store holds must then be what it holds where nothing was killed.

A new command or tap without a script fails here.
"""

from __future__ import annotations

import asyncio
import os
import shutil
import signal
import sys
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final, Protocol, get_args

import psycopg
import pytest

from bot.callback_data import (
    CaseTap,
    ForeignTap,
    NextCaseTap,
    PlainTap,
    RemoveTap,
    inspection_mark,
    read_data,
)
from bot.channels.channel import Message, ReceivedFile, Response
from bot.commands import COMMANDS, TEXTS
from bot.invitations import code_hash, usable
from bot.messages import say
from bot.pipeline import Pipeline
from criteria.case import Case, EvidenceKind
from criteria.case_status import initial_status
from criteria.inspection import Inspection, Member, Role
from criteria.recommendations import Recommendation, recommendation_to_json
from dialogs.events import Control, ControlTapped, PageTurned
from storage.documents import RecordKind
from storage.file_journal import FileJournal
from storage.open_store import open_store
from storage.store import Store
from tests.changing import set_record
from tests.storage.conftest import SCHEMA, own_postgres
from tests.storage.postgres_server import PostgresServer
from tests.walk import tiny_pack

__all__ = ["own_postgres"]  # a fixture

NOW = datetime(2026, 11, 20, 10, 0, tzinfo=UTC)
AT = "2026-11-20T10:00:00Z"
ID, BEFORE, FORM = "week", "before", "case-file"
LEAD, SECOND_LEAD, I1, I2, I3, STRANGER = "tg-1", "tg-2", "tg-3", "tg-4", "tg-5", "tg-9"
ANSWERS: Final = ("male", "yes", "fully", "none", "3", "4/6/2014", "fine")
LAST: Final = "last"
"""The id of the update that is delivered twice."""
EARLY: Final = "<"
"""Begins a text that was sent before the card at hand was shown."""
KILLED: Final = -signal.SIGKILL

READS: Final = frozenset(
    {"cases", "progress", "summary", "export", "team", "agreement", "compare", "privacy", "help"}
)
"""The commands that change nothing, not even where somebody is."""
STAYS: Final = (ForeignTap, RemoveTap, PageTurned)  # of the same card, of a longer list


@dataclass(frozen=True)
class Script:
    """What is said before, in which chat, and what is delivered twice.

    ``[Yes]`` taps the button of that label under the chat's last reply.
    """

    chat: str
    last: str | ReceivedFile
    before: tuple[str, ...] = ()


def lead(last: str, *before: str) -> Script:
    return Script(LEAD, last, before)


def first(last: str | ReceivedFile, *before: str) -> Script:
    """I1, who is at B1 of C003."""
    return Script(I1, last, before)


REST: Final = (*ANSWERS[1:], "largely")
SETTLING: Final = ("/agreement C002", "[C1]")
RECOMMENDING: Final = ("/recommend key", "CRC", "1", "B1")
COMMAND_SCRIPTS: Final = {
    "start": Script(STRANGER, "/start {code}"),
    "case": Script(I2, "/case C004"),
    "next": first("/next"),
    "back": first("/back"),
    "goto": first("/goto B4"),
    "note": first("/note B1 seen"),
    "cancel": first("/cancel", "/note"),
    "review": first("/review"),
    "submit": first("/submit", *REST),
    "reopen": first("/reopen", "/case C001"),
    "undo": first("/undo", "y", "/note B2 seen"),
    "clear": first("/clear B1", "y"),
    "assign": lead("/assign C003-C004 I2"),
    "invite": lead("/invite inspector"),
    "role": lead("/role I3 lead"),
    "remove": lead("/remove I3 yes"),
    "revoke": lead("/revoke I4"),
    "return": lead("/return C001 B1 look again"),
    "second": lead("/second C001 I3"),
    "settle": lead(f"[{say('settle-first', person='I1')}: Largely met]", *SETTLING),
    "agree": lead("/agree C001"),
    "findings": lead("/findings 1 Plans were timely."),
    "recommend": lead("/recommend R1 remove"),
    "followed": lead("/followed R1 done"),
    "digest": lead("/digest 18:00"),
    "new": lead("/new movement-of-cases-2004 Week two"),
    "switch": lead("/switch before"),
    "language": first("/language cy"),
}
TEXT_SCRIPTS: Final = {
    "remark": lead("B1 look again", "/return C001"),
    "settle": lead("The file says so.", *SETTLING, str(COMMAND_SCRIPTS["settle"].last)),
    "key_finding": lead("Plans were timely.", "/findings 1 ?"),
    "recommend": lead("Plans should say who does what.", *RECOMMENDING),
    "title": lead("Week two", "/new movement-of-cases-2004"),
}
CONTROL_SCRIPTS: Final[dict[Control, Script]] = {
    "back": first(f"[{say('back')}]", "/case C003"),
    "skip": first(f"[{say('skip')}]", "/case C003"),
    "note": first(f"[{say('note')}]", "/case C003"),
    "cancel": first(f"[{say('cancel')}]", "/note"),
    "unnote": first(f"[{say('remove-note')}]", "/note B1 seen", "/note"),
    "done": first(f"[{say('done', count=1)}]", "/goto B3", "[Contact log]"),
    "review": first(f"[{say('review')}]", "/case C003"),
    "next_open": first(f"[{say('next-open')}]", "/review"),
    "submit": first(f"[{say('submit')}]", *REST),
    "reopen": first(f"[{say('reopen')}]", "/case C001"),
    "undo": first(f"[{say('undo')}]", "y"),
    "clear": first(f"[{say('clear')}]", "y", "/back"),
    "leave": first(f"[{say('leave-open', number='B1')}]", "/case C003", f"{EARLY}y"),
}
TAP_SCRIPTS: Final = {
    "ChoiceTapped": first("[Yes]", "/case C003"),
    "ControlTapped": CONTROL_SCRIPTS["skip"],
    "QuestionTapped": first("[B4]", "/review"),
    "OfferTaken": first("[Yes and note]", "yes but late"),
    "KindChosen": first(f"[{say(f'evidence-kind-{EvidenceKind.STRENGTH}')}]", "/note B1 seen"),
    "CaseTap": Script(I2, "[C004]", ("/cases",)),
    "NextCaseTap": first(f"[{say('next-case')}]", "/case C001"),
    "LanguageChosen": first("[Cymraeg]", "/language"),
}
MORE_SCRIPTS: Final = {
    "a typed answer": first("y"),
    "a tick": first("[Contact log]", "/goto B3"),
    "a case that is new": Script(I2, "[Add C077]", ("/case C077",)),
    "a photo": first(ReceivedFile("photo", b"\xff\xd8\xff a page")),
    "a photo that is awaited": first(ReceivedFile("photo", source="AgAC")),
    "a sample that is awaited": Script(
        LEAD, ReceivedFile("document", filename="sample.csv", source="BQAC")
    ),
    "a sample": Script(
        LEAD, ReceivedFile("document", b"case,inspector\nC005,I3\nC006,\n", "sample.csv")
    ),
    "what was begun": lead("/recommend key"),
    "the last part but one": lead("B1", *RECOMMENDING[:-1]),
    "a command with a text asked for": lead("/assign C004 I3", "/return C001"),
    "a refused command": lead("/agree C003"),
    "a code for a new account": lead("/invite inspector I2"),
    "joining from a new account": Script(STRANGER, "/start {again}"),
}
SCRIPTS: Final[dict[str, Script]] = {
    **{f"/{name}": script for name, script in COMMAND_SCRIPTS.items()},
    **{f"text {name}": script for name, script in TEXT_SCRIPTS.items()},
    **{f"control {name}": script for name, script in CONTROL_SCRIPTS.items()},
    **{f"tap {name}": script for name, script in TAP_SCRIPTS.items()},
    **MORE_SCRIPTS,
}


def test_everything_that_changes_something_has_a_script() -> None:
    assert {*COMMAND_SCRIPTS, *READS} == set(COMMANDS)
    assert set(TEXT_SCRIPTS) == set(TEXTS)
    assert set(CONTROL_SCRIPTS) == set(get_args(Control))
    taps = {one.__name__ for one in get_args(PlainTap) if one not in STAYS}
    assert set(TAP_SCRIPTS) == taps


# --- stores that can be copied ------------------------------------------------------------------


class Copies(Protocol):
    """Makes stores by copying others; each is named as ``CASEWALK_STORE`` names it."""

    def empty(self) -> str: ...
    def copy(self, setting: str) -> str: ...

    def clear(self) -> None:
        """Remove all but the first."""


@dataclass
class FileCopies:
    folder: Path
    made: int = 0

    def empty(self) -> str:
        self.made += 1
        return f"tinydb:{self.folder / str(self.made)}"

    def copy(self, setting: str) -> str:
        made = self.empty()
        shutil.copytree(setting.removeprefix("tinydb:"), made.removeprefix("tinydb:"))
        return made

    def clear(self) -> None:
        for number in range(2, self.made + 1):
            shutil.rmtree(self.folder / str(number), ignore_errors=True)


TABLES: Final = ("logs", "steps", "blobs", "summaries", "leases")


@dataclass
class DatabaseCopies:
    """Each store is a schema. Copies of databases take a tenth of a second and 8 MB each."""

    server: str
    made: list[str] = field(default_factory=list)

    def empty(self) -> str:
        self.made.append(f"casewalk_{uuid.uuid4().hex}")
        self._run(f"create schema {self.made[-1]}")
        return f"{self.server}{SCHEMA}{self.made[-1]}"

    def copy(self, setting: str) -> str:
        made = self.empty()
        asyncio.run(_opened_and_closed(made))  # which makes its tables
        before, after = (one.rpartition("%3D")[2] for one in (setting, made))
        self._run(*(f"insert into {after}.{one} table {before}.{one}" for one in TABLES))
        return made

    def clear(self) -> None:
        while len(self.made) > 1:
            self._run(f"drop schema {self.made.pop()} cascade")

    def _run(self, *statements: str) -> None:
        with psycopg.connect(self.server, autocommit=True) as connection:
            for one in statements:
                connection.execute(one)


async def _opened_and_closed(setting: str) -> None:
    await (await open_store(setting)).close()


# --- playing ------------------------------------------------------------------------------------


class Talk:
    """People who talk through a pipeline; what each was told last is kept for the next tap."""

    def __init__(self, store: Store, updates: int = 0) -> None:
        self.pipeline = Pipeline(store, lambda: NOW)
        self.told: dict[str, Response] = {}
        self.updates = updates

    async def say(self, chat: str, *texts: str) -> None:
        for text in texts:
            self.updates += 1
            message = self.message(chat, text, str(self.updates))
            self.told[chat] = await self.pipeline.receive(message)

    def message(self, chat: str, what: str | ReceivedFile, update: str) -> Message:
        if isinstance(what, ReceivedFile):
            return Message(chat, file=what, update=update)
        if not what.startswith("["):
            sent = "2026-01-01T00:00:00Z" if what.startswith(EARLY) else None
            return Message(chat, text=what.removeprefix(EARLY), update=update, sent=sent)
        labels = {
            button.label: button.data
            for reply in self.told[chat].replies
            for row in reply.buttons
            for button in row
        }
        assert what[1:-1] in labels, (what, list(labels))
        return Message(chat, data=labels[what[1:-1]], update=update)


async def build(setting: str) -> str:
    """A week half done, which follows up another one; returns a code that nobody has used."""
    store = await open_store(setting, exclusive=True)
    try:
        pack = tiny_pack()
        earlier = Inspection(BEFORE, "Before", pack.name, pack.version)
        await store.create_inspection(earlier, pack, [], at=AT)
        recommended = recommendation_to_json(Recommendation(True, "CRC", "Plan.", by="L1", at=AT))
        await set_record(store, BEFORE, "recommendations", "R1", recommended, by="L1", at=AT)
        await store.add_member(BEFORE, LEAD, Member("L1", Role.LEAD), at=AT)
        whose = {"C001": "I1", "C002": "I1", "C003": "I1", "C004": None}
        cases = [Case(name, FORM, one, initial_status(one)) for name, one in whose.items()]
        week = Inspection(ID, "Week one", pack.name, pack.version, follows=BEFORE)
        await store.create_inspection(week, pack, cases, at=AT)
        people = {LEAD: "L1", SECOND_LEAD: "L2", I1: "I1", I2: "I2", I3: "I3"}
        for chat, person in people.items():
            role = Role.LEAD if person.startswith("L") else Role.INSPECTOR
            await store.add_member(ID, chat, Member(person, role), at=AT)
        talk = Talk(store)
        await talk.say(LEAD, "/invite inspector")
        code = talk.told[LEAD].replies[0].text.partition("/start ")[2].split()[0]
        for case in ("C001", "C002"):
            await talk.say(I1, f"/case {case}", *ANSWERS, "largely", "/submit")
        await talk.say(LEAD, "/second C002 I2")
        await talk.say(I2, "/case C002", "y fully", *ANSWERS[1:], "not met", "/submit")
        await talk.say(LEAD, *RECOMMENDING, "Say who does what.")
        await talk.say(I1, "/case C003", "m")
        return code
    finally:
        await store.close()


async def play(setting: str, script: Script, code: str) -> Message:
    """All but the last message, which is returned."""
    store = await open_store(setting, exclusive=True)
    try:
        talk = Talk(store, updates=1_000)
        await talk.say(script.chat, *script.before)
        last = script.last
        if isinstance(last, str):
            if "{again}" in last:
                await talk.say(LEAD, "/invite inspector I2")
                again = talk.told[LEAD].replies[0].text.partition("/start ")[2].split()[0]
                last = last.replace("{again}", again)
            last = last.replace("{code}", code)
        return talk.message(script.chat, last, LAST)
    finally:
        await store.close()


async def deliver(setting: str, message: Message, watch: Callable[[Store], None]) -> Response:
    store = await open_store(setting, exclusive=True)
    watch(store)
    try:
        return await Pipeline(store, lambda: NOW).receive(message)
    finally:
        await store.close()


async def content(setting: str) -> dict[str, Any]:
    """All that a store holds, but for codes, which are random.

    The outbox is looked through before, as a bot does at its start: what is true no more goes.
    """
    store = await open_store(setting)
    try:
        await Pipeline(store, lambda: NOW).outbox("tg")
        held: dict[str, Any] = {}
        for one in await store.inspections():
            held[one.id] = (
                one,
                [await store.cases(one.id, reading=reading) for reading in (1, 2)],
                await store.members(one.id),
                await store.former_people(one.id),
                [replace(code, code_hash="") for code in await store.invitations(one.id)],
                {kind: await store.records(one.id, kind) for kind in get_args(RecordKind)},
                await store.files(one.id),
            )
        held["outbox"] = await store.outbox()
        for chat in await store.chats():
            state = await store.chat_state(chat)
            held[chat] = state and (state.inspection.id, state.session, LAST in state.applied)
        return held
    finally:
        await store.close()


# --- killing ------------------------------------------------------------------------------------


class Killer:
    """Ends this process before one of its durable writes, or after the last."""

    def __init__(self, at: int | None) -> None:
        self.at = at
        self.passed = 0

    def watch(self, store: Store) -> None:
        if isinstance(store.journal, FileJournal):
            for name in ("fsync", "fdatasync", "unlink", "replace", "rename"):
                self._before_call(name)
        else:
            for name in ("append", "put", "lease", "release"):
                self._before_method(store.journal, name)

    def point(self) -> None:
        if self.passed == self.at:
            os.kill(os.getpid(), signal.SIGKILL)
        self.passed += 1

    def _before_method(self, journal: Any, name: str) -> None:
        method = getattr(journal, name)

        async def watched(*args: Any, **more: Any) -> Any:
            self.point()
            return await method(*args, **more)

        setattr(journal, name, watched)

    def _before_call(self, name: str) -> None:
        call = getattr(os, name)

        def watched(*args: Any, **more: Any) -> Any:
            self.point()
            return call(*args, **more)

        setattr(os, name, watched)


def killed_at(setting: str, message: Message, at: int | None) -> int | None:
    """Apply the message in a process that is killed at a point, unless it gets by with fewer.

    Return the number of points of one that lived, None of one that was killed.
    """
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            killer = Killer(at)
            asyncio.run(deliver(setting, message, killer.watch))
            killer.point()
            os.write(writing, str(killer.passed).encode())
            os._exit(0)
        except BaseException as exc:  # it must never become a second test run
            sys.stderr.write(f"{type(exc).__name__}: {exc}\n")
            os._exit(1)
    os.close(writing)
    _, status = os.waitpid(child, 0)
    with os.fdopen(reading) as told:
        points = told.read()
    code = os.waitstatus_to_exitcode(status)
    assert code in (0, KILLED), f"it ended with {code} at point {at}"
    return int(points) if code == 0 else None


def _nothing(_store: Store) -> None:
    pass


def as_if_once(copies: Copies, base: tuple[str, str], script: Script) -> int:
    """Return how often it was killed."""
    start, code = base
    played = copies.copy(start)
    message = asyncio.run(play(played, script, code))
    _is_what_it_is_called(message, script)
    once = copies.copy(played)
    asyncio.run(deliver(once, message, _nothing))
    wanted = asyncio.run(content(once))
    assert wanted != asyncio.run(content(played)), "it changes nothing"
    counted = copies.copy(played)
    points = killed_at(counted, message, None)
    assert points
    kills = 0
    for at in range(points):
        tried = copies.copy(played)
        kills += killed_at(tried, message, at) is None
        response = asyncio.run(deliver(tried, message, _nothing))
        assert asyncio.run(content(tried)) == wanted, f"killed at point {at} of {points}"
        asyncio.run(_a_code_is_usable(tried, message, response))
    again = asyncio.run(deliver(counted, message, _nothing))
    assert asyncio.run(content(counted)) == wanted, "delivered twice, and nothing killed"
    asyncio.run(_a_code_is_usable(counted, message, again))
    copies.clear()
    return kills


def _is_what_it_is_called(message: Message, script: Script) -> None:
    """A script for a tap taps what it says."""
    if message.data is None:
        return
    tap = read_data(message.data, tiny_pack(), inspection_mark(ID))
    for name, one in TAP_SCRIPTS.items():
        assert one is not script or type(tap).__name__ == name
    for control, one in CONTROL_SCRIPTS.items():
        assert one is not script or (isinstance(tap, ControlTapped) and tap.control == control)
    assert isinstance(tap, CaseTap | NextCaseTap) or not isinstance(tap, STAYS)


async def _a_code_is_usable(setting: str, message: Message, response: Response) -> None:
    """Who asked for a code sees one in the end, and it lets somebody in."""
    if message.text is None or not message.text.startswith("/invite"):
        return
    code = response.replies[0].text.partition("/start ")[2].split()[0]
    store = await open_store(setting)
    try:
        found = await store.find_invitation(code_hash(code))
        assert found is not None
        assert usable(found[1], NOW)
    finally:
        await store.close()


# --- the stores ---------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def on_files(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Copies, tuple[str, str]]]:
    folder = tmp_path_factory.mktemp("delivered")
    copies = FileCopies(folder)
    start = copies.empty()
    yield copies, (start, asyncio.run(build(start)))
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="module")
def on_postgres(own_postgres: PostgresServer) -> tuple[Copies, tuple[str, str]]:
    copies = DatabaseCopies(own_postgres.address)
    start = copies.empty()
    return copies, (start, asyncio.run(build(start)))


@pytest.mark.long
@pytest.mark.parametrize("name", SCRIPTS)
def test_on_files(name: str, on_files: tuple[Copies, tuple[str, str]]) -> None:
    assert as_if_once(*on_files, SCRIPTS[name]) >= 2


@pytest.mark.long
@pytest.mark.parametrize("name", SCRIPTS)
def test_on_postgresql(name: str, on_postgres: tuple[Copies, tuple[str, str]]) -> None:
    assert as_if_once(*on_postgres, SCRIPTS[name]) >= 2


@pytest.mark.parametrize("name", sorted(READS))
async def test_what_reads_changes_nothing(name: str, tmp_path: Path) -> None:
    setting = f"tinydb:{tmp_path / 'store'}"
    await build(setting)
    before = await content(setting)
    await deliver(setting, Message(LEAD, text=f"/{name}", update=LAST), _nothing)
    assert await content(setting) == before
