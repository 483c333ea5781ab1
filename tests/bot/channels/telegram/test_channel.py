"""The bot starts and stops, and says what keeps it from starting."""

from __future__ import annotations

import asyncio
import os
import signal
from dataclasses import replace

import pytest

from bot.channels.telegram.channel import TelegramChannel
from bot.channels.telegram.retry import RetryPolicy
from bot.channels.telegram.start_error import StartError
from tests.bot.telegram_harness import SHORT, Held, Recorder, serving
from tests.telegram_server import BOT_USERNAME, TOKEN, TelegramServer


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
    assert telegram.allowed_updates == ["message", "edited_message", "callback_query"]


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


async def test_a_batch_that_does_not_end_holds_no_stop(
    telegram: TelegramServer, caplog: pytest.LogCaptureFixture
) -> None:
    user, held = telegram.user(), Held()
    timeouts = replace(SHORT, stop=0.2)
    async with asyncio.timeout(5):
        async with serving(telegram, Recorder(before=held), timeouts=timeouts):
            await user.send("one", reply=False)
            await held.reached.wait()
    assert "stopped before all was done" in caplog.text
    assert len(telegram.pending) == 1, "it is delivered again"
