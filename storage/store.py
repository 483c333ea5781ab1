"""The store: inspections, cases, people and conversations, written once over a journal.

It decides nothing about a conversation. It keeps what was decided, all of it in one append.
:mod:`storage.logs` says what stands where, :mod:`storage.changes` what each change comes to.

Every method may raise :class:`storage.errors.StoreError`. Times are ISO 8601 in UTC, to the second.
"""

import asyncio
from collections.abc import Mapping, Sequence
from contextlib import nullcontext
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from criteria.case import Case
from criteria.case_json import case_from_json, case_to_json
from criteria.inspection import Inspection, Member
from criteria.instrument.pack import Pack
from dialogs.session import Session
from dialogs.turn import iso
from storage import changes
from storage.case_database import table
from storage.changes import CaseImported, Change, ChatStep, Plan
from storage.documents import AwaitedFile, OutboxMessage
from storage.errors import Conflict, WouldLose
from storage.journal import Journal, Snapshot
from storage.logs import case_log, chat_log, evidence_blob, outbox_log
from storage.reader import ChatState, StoreReader, place_in

MAX_APPLIED: Final = 800
"""A state that knows more updates than this is read again from the logs, which forget old ones."""
MAX_ATTEMPTS: Final = 20
LEASE: Final = timedelta(minutes=2)
"""How long a process that took on to send a message is waited for."""


class Store(StoreReader):
    """``journal`` is on files or on PostgreSQL: see :mod:`storage.open_store`."""

    def __init__(self, journal: Journal) -> None:
        super().__init__(journal)
        self._turn = asyncio.Lock()
        self._claimed: dict[str, str] = {}  # until when, by the lease's name

    async def close(self) -> None:
        await self.journal.close()

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
        plan = Plan(at, by, event, why)
        # Several chats change an inspection's log: in turns, they are no conflict.
        async with self._turn if changes else nullcontext():
            for change in changes:
                await change.plan(self, plan)
            if step is not None:
                await step.plan(self, plan)
            entries = list(plan.entries.values())
            snapshots = await self.journal.append(entries) if entries else []
        if step is None:
            return None
        after = dict(zip(plan.entries, snapshots, strict=True))
        return self._state_after(step, after, changes) or await self.chat_state(step.chat)

    def _state_after(
        self, step: ChatStep, after: Mapping[str, Snapshot], changes: Sequence[Change]
    ) -> ChatState | None:
        """The state after an answer in the open case; None where it has to be read again.

        It is kept for the next event, so that an answer costs no decoding.
        """
        before, case, known = step.before, step.after.case, self._states.get(step.chat)
        if changes or before is None or case is None or known is None or known[1] is not before:
            return None
        log, chat = case_log(step.inspection, case.key), chat_log(step.chat)
        applied = before.applied if step.update is None else before.applied | {step.update}
        was = before.session.case
        stays = was is not None and was.key == case.key and before.inspection.id == step.inspection
        if not stays or not {log, chat} <= after.keys() or len(applied) > MAX_APPLIED:
            return None
        self._cases[log] = after[log].hash, case
        state = replace(
            before,
            session=step.after,
            applied=applied,
            version=after[log].version,
            chat_version=after[chat].version,
        )
        self._states[step.chat] = (after[chat].hash, known[0][1], after[log].hash), state
        return state

    async def keep_file(self, inspection_id: str, name: str, content: bytes) -> None:
        """Keep a file of evidence, durable on return; one that is there stays as it is."""
        await self.inspection_snapshot(inspection_id)
        await self.journal.put(evidence_blob(inspection_id, name), content)

    # --- the outbox --------------------------------------------------------------------------

    async def claim(self, message: OutboxMessage, *, at: str) -> bool:
        """Whether this process is to send it: yes once, until it was sent.

        The claim holds for two minutes (:data:`LEASE`), and on if it is asked for again before
        they are over. So where the process dies, another one that asks later may send it.
        """
        name = _lease(message.inspection, "messages", message.id)
        if not await self._takes_on(message.inspection, "messages", message.id, at):
            self._claimed.pop(name, None)
            return False
        prolonged = self._claimed.get(name, "") > at  # it is being sent
        self._claimed[name] = _leased_until(at)
        return not prolonged

    async def claim_file(self, file: AwaitedFile, *, at: str) -> bool:
        """Whether this process is to fetch it; the claim holds for two minutes."""
        return await self._takes_on(file.inspection, "files", file.name, at)

    async def _takes_on(self, inspection_id: str, kind: str, name: str, at: str) -> bool:
        """Whether it still waits in the outbox, and no other process has taken it on."""
        snapshot = await self.journal.read(outbox_log(inspection_id))
        if table(snapshot, kind).document(name) is None:
            return False
        lease = _lease(inspection_id, kind, name)
        return await self.journal.lease(lease, at=at, until=_leased_until(at))

    async def sent(self, message: OutboxMessage, *, at: str) -> None:
        """It was sent, or is true no more."""
        await self.change(changes.MessageSent(message), at=at, by=None, event="MessageSent")
        name = _lease(message.inspection, "messages", message.id)
        self._claimed.pop(name, None)
        await self.journal.release(name)

    async def fetched(self, change: changes.FileFetched, *new: Change, at: str) -> None:
        """A file came, and its content is kept; or it never will."""
        event = "FileLost" if change.sha256 is None else "FileFetched"
        await self.change(change, *new, at=at, by=None, event=event)
        await self.journal.release(_lease(change.file.inspection, "files", change.file.name))

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

    async def losses(self, imports: Sequence[CaseImported]) -> list[str]:
        """What they would take away as things stand now; nothing is written."""
        lost: list[str] = []
        for one in imports:
            try:
                await one.plan(self, Plan("", None, "CaseImported", None))
            except WouldLose as exc:
                lost += exc.lost
        return lost

    async def import_case(self, one: CaseImported, *, at: str) -> bool:
        """Return whether anything changed. Raises :class:`WouldLose`."""
        key = case_from_json(one.given).key
        before = await self.find_key(one.inspection, key)
        log = case_log(one.inspection, before or key)
        hash_ = None if before is None else (await self.journal.read(log)).hash
        event = "CaseAdded" if before is None else "CaseImported"
        await self.change(one, at=at, by=None, event=event)
        return hash_ != (await self.journal.read(log)).hash

    async def put_case(self, inspection_id: str, case: Case, *, at: str) -> bool:
        """Make the stored case equal this one, or add it. Return whether anything changed."""
        one = CaseImported(inspection_id, case_to_json(case), replaces=True)
        return await self.import_case(one, at=at)

    async def add_member(self, inspection_id: str, chat: str, member: Member, *, at: str) -> None:
        """Make a chat a member without an invitation, and let it be in this inspection."""
        added = changes.MemberAdded(inspection_id, chat, member)
        step = await self.entering(inspection_id, chat, member)
        await self.change(added, at=at, by=member.person, event="MemberAdded", step=step)

    async def entering(self, inspection_id: str, chat: str, member: Member) -> ChatStep | None:
        """The step with which a chat goes to an inspection; None where it is in it already."""
        place = place_in(chat_log(chat), await self.journal.read(chat_log(chat)))
        if place is not None and place.inspection == inspection_id:
            return None
        session = Session(member.person, place.language if place else None)
        return ChatStep(chat, None, inspection_id, session, version=0)


def _leased_until(at: str) -> str:
    return iso(datetime.fromisoformat(at) + LEASE)


def _lease(inspection_id: str, kind: str, name: str) -> str:
    return f"{kind}/{inspection_id}/{name}"
