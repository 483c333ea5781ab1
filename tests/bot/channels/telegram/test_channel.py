"""What the inspector sees: the real application, over HTTP, against a server like Telegram's."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any

import pytest

from bot.channels.channel import Document, Message, Notification, Response, plain
from bot.channels.telegram.transport import Transport
from bot.wording import telegram_en as wording
from dialogs.turn import iso
from tests.bot.telegram_harness import Recorder, card, card_of, said, serving
from tests.telegram_server import TelegramServer, User


@pytest.fixture
async def telegram() -> AsyncIterator[TelegramServer]:
    async with TelegramServer() as server:
        yield server


# --- cards ------------------------------------------------------------------------------


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


async def test_a_tap_without_a_reply_is_acknowledged(telegram: TelegramServer) -> None:
    user = telegram.user()
    receiver = Recorder(lambda it: Response() if it.data else card_of(it))
    async with serving(telegram, receiver):
        await user.send("one")
        await user.tap("Yes", reply=False)
        await telegram.until(lambda: telegram.calls["answerCallbackQuery"] == 1)
    assert user.card().text == "You: one"


# --- texts and files --------------------------------------------------------------------


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


async def test_a_notice_reaches_another_chat_in_that_chats_order(telegram: TelegramServer) -> None:
    inspector, lead = telegram.user(), telegram.user()

    def answer(message: Message) -> Response:
        if message.chat == lead.key:
            return card_of(message)
        heard = Notification(lead.key, plain(f"Heard: {message.text}"))
        notices = (heard, Notification("terminal", plain("elsewhere")))
        return Response((plain("sent"),), notices)

    async with serving(telegram, Recorder(answer)):
        await lead.send("hello")
        for number in range(5):
            await inspector.send(str(number))
        await lead.sees("Heard: 4")
    assert [message.text for message in lead.replies()] == [
        "You: hello",
        *(f"Heard: {number}" for number in range(5)),
    ]


# --- what is passed over ----------------------------------------------------------------


async def test_what_is_no_text_is_handed_on_as_neither_and_an_album_once(
    telegram: TelegramServer,
) -> None:
    user = telegram.user()
    receiver = Recorder()
    photo = [{"file_id": "x", "file_unique_id": "y", "width": 1, "height": 1}]
    async with serving(telegram, receiver):
        await user.post(sticker={"file_id": "x"})
        await user.post(animation=photo[0], caption="Yes", media_group_id="album")
        await user.post(animation=photo[0], media_group_id="album", reply=False)
        await user.post(text="Yes", forward_origin={"type": "hidden_user"})
        await user.quiet()
    assert [(one.text, one.data) for one in receiver.applied] == [(None, None)] * 3
    assert user.card().text == "You: <None>"


GROUP = {"id": -5, "type": "group", "title": "Team"}
CHANNEL = {"id": -9, "type": "channel", "title": "News"}
PERSON = {"id": 7001, "is_bot": False, "first_name": "Inspector"}
PRIVATE = {"id": 7001, "type": "private"}
PASSED_OVER: dict[str, dict[str, Any]] = {
    "a group": {"message": {"message_id": 1, "chat": GROUP, "from": PERSON, "text": "x"}},
    "a tap in a group": {
        "callback_query": {
            "id": "1", "from": PERSON, "data": "yes",
            "message": {"message_id": 1, "date": 1, "chat": GROUP},
        }
    },
    "an inline tap": {"callback_query": {"id": "1", "from": PERSON, "data": "yes"}},
    "a tap without data": {
        "callback_query": {
            "id": "1", "from": PERSON, "message": {"message_id": 1, "date": 1, "chat": PRIVATE},
        }
    },
    "nobody": {"message": {"message_id": 1, "date": 1, "chat": PRIVATE, "text": "x"}},
    "a bot": {
        "message": {
            "message_id": 1, "date": 1, "chat": PRIVATE, "text": "x",
            "from": {"id": 9, "is_bot": True, "first_name": "b"},
        }
    },
    "an edit": {
        "edited_message": {"message_id": 1, "date": 1, "chat": PRIVATE, "from": PERSON, "text": "x"}
    },
    "a channel post": {
        "channel_post": {"message_id": 1, "date": 1, "chat": CHANNEL, "text": "x"}
    },
    "a pinned message": {
        "message": {
            "message_id": 1, "date": 1, "chat": PRIVATE, "from": PERSON, "pinned_message": {},
        }
    },
    "a kind from the future": {"telepathy": {"from": PERSON, "thought": "x"}},
    "nonsense": {"message": {"chat": "x", "from": 3, "text": {}}},
    "nothing": {},
}  # fmt: skip


@pytest.mark.parametrize("kind", PASSED_OVER)
async def test_everything_else_is_passed_over_in_silence(
    telegram: TelegramServer, kind: str
) -> None:
    user = telegram.user(7001)
    receiver = Recorder()
    async with serving(telegram, receiver):
        telegram.allowed_updates = []  # as if it had been asked for
        await telegram.deliver(PASSED_OVER[kind])
        await user.send("still there?")
        await user.quiet()
    assert receiver.said == ["still there?"]
    assert [message.text for message in user.replies()] == ["You: still there?"]


async def test_a_command_may_name_the_bot(telegram: TelegramServer) -> None:
    user = telegram.user()
    receiver = Recorder()
    async with serving(telegram, receiver):
        await user.send("/case@casewalk_test_bot C001@x")
        await user.send("/note see a/b@c")
        await user.send("mail /me@example.org")
    assert receiver.said == ["/case C001@x", "/note see a/b@c", "mail /me@example.org"]


async def test_a_message_tells_the_chat_the_update_and_when_it_was_sent(
    telegram: TelegramServer,
) -> None:
    user = telegram.user(42)
    receiver = Recorder()
    async with serving(telegram, receiver):
        await user.send("one\x00🙂")
        await user.tap("No")
    sent = iso(datetime.fromtimestamp(user.raw(1)["date"], UTC))
    assert receiver.applied == [
        Message("tg-42", text="one\x00🙂", update="1000", id="1", sent=sent),
        Message("tg-42", data="no", update="1001"),
    ]


# --- order ------------------------------------------------------------------------------


async def test_replies_of_a_chat_keep_their_order_though_one_must_wait(
    telegram: TelegramServer,
) -> None:
    user, other = telegram.user(), telegram.user()
    telegram.fail("sendMessage", chat=user.chat.chat_id, retry_after=1)
    async with serving(telegram, Recorder(lambda it: Response((plain(said(it)),)))):
        for number in range(5):
            await user.send(str(number), reply=False)
        await other.send("quick")
        assert [message.text for message in other.replies()] == ["quick"]
        assert user.replies() == []
        await user.sees("4")
    assert [message.text for message in user.replies()] == list("01234")


async def test_chats_are_applied_side_by_side_and_each_in_order(telegram: TelegramServer) -> None:
    slow, quick = telegram.user(), telegram.user()
    release = asyncio.Event()

    async def before(message: Message) -> None:
        if message.text == "slow 1":
            await release.wait()
        if message.text == "quick 2":
            release.set()

    receiver = Recorder(before=before)
    for user, text in ((slow, "slow 1"), (slow, "slow 2"), (quick, "quick 1"), (quick, "quick 2")):
        await user.send(text, reply=False)
    async with serving(telegram, receiver):
        await slow.sees("slow 2")
        await quick.sees("quick 2")
    assert receiver.said.index("quick 2") < receiver.said.index("slow 1")
    assert [text for text in receiver.said if "slow" in text] == ["slow 1", "slow 2"]
    assert [text for text in receiver.said if "quick" in text] == ["quick 1", "quick 2"]


# --- Telegram's failures ----------------------------------------------------------------


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


async def test_an_acknowledgement_that_fails_holds_up_no_card(
    telegram: TelegramServer,
) -> None:
    user = telegram.user()
    telegram.fail("answerCallbackQuery", times=99, status=500)
    async with serving(telegram, Recorder()):
        await user.send("one")
        await user.tap("Yes", reply=False)
        await user.sees("You: <yes>")
        await user.tap("No", reply=False)
        await user.sees("You: <no>")
    assert len(user.cards()) == 1


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
    assert [message.text for message in user.replies()] == ["good"]
    assert "reply not delivered chat=7001 error=BadRequest" in caplog.text
    assert "too much" not in caplog.text


# --- the store's failures ---------------------------------------------------------------


async def test_what_the_pipeline_gave_up_is_not_tried_again_here(telegram: TelegramServer) -> None:
    user = telegram.user()
    tries: list[Message] = []

    async def before(message: Message) -> None:
        tries.append(message)
        raise OSError("disk full")

    async with serving(telegram, Recorder(before=before)):
        await user.send("one")
        await telegram.until(lambda: not telegram.pending)
    assert len(tries) == 1
    assert [message.text for message in user.replies()] == [wording.NOT_SAVED]


async def test_who_could_not_be_saved_is_told_and_others_go_on(
    telegram: TelegramServer, caplog: pytest.LogCaptureFixture
) -> None:
    user, other = telegram.user(), telegram.user()

    async def before(message: Message) -> None:
        if message.text == "bad":
            raise OSError("disk full at 'a secret answer'")

    receiver = Recorder(before=before)
    async with serving(telegram, receiver):
        await user.send("bad")
        await other.send("good")
        await user.send("good again")
        await telegram.until(lambda: not telegram.pending)
    assert [message.text for message in user.replies()] == [wording.NOT_SAVED, "You: good again"]
    assert receiver.said == ["good", "good again"]
    assert "error=OSError@" in caplog.text
    assert "secret answer" not in caplog.text


async def test_a_tap_that_could_not_be_saved_leaves_the_card(telegram: TelegramServer) -> None:
    user: User = telegram.user()

    async def before(message: Message) -> None:
        if message.data:
            raise OSError

    async with serving(telegram, Recorder(before=before)):
        await user.send("one")
        await user.tap("Yes")
    assert user.card().text == "You: one"
    assert user.toasts == [wording.NOT_SAVED_TOAST]
