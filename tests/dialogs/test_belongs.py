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


# --- before the card, and lines that name their questions -----------------------------------------


def early(walk: Walk, text: str) -> tuple[effects.Effect, ...]:
    return walk.send(events.TextReceived(text, origin=Origin(early=True)))


def labels(walk: Walk) -> list[str]:
    return [button.label for row in walk.reply.buttons for button in row]


def test_a_text_from_before_the_card_is_asked_about() -> None:
    walk = Walk()
    walk.type("male")
    early(walk, "yes")
    assert walk.value("told") is None
    assert walk.reply.text.startswith("You wrote “yes” before B1 was shown.")
    assert {"Record Yes on B1", "Leave B1 open"} <= set(labels(walk))
    walk.send(events.OfferTaken(walk.card, 0))
    assert (walk.value("told"), walk.at) == ("yes", "B2")


def test_it_may_be_left_or_answered_otherwise() -> None:
    walk = Walk()
    walk.type("male")
    early(walk, "yes")
    walk.press("leave")
    assert (walk.at, walk.value("told")) == ("B1", None)
    assert "Leave B1 open" not in labels(walk)
    early(walk, "yes")
    walk.type("no")
    assert (walk.value("told"), walk.at) == ("no", "B3")


@pytest.mark.parametrize("text", ["blue", "not", "7"])
def test_what_is_no_answer_and_came_before_the_card_records_nothing(text: str) -> None:
    walk = Walk()
    walk.type("male")
    early(walk, text)
    assert walk.reply.text.startswith(f"You wrote “{text}” before B1 was shown, so nothing")
    assert walk.value("told") is None


def test_a_text_from_before_a_note_was_asked_for_is_no_note() -> None:
    walk = Walk()
    walk.type("male")
    walk.press("note")
    early(walk, "yes")
    assert "before I asked for the note on B1" in walk.reply.text
    assert walk.case.answers == {}
    walk.type("seen")
    assert walk.case.answers["told"].note == "seen"


@pytest.mark.parametrize(
    ("text", "value", "note"),
    [
        ("B1 no", "no", None),
        ("b1: NO", "no", None),
        ("B1 - y", "yes", None),
        ("B1 n no letter on file", "no", "no letter on file"),
        ("B1 no - no letter on file", "no", "no letter on file"),
        ("B1 na", "na", None),
        ("B4 12", 12, None),
        ("B5 3 June 2014", "2014-06-03", None),
        ("B6 nothing else", "nothing else", None),
    ],
)
@pytest.mark.parametrize("was_early", [True, False])
def test_a_line_that_names_its_question_is_taken_whenever_it_was_sent(
    text: str, value: object, note: str | None, was_early: bool
) -> None:
    walk = Walk()
    walk.type("male", "yes")
    (early if was_early else Walk.type)(walk, text)
    name = {"B1": "told", "B4": "visits", "B5": "moved", "B6": "remark"}[text[:2].upper()]
    assert walk.value(name) == value
    assert walk.case.answers[name].note == note
    assert walk.at == ("B2" if walk.value("told") == "yes" else "B3")


def test_lines_answer_each_its_own_question_and_what_they_bring_in() -> None:
    walk = Walk()
    walk.type("B1 y letter seen\nB2 l\n\nA1 female\nB4: 3")
    assert [walk.value(name) for name in ("told", "how_well", "sex", "visits")] == [
        "yes", "largely", "female", 3,
    ]  # fmt: skip
    assert walk.case.answers["told"].note == "letter seen"
    assert walk.at == "B3"


def test_questions_that_are_named_in_one_line_are_as_many_lines() -> None:
    walk = Walk()
    walk.type("male", "B1 y, letter seen; by me, B2 l, B4 3")
    assert [walk.value(name) for name in ("told", "how_well", "visits")] == ["yes", "largely", 3]
    assert walk.case.answers["told"].note == "letter seen; by me"


@pytest.mark.parametrize(
    "text",
    [
        "B1 y B2 l",
        "B1 y, B2 blue",
        "B1 y\nB2 blue",
        "B1 n\nB2 f",
        "B1 f not met",
        "B1 y\nand more",
        "B1 yes?",
        "B99 yes",
    ],
)
def test_lines_are_taken_all_or_none(text: str) -> None:
    walk = Walk()
    walk.type("male")
    before = walk.case
    walk.type(text)
    assert walk.case == before


def test_a_text_that_only_begins_with_a_number_stays_a_text() -> None:
    walk = Walk()
    walk.type("male", "no", "none", "3", "4/6/2014", "B1 was unclear")
    assert (walk.value("remark"), walk.value("told")) == ("B1 was unclear", "no")
    walk.send(events.JumpedTo("B4"))
    walk.press("note")
    walk.type("B1 no")
    assert (walk.case.answers["visits"].note, walk.value("told")) == ("B1 no", "no")
