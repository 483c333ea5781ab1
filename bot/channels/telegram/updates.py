"""Reading what Telegram delivers; its words stop here, further in there are messages.

An update is read straight from its JSON, not through :class:`telegram.Update`: an update of an
unknown kind, or with a field missing, is then passed over by itself instead of failing the batch it
came in, and reading one takes 2 µs instead of 120.

A tap is delivered as::

    {"update_id": 7, "callback_query": {"id": "9", "from": {"id": 5, "is_bot": false}, "data": "…",
     "message": {"message_id": 3, "chat": {"id": 5, "type": "private"}, "date": 1, "text": "…"}}}
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

from bot.channels.channel import Media, Message, ReceivedFile, Unread
from criteria.visible import visible
from dialogs.turn import iso

ALLOWED_UPDATES = ("message", "edited_message", "callback_query")
"""What Telegram is asked for; it keeps polls, reactions and memberships to itself."""

CHANNEL: Final = "tg"
"""What the keys of our chats begin with: ``tg-55``."""

MAX_NUMBER: Final = 2**53
"""Telegram's numbers have at most 52 significant bits: https://core.telegram.org/bots/api#chat"""

MAX_DATE: Final = 2**32
"""Seconds since 1970, far from what no calendar holds."""

_WITH_CONTENT: Final = {
    *("animation", "audio", "document", "paid_media", "photo", "sticker", "story", "video"),
    *("video_note", "voice", "checklist", "contact", "dice", "game", "giveaway", "invoice"),
    *("location", "poll", "venue"),
}
"""What a person can send that is no text. A service message (a pin, a timer) has none of these."""

_MEDIA: Final[tuple[Media, ...]] = ("photo", "voice", "audio", "document")

_NAMED: Final = re.compile(r"/\w+@(\w+)")
"""``/progress@casewalk_bot``"""

_UNREAD: Final[Mapping[str, Unread]] = {
    "forward_origin": "forwarded",
    "animation": "video",
    "video": "video",
    "video_note": "video",
    "sticker": "sticker",
    "location": "place",
    "venue": "place",
    "contact": "contact",
}
"""What a message is that holds this, where nothing of it can be read."""


@dataclass(frozen=True, slots=True)
class Arrival:
    """A message, and how it is answered: its text and data are both None for a sticker or a file.

    ``chat`` is where the answer goes: in a group not the sender's own chat, in a forum into
    ``topic``. ``tapped`` is the message that a card may replace, ``query`` acknowledges the tap.
    """

    chat: int
    message: Message
    topic: int | None = None
    tapped: int | None = None
    query: str | None = None


def chat_key(chat: int) -> str:
    return f"{CHANNEL}-{chat}"


def chat_id(key: str) -> int | None:
    """Return the Telegram chat of a key; None for a chat of another channel."""
    channel, _, number = key.partition("-")
    return int(number) if channel == CHANNEL and number.isdecimal() else None


def read_update(raw: object, username: str | None = None) -> Arrival | None:
    """Read what a person sent in a private chat, or as a command in a group; else return None.

    Channels, polls, messages of bots and of nobody are passed over in silence, and so are
    commands to a bot of another name than ``username``.
    """
    if not isinstance(raw, Mapping) or (update := _id(raw, "update_id")) is None:
        return None
    if query := _mapping(raw, "callback_query"):
        return _read_tap(update, query)
    if message := _mapping(raw, "message"):
        return None if _is_to_another(message, username) else _read_message(update, message)
    if edited := _mapping(raw, "edited_message"):
        return _read_edit(update, edited)
    return None


def _read_tap(update: str, query: Mapping[str, Any]) -> Arrival | None:
    card = _mapping(query, "message")
    chat, data = _chat(card), query.get("data")
    if chat is None or chat != _person(query) or not isinstance(data, str):
        return None
    # A file with a button below it stays. Date 0 is Telegram's sign for "too old to be shown".
    can_become_card = "text" in card or card.get("date") == 0
    return Arrival(
        chat,
        Message(chat_key(chat), data=visible(data), update=update),
        topic=_topic(card),
        tapped=_number(card, "message_id") if can_become_card else None,
        query=_text(query, "id"),
    )


def _is_to_another(message: Mapping[str, Any], username: str | None) -> bool:
    """Whether it is ``/progress@another_bot``, which Telegram hands to every bot of a group."""
    named = _NAMED.match(_text(message, "text") or _text(message, "caption") or "")
    if named is None or username is None:
        return False
    return named[1].casefold() != username.casefold()


def _read_message(update: str, message: Mapping[str, Any]) -> Arrival | None:
    """``/progress`` in a group: it is its sender who asks, and the group that is answered."""
    person, chat, text = _person(message), _chat(message), _text(message, "text")
    if person is None or chat is None or (chat > 0 and chat != person):
        return None
    # What is forwarded are somebody else's words: they are no answer and no note of this inspector.
    forwarded = "forward_origin" in message
    group = chat < 0
    if group and (forwarded or text is None or not text.startswith("/")):
        return None
    if text is None and _WITH_CONTENT.isdisjoint(message):
        return None
    edited = "edit_date" in message
    number = _id(message, "message_id")
    read = Message(
        chat_key(person),
        text=None if forwarded else text,
        update=update,
        id=number,
        sent=_time(message, "edit_date" if edited else "date"),
        replies_to=_id(_mapping(message, "reply_to_message"), "message_id"),
        edits=number if edited else None,
        replied_data=_button_data(_mapping(message, "reply_to_message")),
        file=None if forwarded or text is not None else _file(message),
        album=_text(message, "media_group_id"),
        group=group,
        unread=next((_UNREAD[name] for name in _UNREAD if name in message), "other"),
    )
    return Arrival(chat, read, _topic(message))


def _read_edit(update: str, message: Mapping[str, Any]) -> Arrival | None:
    """A text or a caption that was edited in a private chat; its file is not fetched again."""
    text = _text(message, "text") or _text(message, "caption")
    if text is None or (_chat(message) or 0) < 0:
        return None
    return _read_message(update, {**message, "text": text})


def _button_data(message: Mapping[str, Any]) -> tuple[str, ...]:
    """What the buttons below a message carry."""
    rows = _mapping(message, "reply_markup").get("inline_keyboard")
    return tuple(
        data
        for row in (rows if isinstance(rows, list) else ())
        for button in (row if isinstance(row, list) else ())
        if isinstance(button, Mapping) and (data := _text(button, "callback_data")) is not None
    )


def _file(message: Mapping[str, Any]) -> ReceivedFile | None:
    """The photo in its largest size, the voice message, the audio file, or the document.

    An animation also stands there as a document, for older bots.
    """
    if "animation" in message:
        return None
    for media in _MEDIA:
        raw = message.get(media)
        if isinstance(raw, list):
            sizes = [size for size in raw if isinstance(size, Mapping)]
            raw = max(sizes, key=lambda size: _number(size, "width") or 0, default=None)
        if isinstance(raw, Mapping) and isinstance(raw.get("file_id"), str):
            return ReceivedFile(
                media,
                filename=_text(raw, "file_name") or "",
                caption=_text(message, "caption") or "",
                mime=_text(raw, "mime_type") or "",
                size=_number(raw, "file_size") or 0,
                source=_text(raw, "file_id") or "",
            )
    return None


def _chat(message: Mapping[str, Any]) -> int | None:
    """Return the private chat of a message, or its group, whose number is below zero."""
    chat = _mapping(message, "chat")
    number = _number(chat, "id") or 0
    kinds = ("private",) if number > 0 else ("group", "supergroup")
    return number if number and chat.get("type") in kinds else None


def _person(item: Mapping[str, Any]) -> int | None:
    """Return who sent it; None where it was a bot, or nobody says who."""
    sender = _mapping(item, "from")
    number = _number(sender, "id")
    if number is None or number <= 0 or sender.get("is_bot") not in (None, False):
        return None
    return number


def _topic(message: Mapping[str, Any]) -> int | None:
    """The topic of a forum. Replies in an ordinary group have a thread's number as well."""
    return _number(message, "message_thread_id") if message.get("is_topic_message") else None


def _number(raw: Mapping[str, Any], name: str) -> int | None:
    """Return a whole number of a size that Telegram uses; ``true`` is no number."""
    value = raw.get(name)
    if not isinstance(value, int) or isinstance(value, bool) or abs(value) > MAX_NUMBER:
        return None
    return value


def _id(raw: Mapping[str, Any], name: str) -> str | None:
    number = _number(raw, name)
    return None if number is None else str(number)


def _time(raw: Mapping[str, Any], name: str) -> str | None:
    return iso_time(_number(raw, name))


def iso_time(seconds: int | None) -> str | None:
    """Return a moment of Telegram's as it is stored: ISO 8601 in UTC."""
    if seconds is None or not 0 < seconds < MAX_DATE:
        return None
    return iso(datetime.fromtimestamp(seconds, UTC))


def _text(raw: Mapping[str, Any], name: str) -> str | None:
    text = raw.get(name)
    return visible(text) if isinstance(text, str) else None


def _mapping(raw: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    value = raw.get(name)
    return value if isinstance(value, Mapping) else {}
