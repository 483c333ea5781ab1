"""Which call is made again when Telegram or the network fails."""

from __future__ import annotations

import contextlib
from typing import Any

import pytest
from telegram.error import (
    BadRequest,
    Conflict,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TelegramError,
    TimedOut,
)

from bot.channels.telegram.retry import MAX_FLOODS, RetryPolicy, retry
from bot.channels.telegram.transport import Garbled, Transport
from tests.bot.telegram_harness import Recorder, serving
from tests.telegram_server import TelegramServer


@pytest.mark.parametrize("acts", [False, True], ids=["before", "after"])
@pytest.mark.parametrize(
    "fault",
    [{"retry_after": 1}, {"status": 500}, {"status": 502}, {"drop": True}, {"body": b"<html>"}],
    ids=["429", "500", "502", "dropped", "garbled"],
)
async def test_an_edit_comes_through(
    telegram: TelegramServer, fault: dict[str, Any], acts: bool
) -> None:
    user = telegram.user()
    async with serving(telegram, Recorder()):
        await user.send("one")
        telegram.fail("editMessageText", acts=acts, **fault)
        await user.tap("Yes")
        await user.sees("You: <yes>")
    assert [message.text for message in user.replies()] == ["You: <yes>"]


@pytest.mark.parametrize("fault", [{"retry_after": 1}, {"status": 502}, {"drop": True}])
async def test_a_message_comes_through(telegram: TelegramServer, fault: dict[str, Any]) -> None:
    user = telegram.user()
    telegram.fail("sendMessage", **fault)
    async with serving(telegram, Recorder()):
        await user.send("one")
        await user.sees("You: one")
    assert [message.text for message in user.replies()] == ["You: one"]


async def test_what_may_have_been_sent_is_not_sent_twice(
    telegram: TelegramServer,
) -> None:
    user = telegram.user()
    telegram.fail("sendMessage", acts=True, body=b"<html>")
    async with serving(telegram, Recorder()):
        await user.send("one")
        await user.quiet(0.2)
        assert [message.text for message in user.replies()] == ["You: one"]
        await user.tap("Yes")
        await user.send("two")
        await user.quiet()
    assert [message.text for message in user.replies()] == ["You: two"]


@pytest.mark.parametrize("acts", [False, True], ids=["before", "after"])
async def test_after_a_time_out_an_edit_is_made_again_and_a_message_is_not(
    telegram: TelegramServer, acts: bool
) -> None:
    user = telegram.user()
    async with serving(telegram, Recorder(), request=Transport(8, read_timeout=0.2)):
        await user.send("one")
        telegram.fail("editMessageText", hang=0.4, acts=acts)
        await user.tap("Yes")
        await user.sees("You: <yes>")
        telegram.fail("sendMessage", hang=0.4, acts=acts)
        await user.send("two")
        await user.quiet(0.5)
        assert telegram.calls["sendMessage"] == 2
        await user.tap("No")
        await user.quiet()
    assert [message.text for message in user.cards()] == ["You: <no>"]


# --- by itself --------------------------------------------------------------------------

POLICY = RetryPolicy((0.0, 0.0))


class Fails:
    """A call that raises these errors, one a try, and then succeeds."""

    def __init__(self, *errors: TelegramError) -> None:
        self.errors = list(errors)
        self.calls = 0

    async def __call__(self) -> str:
        self.calls += 1
        if self.errors:
            raise self.errors.pop(0)
        return "done"


async def test_a_call_is_made_again_as_often_as_the_policy_says() -> None:
    assert await retry(Fails(NetworkError("x"), TimedOut()), POLICY) == "done"
    call = Fails(*(NetworkError("x") for _ in range(3)))
    with pytest.raises(NetworkError):
        await retry(call, POLICY)
    assert call.calls == 3


async def test_a_policy_may_last_forever() -> None:
    call = Fails(*(NetworkError("x") for _ in range(50)), *(RetryAfter(0) for _ in range(50)))
    assert await retry(call, RetryPolicy((0.0,), forever=True)) == "done"


@pytest.mark.parametrize("error", [BadRequest("x"), Forbidden("x"), InvalidToken("x")])
async def test_what_telegram_refuses_is_not_asked_again(error: TelegramError) -> None:
    call = Fails(error)
    with pytest.raises(type(error)):
        await retry(call, POLICY)
    assert call.calls == 1


@pytest.mark.parametrize(
    ("error", "calls"), [(TimedOut(), 1), (Garbled("x"), 1), (NetworkError("x"), 2)]
)
async def test_a_call_that_must_not_be_repeated_is_not_where_it_may_have_been_done(
    error: TelegramError, calls: int
) -> None:
    call = Fails(error)
    with contextlib.suppress(TelegramError):
        await retry(call, POLICY, repeatable=False)
    assert call.calls == calls


async def test_too_many_requests_is_waited_out_but_not_forever() -> None:
    call = Fails(*(RetryAfter(0) for _ in range(MAX_FLOODS + 1)))
    with pytest.raises(RetryAfter):
        await retry(call, POLICY)
    assert call.calls == MAX_FLOODS + 1


async def test_trouble_is_told_and_its_end(caplog: pytest.LogCaptureFixture) -> None:
    await retry(Fails(NetworkError("a secret"), Conflict("x")), POLICY, trouble="not fetched")
    told = [record.getMessage() for record in caplog.records]
    assert [one.partition(" why=")[0].partition("@")[0] for one in told] == [
        "not fetched error=NetworkError", "not fetched error=Conflict", "not fetched, works again",
    ]  # fmt: skip
    assert "another casewalk serve with the same token" in told[1]
    assert "secret" not in caplog.text
