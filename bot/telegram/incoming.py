"""Reads what Telegram delivers. Its words stop here: further in there are texts and taps.

An update is read straight from its JSON, not through :class:`telegram.Update`: an update of a kind
nobody knew yet, or with a field missing, is then passed over by itself instead of failing the batch
it came in, and reading one takes 2 µs instead of 120.

A tap is delivered as::

    {"update_id": 7, "callback_query": {"id": "9", "from": {"id": 5, "is_bot": false}, "data": "…",
     "message": {"message_id": 3, "chat": {"id": 5, "type": "private"}, "date": 1, "text": "…"}}}
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bot.reply import Incoming

ALLOWED_UPDATES = ("message", "callback_query")
"""What Telegram is asked for; it keeps edits, polls, reactions and memberships to itself."""

CHAT_PREFIX = "tg-"

_WITH_CONTENT = frozenset(
    {
        *("animation", "audio", "document", "paid_media", "photo", "sticker", "story", "video"),
        *("video_note", "voice", "checklist", "contact", "dice", "game", "giveaway", "invoice"),
        *("location", "poll", "venue"),
    }
)
"""What a person can send that is no text. A service message (a pin, a timer) has none of these."""

_COMMAND_TO_BOT = re.compile(r"\A(/\w+)@\w+")


@dataclass(frozen=True, slots=True)
class Arrival:
    """Something a person sent; ``incoming`` holds no text and no tap where it was neither.

    ``tapped`` is the message that a card may take the place of, ``query`` what acknowledges the
    tap; pictures of one album have the same ``album``, so that they are answered once.
    """

    update: int
    chat: int
    incoming: Incoming
    tapped: int | None = None
    query: str | None = None
    album: str | None = None


def chat_key(chat: int) -> str:
    return f"{CHAT_PREFIX}{chat}"


def chat_id(key: str) -> int | None:
    """The Telegram chat of a key; None for a chat of another channel."""
    number = key.removeprefix(CHAT_PREFIX)
    if number == key or not number.isdecimal():
        return None
    return int(number)


def read_update(raw: object) -> Arrival | None:
    """What a person sent in a private chat; None for everything else.

    Groups, channels, edits, polls, messages of bots and of nobody are passed over in silence.
    """
    if not isinstance(raw, Mapping) or not isinstance(update := raw.get("update_id"), int):
        return None
    if query := _mapping(raw, "callback_query"):
        return _read_tap(update, query)
    if message := _mapping(raw, "message"):
        return _read_message(update, message)
    return None


def _read_tap(update: int, query: Mapping[str, Any]) -> Arrival | None:
    message = _mapping(query, "message")
    chat = _private_chat(message)
    data, query_id, tapped = query.get("data"), query.get("id"), message.get("message_id")
    if chat is None or not _from_person(query) or not isinstance(data, str):
        return None
    return Arrival(
        update,
        chat,
        Incoming(chat_key(chat), tap=_storable(data), update=update),
        tapped=tapped if isinstance(tapped, int) and _can_become_card(message) else None,
        query=query_id if isinstance(query_id, str) else None,
    )


def _read_message(update: int, message: Mapping[str, Any]) -> Arrival | None:
    chat = _private_chat(message)
    if chat is None or not _from_person(message):
        return None
    text = message.get("text")
    # What is forwarded are somebody else's words: they are no answer and no note of this inspector.
    if isinstance(text, str) and "forward_origin" not in message:
        text = _COMMAND_TO_BOT.sub(r"\1", text) if text.startswith("/") else text
        return Arrival(update, chat, Incoming(chat_key(chat), text=_storable(text), update=update))
    if isinstance(text, str) or not _WITH_CONTENT.isdisjoint(message):
        album = message.get("media_group_id")
        other = Incoming(chat_key(chat), update=update)
        return Arrival(update, chat, other, album=album if isinstance(album, str) else None)
    return None


def _private_chat(message: Mapping[str, Any]) -> int | None:
    chat = _mapping(message, "chat")
    number = chat.get("id")
    if chat.get("type") != "private" or not isinstance(number, int) or number <= 0:
        return None
    return number


def _from_person(item: Mapping[str, Any]) -> bool:
    sender = _mapping(item, "from")
    return bool(sender) and sender.get("is_bot") is not True


def _can_become_card(message: Mapping[str, Any]) -> bool:
    """A file with a button under it stays. Date 0 is Telegram's sign for "too old to be shown"."""
    return "text" in message or message.get("date") == 0


def _storable(text: str) -> str:
    """Without half surrogates, which no file can hold."""
    return text if text.isascii() else text.encode("utf-8", "replace").decode()


def _mapping(raw: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    value = raw.get(name)
    return value if isinstance(value, Mapping) else {}
