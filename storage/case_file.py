"""One case's file: its tables, and the case as a value beside them.

The tables, as TinyDB sees them (``Database(path)``), each document under its id::

    case      "case"   {"case": "C001", "form": "case-file", "inspector": "I1", "status": "…"}
    profile   "gender" {"value": "male"}
    answers   "q1.2.b" {"value": "yes", "note": null, "by": "I1", "at": "2026-11-20T10:00:00Z"}
    remarks   "1"      {"question": "q1.2.b", "text": "…", "by": "L1", "at": "…"}
    files     "1"      {"question": "q1.2.b", "media": "photo", "file": "C001-3f2a….jpg", …}
    chats     "tg-55"  {"question": "q1.2.c", "revision": 7}      where this chat is in the case
    updates   "4711"   {"chat": "tg-55"}                          the updates that were applied
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import asdict
from itertools import compress
from math import isfinite
from operator import is_not
from pathlib import Path
from typing import Any, Final, TypeVar

from criteria.case import Answer, Case, Remark, Status, Value
from criteria.case_json import (
    answer_from_json,
    answer_to_json,
    evidence_from_json,
    evidence_to_json,
    head_to_json,
    value_from_json,
)
from dialogs.session import Cursor, cursor_from_json, cursor_to_json
from storage.appended_file import AppendedFile, Document, Fold, Line, Patch, damaged, difference
from storage.encryption import Cipher
from storage.file_names import case_file_name
from storage.store import Change, Conflict, HistoryEntry, NotSaved, Seat

HISTORY_TABLES: Final = ("case", "profile", "answers", "remarks", "files")
"""What a case's history tells of: not where a chat is, nor which updates it applied."""

KEPT_UPDATES: Final = 400
"""How many applied updates a case remembers. Telegram redelivers at most the last hundred."""

T = TypeVar("T")


class CaseFile:
    """A case as it stands, decoded once and kept; another's step is taken in from its line only."""

    def __init__(self, path: Path, cipher: Cipher | None = None) -> None:
        self.path = path
        self._file = AppendedFile(path, cipher, stays_open=True)
        self._case: Case | None = None
        self._decoded = ""  # the file's hash when ``_case`` was made

    @property
    def version(self) -> int:
        return self._file.n

    @property
    def hash(self) -> str:
        return self._file.hash

    @property
    def at(self) -> str:
        """When it last changed, as of the last :meth:`case`."""
        return self._file.at

    def case(self) -> Case:
        """The case as it stands now; one stat where nobody else wrote. May be :class:`Damaged`."""
        self._file.refresh()
        case = self._case
        if case is None or self._decoded != self._file.hash:
            if not self._file.n:
                raise damaged(self.path, None, "it is missing or empty")
            case = self._decode(case_from_tables)
            if case_file_name(case.key) != self.path.name:
                raise damaged(self.path, None, f"it holds another case, {case.case}")
            self._stands_as(case)
        return case

    def cursor(self, chat: str) -> Cursor:
        """Where this chat is, as of the last :meth:`case`."""
        raw = self._file.tables.get("chats", {}).get(chat)
        return Cursor() if raw is None else self._decode(lambda _: cursor_from_json(raw))

    def applied(self, chat: str) -> frozenset[int]:
        """The updates of this chat that took effect here, as of the last :meth:`case`."""
        updates = self._file.tables.get("updates", {})
        return frozenset(int(one) for one, update in updates.items() if update["chat"] == chat)

    def exists(self) -> bool:
        self._file.refresh()
        return self._file.n > 0

    def change(  # noqa: PLR0913  # who, when and why
        self, case: Case, *, expect: int, by: str, at: str, event: str, why: str | None
    ) -> None:
        """Make the stored case equal ``case``. Raises :class:`Conflict` if it changed since."""
        before = self.case()
        self._expect(expect)
        patch = case_patch(before, case)
        if patch:
            self._file.append(patch, by=by, at=at, event=event, why=why, expect=expect)
            self._stands_as(case)

    def put(self, case: Case, *, by: str | None, at: str, event: str) -> bool:
        """Make the stored case equal ``case``, in one line. Gives whether anything differed."""
        while True:
            before = self.case() if self.exists() else None
            patch = case_patch(before, case)
            if not patch:
                return False
            try:
                self._file.append(patch, by=by, at=at, event=event, expect=self.version)
            except Conflict:  # somebody else was quicker; theirs is read by now
                continue
            self._stands_as(case)
            return True

    def step(self, seat: Seat, case: Case, cursor: Cursor, update: int | None) -> Patch | None:
        """What a step changed of this case and of the chat's place in it; None where nothing.

        Raises :class:`Conflict` if the case is no longer the one that ``seat.version`` says.
        """
        # No look at the file for what is known: if it is old, ``expect`` does not fit.
        before = self._case if self._case and self.version == seat.version else self.case()
        self._expect(seat.version)
        patch = case_patch(before, case)
        place = cursor_to_json(cursor)
        if self._file.tables.get("chats", {}).get(seat.chat, {}) != place:
            patch["chats"] = {seat.chat: place}
        if not patch:
            return None
        if update is not None:
            patch["updates"] = self._update_patch(update, seat.chat)
        return patch

    def commit(self, patch: Patch, seat: Seat, case: Case, *, event: str, at: str) -> None:
        """Keep a :meth:`step`, after which the case is ``case``, in one line."""
        self._file.append(patch, by=seat.member.person, at=at, event=event, expect=seat.version)
        self._stands_as(case)

    def look(self, expect: int) -> None:
        """A look at the file. Raises :class:`Conflict` if it changed since that version."""
        self._file.refresh()
        self._expect(expect)

    def history(self) -> Iterator[HistoryEntry]:
        """Every step with what it changed, from what to what."""
        return history_of(self._file.lines())

    def _expect(self, version: int) -> None:
        if self.version != version:
            raise Conflict("The case was changed by somebody else in the meantime.")

    def _stands_as(self, case: Case) -> None:
        self._case, self._decoded = case, self._file.hash

    def _update_patch(self, update: int, chat: str) -> dict[str, Document | None]:
        updates = self._file.tables.get("updates", {})
        patch: dict[str, Document | None] = {str(update): {"chat": chat}}
        if len(updates) >= KEPT_UPDATES:
            patch[next(iter(updates))] = None  # the oldest
        return patch

    def _decode(self, read: Callable[[Mapping[str, Mapping[str, Any]]], T]) -> T:
        """A whole file may still hold what no version of ours wrote."""
        try:
            return read(self._file.tables)
        except (KeyError, TypeError, ValueError, AttributeError) as exc:
            raise damaged(self.path, None, "it is not a case's file") from exc


def case_from_tables(tables: Mapping[str, Mapping[str, Any]]) -> Case:
    head = tables["case"]["case"]
    remarks, files = tables.get("remarks", {}), tables.get("files", {})
    return Case(
        case=head["case"],
        form=head["form"],
        inspector=head["inspector"],
        status=Status(head["status"]),
        profile={
            name: value_from_json(one["value"]) for name, one in tables.get("profile", {}).items()
        },
        answers={name: answer_from_json(one) for name, one in tables.get("answers", {}).items()},
        reading=head.get("reading", 1),
        remarks=tuple(Remark(**one) for one in remarks.values()),
        evidence=tuple(evidence_from_json(one) for one in files.values()),
        place=head.get("place"),
        subject=head.get("subject"),
        links=tuple(head.get("links", ())),
    )


def case_patch(before: Case | None, after: Case) -> dict[str, dict[str, Document | None]]:
    """What makes the tables of ``before`` those of ``after``."""
    patch: dict[str, dict[str, Document | None]] = {}
    if before is None or _head(before) != _head(after):
        patch["case"] = {"case": _head(after)}
    profile = _changed(before.profile if before else {}, after.profile, _profile_document)
    if profile:
        patch["profile"] = profile
    answers = _changed(before.answers if before else {}, after.answers, _answer_document)
    if answers:
        patch["answers"] = answers
    if after.remarks or after.evidence or (before and (before.remarks or before.evidence)):
        lists = ("remarks", _remarks), ("files", _files)
        for table, documents in lists:
            changed = difference(
                {table: documents(before) if before else {}}, {table: documents(after)}
            )
            patch |= {name: dict(one) for name, one in changed.items()}
    return patch


def _changed(
    before: Mapping[str, T], after: Mapping[str, T], document: Callable[[str, T], Document]
) -> dict[str, Document | None]:
    """The entries that differ. A step shares all others with the case before it, hence ``is``."""
    if before is after:
        return {}
    not_shared = compress(after, map(is_not, after.values(), map(before.get, after)))
    patch: dict[str, Document | None] = {
        name: document(name, after[name])
        for name in not_shared
        if name not in before or before[name] != after[name]
    }
    added = [name for name in patch if name not in before]
    if len(before) + len(added) > len(after):
        patch |= {name: None for name in before if name not in after}
    return patch


def _head(case: Case) -> Document:
    head = head_to_json(case)
    return head if case.reading == 1 else head | {"reading": case.reading}


def _remarks(case: Case) -> dict[str, Document]:
    return {str(place): asdict(remark) for place, remark in enumerate(case.remarks, 1)}


def _files(case: Case) -> dict[str, Document]:
    return {str(place): evidence_to_json(one) for place, one in enumerate(case.evidence, 1)}


def _profile_document(name: str, value: Value) -> Document:
    return {"value": _json_value(name, value)}


def _answer_document(name: str, answer: Answer) -> Document:
    _json_value(name, answer.value)
    return answer_to_json(answer)


def _json_value(name: str, value: Value | None) -> Any:
    """JSON has no infinity; orjson would keep it as null, in silence."""
    if isinstance(value, float) and not isfinite(value):
        raise NotSaved(f"Not saved: the answer to {name} is not a number that can be kept.")
    return list(value) if isinstance(value, tuple) else value


def history_of(lines: Iterable[Line]) -> Iterator[HistoryEntry]:
    """What each of a case's steps changed, from what to what."""
    fold = Fold()
    for line in lines:
        changes = tuple(_changes(line.patch, fold))
        yield HistoryEntry(line.at, line.by, line.event, line.why, changes)
        fold.apply(line.patch)


def _changes(patch: Patch, fold: Fold) -> Iterator[Change]:
    for table in HISTORY_TABLES:
        for name, after in patch.get(table, {}).items():
            yield Change(table, name, fold.tables.get(table, {}).get(name), after)
