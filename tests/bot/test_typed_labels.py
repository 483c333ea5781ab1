"""What buttons say works typed, and so do commands' names and questions' numbers."""

from __future__ import annotations

from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest

from bot.messages import say
from criteria.instrument.load import load_pack
from tests.bot.handlers.office import Office, open_office
from tests.bot.test_guard import TEXT_SCRIPTS, prepared
from tests.walk import TINY


async def at(office: Office, *texts: str) -> None:
    for text in ("/case C001", *texts):
        await office.say("I1", text)


@pytest.mark.parametrize(
    ("typed", "comes"),
    [
        ("skip", "C001 · B2 · "),
        ("Skip ›", "C001 · B2 · "),
        ("next", "C001 · B2 · "),
        ("back", "C001 · A1 · "),
        ("‹ BACK", "C001 · A1 · "),
        ("review", "C001 · review · 2 of 8 answered"),
        ("note", "Your next message is the note on B1:"),
        ("undo", "✓ Your answer to B1 is taken back."),
        ("Make open again", "✓ B1 is open again. (It was Yes.)"),
        ("clear", "✓ B1 is open again. (It was Yes.)"),
        ("submit", "Not yet: 5 still to answer."),
        ("progress", "C001: 2 of 8 answered (25%)"),
        ("Cases.", "Your cases:"),
        ("help", "Tap an answer, or type it"),
        ("B4", "C001 · B4 · "),
        ("c1", "C001 · C1 · "),
    ],
)
async def test_a_visible_label_works_typed(office: Office, typed: str, comes: str) -> None:
    await at(office, "m", "yes", "/goto B1")
    assert (await office.say("I1", typed)).startswith(comes)
    assert "remark" not in (await office.case()).answers


async def test_what_the_review_and_the_evidence_say_works_typed(office: Office) -> None:
    await at(office, "m", "/note B1 seen")
    assert (await office.say("I1", "strength")).startswith("✓ Kept as strength on B1.")
    await office.say("I1", "review")
    assert (await office.say("I1", "next open")).startswith("C001 · B1 · ")
    await office.say("I1", "review")
    assert (await office.say("I1", "b5")).startswith("C001 · B5 · ")


async def test_a_submitted_case_is_reopened_by_its_buttons_label(office: Office) -> None:
    await office.submit("I1")
    assert (await office.say("I1", "Reopen")).startswith("C001 is open again.")


async def test_a_label_of_an_answer_goes_before_a_command_word(tmp_path: Path) -> None:
    document: dict[str, Any] = deepcopy(TINY)
    words = ["Back", "Next of kin", "B4"]
    document["choices"]["sex"] = [{"name": f"c{n}", "label": one} for n, one in enumerate(words)]
    office = await open_office(tmp_path / "data", pack=load_pack(document))
    for typed, name in (("back", "c0"), ("next", "c1"), ("b4", "c2")):
        await at(office, "/goto A1", typed)
        assert (await office.case()).profile == {"sex": name}


async def test_where_any_text_is_the_answer_only_the_cards_buttons_are_no_text(
    office: Office,
) -> None:
    await at(office, "m", "/goto B6", "progress")
    assert (await office.case()).answers["remark"].value == "progress"
    await at(office, "/goto B6", "B4")
    assert (await office.case()).answers["remark"].value == "B4"
    await at(office, "/goto B6", "back")
    assert (await office.say("I1", "/case")).startswith("C001 · B5 · ")
    await at(office, "/note B1", "review")
    assert (await office.case()).answers["told"].note == "review"
    await at(office, "/note B1", "undo")
    assert "told" not in (await office.case()).answers, "the note before is taken back"
    await at(office, "/note B1 seen", "/note B1", "remove note")
    assert "told" not in (await office.case()).answers


@pytest.mark.parametrize("typed", ["3", "1.2", "4/6/2014"])
async def test_a_number_or_a_date_is_no_questions_number(office: Office, typed: str) -> None:
    await at(office, "m", "/goto B4", typed)
    assert not (await office.say("I1", "/case")).startswith("C001 · A1")


async def test_without_a_case_the_names_of_commands_are_understood(office: Office) -> None:
    assert (await office.say("I1", "cases")).startswith("Your cases:")
    assert (await office.say("I1", "skip")).startswith("No case is open.")


# --- calling off what is waited for ---------------------------------------------------------------


@pytest.mark.parametrize("how", ["cancel", "Cancel.", "[Cancel]", "/cancel"])
@pytest.mark.parametrize("what", TEXT_SCRIPTS)
async def test_every_text_that_is_asked_for_has_a_button_and_a_word_that_call_it_off(
    office: Office, what: str, how: str
) -> None:
    for person, before, _ in TEXT_SCRIPTS[what]:
        await prepared(office, before, person)
        if how == "[Cancel]":
            assert await office.tap(person, "Cancel") == say("ask-dropped")
        else:
            assert await office.say(person, how) == say("ask-dropped")
        chat = await office.store.chat_state(person)
        assert chat is not None
        assert chat.session.asked is None
    assert (await office.case()).remarks == ()


@pytest.mark.parametrize("how", ["cancel", "no note", "No note", "[No note]", "/cancel"])
async def test_a_note_is_called_off_by_the_word_and_by_its_buttons_label(
    office: Office, how: str
) -> None:
    await office.say("I1", "/case C001")
    await office.say("I1", "/note B1")
    told = await (office.tap("I1", "No note") if how[0] == "[" else office.say("I1", how))
    assert told.startswith("C001 · A1")
    assert (await office.case()).answers == {}


async def test_cancel_is_no_answer_to_a_question_that_any_text_answers(office: Office) -> None:
    await office.say("I1", "/case C001")
    await office.say("I1", "/goto B6")
    assert (await office.say("I1", "cancel")).startswith("C001 · B6")
    assert (await office.case()).answers == {}


async def test_a_text_that_only_begins_so_is_a_text(office: Office) -> None:
    await office.say("I1", "/case C001")
    await office.say("I1", "/note B1 ")
    assert "✓ Note on B1" in await office.say("I1", "cancelled appointments were not followed up")
