"""Whatever Telegram may deliver is read or passed over; nothing of it stops the bot."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.channels.telegram.updates import chat_id, chat_key, read_update

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


def test_half_a_surrogate_becomes_something_that_can_be_stored() -> None:
    message = {"chat": {"id": 1, "type": "private"}, "from": {"id": 1}, "text": "a\ud83d"}
    arrival = read_update({"update_id": 1, "message": message})
    assert arrival is not None
    assert arrival.message is not None
    assert arrival.message.text == "a?"


@pytest.mark.parametrize("key", ["terminal", "tg-", "tg-x", "tg--5", "tg-1.5", ""])
def test_another_channels_chat_is_none_of_ours(key: str) -> None:
    assert chat_id(key) is None


def test_a_chat_key_goes_there_and_back() -> None:
    assert chat_id(chat_key(42)) == 42
