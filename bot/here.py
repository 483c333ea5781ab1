"""One message being answered: who sits there, in which inspection, and how a step is kept."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime

from bot import taps
from bot.rendering import View, render
from bot.reply import Button, Incoming, Outcome, only
from bot.taps import inspection_mark
from bot.wording import en as say
from criteria.case import Case, CaseKey
from criteria.inspection import Inspection, Member
from criteria.pack import Form, Pack
from dialogs import effects
from dialogs.engine import advance
from dialogs.events import Event
from dialogs.queries import may_see
from dialogs.session import Asked, Session, Step
from dialogs.turn import iso
from storage.store import NotFound, Seat, Store

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
    asked_dropped: bool = False
    """The text that was asked for outside a case is no longer wanted."""

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
        session = self.seat.session
        return replace(session, asked=None) if self.asked_dropped else session

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
        view = replace(self.view, session=step.session)
        return Outcome((render(step.effects, view),))

    async def note_update(self, after: Session | None = None, *, event: str) -> None:
        """Keep that this update was dealt with, so that delivered again it does nothing."""
        await self.store.commit(
            self.seat, after or self.session, event=event, at=self.at, update=self.incoming.update
        )

    async def ask(self, asked: Asked, text: str, **more: Button) -> Outcome:
        """Ask for a text, outside the open case; what comes next goes to its answer."""
        await self.note_update(replace(self.session, asked=asked), event="TextAsked")
        buttons = (tuple(more.values()),) if more else ()
        return only(text, buttons=buttons, wants_text=True)

    # --- buttons and cases -------------------------------------------------------------------

    def button(self, label: str, command: str) -> Button:
        """A button that stands for a typed command, as ``assign C001 I2``."""
        return Button(label, taps.command_tap(self.mark, command))

    def case_button(self, key: CaseKey, *, label: str | None = None, new: bool = False) -> Button:
        form = self.pack.form(key.form) or self.pack.case_form
        tap = taps.case_tap(self.mark, key.case, form, reading=key.reading, new=new)
        return Button(label or self.title(key), tap)

    def title(self, key: CaseKey) -> str:
        """The reference; with the form where an inspection has several."""
        title = key.case if len(self.pack.forms) == 1 else f"{key.case} {key.form}"
        return title if key.reading == 1 else say.SECOND_OF.format(case=title)

    async def find_case(
        self, reference: str, form_name: str = "", reading: int = 1
    ) -> tuple[Case, int] | None:
        """A case and its version, by reference and, where that is not enough, its form."""
        for form in self.forms_named(form_name):
            key = CaseKey(reference, form.name, reading)
            try:
                case, _, version = await self.store.load_case(self.id, key, self.seat.chat)
            except NotFound:
                continue
            return case, version
        return None

    def forms_named(self, name: str) -> tuple[Form, ...]:
        return tuple(form for form in self.pack.forms if name in ("", form.name))

    def sees(self, case: Case | None) -> bool:
        return case is None or sees(self.member, case)


def sees(member: Member, case: Case) -> bool:
    """A lead sees every case, an inspector the own ones and those that nobody has yet."""
    return may_see(case.inspector, member.person, lead=member.is_lead)
