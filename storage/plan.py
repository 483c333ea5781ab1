"""What the changes of a commit come to: at most one entry for each log, to be appended together.

A planner reads the logs that its change is about, and adds to the plan. It changes nothing itself.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import asdict, dataclass, field, replace
from typing import Any, Final

from tinydb import where

from criteria.case import Case, CaseKey
from criteria.instrument.pack import Pack
from dialogs.session import cursor_to_json
from storage import changes
from storage.case_summary import case_summary, summary_to_json
from storage.case_tables import case_patch
from storage.changes import ChatStep
from storage.documents import (
    ChatPlace,
    inspection_to_json,
    invitation_to_json,
    key_from_json,
    listed_case,
    outbox_to_json,
    pack_text,
    place_of,
    place_to_json,
)
from storage.errors import AlreadyThere, Conflict, Damaged
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
from storage.reader import StoreReader, place_in
from storage.tables import EMPTY, table

MAX_CASE_UPDATES: Final = 400
MAX_CHAT_UPDATES: Final = 200
"""Applied updates that a log remembers. Telegram delivers at most the last hundred again."""


@dataclass(slots=True)
class Plan:
    """The entries of one commit by their logs, and who made it, when and why."""

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
        if None not in (there.expect, expect) and there.expect != expect:
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


# --- inspections --------------------------------------------------------------------------------


async def _made(store: StoreReader, plan: Plan, change: changes.InspectionMade) -> None:
    inspection_id = file_name("an inspection's id", change.inspection.id)
    for there in await store.journal.names("inspections"):
        same = there.casefold() == inspection_id.casefold()
        if same and (await store.journal.read(inspection_log(there))).version:
            raise AlreadyThere(f"There is an inspection {there!r} already; take another id.")
    content = pack_text(change.pack).encode()
    head = inspection_to_json(change.inspection, content, plan.at)
    await store.journal.put(pack_blob(head["pack_sha256"]), content)
    plan.add(inspection_log(inspection_id), 0, {"inspection": {"inspection": head}})
    for case in change.cases:
        _new_case(store, plan, inspection_id, EMPTY, case, change.pack)


async def _closed(store: StoreReader, plan: Plan, change: changes.InspectionClosed) -> None:
    snapshot = await store.inspection_snapshot(change.inspection)
    head = store.head(change.inspection, snapshot)
    after = {**head, "closed": change.closed, "keep_until": change.keep_until}
    if after != head:
        patch = {"inspection": {"inspection": after}}
        plan.add(inspection_log(change.inspection), snapshot.version, patch)


async def _record(store: StoreReader, plan: Plan, change: changes.RecordSet) -> None:
    snapshot = await store.inspection_snapshot(change.inspection)
    stands = table(snapshot, change.kind).document(change.name)
    if change.expect is not ... and change.expect != stands:
        raise Conflict("This was changed by somebody else in the meantime.")
    if change.document is not None or stands is not None:
        patch: Patch = {change.kind: {change.name: change.document}}
        plan.add(inspection_log(change.inspection), snapshot.version, patch)


# --- people -------------------------------------------------------------------------------------


async def _invitation_added(
    store: StoreReader, plan: Plan, change: changes.InvitationAdded
) -> None:
    snapshot = await store.inspection_snapshot(change.inspection)
    invitation = change.invitation
    patch = {"invitations": {invitation.code_hash: invitation_to_json(invitation)}}
    plan.add(inspection_log(change.inspection), snapshot.version, patch)


async def _invitation_revoked(
    store: StoreReader, plan: Plan, change: changes.InvitationRevoked
) -> None:
    snapshot = await store.inspection_snapshot(change.inspection)
    raw = table(snapshot, "invitations").document(change.code_hash)
    if raw is not None and raw["used_by"] is None:
        patch: Patch = {"invitations": {change.code_hash: None}}
        plan.add(inspection_log(change.inspection), snapshot.version, patch)


async def _invitation_used(store: StoreReader, plan: Plan, change: changes.InvitationUsed) -> None:
    snapshot = await store.inspection_snapshot(change.inspection)
    raw = table(snapshot, "invitations").document(change.code_hash)
    if raw is None or raw["used_by"] is not None:
        raise Conflict("This invitation was used in the meantime.")
    patch = {
        "people": {change.chat: asdict(change.member)},
        "invitations": {change.code_hash: {**raw, "used_by": change.chat}},
    }
    plan.add(inspection_log(change.inspection), snapshot.version, patch)


async def _member_added(store: StoreReader, plan: Plan, change: changes.MemberAdded) -> None:
    log = inspection_log(change.inspection)
    made_now = log in plan.entries and plan.entries[log].expect == 0
    snapshot = EMPTY if made_now else await store.inspection_snapshot(change.inspection)
    member = asdict(change.member)
    if table(snapshot, "people").document(change.chat) != member:
        plan.add(log, snapshot.version, {"people": {change.chat: member}})


async def _member_changed(store: StoreReader, plan: Plan, change: changes.MemberChanged) -> None:
    snapshot = await store.inspection_snapshot(change.inspection)
    before = table(snapshot, "people").document(change.chat)
    after = None if change.member is None else asdict(change.member)
    if before is None or before == after:
        return
    patch: dict[str, dict[str, Document | None]] = {"people": {change.chat: after}}
    if after is None:
        patch["former"] = {before["person"]: {"chat": change.chat, "at": plan.at}}
    plan.add(inspection_log(change.inspection), snapshot.version, patch)


# --- cases --------------------------------------------------------------------------------------


async def _case_added(store: StoreReader, plan: Plan, change: changes.CaseAdded) -> None:
    pack = await store.pack(change.inspection)
    listed = await store.journal.read(list_log(change.inspection))
    _new_case(store, plan, change.inspection, listed, change.case, pack)


def _new_case(  # noqa: PLR0913, PLR0917  # where, what, and the pack that it is counted with
    store: StoreReader, plan: Plan, inspection_id: str, listed: Snapshot, case: Case, pack: Pack
) -> None:
    log, cases = case_log(inspection_id, case.key), list_log(inspection_id)
    same = same_case(case.key)
    there = plan.document(cases, listed, "cases", same)
    if there is not None and table(listed, "cases").document(same) is None:
        raise AlreadyThere(
            f"Case {case.case} ({case.form}) is listed twice; give each its own reference."
        )
    if there is not None:
        known = key_from_json(there)
        raise AlreadyThere(f"Case {known.case} ({known.form}) is there already.")
    plan.add(cases, listed.version, {"cases": {same: listed_case(case.key)}})
    plan.add(log, 0, case_patch(None, case), summary=_summary(store, pack, case, plan.at))


def _summary(store: StoreReader, pack: Pack, case: Case, at: str) -> Document | None:
    if not store.journal.keeps_summaries or pack.form(case.form) is None:
        return None
    return summary_to_json(case_summary(pack, case, at))


async def _case_changed(store: StoreReader, plan: Plan, change: changes.CaseChanged) -> None:
    key, snapshot = await store.load(change.inspection, change.after.key)
    if snapshot.version != change.expect:
        raise Conflict("The case was changed by somebody else in the meantime.")
    await _case(store, plan, change.inspection, key, snapshot, change.after)


async def _case(  # noqa: PLR0913, PLR0917  # where, from what, to what
    store: StoreReader,
    plan: Plan,
    inspection_id: str,
    key: CaseKey,
    snapshot: Snapshot,
    after: Case,
) -> None:
    after = replace(after, case=key.case)  # the reference under which it was added
    patch = case_patch(store.case_of(inspection_id, key, snapshot), after)
    if patch:
        summary = _summary(store, await store.pack(inspection_id), after, plan.at)
        plan.add(case_log(inspection_id, key), snapshot.version, patch, summary=summary)


async def _case_imported(store: StoreReader, plan: Plan, change: changes.CaseImported) -> None:
    case_file_name(change.case.key)  # refuses what cannot be a case's reference
    key = await store.find_key(change.inspection, change.case.key)
    if key is None:
        await _case_added(store, plan, changes.CaseAdded(change.inspection, change.case))
        return
    snapshot = await store.journal.read(case_log(change.inspection, key))
    await _case(store, plan, change.inspection, key, snapshot, change.case)


# --- the outbox, and the bot itself -------------------------------------------------------------


async def _queued(_store: StoreReader, plan: Plan, change: changes.MessageQueued) -> None:
    message = change.message
    patch = {"messages": {message.id: outbox_to_json(message)}}
    plan.add(outbox_log(message.inspection), None, patch)


async def _sent(store: StoreReader, plan: Plan, change: changes.MessageSent) -> None:
    log = outbox_log(change.message.inspection)
    if table(await store.journal.read(log), "messages").document(change.message.id) is not None:
        plan.add(log, None, {"messages": {change.message.id: None}})


async def _bot_named(store: StoreReader, plan: Plan, change: changes.BotNamed) -> None:
    if await store.bot_username() != change.username:
        plan.add(BOT, None, {"bot": {"bot": {"username": change.username}}})


Planner = Callable[[StoreReader, Plan, Any], Awaitable[None]]

PLANNERS: Final[Mapping[type, Planner]] = {
    changes.InspectionMade: _made,
    changes.InspectionClosed: _closed,
    changes.RecordSet: _record,
    changes.InvitationAdded: _invitation_added,
    changes.InvitationRevoked: _invitation_revoked,
    changes.InvitationUsed: _invitation_used,
    changes.MemberAdded: _member_added,
    changes.MemberChanged: _member_changed,
    changes.CaseAdded: _case_added,
    changes.CaseChanged: _case_changed,
    changes.CaseImported: _case_imported,
    changes.MessageQueued: _queued,
    changes.MessageSent: _sent,
    changes.BotNamed: _bot_named,
}


# --- a chat's step ------------------------------------------------------------------------------


async def plan_step(store: StoreReader, plan: Plan, step: ChatStep) -> None:
    """The chat's session, and with it the update that caused the commit."""
    log = chat_log(step.chat)
    snapshot = await _at(store, log, step.before.chat_version if step.before else None)
    version = snapshot.version if step.before is None else step.before.chat_version
    before = place_in(log, snapshot) if snapshot.version else None
    after = place_of(step.inspection, step.after)
    in_case = after.case is not None and await _step_in_case(store, plan, step, after.case)
    updates: dict[str, Document | None] = {}
    if before and (before.inspection, before.case) != (after.inspection, after.case):
        updates |= await _updates_left(store, plan, step, before)
    if step.update is not None and not in_case:
        updates[step.update] = {"message": step.message, "gave": []}
    if after == before and not updates:
        if in_case:
            plan.add(log, version, {})  # whoever moves the chat meanwhile has the step taken anew
        return
    known = table(snapshot, "updates").ids()
    new = [update for update in updates if update not in known]
    updates |= dict.fromkeys(known[: max(0, len(known) + len(new) - MAX_CHAT_UPDATES)])
    patch: dict[str, Mapping[str, Document | None]] = {"chat": {"chat": place_to_json(after)}}
    plan.add(log, version, patch | ({"updates": updates} if updates else {}))


async def _at(store: StoreReader, log: str, version: int | None) -> Snapshot:
    """A log as a step found it, without asking anew: the append holds it to that version."""
    known = store.journal.known(log)
    if known is not None and known.version == version:
        return known
    return await store.journal.read(log)


async def _step_in_case(store: StoreReader, plan: Plan, step: ChatStep, key: CaseKey) -> bool:
    """Plan what the step changes in the log of the case that is open after it, if anything."""
    log, case = case_log(step.inspection, key), step.after.case
    snapshot = await _at(store, log, step.version)
    if snapshot.version != step.version or case is None:
        raise Conflict("The case was changed by somebody else in the meantime.")
    before = store.case_of(step.inspection, key, snapshot) if snapshot.version else None
    patch: dict[str, dict[str, Document | None]] = dict(case_patch(before, case))
    gave = [f"{name}/{one}" for name in ("profile", "answers") for one in patch.get(name, ())]
    cursor = cursor_to_json(step.after.cursor)
    if (table(snapshot, "chats").document(step.chat) or {}) != cursor:
        patch["chats"] = {step.chat: cursor}
    if not patch:
        plan.add(log, step.version, {})  # whoever changes the case meanwhile has the step refused
        return False
    summary = None
    if store.journal.keeps_summaries:
        summary = _summary(store, await store.pack(step.inspection), case, plan.at)
    if step.update is not None:
        document = {"chat": step.chat, "message": step.message, "gave": gave}
        patch["updates"] = {step.update: document}
        known = table(snapshot, "updates").ids()
        if len(known) >= MAX_CASE_UPDATES:
            patch["updates"][known[0]] = None  # the oldest
    plan.add(log, step.version, patch, summary=summary)
    return True


async def _updates_left(
    store: StoreReader, plan: Plan, step: ChatStep, before: ChatPlace
) -> dict[str, Document | None]:
    """What was applied in the case that the chat leaves, for the chat's own log."""
    if before.case is None:
        return {}
    log = case_log(before.inspection, before.case)
    try:
        snapshot = await store.journal.read(log)
    except Damaged:
        return {}
    loaded = step.before is not None and step.before.session.case is not None
    # An answer that another worker is keeping there at this moment must not be missed.
    plan.add(log, step.before.version if step.before and loaded else snapshot.version, {})
    applied = table(snapshot, "updates").search(where("chat") == step.chat)
    return {
        str(one.doc_id): {name: value for name, value in one.items() if name != "chat"}
        for one in applied
    }
