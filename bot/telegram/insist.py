"""Makes one call of the Bot API come through, where trying again is safe and has a chance."""

from __future__ import annotations

import asyncio
import datetime
import logging
from collections.abc import Awaitable, Callable, Sequence
from typing import TypeVar

from telegram.error import (
    BadRequest,
    Conflict,
    NetworkError,
    RetryAfter,
    TelegramError,
    TimedOut,
)

from bot.telegram.patience import Patience, stopped_within
from bot.telegram.quiet_logs import describe
from bot.telegram.transport import Garbled

log = logging.getLogger(__name__)

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
        except (NetworkError, Conflict, Garbled) as error:
            again = next(left, None) if repeatable or not may_be_done(error) else None
            if again is None:
                raise
            wait = again
        await asyncio.sleep(wait)


def may_be_done(error: TelegramError) -> bool:
    """Whether what was asked for may have been done, without our hearing of it."""
    return isinstance(error, TimedOut | Garbled)


async def insist_till_done(
    call: Callable[[], Awaitable[bool]], stop: asyncio.Event, patience: Patience
) -> bool:
    """Make a call without which the bot cannot go on, until it is done: Telegram says ``true``.

    False when asked to stop before that. Raises :class:`telegram.error.BadRequest`.
    """
    for wait in patience.reconnect_waits():
        try:
            if await call() is True:
                return True
            raise Garbled("It is not said whether it was done")
        except BadRequest:  # a NetworkError to python-telegram-bot
            raise
        except TelegramError as error:
            if isinstance(error, RetryAfter):
                wait = max(wait, seconds(error.retry_after))  # noqa: PLW2901 - as told
            log.warning("a call at the start failed error=%s again_in=%.1f", describe(error), wait)
            if await stopped_within(stop, wait):
                break
    return False


def seconds(wait: float | datetime.timedelta) -> float:
    """What "retry after" says; python-telegram-bot gives either, by its settings."""
    return wait.total_seconds() if isinstance(wait, datetime.timedelta) else wait
