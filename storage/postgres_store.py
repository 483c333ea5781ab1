"""The store on PostgreSQL, which several workers share: see ``postgres_migrations`` for its tables.

It keeps what the embedded store keeps, as the same chains of steps; beside each chain stands what
its steps come to, as a row with its version. A step of a conversation is one call of ``keep_step``
and so one transaction. It locks the chat's row; where the chat or the case is no longer as the step
found it, or the update was applied by another worker, nothing is kept and :class:`Conflict` tells
the conversation to take the step anew. That keeps a chat's taps in their order: Telegram sends the
next update of a chat's queue only when the one before was answered (telegram-bot-api,
``WebhookActor``), which a worker does when the step is kept.

What was read is kept as values, and the database is told which, so that it sends only what changed
since. Where a case's last step is not the one its row says, the case is :class:`Damaged`;
:meth:`PostgresStore.history` and :meth:`PostgresStore.logs` check every step of it.
"""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import json
import logging
import uuid
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime
from pathlib import Path
from types import EllipsisType
from typing import Any, Final, LiteralString

from criteria.case import Case, CaseKey, is_reference
from criteria.inspection import Inspection, Member
from criteria.load_pack import load_pack
from criteria.pack import Pack
from dialogs.session import Cursor, Session, cursor_from_json, cursor_to_json
from dialogs.turn import iso
from storage import postgres_erasing
from storage.appended_file import FIRST, Line, Patch
from storage.carried_logs import carried_lines, checked_log, checked_logs
from storage.case_file import case_patch, history_of
from storage.case_summary import summary_from_json
from storage.chat_file import Place, is_same, place_from_json, place_of, place_to_json
from storage.documents import (
    inspection_from_json,
    inspection_to_json,
    invitation_from_json,
    invitation_to_json,
    listed_case,
    listed_cases,
    member_from_json,
    owed_from_json,
    owed_to_json,
    pack_text,
)
from storage.file_names import case_file_name, file_name, same_case
from storage.jsonb import from_jsonb, to_jsonb
from storage.postgres_database import Connection, Database, copy_rows, open_database
from storage.postgres_rows import (
    KEEP_CHAT_STEP,
    STEP_COLUMNS,
    KnownCase,
    KnownChat,
    KnownInspection,
    NewCase,
    Row,
    case_name,
    check_case,
    damaged,
    new_case,
    new_step,
    read_case,
    read_steps,
    step_rows,
    summary_text,
)
from storage.recently_used import RecentlyUsed
from storage.store import (
    LEASE,
    AlreadyThere,
    CarriedChat,
    CarriedLog,
    CaseSummary,
    Conflict,
    Damaged,
    HistoryEntry,
    Invitation,
    NotFound,
    Owed,
    RecordKind,
    Seat,
    StoreError,
)

CASES_KEPT: Final = 1_024
CHATS_KEPT: Final = 2_048
APPLIED_KEPT: Final = 200
"""How many applied updates a chat's row remembers; ``keep_step`` says the same."""

READ_AT_ONCE: Final = 200
"""So many cases at a time, where all of an inspection's are read or written."""

_NOT_DOCUMENTS: Final = ("inspection", "cases")
"""Tables of an inspection's log that have rows of their own."""

_CASE: Final = """
    k.log, k.version, k.hash, k.at,
    case when new then k.document::text end, case when new then k.answers::text end,
    (select s.hash from steps s where s.log = k.log and s.n = k.version)
"""
"""What :func:`read_case` takes; no documents where they are not ``new`` to this process."""

_NEW: Final = (
    "cross join lateral (select (k.log, k.hash) is distinct from (%s::bigint, %s::text) as new) one"
)
_SEAT: Final = f"""
    select c.version, c.hash, c.place::text, c.applied, i.document::text, p.document::text, {_CASE}
    from chats c
    left join inspections i on i.id = c.inspection
    left join documents p on p.inspection = i.log and p.kind = 'people' and p.name = c.chat
    left join cases k on k.inspection = i.log and k.same = c.opened
    {_NEW} where c.chat = %s
"""  # noqa: S608  # of constants
_FIND_CASE: Final = f"""
    select {_CASE} from inspections i left join cases k on k.inspection = i.log and k.same = %s
    {_NEW} where i.id = %s
"""  # noqa: S608
_EVERY_CASE: Final = f"""
    select page.log, {_CASE}
    from (select log from summaries where inspection = %s and log > %s order by log limit %s) page
    left join cases k on k.log = page.log and k.reading = coalesce(%s, k.reading)
    cross join (select true as new) one
    order by page.log
"""  # noqa: S608
"""The page is cut from the narrow table, whose index is in its order; cut from the wide one, every
case that is left may be unpacked for each page. A case of another reading is a row of nulls."""

_STEPS: Final = f"select {STEP_COLUMNS} from steps where log = %s order by n"  # noqa: S608
_OVERVIEW: Final = """
    select now.seen, s.log, s.summary::text
    from (select pg_snapshot_xmin(pg_current_snapshot())::text as seen) now
    left join summaries s on s.inspection = %s and s.changed >= %s::xid8
"""
_KEEP_STEP: Final = (
    "select keep_step(%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s::jsonb, %s::jsonb, %s::json, %s,"
    " %s, %s, %s::jsonb, %s::json, %s)"
)
_KEEP_CASE_STEP: Final = (
    "select keep_case_step(%s, %s, %s, %s::jsonb, %s::jsonb, %s, %s, %s, %s, %s::json, %s)"
)
_log = logging.getLogger(__name__)


@dataclass(slots=True)
class _Overview:
    """An inspection's summaries as known; transactions from ``seen`` on may have changed more."""

    seen: str = "0"
    by_log: dict[int, CaseSummary] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Step:
    """A step of a conversation that is to be kept."""

    seat: Seat = field(kw_only=False)
    at: str
    event: str
    update: int | None

    def line(self, name: str, version: int, patch: Patch, prev: str) -> tuple[str, str]:
        """See :func:`storage.postgres_rows.new_step`."""
        by = self.seat.member.person
        return new_step(
            name, version + 1, at=self.at, by=by, event=self.event, patch=patch, prev=prev
        )


_NOTHING_OF_CASE: Final[Row] = (None,) * 7
_NOTHING_OF_CHAT: Final[Row] = (None,) * 5
"""What ``keep_step`` is told of what does not change."""


@dataclass(frozen=True, slots=True)
class _Change:
    """An inspection that is being changed: its row is locked until the transaction ends."""

    connection: Connection
    inspection_id: str
    log: int
    version: int
    hash: str


async def open_postgres_store(address: str) -> PostgresStore:
    """The store of a database. Raises as :func:`storage.postgres_database.open_database`."""
    return PostgresStore(await open_database(address))


class PostgresStore:
    """The store protocol (:class:`storage.store.Store`) over a database."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._know_nothing()
        self._process = uuid.uuid4().hex  # who claims what is to be sent

    def _know_nothing(self) -> None:
        """Of what was read and is kept: at the start, and when rows were erased."""
        self._inspections: dict[str, KnownInspection] = {}
        self._cases: RecentlyUsed[tuple[str, str], KnownCase] = RecentlyUsed(CASES_KEPT)
        self._chats: RecentlyUsed[str, KnownChat] = RecentlyUsed(CHATS_KEPT)
        self._overviews: dict[str, _Overview] = {}

    # --- inspections -------------------------------------------------------------------------

    async def create_inspection(
        self, inspection: Inspection, pack: Pack, cases: Sequence[Case], *, at: str
    ) -> None:
        text = pack_text(pack)
        head = inspection_to_json(inspection, text.encode(), at)
        patch: Patch = {"inspection": {"inspection": head}, "cases": listed_cases(cases)}
        first = _first_step(inspection.id, patch, None, at, "InspectionMade")
        new = [_added(pack, case, None, at, "InspectionMade") for case in cases]
        async with self._database.transaction() as connection:
            log = await _insert_inspection(connection, head, text, first)
            await _insert_cases(connection, log, new)

    async def inspections(self) -> list[Inspection]:
        rows = await self._database.rows(
            "select document::text from inspections order by document ->> 'created', id"
        )
        return [inspection_from_json(from_jsonb(document)) for (document,) in rows]

    async def readable_inspections(self) -> list[Inspection]:
        return await self.inspections()

    async def inspection(self, inspection_id: str) -> Inspection:
        row = await self._database.row(
            "select document::text from inspections where id = %s", _sane(inspection_id)
        )
        if row is None:
            raise await self._no_inspection(inspection_id)
        return inspection_from_json(from_jsonb(row[0]))

    async def close_inspection(
        self,
        inspection_id: str,
        *,
        closed: str | None,
        keep_until: str | None,
        by: str | None,
        at: str,
    ) -> None:
        async def patch(change: _Change) -> Patch:
            row = await _fetch_one(
                change.connection,
                "select document::text from inspections where log = %s",
                change.log,
            )
            head = {} if row is None else from_jsonb(row[0])
            after = {**head, "closed": closed, "keep_until": keep_until}
            return {} if after == head else {"inspection": {"inspection": after}}

        event = "InspectionClosed" if closed else "InspectionOpened"
        await self._change(inspection_id, patch, by=by, at=at, event=event)

    async def pack(self, inspection_id: str) -> Pack:
        known = await self._known(inspection_id)
        if known.pack is None:
            known.pack = await self._load_pack(inspection_id)
        return known.pack

    async def _load_pack(self, inspection_id: str) -> Pack:
        """The pinned pack, checked against the hash that was taken when it was pinned."""
        row = await self._database.row(
            "select pack::text, document ->> 'pack_sha256' from inspections where id = %s",
            inspection_id,
        )
        text, sha256 = row or ("", "")
        if hashlib.sha256(text.encode()).hexdigest() != sha256:
            raise damaged(f"inspection {inspection_id}", None, "its copy of its pack was changed")
        return load_pack(json.loads(text))

    async def _known(self, inspection_id: str) -> KnownInspection:
        """What of an inspection never changes. Raises :class:`NotFound`."""
        known = self._inspections.get(inspection_id)
        if known is None:
            row = await self._database.row(
                "select log from inspections where id = %s", _sane(inspection_id)
            )
            if row is None:
                raise await self._no_inspection(inspection_id)
            known = KnownInspection(row[0])
            self._inspections[inspection_id] = known
        return known

    async def _no_inspection(self, inspection_id: str) -> NotFound:
        names = sorted(inspection.id for inspection in await self.inspections())
        there = ", ".join(names) or "none yet"
        return NotFound(f"There is no inspection {inspection_id!r}. There are: {there}.")

    # --- cases -------------------------------------------------------------------------------

    async def add_case(self, inspection_id: str, case: Case, *, by: str | None, at: str) -> None:
        pack = await self.pack(inspection_id)

        async def patch(change: _Change) -> Patch:
            row = await _fetch_one(
                change.connection,
                "select document #>> '{case,case,case}' from cases"
                " where inspection = %s and same = %s",
                change.log,
                same_case(case.key),
            )
            if row is not None:
                raise AlreadyThere(f"Case {row[0]} ({case.form}) is there already.")
            new = _added(pack, case, by, at, "CaseAdded")
            await _insert_cases(change.connection, change.log, [new])
            return {"cases": {same_case(case.key): listed_case(case.key)}}

        await self._change(inspection_id, patch, by=by, at=at, event="CaseAdded")

    async def put_case(self, inspection_id: str, case: Case, *, at: str) -> bool:
        case_file_name(case.key)
        while True:
            try:
                known = await self._case(inspection_id, case.key)
                after = replace(case, case=known.case.case)  # the reference it was added with
                if not case_patch(known.case, after):
                    return False
                await self._change_case(inspection_id, known, after, None, at, "CaseImported", None)
            except NotFound:
                if not await self._add_if_new(inspection_id, case, at=at):
                    continue
            except Conflict:  # somebody else was quicker
                continue
            return True

    async def _add_if_new(self, inspection_id: str, case: Case, *, at: str) -> bool:
        try:
            await self.add_case(inspection_id, case, by=None, at=at)
        except AlreadyThere:
            return False
        return True

    async def change_case(  # noqa: PLR0913  # the protocol's
        self,
        inspection_id: str,
        after: Case,
        *,
        expect: int,
        by: str,
        at: str,
        event: str,
        why: str | None = None,
    ) -> None:
        known = await self._case(inspection_id, after.key)
        if known.version != expect:
            raise Conflict("The case was changed by somebody else in the meantime.")
        await self._change_case(inspection_id, known, after, by, at, event, why)

    async def _change_case(  # noqa: PLR0913, PLR0917  # who, when and why
        self,
        inspection_id: str,
        known: KnownCase,
        after: Case,
        by: str | None,
        at: str,
        event: str,
        why: str | None,
    ) -> None:
        patch = case_patch(known.case, after)
        if not patch:
            return
        text, own = new_step(
            case_name(after.key), known.version + 1,
            at=at, by=by, event=event, why=why, patch=patch, prev=known.hash,
        )  # fmt: skip
        summary = summary_text(await self.pack(inspection_id), after, at)
        await self._database.row(
            _KEEP_CASE_STEP,
            known.log, known.version, known.hash, to_jsonb(patch), summary,
            at, by, event, why, text, own,
        )  # fmt: skip
        now = KnownCase(known.log, known.version + 1, own, at, after, known.chats)
        self._cases.put((inspection_id, same_case(after.key)), now)

    async def cases(self, inspection_id: str, *, reading: int = 1) -> list[Case]:
        every = self._every_case(inspection_id, reading)
        return [known.case async for known in every]

    async def _every_case(
        self, inspection_id: str, reading: int | None = None
    ) -> AsyncIterator[KnownCase]:
        """In the order in which they were added, not kept: nobody needs them again."""
        log, last = (await self._known(inspection_id)).log, 0
        while True:
            rows = await self._database.rows(_EVERY_CASE, log, last, READ_AT_ONCE, reading)
            for number, *row in rows:
                if row[0] is not None:
                    yield read_case(f"inspection {inspection_id}, case {number}", row)
                    await asyncio.sleep(0)  # the other conversations have their turn
            if len(rows) < READ_AT_ONCE:
                return
            last = rows[-1][0]

    async def overview(self, inspection_id: str, *, reading: int = 1) -> list[CaseSummary]:
        log = (await self._known(inspection_id)).log
        known = self._overviews.setdefault(inspection_id, _Overview())
        rows = await self._database.rows(_OVERVIEW, log, known.seen)
        changed = {
            number: summary_from_json(from_jsonb(summary))
            for _, number, summary in rows
            if number is not None
        }
        by_log = known.by_log | changed
        if len(by_log) > len(known.by_log):
            by_log = dict(sorted(by_log.items()))
        # A slower call of another task may have asked before this one did: it may not undo it.
        if int(rows[0][0]) >= int(self._overviews[inspection_id].seen):
            self._overviews[inspection_id] = _Overview(rows[0][0], by_log)
        return [summary for summary in by_log.values() if summary.key.reading == reading]

    async def load_case(
        self, inspection_id: str, key: CaseKey, chat: str
    ) -> tuple[Case, Cursor, int]:
        known = await self._case(inspection_id, key)
        return known.case, cursor_from_json(known.chats.get(chat, {})), known.version

    async def _case(self, inspection_id: str, key: CaseKey) -> KnownCase:
        """A case as it stands now. Raises :class:`NotFound` and :class:`Damaged`."""
        place = inspection_id, same_case(key)
        if not is_reference(key.case) or "\0" in key.form:
            await self._known(inspection_id)
            raise _no_case(key)
        known = self._cases.get(place)
        row = await self._database.row(
            _FIND_CASE, place[1], *_log_and_hash(known), _sane(inspection_id)
        )
        if row is None:
            raise await self._no_inspection(inspection_id)
        if row[0] is None:
            raise _no_case(key)
        return self._stands_as(place, row, known)

    def _stands_as(self, place: tuple[str, str], row: Row, known: KnownCase | None) -> KnownCase:
        """A case that the database was asked for, with ``known`` as what was known of it."""
        if known is None or row[4] is not None:
            known = read_case(f"inspection {place[0]}, case {place[1]}", row)
            self._cases.put(place, known)
        return known

    async def history(self, inspection_id: str, key: CaseKey) -> list[HistoryEntry]:
        known = await self._case(inspection_id, key)
        return list(history_of(await self._checked_lines(known)))

    async def _checked_lines(self, known: KnownCase) -> list[Line]:
        """A case's steps, which come to the case as it stands. Raises :class:`Damaged`."""
        name = case_name(known.case.key)
        rows = await self._database.rows(_STEPS + " limit %s", known.log, known.version)
        lines = read_steps(name, rows)
        check_case(name, known, lines)
        return lines

    async def keep_file(self, inspection_id: str, name: str, content: bytes) -> None:
        file_name("a file's name", name)
        log = (await self._known(inspection_id)).log
        await self._database.row(
            "insert into files (inspection, name, content) values (%s, %s, %b)"
            " on conflict do nothing",
            log, name, content,
        )  # fmt: skip

    async def file(self, inspection_id: str, name: str) -> bytes:
        file_name("a file's name", name)
        log = (await self._known(inspection_id)).log
        row = await self._database.row(
            "select content from files where inspection = %s and name = %s", log, name
        )
        if row is None:
            raise NotFound(f"There is no file {name!r} in this inspection.")
        return bytes(row[0])

    async def files(self, inspection_id: str) -> list[str]:
        log = (await self._known(inspection_id)).log
        rows = await self._database.rows(
            "select name from files where inspection = %s order by name", log
        )
        return [name for (name,) in rows]

    # --- erasing -----------------------------------------------------------------------------

    async def erase_case(
        self, inspection_id: str, key: CaseKey, *, by: str | None, at: str
    ) -> None:
        async def patch(change: _Change) -> Patch:
            await postgres_erasing.be_alone(change.connection)
            return await postgres_erasing.erase_case(
                change.connection, change.log, key, inspection_id=change.inspection_id, at=at
            )

        await self._change(inspection_id, patch, by=by, at=at, event="CaseErased")
        self._know_nothing()

    async def erase_person(
        self, inspection_id: str, person: str, *, by: str | None, at: str
    ) -> None:
        known = await self._known(inspection_id)
        async with self._database.transaction() as connection:
            await postgres_erasing.be_alone(connection)
            patch = await postgres_erasing.erase_person(
                connection, inspection_id, person, by=by, at=at
            )
            await _put_documents(_Change(connection, inspection_id, known.log, 0, FIRST), patch)
        self._know_nothing()

    async def erase_inspection(self, inspection_id: str, *, at: str) -> None:  # noqa: ARG002  # no step is left to say so
        await self._known(inspection_id)
        async with self._database.transaction() as connection:
            await postgres_erasing.be_alone(connection)
            await postgres_erasing.erase_inspection(connection, inspection_id)
        self._know_nothing()

    # --- people ------------------------------------------------------------------------------

    async def add_invitation(self, inspection_id: str, invitation: Invitation, *, at: str) -> None:
        patch = {"invitations": {invitation.code_hash: invitation_to_json(invitation)}}
        await self._change(inspection_id, _always(patch), by=None, at=at, event="InvitationAdded")

    async def find_invitation(self, code_hash: str) -> tuple[Inspection, Invitation] | None:
        rows = await self._database.rows(
            "select i.document::text, d.name, d.document::text"
            " from documents d join inspections i on i.log = d.inspection"
            " where d.kind = 'invitations'"
        )
        found = None
        for row in rows:
            if hmac.compare_digest(row[1].encode(), code_hash.encode()):
                found = row
        if found is None:
            return None
        inspection, name, document = found
        return (
            inspection_from_json(from_jsonb(inspection)),
            invitation_from_json(name, from_jsonb(document)),
        )

    async def invitations(self, inspection_id: str) -> list[Invitation]:
        documents = await self._documents(inspection_id, "invitations")
        return [invitation_from_json(name, one) for name, one in documents.items()]

    async def revoke_invitation(
        self, inspection_id: str, code_hash: str, *, by: str, at: str
    ) -> None:
        async def patch(change: _Change) -> Patch:
            raw = await _document(change, "invitations", code_hash)
            unused = raw is not None and raw["used_by"] is None
            return {"invitations": {code_hash: None}} if unused else {}

        await self._change(inspection_id, patch, by=by, at=at, event="InvitationRevoked")

    async def join(
        self, inspection_id: str, code_hash: str, chat: str, member: Member, *, at: str
    ) -> None:
        async def patch(change: _Change) -> Patch:
            raw = await _document(change, "invitations", code_hash)
            if raw is None or raw["used_by"] is not None:
                raise Conflict("This invitation was used in the meantime.")
            await _take_place(change, chat, member, at=at)
            return {
                "people": {chat: asdict(member)},
                "invitations": {code_hash: {**raw, "used_by": chat}},
            }

        file_name("a chat", chat)
        await self._change(inspection_id, patch, by=member.person, at=at, event="InvitationUsed")

    async def add_member(self, inspection_id: str, chat: str, member: Member, *, at: str) -> None:
        async def patch(change: _Change) -> Patch:
            await _take_place(change, chat, member, at=at)
            same = await _document(change, "people", chat) == asdict(member)
            return {} if same else {"people": {chat: asdict(member)}}

        file_name("a chat", chat)
        await self._change(inspection_id, patch, by=member.person, at=at, event="MemberAdded")

    async def change_member(
        self, inspection_id: str, chat: str, member: Member | None, *, by: str, at: str
    ) -> None:
        async def patch(change: _Change) -> Patch:
            raw = await _document(change, "people", chat)
            after = None if member is None else asdict(member)
            if raw is None or raw == after:
                return {}
            people: Patch = {"people": {chat: after}}
            if member is not None:
                return people
            return {**people, "former": {raw["person"]: {"chat": chat, "at": at}}}

        event = "MemberChanged" if member else "MemberRemoved"
        await self._change(inspection_id, patch, by=by, at=at, event=event)

    async def members(self, inspection_id: str) -> dict[str, Member]:
        documents = await self._documents(inspection_id, "people")
        return {chat: member_from_json(one) for chat, one in documents.items()}

    async def former_people(self, inspection_id: str) -> frozenset[str]:
        return frozenset(await self._documents(inspection_id, "former"))

    async def memberships(self, chat: str) -> list[tuple[Inspection, Member]]:
        rows = await self._database.rows(
            "select i.document::text, p.document::text from documents p"
            " join inspections i on i.log = p.inspection"
            " where p.kind = 'people' and p.name = %s order by i.id collate \"C\"",
            chat,
        )
        return [
            (inspection_from_json(from_jsonb(one)), member_from_json(from_jsonb(member)))
            for one, member in rows
        ]

    # --- beside the cases ----------------------------------------------------------------------

    async def set_record(  # noqa: PLR0913  # the protocol's
        self,
        inspection_id: str,
        kind: RecordKind,
        name: str,
        document: Mapping[str, Any] | None,
        *,
        by: str | None,
        at: str,
        expect: Mapping[str, Any] | EllipsisType | None = ...,
    ) -> None:
        async def patch(change: _Change) -> Patch:
            stands = await _document(change, kind, name)
            if expect is not ... and expect != stands:
                raise Conflict("This was changed by somebody else in the meantime.")
            return {} if document is None and stands is None else {kind: {name: document}}

        event = "RecordKept" if document is not None else "RecordTakenAway"
        await self._change(inspection_id, patch, by=by, at=at, event=event)

    async def records(self, inspection_id: str, kind: RecordKind) -> dict[str, Mapping[str, Any]]:
        return await self._documents(inspection_id, kind)

    async def owe(self, inspection_id: str, notices: Sequence[Owed], *, at: str) -> None:
        owed: Patch = {"owed": {notice.id: owed_to_json(notice) for notice in notices}}
        patch = _always(owed if notices else {})
        await self._change(inspection_id, patch, by=None, at=at, event="NoticeOwed")

    async def owed(self) -> list[Owed]:
        rows = await self._database.rows(
            "select i.id, d.name, d.document::text"
            " from documents d join inspections i on i.log = d.inspection"
            " where d.kind = 'owed' order by d.document ->> 'at', d.place"
        )
        return [owed_from_json(one, name, from_jsonb(document)) for one, name, document in rows]

    async def claim(self, notice: Owed, *, at: str) -> bool:
        log = (await self._known(notice.inspection)).log
        until = iso(datetime.fromisoformat(at) - LEASE)
        async with self._database.transaction() as connection:
            row = await _fetch_one(
                connection,
                "select claimed_by from documents"
                " where inspection = %s and kind = 'owed' and name = %s"
                " and (claimed_by is null or claimed_by = %s or claimed_at <= %s) for update",
                log, notice.id, self._process, until,
            )  # fmt: skip
            if row is not None:
                await connection.execute(
                    "update documents set claimed_by = %s, claimed_at = %s"
                    " where inspection = %s and kind = 'owed' and name = %s",
                    (self._process, at, log, notice.id),
                )
        return row is not None and row[0] != self._process

    async def paid(self, notice: Owed, *, at: str) -> None:
        async def patch(change: _Change) -> Patch:
            known = await _document(change, "owed", notice.id)
            return {} if known is None else {"owed": {notice.id: None}}

        await self._change(notice.inspection, patch, by=None, at=at, event="NoticePaid")

    # --- conversations -----------------------------------------------------------------------

    async def seat(self, chat: str) -> Seat | None:
        place = self._place(chat)
        known = self._cases.get(place) if place else None
        row = await self._database.row(_SEAT, *_log_and_hash(known), _sane(chat))
        if row is None:
            return None
        version, own, raw_place, applied, inspection, person, *case = row
        sits = place_from_json(from_jsonb(raw_place))
        if inspection is None:
            raise await self._no_inspection(sits.inspection)
        if person is None:
            self._chats.forget(chat)
            return None
        opened = self._opened(sits, case, known)
        member = member_from_json(from_jsonb(person))
        session = Session(
            person=member.person,
            language=sits.language,
            case=opened.case if opened else None,
            cursor=cursor_from_json(opened.chats.get(chat, {})) if opened else Cursor(),
            asked=sits.asked,
        )
        self._chats.put(chat, KnownChat(version, own, place_of(sits.inspection, session)))
        return Seat(
            chat=chat,
            inspection=inspection_from_json(from_jsonb(inspection)),
            member=member,
            session=session,
            applied=frozenset(applied),
            version=opened.version if opened else 0,
        )

    def _place(self, chat: str) -> tuple[str, str] | None:
        """The case that the chat had open when it was last looked at."""
        sits = self._chats.get(chat)
        if sits is None or sits.place.case is None:
            return None
        return sits.place.inspection, same_case(sits.place.case)

    def _opened(self, place: Place, row: Row, known: KnownCase | None) -> KnownCase | None:
        """The case that a chat has open; none if it is damaged, so that its person can go on."""
        if place.case is None or row[0] is None:
            return None
        try:
            return self._stands_as((place.inspection, same_case(place.case)), row, known)
        except Damaged as exc:
            _log.error("not read why=%s", exc)
            return None

    async def commit(
        self, seat: Seat, after: Session, *, event: str, at: str, update: int | None
    ) -> Seat:
        if update is None and is_same(seat.session, after):
            return seat
        sits = await self._sits(seat)
        known = await self._at_version(seat, after.case.key) if after.case else None
        step = _Step(seat, at=at, event=event, update=update)
        case_step, now = await self._case_step(step, known, after)
        place = place_of(seat.inspection.id, after)
        in_case = case_step is not _NOTHING_OF_CASE
        if not (in_case or place != sits.place or update is not None):
            return seat
        chat_step, sits_now = _NOTHING_OF_CHAT, sits
        if place != sits.place or not in_case:
            chat_step, sits_now = _chat_step(step, sits, place, known_in_case=in_case)
        await self._database.row(
            _KEEP_STEP, seat.chat, sits.version, sits.hash, update, at, seat.member.person, event,
            *case_step, *chat_step,
        )  # fmt: skip
        self._chats.put(seat.chat, sits_now)
        if now is not None:
            self._cases.put((seat.inspection.id, same_case(now.case.key)), now)
        applied = seat.applied if update is None else seat.applied | {update}
        version = now.version if now else 0
        return Seat(seat.chat, seat.inspection, seat.member, after, applied, version)

    async def _sits(self, seat: Seat) -> KnownChat:
        """Where the seat's chat sits. Raises :class:`Conflict` if that is elsewhere by now."""
        place = place_of(seat.inspection.id, seat.session)
        sits = self._chats.get(seat.chat)
        if sits is None or sits.place != place:
            await self.seat(seat.chat)
            sits = self._chats.get(seat.chat)
        if sits is None or sits.place != place:
            raise Conflict("The chat has moved on in the meantime.")
        return sits

    async def _at_version(self, seat: Seat, key: CaseKey) -> KnownCase:
        """The case as the step found it. Raises :class:`Conflict` if it is another by now."""
        known = self._cases.get((seat.inspection.id, same_case(key)))
        if known is None or known.version != seat.version:
            known = await self._case(seat.inspection.id, key)
        if known.version != seat.version:
            raise Conflict("The case was changed by somebody else in the meantime.")
        return known

    async def _case_step(
        self, step: _Step, known: KnownCase | None, after: Session
    ) -> tuple[Row, KnownCase | None]:
        """What ``keep_step`` is to be told of the case, and the case after it."""
        case, chat = after.case, step.seat.chat
        if known is None or case is None:
            return _NOTHING_OF_CASE, None
        changes: dict[str, Mapping[str, Any]] = dict(case_patch(known.case, case))
        summary = None
        if changes:
            summary = summary_text(await self.pack(step.seat.inspection.id), case, step.at)
        cursor = cursor_to_json(after.cursor)
        if known.chats.get(chat, {}) != cursor:
            changes["chats"] = {chat: cursor}
        if not changes:
            return _NOTHING_OF_CASE, known
        patch: Patch = changes
        if step.update is not None:
            patch = {**changes, "updates": {str(step.update): {"chat": chat}}}
        text, own = step.line(case_name(case.key), known.version, patch, known.hash)
        arguments = (
            known.log, known.version, known.hash, to_jsonb(changes), summary, text, own,
        )  # fmt: skip
        chats = {**known.chats, chat: cursor}
        return arguments, KnownCase(known.log, known.version + 1, own, step.at, case, chats)

    # --- changes of an inspection --------------------------------------------------------------

    async def _change(
        self,
        inspection_id: str,
        patch: Callable[[_Change], Awaitable[Patch]],
        *,
        by: str | None,
        at: str,
        event: str,
    ) -> None:
        """Keep what ``patch`` gives, as a step of the inspection's log; others wait meanwhile."""
        async with self._database.transaction() as connection:
            row = await _fetch_one(
                connection,
                "select log, version, hash from inspections where id = %s for no key update",
                _sane(inspection_id),
            )
            if row is not None:
                change = _Change(connection, inspection_id, *row)
                changes = await patch(change)
                if changes:
                    await _keep_change(change, changes, by=by, at=at, event=event)
        if row is None:
            raise await self._no_inspection(inspection_id)

    async def _documents(self, inspection_id: str, kind: str) -> dict[str, Any]:
        """A table of the inspection's log, in the order in which its documents came."""
        log = (await self._known(inspection_id)).log
        rows = await self._database.rows(
            "select name, document::text from documents"
            " where inspection = %s and kind = %s order by place",
            log, kind,
        )  # fmt: skip
        return {name: from_jsonb(document) for name, document in rows}

    # --- moving to another store -------------------------------------------------------------

    async def logs(self, inspection_id: str) -> AsyncIterator[CarriedLog]:
        log = (await self._known(inspection_id)).log
        yield CarriedLog(None, await self._carried(log, f"inspection {inspection_id}"))
        async for known in self._every_case(inspection_id):
            name = case_name(known.case.key)
            lines = carried_lines(Path(name), await self._checked_lines(known))
            yield CarriedLog(known.case.key, lines)

    async def _carried(self, log: int, name: str) -> bytes:
        return carried_lines(Path(name), read_steps(name, await self._database.rows(_STEPS, log)))

    async def take_inspection(
        self, inspection_id: str, pack: Pack, logs: AsyncIterator[CarriedLog]
    ) -> None:
        async with self._database.transaction() as connection:
            log, new = 0, []
            async for carried in checked_logs(inspection_id, pack, logs):
                if carried.case is not None:
                    new.append(new_case(pack, carried.lines))
                else:
                    tables = carried.fold.tables
                    head = tables["inspection"]["inspection"]
                    text = pack_text(pack)
                    log = await _insert_inspection(connection, head, text, carried.lines)
                    change = _Change(connection, inspection_id, log, 0, FIRST)
                    await _put_documents(change, tables)
                if len(new) == READ_AT_ONCE:
                    await _insert_cases(connection, log, new)
                    new = []
            await _insert_cases(connection, log, new)

    async def chats(self) -> list[str]:
        rows = await self._database.rows('select chat from chats order by chat collate "C"')
        return [chat for (chat,) in rows]

    async def carry_chat(self, chat: str) -> CarriedChat:
        row = await self._database.row("select log, applied from chats where chat = %s", chat)
        if row is None:
            raise NotFound(f"There is no chat {chat!r}.")
        return CarriedChat(chat, await self._carried(row[0], f"chat {chat}"), frozenset(row[1]))

    async def take_chat(self, carried: CarriedChat, *, at: str) -> None:  # noqa: ARG002  # in a row
        log = checked_log(None, Path(f"chat {carried.chat}"), carried.lines)
        place = place_from_json(log.fold.tables["chat"]["chat"])
        async with self._database.transaction() as connection:
            row = await _fetch_one(
                connection,
                "insert into chats (chat, inspection, opened, version, hash, place, applied)"
                " values (%s, %s, %s, %s, %s, %s::jsonb, %s)"
                " on conflict do nothing returning log",
                carried.chat,
                place.inspection,
                same_case(place.case) if place.case else None,
                log.fold.n,
                log.fold.hash,
                to_jsonb(place_to_json(place)),
                sorted(carried.applied)[-APPLIED_KEPT:],
            )
            if row is None:
                raise AlreadyThere(f"Chat {carried.chat} is there already.")
            await _insert_steps(connection, [(row[0], *step) for step in step_rows(log.lines)])

    # --- the bot itself ----------------------------------------------------------------------

    async def remember_bot(self, username: str) -> None:
        await self._database.row(
            "insert into bot (username) values (%s)"
            " on conflict (only_one) do update set username = excluded.username",
            username,
        )

    async def bot_username(self) -> str | None:
        row = await self._database.row("select username from bot")
        return row[0] if row else None

    async def close(self) -> None:
        """Let the connections go. Nothing is left to be written."""
        await self._database.close()


def _always(patch: Patch) -> Callable[[_Change], Awaitable[Patch]]:
    async def always(_: _Change) -> Patch:
        return patch

    return always


def _no_case(key: CaseKey) -> NotFound:
    return NotFound(f"There is no case {key.case!r} ({key.form}) in this inspection.")


def _sane(name: str) -> str:
    """What may be the name of something that is there; one that cannot be is nothing's."""
    try:
        return file_name("a name", name)
    except StoreError:
        return ""


def _log_and_hash(known: KnownCase | None) -> tuple[int | None, str | None]:
    return (None, None) if known is None else (known.log, known.hash)


def _first_step(name: str, patch: Patch, by: str | None, at: str, event: str) -> list[Line]:
    _, own = new_step(name, 1, at=at, by=by, event=event, patch=patch, prev=FIRST)
    return [Line(1, at, by, event, patch, own)]


def _added(pack: Pack, case: Case, by: str | None, at: str, event: str) -> NewCase:
    case_file_name(case.key)  # refuses what cannot be one
    name, patch = case_name(case.key), case_patch(None, case)
    return new_case(pack, _first_step(name, patch, by, at, event))


def _chat_step(
    step: _Step, sits: KnownChat, place: Place, *, known_in_case: bool
) -> tuple[Row, KnownChat]:
    """What ``keep_step`` is to be told of the chat's place, and the place after it."""
    document = place_to_json(place)
    patch: dict[str, Mapping[str, Any]] = {"chat": {"chat": document}}
    if step.update is not None and not known_in_case:
        patch["updates"] = {str(step.update): {}}
    text, own = step.line(f"chat {step.seat.chat}", sits.version, patch, sits.hash)
    opened = same_case(place.case) if place.case else None
    arguments = place.inspection, opened, to_jsonb(document), text, own
    return arguments, KnownChat(sits.version + 1, own, place)


# --- rows, within a transaction ----------------------------------------------------------------


async def _fetch_one(connection: Connection, query: LiteralString, *arguments: Any) -> Row | None:
    return await (await connection.execute(query, arguments)).fetchone()


async def _document(change: _Change, kind: str, name: str) -> Any:
    row = await _fetch_one(
        change.connection,
        "select document::text from documents where inspection = %s and kind = %s and name = %s",
        change.log, kind, name,
    )  # fmt: skip
    return None if row is None else from_jsonb(row[0])


async def _keep_change(
    change: _Change, patch: Patch, *, by: str | None, at: str, event: str
) -> None:
    n = change.version + 1
    text, own = new_step(
        f"inspection {change.inspection_id}", n,
        at=at, by=by, event=event, patch=patch, prev=change.hash,
    )  # fmt: skip
    await change.connection.execute(
        "update inspections set version = %s, hash = %s where log = %s", (n, own, change.log)
    )
    await _insert_steps(change.connection, [(change.log, n, at, by, event, None, text, own)])
    await _put_documents(change, patch)


async def _put_documents(change: _Change, patch: Patch) -> None:
    """Those of a patch's tables that have no rows of their own; and what the inspection is."""
    for head in patch.get("inspection", {}).values():
        await change.connection.execute(
            "update inspections set document = %s::jsonb where log = %s",
            (to_jsonb(head), change.log),
        )
    for kind, documents in patch.items():
        if kind in _NOT_DOCUMENTS:
            continue
        for name, document in documents.items():
            if document is None:
                await change.connection.execute(
                    "delete from documents where inspection = %s and kind = %s and name = %s",
                    (change.log, kind, name),
                )
            else:
                await change.connection.execute(
                    "insert into documents (inspection, kind, name, document)"
                    " values (%s, %s, %s, %s::jsonb) on conflict (inspection, kind, name)"
                    " do update set document = excluded.document",
                    (change.log, kind, name, to_jsonb(document)),
                )


async def _take_place(change: _Change, chat: str, member: Member, *, at: str) -> None:
    """Sit the chat in this inspection, with no case open unless it sat there before."""
    await change.connection.execute(
        "insert into chats (chat, inspection, version, hash, place) values (%s, '', 0, %s, 'null')"
        " on conflict do nothing",
        (chat, FIRST),
    )
    row = await _fetch_one(
        change.connection,
        "select version, hash, place::text from chats where chat = %s for update",
        chat,
    )
    if row is None:
        raise Conflict("The chat was taken away in the meantime.")
    version, own, raw = row
    document = from_jsonb(raw)
    before = None if document is None else place_from_json(document)
    if before is not None and before.inspection == change.inspection_id:
        return
    placed = place_to_json(Place(change.inspection_id, None, before.language if before else None))
    by, event = member.person, "SeatTaken"
    text, own = new_step(
        f"chat {chat}", version + 1,
        at=at, by=by, event=event, patch={"chat": {"chat": placed}}, prev=own,
    )  # fmt: skip
    await change.connection.execute(
        KEEP_CHAT_STEP,
        (chat, change.inspection_id, None, to_jsonb(placed), at, by, event, text, own),
    )


async def _insert_inspection(
    connection: Connection, head: Mapping[str, Any], pack: str, lines: Sequence[Line]
) -> int:
    """Raises :class:`AlreadyThere`. Gives its log's number."""
    name = file_name("an inspection's id", head["id"])
    row = await _fetch_one(
        connection,
        "insert into inspections (id, folded, version, hash, document, pack)"
        " values (%s, %s, %s, %s, %s::jsonb, %s::json) on conflict do nothing returning log",
        name, name.casefold(), lines[-1].n, lines[-1].hash, to_jsonb(head), pack,
    )  # fmt: skip
    if row is None:
        raise AlreadyThere(f"There is an inspection {name!r} already; take another id.")
    log: int = row[0]
    await _insert_steps(connection, [(log, *step) for step in step_rows(lines)])
    return log


async def _insert_cases(connection: Connection, inspection: int, new: Sequence[NewCase]) -> None:
    """Cases that are not there yet, in their order."""
    cursor = await connection.execute(
        "select nextval('logs') from generate_series(1, %s)", (len(new),)
    )
    numbered = [(log, case) for (log,), case in zip(await cursor.fetchall(), new, strict=True)]
    await copy_rows(
        connection,
        "copy cases (log, inspection, same, reading, version, hash, at, document, answers)"
        " from stdin",
        [
            (
                log,
                inspection,
                one.same,
                one.reading,
                one.version,
                one.hash,
                one.at,
                one.document,
                one.answers,
            )
            for log, one in numbered
        ],
    )
    await copy_rows(
        connection,
        "copy summaries (log, inspection, summary) from stdin",
        [(log, inspection, one.summary) for log, one in numbered],
    )
    await _insert_steps(connection, [(log, *step) for log, one in numbered for step in one.steps])


async def _insert_steps(connection: Connection, steps: Sequence[Row]) -> None:
    await copy_rows(
        connection,
        "copy steps (log, n, at, by, event, why, patch, hash) from stdin",
        steps,
    )
