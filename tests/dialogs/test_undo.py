"""Taking back what was given, and making a question open again: what the engine decides.

Which step is taken back, the case's log knows: see ``tests/bot/handlers/test_cases.py``.
"""

from __future__ import annotations

import pytest

from criteria.case_status import Status
from dialogs import effects, events
from dialogs.engine import advance
from dialogs.events import GivenChange, event_from_json, event_to_json
from dialogs.session import session_to_json
from storage.case_tables import case_patch
from tests.walk import NOW, Walk


def gave(walk: Walk, *texts: str) -> tuple[GivenChange, ...]:
    """Type texts, of which the last gives something; what that step changed, as the log has it."""
    *earlier, last = texts
    walk.type(*earlier)
    before = walk.case
    walk.type(last)
    back, forth = case_patch(walk.case, before), case_patch(before, walk.case)
    return tuple(
        GivenChange(table, name, back[table][name], after)
        for table, documents in forth.items()
        for name, after in documents.items()
    )


def undo(walk: Walk, *changes: GivenChange, more: bool = False) -> tuple[effects.Effect, ...]:
    return walk.send(events.UndoAsked(changes, more=more))


def test_an_answer_is_taken_back_as_if_it_had_not_been() -> None:
    walk = Walk()
    before = walk.case
    changes = gave(walk, "male")
    assert walk.case.status is Status.IN_PROGRESS
    undone, asked = undo(walk, *changes)
    assert undone == effects.Undone((walk.pack.forms[0].questions[0],), answers=True)
    assert isinstance(asked, effects.QuestionAsked)
    assert asked.value is None
    assert walk.case == before, "nobody has it, and it is not begun"


def test_what_the_answer_had_replaced_stands_again() -> None:
    walk = Walk()
    walk.type("m", "yes", "fully")
    walk.send(events.JumpedTo("B1"))
    changes = gave(walk, "no")
    told = undo(walk, *changes)
    assert walk.at == "B1"
    assert (walk.value("told"), walk.value("how_well")) == ("yes", "fully")
    assert any(isinstance(one, effects.AnswersReturned) for one in told)


def test_nothing_is_taken_back_of_what_somebody_else_changed_since() -> None:
    walk = Walk()
    walk.type("m")
    changes = gave(walk, "yes")
    walk.send(events.JumpedTo("B1"))
    walk.type("no")
    before = session_to_json(walk.session)
    refused, _ = undo(walk, *changes)
    assert refused == effects.UndoRefused(walk.pack.forms[0].by_name["told"])
    assert session_to_json(walk.session)["case"] == before["case"]


def test_nothing_is_taken_back_where_nothing_was_given() -> None:
    walk = Walk()
    assert undo(walk)[0] == effects.UndoRefused()
    assert "Undo" not in [button.label for row in walk.reply.buttons for button in row]


def test_a_tap_on_the_undo_of_an_older_card_takes_nothing_back() -> None:
    walk = Walk()
    card = walk.card
    changes = gave(walk, "male")
    refused, _ = walk.send(events.UndoAsked(changes, card=card))
    assert refused == effects.TapRefused()
    assert walk.value("sex") == "male"


def test_undo_goes_to_json_and_back() -> None:
    walk = Walk()
    asked = events.UndoAsked(gave(walk, "male"), more=True, card=walk.card)
    assert event_from_json(event_to_json(asked)) == asked
    assert event_from_json(event_to_json(events.UndoAsked())) == events.UndoAsked()


def test_undo_is_offered_while_there_is_something_to_take_back() -> None:
    walk = Walk()
    changes = gave(walk, "male")
    walk.press("skip")
    assert labels(walk)[-1] == "Undo"
    undo(walk, *changes, more=False)
    assert "Undo" not in labels(walk)


def labels(walk: Walk) -> list[str]:
    return [button.label for row in walk.reply.buttons for button in row]


@pytest.mark.parametrize("ask", ["clear", "/clear B1"])
def test_any_answer_is_made_open_again(ask: str) -> None:
    walk = Walk()
    walk.type("m", "yes", "fully")
    if ask == "clear":
        walk.send(events.JumpedTo("B1"))
        assert "Make open again" in labels(walk)
        told = walk.press("clear")
    else:
        told = walk.send(events.ClearAsked("B1"))
    form = walk.pack.forms[0]
    assert told[:2] == (
        effects.AnswerCleared(form.by_name["told"], "yes"),
        effects.AnswersHidden((form.by_name["how_well"],)),
    )
    assert walk.at == "B1"
    assert "told" not in walk.case.answers


def test_a_note_stays_where_its_question_is_made_open_again() -> None:
    walk = Walk()
    walk.type("m", "yes")
    walk.send(events.NoteGiven("B1 seen on page three"))
    walk.send(events.ClearAsked("B1"))
    assert walk.value("told") is None
    assert walk.case.answers["told"].note == "seen on page three"


def test_what_is_open_or_closed_is_not_made_open() -> None:
    walk = Walk()
    assert walk.press("clear")[0] == effects.MoveRefused("not_answered")
    assert isinstance(walk.send(events.ClearAsked("B77"))[0], effects.JumpRefused)
    walk.type("m", "yes", "fully", "none", "3", "4/6/2014", "fine", "largely")
    walk.send(events.SubmitAsked())
    for event in (events.ClearAsked("B1"), events.UndoAsked()):
        assert walk.send(event)[0] == effects.CaseClosed()
    assert walk.value("told") == "yes"


def test_undo_without_a_case_is_told_so() -> None:
    walk = Walk()
    session = type(walk.session)("I1")
    step = advance(session, events.UndoAsked(), walk.pack, NOW)
    assert step.effects == (effects.MoveRefused("no_case"),)
