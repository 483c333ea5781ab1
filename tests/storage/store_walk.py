"""A walk of the stores beside their model: what is open, and how all that is there is compared.

Two stores are open on the same folder or database, the bot's and another beside it. The calls are
drawn in :mod:`tests.storage.test_store_model`.
"""

from __future__ import annotations

import asyncio
import itertools
import shutil
from collections import Counter
from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final, NamedTuple, get_args

import psycopg
from hypothesis.stateful import RuleBasedStateMachine, invariant

from storage.documents import RecordKind
from storage.encryption import Key
from storage.errors import StoreError
from storage.open_store import open_store
from storage.reader import ChatState
from storage.store import Store
from tests.storage.examining import examine
from tests.storage.plain_store import PlainCase, PlainInspection, PlainStore

KEY: Final = Key.from_text("A" * 43 + "=")
CHATS: Final = ("tg-55", "tg-56", "tg-57")
RECORDS: Final[tuple[RecordKind, ...]] = get_args(RecordKind)

counted: Counter[str] = Counter()
"""The walks and the steps of each kind of store."""


class Said(NamedTuple):
    """What a call came to: what it returned, or which error it raised."""

    error: type[Exception] | None
    value: Any = None


@dataclass(frozen=True)
class Old:
    """A state that a process still holds, and which process."""

    who: str
    state: ChatState


class Home:
    """Where the stores of one test are, an empty one for each walk."""

    def __init__(self, kind: str, folder: Path, address: str | None) -> None:
        self.kind = kind
        self.loop = asyncio.new_event_loop()
        self._folder, self._address = folder, address
        self._walks = itertools.count(1)
        self.folder = folder

    def empty(self) -> None:
        if self._address is None:
            shutil.rmtree(self.folder, ignore_errors=True)
            self.folder = self._folder / f"store-{next(self._walks)}"
            return
        with psycopg.connect(self._address, autocommit=True) as connection:
            tables = connection.execute(
                "select string_agg(quote_ident(tablename), ', ') from pg_tables"
                " where schemaname = current_schema() and tablename <> 'casewalk_migrations'"
            ).fetchone()
            if tables and tables[0]:
                connection.execute(f"truncate {tables[0]} restart identity")

    async def open(self, *, exclusive: bool) -> Store:
        setting = self._address or f"tinydb:{self.folder}"
        key = KEY if self.kind == "encrypted" else None
        return await open_store(setting, exclusive=exclusive, key=key)

    @property
    def in_files(self) -> bool:
        return self._address is None


class StoreWalk(RuleBasedStateMachine):
    def __init__(self, home: Home) -> None:
        super().__init__()
        self.home, self.plain = home, PlainStore()
        self.now = datetime(2026, 11, 20, 10, tzinfo=UTC)
        self.numbers = itertools.count(1)
        self.updates: list[tuple[str, str]] = []
        self.old: list[Old] = []
        self.claims: dict[tuple[str, str], tuple[int, datetime]] = {}
        self.codes: list[tuple[str, str]] = [("kent", "0" * 64)]
        self.stores: dict[str, Store] = {}
        self.failed = False
        self.processes: dict[str, int] = {}
        home.empty()
        for who in ("bot", "beside"):
            self._run(self._open(who))
        counted[f"{home.kind} walks"] += 1

    # --- the stores ---------------------------------------------------------------------------

    def _run(self, coroutine: Coroutine[Any, Any, Any]) -> Any:
        try:
            return self.home.loop.run_until_complete(coroutine)
        except BaseException:
            self.failed = True
            raise

    async def _open(self, who: str) -> None:
        self.stores[who] = await self.home.open(exclusive=who == "bot")
        self.processes[who] = next(self.numbers)

    async def _close(self, who: str) -> None:
        self.old = [one for one in self.old if one.who != who]
        await self.stores.pop(who).close()

    @property
    def at(self) -> str:
        return self.now.strftime("%Y-%m-%dT%H:%M:%SZ")

    def _step(self, coroutine: Coroutine[Any, Any, Any]) -> Any:
        """One rule."""
        counted[f"{self.home.kind} steps"] += 1
        self.now += timedelta(seconds=1)
        return self._run(coroutine)

    async def _same(self, act: Awaitable[Any], plain: Callable[[], Any]) -> Said:
        """The store and the model say the same."""
        said, must = await said_by(act), plainly_said(plain)
        assert said == must
        return said

    # --- what there is --------------------------------------------------------------------------

    def _inspection(self, number: int) -> PlainInspection | None:
        there = list(self.plain.inspections.values())
        return there[number % len(there)] if there else None

    def _cases(self) -> list[tuple[str, PlainCase]]:
        """First those of the inspection that was made first."""
        return [
            (name, case)
            for name, found in self.plain.inspections.items()
            for case in found.cases.values()
        ]

    def _case(self, number: int) -> tuple[str, PlainCase] | None:
        there = self._cases()
        return there[number % len(there)] if there else None

    # --- looking ------------------------------------------------------------------------------

    @invariant()
    def the_lists_are_right(self) -> None:
        """By who looks anew, so that the two go on with what they know."""
        if self.home.in_files and self.plain.inspections:
            self._run(self._by_another(self._are_lists))

    @invariant()
    def the_bots_overview_is_right(self) -> None:
        """It is asked for now and then, so that there is something new in it."""
        if self.now.second % 3 == 0:
            self._run(self._is_overview(self.stores["bot"]))

    def teardown(self) -> None:
        try:
            if not self.failed:
                self._run(self._is_everywhere())
                self._run(self._is_whole(self.stores["beside"]))
        finally:
            for who in list(self.stores):
                self._run(self._close(who))

    async def _is_whole(self, store: Store) -> None:
        """The doctor finds nothing but photos that no case names (yet)."""
        found = await examine(store)
        assert [str(one) for one in found if "no case names it" not in one.what] == []

    async def _is_everywhere(self) -> None:
        for store in self.stores.values():
            await self._is_all(store)
        await self._by_another(self._is_all)

    async def _by_another(self, look: Callable[[Store], Awaitable[None]]) -> None:
        store = await self.home.open(exclusive=False)
        try:
            await look(store)
        finally:
            await store.close()

    async def _are_lists(self, store: Store) -> None:
        plain = self.plain
        there = [one.inspection for one in plain.inspections.values()]
        assert await store.inspections() == there
        assert await store.outbox() == plain.outbox()
        await self._is_overview(store)
        for chat in CHATS:
            self._is_state(await store.chat_state(chat), plain.chat_state(chat))

    async def _is_overview(self, store: Store) -> None:
        for name, found in self.plain.inspections.items():
            for reading in (1, 2):
                assert await store.overview(name, reading=reading) == found.overview(reading)

    async def _is_all(self, store: Store) -> None:
        await self._are_lists(store)
        await self._are_chats(store)
        assert await store.bot_username() == self.plain.bot
        for name in ("Cheshire", "../kent", "essex"):
            await self._same(store.inspection(name), lambda: self.plain.inspection("no such"))
        for found in self.plain.inspections.values():
            await self._is_inspection(store, found)

    async def _is_inspection(self, store: Store, found: PlainInspection) -> None:
        name, cases = found.inspection.id, list(found.cases.values())
        assert await store.inspection(name) == found.inspection
        for reading in (1, 2):
            listed = [one.case for one in cases if one.case.reading == reading]
            assert await store.overview(name, reading=reading) == found.overview(reading)
            assert await store.cases(name, reading=reading) == listed
        for case in cases:
            await self._is_case(store, name, case)
        assert await store.members(name) == found.people
        assert set(await store.former_people(name)) == found.former
        assert await store.invitations(name) == list(found.invitations.values())
        for kind in RECORDS:
            kept = await store.records(name, kind)
            assert list(kept.items()) == list(found.records[kind].items())
        assert await store.files(name) == sorted(found.files)
        for file, content in found.files.items():
            assert await store.file(name, file, None) == content

    async def _is_case(self, store: Store, name: str, known: PlainCase) -> None:
        key = known.case.key
        for chat in CHATS:
            loaded = await store.load_case(name, key, chat)
            assert loaded == (known.case, known.cursor(chat), known.version)
        history = await store.history(name, key)
        assert len(history) == known.version
        for entry, step in zip(history, known.steps, strict=True):
            said = {(one.table, one.name): (one.before, one.after) for one in entry.changes}
            assert (entry.at, entry.by, entry.event, entry.why, said) == step, (entry, step)

    async def _are_chats(self, store: Store) -> None:
        assert await store.chats() == sorted(self.plain.places)
        for chat in CHATS:
            assert await store.memberships(chat) == self.plain.memberships(chat)
            self._is_state(await store.chat_state(chat), self.plain.chat_state(chat))
        for name, code in self.codes:
            found = self.plain.inspections.get(name)
            invited = found.invitations.get(code) if found else None
            must = (found.inspection, invited) if found and invited else None
            assert await store.find_invitation(code) == must

    def _is_state(self, state: ChatState | None, must: ChatState | None) -> None:
        if state is None or must is None:
            assert state == must
            return
        assert replace(state, applied=must.applied) == must, (state, must)
        assert must.applied <= state.applied <= self.plain.ever[state.chat]


async def said_by(act: Awaitable[Any]) -> Said:
    try:
        return Said(None, await act)
    except StoreError as exc:
        return Said(type(exc))


def plainly_said(plain: Callable[[], Any]) -> Said:
    try:
        return Said(None, plain())
    except StoreError as exc:
        return Said(type(exc))
