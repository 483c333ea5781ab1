"""What a serving process does once."""

from __future__ import annotations

import asyncio
import gc
from pathlib import Path
from typing import Any

import pytest

from bot import running
from tests.bot.handlers.office import WEEK, Office


def test_the_loop_is_uvloops_where_there_is_one() -> None:
    make = running.fast_loop()
    uvloop = pytest.importorskip("uvloop")
    assert make is not None
    loop = make()
    assert isinstance(loop, uvloop.Loop)
    loop.close()


def test_what_is_imported_is_left_out_of_later_collections() -> None:
    before = gc.get_threshold()
    try:
        running.collect_rarely()
        assert gc.get_threshold()[0] == running.COLLECT_AFTER
        assert gc.get_freeze_count() > 0
    finally:
        gc.unfreeze()
        gc.set_threshold(*before)


async def test_every_inspection_is_looked_through(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(running, "LOOK_AFTER", 0.0)
    asked: list[str] = []

    class Watched:
        inspections = staticmethod(office.store.inspections)

        async def overview(self, inspection_id: str) -> None:
            asked.append(inspection_id)

    watched: Any = Watched()
    await running.look_through(watched)
    assert asked == [WEEK]


async def test_a_damaged_store_is_logged_and_ends_nothing(
    office: Office,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    tmp_path: Path,
) -> None:
    monkeypatch.setattr(running, "LOOK_AFTER", 0.0)
    list_of_cases = tmp_path / "data" / "inspections" / WEEK / "list.jsonl"
    list_of_cases.write_text("rubbish\n")
    office.store.forget()
    await asyncio.wait_for(running.look_through(office.store), 10)
    assert "DamagedFile" in caplog.text
