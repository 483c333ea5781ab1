"""From what came in to what goes out: the one place where a channel meets engine and store.

``receive`` takes the chat's lock, finds who sits there, lets the engine decide, has the store keep
it, and only then draws the reply. Who may do what is decided here, before anything else: a stranger
is told how to ask for an invitation and nothing more.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final
from weakref import WeakValueDictionary

from bot import commands, taps
from bot.invitations import VALID_DAYS, code_hash, deep_link, invite, usable
from bot.rendering import View, language_name, render, summary_lines
from bot.reply import Button, Document, Incoming, Outcome, Reply
from bot.taps import CaseTap, ForeignTap, LanguageTap, NextCaseTap, inspection_mark
from bot.wording import en as say
from criteria.case import Case, CaseKey, initial_status, is_case_reference, is_reference
from criteria.inspection import Member, Role
from criteria.pack import Pack
from criteria.scoring import score_cases
from dialogs import effects, events, queries
from dialogs.engine import advance, iso
from dialogs.events import Event
from dialogs.queries import by_inspector, how_far, next_case, visible_to
from dialogs.session import Cursor, Session, Step
from storage.exports import EXPORTS
from storage.store import (
    AlreadyThere,
    CaseSummary,
    Conflict,
    NotFound,
    NotSaved,
    Seat,
    Store,
    StoreError,
)

log = logging.getLogger(__name__)

ATTEMPTS: Final = 5
"""How often a step is taken anew when somebody else changed the case meanwhile."""
NOT_SAVED_WAITS: Final = (0.2, 1.0)
"""Seconds before a write that failed is tried again, and once more."""
LISTED_CASES: Final = 40

Clock = Callable[[], datetime]
StepSeen = Callable[[Session, Event, Step, datetime], None]


@dataclass(frozen=True, slots=True)
class _Here:
    """One message being answered: the seat it came from, its pack, and the time."""

    seat: Seat
    pack: Pack
    now: datetime
    update: int | None

    @property
    def view(self) -> View:
        return View(self.seat.session, self.pack, self.seat.inspection.id)

    @property
    def mark(self) -> str:
        return inspection_mark(self.seat.inspection.id)

    @property
    def inspection_id(self) -> str:
        return self.seat.inspection.id


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
                return await self._answer_patiently(incoming)
            except NotSaved as exc:
                log.error("not saved: chat=%s: %s", incoming.chat, exc)
                return _only(say.NOT_SAVED)
            except Conflict:
                return _only(say.TRY_AGAIN)
            except StoreError as exc:
                log.error("store: %s: %s", type(exc).__name__, exc)
                return _only(say.NOT_READ)

    async def _answer_patiently(self, incoming: Incoming) -> Outcome:
        """A disk that is busy for a moment is waited for; other chats go on meanwhile."""
        for wait in NOT_SAVED_WAITS:
            try:
                return await self._answer(incoming)
            except NotSaved:
                await asyncio.sleep(wait)
        return await self._answer(incoming)

    async def _answer(self, incoming: Incoming) -> Outcome:
        incoming = _clean(incoming)
        command = commands.read_command(incoming.text or "")
        if command and command.name == "start" and command.words:
            return await self._join_once(incoming, command.words)
        for _ in range(ATTEMPTS):
            seat = await self._store.seat(incoming.chat)
            if seat is None:
                return _only(say.STRANGER)
            here = await self._here(seat, incoming.update)
            if incoming.update is not None and incoming.update in seat.applied:
                return await self._show_again(here)
            try:
                if not may_see(seat.member, seat.session.case):
                    return await self._leave(here)
                return await self._dispatch(here, incoming, command)
            except Conflict:
                continue
        raise Conflict

    async def _here(self, seat: Seat, update: int | None) -> _Here:
        pack = await self._store.pack(seat.inspection.id)
        return _Here(seat, pack, self._clock(), update)

    async def _dispatch(
        self, here: _Here, incoming: Incoming, command: commands.Command | None
    ) -> Outcome:
        if incoming.tap is not None:
            return await self._tapped(here, incoming.tap)
        if incoming.text is None:
            return _only(say.TEXT_ONLY)
        if command is not None:
            return await self._commanded(here, command)
        return await self._step(here, events.TextReceived(incoming.text))

    async def _leave(self, here: _Here) -> Outcome:
        """The open case is somebody else's by now: close it, and say so."""
        session = here.seat.session
        case = session.case.case if session.case else ""
        await self._note_update(here, replace(session, case=None, cursor=Cursor()), "CaseLeft")
        return _only(say.CASE_OTHERS.format(case=case))

    async def _note_update(self, here: _Here, after: Session, event: str) -> None:
        """Keep that this update was dealt with, so that delivered again it does nothing."""
        await self._store.commit(
            here.seat, after, event=event, at=iso(here.now), update=here.update
        )

    # --- taps and commands -----------------------------------------------------------------

    async def _tapped(self, here: _Here, data: str) -> Outcome:
        tap = taps.read_tap(data, here.pack, here.mark)
        match tap:
            case CaseTap():
                return await self._open_tapped(here, tap)
            case NextCaseTap():
                return await self._open_next(here)
            case LanguageTap(language):
                return await self._step(here, events.LanguageChosen(language))
            case ForeignTap():
                return _only(say.FOREIGN_TAP, toast=say.FOREIGN_TAP)
            case _:
                return await self._step(here, tap)

    async def _commanded(self, here: _Here, command: commands.Command) -> Outcome:
        name, words = command.name, command.words
        if name in commands.LEAD_COMMANDS and not here.seat.member.is_lead:
            return _only(say.LEAD_ONLY.format(command=name))
        if name in commands.EVENTS:
            return await self._step(here, commands.EVENTS[name])
        answer = self._answers.get(name)
        if answer is None:
            return _only(say.UNKNOWN_COMMAND.format(command=name[:32]))
        return await answer(self, here, words)

    async def _help(self, here: _Here, _words: str) -> Outcome:
        return _only(commands.help_text(here.seat.member.role))

    async def _goto(self, here: _Here, words: str) -> Outcome:
        return await self._step(here, events.JumpedTo(words))

    async def _note(self, here: _Here, words: str) -> Outcome:
        return await self._step(here, events.NoteGiven(words))

    async def _language(self, here: _Here, words: str) -> Outcome:
        outcome = await self._step(here, events.LanguageChosen(words))
        if words or len(here.pack.languages) < 2:
            return outcome
        row = tuple(Button(language_name(c), taps.language_tap(c)) for c in here.pack.languages)
        return Outcome((replace(outcome.replies[0], buttons=(row,)),))

    # --- steps of the engine ---------------------------------------------------------------

    async def _step(self, here: _Here, event: Event) -> Outcome:
        """Decide, keep, then draw."""
        step = advance(here.seat.session, event, here.pack, here.now)
        return await self._keep(here, here.seat.session, event, step)

    async def _keep(self, here: _Here, before: Session, event: Event, step: Step) -> Outcome:
        seat = await self._store.commit(
            here.seat,
            step.session,
            event=type(event).__name__,
            at=iso(here.now),
            # A tap that was refused is refused again, so it need not be remembered.
            update=None if _is_refused_tap(step) else here.update,
        )
        if self._step_seen:
            self._step_seen(before, event, step, here.now)
        here = replace(here, seat=seat)
        reply = render(step.effects, here.view)
        if any(isinstance(effect, effects.CaseSubmitted) for effect in step.effects):
            return await self._submitted(here, reply)
        return Outcome((reply,))

    async def _show_again(self, here: _Here) -> Outcome:
        """What came twice changes nothing; its reply may have been lost, so the card is shown."""
        step = advance(here.seat.session, events.CardAsked(), here.pack, here.now)
        reply = render(step.effects, here.view)
        case = here.seat.session.case
        if here.update is not None and case is not None and case.status.is_in:
            return await self._submitted(here, reply)  # the summary may have been lost as well
        return Outcome((reply,))

    async def _submitted(self, here: _Here, reply: Reply) -> Outcome:
        """When the last case is in, every lead gets the final score summary."""
        if not how_far(await self._store.overview(here.inspection_id)).complete:
            return Outcome((reply,))
        summary = Reply(await self._summary_text(here))
        leads = [
            chat
            for chat, member in (await self._store.members(here.inspection_id)).items()
            if member.is_lead and chat != here.seat.chat
        ]
        mine = (summary,) if here.seat.member.is_lead else ()
        return Outcome((reply, *mine), tuple((chat, summary) for chat in leads))

    # --- cases -----------------------------------------------------------------------------

    async def _case(self, here: _Here, words: str) -> Outcome:
        """``/case`` shows the open one again, ``/case C001`` opens another."""
        if not words:
            if here.seat.session.case is None:
                return await self._cases(here, "")
            return await self._show_again(here)
        reference, form_name = (*words.split(maxsplit=1), "")[:2]
        if not is_reference(reference):
            return _only(say.CASE_BAD_REFERENCE.format(text=words[:40]))
        if form_name and not here.pack.form(form_name):
            if not is_case_reference(reference):
                return _only(say.CASE_BAD_REFERENCE.format(text=words[:40]))
            forms = say.one_or_other([form.name for form in here.pack.forms])
            return _only(say.FORM_UNKNOWN.format(form=form_name[:40], forms=forms))
        for form in here.pack.forms:
            if form_name in ("", form.name):
                opened = await self._open(here, reference, form.name)
                if opened is not None:
                    return opened
        if not is_case_reference(reference):
            return _only(say.CASE_BAD_REFERENCE.format(text=words[:40]))
        form = here.pack.form(form_name) or here.pack.case_form
        tap = taps.case_tap(here.mark, reference, form, new=True)
        add = Button(say.CASE_ADD.format(case=reference), tap)
        return _only(say.CASE_UNKNOWN.format(case=reference), buttons=((add,),))

    async def _open_tapped(self, here: _Here, tap: CaseTap) -> Outcome:
        if tap.new and not is_case_reference(tap.case):
            return _only(say.FOREIGN_TAP, toast=say.FOREIGN_TAP)
        if tap.new:
            person = here.seat.member.person
            case = Case(tap.case, tap.form, inspector=person, status=initial_status(person))
            try:
                await self._store.add_case(here.inspection_id, case, by=person, at=iso(here.now))
            except AlreadyThere:
                log.info("case already there: inspection=%s", here.inspection_id)
        opened = await self._open(here, tap.case, tap.form)
        return opened or _only(say.CASE_OTHERS.format(case=tap.case))

    async def _open(self, here: _Here, reference: str, form: str) -> Outcome | None:
        """Open a case and go on where this chat left it; None if there is no such case."""
        key = CaseKey(reference, form)
        try:
            case, cursor, version = await self._store.load_case(
                here.inspection_id, key, here.seat.chat
            )
        except NotFound:
            return None
        if not may_see(here.seat.member, case):
            return _only(say.CASE_OTHERS.format(case=case.case))
        before = replace(here.seat.session, case=case, cursor=cursor)
        event = events.CaseOpened()
        step = advance(before, event, here.pack, here.now)
        here = replace(here, seat=replace(here.seat, version=version))
        return await self._keep(here, before, event, step)

    async def _open_next(self, here: _Here) -> Outcome:
        lines = [line for line in await self._visible(here) if line.damaged is None]
        open_case = here.seat.session.case
        line = next_case(lines, open_case.key if open_case else None)
        if line is None:
            return _only(say.ALL_DONE if lines else say.NO_CASES)
        return await self._open_tapped(here, CaseTap(line.key.case, line.key.form))

    async def _visible(self, here: _Here) -> list[CaseSummary]:
        """The cases that this person may see, with how far each is."""
        lines = await self._store.overview(here.inspection_id)
        return visible_to(lines, here.seat.member.person, lead=here.seat.member.is_lead)

    async def _cases(self, here: _Here, _words: str) -> Outcome:
        lines = await self._visible(here)
        if not lines:
            return _only(say.NO_CASES)
        title = here.seat.inspection.title
        head = say.CASES_LEAD.format(title=title) if here.seat.member.is_lead else say.CASES
        text = [head, *(_case_line(here.pack, line) for line in lines[:LISTED_CASES])]
        if len(lines) > LISTED_CASES:
            text.append(say.CASES_MORE.format(count=len(lines) - LISTED_CASES))
        waiting = [line.key for line in lines if not line.status.is_in and not line.damaged]
        forms = {form.name: form for form in here.pack.forms}
        buttons = [
            Button(
                _case_title(here.pack, key),
                taps.case_tap(here.mark, key.case, forms[key.form]),
            )
            for key in waiting[:LISTED_CASES]
        ]
        rows = tuple(tuple(buttons[at : at + 3]) for at in range(0, len(buttons), 3))
        return _only("\n".join(text), buttons=rows)

    # --- how far, how well -----------------------------------------------------------------

    async def _progress(self, here: _Here, _words: str) -> Outcome:
        """The case at hand; for a lead the inspection, too."""
        texts: list[str] = []
        if here.seat.session.case is not None:
            step = advance(here.seat.session, events.ProgressAsked(), here.pack, here.now)
            texts.append(render(step.effects, here.view).text)
        if here.seat.member.is_lead:
            texts.append(await self._inspection_progress(here))
        return _only("\n\n".join(texts) or say.NO_CASE)

    async def _inspection_progress(self, here: _Here) -> str:
        lines = await self._store.overview(here.inspection_id)
        whole = how_far(lines)
        head = say.INSPECTION_PROGRESS.format(
            submitted=whole.submitted, cases=whole.cases, begun=whole.begun
        )
        return "\n".join(
            [
                f"{here.seat.inspection.title}: {head}",
                *(
                    say.PERSON_PROGRESS.format(
                        person=person or say.UNASSIGNED,
                        submitted=one.submitted,
                        cases=one.cases,
                        begun=one.begun,
                    )
                    for person, one in by_inspector(lines).items()
                ),
            ]
        )

    async def _summary(self, here: _Here, _words: str) -> Outcome:
        """A lead's is the inspection's, an inspector's that of the own cases."""
        if here.seat.member.is_lead:
            return _only(await self._summary_text(here))
        return _only(await self._summary_text(here, here.seat.member))

    async def _summary_text(self, here: _Here, of: Member | None = None) -> str:
        lines_of = await self._store.overview(here.inspection_id)
        cases = await self._store.cases(here.inspection_id)
        adjustments = await self._store.adjustments(here.inspection_id)
        title = here.seat.inspection.title
        if of is not None:
            lines_of = visible_to(lines_of, of.person, lead=of.is_lead)
            cases = [case for case in cases if may_see(of, case)]
            title = say.YOUR_CASES.format(title=title)
        whole = how_far(lines_of)
        score = score_cases(here.pack, cases)
        if whole.complete:
            lines = [say.summary_final(title, whole.cases)]
        else:
            lines = [
                say.SUMMARY_HEAD.format(title=title, cases=whole.cases, submitted=whole.submitted)
            ]
        if not whole.complete:
            lines.append(say.SUMMARY_SO_FAR)
        return "\n".join([*lines, *summary_lines(score, here.view, adjustments)])

    async def _export(self, here: _Here, words: str) -> Outcome:
        export = EXPORTS.get(words.casefold())
        if export is None:
            return _only(say.EXPORT_WHICH)
        member = here.seat.member
        cases = [c for c in await self._store.cases(here.inspection_id) if may_see(member, c)]
        content = export(here.seat.inspection, here.pack, cases)
        name = f"{here.inspection_id}.{words.casefold()}"
        text = say.exported(len(cases))
        return Outcome((Reply(text, document=Document(name, content)),))

    # --- people ----------------------------------------------------------------------------

    async def _invite(self, here: _Here, words: str) -> Outcome:
        if words.casefold() not in {role.value for role in Role}:
            return _only(say.INVITE_WHOM)
        role = Role(words.casefold())
        await self._note_update(here, here.seat.session, "InviteAsked")
        code, person = await invite(self._store, here.inspection_id, role, here.now)
        text = say.INVITATION.format(
            role=say.ROLES[role], person=person, days=VALID_DAYS, code=code
        )
        username = await self._store.bot_username()
        if username:
            text += "\n" + say.INVITATION_LINK.format(link=deep_link(username, code))
        return _only(text)

    async def _join_once(self, incoming: Incoming, code: str) -> Outcome:
        """A code that is delivered again must not move the chat back to where it led."""
        seat = await self._store.seat(incoming.chat)
        if seat is not None and incoming.update in seat.applied:
            return await self._show_again(await self._here(seat, None))
        outcome = await self._join(incoming, code)
        seat = await self._store.seat(incoming.chat)
        if seat is not None and incoming.update is not None:
            here = await self._here(seat, incoming.update)
            await self._note_update(here, seat.session, "CodeGiven")
        return outcome

    async def _join(self, incoming: Incoming, code: str) -> Outcome:
        """``/start CODE``: an unused code makes a seat; one's own used code leads back to it."""
        now = self._clock()
        found = await self._store.find_invitation(code_hash(code))
        if found is None:
            return await self._welcome(incoming, fallback=say.BAD_CODE)
        inspection, invitation = found
        member = (await self._store.members(inspection.id)).get(incoming.chat)
        if member is not None:  # one's own code, or a second one: the seat stays what it is
            await self._store.add_member(inspection.id, incoming.chat, member, at=iso(now))
            return await self._welcome(incoming, fallback=say.STRANGER)
        if not usable(invitation, now):
            return await self._welcome(incoming, fallback=say.BAD_CODE)
        try:
            member = Member(invitation.person, invitation.role)
            await self._store.join(
                inspection.id, invitation.code_hash, incoming.chat, member, at=iso(now)
            )
        except Conflict:
            return _only(say.BAD_CODE)
        return await self._welcome(incoming, fallback=say.STRANGER)

    async def _welcome(self, incoming: Incoming, *, fallback: str) -> Outcome:
        seat = await self._store.seat(incoming.chat)
        if seat is None or fallback == say.BAD_CODE:
            return _only(fallback)
        return await self._start(await self._here(seat, incoming.update), "")

    async def _start(self, here: _Here, _words: str) -> Outcome:
        """Who one is here, and the cases that wait."""
        member = here.seat.member
        welcome = say.WELCOME.format(
            person=member.person,
            role=say.ROLES[member.role],
            title=here.seat.inspection.title,
        )
        listed = (await self._cases(here, "")).replies[0]
        return Outcome((replace(listed, text=f"{welcome}\n\n{listed.text}"),))

    _answers: Mapping[str, Callable[[Conversation, _Here, str], Awaitable[Outcome]]] = {
        "start": _start,
        "help": _help,
        "case": _case,
        "cases": _cases,
        "goto": _goto,
        "note": _note,
        "language": _language,
        "progress": _progress,
        "summary": _summary,
        "export": _export,
        "invite": _invite,
    }


def _only(
    text: str, *, buttons: tuple[tuple[Button, ...], ...] = (), toast: str | None = None
) -> Outcome:
    return Outcome((Reply(text, buttons, toast=toast),))


def may_see(member: Member, case: Case | None) -> bool:
    return case is None or queries.may_see(case.inspector, member.person, lead=member.is_lead)


def _is_refused_tap(step: Step) -> bool:
    return any(isinstance(effect, effects.TapRefused) for effect in step.effects)


def _clean(incoming: Incoming) -> Incoming:
    """Without what no file and no message can hold: half characters and NULs."""
    if incoming.text is None:
        return incoming
    text = incoming.text.encode("utf-8", "ignore").decode().replace("\x00", "")
    return replace(incoming, text=text)


def _case_line(pack: Pack, line: CaseSummary) -> str:
    title = _case_title(pack, line.key)
    if line.damaged is not None:
        return say.CASE_DAMAGED.format(case=title)
    return say.CASE_LINE.format(
        case=title,
        status=say.STATUS[line.status],
        answered=line.progress.answered,
        relevant=line.progress.relevant,
    )


def _case_title(pack: Pack, key: CaseKey) -> str:
    """The reference; with the form where an inspection has several."""
    return key.case if len(pack.forms) == 1 else f"{key.case} {key.form}"
