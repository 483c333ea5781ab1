"""Makes one call of the Bot API come through, where trying again is safe and has a chance."""

from __future__ import annotations

import asyncio
import datetime
from collections.abc import Awaitable, Callable, Sequence
from typing import TypeVar

from telegram.error import BadRequest, NetworkError, RetryAfter, TimedOut

from bot.telegram.transport import Garbled

Result = TypeVar("Result")

FLOODS_MOST = 10
"""So often one call waits as it was told, and is told to wait again, before it is given up."""


async def insist(
    call: Callable[[], Awaitable[Result]], waits: Sequence[float], *, repeatable: bool
) -> Result:
    """The call's result, trying again after each of ``waits`` when the network or Telegram fails.

    A call that is not ``repeatable`` (sending a message) is not made again when it may have been
    done without our hearing of it; an edit twice over is the same edit. "Too many requests" is
    waited out as told. Raises the last :class:`telegram.error.TelegramError`; what Telegram refuses
    is not asked again.
    """
    left = iter(waits)
    floods = 0
    while True:
        try:
            return await call()
        except RetryAfter as error:
            floods += 1
            if floods > FLOODS_MOST:
                raise
            wait = seconds(error.retry_after)
        except BadRequest:  # a NetworkError to python-telegram-bot
            raise
        except (NetworkError, Garbled) as error:
            may_be_done = isinstance(error, TimedOut | Garbled)
            again = next(left, None) if repeatable or not may_be_done else None
            if again is None:
                raise
            wait = again
        await asyncio.sleep(wait)


def seconds(wait: float | datetime.timedelta) -> float:
    """What "retry after" says; python-telegram-bot gives either, by its settings."""
    return wait.total_seconds() if isinstance(wait, datetime.timedelta) else wait
