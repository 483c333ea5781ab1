"""One message being answered: who sits there, in which inspection, and how a step is kept."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime

from bot import taps
from bot.rendering import View, case_title, render
from bot.reply import Button, Incoming, Outcome, only
from bot.taps import inspection_mark
from criteria.case import Case, CaseKey
from criteria.inspection import Inspection, Member
from criteria.pack import Form, Pack
from dialogs import effects
from dialogs.engine import advance
from dialogs.events import Event
from dialogs.queries import may_see, visible_to
from dialogs.session import Asked, Cursor, Session, Step
from dialogs.turn import iso
from storage.store import CaseSummary, NotFound, Seat, Store

StepSeen = Callable[[Session, Event, Step, datetime], None]


@dataclass(frozen=True, slots=True)
class Here:
    """What every answer is worked out from. It lives for one message."""

    store: Store
    seat: Seat
    pack: Pack
    now: datetime
    incoming: Incoming
    step_seen: StepSeen | None = None

    @property
    def inspection(self) -> Inspection:
        return self.seat.inspection

    @property
    def id(self) -> str:
        """The inspection's."""
        return self.seat.inspection.id

    @property
    def member(self) -> Member:
        return self.seat.member

    @property
    def session(self) -> Session:
        return self.seat.session

    @property
    def view(self) -> View:
        return View(self.session, self.pack, self.id, self.incoming.message)

    @property
    def mark(self) -> str:
        return inspection_mark(self.id)

    @property
    def at(self) -> str:
        """Now, as it is stored."""
        return iso(self.now)

    # --- steps of the engine -----------------------------------------------------------------

    async def step(self, event: Event) -> Outcome:
        """Decide, keep, then draw."""
        return await self.keep(
            self.session, event, advance(self.session, event, self.pack, self.now)
        )

    async def keep(self, before: Session, event: Event, step: Step) -> Outcome:
        # A tap that was refused is refused again, so it need not be remembered.
        refused = any(isinstance(effect, effects.TapRefused) for effect in step.effects)
        await self.store.commit(
            self.seat,
            step.session,
            event=type(event).__name__,
            at=self.at,
            update=None if refused else self.incoming.update,
        )
        if self.step_seen:
            self.step_seen(before, event, step, self.now)
        view = View(step.session, self.pack, self.id, self.incoming.message)
        return Outcome((render(step.effects, view),))

    async def note_update(self, after: Session | None = None, *, event: str) -> None:
        """Keep that this update was dealt with, so that delivered again it does nothing."""
        await self.store.commit(
            self.seat, after or self.session, event=event, at=self.at, update=self.incoming.update
        )

    async def anew(self) -> Here:
        """The same after a case was changed beside the conversation: it may be the open one."""
        seat = await self.store.seat(self.seat.chat)
        return self if seat is None else replace(self, seat=seat)

    async def answered(self, *, event: str) -> None:
        """What was asked for outside the open case is given, or wanted no more."""
        await self.note_update(replace(self.session, asked=None), event=event)

    async def ask(self, asked: Asked, text: str, **more: Button) -> Outcome:
        """Ask for a text, outside the open case; what comes next goes to its answer."""
        await self.note_update(replace(self.session, asked=asked), event="TextAsked")
        buttons = (tuple(more.values()),) if more else ()
        return only(text, buttons=buttons, wants_text=True)

    # --- buttons and cases -------------------------------------------------------------------

    def button(self, label: str, command: str) -> Button:
        """A button that stands for a typed command, as ``assign C001 I2``."""
        return Button(label, taps.command_tap(self.mark, command, self.pack.forms))

    def case_button(self, key: CaseKey, *, label: str | None = None, new: bool = False) -> Button:
        form = self.pack.form(key.form) or self.pack.case_form
        tap = taps.case_tap(self.mark, key.case, form, reading=key.reading, new=new)
        return Button(label or self.title(key), tap)

    def title(self, key: CaseKey) -> str:
        return case_title(self.pack, key)

    def forms_named(self, name: str) -> tuple[Form, ...]:
        return tuple(form for form in self.pack.forms if name in ("", form.name))

    # --- the cases that this person sees, and no others ---------------------------------------

    async def overview(self) -> list[CaseSummary]:
        """How far each is, the second readings last."""
        first = await self.store.overview(self.id)
        second = await self.store.overview(self.id, reading=2)
        return visible_to([*first, *second], self.member.person, lead=self.member.is_lead)

    async def cases(self) -> list[Case]:
        """The first readings, with their answers: what is scored and exported."""
        seen = {line.key for line in await self.overview()}
        return [case for case in await self.store.cases(self.id) if case.key in seen]

    async def load_case(self, key: CaseKey) -> tuple[Case, Cursor, int] | None:
        """One of them, where this chat was in it, and its version."""
        found = await self._anybodys(key)
        return found if found is not None and await self.sees(found[0]) else None

    async def find_case(
        self, reference: str, form_name: str = "", reading: int = 1
    ) -> tuple[Case, int] | None:
        """One of them and its version, by reference and, if that is not enough, its form."""
        for form in self.forms_named(form_name):
            found = await self.load_case(CaseKey(reference, form.name, reading))
            if found is not None:
                case, _, version = found
                return case, version
        return None

    async def sees(self, case: Case) -> bool:
        person, lead = self.member.person, self.member.is_lead
        other = None
        if case.inspector is None and not lead:
            other = await self._anybodys(case.key.other_reading)
        reader = other[0].inspector if other else None
        return may_see(case.inspector, person, lead=lead, other=reader)

    async def is_listed(self, reference: str, form_name: str) -> bool:
        """Whether there is such a case at all, whoever's it is."""
        keys = [CaseKey(reference, form.name) for form in self.forms_named(form_name)]
        return any([await self._anybodys(key) is not None for key in keys])

    async def _anybodys(self, key: CaseKey) -> tuple[Case, Cursor, int] | None:
        try:
            return await self.store.load_case(self.id, key, self.seat.chat)
        except NotFound:
            return None
