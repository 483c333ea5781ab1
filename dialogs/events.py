"""The events that a conversation answers. A channel makes one of each tap or text.

An event goes to JSON and back, ``{"type": "TextReceived", "text": "y"}``, so that conversations
can be recorded and replayed.
"""

from __future__ import annotations

from collections.abc import Mapping
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
    "undo",      # take back what was given last
    "clear",     # make the question open again
    "leave",     # record nothing of a text that was sent before the card
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Origin:
    """The message that an event came with, as far as the channel tells.

    ``message``, ``replies_to`` and ``edits`` are ids of messages, ``sent`` is an ISO time in UTC;
    the files of one ``album`` have it in common. ``about`` is the address of the question that it
    belongs to, by the message that it replies to. ``early`` tells that it was sent before the card
    at hand was on the screen.
    """

    message: str | None = None
    sent: str | None = None
    replies_to: str | None = None
    edits: str | None = None
    album: str | None = None
    about: str | None = field(default=None, repr=False)
    early: bool = False


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


@dataclass(frozen=True)
class OfferTaken(Event):
    """A button of what the last text may have meant; ``place`` counts them from 0."""

    card: Card
    place: int


@dataclass(frozen=True)
class PageTurned(Event):
    """Another page of a long list, counted from 0; None shows the list again after a search."""

    card: Card
    page: int | None


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
    """A photo, voice message, audio file or document; it goes with the question at hand.

    It is kept as ``file``, and ``awaited`` where it is still to be fetched. Where it is not, its
    ``file_type`` and ``sha256`` are known.
    """

    media: str
    file: str
    caption: str = field(default="", repr=False)
    awaited: bool = False
    file_type: str | None = None
    sha256: str | None = field(default=None, repr=False)


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


@dataclass(frozen=True)
class ClearAsked(Event):
    """``/clear``: the question at hand is open again; ``/clear B4`` another one."""

    target: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class GivenChange:
    """A document of the case before and after a step, as the case's log has it; None: not there.

    ``{"table": "answers", "name": "q08", "before": null, "after": {"value": "yes", …}}``
    """

    table: str
    name: str
    before: Mapping[str, Any] | None = field(repr=False)
    after: Mapping[str, Any] | None = field(repr=False)


@dataclass(frozen=True)
class UndoAsked(Event):
    """``/undo``: take back what this person's last step in the case changed.

    ``gave`` is that, nothing where there is no such step; ``more``: there are earlier ones.
    ``card`` is the card whose button was tapped.
    """

    gave: tuple[GivenChange, ...] = ()
    more: bool = False
    card: Card | None = None


@dataclass(frozen=True)
class MessageEdited(Event):
    """An earlier message says ``text`` now; ``gave`` is what it changed in the case."""

    text: str = field(repr=False)
    gave: tuple[GivenChange, ...] = ()


class CardAsked(Event):
    """Show the card at hand again; nothing changes."""


@dataclass(frozen=True)
class LanguageChosen(Event):
    """``/language cy``; empty to ask which there are."""

    language: str = field(repr=False)


EVENTS: Final = {event.__name__: event for event in Event.__subclasses__()}
"""Every event by its name, under which its step stands in a case's log."""


def event_to_json(event: Event) -> dict[str, Any]:
    """Return the JSON without an empty origin and without ``reading`` 1."""
    document: dict[str, Any] = {"type": type(event).__name__, **asdict(event)}
    origin = {name: value for name, value in document.pop("origin").items() if value}
    if origin:
        document["origin"] = origin
    card = document.get("card")
    case = card["case"] if card else document.get("case", {})
    if case.get("reading") == 1:
        del case["reading"]
    return document


def event_from_json(raw: dict[str, Any]) -> Event:
    """Raise ``KeyError`` or ``TypeError`` where no event has this shape."""
    fields = dict(raw)
    event_class = EVENTS[fields.pop("type")]
    if "origin" in fields:
        fields["origin"] = Origin(**fields["origin"])
    if "case" in fields:
        fields["case"] = CaseKey(**fields["case"])
    if card := fields.get("card"):
        fields["card"] = Card(CaseKey(**card["case"]), card["id"])
    if "gave" in fields:
        fields["gave"] = tuple(GivenChange(**change) for change in fields["gave"])
    return event_class(**fields)
