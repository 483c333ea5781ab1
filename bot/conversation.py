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
from criteria.case import Case, CaseKey, initial_status, is_reference
from criteria.inspection import Member, Role
from criteria.pack import Form, Pack
from criteria.scoring import score_cases
from dialogs import effects, events
from dialogs.engine import advance, iso
from dialogs.events import Event
from dialogs.queries import by_inspector, how_far, next_case, visible_to
from dialogs.session import Session, Step
from storage.exports import EXPORTS
from storage.store import AlreadyThere, Conflict, NotFound, NotSaved, Seat, Store, StoreError

log = logging.getLogger(__name__)

ATTEMPTS: Final = 5
"""How often a step is taken anew when somebody else changed the case meanwhile."""
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
                return await self._answer(incoming)
            except NotSaved as exc:
                log.error("not saved: chat=%s", incoming.chat)
                return _only(say.NOT_SAVED.format(reason=exc))
            except Conflict:
                return _only(say.TRY_AGAIN)
            except StoreError as exc:
                log.error("store: %s: %s", type(exc).__name__, exc)
                return _only(say.NOT_READ)

    async def _answer(self, incoming: Incoming) -> Outcome:
        command = commands.read_command(incoming.text or "")
        if command and command.name == "start" and command.words:
            return await self._join(incoming, command.words)
        for _ in range(ATTEMPTS):
            seat = await self._store.seat(incoming.chat)
            if seat is None:
                return _only(say.STRANGER)
            pack = await self._store.pack(seat.inspection.id)
            here = _Here(seat, pack, self._clock(), incoming.update)
            if incoming.update is not None and incoming.update in seat.applied:
                return await self._show_again(here)
            try:
                return await self._dispatch(here, incoming, command)
            except Conflict:
                continue
        raise Conflict

    async def _dispatch(
        self, here: _Here, incoming: Incoming, command: commands.Command | None
    ) -> Outcome:
        if incoming.tap is not None:
            return await self._tapped(here, incoming.tap)
        if command is not None:
            return await self._commanded(here, command)
        return await self._step(here, events.TextReceived(incoming.text or ""))

    # --- taps and commands -----------------------------------------------------------------

    async def _tapped(self, here: _Here, data: str) -> Outcome:
        tap = taps.read_tap(data, here.pack, here.mark)
        match tap:
            case CaseTap(case, form, new):
                return await self._open(here, case, form, add=new)
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
            update=here.update,
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
        return Outcome((render(step.effects, here.view),))

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
        reference, _, form_words = words.partition(" ")
        if not is_reference(reference) or (form_words and not here.pack.form(form_words)):
            return _only(say.CASE_BAD_REFERENCE.format(text=words[:40]))
        form = _form_named(here.pack, form_words)
        for line in await self._store.overview(here.inspection_id):
            same = line.key.case.casefold() == reference.casefold()
            if same and (not form_words or line.key.form == form.name):
                return await self._open(here, line.key.case, line.key.form)
        if not any(sign.isdigit() for sign in reference):  # more likely somebody's name
            return _only(say.CASE_BAD_REFERENCE.format(text=words[:40]))
        add = Button(
            say.CASE_ADD.format(case=reference),
            taps.case_tap(here.mark, reference, form, new=True),
        )
        return _only(say.CASE_UNKNOWN.format(case=reference), buttons=((add,),))

    async def _open(self, here: _Here, case: str, form: str, *, add: bool = False) -> Outcome:
        key = CaseKey(case, form)
        if add:
            person = here.seat.member.person
            new = Case(case, form, inspector=person, status=initial_status(person))
            try:
                await self._store.add_case(here.inspection_id, new, by=person, at=iso(here.now))
            except AlreadyThere:
                log.info("case already there: inspection=%s", here.inspection_id)
        try:
            opened, cursor, version = await self._store.load_case(
                here.inspection_id, key, here.seat.chat
            )
        except NotFound:
            return _only(say.CASE_OTHERS.format(case=case))
        member = here.seat.member
        if not member.is_lead and opened.inspector not in (member.person, None):
            return _only(say.CASE_OTHERS.format(case=case))
        before = replace(here.seat.session, case=opened, cursor=cursor)
        event = events.CaseOpened()
        step = advance(before, event, here.pack, here.now)
        here = replace(here, seat=replace(here.seat, version=version))
        return await self._keep(here, before, event, step)

    async def _open_next(self, here: _Here) -> Outcome:
        member = here.seat.member
        lines = await self._store.overview(here.inspection_id)
        mine = visible_to(lines, member.person, lead=member.is_lead)
        open_case = here.seat.session.case
        line = next_case(mine, open_case.key if open_case else None)
        if line is None:
            return _only(say.ALL_DONE if mine else say.NO_CASES)
        return await self._open(here, line.key.case, line.key.form)

    async def _cases(self, here: _Here, _words: str) -> Outcome:
        member = here.seat.member
        lines = visible_to(
            await self._store.overview(here.inspection_id), member.person, lead=member.is_lead
        )
        if not lines:
            return _only(say.NO_CASES)
        title = here.seat.inspection.title
        text = [say.CASES_LEAD.format(title=title) if member.is_lead else say.CASES]
        text += [
            say.CASE_LINE.format(
                case=_case_title(here.pack, line.key),
                status=say.STATUS[line.status],
                answered=line.progress.answered,
                relevant=line.progress.relevant,
            )
            for line in lines[:LISTED_CASES]
        ]
        if len(lines) > LISTED_CASES:
            text.append(say.CASES_MORE.format(count=len(lines) - LISTED_CASES))
        waiting = [line for line in lines if line.status != "submitted"][:LISTED_CASES]
        buttons = [
            Button(
                _case_title(here.pack, line.key),
                taps.case_tap(here.mark, line.key.case, _form_named(here.pack, line.key.form)),
            )
            for line in waiting
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
        return _only(await self._summary_text(here))

    async def _summary_text(self, here: _Here) -> str:
        whole = how_far(await self._store.overview(here.inspection_id))
        score = score_cases(here.pack, await self._store.cases(here.inspection_id))
        head = say.SUMMARY_FINAL if whole.complete else say.SUMMARY_HEAD
        lines = [
            head.format(
                title=here.seat.inspection.title, cases=whole.cases, submitted=whole.submitted
            )
        ]
        if not whole.complete:
            lines.append(say.SUMMARY_SO_FAR)
        return "\n".join([*lines, *summary_lines(score, here.view)])

    async def _export(self, here: _Here, words: str) -> Outcome:
        export = EXPORTS.get(words.casefold())
        if export is None:
            return _only(say.EXPORT_WHICH)
        cases = await self._store.cases(here.inspection_id)
        content = export(here.seat.inspection, here.pack, cases)
        name = f"{here.inspection_id}.{words.casefold()}"
        text = say.EXPORTED.format(cases=len(cases))
        return Outcome((Reply(text, document=Document(name, content)),))

    # --- people ----------------------------------------------------------------------------

    async def _invite(self, here: _Here, words: str) -> Outcome:
        if words.casefold() not in {role.value for role in Role}:
            return _only(say.INVITE_WHOM)
        role = Role(words.casefold())
        code, person = await invite(self._store, here.inspection_id, role, here.now)
        text = say.INVITATION.format(
            role=say.ROLES[role], person=person, days=VALID_DAYS, code=code
        )
        username = await self._store.bot_username()
        if username:
            text += "\n" + say.INVITATION_LINK.format(link=deep_link(username, code))
        return _only(text)

    async def _join(self, incoming: Incoming, code: str) -> Outcome:
        """``/start CODE``: an unused code makes a seat; one's own used code welcomes again."""
        now = self._clock()
        found = await self._store.find_invitation(code_hash(code))
        if found is None:
            return await self._welcome(incoming, fallback=say.BAD_CODE)
        inspection, invitation = found
        if invitation.used_by != incoming.chat:
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
        pack = await self._store.pack(seat.inspection.id)
        here = _Here(seat, pack, self._clock(), incoming.update)
        return await self._start(here, "")

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


def _form_named(pack: Pack, words: str) -> Form:
    """The form of this name, else the first one that is filled for a case."""
    return pack.form(words) or next(
        (form for form in pack.forms if form.subject == "case"), pack.forms[0]
    )


def _case_title(pack: Pack, key: CaseKey) -> str:
    """The reference; with the form where an inspection has several."""
    return key.case if len(pack.forms) == 1 else f"{key.case} {key.form}"
