"""Fetching the files that people send, so that the store keeps them and not Telegram alone."""

import logging
from typing import Final

from telegram.error import TelegramError

from bot.channels.channel import ReceivedFile
from bot.channels.telegram.api import TelegramBot
from bot.channels.telegram.quiet_logs import describe
from bot.channels.telegram.retry import retry
from bot.channels.telegram.timeouts import Timeouts
from bot.channels.telegram.updates import SentFile
from bot.messages import say

log = logging.getLogger(__name__)

MAX_BYTES: Final = 20 * 1024 * 1024
"""The Bot API hands out no larger files: https://core.telegram.org/bots/api#getfile"""


async def fetch(bot: TelegramBot, sent: SentFile, timeouts: Timeouts) -> ReceivedFile | str:
    """Return the file, or what to tell its sender."""
    if sent.size > MAX_BYTES:
        return say("file-too-large")
    try:
        found = await retry(lambda: bot.get_file(sent.file_id), timeouts.calls)
        if (found.file_size or 0) > MAX_BYTES:
            return say("file-too-large")
        content = await retry(lambda: bot.download(found), timeouts.calls)
    except TelegramError as error:
        log.warning("file not fetched error=%s", describe(error))
        return say("file-not-fetched")
    return ReceivedFile(sent.media, content, sent.filename, sent.caption)
