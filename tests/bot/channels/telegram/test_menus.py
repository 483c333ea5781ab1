"""A chat's menu follows the role of its member, and no reply waits for a menu."""

from __future__ import annotations

from dataclasses import replace

from bot.channels.channel import Message, Response
from bot.channels.telegram.api import build_bot
from bot.channels.telegram.menus import Menus
from bot.channels.telegram.transport import Transport
from criteria.inspection import Role
from tests.bot.telegram_harness import SHORT, Recorder, card_of, serving
from tests.telegram_server import TelegramServer


def inspector(message: Message) -> Response:
    return replace(card_of(message), role=Role.INSPECTOR)


async def test_no_reply_waits_for_a_menu_that_telegram_puts_off(telegram: TelegramServer) -> None:
    """A wait of a minute for setMyCommands, and cards go on in the same chat and in others."""
    user, other = telegram.user(), telegram.user()
    short = replace(SHORT, flush=0.1)
    async with serving(telegram, Recorder(inspector), timeouts=short):
        await telegram.until(lambda: bool(telegram.commands))  # the default menu, at the start
        telegram.fail("setMyCommands", times=99, retry_after=60)
        for text in ("one", "two", "three"):
            for chat in (user, other):
                await chat.send(text)
                await chat.sees(f"You: {text}", 5.0)
    assert user.menu() == ["start"]


async def test_a_menu_is_set_once_for_a_role_and_again_for_another(
    telegram: TelegramServer,
) -> None:
    user = telegram.user()
    chat = user.chat.chat_id
    async with Transport(4) as transport:
        menus = Menus(build_bot(telegram.token, telegram.url, request=transport), SHORT)
        for _ in range(3):
            menus.set(chat, Role.INSPECTOR)
        await menus.flush(1.0)
        assert "team" not in user.menu()
        menus.set(chat, Role.LEAD)
        await menus.flush(1.0)
        assert "team" in user.menu()
        menus.set(chat, None)
        await menus.flush(1.0)
    assert user.menu() == ["start"] or chat not in telegram.menus
    assert telegram.calls["setMyCommands"] == 2
    assert telegram.calls["deleteMyCommands"] == 1
