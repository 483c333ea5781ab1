"""Single changes of a store, as tests make them: each is one commit."""

from __future__ import annotations

from collections.abc import Sequence
from types import EllipsisType

from criteria.case import Case
from criteria.inspection import Member
from storage import changes
from storage.documents import Invitation, OutboxMessage, RecordKind
from storage.journal import Document
from storage.store import Store


async def add_case(store: Store, inspection: str, case: Case, *, by: str | None, at: str) -> None:
    await store.change(changes.CaseAdded(inspection, case), at=at, by=by, event="CaseAdded")


async def change_case(
    store: Store,
    inspection: str,
    after: Case,
    *,
    expect: int,
    by: str,
    at: str,
    event: str,
    why: str | None = None,
) -> None:
    change = changes.CaseChanged(inspection, after, expect)
    await store.commit([change], at=at, by=by, event=event, why=why)


async def close_inspection(
    store: Store,
    inspection: str,
    *,
    closed: str | None,
    keep_until: str | None,
    by: str | None,
    at: str,
) -> None:
    change = changes.InspectionClosed(inspection, closed, keep_until)
    event = "InspectionClosed" if closed else "InspectionOpened"
    await store.change(change, at=at, by=by, event=event)


async def add_invitation(store: Store, inspection: str, invitation: Invitation, *, at: str) -> None:
    change = changes.InvitationAdded(inspection, invitation)
    await store.change(change, at=at, by=None, event="InvitationAdded")


async def revoke_invitation(
    store: Store, inspection: str, code_hash: str, *, by: str, at: str
) -> None:
    change = changes.InvitationRevoked(inspection, code_hash)
    await store.change(change, at=at, by=by, event="InvitationRevoked")


async def join_with(
    store: Store, inspection: str, code_hash: str, chat: str, member: Member, *, at: str
) -> None:
    used = changes.InvitationUsed(inspection, code_hash, chat, member)
    step = await store.entering(inspection, chat, member)
    await store.commit([used], step, at=at, by=member.person, event="InvitationUsed")


async def change_member(
    store: Store, inspection: str, chat: str, member: Member | None, *, by: str, at: str
) -> None:
    change = changes.MemberChanged(inspection, chat, member)
    event = "MemberChanged" if member else "MemberRemoved"
    await store.change(change, at=at, by=by, event=event)


async def set_record(
    store: Store,
    inspection: str,
    kind: RecordKind,
    name: str,
    document: Document | None,
    *,
    by: str | None,
    at: str,
    expect: Document | EllipsisType | None = ...,
) -> None:
    change = changes.RecordSet(inspection, kind, name, document, expect)
    event = "RecordKept" if document is not None else "RecordTakenAway"
    await store.commit([change], at=at, by=by, event=event)


async def queue(store: Store, messages: Sequence[OutboxMessage], *, at: str) -> None:
    queued = [changes.MessageQueued(message) for message in messages]
    await store.change(*queued, at=at, by=None, event="MessageQueued")


async def remember_bot(store: Store, username: str, *, at: str = "") -> None:
    await store.change(changes.BotNamed(username), at=at, by=None, event="BotNamed")
