"""Every store, for the suite that all of them must pass."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import pytest
import pytest_asyncio

from criteria.case import CaseKey
from dialogs.session import Session
from storage.store import Seat, Store
from storage.tinydb_store import TinyDBStore
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


def open_tinydb(folder: Path) -> OpenStore:
    async def open_store() -> Store:
        return TinyDBStore(folder)

    return open_store


STORES: dict[str, Callable[[Path], OpenStore]] = {"tinydb": open_tinydb}


@pytest.fixture(params=list(STORES))
def open_store(request: pytest.FixtureRequest, tmp_path: Path) -> OpenStore:
    return STORES[request.param](tmp_path / "store")


@pytest_asyncio.fixture
async def store(open_store: OpenStore) -> AsyncIterator[Store]:
    """An empty one."""
    store = await open_store()
    yield store
    await store.close()


@pytest_asyncio.fixture
async def inspected(store: Store) -> Store:
    """With the tiny inspection in it, and I1 in the chat."""
    await store.create_inspection(tiny_inspection(), tiny_pack(), tiny_cases(), at=AT)
    await store.add_member("cheshire-2011", CHAT, INSPECTOR, at=AT)
    return store


async def opened(store: Store, case: str = "C001", *, update: int | None = None) -> Seat:
    """The chat's seat with this case open."""
    seat = await store.seat(CHAT)
    assert seat is not None
    return await open_case(store, seat, case, update=update)


async def open_case(
    store: Store, seat: Seat, case: str = "C001", *, update: int | None = None
) -> Seat:
    found, cursor, version = await store.load_case(
        seat.inspection.id, CaseKey(case, "case-file"), seat.chat
    )
    at_case = Seat(seat.chat, seat.inspection, seat.member, seat.session, seat.applied, version)
    after = Session(seat.member.person, seat.session.language, found, cursor)
    return await store.commit(at_case, after, event="CaseOpened", at=AT, update=update)
