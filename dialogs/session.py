"""The conversation as a value: who speaks, which case is open, which card is at hand.

Nothing about a conversation lives anywhere else, so any process can go on with any chat.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any, Final

from criteria.case import Case
from criteria.case_json import case_from_json, case_to_json
from criteria.instrument.pack import Form
from criteria.question import Value
from criteria.relevance import FormState
from dialogs.effects import Effect


@dataclass(frozen=True, slots=True)
class Offer:
    """Answers that a typed text may mean, by their questions' addresses; ``note`` is kept with
    them.
    """

    answers: tuple[tuple[str, Value], ...] = field(repr=False)
    note: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class Cursor:
    """Where a person is in one case.

    ``card`` is the id of the card at hand; cards are counted. ``questions`` are the addresses of
    the questions that it shows (none: the review), ``shown`` is when. ``note_on`` is the question
    whose note is the next text, ``picked`` the ticks of a list that is not done yet. ``kind_for``
    is the question whose note was just given, or an attachment's place (``#1``), while its kind may
    be chosen. ``remarks_until`` is the time of the last remark that this person was shown.
    ``given``: something may be taken back. ``offers`` are what the last text may have meant, a
    button each; ``early``: it was sent before the card. Of a long list ``page`` is shown, or of its
    choices that hold the ``sought`` text.
    """

    card: int = 0
    questions: tuple[str, ...] = ()
    shown: str | None = None
    note_on: str | None = None
    picked: tuple[str, ...] | None = field(default=None, repr=False)
    kind_for: str | None = None
    remarks_until: str | None = None
    given: bool = False
    offers: tuple[Offer, ...] = field(default=(), repr=False)
    page: int | None = None
    sought: str | None = field(default=None, repr=False)
    early: bool = False

    @property
    def question(self) -> str | None:
        """The first question of the card; None on a review."""
        return self.questions[0] if self.questions else None


_FRESH: Final = tuple((name, getattr(Cursor(), name)) for name in Cursor.__slots__)


@dataclass(frozen=True, slots=True)
class Asked:
    """What the next text is for, outside the open case: ``Asked("remark", ("C012", "q08"))``."""

    what: str
    about: tuple[str, ...] = field(default=(), repr=False)


@dataclass(frozen=True, slots=True)
class TextPart:
    """The beginning of a long text, whose rest may follow in another message.

    ``until`` is when its last message was sent, ``about`` what the channel told of its first one.
    Of a text that was ``held`` back nothing is kept; its rest is not taken for something else.
    """

    texts: tuple[str, ...] = field(repr=False)
    until: str
    about: Mapping[str, Any] = field(repr=False)
    held: bool = False


@dataclass(frozen=True, slots=True)
class Seen:
    form: Form = field(repr=False)
    case: Case
    state: FormState = field(repr=False)


@dataclass(frozen=True, slots=True)
class Session:
    """``person`` is a reference (``I1``). ``case`` is None while none is open. ``held`` are the
    marks of a text that was held back: the same text, sent again, is kept. ``part`` waits for its
    rest.

    ``seen`` spares the next event what this one worked out; a session without it is as good.
    """

    person: str
    language: str | None = None
    case: Case | None = None
    cursor: Cursor = Cursor()
    asked: Asked | None = None
    held: tuple[str, ...] = field(default=(), repr=False)
    part: TextPart | None = None
    seen: Seen | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Step:
    session: Session
    effects: tuple[Effect, ...]


def cursor_to_json(cursor: Cursor) -> dict[str, Any]:
    """Return what differs from a fresh cursor; it is written with every answer."""
    raw = {
        name: list(value) if isinstance(value, tuple) else value
        for name, fresh in _FRESH
        if (value := getattr(cursor, name)) != fresh
    }
    if cursor.offers:
        raw["offers"] = [_offer_to_json(offer) for offer in cursor.offers]
    return raw


def _offer_to_json(offer: Offer) -> dict[str, Any]:
    answers = [
        [name, list(value) if isinstance(value, tuple) else value] for name, value in offer.answers
    ]
    return {"answers": answers, "note": offer.note}


def _offer_from_json(raw: Mapping[str, Any]) -> Offer:
    answers = tuple(
        (name, tuple(value) if isinstance(value, list) else value) for name, value in raw["answers"]
    )
    return Offer(answers, raw.get("note"))


def cursor_from_json(raw: Mapping[str, Any]) -> Cursor:
    fields: dict[str, Any] = {
        name: tuple(value) if isinstance(value, list) else value for name, value in raw.items()
    }
    fields["offers"] = tuple(map(_offer_from_json, raw.get("offers", ())))
    return Cursor(**fields)


def session_to_json(session: Session) -> dict[str, Any]:
    return {
        "person": session.person,
        "language": session.language,
        "case": case_to_json(session.case) if session.case else None,
        "cursor": cursor_to_json(session.cursor),
        "asked": asked_to_json(session.asked),
        "held": list(session.held),
        "part": part_to_json(session.part),
    }


def session_from_json(raw: Mapping[str, Any]) -> Session:
    return Session(
        person=raw["person"],
        language=raw.get("language"),
        case=case_from_json(raw["case"]) if raw.get("case") else None,
        cursor=cursor_from_json(raw.get("cursor", {})),
        asked=asked_from_json(raw.get("asked")),
        held=tuple(raw.get("held", ())),
        part=part_from_json(raw.get("part")),
    )


def part_to_json(part: TextPart | None) -> dict[str, Any] | None:
    return None if part is None else asdict(part) | {"texts": list(part.texts)}


def part_from_json(raw: Mapping[str, Any] | None) -> TextPart | None:
    return TextPart(**{**raw, "texts": tuple(raw["texts"])}) if raw else None


def asked_to_json(asked: Asked | None) -> list[str] | None:
    """``["remark", "C012", "q08"]``"""
    return None if asked is None else [asked.what, *asked.about]


def asked_from_json(raw: Sequence[str] | None) -> Asked | None:
    return Asked(raw[0], tuple(raw[1:])) if raw else None
