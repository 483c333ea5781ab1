"""What may be changed: values that :meth:`storage.store.Store.commit` writes, all or nothing.

A handler returns them; the pipeline commits them in one append with the id of the update that
caused them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import EllipsisType
from typing import Any, Literal

from criteria.case import Case, CaseKey
from criteria.inspection import Inspection, Member, Role
from criteria.instrument.pack import Pack
from dialogs.session import Session

Document = Mapping[str, Any]
"""A JSON object as a table of a log holds it."""


@dataclass(frozen=True, slots=True)
class Invitation:
    """``code_hash`` is the SHA-256 of the code, in hex; the code itself is kept nowhere.

    ``expires`` is an ISO time in UTC. ``used_by`` is the chat that joined with it. ``update`` is
    the update that asked for it, ``tg-55 4711``: delivered again, it makes a fresh code in place of
    one that nobody may have seen.
    """

    code_hash: str = field(repr=False)
    role: Role
    person: str
    expires: str
    used_by: str | None = None
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
    """``closed`` is None where it is opened again. Permissions refuse changes, not the store."""

    inspection: str
    closed: str | None
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
    """Make the stored case equal this one, or add it where it is new."""

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
    """Another role for somebody who has joined; None takes them out."""

    inspection: str
    chat: str
    member: Member | None


@dataclass(frozen=True, slots=True)
class RecordSet:
    """A document under a name; None takes it away.

    ``expect``: a conflict where another document stands there.
    """

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
    """It was sent, or is true no more."""

    message: OutboxMessage


@dataclass(frozen=True, slots=True)
class BotNamed:
    """The bot's name, so that the command line can print deep links."""

    username: str


Change = (
    InspectionMade | InspectionClosed | CaseAdded | CaseChanged | CaseImported
    | InvitationAdded | InvitationRevoked | InvitationUsed | MemberAdded | MemberChanged
    | RecordSet | MessageQueued | MessageSent | BotNamed
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class ChatState:
    """A chat as the store has it: who it belongs to, in which inspection, with which session.

    ``applied`` are the ids of the updates that already took effect (the recent ones at least).
    ``version`` is the version of the open case that the session was loaded with, 0 where none is
    open; ``chat_version`` the version of the chat's own log.
    """

    chat: str
    inspection: Inspection
    member: Member
    session: Session
    applied: frozenset[str]
    version: int
    chat_version: int


@dataclass(frozen=True, slots=True)
class ChatStep:
    """What becomes of a chat in a commit: where it is afterwards, and the update that caused it.

    ``before`` is the state that the step was worked out from, None of a chat that was in no
    inspection (or is in another one afterwards). ``version`` is the version of ``after.case`` as it
    was loaded: ``before.version``, or what :meth:`Store.load_case` returned for a case that is
    opened. ``message`` is the message's own id, kept beside the update's with what it gave.
    """

    chat: str
    before: ChatState | None
    inspection: str
    after: Session
    version: int
    update: str | None = None
    message: str | None = None
