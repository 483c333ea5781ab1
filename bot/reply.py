"""What goes in and out between a channel and the conversation: plain values, no channel's types."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Button:
    """``tap`` is what comes back when it is pressed: at most 64 bytes, see :mod:`bot.taps`.

    ``answer`` tells an answer's button from a control's: an answer's label may also be typed.
    """

    label: str
    tap: str
    answer: bool = False


@dataclass(frozen=True, slots=True)
class Document:
    """A file to hand over."""

    filename: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Reply:
    """One message. A ``card`` takes the place of the case's card that stands in the chat.

    ``toast`` is a few words that a channel may flash beside the tap. ``wants_text`` tells that the
    next text is the answer itself (a number, a date, a note), also if it looks like a button's.
    """

    text: str
    buttons: tuple[tuple[Button, ...], ...] = ()
    card: bool = False
    toast: str | None = None
    wants_text: bool = False
    document: Document | None = None


@dataclass(frozen=True, slots=True)
class Incoming:
    """What came from a chat: a typed ``text``, a pressed button's ``tap``, or neither (a picture).

    ``update`` is the channel's id of it, None where a channel delivers everything once.
    ``repeated`` deliveries of an id that was applied change nothing and show the card again.
    """

    chat: str
    text: str | None = None
    tap: str | None = None
    update: int | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """The replies to the chat itself, and notices to others (chat, message)."""

    replies: tuple[Reply, ...] = ()
    notices: tuple[tuple[str, Reply], ...] = ()
