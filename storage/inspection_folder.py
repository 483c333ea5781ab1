"""One inspection's folder: its pinned pack, its list of cases, its people and its case files.

::

    <id>/inspection.jsonl    what the inspection is, the cases in order, people, invitations
    <id>/pack.json           the pinned pack, byte for byte as it was on the first day
    <id>/cases/C001~case-file.jsonl

The tables of ``inspection.jsonl``, each document under its id::

    inspection   "inspection"      {"id": "cheshire-2011", "title": "…", …, "pack_sha256": "…"}
    cases        "c001~case-file"  {"case": "C001", "form": "case-file"}
    people       "tg-55"           {"person": "I1", "role": "inspector"}
    former       "I3"              {"chat": "tg-56", "at": "…"}      those who were taken out
    invitations  "<code's hash>"   {"role": "inspector", "person": null, "expires": "…", …}
    owed         "<notice's id>"   {"chat": "tg-57", "kind": "submitted", "case": "C001", …}

and one table for each kind of record: ``adjustments``, ``key_findings``, ``recommendations`` …
Photos and voice messages lie in ``<id>/files/``.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, astuple
from pathlib import Path
from typing import Any, Final

from criteria.case import Case, CaseKey
from criteria.inspection import Inspection, Member, Role
from criteria.load_pack import load_pack
from criteria.pack import Pack
from storage.appended_file import (
    FIRST,
    FORMAT,
    Database,
    Document,
    Patch,
    damaged,
    make_folder,
    not_saved,
    sync_folder,
    written_line,
)
from storage.case_file import case_patch
from storage.file_names import case_file_name, file_name, same_case
from storage.store import (
    AlreadyThere,
    Conflict,
    Invitation,
    NotFound,
    Owed,
    RecordKind,
    StoreError,
)

MAKING: Final = ".making-"
"""Begins the name of a folder that is not finished; it is no inspection."""


class InspectionFolder:
    """What an inspection holds but the answers. Everything is as of the last :meth:`refresh`."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._database = Database(path / "inspection.jsonl")
        self._file = self._database.file
        self._decoded = ""
        self._inspection: Inspection | None = None
        self._listed: tuple[str, list[tuple[CaseKey, str]]] = "", []
        self._pack: Pack | None = None

    # --- reading -----------------------------------------------------------------------------

    def refresh(self) -> None:
        """Take in what others wrote: one stat where that is nothing. May be :class:`Damaged`."""
        self._file.refresh()
        if not self._file.n:
            raise damaged(self._file.path, None, "it is missing or empty")

    @property
    def hash(self) -> str:
        return self._file.hash

    @property
    def inspection(self) -> Inspection:
        if self._inspection is None or self._decoded != self._file.hash:
            raw = self._head()
            self._inspection = Inspection(
                id=raw["id"],
                title=raw["title"],
                pack_name=raw["pack_name"],
                pack_version=raw["pack_version"],
                follows=raw["follows"],
            )
            self._decoded = self._file.hash
        return self._inspection

    @property
    def created(self) -> str:
        return str(self._head()["created"])

    def _head(self) -> Mapping[str, Any]:
        try:
            head: Mapping[str, Any] = self._file.tables["inspection"]["inspection"]
        except KeyError as exc:
            raise damaged(self._file.path, None, "it is not an inspection's file") from exc
        return head

    def pack(self) -> Pack:
        """The pinned pack, checked against the hash that was taken when it was pinned."""
        if self._pack is None:
            self._pack = self._load_pack()
        return self._pack

    def _load_pack(self) -> Pack:
        path = self.path / "pack.json"
        try:
            data = path.read_bytes()
        except FileNotFoundError as exc:
            raise damaged(path, None, "the inspection's copy of its pack is missing") from exc
        except OSError as exc:
            raise StoreError(f"{path} cannot be read: {exc.strerror}.") from exc
        if hashlib.sha256(data).hexdigest() != self._head()["pack_sha256"]:
            raise damaged(path, None, "the inspection's copy of its pack was changed")
        return load_pack(json.loads(data))

    def listed(self) -> list[tuple[CaseKey, str]]:
        """The cases and their files' paths, in the order in which they were added."""
        if self._listed[0] != self._file.hash:
            raw = self._file.tables.get("cases", {}).values()
            keys = [_key(one) for one in raw]
            paths = [(key, str(self.case_path(key))) for key in keys]
            self._listed = self._file.hash, paths
        return self._listed[1]

    def find(self, key: CaseKey) -> CaseKey | None:
        """The case of that reference as it was added (``c001`` finds ``C001``)."""
        raw = self._file.tables.get("cases", {}).get(same_case(key))
        return None if raw is None else _key(raw)

    def case_path(self, key: CaseKey) -> Path:
        return self.path / "cases" / case_file_name(key)

    def member(self, chat: str) -> Member | None:
        raw = self._file.tables.get("people", {}).get(chat)
        return None if raw is None else _member(raw)

    def members(self) -> dict[str, Member]:
        return {str(one.doc_id): _member(one) for one in self._database.table("people")}

    def invitations(self) -> list[Invitation]:
        table = self._database.table("invitations")
        return [_invitation(str(one.doc_id), one) for one in table]

    def former_people(self) -> frozenset[str]:
        return frozenset(self._file.tables.get("former", ()))

    def records(self, kind: RecordKind) -> dict[str, Mapping[str, Any]]:
        return dict(self._file.tables.get(kind, {}))

    def owed(self) -> list[Owed]:
        table = self._file.tables.get("owed", {})
        return [_owed(self.inspection.id, name, raw) for name, raw in table.items()]

    def file_path(self, name: str) -> Path:
        return self.path / "files" / file_name("a file's name", name)

    # --- writing -----------------------------------------------------------------------------

    def list_case(self, case: Case, *, by: str | None, at: str) -> None:
        """Put a case that has its file on the list. Raises :class:`AlreadyThere`."""

        def patch() -> Patch:
            self.refuse_second(case.key)
            return {"cases": {same_case(case.key): _listed(case)}}

        self._change(patch, by=by, at=at, event="CaseAdded")

    def refuse_second(self, key: CaseKey) -> None:
        found = self.find(key)
        if found is not None:
            raise AlreadyThere(f"Case {found.case} ({found.form}) is there already.")

    def add_invitation(self, invitation: Invitation, *, at: str) -> None:
        document = asdict(invitation)
        patch = {"invitations": {document.pop("code_hash"): document}}
        self._change(lambda: patch, by=None, at=at, event="InvitationAdded")

    def revoke_invitation(self, code_hash: str, *, by: str, at: str) -> None:
        raw = self._file.tables.get("invitations", {}).get(code_hash)
        if raw is not None and raw["used_by"] is None:
            patch = {"invitations": {code_hash: None}}
            self._change(lambda: patch, by=by, at=at, event="InvitationRevoked")

    def set_record(
        self, kind: RecordKind, name: str, document: Document | None, *, by: str | None, at: str
    ) -> None:
        if document is not None or name in self._file.tables.get(kind, {}):
            event = "RecordKept" if document is not None else "RecordTakenAway"
            self._change(lambda: {kind: {name: document}}, by=by, at=at, event=event)

    def change_owed(self, documents: Mapping[str, Document | None], *, at: str) -> None:
        """Owe messages, or (None) no longer."""
        known = self._file.tables.get("owed", {})
        patch = {name: one for name, one in documents.items() if one is not None or name in known}
        if patch:
            event = "NoticeOwed" if any(patch.values()) else "NoticePaid"
            self._change(lambda: {"owed": patch}, by=None, at=at, event=event)

    def change_member(self, chat: str, member: Member | None, *, by: str, at: str) -> None:
        before = self.member(chat)
        if before is None or before == member:
            return
        patch: dict[str, dict[str, Document | None]] = {
            "people": {chat: None if member is None else asdict(member)}
        }
        if member is None:
            patch["former"] = {before.person: {"chat": chat, "at": at}}
        event = "MemberChanged" if member else "MemberRemoved"
        self._change(lambda: patch, by=by, at=at, event=event)

    def keep_file(self, name: str, content: bytes) -> None:
        """Durably, under its name, whole or not at all."""
        path = self.file_path(name)
        try:
            if path.exists():
                return
            make_folder(path.parent)
            making = path.with_name(f"{MAKING}{name}-{os.getpid()}")
            making.unlink(missing_ok=True)
            try:
                _write_durably(making, content)
                making.replace(path)
            except BaseException:
                making.unlink(missing_ok=True)
                raise
            sync_folder(path.parent)
        except OSError as exc:
            raise not_saved(path, exc) from exc

    def file(self, name: str) -> bytes:
        path = self.file_path(name)
        try:
            return path.read_bytes()
        except FileNotFoundError as exc:
            raise NotFound(f"There is no file {name!r} in this inspection.") from exc
        except OSError as exc:
            raise StoreError(f"{path} cannot be read: {exc.strerror}.") from exc

    def seat_member(self, chat: str, member: Member, *, at: str) -> None:
        if self.member(chat) != member:
            patch = {"people": {chat: asdict(member)}}
            self._change(lambda: patch, by=member.person, at=at, event="MemberAdded")

    def use_invitation(self, code_hash: str, chat: str, member: Member, *, at: str) -> None:
        """In one line: the invitation is used, this chat is the member. Or :class:`Conflict`."""

        def patch() -> Patch:
            invitation = self.unused_invitation(code_hash)
            document = asdict(invitation) | {"used_by": chat}
            del document["code_hash"]
            return {
                "people": {chat: asdict(member)},
                "invitations": {code_hash: document},
            }

        self._change(patch, by=member.person, at=at, event="InvitationUsed")

    def unused_invitation(self, code_hash: str) -> Invitation:
        raw = self._file.tables.get("invitations", {}).get(code_hash)
        if raw is None or raw["used_by"] is not None:
            raise Conflict("This invitation was used in the meantime.")
        return _invitation(code_hash, raw)

    def _change(self, patch: Callable[[], Patch], *, by: str | None, at: str, event: str) -> None:
        """Append ``patch()``, worked out anew if somebody else wrote in between."""
        while True:
            self.refresh()
            version = self._file.n
            changes = patch()
            try:
                self._file.append(changes, by=by, at=at, event=event, expect=version)
            except Conflict:
                continue
            return


def make_inspection_folder(
    path: Path, inspection: Inspection, pack: Pack, cases: Sequence[Case], *, at: str
) -> None:
    """Make it beside its place, whole and durable, then rename it: all or nothing."""
    listed = {same_case(case.key): _listed(case) for case in cases}
    if len(listed) < len(cases):
        raise AlreadyThere(_listed_twice(cases))
    pack_bytes = (json.dumps(pack.document, ensure_ascii=False, indent=1) + "\n").encode()
    head = asdict(inspection) | {
        "created": at,
        "pack_sha256": hashlib.sha256(pack_bytes).hexdigest(),
    }
    first = {"inspection": {"inspection": head}, "cases": listed}
    try:
        make_folder(path.parent)
        making = Path(tempfile.mkdtemp(prefix=f"{MAKING}{path.name}-", dir=path.parent))
        try:
            _write_durably(making / "pack.json", pack_bytes)
            (making / "cases").mkdir()
            for case in cases:
                _write_first_line(
                    making / "cases" / case_file_name(case.key), case_patch(None, case), at
                )
            _write_first_line(making / "inspection.jsonl", first, at)
            sync_folder(making / "cases")
            sync_folder(making)
            _rename_into_place(making, path)
        except BaseException:
            shutil.rmtree(making, ignore_errors=True)
            raise
    except OSError as exc:
        raise not_saved(path, exc) from exc


def _rename_into_place(making: Path, path: Path) -> None:
    if path.exists():
        raise AlreadyThere(f"There is an inspection {path.name!r} already.")
    try:
        making.rename(path)
    except OSError as exc:
        if path.exists():  # somebody else was quicker
            raise AlreadyThere(f"There is an inspection {path.name!r} already.") from exc
        raise
    try:
        sync_folder(path.parent)
    except OSError:
        path.rename(making)  # whose maker throws it away
        raise


def _write_first_line(path: Path, patch: Patch, at: str) -> None:
    step = {"v": FORMAT, "n": 1, "at": at, "by": None, "event": "InspectionMade"}
    line, _ = written_line(path, {**step, "set": patch, "prev": FIRST})
    _write_durably(path, line)


def _write_durably(path: Path, data: bytes) -> None:
    """A new file. That its folder holds it is the caller's to make durable."""
    fd = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), 0o600)
    with os.fdopen(fd, "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


def _listed(case: Case) -> dict[str, Any]:
    listed: dict[str, Any] = {"case": case.case, "form": case.form}
    return listed if case.reading == 1 else listed | {"reading": case.reading}


def _key(raw: Mapping[str, Any]) -> CaseKey:
    return CaseKey(raw["case"], raw["form"], raw.get("reading", 1))


def owed_document(notice: Owed) -> dict[str, Any]:
    case = list(astuple(notice.case)) if notice.case else None
    return {"chat": notice.chat, "kind": notice.kind, "case": case, "at": notice.at}


def _owed(inspection_id: str, name: str, raw: Mapping[str, Any]) -> Owed:
    case = CaseKey(*raw["case"]) if raw["case"] else None
    return Owed(name, inspection_id, raw["chat"], raw["kind"], case, raw["at"])


def _listed_twice(cases: Sequence[Case]) -> str:
    seen: set[str] = set()
    for case in cases:
        if same_case(case.key) in seen:
            return f"Case {case.case} ({case.form}) is listed twice; give each its own reference."
        seen.add(same_case(case.key))
    return "A case is listed twice."


def _member(raw: Mapping[str, Any]) -> Member:
    return Member(raw["person"], Role(raw["role"]))


def _invitation(code_hash: str, raw: Mapping[str, Any]) -> Invitation:
    return Invitation(
        code_hash=code_hash,
        role=Role(raw["role"]),
        person=raw["person"],
        expires=raw["expires"],
        used_by=raw["used_by"],
    )
