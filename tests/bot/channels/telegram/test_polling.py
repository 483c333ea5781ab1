"""Nothing is confirmed to Telegram before it is applied, and polling recovers."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from bot.channels.telegram.channel import TelegramChannel
from bot.channels.telegram.start_error import StartError
from tests.bot.telegram_harness import SHORT, Held, Recorder, kill, serving
from tests.telegram_server import TelegramServer


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
    times = {"retry_after": 1, "status": 2}
    telegram.fail("getUpdates", times=times.get(next(iter(fault)), 3), **fault)
    receiver = Recorder()
    async with serving(telegram, receiver):
        await user.send("one")
    assert receiver.said == ["one"]
    assert "again_in=" in caplog.text
    assert "updates not fetched, works again" in caplog.text


async def test_a_second_bot_of_this_token_stops_and_says_why_and_the_first_goes_on(
    telegram: TelegramServer,
) -> None:
    user, first, second = telegram.user(), Recorder(), Recorder()
    async with serving(telegram, first):
        with pytest.raises(StartError, match="fetches the updates of this bot"):
            async with serving(telegram, second):
                await user.send("one")
        await user.send("two")
    assert (first.said, second.said) == (["one", "two"], [])


async def test_a_newcomer_stops_where_the_other_bot_is_on_another_machine(
    telegram: TelegramServer,
) -> None:
    conflict = "Conflict: terminated by other getUpdates request"
    telegram.fail("getUpdates", times=3, status=409, description=conflict)
    channel = TelegramChannel(telegram.token, telegram.url, timeouts=SHORT)
    async with asyncio.timeout(10):
        with pytest.raises(StartError, match="fetches the updates of this bot"):
            await channel.run(Recorder())


async def test_updates_that_are_asked_for_are_the_heartbeat_and_what_takes_long_is_not(
    telegram: TelegramServer,
) -> None:
    user, held, beats = telegram.user(), Held(), list[int]()
    async with serving(telegram, Recorder(before=held), beat=lambda: beats.append(1)):
        await user.send("one", reply=False)
        await held.reached.wait()
        asked = len(beats)
        await asyncio.sleep(0.05)
        assert len(beats) == asked >= 2
        held.go.set()
        await user.sees("You: one")
        await telegram.until(lambda: len(beats) > asked)
