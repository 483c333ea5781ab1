"""Work is cut short by a stop, and only by a stop."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable
from contextlib import AbstractAsyncContextManager

import pytest

from bot.channels.telegram.stopping import ending_within, unless_stopped


async def works(seconds: float, result: str = "done") -> str:
    await asyncio.sleep(seconds)
    return result


async def test_work_that_ends_first_gives_its_result() -> None:
    assert await unless_stopped(asyncio.Event(), works(0.01)) == "done"


async def test_a_stop_cancels_the_work() -> None:
    stop, cancelled = asyncio.Event(), asyncio.Event()

    async def work() -> None:
        try:
            stop.set()
            await asyncio.sleep(60)
        finally:
            cancelled.set()

    async with asyncio.timeout(5):
        assert await unless_stopped(stop, work()) is None
    assert cancelled.is_set()


async def test_what_was_done_when_the_stop_came_is_not_lost() -> None:
    stop = asyncio.Event()
    stop.set()

    async def at_once() -> str:
        return "a batch"

    assert await unless_stopped(stop, at_once()) == "a batch"


async def test_an_error_of_the_work_is_raised() -> None:
    async def fails() -> None:
        raise ValueError

    with pytest.raises(ValueError):  # noqa: PT011
        await unless_stopped(asyncio.Event(), fails())


async def test_what_goes_on_after_a_stop_has_so_many_seconds() -> None:
    stop = asyncio.Event()
    async with asyncio.timeout(5):
        async with ending_within(stop, 0.01):
            await asyncio.sleep(0.05)  # there is no limit before the stop
        stop.set()
        with pytest.raises(TimeoutError):
            await _within(ending_within(stop, 0.01), works(60))


async def _within(block: AbstractAsyncContextManager[None], work: Awaitable[str]) -> None:
    async with block:
        await work
