"""What the store holds, read through the TinyDB tables of the journal's snapshots.

What was read is cached as values, by the hashes of the logs that it was read from.
"""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import json
import logging
from collections import defaultdict
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final, TypeVar

from tinydb import where
from tinydb.utils import LRUCache

from criteria.case import Case, CaseKey
from criteria.case_summary import CaseSummary, case_summary, damaged_summary, summary_from_json
from criteria.inspection import Inspection, Member
from criteria.instrument.load import load_pack
from criteria.instrument.pack import Pack
from dialogs.session import Cursor, Session, cursor_from_json
from storage.case_database import EMPTY, table
from storage.case_tables import HistoryEntry, case_from_tables, history_of
from storage.documents import (
    MALFORMED,
    AwaitedFile,
    ChatPlace,
    Invitation,
    OutboxMessage,
    RecordKind,
    file_from_json,
    invitation_from_json,
    member_from_json,
    outbox_from_json,
    place_from_json,
)
from storage.errors import AlreadyThere, Damaged, DamagedFile, NotFound
from storage.file_names import case_file_name, same_case
from storage.journal import Document, Journal, Line, Snapshot
from storage.logs import (
    BOT,
    case_log,
    cases_folder,
    chat_log,
    evidence_blob,
    files_folder,
    inspection_log,
    is_inspection_id,
    list_log,
    outbox_log,
    pack_blob,
)

MAX_CASES: Final = 1_024
MAX_CHATS: Final = 2_048
PAGE: Final = 200
"""Cases that are read at once, where all of an inspection's are."""

_NO_INSPECTION: Final = "it is not the log of an inspection"

Waiting = TypeVar("Waiting", OutboxMessage, AwaitedFile)

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class ChatState:
    """A chat as the store has it: who it belongs to, in which inspection, with which session."""

    chat: str
    inspection: Inspection
    member: Member
    session: Session
    applied: frozenset[str]  # the updates that took effect, the recent ones at least
    version: int  # of the open case that the session was loaded with, 0 where none is open
    chat_version: int  # of the chat's own log


class StoreReader:
    """The reading half of :class:`storage.store.Store`."""

    def __init__(self, journal: Journal) -> None:
        self.journal = journal
        self._summing: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)
        self.forget()

    def forget(self) -> None:
        """Drop all cached state: at the start, and when something was erased."""
        self._packs: dict[str, Pack] = {}
        self._cases: LRUCache[str, tuple[str, Case]] = LRUCache(MAX_CASES)
        self._states: LRUCache[str, tuple[tuple[str, ...], ChatState]] = LRUCache(MAX_CHATS)
        self._lists: dict[str, tuple[str, list[CaseKey]]] = {}
        self._summaries: dict[str, tuple[str, dict[str, CaseSummary]]] = {}

    # --- inspections -------------------------------------------------------------------------

    async def inspections(self, *, skip_damaged: bool = True) -> list[Inspection]:
        """Oldest first. What is damaged is refused where it is named; the others go on."""
        return [inspection for inspection, _ in await self._read_inspections(skip_damaged)]

    async def _read_inspections(self, skip_damaged: bool) -> list[tuple[Inspection, Snapshot]]:
        found = []
        for inspection_id in await self.journal.names("inspections"):
            try:
                snapshot = await self.journal.read(inspection_log(inspection_id))
                if snapshot.version:
                    pinned = pinned_pack(inspection_id, snapshot)["pinned"]
                    found.append((pinned, inspection_in(inspection_id, snapshot), snapshot))
            except Damaged as exc:
                if not skip_damaged:
                    raise
                _log.error("not read why=%s", exc)
        found.sort(key=lambda one: (one[0], one[1].id))
        return [(inspection, snapshot) for _, inspection, snapshot in found]

    async def refuse_id(self, inspection_id: str, *, may_be_there: bool = False) -> None:
        """Raise :class:`AlreadyThere` where an inspection has this id, in any spelling.

        With ``may_be_there`` the very same spelling is let through.
        """
        for there in await self.journal.names("inspections"):
            same = there.casefold() == inspection_id.casefold()
            if not same or (may_be_there and there == inspection_id):
                continue
            if (await self.journal.read(inspection_log(there))).version:
                raise AlreadyThere(f"There is an inspection {there!r} already; take another id.")

    async def inspection(self, inspection_id: str) -> Inspection:
        """Raises :class:`NotFound`, naming those there are."""
        snapshot = await self.inspection_snapshot(inspection_id)
        return inspection_in(inspection_id, snapshot)

    async def pack(self, inspection_id: str) -> Pack:
        """The pinned pack, loaded once per process, checked against the hash taken when pinned."""
        # It was read a moment ago, where a chat's message is answered.
        snapshot = self.journal.known(inspection_log(inspection_id))
        if snapshot is None or not snapshot.version:
            snapshot = await self.inspection_snapshot(inspection_id)
        sha256 = str(pinned_pack(inspection_id, snapshot)["sha256"])
        if sha256 not in self._packs:
            name = pack_blob(sha256)
            try:
                data = await self.journal.get(name)
            except NotFound as exc:
                what = "the inspection's copy of its pack is missing"
                raise DamagedFile(Path(name), None, what) from exc
            if hashlib.sha256(data).hexdigest() != sha256:
                raise DamagedFile(Path(name), None, "the inspection's copy of its pack was changed")
            self._packs[sha256] = load_pack(json.loads(data))
        return self._packs[sha256]

    async def inspection_snapshot(self, inspection_id: str) -> Snapshot:
        """An inspection's log as it stands. Raises :class:`NotFound`, naming those there are."""
        if is_inspection_id(inspection_id):
            snapshot = await self.journal.read(inspection_log(inspection_id))
            if snapshot.version:
                return snapshot
            if await self.journal.names(cases_folder(inspection_id)):
                raise _damaged(inspection_log(inspection_id), "it is missing or empty")
        names = ", ".join([one.id for one in await self.inspections()]) or "none yet"
        raise NotFound(f"There is no inspection {inspection_id!r}. There are: {names}.")

    # --- cases -------------------------------------------------------------------------------

    async def case_keys(self, inspection_id: str) -> list[CaseKey]:
        """The cases in the order in which they were added, both readings."""
        await self.inspection_snapshot(inspection_id)
        snapshot = await self.journal.read(list_log(inspection_id))
        known = self._lists.get(inspection_id)
        if known is None or known[0] != snapshot.hash:
            keys = [CaseKey(**one) for one in table(snapshot, "cases")]
            known = self._lists[inspection_id] = snapshot.hash, keys
        return known[1]

    async def find_key(self, inspection_id: str, key: CaseKey) -> CaseKey | None:
        """The case of that reference as it was added: ``c001`` finds ``C001``."""
        await self.inspection_snapshot(inspection_id)
        snapshot = await self.journal.read(list_log(inspection_id))
        raw = table(snapshot, "cases").document(same_case(key))
        return None if raw is None else CaseKey(**raw)

    async def erased(self, inspection_id: str, key: CaseKey) -> str | None:
        """When a case of this reference and form was erased, if it was."""
        erased = table(await self.journal.read(list_log(inspection_id)), "erased")
        found = [erased.document(same_case(one)) for one in (key, key.other_reading)]
        return max((str(one["at"]) for one in found if one), default=None)

    async def cases(self, inspection_id: str, *, reading: int = 1) -> list[Case]:
        """Every case with its answers, in the order in which they were added.

        Raises :class:`Damaged` if one cannot be read: what is counted or exported is whole.
        """
        cases = []
        keys = [key for key in await self.case_keys(inspection_id) if key.reading == reading]
        async for key, read in self._read_cases(inspection_id, keys):
            if isinstance(read, Damaged):
                raise read
            case = self.case_of(inspection_id, key, read, keep=False)
            cases.append(replace(case, version=exported_version(read)))
        return cases

    async def _read_cases(
        self, inspection_id: str, keys: Sequence[CaseKey]
    ) -> AsyncIterator[tuple[CaseKey, Snapshot | Damaged]]:
        for at in range(0, len(keys), PAGE):
            page = keys[at : at + PAGE]
            read = await self.journal.read_many([case_log(inspection_id, key) for key in page])
            for one in zip(page, read, strict=True):
                yield one

    async def overview(self, inspection_id: str, *, reading: int = 1) -> list[CaseSummary]:
        """How far each case is, in the same order; without reading again what has not changed.

        A damaged case is listed as such; it does not hide the others.
        """
        keys = [key for key in await self.case_keys(inspection_id) if key.reading == reading]
        logs = {case_log(inspection_id, key): key for key in keys}
        unreadable: dict[str, CaseSummary] = {}  # not kept: they may be mended any time
        # Of two at once, one would forget a changed case while the other keeps what it was before.
        async with self._summing[inspection_id]:
            known = await self._known_summaries(inspection_id)
            missing = [key for log, key in logs.items() if log not in known]
            if missing:
                pack = await self.pack(inspection_id)
                async for key, read in self._read_cases(inspection_id, missing):
                    summary = self._summary(inspection_id, pack, key, read)
                    kept = known if summary.damaged is None else unreadable
                    kept[case_log(inspection_id, key)] = summary
                    await asyncio.sleep(0)  # the other conversations have their turn
            return [known.get(log) or unreadable[log] for log in logs]

    async def _known_summaries(self, inspection_id: str) -> dict[str, CaseSummary]:
        """The summaries that are kept, without those of cases that changed since."""
        since, known = self._summaries.get(inspection_id, ("", {}))
        now, changed = await self.journal.summaries(cases_folder(inspection_id), since)
        for log, document in changed.items():
            known.pop(log, None)
            if document is not None:
                known[log] = summary_from_json(document)
        self._summaries[inspection_id] = now, known
        return known

    def _summary(
        self, inspection_id: str, pack: Pack, key: CaseKey, read: Snapshot | Damaged
    ) -> CaseSummary:
        log = case_log(inspection_id, key)
        try:
            if isinstance(read, Damaged):
                raise read
            case = self.case_of(inspection_id, key, read, keep=False)
            return case_summary(pack, case, read.at)
        except (LookupError, Damaged) as exc:
            why = exc if isinstance(exc, Damaged) else _damaged(log, str(exc))
            _log.error("not read why=%s", why)
            return damaged_summary(key, str(why))

    async def load_case(
        self, inspection_id: str, key: CaseKey, chat: str
    ) -> tuple[Case, Cursor, int]:
        """A case, where this chat last was in it, and its version. Raises :class:`NotFound`."""
        key, snapshot = await self.load(inspection_id, key)
        case = self.case_of(inspection_id, key, snapshot)
        return case, _cursor_in(snapshot, key, chat), snapshot.version

    async def load(self, inspection_id: str, key: CaseKey) -> tuple[CaseKey, Snapshot]:
        found = await self.existing_key(inspection_id, key)
        return found, await self.journal.read(case_log(inspection_id, found))

    async def existing_key(self, inspection_id: str, key: CaseKey) -> CaseKey:
        """As :meth:`find_key`. Raises :class:`NotFound`."""
        found = await self.find_key(inspection_id, key)
        if found is None:
            raise NotFound(f"There is no case {key.case!r} ({key.form}) in this inspection.")
        return found

    def case_of(
        self, inspection_id: str, key: CaseKey, snapshot: Snapshot, *, keep: bool = True
    ) -> Case:
        log = case_log(inspection_id, key)
        known = self._cases.get(log)
        if known is not None and known[0] == snapshot.hash:
            return known[1]
        if not snapshot.version:
            raise _damaged(log, "it is missing or empty")
        try:
            case = case_from_tables(snapshot.tables)
        except MALFORMED as exc:
            raise _damaged(log, "it is not the log of a case") from exc
        if case.key != key:
            raise _damaged(log, f"it holds another case, {case.case}")
        if keep:
            self._cases[log] = snapshot.hash, case
        return case

    async def case_lines(self, inspection_id: str, key: CaseKey) -> list[Line]:
        """Every committed step of a case, oldest first; :mod:`storage.case_tables` reads them."""
        found = await self.existing_key(inspection_id, key)
        return await self.journal.lines(case_log(inspection_id, found))

    async def history(self, inspection_id: str, key: CaseKey) -> list[HistoryEntry]:
        return list(history_of(await self.case_lines(inspection_id, key)))

    # --- files of evidence ---------------------------------------------------------------------

    async def file(self, inspection_id: str, name: str, sha256: str | None) -> bytes:
        """``sha256`` is what a case says of it, None where no case does.

        Raises :class:`NotFound`, and :class:`Damaged` where its hash is another one.
        """
        await self.inspection_snapshot(inspection_id)
        blob = evidence_blob(inspection_id, name)
        content = await self.journal.get(blob)
        if sha256 is not None and hashlib.sha256(content).hexdigest() != sha256:
            raise DamagedFile(
                Path(blob), None, "it was changed (its content is not what its case says)"
            )
        return content

    async def files(self, inspection_id: str) -> list[str]:
        await self.inspection_snapshot(inspection_id)
        return await self.journal.names(files_folder(inspection_id))

    # --- people ------------------------------------------------------------------------------

    async def members(self, inspection_id: str) -> dict[str, Member]:
        """Who has joined, by chat."""
        people = table(await self.inspection_snapshot(inspection_id), "people")
        return {str(one.doc_id): member_from_json(one) for one in people}

    async def former_people(self, inspection_id: str) -> dict[str, str | None]:
        """Who was taken out, each with the chat that was theirs, None where they are erased.

        Nobody else gets their references.
        """
        former = table(await self.inspection_snapshot(inspection_id), "former")
        return {str(one.doc_id): one.get("chat") for one in former}

    async def memberships(self, chat: str) -> list[tuple[Inspection, Member]]:
        """Every inspection in which this chat is a member."""
        memberships = []
        for inspection, snapshot in await self._read_inspections(skip_damaged=True):
            raw = table(snapshot, "people").document(chat)
            if raw is not None:
                memberships.append((inspection, member_from_json(raw)))
        return memberships

    async def invitations(self, inspection_id: str) -> list[Invitation]:
        invitations = table(await self.inspection_snapshot(inspection_id), "invitations")
        return [invitation_from_json(one) for one in invitations]

    async def find_invitation(self, code_hash: str) -> tuple[Inspection, Invitation] | None:
        """The invitation of this code, used or not, wherever it is (compared in constant time).

        Raises :class:`Damaged` if it is nowhere else and may be where nothing can be read.
        """
        found = unreadable = None
        for inspection_id in await self.journal.names("inspections"):
            try:
                snapshot = await self.journal.read(inspection_log(inspection_id))
                for one in table(snapshot, "invitations"):
                    if hmac.compare_digest(str(one.doc_id).encode(), code_hash.encode()):
                        inspection = inspection_in(inspection_id, snapshot)
                        found = inspection, invitation_from_json(one)
            except Damaged as exc:
                unreadable = exc
        if found is None and unreadable is not None:
            raise unreadable
        return found

    # --- beside the cases ----------------------------------------------------------------------

    async def records(self, inspection_id: str, kind: RecordKind) -> dict[str, Document]:
        """In the order in which they were first kept."""
        documents = table(await self.inspection_snapshot(inspection_id), kind)
        return {str(one.doc_id): dict(one) for one in documents}

    async def outbox(self) -> list[OutboxMessage]:
        """Every message that has not been sent, oldest first."""
        return await self._waiting("messages", outbox_from_json)

    async def awaited_files(self) -> list[AwaitedFile]:
        """Every file that is still to be fetched, oldest first."""
        return await self._waiting("files", file_from_json)

    async def _waiting(self, name: str, from_json: Callable[[Document], Waiting]) -> list[Waiting]:
        waiting: list[Waiting] = []
        for inspection in await self.inspections():
            snapshot = await self.journal.read(outbox_log(inspection.id))
            waiting += map(from_json, table(snapshot, name))
        return sorted(waiting, key=lambda one: one.at)

    async def bot_username(self) -> str | None:
        bot = table(await self.journal.read(BOT), "bot").document("bot")
        return None if bot is None else str(bot["username"])

    # --- conversations -----------------------------------------------------------------------

    async def chats(self) -> list[str]:
        """Every chat that was ever in an inspection."""
        return await self.journal.names("chats")

    async def chat_language(self, chat: str) -> str | None:
        """The language that was chosen in this chat, also by somebody who was taken out since."""
        place = place_in(chat_log(chat), await self.journal.read(chat_log(chat)))
        return place.language if place else None

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
            inspection=inspection_in(place.inspection, inspection),
            member=member,
            session=Session(
                person=member.person,
                language=place.language,
                case=self.case_of(place.inspection, key, case) if key else None,
                cursor=_cursor_in(case, key, chat) if key else Cursor(),
                asked=place.asked,
                held=place.held,
                part=place.part,
            ),
            applied=frozenset((*_updates(snapshot), *_updates(case, chat))),
            version=case.version,
            chat_version=snapshot.version,
        )
        self._states[chat] = hashes, state
        return state

    async def _read_context(
        self, chat: str
    ) -> tuple[ChatPlace, Snapshot, Snapshot, Snapshot] | None:
        """Where a chat is, its log, its inspection's and its open case's (empty where none is).

        All three in one call, by where the chat was when this process last saw it.
        """
        log = chat_log(chat)
        last = self.journal.known(log)
        guess = None if last is None else place_in(log, last)
        snapshot, *others = await self.journal.read_many([log, *_logs_of(guess)])
        if isinstance(snapshot, Damaged):
            raise snapshot
        same = last is not None and last.hash == snapshot.hash
        place = guess if same else place_in(log, snapshot)
        if place is None:
            return None
        if _logs_of(place) != _logs_of(guess):
            others = await self.journal.read_many(_logs_of(place))
        inspection, case = (*others, EMPTY)[:2]
        if isinstance(inspection, Damaged):
            raise inspection
        if not inspection.version:
            inspection = await self.inspection_snapshot(place.inspection)  # says which there are
        try:
            if isinstance(case, Damaged):
                raise case
            if place.case is not None and case.version:
                self.case_of(place.inspection, place.case, case)
        except Damaged as exc:
            _log.error("not read why=%s", exc)
            case = EMPTY
        return place, snapshot, inspection, case


def inspection_in(inspection_id: str, snapshot: Snapshot) -> Inspection:
    """The inspection of a log. Raises :class:`Damaged`."""
    raw = table(snapshot, "inspection").document("inspection")
    try:
        return Inspection(**raw)  # type: ignore[arg-type]  # None is malformed, too
    except MALFORMED as exc:
        raise _damaged(inspection_log(inspection_id), _NO_INSPECTION) from exc


def pinned_pack(inspection_id: str, snapshot: Snapshot) -> Document:
    """The hash of an inspection's pack, and when it was pinned. Raises :class:`Damaged`."""
    raw = table(snapshot, "inspection").document("pack")
    if raw is None or not raw.keys() >= {"sha256", "pinned"}:
        raise _damaged(inspection_log(inspection_id), _NO_INSPECTION)
    return raw


def exported_version(snapshot: Snapshot) -> int:
    """A case's version in files: its steps here, and those of the store that it came from."""
    imported = table(snapshot, "imported").document("imported")
    return snapshot.version + (imported["steps"] if imported else 0)


def place_in(log: str, snapshot: Snapshot) -> ChatPlace | None:
    """Where a chat is, by its log; None where it was nowhere yet."""
    if not snapshot.version:
        return None
    try:
        raw = table(snapshot, "chat").document("chat")
        return place_from_json(raw)  # type: ignore[arg-type]  # None is malformed, too
    except MALFORMED as exc:
        raise _damaged(log, "it is not the log of a chat") from exc


def _cursor_in(snapshot: Snapshot, key: CaseKey, chat: str) -> Cursor:
    raw = table(snapshot, "chats").document(chat)
    try:
        return Cursor() if raw is None else cursor_from_json(raw)
    except MALFORMED as exc:
        raise _damaged(case_file_name(key), "it is not the log of a case") from exc


def _damaged(log: str, what: str) -> Damaged:
    return DamagedFile(Path(f"{log}.jsonl"), None, what)


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
