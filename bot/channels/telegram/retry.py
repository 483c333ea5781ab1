"""Retrying a call of the Bot API: the one place that decides whether and when it is made again."""

from __future__ import annotations

import asyncio
import datetime
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Final, TypeVar

from telegram.error import (
    BadRequest,
    ChatMigrated,
    EndPointNotFound,
    Forbidden,
    InvalidToken,
    RetryAfter,
    TelegramError,
    TimedOut,
)

from bot.channels.telegram.quiet_logs import describe
from bot.channels.telegram.transport import Garbled

log = logging.getLogger(__name__)

Result = TypeVar("Result")
Errors = tuple[type[TelegramError], ...]

REFUSALS: Final[Errors] = (BadRequest, ChatMigrated, EndPointNotFound, Forbidden, InvalidToken)
"""Telegram understood the call and will refuse it again."""

MAX_FLOODS: Final = 10
"""Maximum "too many requests" that one call waits out."""


@dataclass(frozen=True, slots=True)
class RetryPolicy:
    """``waits`` are the seconds before each further try. ``forever`` repeats the last of them."""

    waits: tuple[float, ...]
    forever: bool = False

    def wait(self, failures: int) -> float | None:
        """Return the seconds to wait after so many failures, None to give up."""
        if failures <= len(self.waits):
            return self.waits[failures - 1]
        return self.waits[-1] if self.forever else None


FOR_A_CALL: Final = RetryPolicy((0.3, 1.0, 3.0, 10.0))
"""A call for somebody who waits."""

FOR_THE_CONNECTION: Final = RetryPolicy((0.5, 1.0, 2.0, 4.0, 8.0, 16.0, 30.0), forever=True)
"""A call without which the bot cannot go on: getMe and setWebhook at the start, getUpdates."""


def _ignore(_error: TelegramError, _wait: float) -> None:
    pass


async def retry(
    call: Callable[[], Awaitable[Result]],
    policy: RetryPolicy,
    *,
    repeatable: bool = True,
    final: Errors = REFUSALS,
    failed: Callable[[TelegramError, float], None] = _ignore,
) -> Result:
    """Make a call until it succeeds or the policy gives up.

    A call that is not ``repeatable``, such as sendMessage, is not made again where it may have been
    done. Errors of ``final`` are never retried. "Too many requests" is waited out as Telegram says.
    ``failed`` is told each error, and the seconds until the next try.

    Raises the last :class:`telegram.error.TelegramError`.
    """
    failures = floods = 0
    while True:
        try:
            return await call()
        except final:
            raise
        except RetryAfter as error:
            floods += 1
            if floods > MAX_FLOODS and not policy.forever:
                raise
            wait = _seconds(error.retry_after)
            failed(error, wait)
        except TelegramError as error:
            failures += 1
            next_wait = policy.wait(failures)
            if next_wait is None or (may_be_done(error) and not repeatable):
                raise
            wait = next_wait
            failed(error, wait)
        await asyncio.sleep(wait)


def failed_at_start(error: TelegramError, wait: float) -> None:
    """Log a call without which the bot cannot go on."""
    log.warning("a call at the start failed error=%s again_in=%.1f", describe(error), wait)


def may_be_done(error: TelegramError) -> bool:
    """Return whether Telegram may have done what was asked, although no answer was read."""
    return isinstance(error, TimedOut | Garbled)


def _seconds(wait: float | datetime.timedelta) -> float:
    # python-telegram-bot returns either, by the setting of PTB_TIMEDELTA.
    return wait.total_seconds() if isinstance(wait, datetime.timedelta) else wait
