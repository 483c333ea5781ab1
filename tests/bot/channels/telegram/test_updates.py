"""Whatever Telegram may deliver is read or passed over; nothing of it stops the bot."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.channels.channel import Message
from bot.channels.telegram.updates import chat_id, chat_key, read_update
from dialogs.turn import iso
from tests.bot.telegram_harness import Recorder, serving
from tests.telegram_server import TelegramServer

WORDS = st.sampled_from(
    [
        *("update_id", "message", "callback_query", "chat", "type", "private", "id", "from"),
        *("is_bot", "text", "data", "date", "message_id", "photo", "media_group_id"),
    ]
)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5) | WORDS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(WORDS, inner, max_size=6),
    max_leaves=20,
)


CHAT = st.fixed_dictionaries({"id": st.integers() | JSON, "type": st.just("private") | JSON})


MESSAGE = st.fixed_dictionaries(
    {"chat": CHAT | JSON, "from": st.fixed_dictionaries({"id": JSON}) | JSON},
    optional={
        "text": JSON,
        "date": JSON,
        "message_id": JSON,
        "photo": JSON,
        "media_group_id": JSON,
    },
)


QUERY = st.fixed_dictionaries(
    {"message": MESSAGE | JSON, "from": st.just({"id": 1}) | JSON, "data": st.text() | JSON},
    optional={"id": st.text() | JSON},
)


UPDATE = st.fixed_dictionaries(
    {"update_id": st.integers() | JSON},
    optional={"message": MESSAGE | JSON, "callback_query": QUERY | JSON, "poll": JSON},
)


@given(UPDATE | JSON)
def test_any_update_is_read_or_passed_over(raw: Any) -> None:
    arrival = read_update(raw)
    if arrival is not None and arrival.message is not None:
        assert (arrival.message.text is None) != (arrival.message.data is None)
        (arrival.message.text or arrival.message.data or "").encode()
        assert chat_id(arrival.message.chat) == arrival.chat


SAID = {
    "message_id": 7,
    "chat": {"id": 5, "type": "private"},
    "from": {"id": 5},
    "date": 1795255200,
    "text": "yes",
}


def said(**fields: Any) -> dict[str, Any]:
    return {"update_id": 1, "message": SAID | fields}


def read(**fields: Any) -> Message:
    arrival = read_update(said(**fields))
    assert arrival is not None
    return arrival.message


def test_a_message_says_when_it_was_sent_and_what_it_replies_to() -> None:
    message = Message("tg-5", text="yes", update="1", id="7", sent="2026-11-21T10:00:00Z")
    assert read() == message
    assert read(reply_to_message={"message_id": 3}) == replace(message, replies_to="3")


def test_an_edited_message_says_what_it_edits_and_when() -> None:
    edited = read(edit_date=1795255260)
    assert (edited.id, edited.edits, edited.sent) == ("7", "7", "2026-11-21T10:01:00Z")


def test_the_files_of_an_album_have_it_in_common() -> None:
    photo = {"text": None, "photo": [{"file_id": "x", "width": 1}], "media_group_id": "a"}
    assert read(**photo).album == "a"
    assert read(**photo | {"message_id": 8}).album == "a"


@pytest.mark.parametrize("date", [0, -1, 2**52, "now", None, True])
def test_a_date_that_is_none_is_left_out(date: object) -> None:
    assert read(date=date).sent is None


def test_what_nobody_sees_is_taken_off() -> None:
    assert read(text="\u2060/can\u200bcel\ud83d\xa0B9").text == "/cancel\xa0B9"
    arrival = read_update(said(text=None, voice={"file_id": "x"}, caption="\u200eB9"))
    assert arrival is not None
    assert arrival.message.file is not None
    assert arrival.message.file.caption == "B9"


@pytest.mark.parametrize("chat", [SAID["chat"], {"id": -5, "type": "supergroup"}])
def test_a_command_to_another_bot_is_passed_over(chat: dict[str, Any]) -> None:
    for text in ("/progress@some_other_bot", "\u200b/progress@some_other_bot now"):
        assert read_update(said(text=text, chat=chat), "casewalk_bot") is None
    for text in ("/progress", "/progress@CaseWalk_bot", "/progress mail a@some_other_bot"):
        assert read_update(said(text=text, chat=chat), "casewalk_bot") is not None


def test_the_topic_of_a_forum_is_where_the_answer_goes() -> None:
    arrival = read_update(said(message_thread_id=7, is_topic_message=True))
    assert arrival is not None
    assert arrival.topic == 7
    of_a_reply = read_update(said(message_thread_id=7))
    assert of_a_reply is not None
    assert of_a_reply.topic is None


@pytest.mark.parametrize("key", ["terminal", "tg-", "tg-x", "tg--5", "tg-1.5", ""])
def test_another_channels_chat_is_none_of_ours(key: str) -> None:
    assert chat_id(key) is None


def test_a_chat_key_goes_there_and_back() -> None:
    assert chat_id(chat_key(42)) == 42


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
    "a place that moves on": {
        "edited_message": {
            "message_id": 1, "date": 1, "edit_date": 2, "chat": PRIVATE, "from": PERSON,
            "location": {"latitude": 53.2, "longitude": -2.9},
        }
    },
    "an edit in a group": {
        "edited_message": {
            "message_id": 1, "date": 1, "edit_date": 2, "from": PERSON, "text": "/progress",
            "chat": {"id": -1001, "type": "supergroup", "title": "g"},
        }
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
        Message("tg-42", text="one🙂", update="1000", id="1", sent=sent),
        Message("tg-42", data="no", update="1001"),
    ]


def test_an_edit_says_which_message_it_edits_and_when() -> None:
    edit = {"message_id": 3, "date": 1, "edit_date": 60, "chat": PRIVATE, "from": PERSON}
    for content in ({"text": "x"}, {"caption": "x", "photo": [{"file_id": "a", "width": 1}]}):
        arrival = read_update({"update_id": 7, "edited_message": edit | content})
        assert arrival is not None
        expected = Message(
            arrival.message.chat, "x", update="7", id="3", sent="1970-01-01T00:01:00Z", edits="3"
        )
        assert arrival.message == expected


def test_a_reply_tells_what_the_buttons_of_the_replied_message_carry() -> None:
    rows = [[{"text": "Yes", "callback_data": "a|1"}], [{"text": "odd", "url": "x"}, 3], 4]
    replied = {"message_id": 2, "reply_markup": {"inline_keyboard": rows}}
    reply = {"message_id": 3, "date": 1, "chat": PRIVATE, "from": PERSON, "text": "x"}
    arrival = read_update({"update_id": 7, "message": reply | {"reply_to_message": replied}})
    assert arrival is not None
    assert (arrival.message.replies_to, arrival.message.replied_data) == ("2", ("a|1",))
