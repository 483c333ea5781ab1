"""A file that the serving bot touches when it asks for updates, for a health check to look at.

``casewalk health`` says whether it was touched lately. A bot whose event loop hangs, which does not
get done with what came, or which gave up, touches it no more; one that waits for a lost network
does, as it keeps asking.
"""

import asyncio
import logging
import time
from pathlib import Path
from typing import Final

log = logging.getLogger(__name__)

EVERY: Final = 15.0
"""Seconds between two beats behind a webhook, where nothing is asked for."""
SOONEST: Final = 5.0
"""Seconds before the file is touched again: a busy bot asks many times a second."""
ALIVE: Final = 60.0
"""A heartbeat older than so many seconds has stopped. A long poll and the longest pause between two
tries come to 55."""


class Heartbeat:
    """``path`` is the file to touch."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._last = -SOONEST

    def beat(self) -> None:
        """Touch the file; a disk that refuses must not stop the bot, which says so itself."""
        now = time.monotonic()
        if now - self._last < SOONEST:
            return
        self._last = now
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            self._path.touch()
        except OSError as error:
            log.warning("no heartbeat why=%s", error.strerror)

    async def keep_beating(self) -> None:
        """Beat every few seconds, for as long as the event loop runs."""
        while True:
            self.beat()
            await asyncio.sleep(EVERY)


def age(path: Path) -> float | None:
    """Return the seconds since the last beat; None where there was none."""
    try:
        return max(0.0, time.time() - path.stat().st_mtime)
    except OSError:
        return None
