"""A small pack and a driver for the engine, so that tests read as conversations."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from bot.cards import View, render
from bot.channels.channel import Reply
from criteria.case import Case
from criteria.instrument.load import load_pack
from criteria.instrument.pack import Pack
from dialogs import events
from dialogs.effects import Effect
from dialogs.engine import advance
from dialogs.events import Card, Event
from dialogs.session import Session, Step, session_from_json, session_to_json

NOW = datetime(2026, 11, 20, 10, 0, tzinfo=UTC)

TINY: dict[str, Any] = {
    "settings": {
        "form_id": "tiny-1",
        "form_title": {"en": "A tiny instrument", "cy": "Offeryn bach"},
        "version": "1.0.0",
        "default_language": "en",
    },
    "choices": {
        "yes_no": [
            {"name": "yes", "label": {"en": "Yes", "cy": "Ie"}, "sufficient": True},
            {"name": "no", "label": {"en": "No", "cy": "Na"}, "sufficient": False},
        ],
        "four": [
            {"name": "fully", "label": "Fully met", "sufficient": True},
            {"name": "largely", "label": "Largely met", "sufficient": True},
            {"name": "partly", "label": "Partly met", "sufficient": False},
            {"name": "not_met", "label": "Not met", "sufficient": False},
        ],
        "papers": [
            {"name": "assessment", "label": "Assessment"},
            {"name": "plan", "label": "Supervision plan"},
            {"name": "log", "label": "Contact log"},
        ],
        "sex": [{"name": "male", "label": "Male"}, {"name": "female", "label": "Female"}],
    },
    "sections": [
        {
            "name": "s1",
            "label": "All of it",
            "criteria": [
                {"name": "c1", "number": "1", "label": "Systems"},
                {"name": "c2", "number": "2", "label": "Management"},
            ],
        }
    ],
    "forms": [
        {
            "name": "case-file",
            "label": "Case file",
            "subject": "case",
            "profile": [{"type": "select_one sex", "name": "sex", "number": "A1", "label": "Sex?"}],
            "survey": [
                {
                    "type": "select_one yes_no",
                    "name": "told",
                    "number": "B1",
                    "label": {"en": "Was the other area told?", "cy": "A ddywedwyd?"},
                    "criterion": "c1",
                    "na": True,
                    "not_known": True,
                },
                {
                    "type": "select_one four",
                    "name": "how_well",
                    "number": "B2",
                    "label": "How well?",
                    "hint": "Within two days.",
                    "criterion": "c1",
                    "relevant": "${told} = 'yes'",
                    "na": True,
                    "not_known": True,
                },
                {
                    "type": "select_multiple papers",
                    "name": "papers",
                    "number": "B3",
                    "label": "Which papers came?",
                    "criterion": "c1",
                },
                {
                    "type": "integer",
                    "name": "visits",
                    "number": "B4",
                    "label": "How many visits?",
                    "constraint": ". >= 0 and . < 100",
                    "constraint_message": "From 0 to 99, please.",
                    "not_known": True,
                },
                {"type": "date", "name": "moved", "number": "B5", "label": "When was the move?"},
                {"type": "text", "name": "remark", "number": "B6", "label": "Anything else?"},
                {
                    "type": "select_one four",
                    "name": "kept",
                    "number": "C1",
                    "label": "Were appointments kept?",
                    "criterion": "c2",
                },
            ],
        }
    ],
}


def tiny_pack() -> Pack:
    return load_pack(TINY)


class Walk:
    """One conversation with the engine; the session goes through JSON before every event."""

    def __init__(self, pack: Pack | None = None, case: Case | None = None) -> None:
        self.pack = pack or tiny_pack()
        self.session = Session("I1", case=case or Case("C001", self.pack.forms[0].name))
        self.step = Step(self.session, ())
        self.send(events.CaseOpened())

    def send(self, event: Event) -> tuple[Effect, ...]:
        self.session = session_from_json(session_to_json(self.session))
        self.step = advance(self.session, event, self.pack, NOW)
        self.session = self.step.session
        return self.step.effects

    def type(self, *texts: str) -> tuple[Effect, ...]:
        for text in texts:
            self.send(events.TextReceived(text))
        return self.step.effects

    def tap(self, choice: str, question: str | None = None) -> tuple[Effect, ...]:
        """An answer's button, of the card at hand or of another question."""
        question = self.session.cursor.question if question is None else question
        return self.send(events.ChoiceTapped(self.case.key, question or "", choice))

    def press(self, control: events.Control) -> tuple[Effect, ...]:
        return self.send(events.ControlTapped(self.card, control))

    @property
    def case(self) -> Case:
        assert self.session.case is not None
        return self.session.case

    @property
    def card(self) -> Card:
        return Card(self.case.key, self.session.cursor.card)

    @property
    def at(self) -> str | None:
        """The number of the question at hand, None on a review."""
        form = self.pack.form(self.case.form)
        assert form is not None
        question = form.by_name.get(self.session.cursor.question or "")
        return question.number if question else None

    @property
    def reply(self) -> Reply:
        return render(self.step.effects, View(self.session, self.pack, "tiny"))

    def value(self, name: str) -> object:
        form = self.pack.form(self.case.form)
        assert form is not None
        return self.case.value(form.by_name[name])
