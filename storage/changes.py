"""What may be changed: values that :meth:`storage.store.Store.commit` writes, all or nothing.

A handler returns them; the pipeline commits them in one append with the id of the update that
caused them.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from types import EllipsisType
from typing import Literal

from criteria.case import Case, CaseKey
from criteria.inspection import Inspection, Member, Role
from criteria.instrument.pack import Pack
from dialogs.session import Session
from storage.journal import Document


@dataclass(frozen=True, slots=True)
class Invitation:
    code_hash: str = field(repr=False)  # SHA-256 in hex; the code itself is kept nowhere
    role: Role
    person: str
    expires: str  # ISO time in UTC
    used_by: str | None = None  # the chat that joined with it
    # The update that asked for it, ``tg-55 4711``. Delivered again, it makes a fresh code in place
    # of one that nobody may have seen.
    update: str | None = None


OutboxKind = Literal["submitted", "complete", "returned", "assigned", "taken", "second"]


@dataclass(frozen=True, slots=True)
class OutboxMessage:
    """A message that a chat is to get. It is worded when it is sent, from how things stand then."""

    id: str
    inspection: str
    channel: str
    chat: str
    kind: OutboxKind
    case: CaseKey | None
    at: str


RecordKind = Literal[
    "adjustments", "key_findings", "recommendations", "former_recommendations", "follow_ups",
    "digests",
]  # fmt: skip
"""What an inspection keeps beside its cases: small documents, each under a name."""


@dataclass(frozen=True, slots=True)
class InspectionMade:
    inspection: Inspection
    pack: Pack
    cases: tuple[Case, ...] = ()


@dataclass(frozen=True, slots=True)
class InspectionClosed:
    inspection: str
    closed: str | None  # None where it is opened again
    keep_until: str | None


@dataclass(frozen=True, slots=True)
class CaseAdded:
    inspection: str
    case: Case


@dataclass(frozen=True, slots=True)
class CaseChanged:
    """``expect`` is the version of the stored case that ``after`` was worked out from."""

    inspection: str
    after: Case
    expect: int


@dataclass(frozen=True, slots=True)
class CaseImported:
    inspection: str
    case: Case


@dataclass(frozen=True, slots=True)
class InvitationAdded:
    inspection: str
    invitation: Invitation


@dataclass(frozen=True, slots=True)
class InvitationRevoked:
    """An unused code works no more; nothing happens where it was used or is not there."""

    inspection: str
    code_hash: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class InvitationUsed:
    """The chat is ``member`` from now on. A conflict where somebody else was quicker."""

    inspection: str
    code_hash: str = field(repr=False)
    chat: str
    member: Member


@dataclass(frozen=True, slots=True)
class MemberAdded:
    """A member without an invitation (the demo, the terminal, who makes an inspection)."""

    inspection: str
    chat: str
    member: Member


@dataclass(frozen=True, slots=True)
class MemberChanged:
    inspection: str
    chat: str
    member: Member | None  # None takes them out


@dataclass(frozen=True, slots=True)
class RecordSet:
    """None takes the document away. A conflict where another one than ``expect`` stands there."""

    inspection: str
    kind: RecordKind
    name: str
    document: Document | None = field(repr=False)
    expect: Document | EllipsisType | None = field(default=..., repr=False)


@dataclass(frozen=True, slots=True)
class MessageQueued:
    message: OutboxMessage


@dataclass(frozen=True, slots=True)
class MessageSent:
    message: OutboxMessage


@dataclass(frozen=True, slots=True)
class BotNamed:
    username: str  # so that the command line can print deep links


Change = (
    InspectionMade | InspectionClosed | CaseAdded | CaseChanged | CaseImported
    | InvitationAdded | InvitationRevoked | InvitationUsed | MemberAdded | MemberChanged
    | RecordSet | MessageQueued | MessageSent | BotNamed
)  # fmt: skip


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
