"""Messages of every kind, and of no kind: whatever Telegram delivers, nobody else's case changes.

Updates are generated from a seed: texts of every script and length, taps of every data, photos,
stickers, polls, edits, forwards, groups, channels, kinds of update that there are not yet; and
mutations of all of them, with wrong types, huge numbers and deep nesting in any field. They go
through the real channel, conversation and store, and the replies to a loopback Bot API. What an
update may change is told by a reading of its own (:func:`reads_as`) and the model of
:mod:`tests.bot.test_duplicates`; for everything else not one file may change.

``CASEWALK_MESSAGES=100000`` runs it at full length; ``-s`` shows the figures. What fails names its
seed; ``CASEWALK_SEED`` sets another.
"""

from __future__ import annotations

import asyncio
import contextlib
import copy
import itertools
import json
import logging
import os
import re
from collections import Counter
from collections.abc import AsyncIterator, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal

import pytest

from bot.channels.channel import Message, ReceivedFile, Response
from bot.channels.telegram.api import build_bot
from bot.channels.telegram.dispatcher import Dispatcher
from bot.channels.telegram.transport import Transport, read_json
from bot.channels.telegram.updates import read_update
from bot.handlers.evidence import MAX_BYTES
from bot.pipeline import Pipeline
from criteria.case import CaseKey
from criteria.evidence_files import expected_media
from tests.bot.telegram_harness import SHORT, Recorder, serving
from tests.bot.test_duplicates import FORM, INSPECTORS, MARK, PlainChat, Sent, World, now, said
from tests.dialogs.plain_case import LABELS, NUMBERS, ORDER, TICKED
from tests.files_store import files_store
from tests.telegram_server import TelegramServer

COUNT = int(os.environ.get("CASEWALK_MESSAGES", "1500"))
SEED = int(os.environ.get("CASEWALK_SEED", "2004"))
EACH_WORLD = 1_500
MEMBERS = (1, 2, 3, 4, 5)
MAX_ATTACHMENTS = 20
STRANGERS = (41, 42)
GROUP = -1001

ZOO = (
    *("", " ", "\n\n", "\x00", "\x00\x00Male\x00", "a" * 4096, "a" * 4097, "😀" * 2048),
    *("😀" * 2049, "é" * 5_000, "﷽" * 1_000, "\u202egnol\u202c", "שלום עולם", "نعم"),
    *("👩‍👩‍👧‍👦", "Z͑ͫ̓ͪ̂ͫ̽͏̴̙̤̞͉͚̯" * 99, "\ud800", "\udc00\ud83d yes", "\u200b"),
    *("\u2028", "\ufeff", "\x1b[2J", "\x7f", "ﬁ", "İ" * 99, "=1+1", "@SUM(A1)", "<b>x</b>"),
    *("&lt;", "*x* _y_ `z`", "{case}", "{0.__class__}", "%s", "../../etc/passwd", "C:\\nul"),
    *("'; DROP TABLE cases; --", "(a+)+$", "a" * 300 + "!", "/", "//", "/ case"),
    *("/@casewalk_test_bot", "/\x00case C001", "/case", "/case " + "x" * 4_000, "/case ../x"),
    *("/case C001\x00", "/case C001 case-file", "/CASE c002", "/cases x", "/goto"),
    *("/goto " + "9" * 4_000, "/goto B3", "/next", "/back", "/review", "/progress", "/help"),
    *("/team", "/start", "/start " + "A" * 4_000, "/start \ud800", "/submit", "/reopen"),
    *("/submit ", "/assign C001 I3", "/remove I1 yes", "/return C001 x", "/agree C001", "/new"),
    *("/x" * 2_000, "/😀", "/cancel", "9" * 400, "1e999", "NaN", "inf", "-0", "0x10", "١٢"),
    *("1_0", "2014-02-30", "31/12/9999", "yes no maybe", "y n na y", "not yes", "Not fully"),
    *("no, yes", ",,,", "none, none"),
)  # fmt: skip
TAPS = (
    *("", "|", "t", "t|", f"t|{MARK}", f"t|{MARK}|C001|0|1", f"t|{MARK}|C001|0|1|x|c0", "o|||"),
    *(f"o|{MARK}|C001|0", f"o|{MARK}|C001|9", f"o|{MARK}|C001|-1", f"o|{MARK}|C001|0.2"),
    *(f"o|{MARK}|{'x' * 40}|0", f"o|{MARK}|\x00|0", f"o|{MARK}|../x|0", "o|beef|C001|0"),
    *(f"t|{MARK}|C001|0|1|{'9' * 5_000}|c0", f"t|{MARK}|C001|0|{'9' * 40}|1|c0", "l|xx", "l|"),
    *(f"t|{MARK}|C001|0|0|1|c9", f"t|{MARK}|C001|0|0|1|k9", f"t|{MARK}|C001|0|0|1|q99", "r|x"),
    *(f"c|{MARK}|", f"c|{MARK}|remove I1 yes", f"c|{MARK}|assign C001 I3", f"c|{MARK}|\ud800"),
    *("x|", f"x|{MARK}", "😀" * 16, "\x00" * 64, "a" * 64, "t" * 10_000, "١|٢", "c||help", "r|-5"),
)  # fmt: skip
CONTENT: tuple[dict[str, Any], ...] = (
    {"sticker": {"file_id": "s", "width": 512, "height": 512, "type": "regular"}},
    {"poll": {"id": "1", "question": "?", "options": [], "is_anonymous": True}},
    {"location": {"latitude": 1e308, "longitude": -181}},
    {"contact": {"phone_number": "+44", "first_name": "A"}},
    {"dice": {"emoji": "🎲", "value": 6}},
    {"video": {"file_id": "v", "file_size": 10**12}, "caption": "yes"},
    {"animation": {"file_id": "g"}, "document": {"file_id": "g", "file_name": "x.gif"}},
    {"audio": {"file_id": "a"}},
    {"video_note": {"file_id": "n"}},
    {"story": {"id": 1, "chat": {}}},
    {"paid_media": {"star_count": 1, "paid_media": []}},
    {"checklist": {"title": "x", "tasks": []}},
    {"document": {"file_id": "list.csv", "file_name": "list.csv", "file_size": 9}},
    {"document": {"file_id": "gone", "file_name": "x.pdf"}},
    {"photo": [{"file_id": "huge", "width": 9, "height": 9, "file_size": 30 * 1024 * 1024}]},
    {"photo": []},
    {"photo": [{"file_id": "gone", "width": 1, "height": 1}]},
    {"pinned_message": {}},
    {"new_chat_members": []},
    {"successful_payment": {}},
    {"write_access_allowed": {}},
    {"message_auto_delete_timer_changed": {"message_auto_delete_time": 1}},
    {"text": "yes", "forward_origin": {"type": "user", "date": 1}},
    {"text": "Male", "forward_origin": {"type": "hidden_user", "sender_user_name": "x"}},
    {"text_of_the_future": {"rich": ["Male"]}},
    {},
)
KINDS_OF_UPDATE = (
    *("edited_message", "channel_post", "edited_channel_post", "business_message"),
    *("edited_business_message", "guest_message", "inline_query", "chosen_inline_result"),
    *("poll", "poll_answer", "my_chat_member", "chat_member", "chat_join_request", "chat_boost"),
    *("message_reaction", "purchased_paid_media", "managed_bot", "update_of_the_future"),
)
NUMBERS_OF_ALL_SIZES = (
    *(0, -1, 1, 2, 2**31, 2**53 + 1, 2**63 - 1, 2**64, 10**30, 10**400, -(10**400)),
    *(0.0, -0.5, 1e308, 1.5, float("nan"), float("inf")),
)  # fmt: skip


# --- making updates -----------------------------------------------------------------------------


class Maker:
    """Makes updates, some of them as Telegram does."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._chance = world.chance
        self._ids = itertools.count(100_000)
        self._files = itertools.count(1)
        self.files: dict[str, bytes] = {}

    def update(self) -> Any:
        chance = self._chance
        update = chance.choice(
            (self._text, self._text, self._tap, self._tap, self._photo, self._other, self._else)
        )()
        if chance.random() < 0.5:
            return update
        for _ in range(chance.choice((1, 1, 1, 2, 4))):
            update = self._mutated(update)
        return update

    def _person(self) -> int:
        """Mostly an inspector; leads may do more than the model knows of."""
        chats = [int(chat.removeprefix("tg-")) for chat in INSPECTORS]
        return self._chance.choice([*chats * 3, *STRANGERS])

    def _message(self, person: int, **content: Any) -> dict[str, Any]:
        return {
            "message_id": self._chance.randint(1, 10**6),
            "date": 1_795_000_000,
            "from": {"id": person, "is_bot": False, "first_name": "A", "language_code": "cy"},
            "chat": {"id": person, "type": "private", "first_name": "A"},
            **content,
        }

    def _of(self, kind: str, content: Any) -> dict[str, Any]:
        return {"update_id": next(self._ids), kind: content}

    def _text(self) -> dict[str, Any]:
        person = self._person()
        text = self._chance.choice(ZOO)
        if self._chance.random() < 0.5 and person not in STRANGERS:
            text = self._world.some_act(f"tg-{person}").text or text
        return self._of("message", self._message(person, text=text))

    def _tap(self) -> dict[str, Any]:
        person = self._person()
        data = self._chance.choice(TAPS)
        if self._chance.random() < 0.7 and person not in STRANGERS:
            act = self._world.some_act(f"tg-{person}")
            data = act.data or self._world.any_old_tap(f"tg-{person}").data or data
        shown = self._message(person, text="x")
        shown["from"] = {"id": 123456, "is_bot": True, "first_name": "Casewalk"}
        sender = {"id": person, "is_bot": False, "first_name": "A"}
        query = {"id": "77", "from": sender, "message": shown, "chat_instance": "1", "data": data}
        return self._of("callback_query", query)

    def _photo(self) -> dict[str, Any]:
        file_id = f"f{next(self._files)}"
        self.files[file_id] = file_id.encode() * 3
        size = {"file_id": file_id, "width": 9, "height": 9, "file_size": len(file_id) * 3}
        media = {"photo": [{**size, "file_id": "small", "width": 1}, size]}
        if self._chance.random() < 0.3:
            media = {"voice": size}
        if self._chance.random() < 0.3:
            media["caption"] = self._chance.choice(("", "the plan", "\x00x", "\ud800"))  # type: ignore[assignment]
        return self._of("message", self._message(self._person(), **media))

    def _other(self) -> dict[str, Any]:
        content = copy.deepcopy(self._chance.choice(CONTENT))
        return self._of("message", self._message(self._person(), **content))

    def _else(self) -> dict[str, Any]:
        """Another kind of update, or another kind of chat."""
        update = self._chance.choice((self._text, self._tap, self._photo))()
        (kind,) = (key for key in update if key != "update_id")
        if self._chance.random() < 0.5:
            return self._of(self._chance.choice(KINDS_OF_UPDATE), update[kind])
        message = update[kind].get("message", update[kind])
        types = ("group", "supergroup", "channel", "sender", "future")
        message["chat"] = {"id": GROUP, "type": self._chance.choice(types), "title": "G"}
        if self._chance.random() < 0.2:
            message["text"] = "/progress@casewalk_test_bot"
        return update

    def _mutated(self, update: Any) -> Any:
        chance = self._chance
        places = list(_places(update))
        if not places or chance.random() < 0.01:
            return self._junk()
        container, key = chance.choice(places)
        what = chance.random()
        if what < 0.6:
            container[key] = self._junk()
        elif what < 0.8:
            del container[key]
        elif what < 0.9:
            other, place = chance.choice(places)
            container[key] = copy.deepcopy(other[place]) if place in _keys(other) else None
        elif isinstance(container, dict):
            container[chance.choice((*KINDS_OF_UPDATE, "message", "text", "x"))] = self._junk()
        return update

    def _junk(self) -> Any:
        chance = self._chance
        return chance.choice(
            (
                lambda: None,
                lambda: chance.random() < 0.5,
                lambda: chance.choice(NUMBERS_OF_ALL_SIZES),
                lambda: chance.choice(MEMBERS),
                lambda: chance.choice(ZOO),
                lambda: chance.choice(("private", "group", "channel", "true", "3", "tg-3")),
                lambda: [],
                lambda: {},
                lambda: [self._junk()],
                lambda: {chance.choice(("id", "type", "text", "")): self._junk()},
                lambda: _nested(chance.randint(2, 300)),
            )
        )()


def _nested(depth: int) -> Any:
    value: Any = "x"
    for place in range(depth):
        value = [value] if place % 2 else {"chat": value}
    return value


def _places(value: Any) -> Iterator[tuple[Any, Any]]:
    """Every field of a JSON value, as its container and its key."""
    waiting = [value]
    while waiting:
        container = waiting.pop()
        for key in _keys(container):
            yield container, key
            if isinstance(container[key], dict | list):
                waiting.append(container[key])


def _keys(container: Any) -> list[Any]:
    if isinstance(container, list):
        return list(range(len(container)))
    return list(container) if isinstance(container, dict) else []


# --- what an update may do ----------------------------------------------------------------------


@dataclass(frozen=True)
class Meant:
    """What a person did in a private chat with the bot."""

    chat: int
    update: int
    what: Literal["text", "tap", "file", "sample", "edit", "else"]
    content: str = ""


def reads_as(raw: Any) -> Meant | None:
    """What Telegram's reference makes of an update; None where it can be no act of a person."""
    if not isinstance(raw, dict) or not _is_number(raw.get("update_id")):
        return None
    query, message, edited = (
        raw.get(one) for one in ("callback_query", "message", "edited_message")
    )
    if isinstance(query, dict) and query:
        chat = _chat(query.get("message"), query.get("from"))
        data = query.get("data")
        if chat is None or not isinstance(data, str):
            return None
        return Meant(chat, raw["update_id"], "tap", data)
    if not isinstance(message, dict):
        return _edit(raw["update_id"], edited) if isinstance(edited, dict) else None
    chat = _chat(message, message.get("from"))
    if chat is None:
        return None
    if "forward_origin" not in message and isinstance(message.get("text"), str):
        return Meant(chat, raw["update_id"], "text", message["text"])
    if "forward_origin" in message or "animation" in message:
        return Meant(chat, raw["update_id"], "else")
    for media in ("photo", "voice", "audio", "document"):
        file = _largest(message.get(media))
        if isinstance(file_id := file.get("file_id"), str):
            return Meant(chat, raw["update_id"], _kind_of(media, file), file_id)
    return Meant(chat, raw["update_id"], "else")


def _edit(update: int, message: dict[str, Any]) -> Meant | None:
    chat = _chat(message, message.get("from"))
    said = any(isinstance(message.get(one), str) for one in ("text", "caption"))
    return Meant(chat, update, "edit") if chat is not None and said else None


def _kind_of(media: str, file: Mapping[str, Any]) -> Literal["file", "sample", "else"]:
    size = file.get("file_size")
    if _is_number(size) and size > MAX_BYTES:
        return "else"
    name, mime = (
        said if isinstance(said := file.get(key), str) else "" for key in ("file_name", "mime_type")
    )
    if media == "document" and name.casefold().endswith((".csv", ".txt")):
        return "sample"
    return "file" if expected_media(media, mime, name) else "else"


def _is_number(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and abs(value) <= 2**53


def _chat(message: Any, sender: Any) -> int | None:
    """The private chat, where it is the sender's own, and no bot's."""
    chat = message.get("chat") if isinstance(message, dict) else None
    if not isinstance(chat, dict) or not isinstance(sender, dict) or chat.get("type") != "private":
        return None
    number = chat.get("id")
    own = _is_number(number) and _is_number(sender.get("id")) and sender["id"] == number
    return number if own and number > 0 and sender.get("is_bot") in (None, False) else None


def _largest(media: Any) -> dict[str, Any]:
    sizes = [one for one in media if isinstance(one, dict)] if isinstance(media, list) else [media]
    return max(
        (one for one in sizes if isinstance(one, dict)),
        key=lambda one: one["width"] if isinstance(one.get("width"), int) else 0,
        default={},
    )


# --- the channel, and what it did -----------------------------------------------------------------


class Remembering(Pipeline):
    """The conversation, which keeps what it answered last."""

    outcome: Response | None = None

    async def receive(self, incoming: Message) -> Response:
        self.outcome = await super().receive(incoming)
        return self.outcome


def signatures(folder: Path) -> dict[str, tuple[int, int]]:
    """Of every file, but for the store's notes to itself of which of them were written."""
    return {
        str(path.relative_to(folder)): (stat.st_size, stat.st_mtime_ns)
        for path in folder.rglob("*")
        if path.is_file() and path.name not in ("beside.log", "ends") and (stat := path.stat())
    }


class Watched:
    """A world whose people write through the channel."""

    def __init__(self, world: World, folder: Path, channel: Dispatcher, by: Remembering) -> None:
        self.world = world
        self._ids: set[int] = set()
        self._fresh = itertools.count(10**9)
        self._folder = folder
        self._channel = channel
        self._conversation = by
        self._files = signatures(folder)

    async def deliver(self, raw: Any) -> str:
        """Apply an update, hold what is kept against the model; gives what it was read as."""
        update = read_json(json.dumps(raw).encode())
        meant = self._reads_anew(update)
        self._conversation.outcome = None
        await self._channel.apply((update,))
        await asyncio.gather(*self._channel._waiting)  # the rest of a long text does not come
        outcome = self._conversation.outcome
        if outcome is not None and outcome.notifications:
            await self._channel.flush(10.0)  # that they went out is kept as well
        if meant is not None and meant.what in ("file", "sample"):
            await self._channel._files._queues.flush(10.0)  # its content is kept after it
            await self._channel._flush_replies(10.0)  # what became of it is told
        changed = self._changed()
        chat = self.world.chats.get(f"tg-{meant.chat}") if meant else None
        if meant is None or chat is None:
            assert not changed, self._complaint(update, f"changed {changed}")
            return "nobody's" if meant is None else "a stranger's"
        mine = {f"chats/tg-{meant.chat}.jsonl"} | _case_of(chat)
        if self.world.leaves(chat):
            chat.at, chat.ticks = None, None
        elif outcome is None:  # a file that could not be fetched
            assert meant.what in ("file", "else"), self._complaint(update, "not answered")
            mine = set()
        elif meant.what == "file":
            mine |= {name for name in changed if name.startswith("inspections/week/files/")}
            mine.add("inspections/week/outbox.jsonl")  # holds what has still to be fetched
            await self._attached(chat, outcome)
        elif meant.what == "edit":
            self.world.see(chat, outcome)
        elif meant.what == "sample":
            mine = {"inspections/week/outbox.jsonl"} if chat.lead else set()
        elif meant.what == "tap":
            one = Sent(f"tg-{meant.chat}", meant.update, data=_cleaned(meant.content))
            self.world.expect(one, outcome, explained=False)
        elif meant.what == "text":
            one = Sent(f"tg-{meant.chat}", meant.update, text=_cleaned(meant.content))
            await self._typed(one, chat, outcome)
        else:
            mine = set()
        if outcome is not None and outcome.notifications:
            assert said(outcome).startswith("✓"), self._complaint(update, "told without need")
            mine.add("inspections/week/outbox.jsonl")
        others = changed - mine - _case_of(chat)
        assert not others, self._complaint(update, f"changed {others}")
        assert await self.world.agrees(), self._complaint(update, "the store holds something else")
        return meant.what

    def _reads_anew(self, update: Any) -> Meant | None:
        """As it is read; an id that came before is another one: duplicates are tested elsewhere."""
        meant = reads_as(update)
        edited = update.get("edited_message") if isinstance(update, dict) else None
        if isinstance(edited, dict) and _is_number(edited.get("message_id")):
            # Of a message that gave nothing: what an edit changes is tested with the texts.
            edited["message_id"] = next(self._fresh)
        if meant is not None and meant.update in self._ids:
            update["update_id"] = next(self._fresh)
            meant = replace(meant, update=str(update["update_id"]))
        if meant is not None:
            self._ids.add(meant.update)
        return meant

    def _changed(self) -> set[str]:
        """The files that have changed since this was asked last."""
        before, self._files = self._files, signatures(self._folder)
        return {name for name, one in self._files.items() if one != before.get(name)}

    async def _attached(self, chat: PlainChat, outcome: Response) -> None:
        """A photo or a voice message goes with the question at hand, and begins the case."""
        at = chat.at
        self.world.see(chat, outcome)
        if at is None or at.question in (None, "sex"):
            assert not said(outcome).startswith("✓")
            return
        case = self.world.cases[at.case]
        kept, _, _ = await self.world.store.load_case("week", CaseKey(at.case, FORM), "nobody")
        # One that was undone, or that did not come, leaves its place to another.
        there = sum(one.target == at.question and one.state != "removed" for one in kept.evidence)
        if not said(outcome).startswith("✓"):
            assert case.is_in or there == MAX_ATTACHMENTS
        else:
            assert not case.is_in
            assert there <= MAX_ATTACHMENTS
            head = case.head
            case.touch(chat.person)
            case.attached(chat.person, at.question, head)
            assert "\x00" not in (kept.evidence[-1].caption or "")

    async def _typed(self, one: Sent, chat: PlainChat, outcome: Response) -> None:
        """What a text changed is told, is an answer or a note to what was asked, and no more."""
        text = one.text or ""
        if text.startswith("/") and text[1:2].isalpha():
            self.world.expect(one, outcome, explained=False)
            return
        at, noting = chat.at, chat.noting
        self.world.see(chat, outcome)
        if at is None:
            return
        kept, plain = await self.world.kept(at.case), self.world.cases[at.case]
        told = outcome.replies[0].text
        answered = set(re.findall(r"^✓ ([A-C]\d) ", told, re.MULTILINE))
        noted = set(re.findall(r"^✓ Note on ([A-C]\d) ", told, re.MULTILINE))
        for question in ORDER:
            value, note = kept.values.get(question), kept.notes.get(question)
            before = plain.stands(question), plain.head
            if value != plain.values.get(question):
                assert NUMBERS[question] in answered
                assert not noting
                assert is_valid(question, value)
                assert plain.answer(question, value, chat.person)
            if note is not None and note != plain.notes.get(question):
                assert noting
                assert (NUMBERS[question], question) == (*noted, at.question)
                assert plain.note(question, note, chat.person)
            plain.gave(chat.person, question, before, chat.ticks)

    def _complaint(self, update: Any, what: str) -> str:
        return self.world.complaint(f"{what}: {str(update)[:2_000]}")


def _case_of(chat: PlainChat) -> set[str]:
    return {f"inspections/week/cases/{chat.at.case}~case-file.jsonl"} if chat.at else set()


def _cleaned(text: str) -> str:
    """Half characters and NULs can be kept nowhere."""
    return text.encode("utf-8", "replace").decode().replace("\x00", "")


def is_valid(question: str, value: Any) -> bool:
    """Whether it can be an answer to this question at all."""
    names = set(LABELS[question])
    if question == TICKED:
        return isinstance(value, tuple) and set(value) <= names
    if question == "visits":
        return value in names or (isinstance(value, int) and 0 <= value < 100)
    if question == "moved":
        return bool(re.fullmatch(r"\d{4}-\d\d-\d\d", value))
    return value in names or (question == "remark" and 0 < len(value) <= 20_000)


# --- the tests ----------------------------------------------------------------------------------


@contextlib.asynccontextmanager
async def watched(
    telegram: TelegramServer, folder: Path, seed: str
) -> AsyncIterator[tuple[Watched, Dispatcher]]:
    world = await World(folder, seed).set_up()
    conversation = Remembering(files_store(folder), now)
    async with Transport(16, read_timeout=5.0) as transport:
        bot = build_bot(telegram.token, telegram.url, request=transport)
        await bot.initialize()
        try:
            channel = Dispatcher(conversation, bot, SHORT)
            yield Watched(world, folder, channel, conversation), channel
            await channel.flush(10.0)
        finally:
            await bot.shutdown()


@pytest.mark.long
async def test_whatever_comes_changes_nothing_but_the_own_case(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.WARNING)
    read = Counter[str]()
    for number in itertools.count():
        async with TelegramServer() as telegram:
            for member in (*MEMBERS, *STRANGERS):
                telegram.user(member)
            telegram.group(GROUP)
            folder, seed = tmp_path / str(number), f"{SEED} messages {number}"
            async with watched(telegram, folder, seed) as (people, channel):
                maker = Maker(people.world)
                telegram.sent_files = maker.files
                for _ in range(min(EACH_WORLD, COUNT - read.total())):
                    read[await people.deliver(maker.update())] += 1
                    if read.total() % 50 == 0:
                        await channel.flush(10.0)
        if read.total() >= COUNT:
            break
    errors = [one for one in caplog.records if one.levelno >= logging.ERROR]
    assert not errors, f"seed {SEED}: {[one.getMessage() for one in errors[:5]]}"
    members = tuple(f"chat={member} " for member in MEMBERS)
    refused = [one.getMessage() for one in caplog.records if "not delivered" in one.getMessage()]
    assert not [one for one in refused if any(member in one for member in members)], refused[:5]
    print(  # noqa: T201  # the figures of a run at full length
        f"\n{read.total()} updates, seed {SEED}: {dict(read)}: 0 crashes, 0 changes beyond the own"
    )


def _said(**fields: Any) -> dict[str, Any]:
    """``/progress`` from person 3, with some fields of the message changed."""
    message = {
        "message_id": 1,
        "from": {"id": 3, "is_bot": False},
        "chat": {"id": 3, "type": "private"},
        "text": "/progress",
    }
    return {"update_id": 1, "message": message | fields}


@pytest.mark.parametrize(
    "update",
    [
        _said(**{"from": {"id": 4, "is_bot": False}}),
        _said(**{"from": {"first_name": "A"}}),
        _said(**{"from": {"id": 3, "is_bot": "true"}}),
        _said(**{"from": {"id": True}, "chat": {"id": True, "type": "private"}}),
        _said(**{"from": {"id": 2**60}, "chat": {"id": 2**60, "type": "private"}}),
        _said(chat={"id": 4, "type": "group"}),
        _said() | {"update_id": True},
        _said() | {"update_id": 10**400},
    ],
)
def test_what_is_not_the_own_chat_of_a_person_is_passed_over(update: Any) -> None:
    assert read_update(_said()) is not None
    assert read_update(update) is None


async def test_a_caption_and_a_button_lose_what_cannot_be_kept(tmp_path: Path) -> None:
    world = await World(tmp_path, "captions").set_up()
    conversation = Pipeline(world.store, now)
    tap = world.open_tap("C001") + "\x00"
    await conversation.receive(Message("tg-3", data=tap))
    await conversation.receive(Message("tg-3", text="male"))
    photo = ReceivedFile("photo", b"\xff\xd8\xff", caption="\x00the \ud800plan\x00")
    await conversation.receive(Message("tg-3", file=photo))
    case, _, _ = await world.store.load_case("week", CaseKey("C001", FORM), "tg-3")
    assert case.evidence[0].caption == "the plan"


async def test_a_bot_that_polls_gets_past_everything(tmp_path: Path) -> None:
    """The same, as batches: the offset passes all of it, and the next message is answered."""
    count = min(COUNT // 10, 5_000)
    world = await World(tmp_path, f"{SEED} polling").set_up()
    maker, recorder = Maker(world), Recorder()
    async with TelegramServer() as telegram:
        user = telegram.user()
        async with serving(telegram, recorder) as task:
            for _ in range(count):
                update = maker.update()
                if not isinstance(update, dict):
                    continue
                number = update["update_id"] = next(telegram._update_ids)
                telegram.pending.append(update)
            await telegram._notify()
            await telegram.until(lambda: not telegram.pending, 60)
            await user.send("and now?")
            assert not task.done()
        assert telegram.offsets[-1] is not None
        assert telegram.offsets[-1] > number
