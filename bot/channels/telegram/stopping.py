"""Stopping gracefully: on a signal, and in the middle of a wait."""

import asyncio
import contextlib
import signal
from collections.abc import AsyncIterator, Coroutine, Iterator
from typing import Any, TypeVar

Result = TypeVar("Result")


async def unless_stopped(stop: asyncio.Event, work: Coroutine[Any, Any, Result]) -> Result | None:
    """Return the result of the work; None if ``stop`` came first, the work being cancelled then."""
    working = asyncio.create_task(work)
    stopping = asyncio.create_task(stop.wait())
    try:
        await asyncio.wait((working, stopping), return_when=asyncio.FIRST_COMPLETED)
        return working.result() if working.done() else None
    finally:
        await cancel(working, stopping)


@contextlib.asynccontextmanager
async def ending_within(stop: asyncio.Event, seconds: float) -> AsyncIterator[None]:
    """Cancel what is in the block where it takes longer than so many seconds after ``stop``.

    Raises :class:`TimeoutError`.
    """

    async def limit() -> None:
        await stop.wait()
        timeout.reschedule(asyncio.get_running_loop().time() + seconds)

    async with asyncio.timeout(None) as timeout:
        limiting = asyncio.create_task(limit())
        try:
            yield
        finally:
            limiting.cancel()


async def cancel(*tasks: asyncio.Task[Any]) -> None:
    """Cancel the tasks, and return once they have ended."""
    for task in tasks:
        task.cancel()
    await asyncio.wait(tasks)


@contextlib.contextmanager
def stopping_on_signals(stop: asyncio.Event) -> Iterator[None]:
    """Set ``stop`` on the first SIGTERM or SIGINT; a second signal does what it always does."""
    loop = asyncio.get_running_loop()
    caught = (signal.SIGTERM, signal.SIGINT)

    def ask() -> None:
        stop.set()
        release()

    def release() -> None:
        for number in caught:
            loop.remove_signal_handler(number)

    # Neither Windows nor a thread has these handlers; there, ``stop`` is the way to stop.
    with contextlib.suppress(NotImplementedError, RuntimeError, ValueError):
        for number in caught:
            loop.add_signal_handler(number, ask)
    try:
        yield
    finally:
        with contextlib.suppress(NotImplementedError):
            release()
