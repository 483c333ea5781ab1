"""What is kept beside the cases, as documents of a log, and back."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, astuple, dataclass
from typing import Any

from criteria.case import CaseKey
from criteria.inspection import Inspection, Member, Role
from criteria.instrument.pack import Pack
from dialogs.session import Asked, Session, asked_from_json, asked_to_json
from storage.changes import Invitation, OutboxMessage

JSON = Mapping[str, Any]


def pack_text(pack: Pack) -> str:
    """A pack as it is pinned; an inspection's document holds the hash of it."""
    return json.dumps(pack.document, ensure_ascii=False, indent=1) + "\n"


def inspection_to_json(inspection: Inspection, pack: bytes, created: str) -> dict[str, Any]:
    sha256 = hashlib.sha256(pack).hexdigest()
    return asdict(inspection) | {"created": created, "pack_sha256": sha256}


def inspection_from_json(raw: JSON) -> Inspection:
    return Inspection(
        id=raw["id"],
        title=raw["title"],
        pack_name=raw["pack_name"],
        pack_version=raw["pack_version"],
        follows=raw["follows"],
        closed=raw.get("closed"),
        keep_until=raw.get("keep_until"),
        time_zone=raw.get("time_zone"),
    )


def listed_case(key: CaseKey) -> dict[str, Any]:
    listed: dict[str, Any] = {"case": key.case, "form": key.form}
    return listed if key.reading == 1 else listed | {"reading": key.reading}


def key_from_json(raw: JSON) -> CaseKey:
    return CaseKey(raw["case"], raw["form"], raw.get("reading", 1))


def outbox_to_json(message: OutboxMessage) -> dict[str, Any]:
    """Without its id, under which it is kept, and the inspection."""
    case = list(astuple(message.case)) if message.case else None
    return {
        "channel": message.channel, "chat": message.chat, "kind": message.kind, "case": case,
        "at": message.at,
    }  # fmt: skip


def outbox_from_json(inspection_id: str, name: str, raw: JSON) -> OutboxMessage:
    case = CaseKey(*raw["case"]) if raw["case"] else None
    return OutboxMessage(
        name, inspection_id, raw["channel"], raw["chat"], raw["kind"], case, raw["at"]
    )


def member_from_json(raw: JSON) -> Member:
    return Member(raw["person"], Role(raw["role"]))


def invitation_to_json(invitation: Invitation) -> dict[str, Any]:
    """Without the code's hash, under which it is kept."""
    document = asdict(invitation)
    del document["code_hash"]
    if invitation.update is None:
        del document["update"]
    return document


def invitation_from_json(code_hash: str, raw: JSON) -> Invitation:
    return Invitation(
        code_hash=code_hash,
        role=Role(raw["role"]),
        person=raw["person"],
        expires=raw["expires"],
        used_by=raw["used_by"],
        update=raw.get("update"),
    )


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
    key = CaseKey(raw["case"], raw["form"], raw.get("reading", 1)) if raw["case"] else None
    return ChatPlace(raw["inspection"], key, raw["language"], asked_from_json(raw.get("asked")))
