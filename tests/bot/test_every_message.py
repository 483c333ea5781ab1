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

import contextlib
import copy
import itertools
import json
import logging
import os
import random
from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal

import pytest

from bot.conversation import Conversation
from bot.reply import Incoming, Outcome
from bot.telegram.api import build_bot
from bot.telegram.channel import Channel
from bot.telegram.transport import Transport, read_json
from storage.tinydb_store import TinyDBStore
from tests.bot.telegram_harness import IMPATIENT, Recorder, serving
from tests.bot.test_duplicates import INSPECTORS, MARK, World, now
from tests.dialogs.plain_case import NUMBERS
from tests.telegram_server import TelegramServer

COUNT = int(os.environ.get("CASEWALK_MESSAGES", "1500"))
SEED = int(os.environ.get("CASEWALK_SEED", "2004"))
EACH_WORLD = 1_500
MEMBERS = (1, 2, 3, 4, 5)
STRANGERS = (41, 42)
GROUP = -1001

ZOO = (
    *("", " ", "\n\n", "\x00", "\x00\x00Male\x00", "a" * 4096, "a" * 4097, "😀" * 2048, "😀" * 2049),
    *("é" * 5_000, "﷽" * 1_000, "\u202egnol\u202c", "שלום עולם", "نعم", "👩‍👩‍👧‍👦", "Z͑ͫ̓ͪ̂ͫ̽͏̴̙̤̞͉͚̯" * 99),
    *("\ud800", "\udc00\ud83d yes", "\u200b", "\u2028", "\ufeff", "\x1b[2J", "\x7f", "ﬁ", "İ" * 99),
    *("=1+1", "@SUM(A1)", "<b>x</b>", "&lt;", "*x* _y_ `z`", "{case}", "{0.__class__}", "%s%n%d"),
    *("../../etc/passwd", "C:\\nul", "'; DROP TABLE cases; --", "(a+)+$", "a" * 300 + "!"),
    *("/", "//", "/ case", "/@casewalk_test_bot", "/\x00case C001", "/case", "/case " + "x" * 4_000),
    *("/case ../x", "/case C001\x00", "/case C001 case-file", "/CASE c002", "/cases x", "/goto"),
    *("/goto " + "9" * 4_000, "/goto B3", "/next", "/back", "/review", "/progress", "/help", "/team"),
    *("/start", "/start " + "A" * 4_000, "/start \ud800", "/submit", "/reopen", "/assign C001 I3"),
    *("/remove I1 yes", "/return C001 x", "/agree C001", "/new", "/x" * 2_000, "/😀", "/cancel"),
    *("9" * 400, "1e999", "NaN", "inf", "-0", "0x10", "١٢", "1_0", "2014-02-30", "31/12/9999"),
    *("yes no maybe", "y n na y", "not yes", "Not fully", "no, yes", ",,,", "none, none", "zzz qqq"),
)  # fmt: skip
TAPS = (
    *("", "|", "t", "t|", f"t|{MARK}", f"t|{MARK}|C001|0|1", f"t|{MARK}|C001|0|1|x|c0", "o|||"),
    *(f"o|{MARK}|C001|0", f"o|{MARK}|C001|9", f"o|{MARK}|C001|-1", f"o|{MARK}|C001|0.2"),
    *(f"o|{MARK}|{'x' * 40}|0", f"o|{MARK}|\x00|0", f"o|{MARK}|../x|0", f"o|beef|C001|0"),
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
            data = act.tap or self._world.any_old_tap(f"tg-{person}").tap or data
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
    return list(range(len(container)) if isinstance(container, list) else container)


# --- what an update may do ----------------------------------------------------------------------


@dataclass(frozen=True)
class Meant:
    """What a person did in a private chat with the bot."""

    chat: int
    update: int
    what: Literal["text", "tap", "file", "else"]
    content: str = ""


def reads_as(raw: Any) -> Meant | None:
    """What Telegram's reference makes of an update; None where it can be no act of a person."""
    if not isinstance(raw, dict) or not _is_number(raw.get("update_id")):
        return None
    query, message = raw.get("callback_query"), raw.get("message")
    if isinstance(query, dict) and query:
        chat = _chat(query.get("message"), query.get("from"))
        data = query.get("data")
        if chat is None or not isinstance(data, str):
            return None
        return Meant(chat, raw["update_id"], "tap", data)
    if not isinstance(message, dict):
        return None
    chat = _chat(message, message.get("from"))
    if chat is None:
        return None
    if "forward_origin" not in message and isinstance(message.get("text"), str):
        return Meant(chat, raw["update_id"], "text", message["text"])
    for media in ("photo", "voice", "document"):
        file_id = _file_id(message.get(media))
        if file_id is not None and "forward_origin" not in message:
            kind: Literal["file", "else"] = "else" if media == "document" else "file"
            return Meant(chat, raw["update_id"], kind, file_id)
    return Meant(chat, raw["update_id"], "else")


def _is_number(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _chat(message: Any, sender: Any) -> int | None:
    """The private chat, where it is the sender's own, and no bot's."""
    chat = message.get("chat") if isinstance(message, dict) else None
    if not isinstance(chat, dict) or not isinstance(sender, dict) or chat.get("type") != "private":
        return None
    number = chat.get("id")
    own = _is_number(number) and _is_number(sender.get("id")) and sender["id"] == number
    return number if own and number > 0 and sender.get("is_bot") in (None, False) else None


def _file_id(media: Any) -> str | None:
    sizes = [one for one in media if isinstance(one, dict)] if isinstance(media, list) else [media]
    best = max(
        (one for one in sizes if isinstance(one, dict)),
        key=lambda one: one["width"] if isinstance(one.get("width"), int) else 0,
        default={},
    )
    file_id = best.get("file_id")
    return file_id if isinstance(file_id, str) else None


# --- the channel, and what it did -----------------------------------------------------------------


class Remembering(Conversation):
    """The conversation, which keeps what it answered last."""

    outcome: Outcome | None = None

    async def receive(self, incoming: Incoming) -> Outcome:
        self.outcome = await super().receive(incoming)
        return self.outcome


def signatures(folder: Path) -> dict[str, tuple[int, int]]:
    return {
        str(path.relative_to(folder)): (stat.st_size, stat.st_mtime_ns)
        for path in folder.rglob("*")
        if path.is_file() and (stat := path.stat())
    }


class Watched:
    """A world whose people write through the channel."""

    def __init__(self, world: World, folder: Path, channel: Channel, by: Remembering) -> None:
        self.world = world
        self.attachments: Counter[str] = Counter()
        self._folder = folder
        self._channel = channel
        self._conversation = by
        self._files = signatures(folder)

    async def deliver(self, raw: Any) -> str:
        """Apply an update, hold what is kept against the model; gives what it was read as."""
        update = read_json(json.dumps(raw).encode())
        self._conversation.outcome = None
        meant = reads_as(update)
        await self._channel.apply((update,))
        files = signatures(self._folder)
        changed = {name for name in files if files[name] != self._files.get(name)}
        self._files = files
        outcome = self._conversation.outcome
        chat = self.world.chats.get(f"tg-{meant.chat}") if meant else None
        if meant is None or chat is None or meant.what == "else":
            assert not changed, self._complaint(update, f"changed {changed}")
            return "nobody" if meant is None else "stranger" if chat is None else "no use"
        mine = {f"chats/tg-{meant.chat}.jsonl"}
        if chat.at is not None:
            mine.add(f"inspections/week/cases/{chat.at.case}~case-file.jsonl")
        key = f"tg-{meant.chat}"
        assert outcome is not None, self._complaint(update, "not answered")
        text = _cleaned(meant.content)
        one = self.world.makes(key)
        one = replace(one, update=meant.update)
        if meant.what == "file":
            mine |= {name for name in changed if name.startswith("inspections/week/files/")}
            self._attached(key)
        elif meant.what == "tap":
            self.world._expect(replace(one, tap=meant.content), outcome)
        else:
            self._typed(replace(one, text=text), outcome)
        if chat.at is not None:
            mine.add(f"inspections/week/cases/{chat.at.case}~case-file.jsonl")
        assert changed <= mine, self._complaint(update, f"changed {changed - mine}")
        assert await self.world._agrees(), self._complaint(update, "the store holds something else")
        return meant.what
