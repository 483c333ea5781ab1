"""What a store must hold after each of its calls: a model of plain dicts, written without one.

It refuses as a store does (with the errors of :mod:`storage.store`) and then changes nothing. Where
a chat is in the inspection's list of its people, and which steps a case had, it knows from what it
was told, not from a log.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from typing import Any, Final, NamedTuple

from criteria.case import Case, CaseKey, answer_to_json, attachment_to_json
from criteria.inspection import Inspection, Member
from criteria.relevance import form_state, progress_by_criterion, progress_of
from dialogs.session import Asked, Cursor, Session
from storage.case_summary import CaseSummary
from storage.changes import ChatState, Invitation, OutboxMessage, RecordKind
from storage.errors import AlreadyThere, Conflict, NotFound, StoreError
from tests.storage.tiny import tiny_pack

PACK: Final = tiny_pack()
PHOTO: Final = re.compile(r"(?P<case>.+)-[0-9a-f]{24}\.jpg")

Document = Mapping[str, Any]
Changes = dict[tuple[str, str], tuple[Document | None, Document | None]]
"""By table and name: what stood there, and what stands there now."""

Same = tuple[str, str, int]
"""A case's key, whatever the case of its letters."""


class PlainStep(NamedTuple):
    at: str
    by: str | None
    event: str
    why: str | None
    changes: Changes


class Place(NamedTuple):
    """Where a chat sits."""

    inspection: str
    case: CaseKey | None = None
    language: str | None = None
    asked: Asked | None = None


@dataclass
class PlainCase:
    """``cursors`` by chat. Each step counts for the version, also one that only moved a cursor."""

    case: Case
    steps: list[PlainStep]
    cursors: dict[str, Cursor] = field(default_factory=dict)

    @property
    def version(self) -> int:
        return len(self.steps)

    def cursor(self, chat: str) -> Cursor:
        return self.cursors.get(chat, Cursor())

    def becomes(self, case: Case, *, at: str, by: str | None, event: str, why: str | None) -> bool:
        found = changes(self.case, case)
        if found:
            self.steps.append(PlainStep(at, by, event, why, found))
            self.case = case
        return bool(found)


@dataclass
class PlainInspection:
    """``sat`` is as whom each chat ever sat here."""

    inspection: Inspection
    cases: dict[Same, PlainCase]
    people: dict[str, Member] = field(default_factory=dict)
    sat: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    former: set[str] = field(default_factory=set)
    invitations: dict[str, Invitation] = field(default_factory=dict)
    records: dict[RecordKind, dict[str, Document]] = field(
        default_factory=lambda: defaultdict(dict)
    )
    owed: dict[str, OutboxMessage] = field(default_factory=dict)
    files: dict[str, bytes] = field(default_factory=dict)

    def case(self, key: CaseKey) -> PlainCase:
        found = self.cases.get(same(key))
        if found is None:
            raise NotFound
        return found

    def add(self, case: Case, *, at: str, by: str | None, event: str) -> None:
        if same(case.key) in self.cases:
            raise AlreadyThere
        first = PlainStep(at, by, event, None, changes(None, case))
        self.cases[same(case.key)] = PlainCase(case, [first])

    def seat(self, chat: str, member: Member) -> None:
        self.people[chat] = member
        self.sat[chat].add(member.person)

    def overview(self, reading: int) -> list[CaseSummary]:
        return [
            summary(one.case, one.steps[-1].at)
            for one in self.cases.values()
            if one.case.reading == reading
        ]


class PlainStore:
    """``known`` are the updates that must be known by chat, ``ever`` all that were ever kept."""

    def __init__(self) -> None:
        self.inspections: dict[str, PlainInspection] = {}
        self.places: dict[str, Place] = {}
        self.known: dict[str, set[int]] = defaultdict(set)
        self.ever: dict[str, set[int]] = defaultdict(set)
        self.bot: str | None = None

    def inspection(self, name: str) -> PlainInspection:
        found = self.inspections.get(name)
        if found is None:
            raise NotFound
        return found

    # --- inspections -------------------------------------------------------------------------

    def create(self, inspection: Inspection, cases: Sequence[Case], *, at: str) -> None:
        if inspection.id.casefold() in (one.casefold() for one in self.inspections):
            raise AlreadyThere
        made = PlainInspection(inspection, {})
        for case in cases:
            made.add(case, at=at, by=None, event="InspectionMade")
        self.inspections[inspection.id] = made

    def close(self, name: str, closed: str | None, keep_until: str | None) -> None:
        found = self.inspection(name)
        found.inspection = replace(found.inspection, closed=closed, keep_until=keep_until)

    # --- cases -------------------------------------------------------------------------------

    def put_case(self, name: str, case: Case, *, at: str) -> bool:
        found = self.inspection(name)
        known = found.cases.get(same(case.key))
        if known is None:
            found.add(case, at=at, by=None, event="CaseAdded")
            return True
        case = replace(case, case=known.case.case)
        return known.becomes(case, at=at, by=None, event="CaseImported", why=None)

    def change_case(
        self, name: str, after: Case, *, expect: int, by: str, at: str, event: str, why: str | None
    ) -> None:
        known = self.inspection(name).case(after.key)
        if known.version != expect:
            raise Conflict
        known.becomes(after, at=at, by=by, event=event, why=why)

    # --- people ------------------------------------------------------------------------------

    def take_place(self, name: str, chat: str) -> None:
        before = self.places.get(chat)
        if before is None or before.inspection != name:
            self.places[chat] = Place(name, None, before.language if before else None)

    def add_member(self, name: str, chat: str, member: Member) -> None:
        found = self.inspection(name)
        self.take_place(name, chat)
        found.chat_state(chat, member)

    def change_member(self, name: str, chat: str, member: Member | None) -> None:
        found = self.inspection(name)
        before = found.people.get(chat)
        if before is not None and member is None:
            del found.people[chat]
            found.former.add(before.person)
        elif before is not None and member is not None:
            found.chat_state(chat, member)

    def join(self, name: str, code: str, chat: str, member: Member) -> None:
        found = self.inspection(name)
        invitation = found.invitations.get(code)
        if invitation is None or invitation.used_by is not None:
            raise Conflict
        self.take_place(name, chat)
        found.chat_state(chat, member)
        found.invitations[code] = replace(invitation, used_by=chat)

    def revoke(self, name: str, code: str) -> None:
        found = self.inspection(name)
        if code in found.invitations and found.invitations[code].used_by is None:
            del found.invitations[code]

    def memberships(self, chat: str) -> list[tuple[Inspection, Member]]:
        return [
            (one.inspection, one.people[chat])
            for _, one in sorted(self.inspections.items())
            if chat in one.people
        ]

    # --- beside the cases --------------------------------------------------------------------

    def set_record(
        self, name: str, kind: RecordKind, record: str, document: Document | None, expect: Any
    ) -> None:
        records = self.inspection(name).records[kind]
        if expect is not ... and expect != records.get(record):
            raise Conflict
        if document is None:
            records.pop(record, None)
        else:
            records[record] = document

    def owed(self) -> list[OutboxMessage]:
        owed = [one for _, found in sorted(self.inspections.items()) for one in found.owed.values()]
        return sorted(owed, key=lambda one: one.at)

    # --- erasing -----------------------------------------------------------------------------

    def erase_case(self, name: str, key: CaseKey) -> None:
        found = self.inspection(name)
        gone = found.case(key)
        del found.cases[same(key)]
        found.owed = {
            notice: one
            for notice, one in found.owed.items()
            if one.case is None or same(one.case) != same(key)
        }
        subject = key.case.casefold()
        kept = {
            one.file
            for other in found.cases.values()
            if other.case.case.casefold() == subject
            for one in other.case.attachments
        }
        found.files = {
            file: content
            for file, content in found.files.items()
            if file in kept or (subject_of(file) or "").casefold() != subject
        }
        for chat, place in self.places.items():
            if place.inspection == name and place.case and same(place.case) == same(gone.case.key):
                self.places[chat] = place._replace(case=None)
                self.known[chat].clear()  # which of them stood in the case's own file is not told

    def erase_person(self, name: str, person: str) -> None:
        found = self.inspection(name)
        chats = {chat for chat, people in found.sat.items() if person in people}
        if not chats:
            raise NotFound
        if any(chat in found.people and found.people[chat].person != person for chat in chats):
            raise StoreError
        found.former.add(person)
        found.invitations = {
            code: replace(one, used_by="erased") if one.used_by in chats else one
            for code, one in found.invitations.items()
            if one.person != person or one.used_by is not None
        }
        found.owed = {notice: one for notice, one in found.owed.items() if one.chat not in chats}
        for chat in chats:
            found.people.pop(chat, None)
            del found.sat[chat]
            found.records["digests"].pop(chat, None)
            for case in found.cases.values():
                case.cursors.pop(chat, None)
            self._forget_in(name, chat)

    def erase_inspection(self, name: str) -> None:
        self.inspection(name)
        del self.inspections[name]
        for chat in list(self.places):
            self._forget_in(name, chat)

    def _forget_in(self, name: str, chat: str) -> None:
        if chat in self.places and self.places[chat].inspection == name:
            del self.places[chat]
            self.known[chat].clear()

    # --- conversations -----------------------------------------------------------------------

    def seat(self, chat: str) -> ChatState | None:
        """With the updates that must be known."""
        place = self.places.get(chat)
        if place is None or chat not in self.inspections[place.inspection].people:
            return None
        found = self.inspections[place.inspection]
        member = found.people[chat]
        case = found.cases.get(same(place.case)) if place.case else None
        session = Session(
            member.person,
            place.language,
            case.case if case else None,
            case.cursor(chat) if case else Cursor(),
            place.asked,
        )
        applied = frozenset(self.known[chat])
        version = case.version if case else 0
        return ChatState(chat, found.inspection, member, session, applied, version)

    def keep_step(
        self, seat: ChatState, after: Session, *, event: str, at: str, update: int | None
    ) -> None:
        """A step that was taken. One upon an older case only moved the chat: see the machine."""
        key = after.case.key if after.case else None
        self.places[seat.chat] = Place(seat.inspection.id, key, after.language, after.asked)
        if update is not None:
            self.known[seat.chat].add(update)
            self.ever[seat.chat].add(update)
        if after.case is None:
            return
        known = self.inspection(seat.inspection.id).case(after.case.key)
        if known.version != seat.version:
            return
        by, cursor = seat.member.person, after.cursor
        stays = known.cursor(seat.chat) == cursor
        if not known.becomes(after.case, at=at, by=by, event=event, why=None) and not stays:
            known.steps.append(PlainStep(at, by, event, None, {}))
        known.cursors[seat.chat] = cursor


def same(key: CaseKey) -> Same:
    return key.case.casefold(), key.form, key.reading


def subject_of(file: str) -> str | None:
    """The reference of the case that a photo of this name came for."""
    photo = PHOTO.fullmatch(file)
    return photo["case"] if photo else None


def summary(case: Case, at: str) -> CaseSummary:
    form = PACK.form(case.form)
    assert form is not None
    state = form_state(form, case)
    return CaseSummary(
        key=case.key,
        inspector=case.inspector,
        status=case.status,
        progress=progress_of(state),
        by_criterion=progress_by_criterion(state),
        at=at,
    )


def changes(before: Case | None, after: Case) -> Changes:
    old, new = documents(before) if before else {}, documents(after)
    return {
        place: (old.get(place), new.get(place))
        for place in (*old, *(place for place in new if place not in old))
        if old.get(place) != new.get(place)
    }


def documents(case: Case) -> dict[tuple[str, str], Document]:
    """What a case comes to, by table and name, as its history tells of it."""
    head = {
        "case": case.case,
        "form": case.form,
        "inspector": case.inspector,
        "status": case.status.value,
    }
    if case.reading != 1:
        head["reading"] = case.reading
    profile = {
        name: {"value": list(value) if isinstance(value, tuple) else value}
        for name, value in case.profile.items()
    }
    tables: dict[str, Mapping[str, Document]] = {
        "case": {"case": head},
        "profile": profile,
        "answers": {name: answer_to_json(one) for name, one in case.answers.items()},
        "remarks": {str(n): asdict(one) for n, one in enumerate(case.remarks, 1)},
        "files": {str(n): attachment_to_json(one) for n, one in enumerate(case.attachments, 1)},
    }
    return {
        (table, name): document
        for table, named in tables.items()
        for name, document in named.items()
    }
