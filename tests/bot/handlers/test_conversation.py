"""Taps and texts in the open case, through the pipeline."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from bot.channels.channel import Message
from bot.context import Context
from bot.handlers.conversation import converse
from dialogs import events
from tests.bot.handlers.office import Office, open_office


async def context(office: Office, person: str, message: Message) -> Context:
    chat = await office.store.chat_state(person)
    assert chat is not None
    return Context(office.store, chat, await office.store.pack("week"), office.now, message)


async def test_a_waiting_note_is_asked_for_again_when_the_card_is_shown(office: Office) -> None:
    for text in ("/case C001", "male", "/note"):
        await office.say("I1", text)
    assert (await office.say("I1", "/case")).startswith("Your next message is the note on B1:")


async def test_what_a_text_may_mean_is_offered_and_taken_by_its_button(office: Office) -> None:
    for text in ("/case C001", "male"):
        await office.say("I1", text)
    told = await office.say("I1", "yes but late")
    assert told.startswith("Yes, with the note “but late”?")
    assert (await office.case()).answers == {}
    told = await office.tap("I1", "Yes and note")
    assert told.startswith("✓ B1 Yes\n✓ Note on B1 kept as evidence.")
    assert (await office.case()).answers["told"].note == "but late"


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
    origin = events.Origin("77", "2026-11-20T09:59:58Z", replies_to="70", early=True)
    assert decision.taken.event == events.TextReceived("male", origin=origin)


async def test_a_refused_tap_need_not_be_remembered(office: Office) -> None:
    await office.say("I1", "/case C001")
    here = await context(office, "I1", Message("I1", data="", update="9"))
    assert here.case is not None
    tap = events.ChoiceTapped(here.case.key, "told", "yes")
    assert not converse(here, tap).remember


async def test_an_answers_time_and_today_are_the_messages_own(office: Office) -> None:
    """A text that was sent while the bot was down: its day, and its time, not today's."""
    office.now = datetime(2026, 6, 30, 22, 0, tzinfo=UTC)
    for text in ("/case C001", "m", "n", "none", "3"):
        await office.say("I1", text)
    office.now = datetime(2026, 7, 2, 9, 0, tzinfo=ZoneInfo("Europe/London"))
    await office.send(Message("I1", text="today", sent="2026-06-30T23:30:00Z"))
    answer = (await office.case()).answers["moved"]
    assert (answer.value, answer.at) == ("2026-07-01", "2026-06-30T23:30:00Z")


async def test_the_inspections_own_time_zone_goes_before_the_bots(tmp_path: Path) -> None:
    office = await open_office(tmp_path / "data", time_zone="Pacific/Auckland")
    for text in ("/case C001", "m", "n", "none", "3", "today"):
        await office.say("I1", text)
    assert (await office.case()).answers["moved"].value == "2026-11-20"
    office.now = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
    for text in ("/goto B5", "today"):
        await office.say("I1", text)
    assert (await office.case()).answers["moved"].value == "2026-11-21"
    assert " every day at 18:00 (NZDT) " in await office.say("L1", "/digest 18:00")
    office.now = datetime(2026, 11, 21, 5, 1, tzinfo=UTC)
    (notification,) = await office.pipeline.due("L1")
    assert notification.chat == "L1"
