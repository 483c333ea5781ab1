"""Joining with a code: once, and nobody is moved back by it."""

from __future__ import annotations

from bot.channels.channel import Message
from bot.invitations import invite
from bot.messages import say
from criteria.case import Case
from criteria.inspection import Member, Role
from tests.bot.handlers.office import AT, WEEK, Office
from tests.changing import add_case


async def test_a_code_is_used_once_and_leads_back_to_where_it_led(office: Office) -> None:
    code, person = await invite(office.store, WEEK, Role.INSPECTOR, office.now)
    welcome = f"You are {person}, inspector of “Week one”."
    assert (await office.say("new", f"/start {code}")).startswith(welcome)
    assert (await office.say("new", f"/start {code}")).startswith(welcome)
    assert await office.say("other", f"/start {code}") == say("bad-code")
    assert await office.say("other", "hello") == say("stranger")
    assert (await office.store.members(WEEK))["new"] == Member(person, Role.INSPECTOR)


async def test_a_second_code_changes_nobodys_membership(office: Office) -> None:
    code, _ = await invite(office.store, WEEK, Role.INSPECTOR, office.now)
    assert "You are L1, lead" in await office.say("L1", f"/start {code}")
    assert (await office.store.members(WEEK))["L1"] == Member("L1", Role.LEAD)


async def test_a_code_that_comes_again_does_not_move_one_back(office: Office) -> None:
    code, _ = await invite(office.store, WEEK, Role.INSPECTOR, office.now)
    joining = Message("new", text=f"/start {code}", update="1")
    await office.send(joining)
    await add_case(office.store, WEEK, Case("C5", "case-file"), by=None, at=AT)
    await office.say("new", "/case C5")
    assert (await office.send(joining)).startswith("C5 · A1")


async def test_who_joins_anew_after_a_removal_begins_with_no_case_open(office: Office) -> None:
    await office.say("I1", "/case C001")
    await office.say("L1", "/remove I1 yes")
    assert await office.say("I1", "m") == say("stranger")
    code, person = await invite(office.store, WEEK, Role.INSPECTOR, office.now)
    assert f"You are {person}" in await office.say("I1", f"/start {code}")
    assert await office.say("I1", "m") == say("move-refused-no_case")


async def test_who_joins_anew_after_a_removal_keeps_the_language(office: Office) -> None:
    await office.say("I1", "/language cy")
    await office.say("L1", "/remove I1 yes")
    code, _ = await invite(office.store, WEEK, Role.INSPECTOR, office.now)
    await office.say("I1", f"/start {code}")
    chat = await office.store.chat_state("I1")
    assert chat is not None
    assert chat.session.language == "cy"
