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
import logging
from collections.abc import Sequence
from typing import Any

from telegram.error import BadRequest, Conflict, InvalidToken, TelegramError

from bot.channels.telegram.api import TelegramBot
from bot.channels.telegram.dispatcher import Dispatcher
from bot.channels.telegram.quiet_logs import describe
from bot.channels.telegram.retry import failed_at_start, retry
from bot.channels.telegram.stopping import unless_stopped
from bot.channels.telegram.timeouts import Timeouts

log = logging.getLogger(__name__)


async def poll(
    bot: TelegramBot, dispatcher: Dispatcher, stop: asyncio.Event, timeouts: Timeouts
) -> None:
    """Fetch and apply updates until asked to stop; a batch at hand is applied to its end."""
    poller = Poller(bot, dispatcher, timeouts)
    try:
        # While a webhook is set there are no updates to fetch.
        await unless_stopped(stop, poller.remove_webhook())
        await poller.run(stop)
    finally:
        await dispatcher.flush(timeouts.flush)
    await poller.confirm()  # after the replies, which would otherwise be lost by a kill in between


class Poller:
    """One bot's polling. ``offset`` is the lowest update that is not yet applied."""

    def __init__(self, bot: TelegramBot, dispatcher: Dispatcher, timeouts: Timeouts) -> None:
        self._bot = bot
        self._dispatcher = dispatcher
        self._timeouts = timeouts
        self._lost = False
        self.offset: int | None = None

    async def remove_webhook(self) -> None:
        await retry(
            lambda: self._bot.call_done("deleteWebhook"),
            self._timeouts.connection,
            final=(BadRequest,),
            failed=failed_at_start,
        )

    async def run(self, stop: asyncio.Event) -> None:
        while not stop.is_set():
            # A call that is cancelled here confirmed nothing: its updates are delivered again.
            batch = await unless_stopped(stop, self._fetch()) or []
            await self._dispatcher.apply(batch)
            self._advance(batch)

    async def confirm(self) -> None:
        """Tell Telegram what was applied last, so that it is not delivered again at the next start.

        Best effort: what is delivered again all the same is applied only once.
        """
        with contextlib.suppress(TelegramError, TimeoutError):
            async with asyncio.timeout(self._timeouts.flush):
                if self.offset is not None:
                    await self._bot.raw_updates(offset=self.offset, wait=0, limit=1)

    async def _fetch(self) -> list[Any]:
        """Return the next batch, however long it takes to get one."""
        batch = await retry(
            lambda: self._bot.raw_updates(offset=self.offset, wait=self._timeouts.long_poll),
            self._timeouts.connection,
            final=(),
            failed=self._failed,
        )
        if self._lost:
            self._lost = False
            log.warning("fetching updates again")
        return batch

    def _failed(self, error: TelegramError, wait: float) -> None:
        self._lost = True
        what = "updates not fetched error=%s again_in=%.1f why=%s"
        log.warning(what, describe(error), wait, _why(error))

    def _advance(self, batch: Sequence[Any]) -> None:
        ids = [it["update_id"] for it in batch if isinstance(it, dict) and "update_id" in it]
        numbers = [number for number in ids if isinstance(number, int)]
        if numbers:
            self.offset = max(numbers) + 1


def _why(error: TelegramError) -> str:
    if isinstance(error, Conflict):
        return (
            "somebody else fetches this bot's updates: another casewalk serve with the same token"
            " (stop one of them), or a webhook was set"
        )
    if isinstance(error, InvalidToken):
        return "Telegram no longer accepts the token (was it revoked?)"
    return "the network, or Telegram"
