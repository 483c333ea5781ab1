"""How long the channel bears with what fails, in seconds; tests are less patient than people."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Patience:
    """``resend``: the waits between the tries of one call. ``reapply``: between those of one update
    that could not be stored; they hold up the next batch, so they are short.

    ``reconnect`` is the first wait after a failed getUpdates, doubled up to ``reconnect_most``.
    ``long_poll`` is how long Telegram holds a getUpdates open. ``digests`` is how often it is
    looked whether somebody's evening digest is due. ``flush`` bounds how long replies may take to
    go out when the bot stops: below the 10 seconds that Docker gives before it kills.
    """

    resend: tuple[float, ...] = (0.3, 1.0, 3.0, 10.0)
    reapply: tuple[float, ...] = (0.2, 1.0)
    reconnect: float = 0.5
    reconnect_most: float = 30.0
    long_poll: int = 50
    flush: float = 5.0
    digests: float = 60.0

    def reconnect_waits(self) -> Iterator[float]:
        wait = self.reconnect
        while True:
            yield wait
            wait = min(wait * 2, self.reconnect_most)


async def stopped_within(stop: asyncio.Event, seconds: float) -> bool:
    """Wait, unless asked to stop meanwhile; gives whether that was asked."""
    try:
        await asyncio.wait_for(stop.wait(), seconds)
    except TimeoutError:
        return False
    return True
