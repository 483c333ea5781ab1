"""The conversation as a value: who speaks, which case is open, which card is at hand.

Nothing about a conversation lives anywhere else, so any process can go on with any chat. A session
goes to JSON and back without loss (:func:`session_to_json`, :func:`session_from_json`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from criteria.case import Case, case_from_json, case_to_json
from dialogs.effects import Effect


@dataclass(frozen=True, slots=True)
class Cursor:
    """Where a person is in one case.

    ``question`` is the card at hand (None: the review). ``revision`` counts the cards shown, so
    that a tap can tell which one it was on. ``note_on`` is the question whose note is the next
    text, ``picked`` the ticks of a list that is not done yet.
    """

    question: str | None = None
    revision: int = 0
    note_on: str | None = None
    picked: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class Session:
    """``person`` is a reference (``I1``). ``case`` is None while none is open."""

    person: str
    language: str | None = None
    case: Case | None = None
    cursor: Cursor = Cursor()


@dataclass(frozen=True, slots=True)
class Step:
    """One event and all it caused: the session after it, and what to tell."""

    session: Session
    effects: tuple[Effect, ...]


def cursor_to_json(cursor: Cursor) -> dict[str, Any]:
    """Only what differs from a fresh cursor: it is written with every answer."""
    fresh = Cursor()
    return {
        name: list(value) if isinstance(value, tuple) else value
        for name in Cursor.__slots__
        if (value := getattr(cursor, name)) != getattr(fresh, name)
    }


def cursor_from_json(raw: Mapping[str, Any]) -> Cursor:
    fields: dict[str, Any] = {
        name: tuple(value) if isinstance(value, list) else value for name, value in raw.items()
    }
    return Cursor(**fields)


def session_to_json(session: Session) -> dict[str, Any]:
    return {
        "person": session.person,
        "language": session.language,
        "case": case_to_json(session.case) if session.case else None,
        "cursor": cursor_to_json(session.cursor),
    }


def session_from_json(raw: Mapping[str, Any]) -> Session:
    return Session(
        person=raw["person"],
        language=raw.get("language"),
        case=case_from_json(raw["case"]) if raw.get("case") else None,
        cursor=cursor_from_json(raw.get("cursor", {})),
    )
