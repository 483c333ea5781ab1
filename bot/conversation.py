"""From what came in to what goes out: the one place where a channel meets engine and store.

``receive`` takes the chat's lock, finds who sits there, decides whether they may do what they ask,
and hands it on: a tap or a text to the engine, a command to its answer (:mod:`bot.commands`).
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Final
from weakref import WeakValueDictionary

from bot import commands, taps
from bot.answers import cases, files, joining, notices, progress
from bot.answers.people import move_to
from bot.here import Here, StepSeen
from bot.reply import Incoming, Notice, Outcome, only
from bot.taps import CaseTap, CommandTap, ForeignTap, LanguageTap, NextCaseTap, RemoveTap
from bot.wording import en as say
from criteria.inspection import Role
from dialogs import events
from dialogs.session import Cursor
from storage.store import Conflict, NotSaved, Seat, Store, StoreError

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
                log.error("not saved: chat=%s: %s", incoming.chat, exc)
                return only(say.NOT_SAVED)
            except Conflict:
                return only(say.TRY_AGAIN)
            except StoreError as exc:
                log.error("store: %s: %s", type(exc).__name__, exc)
                return only(say.NOT_READ)

    async def knows(self, chat: str) -> bool:
        """Whether somebody sits there: nobody else's files are wanted."""
        try:
            return await self._store.seat(chat) is not None
        except StoreError as exc:
            log.error("store: %s: %s", type(exc).__name__, exc)
            return False

    async def owed(self) -> list[Notice]:
        """The messages that a stop kept from going out, worded as things stand now."""
        return await notices.worded(self._store, await self._store.owed(), self._clock())

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
        typed = commands.read_command(incoming.text or "")
        if incoming.group:
            return await self._answer_group(incoming, typed)
        if typed and typed.name == "start" and typed.words:
            return await joining.join_once(self._store, incoming, typed.words, self._clock())
        for _ in range(ATTEMPTS):
            seat, moved = await self._seat(incoming)
            if seat is None:
                return replace(only(say.STRANGER), stranger=True)
            here = await self._here(seat, incoming)
            try:
                outcome = moved or await self._answer_seated(here, typed)
            except Conflict:
                continue
            return outcome if outcome.role else replace(outcome, role=here.member.role)
        raise Conflict

    async def _seat(self, incoming: Incoming) -> tuple[Seat | None, Outcome | None]:
        """Where the chat sits. Who was taken out of an inspection is moved to another, if any."""
        seat = await self._store.seat(incoming.chat)
        if seat is not None:
            return seat, None
        for inspection, member in await self._store.memberships(incoming.chat):
            outcome = await move_to(self._store, incoming, inspection, member, self._clock())
            return await self._store.seat(incoming.chat), outcome
        return None, None

    async def _here(self, seat: Seat, incoming: Incoming) -> Here:
        pack = await self._store.pack(seat.inspection.id)
        return Here(self._store, seat, pack, self._clock(), incoming, self._step_seen)

    async def _answer_group(self, incoming: Incoming, typed: commands.Typed | None) -> Outcome:
        """Where others read along, a lead gets totals; nobody else gets anything, or answers."""
        if typed is None or typed.name != "progress":
            return Outcome()
        seat = await self._store.seat(incoming.chat)
        if seat is None or not seat.member.is_lead:
            return Outcome()
        return await progress.totals(await self._here(seat, incoming))

    async def _answer_seated(self, here: Here, typed: commands.Typed | None) -> Outcome:
        incoming = here.incoming
        if incoming.update is not None and incoming.update in here.seat.applied:
            return await cases.show_again(here)
        if not here.sees(here.session.case):
            return await _leave(here)
        if incoming.tap is not None:
            return await self._tapped(here, incoming.tap)
        if incoming.received is not None:
            return await files.received(here, incoming.received)
        if incoming.text is None:
            return only(say.TEXT_ONLY)
        if typed is not None:
            return await self._commanded(here, typed)
        asked = here.session.asked
        if asked is not None and asked.what in commands.TEXTS:
            if here.member.is_lead:
                return await commands.TEXTS[asked.what](here, asked.about, incoming.text)
            here = _asked_nothing(here)
        return await here.step(events.TextReceived(incoming.text))

    async def _tapped(self, here: Here, data: str) -> Outcome:
        tap = taps.read_tap(data, here.pack, here.mark)
        match tap:
            case CaseTap():
                return await cases.open_tapped(_asked_nothing(here), tap)
            case NextCaseTap():
                return await cases.open_next(_asked_nothing(here))
            case LanguageTap(language):
                return await here.step(events.LanguageChosen(language))
            case CommandTap(command):
                typed = commands.read_command(f"/{command}")
                return await self._commanded(here, typed) if typed else only(say.FOREIGN_TAP)
            case RemoveTap(message):
                return Outcome((), remove=(message,))
            case ForeignTap():
                return only(say.FOREIGN_TAP, toast=say.FOREIGN_TAP)
            case events.ControlTapped(control="submit"):
                return await cases.submit_with(_asked_nothing(here), tap)
            case _:
                return await _asked_nothing(here).step(tap)

    async def _commanded(self, here: Here, typed: commands.Typed) -> Outcome:
        command = commands.COMMANDS.get(typed.name)
        if command is None:
            return only(say.UNKNOWN_COMMAND.format(command=typed.name[:32]))
        if command.lead and here.member.role is not Role.LEAD:
            return only(say.LEAD_ONLY.format(command=typed.name))
        return await command.answer(_asked_nothing(here), typed.words)


async def _leave(here: Here) -> Outcome:
    """The open case is somebody else's by now: close it, and say so."""
    case = here.session.case.case if here.session.case else ""
    left = replace(here.session, case=None, cursor=Cursor())
    await here.note_update(left, event="CaseLeft")
    return only(say.CASE_OTHERS.format(case=case))


def _asked_nothing(here: Here) -> Here:
    """Whoever does something else no longer wants to give the text that was asked for."""
    return replace(here, asked_dropped=True) if here.session.asked else here


def _clean(incoming: Incoming) -> Incoming:
    """Without what no file and no message can hold: half characters and NULs."""
    if incoming.text is None:
        return incoming
    text = incoming.text.encode("utf-8", "ignore").decode().replace("\x00", "")
    return replace(incoming, text=text)
