"""What a process that serves for weeks does once, so that each answer costs less.

What each of these gave is in ``docs/speed.md``.
"""

import asyncio
import gc
import logging
from collections.abc import Callable
from typing import Final

from storage.errors import StoreError
from storage.store import Store

log = logging.getLogger(__name__)

COLLECT_AFTER: Final = 50_000
"""New objects between two looks for unreachable cycles; Python's own 700 are made by two answers,
nearly all of which are gone by then without it."""

LOOK_AFTER: Final = 3.0
"""Seconds after the start, when whoever waited for the bot has been answered."""


def fast_loop() -> Callable[[], asyncio.AbstractEventLoop] | None:
    """uvloop's event loop where it is installed (it is no part of Windows); else asyncio's own."""
    try:
        import uvloop  # noqa: PLC0415  # only a serving bot pays for it
    except ImportError:
        return None
    return uvloop.new_event_loop


def collect_rarely() -> None:
    """Once all is imported: leave it out of every later collection, and collect less often."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(COLLECT_AFTER, 20, 20)


async def look_through(store: Store) -> None:
    """Have the store know how far every case is, before somebody asks for the progress of all."""
    await asyncio.sleep(LOOK_AFTER)
    try:
        for inspection in await store.inspections():
            await store.overview(inspection.id)
    except StoreError as exc:  # whoever asks is told
        log.error("store error=%s why=%s", type(exc).__name__, exc)
