"""The stores against a model: whatever is asked of them, they hold what they must.

hypothesis draws the calls: inspections, cases, people, invitations, answers and moves of
conversations (upon old states, too, and delivered twice), several changes at once, records,
messages to send, photos, erasing. Two stores are open on the same folder or database, the bot's and
another beside it, and either is
closed and opened again at any moment. What comes back, and what is there afterwards, is held
against :mod:`tests.storage.plain_store`.

``CASEWALK_STORE_WALKS=2000`` runs it at full length, so often for each kind of store.
"""

from __future__ import annotations

import asyncio
import hashlib
import os
from collections.abc import Awaitable, Callable, Iterator
from copy import deepcopy
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any, Final, NamedTuple, get_args

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import initialize, rule, run_state_machine_as_test

from criteria.case import Answer, Case, CaseKey, Evidence, Remark
from criteria.case_status import Move, Status
from criteria.inspection import Member, Role
from criteria.question import Question
from dialogs.session import Asked, Session
from storage.changes import CaseChanged, Change, ChatStep, MessageQueued, RecordSet
from storage.documents import Invitation, OutboxKind, OutboxMessage, RecordKind
from storage.erasing import erase_case, erase_inspection, erase_person
from storage.errors import Conflict, InUse
from storage.reader import ChatState
from storage.store import LEASE, Store
from tests.changing import (
    add_case,
    add_invitation,
    change_case,
    change_member,
    close_inspection,
    join_with,
    queue,
    remember_bot,
    revoke_invitation,
    set_record,
)
from tests.storage.conftest import OpenStore, keep, opened
from tests.storage.disk import without_fsync
from tests.storage.plain_store import PACK, PlainCase, PlainInspection
from tests.storage.store_walk import (
    CHATS,
    RECORDS,
    Home,
    Old,
    StoreWalk,
    counted,
    plainly_said,
    said_by,
)
from tests.storage.tiny import AT, CHAT, INSPECTOR, tiny_cases, tiny_inspection, tiny_pack

WALKS: Final = int(os.environ.get("CASEWALK_STORE_WALKS", "12"))
ID: Final = "cheshire-2011"
IDS: Final = (ID, "kent", "Kent")
LISTED: Final = (ID, ID, "kent")
PEOPLE: Final = (
    Member("I1", Role.INSPECTOR),
    Member("I2", Role.INSPECTOR),
    Member("L1", Role.LEAD),
)
REFERENCES: Final = ("C001", "c001", "C002", "C010")
TEXTS: Final = ("seen", "größer\n“in time”", "NUL \0 שלום 😀", "=SUM(A1)", "x" * 700)
VALUES: Final[dict[str, tuple[Any, ...]]] = {
    "q1": ("yes", "no", "na", "not_known"),
    "q2": ("yes", "no"),
    "q3": (("pcr", "oasys"), (), "na"),
    "sent": ("2026-11-02",),
    "seen": ("2026-11-05", "2026-11-25"),
    "score": (-3.25, 7, 2**60),
    "remarks": TEXTS,
    "i1": ("yes", "no"),
}
NEW_CASES: Final = st.builds(
    lambda reference, form, inspector, reading: Case(
        reference, form, inspector, reading=reading
    ).assigned(inspector),
    st.sampled_from(REFERENCES),
    st.sampled_from(("case-file", "interview")),
    st.sampled_from((None, "I1", "I2")),
    st.sampled_from((1, 1, 2)),
)
IMPORTED_CASES: Final = st.builds(
    Case,
    st.sampled_from(REFERENCES),
    st.just("case-file"),
    st.just("I2"),
    st.sampled_from(Status),
    st.just({"age": 41}),
    st.sampled_from(
        ({}, {"q1": Answer("yes", TEXTS[2])}, {"q1": Answer("no"), "q3": Answer(None, TEXTS[1])})
    ),
)
CHANGES: Final = ("assign", "return", "settle", "nothing", "unknown")
MESSAGES: Final[tuple[OutboxKind, ...]] = get_args(OutboxKind)
ERASED: Final = ("case", "case", "person", "person", "anybody", "inspection")
STEPS: Final = (
    "answer", "answer", "note", "take away", "profile", "photo", "hand in", "cursor",
    "ask", "language", "answer and ask", "answer and language", "nothing", "leave",
)  # fmt: skip
MEANWHILE: Final = ("", "", "", "assigned", "imported")


class Message(NamedTuple):
    """``number`` draws the question and the value; ``known`` is one that has an update's id.

    ``meanwhile`` is what somebody else does to the open case before the step is kept.
    """

    what: str
    number: int
    text: str
    known: bool
    meanwhile: str = ""


class StoresAndModel(StoreWalk):
    """The calls. What each must come to is the model's to say."""

    # --- inspections --------------------------------------------------------------------------

    @initialize()
    def begin(self) -> None:
        self._step(self._begin())

    async def _begin(self) -> None:
        await self._create("bot", IDS[0], 3)
        await self._create("bot", IDS[1], 1)
        for chat, member in zip(CHATS[:2], (PEOPLE[0], PEOPLE[2]), strict=True):
            await self._add_member("bot", IDS[0], chat, member)

    who_ = st.sampled_from(("bot", "bot", "beside"))
    number_ = st.integers(0, 11)
    chat_ = st.sampled_from(CHATS)
    text_ = st.sampled_from(TEXTS)
    message_ = st.builds(
        Message, st.sampled_from(STEPS), number_, text_, st.booleans(), st.sampled_from(MEANWHILE)
    )

    @rule(who=who_, name=st.sampled_from(IDS), cases=st.integers(0, 3))
    def create(self, who: str, name: str, cases: int) -> None:
        self._step(self._create(who, name, cases))

    async def _create(self, who: str, name: str, cases: int) -> None:
        inspection, listed = tiny_inspection(name), tiny_cases()[:cases]
        await self._same(
            self.stores[who].create_inspection(inspection, tiny_pack(), listed, at=self.at),
            lambda: self.plain.create(inspection, listed, at=self.at),
        )

    @rule(who=who_, name=st.sampled_from(IDS), closed=st.booleans(), until=st.booleans())
    def close_inspection(self, who: str, name: str, closed: bool, until: bool) -> None:
        self._step(self._close_inspection(who, name, closed, until))

    async def _close_inspection(self, who: str, name: str, closed: bool, until: bool) -> None:
        since = self.at if closed else None
        keep = "2027-12-31" if until else None
        await self._same(
            close_inspection(
                self.stores[who], name, closed=since, keep_until=keep, by="L1", at=self.at
            ),
            lambda: self.plain.close(name, since, keep),
        )

    # --- cases --------------------------------------------------------------------------------

    @rule(who=who_, name=st.sampled_from(LISTED), case=NEW_CASES)
    def add_case(self, who: str, name: str, case: Case) -> None:
        self._step(self._add_case(who, name, case))

    async def _add_case(self, who: str, name: str, case: Case) -> None:
        def plain() -> None:
            found = self.plain.inspection(name)
            found.add(case, at=self.at, by="L1", event="CaseAdded")

        await self._same(add_case(self.stores[who], name, case, by="L1", at=self.at), plain)

    @rule(who=who_, name=st.sampled_from(LISTED), case=IMPORTED_CASES, times=st.integers(1, 2))
    def import_case(self, who: str, name: str, case: Case, times: int) -> None:
        self._step(self._put_case(who, name, case, times=times))

    async def _put_case(self, who: str, name: str, case: Case, *, times: int) -> None:
        for _ in range(times):
            await self._same(
                self.stores[who].put_case(name, case, at=self.at),
                lambda: self.plain.put_case(name, case, at=self.at),
            )

    @rule(
        who=who_,
        number=number_,
        change=st.tuples(st.sampled_from(CHANGES), text_),
        behind=st.sampled_from((0, 0, 0, 1, -1)),
    )
    def change_case(self, who: str, number: int, change: tuple[str, str], behind: int) -> None:
        found = self._case(number)
        if found is not None:
            self._step(self._change_case(who, *found, change, behind=behind))

    async def _change_case(
        self, who: str, name: str, known: PlainCase, change: tuple[str, str], *, behind: int
    ) -> None:
        """A lead's; the version that it expects may be one of before, or of nobody."""
        what, text = change
        case = known.case
        if what == "assign":
            case = case.assigned("I2" if case.inspector == "I1" else "I1")
        elif what == "return":
            case = case.returned(Remark("q1", text, "L1", self.at)) or case
        elif what == "settle":
            given = case.answers.get("q1", Answer(None)).value
            settled = Answer("no", text, "L1", self.at, settled="as the file says", given=given)
            case = replace(case, answers={**case.answers, "q1": settled})
        elif what == "unknown":
            case = replace(case, case="C404")
        why = text.replace("\0", "")  # as a conversation takes it out
        more = {"by": "L1", "at": self.at, "event": "CaseChanged", "why": why}
        expect = known.version - behind
        await self._same(
            change_case(self.stores[who], name, case, expect=expect, **more),
            lambda: self.plain.change_case(name, case, expect=expect, **more),
        )

    # --- people -------------------------------------------------------------------------------

    @rule(who=who_, name=st.sampled_from(LISTED), chat=chat_, member=st.sampled_from(PEOPLE))
    def add_member(self, who: str, name: str, chat: str, member: Member) -> None:
        self._step(self._add_member(who, name, chat, member))

    async def _add_member(self, who: str, name: str, chat: str, member: Member) -> None:
        await self._same(
            self.stores[who].add_member(name, chat, member, at=self.at),
            lambda: self.plain.add_member(name, chat, member),
        )

    @rule(who=who_, number=number_, chat=chat_, role=st.sampled_from((None, *Role)))
    def change_member(self, who: str, number: int, chat: str, role: Role | None) -> None:
        found = self._inspection(number)
        if found is not None:
            self._step(self._change_member(who, found, chat, role))

    async def _change_member(
        self, who: str, found: PlainInspection, chat: str, role: Role | None
    ) -> None:
        name, person = found.inspection.id, found.people.get(chat, PEOPLE[0]).person
        member = None if role is None else Member(person, role)
        await self._same(
            change_member(self.stores[who], name, chat, member, by="L1", at=self.at),
            lambda: self.plain.change_member(name, chat, member),
        )

    @rule(who=who_, number=number_, chat=chat_, back=st.booleans())
    def goes_elsewhere(self, who: str, number: int, chat: str, back: bool) -> None:
        """Taken out where it sits, into another inspection, and perhaps back again."""
        place, found = self.plain.places.get(chat), self._inspection(number)
        if place is not None and found is not None:
            names = [found.inspection.id, *([place.inspection] if back else [])]
            self._step(self._goes_elsewhere(who, chat, place.inspection, names))

    async def _goes_elsewhere(self, who: str, chat: str, left: str, names: list[str]) -> None:
        await self._change_member(who, self.plain.inspection(left), chat, None)
        for name in names:
            await self._add_member(who, name, chat, PEOPLE[0])
            await self._state(who, chat)

    @rule(
        who=who_,
        name=st.sampled_from(LISTED),
        member=st.sampled_from(PEOPLE),
        by=st.sampled_from(PEOPLE),
    )
    def invite(self, who: str, name: str, member: Member, by: Member) -> None:
        self._step(self._invite(who, name, member, by))

    async def _invite(self, who: str, name: str, member: Member, by: Member) -> None:
        code = hashlib.sha256(str(next(self.numbers)).encode()).hexdigest()
        invitation = Invitation(
            code, member.role, member.person, "2026-12-01T00:00:00Z", by=by.person
        )

        def plain() -> None:
            self.plain.inspection(name).invitations[code] = invitation
            self.codes.append((name, code))

        await self._same(add_invitation(self.stores[who], name, invitation, at=self.at), plain)

    @rule(who=who_, number=number_, chat=chat_, member=st.sampled_from(PEOPLE))
    def join(self, who: str, number: int, chat: str, member: Member) -> None:
        """With a code that was made, used, taken back, erased, or never was."""
        name, code = self.codes[-1 - number % len(self.codes)]
        self._step(
            self._same(
                join_with(self.stores[who], name, code, chat, member, at=self.at),
                lambda: self.plain.join(name, code, chat, member),
            )
        )

    @rule(who=who_, number=number_)
    def revoke(self, who: str, number: int) -> None:
        name, code = self.codes[-1 - number % len(self.codes)]

        def plain() -> None:
            self.plain.inspection(name)
            self.plain.revoke(name, code)

        revoking = revoke_invitation(self.stores[who], name, code, by="L1", at=self.at)
        self._step(self._same(revoking, plain))

    # --- beside the cases ---------------------------------------------------------------------

    @rule(
        who=who_,
        number=number_,
        place=st.tuples(st.sampled_from(RECORDS), chat_),
        text=st.sampled_from((None, *TEXTS)),
        expect=st.sampled_from(("any", "right", "wrong", "none")),
    )
    def set_record(
        self, who: str, number: int, place: tuple[RecordKind, str], text: str | None, expect: str
    ) -> None:
        """Under a chat's name, as digests are."""
        found = self._inspection(number)
        if found is not None:
            kind, record = place
            stands = found.records[kind].get(record)
            expects = {"any": ..., "right": stands, "wrong": {"text": ""}, "none": None}
            document = None if text is None else {"text": text, "by": [record, None]}
            name = found.inspection.id
            self._step(self._set_record(who, name, place, document, expect=expects[expect]))

    async def _set_record(
        self, who: str, name: str, place: tuple[RecordKind, str], document: Any, *, expect: Any
    ) -> None:
        kind, record = place
        await self._same(
            set_record(
                self.stores[who], name, kind, record, document, by="L1", at=self.at, expect=expect
            ),
            lambda: self.plain.set_record(name, kind, record, document, expect=expect),
        )

    @rule(
        who=who_,
        number=number_,
        chat=chat_,
        kinds=st.lists(st.sampled_from(MESSAGES), max_size=3, unique=True),
        ago=st.sampled_from((0, 0, 100)),
    )
    def queue(self, who: str, number: int, chat: str, kinds: list[OutboxKind], ago: int) -> None:
        found = self._case(number)
        if found is not None:
            name, case = found
            self._step(self._queue(who, (name, chat), case.case.key, kinds, ago))

    async def _queue(
        self, who: str, place: tuple[str, str], key: CaseKey, kinds: list[OutboxKind], ago: int = 0
    ) -> None:
        name, chat = place
        since = (self.now - timedelta(seconds=ago)).isoformat()
        messages = [
            OutboxMessage(
                f"{kind} {chat} {key.case}.{key.form}.{key.reading}",
                name, "tg", chat, kind, key, since,
            )
            for kind in kinds
        ]  # fmt: skip

        def plain() -> None:
            self.plain.inspection(name).outbox.update({one.id: one for one in messages})

        await self._same(queue(self.stores[who], messages, at=self.at), plain)

    @rule(
        number=number_,
        sending=st.lists(st.tuples(who_, st.sampled_from((0, 100, 130))), min_size=1, max_size=4),
        sent=st.booleans(),
    )
    def send(self, number: int, sending: list[tuple[str, int]], sent: bool) -> None:
        """In files only the bot does, in a database every worker; each so long after another."""
        queued = self.plain.outbox()
        if queued:
            self._step(self._send_in_turns(queued[number % len(queued)], sending, sent))

    async def _send_in_turns(
        self, message: OutboxMessage, sending: list[tuple[str, int]], sent: bool
    ) -> None:
        for turn, (who, seconds) in enumerate(sending, 1):
            self.now += timedelta(seconds=seconds)
            sender = "bot" if self.home.in_files else who
            await self._send(sender, message, sent and turn == len(sending))

    async def _send(self, who: str, message: OutboxMessage, sent: bool) -> None:
        store, name = self.stores[who], (message.inspection, message.id)
        said = await store.claim(message, at=self.at)
        process, (holder, since) = self.processes[who], self.claims.get(name, (None, self.now))
        is_free = holder is None or since <= self.now - LEASE
        assert said == is_free
        if is_free or holder == process:
            self.claims[name] = process, self.now
        if sent:
            for _ in range(2):
                await store.sent(message, at=self.at)
            del self.plain.inspection(message.inspection).outbox[message.id]
            self.claims.pop(name, None)
            assert not await store.claim(message, at=self.at)

    @rule(who=who_, number=number_, name=st.sampled_from(("minutes.pdf", "plan.ogg")), text=text_)
    def keep_file(self, who: str, number: int, name: str, text: str) -> None:
        """What is there already is left as it is."""
        found = self._inspection(number)
        if found is not None:
            self._step(self._keep_file(who, found.inspection.id, name, text.encode()))

    async def _keep_file(self, who: str, inspection: str, name: str, content: bytes) -> None:
        await self._same(
            self.stores[who].keep_file(inspection, name, content),
            lambda: self.plain.inspection(inspection).files.setdefault(name, content) and None,
        )

    @rule(who=who_, name=st.sampled_from(("casewalk_bot", "other_bot")), minutes=st.integers(0, 3))
    def serve_on(self, who: str, name: str, minutes: int) -> None:
        """Time passes, and the bot is started under this name or another."""
        self.now += timedelta(minutes=minutes)

        def plain() -> None:
            self.plain.bot = name

        self._step(self._same(remember_bot(self.stores[who], name), plain))

    # --- conversations ------------------------------------------------------------------------

    @rule(
        who=who_,
        chat=chat_,
        messages=st.lists(message_, min_size=1, max_size=4),
        keeps=st.booleans(),
    )
    def step(self, who: str, chat: str, messages: list[Message], keeps: bool) -> None:
        """What a chat sends; its state is kept for later."""
        self._step(self._messages(who, chat, messages, keeps=keeps))

    @rule(
        who=who_,
        chat=chat_,
        messages=st.lists(message_, min_size=1, max_size=4),
        number=number_,
    )
    def go_to_a_case(self, who: str, chat: str, messages: list[Message], number: int) -> None:
        self._step(self._go_to_a_case(who, chat, messages, number))

    async def _go_to_a_case(
        self, who: str, chat: str, messages: list[Message], number: int
    ) -> None:
        state = await self._joined(who, chat)
        await self._open_case(who, state, number)
        await self._messages(who, state.chat, messages, keeps=False)

    async def _messages(self, who: str, chat: str, messages: list[Message], *, keeps: bool) -> None:
        for message in messages:
            state = await self._joined(who, chat)
            if state.session.case is None and message.what != "leave":
                await self._open_case(who, state, message.number)
                state = await self._joined(who, chat)
            if keeps:
                self.old.append(Old(who, state))
            if message.meanwhile and state.session.case is not None:
                await self._meanwhile(who, state, state.session.case, message)
            after = await self._after(who, state, message)
            fresh = not message.meanwhile
            await self._commit(who, state, after, self._update(message), fresh=fresh)

    async def _meanwhile(self, who: str, state: ChatState, case: Case, message: Message) -> None:
        others = "beside" if who == "bot" else "bot"
        name = state.inspection.id
        known = self.plain.inspection(name).case(case.key)
        if message.meanwhile == "assigned":
            await self._change_case(others, name, known, ("assign", "taken over"), behind=0)
        else:
            answers = {"q1": Answer("no", None, "I2", self.at)}
            await self._put_case(others, name, replace(known.case, answers=answers), times=1)

    def _update(self, message: Message) -> str | None:
        return str(next(self.numbers)) if message.known else None

    async def _joined(self, who: str, chat: str) -> ChatState:
        """The chat's, or another's that is in an inspection; one joins where none is."""
        joined = [one for one in (chat, *CHATS) if self.plain.chat_state(one) is not None]
        if not joined:
            if not self.plain.inspections:
                await self._create(who, IDS[0], 2)
            await self._add_member(who, next(iter(self.plain.inspections)), chat, PEOPLE[0])
        state = await self._state(who, joined[0] if joined else chat)
        assert state is not None
        return state

    async def _open_case(self, who: str, state: ChatState, number: int) -> None:
        there = list(self.plain.inspection(state.inspection.id).cases.values())
        if there:
            key = there[number % len(there)].case.key
            after, version = await self._opening(who, state, key)
            if number % 3:  # a card is shown
                shown = replace(after.cursor, card=after.cursor.card + 1)
                after = replace(after, cursor=shown)
            update = str(next(self.numbers)) if number % 2 else None
            await self._commit(who, state, after, update, fresh=True, version=version)

    async def _opening(self, who: str, state: ChatState, key: CaseKey) -> tuple[Session, int]:
        store, typed = self.stores[who], replace(key, case=key.case.casefold())
        case, cursor, version = await store.load_case(state.inspection.id, typed, state.chat)
        stands = self.plain.inspection(state.inspection.id).case(key)
        assert (case, cursor, version) == (stands.case, stands.cursor(state.chat), stands.version)
        return Session(state.member.person, state.session.language, case, cursor), version

    @rule(who=who_, chat=chat_, number=number_)
    def the_same_update_again(self, who: str, chat: str, number: int) -> None:
        """It is known, and refused upon a state from before it was applied."""
        delivered = [one for sender, one in self.updates if sender == chat]
        if delivered:
            update = delivered[-1 - number % len(delivered)]
            self._step(self._again(who, chat, update))

    async def _again(self, who: str, chat: str, update: str) -> None:
        state = await self._state(who, chat)
        assert state is None or update in state.applied or update not in self.plain.known[chat]
        for old in self.old:
            if old.state.chat == chat and update in self.plain.known[chat] - old.state.applied:
                message = Message("answer and language", len(update), "again", known=True)
                after = await self._after(old.who, old.state, message)
                step = _step_of(old.state, after, update)
                refused = self.stores[old.who].commit(
                    [], step, at=self.at, by=old.state.member.person, event="Again"
                )
                assert (await said_by(refused)).error is Conflict

    @rule(number=number_, message=message_)
    def step_upon_an_old_state(self, number: int, message: Message) -> None:
        if self.old:
            old = self.old[-1 - number % len(self.old)]
            self._step(self._upon(old.who, old.state, message))

    async def _upon(self, who: str, state: ChatState, message: Message) -> None:
        after = await self._after(who, state, message)
        await self._commit(who, state, after, self._update(message), fresh=False)

    async def _state(self, who: str, chat: str) -> ChatState | None:
        state = await self.stores[who].chat_state(chat)
        self._is_state(state, self.plain.chat_state(chat))
        return state

    async def _after(self, who: str, state: ChatState, message: Message) -> Session:
        """The session after a message; where it can do nothing it is the one before."""
        session, what = state.session, message.what
        other = "en" if session.language == "cy" else "cy"
        if what == "ask":
            return replace(session, asked=None if session.asked else Asked("remark", ("C001",)))
        if what == "language":
            return replace(session, language=other)
        if session.case is None or what == "nothing":
            return session
        if what == "leave":
            return Session(session.person, session.language)
        form = PACK.form(session.case.form)
        assert form is not None
        questions = [one for one in form.questions if one.name in VALUES]
        question = questions[message.number % len(questions)]
        card = session.cursor.card + 1
        after = replace(
            session,
            case=await self._changed(who, state, session.case, question, message),
            cursor=replace(session.cursor, questions=(question.name,), card=card),
        )
        if what == "answer and ask":
            return replace(after, asked=None if session.asked else Asked("note"))
        return replace(after, language=other) if what == "answer and language" else after

    async def _changed(
        self, who: str, state: ChatState, case: Case, question: Question, message: Message
    ) -> Case:
        _, number, text, *_ = message
        by = state.member.person
        match message.what:
            case "answer" | "answer and ask" | "answer and language":
                values = VALUES[question.name]
                value = values[(len(text) + number) % len(values)]
                return case.answered(question, value, by, self.at)
            case "note":
                return case.noted(question, text, by, self.at)
            case "take away":
                return replace(case, answers={}, remarks=())
            case "profile":
                return replace(case, profile={"age": number, "gender": "male"})
            case "photo":
                content = text.encode()
                photo = f"{case.case}-{hashlib.sha256(content).hexdigest()[:24]}.jpg"
                await self._keep_file(who, state.inspection.id, photo, content)
                attached = Evidence("question", question.name, "photo", photo, by=by, at=self.at)
                return replace(case, evidence=(*case.evidence, attached)[-2:])
            case "hand in":
                move = Move.REOPEN if case.status is Status.SUBMITTED else Move.SUBMIT
                return case.moved(move) or case
            case _:
                return case

    async def _commit(  # a step's parts
        self,
        who: str,
        state: ChatState,
        after: Session,
        update: str | None,
        *,
        fresh: bool,
        version: int | None = None,
    ) -> None:
        """Upon a state that is as things stand a step is kept; upon an older one as the model says.

        Either way all of it is kept, or nothing.
        """
        step = _step_of(state, after, update, version)
        by, event = state.member.person, "StepTaken"
        said = await said_by(self.stores[who].commit([], step, at=self.at, by=by, event=event))
        must = plainly_said(lambda: self.plain.commit_step(step, at=self.at, by=by, event=event))
        assert said.error is must.error
        assert not fresh or said.error is None
        if said.error is None:
            self._is_after(step, said.value)

    def _is_after(self, step: ChatStep, state: ChatState | None) -> None:
        """What a commit returned; the chat may have been taken out of the inspection meanwhile."""
        must = self.plain.chat_state(step.chat)
        if state is not None and must is not None:
            assert state.session == must.session
            assert (state.version, state.chat_version) == (must.version, must.chat_version)
            assert must.applied <= state.applied
        else:
            assert must is None
        if step.update is not None:
            self.updates.append((step.chat, step.update))

    # --- several changes at once --------------------------------------------------------------

    @rule(
        who=who_,
        number=number_,
        chat=chat_,
        text=text_,
        behind=st.sampled_from((0, 0, 0, 1)),
        expect=st.sampled_from(("any", "right", "wrong")),
    )
    def change_much(  # noqa: PLR0917  # what is drawn
        self, who: str, number: int, chat: str, text: str, behind: int, expect: str
    ) -> None:
        self._step(self._change_much(who, number, chat, text, behind=behind, expect=expect))

    async def _change_much(  # what was drawn
        self, who: str, number: int, chat: str, text: str, *, behind: int, expect: str
    ) -> None:
        """A lead's change, a record, a message for somebody, and where the lead's chat is then."""
        state = await self._joined(who, chat)
        name = state.inspection.id
        there = list(self.plain.inspection(name).cases.values())
        if not there:
            return
        known = there[number % len(there)]
        after = replace(known.case, profile={"age": number})
        kind, stands = RECORDS[number % len(RECORDS)], None
        if expect != "wrong":
            stands = self.plain.inspection(name).records[kind].get(text[:4])
        else:
            stands = {"text": "another"}
        key = known.case.key
        message = OutboxMessage(f"returned {key.case}", name, "tg", chat, "returned", key, self.at)
        record, wanted = {"text": text}, ... if expect == "any" else stands
        changes: list[Change] = [
            CaseChanged(name, after, known.version - behind),
            RecordSet(name, kind, text[:4], record, wanted),
            MessageQueued(message),
        ]
        other = "en" if state.session.language == "cy" else "cy"
        session = replace(state.session, language=other if number % 2 else state.session.language)
        step = _step_of(state, session, str(next(self.numbers)))
        more = {"at": self.at, "by": "L1", "event": "CaseReturned"}
        before = deepcopy(self.plain)

        def plain() -> None:
            self.plain.commit_step(step, **more)
            self.plain.change_case(
                name, after, expect=known.version - behind, why=text.replace("\0", ""), **more
            )
            self.plain.set_record(name, kind, text[:4], record, wanted)
            self.plain.inspection(name).outbox[message.id] = message

        why = text.replace("\0", "")
        said = await said_by(self.stores[who].commit(changes, step, why=why, **more))
        must = plainly_said(plain)
        assert said.error is must.error
        if must.error is not None:
            self.plain = before
        else:
            self._is_after(step, said.value)

    # --- erasing ------------------------------------------------------------------------------

    @rule(what=st.sampled_from(ERASED), chat=chat_, number=number_)
    def erase(self, what: str, chat: str, number: int) -> None:
        self._step(self._erase_much(what, chat, number))

    async def _erase_much(self, what: str, chat: str, number: int) -> None:
        """Of somebody of whom something is kept everywhere."""
        chat = (await self._joined("bot", chat)).chat
        photo = Message("photo", number, TEXTS[number % 2], known=True)
        await self._messages("bot", chat, [photo], keeps=True)
        state = await self._joined("bot", chat)
        name, case = state.inspection.id, state.session.case
        await self._set_record("bot", name, ("digests", chat), {"each": True}, expect=...)
        key = case.key if case else CaseKey("C404", "case-file")
        if case:
            await self._queue("bot", (name, chat), key, ["submitted", "second"])
        if case and number % 3 == 0:
            await self._put_case("beside", name, replace(case, reading=3 - case.reading), times=1)
        person = PEOPLE[number % 3].person if what == "anybody" else state.member.person
        await self._erase(what, name, key, person)
        if what == "case" and number % 2:
            await self._add_case("bot", name, Case(key.case, key.form, reading=key.reading))

    async def _erase(self, what: str, name: str, key: CaseKey, person: str) -> None:
        """With the bot stopped; nothing is erased while it serves."""

        async def erasing() -> None:
            store = self.stores["beside"]
            if what == "case":
                await erase_case(store, name, key, by="L1", at=self.at)
            elif what == "inspection":
                await erase_inspection(store, name, at=self.at)
            else:
                await erase_person(store, name, person, by="L1", at=self.at)

        plain: dict[str, Callable[[], None]] = {
            "case": lambda: self.plain.erase_case(name, key),
            "person": lambda: self.plain.erase_person(name, person),
            "anybody": lambda: self.plain.erase_person(name, person),
            "inspection": lambda: self.plain.erase_inspection(name),
        }
        await self.stores["bot"].bot_username()  # in a database, who never asked is not there yet
        if what == "inspection":
            assert (await said_by(erasing())).error is InUse
        await self._close("bot")
        await self._same(_alone(erasing), plain[what])
        self.old.clear()
        await self._open_bot()
        queued = {(one.inspection, one.id) for one in self.plain.outbox()}
        self.claims = {name: claim for name, claim in self.claims.items() if name in queued}

    # --- processes come and go ------------------------------------------------------------------

    @rule(who=who_)
    def open_again(self, who: str) -> None:
        self._step(self._open_again(who))

    async def _open_again(self, who: str) -> None:
        await self._close(who)
        if who == "bot":
            await self._open_bot()
        else:
            await self._open(who)

    async def _open_bot(self) -> None:
        await self._open("bot")
        if self.home.in_files:
            self.claims.clear()  # it is the only one that sends

    # --- looking ------------------------------------------------------------------------------

    @rule(who=who_, number=number_)
    def look_at_an_inspection(self, who: str, number: int) -> None:
        """What is kept of it by one who did not look for long is as it stands."""
        found = self._inspection(number)
        if found is not None:
            self._step(self._is_inspection(self.stores[who], found))

    @rule(who=who_)
    def look_at_the_chats(self, who: str) -> None:
        self._step(self._are_chats(self.stores[who]))


def _step_of(
    state: ChatState, after: Session, update: str | None, version: int | None = None
) -> ChatStep:
    loaded = state.version if version is None else version
    return ChatStep(state.chat, state, state.inspection.id, after, loaded, update)


async def _alone(act: Callable[[], Awaitable[None]]) -> None:
    """A server messages a little later that a connection was closed."""
    for _ in range(500):
        try:
            return await act()
        except InUse:
            await asyncio.sleep(0.01)
    return await act()


@pytest.fixture(params=["files", "encrypted", "postgresql"])
def home(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Home]:
    address = request.getfixturevalue("database") if request.param == "postgresql" else None
    home = Home(request.param, tmp_path, address)
    with without_fsync():
        yield home
    home.loop.close()


@pytest.mark.long
def test_the_store_holds_what_the_model_holds(home: Home) -> None:
    counted.clear()
    run_state_machine_as_test(
        lambda: StoresAndModel(home),
        settings=settings(
            max_examples=WALKS,
            stateful_step_count=40,
            deadline=None,
            derandomize="CASEWALK_STORE_WALKS" not in os.environ,
            suppress_health_check=list(HealthCheck),
            print_blob=True,
        ),
    )
    print(*(f"{name}: {count}" for name, count in counted.items()), sep=", ")  # noqa: T201


# --- what was found -----------------------------------------------------------------------------


async def test_a_step_that_is_refused_leaves_the_chat_as_it_was(
    inspected: Store, open_store: OpenStore
) -> None:
    """The language was changed all the same, where the command line had just been at the case."""
    state = await opened(inspected)
    assert state.session.case is not None
    theirs = replace(state.session.case, profile={"age": 41})
    assert await (await open_store()).put_case(ID, theirs, at=AT)
    mine = replace(state.session.case, profile={"age": 17})
    after = replace(state.session, case=mine, language="cy")
    with pytest.raises(Conflict):
        await keep(inspected, state, after, 7, event="LanguageChosen")
    again = await inspected.chat_state(CHAT)
    assert again is not None
    assert (again.session.case, again.session.language) == (theirs, None)
    assert "7" not in again.applied


async def test_a_case_that_is_added_anew_is_open_to_nobody(inspected: Store) -> None:
    """In a database it was, to whoever had the erased one open."""
    state = await opened(inspected)
    assert state.session.case is not None
    key = state.session.case.key
    await erase_case(inspected, ID, key, by=None, at=AT)
    await add_case(inspected, ID, Case(key.case, key.form), by=None, at=AT)
    again = await inspected.chat_state(CHAT)
    assert again is not None
    assert again.session == Session("I1")


async def test_what_was_applied_is_known_wherever_one_sits_next(inspected: Store) -> None:
    """It was forgotten where somebody was taken out of the inspection in between."""
    state = await opened(inspected)
    assert state.session.case is not None
    after = replace(state.session, case=replace(state.session.case, profile={"age": 41}))
    state = await keep(inspected, state, after, 7, event="TextReceived")
    await change_member(inspected, ID, CHAT, None, by="L1", at=AT)
    await inspected.create_inspection(tiny_inspection("kent"), tiny_pack(), [], at=AT)
    await inspected.add_member("kent", CHAT, INSPECTOR, at=AT)
    again = await inspected.chat_state(CHAT)
    assert again is not None
    assert (again.inspection.id, again.applied) == ("kent", {"7"})


async def test_what_was_applied_is_known_after_leaving_from_an_older_state(
    inspected: Store,
) -> None:
    state = await opened(inspected)
    assert state.session.case is not None
    after = replace(state.session, case=replace(state.session.case, profile={"age": 41}))
    state = await keep(inspected, state, after, 7, event="TextReceived")
    await keep(inspected, state, Session("I1"), event="Left")
    again = await inspected.chat_state(CHAT)
    assert again is not None
    assert (again.session, again.applied) == (Session("I1"), {"7"})
