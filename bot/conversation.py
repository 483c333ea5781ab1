"""From what came in to what goes out: the one place where a channel meets engine and store.

``receive`` takes the chat's lock, finds who sits there, has :mod:`bot.permissions` decide whether
they may do what they want, and hands it on: a tap or a text to the engine, a command to its answer
(:mod:`bot.commands`).
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final
from weakref import WeakValueDictionary

from bot import commands
from bot.answers import cases, files, joining, notices, progress
from bot.answers.people import move_to
from bot.commands import Typed
from bot.here import Here, StepSeen
from bot.permissions import AskedText, Wanted, is_joining, refusal, wanted_by
from bot.reply import Incoming, Notice, Outcome, Received, Reply, only
from bot.taps import CaseTap, ForeignTap, LanguageTap, NextCaseTap, PlainTap, RemoveTap
from bot.wording import en as say
from dialogs import events
from dialogs.session import Cursor
from dialogs.turn import iso
from storage.store import Conflict, NotSaved, Store, StoreError

log = logging.getLogger(__name__)

ATTEMPTS: Final = 5
"""How often a step is taken anew when somebody else changed the case meanwhile."""
NOT_SAVED_WAITS: Final = (0.2, 1.0)
"""Seconds before a write that failed is tried again, and once more."""

Clock = Callable[[], datetime]


class Conversation:
    """Answers what comes from any channel. ``step_seen`` is told of every step (for recording)."""

    def __init__(self, store: Store, clock: Clock, step_seen: StepSeen | None = None) -> None:
        self._store = store
        self._clock = clock
        self._step_seen = step_seen
        self._locks: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()

    async def receive(self, incoming: Incoming) -> Outcome:
        """Answer one message. When it returns, what it changed is durable.

        Trouble with the store is told to the person, with what to do; it loses nothing.
        """
        lock = self._locks.setdefault(incoming.chat, asyncio.Lock())
        async with lock:
            try:
                return await self._answer_patiently(_clean(incoming))
            except NotSaved as exc:
                log.error("not saved chat=%s why=%s", incoming.chat, exc)
                return only(say.NOT_SAVED)
            except Conflict:
                return only(say.TRY_AGAIN)
            except StoreError as exc:
                log.error("store error=%s why=%s", type(exc).__name__, exc)
                return only(say.NOT_READ)

    async def knows(self, chat: str) -> bool:
        """Whether somebody sits there: nobody else's files are wanted."""
        try:
            return await self._store.seat(chat) is not None
        except StoreError as exc:
            log.error("store error=%s why=%s", type(exc).__name__, exc)
            return False

    async def owed(self, waiting: float = 0.0) -> list[Notice]:
        """The messages that have not gone out, worded as things stand now.

        Those that were owed less than ``waiting`` seconds ago are left to whoever owes them: what
        they tell of may not be kept yet.
        """
        now = self._clock()
        owed = await self._store.owed()
        if waiting:
            latest = iso(now - timedelta(seconds=waiting))
            owed = [one for one in owed if one.at <= latest]
        return await notices.worded(self._store, owed, now)

    async def anew(self, unsent: Sequence[Notice]) -> list[Notice]:
        """What this process could not send, worded as things stand now; it is still its to send."""
        owed = [notice.owed for notice in unsent if notice.owed is not None]
        others = [notice for notice in unsent if notice.owed is None]
        return [*others, *await notices.worded(self._store, owed, self._clock(), claimed=True)]

    async def delivered(self, notice: Notice) -> None:
        """A notice went out: it is owed no longer."""
        if notice.owed is not None:
            await notices.paid(self._store, notice.owed, self._clock())

    async def due(self) -> list[Notice]:
        """The evening digests that are due by now and were not sent today."""
        return await notices.due(self._store, self._clock())

    async def _answer_patiently(self, incoming: Incoming) -> Outcome:
        """A disk that is busy for a moment is waited for; other chats go on meanwhile."""
        for wait in NOT_SAVED_WAITS:
            try:
                return await self._answer(incoming)
            except NotSaved:
                await asyncio.sleep(wait)
        return await self._answer(incoming)

    async def _answer(self, incoming: Incoming) -> Outcome:
        for _ in range(ATTEMPTS):
            here = await self._here(incoming)
            wanted = wanted_by(incoming, here)
            if here is None and not incoming.group and not is_joining(wanted):
                moved = await self._moved(incoming)
                if moved is not None:
                    return moved
            others_case = await _others_case(here) if here else None
            refused = refusal(
                here.member if here else None,
                wanted,
                group=incoming.group,
                others_case=others_case,
                inspection=here.inspection if here else None,
            )
            try:
                if refused is not None:
                    await _leave_behind(here, others_case)
                    outcome = refused
                else:
                    outcome = await self._permitted(here, incoming, wanted)
            except Conflict:
                continue
            if here is None or outcome.role or incoming.group:
                return outcome
            return replace(outcome, role=here.member.role)
        raise Conflict

    async def _here(self, incoming: Incoming) -> Here | None:
        """Where the chat sits; None of a stranger, and of one who was removed."""
        seat = await self._store.seat(incoming.chat)
        if seat is None:
            return None
        pack = await self._store.pack(seat.inspection.id)
        return Here(self._store, seat, pack, self._clock(), incoming, self._step_seen)

    async def _moved(self, incoming: Incoming) -> Outcome | None:
        """Who was taken out of one inspection and serves in another goes on there."""
        for inspection, member in await self._store.memberships(incoming.chat):
            return await move_to(self._store, incoming, inspection, member, self._clock())
        return None

    async def _permitted(self, here: Here | None, incoming: Incoming, wanted: Wanted) -> Outcome:
        """The answer to what somebody may do."""
        if here is not None and incoming.group:
            return await progress.totals(here)
        if here is not None and incoming.update in here.seat.applied:
            return await cases.show_again(here)
        if isinstance(wanted, Typed) and is_joining(wanted):
            return await joining.join(self._store, incoming, wanted.words, self._clock())
        assert here is not None  # noqa: S101  # a stranger may only join
        match wanted:
            case AskedText(asked, text):
                return await commands.TEXTS[asked.what](here, asked.about, text)
            case Received():
                return await files.received(here, wanted)
            case str():
                return await here.step(events.TextReceived(wanted))
            case None:
                return only(say.TEXT_ONLY)
            case Typed(name="cancel"):
                return await _commanded(here, wanted)
            case _:
                return await _something_else(here, wanted)


async def _something_else(here: Here, wanted: Typed | PlainTap) -> Outcome:
    """A command or a tap: with it the text that was asked for, if any, is wanted no more.

    That is kept at once, so that no later answer is taken for a remark; and it is said, unless a
    text was asked for anew.
    """
    asked = here.session.asked
    if asked is not None:
        left = replace(here.session, asked=None)
        seat = await here.store.commit(here.seat, left, event="AskDropped", at=here.at, update=None)
        here = replace(here, seat=seat)
    answered = _commanded(here, wanted) if isinstance(wanted, Typed) else _tapped(here, wanted)
    outcome = await answered
    if asked is None or (await here.anew()).session.asked is not None:
        return outcome
    told = Reply(say.ASK_LEFT.format(what=say.ASKED_FOR[asked.what]))
    return replace(outcome, replies=(told, *outcome.replies))


async def _tapped(here: Here, tap: PlainTap) -> Outcome:
    match tap:
        case ForeignTap():
            return only(say.FOREIGN_TAP, toast=say.FOREIGN_TAP)
        case CaseTap():
            return await cases.open_tapped(here, tap)
        case NextCaseTap():
            return await cases.open_next(here)
        case LanguageTap(language):
            return await here.step(events.LanguageChosen(language))
        case RemoveTap(message):
            return Outcome((), remove=(message,))
        case events.ControlTapped(control="submit"):
            return await cases.submit_with(here, tap)
        case _:
            return await here.step(tap)


async def _commanded(here: Here, typed: Typed) -> Outcome:
    command = commands.COMMANDS.get(typed.name)
    if command is None:
        return only(say.UNKNOWN_COMMAND.format(command=typed.name[:32]))
    outcome = await command.answer(here, typed.words)
    if command.changes(typed.words):
        await _note_refused(await here.anew())
    return outcome


async def _note_refused(here: Here) -> None:
    """What was not done when it was wanted is not done when it is delivered again later.

    By then it may be possible, and the lead was told otherwise. What was done is noted already.
    """
    if here.incoming.update not in here.seat.applied:
        await here.note_update(event="CommandRefused")


async def _others_case(here: Here) -> str | None:
    """What to say of the open case, where it is not this person's by now."""
    case = here.session.case
    if case is None or await here.sees(case):
        return None
    return await cases.not_yours(here, case.key)


async def _leave_behind(here: Here | None, others_case: str | None) -> None:
    """Who may not go on with what was under way is not kept in it: a case, an asked text."""
    if here is None or here.incoming.group:
        return
    after = here.session
    if others_case is not None:
        after = replace(after, case=None, cursor=Cursor())
    if after.asked is not None and not here.member.is_lead:
        after = replace(after, asked=None)
    if after is not here.session:
        await here.note_update(after, event="LeftBehind")


def _clean(incoming: Incoming) -> Incoming:
    """Without what no file and no message can hold: half characters and NULs."""
    received = incoming.received
    if received is not None:
        received = replace(received, caption=_cleaned(received.caption))
    text, tap = incoming.text, incoming.tap
    return replace(
        incoming,
        text=None if text is None else _cleaned(text),
        tap=None if tap is None else _cleaned(tap),
        received=received,
    )


def _cleaned(text: str) -> str:
    if text.isascii() and "\x00" not in text:
        return text
    return text.encode("utf-8", "ignore").decode().replace("\x00", "")
