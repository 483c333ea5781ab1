"""Fetches the files that people send, so that the store keeps them and not Telegram alone."""

from __future__ import annotations

import functools
import logging
from typing import Final

from telegram import File
from telegram.error import TelegramError

from bot.reply import Received, Reply
from bot.telegram.api import TelegramBot
from bot.telegram.incoming import FileSent
from bot.telegram.insist import insist
from bot.telegram.patience import Patience
from bot.telegram.quiet_logs import describe
from bot.wording import en as say

log = logging.getLogger(__name__)

MOST_BYTES: Final = 20 * 1024 * 1024
"""The Bot API gives no larger ones: https://core.telegram.org/bots/api#getfile"""


class FileFetcher:
    """Two calls for a file: where it is, and its bytes."""

    def __init__(self, bot: TelegramBot, patience: Patience) -> None:
        self._bot = bot
        self._try = functools.partial(insist, waits=patience.resend, repeatable=True)

    async def fetch(self, sent: FileSent) -> Received | Reply:
        """The file, or what to tell its sender."""
        if sent.size > MOST_BYTES:
            return Reply(say.FILE_TOO_LARGE)
        try:
            found: File = await self._try(lambda: self._bot.get_file(sent.file_id))
            if (found.file_size or 0) > MOST_BYTES:
                return Reply(say.FILE_TOO_LARGE)
            content: bytes = await self._try(lambda: self._bot.download(found))
        except TelegramError as error:
            log.warning("file not fetched error=%s", describe(error))
            return Reply(say.FILE_NOT_FETCHED)
        return Received(sent.media, content, sent.filename, sent.caption)
