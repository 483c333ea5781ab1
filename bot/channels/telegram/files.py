"""Fetching the files that people sent, beside everything else: nobody waits for them.

A file is durable as awaited before it is fetched (:mod:`bot.handlers.evidence`), so what is not
there when the bot stops is fetched by the next start.
"""

import asyncio
import functools
import logging
from collections.abc import Callable, Iterable, Sequence
from typing import Final

from telegram.error import BadRequest, TelegramError

from bot.channels.channel import LostFile, Notification, Receiver
from bot.channels.telegram.api import FilesElsewhere, TelegramBot
from bot.channels.telegram.chat_queues import ChatQueues
from bot.channels.telegram.quiet_logs import describe
from bot.channels.telegram.retry import REFUSALS, retry
from bot.channels.telegram.stopping import unless_stopped
from bot.channels.telegram.timeouts import Timeouts
from bot.channels.telegram.transport import TooLarge
from bot.channels.telegram.updates import CHANNEL, chat_id
from bot.handlers.evidence import MAX_BYTES
from storage.documents import AwaitedFile

log = logging.getLogger(__name__)

MAX_AT_ONCE: Final = 16
"""Files that are in memory at once; of one person, one file at a time."""


class Fetcher:
    """Fetches awaited files in the background; ``notify`` has it said what became of them."""

    def __init__(
        self,
        bot: TelegramBot,
        receiver: Receiver,
        timeouts: Timeouts,
        notify: Callable[[Sequence[Notification]], None],
    ) -> None:
        self._bot = bot
        self._receiver = receiver
        self._timeouts = timeouts
        self._notify = notify
        self._queues = ChatQueues()
        self._slots = asyncio.Semaphore(MAX_AT_ONCE)
        self._stopping = asyncio.Event()
        self._known: set[tuple[str, str]] = set()

    def fetch(self, files: Iterable[AwaitedFile]) -> None:
        """Have the files fetched; one that is being fetched already is not fetched twice."""
        for file in files:
            key = file.inspection, file.name
            if key not in self._known:
                self._known.add(key)
                chat = chat_id(file.chat) if file.chat else None
                self._queues.add(chat or 0, functools.partial(self._fetch, file))

    async def fetch_awaited(self) -> None:
        """Have everything fetched that is awaited: at the start, and what could not be kept."""
        self.fetch(await self._receiver.awaited_files(CHANNEL))

    async def stop(self, seconds: float) -> None:
        """Fetch nothing more; what came is kept. It takes no longer than so many seconds."""
        self._stopping.set()
        await self._queues.flush(seconds)

    async def _fetch(self, file: AwaitedFile) -> None:
        try:
            async with self._slots:
                if self._stopping.is_set() or not await self._receiver.claim_file(file):
                    return
                work = fetch(self._bot, file.source, self._timeouts)
                content = await unless_stopped(self._stopping, work)
                if content is not None:
                    self._notify(await self._receiver.fetched(file, content))
        finally:
            self._known.discard((file.inspection, file.name))


async def fetch(bot: TelegramBot, source: str, timeouts: Timeouts) -> bytes | LostFile:
    """Return a file's content, or why it was not fetched. All of it has one limit of time."""
    try:
        async with asyncio.timeout(timeouts.file):
            return await retry(
                lambda: bot.file_content(source, MAX_BYTES),
                timeouts.calls,
                final=(*REFUSALS, TooLarge, FilesElsewhere),
            )
    except TooLarge:
        return "too-large"
    except FilesElsewhere as error:
        log.error("file not fetched why=%s", error)
    except TimeoutError:
        log.warning("file not fetched why=it did not come within %.0f s", timeouts.file)
    except BadRequest as error:
        if "too big" in error.message:
            return "too-large"
        log.warning("file not fetched why=%s", error.message)
    except TelegramError as error:
        log.warning("file not fetched error=%s", describe(error))
    return "not-fetched"
