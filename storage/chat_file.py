"""One chat's file: where it sits, and which updates took effect outside its open case.

The tables, each document under its id::

    chat     "chat"  {"inspection": "cheshire-2011", "case": "C001", "form": "case-file",
                      "reading": 1, "language": "en", "asked": null}
    updates  "4711"  {}
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from criteria.case import CaseKey
from dialogs.session import Asked, Session, asked_from_json, asked_to_json
from storage.appended_file import AppendedFile, Document, damaged
from storage.encryption import Cipher

KEPT_UPDATES: Final = 200
"""How many applied updates a chat remembers, those of a case it left included."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a chat sits."""

    inspection: str
    case: CaseKey | None = None
    language: str | None = None
    asked: Asked | None = None


class ChatFile:
    def __init__(self, path: Path, cipher: Cipher | None = None) -> None:
        self._file = AppendedFile(path, cipher)
        self._place: Place | None = None
        self._decoded = ""

    @property
    def hash(self) -> str:
        return self._file.hash

    def place(self) -> Place | None:
        """Where it sits now; None of a chat that never joined. One stat where nobody wrote."""
        self._file.refresh()
        if self._decoded != self._file.hash:
            self._place = self._decode() if self._file.n else None
            self._decoded = self._file.hash
        return self._place

    def applied(self) -> frozenset[int]:
        return frozenset(map(int, self._file.tables.get("updates", ())))

    def move(
        self, place: Place, applied: Iterable[int], *, by: str | None, at: str, event: str
    ) -> None:
        """Keep another place, in one line; of the updates in ``applied``, the newest."""
        known = self._file.tables.get("updates", {})
        # By arrival, not by number: after a quiet week Telegram goes on with any number.
        new = [one for one in map(str, sorted(applied)) if one not in known][-KEPT_UPDATES:]
        too_many = max(0, len(known) + len(new) - KEPT_UPDATES)
        updates: dict[str, Document | None] = {one: {} for one in new}
        updates |= dict.fromkeys(list(known)[:too_many])
        patch: dict[str, dict[str, Document | None]] = {"chat": {"chat": place_to_json(place)}}
        if updates:
            patch["updates"] = updates
        self._file.append(patch, by=by, at=at, event=event)
        self._place, self._decoded = place, self._file.hash

    def _decode(self) -> Place:
        try:
            return place_from_json(self._file.tables["chat"]["chat"])
        except (KeyError, TypeError, ValueError, AttributeError) as exc:
            raise damaged(self._file.path, None, "it is not a chat's file") from exc


def place_of(inspection_id: str, session: Session) -> Place:
    """What of a session is the chat's own, and not its open case's."""
    key = session.case.key if session.case else None
    return Place(inspection_id, key, session.language, session.asked)


def is_same(before: Session, after: Session) -> bool:
    """Cheap, and right where it says yes; what is equal without being the same is found later."""
    return after is before or (
        after.case is before.case
        and after.cursor == before.cursor
        and (after.language, after.asked) == (before.language, before.asked)
    )


def place_to_json(place: Place) -> dict[str, Any]:
    return {
        "inspection": place.inspection,
        "case": place.case.case if place.case else None,
        "form": place.case.form if place.case else None,
        "reading": place.case.reading if place.case else 1,
        "language": place.language,
        "asked": asked_to_json(place.asked),
    }


def place_from_json(raw: Document) -> Place:
    key = CaseKey(raw["case"], raw["form"], raw.get("reading", 1)) if raw["case"] else None
    return Place(raw["inspection"], key, raw["language"], asked_from_json(raw.get("asked")))
