"""The store: inspections, cases, people and conversations, written once over a journal.

It decides nothing about a conversation. It keeps what was decided, all of it in one append, and
returns it. Its lookups go through the TinyDB tables of the journal's snapshots. The logs:

==============================================  ===================================================
``bot``                                         ``bot``: the bot's name
``chats/<chat>``                                ``chat``: where the chat is; ``updates``
``inspections/<id>/inspection``                 ``inspection``, ``people``, ``former``,
                                                ``invitations``, a table for each kind of record
``inspections/<id>/list``                       ``cases``: the cases, in order
``inspections/<id>/outbox``                     ``messages``: what chats are to get
``inspections/<id>/cases/<case>~<form>``        see :mod:`storage.case_tables`
==============================================  ===================================================

The pinned pack is the blob ``packs/<sha256>.json``; photos and voice messages are the blobs
``inspections/<id>/files/<name>``. ``updates`` are the ids of the updates that took effect, in the
open case's log or, where no case is open and when it is left, in the chat's: an id is kept in the
very append that its change is in, so a change is never made twice.

Every method may raise :class:`storage.errors.StoreError`. Times are ISO 8601 in UTC, to the second.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from types import EllipsisType
from typing import Final

from tinydb import where

from criteria.case import Case, CaseKey
from criteria.inspection import Inspection, Member
from criteria.load_pack import load_pack
from criteria.pack import Pack
from dialogs.session import Cursor, Session, cursor_from_json, cursor_to_json
from dialogs.turn import iso
from storage import changes
from storage.case_summary import (
    CaseSummary,
    case_summary,
    damaged_summary,
    summary_from_json,
    summary_to_json,
)
from storage.case_tables import HistoryEntry, case_from_tables, case_patch, history_of
from storage.changes import (
    Change,
    ChatState,
    ChatStep,
    Document,
    Invitation,
    OutboxMessage,
    RecordKind,
)
from storage.documents import (
    ChatPlace,
    inspection_from_json,
    inspection_to_json,
    invitation_from_json,
    invitation_to_json,
    key_from_json,
    listed_case,
    member_from_json,
    outbox_from_json,
    outbox_to_json,
    pack_text,
    place_from_json,
    place_of,
    place_to_json,
)
from storage.errors import AlreadyThere, Conflict, Damaged, NotFound, StoreError, damaged
from storage.file_names import HASHED_NAME, case_file_name, file_name, same_case
from storage.journal import Entry, Journal, Patch, Snapshot
from storage.recently_used import RecentlyUsed
from storage.tables import EMPTY, TextIdTable, snapshot_tables

MAX_CASES: Final = 1_024
MAX_CHATS: Final = 2_048
"""So many are kept as values, by the hashes of the logs that they were read from."""
MAX_CASE_UPDATES: Final = 400
MAX_CHAT_UPDATES: Final = 200
"""Applied updates that a log remembers. Telegram delivers at most the last hundred again."""
MAX_APPLIED: Final = 800
"""A state that knows more updates than this is read again from the logs, which forget old ones."""
MAX_ATTEMPTS: Final = 20
LEASE: Final = timedelta(minutes=2)
"""How long a process that took on to send a message is waited for."""
PAGE: Final = 200
"""Cases that are read at once, where all of an inspection's are."""

_HEAD: Final = {"id", "title", "pack_name", "pack_version", "follows", "created", "pack_sha256"}
_MALFORMED: Final = (KeyError, TypeError, ValueError, AttributeError)
"""What a whole log may still raise that no version of ours wrote."""

_log = logging.getLogger(__name__)


def inspection_log(inspection_id: str) -> str:
    return f"inspections/{inspection_id}/inspection"


def list_log(inspection_id: str) -> str:
    return f"inspections/{inspection_id}/list"


def outbox_log(inspection_id: str) -> str:
    return f"inspections/{inspection_id}/outbox"


def cases_folder(inspection_id: str) -> str:
    return f"inspections/{inspection_id}/cases"


def case_log(inspection_id: str, key: CaseKey) -> str:
    return f"{cases_folder(inspection_id)}/{case_file_name(key)}"


def chat_log(chat: str) -> str:
    return f"chats/{file_name('a chat', chat)}"


def pack_blob(sha256: str) -> str:
    return f"packs/{sha256}.json"


def evidence_blob(inspection_id: str, name: str) -> str:
    return f"inspections/{inspection_id}/files/{file_name('the name of a file', name)}"


def table(snapshot: Snapshot, name: str) -> TextIdTable:
    return snapshot_tables(snapshot).table(name)


@dataclass(slots=True)
class _Plan:
    """What one commit comes to: at most one entry a log."""

    at: str
    by: str | None
    event: str
    why: str | None
    entries: dict[str, Entry] = field(default_factory=dict)

    def add(
        self, log: str, expect: int | None, patch: Patch, *, summary: Document | None = None
    ) -> None:
        """Add to what becomes of this log, in one version. Raises :class:`Conflict`."""
        there = self.entries.get(log)
        if there is None:
            self.entries[log] = Entry(
                log, expect, patch, self.at, self.event, self.by, self.why, summary
            )
            return
        if there.expect is not None and expect is not None and there.expect != expect:
            raise Conflict("This was changed by somebody else in the meantime.")
        merged = {name: {**there.patch.get(name, {}), **one} for name, one in patch.items()}
        self.entries[log] = replace(
            there,
            expect=expect if there.expect is None else there.expect,
            patch={**there.patch, **merged},
            summary=summary or there.summary,
        )

    def document(
        self, log: str, snapshot: Snapshot, name: str, document_id: str
    ) -> Document | None:
        """A document as it stands after what was planned so far."""
        entry = self.entries.get(log)
        if entry is not None and document_id in entry.patch.get(name, {}):
            return entry.patch[name][document_id]
        return table(snapshot, name).document(document_id)


class Store:
    """See the module. ``journal`` is on files or on PostgreSQL: see :mod:`storage.open_store`."""

    def __init__(self, journal: Journal) -> None:
        self.journal = journal
        self._turn = asyncio.Lock()
        self._claimed: set[str] = set()
        self.forget()

    def forget(self) -> None:
        """Drop all cached state: at the start, and when something was erased."""
        self._packs: dict[str, Pack] = {}
        self._inspections: dict[str, tuple[str, Inspection]] = {}
        self._cases: RecentlyUsed[str, tuple[str, Case]] = RecentlyUsed(MAX_CASES)
        self._states: RecentlyUsed[str, tuple[tuple[str, ...], ChatState]] = RecentlyUsed(MAX_CHATS)
        self._lists: dict[str, tuple[str, list[CaseKey]]] = {}
        self._summaries: dict[str, tuple[str, dict[str, CaseSummary]]] = {}

    async def close(self) -> None:
        await self.journal.close()

    # --- inspections -------------------------------------------------------------------------

    async def inspections(self) -> list[Inspection]:
        """All that can be read, oldest first."""
        return await self._inspections_read(skip_damaged=True)

    async def readable_inspections(self) -> list[Inspection]:
        """All of them, oldest first. Raises :class:`Damaged` if one cannot be read."""
        return await self._inspections_read(skip_damaged=False)

    async def _inspections_read(self, *, skip_damaged: bool) -> list[Inspection]:
        found = []
        for inspection_id in await self.journal.names("inspections"):
            try:
                snapshot = await self.journal.read(inspection_log(inspection_id))
                if snapshot.version:
                    created = str(self._head(inspection_id, snapshot)["created"])
                    found.append((created, self._inspection_of(inspection_id, snapshot)))
            except Damaged as exc:  # it is refused where it is named; the others go on
                if not skip_damaged:
                    raise
                _log.error("not read why=%s", exc)
        found.sort(key=lambda one: (one[0], one[1].id))
        return [inspection for _, inspection in found]

    async def inspection(self, inspection_id: str) -> Inspection:
        """Raises :class:`NotFound`, naming those there are."""
        return self._inspection_of(inspection_id, await self._inspection(inspection_id))

    async def pack(self, inspection_id: str) -> Pack:
        """The pinned pack, loaded once per process."""
        log = inspection_log(inspection_id)
        # It was read a moment ago, where a chat's message is answered.
        known = self.journal.known(log) if _is_name(inspection_id) else None
        snapshot = known if known and known.version else await self._inspection(inspection_id)
        sha256 = str(self._head(inspection_id, snapshot)["pack_sha256"])
        pack = self._packs.get(sha256)
        if pack is None:
            pack = self._packs[sha256] = await self._load_pack(sha256)
        return pack

    async def _load_pack(self, sha256: str) -> Pack:
        """The pack, checked against the hash that was taken when it was pinned."""
        name = pack_blob(sha256)
        try:
            data = await self.journal.get(name)
        except NotFound as exc:
            what = "the inspection's copy of its pack is missing"
            raise damaged(Path(name), None, what) from exc
        if hashlib.sha256(data).hexdigest() != sha256:
            raise damaged(Path(name), None, "the inspection's copy of its pack was changed")
        return load_pack(json.loads(data))

    async def _inspection(self, inspection_id: str) -> Snapshot:
        """An inspection's log as it stands. Raises :class:`NotFound`, naming those there are."""
        if _is_name(inspection_id):
            snapshot = await self.journal.read(inspection_log(inspection_id))
            if snapshot.version:
                return snapshot
            if await self.journal.names(cases_folder(inspection_id)):
                what = "it is missing or empty"
                raise damaged(Path(f"{inspection_log(inspection_id)}.jsonl"), None, what)
        names = ", ".join(await self._ids()) or "none yet"
        raise NotFound(f"There is no inspection {inspection_id!r}. There are: {names}.")

    async def _ids(self) -> list[str]:
        return [one.id for one in await self.inspections()]

    def _inspection_of(self, inspection_id: str, snapshot: Snapshot) -> Inspection:
        known = self._inspections.get(inspection_id)
        if known is None or known[0] != snapshot.hash:
            head = self._head(inspection_id, snapshot)
            known = snapshot.hash, inspection_from_json(head)
            self._inspections[inspection_id] = known
        return known[1]

    def _head(self, inspection_id: str, snapshot: Snapshot) -> Document:
        head = table(snapshot, "inspection").document("inspection")
        if head is None or not head.keys() >= _HEAD:
            path = Path(f"{inspection_log(inspection_id)}.jsonl")
            raise damaged(path, None, "it is not the log of an inspection")
        return head

    # --- cases -------------------------------------------------------------------------------

    async def case_keys(self, inspection_id: str) -> list[CaseKey]:
        """The cases in the order in which they were added, both readings."""
        await self._inspection(inspection_id)
        snapshot = await self.journal.read(list_log(inspection_id))
        known = self._lists.get(inspection_id)
        if known is None or known[0] != snapshot.hash:
            keys = [key_from_json(one) for one in table(snapshot, "cases")]
            known = self._lists[inspection_id] = snapshot.hash, keys
        return known[1]

    async def find_key(self, inspection_id: str, key: CaseKey) -> CaseKey | None:
        """The case of that reference as it was added: ``c001`` finds ``C001``."""
        await self._inspection(inspection_id)
        snapshot = await self.journal.read(list_log(inspection_id))
        raw = table(snapshot, "cases").document(same_case(key))
        return None if raw is None else key_from_json(raw)

    async def cases(self, inspection_id: str, *, reading: int = 1) -> list[Case]:
        """Every case with its answers, in the order in which they were added.

        Raises :class:`Damaged` if one cannot be read: what is counted or exported is whole.
        """
        cases = []
        for key, read in await self._read_cases(inspection_id, reading):
            if isinstance(read, Damaged):
                raise read
            cases.append(self._case_of(inspection_id, key, read, keep=False))
        return cases

    async def _read_cases(
        self, inspection_id: str, reading: int
    ) -> list[tuple[CaseKey, Snapshot | Damaged]]:
        keys = [key for key in await self.case_keys(inspection_id) if key.reading == reading]
        read: list[Snapshot | Damaged] = []
        for at in range(0, len(keys), PAGE):
            logs = [case_log(inspection_id, key) for key in keys[at : at + PAGE]]
            read += await self.journal.read_many(logs)
        return list(zip(keys, read, strict=True))

    async def overview(self, inspection_id: str, *, reading: int = 1) -> list[CaseSummary]:
        """How far each case is, in the same order; without reading again what has not changed.

        A damaged case is listed as such; it does not hide the others.
        """
        keys = [key for key in await self.case_keys(inspection_id) if key.reading == reading]
        known = await self._known_summaries(inspection_id)
        missing = [key for key in keys if case_log(inspection_id, key) not in known]
        for at in range(0, len(missing), PAGE):
            page = missing[at : at + PAGE]
            logs = [case_log(inspection_id, key) for key in page]
            pack = await self.pack(inspection_id)
            for key, log, read in zip(page, logs, await self.journal.read_many(logs), strict=True):
                known[log] = self._summary(inspection_id, pack, key, read)
                await asyncio.sleep(0)  # the other conversations have their turn
        overview = [known[case_log(inspection_id, key)] for key in keys]
        for summary in overview:  # it may be mended any time
            if summary.damaged is not None:
                known.pop(case_log(inspection_id, summary.key), None)
        return overview

    async def _known_summaries(self, inspection_id: str) -> dict[str, CaseSummary]:
        """The summaries that are kept, without those of cases that changed since."""
        since, known = self._summaries.get(inspection_id, ("", {}))
        now, changed = await self.journal.summaries(cases_folder(inspection_id), since)
        for log, document in changed.items():
            if document is None:
                known.pop(log, None)
            else:
                known[log] = summary_from_json(document)
        self._summaries[inspection_id] = now, known
        return known

    def _summary(
        self, inspection_id: str, pack: Pack, key: CaseKey, read: Snapshot | Damaged
    ) -> CaseSummary:
        why: Damaged
        try:
            if isinstance(read, Damaged):
                raise read
            case = self._case_of(inspection_id, key, read, keep=False)
            return case_summary(pack, case, read.at)
        except LookupError as exc:
            why = damaged(Path(case_log(inspection_id, key)), None, str(exc))
        except Damaged as exc:
            why = exc
        _log.error("not read why=%s", why)
        return damaged_summary(key, str(why))

    async def load_case(
        self, inspection_id: str, key: CaseKey, chat: str
    ) -> tuple[Case, Cursor, int]:
        """A case, where this chat last was in it, and its version. Raises :class:`NotFound`."""
        key, snapshot = await self._load(inspection_id, key)
        case = self._case_of(inspection_id, key, snapshot)
        return case, self._cursor_of(snapshot, key, chat), snapshot.version

    async def _load(self, inspection_id: str, key: CaseKey) -> tuple[CaseKey, Snapshot]:
        found = await self.find_key(inspection_id, key) if _is_case(key) else None
        if found is None:
            raise NotFound(f"There is no case {key.case!r} ({key.form}) in this inspection.")
        return found, await self.journal.read(case_log(inspection_id, found))

    def _case_of(
        self, inspection_id: str, key: CaseKey, snapshot: Snapshot, *, keep: bool = True
    ) -> Case:
        log = case_log(inspection_id, key)
        known = self._cases.get(log) if keep else self._cases.peek(log)
        if known is not None and known[0] == snapshot.hash:
            return known[1]
        path = Path(f"{log}.jsonl")
        if not snapshot.version:
            raise damaged(path, None, "it is missing or empty")
        try:
            case = case_from_tables(snapshot.tables)
        except _MALFORMED as exc:
            raise damaged(path, None, "it is not the log of a case") from exc
        if case.key != key:
            raise damaged(path, None, f"it holds another case, {case.case}")
        if keep:
            self._cases.put(log, (snapshot.hash, case))
        return case

    def _cursor_of(self, snapshot: Snapshot, key: CaseKey, chat: str) -> Cursor:
        raw = table(snapshot, "chats").document(chat)
        try:
            return Cursor() if raw is None else cursor_from_json(raw)
        except _MALFORMED as exc:
            raise damaged(Path(case_file_name(key)), None, "it is not the log of a case") from exc

    async def history(self, inspection_id: str, key: CaseKey) -> list[HistoryEntry]:
        """Every committed step of a case, oldest first."""
        found, _ = await self._load(inspection_id, key)
        return list(history_of(await self.journal.lines(case_log(inspection_id, found))))

    # --- photos and voice messages -------------------------------------------------------------

    async def keep_file(self, inspection_id: str, name: str, content: bytes) -> None:
        """Durable on return. A name stands for its content: one that is there stays as it is."""
        await self._inspection(inspection_id)
        await self.journal.put(evidence_blob(inspection_id, name), content)

    async def file(self, inspection_id: str, name: str) -> bytes:
        """Raises :class:`NotFound`, and :class:`Damaged` where it is not what its name says."""
        await self._inspection(inspection_id)
        blob = evidence_blob(inspection_id, name)
        content = await self.journal.get(blob)
        hashed = HASHED_NAME.match(name)
        if hashed and hashlib.sha256(content).hexdigest()[:24] != hashed["hash"]:
            what = "it was changed (its content is not what its name says)"
            raise damaged(Path(blob), None, what)
        return content

    async def files(self, inspection_id: str) -> list[str]:
        await self._inspection(inspection_id)
        return await self.journal.names(f"inspections/{inspection_id}/files")

    # --- people ------------------------------------------------------------------------------

    async def members(self, inspection_id: str) -> dict[str, Member]:
        """Who has joined, by chat."""
        people = table(await self._inspection(inspection_id), "people")
        return {str(one.doc_id): member_from_json(one) for one in people}

    async def former_people(self, inspection_id: str) -> frozenset[str]:
        """The references of those who were taken out; nobody else gets them."""
        former = table(await self._inspection(inspection_id), "former")
        return frozenset(str(one.doc_id) for one in former)

    async def memberships(self, chat: str) -> list[tuple[Inspection, Member]]:
        """Every inspection in which this chat is a member."""
        memberships = []
        for inspection in await self.inspections():
            raw = table(await self._inspection(inspection.id), "people").document(chat)
            if raw is not None:
                memberships.append((inspection, member_from_json(raw)))
        return memberships

    async def invitations(self, inspection_id: str) -> list[Invitation]:
        invitations = table(await self._inspection(inspection_id), "invitations")
        return [invitation_from_json(str(one.doc_id), one) for one in invitations]

    async def find_invitation(self, code_hash: str) -> tuple[Inspection, Invitation] | None:
        """The invitation of this code, used or not, wherever it is.

        Raises :class:`Damaged` if it is nowhere else and may be where nothing can be read.
        """
        unreadable = None
        for inspection_id in await self.journal.names("inspections"):
            try:
                snapshot = await self.journal.read(inspection_log(inspection_id))
                raw = table(snapshot, "invitations").document(code_hash)
                if raw is not None:
                    inspection = self._inspection_of(inspection_id, snapshot)
                    return inspection, invitation_from_json(code_hash, raw)
            except Damaged as exc:
                unreadable = exc
        if unreadable is not None:
            raise unreadable
        return None

    # --- beside the cases ----------------------------------------------------------------------

    async def records(self, inspection_id: str, kind: RecordKind) -> dict[str, Document]:
        """In the order in which they were first kept."""
        return {
            str(one.doc_id): dict(one) for one in table(await self._inspection(inspection_id), kind)
        }

    async def outbox(self) -> list[OutboxMessage]:
        """Every message that has not been sent, oldest first."""
        messages = []
        for inspection in await self.inspections():
            snapshot = await self.journal.read(outbox_log(inspection.id))
            messages += [
                outbox_from_json(inspection.id, str(one.doc_id), one)
                for one in table(snapshot, "messages")
            ]
        return sorted(messages, key=lambda message: message.at)

    async def claim(self, message: OutboxMessage, *, at: str) -> bool:
        """Whether this process is to send it: yes once, until it was sent.

        The claim holds for two minutes (:data:`LEASE`), and on if it is asked for again before
        they are over. So where the process dies, another one that asks later may send it.
        """
        snapshot = await self.journal.read(outbox_log(message.inspection))
        if table(snapshot, "messages").document(message.id) is None:
            self._claimed.discard(_lease(message))
            return False
        name, until = _lease(message), iso(datetime.fromisoformat(at) + LEASE)
        if not await self.journal.lease(name, at=at, until=until):
            self._claimed.discard(name)
            return False
        if name in self._claimed:  # prolonged; it is being sent
            return False
        self._claimed.add(name)
        return True

    async def bot_username(self) -> str | None:
        bot = table(await self.journal.read("bot"), "bot").document("bot")
        return None if bot is None else str(bot["username"])

    # --- conversations -----------------------------------------------------------------------

    async def chats(self) -> list[str]:
        """Every chat that was ever in an inspection."""
        return await self.journal.names("chats")

    async def chat_state(self, chat: str) -> ChatState | None:
        """Where this chat is; None for a stranger, and for a member who was taken out.

        A damaged case is not open, so that its person can go on with another; :meth:`load_case`
        says what is wrong with it.
        """
        read = await self._read_context(chat)
        if read is None:
            return None
        place, snapshot, inspection, case = read
        hashes = snapshot.hash, inspection.hash, case.hash
        known = self._states.get(chat)
        if known is not None and known[0] == hashes:
            return known[1]
        raw = table(inspection, "people").document(chat)
        if raw is None:
            return None
        member = member_from_json(raw)
        key = place.case if case.version else None
        state = ChatState(
            chat=chat,
            inspection=self._inspection_of(place.inspection, inspection),
            member=member,
            session=Session(
                person=member.person,
                language=place.language,
                case=self._case_of(place.inspection, key, case) if key else None,
                cursor=self._cursor_of(case, key, chat) if key else Cursor(),
                asked=place.asked,
            ),
            applied=frozenset((*_updates(snapshot), *_updates(case, chat))),
            version=case.version,
            chat_version=snapshot.version,
        )
        self._states.put(chat, (hashes, state))
        return state

    async def _read_context(
        self, chat: str
    ) -> tuple[ChatPlace, Snapshot, Snapshot, Snapshot] | None:
        """Where a chat is, its log, its inspection's and its open case's (empty where none is).

        All three in one call, by where the chat was when this process last saw it.
        """
        log = chat_log(chat)
        last = self.journal.known(log)
        guess = _place(log, last) if last is not None and last.version else None
        snapshot, *others = await self.journal.read_many([log, *_logs_of(guess)])
        if isinstance(snapshot, Damaged):
            raise snapshot
        if not snapshot.version:
            return None
        place = _place(log, snapshot)
        if _logs_of(place) != _logs_of(guess):
            others = await self.journal.read_many(_logs_of(place))
        inspection, case = (*others, EMPTY)[:2]
        if isinstance(inspection, Damaged):
            raise inspection
        if not inspection.version:
            inspection = await self._inspection(place.inspection)  # says which there are
        if place.case is not None and not isinstance(case, Damaged) and case.version:
            try:
                self._case_of(place.inspection, place.case, case)
            except Damaged as exc:
                case = exc
        if isinstance(case, Damaged):
            _log.error("not read why=%s", case)
            case = EMPTY
        return place, snapshot, inspection, case

    # --- writing -----------------------------------------------------------------------------

    async def commit(  # noqa: PLR0913  # what, and who, when and why
        self,
        changes: Sequence[Change],
        step: ChatStep | None = None,
        *,
        at: str,
        by: str | None,
        event: str,
        why: str | None = None,
    ) -> ChatState | None:
        """Make the changes and the chat's step in one append, all or nothing; durable on return.

        Returns where the chat of ``step`` is then. ``by`` is a person's reference, and ``event``
        what the step is called in the logs. Raises :class:`Conflict` where what it was worked out
        from has changed since, :class:`NotSaved`, :class:`AlreadyThere` and :class:`NotFound`.
        """
        plan = _Plan(at, by, event, why)
        if changes:  # several chats change an inspection's log: in turns, they are no conflict
            async with self._turn:
                after = await self._plan_and_append(plan, changes, step)
        else:
            after = await self._plan_and_append(plan, changes, step)
        if step is None:
            return None
        if changes or step.before is None:
            return await self.chat_state(step.chat)
        return await self._state_after(step, step.before, after)

    async def _plan_and_append(
        self, plan: _Plan, changes: Sequence[Change], step: ChatStep | None
    ) -> dict[str, Snapshot]:
        """The logs that were part of it, as they are then."""
        for change in changes:
            await self._planners[type(change)](self, plan, change)
        if step is not None:
            await self._plan_step(plan, step)
        if not any(entry.patch for entry in plan.entries.values()):
            return {}
        snapshots = await self.journal.append(list(plan.entries.values()))
        return dict(zip(plan.entries, snapshots, strict=True))

    async def _state_after(
        self, step: ChatStep, before: ChatState, after: Mapping[str, Snapshot]
    ) -> ChatState | None:
        """The state that a step came to, kept for the next event: it need not be read again."""
        case, log = step.after.case, chat_log(step.chat)
        case_at = after.get(case_log(step.inspection, case.key)) if case is not None else None
        if case is not None and case_at is not None:
            self._cases.put(case_log(step.inspection, case.key), (case_at.hash, case))
        known = self._states.peek(step.chat)
        if known is None or known[1] is not before or before.inspection.id != step.inspection:
            return await self.chat_state(step.chat)
        stays = case is not None and before.session.case is not None and (
            case.key == before.session.case.key
        )  # fmt: skip
        if not after or (case is not None and case_at is None and not stays):
            return await self.chat_state(step.chat)
        chat_hash, inspection_hash, case_hash = known[0]
        applied = before.applied if step.update is None else before.applied | {step.update}
        if len(applied) > MAX_APPLIED:
            return await self.chat_state(step.chat)
        chat_at = after.get(log)
        state = replace(
            before,
            session=step.after,
            applied=applied,
            version=case_at.version if case_at else (before.version if stays else 0),
            chat_version=chat_at.version if chat_at else before.chat_version,
        )
        hashes = (
            chat_at.hash if chat_at else chat_hash,
            inspection_hash,
            case_at.hash if case_at else (case_hash if stays else EMPTY.hash),
        )
        self._states.put(step.chat, (hashes, state))
        return state

    async def _plan_made(self, plan: _Plan, change: changes.InspectionMade) -> None:
        inspection_id = file_name("an inspection's id", change.inspection.id)
        ids = await self.journal.names("inspections")
        for there in ids:
            if there.casefold() != inspection_id.casefold():
                continue
            if (await self.journal.read(inspection_log(there))).version:
                raise AlreadyThere(f"There is an inspection {there!r} already; take another id.")
        content = pack_text(change.pack).encode()
        head = inspection_to_json(change.inspection, content, plan.at)
        await self.journal.put(pack_blob(head["pack_sha256"]), content)
        patch = {"inspection": {"inspection": head}}
        plan.add(inspection_log(inspection_id), 0, patch)
        for case in change.cases:
            self._plan_new_case(plan, inspection_id, EMPTY, case, pack=change.pack)

    async def _plan_closed(self, plan: _Plan, change: changes.InspectionClosed) -> None:
        snapshot = await self._inspection(change.inspection)
        head = self._head(change.inspection, snapshot)
        after = {**head, "closed": change.closed, "keep_until": change.keep_until}
        if after != head:
            self._plan_inspection(
                plan, change.inspection, snapshot, {"inspection": {"inspection": after}}
            )

    def _plan_inspection(
        self, plan: _Plan, inspection_id: str, snapshot: Snapshot, patch: Patch
    ) -> None:
        plan.add(inspection_log(inspection_id), snapshot.version, patch)

    async def _plan_case_added(self, plan: _Plan, change: changes.CaseAdded) -> None:
        pack = await self.pack(change.inspection)
        snapshot = await self.journal.read(list_log(change.inspection))
        self._plan_new_case(plan, change.inspection, snapshot, change.case, pack=pack)

    def _plan_new_case(  # where, what, and the pack that it is counted with
        self,
        plan: _Plan,
        inspection_id: str,
        listed: Snapshot,
        case: Case,
        *,
        pack: Pack,
    ) -> None:
        log, same = case_log(inspection_id, case.key), same_case(case.key)
        there = plan.document(list_log(inspection_id), listed, "cases", same)
        if there is not None:
            known = key_from_json(there)
            if table(listed, "cases").document(same) is None:
                raise AlreadyThere(
                    f"Case {case.case} ({case.form}) is listed twice; give each its own reference."
                )
            raise AlreadyThere(f"Case {known.case} ({known.form}) is there already.")
        entry = {"cases": {same: listed_case(case.key)}}
        plan.add(list_log(inspection_id), listed.version, entry)
        summary = self._summary_document(pack, case, plan.at)
        plan.add(log, 0, case_patch(None, case), summary=summary)

    def _summary_document(self, pack: Pack, case: Case, at: str) -> Document | None:
        if not self.journal.keeps_summaries or pack.form(case.form) is None:
            return None
        return summary_to_json(case_summary(pack, case, at))

    async def _plan_case_changed(self, plan: _Plan, change: changes.CaseChanged) -> None:
        key, snapshot = await self._load(change.inspection, change.after.key)
        if snapshot.version != change.expect:
            raise Conflict("The case was changed by somebody else in the meantime.")
        self._plan_case(
            plan, change.inspection, key, snapshot, change.after,
            pack=await self.pack(change.inspection),
        )  # fmt: skip

    def _plan_case(  # noqa: PLR0913  # where, from what, to what
        self,
        plan: _Plan,
        inspection_id: str,
        key: CaseKey,
        snapshot: Snapshot,
        after: Case,
        *,
        pack: Pack,
    ) -> None:
        after = replace(after, case=key.case)  # the reference under which it was added
        patch = case_patch(self._case_of(inspection_id, key, snapshot), after)
        if patch:
            summary = self._summary_document(pack, after, plan.at)
            plan.add(case_log(inspection_id, key), snapshot.version, patch, summary=summary)

    async def _plan_imported(self, plan: _Plan, change: changes.CaseImported) -> None:
        case_file_name(change.case.key)  # refuses what cannot be a case's reference
        key = await self.find_key(change.inspection, change.case.key)
        if key is None:
            added = changes.CaseAdded(change.inspection, change.case)
            await self._plan_case_added(plan, added)
            return
        snapshot = await self.journal.read(case_log(change.inspection, key))
        self._plan_case(
            plan, change.inspection, key, snapshot, change.case,
            pack=await self.pack(change.inspection),
        )  # fmt: skip

    async def _plan_invitation(self, plan: _Plan, change: changes.InvitationAdded) -> None:
        snapshot = await self._inspection(change.inspection)
        invitation = change.invitation
        patch = {"invitations": {invitation.code_hash: invitation_to_json(invitation)}}
        self._plan_inspection(plan, change.inspection, snapshot, patch)

    async def _plan_revoked(self, plan: _Plan, change: changes.InvitationRevoked) -> None:
        snapshot = await self._inspection(change.inspection)
        raw = table(snapshot, "invitations").document(change.code_hash)
        if raw is not None and raw["used_by"] is None:
            patch = {"invitations": {change.code_hash: None}}
            self._plan_inspection(plan, change.inspection, snapshot, patch)

    async def _plan_used(self, plan: _Plan, change: changes.InvitationUsed) -> None:
        snapshot = await self._inspection(change.inspection)
        raw = table(snapshot, "invitations").document(change.code_hash)
        if raw is None or raw["used_by"] is not None:
            raise Conflict("This invitation was used in the meantime.")
        patch = {
            "people": {change.chat: asdict(change.member)},
            "invitations": {change.code_hash: {**raw, "used_by": change.chat}},
        }
        self._plan_inspection(plan, change.inspection, snapshot, patch)

    async def _plan_member_added(self, plan: _Plan, change: changes.MemberAdded) -> None:
        log = inspection_log(change.inspection)
        new = plan.entries.get(log)
        snapshot = EMPTY if new is not None and new.expect == 0 else (
            await self._inspection(change.inspection)
        )  # fmt: skip
        if table(snapshot, "people").document(change.chat) != asdict(change.member):
            patch = {"people": {change.chat: asdict(change.member)}}
            self._plan_inspection(plan, change.inspection, snapshot, patch)

    async def _plan_member_changed(self, plan: _Plan, change: changes.MemberChanged) -> None:
        snapshot = await self._inspection(change.inspection)
        before = table(snapshot, "people").document(change.chat)
        after = None if change.member is None else asdict(change.member)
        if before is None or before == after:
            return
        patch: dict[str, dict[str, Document | None]] = {"people": {change.chat: after}}
        if after is None:
            patch["former"] = {before["person"]: {"chat": change.chat, "at": plan.at}}
        self._plan_inspection(plan, change.inspection, snapshot, patch)

    async def _plan_record(self, plan: _Plan, change: changes.RecordSet) -> None:
        snapshot = await self._inspection(change.inspection)
        stands = table(snapshot, change.kind).document(change.name)
        if change.expect is not ... and change.expect != stands:
            raise Conflict("This was changed by somebody else in the meantime.")
        if change.document is not None or stands is not None:
            patch: Patch = {change.kind: {change.name: change.document}}
            self._plan_inspection(plan, change.inspection, snapshot, patch)

    async def _plan_queued(self, plan: _Plan, change: changes.MessageQueued) -> None:
        message = change.message
        patch = {"messages": {message.id: outbox_to_json(message)}}
        plan.add(outbox_log(message.inspection), None, patch)

    async def _plan_sent(self, plan: _Plan, change: changes.MessageSent) -> None:
        message = change.message
        snapshot = await self.journal.read(outbox_log(message.inspection))
        if table(snapshot, "messages").document(message.id) is not None:
            log = outbox_log(message.inspection)
            plan.add(log, None, {"messages": {message.id: None}})

    async def _plan_bot(self, plan: _Plan, change: changes.BotNamed) -> None:
        if await self.bot_username() != change.username:
            plan.add("bot", None, {"bot": {"bot": {"username": change.username}}})

    _planners: Final[Mapping[type, Callable[..., Awaitable[None]]]] = {
        changes.InspectionMade: _plan_made,
        changes.InspectionClosed: _plan_closed,
        changes.CaseAdded: _plan_case_added,
        changes.CaseChanged: _plan_case_changed,
        changes.CaseImported: _plan_imported,
        changes.InvitationAdded: _plan_invitation,
        changes.InvitationRevoked: _plan_revoked,
        changes.InvitationUsed: _plan_used,
        changes.MemberAdded: _plan_member_added,
        changes.MemberChanged: _plan_member_changed,
        changes.RecordSet: _plan_record,
        changes.MessageQueued: _plan_queued,
        changes.MessageSent: _plan_sent,
        changes.BotNamed: _plan_bot,
    }

    async def _plan_step(self, plan: _Plan, step: ChatStep) -> None:
        """The chat's session, and with it the update that caused the commit."""
        log = chat_log(step.chat)
        snapshot = await self._at(log, step.before.chat_version if step.before else None)
        before = _place(log, snapshot) if snapshot.version else None
        after = place_of(step.inspection, step.after)
        version = snapshot.version if step.before is None else step.before.chat_version
        in_case = after.case is not None and await self._plan_in_case(plan, step, after.case)
        leaves = before is not None and (before.inspection, before.case) != (
            after.inspection, after.case,
        )  # fmt: skip
        updates = await self._updates_left(plan, step, before) if before and leaves else {}
        if step.update is not None and not in_case:
            updates[step.update] = {"message": step.message, "gave": []}
        if after != before or updates:
            known = table(snapshot, "updates").ids()
            new = [update for update in updates if update not in known]
            too_many = max(0, len(known) + len(new) - MAX_CHAT_UPDATES)
            updates |= dict.fromkeys(known[:too_many])
            patch: dict[str, Mapping[str, Document | None]] = {
                "chat": {"chat": place_to_json(after)}
            }
            if updates:
                patch["updates"] = updates
            plan.add(log, version, patch)
        elif in_case:
            plan.add(log, version, {})  # whoever moves the chat meanwhile has the step taken anew

    async def _at(self, log: str, version: int | None) -> Snapshot:
        """A log as a step found it, without asking anew: the append holds it to that version."""
        known = self.journal.known(log)
        if known is not None and known.version == version:
            return known
        return await self.journal.read(log)

    async def _plan_in_case(self, plan: _Plan, step: ChatStep, key: CaseKey) -> bool:
        """What the step changes in the log of the case that is open after it, if anything."""
        log, case = case_log(step.inspection, key), step.after.case
        snapshot = await self._at(log, step.version)
        if snapshot.version != step.version or case is None:
            raise Conflict("The case was changed by somebody else in the meantime.")
        before = self._case_of(step.inspection, key, snapshot) if snapshot.version else None
        patch: dict[str, dict[str, Document | None]] = dict(case_patch(before, case))
        cursor = cursor_to_json(step.after.cursor)
        if (table(snapshot, "chats").document(step.chat) or {}) != cursor:
            patch["chats"] = {step.chat: cursor}
        if not patch:
            return False
        summary = None
        if self.journal.keeps_summaries and patch.keys() & {"case", "profile", "answers"}:
            summary = self._summary_document(await self.pack(step.inspection), case, plan.at)
        if step.update is not None:
            gave = [
                f"{name}/{one}" for name in ("profile", "answers") for one in patch.get(name, ())
            ]
            document = {"chat": step.chat, "message": step.message, "gave": gave}
            patch["updates"] = {step.update: document}
            known = snapshot.tables.get("updates", {})
            if len(known) >= MAX_CASE_UPDATES:
                patch["updates"][next(iter(known))] = None  # the oldest
        plan.add(log, step.version, patch, summary=summary)
        return True

    async def _updates_left(
        self, plan: _Plan, step: ChatStep, before: ChatPlace
    ) -> dict[str, Document | None]:
        """What was applied in the case that the chat leaves, for the chat's own log."""
        if before.case is None:
            return {}
        log = case_log(before.inspection, before.case)
        try:
            snapshot = await self.journal.read(log)
        except Damaged:
            return {}
        if step.before is not None and step.before.session.case is not None:
            plan.add(log, step.before.version, {})
        applied = table(snapshot, "updates").search(where("chat") == step.chat)
        return {
            str(one.doc_id): {name: value for name, value in one.items() if name != "chat"}
            for one in applied
        }

    # --- single changes, for the command line -------------------------------------------------

    async def change(
        self, *new: Change, at: str, by: str | None, event: str, step: ChatStep | None = None
    ) -> None:
        """Commit changes that hold whatever else changes; taken anew where somebody was quicker."""
        for _ in range(MAX_ATTEMPTS):
            try:
                await self.commit(new, step, at=at, by=by, event=event)
            except Conflict:
                continue
            return
        raise Conflict("Somebody else keeps changing this. Try again.")

    async def create_inspection(
        self, inspection: Inspection, pack: Pack, cases: Sequence[Case], *, at: str
    ) -> None:
        """Make an inspection with its pinned pack and its cases. Raises :class:`AlreadyThere`."""
        made = changes.InspectionMade(inspection, pack, tuple(cases))
        await self.commit([made], at=at, by=None, event="InspectionMade")

    async def close_inspection(
        self,
        inspection_id: str,
        *,
        closed: str | None,
        keep_until: str | None,
        by: str | None,
        at: str,
    ) -> None:
        event = "InspectionClosed" if closed else "InspectionOpened"
        change = changes.InspectionClosed(inspection_id, closed, keep_until)
        await self.change(change, at=at, by=by, event=event)

    async def add_case(self, inspection_id: str, case: Case, *, by: str | None, at: str) -> None:
        """Raises :class:`AlreadyThere`. ``c001`` is the same reference as ``C001``."""
        added = changes.CaseAdded(inspection_id, case)
        await self.change(added, at=at, by=by, event="CaseAdded")

    async def put_case(self, inspection_id: str, case: Case, *, at: str) -> bool:
        """Make the stored case equal this one, or add it. Return whether anything changed."""
        case_file_name(case.key)
        key = await self.find_key(inspection_id, case.key)
        before = None if key is None else await self.journal.read(case_log(inspection_id, key))
        imported = changes.CaseImported(inspection_id, case)
        await self.change(imported, at=at, by=None, event="CaseImported")
        after = await self.journal.read(case_log(inspection_id, key or case.key))
        return before is None or before.hash != after.hash

    async def change_case(  # noqa: PLR0913  # who, when and why of a lead's change
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
        """Raises :class:`Conflict` if the case's version is not ``expect`` any more."""
        change = changes.CaseChanged(inspection_id, after, expect)
        await self.commit([change], at=at, by=by, event=event, why=why)

    async def add_invitation(self, inspection_id: str, invitation: Invitation, *, at: str) -> None:
        added = changes.InvitationAdded(inspection_id, invitation)
        await self.change(added, at=at, by=None, event="InvitationAdded")

    async def revoke_invitation(
        self, inspection_id: str, code_hash: str, *, by: str, at: str
    ) -> None:
        revoked = changes.InvitationRevoked(inspection_id, code_hash)
        await self.change(revoked, at=at, by=by, event="InvitationRevoked")

    async def join(
        self, inspection_id: str, code_hash: str, chat: str, member: Member, *, at: str
    ) -> None:
        """Use the invitation: this chat is ``member`` from now on, and is in this inspection."""
        used = changes.InvitationUsed(inspection_id, code_hash, chat, member)
        step = await self.entering(inspection_id, chat, member)
        await self.commit([used], step, at=at, by=member.person, event="InvitationUsed")

    async def add_member(self, inspection_id: str, chat: str, member: Member, *, at: str) -> None:
        """Make a chat a member without an invitation, and let it be in this inspection."""
        await self._inspection(inspection_id)
        added = changes.MemberAdded(inspection_id, chat, member)
        step = await self.entering(inspection_id, chat, member)
        await self.change(added, at=at, by=member.person, event="MemberAdded", step=step)

    async def entering(self, inspection_id: str, chat: str, member: Member) -> ChatStep | None:
        """The step with which a chat goes to an inspection; None where it is in it already."""
        snapshot = await self.journal.read(chat_log(chat))
        place = _place(chat_log(chat), snapshot) if snapshot.version else None
        if place is not None and place.inspection == inspection_id:
            return None
        language = place.language if place is not None else None
        session = Session(member.person, language)
        return ChatStep(chat, None, inspection_id, session, version=0)

    async def change_member(
        self, inspection_id: str, chat: str, member: Member | None, *, by: str, at: str
    ) -> None:
        """Give somebody who has joined another role, or take them out (None)."""
        event = "MemberChanged" if member else "MemberRemoved"
        change = changes.MemberChanged(inspection_id, chat, member)
        await self.change(change, at=at, by=by, event=event)

    async def set_record(  # noqa: PLR0913  # the record's place, and who changes it when
        self,
        inspection_id: str,
        kind: RecordKind,
        name: str,
        document: Document | None,
        *,
        by: str | None,
        at: str,
        expect: Document | EllipsisType | None = ...,
    ) -> None:
        """Keep a document under a name; None takes it away. Raises :class:`Conflict`."""
        event = "RecordKept" if document is not None else "RecordTakenAway"
        change = changes.RecordSet(inspection_id, kind, name, document, expect)
        if expect is ...:
            await self.change(change, at=at, by=by, event=event)
        else:
            await self.commit([change], at=at, by=by, event=event)

    async def queue(self, messages: Sequence[OutboxMessage], *, at: str) -> None:
        queued = [changes.MessageQueued(message) for message in messages]
        await self.change(*queued, at=at, by=None, event="MessageQueued")

    async def sent(self, message: OutboxMessage, *, at: str) -> None:
        """It was sent, or is true no more."""
        await self.change(changes.MessageSent(message), at=at, by=None, event="MessageSent")
        self._claimed.discard(_lease(message))
        await self.journal.release(_lease(message))

    async def remember_bot(self, username: str, *, at: str = "") -> None:
        await self.change(changes.BotNamed(username), at=at, by=None, event="BotNamed")


def _place(log: str, snapshot: Snapshot) -> ChatPlace:
    try:
        raw = table(snapshot, "chat").document("chat")
        return place_from_json(raw)  # type: ignore[arg-type]  # None is malformed, too
    except _MALFORMED as exc:
        raise damaged(Path(f"{log}.jsonl"), None, "it is not the log of a chat") from exc


def _logs_of(place: ChatPlace | None) -> list[str]:
    if place is None:
        return []
    case = [case_log(place.inspection, place.case)] if place.case else []
    return [inspection_log(place.inspection), *case]


def _updates(snapshot: Snapshot, chat: str | None = None) -> list[str]:
    """The updates that were applied in a log, of one chat or of all."""
    updates = table(snapshot, "updates")
    if chat is None:
        return updates.ids()
    return [str(one.doc_id) for one in updates.search(where("chat") == chat)]


def _lease(message: OutboxMessage) -> str:
    return f"outbox/{message.inspection}/{message.id}"


def _is_name(inspection_id: str) -> bool:
    try:
        file_name("an inspection's id", inspection_id)
    except StoreError:
        return False
    return True


def _is_case(key: CaseKey) -> bool:
    try:
        case_file_name(key)
    except StoreError:
        return False
    return True
