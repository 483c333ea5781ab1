"""A case as the tables of its log, and back; what its steps changed.

The tables, each document under its id::

    case      "case"   {"case": "C001", "form": "case-file", "inspector": "I1", "status": "…"}
    profile   "gender" {"value": "male"}
    answers   "q08"    {"value": "yes", "note": null, "by": "I1", "at": "2026-11-20T10:00:00Z"}
    remarks   "1"      {"question": "q08", "text": "…", "by": "L1", "at": "…"}
    evidence  "1"      {"question": "q08", "media": "photo", "file": "C001-3f2a….jpg", …}
    chats     "tg-55"  where this chat is in the case: its cursor
    updates   "4711"   {"chat": "tg-55", "message": "812", "gave": ["answers/q08"]}
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, field
from itertools import chain, compress
from math import isfinite
from operator import is_not
from typing import Any, Final, TypeVar

from criteria.case import Case
from criteria.case_json import (
    answer_to_json,
    case_from_json,
    evidence_to_json,
    head_to_json,
)
from criteria.question import Value
from dialogs.events import EVENTS, GivenChange, UndoAsked
from storage.errors import NotSaved
from storage.journal import Document, Line, Patch
from storage.log_lines import Fold, difference

HISTORY_TABLES: Final = ("case", "profile", "answers", "remarks", "evidence")
"""What a case's history tells of: not where a chat is, nor which updates it applied."""

GIVEN_TABLES: Final = ("profile", "answers", "evidence")
"""What a person gives in a conversation, and may take back."""

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class HistoryEntry:
    """One committed step of a case: who, when, what kind, from what to what, and why.

    ``changes`` are those of :data:`HISTORY_TABLES`.
    """

    at: str
    by: str | None
    event: str
    why: str | None = field(repr=False)
    changes: tuple[GivenChange, ...]


def case_from_tables(tables: Mapping[str, Mapping[str, Any]]) -> Case:
    profile = tables.get("profile", {})
    return case_from_json({
        **tables["case"]["case"],
        "profile": {name: one["value"] for name, one in profile.items()},
        "answers": tables.get("answers", {}),
        "remarks": tables.get("remarks", {}).values(),
        "attachments": tables.get("evidence", {}).values(),
    })  # fmt: skip


def case_patch(before: Case | None, after: Case) -> dict[str, dict[str, Document | None]]:
    """What makes the tables of ``before`` those of ``after``."""
    head_changed = before is None or _head_fields(before) != _head_fields(after)
    patch: dict[str, dict[str, Document | None]] = {
        "case": {"case": _head(after)} if head_changed else {},
        "profile": _changed(before.profile if before else {}, after.profile, _profile_document),
        "answers": _changed(before.answers if before else {}, after.answers, answer_to_json),
    }
    if after.remarks or after.evidence or (before and (before.remarks or before.evidence)):
        changed = difference(_lists(before) if before else {}, _lists(after))
        patch |= {table: dict(documents) for table, documents in changed.items()}
    return {table: documents for table, documents in patch.items() if documents}


def _changed(
    before: Mapping[str, T], after: Mapping[str, T], document: Callable[[T], Document]
) -> dict[str, Document | None]:
    """The entries that differ. A step shares all others with the case before it, hence ``is``."""
    if before is after:
        return {}
    not_shared = compress(after, map(is_not, after.values(), map(before.get, after)))
    patch: dict[str, Document | None] = {
        name: document(after[name])
        for name in not_shared
        if name not in before or before[name] != after[name]
    }
    for name, one in patch.items():
        value = one["value"] if one else None
        if isinstance(value, float) and not isfinite(value):  # JSON would hold null, in silence
            raise NotSaved(f"Not saved: the answer to {name} is not a number that can be kept.")
    added = [name for name in patch if name not in before]
    if len(before) + len(added) > len(after):
        patch |= {name: None for name in before if name not in after}
    return patch


def _head_fields(case: Case) -> tuple[object, ...]:
    """What of a case's head may change."""
    return case.inspector, case.status, case.place, case.subject, case.links


def _head(case: Case) -> Document:
    head = head_to_json(case)
    return head if case.reading == 1 else head | {"reading": case.reading}


def _lists(case: Case) -> dict[str, dict[str, Document]]:
    remarks, evidence = map(asdict, case.remarks), map(evidence_to_json, case.evidence)
    return {
        "remarks": {str(place): one for place, one in enumerate(remarks, 1)},
        "evidence": {str(place): one for place, one in enumerate(evidence, 1)},
    }


def _profile_document(value: Value) -> Document:
    return {"value": list(value) if isinstance(value, tuple) else value}


def history_of(lines: Iterable[Line]) -> Iterator[HistoryEntry]:
    """What each of a case's steps changed, from what to what."""
    fold = Fold()
    for line in lines:
        changes = tuple(_changes(line.patch, fold))
        yield HistoryEntry(line.at, line.by, line.event, line.why, changes)
        fold.take(line)


def steps_given(lines: Iterable[Line], person: str, chat: str) -> list[tuple[GivenChange, ...]]:
    """What each step of this person's conversation gave, without those that were taken back.

    With it stands what became of the chat's cursor.
    """
    steps: list[tuple[GivenChange, ...]] = []
    fold = Fold()
    for line in lines:
        if line.by == person and any(line.patch.get(table) for table in GIVEN_TABLES):
            if line.event == UndoAsked.__name__:
                del steps[-1:]
            elif line.event in EVENTS:
                changes = _changes(line.patch, fold, ("case", *GIVEN_TABLES, "chats"))
                gave = tuple(one for one in changes if one.table != "chats" or one.name == chat)
                # The files of an album are messages of their own, and yet one thing.
                if steps and (album := _album_of(gave)) and album == _album_of(steps[-1]):
                    gave = _together(steps.pop(), gave)
                steps.append(gave)
        fold.take(line)
    return steps


def _album_of(gave: Iterable[GivenChange]) -> str | None:
    """The album whose file a step added."""
    added = (one.after for one in gave if one.table == "evidence" and one.before is None)
    return next((one.get("album") for one in added if one), None)


def _together(*steps: Iterable[GivenChange]) -> tuple[GivenChange, ...]:
    """What steps changed in all: from what stood before the first to what the last one left."""
    gave: dict[tuple[str, str], GivenChange] = {}
    for one in chain.from_iterable(steps):
        known = gave.get((one.table, one.name))
        before = one.before if known is None else known.before
        gave[one.table, one.name] = GivenChange(one.table, one.name, before, one.after)
    return tuple(gave.values())


def given_by_message(lines: Iterable[Line], chat: str, message: str) -> tuple[GivenChange, ...]:
    """What a message gave, together with what its edits changed since."""
    gave: tuple[GivenChange, ...] = ()
    fold = Fold()
    for line in lines:
        updates = line.patch.get("updates", {}).values()
        if any(one and (one["chat"], one["message"]) == (chat, message) for one in updates):
            gave = _together(gave, _changes(line.patch, fold, GIVEN_TABLES))
        fold.take(line)
    return gave


def _changes(
    patch: Patch, fold: Fold, tables: Iterable[str] = HISTORY_TABLES
) -> Iterator[GivenChange]:
    for table in tables:
        for name, after in patch.get(table, {}).items():
            yield GivenChange(table, name, fold.tables.get(table, {}).get(name), after)
