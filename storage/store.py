"""What a store does: the one protocol behind which cases, people and conversations are kept.

A store decides nothing about a conversation. It keeps what a step changed, in one durable write,
and gives it back. Every method may raise :class:`StoreError`; its message is for people, says what
happened and what to do, and holds no answer.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from types import EllipsisType
from typing import Any, Final, Literal, Protocol

from criteria.case import Case, CaseKey, Status
from criteria.inspection import Inspection, Member, Role
from criteria.pack import Pack
from criteria.relevance import Progress
from dialogs.session import Cursor, Session


class StoreError(Exception):
    """The store could not do it. Nothing that was kept is lost."""


class NotSaved(StoreError):
    """The write did not reach the disk (full, read-only, failing); what stood before stands."""


class Conflict(StoreError):
    """Somebody else wrote to this case since it was loaded: load it again, take the step anew."""


class Damaged(StoreError):
    """A file is not what was written. It is refused, by file and line, and never read as empty."""


class NotFound(StoreError):
    """There is no such inspection or case."""


class AlreadyThere(StoreError):
    """An inspection or case of that name exists."""


class InUse(StoreError):
    """Another bot holds the store."""


@dataclass(frozen=True, slots=True)
class Seat:
    """One chat's place: who sits there, in which inspection, with which session.

    ``applied`` are the ids of the updates that already took effect (the recent ones at least).
    ``version`` is the version of the open case that the session was loaded with.
    """

    chat: str
    inspection: Inspection
    member: Member
    session: Session
    applied: frozenset[int]
    version: int


@dataclass(frozen=True, slots=True)
class CaseSummary:
    """One line of an inspection's list: how far a case is.

    ``by_criterion`` has the facts about the case under None. ``sample`` is the answer that tells
    which of the pack's sample lists it is in. ``at`` is when it last changed. ``damaged`` says why
    a case cannot be read, else None; the other figures then mean nothing.
    """

    key: CaseKey
    inspector: str | None
    status: Status
    progress: Progress
    damaged: str | None = None
    by_criterion: Mapping[str | None, Progress] = field(default_factory=dict)
    sample: str | None = field(default=None, repr=False)
    at: str = ""


@dataclass(frozen=True, slots=True)
class Invitation:
    """``code_hash`` is the SHA-256 of the code, in hex; the code itself is kept nowhere.

    ``expires`` is an ISO time in UTC. ``used_by`` is the chat that joined with it.
    """

    code_hash: str = field(repr=False)
    role: Role
    person: str
    expires: str
    used_by: str | None = None


@dataclass(frozen=True, slots=True)
class Change:
    """One document of a case before and after a step; None where it was not there.

    ``table`` is ``case`` (whose it is, where it stands), ``profile``, ``answers``, ``remarks`` or
    ``files``; ``name`` a question's name, or the document's own.
    """

    table: str
    name: str
    before: Mapping[str, Any] | None = field(repr=False)
    after: Mapping[str, Any] | None = field(repr=False)


@dataclass(frozen=True, slots=True)
class HistoryEntry:
    """One committed step of a case: who, when, what kind, from what to what, and why."""

    at: str
    by: str | None
    event: str
    why: str | None = field(repr=False)
    changes: tuple[Change, ...]


RecordKind = Literal[
    "adjustments", "key_findings", "recommendations", "former_recommendations", "follow_ups",
    "digests",
]  # fmt: skip
"""What an inspection keeps beside its cases: small documents, each under a name."""

LEASE: Final = timedelta(minutes=2)
"""How long a process that took on to send a message is waited for."""

NoticeKind = Literal["submitted", "complete", "returned", "assigned", "taken", "second"]


@dataclass(frozen=True, slots=True)
class Owed:
    """A message that somebody is to get: kept until it went out, so that a crash loses none.

    It is worded from how things stand when it is sent, and dropped where it is true no more.
    """

    id: str
    inspection: str
    chat: str
    kind: NoticeKind
    case: CaseKey | None
    at: str


@dataclass(frozen=True, slots=True)
class CarriedLog:
    """Every committed step of a case, or (None) of the inspection beside its cases.

    ``lines`` are as :mod:`storage.appended_file` writes them, their chain of hashes checked.
    """

    case: CaseKey | None
    lines: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class CarriedChat:
    """Every committed step of a chat's place, and the recent updates that took effect anywhere."""

    chat: str
    lines: bytes = field(repr=False)
    applied: frozenset[int]


class Store(Protocol):
    """See the module. Times are ISO 8601 in UTC, to the second, ending in ``Z``."""

    # --- inspections -------------------------------------------------------------------------
    async def create_inspection(
        self, inspection: Inspection, pack: Pack, cases: Sequence[Case], *, at: str
    ) -> None:
        """Make an inspection with its pinned pack and its cases, all or nothing.

        Raises :class:`AlreadyThere`.
        """

    async def inspections(self) -> list[Inspection]:
        """All of them, oldest first."""

    async def inspection(self, inspection_id: str) -> Inspection:
        """Raises :class:`NotFound`, naming those there are."""

    async def pack(self, inspection_id: str) -> Pack:
        """The pinned pack, loaded once per process."""

    async def close_inspection(
        self,
        inspection_id: str,
        *,
        closed: str | None,
        keep_until: str | None,
        by: str | None,
        at: str,
    ) -> None:
        """Keep that it is closed since ``closed`` (None: open again), and until when it is kept.

        The store goes on taking what it is given: :mod:`bot.permissions` refuses it.
        """

    # --- cases -------------------------------------------------------------------------------
    async def add_case(self, inspection_id: str, case: Case, *, by: str | None, at: str) -> None:
        """Add a case to the inspection's list. Raises :class:`AlreadyThere`.

        References are taken as the same where they differ in upper and lower case only.
        """

    async def put_case(self, inspection_id: str, case: Case, *, at: str) -> bool:
        """Import: make the stored case equal this one (adding it where it is new), in one step.

        Gives whether anything changed.
        """

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
        """Keep a lead's change of a case in one step. Raises :class:`Conflict` if its version is
        not ``expect`` any more, and :class:`NotFound`.
        """

    async def cases(self, inspection_id: str, *, reading: int = 1) -> list[Case]:
        """Every case with its answers, in the order in which they were added.

        Raises :class:`Damaged` if one cannot be read: what is counted or exported is whole.
        """

    async def overview(self, inspection_id: str, *, reading: int = 1) -> list[CaseSummary]:
        """How far each case is, in the same order; without reading again what has not changed.

        A damaged case is listed as such; it does not hide the others.
        """

    async def load_case(
        self, inspection_id: str, key: CaseKey, chat: str
    ) -> tuple[Case, Cursor, int]:
        """A case, where this chat last was in it, and its version. Raises :class:`NotFound`."""

    async def history(self, inspection_id: str, key: CaseKey) -> list[HistoryEntry]:
        """Every committed step of a case, oldest first."""

    async def keep_file(self, inspection_id: str, name: str, content: bytes) -> None:
        """Keep a photo or a voice message; durable on return.

        A name stands for its content: one that is there already is left as it is.
        """

    async def file(self, inspection_id: str, name: str) -> bytes:
        """Raises :class:`NotFound`."""

    # --- erasing -----------------------------------------------------------------------------
    # For good, from every file or row, the steps by which it came there included. Nobody may serve
    # meanwhile (:class:`InUse`). What is interrupted is finished when a bot is next started.
    async def erase_case(
        self, inspection_id: str, key: CaseKey, *, by: str | None, at: str
    ) -> None:
        """A case with its answers, notes, history, photos and voice messages.

        That there was one of this reference, and when it was erased, stays.
        """

    async def erase_person(
        self, inspection_id: str, person: str, *, by: str | None, at: str
    ) -> None:
        """Which chat this person is or was, and all that is kept by chat.

        What they judged stays, under the reference, which nobody else gets. Raises
        :class:`NotFound` where nobody of that reference ever joined.
        """

    async def erase_inspection(self, inspection_id: str, *, at: str) -> None:
        """Everything of it, and what its people's chats tell of it."""

    # --- people ------------------------------------------------------------------------------
    async def add_invitation(
        self, inspection_id: str, invitation: Invitation, *, at: str
    ) -> None: ...

    async def find_invitation(self, code_hash: str) -> tuple[Inspection, Invitation] | None:
        """The invitation of this code, used or not, wherever it is (compared in constant time)."""

    async def invitations(self, inspection_id: str) -> list[Invitation]: ...

    async def revoke_invitation(
        self, inspection_id: str, code_hash: str, *, by: str, at: str
    ) -> None:
        """Take an unused code back; nothing happens where there is none."""

    async def join(
        self, inspection_id: str, code_hash: str, chat: str, member: Member, *, at: str
    ) -> None:
        """Use the invitation: this chat is ``member`` from now on, and sits in this inspection.

        Raises :class:`Conflict` where somebody else was quicker.
        """

    async def add_member(self, inspection_id: str, chat: str, member: Member, *, at: str) -> None:
        """Seat a chat without an invitation (the demo, the terminal)."""

    async def change_member(
        self, inspection_id: str, chat: str, member: Member | None, *, by: str, at: str
    ) -> None:
        """Give somebody who has joined another role, or take them out (None)."""

    async def members(self, inspection_id: str) -> dict[str, Member]:
        """Who has joined, by chat."""

    async def former_people(self, inspection_id: str) -> frozenset[str]:
        """The references of those who were taken out; nobody else gets them."""

    async def memberships(self, chat: str) -> list[tuple[Inspection, Member]]:
        """Every inspection in which this chat serves."""

    # --- beside the cases ----------------------------------------------------------------------
    async def set_record(  # noqa: PLR0913  # the record's place, and who changes it when
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
        """Keep a document under a name, in place of what stood there; None takes it away.

        Raises :class:`Conflict` where ``expect`` is given and does not stand there by then.
        """

    async def records(self, inspection_id: str, kind: RecordKind) -> dict[str, Mapping[str, Any]]:
        """In the order in which they were first kept."""

    async def owe(self, inspection_id: str, notices: Sequence[Owed], *, at: str) -> None: ...

    async def owed(self) -> list[Owed]:
        """Every message that has not gone out, oldest first."""

    async def claim(self, notice: Owed, *, at: str) -> bool:
        """Whether it is this process that is to send it: yes once, until it is paid.

        The claim holds for two minutes (:data:`LEASE`), and on if it is asked for again before
        they are over. So where the process dies, another one that asks later may send it.
        """

    async def paid(self, notice: Owed, *, at: str) -> None:
        """It went out, or is true no more."""

    # --- conversations -----------------------------------------------------------------------
    async def seat(self, chat: str) -> Seat | None:
        """Where this chat is; None for a stranger, and for one who was removed.

        A damaged case is not open, so that its person can go on with another; :meth:`load_case`
        says what is wrong with it.
        """

    async def commit(
        self, seat: Seat, after: Session, *, event: str, at: str, update: int | None
    ) -> Seat:
        """Keep one step: what differs between ``seat.session`` and ``after``. Durable on return.

        ``update`` is the id of what was dealt with, and is kept also where nothing else changed: a
        refused text that comes again must not answer another question. Without one, where nothing
        differs nothing is written. When
        ``after`` opens another case, the version that counts is the one ``load_case`` gave, passed
        in as ``seat.version``. Raises :class:`Conflict` and :class:`NotSaved`.
        """

    # --- the bot itself ----------------------------------------------------------------------
    async def remember_bot(self, username: str) -> None:
        """Keep the bot's name, so that the command line can print deep links."""

    async def bot_username(self) -> str | None: ...

    # --- moving to another store (:mod:`storage.move`) -----------------------------------------
    async def readable_inspections(self) -> list[Inspection]:
        """All of them, oldest first. Raises :class:`Damaged` if one cannot be read."""

    def logs(self, inspection_id: str) -> AsyncIterator[CarriedLog]:
        """The inspection's own, then each case's in the order in which they were added."""

    async def take_inspection(
        self, inspection_id: str, pack: Pack, logs: AsyncIterator[CarriedLog]
    ) -> None:
        """Keep an inspection as its logs tell, all or nothing. Raises :class:`AlreadyThere`."""

    async def files(self, inspection_id: str) -> list[str]:
        """The names of the photos and voice messages."""

    async def chats(self) -> list[str]:
        """Every chat that ever sat in an inspection."""

    async def carry_chat(self, chat: str) -> CarriedChat: ...

    async def take_chat(self, carried: CarriedChat, *, at: str) -> None:
        """Raises :class:`AlreadyThere`."""

    async def close(self) -> None: ...
