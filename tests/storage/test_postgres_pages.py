"""Reading all cases of a large inspection: page after page, each as cheap as the first."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import psycopg
import pytest
import pytest_asyncio

from criteria.case import Case
from storage import postgres_store
from tests.changing import add_case
from tests.storage.tiny import AT, tiny_inspection, tiny_pack

ID = "cheshire-2011"
CASES = [f"C{number:04}" for number in range(2 * READ_AT_ONCE + 50)]


@pytest_asyncio.fixture
async def store(database: str) -> Any:
    """Two inspections; what is added to the first later comes after all cases of the second."""
    store = await open_postgres_store(database)
    cases = [Case(reference, "case-file") for reference in CASES]
    await store.create_inspection(tiny_inspection(), tiny_pack(), cases, at=AT)
    other = replace(tiny_inspection(), id="another")
    await store.create_inspection(other, tiny_pack(), cases[:3], at=AT)
    for reference in CASES[:3]:
        second = Case(reference, "case-file", reading=2)
        await add_case(store, ID, second, by="L1", at=AT)
    yield store
    await store.close()


async def references(store: PostgresStore, inspection: str, reading: int) -> list[str]:
    return [case.case for case in await store.cases(inspection, reading=reading)]


@pytest.mark.parametrize("page", [1, 2, READ_AT_ONCE, len(CASES), 10_000])
async def test_every_case_is_read_once_and_in_order_however_long_a_page_is(
    store: PostgresStore, monkeypatch: pytest.MonkeyPatch, page: int
) -> None:
    monkeypatch.setattr(postgres_store, "READ_AT_ONCE", page)
    assert await references(store, ID, 1) == CASES
    assert await references(store, ID, 2) == CASES[:3]
    assert await references(store, "another", 1) == CASES[:3]
    assert await references(store, "another", 2) == []


@pytest.mark.parametrize("known_to_planner", [False, True])
async def test_a_page_touches_no_case_but_its_own(
    store: PostgresStore, database: str, known_to_planner: bool
) -> None:
    with psycopg.connect(database, autocommit=True) as connection:
        if known_to_planner:
            connection.execute("analyze")
        (log,) = _row(connection, "select log from inspections where id = %s", ID)
        explained = "explain (analyze, format json) " + postgres_store._EVERY_CASE
        ((plan,),) = _row(connection, explained, log, 0, READ_AT_ONCE, 1)
    assert 0 < _touched(plan["Plan"], "cases") <= READ_AT_ONCE


def _row(connection: psycopg.Connection[Any], query: Any, *arguments: object) -> Any:
    return connection.execute(query, arguments).fetchone()


def _touched(node: dict[str, Any], table: str) -> float:
    """How many rows of a table a plan's nodes gave, those included that a filter kept back."""
    rows = node["Actual Rows"] + node.get("Rows Removed by Filter", 0)
    own = rows * node["Actual Loops"] if node.get("Relation Name") == table else 0
    return own + sum(_touched(inner, table) for inner in node.get("Plans", ()))
