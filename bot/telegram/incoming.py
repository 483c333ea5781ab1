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
from dataclasses import dataclass, field
from typing import Any, Final

from bot.reply import Incoming, Media

ALLOWED_UPDATES = ("message", "callback_query")
"""What Telegram is asked for; it keeps edits, polls, reactions and memberships to itself."""

CHAT_PREFIX = "tg-"

NUMBER_MOST: Final = 2**53
"""Telegram's numbers have at most 52 significant bits: https://core.telegram.org/bots/api#chat"""

_WITH_CONTENT = frozenset(
    {
        *("animation", "audio", "document", "paid_media", "photo", "sticker", "story", "video"),
        *("video_note", "voice", "checklist", "contact", "dice", "game", "giveaway", "invoice"),
        *("location", "poll", "venue"),
    }
)
"""What a person can send that is no text. A service message (a pin, a timer) has none of these."""

_MEDIA: Final[tuple[Media, ...]] = ("photo", "voice", "document")

_COMMAND_TO_BOT = re.compile(r"\A(/\w+)@\w+")


@dataclass(frozen=True, slots=True)
class FileSent:
    """A file that came, by what Telegram fetches it with; ``size`` in bytes, 0 if not told."""

    media: Media
    file_id: str = field(repr=False)
    size: int = 0
    filename: str = field(default="", repr=False)
    caption: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Arrival:
    """Something a person sent; ``incoming`` holds no text and no tap where it was neither.

    ``chat`` is where the answer goes: in a group not the sender's own. ``tapped`` is the message
    that a card may take the place of, ``query`` what acknowledges the tap; ``file`` is still to be
    fetched. What is no file of an album has the same ``album``, so that it is answered once.
    """

    update: int
    chat: int
    incoming: Incoming
    tapped: int | None = None
    query: str | None = None
    album: str | None = None
    file: FileSent | None = None


def chat_key(chat: int) -> str:
    return f"{CHAT_PREFIX}{chat}"


def chat_id(key: str) -> int | None:
    """The Telegram chat of a key; None for a chat of another channel."""
    number = key.removeprefix(CHAT_PREFIX)
    if number == key or not number.isdecimal():
        return None
    return int(number)


def read_update(raw: object) -> Arrival | None:
    """What a person sent in a private chat, or as a command in a group; None for everything else.

    Channels, edits, polls, messages of bots and of nobody are passed over in silence.
    """
    if not isinstance(raw, Mapping) or (update := _number(raw, "update_id")) is None:
        return None
    if query := _mapping(raw, "callback_query"):
        return _read_tap(update, query)
    if message := _mapping(raw, "message"):
        return _read_message(update, message)
    return None


def _read_tap(update: int, query: Mapping[str, Any]) -> Arrival | None:
    message = _mapping(query, "message")
    chat = _own_chat(message, query)
    data, query_id = query.get("data"), query.get("id")
    if chat is None or not isinstance(data, str):
        return None
    return Arrival(
        update,
        chat,
        Incoming(chat_key(chat), tap=_storable(data), update=update),
        tapped=_number(message, "message_id") if _can_become_card(message) else None,
        query=query_id if isinstance(query_id, str) else None,
    )


def _read_message(update: int, message: Mapping[str, Any]) -> Arrival | None:
    if _person(message) is None:
        return None
    chat = _own_chat(message, message)
    if chat is None:
        return _read_group_command(update, message)
    sent = _number(message, "message_id")
    text = message.get("text")
    # What is forwarded are somebody else's words: they are no answer and no note of this inspector.
    if isinstance(text, str) and "forward_origin" not in message:
        text = _COMMAND_TO_BOT.sub(r"\1", text) if text.startswith("/") else text
        key = chat_key(chat)
        return Arrival(
            update, chat, Incoming(key, text=_storable(text), update=update, message=sent)
        )
    if isinstance(text, str) or not _WITH_CONTENT.isdisjoint(message):
        other = Incoming(chat_key(chat), update=update, message=sent)
        if "forward_origin" not in message and (file := _file(message)):
            return Arrival(update, chat, other, file=file)
        album = message.get("media_group_id")
        return Arrival(update, chat, other, album=album if isinstance(album, str) else None)
    return None


def _read_group_command(update: int, message: Mapping[str, Any]) -> Arrival | None:
    """``/progress`` in a group: it is its sender who asks, and the group that is answered."""
    chat, person, text = _mapping(message, "chat"), _person(message), message.get("text")
    group = _number(chat, "id")
    if chat.get("type") not in ("group", "supergroup") or "forward_origin" in message:
        return None
    if person is None or group is None or group >= 0:
        return None
    if not isinstance(text, str) or not text.startswith("/"):
        return None
    text = _COMMAND_TO_BOT.sub(r"\1", _storable(text))
    return Arrival(update, group, Incoming(chat_key(person), text=text, update=update, group=True))


def _file(message: Mapping[str, Any]) -> FileSent | None:
    """The photo in its largest size, the voice message, or the document."""
    caption = message.get("caption")
    for media in _MEDIA:
        raw = message.get(media)
        if isinstance(raw, list):
            sizes = [one for one in raw if isinstance(one, Mapping)]
            raw = max(sizes, key=lambda one: _size(one, "width"), default=None)
        if not isinstance(raw, Mapping) or not isinstance(raw.get("file_id"), str):
            continue
        name = raw.get("file_name")
        return FileSent(
            media=media,
            file_id=raw["file_id"],
            size=_size(raw, "file_size"),
            filename=_storable(name) if isinstance(name, str) else "",
            caption=_storable(caption) if isinstance(caption, str) else "",
        )
    return None


def _size(raw: Mapping[str, Any], name: str) -> int:
    return _number(raw, name) or 0


def _own_chat(message: Mapping[str, Any], item: Mapping[str, Any]) -> int | None:
    """The private chat of the message, where ``item`` comes from the person whose chat it is."""
    chat = _mapping(message, "chat")
    number = _number(chat, "id")
    private = chat.get("type") == "private" and number is not None and number > 0
    return number if private and _person(item) == number else None


def _person(item: Mapping[str, Any]) -> int | None:
    """Who sent it; None where it was a bot, or nobody says who."""
    sender = _mapping(item, "from")
    number = _number(sender, "id")
    if number is None or number <= 0 or sender.get("is_bot") not in (None, False):
        return None
    return number


def _number(raw: Mapping[str, Any], name: str) -> int | None:
    """A whole number of a size that Telegram gives; true is none."""
    value = raw.get(name)
    if not isinstance(value, int) or isinstance(value, bool) or abs(value) > NUMBER_MOST:
        return None
    return value


def _can_become_card(message: Mapping[str, Any]) -> bool:
    """A file with a button under it stays. Date 0 is Telegram's sign for "too old to be shown"."""
    return "text" in message or message.get("date") == 0


def _storable(text: str) -> str:
    """Without half surrogates, which no file can hold."""
    return text if text.isascii() else text.encode("utf-8", "replace").decode()


def _mapping(raw: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    value = raw.get(name)
    return value if isinstance(value, Mapping) else {}
