"""What the sender shows and removes, and what it says of it: by itself, against the server."""

from __future__ import annotations

import threading
from collections.abc import AsyncIterator
from io import BytesIO
from typing import Any

import pytest
from PIL import Image

from bot.channels.channel import Document, plain
from bot.channels.telegram.api import build_bot
from bot.channels.telegram.sender import Sender
from bot.channels.telegram.transport import Transport
from tests.bot.telegram_harness import SHORT
from tests.telegram_server import TelegramServer


@pytest.fixture
async def telegram() -> AsyncIterator[TelegramServer]:
    async with TelegramServer() as server:
        yield server


@pytest.fixture
async def sender(telegram: TelegramServer) -> AsyncIterator[Sender]:
    async with Transport(4, read_timeout=0.2) as transport:
        bot = build_bot(telegram.token, telegram.url, request=transport)
        yield Sender(bot, SHORT)


async def test_what_went_out_is_said_to_have(telegram: TelegramServer, sender: Sender) -> None:
    user = telegram.user()
    assert await sender.send(user.chat.chat_id, (plain("one"), plain("two"))) == "sent"
    assert [message.text for message in user.replies()] == ["one", "two"]


@pytest.mark.parametrize(
    "fault",
    [{"status": 500, "times": 99}, {"drop": True, "times": 99}, {"body": b"<html>"}],
    ids=["500", "dropped", "garbled"],
)
async def test_what_did_not_go_out_is_not_said_to_have(
    telegram: TelegramServer, sender: Sender, fault: dict[str, Any]
) -> None:
    user = telegram.user()
    telegram.fail("sendMessage", **fault)
    assert await sender.send(user.chat.chat_id, (plain("one"),)) != "sent"


async def test_what_telegram_refuses_for_good_is_done_with(
    telegram: TelegramServer, sender: Sender
) -> None:
    user, blocking = telegram.user(), telegram.user()
    blocking.block()
    assert await sender.send(blocking.chat.chat_id, (plain("one"),)) == "sent"
    assert await sender.send(4711, (plain("to nobody"),)) == "sent"
    assert await sender.send(user.chat.chat_id, (plain("two"),)) == "sent"


async def test_messages_are_taken_away_after_the_replies(
    telegram: TelegramServer, sender: Sender
) -> None:
    user = telegram.user()
    await user.send("a name that should not stand here", reply=False)
    (said,) = user.messages()
    gone = (str(said.message_id), "999999")
    assert await sender.send(user.chat.chat_id, (plain("Taken away."),), remove=gone) == "sent"
    assert [message.text for message in user.messages()] == ["Taken away."]
    assert [name for name, _ in telegram.log] == ["sendMessage", "deleteMessage", "deleteMessage"]


async def test_what_cannot_be_taken_away_does_not_undo_the_replies(
    telegram: TelegramServer, sender: Sender
) -> None:
    user = telegram.user()
    await user.send("kept", reply=False)
    telegram.fail("deleteMessage", status=500, times=99)
    (said,) = user.messages()
    assert (
        await sender.send(user.chat.chat_id, (plain("one"),), remove=(str(said.message_id),))
        == "sent"
    )
    assert [message.text for message in user.messages()] == ["kept", "one"]


@pytest.mark.parametrize(
    ("picture", "height", "method"),
    [(False, 9, "sendDocument"), (True, 2560, "sendPhoto"), (True, 2561, "sendDocument")],
    ids=["file", "picture", "a picture that Telegram would make smaller"],
)
async def test_a_file_is_made_beside_the_event_loop_and_sent(
    telegram: TelegramServer, sender: Sender, picture: bool, height: int, method: str
) -> None:
    user = telegram.user()
    made_in: list[int] = []

    def make() -> bytes:
        made_in.append(threading.get_ident())
        png = BytesIO()
        Image.new("1", (90, height)).save(png, "PNG")
        return png.getvalue()

    reply = plain("By criterion", document=Document("chart.png", make, picture=picture))
    assert await sender.send(user.chat.chat_id, (reply,)) == "sent"
    assert [name for name, _ in telegram.log] == [method]
    assert user.replies()[0].text == "By criterion"
    assert len(made_in) == 1
    assert made_in[0] != threading.get_ident()
