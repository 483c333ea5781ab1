"""What is kept beside the cases: values, each in its log as its fields, and back."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, Final, Literal

from criteria.case import CaseKey
from criteria.inspection import Member, Role
from criteria.instrument.pack import Pack
from dialogs.session import (
    Asked,
    TextPart,
    asked_from_json,
    asked_to_json,
    part_from_json,
    part_to_json,
)

JSON = Mapping[str, Any]

RecordKind = Literal[
    "adjustments", "key_findings", "recommendations", "former_recommendations", "follow_ups",
    "digests",
]  # fmt: skip
"""What an inspection keeps beside its cases: small documents, each under a name."""

OutboxKind = Literal[
    "submitted", "complete", "returned", "assigned", "taken", "second",
    "file-not-fetched", "file-too-large", "file-not-kept",
]  # fmt: skip

MALFORMED: Final = (KeyError, TypeError, ValueError, AttributeError)
"""What reading a document may raise that no version of ours wrote."""


def pack_text(pack: Pack) -> str:
    """A pack as it is pinned; an inspection's log holds the hash of it."""
    return json.dumps(pack.document, ensure_ascii=False, indent=1) + "\n"


def member_from_json(raw: JSON) -> Member:
    return Member(raw["person"], Role(raw["role"]))


@dataclass(frozen=True, slots=True)
class OutboxMessage:
    """A message that a chat is to get. It is worded when it is sent, from how things stand then."""

    id: str
    inspection: str
    channel: str
    chat: str
    kind: OutboxKind
    case: CaseKey | None
    at: str


def outbox_from_json(raw: JSON) -> OutboxMessage:
    return OutboxMessage(**{**raw, "case": _key(raw["case"])})


@dataclass(frozen=True, slots=True)
class AwaitedFile:
    """A file that came and is still to be fetched from ``source``, its channel's id of it.

    ``name`` is what it is kept as. ``case`` is None where it is a lead's sample, ``filename`` then
    its name. ``chat`` is None where its person was erased.
    """

    name: str
    inspection: str
    channel: str
    chat: str | None
    source: str = field(repr=False)
    media: str
    case: CaseKey | None
    at: str
    filename: str = field(default="", repr=False)


def file_from_json(raw: JSON) -> AwaitedFile:
    return AwaitedFile(**{**raw, "case": _key(raw["case"])})


@dataclass(frozen=True, slots=True)
class Invitation:
    code_hash: str = field(repr=False)  # SHA-256 in hex; the code itself is kept nowhere
    role: Role
    person: str
    expires: str  # ISO time in UTC
    used_by: str | None = None  # the chat that joined with it
    # The update that asked for it, ``tg-55 4711``. Delivered again, it makes a fresh code in place
    # of one that nobody may have seen.
    update: str | None = None
    by: str | None = None  # the lead who made it; None for the command line
    # It is for a person who is known: whoever joins with it is them, in place of their former chat.
    again: bool = False

    def goes_with(self, person: str, *, removed: bool) -> bool:
        """Whether it works no more once this person leads no more, or is ``removed``: they made it,
        or it would bring them back.
        """
        return self.used_by is None and (self.by == person or (removed and self.person == person))


def invitation_from_json(raw: JSON) -> Invitation:
    return Invitation(**{**raw, "role": Role(raw["role"])})


def void_codes(codes: Iterable[JSON], person: str, *, removed: bool) -> dict[str, None]:
    """The patch that takes the invitations away that go with a person."""
    invitations = map(invitation_from_json, codes)
    return {one.code_hash: None for one in invitations if one.goes_with(person, removed=removed)}


@dataclass(frozen=True, slots=True)
class ChatPlace:
    """Where a chat is: its inspection, and what of its session is not its open case's."""

    inspection: str
    case: CaseKey | None = None
    language: str | None = None
    asked: Asked | None = None
    held: tuple[str, ...] = field(default=(), repr=False)
    part: TextPart | None = None


def place_to_json(place: ChatPlace) -> dict[str, Any]:
    return asdict(place) | {
        "asked": asked_to_json(place.asked),
        "held": list(place.held),
        "part": part_to_json(place.part),
    }


def place_from_json(raw: JSON) -> ChatPlace:
    asked = asked_from_json(raw["asked"])
    return ChatPlace(
        raw["inspection"],
        _key(raw["case"]),
        raw["language"],
        asked,
        tuple(raw["held"]),
        part_from_json(raw["part"]),
    )


def _key(raw: JSON | None) -> CaseKey | None:
    return CaseKey(**raw) if raw else None
