"""A file is fetched beside everything else, within a limit, or is given up."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from bot.channels.channel import Message, Response, plain
from bot.channels.telegram.api import TelegramBot, build_bot
from bot.channels.telegram.files import fetch
from bot.channels.telegram.transport import Transport
from bot.handlers.evidence import MAX_BYTES
from storage.documents import AwaitedFile
from tests.bot.telegram_harness import SHORT, Recorder, card_of, serving
from tests.telegram_server import TelegramServer

PHOTO = b"\xff\xd8\xff the photo itself"


@pytest.fixture
async def bot(telegram: TelegramServer) -> AsyncIterator[TelegramBot]:
    telegram.sent_files["a-photo"] = PHOTO
    async with Transport(4) as transport:
        yield build_bot(telegram.token, telegram.url, request=transport)


@pytest.mark.parametrize("method", ["getFile", "download"])
async def test_it_is_fetched_again_and_at_last_given_up(
    telegram: TelegramServer, bot: TelegramBot, method: str
) -> None:
    telegram.fail(method, times=2, status=500)
    assert await fetch(bot, "a-photo", SHORT) == PHOTO
    telegram.fail(method, times=3, status=500)
    assert await fetch(bot, "a-photo", SHORT) == "not-fetched"


@pytest.mark.parametrize("fault", [{"hang": 20.0}, {"drip": 0.05}], ids=["silence", "drip"])
async def test_all_of_a_fetch_has_one_limit(
    telegram: TelegramServer, bot: TelegramBot, fault: dict[str, float]
) -> None:
    telegram.fail("download", **fault)
    async with asyncio.timeout(5):
        assert await fetch(bot, "a-photo", replace(SHORT, file=0.2)) == "not-fetched"


async def test_what_is_larger_than_it_says_is_not_read_to_its_end(
    telegram: TelegramServer, bot: TelegramBot
) -> None:
    telegram.fail("download", body=b"\xff\xd8\xff" + bytes(MAX_BYTES))
    assert await fetch(bot, "a-photo", SHORT) == "too-large"


async def test_what_getfile_says_is_too_large_is_not_asked_for(
    telegram: TelegramServer, bot: TelegramBot
) -> None:
    size = MAX_BYTES + 1
    body = f'{{"ok":true,"result":{{"file_path":"a-photo","file_size":{size}}}}}'.encode()
    telegram.fail("getFile", body=body)
    assert await fetch(bot, "a-photo", SHORT) == "too-large"
    telegram.fail("getFile", status=400, description="Bad Request: file is too big")
    assert await fetch(bot, "a-photo", SHORT) == "too-large"
    assert telegram.calls["download"] == 0


async def test_a_local_server_gives_a_path_to_read(
    telegram: TelegramServer,
    bot: TelegramBot,
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
) -> None:
    path = tmp_path / "file_0.jpg"
    path.write_bytes(PHOTO)
    body = f'{{"ok":true,"result":{{"file_path":"{path}","file_size":{len(PHOTO)}}}}}'.encode()
    telegram.fail("getFile", body=body, times=2)
    assert await fetch(bot, "a-photo", SHORT) == PHOTO
    path.unlink()
    assert await fetch(bot, "a-photo", SHORT) == "not-fetched"
    assert "keeps its files on its own disk, and they cannot be read here" in caplog.text
    assert "start the server without --local" in caplog.text
    assert "InvalidToken" not in caplog.text
    assert telegram.calls["getFile"] == 2, "asking again does not help"


def awaiting(message: Message) -> Response:
    """A file is awaited, everything else gets a card."""
    if message.file is None:
        return card_of(message)
    file = AwaitedFile(
        f"C001-{message.update}", "week", "tg", message.chat, message.file.source, "photo", None, ""
    )
    return Response((plain("kept"),), files=(file,))


async def test_nobody_waits_for_a_file_not_even_who_sent_it(telegram: TelegramServer) -> None:
    sender, other = telegram.user(), telegram.user()
    telegram.fail("download", hang=20.0)
    receiver = Recorder(awaiting)
    async with serving(telegram, receiver):
        await sender.send_file("photo", PHOTO)
        await telegram.until(lambda: telegram.calls["download"] == 1)
        await other.send("one", wait=1.0)
        await sender.send("two", wait=1.0)
        assert receiver.fetched_files == []


async def test_a_file_that_is_in_flight_when_the_bot_stops_is_fetched_by_the_next_start(
    telegram: TelegramServer,
) -> None:
    sender = telegram.user()
    telegram.fail("download", hang=20.0)
    receiver = Recorder(awaiting)
    async with asyncio.timeout(5):
        async with serving(telegram, receiver, timeouts=replace(SHORT, file=60.0)):
            await sender.send_file("photo", PHOTO)
            await telegram.until(lambda: telegram.calls["download"] == 1)
    assert receiver.fetched_files == []
    receiver.awaited = list(awaiting(receiver.applied[0]).files)
    async with serving(telegram, receiver):
        async with asyncio.timeout(5):
            while not receiver.fetched_files:  # noqa: ASYNC110
                await asyncio.sleep(0.01)
    assert receiver.fetched_files == [(receiver.awaited[0], PHOTO)]
