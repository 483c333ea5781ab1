"""What the sender shows and removes, and what it says of it: against a server like Telegram's."""

from __future__ import annotations

import threading
from collections.abc import AsyncIterator
from dataclasses import replace
from io import BytesIO
from typing import Any

import pytest
from PIL import Image

from bot.channels.channel import Button, Document, Response, plain, rows_of
from bot.channels.telegram.api import build_bot
from bot.channels.telegram.sender import Sender
from bot.channels.telegram.transport import Transport
from bot.messages import say
from tests.bot.telegram_harness import SHORT, Recorder, card, card_of, said, serving
from tests.telegram_server import TelegramServer


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
    gone = ("forged", str(said.message_id), "999999")
    assert await sender.send(user.chat.chat_id, (plain("Taken away."),), remove=gone) == "sent"
    await sender.flush(5.0)
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


async def test_a_tap_edits_the_tapped_card_and_is_acknowledged_once(
    telegram: TelegramServer,
) -> None:
    user = telegram.user()
    async with serving(telegram, Recorder()):
        await user.send("hello")
        first = user.card()
        await user.tap("Yes")
        await user.quiet()
    assert [message.text for message in user.replies()] == ["You: <yes>"]
    assert user.card().message_id == first.message_id
    assert user.card().labels == ["Yes", "No"]
    assert telegram.calls["sendMessage"] == 1
    assert telegram.calls["editMessageText"] == 1
    assert telegram.calls["answerCallbackQuery"] == 1


async def test_a_toast_flashes_beside_the_tap(telegram: TelegramServer) -> None:
    user = telegram.user()
    receiver = Recorder(lambda message: Response((card(said(message), toast="ü" * 300),)))
    async with serving(telegram, receiver):
        await user.send("hello")
        await user.tap("Yes")
    assert user.toasts == ["ü" * 199 + "…"]


async def test_a_typed_answer_puts_the_card_last_and_takes_the_old_one_away(
    telegram: TelegramServer,
) -> None:
    user = telegram.user()
    async with serving(telegram, Recorder()):
        await user.send("one")
        await user.send("two")
        await user.tap("No")
        await user.send("three")
        await user.quiet()
    assert [message.text for message in user.messages()] == ["one", "two", "three", "You: three"]


async def test_an_old_card_that_stays_loses_its_buttons(
    telegram: TelegramServer,
) -> None:
    user = telegram.user()
    async with serving(telegram, Recorder()):
        await user.send("one")
        user.age(hours=49)
        await user.send("two")
        await user.quiet()
    assert [message.text for message in user.replies()] == ["You: one", "You: two"]
    assert [message.text for message in user.cards()] == ["You: two"]


async def test_a_tap_on_a_deleted_card_gets_a_new_one(telegram: TelegramServer) -> None:
    user = telegram.user()
    async with serving(telegram, Recorder()):
        await user.send("one")
        old = user.raw(user.card().message_id)
        del user.chat.messages[old["message_id"]]
        await user.tap_data("yes", old)
        await user.quiet()
    assert [message.text for message in user.cards()] == ["You: <yes>"]


async def test_a_tap_that_changes_nothing_on_the_card_is_fine(
    telegram: TelegramServer, caplog: pytest.LogCaptureFixture
) -> None:
    user = telegram.user()
    async with serving(telegram, Recorder(lambda _: Response((card("the same"),)))):
        await user.send("one")
        await user.tap("Yes")
        await user.quiet()
    assert [message.text for message in user.replies()] == ["the same"]
    assert "not delivered" not in caplog.text


async def test_after_a_restart_a_tap_on_the_card_left_standing_leaves_one_card(
    telegram: TelegramServer,
) -> None:
    user = telegram.user()
    async with serving(telegram, Recorder()):
        await user.send("one")
    left = user.card().message_id
    telegram.calls.clear()
    async with serving(telegram, Recorder()):
        await user.send("two")
        await user.quiet()
        assert len(user.cards()) == 2
        await user.tap("Yes", on=left)
        await user.quiet()
    assert [message.message_id for message in user.cards()] == [left]


async def test_what_is_to_be_read_before_the_card_stands_above_it(telegram: TelegramServer) -> None:
    user = telegram.user()
    replies = (plain("The result: 34 of 80."), card("next"))
    async with serving(
        telegram, Recorder(lambda it: Response(replies) if it.data else card_of(it))
    ):
        await user.send("one")
        await user.tap("Yes")
        await user.quiet()
    assert [message.text for message in user.replies()] == ["The result: 34 of 80.", "next"]


async def test_what_follows_a_card_stands_below_it(telegram: TelegramServer) -> None:
    user = telegram.user()
    replies = (card("next"), plain("By the way"))
    async with serving(
        telegram, Recorder(lambda it: Response(replies) if it.data else card_of(it))
    ):
        await user.send("one")
        await user.tap("Yes")
        await user.sees("By the way")
        await user.quiet()
    assert [message.text for message in user.replies()] == ["next", "By the way"]
    assert telegram.calls["deleteMessage"] == 0


async def test_a_text_is_plain_text(telegram: TelegramServer) -> None:
    user = telegram.user()
    text = "*not bold* <b>nor this</b> & [x](https://example.org) _"
    async with serving(telegram, Recorder(lambda _: Response((plain(text),)))):
        await user.send("one")
    (method, sent), *_ = [call for call in telegram.log if call[0] == "sendMessage"]
    assert (method, sent["text"]) == ("sendMessage", text)
    assert "parse_mode" not in sent
    assert sent["link_preview_options"] == {"is_disabled": True}


async def test_a_long_text_is_split_at_line_ends(telegram: TelegramServer) -> None:
    user = telegram.user()
    lines = [f"{number:04} {'🙂' * 40}" for number in range(150)]
    async with serving(telegram, Recorder(lambda _: Response((card("\n".join(lines)),)))):
        await user.send("one")
        await user.quiet()
    shown = user.replies()
    assert len(shown) == 4
    assert "\n".join(message.text for message in shown).split("\n") == lines
    assert [bool(message.buttons) for message in shown] == [False, False, False, True]


async def test_a_file_is_handed_over(telegram: TelegramServer) -> None:
    user = telegram.user()
    reply = plain("The inspection", document=Document("i.json", lambda: b'{"\xc3\xa9": 1}'))
    async with serving(telegram, Recorder(lambda _: Response((reply, plain("done"))))):
        await user.send("/export")
        await user.sees("done")
    assert user.files() == {"i.json": b'{"\xc3\xa9": 1}'}
    assert [message.text for message in user.replies()] == ["The inspection", "done"]


async def test_a_user_who_blocked_the_bot_is_left_in_peace(
    telegram: TelegramServer, caplog: pytest.LogCaptureFixture
) -> None:
    user, other = telegram.user(), telegram.user()
    user.block()
    receiver = Recorder(lambda _: Response((plain("1"), plain("2"))))
    async with serving(telegram, receiver):
        await user.send("one")
        await other.send("hello")
        await user.quiet()
    assert user.replies() == []
    assert user.chat.calls == 1
    assert "ERROR" not in caplog.text


async def test_what_telegram_refuses_does_not_stop_the_next_reply(
    telegram: TelegramServer, caplog: pytest.LogCaptureFixture
) -> None:
    user = telegram.user()
    bad = card("too much", "x" * 65)
    async with serving(telegram, Recorder(lambda _: Response((bad, plain(" "), plain("good"))))):
        await user.send("one")
        await user.sees("good")
    assert [message.text for message in user.replies()] == [say("telegram-not-shown"), "good"]
    assert "reply not delivered chat=7001 error=BadRequest" in caplog.text
    assert "why=Button_data_invalid" in caplog.text
    assert "too much" not in caplog.text


async def test_no_reply_waits_where_telegram_puts_the_tidying_off(telegram: TelegramServer) -> None:
    user = telegram.user()
    async with serving(telegram, Recorder(), timeouts=replace(SHORT, flush=0.1)):
        await user.send("one")
        telegram.fail("deleteMessage", times=99, retry_after=12)
        for text in ("two", "three", "four"):
            await user.send(text, reply=False)
            await user.sees(f"You: {text}", 2.0)


async def test_what_telegram_puts_off_for_hours_is_given_up_and_said(
    telegram: TelegramServer, caplog: pytest.LogCaptureFixture
) -> None:
    user = telegram.user()
    telegram.fail("sendDocument", retry_after=14_400)
    document = plain("", document=Document("week.json", lambda: b"{}"))
    async with serving(telegram, Recorder(lambda _: Response((document, plain("next"))))):
        await user.send("one", reply=False)
        await user.sees("next", 2.0)
    assert [one.text for one in user.replies()] == [say("telegram-put-off"), "next"]
    assert "given up, Telegram asks to wait seconds=14400" in caplog.text


@pytest.mark.parametrize(("count", "label", "shown"), [(130, "C1", 100), (60, "x" * 400, 22)])
async def test_a_list_with_too_many_buttons_is_shown_with_those_that_telegram_takes(
    telegram: TelegramServer, sender: Sender, count: int, label: str, shown: int
) -> None:
    user = telegram.user()
    buttons = rows_of(2, [Button(label, f"c|3f2a|team {number}") for number in range(count)])
    assert await sender.send(user.chat.chat_id, (plain("The team", buttons=buttons),)) == "sent"
    assert len(user.card().labels) == shown


async def test_a_card_that_is_about_to_go_does_not_become_the_card_again(
    telegram: TelegramServer,
) -> None:
    user = telegram.user()
    async with serving(telegram, Recorder()):
        await user.send("one")
        telegram.fail("deleteMessage", hang=0.2, retry_after=1)
        old = user.card().message_id
        await user.send("two", reply=False)
        await user.sees("You: two")
        await user.tap("Yes", on=old, reply=False)
        await user.sees("You: <yes>")
        await telegram.until(lambda: old not in user.chat.messages)
        await user.quiet()
        assert [one.text for one in user.cards()] == ["You: <yes>"]
