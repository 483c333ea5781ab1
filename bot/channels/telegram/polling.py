"""Fetching updates so that nothing is confirmed to Telegram before it is applied.

Telegram takes an update as dealt with when getUpdates is called with a higher offset. A batch is
therefore applied whole before that call is made, while the replies go out in the background. A bot
that is killed in between gets the batch again; the pipeline knows what it already applied.
python-telegram-bot's own Updater asks for the next batch while this one waits in its queue, and a
kill then loses what was in the queue.
"""

import asyncio
import contextlib
import functools
from collections.abc import Sequence
from typing import Any

from telegram.error import BadRequest, TelegramError

from bot.channels.telegram.api import TelegramBot
from bot.channels.telegram.dispatcher import Dispatcher
from bot.channels.telegram.retry import AT_START, retry
from bot.channels.telegram.stopping import unless_stopped
from bot.channels.telegram.timeouts import Timeouts


async def poll(
    bot: TelegramBot, dispatcher: Dispatcher, stop: asyncio.Event, timeouts: Timeouts
) -> None:
    """Fetch and apply updates until asked to stop; a batch at hand is applied to its end."""
    offset = None
    try:
        # While a webhook is set there are no updates to fetch.
        remove = functools.partial(bot.call_done, "deleteWebhook")
        policy = timeouts.connection
        await unless_stopped(stop, retry(remove, policy, final=(BadRequest,), trouble=AT_START))
        while not stop.is_set():
            # A fetch that is cut short confirmed nothing: its updates are delivered again.
            batch = await unless_stopped(stop, _fetch(bot, offset, timeouts)) or []
            await dispatcher.apply(batch)
            offset = _next_offset(batch, offset)
    finally:
        await dispatcher.flush(timeouts.flush)
    # Only after the replies: a kill before them is made good when the batch is delivered again.
    # What is delivered again for want of this call is applied only once.
    if offset is not None:
        with contextlib.suppress(TelegramError, TimeoutError):
            async with asyncio.timeout(timeouts.flush):
                await bot.raw_updates(offset=offset, wait=0, limit=1)


async def _fetch(bot: TelegramBot, offset: int | None, timeouts: Timeouts) -> list[Any]:
    """Return the next batch, however long it takes to get one."""
    return await retry(
        lambda: bot.raw_updates(offset=offset, wait=timeouts.long_poll),
        timeouts.connection,
        final=(),
        trouble="updates not fetched",
    )


def _next_offset(batch: Sequence[Any], offset: int | None) -> int | None:
    """Return one more than the highest update; what is no update of a batch is passed over."""
    ids = [update.get("update_id") for update in batch if isinstance(update, dict)]
    numbers = [number for number in ids if isinstance(number, int)]
    return max(numbers) + 1 if numbers else offset
