"""What is kept beside the cases: values, their documents in a log, and back."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, astuple, dataclass, field
from typing import Any, Final, Literal

from criteria.case import CaseKey
from criteria.inspection import Inspection, Member, Role
from criteria.instrument.pack import Pack
from dialogs.session import Asked, Session, asked_from_json, asked_to_json

JSON = Mapping[str, Any]

RecordKind = Literal[
    "adjustments", "key_findings", "recommendations", "former_recommendations", "follow_ups",
    "digests",
]  # fmt: skip
"""What an inspection keeps beside its cases: small documents, each under a name."""

OutboxKind = Literal["submitted", "complete", "returned", "assigned", "taken", "second"]

MALFORMED: Final = (KeyError, TypeError, ValueError, AttributeError)
"""What reading a document may raise that no version of ours wrote."""


def pack_text(pack: Pack) -> str:
    """A pack as it is pinned; an inspection's document holds the hash of it."""
    return json.dumps(pack.document, ensure_ascii=False, indent=1) + "\n"


def inspection_to_json(inspection: Inspection, pack: bytes, created: str) -> dict[str, Any]:
    sha256 = hashlib.sha256(pack).hexdigest()
    return asdict(inspection) | {"created": created, "pack_sha256": sha256}


def inspection_from_json(raw: JSON) -> Inspection:
    of_the_store = ("created", "pack_sha256")
    return Inspection(**{name: raw[name] for name in raw if name not in of_the_store})


def listed_case(key: CaseKey) -> dict[str, Any]:
    listed: dict[str, Any] = {"case": key.case, "form": key.form}
    return listed if key.reading == 1 else listed | {"reading": key.reading}


def key_from_json(raw: JSON) -> CaseKey:
    return CaseKey(raw["case"], raw["form"], raw.get("reading", 1))


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


def outbox_to_json(message: OutboxMessage) -> dict[str, Any]:
    """Without its id, under which it is kept, and the inspection."""
    case = list(astuple(message.case)) if message.case else None
    document = asdict(message) | {"case": case}
    return {name: document[name] for name in ("channel", "chat", "kind", "case", "at")}


def outbox_from_json(inspection_id: str, name: str, raw: JSON) -> OutboxMessage:
    case = CaseKey(*raw["case"]) if raw["case"] else None
    return OutboxMessage(name, inspection_id, **dict(raw) | {"case": case})


def member_from_json(raw: JSON) -> Member:
    return Member(raw["person"], Role(raw["role"]))


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


def invitation_to_json(invitation: Invitation) -> dict[str, Any]:
    """Without the code's hash, under which it is kept."""
    document = asdict(invitation)
    del document["code_hash"]
    if invitation.update is None:
        del document["update"]
    return document


def invitation_from_json(code_hash: str, raw: JSON) -> Invitation:
    return Invitation(code_hash, **dict(raw) | {"role": Role(raw["role"])})


@dataclass(frozen=True, slots=True)
class ChatPlace:
    """Where a chat is: its inspection, and what of its session is not its open case's."""

    inspection: str
    case: CaseKey | None = None
    language: str | None = None
    asked: Asked | None = None


def place_of(inspection_id: str, session: Session) -> ChatPlace:
    key = session.case.key if session.case else None
    return ChatPlace(inspection_id, key, session.language, session.asked)


def place_to_json(place: ChatPlace) -> dict[str, Any]:
    return {
        "inspection": place.inspection,
        "case": place.case.case if place.case else None,
        "form": place.case.form if place.case else None,
        "reading": place.case.reading if place.case else 1,
        "language": place.language,
        "asked": asked_to_json(place.asked),
    }


def place_from_json(raw: JSON) -> ChatPlace:
    key = key_from_json(raw) if raw["case"] else None
    return ChatPlace(raw["inspection"], key, raw["language"], asked_from_json(raw.get("asked")))
