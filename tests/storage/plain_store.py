"""What a store must hold after each of its calls: a model of plain dicts, written without one.

It refuses as a store does (with the errors of :mod:`storage.errors`) and then changes nothing.
Where a chat is in the inspection's list of its people, and which steps a case had, it knows from
what it was told, not from a log.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from typing import Any, Final, NamedTuple

from criteria.case import Case, CaseKey
from criteria.case_json import answer_to_json, evidence_to_json
from criteria.case_summary import CaseSummary
from criteria.inspection import Inspection, Member, Role
from criteria.relevance import form_state, progress_by_criterion, progress_of
from dialogs.session import Asked, Cursor, Session
from storage.changes import ChatStep
from storage.documents import Invitation, OutboxMessage, RecordKind
from storage.errors import AlreadyThere, Conflict, NotFound, StoreError
from storage.reader import ChatState
from tests.storage.tiny import tiny_pack

PACK: Final = tiny_pack()
PHOTO: Final = re.compile(r"(?P<case>.+)-[0-9a-f]{24}(?:\.jpg)?")

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
    """Where a chat is."""

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
    """``joined`` is as whom each chat ever joined."""

    inspection: Inspection
    cases: dict[Same, PlainCase]
    people: dict[str, Member] = field(default_factory=dict)
    joined: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    former: set[str] = field(default_factory=set)
    invitations: dict[str, Invitation] = field(default_factory=dict)
    records: dict[RecordKind, dict[str, Document]] = field(
        default_factory=lambda: defaultdict(dict)
    )
    outbox: dict[str, OutboxMessage] = field(default_factory=dict)
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

    def join(self, chat: str, member: Member) -> None:
        self.people[chat] = member
        self.joined[chat].add(member.person)

    def drop_codes(self, person: str, *, also_for: bool) -> None:
        """The unused ones that this person made, or also those that are for them."""
        self.invitations = {
            code: one
            for code, one in self.invitations.items()
            if one.used_by is not None
            or (one.by != person and not (also_for and one.person == person))
        }

    def overview(self, reading: int) -> list[CaseSummary]:
        return [
            summary(one.case, one.steps[-1].at)
            for one in self.cases.values()
            if one.case.reading == reading
        ]


class PlainStore:
    """``known`` are the updates that must be known by chat, ``ever`` all that were ever kept.

    ``chat_versions`` count the steps of each chat's own log.
    """

    def __init__(self) -> None:
        self.inspections: dict[str, PlainInspection] = {}
        self.places: dict[str, Place] = {}
        self.chat_versions: dict[str, int] = defaultdict(int)
        self.known: dict[str, set[str]] = defaultdict(set)
        self.ever: dict[str, set[str]] = defaultdict(set)
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
            self.chat_versions[chat] += 1

    def add_member(self, name: str, chat: str, member: Member) -> None:
        found = self.inspection(name)
        self.take_place(name, chat)
        found.join(chat, member)

    def change_member(self, name: str, chat: str, member: Member | None) -> None:
        found = self.inspection(name)
        before = found.people.get(chat)
        if before is None or before == member:
            return
        if member is None:
            del found.people[chat]
            found.former.add(before.person)
        else:
            found.join(chat, member)
        if member is None or member.role is not Role.LEAD:
            found.drop_codes(before.person, also_for=member is None)

    def join(self, name: str, code: str, chat: str, member: Member) -> None:
        found = self.inspection(name)
        invitation = found.invitations.get(code)
        if invitation is None or invitation.used_by is not None:
            raise Conflict
        self.take_place(name, chat)
        for other in [one for one, who in found.people.items() if who.person == member.person]:
            del found.people[other]  # the person has another account
        found.former.discard(member.person)
        found.join(chat, member)
        found.invitations[code] = replace(invitation, used_by=chat)

    def revoke(self, name: str, code: str) -> None:
        found = self.inspection(name)
        if code in found.invitations and found.invitations[code].used_by is None:
            del found.invitations[code]

    def memberships(self, chat: str) -> list[tuple[Inspection, Member]]:
        return [
            (one.inspection, one.people[chat])
            for one in self.inspections.values()
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

    def outbox(self) -> list[OutboxMessage]:
        queued = [one for found in self.inspections.values() for one in found.outbox.values()]
        return sorted(queued, key=lambda one: one.at)

    # --- erasing -----------------------------------------------------------------------------

    def erase_case(self, name: str, key: CaseKey) -> None:
        found = self.inspection(name)
        gone = found.case(key)
        del found.cases[same(key)]
        found.outbox = {
            message: one
            for message, one in found.outbox.items()
            if one.case is None or same(one.case) != same(key)
        }
        subject = key.case.casefold()
        kept = {
            one.file
            for other in found.cases.values()
            if other.case.case.casefold() == subject
            for one in other.case.evidence
        }
        found.files = {
            file: content
            for file, content in found.files.items()
            if file in kept or (subject_of(file) or "").casefold() != subject
        }
        for chat, place in self.places.items():
            if place.inspection == name and place.case and same(place.case) == same(gone.case.key):
                self.places[chat] = place._replace(case=None)
                self.chat_versions[chat] += 1
                self.known[chat].clear()  # which of them stood in the case's own file is not told

    def erase_person(self, name: str, person: str) -> None:
        found = self.inspection(name)
        chats = {chat for chat, people in found.joined.items() if person in people}
        if not chats:
            raise NotFound
        if any(chat in found.people and found.people[chat].person != person for chat in chats):
            raise StoreError
        found.former.add(person)
        found.drop_codes(person, also_for=True)
        found.invitations = {
            code: replace(one, used_by="erased") if one.used_by in chats else one
            for code, one in found.invitations.items()
        }
        found.outbox = {
            message: one for message, one in found.outbox.items() if one.chat not in chats
        }
        for chat in chats:
            found.people.pop(chat, None)
            del found.joined[chat]
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
            del self.chat_versions[chat]
            self.known[chat].clear()

    # --- conversations -----------------------------------------------------------------------

    def chat_state(self, chat: str) -> ChatState | None:
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
        return ChatState(
            chat, found.inspection, member, session, applied, version, self.chat_versions[chat]
        )

    def refuses(self, step: ChatStep) -> bool:
        """Whether something that the step was worked out from, and writes upon, has changed."""
        assert step.before is not None
        before, after = self.places.get(step.chat), _place(step)
        found, in_case = self.inspection(step.inspection), False
        if step.after.case is not None:
            known = found.case(step.after.case.key)
            if known.version != step.version:
                return True
            in_case = self._in_case(step)
        if not in_case and step.update is None and after == before:
            return False
        if self.chat_versions[step.chat] != step.before.chat_version:
            return True
        if before is None or before.case is None or step.before.session.case is None:
            return False
        leaves = before[:2] != after[:2]
        left = self.inspections[before.inspection].cases.get(same(before.case))
        return leaves and left is not None and left.version != step.before.version

    def _in_case(self, step: ChatStep) -> bool:
        """Whether it changes the open case, or where the chat is in it."""
        assert step.after.case is not None
        known = self.inspection(step.inspection).case(step.after.case.key)
        moved = known.cursor(step.chat) != step.after.cursor
        return moved or bool(changes(known.case, step.after.case))

    def commit_step(self, step: ChatStep, *, at: str, by: str | None, event: str) -> None:
        """Raises :class:`Conflict`, with everything as it was."""
        if self.refuses(step):
            raise Conflict
        before, after = self.places.get(step.chat), _place(step)
        in_case = step.after.case is not None and self._in_case(step)
        if after != before or (step.update is not None and not in_case):
            self.chat_versions[step.chat] += 1
        self.places[step.chat] = after
        if step.update is not None:
            self.known[step.chat].add(step.update)
            self.ever[step.chat].add(step.update)
        if step.after.case is not None and in_case:
            known = self.inspection(step.inspection).case(step.after.case.key)
            if not known.becomes(step.after.case, at=at, by=by, event=event, why=None):
                known.steps.append(PlainStep(at, by, event, None, {}))
            known.cursors[step.chat] = step.after.cursor


def _place(step: ChatStep) -> Place:
    """Where the chat is after it."""
    key = step.after.case.key if step.after.case else None
    return Place(step.inspection, key, step.after.language, step.after.asked)


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
        "evidence": {str(n): evidence_to_json(one) for n, one in enumerate(case.evidence, 1)},
    }
    return {
        (table, name): document
        for table, named in tables.items()
        for name, document in named.items()
    }
