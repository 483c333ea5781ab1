"""What goes in and out between a channel and the conversation: plain values, no channel's types."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal

from criteria.inspection import Role
from storage.store import Owed


@dataclass(frozen=True, slots=True)
class Button:
    """``tap`` is what comes back when it is pressed: at most 64 bytes, see :mod:`bot.taps`.

    ``answer`` tells an answer's button from a control's: an answer's label may also be typed.
    """

    label: str = field(repr=False)
    tap: str = field(repr=False)
    answer: bool = False


@dataclass(frozen=True, slots=True)
class Document:
    """A file to hand over, or with ``picture`` an image to show, which is a PNG.

    ``make`` gives the bytes: a channel calls it outside the event loop, when the reply goes out.
    """

    filename: str
    make: Callable[[], bytes] = field(repr=False)
    picture: bool = False


@dataclass(frozen=True, slots=True)
class Reply:
    """One message. A ``card`` takes the place of the case's card that stands in the chat.

    A ``final`` card is a case's last word: nothing takes its place. With ``keeps`` the tapped
    message is such a one: it stays to be read, without its buttons.

    ``toast`` is a few words that a channel may flash beside the tap. ``wants_text`` tells that the
    next text is the answer itself (a number, a date, a note), also if it looks like a button's.
    """

    text: str = field(repr=False)
    buttons: tuple[tuple[Button, ...], ...] = field(default=(), repr=False)
    card: bool = False
    final: bool = False
    keeps: bool = False
    toast: str | None = field(default=None, repr=False)
    wants_text: bool = False
    document: Document | None = None


Media = Literal["photo", "voice", "document"]


@dataclass(frozen=True, slots=True)
class Received:
    """A file that came: a photo, a voice message, or a document such as the sample's CSV."""

    media: Media
    content: bytes = field(repr=False)
    filename: str = field(default="", repr=False)
    caption: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Incoming:
    """What came from a chat: a typed ``text``, a pressed button's ``tap``, a file, or none of them.

    ``update`` is the channel's id of it, None where a channel delivers everything once.
    ``repeated`` deliveries of an id that was applied change nothing and show the card again.
    ``message`` is the channel's id of the message itself, by which it can be taken away.
    ``group`` tells that it was said where others read along.
    """

    chat: str
    text: str | None = field(default=None, repr=False)
    tap: str | None = field(default=None, repr=False)
    update: int | None = None
    received: Received | None = None
    message: int | None = None
    group: bool = False


@dataclass(frozen=True, slots=True)
class Notice:
    """A message to another chat; ``owed`` is what the store keeps of it until it went out."""

    chat: str
    reply: Reply
    owed: Owed | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """The replies to the chat itself, and notices to others.

    ``remove`` are messages of the chat to take away. ``role`` is who sits there after it, for the
    channel's menu of commands, and ``stranger`` tells that nobody of ours does; where neither is
    said, it stays as it was. ``seats`` are the chats where this changed who sits there: the role,
    or None where nobody of ours does any more.
    """

    replies: tuple[Reply, ...] = ()
    notices: tuple[Notice, ...] = ()
    remove: tuple[int, ...] = ()
    role: Role | None = None
    stranger: bool = False
    seats: tuple[tuple[str, Role | None], ...] = ()


def only(
    text: str,
    *,
    buttons: tuple[tuple[Button, ...], ...] = (),
    toast: str | None = None,
    document: Document | None = None,
    wants_text: bool = False,
) -> Outcome:
    """One message and nothing else."""
    reply = Reply(text, buttons, toast=toast, document=document, wants_text=wants_text)
    return Outcome((reply,))
