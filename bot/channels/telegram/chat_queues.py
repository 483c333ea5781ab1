"""Per-chat queues: what goes to a chat follows in order, and no chat waits for another."""

import asyncio
import logging
from collections import deque
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any

from bot.channels.telegram.quiet_logs import describe
from bot.channels.telegram.stopping import cancel

log = logging.getLogger(__name__)

Delivery = Callable[[], Awaitable[object]]


class ChatQueues:
    """A chat has a queue, and a task that empties it, only while there is something to deliver."""

    def __init__(self) -> None:
        self._queues: dict[int, deque[Delivery]] = {}
        self._tasks: set[asyncio.Task[None]] = set()

    def add(self, chat: int, delivery: Delivery) -> None:
        """Have it delivered after what this chat already waits for."""
        if (queue := self._queues.get(chat)) is not None:
            queue.append(delivery)
        else:
            self._queues[chat] = deque([delivery])
            self._start(self._empty(chat))

    def add_unordered(self, chat: int, delivery: Delivery) -> None:
        """Have it delivered at once, whatever the chat waits for."""
        self._start(_deliver(chat, delivery))

    async def flush(self, seconds: float) -> None:
        """Wait until everything is delivered; after so many seconds drop what is left."""
        if not self._tasks:
            return
        _, late = await asyncio.wait(self._tasks, timeout=seconds)
        if late:
            log.warning("stopping with undelivered replies chats=%d", len(late))
            await cancel(*late)

    def _start(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _empty(self, chat: int) -> None:
        queue = self._queues[chat]
        try:
            while queue:
                await _deliver(chat, queue.popleft())
        finally:
            del self._queues[chat]


async def _deliver(chat: int, delivery: Delivery) -> None:
    try:
        await delivery()
    except Exception as error:  # the next delivery must not suffer for this one
        log.error("delivery failed chat=%d error=%s", chat, describe(error))
