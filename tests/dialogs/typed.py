"""What becomes of a text that is typed at a question of one of the packs."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from criteria.case import Case
from criteria.instrument.load import read_pack
from criteria.instrument.pack import Pack
from criteria.question import NA, NOT_KNOWN, Question, Value
from dialogs import effects, events
from dialogs.engine import advance
from dialogs.events import Event
from dialogs.session import Session
from tests.walk import NOW

ASKED = "ASK"


@lru_cache
def the_pack(name: str) -> Pack:
    return read_pack(name)


@dataclass(frozen=True)
class Outcome:
    """``recorded`` are the labels of what was recorded, by question; ``offered`` the answers that
    are offered, each with its note.
    """

    recorded: dict[str, object]
    offered: tuple[tuple[object, str | None], ...]
    rejected: effects.Effect | None


class Asked:
    """A question that is shown, ready for texts; each is typed at the same moment."""

    def __init__(self, pack: str, form: str, number: str, given: list[list[str]]) -> None:
        self.pack = the_pack(pack)
        self.form = self.pack.form(form) or self.pack.forms[0]
        session = Session("I1", case=Case("C001", form))
        session = self._after(session, events.CaseOpened())
        for one, text in [*given, [number, ""]]:
            session = self._after(session, events.JumpedTo(one))
            if text:
                session = self._after(session, events.TextReceived(text))
        self.session = session
        self.question = self.form.by_name[session.cursor.question or ""]
        assert self.question.number == number

    def _after(self, session: Session, event: Event) -> Session:
        return advance(session, event, self.pack, NOW).session

    def type(self, text: str) -> Outcome:
        step = advance(self.session, events.TextReceived(text), self.pack, NOW)
        recorded = {
            one.question.number: said(one.question, one.value)
            for one in step.effects
            if isinstance(one, effects.AnswerRecorded)
        }
        offered = tuple(
            (said(self.question, offer.answers[0][1]), offer.note)
            for offer in step.session.cursor.offers
        )
        rejected = next(
            (one for one in step.effects if isinstance(one, effects.AnswerRejected)), None
        )
        return Outcome(recorded, offered, rejected)


def said(question: Question, value: Value) -> object:
    """An answer as the cases write it: by its label, or all of a list's labels."""
    if value == NA and question.na:
        return "N/A"
    if value == NOT_KNOWN and question.not_known:
        return "Not known"
    if isinstance(value, tuple):
        return [label(question, name) for name in value]
    return label(question, str(value)) if question.choice(str(value)) else str(value)


def label(question: Question, name: str) -> str:
    choice = question.choice(name)
    return next(iter(choice.label.values())) if choice else name
