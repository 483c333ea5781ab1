"""The Bot API as we call it."""

from __future__ import annotations

import pytest

from bot.channels.telegram.api import build_bot
from bot.channels.telegram.transport import Garbled
from tests.telegram_server import TelegramServer


async def test_it_says_who_it_is_and_shows_no_token() -> None:
    async with TelegramServer() as server:
        bot = build_bot(server.token, server.url)
        await bot.initialize()
        assert (await bot.get_me()).username is not None
        assert server.token not in repr(bot)
        await bot.shutdown()


async def test_updates_come_as_they_are_and_are_confirmed_by_the_next_offset() -> None:
    async with TelegramServer() as server:
        bot = build_bot(server.token, f"{server.url}/")
        await bot.initialize()
        await server.user().send("hello", reply=False)
        (update,) = await bot.raw_updates(offset=None, wait=0)
        assert update["message"]["text"] == "hello"
        assert await bot.raw_updates(offset=update["update_id"] + 1, wait=0) == []
        await bot.shutdown()


async def test_a_result_that_does_not_say_it_was_done_is_no_success() -> None:
    async with TelegramServer() as server:
        bot = build_bot(server.token, server.url)
        await bot.initialize()
        with pytest.raises(Garbled, match="getMe"):
            await bot.call_done("getMe")
        await bot.shutdown()
