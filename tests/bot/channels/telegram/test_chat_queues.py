"""What goes to a chat follows in order, and no chat waits for another."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

import pytest

from bot.channels.telegram.chat_queues import ChatQueues


class Deliveries:
    """Notes what was delivered; a delivery may have to wait for ``go`` first."""

    def __init__(self) -> None:
        self.queues = ChatQueues()
        self.go = asyncio.Event()
        self.done: list[str] = []

    def one(self, name: str, *, waits: bool = False) -> Callable[[], Awaitable[None]]:
        async def deliver() -> None:
            if waits:
                await self.go.wait()
            self.done.append(name)

        return deliver


async def test_a_chat_is_in_order_and_the_others_go_on() -> None:
    deliveries = Deliveries()
    deliveries.queues.add(1, deliveries.one("first", waits=True))
    deliveries.queues.add(1, deliveries.one("second"))
    deliveries.queues.add_unordered(1, deliveries.one("acknowledged"))
    deliveries.queues.add(2, deliveries.one("another chat's"))
    await asyncio.sleep(0.01)
    assert deliveries.done == ["acknowledged", "another chat's"]
    deliveries.go.set()
    await deliveries.queues.flush(1.0)
    assert deliveries.done[2:] == ["first", "second"]


async def test_a_delivery_that_fails_stops_nothing_and_is_told(
    caplog: pytest.LogCaptureFixture,
) -> None:
    deliveries = Deliveries()

    async def fails() -> None:
        raise ValueError("a secret answer")

    deliveries.queues.add(1, fails)
    deliveries.queues.add(1, deliveries.one("next"))
    deliveries.queues.add_unordered(1, fails)
    await deliveries.queues.flush(1.0)
    assert deliveries.done == ["next"]
    assert caplog.text.count("delivery failed chat=1 error=ValueError@") == 2
    assert "secret" not in caplog.text


async def test_a_flush_drops_what_takes_too_long(caplog: pytest.LogCaptureFixture) -> None:
    deliveries = Deliveries()
    deliveries.queues.add(1, deliveries.one("late", waits=True))
    await deliveries.queues.flush(0.01)
    deliveries.go.set()
    await asyncio.sleep(0.01)
    assert deliveries.done == []
    assert "stopping with undelivered replies chats=1" in caplog.text
