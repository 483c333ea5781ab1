"""What an inspection keeps beside its cases, as documents in its log and back."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, astuple
from typing import Any

from criteria.case import Case, CaseKey
from criteria.inspection import Inspection, Member, Role
from criteria.pack import Pack
from storage.file_names import same_case
from storage.store import AlreadyThere, Invitation, Owed

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


def listed_cases(cases: Sequence[Case]) -> dict[str, Mapping[str, Any]]:
    """The list of a new inspection. Raises :class:`AlreadyThere` where a case is in it twice."""
    listed: dict[str, Mapping[str, Any]] = {}
    for case in cases:
        if same_case(case.key) in listed:
            raise AlreadyThere(
                f"Case {case.case} ({case.form}) is listed twice; give each its own reference."
            )
        listed[same_case(case.key)] = listed_case(case.key)
    return listed


def key_from_json(raw: JSON) -> CaseKey:
    return CaseKey(raw["case"], raw["form"], raw.get("reading", 1))


def owed_to_json(notice: Owed) -> dict[str, Any]:
    case = list(astuple(notice.case)) if notice.case else None
    return {"chat": notice.chat, "kind": notice.kind, "case": case, "at": notice.at}


def owed_from_json(inspection_id: str, name: str, raw: JSON) -> Owed:
    case = CaseKey(*raw["case"]) if raw["case"] else None
    return Owed(name, inspection_id, raw["chat"], raw["kind"], case, raw["at"])


def member_from_json(raw: JSON) -> Member:
    return Member(raw["person"], Role(raw["role"]))


def invitation_to_json(invitation: Invitation) -> dict[str, Any]:
    """Without the code's hash, under which it is kept."""
    document = asdict(invitation)
    del document["code_hash"]
    return document


def invitation_from_json(code_hash: str, raw: JSON) -> Invitation:
    return Invitation(
        code_hash=code_hash,
        role=Role(raw["role"]),
        person=raw["person"],
        expires=raw["expires"],
        used_by=raw["used_by"],
    )
