"""What came in: the events that a conversation answers, each a plain value with a JSON form.

A channel turns a tap or a text into one of these; nothing of the channel goes further in. An event
goes to JSON and back, ``{"type": "TextReceived", "text": "y"}``, so that conversations can be
recorded and replayed.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any, Literal, get_args

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
class Card:
    """Which card was tapped: its case, form, question (None on a review) and revision."""

    case: str
    form: str
    question: str | None
    revision: int
    reading: int = 1


@dataclass(frozen=True, slots=True)
class CaseOpened:
    """The inspector opens the case that the session now holds; it goes on where it was left."""


@dataclass(frozen=True, slots=True)
class ChoiceTapped:
    """An answer button: ``choice`` is a choice's name, ``na`` or ``not_known``."""

    card: Card
    choice: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class ControlTapped:
    """A control under a card."""

    card: Card
    control: Control


@dataclass(frozen=True, slots=True)
class QuestionTapped:
    """A question's button on a review: go there."""

    card: Card
    question: str


@dataclass(frozen=True, slots=True)
class TextReceived:
    """Typed: an answer, several answers, or the note that was asked for."""

    text: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class WentBack:
    """``/back``"""


@dataclass(frozen=True, slots=True)
class MovedOn:
    """``/next``: on to the next open question, leaving this one as it is."""


@dataclass(frozen=True, slots=True)
class JumpedTo:
    """``/goto B4``: a question's number or name, or a criterion."""

    target: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class NoteGiven:
    """``/note TEXT``, ``/note B4 TEXT``, or ``/note`` alone to be asked for it."""

    text: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class AttachmentGiven:
    """A photo or a voice message, kept as ``file``; it goes with the question at hand."""

    media: str
    file: str
    caption: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class KindChosen:
    """What the note or attachment that was just given is kept as: an evidence kind's value."""

    card: Card
    kind: str


@dataclass(frozen=True, slots=True)
class NoteCancelled:
    """``/cancel``: no note after all."""


@dataclass(frozen=True, slots=True)
class ReviewAsked:
    """``/review``"""


@dataclass(frozen=True, slots=True)
class ProgressAsked:
    """``/progress``, for the case at hand."""


@dataclass(frozen=True, slots=True)
class SubmitAsked:
    """``/submit``"""


@dataclass(frozen=True, slots=True)
class ReopenAsked:
    """``/reopen``"""


@dataclass(frozen=True, slots=True)
class CardAsked:
    """Show the card at hand again; nothing changes."""


@dataclass(frozen=True, slots=True)
class LanguageChosen:
    """``/language cy``; empty to ask which there are."""

    language: str = field(repr=False)


Event = (
    CaseOpened
    | ChoiceTapped
    | ControlTapped
    | QuestionTapped
    | TextReceived
    | WentBack
    | MovedOn
    | JumpedTo
    | NoteGiven
    | AttachmentGiven
    | KindChosen
    | NoteCancelled
    | ReviewAsked
    | ProgressAsked
    | SubmitAsked
    | ReopenAsked
    | CardAsked
    | LanguageChosen
)
_EVENTS = {event.__name__: event for event in get_args(Event)}


def event_to_json(event: Event) -> dict[str, Any]:
    return {"type": type(event).__name__, **asdict(event)}


def event_from_json(raw: dict[str, Any]) -> Event:
    """Raises ``KeyError`` or ``TypeError`` for what no event has this shape."""
    fields = dict(raw)
    event_class = _EVENTS[fields.pop("type")]
    if "card" in fields:
        fields["card"] = Card(**fields["card"])
    event: Event = event_class(**fields)
    return event
