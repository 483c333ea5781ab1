"""Every store, for the suite that all of them must pass."""

from __future__ import annotations

import os
import uuid
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest
import pytest_asyncio

import storage.open_store
from criteria.case import CaseKey
from dialogs.session import Session
from storage.changes import ChatStep
from storage.reader import ChatState
from storage.store import Store
from tests.storage.postgres_server import GIVEN, NoServer, PostgresServer
from tests.storage.tiny import (
    AT,
    CHAT,
    INSPECTOR,
    tiny_cases,
    tiny_inspection,
    tiny_pack,
)

OpenStore = Callable[[], Awaitable[Store]]
"""Opens the same store once more, as another process would."""

STORES = ("files", "postgresql")


@pytest.fixture(scope="session")
def own_postgres() -> Iterator[PostgresServer]:
    """A server that a test may stop and start."""
    try:
        server = PostgresServer()
    except NoServer as exc:
        pytest.skip(f"NOTHING IS TESTED ON POSTGRESQL HERE. {exc}")
    yield server
    server.stop()


@pytest.fixture(scope="session")
def postgres(request: pytest.FixtureRequest) -> str:
    """The address of a server."""
    given = os.environ.get(GIVEN)
    return given or request.getfixturevalue("own_postgres").address


SCHEMA = "&options=-csearch_path%3D"
"""What names a schema in an address that has options already."""


@contextmanager
def empty_schema(server: str) -> Iterator[str]:
    """The address of an empty schema in it."""
    schema = f"casewalk_{uuid.uuid4().hex}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"create schema {schema}")
    yield f"{server}{SCHEMA if '?' in server else SCHEMA.replace('&', '?')}{schema}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"drop schema {schema} cascade")


@pytest.fixture
def database(postgres: str) -> Iterator[str]:
    """The address of an empty schema."""
    with empty_schema(postgres) as address:
        yield address


@pytest.fixture
def own_database(own_postgres: PostgresServer) -> Iterator[str]:
    """The address of one in the server that a test may stop."""
    with empty_schema(own_postgres.address) as address:
        yield address


@pytest.fixture(params=STORES)
def setting(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Which store is opened, as ``CASEWALK_STORE`` says it."""
    if request.param == "postgresql":
        address: str = request.getfixturevalue("database")
        return address
    return f"tinydb:{tmp_path / 'store'}"


@pytest_asyncio.fixture
async def open_store(setting: str) -> AsyncIterator[OpenStore]:
    opened: list[Store] = []

    async def open_once_more() -> Store:
        opened.append(await storage.open_store.open_store(setting))
        return opened[-1]

    yield open_once_more
    for store in opened:
        await store.close()


@pytest_asyncio.fixture
async def store(open_store: OpenStore) -> Store:
    """An empty one."""
    return await open_store()


@pytest_asyncio.fixture
async def inspected(store: Store) -> Store:
    """With the tiny inspection in it, and I1 in the chat."""
    await store.create_inspection(tiny_inspection(), tiny_pack(), tiny_cases(), at=AT)
    await store.add_member("cheshire-2011", CHAT, INSPECTOR, at=AT)
    return store


async def opened(store: Store, case: str = "C001", *, update: int | None = None) -> ChatState:
    """The chat's seat with this case open."""
    seat = await store.chat_state(CHAT)
    assert seat is not None
    return await open_case(store, seat, case, update=update)


async def open_case(
    store: Store, state: ChatState, case: str = "C001", *, update: int | None = None
) -> ChatState:
    found, cursor, version = await store.load_case(
        state.inspection.id, CaseKey(case, "case-file"), state.chat
    )
    after = Session(state.member.person, state.session.language, found, cursor)
    return await keep(store, state, after, update, event="CaseOpened", version=version)


async def keep(  # a step's parts
    store: Store,
    state: ChatState,
    after: Session,
    update: int | None = None,
    *,
    event: str = "ChoiceTapped",
    at: str = AT,
    version: int | None = None,
) -> ChatState:
    """Commit a step of the conversation that changes nothing beside it."""
    step = ChatStep(
        state.chat,
        state,
        state.inspection.id,
        after,
        state.version if version is None else version,
        None if update is None else str(update),
    )
    kept = await store.commit([], step, at=at, by=state.member.person, event=event)
    assert kept is not None
    return kept
