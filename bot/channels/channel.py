"""What a channel is, and what passes between it and the pipeline: plain values, no channel's types.

A channel turns what came into a :class:`Message`, has the pipeline apply it, and draws the
:class:`Response`. Its own types stop there.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Final, Literal, Protocol

from criteria.inspection import Role
from storage.documents import AwaitedFile, OutboxMessage

# --- what comes in ------------------------------------------------------------------------------

Media = Literal["photo", "voice", "audio", "document"]

LostFile = Literal["not-fetched", "too-large"]
"""Why a file was not fetched."""

Unread = Literal["forwarded", "video", "sticker", "place", "contact", "other"]


@dataclass(frozen=True, slots=True)
class ReceivedFile:
    """A file that came: a photo, a voice message, a document such as a PDF or the sample's CSV.

    ``content`` is None where it is still to be fetched; ``source`` is then the channel's id of it.
    ``size`` in bytes and ``mime`` are what it says of itself, 0 and "" where it says nothing.
    """

    media: Media
    content: bytes | None = field(default=None, repr=False)
    filename: str = field(default="", repr=False)
    caption: str = field(default="", repr=False)
    mime: str = field(default="", repr=False)
    size: int = 0
    source: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class ShownCard:
    """What a channel knows of the card that it was given last for a chat: ``name`` is the reply's.

    ``came_before`` tells that the message was sent before the card was on the screen,
    ``replied_to`` that the message replies to it.
    """

    name: str
    came_before: bool
    replied_to: bool = False


@dataclass(frozen=True, slots=True)
class Message:
    """What came from a chat: a typed ``text``, a pressed button's ``data``, a file, or neither.

    ``chat`` begins with its channel's name: ``tg-55``, ``terminal``. ``update`` is the channel's id
    of this delivery, None where the channel delivers everything exactly once; a delivery whose id
    was applied before changes nothing and shows the card again. ``id`` is the message's own id, by
    which it can be taken away or replied to. ``sent`` is when it was sent (ISO 8601 in UTC).
    ``replies_to`` and ``edits`` are ids of messages, ``replied_data`` is what the buttons of the
    message carry that it replies to, ``album`` is what the files of one album have in common.
    ``card`` is None where the channel cannot tell what was on the screen. ``group`` tells that it
    was said where others read along. ``unread`` is what it is where it holds nothing that can be
    read. ``parts`` are those of a text that came in several messages. ``is_rest`` tells that no
    rest came of a text whose last part was ``sent`` then.
    """

    chat: str
    text: str | None = field(default=None, repr=False)
    data: str | None = field(default=None, repr=False)
    update: str | None = None
    file: ReceivedFile | None = None
    id: str | None = None
    sent: str | None = None
    replies_to: str | None = None
    edits: str | None = None
    replied_data: tuple[str, ...] = field(default=(), repr=False)
    album: str | None = None
    card: ShownCard | None = None
    group: bool = False
    unread: Unread = "other"
    parts: tuple[str, ...] = field(default=(), repr=False)
    is_rest: bool = False


# --- what goes out ------------------------------------------------------------------------------

ParagraphRole = Literal["recorded", "title", "question", "hint", "aside", "text"]
"""What a paragraph is; a channel decides how it looks. ``recorded``: what an answer was taken as.
``title``: which case and question. ``aside``: what stands there already, remarks, notes."""


@dataclass(frozen=True, slots=True)
class Paragraph:
    """``close``: it follows the paragraph before it without an empty line."""

    text: str = field(repr=False)
    role: ParagraphRole = "text"
    close: bool = False


Intent = Literal["answer", "chosen", "control", "main", "dangerous"]
"""``answer``: its label may also be typed. ``chosen``: the answer that stands, or a tick."""


SIGNS: Final = "‹›☑● "
"""What decorates a button's label and need not be typed."""


@dataclass(frozen=True, slots=True)
class Button:
    """``data`` comes back when it is pressed: at most 64 bytes, see :mod:`bot.callback_data`."""

    label: str = field(repr=False)
    data: str = field(repr=False)
    intent: Intent = "control"

    @property
    def is_answer(self) -> bool:
        return self.intent in ("answer", "chosen")


@dataclass(frozen=True, slots=True)
class Document:
    """A file to hand over, or with ``picture`` an image to show, which is a PNG.

    ``make`` returns the bytes: a channel calls it outside the event loop, when the reply goes out.
    """

    filename: str
    make: Callable[[], bytes] = field(repr=False)
    picture: bool = False


ButtonRows = tuple[tuple[Button, ...], ...]


def rows_of(most: int, buttons: Sequence[Button]) -> ButtonRows:
    """At most so many buttons in a row."""
    return tuple(tuple(buttons[at : at + most]) for at in range(0, len(buttons), most))


@dataclass(frozen=True, slots=True)
class Reply:
    """One message to a chat. A ``card`` replaces the case's card that stands in the chat.

    Its ``name`` stays while it asks the same; it is shown ``again`` under it after a refusal, say.
    A ``final`` card is a case's last word: nothing replaces it. With ``keeps`` the tapped message
    is such a card: it stays to be read, without its buttons. One that ``joins`` says more of what
    the card says that stands there, and takes its place where that stands. ``toast`` is a few words
    that a channel may flash beside the tap. ``wants_text`` tells that the next text is the answer
    itself (a number, a date, a note), also if it looks like a button's.
    """

    paragraphs: tuple[Paragraph, ...] = field(repr=False)
    buttons: ButtonRows = field(default=(), repr=False)
    card: bool = False
    name: str = ""
    again: bool = False
    final: bool = False
    keeps: bool = False
    joins: bool = False
    toast: str | None = field(default=None, repr=False)
    wants_text: bool = False
    document: Document | None = None

    @property
    def text(self) -> str:
        """All of it as plain text."""
        text = ""
        for paragraph in self.paragraphs:
            if text:
                text += "\n" if paragraph.close else "\n\n"
            text += paragraph.text
        return text


def plain(
    text: str,
    *,
    buttons: ButtonRows = (),
    toast: str | None = None,
    document: Document | None = None,
    wants_text: bool = False,
) -> Reply:
    """A reply of one paragraph."""
    return Reply((Paragraph(text),), buttons, toast=toast, document=document, wants_text=wants_text)


@dataclass(frozen=True, slots=True)
class Notification:
    """A message to another chat; ``queued`` is what the outbox keeps of it until it was sent."""

    chat: str
    reply: Reply
    queued: OutboxMessage | None = None


@dataclass(frozen=True, slots=True)
class Response:
    """The replies to the chat itself, and notifications of others.

    ``remove`` are ids of messages of the chat to take away. ``role`` is the role of whoever the
    chat belongs to after it, for the channel's menu of commands, and ``stranger`` tells that the
    chat belongs to no member; where neither is said, it stays as it was. ``roles`` are the chats
    whose role this changed: the new role, or None where they belong to no member any more.
    ``files`` are to be fetched. Where it ``waits`` for the rest of a text, the channel says after
    a few seconds that nothing came (``Message.is_rest``).
    """

    replies: tuple[Reply, ...] = ()
    notifications: tuple[Notification, ...] = ()
    remove: tuple[str, ...] = ()
    role: Role | None = None
    stranger: bool = False
    roles: tuple[tuple[str, Role | None], ...] = ()
    files: tuple[AwaitedFile, ...] = ()
    waits: bool = False


class Receiver(Protocol):
    """The pipeline, as far as a channel knows it."""

    async def receive(self, message: Message) -> Response:
        """Apply a message, once however often it is delivered. It is durable on return."""

    async def awaited_files(self, channel: str) -> list[AwaitedFile]:
        """This channel's files that are still to be fetched."""

    async def claim_file(self, file: AwaitedFile) -> bool:
        """Whether this process is to fetch it now."""

    async def fetched(self, file: AwaitedFile, content: bytes | LostFile) -> list[Notification]:
        """Keep a file that was fetched, or give it up; returns what is said about it."""

    async def outbox(self, channel: str, waiting: float = 0.0) -> list[Notification]:
        """This channel's messages that have waited in the outbox for at least so many seconds,
        worded as things stand now; the others are left to the process that queued them.
        """

    async def reworded(self, unsent: Sequence[Notification]) -> list[Notification]:
        """What this process could not send, worded as things stand now; still its own to send."""

    async def sent(self, notification: Notification) -> None:
        """It went out: take it off the outbox."""

    async def due(self, channel: str) -> list[Notification]:
        """This channel's messages whose time of day has come."""


class Channel(Protocol):
    """A way to talk to people: Telegram, the terminal."""

    @property
    def name(self) -> str:
        """What its chats' keys begin with: ``tg``, ``terminal``."""

    async def run(self, receiver: Receiver) -> None:
        """Take messages, have them applied, and deliver the responses, until there are no more."""


def channel_of(chat: str) -> str:
    """The name of the channel that a chat belongs to: ``tg`` of ``tg-55``."""
    return chat.partition("-")[0]
