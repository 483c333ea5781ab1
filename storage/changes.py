"""What may be changed, and what it comes to: :meth:`storage.store.Store.commit` appends it all.

A handler returns changes; the pipeline commits them in one append with the id of the update that
caused them. A change plans itself: it reads the logs that it is about, and adds to the plan, which
holds at most one entry for each log. It changes nothing itself.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from hashlib import sha256
from types import EllipsisType
from typing import Final, Protocol

from tinydb import where

from criteria.case import Case, Evidence
from criteria.case_import import completed, losses
from criteria.case_json import case_from_json, case_to_json
from criteria.case_summary import case_summary, summary_to_json
from criteria.inspection import Inspection, Member
from criteria.instrument.pack import Pack
from dialogs.session import Session, cursor_to_json
from storage.case_database import EMPTY, table
from storage.case_tables import case_patch
from storage.documents import (
    AwaitedFile,
    ChatPlace,
    Invitation,
    OutboxMessage,
    RecordKind,
    pack_text,
    place_to_json,
    void_codes,
)
from storage.errors import AlreadyThere, Conflict, Damaged, WouldLose
from storage.file_names import case_file_name, file_name, same_case
from storage.journal import Document, Entry, Patch, Snapshot
from storage.logs import (
    BOT,
    case_log,
    chat_log,
    inspection_log,
    list_log,
    outbox_log,
    pack_blob,
)  # fmt: skip
from storage.reader import ChatState, StoreReader, exported_version, inspection_in, place_in

MAX_CASE_UPDATES: Final = 400
MAX_CHAT_UPDATES: Final = 200
"""Applied updates that a log remembers. Telegram delivers at most the last hundred again."""


@dataclass(slots=True)
class Plan:
    """The entries of one commit by their logs, and who made it, when and why."""

    at: str
    by: str | None
    event: str
    why: str | None = field(repr=False)
    entries: dict[str, Entry] = field(default_factory=dict, repr=False)

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
        if None not in (there.expect, expect) and there.expect != expect:
            raise Conflict("This was changed by somebody else in the meantime.")
        merged = {name: {**there.patch.get(name, {}), **one} for name, one in patch.items()}
        self.entries[log] = replace(
            there,
            expect=expect if there.expect is None else there.expect,
            patch={**there.patch, **merged},
            summary=summary or there.summary,
        )

    def wait(self, kind: str, name: str, one: OutboxMessage | AwaitedFile) -> None:
        """Have it wait in its inspection's outbox."""
        self.add(outbox_log(one.inspection), None, {kind: {name: asdict(one)}})

    async def wait_no_more(
        self, store: StoreReader, kind: str, name: str, one: OutboxMessage | AwaitedFile
    ) -> None:
        log = outbox_log(one.inspection)
        if table(await store.journal.read(log), kind).document(name) is not None:
            self.add(log, None, {kind: {name: None}})


class Change(Protocol):
    async def plan(self, store: StoreReader, plan: Plan, /) -> None:
        """Add to the plan; nothing where nothing would differ. May raise any ``StoreError``."""


# --- an inspection's own log ----------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _InInspection:
    inspection: str

    def patch(self, snapshot: Snapshot, at: str, /) -> Patch:
        """What differs from the inspection's log as it stands; empty where nothing does."""
        raise NotImplementedError

    async def plan(self, store: StoreReader, plan: Plan) -> None:
        log = inspection_log(self.inspection)
        made_now = log in plan.entries and plan.entries[log].expect == 0
        snapshot = EMPTY if made_now else await store.inspection_snapshot(self.inspection)
        if patch := self.patch(snapshot, plan.at):
            plan.add(log, snapshot.version, patch)


@dataclass(frozen=True, slots=True)
class InspectionClosed(_InInspection):
    closed: str | None  # None where it is opened again
    keep_until: str | None

    def patch(self, snapshot: Snapshot, _at: str) -> Patch:
        before = inspection_in(self.inspection, snapshot)
        after = replace(before, closed=self.closed, keep_until=self.keep_until)
        return {"inspection": {"inspection": asdict(after)}} if after != before else {}


@dataclass(frozen=True, slots=True)
class RecordSet(_InInspection):
    """None takes the document away. A conflict where another one than ``expect`` stands there."""

    kind: RecordKind
    name: str
    document: Document | None = field(repr=False)
    expect: Document | EllipsisType | None = field(default=..., repr=False)

    def patch(self, snapshot: Snapshot, _at: str) -> Patch:
        stands = table(snapshot, self.kind).document(self.name)
        if self.expect is not ... and self.expect != stands:
            raise Conflict("This was changed by somebody else in the meantime.")
        return {self.kind: {self.name: self.document}} if self.document != stands else {}


@dataclass(frozen=True, slots=True)
class InvitationAdded(_InInspection):
    invitation: Invitation

    def patch(self, _snapshot: Snapshot, _at: str) -> Patch:
        return {"invitations": {self.invitation.code_hash: asdict(self.invitation)}}


@dataclass(frozen=True, slots=True)
class InvitationRevoked(_InInspection):
    """An unused code works no more; nothing happens where it was used or is not there."""

    code_hash: str = field(repr=False)

    def patch(self, snapshot: Snapshot, _at: str) -> Patch:
        raw = table(snapshot, "invitations").document(self.code_hash)
        unused = raw is not None and raw["used_by"] is None
        return {"invitations": {self.code_hash: None}} if unused else {}


@dataclass(frozen=True, slots=True)
class InvitationUsed(_InInspection):
    """The chat is ``member`` from now on. A conflict where somebody else was quicker."""

    code_hash: str = field(repr=False)
    chat: str
    member: Member

    def patch(self, snapshot: Snapshot, _at: str) -> Patch:
        raw = table(snapshot, "invitations").document(self.code_hash)
        if raw is None or raw["used_by"] is not None:
            raise Conflict("This invitation was used in the meantime.")
        person = self.member.person
        before = table(snapshot, "people").search(where("person") == person)
        patch: Patch = {
            "people": {**{str(one.doc_id): None for one in before}, self.chat: asdict(self.member)},
            "invitations": {self.code_hash: {**raw, "used_by": self.chat}},
        }
        was_removed = table(snapshot, "former").document(person) is not None
        return {**patch, "former": {person: None}} if was_removed else patch


@dataclass(frozen=True, slots=True)
class MemberAdded(_InInspection):
    """A member without an invitation (the demo, the terminal, who makes an inspection)."""

    chat: str
    member: Member

    def patch(self, snapshot: Snapshot, _at: str) -> Patch:
        member = asdict(self.member)
        there = table(snapshot, "people").document(self.chat)
        return {"people": {self.chat: member}} if there != member else {}


@dataclass(frozen=True, slots=True)
class MemberChanged(_InInspection):
    """Another role, or no place any more: then unused codes go that this gave the right to make."""

    chat: str
    member: Member | None  # None takes them out

    def patch(self, snapshot: Snapshot, at: str) -> Patch:
        before = table(snapshot, "people").document(self.chat)
        after = None if self.member is None else asdict(self.member)
        if before is None or before == after:
            return {}
        person = before["person"]
        patch: dict[str, Mapping[str, Document | None]] = {"people": {self.chat: after}}
        if self.member is None:
            patch["former"] = {person: {"chat": self.chat, "at": at}}
        if self.member is None or not self.member.is_lead:
            codes = table(snapshot, "invitations")
            if void := void_codes(codes, person, removed=self.member is None):
                patch["invitations"] = void
        return patch


# --- inspections and cases ------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class InspectionMade:
    inspection: Inspection
    pack: Pack
    cases: tuple[Case, ...] = ()

    async def plan(self, store: StoreReader, plan: Plan) -> None:
        inspection_id = file_name("an inspection's id", self.inspection.id)
        await store.refuse_id(inspection_id)
        content = pack_text(self.pack).encode()
        pack = {"sha256": sha256(content).hexdigest(), "pinned": plan.at}
        await store.journal.put(pack_blob(pack["sha256"]), content)
        head = {"inspection": asdict(self.inspection), "pack": pack}
        plan.add(inspection_log(inspection_id), 0, {"inspection": head})
        _add_cases(store, plan, inspection_id, EMPTY, self.cases, self.pack)


@dataclass(frozen=True, slots=True)
class CaseAdded:
    inspection: str
    case: Case

    async def plan(self, store: StoreReader, plan: Plan) -> None:
        pack = await store.pack(self.inspection)
        listed = await store.journal.read(list_log(self.inspection))
        _add_cases(store, plan, self.inspection, listed, [self.case], pack)


@dataclass(frozen=True, slots=True)
class CaseChanged:
    """``expect`` is the version of the stored case that ``after`` was worked out from, None where
    ``after`` is to be kept whatever stands there.
    """

    inspection: str
    after: Case
    expect: int | None

    async def plan(self, store: StoreReader, plan: Plan) -> None:
        key, snapshot = await store.load(self.inspection, self.after.key)
        if self.expect not in (None, snapshot.version):
            raise Conflict("The case was changed by somebody else in the meantime.")
        after = replace(self.after, case=key.case)  # the reference under which it was added
        patch = case_patch(store.case_of(self.inspection, key, snapshot), after)
        if patch:
            summary = _summary(store, await store.pack(self.inspection), after, plan.at)
            plan.add(case_log(self.inspection, key), snapshot.version, patch, summary=summary)


@dataclass(frozen=True, slots=True)
class CaseImported:
    """``given`` is the case as an inspection file has it. Unless it ``replaces``, nothing is lost.

    It may change what is stored where its ``version`` is the stored one's; else it may only add.
    Raises :class:`WouldLose`.
    """

    inspection: str
    given: Document = field(repr=False)
    replaces: bool = False

    async def plan(self, store: StoreReader, plan: Plan) -> None:
        case = case_from_json(self.given)
        case_file_name(case.key)  # refuses what cannot be a case's reference
        if await store.find_key(self.inspection, case.key) is None:
            erased = await store.erased(self.inspection, case.key)
            if erased is not None and not self.replaces:
                raise WouldLose([f"{case.case} (erased on {erased[:10]})"])
            await CaseAdded(self.inspection, case).plan(store, plan)
            return
        key, snapshot = await store.load(self.inspection, case.key)
        if not self.replaces:
            stored = case_to_json(store.case_of(self.inspection, key, snapshot))
            same_version = self.given.get("version") == exported_version(snapshot)
            document = completed(stored, {**self.given, "case": key.case})
            case = case_from_json(document)
            lost = losses(stored, case_to_json(case), may_change=same_version, place=key.case)
            if named := list(lost):
                raise WouldLose(named)
        await CaseChanged(self.inspection, case, snapshot.version).plan(store, plan)


def _add_cases(  # noqa: PLR0913, PLR0917  # where, what, and the pack that they are counted with
    store: StoreReader,
    plan: Plan,
    inspection_id: str,
    listed: Snapshot,
    cases: Sequence[Case],
    pack: Pack,
) -> None:
    log, known = list_log(inspection_id), table(listed, "cases")
    added = dict(plan.entries[log].patch["cases"]) if log in plan.entries else {}
    for case in cases:
        same = same_case(case.key)
        case_entry = case_log(inspection_id, case.key)
        if same in added:
            raise AlreadyThere(
                f"Case {case.case} ({case.form}) is listed twice; give each its own reference."
            )
        if (there := known.document(same)) is not None:
            raise AlreadyThere(f"Case {there['case']} ({there['form']}) is there already.")
        added[same] = asdict(case.key)
        summary = _summary(store, pack, case, plan.at)
        patch: Patch = case_patch(None, case)
        if case.version is not None and case.version > 1:
            patch = {**patch, "imported": {"imported": {"steps": case.version - 1}}}
        plan.add(case_entry, 0, patch, summary=summary)
    if cases:
        plan.add(log, listed.version, {"cases": added})


def _summary(store: StoreReader, pack: Pack, case: Case, at: str) -> Document | None:
    if not store.journal.keeps_summaries or pack.form(case.form) is None:
        return None
    return summary_to_json(case_summary(pack, case, at))


# --- the outbox, and the bot itself ---------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class MessageQueued:
    message: OutboxMessage

    async def plan(self, _store: StoreReader, plan: Plan) -> None:
        plan.wait("messages", self.message.id, self.message)


@dataclass(frozen=True, slots=True)
class MessageSent:
    message: OutboxMessage

    async def plan(self, store: StoreReader, plan: Plan) -> None:
        await plan.wait_no_more(store, "messages", self.message.id, self.message)


@dataclass(frozen=True, slots=True)
class FileAwaited:
    file: AwaitedFile

    async def plan(self, _store: StoreReader, plan: Plan) -> None:
        plan.wait("files", self.file.name, self.file)


@dataclass(frozen=True, slots=True)
class FileFetched:
    """Its content is kept, and is of this ``type``; a ``sha256`` of None: it never will be."""

    file: AwaitedFile
    type: str | None = None
    media: str | None = None
    sha256: str | None = field(default=None, repr=False)

    async def plan(self, store: StoreReader, plan: Plan) -> None:
        """It is awaited no more, in the outbox and, where that was not erased, in its case."""
        inspection, name = self.file.inspection, self.file.name
        await plan.wait_no_more(store, "files", name, self.file)
        key = await store.find_key(inspection, self.file.case) if self.file.case else None
        if key is None:
            return
        snapshot = await store.journal.read(case_log(inspection, key))
        case = store.case_of(inspection, key, snapshot)
        evidence = tuple(
            self._after(one) if (one.file, one.state) == (name, "awaited") else one
            for one in case.evidence
        )
        after = replace(case, evidence=evidence)
        await CaseChanged(inspection, after, snapshot.version).plan(store, plan)

    def _after(self, one: Evidence) -> Evidence:
        if self.sha256 is None:
            return replace(one, state="removed")
        media = self.media or one.media
        return replace(one, state="there", media=media, type=self.type, sha256=self.sha256)


@dataclass(frozen=True, slots=True)
class BotNamed:
    username: str  # so that the command line can print deep links

    async def plan(self, store: StoreReader, plan: Plan) -> None:
        if await store.bot_username() != self.username:
            plan.add(BOT, None, {"bot": {"bot": {"username": self.username}}})


# --- a chat's step --------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class ChatStep:
    """What becomes of a chat in a commit: where it is afterwards, and the update that caused it."""

    chat: str
    before: ChatState | None  # None where it was in no inspection, or is in another one afterwards
    inspection: str
    after: Session
    version: int  # of ``after.case`` as it was loaded
    update: str | None = None
    message: str | None = None  # the message's own id, kept with what it gave

    async def plan(self, store: StoreReader, plan: Plan) -> None:
        """The chat's session, and with it the update that caused the commit."""
        log = chat_log(self.chat)
        snapshot = await _at(store, log, self.before.chat_version if self.before else None)
        version = snapshot.version if self.before is None else self.before.chat_version
        before = place_in(log, snapshot)
        session, case = self.after, self.after.case
        after = ChatPlace(
            self.inspection,
            case.key if case is not None else None,
            session.language,
            session.asked,
            session.held,
            session.part,
        )
        in_case = case is not None and await self._in_case(store, plan, case)
        updates: dict[str, Document | None] = {}
        if before and (before.inspection, before.case) != (after.inspection, after.case):
            updates |= await self._updates_left(store, plan, before)
        if self.update is not None and not in_case:
            updates[self.update] = {"message": self.message, "gave": []}
        if after == before and not updates:
            if in_case:
                plan.add(log, version, {})  # whoever moves the chat meanwhile has it taken anew
            return
        known = table(snapshot, "updates").ids()
        new = [update for update in updates if update not in known]
        updates |= dict.fromkeys(known[: max(0, len(known) + len(new) - MAX_CHAT_UPDATES)])
        patch: dict[str, Mapping[str, Document | None]] = {"chat": {"chat": place_to_json(after)}}
        plan.add(log, version, patch | ({"updates": updates} if updates else {}))

    async def _in_case(self, store: StoreReader, plan: Plan, case: Case) -> bool:
        """Plan what changes in the log of the case that is open after the step, if anything."""
        log = case_log(self.inspection, case.key)
        snapshot = await _at(store, log, self.version)
        if snapshot.version != self.version:
            raise Conflict("The case was changed by somebody else in the meantime.")
        before = store.case_of(self.inspection, case.key, snapshot) if snapshot.version else None
        patch: dict[str, dict[str, Document | None]] = dict(case_patch(before, case))
        gave = [f"{name}/{one}" for name in ("profile", "answers") for one in patch.get(name, ())]
        cursor = cursor_to_json(self.after.cursor)
        if (table(snapshot, "chats").document(self.chat) or {}) != cursor:
            patch["chats"] = {self.chat: cursor}
        if not patch:
            plan.add(log, self.version, {})  # whoever changes the case meanwhile has it refused
            return False
        summary = None
        if store.journal.keeps_summaries:
            summary = _summary(store, await store.pack(self.inspection), case, plan.at)
        if self.update is not None:
            document = {"chat": self.chat, "message": self.message, "gave": gave}
            patch["updates"] = {self.update: document}
            known = table(snapshot, "updates").ids()
            if len(known) >= MAX_CASE_UPDATES:
                patch["updates"][known[0]] = None  # the oldest
        plan.add(log, self.version, patch, summary=summary)
        return True

    async def _updates_left(
        self, store: StoreReader, plan: Plan, place: ChatPlace
    ) -> dict[str, Document | None]:
        """What was applied in the case that the chat leaves, for the chat's own log."""
        if place.case is None:
            return {}
        log = case_log(place.inspection, place.case)
        try:
            snapshot = await store.journal.read(log)
        except Damaged:
            return {}
        loaded = self.before is not None and self.before.session.case is not None
        # An answer that another worker is keeping there at this moment must not be missed.
        plan.add(log, self.before.version if self.before and loaded else snapshot.version, {})
        applied = table(snapshot, "updates").search(where("chat") == self.chat)
        return {
            str(one.doc_id): {name: value for name, value in one.items() if name != "chat"}
            for one in applied
        }


async def _at(store: StoreReader, log: str, version: int | None) -> Snapshot:
    """A log as a step found it, without asking anew: the append holds it to that version."""
    known = store.journal.known(log)
    if known is not None and known.version == version:
        return known
    return await store.journal.read(log)
