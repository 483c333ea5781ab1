"""What a message is answered from: who sent it, in which inspection, with which case and card.

It reads: which cases the person may see (:func:`dialogs.queries.may_see`), titles, buttons. It
changes nothing; what is to change, a handler says in its :class:`bot.decision.Decision`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.callback_data import case_data, command_data, inspection_mark
from bot.cards import View, case_title
from bot.channels.channel import Button, ButtonRows, Intent, Message
from bot.messages import Messages, messages
from criteria.case import Case, CaseKey
from criteria.case_summary import CaseSummary
from criteria.inspection import Inspection, Member
from criteria.instrument.pack import Form, Pack
from dialogs.queries import may_see, visible_to
from dialogs.session import Cursor, Session
from dialogs.turn import iso
from storage.errors import NotFound
from storage.reader import ChatState
from storage.store import Store


def local_time(moment: datetime, inspection: Inspection) -> datetime:
    """The moment in the inspection's time zone, in the bot's own where it has none."""
    return moment.astimezone(ZoneInfo(inspection.time_zone)) if inspection.time_zone else moment


@dataclass(frozen=True, slots=True)
class Context:
    """It lives for one message. ``chat`` is the chat as the store had it when the message came."""

    store: Store
    chat: ChatState
    pack: Pack
    now: datetime
    message: Message

    @property
    def say(self) -> Messages:
        """The messages in this chat's language."""
        return messages(self.session.language)

    @property
    def inspection(self) -> Inspection:
        return self.chat.inspection

    @property
    def id(self) -> str:
        """The inspection's."""
        return self.chat.inspection.id

    @property
    def member(self) -> Member:
        return self.chat.member

    @property
    def person(self) -> str:
        """The member's reference: ``I1``."""
        return self.chat.member.person

    @property
    def session(self) -> Session:
        return self.chat.session

    @property
    def case(self) -> Case | None:
        """The case that is open."""
        return self.chat.session.case

    @property
    def at(self) -> str:
        """Now, as it is stored."""
        return iso(self.now)

    # --- what replies are made of ------------------------------------------------------------

    @property
    def mark(self) -> str:
        return inspection_mark(self.id)

    def view(self, session: Session | None = None) -> View:
        """What a reply is drawn from, as things stand in this session."""
        return View(session or self.session, self.pack, self.id, self.message.id)

    def button(self, label: str, command: str, intent: Intent = "control") -> Button:
        """A button that stands for a typed command, as ``assign C001 I2``."""
        return Button(label, command_data(self.mark, command, self.pack.forms), intent)

    def column(self, choices: Iterable[tuple[str, str]]) -> ButtonRows:
        """A row for each label, with the command that its button stands for."""
        return tuple((self.button(label, command),) for label, command in choices)

    def case_button(self, key: CaseKey, *, label: str | None = None, new: bool = False) -> Button:
        form = self.pack.form(key.form) or self.pack.case_form
        return Button(label or self.title(key), case_data(self.mark, key, form, new=new))

    def title(self, key: CaseKey) -> str:
        return case_title(self.say, self.pack, key)

    def forms_named(self, name: str) -> tuple[Form, ...]:
        return tuple(form for form in self.pack.forms if name in ("", form.name))

    # --- the cases that this person may see, and no others ------------------------------------

    async def overview(self) -> list[CaseSummary]:
        """How far each is, the second readings last."""
        first = await self.store.overview(self.id)
        second = await self.store.overview(self.id, reading=2)
        return visible_to([*first, *second], self.person, lead=self.member.is_lead)

    async def cases(self) -> list[Case]:
        """The first readings, with their answers: what is scored and exported."""
        seen = {line.key for line in await self.overview()}
        return [case for case in await self.store.cases(self.id) if case.key in seen]

    async def load_case(self, key: CaseKey) -> tuple[Case, Cursor, int] | None:
        """A visible case, where this chat was in it, and its version."""
        found = await self.anybodys(key)
        return found if found is not None and await self.sees(found[0]) else None

    async def find_case(
        self, reference: str, form_name: str = "", reading: int = 1
    ) -> tuple[Case, int] | None:
        """A visible case and its version, by its reference and, where it has several, its form."""
        for form in self.forms_named(form_name):
            found = await self.load_case(CaseKey(reference, form.name, reading))
            if found is not None:
                case, _, version = found
                return case, version
        return None

    async def sees(self, case: Case) -> bool:
        lead = self.member.is_lead
        other = None
        if case.inspector is None and not lead:
            other = await self.anybodys(case.key.other_reading)
        reader = other[0].inspector if other else None
        return may_see(case.inspector, self.person, lead=lead, other=reader)

    async def anybodys(self, key: CaseKey) -> tuple[Case, Cursor, int] | None:
        """A case of the inspection, visible or not; only to know whether there is one."""
        try:
            return await self.store.load_case(self.id, key, self.chat.chat)
        except NotFound:
            return None
