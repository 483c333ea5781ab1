"""A file that the serving bot touches while it is alive, for a health check to look at.

``casewalk health`` says whether it was touched lately. A bot whose event loop hangs, or which gave
up, touches it no more; one that waits for a lost network does.
"""

import asyncio
import logging
import time
from pathlib import Path
from typing import Final

log = logging.getLogger(__name__)

EVERY: Final = 15.0
"""Seconds between two beats."""
ALIVE: Final = 60.0
"""A heartbeat older than so many seconds has stopped."""


async def keep_beating(path: Path) -> None:
    """Touch the file every few seconds, for as long as the event loop runs."""
    while True:
        beat(path)
        await asyncio.sleep(EVERY)


def beat(path: Path) -> None:
    """Touch the file; a disk that refuses must not stop the bot, which says so itself."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
    except OSError as error:
        log.warning("no heartbeat why=%s", error.strerror)


def age(path: Path) -> float | None:
    """Return the seconds since the last beat; None where there was none."""
    try:
        return max(0.0, time.time() - path.stat().st_mtime)
    except OSError:
        return None
