"""The Bot API fails in every way, at every method that we call, while inspectors go on answering.

The real application serves over loopback HTTP, with the real conversation and store. Inspectors
walk cases and grow impatient, somebody sends photos, a lead asks for files, strangers knock, the
bot is stopped, killed and started anew, by polling and behind a webhook. Every kind of fault comes
at every method, also several in a row. No answer is lost and none is there twice, the cards are put
right, what a lead is to be told arrives, and the bot never stops by itself.

``CASEWALK_API_FAULTS=4320`` runs it at full length; ``-s`` shows the figures.
"""

from __future__ import annotations

import ast
import asyncio
import contextlib
import itertools
import json
import os
import random
import re
import socket
from collections import Counter, deque
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
import telegram as ptb
from aiohttp import web
from telegram.error import BadRequest, NetworkError, TelegramError
from telegram.request import RequestData

from bot.channels.telegram.transport import Transport
from bot.channels.telegram.webhook import Webhook
from bot.invitations import invite
from bot.pipeline import Pipeline
from criteria.case import Case
from criteria.case_status import initial_status
from criteria.inspection import Inspection, Role
from criteria.instrument.pack import Pack
from storage.documents import OutboxMessage
from storage.store import Store
from tests.bot.channels.telegram.test_transport import answers, calling, refuses, wire
from tests.bot.telegram_harness import SHORT, Recorder, kill, serving
from tests.bot.test_conversation_telegram import join, make_store, when_fetched
from tests.bot.test_kill_serving import (
    FORM,
    ID,
    MARK,
    Histories,
    Inspector,
    WatchedServer,
    expected,
)
from tests.files_store import files_store
from tests.movement import movement_pack
from tests.telegram_server import Fault, TelegramServer, User

FAULTS = int(os.environ.get("CASEWALK_API_FAULTS", "45"))
SEED = int(os.environ.get("CASEWALK_SEED", "2004"))
ROOT = Path(__file__).parents[4]
INSPECTORS = 3
STALLED = 300.0
"""Seconds after which somebody who gets nowhere fails the test."""
LONGEST = 600.0 + FAULTS
"""Seconds after which the whole test fails; a quiet machine takes a twentieth of it."""
SUBMITTED = re.compile(rf"\S+ submitted (\S+)(?: {FORM})?\.")
"""What a lead is told of a case that came in."""

METHODS = (
    *("getMe", "getUpdates", "deleteWebhook", "setWebhook", "setMyCommands", "deleteMyCommands"),
    *("sendMessage", "editMessageText", "editMessageReplyMarkup", "deleteMessage"),
    *("answerCallbackQuery", "sendDocument", "sendPhoto", "getFile", "download"),
)
"""Every method that the bot calls; ``download`` is the fetching of a file by its path."""

AT_START = frozenset({"getMe", "deleteWebhook", "setWebhook"})
AT_START_MOST = 4
"""So many faults of such a method come at one start."""
STARTS_IN_VAIN = 50
"""After so many starts of the bot without any fault, the test fails: people are stuck."""


@dataclass(frozen=True)
class Kind:
    """A fault: what is answered instead, and whether the server did what was asked before."""

    name: str
    acts: bool = False
    status: int = 200
    body: bytes = b""
    hang: float = 0.0
    drop: bool = False
    half: bool = False

    async def spoil(self, request: web.Request) -> web.StreamResponse:
        if self.hang:
            await asyncio.sleep(self.hang)
        if self.half:
            answer = web.StreamResponse(headers={"Content-Length": "1000"})
            await answer.prepare(request)
            await answer.write(b'{"ok":true,"result":')
        if self.drop or self.half:
            if request.transport is not None:
                request.transport.close()
            return web.Response()
        return web.Response(status=self.status, body=self.body, content_type="application/json")


def _refusal(code: int, description: str, parameters: object = None) -> bytes:
    answer = {"ok": False, "error_code": code, "description": description}
    return json.dumps(answer | ({"parameters": parameters} if parameters else {})).encode()


GONE = b"<html><title>502</title></html>"
KINDS = (
    Kind("429", status=429, body=_refusal(429, "Too Many Requests", {"retry_after": 0.02})),
    Kind("429 misshapen", status=429, body=_refusal(429, "Too Many Requests", [1])),
    Kind("429 in words", status=429, body=_refusal(429, "Wait", {"retry_after": "a while"})),
    Kind("500", status=500, body=_refusal(500, "Internal Server Error")),
    Kind("503 of a proxy", status=503, body=GONE),
    Kind("502 afterwards", acts=True, status=502, body=GONE),
    Kind("time-out", hang=0.15, drop=True),
    Kind("time-out afterwards", acts=True, hang=0.15, drop=True),
    Kind("dropped", drop=True),
    Kind("dropped afterwards", acts=True, drop=True),
    Kind("half an answer", acts=True, half=True),
    Kind("409", status=409, body=_refusal(409, "Conflict: terminated by other request")),
    Kind("not JSON", body=GONE),
    Kind("not JSON afterwards", acts=True, body=GONE),
    Kind("empty", acts=True),
    Kind("no result", acts=True, body=b'{"ok":true}'),
    Kind("200 and not ok", body=b'{"ok":false}'),
    Kind("null", acts=True, body=b'{"ok":true,"result":null}'),
    Kind("not done and null", body=b'{"ok":true,"result":null}'),
    Kind("another shape", acts=True, body=b'{"ok":true,"result":{"id":[{}],"message_id":"x"}}'),
    Kind("list of anything", acts=True, body=b'{"ok":true,"result":[null,7,"x",{}]}'),
    Kind("number", acts=True, body=b'{"ok":true,"result":1e999}'),
    Kind("deep", acts=True, body=b'{"ok":true,"result":' + b"[" * 5_000 + b"]" * 5_000 + b"}"),
    Kind("endless", acts=True, body=b'{"ok":true,"result":' + b"[" * 5_000),
)


def all_pairs(chance: random.Random) -> Iterator[tuple[str, Kind]]:
    """Every method with every kind, in turn, over and over."""
    while True:
        kinds = {method: chance.sample(KINDS, len(KINDS)) for method in METHODS}
        for place in range(len(KINDS)):
            for method in METHODS:
                yield method, kinds[method][place]


class FaultyServer(WatchedServer):
    """Each method has faults in store, and about every other call of it meets one.

    Beside it, what the bot knows of its calls (:class:`WatchedTransport`): ``heard`` counts the
    notices of a case that went out, by its own knowledge; ``in_vain`` the calls that failed;
    ``cut_short`` those notices that it had no time to note as told.
    """

    def __init__(self, chance: random.Random) -> None:
        super().__init__()
        self._chance = chance
        self.due: dict[str, deque[Kind]] = {method: deque() for method in METHODS}
        for method, kind in itertools.islice(all_pairs(chance), FAULTS):
            self.due[method].append(kind)
        self.happened: Counter[str] = Counter()
        self.kinds: Counter[str] = Counter()
        self.heard: Counter[str] = Counter()
        self.in_vain: Counter[str] = Counter()
        self.cut_short: Counter[str] = Counter()
        self._last_heard: dict[object, str] = {}
        self._at_start: Counter[str] = Counter()
        self._polls = 0

    def new_start(self) -> None:
        self._at_start.clear()
        self._last_heard.clear()
        self._polls = self.calls["getUpdates"]

    def is_reached(self, *, webhook: bool) -> bool:
        """Whether the bot that was started last can get updates."""
        return self.webhook_url != "" if webhook else self.calls["getUpdates"] > self._polls

    def left(self, *methods: str) -> int:
        """How many faults are still to come, of these methods or of all."""
        return sum(len(self.due[method]) for method in methods or METHODS)

    def _fault(self, name: str) -> Kind | None:
        due = self.due.get(name)
        if not due:
            return None
        if name in AT_START:
            self._at_start[name] += 1
            if self._at_start[name] > AT_START_MOST:
                return None
        elif self._chance.random() < 0.5:
            return None
        self.happened[name] += 1
        kind = due.popleft()
        self.kinds[kind.name] += 1
        return kind

    async def _act(
        self, name: str, act: Callable[..., Any], params: dict[str, Any], request: web.Request
    ) -> web.StreamResponse:
        fault = self._fault(name)
        if fault is None:
            return await super()._act(name, act, params, request)
        if fault.acts:
            await super()._act(name, act, params, request)
        return await fault.spoil(request)

    async def _give_file(self, request: web.Request) -> web.StreamResponse:
        fault = self._fault("download")
        return await (fault.spoil(request) if fault else super()._give_file(request))

    async def quiet(self, seconds: float = 0.05, wait: float = STALLED) -> None:
        await super().quiet(seconds, wait)

    def hear(self, params: dict[str, Any]) -> None:
        """The bot heard that this message went out."""
        self._last_heard[f"tg-{params['chat_id']}"] = params["text"]
        if said := SUBMITTED.match(params["text"]):
            self.heard[said[1]] += 1

    def bot_ended(self, owed: list[OutboxMessage]) -> None:
        """It may have ended between hearing that a notice went out and noting it.

        That can be the last message of a chat only; it is told again at the next start.
        """
        for notice in owed:
            said = SUBMITTED.match(self._last_heard.get(notice.chat, ""))
            if said and notice.kind == "submitted" and notice.case and notice.case.case == said[1]:
                self.cut_short[said[1]] += 1


class WatchedTransport(Transport):
    """The bot's own, with little patience; tells the server what the bot got to know.

    On a busy machine a call also times out where no fault was in store for it.
    """

    def __init__(self, telegram: FaultyServer) -> None:
        super().__init__(64, read_timeout=0.1)
        self._telegram = telegram

    async def do_request(
        self, url: str, method: str, request_data: RequestData | None = None, *_: Any, **more: Any
    ) -> tuple[int, bytes]:
        name = url.rpartition("/")[2]
        try:
            status, content = await super().do_request(url, method, request_data, **more)
        except TelegramError:
            self._telegram.in_vain[name] += 1
            raise
        if not _went_well(name, content):
            self._telegram.in_vain[name] += 1
        elif name == "sendMessage" and request_data is not None:
            self._telegram.hear(request_data.parameters)
        return status, content

    async def download(self, url: str, max_bytes: int) -> bytes:
        try:
            content = await super().download(url, max_bytes)
        except TelegramError:
            self._telegram.in_vain["download"] += 1
            raise
        if not content.startswith(JPEG):
            self._telegram.in_vain["download"] += 1
        return content


JPEG = b"\xff\xd8\xff photo "


def _went_well(name: str, content: bytes) -> bool:
    """Whether such a message, or such a place of a file, can have come."""
    try:
        result = json.loads(content)["result"]
    except (ValueError, KeyError, TypeError, RecursionError):
        return False
    known = {"sendMessage": ("message_id", int), "getFile": ("file_path", str)}
    wanted, kind = known.get(name, ("", object))
    return not wanted or (isinstance(result, dict) and isinstance(result.get(wanted), kind))


# --- people beside the inspectors ---------------------------------------------------------------


async def _join(user: User, code: str) -> None:
    async with asyncio.timeout(STALLED):
        while not any("You are" in message.text for message in user.replies()):
            await user.send(f"/start {code}", reply=False)
            await _something_or(user, 0.3)


async def _something_or(user: User, seconds: float) -> None:
    """Wait until the bot does something in the chat, or for so long."""
    calls = user.chat.calls
    with contextlib.suppress(TimeoutError):
        await user.server.until(lambda: user.chat.calls != calls, seconds)


@dataclass
class Photographer:
    """Sends photos, each once, and notes how many calls to fetch it failed."""

    user: User
    code: str
    store: Store
    sent: list[tuple[bytes, int]]

    async def run(self, telegram: FaultyServer, over: asyncio.Event) -> None:
        await _join(self.user, self.code)
        for number in itertools.count():
            await telegram.until(
                lambda: telegram.left("getFile", "download") > 0 or over.is_set(), LONGEST
            )
            if over.is_set() and self.sent:
                return
            if number % 12 == 0:  # a question takes twenty files
                case = f"P{number // 12:04d}"
                await self._handled(telegram, text=f"/case {case}")
                add = {"data": f"n|{MARK}|{case}|0", "message": self._any_message()}
                await self._handled(telegram, tap=add)
                await self._handled(telegram, text="/goto B1")
            content = JPEG + b"%d" % number
            before = telegram.in_vain["getFile"] + telegram.in_vain["download"]
            file_id = f"photo-{number}"
            telegram.sent_files[file_id] = content
            photo = {"file_id": file_id, "file_unique_id": file_id, "file_size": len(content)}
            await self._handled(telegram, photo=[{**photo, "width": 1, "height": 1}])
            async with asyncio.timeout(STALLED):
                while True:
                    if not await self.store.awaited_files():
                        break
                    await asyncio.sleep(0.01)
            after = telegram.in_vain["getFile"] + telegram.in_vain["download"]
            self.sent.append((content, after - before))

    def _any_message(self) -> dict[str, Any]:
        return self.user.raw(self.user.replies()[-1].message_id)

    async def _handled(
        self, telegram: FaultyServer, tap: dict[str, Any] | None = None, **content: Any
    ) -> None:
        """Send it, and wait until it is applied as far as Telegram knows."""
        if tap:
            await self.user.tap_data(tap["data"], tap["message"], reply=False)
        else:
            await self.user.post(reply=False, **content)
        last = telegram.pending[-1]["update_id"]
        await telegram.until(
            lambda: all(update["update_id"] != last for update in telegram.pending), STALLED
        )


async def ask_for_files(telegram: FaultyServer, user: User, code: str, over: asyncio.Event) -> None:
    await _join(user, code)
    while not over.is_set():
        for command, method in (("/export csv", "sendDocument"), ("/progress", "sendPhoto")):
            if telegram.due[method]:
                await user.send(command, reply=False)
                await _something_or(user, 0.5)
        await asyncio.sleep(0.05)


async def knock(telegram: FaultyServer, over: asyncio.Event) -> None:
    """Strangers, who are told how to get in."""
    while not over.is_set():
        if telegram.due["deleteMyCommands"]:
            await telegram.user().send("hello", reply=False)
        await asyncio.sleep(0.05)


async def come_back_after_days(user: User, code: str, over: asyncio.Event) -> None:
    """Whose old cards Telegram no longer deletes."""
    await _join(user, code)
    while not over.is_set():
        await user.send("/case D001", reply=False)
        await _something_or(user, 0.5)
        user.age(49)
        await asyncio.sleep(0.01)


# --- the bot, started anew again and again ------------------------------------------------------


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@contextlib.asynccontextmanager
async def bot_of(
    telegram: FaultyServer, folder: Path, *, webhook: bool
) -> AsyncIterator[asyncio.Task[None]]:
    store = files_store(folder, exclusive=True)
    settings: dict[str, Any] = {}
    if webhook:
        port = _free_port()
        settings["webhook"] = Webhook(f"http://127.0.0.1:{port}/hook", port=port)
        await telegram.api_deleteWebhook({})
    telegram.new_start()
    try:
        async with serving(
            telegram,
            Pipeline(store, lambda: datetime.now(UTC)),
            request=WatchedTransport(telegram),
            # Silence at each try must not use up the limit that all tries for a file share.
            timeouts=replace(SHORT, file=20.0),
            **settings,
        ) as task:
            # However much goes wrong at the start, it comes to ask for updates, or to be called.
            await telegram.until(
                lambda: telegram.is_reached(webhook=webhook) or task.done(), STALLED
            )
            yield task
    finally:
        telegram.bot_ended(await store.outbox())
        await store.close()


async def serve_until_all_went_wrong(
    telegram: FaultyServer, folder: Path, chance: random.Random
) -> None:
    later, idle = [method for method in METHODS if method not in AT_START], 0
    for number in itertools.count():
        left = telegram.left()
        if not left:
            return
        enough = telegram.left(*later) - max(FAULTS // 20, 20)
        async with bot_of(telegram, folder, webhook=number % 2 == 1) as task:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(chance.uniform(0.5, 3.0)):
                    while telegram.left(*later) > max(0, enough):
                        assert not task.done(), "the bot stopped by itself"
                        await asyncio.sleep(0.02)
            await asyncio.sleep(0.05)
            assert not task.done(), "the bot stopped by itself"
            if chance.random() < 0.5:
                await kill(task)
        idle = 0 if telegram.left() < left else idle + 1
        to_come = {method: len(due) for method, due in telegram.due.items() if due}
        assert idle < STARTS_IN_VAIN, f"no call meets a fault any more; still to come: {to_come}"


# --- the test -----------------------------------------------------------------------------------


def _cases_of(person: str) -> list[str]:
    return [f"C{person.removeprefix('I')}-{number:03d}" for number in range(1, 3 + FAULTS // 16)]


async def _set_up(store: Store, pack: Pack) -> None:
    own = {case: f"I{n}" for n in range(1, INSPECTORS + 1) for case in _cases_of(f"I{n}")}
    own["D001"] = f"I{INSPECTORS + 1}"
    listed = [Case(case, FORM, person, initial_status(person)) for case, person in own.items()]
    inspection = Inspection(ID, "Week one", pack.name, pack.version)
    await store.create_inspection(inspection, pack, listed, at="2026-11-20T10:00:00Z")


async def _code(store: Store, role: Role) -> str:
    code, _ = await invite(store, ID, role, datetime.now(UTC))
    return code


# A connection that comes in the very tick in which a server stops is made after aiohttp has closed
# all those that it knew, and nobody closes it. Here that is a webhook's, and the bot has gone then.
@pytest.mark.long
@pytest.mark.filterwarnings("ignore:unclosed transport:ResourceWarning")
@pytest.mark.filterwarnings("ignore:unclosed <socket:ResourceWarning")
async def test_nothing_is_lost_or_doubled_whatever_the_bot_api_does(tmp_path: Path) -> None:
    print(f"seed {SEED}")  # noqa: T201  # shown where the test fails
    pack, chance = movement_pack(), random.Random(SEED)  # noqa: S311
    folder, last, over = tmp_path / "data", asyncio.Event(), asyncio.Event()
    store = files_store(folder)
    await _set_up(store, pack)
    async with asyncio.timeout(LONGEST), FaultyServer(chance) as telegram:
        inspectors = []
        for number in range(1, INSPECTORS + 1):
            code = await _code(store, Role.INSPECTOR)
            cases = _cases_of(f"I{number}")
            one = Inspector(telegram.user(), code, cases, pack, f"{SEED} {number}")
            one.stalled = STALLED
            inspectors.append(one)
        days, photos = telegram.user(), telegram.user()
        days_code = await _code(store, Role.INSPECTOR)
        photographer = Photographer(photos, await _code(store, Role.INSPECTOR), store, [])
        lead, lead_code = telegram.user(), await _code(store, Role.LEAD)
        histories = Histories(folder, pack)
        async with asyncio.TaskGroup() as people:
            walks = [people.create_task(one.walk(last)) for one in inspectors]
            others = [
                people.create_task(photographer.run(telegram, over)),
                people.create_task(ask_for_files(telegram, lead, lead_code, over)),
                people.create_task(knock(telegram, over)),
                people.create_task(come_back_after_days(days, days_code, over)),
            ]
            await serve_until_all_went_wrong(telegram, folder, chance)
            async with bot_of(telegram, folder, webhook=False):
                last.set()
                over.set()
                await asyncio.gather(*walks, *others)
                await telegram.quiet()
        assert dict(telegram.happened) == dict(_planned())
        async with bot_of(telegram, folder, webhook=False):
            await telegram.quiet()
            assert await store.outbox() == []
            told = await _check_told(telegram, lead, store)
            cards = await _check_cards(inspectors, store)
            await _check_export(lead, expected(telegram.acts, pack))
        # A photo that was kept is no answer; its own check follows.
        telegram.shown = [text for text in telegram.shown if not text.startswith("✓ Photo")]
        histories.check(telegram)
        kept = await _check_photos(photographer, store)
    print(  # noqa: T201  # the figures of a run at full length
        f"\n{telegram.happened.total()} faults of {len(telegram.kinds)} kinds at {len(METHODS)}"
        f" methods, seed {SEED}: {histories.answers} answers of {len(telegram.acts)} taps and"
        f" texts, {kept} photos, {told} notices, {cards} cards: 0 lost, 0 twice, 0 wrong"
    )


def _planned() -> Counter[str]:
    pairs = itertools.islice(all_pairs(random.Random(SEED)), FAULTS)  # noqa: S311
    return Counter(method for method, _ in pairs)


async def _check_told(telegram: FaultyServer, lead: User, store: Store) -> int:
    """Of each case that came in the lead heard; and not again, once the bot knew that he had."""
    told = Counter(said[1] for message in lead.replies() if (said := SUBMITTED.match(message.text)))
    in_by_now = {line.key.case for line in await store.overview(ID) if line.status.is_in}
    assert in_by_now
    assert set(told) == in_by_now
    known = {case: n for case, n in telegram.heard.items() if n > 1 + telegram.cut_short[case]}
    assert not known, f"told again without need: {known}, cut short: {telegram.cut_short}"
    return told.total()


async def _check_cards(inspectors: list[Inspector], store: Store) -> int:
    """The newest card shows where the store is; a tap on one left standing changes nothing."""
    for inspector in inspectors:
        user = inspector.user
        before = await _where(store, user)
        for shown in user.cards():
            if shown.message_id not in user.chat.messages:
                continue  # a tap on another one has taken it away
            message = user.raw(shown.message_id)
            data = _any_tap(message)
            if shown.message_id != user.card().message_id and data.startswith(("a|", "t|")):
                await user.tap_data(data, message)
                await user.quiet()
        seen = inspector._look()
        assert seen is not None
        assert seen.card is not None
        here = seen.card
        assert (here.case, here.question, here.id) == await _where(store, user) == before
    return len(inspectors)


def _any_tap(message: dict[str, Any]) -> str:
    data: str = message["reply_markup"]["inline_keyboard"][0][0]["callback_data"]
    return data


async def _where(store: Store, user: User) -> tuple[str, str | None, int]:
    seat = await store.chat_state(user.key)
    assert seat is not None
    assert seat.session.case is not None
    cursor = seat.session.cursor
    return seat.session.case.case, cursor.question, cursor.card


async def _check_export(lead: User, want: dict[str, list[Any]]) -> None:
    """The file that a lead gets holds the answers that were tapped and typed, and no others."""
    await lead.send("/export json", reply=False)
    await lead.server.until(lambda: f"{ID}.json" in lead.files(), STALLED)
    document = json.loads(lead.files()[f"{ID}.json"])
    for case in document["cases"]:
        given = dict(case["profile"])
        given |= {
            name: answer["value"]
            for name, answer in case["answers"].items()
            if answer["value"] is not None
        }
        if case["status"] == "submitted":
            given[None] = "submit"
        assert given == {one.question: one.value for one in want.get(case["case"], [])}


async def _check_photos(photographer: Photographer, store: Store) -> int:
    """Each photo is kept once, whole; or not, where fetching it failed as often as it was tried,
    and then that is said.
    """
    kept = Counter[str | None]()
    for line in await store.overview(ID):
        if line.key.case.startswith("P"):
            case, _, _ = await store.load_case(ID, line.key, "nobody")
            assert all(one.state != "awaited" for one in case.evidence), case.evidence
            there = [one for one in case.evidence if one.state == "there"]
            for one in there:
                await store.file(ID, one.file, one.sha256)  # raises where it is not whole
            kept.update(one.sha256 for one in there)
    assert all(count == 1 for count in kept.values()), kept
    marks = set(kept)
    wanted = {sha256(content).hexdigest(): faults for content, faults in photographer.sent}
    assert marks <= set(wanted), "something else was kept than was sent"
    lost = [faults for mark, faults in wanted.items() if mark not in marks]
    assert all(faults >= 3 for faults in lost), f"given up too soon: {lost}"
    told = [one for one in photographer.user.replies() if "was not kept" in one.text]
    assert len(lost) <= len(told), f"given up unsaid: {lost}"
    return len(marks)


# --- one at a time: what was found ---------------------------------------------------------------


async def _tiny(folder: Path) -> tuple[Store, Pipeline]:
    store = await make_store(folder)
    return store, Pipeline(store, lambda: datetime.now(UTC))


@pytest.mark.parametrize("wait", ["a while", [1], {"a": 1}, -5, 1e300], ids=str)
async def test_a_wait_that_is_no_number_is_an_error_like_any_other(wait: object) -> None:
    answer = refuses(429, "Too Many Requests", retry_after=wait)
    async with wire(answer) as it, calling(it.url) as bot:
        with pytest.raises(NetworkError):
            await bot.call("getMe")


@pytest.mark.parametrize("parameters", [[1], "x", 7])
async def test_a_refusal_of_another_shape_is_still_told(parameters: object) -> None:
    body = json.dumps({"ok": False, "description": ["x"], "parameters": parameters}).encode()
    async with wire(answers(body, "400 Bad Request")) as it, calling(it.url) as bot:
        with pytest.raises(BadRequest):
            await bot.call("sendMessage")


@pytest.mark.parametrize("method", ["getMe", "deleteWebhook", "setMyCommands", "getUpdates"])
@pytest.mark.parametrize(
    "body",
    [b'{"ok":false}', b'{"ok":true,"result":null}', b'{"ok":true,"result":[7]}', b'{"result":{}}'],
    ids=["not ok", "null", "a list", "nothing"],
)
async def test_an_answer_of_another_shape_does_not_stop_the_bot(method: str, body: bytes) -> None:
    async with TelegramServer() as telegram:
        telegram.fail(method, times=4, body=body)
        user = telegram.user()
        async with serving(telegram, Recorder()) as task:
            await user.send("one")
            assert not task.done()


async def test_what_is_no_update_is_not_asked_for_again_at_once(
    caplog: pytest.LogCaptureFixture,
) -> None:
    async with TelegramServer() as telegram:
        telegram.fail("getUpdates", times=3, body=b'{"ok":true,"result":[null,7,{}]}')
        user = telegram.user()
        async with serving(telegram, Recorder()):
            await user.send("one")
    assert caplog.text.count("updates not fetched error=Garbled") == 3


@pytest.mark.parametrize("method", ["getFile", "download"])
@pytest.mark.parametrize(
    "body", [b'{"ok":true,"result":[7]}', b'{"ok":false}', b"<html>"], ids=["shape", "no", "page"]
)
async def test_a_file_is_fetched_again_where_something_else_came(
    tmp_path: Path, method: str, body: bytes
) -> None:
    store, conversation = await _tiny(tmp_path)
    async with TelegramServer() as telegram, serving(telegram, conversation) as task:
        user = telegram.user()
        await join(store, user)
        for text in ("/case C001", "male"):
            await user.send(text)
        telegram.fail(method, times=2, body=body)
        await user.send_file("photo", b"\xff\xd8\xff the photo itself")
        await user.sees("✓ Photo on B1")
        case = await when_fetched(store, user)
        assert not task.done()
    (photo,) = case.evidence
    kept = await store.file("week", photo.file, photo.sha256)
    assert kept == b"\xff\xd8\xff the photo itself"


async def test_a_webhook_that_is_in_the_way_is_taken_down_however_long_it_takes() -> None:
    async with TelegramServer() as telegram:
        telegram.webhook_url = "http://127.0.0.1:9/hook"
        telegram.fail("deleteWebhook", times=8, status=500)
        user = telegram.user()
        async with serving(telegram, Recorder()):
            await user.send("one")
        assert telegram.webhook_url == ""


async def test_a_webhook_is_set_however_long_it_takes() -> None:
    async with TelegramServer() as telegram:
        port = _free_port()
        telegram.fail("setWebhook", times=4, status=500)
        telegram.fail("setWebhook", times=4, body=b'{"ok":true,"result":null}')
        user = telegram.user()
        webhook = Webhook(f"http://127.0.0.1:{port}/hook", port=port)
        async with serving(telegram, Recorder(), webhook=webhook):
            await user.send("one")


async def test_a_conflict_is_waited_out_by_every_call() -> None:
    async with TelegramServer() as telegram:
        telegram.fail("sendMessage", status=409, description="Conflict: another request")
        user = telegram.user()
        async with serving(telegram, Recorder()):
            await user.send("one")
            await user.sees("You: one")


async def test_an_edit_that_was_not_done_is_done_again() -> None:
    """It would have been taken for the chat's card, and the one that stands been taken away."""
    async with TelegramServer() as telegram:
        user = telegram.user()
        async with serving(telegram, Recorder()):
            await user.send("one")
            telegram.fail("editMessageText", body=b'{"ok":true,"result":null}')
            await user.tap("Yes")
            await user.sees("You: <yes>")


async def test_a_menu_that_could_not_be_set_is_set_with_the_next_message(tmp_path: Path) -> None:
    store, conversation = await _tiny(tmp_path)
    async with TelegramServer() as telegram, serving(telegram, conversation):
        user = telegram.user()
        await user.quiet()
        telegram.fail("setMyCommands", times=3, status=500)
        await join(store, user)
        await user.quiet()
        assert user.menu() == ["start"]
        await user.send("/help")
        await user.quiet()
        assert "goto" in user.menu()


@pytest.mark.long
@pytest.mark.parametrize(
    ("fault", "times"),
    [(Fault(times=3, status=500), 1), (Fault(acts=True, body=b"<html>"), 1)],
    ids=["not sent", "sent, and not heard of"],
)
async def test_a_notice_that_did_not_go_out_goes_out_later_without_a_stop(
    tmp_path: Path, fault: Fault, times: int
) -> None:
    store, conversation = await _tiny(tmp_path)
    timeouts = replace(SHORT, outbox=0.1)
    async with TelegramServer() as telegram, serving(telegram, conversation, timeouts=timeouts):
        lead, user = telegram.user(), telegram.user()
        await join(store, lead, Role.LEAD)
        await join(store, user)
        for text in ("/case C001", "male", "yes", "fully", "none", "3", "today", "fine", "not met"):
            await user.send(text)
        await user.quiet()
        fault.chat = lead.chat.chat_id
        telegram.fail("sendMessage", fault)
        await user.send("/submit")
        await lead.sees("submitted C001")
        await asyncio.sleep(1.5)  # times are kept to the second
        told = [message for message in lead.replies() if "submitted C001" in message.text]
        assert len(told) == times


def test_every_method_that_is_called_is_in_the_list() -> None:
    """Read from the sources: names in texts, and the methods of python-telegram-bot's own bot."""
    theirs = {name.lower() for name in dir(ptb.Bot) if re.fullmatch(r"[a-z]+[A-Z]\w+", name)}
    named = set()
    for path in (ROOT / "bot" / "channels" / "telegram").glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                named.add(node.value.lower())
            elif isinstance(node, ast.Attribute):
                named.add(node.attr.replace("_", ""))
    called = named & theirs
    assert called == {method.lower() for method in METHODS} - {"download"}
