"""Nothing is confirmed to Telegram before it is applied; the bot starts, stops and recovers."""

from __future__ import annotations

import asyncio
import logging
import os
import signal
from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

import pytest

from bot.channels.channel import Message
from bot.channels.telegram.channel import TelegramChannel
from bot.channels.telegram.quiet_logs import HideToken, quiet_libraries
from bot.channels.telegram.retry import RetryPolicy
from bot.channels.telegram.start_error import StartError
from tests.bot.telegram_harness import SHORT, Recorder, kill, serving
from tests.telegram_server import BOT_USERNAME, TOKEN, TelegramServer


@pytest.fixture
async def telegram() -> AsyncIterator[TelegramServer]:
    async with TelegramServer() as server:
        yield server


class Held:
    """Holds what is received until it is let go."""

    def __init__(self) -> None:
        self.reached = asyncio.Event()
        self.go = asyncio.Event()

    async def __call__(self, _: Message) -> None:
        self.reached.set()
        await self.go.wait()


async def test_the_offset_moves_only_when_the_whole_batch_is_applied(
    telegram: TelegramServer,
) -> None:
    users = [telegram.user() for _ in range(3)]
    for user in users:
        await user.send("one", reply=False)
    held = Held()
    async with serving(telegram, Recorder(before=held)):
        await held.reached.wait()
        await asyncio.sleep(0.1)
        assert telegram.offsets == [None]
        assert len(telegram.pending) == 3
        held.go.set()
        await telegram.until(lambda: len(telegram.offsets) == 2)
    assert telegram.offsets[1] == 1003


async def test_the_next_batch_is_fetched_while_replies_go_out(telegram: TelegramServer) -> None:
    slow, quick = telegram.user(), telegram.user()
    telegram.fail("sendMessage", chat=slow.chat.chat_id, hang=1.0, status=500)
    async with serving(telegram, Recorder()):
        await slow.send("one", reply=False)
        await quick.send("two")
        assert slow.replies() == []
        await slow.sees("You: one")


async def test_a_bot_killed_before_it_confirmed_gets_the_batch_again(
    telegram: TelegramServer,
) -> None:
    user = telegram.user()
    held = Held()
    first = Recorder(before=held)
    async with serving(telegram, first) as task:
        await user.send("one", reply=False)
        await user.send("two", reply=False)
        await held.reached.wait()
        await kill(task)
    assert first.applied == []
    second = Recorder()
    async with serving(telegram, second):
        await user.sees("You: two")
    assert second.said == ["one", "two"]
    assert not telegram.pending


async def test_what_is_delivered_again_is_handed_on_under_its_old_id(
    telegram: TelegramServer,
) -> None:
    user = telegram.user()
    receiver = Recorder()
    async with serving(telegram, receiver):
        await user.send("one")
        await user.send("two")
        await telegram.until(lambda: not telegram.pending)
        await telegram.redeliver(2)
        await telegram.until(lambda: not telegram.pending)
        await user.send("three")
    assert [message.update for message in receiver.applied] == [
        *("1000", "1001", "1000", "1001", "1002")
    ]


async def test_a_graceful_stop_finishes_what_is_at_hand(telegram: TelegramServer) -> None:
    user = telegram.user()
    held = Held()
    stop = asyncio.Event()
    async with serving(telegram, Recorder(before=held), stop=stop) as task:
        await user.send("one", reply=False)
        await held.reached.wait()
        stop.set()
        await asyncio.sleep(0.05)
        assert not task.done()
        held.go.set()
        await task
    assert [message.text for message in user.replies()] == ["You: one"]
    assert telegram.offsets[-1] == 1001
    assert not telegram.pending


async def test_a_stop_does_not_wait_for_the_long_poll_nor_for_ever_for_a_reply(
    telegram: TelegramServer,
) -> None:
    user = telegram.user()
    telegram.fail("sendMessage", times=99, retry_after=60)
    stop = asyncio.Event()
    timeouts = replace(SHORT, long_poll=50, flush=0.1)
    async with serving(telegram, Recorder(), stop=stop, timeouts=timeouts) as task:
        await user.send("one")
        stop.set()
        async with asyncio.timeout(2):
            await task


async def test_sigterm_stops_gracefully(telegram: TelegramServer) -> None:
    user = telegram.user()
    async with serving(telegram, Recorder()) as task:
        await user.send("one")
        os.kill(os.getpid(), signal.SIGTERM)
        async with asyncio.timeout(2):
            await task
    assert telegram.offsets[-1] == 1001


async def test_the_start_tells_name_and_commands_and_frees_the_bot_of_a_webhook(
    telegram: TelegramServer,
) -> None:
    telegram.webhook_url = "https://example.org/old"
    user = telegram.user()
    names: list[str] = []

    async def on_username(name: str) -> None:
        names.append(name)

    await user.send("waiting", reply=False)
    async with serving(
        telegram,
        Recorder(),
        on_username=on_username,
        api_url=telegram.url + "/",
    ):
        await user.sees("You: waiting")
        await telegram.until(lambda: bool(telegram.commands))
    assert names == [BOT_USERNAME]
    assert telegram.webhook_url == ""
    assert [one["command"] for one in telegram.commands] == ["start"]
    assert telegram.allowed_updates == ["message", "callback_query"]


@pytest.mark.parametrize(
    "fault",
    [
        {"status": 502, "description": "Bad Gateway"},
        {"retry_after": 1},
        {"drop": True},
        {"body": b"{"},
        {"body": b"[]"},
        {"body": b'{"ok":true,"result":7}'},
        {"status": 409, "description": "Conflict: terminated by other getUpdates request"},
        {"status": 401, "description": "Unauthorized"},
    ],
    ids=["502", "429", "dropped", "not json", "no object", "no list", "conflict", "revoked"],
)
async def test_polling_recovers(
    telegram: TelegramServer, fault: dict[str, Any], caplog: pytest.LogCaptureFixture
) -> None:
    user = telegram.user()
    telegram.fail("getUpdates", times=3 if "retry_after" not in fault else 1, **fault)
    receiver = Recorder()
    async with serving(telegram, receiver):
        await user.send("one")
    assert receiver.said == ["one"]
    assert "again_in=" in caplog.text
    assert "fetching updates again" in caplog.text


async def test_two_bots_with_one_token_are_told_so(
    telegram: TelegramServer, caplog: pytest.LogCaptureFixture
) -> None:
    async with serving(telegram, Recorder()), serving(telegram, Recorder()):
        await asyncio.sleep(0.2)
    assert "somebody else fetches this bot's updates" in caplog.text


async def test_a_network_that_is_down_at_the_start_is_waited_for(telegram: TelegramServer) -> None:
    user = telegram.user()
    for method in ("getMe", "deleteWebhook", "setMyCommands"):
        telegram.fail(method, drop=True)
    async with serving(telegram, Recorder()):
        await user.send("one")


async def test_a_stop_while_waiting_for_the_network_is_heard() -> None:
    stop = asyncio.Event()
    timeouts = replace(SHORT, connection=RetryPolicy((60.0,)))
    channel = TelegramChannel(TOKEN, "http://127.0.0.1:9", stop=stop, timeouts=timeouts)
    task = asyncio.create_task(channel.run(Recorder()))
    await asyncio.sleep(0.2)
    stop.set()
    async with asyncio.timeout(2):
        await task


@pytest.mark.parametrize(
    ("token", "told"),
    [
        ("999999:not-the-token-of-any-bot", "does not accept the token"),
        ("hello", "does not look like one"),
        ("123:abc def", "does not look like one"),
        ("", "does not look like one"),
    ],
)
async def test_a_wrong_token_is_said_without_showing_it(
    telegram: TelegramServer, token: str, told: str
) -> None:
    with pytest.raises(StartError, match=told) as caught:
        await TelegramChannel(token, telegram.url, timeouts=SHORT).run(Recorder())
    assert not token or token not in str(caught.value)
    assert caught.value.__suppress_context__ or caught.value.__context__ is None


def test_an_api_url_without_a_scheme_is_said() -> None:
    with pytest.raises(StartError, match="TELEGRAM_API_URL"):
        TelegramChannel(TOKEN, "localhost:8081")


async def test_neither_token_nor_texts_reach_the_log(
    telegram: TelegramServer, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    caplog.handler.addFilter(hide := HideToken(telegram.token))
    libraries = [
        logging.getLogger(name) for name in ("httpx", "httpcore", "telegram", "aiohttp.access")
    ]
    levels = [logger.level for logger in libraries]
    quiet_libraries()
    user = telegram.user(name="Canary-Name")
    telegram.fail("editMessageText", times=99, acts=True, body=b"canary-body")
    telegram.fail("getUpdates", times=2, body=b'{"canary-body"')
    try:
        async with serving(telegram, Recorder()):
            await user.send("canary-text")
            await user.tap("Yes")
            await user.quiet(0.2)
            logging.getLogger("x").error("see %s", f"{telegram.url}/bot{telegram.token}/getMe")
            try:
                raise ValueError(telegram.token)
            except ValueError:
                logging.getLogger("x").exception("failed")
    finally:
        caplog.handler.removeFilter(hide)
        for logger, level in zip(libraries, levels, strict=True):
            logger.setLevel(level)
    shown = caplog.text + "".join(record.getMessage() for record in caplog.records)
    assert "/bot<token>/getMe" in shown
    assert "ValueError: <token>" in shown
    assert telegram.token not in shown
    assert telegram.token.partition(":")[2] not in shown
    for canary in ("canary-text", "canary-body", "Canary-Name", "You:", "<yes>"):
        assert canary not in shown
