"""The engine against a model: whatever comes in whatever order, the case is what it must be.

hypothesis draws the events: taps on the card at hand and on old ones, typed answers, lines of
answers, moves, notes, submission, and in between what others do to the case. After every event the
case, the place in it and what is told are held against :mod:`tests.dialogs.plain_case`.

``CASEWALK_ENGINE_WALKS=5000`` runs it at full length.
"""

from __future__ import annotations

import os
import random
from dataclasses import replace
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from criteria.case import Case, CaseKey, Remark
from criteria.case_status import Move, Status
from dialogs import effects, events
from dialogs.events import Card
from tests.dialogs.plain_case import (
    LABELS,
    NUMBERS,
    ORDER,
    TICKED,
    TYPED_NEVER,
    PlainCase,
    a_typed_answer,
    typed_value,
)
from tests.walk import Walk

WALKS = int(os.environ.get("CASEWALK_ENGINE_WALKS", "40"))
REFUSALS = (
    effects.TapRefused,
    effects.AnswerRejected,
    effects.LineRejected,
    effects.MoveRefused,
    effects.JumpRefused,
    effects.SubmitRefused,
    effects.NoteRejected,
    effects.CaseClosed,
)
LINES = ("m y f", "f n", "y largely", "y zzz", "male yes n/a", "n fully", "y n na y")
OFFERED: dict[str, dict[str, str | None]] = {
    "y largely": {"yes": "largely"},
    "y zzz": {"yes": "zzz"},
    "n fully": {"no": "fully"},
    "male yes n/a": {"yes": None, "na": None},
    "y n na y": {"yes": None},
}
"""What a line may have meant at B1, each answer with its note. A typed "yes" or "no" is to that
first; A1 has neither among its answers, so that nothing typed there agrees to anything."""


class EngineAndModel(RuleBasedStateMachine):
    """``at`` is the question at hand (None: the review) and ``ticks`` those of a list not done."""

    @initialize(nobodys=st.booleans())
    def open(self, nobodys: bool) -> None:
        inspector = None if nobodys else "I1"
        status = Status.UNASSIGNED if nobodys else Status.ASSIGNED
        self.plain = PlainCase(inspector, status.value)
        self.walk = Walk(case=Case("C001", "case-file", inspector, status))
        self.at: str | None = "sex"
        self.ticks: set[str] | None = None
        self.noting: str | None = None
        self.offered: dict[str, str | None] = {}
        self.old: list[Card] = []

    # --- what follows -------------------------------------------------------------------------

    def _send(self, event: events.Event) -> None:
        self.before = self.walk.session
        self.old.append(self.walk.card)
        self.walk.send(event)
        if self.plain.is_in:  # somebody else may have handed it in while a note was waited for
            self.noting = None

    def _moved(self, to: str | None) -> None:
        """A new card: what was on the one before is over."""
        self.at, self.ticks, self.noting, self.offered = to, None, None, {}

    def _refused(self, *, anew: bool = False) -> None:
        """Nothing changed, and it is said why; ``anew``: the review is shown as a new card."""
        assert any(isinstance(effect, REFUSALS) for effect in self.walk.step.effects)
        assert self.walk.session.case == self.before.case
        if anew:
            self._moved(None)

    def _answered(self, question: str, value: Any) -> None:
        if self.plain.is_in:
            self._refused()
        elif self.plain.answer(question, value, "I1"):
            self._moved(self.plain.next_after(question))
        else:  # somebody else's answer has hidden it
            self._refused()
            self._moved(self.plain.next_after(question))

    # --- taps ---------------------------------------------------------------------------------

    @precondition(lambda self: self.at is not None)
    @rule(data=st.data())
    def tap(self, data: st.DataObject) -> None:
        assert self.at is not None
        if not LABELS[self.at]:
            return
        choice = data.draw(st.sampled_from(list(LABELS[self.at])))
        self._send(events.ChoiceTapped(self.walk.case.key, self.at, choice))
        if self.at == TICKED and not self.plain.is_in:
            self.ticks, self.noting = self._shown_ticks() ^ {choice}, None
        else:
            self._answered(self.at, choice)

    @rule(data=st.data())
    def tap_what_the_card_does_not_offer(self, data: st.DataObject) -> None:
        names = {name for labels in LABELS.values() for name in labels} | {"", "no such"}
        offered = LABELS[self.at] if self.at else {}
        choice = data.draw(st.sampled_from(sorted(names - set(offered))))
        self._send(events.ChoiceTapped(self.walk.case.key, self.at or "", choice))
        self._refused()

    @rule(data=st.data())
    def tap_an_old_card(self, data: st.DataObject) -> None:
        old = [card for card in self.old if card != self.walk.card]
        if not old:
            return
        controls = st.sampled_from(["back", "skip", "note", "done", "submit", "reopen", "cancel"])
        choices = st.sampled_from(["yes", "male", "fully", "plan", "na"])
        questions = st.sampled_from([one for one in ORDER if one != self.at])
        if data.draw(st.booleans()):
            card = data.draw(st.sampled_from(old))
            self._send(events.ControlTapped(card, data.draw(controls)))
        else:
            key = self.walk.case.key
            self._send(events.ChoiceTapped(key, data.draw(questions), data.draw(choices)))
        self._refused()
        assert self.walk.session == self.before

    @rule()
    def tap_a_card_of_another_case(self) -> None:
        card = replace(self.walk.card, case=CaseKey("C002", "case-file"))
        self._send(events.ControlTapped(card, "submit"))
        self._refused()
        assert self.walk.session == self.before

    @rule()
    def done(self) -> None:
        self._send(events.ControlTapped(self.walk.card, "done"))
        if self.at != TICKED or self.plain.is_in:
            self._refused()
            return
        ticked = self._shown_ticks()
        self._answered(TICKED, tuple(name for name in LABELS[TICKED] if name in ticked))

    def _shown_ticks(self) -> set[str]:
        return set(self.plain.values.get(TICKED, ())) if self.ticks is None else self.ticks

    # --- texts --------------------------------------------------------------------------------

    @rule(seed=st.integers(0, 10**6))
    def type_an_answer(self, seed: int) -> None:
        chance = random.Random(seed)  # noqa: S311
        self._type(a_typed_answer(self.at or chance.choice(ORDER), chance))

    @rule()
    def type_what_is_none(self) -> None:
        self._type(TYPED_NEVER)

    def _type(self, text: str) -> None:
        self._send(events.TextReceived(text))
        if self.plain.is_in or (self.noting is None and self.at is None):
            self._refused()
        elif self.noting is not None:
            self.plain.note(self.noting, text, "I1")
            self.noting = None
        elif self.at is not None:
            value = typed_value(self.at, text)
            if self._to_what_was_offered(value):
                return
            if self.at not in self.plain.relevant:
                self._answered(self.at, value)
            elif value is None or (self.at == TICKED and not value and self._shown_ticks()):
                self._refused()
                self.offered = {}
            elif self.at == TICKED:
                together = self._shown_ticks() | set(value)
                in_order = tuple(name for name in LABELS[TICKED] if name in together)
                self._answered(TICKED, in_order)
            else:
                self._answered(self.at, value)

    def _to_what_was_offered(self, value: str | None) -> bool:
        """What agrees to the only answer that was offered takes it with its note; else it is asked.

        Where it does not say which, or says another answer than "yes", it is read as any other.
        """
        if self.at != "told" or value not in ("yes", "no") or len(self.offered) != 1:
            return False
        ((answer, note),) = self.offered.items()
        if answer == value == "yes":
            if note is not None and not self.plain.is_in:
                self.plain.note("told", note, "I1")
            self._answered("told", "yes")
        elif answer == "no":
            self._refused()
            self.offered = {"no": note} if value == "no" else {"yes": None, "no": None}
        else:
            return False
        return True

    @precondition(lambda self: self.at in ("sex", "told") and self.noting is None)
    @rule(line=st.sampled_from(LINES))
    def type_a_line(self, line: str) -> None:
        """A card asks one question: none of a line is taken."""
        self._send(events.TextReceived(line))
        self._refused()
        if not self.plain.is_in:
            self.offered = OFFERED.get(line, {}) if self.at == "told" else {}

    # --- moves --------------------------------------------------------------------------------

    @rule()
    def back(self) -> None:
        self._send(events.WentBack())
        to = self.plain.before(self.at)
        if self.plain.is_in or to is None:
            self._refused()
        else:
            self._moved(to)

    @rule()
    def skip(self) -> None:
        self._send(events.ControlTapped(self.walk.card, "skip"))
        if self.plain.is_in:
            self._refused()
        else:
            self._moved(next(iter(self.plain.open), None) if self.at is None
                        else self.plain.next_after(self.at))  # fmt: skip

    @rule()
    def review(self) -> None:
        self._send(events.ReviewAsked())
        self._moved(None)

    @rule(question=st.sampled_from(ORDER))
    def go_to(self, question: str) -> None:
        self._send(events.JumpedTo(NUMBERS[question]))
        if self.plain.is_in or question not in self.plain.relevant:
            self._refused()
        else:
            self._moved(question)

    @rule()
    def next_open(self) -> None:
        self._send(events.ControlTapped(self.walk.card, "next_open"))
        if self.plain.is_in:
            return  # nothing to say more; the invariant sees that nothing changed
        if self.plain.open:
            self._moved(self.plain.open[0])
        else:
            self._refused()

    # --- notes --------------------------------------------------------------------------------

    @rule()
    def ask_for_a_note(self) -> None:
        self._send(events.ControlTapped(self.walk.card, "note"))
        if self.plain.is_in or self.at in (None, "sex"):
            self._refused()
        else:
            self.noting = self.at

    @rule()
    def no_note(self) -> None:
        self._send(events.NoteCancelled())
        self.noting = None

    @rule()
    def take_the_note_away(self) -> None:
        self._send(events.ControlTapped(self.walk.card, "unnote"))
        if self.noting is None or not self.plain.remove_note(self.noting, "I1"):
            self._refused()
        else:
            self.noting = None

    # --- submission, and what others do -------------------------------------------------------

    @rule()
    def fill_in_the_rest(self) -> None:
        """So that cases are submitted now and then."""
        if self.plain.is_in:
            return
        for question in ORDER:
            if question in self.plain.open:
                self.go_to(question)
                self.type_an_answer(len(question))

    @rule()
    def submit(self) -> None:
        self._send(events.SubmitAsked())
        if self.plain.submit("I1"):
            assert any(isinstance(one, effects.CaseSubmitted) for one in self.walk.step.effects)
            self._moved(None)
        else:
            self._refused(anew=not self.plain.is_in)

    @rule()
    def reopen(self) -> None:
        self._send(events.ReopenAsked())
        if self.plain.reopen("I1"):
            self._moved(None)
        else:
            self._refused()

    @rule()
    def the_lead_gives_it_back(self) -> None:
        remark = Remark("told", "please look again", "L1", "2026-11-20T11:00:00Z")
        returned = self.walk.case.returned(remark)
        assert (returned is not None) == self.plain.give_back()
        if returned is not None:
            self.walk.session = replace(self.walk.session, case=returned)

    @rule(value=st.sampled_from(["yes", "no", "na"]))
    def somebody_else_answers(self, value: str) -> None:
        """It may hide the question at hand."""
        if self.plain.answer("told", value, "L1"):
            case = self.walk.case
            told = self.walk.pack.forms[0].by_name["told"]
            if case.value(told) != value:
                theirs = case.answered(told, value, "L1", "2026-11-20T11:00:00Z")
                theirs = replace(
                    theirs, inspector=self.plain.inspector, status=Status(self.plain.status)
                )
                self.walk.session = replace(self.walk.session, case=theirs)

    @rule()
    def somebody_else_hands_it_in(self) -> None:
        case = self.walk.case.moved(Move.SUBMIT)
        if self.plain.submit("L1"):
            assert case is not None
            case = replace(case, inspector=self.plain.inspector)
            self.walk.session = replace(self.walk.session, case=case)
            self._send(events.CardAsked())

    # --- always -------------------------------------------------------------------------------

    @invariant()
    def the_case_is_what_it_must_be(self) -> None:
        case, cursor = self.walk.case, self.walk.session.cursor
        given = {name: one.value for name, one in case.answers.items() if one.value is not None}
        notes = {name: one.note for name, one in case.answers.items() if one.note is not None}
        assert {**case.profile, **given} == self.plain.values
        assert notes == self.plain.notes
        assert (case.inspector, case.status) == (self.plain.inspector, self.plain.status)
        assert len(case.remarks) == self.plain.remarks
        assert cursor.question == self.at
        assert cursor.note_on == self.noting
        assert (None if cursor.picked is None else set(cursor.picked)) == self.ticks
        shown = self.walk.step.effects[-1]
        noting = self.noting is not None and not self.plain.is_in
        assert isinstance(shown, effects.NoteAsked) == noting
        assert all(card.id <= cursor.card for card in self.old)


TestEngineAndModel = EngineAndModel.TestCase
TestEngineAndModel.settings = settings(
    max_examples=WALKS,
    stateful_step_count=40,
    deadline=None,
    derandomize="CASEWALK_ENGINE_WALKS" not in os.environ,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
    print_blob=True,
)


# --- what was found -----------------------------------------------------------------------------


def test_a_tap_that_is_refused_while_a_note_is_waited_for_says_that_it_still_is() -> None:
    """It showed the question, and what was typed for that was kept as the note."""
    walk = Walk()
    walk.type("male")
    walk.press("note")
    refused, shown = walk.tap("female", "sex")
    assert isinstance(refused, effects.TapRefused)
    assert isinstance(shown, effects.NoteAsked)


def test_a_note_is_not_waited_for_once_somebody_else_has_handed_the_case_in() -> None:
    """What was typed after it was opened again would have been kept as that note."""
    walk = Walk()
    walk.type("male")
    walk.press("note")
    submitted = replace(walk.case, status=Status.SUBMITTED)
    walk.session = replace(walk.session, case=submitted)
    assert isinstance(walk.type("Yes")[0], effects.CaseClosed)
    walk.session = replace(walk.session, case=replace(submitted, status=Status.IN_PROGRESS))
    walk.type("Yes")
    assert (walk.value("told"), walk.case.answers["told"].note) == ("yes", None)
