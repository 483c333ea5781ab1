"""The card at hand, and the case's state that a step hands on to the next."""

from __future__ import annotations

from criteria.relevance import form_state
from dialogs import events
from dialogs.turn import turn_of
from tests.walk import NOW, Walk


def test_a_card_says_which_questions_it_shows_and_since_when() -> None:
    walk = Walk()
    walk.type("male")
    cursor = walk.session.cursor
    assert (cursor.card, cursor.questions, cursor.shown) == (2, ("told",), "2026-11-20T10:00:00Z")
    walk.send(events.ReviewAsked())
    assert walk.session.cursor.questions == ()


def test_the_state_that_is_handed_on_is_the_cases() -> None:
    walk = Walk()
    for text in ("male", "yes", "fully", "none", "3"):
        walk.type(text)
        seen = walk.session.seen
        assert seen is not None
        assert (seen.case, seen.form) == (walk.case, walk.pack.forms[0])
        assert seen.state == form_state(seen.form, walk.case)


def test_a_turn_takes_the_state_only_of_the_very_case_it_was_worked_out_for() -> None:
    walk = Walk()
    walk.type("male")
    form = walk.pack.forms[0]
    seen = walk.session.seen
    assert seen is not None
    assert turn_of(walk.session, walk.case, walk.pack, form, NOW).state is seen.state
    other = walk.case.answered(form.by_name["told"], "yes", "I2", "2026-11-20T10:00:00Z")
    turn = turn_of(walk.session, other, walk.pack, form, NOW)
    assert turn.state.values["told"] == "yes"


def test_ticks_that_are_not_done_are_kept_apart_from_the_answer() -> None:
    walk = Walk()
    walk.type("male", "no")
    walk.tap("plan", "papers")
    assert (walk.session.cursor.picked, walk.value("papers")) == (("plan",), None)
    walk.send(events.WentBack())
    assert walk.session.cursor.picked is None
