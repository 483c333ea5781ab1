"""Replies and edited messages: what they give is recorded where it belongs."""

from __future__ import annotations

import pytest

from dialogs import effects, events
from dialogs.events import Origin
from tests.dialogs.test_undo import gave
from tests.walk import Walk


def at_papers() -> Walk:
    """At B3, after B1 Yes and B2 Fully met."""
    walk = Walk()
    walk.type("male", "yes", "fully met")
    return walk


def reply(walk: Walk, about: str, text: str) -> tuple[effects.Effect, ...]:
    return walk.send(events.TextReceived(text, origin=Origin(about=about)))


def edit(walk: Walk, text: str, *changes: events.GivenChange) -> tuple[effects.Effect, ...]:
    return walk.send(events.MessageEdited(text, changes))


def test_a_reply_changes_the_answer_it_belongs_to_and_the_card_stays() -> None:
    walk = at_papers()
    card = walk.card
    told = reply(walk, "how_well", "partly met")
    form = walk.pack.forms[0]
    assert told[0] == effects.AnswerRecorded(form.by_name["how_well"], "partly", "fully")
    assert (walk.at, walk.card, walk.value("how_well")) == ("B3", card, "partly")


def test_a_reply_that_is_no_answer_brings_its_question_up() -> None:
    walk = at_papers()
    rejected, asked = reply(walk, "told", "blue")
    assert isinstance(rejected, effects.AnswerRejected)
    assert isinstance(asked, effects.QuestionAsked)
    assert (walk.at, walk.value("told")) == ("B1", "yes")


def test_a_reply_to_a_question_that_does_not_apply_changes_nothing() -> None:
    walk = Walk()
    walk.type("male", "no")
    assert isinstance(reply(walk, "how_well", "fully met")[0], effects.JumpRefused)
    assert (walk.at, walk.value("how_well")) == ("B3", None)


def test_the_card_moves_on_where_a_reply_takes_its_question_away() -> None:
    walk = Walk()
    walk.type("male", "yes")
    assert walk.at == "B2"
    reply(walk, "told", "no")
    assert walk.at == "B3"


def test_an_edited_message_changes_what_it_gave() -> None:
    walk = Walk()
    walk.type("male")
    changes = gave(walk, "yes")
    recorded = edit(walk, "no", *changes)[0]
    form = walk.pack.forms[0]
    assert recorded == effects.AnswerRecorded(form.by_name["told"], "no", "yes")
    assert (walk.value("told"), walk.at) == ("no", "B3")


def test_an_edited_note_is_that_note_and_its_answer_stays() -> None:
    walk = at_papers()
    walk.send(events.JumpedTo("B1"))
    walk.press("note")
    changes = gave(walk, "seen on page three")
    (recorded, _) = edit(walk, "seen on page four", *changes)
    assert isinstance(recorded, effects.NoteRecorded)
    answer = walk.case.answers["told"]
    assert (answer.value, answer.note) == ("yes", "seen on page four")
    edit(walk, "/note B1 no, on page five", *changes)
    assert walk.case.answers["told"].note == "seen on page four", "changed since"


@pytest.mark.parametrize("text", ["/note B1 on page five", "/note on page five", "on page five"])
def test_an_edited_note_command_is_its_note(text: str) -> None:
    walk = at_papers()
    walk.send(events.JumpedTo("B1"))
    walk.press("note")
    edit(walk, text, *gave(walk, "seen"))
    assert walk.case.answers["told"].note == "on page five"


@pytest.mark.parametrize("text", ["blue", "", "not"])
def test_an_edit_that_is_no_answer_changes_nothing_and_says_so(text: str) -> None:
    walk = Walk()
    walk.type("male")
    changes = gave(walk, "yes")
    before = walk.case
    refused = edit(walk, text, *changes)[0]
    assert refused == effects.EditRefused("unclear", walk.pack.forms[0].by_name["told"], "yes")
    assert walk.case == before
    assert "so that stays as it was: Yes." in walk.reply.text


def test_an_edit_of_what_was_changed_since_changes_nothing() -> None:
    walk = Walk()
    walk.type("male")
    changes = gave(walk, "yes")
    walk.send(events.JumpedTo("B1"))
    walk.type("no")
    assert edit(walk, "n/a", *changes)[0] == effects.EditRefused(
        "changed_since", walk.pack.forms[0].by_name["told"]
    )
    assert walk.value("told") == "no"


def test_an_edit_of_what_was_taken_back_gives_it_anew() -> None:
    walk = Walk()
    walk.type("male")
    changes = gave(walk, "yes")
    walk.send(events.UndoAsked(changes))
    edit(walk, "no", *changes)
    assert walk.value("told") == "no"


def test_an_edit_of_a_message_that_gave_nothing_is_not_read() -> None:
    walk = Walk()
    assert edit(walk, "male")[0] == effects.EditRefused("not_read")
    assert walk.value("sex") is None


def test_nothing_of_a_submitted_case_is_changed_by_a_reply_or_an_edit() -> None:
    walk = Walk()
    changes = gave(walk, "male")
    walk.type("no", "none", "3", "4/6/2014", "fine", "largely")
    walk.send(events.SubmitAsked())
    assert edit(walk, "female", *changes)[0] == effects.CaseClosed()
    assert reply(walk, "sex", "female")[0] == effects.CaseClosed()
    assert walk.value("sex") == "male"
