"""The events that a conversation answers. A channel makes one of each tap or text.

An event goes to JSON and back, ``{"type": "TextReceived", "text": "y"}``, so that conversations
can be recorded and replayed.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any, Final, Literal

from criteria.case import CaseKey

Control = Literal[
    "back",      # to the question before
    "skip",      # on to the next open question, leaving this one open
    "note",      # the next text is a note on this question
    "cancel",    # no note after all
    "unnote",    # take the note that stands there away
    "done",      # the ticked choices are the answer
    "review",    # what is open, what is answered
    "next_open", # to the first open question
    "submit",
    "reopen",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Origin:
    """The message that an event came with, as far as the channel tells.

    ``message``, ``replies_to`` and ``edits`` are ids of messages, ``sent`` is an ISO time in UTC;
    the files of one ``album`` have it in common.
    """

    message: str | None = None
    sent: str | None = None
    replies_to: str | None = None
    edits: str | None = None
    album: str | None = None


UNKNOWN: Final = Origin()


@dataclass(frozen=True, kw_only=True)
class Event:
    origin: Origin = UNKNOWN


@dataclass(frozen=True, slots=True)
class Card:
    case: CaseKey
    id: int


class CaseOpened(Event):
    """The inspector opens the case that the session now holds; it goes on where it was left."""


@dataclass(frozen=True)
class ChoiceTapped(Event):
    """An answer button of a question: ``choice`` is a choice's name, ``na`` or ``not_known``."""

    case: CaseKey
    question: str
    choice: str = field(repr=False)


@dataclass(frozen=True)
class ControlTapped(Event):
    card: Card
    control: Control


@dataclass(frozen=True)
class QuestionTapped(Event):
    """A question's button on a review: go there."""

    card: Card
    question: str


@dataclass(frozen=True)
class TextReceived(Event):
    """Typed: an answer, several answers, or the note that was asked for."""

    text: str = field(repr=False)


class WentBack(Event):
    """``/back``"""


class MovedOn(Event):
    """``/next``: on to the next open question, leaving this one as it is."""


@dataclass(frozen=True)
class JumpedTo(Event):
    """``/goto B4``: a question's number or name, or a criterion."""

    target: str = field(repr=False)


@dataclass(frozen=True)
class NoteGiven(Event):
    """``/note TEXT``, ``/note B4 TEXT``, or ``/note`` alone to be asked for it."""

    text: str = field(repr=False)


@dataclass(frozen=True)
class AttachmentGiven(Event):
    """A photo or a voice message, kept as ``file``; it goes with the question at hand."""

    media: str
    file: str
    caption: str = field(default="", repr=False)


@dataclass(frozen=True)
class KindChosen(Event):
    """What the note or attachment that was just given is kept as: an evidence kind's value."""

    card: Card
    kind: str


class NoteCancelled(Event):
    """``/cancel``: no note after all."""


class ReviewAsked(Event):
    """``/review``"""


class ProgressAsked(Event):
    """``/progress``, for the case at hand."""


class SubmitAsked(Event):
    """``/submit``"""


class ReopenAsked(Event):
    """``/reopen``"""


class CardAsked(Event):
    """Show the card at hand again; nothing changes."""


@dataclass(frozen=True)
class LanguageChosen(Event):
    """``/language cy``; empty to ask which there are."""

    language: str = field(repr=False)


_EVENTS = {event.__name__: event for event in Event.__subclasses__()}


def event_to_json(event: Event) -> dict[str, Any]:
    """Return the JSON without an empty origin and without ``reading`` 1."""
    document: dict[str, Any] = {"type": type(event).__name__, **asdict(event)}
    origin = {name: value for name, value in document.pop("origin").items() if value is not None}
    if origin:
        document["origin"] = origin
    case = document["card"]["case"] if "card" in document else document.get("case", {})
    if case.get("reading") == 1:
        del case["reading"]
    return document


def event_from_json(raw: dict[str, Any]) -> Event:
    """Raise ``KeyError`` or ``TypeError`` where no event has this shape."""
    fields = dict(raw)
    event_class = _EVENTS[fields.pop("type")]
    if "origin" in fields:
        fields["origin"] = Origin(**fields["origin"])
    if "case" in fields:
        fields["case"] = CaseKey(**fields["case"])
    if "card" in fields:
        card = fields["card"]
        fields["card"] = Card(CaseKey(**card["case"]), card["id"])
    return event_class(**fields)
