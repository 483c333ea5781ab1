"""A file is fetched, or its sender is told why not."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from bot.channels.channel import ReceivedFile
from bot.channels.telegram.api import TelegramBot, build_bot
from bot.channels.telegram.files import MAX_BYTES, fetch
from bot.channels.telegram.transport import Transport
from bot.channels.telegram.updates import SentFile
from bot.messages import say
from tests.bot.telegram_harness import SHORT
from tests.telegram_server import TelegramServer

PHOTO = SentFile("photo", "a-photo", caption="page 3")


@pytest.fixture
async def bot(telegram: TelegramServer) -> AsyncIterator[TelegramBot]:
    telegram.sent_files["a-photo"] = b"the photo itself"
    async with Transport(4) as transport:
        yield build_bot(telegram.token, telegram.url, request=transport)


async def test_a_file_comes_with_its_caption(bot: TelegramBot) -> None:
    fetched = await fetch(bot, PHOTO, SHORT)
    assert fetched == ReceivedFile("photo", b"the photo itself", caption="page 3")


@pytest.mark.parametrize("method", ["getFile", "download"])
async def test_it_is_fetched_again_and_at_last_given_up(
    telegram: TelegramServer, bot: TelegramBot, method: str
) -> None:
    telegram.fail(method, times=2, status=500)
    assert isinstance(await fetch(bot, PHOTO, SHORT), ReceivedFile)
    telegram.fail(method, times=3, status=500)
    assert await fetch(bot, PHOTO, SHORT) == say("file-not-fetched")


async def test_what_is_too_large_is_not_even_asked_for(
    telegram: TelegramServer, bot: TelegramBot
) -> None:
    too_large = SentFile("document", "a-film", size=MAX_BYTES + 1)
    assert await fetch(bot, too_large, SHORT) == say("file-too-large")
    assert telegram.calls["getFile"] == 0
