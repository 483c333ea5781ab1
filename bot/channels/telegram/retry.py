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
    Conflict,
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

MAX_FLOOD_WAIT: Final = 120.0
"""Maximum seconds of such a wait. Telegram asks for hours where a call was made far too often."""


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

FOR_THE_CONNECTION: Final = RetryPolicy((0.5, 1.0, 2.0, 4.0, 8.0, 16.0, 20.0), forever=True)
"""A call without which the bot cannot go on: getMe and setWebhook at the start, getUpdates."""


AT_START: Final = "a call at the start failed"


async def retry(
    call: Callable[[], Awaitable[Result]],
    policy: RetryPolicy,
    *,
    repeatable: bool = True,
    final: Errors = REFUSALS,
    trouble: str | None = None,
) -> Result:
    """Make a call until it succeeds or the policy gives up.

    A call that is not ``repeatable``, such as sendMessage, is not made again where it may have been
    done. Errors of ``final`` are never retried. "Too many requests" is waited out as Telegram says.
    Each error is logged as ``trouble``, where that is given.

    Raises the last :class:`telegram.error.TelegramError`.
    """
    failures = floods = 0
    while True:
        try:
            result = await call()
        except final:
            raise
        except TelegramError as error:
            wait: float | None
            if isinstance(error, RetryAfter):
                floods += 1
                wait = _seconds(error)
                if not policy.forever and (floods > MAX_FLOODS or wait > MAX_FLOOD_WAIT):
                    log.warning("given up, Telegram asks to wait seconds=%.0f", wait)
                    wait = None
            else:
                failures += 1
                wait = policy.wait(failures) if repeatable or not may_be_done(error) else None
            if wait is None:
                raise
            if trouble:
                what = "%s error=%s again_in=%.1f why=%s"
                log.warning(what, trouble, describe(error), wait, _why(error))
        else:
            if trouble and failures + floods:
                log.warning("%s, works again", trouble)
            return result
        await asyncio.sleep(wait)


def may_be_done(error: TelegramError) -> bool:
    """Return whether Telegram may have done what was asked, although no answer was read."""
    return isinstance(error, TimedOut | Garbled)


def _seconds(error: RetryAfter) -> float:
    # python-telegram-bot gives a number or a timedelta, by the setting of PTB_TIMEDELTA.
    wait = error.retry_after
    return wait.total_seconds() if isinstance(wait, datetime.timedelta) else wait


def _why(error: TelegramError) -> str:
    if isinstance(error, Conflict):
        return (
            "somebody else fetches this bot's updates: another casewalk serve with the same token"
            " (stop one of them), or a webhook was set"
        )
    if isinstance(error, InvalidToken):
        return "Telegram no longer accepts the token (was it revoked?)"
    return "the network, Telegram, or the address in TELEGRAM_API_URL"
