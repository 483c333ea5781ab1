"""How long the Telegram channel waits for what, in seconds; the tests use shorter times."""

from __future__ import annotations

from dataclasses import dataclass

from bot.channels.telegram.retry import FOR_A_CALL, FOR_THE_CONNECTION, RetryPolicy


@dataclass(frozen=True, slots=True)
class Timeouts:
    """``calls`` and ``connection`` are how calls are retried.

    ``long_poll`` is how long Telegram holds a getUpdates open. ``outbox`` is the time between two
    looks for messages to send: digests that are due, and messages that could not be sent before.
    ``file`` bounds how long a file may take to come, all tries together.
    ``rest`` is how long the rest of a long text is waited for, which the app cut.
    ``flush`` bounds how long replies may still take when the bot stops, ``stop`` how long all of
    the stopping may take; Docker kills after 10.
    """

    calls: RetryPolicy = FOR_A_CALL
    connection: RetryPolicy = FOR_THE_CONNECTION
    long_poll: int = 25
    outbox: float = 60.0
    rest: float = 3.0
    file: float = 60.0
    flush: float = 4.0
    stop: float = 9.0
