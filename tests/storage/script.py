"""A session with everything that a store keeps, step by step, for what interrupts it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace
from hashlib import sha256
from typing import Any, get_args

from criteria.case import Answer, Case, CaseKey, Evidence, Remark
from criteria.case_status import Move, Status
from dialogs.session import Asked, Cursor, Session
from storage.changes import CaseChanged, ChatStep, MessageQueued, RecordSet
from storage.documents import Invitation, OutboxMessage, RecordKind
from storage.reader import ChatState
from storage.store import Store
from tests.changing import (
    add_case,
    add_invitation,
    change_case,
    change_member,
    join_with,
    queue,
    remember_bot,
    revoke_invitation,
    set_record,
)
from tests.storage.conftest import keep, open_case
from tests.storage.tiny import (
    AT,
    CHAT,
    INSPECTOR,
    LEAD,
    tiny_cases,
    tiny_inspection,
    tiny_pack,
)

ID = "cheshire-2011"
KENT = "kent-2012"
KEY = CaseKey("C001", "case-file")
SECOND = CaseKey("C001", "case-file", 2)
LEADS_CHAT = "tg-56"
CODE, OTHER_CODE = "a" * 64, "b" * 64
PHOTO = b"\xff\xd8 a photo \0" * 40
PHOTO_NAME = f"C001-{'3f' * 12}"
SUBMITTED = OutboxMessage("submitted tg-56 C001", ID, "tg", LEADS_CHAT, "submitted", KEY, AT)
RETURNED = OutboxMessage("returned tg-55 C001", ID, "tg", CHAT, "returned", KEY, AT)

Act = Callable[[Store], Awaitable[object]]
Snapshot = dict[str, Any]


async def _chat_state(store: Store, chat: str = CHAT) -> ChatState:
    state = await store.chat_state(chat)
    assert state is not None
    return state


def _case(chat: ChatState) -> Case:
    assert chat.session.case is not None
    return chat.session.case


async def _commit(store: Store, chat: ChatState, update: int, case: Case, question: str) -> None:
    cursor = Cursor(chat.session.cursor.card + 1, (question,))
    after = replace(chat.session, case=case, cursor=cursor)
    await _keep(store, chat, update, after)


async def _keep(store: Store, chat: ChatState, update: int, after: Session) -> None:
    """As the conversation does: what was applied is not applied again."""
    if str(update) not in chat.applied:
        await keep(store, chat, after, update, event="Scripted")


def _answers(update: int, name: str, value: str, note: str | None = None) -> Act:
    async def act(store: Store) -> None:
        chat = await _chat_state(store)
        answer = Answer(value, note, "I1", AT)
        case = replace(_case(chat), answers={**_case(chat).answers, name: answer})
        await _commit(store, chat, update, case, name)

    return act


async def _make(store: Store) -> None:
    await store.create_inspection(tiny_inspection(), tiny_pack(), tiny_cases(), at=AT)


async def _invite(store: Store) -> None:
    invitation = Invitation(CODE, INSPECTOR.role, INSPECTOR.person, "2026-12-01T00:00:00Z")
    await add_invitation(store, ID, invitation, at=AT)


async def _invite_again(store: Store) -> None:
    invitation = Invitation(OTHER_CODE, LEAD.role, "L2", "2026-12-01T00:00:00Z")
    await add_invitation(store, ID, invitation, at=AT)


async def _open(store: Store) -> None:
    await open_case(store, await _chat_state(store), update=1)


async def _attach(store: Store) -> None:
    await store.keep_file(ID, PHOTO_NAME, PHOTO)
    chat = await _chat_state(store)
    attachment = Evidence(
        "question", "q1", "photo", PHOTO_NAME, by="I1", at=AT,
        type="image/jpeg", sha256=sha256(PHOTO).hexdigest(),
    )  # fmt: skip
    case = replace(_case(chat), evidence=(*_case(chat).evidence, attachment))
    await _commit(store, chat, 4, case, "q1")


def _submits(update: int) -> Act:
    async def act(store: Store) -> None:
        chat = await _chat_state(store)
        case = _case(chat).moved(Move.SUBMIT)
        await _commit(store, chat, update, case or _case(chat), "q3")

    return act


async def _return(store: Store) -> None:
    case, _, version = await store.load_case(ID, KEY, LEADS_CHAT)
    returned = case.returned(Remark("q1", "Look again at page 3.", "L1", AT))
    assert returned is not None
    await change_case(
        store,
        ID,
        returned,
        expect=version,
        by="L1",
        at=AT,
        event="CaseReturned",
        why="not complete",
    )


async def _second_reading(store: Store) -> None:
    case = Case("C001", "case-file", "I2", Status.ASSIGNED, {"gender": "male"}, reading=2)
    await add_case(store, ID, case, by="L1", at=AT)


async def _read_again(store: Store) -> None:
    case, _, version = await store.load_case(ID, SECOND, LEADS_CHAT)
    answered = replace(case, answers={"q1": Answer("no", None, "I2", AT)})
    await change_case(
        store, ID, answered, expect=version, by="I2", at=AT, event="Answered", why=None
    )


def _records(kind: RecordKind, name: str, document: dict[str, Any] | None) -> Act:
    async def act(store: Store) -> None:
        await set_record(store, ID, kind, name, document, by="L1", at=AT)

    return act


async def _import(store: Store) -> None:
    answers = {"i1": Answer("yes", "an import", None, AT)}
    case = Case("C009", "interview", "I2", Status.IN_PROGRESS, {}, answers)
    await store.put_case(ID, case, at=AT)


async def _asked(store: Store) -> None:
    chat = await _chat_state(store)
    after = replace(chat.session, asked=Asked("remark", ("C001", "q1")), language="cy")
    await _keep(store, chat, 7, after)


async def _answer_instead(store: Store) -> None:
    """Two files change: what was asked for is wanted no more, and the case has an answer."""
    chat = await _chat_state(store)
    case = replace(_case(chat), answers={**_case(chat).answers, "q3": Answer(("pcr",), by="I1")})
    after = replace(chat.session, case=case, cursor=Cursor(9, ("q3",)), asked=None)
    await _keep(store, chat, 8, after)


async def _lead_returns_it(store: Store) -> None:
    """Four logs change: the case, the inspection, the outbox, the lead's chat."""
    chat = await _chat_state(store, LEADS_CHAT)
    if "10" in chat.applied:
        return
    case, _, version = await store.load_case(ID, KEY, LEADS_CHAT)
    returned = case.returned(Remark("q3", "And the oasys?", "L1", AT))
    assert returned is not None
    changes = [
        CaseChanged(ID, returned, version),
        RecordSet(ID, "follow_ups", "F1", {"status": "under_way", "by": "L1", "at": AT}),
        MessageQueued(RETURNED),
    ]
    step = ChatStep(LEADS_CHAT, chat, ID, chat.session, chat.version, "10")
    await store.commit(changes, step, at=AT, by="L1", event="CaseReturned")


async def _make_kent(store: Store) -> None:
    await store.create_inspection(tiny_inspection(KENT), tiny_pack(), tiny_cases()[:1], at=AT)


STEPS: list[tuple[str, Act]] = [
    ("make an inspection", _make),
    ("invite", _invite),
    ("join", lambda store: join_with(store, ID, CODE, CHAT, INSPECTOR, at=AT)),
    ("the lead joins", lambda store: store.add_member(ID, LEADS_CHAT, LEAD, at=AT)),
    ("open a case", _open),
    ("answer", _answers(2, "q1", "yes")),
    ("note", _answers(3, "q1", "yes", "Seen on page 3 – “in time”.")),
    ("a photo", _attach),
    ("queue a message", lambda store: queue(store, [SUBMITTED], at=AT)),
    ("submit", _submits(5)),
    ("it is sent", lambda store: store.sent(SUBMITTED, at=AT)),
    ("return", _return),
    ("answer anew", _answers(6, "q1", "no", "x" * 600)),
    ("a second reading", _second_reading),
    ("its answer", _read_again),
    ("a record", _records("recommendations", "R1", {"text": "Write it down."})),
    ("another", _records("adjustments", "c1", {"score": 80, "reason": "seen"})),
    ("take one away", _records("adjustments", "c1", None)),
    ("import a case", _import),
    ("a text is asked for", _asked),
    ("answer instead", _answer_instead),
    ("submit again", _submits(9)),
    ("a lead returns it", _lead_returns_it),
    ("invite another", _invite_again),
    ("revoke", lambda store: revoke_invitation(store, ID, OTHER_CODE, by="L1", at=AT)),
    (
        "another role",
        lambda store: change_member(
            store, ID, LEADS_CHAT, replace(LEAD, role=INSPECTOR.role), by="L1", at=AT
        ),
    ),
    ("remember the bot", lambda store: remember_bot(store, "casewalk_bot")),
    ("a second inspection", _make_kent),
    ("take one out", lambda store: change_member(store, ID, LEADS_CHAT, None, by="I1", at=AT)),
]


async def snapshot(store: Store) -> Snapshot:
    """All that anybody can see of a store."""
    seen: Snapshot = {"bot": await store.bot_username(), "outbox": await store.outbox()}
    for chat in (CHAT, LEADS_CHAT):
        seen[chat] = await store.chat_state(chat)
    for inspection in await store.inspections():
        name = inspection.id
        cases = [*await store.cases(name), *await store.cases(name, reading=2)]
        seen[name] = {
            "inspection": inspection,
            "pack": (await store.pack(name)).document,
            "cases": cases,
            "overview": [*await store.overview(name), *await store.overview(name, reading=2)],
            "history": [await store.history(name, case.key) for case in cases],
            "members": await store.members(name),
            "former": set(await store.former_people(name)),
            "invitations": await store.invitations(name),
            "records": {kind: await store.records(name, kind) for kind in get_args(RecordKind)},
            "files": {
                one.file: await store.file(name, one.file, one.sha256)
                for case in cases
                for one in case.evidence
            },
        }
    return seen
