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
import shutil
import tempfile
from collections.abc import AsyncIterator, Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from types import EllipsisType
from typing import Any, Final

from criteria.case import Case, CaseKey
from criteria.inspection import Inspection, Member
from criteria.load_pack import load_pack
from criteria.pack import Pack
from storage.appended_file import (
    FIRST,
    MAKING,
    Database,
    Document,
    Patch,
    damaged,
    make_folder,
    not_saved,
    replace_durably,
    sync_path,
    write_durably,
    written_line,
)
from storage.carried_logs import carried_lines, checked_logs
from storage.case_file import case_patch
from storage.documents import (
    inspection_from_json,
    inspection_to_json,
    invitation_from_json,
    invitation_to_json,
    key_from_json,
    listed_case,
    listed_cases,
    member_from_json,
    owed_from_json,
    pack_text,
)
from storage.encryption import Cipher, opened, sealed
from storage.erasing import without_case
from storage.file_names import HASHED_NAME, case_file_name, file_name, same_case
from storage.store import (
    AlreadyThere,
    CarriedLog,
    Conflict,
    Invitation,
    NotFound,
    Owed,
    RecordKind,
    StoreError,
)

HEAD: Final = {"id", "title", "pack_name", "pack_version", "follows", "created", "pack_sha256"}


class InspectionFolder:
    """What an inspection holds but the answers. Everything is as of the last :meth:`refresh`."""

    def __init__(self, path: Path, cipher: Cipher | None = None) -> None:
        self.path = path
        self._cipher = cipher
        self._database = Database(path / "inspection.jsonl", cipher)
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
    def tables(self) -> Mapping[str, Mapping[str, Any]]:
        """All that it keeps: look, do not touch."""
        return self._file.tables

    @property
    def inspection(self) -> Inspection:
        if self._inspection is None or self._decoded != self._file.hash:
            self._inspection = inspection_from_json(self._head())
            self._decoded = self._file.hash
        return self._inspection

    @property
    def created(self) -> str:
        return str(self._head()["created"])

    def _head(self) -> Mapping[str, Any]:
        head: Mapping[str, Any] = self._file.tables.get("inspection", {}).get("inspection", {})
        if not head.keys() >= HEAD:
            raise damaged(self._file.path, None, "it is not an inspection's file")
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
        data = opened(self._cipher, path, data)
        if hashlib.sha256(data).hexdigest() != self._head()["pack_sha256"]:
            raise damaged(path, None, "the inspection's copy of its pack was changed")
        return load_pack(json.loads(data))

    def listed(self) -> list[tuple[CaseKey, str]]:
        """The cases and their files' paths, in the order in which they were added."""
        if self._listed[0] != self._file.hash:
            raw = self._file.tables.get("cases", {}).values()
            keys = [key_from_json(one) for one in raw]
            paths = [(key, str(self.case_path(key))) for key in keys]
            self._listed = self._file.hash, paths
        return self._listed[1]

    def find(self, key: CaseKey) -> CaseKey | None:
        """The case of that reference as it was added (``c001`` finds ``C001``)."""
        raw = self._file.tables.get("cases", {}).get(same_case(key))
        return None if raw is None else key_from_json(raw)

    def case_path(self, key: CaseKey) -> Path:
        return self.path / "cases" / case_file_name(key)

    def member(self, chat: str) -> Member | None:
        raw = self._file.tables.get("people", {}).get(chat)
        return None if raw is None else member_from_json(raw)

    def members(self) -> dict[str, Member]:
        return {str(one.doc_id): member_from_json(one) for one in self._database.table("people")}

    def invitations(self) -> list[Invitation]:
        table = self._database.table("invitations")
        return [invitation_from_json(str(one.doc_id), one) for one in table]

    def former_people(self) -> frozenset[str]:
        return frozenset(self._file.tables.get("former", ()))

    def records(self, kind: RecordKind) -> dict[str, Mapping[str, Any]]:
        return dict(self._file.tables.get(kind, {}))

    def owed(self) -> list[Owed]:
        table = self._file.tables.get("owed", {})
        return [owed_from_json(self.inspection.id, name, raw) for name, raw in table.items()]

    def file_path(self, name: str) -> Path:
        return self.path / "files" / file_name("a file's name", name)

    # --- writing -----------------------------------------------------------------------------

    def list_case(self, case: Case, *, by: str | None, at: str) -> None:
        """Put a case that has its file on the list. Raises :class:`AlreadyThere`."""

        def patch() -> Patch:
            self.refuse_second(case.key)
            return {"cases": {same_case(case.key): listed_case(case.key)}}

        self._change(patch, by=by, at=at, event="CaseAdded")

    def unlist_case(self, key: CaseKey, *, by: str | None, at: str) -> None:
        """Take a case off the list; nothing happens where it is not on it."""

        def patch() -> Patch:
            return without_case(key, self._file.tables) if self.find(key) else {}

        self._change(patch, by=by, at=at, event="CaseErased")

    def refuse_second(self, key: CaseKey) -> None:
        found = self.find(key)
        if found is not None:
            raise AlreadyThere(f"Case {found.case} ({found.form}) is there already.")

    def close(self, *, closed: str | None, keep_until: str | None, by: str | None, at: str) -> None:
        def patch() -> Patch:
            head = dict(self._head())
            after = {**head, "closed": closed, "keep_until": keep_until}
            return {} if after == head else {"inspection": {"inspection": after}}

        event = "InspectionClosed" if closed else "InspectionOpened"
        self._change(patch, by=by, at=at, event=event)

    def add_invitation(self, invitation: Invitation, *, at: str) -> None:
        patch = {"invitations": {invitation.code_hash: invitation_to_json(invitation)}}
        self._change(lambda: patch, by=None, at=at, event="InvitationAdded")

    def revoke_invitation(self, code_hash: str, *, by: str, at: str) -> None:
        raw = self._file.tables.get("invitations", {}).get(code_hash)
        if raw is not None and raw["used_by"] is None:
            patch = {"invitations": {code_hash: None}}
            self._change(lambda: patch, by=by, at=at, event="InvitationRevoked")

    def set_record(  # noqa: PLR0913  # the protocol's
        self,
        kind: RecordKind,
        name: str,
        document: Document | None,
        *,
        by: str | None,
        at: str,
        expect: Document | EllipsisType | None,
    ) -> None:
        def patch() -> Patch:
            stands = self._file.tables.get(kind, {}).get(name)
            if expect is not ... and expect != stands:
                raise Conflict("This was changed by somebody else in the meantime.")
            return {} if document is None and stands is None else {kind: {name: document}}

        event = "RecordKept" if document is not None else "RecordTakenAway"
        self._change(patch, by=by, at=at, event=event)

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
                # Whoever put it there may have been killed before its name was durable.
                sync_path(path.parent)
            else:
                make_folder(path.parent)
                replace_durably(path, sealed(self._cipher, path, content))
        except OSError as exc:
            raise not_saved(path, exc) from exc

    def files(self) -> list[str]:
        try:
            names = sorted(path.name for path in (self.path / "files").iterdir())
        except FileNotFoundError:
            return []
        return [name for name in names if not name.startswith(MAKING)]

    def file(self, name: str) -> bytes:
        path = self.file_path(name)
        try:
            data = path.read_bytes()
        except FileNotFoundError as exc:
            raise NotFound(f"There is no file {name!r} in this inspection.") from exc
        except OSError as exc:
            raise StoreError(f"{path} cannot be read: {exc.strerror}.") from exc
        content = opened(self._cipher, path, data)
        hashed = HASHED_NAME.match(name)
        if hashed and hashlib.sha256(content).hexdigest()[:24] != hashed["hash"]:
            raise damaged(path, None, "it was changed (its content is not what its name says)")
        return content

    def seat_member(self, chat: str, member: Member, *, at: str) -> None:
        if self.member(chat) != member:
            patch = {"people": {chat: asdict(member)}}
            self._change(lambda: patch, by=member.person, at=at, event="MemberAdded")

    def use_invitation(self, code_hash: str, chat: str, member: Member, *, at: str) -> None:
        """In one line: the invitation is used, this chat is the member. Or :class:`Conflict`."""

        def patch() -> Patch:
            invitation = self.unused_invitation(code_hash)
            document = invitation_to_json(invitation) | {"used_by": chat}
            return {"people": {chat: asdict(member)}, "invitations": {code_hash: document}}

        self._change(patch, by=member.person, at=at, event="InvitationUsed")

    def unused_invitation(self, code_hash: str) -> Invitation:
        raw = self._file.tables.get("invitations", {}).get(code_hash)
        if raw is None or raw["used_by"] is not None:
            raise Conflict("This invitation was used in the meantime.")
        return invitation_from_json(code_hash, raw)

    def _change(self, patch: Callable[[], Patch], *, by: str | None, at: str, event: str) -> None:
        """Append ``patch()``, worked out anew if somebody else wrote in between."""
        while True:
            self.refresh()
            version = self._file.n
            changes = patch()
            if not changes:
                return
            try:
                self._file.append(changes, by=by, at=at, event=event, expect=version)
            except Conflict:
                continue
            return


def make_inspection_folder(  # noqa: PLR0913  # all that it holds
    path: Path,
    inspection: Inspection,
    pack: Pack,
    cases: Sequence[Case],
    *,
    at: str,
    cipher: Cipher | None = None,
) -> None:
    """Make it beside its place, whole and durable, then rename it: all or nothing."""
    listed = listed_cases(cases)
    content = pack_text(pack).encode()
    head = inspection_to_json(inspection, content, at)
    first_lines: dict[str, Patch] = {
        f"cases/{case_file_name(case.key)}": case_patch(None, case) for case in cases
    }
    first_lines["inspection.jsonl"] = {"inspection": {"inspection": head}, "cases": listed}
    with _made_whole(path) as making:
        write_durably(making / "pack.json", sealed(cipher, path / "pack.json", content))
        for name, patch in first_lines.items():
            write_durably(making / name, _first_line(path / name, patch, at, cipher))


async def take_inspection_folder(
    path: Path, pack: Pack, logs: AsyncIterator[CarriedLog], *, cipher: Cipher | None
) -> None:
    """Make it from logs of another store, in the same way."""
    with _made_whole(path) as making:
        content = pack_text(pack).encode()
        write_durably(making / "pack.json", sealed(cipher, path / "pack.json", content))
        async for log in checked_logs(path.name, pack, logs):
            name = "inspection.jsonl" if log.case is None else f"cases/{case_file_name(log.case)}"
            lines = carried_lines(path / name, log.lines, cipher)
            write_durably(making / name, lines)


@contextmanager
def _made_whole(path: Path) -> Iterator[Path]:
    """A folder to be filled, and then renamed to ``path``, or thrown away if that went wrong."""
    try:
        make_folder(path.parent)
        making = Path(tempfile.mkdtemp(prefix=f"{MAKING}{path.name}-", dir=path.parent))
        try:
            (making / "cases").mkdir(mode=0o700)
            yield making
            sync_path(making / "cases")
            sync_path(making)
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
        sync_path(path.parent)
    except OSError:
        path.rename(making)  # whose maker throws it away
        raise


def _first_line(path: Path, patch: Patch, at: str, cipher: Cipher | None) -> bytes:
    seal = None if cipher is None else cipher.of(path)
    return written_line(path, 1, at, None, "InspectionMade", None, patch, FIRST, seal)[0]
