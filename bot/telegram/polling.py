"""Fetches updates so that nothing is confirmed to Telegram before it is applied.

Telegram takes an update as dealt with when getUpdates is called with a higher offset. A batch is
therefore applied whole before that call is made, while the replies go out in the background. A bot
that is killed in between gets the batch again; the conversation knows what it already applied.
python-telegram-bot's own Updater asks for the next batch while this one waits in its queue, and a
kill then loses what was in the queue.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Sequence
from typing import Any

from telegram.error import Conflict, InvalidToken, RetryAfter, TelegramError

from bot.telegram.api import TelegramBot
from bot.telegram.channel import Channel
from bot.telegram.insist import seconds
from bot.telegram.patience import Patience, stopped_within
from bot.telegram.quiet_logs import describe

log = logging.getLogger(__name__)


class Poller:
    """One bot's polling. ``offset`` is the lowest update that is not yet applied."""

    def __init__(self, bot: TelegramBot, channel: Channel, patience: Patience) -> None:
        self._bot = bot
        self._channel = channel
        self._patience = patience
        self._waits = patience.reconnect_waits()
        self._lost = False
        self.offset: int | None = None

    async def run(self, stop: asyncio.Event) -> None:
        """Fetch and apply until asked to stop; a batch at hand is applied to its end."""
        stopping = asyncio.create_task(stop.wait())
        try:
            while not stop.is_set():
                batch = await self._fetch(stop, stopping)
                await self._channel.apply(batch)
                self._advance(batch)
        finally:
            stopping.cancel()

    async def confirm(self) -> None:
        """Tell Telegram what was applied last, so that it is not delivered again at the next start.

        Best effort: what is delivered again all the same is applied only once.
        """
        if self.offset is None:
            return
        with contextlib.suppress(TelegramError, TimeoutError):
            async with asyncio.timeout(self._patience.flush):
                await self._bot.raw_updates(offset=self.offset, wait=0, limit=1)

    async def _fetch(self, stop: asyncio.Event, stopping: asyncio.Task[Any]) -> list[Any]:
        """The next batch; empty where there is none, or none could be had."""
        fetching = asyncio.create_task(
            self._bot.raw_updates(offset=self.offset, wait=self._patience.long_poll)
        )
        try:
            await asyncio.wait((fetching, stopping), return_when=asyncio.FIRST_COMPLETED)
            if not fetching.done():
                return []  # asked to stop; what this call would have brought comes again
            batch = fetching.result()
        except Exception as error:
            await self._wait_after(error, stop)
            return []
        finally:
            if not fetching.done():
                fetching.cancel()
                await asyncio.wait((fetching,))
        if self._lost:
            self._lost = False
            self._waits = self._patience.reconnect_waits()
            log.warning("fetching updates again")
        return batch

    async def _wait_after(self, error: Exception, stop: asyncio.Event) -> None:
        self._lost = True
        wait = next(self._waits)
        if isinstance(error, RetryAfter):
            wait = max(wait, seconds(error.retry_after))
        what = "updates not fetched error=%s again_in=%.1f why=%s"
        log.warning(what, describe(error), wait, _why(error))
        await stopped_within(stop, wait)

    def _advance(self, batch: Sequence[Any]) -> None:
        ids = [it["update_id"] for it in batch if isinstance(it, dict) and "update_id" in it]
        numbers = [number for number in ids if isinstance(number, int)]
        if numbers:
            self.offset = max(numbers) + 1


def _why(error: Exception) -> str:
    if isinstance(error, Conflict):
        return (
            "somebody else fetches this bot's updates: another casewalk serve with the same token"
            " (stop one of them), or a webhook was set"
        )
    if isinstance(error, InvalidToken):
        return "Telegram no longer accepts the token (was it revoked?)"
    return "the network, or Telegram"
