"""What must not be seen stays unseen: in logs, in errors, in a ``repr``, and in the store.

Canaries are sent through everything that takes a text; then it is looked for where they may not be.
"""

from __future__ import annotations

import asyncio
import contextlib
import dataclasses
import hmac
import importlib
import os
import signal
import sys
from collections.abc import AsyncIterator, Iterator
from datetime import datetime, timedelta
from enum import Enum
from pathlib import Path
from typing import Any

import pytest

from bot.callback_data import CommandTap
from bot.channels.channel import Document, Message, ReceivedFile
from bot.channels.telegram.updates import read_update
from bot.invitations import VALID_DAYS, code_hash, invite, usable
from bot.messages import say
from bot.pipeline import Pipeline
from bot.settings import read_settings
from criteria.case import CaseKey
from criteria.inspection import Member, Role
from criteria.question import Reading, Refusal
from dialogs.events import Event, TextReceived
from dialogs.session import Session, Step
from storage.store import Store
from tests.bot.test_conversation_telegram import AT, make_store, now
from tests.files_store import files_store, folder_of
from tests.telegram_server import TOKEN, TelegramServer, User

SLOW = 30.0
"""Seconds that a process has to start or to stop."""


@pytest.fixture
async def store(tmp_path: Path) -> Store:
    store = await make_store(tmp_path / "data")
    await store.add_member("week", "tg-1", Member("I1", Role.INSPECTOR), at=AT)
    await store.add_member("week", "tg-9", Member("L1", Role.LEAD), at=AT)
    return store


# --- reprs --------------------------------------------------------------------------------------

HOLD_PEOPLES_WORDS = (
    "bot.commands", "bot.context", "bot.decision", "bot.permissions", "bot.settings",
    "bot.callback_data", "bot.channels.channel", "bot.channels.telegram.updates",
    "criteria.adjustments", "criteria.case", "criteria.pages", "criteria.recommendations",
    "criteria.second_reading", "dialogs.effects", "dialogs.events", "dialogs.personal_data",
    "dialogs.read_answer", "dialogs.session",
    "storage.changes", "storage.case_tables", "storage.documents", "storage.reader",
)  # fmt: skip
"""The modules whose values carry what people wrote, tapped or sent."""

IDS = frozenset(
    {
        *("about_case", "album", "at", "by", "case", "chat", "damaged", "event", "expires", "file"),
        *("filename", "form", "id", "inspection", "inspector", "key", "name", "other_case"),
        *("person", "query", "question", "table", "used_by", "username", "what"),
        *("criteria", "findings", "cases", "note_on", "kind_for", "log_level", "language"),
        *("languages", "lead_words", "control", "media", "reason", "role", "status", "roles"),
        *("heartbeat", "kind", "mark", "remarks_until", "closed", "keep_until"),
        *("applied", "channel", "questions", "shown", "goes_to", "message"),
        *("update", "sent", "until", "replies_to", "edits", "remove", "on"),
        *("target", "state", "links", "type", "file_type"),
    }
)
"""Fields that hold references, ids, names of the pack's, or one of a few fixed words."""

PLAIN = ("int", "bool", "float", "datetime", "frozenset[int]", "tuple[int, ...]")


def dataclasses_of(name: str) -> Iterator[type[Any]]:
    for one in vars(importlib.import_module(name)).values():
        if dataclasses.is_dataclass(one) and isinstance(one, type) and one.__module__ == name:
            yield one


def holds_values_only(kind: str, known: set[str]) -> bool:
    """Whether a type is made of numbers, and of values that are looked at themselves."""
    for sign in "[](),.|":
        kind = kind.replace(sign, " ")
    made_of = set(kind.split()) - {"None", "tuple", "Mapping", "Sequence", "frozenset", "str"}
    return bool(made_of) and made_of <= known


def test_no_value_shows_what_people_wrote() -> None:
    """Every field is hidden from ``repr``, a number, an id, or another such value."""
    classes = [one for name in HOLD_PEOPLES_WORDS for one in dataclasses_of(name)]
    classes += [Reading, Refusal]
    enums = {
        one.__name__
        for module in map(importlib.import_module, HOLD_PEOPLES_WORDS)
        for one in vars(module).values()
        if isinstance(one, type) and issubclass(one, Enum)
    }
    known = {*(one.__name__ for one in classes), *enums, *PLAIN}
    known |= {"Inspection", "Member", "Pack", "Question", "Progress", "Store", "StepSeen"}
    known |= {"Change", "Handler", "Wanted", "Later", "Mapping", "Origin", "Taken"}
    known |= {"Answer", "Effect", "Event", "Kind", "Media", "NoticeKind", "Reason", "Unread"}
    known |= {"Intent", "ZoneInfo", "OutboxMessage", "ParagraphRole", "EvidenceOn", "EvidenceState"}
    shown = [
        f"{one.__module__}.{one.__name__}.{field.name}: {field.type}"
        for one in classes
        for field in dataclasses.fields(one)
        if field.repr
        and field.name not in IDS
        and field.type not in PLAIN
        and not holds_values_only(str(field.type), known)
    ]
    assert not shown, shown


async def test_a_conversation_shows_nothing_of_itself(store: Store) -> None:
    """Everything that goes in, through and out of it is looked at as it is."""
    seen: list[object] = []

    def step_seen(before: Session, event: Event, step: Step, _: datetime) -> None:
        seen.extend((before, event, step, step.session.case, *step.effects))

    conversation = Pipeline(store, now, step_seen)
    canary = "canary heron"
    photo = ReceivedFile("photo", b"\xff\xd8\xff canary heron", caption=canary)
    sample = ReceivedFile("document", b"case\ncanary heron\n", filename=f"{canary}.csv")
    leads = ("/case C001", f"/recommend key {canary}", f"/findings 1 {canary}")
    inspectors = (
        "/case C001", "male", "yes", "fully", "none", "3", "today",
        f"{canary} mistyped", "/back", canary, f"/note B1 {canary}", f"/goto {canary}",
        f"/language {canary}", f"/{canary}",
        "/goto B3", canary, f"none {canary}", f"plan, {canary}", f"/case {canary}",
        "/review", "/progress", "/goto C1", "not met",
    )  # fmt: skip
    sent = [Message("tg-1", text=text) for text in inspectors]
    sent += [Message("tg-1", text="/goto B1"), Message("tg-1", file=photo)]
    sent += [Message("tg-9", file=sample), Message("tg-1", data=canary)]
    sent += [Message("tg-1", text="/submit")]
    sent += [Message("tg-9", text=text) for text in (*leads, "/findings", "/export json")]
    sent += [Message("tg-9", text=f"/return C001 B1 {canary}"), Message("tg-1", text="/case")]
    sent += [Message("tg-9", text="/recommend key"), Message("tg-9", text=canary)]
    told = ""
    for incoming in sent:
        outcome = await conversation.receive(incoming)
        seen += [incoming, incoming.file, outcome, *outcome.replies, *outcome.notifications]
        for reply in outcome.replies:
            seen += [reply.document, *(button for row in reply.buttons for button in row)]
            told += reply.text
        for chat in ("tg-1", "tg-9"):
            seat = await store.chat_state(chat)
            assert seat is not None
            seen += [seat, seat.session, seat.session.cursor, seat.session.asked]
    key = CaseKey("C001", "case-file")
    case, _, _ = await store.load_case("week", key, "tg-1")
    for entry in await store.history("week", key):
        seen += [entry, *entry.changes]
    seen += [case, *case.answers.values(), *case.evidence, *case.remarks, photo, sample]
    seen += await store.overview("week")
    message = {"message_id": 1, "from": {"id": 1}, "chat": {"id": 1, "type": "private"}}
    seen.append(read_update({"update_id": 1, "message": {**message, "text": canary}}))
    voice = {"voice": {"file_id": canary}, "caption": canary}
    seen.append(read_update({"update_id": 1, "message": {**message, **voice}}))
    assert case.remarks
    assert case.evidence
    assert case.answers["remark"].value == canary
    assert canary in told, "it was shown to whom it is for"
    for one in seen:
        shown = repr(one)
        assert "heron" not in shown, type(one)
    assert {type(one).__name__ for one in seen} >= {
        *(
            "Message",
            "Reply",
            "Response",
            "Notification",
            "ReceivedFile",
            "Document",
            "Button",
            "ChatState",
        ),
        *("Session", "Case", "Answer", "TextReceived", "Step", "Asked"),
        *("HistoryEntry", "GivenChange"),
    }


def test_neither_settings_nor_a_document_show_what_they_hold() -> None:
    settings = read_settings(
        {
            "TELEGRAM_BOT_TOKEN": TOKEN,
            "CASEWALK_STORE": "postgresql://me:canary@host/db",
            "TELEGRAM_API_URL": "http://me:canary@host",
        }
    )
    shown = repr(settings)
    assert TOKEN.partition(":")[2] not in shown
    assert "canary" not in shown
    assert "canary" not in repr(Document("week.json", lambda: b"canary"))
    assert "canary" not in repr((CommandTap("canary"), TextReceived("canary")))


# --- invitations --------------------------------------------------------------------------------


async def test_a_code_is_random_kept_as_a_hash_and_shown_once(store: Store) -> None:
    codes = [(await invite(store, "week", Role.INSPECTOR, now()))[0] for _ in range(40)]
    assert len(set(codes)) == 40
    signs = set("".join(codes))
    assert signs <= set("ABCDEFGHJKLMNPQRSTUVWXYZ23456789"), "32 signs are 5 bits each"
    assert len(signs) >= 30
    assert {len(code) for code in codes} == {16}
    kept = b"".join(path.read_bytes() for path in folder_of(store).rglob("*.jsonl"))
    assert not [code for code in codes if code.encode() in kept]
    assert code_hash(codes[0]).encode() in kept
    conversation = Pipeline(store, now)
    made = (await conversation.receive(Message("tg-9", text="/invite lead"))).replies[0].text
    code = made.rpartition("/start ")[2].split()[0]
    for text in ("/team", "/team L2", "/invite"):
        outcome = await conversation.receive(Message("tg-9", text=text))
        assert code not in outcome.replies[0].text
    for one in await store.invitations("week"):
        assert one.code_hash not in repr(one)


async def test_of_two_chats_that_give_one_code_at_once_one_gets_in(store: Store) -> None:
    """In one process, and where another one serves beside it."""
    code, person = await invite(store, "week", Role.INSPECTOR, now())
    beside = Pipeline(files_store(folder_of(store)), now)
    here = Pipeline(store, now)
    outcomes = await asyncio.gather(
        *(
            one.receive(Message(f"tg-{number}", text=f"/start {code}"))
            for number, one in enumerate((here, here, beside, beside), 20)
        )
    )
    texts = [outcome.replies[0].text for outcome in outcomes]
    assert texts.count(say("bad-code")) == 3
    assert sum(text.startswith(f"You are {person}, inspector") for text in texts) == 1
    assert len(await store.members("week")) == 3


async def test_a_code_expires_and_can_be_taken_back(store: Store) -> None:
    conversation = Pipeline(store, now)
    old, _ = await invite(store, "week", Role.LEAD, now() - timedelta(days=VALID_DAYS))
    _, person = await invite(store, "week", Role.INSPECTOR, now())
    made = await conversation.receive(Message("tg-9", text="/invite inspector"))
    code = made.replies[0].text.rpartition("/start ")[2].split()[0]
    name = made.replies[0].text.partition(", ")[2].partition(",")[0]
    assert name != person
    await conversation.receive(Message("tg-9", text=f"/revoke {name}"))
    for given in (old, code, "AAAAAAAAAAAAAAAA", "", code.lower()):
        outcome = await conversation.receive(Message("tg-60", text=f"/start {given}"))
        assert outcome.replies[0].text in (say("bad-code"), say("stranger"))
        assert await store.chat_state("tg-60") is None
    assert sum(usable(one, now()) for one in await store.invitations("week")) == 1


async def test_a_code_is_compared_with_every_invitation_in_constant_time(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The real comparison, counted: a lookup in a table would tell by its time what is near."""
    codes = [(await invite(store, "week", Role.INSPECTOR, now()))[0] for _ in range(3)]
    compared = 0
    compare = hmac.compare_digest

    def counted(one: Any, other: Any) -> bool:
        nonlocal compared
        compared += 1
        return compare(one, other)

    monkeypatch.setattr(hmac, "compare_digest", counted)
    assert await store.find_invitation(code_hash("AAAAAAAAAAAAAAAA")) is None
    assert await store.find_invitation(code_hash(codes[0])) is not None
    assert compared == 2 * len(codes)


# --- what a serving bot says --------------------------------------------------------------------


@pytest.fixture
async def telegram() -> AsyncIterator[TelegramServer]:
    async with TelegramServer() as server:
        yield server


CANARIES = (
    "canary-answer", "canary-note", "canary-caption", "canary-photo", "canary-sample",
    "canary-filename", "canaryname7", "canarycommand", "canary-remark", "canary-body",
    "canary-person", "canary-refused", "canary-finding", "canary-title",
)  # fmt: skip


async def everything_secret(telegram: TelegramServer, lead: User, user: User) -> None:
    """Every canary goes in, while calls fail in every way."""
    for text in (
        "/case C001",
        "male",
        "yes",
        "fully",
        "none",
        "3",
        "today",
        "canary-answer",
        "not met",
    ):
        await user.send(text, wait=SLOW)
    await user.send("/note B1 canary-note")
    await user.send("/goto B1")
    await user.send_file("photo", b"\xff\xd8\xff canary-photo", caption="canary-caption")
    await user.send_file("voice", b"OggS canary-photo", caption="canary-caption")
    await user.send("/case canaryname7")
    await user.send("/canarycommand canary-note")
    telegram.fail("getFile", status=400, description="Bad Request: canary-refused")
    await user.send_file("photo", b"\xff\xd8\xff canary-photo", caption="canary-caption")
    telegram.fail("sendMessage", status=400, description="Bad Request: canary-refused")
    await user.send("/goto B2")
    await user.send("/goto B1")
    telegram.fail("editMessageText", body=b'{"canary-body')
    telegram.fail("answerCallbackQuery", status=400, description="Bad Request: canary-refused")
    telegram.fail("deleteMessage", drop=True)
    telegram.fail("getUpdates", body=b'{"canary-body')
    await user.tap("No", reply=False)
    await user.quiet(0.2)
    await user.send("/submit")
    for content in (b"canary-sample,canary-sample\n", b"case\ncanary-sample one\n", b"\x00"):
        await lead.send_file("document", content, name="canary-filename.csv")
    for text in (
        "/return C001 B1 canary-remark", "/findings 1 canary-finding", "/team canaryname7",
        "/assign canaryname7 canaryname7", "/new movement-of-cases-2004 canary-title",
    ):  # fmt: skip
        await lead.send(text)
    await lead.quiet()


@contextlib.asynccontextmanager
async def talkative(
    telegram: TelegramServer, store: Store, folder: Path
) -> AsyncIterator[tuple[asyncio.subprocess.Process, asyncio.Task[bytes]]]:
    """``casewalk serve`` at the lowest level there is, with Python's and asyncio's own warnings.

    Gives what it says, too, once it ends.
    """
    environment = os.environ | {
        "TELEGRAM_BOT_TOKEN": telegram.token,
        "TELEGRAM_API_URL": telegram.url,
        "CASEWALK_STORE": f"tinydb:{folder_of(store)}",
        "CASEWALK_LOG": "DEBUG",
        "PYTHONPATH": str(Path(__file__).parents[2]),
        "PYTHONDEVMODE": "1",
    }
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bot", "serve"),
        cwd=folder,
        env=environment,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    assert process.stdout is not None
    output = asyncio.create_task(process.stdout.read())
    try:
        await telegram.until(lambda: telegram.calls["getUpdates"] > 0, SLOW)
        yield process, output
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()


@pytest.mark.long
@pytest.mark.skipif(os.name == "nt", reason="there is no SIGTERM")
async def test_a_serving_bot_says_nothing_of_what_it_is_told(
    tmp_path: Path, telegram: TelegramServer
) -> None:
    """``casewalk serve`` at its most talkative, with failures, and with a damaged file."""
    store = await make_store(tmp_path / "data")
    codes = [(await invite(store, "week", role, now()))[0] for role in (Role.LEAD, Role.INSPECTOR)]
    async with talkative(telegram, store, tmp_path) as (process, output):
        lead, user = (telegram.user(name="canary-person") for _ in codes)
        for one, code in zip((lead, user), codes, strict=True):
            await one.send(f"/start {code}", wait=SLOW)
        await everything_secret(telegram, lead, user)
        damaged = folder_of(store) / "inspections" / "week" / "cases" / "C001~case-file.jsonl"
        damaged.write_bytes(damaged.read_bytes().replace(b"canary-answer", b"canary-answet"))
        await user.send("/case C001")
        await user.quiet()
        process.send_signal(signal.SIGTERM)
        log = (await output).decode()
        await process.wait()
    assert process.returncode == 0, log
    assert " DEBUG " in log
    assert "C001~case-file.jsonl" in log, "which file is damaged is said"
    marks = (telegram.token, telegram.token.partition(":")[2], *codes)
    files = [name for name in telegram.sent_files if name.count("-")]
    for canary in (*CANARIES, "canary", *marks, *files, "t|", "c|", "o|"):
        assert canary not in log, (canary, log)
    kept = b"".join(one.read_bytes() for one in folder_of(store).rglob("*") if one.is_file())
    for canary in ("canary-answet", "canary-note", "canary-caption", "canary-photo"):
        assert canary.encode() in kept, "it was kept, so it did go in"
