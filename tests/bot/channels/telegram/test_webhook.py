"""Telegram calls the bot: only with its secret, and "200" only when the update is durable."""

from __future__ import annotations

import asyncio
import io
import socket

import aiohttp
import pytest

from bot.channels.channel import Message
from bot.channels.telegram.channel import TelegramChannel
from bot.channels.telegram.start_error import StartError
from bot.channels.telegram.webhook import SECRET_HEADER, Webhook
from tests.bot.telegram_harness import SHORT, Recorder, serving
from tests.telegram_server import TOKEN, TelegramServer


@pytest.fixture
def webhook() -> Webhook:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    return Webhook(f"http://127.0.0.1:{port}/hook", port=port)


async def test_a_conversation_over_the_webhook(telegram: TelegramServer, webhook: Webhook) -> None:
    user = telegram.user()
    async with serving(telegram, Recorder(), webhook=webhook):
        await user.send("one")
        await user.tap("Yes")
        await user.quiet()
    assert [message.text for message in user.replies()] == ["You: <yes>"]
    assert telegram.calls["getUpdates"] == 0
    assert telegram.webhook_url == webhook.url


async def test_an_update_is_taken_as_delivered_only_when_it_is_applied(
    telegram: TelegramServer, webhook: Webhook
) -> None:
    user = telegram.user()
    reached, go = asyncio.Event(), asyncio.Event()

    async def before(_: Message) -> None:
        reached.set()
        await go.wait()

    async with serving(telegram, Recorder(before=before), webhook=webhook):
        await user.send("one", reply=False)
        await reached.wait()
        assert len(telegram.pending) == 1
        go.set()
        await telegram.until(lambda: not telegram.pending)


async def test_two_calls_for_one_chat_are_applied_in_the_order_in_which_they_came(
    telegram: TelegramServer, webhook: Webhook
) -> None:
    waits = {"one": 0.1, "two": 0.0}

    async def before(message: Message) -> None:
        await asyncio.sleep(waits[message.text or ""])

    receiver = Recorder(before=before)
    async with serving(telegram, receiver, webhook=webhook), aiohttp.ClientSession() as session:
        headers = {SECRET_HEADER: telegram.webhook_secret or ""}
        user = telegram.user()
        calls = []
        for number, text in enumerate(waits):
            message = telegram._add(user.chat, by_bot=False, text=text)
            update = {"update_id": number, "message": message}
            calls.append(asyncio.create_task(post(session, webhook.url, update, headers)))
            await asyncio.sleep(0.03)
        assert await asyncio.gather(*calls) == [200, 200]
    assert receiver.said == ["one", "two"]


async def post(
    session: aiohttp.ClientSession, url: str, update: object, headers: dict[str, str]
) -> int:
    async with session.post(url, json=update, headers=headers) as answer:
        return answer.status


async def test_only_telegram_is_let_in(telegram: TelegramServer, webhook: Webhook) -> None:
    receiver = Recorder()
    user = telegram.user()
    update = {"update_id": 1, "message": telegram._add(user.chat, by_bot=False, text="x")}
    async with serving(telegram, receiver, webhook=webhook), aiohttp.ClientSession() as session:
        secret = telegram.webhook_secret
        assert secret is not None
        assert len(secret) >= 32
        right = {SECRET_HEADER: secret}
        assert await post(session, webhook.url, update, {}) == 401
        assert await post(session, webhook.url, update, {SECRET_HEADER: "wrong"}) == 403
        assert await post(session, webhook.url, update, {SECRET_HEADER: "fälsch"}) == 403
        assert receiver.applied == []
        assert await post(session, webhook.url + "/else", update, right) == 404
        async with session.get(webhook.url, headers=right) as answer:
            assert answer.status == 405
        async with session.post(webhook.url, data=b"{", headers=right) as answer:
            assert answer.status == 400
        for rubbish in (b"no gzip at all", b"\x1f\x8b\x08 cut", b""):
            async with session.post(
                webhook.url, data=rubbish, headers={**right, "Content-Encoding": "gzip"}
            ) as answer:
                assert answer.status == 400
        async with session.post(
            webhook.url, data=io.BytesIO(b" " * 2_000_000), headers=right
        ) as answer:
            assert answer.status == 413
        assert receiver.applied == []
        assert await post(session, webhook.url, update, right) == 200
    assert receiver.said == ["x"]


async def test_every_start_has_a_secret_of_its_own_unless_one_is_given(
    telegram: TelegramServer, webhook: Webhook
) -> None:
    secrets = []
    given = Webhook(webhook.url, port=webhook.port, secret="shared-by-all-workers")
    for each in (webhook, webhook, given):
        async with serving(telegram, Recorder(), webhook=each):
            secrets.append(telegram.webhook_secret)
        telegram.webhook_url = ""
    assert len(set(secrets)) == 3
    assert secrets[2] == "shared-by-all-workers"


@pytest.mark.parametrize(
    ("url", "told"),
    [("example.org/hook", "in full"), ("http://example.org/hook", "Telegram refuses the webhook")],
)
async def test_a_webhook_that_cannot_be_is_said(
    telegram: TelegramServer, webhook: Webhook, url: str, told: str
) -> None:
    with pytest.raises(StartError, match=told):
        await TelegramChannel(
            TOKEN,
            telegram.url,
            webhook=Webhook(url, port=webhook.port),
            timeouts=SHORT,
        ).run(Recorder())


async def test_a_port_in_use_is_said(telegram: TelegramServer, webhook: Webhook) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", webhook.port))
        taken.listen()
        with pytest.raises(StartError, match="Cannot listen on"):
            await TelegramChannel(TOKEN, telegram.url, webhook=webhook, timeouts=SHORT).run(
                Recorder()
            )
