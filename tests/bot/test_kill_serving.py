"""``kill -9`` of the serving bot while inspectors answer: no answer is lost, none is there twice.

The real command serves over loopback HTTP. Inspectors walk cases, by taps and by typing, tap twice,
change their minds on a card that is answered already, and grow impatient while the bot is down. It
is killed at moments of every kind, as Telegram sees them: while it asks for updates, just after it
got some, before and after a card is shown, while it starts. Each time its files are read as they
were left, and again at the end, when everybody has gone on and finished.

``CASEWALK_KILLS=200 CASEWALK_INSPECTORS=20`` runs it at full length; ``-s`` shows the figures.
"""

from __future__ import annotations

import asyncio
import contextlib
import functools
import itertools
import json
import os
import random
import re
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, BinaryIO

import pytest
from aiohttp import web

from bot.callback_data import inspection_mark, read_data
from bot.invitations import invite
from criteria.case import Case
from criteria.case_status import initial_status
from criteria.inspection import Inspection, Role
from criteria.instrument.pack import Pack
from criteria.question import NA, NOT_KNOWN, Question
from dialogs.events import ChoiceTapped, ControlTapped
from storage.append_only_log import AppendOnlyLog
from storage.disk import signature
from storage.store import Store
from tests.files_store import files_store
from tests.movement import movement_pack
from tests.telegram_server import TelegramServer, User

pytestmark = pytest.mark.long

KILLS = int(os.environ.get("CASEWALK_KILLS", "8"))
INSPECTORS = int(os.environ.get("CASEWALK_INSPECTORS", "5"))
SEED = int(os.environ.get("CASEWALK_SEED", "2004"))
CASES_EACH = 3 + KILLS // 3
ID, FORM = "week", "case-file"
MARK = inspection_mark(ID)
ROOT = Path(__file__).parents[2]
STALLED = 60.0
"""Seconds after which a bot that does nothing, or an inspector who gets nowhere, fails the test."""


# --- what inspectors do, and what must come of it -----------------------------------------------


@dataclass(frozen=True)
class CardShown:
    """A card on the phone: its case, the question that its answers are to, and its id."""

    case: str
    question: str | None
    id: int


@dataclass(frozen=True)
class Act:
    """What an inspector did with the card on the phone: ``what`` is a choice, ``done``, ``submit``.

    ``update`` is the id under which the server delivers it.
    """

    card: CardShown
    what: str
    update: int = 0


@dataclass(frozen=True)
class Kept:
    """An answer in a case's history: which update gave it to which question.

    A submission is one, too, without a question.
    """

    update: int
    question: str | None
    value: object


def questions(pack: Pack) -> Mapping[str, Question]:
    form = pack.form(FORM)
    assert form is not None
    return form.by_name


def expected(acts: list[Act], pack: Pack) -> dict[str, list[Kept]]:
    """Each case's history of answers, where every act has its effect exactly once.

    The first act on a card counts and later ones on it do not; ticks count until the list is done.
    """
    histories: dict[str, list[Kept]] = {}
    over: set[CardShown] = set()
    ticks: dict[CardShown, set[str]] = {}
    for act in acts:
        card, question = act.card, questions(pack).get(act.card.question or "")
        if card in over:
            continue
        value: object = act.what
        if question and question.type.name == "select_multiple":
            ticked = ticks.setdefault(card, set())
            if act.what != "done":
                ticked ^= {act.what}
                continue
            value = [choice.name for choice in question.choices if choice.name in ticked]
        over.add(card)
        kept = Kept(act.update, card.question, value)
        histories.setdefault(card.case, []).append(kept)
    return histories


# --- the server, which sees what passes ---------------------------------------------------------


@dataclass(frozen=True)
class Moment:
    """When to kill: at the ``count``-th call of a method, ``after`` seconds later.

    ``done``: when the server has done it and is about to answer, rather than when it is asked.
    ``lost``: what it was asked then never reached it. Without a method it is ``after`` seconds from
    the start.
    """

    method: str = ""
    done: bool = False
    count: int = 1
    after: float = 0.0
    lost: bool = False


def moments(chance: random.Random) -> Iterator[Moment]:
    """Moments of all kinds, eight to a round; those around a confirmation come twice in it."""
    while True:
        every_kind = [
            Moment(after=chance.uniform(0.0, 1.5)),
            # It asks for more, and Telegram takes what it gave as confirmed, or never hears of it.
            *(Moment("getUpdates", count=chance.randint(2, 30)) for _ in range(2)),
            *(Moment("getUpdates", count=chance.randint(2, 30), lost=True) for _ in range(2)),
            Moment("getUpdates", True, chance.randint(1, 30), chance.uniform(0.0, 0.01)),
            Moment("editMessageText", chance.random() < 0.5, chance.randint(1, 30)),
            Moment("sendMessage", chance.random() < 0.5, chance.randint(1, 15)),
        ]
        chance.shuffle(every_kind)
        yield from every_kind


class WatchedServer(TelegramServer):
    """Notes every act before the bot can get it and every text shown, and says when to kill."""

    def __init__(self) -> None:
        super().__init__()
        self.acts: list[Act] = []
        self.acting: dict[int, Act] = {}
        self.sent: dict[int, str] = {}
        self.shown: list[str] = []
        self.look: Callable[[], None] = lambda: None
        self.wrong: AssertionError | None = None
        self._looks = itertools.count(1)
        self._at: tuple[Moment, Callable[[], None]] | None = None
        self._passed = 0

    def at(self, moment: Moment, do: Callable[[], None]) -> None:
        self._at, self._passed = None, 0
        if moment.method:
            self._at = moment, do
        else:
            asyncio.get_running_loop().call_later(moment.after, do)

    async def deliver(self, update: dict[str, Any]) -> int:
        number = next(self._update_ids)
        (content,) = update.values()
        self.sent[number] = f"{content['from']['id']}: {content.get('text') or content.get('data')}"
        if act := self.acting.pop(content["from"]["id"], None):
            self.acts.append(replace(act, update=number))
        return await super().deliver({"update_id": number, **update})

    def _confirm(self, offset: int | None) -> None:
        """Now and then, look whether what is confirmed is on the disk, while the bot runs on."""
        super()._confirm(offset)
        if next(self._looks) % 10 == 0:
            try:
                self.look()
            except AssertionError as error:
                self.wrong = self.wrong or error

    async def _act(
        self, name: str, act: Callable[..., Any], params: dict[str, Any], request: web.Request
    ) -> web.StreamResponse:
        if self._pass(name, done=False):
            return web.Response(status=502)
        answer = await super()._act(name, act, params, request)
        if name in ("sendMessage", "editMessageText") and answer.status == 200:
            self.shown.append(str(params["text"]))
        self._pass(name, done=True)
        return answer

    def _pass(self, name: str, *, done: bool) -> bool:
        """Gives whether the call shall get no further."""
        if self._at is None:
            return False
        moment, do = self._at
        if (name, done) != (moment.method, moment.done):
            return False
        self._passed += 1
        if self._passed < moment.count:
            return False
        self._at = None
        if moment.after:
            asyncio.get_running_loop().call_later(moment.after, do)
        else:
            do()
        return moment.lost


# --- inspectors ---------------------------------------------------------------------------------


@dataclass(frozen=True)
class OnPhone:
    """The newest card, as it stands: its text, its buttons' data by label, and its message."""

    text: str
    buttons: dict[str, str]
    message: dict[str, Any]
    card: CardShown | None


class Inspector:
    """Walks one case after the other, and waits for the bot only as long as people do."""

    def __init__(self, user: User, code: str, cases: list[str], pack: Pack, seed: str) -> None:
        self.user = user
        self.submitted = 0
        self.stalled = STALLED
        self._telegram: WatchedServer = user.server  # type: ignore[assignment]
        self._code = code
        self._cases = cases
        self._pack = pack
        self._chance = random.Random(seed)  # noqa: S311
        self._dealt_with: set[CardShown] = set()
        self._looked_at = -1
        self._on_phone: OnPhone | None = None

    async def walk(self, last: asyncio.Event) -> None:
        """Join, then case after case; once ``last`` is set, to the end of one more."""
        await self._until(lambda: self._seen() is not None, f"/start {self._code}")
        for case in self._cases:
            await self._open(case)
            leaving = last.is_set()
            while await self._answer(case):
                pass
            self.submitted += 1
            if leaving:
                return
        await last.wait()

    async def _open(self, case: str) -> None:
        def is_open() -> bool:
            seen = self._seen()
            return seen is not None and seen.card is not None and seen.card.case == case

        await self.user.send(f"/case {case}", reply=False)
        await self._until(is_open, "/case")

    async def _until(self, condition: Callable[[], bool], ask: str) -> None:
        """Ask, and ask again, until the phone shows it."""
        async with self._getting_on():
            while not condition():
                await self.user.send(ask, reply=False)
                await self._look_for(condition)

    @contextlib.asynccontextmanager
    async def _getting_on(self) -> AsyncIterator[None]:
        try:
            async with asyncio.timeout(self.stalled):
                yield
        except TimeoutError:
            shown = "\n---\n".join(str(message) for message in self.user.messages()[-8:])
            raise AssertionError(f"{self.user.key} gets nowhere:\n{shown}") from None

    async def _answer(self, case: str) -> bool:
        """Deal with the card on the phone; False where the case is submitted."""
        seen = self._seen()
        assert seen is not None
        assert seen.card is not None, f"{case} is open, and its card gone: {self.user.messages()}"
        assert seen.card.case == case, f"{case} is open, and the card says: {seen.text}"
        if "Reopen" in seen.buttons:
            return False
        question = questions(self._pack).get(seen.card.question or "")
        labels = _labels(question, self._pack, seen) if question else {"Submit": "submit"}
        assert set(labels) <= set(seen.buttons), f"{labels} should be offered: {seen.text}"
        first = self._chance.choice(list(labels))
        await asyncio.sleep(self._chance.uniform(0, 0.02))  # reads the question
        # Nobody types twice for one card: it would be the answer to the next question.
        if seen.card not in self._dealt_with and question and question.type.name == "select_one":
            typed = self._chance.random() < 0.3
            if self._chance.random() < 0.2:  # another question's answer, which this one refuses
                others = [text for text in _ANSWERS if text not in labels]
                await self.user.send(self._chance.choice(others), reply=False)
        else:
            typed = False
        self._dealt_with.add(seen.card)
        if typed:
            self._telegram.acting[self.user.chat.chat_id] = Act(seen.card, labels[first])
            await self.user.send(first, reply=False)
        else:
            await self._tap(seen, first, labels[first])
            if self._chance.random() < 0.1:  # the second tap of a double tap, or of a new mind
                second = self._chance.choice(list(labels))
                await self._tap(seen, second, labels[second])
        async with self._getting_on():
            while not await self._look_for(lambda: self._moved_on(seen)):
                newest, again = self._seen(), self._chance.choice(list(labels))
                if newest and not self._moved_on(seen):
                    await self._tap(newest, again, labels[again])
        return True

    def _moved_on(self, before: OnPhone) -> bool:
        """Another card, or other ticks; not the same card with other words above it."""
        seen = self._seen()
        assert seen is not None
        return seen.card != before.card or list(seen.buttons) != list(before.buttons)

    async def _tap(self, seen: OnPhone, label: str, what: str) -> None:
        assert seen.card is not None
        self._telegram.acting[self.user.chat.chat_id] = Act(seen.card, what)
        await self.user.tap_data(seen.buttons[label], seen.message, reply=False)

    async def _look_for(self, condition: Callable[[], bool]) -> bool:
        try:
            await self._telegram.until(condition, self._chance.uniform(0.4, 1.6))
        except TimeoutError:
            return False
        return True

    def _seen(self) -> OnPhone | None:
        """The newest card; read anew only where the bot has done something in the chat."""
        if self._looked_at != self.user.chat.calls:
            self._looked_at, self._on_phone = self.user.chat.calls, self._look()
        return self._on_phone

    def _look(self) -> OnPhone | None:
        """The newest card of a question or a review; before there is one, the list of cases."""
        seen = [self._on(shown.message_id) for shown in self.user.cards()]
        with_card = [one for one in seen if one.card is not None]
        return (with_card or seen or [None])[-1]

    def _on(self, message_id: int) -> OnPhone:
        message = self.user.raw(message_id)
        rows = message["reply_markup"]["inline_keyboard"]
        buttons = {one["text"]: one["callback_data"] for row in rows for one in row}
        taps = [read_data(data, self._pack, MARK) for data in buttons.values()]
        question = next((tap.question for tap in taps if isinstance(tap, ChoiceTapped)), None)
        card = next((tap.card for tap in taps if isinstance(tap, ControlTapped)), None)
        shown = CardShown(card.case.case, question, card.id) if card else None
        return OnPhone(message["text"], buttons, message, shown)


_ANSWERS = ("Yes", "Fully met", "N/A")


def _labels(question: Question, pack: Pack, seen: OnPhone) -> dict[str, str]:
    """What may be tapped, by its label; a list is done once something is ticked."""
    if question.type.name == "select_multiple":
        done = next((label for label in seen.buttons if label.startswith("Done")), None)
        if done:
            return {done: "done"}
    labels = {pack.text(choice.label): choice.name for choice in question.choices}
    labels |= {"N/A": NA} if question.na else {}
    labels |= {"Not known": NOT_KNOWN} if question.not_known else {}
    return labels


# --- the bot, as a process ----------------------------------------------------------------------


class ServingProcess:
    """``python -m bot serve``, started anew after each kill."""

    def __init__(self, telegram: TelegramServer, folder: Path) -> None:
        self.log = folder / "log"
        self._folder = folder
        self._environment = {
            **os.environ,
            "PYTHONPATH": str(ROOT),
            "TELEGRAM_BOT_TOKEN": telegram.token,
            "TELEGRAM_API_URL": telegram.url,
            "CASEWALK_STORE": f"tinydb:{folder / 'data'}",
        }
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        with self.log.open("ab") as log:
            self._process = self._run("serve", stderr=log)

    def _run(self, *arguments: str, **streams: BinaryIO | int) -> subprocess.Popen[bytes]:
        return subprocess.Popen(
            [sys.executable, "-m", "bot", *arguments],
            cwd=self._folder,
            env=self._environment,
            **streams,  # type: ignore[call-overload]
        )

    def kill(self) -> None:
        assert self._process is not None
        self._process.kill()

    async def end(self, wanted: int) -> None:
        """Wait for its end; it must not have ended in another way before."""
        assert self._process is not None
        code = await asyncio.to_thread(self._process.wait, STALLED)
        assert code == wanted, f"ended with {code}: {self.log.read_text()[-2000:]}"

    async def stop(self) -> None:
        assert self._process is not None
        self._process.terminate()
        await self.end(0)

    async def export(self) -> dict[str, Any]:
        process = self._run("export", ID, "--format", "json", stdout=subprocess.PIPE)
        content, _ = await asyncio.to_thread(process.communicate, timeout=STALLED)
        assert process.returncode == 0
        document: dict[str, Any] = json.loads(content)
        return document

    def reap(self) -> None:
        if self._process is not None and self._process.poll() is None:
            self._process.kill()
            self._process.wait()


# --- the store's files, as a kill leaves them ---------------------------------------------------


class Histories:
    """Reads the case files line by line; those that did not change are not read again."""

    def __init__(self, folder: Path, pack: Pack) -> None:
        self._folder = folder
        self._pack = pack
        self._known: dict[str, tuple[object, list[Kept], Counter[int]]] = {}

    def check(self, telegram: WatchedServer) -> None:
        """What was done is in the files in its order, once, as far as anybody could know of it."""
        want = expected(telegram.acts, self._pack)
        confirmed = {update["update_id"] for update in telegram.confirmed}
        echoes = set()
        for case, path in self._paths():
            kept, updates = self._read(path)
            twice = [update for update, count in updates.items() if count > 1]
            assert not twice, f"{case}: applied more than once: {twice}"
            should = want.get(case, [])
            assert kept == should[: len(kept)], _first_difference(case, kept, should, telegram)
            lost = [one for one in should[len(kept) :] if one.update in confirmed]
            assert not lost, f"{case}: confirmed to Telegram, and not in the file: {lost}"
            echoes |= {self._echo(case, one) for one in kept}
        unkept = set(_acknowledged(telegram.shown)) - echoes
        assert not unkept, f"acknowledged in the chat, and not in the files: {unkept}"

    def _paths(self) -> Iterator[tuple[str, Path]]:
        for path in sorted((self._folder / "inspections" / ID / "cases").iterdir()):
            yield path.name.partition("~")[0], path

    def _read(self, path: Path) -> tuple[list[Kept], Counter[int]]:
        now = signature(path.stat())
        known = self._known.get(path.name)
        if known is not None and known[0] == now:
            return known[1], known[2]
        kept: list[Kept] = []
        updates: Counter[int] = Counter()
        for line in AppendOnlyLog(path).lines():  # raises Damaged for what cannot be read
            applied = [int(one) for one, how in line.patch.get("updates", {}).items() if how]
            assert len(applied) <= 1
            if line.event != "CaseOpened":
                # Opening writes to the case's file and to the chat's, and a kill in between has it
                # opened again; that answers nothing.
                updates.update(applied)
            given = {**line.patch.get("profile", {}), **line.patch.get("answers", {})}
            for question, document in given.items():
                assert applied, f"{path.name}, line {line.n}: nothing says which update it was"
                kept.append(Kept(applied[0], question, document["value"]))  # type: ignore[index]
            if line.patch.get("case", {}).get("case", {}).get("status") == "submitted":
                kept.append(Kept(applied[0], None, "submit"))
        self._known[path.name] = now, kept, updates
        return kept, updates

    def _echo(self, case: str, kept: Kept) -> str:
        """The line that acknowledges this answer, after its case."""
        if kept.question is None:
            return f"{case} ✓ submitted"
        question = questions(self._pack)[kept.question]
        aside = {NA: "N/A", NOT_KNOWN: "Not known"}
        names = kept.value if isinstance(kept.value, list) else [kept.value]
        labels = [
            self._pack.text(choice.label) for choice in question.choices if choice.name in names
        ]
        labels += [aside[name] for name in names if name in aside]
        return f"{case} ✓ {question.number} {', '.join(labels) or 'None of these'}"

    @property
    def answers(self) -> int:
        return sum(len(kept) for _, kept, _ in self._known.values())


def _first_difference(
    case: str, kept: list[Kept], should: list[Kept], telegram: WatchedServer
) -> str:
    pairs = itertools.zip_longest(kept, should[: len(kept)])
    one, other = next((one, other) for one, other in pairs if one != other)
    acts = [act for act in telegram.acts if act.update == one.update]
    sent = telegram.sent[one.update]
    return f"{case}: {one} of {sent!r}, not {other}; it was meant so: {acts}"


def _acknowledged(texts: list[str]) -> Iterator[str]:
    """``C001 ✓ B4 Yes`` for each echo that was shown, ``C001 ✓ submitted`` for a submission."""
    for text in texts:
        if submitted := re.match(r"✓ (\S+) is submitted", text):
            yield f"{submitted[1]} ✓ submitted"
        echo = re.match(r"✓ \w+ .+", text)
        head = re.search(r"^(\S+) · \w+ · ", text, re.MULTILINE)
        if echo and head:
            yield f"{head[1]} {echo[0]}"


async def check_readable(store: Store, inspectors: list[Inspector]) -> None:
    """Another process can read everything, and everybody who joined is where they were."""
    for line in await store.overview(ID):
        assert line.damaged is None
    members = await store.members(ID)
    for inspector in inspectors:
        seat = await store.chat_state(inspector.user.key)
        assert (seat is not None) == (inspector.user.key in members)


# --- the test -----------------------------------------------------------------------------------


def _cases(person: int) -> list[str]:
    return [f"C{person}-{number:03d}" for number in range(1, CASES_EACH + 1)]


async def _set_up(telegram: WatchedServer, store: Store, pack: Pack, seed: int) -> list[Inspector]:
    listed = [
        Case(case, FORM, f"I{person}", initial_status(f"I{person}"))
        for person in range(1, INSPECTORS + 1)
        for case in _cases(person)
    ]
    inspection = Inspection(ID, "Week one", pack.name, pack.version)
    await store.create_inspection(inspection, pack, listed, at="2026-11-20T10:00:00Z")
    inspectors = []
    for _ in range(INSPECTORS):
        code, person = await invite(store, ID, Role.INSPECTOR, datetime.now(UTC))
        cases = _cases(int(person.removeprefix("I")))
        inspectors.append(Inspector(telegram.user(), code, cases, pack, f"{seed} {person}"))
    return inspectors


@pytest.mark.skipif(os.name == "nt", reason="there is no SIGKILL")
async def test_no_answer_is_lost_or_doubled_when_the_serving_bot_is_killed(tmp_path: Path) -> None:
    pack, chance = movement_pack(), random.Random(SEED)  # noqa: S311
    folder, last, queued = tmp_path / "data", asyncio.Event(), 0
    store = files_store(folder)  # beside the running bot, as a lead's command line
    async with asyncio.timeout(60 + KILLS * 10), WatchedServer() as telegram:
        serving = ServingProcess(telegram, tmp_path)
        serving.start()
        inspectors = await _set_up(telegram, store, pack, SEED)
        histories = Histories(folder, pack)
        telegram.look = functools.partial(histories.check, telegram)
        try:
            async with asyncio.TaskGroup() as walks:
                for inspector in inspectors:
                    walks.create_task(inspector.walk(last))
                for moment in itertools.islice(moments(chance), KILLS):
                    await _kill(serving, telegram, moment)
                    queued += len(telegram.pending)
                    histories.check(telegram)
                    await check_readable(store, inspectors)
                    serving.start()
                last.set()
            await telegram.quiet()
            await serving.stop()
        finally:
            serving.reap()
        assert (telegram.wrong, list(telegram.pending)) == (None, [])
        histories.check(telegram)
        await check_readable(files_store(folder), inspectors)
        _check_export(await serving.export(), expected(telegram.acts, pack))
        print(  # noqa: T201  # the figures of a run at full length
            f"\n{KILLS} kills, {INSPECTORS} inspectors, seed {SEED}: {histories.answers} answers"
            f" kept of {len(telegram.acts)} taps and texts ({queued} queued at a kill),"
            f" {len(telegram.shown)} messages shown: 0 lost, 0 twice"
        )
    assert all(inspector.submitted for inspector in inspectors)
    _check_log(serving.log.read_text("utf-8"), telegram.token)


async def _kill(serving: ServingProcess, telegram: WatchedServer, moment: Moment) -> None:
    killed = asyncio.Event()

    def now() -> None:
        serving.kill()
        killed.set()

    telegram.at(moment, now)
    try:
        await asyncio.wait_for(killed.wait(), STALLED)
    except TimeoutError:
        pytest.fail(f"nothing happens: {moment}, {serving.log.read_text()[-2000:]}")
    await serving.end(-signal.SIGKILL)
    if telegram.wrong:
        raise telegram.wrong


def _check_export(document: dict[str, Any], want: dict[str, list[Kept]]) -> None:
    """The inspection file holds the answers that were tapped, and no others."""
    for case in document["cases"]:
        given = dict(case["profile"])
        given |= {name: answer["value"] for name, answer in case["answers"].items()}
        if case["status"] == "submitted":
            given[None] = "submit"
        assert given == {one.question: one.value for one in want.pop(case["case"], [])}
    assert not want


def _check_log(log: str, token: str) -> None:
    assert log.count("serving username=") >= 1
    assert token.partition(":")[2] not in log
    assert not [line for line in log.splitlines() if " ERROR " in line or "Traceback" in line]
