"""Taps and texts in the open case, through the pipeline."""

from __future__ import annotations

from bot.channels.channel import Message
from bot.context import Context
from bot.handlers.conversation import converse
from dialogs import events
from tests.bot.handlers.office import Office


async def context(office: Office, person: str, message: Message) -> Context:
    chat = await office.store.chat_state(person)
    assert chat is not None
    return Context(office.store, chat, await office.store.pack("week"), office.now, message)


async def test_a_waiting_note_is_asked_for_again_when_the_card_is_shown(office: Office) -> None:
    for text in ("/case C001", "male", "/note"):
        await office.say("I1", text)
    assert (await office.say("I1", "/case")).startswith("Your next message is the note on B1:")


async def test_a_line_never_changes_an_answer_that_stands(office: Office) -> None:
    for text in ("/case C001", "m y fully", "/goto B1"):
        await office.say("I1", text)
    told = await office.say("I1", "y largely")
    assert told.startswith("B2 is answered already, so nothing was recorded.")


async def test_a_decision_changes_nothing_before_it_is_committed(office: Office) -> None:
    await office.say("I1", "/case C001")
    here = await context(office, "I1", Message("I1", text="male", update="9"))
    decision = converse(here, events.TextReceived("male"))
    assert decision.session is not None
    assert decision.session.case is not None
    assert decision.session.case.profile == {"sex": "male"}
    assert decision.event == "TextReceived"
    assert (await office.case()).profile == {}


async def test_an_event_says_which_message_it_came_with(office: Office) -> None:
    await office.say("I1", "/case C001")
    message = Message("I1", text="male", id="77", sent="2026-11-20T09:59:58Z", replies_to="70")
    decision = converse(await context(office, "I1", message), events.TextReceived("male"))
    assert decision.taken is not None
    origin = events.Origin("77", "2026-11-20T09:59:58Z", replies_to="70")
    assert decision.taken.event == events.TextReceived("male", origin=origin)


async def test_a_refused_tap_need_not_be_remembered(office: Office) -> None:
    await office.say("I1", "/case C001")
    here = await context(office, "I1", Message("I1", data="", update="9"))
    assert here.case is not None
    tap = events.ChoiceTapped(here.case.key, "told", "yes")
    assert not converse(here, tap).remember
