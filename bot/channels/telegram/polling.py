"""Fetching updates so that nothing is confirmed to Telegram before it is applied.

Telegram takes an update as dealt with when getUpdates is called with a higher offset. A batch is
therefore applied whole before that call is made, while the replies go out in the background. A bot
that is killed in between gets the batch again; the pipeline knows what it already applied.
python-telegram-bot's own Updater asks for the next batch while this one waits in its queue, and a
kill then loses what was in the queue.
"""

from __future__ import annotations

import asyncio
import contextlib
import functools
import hashlib
import socket
import sys
from collections.abc import Callable, Iterator, Sequence
from time import monotonic
from typing import Any, Final

from telegram.error import BadRequest, Conflict, TelegramError

from bot.channels.telegram.api import TelegramBot
from bot.channels.telegram.dispatcher import Dispatcher
from bot.channels.telegram.retry import AT_START, retry
from bot.channels.telegram.start_error import StartError
from bot.channels.telegram.stopping import unless_stopped
from bot.channels.telegram.timeouts import Timeouts
from bot.messages import say

NEWCOMER: Final = 60.0
"""Seconds after its start in which a bot gives way to another that fetches the same updates."""
MAX_CONFLICTS: Final = 2
"""Maximum conflicts of a newcomer: a bot that just stopped, or one at its last call, causes one."""


async def poll(
    bot: TelegramBot,
    dispatcher: Dispatcher,
    stop: asyncio.Event,
    timeouts: Timeouts,
    beat: Callable[[], None],
) -> None:
    """Fetch and apply updates until asked to stop; a batch at hand is applied to its end.

    ``beat`` is called whenever updates are asked for. Raises :class:`StartError` where another bot
    was first to fetch the updates of this token: it would get every other message, and answer it
    from another store.
    """
    with only_one_here(bot):
        await _poll(bot, dispatcher, stop, timeouts, _Fetcher(bot, timeouts, beat))


@contextlib.contextmanager
def only_one_here(bot: TelegramBot) -> Iterator[None]:
    """Let one process of this machine poll for a token. Raises :class:`StartError`.

    Telegram tells of the other one only where both ask at once, when messages may have been lost.
    """
    if sys.platform != "linux":  # it alone has names for sockets that end with their process
        yield
        return
    name = hashlib.sha256(bot.base_url.encode()).hexdigest()[:32]
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as held:
        try:
            held.bind(f"\0casewalk-{name}")
        except OSError:
            raise StartError(say("cli-served-elsewhere")) from None
        yield


async def _poll(
    bot: TelegramBot,
    dispatcher: Dispatcher,
    stop: asyncio.Event,
    timeouts: Timeouts,
    fetcher: _Fetcher,
) -> None:
    offset = None
    try:
        # While a webhook is set there are no updates to fetch.
        remove = functools.partial(bot.call_done, "deleteWebhook")
        policy = timeouts.connection
        await unless_stopped(stop, retry(remove, policy, final=(BadRequest,), trouble=AT_START))
        while not stop.is_set():
            # A fetch that is cut short confirmed nothing: its updates are delivered again.
            batch = await unless_stopped(stop, fetcher.fetch(offset)) or []
            await dispatcher.apply(batch)
            offset = _next_offset(batch, offset)
    finally:
        await dispatcher.flush(timeouts.flush)
    # Only after the replies: a kill before them is made good when the batch is delivered again.
    # What is delivered again for want of this call is applied only once.
    if offset is not None:
        with contextlib.suppress(TelegramError, TimeoutError):
            async with asyncio.timeout(timeouts.flush / 2):
                await bot.raw_updates(offset=offset, wait=0, limit=1)


class _Fetcher:
    """Asks for updates, and knows how often somebody else did so at the same time."""

    def __init__(self, bot: TelegramBot, timeouts: Timeouts, beat: Callable[[], None]) -> None:
        self._bot = bot
        self._timeouts = timeouts
        self._beat = beat
        self._started = monotonic()
        self._conflicts = 0

    async def fetch(self, offset: int | None) -> list[Any]:
        """Return the next batch, however long it takes to get one. Raises :class:`StartError`."""
        return await retry(
            functools.partial(self._ask, offset),
            self._timeouts.connection,
            final=(),
            trouble="updates not fetched",
        )

    async def _ask(self, offset: int | None) -> list[Any]:
        self._beat()
        try:
            return await self._bot.raw_updates(offset=offset, wait=self._timeouts.long_poll)
        except Conflict:
            self._conflicts += 1
            if self._conflicts > MAX_CONFLICTS and monotonic() - self._started < NEWCOMER:
                raise StartError(say("cli-served-elsewhere")) from None
            raise


def _next_offset(batch: Sequence[Any], offset: int | None) -> int | None:
    """Return one more than the highest update; what is no update of a batch is passed over."""
    ids = [update.get("update_id") for update in batch if isinstance(update, dict)]
    numbers = [number for number in ids if isinstance(number, int)]
    return max(numbers) + 1 if numbers else offset
