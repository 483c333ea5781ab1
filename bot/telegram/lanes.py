"""Deliveries in the background: one after another within a chat, chats side by side."""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from collections.abc import Awaitable, Callable

from bot.telegram.quiet_logs import describe

log = logging.getLogger(__name__)

Delivery = Callable[[], Awaitable[object]]


class Lanes:
    """A chat has a lane, and a task that works it off, only while there is something to deliver."""

    def __init__(self) -> None:
        self._waiting: dict[int, deque[Delivery]] = {}
        self._tasks: set[asyncio.Task[None]] = set()

    def add(self, chat: int, delivery: Delivery) -> None:
        """Have it delivered after what this chat already waits for."""
        if (lane := self._waiting.get(chat)) is not None:
            lane.append(delivery)
            return
        self._waiting[chat] = deque([delivery])
        task = asyncio.create_task(self._work_off(chat))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def flush(self, seconds: float) -> None:
        """Wait until everything is delivered, but no longer than that; drop what is left then."""
        if not self._tasks:
            return
        _, late = await asyncio.wait(self._tasks, timeout=seconds)
        if not late:
            return
        log.warning("stopping with undelivered replies chats=%d", len(late))
        for task in late:
            task.cancel()
        await asyncio.gather(*late, return_exceptions=True)

    async def _work_off(self, chat: int) -> None:
        lane = self._waiting[chat]
        try:
            while lane:
                deliver = lane.popleft()
                try:
                    await deliver()
                except Exception as error:  # the next delivery must not suffer for this one
                    log.error("delivery failed chat=%d error=%s", chat, describe(error))
        finally:
            del self._waiting[chat]
