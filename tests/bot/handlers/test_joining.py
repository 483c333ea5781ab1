"""Joining with a code: once, and nobody is moved back by it."""

from __future__ import annotations

import pytest

from bot.channels.channel import Message
from bot.invitations import codes_in, invite
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


@pytest.mark.parametrize(
    "sent",
    ["/start {code}.", "/start <{code}>", "/start “{code}”", "{code}", "{groups}", "{invitation}"],
)
async def test_a_stranger_joins_with_a_code_however_it_was_passed_on(
    office: Office, sent: str
) -> None:
    told = await office.say("L1", "/invite inspector")
    (code,) = codes_in(told)
    groups = " ".join(code[at : at + 4] for at in range(0, len(code), 4))
    text = sent.format(code=code, groups=groups, invitation=told)
    assert (await office.say("new", text)).startswith("You are I4, inspector of “Week one”.")


async def test_a_member_who_passes_an_invitation_on_here_keeps_it_out_of_the_case(
    office: Office,
) -> None:
    told = await office.say("L1", "/invite inspector")
    await office.say("I1", "/case C001")
    before = await office.case()
    assert "You are I1, inspector" in await office.say("I1", told)
    assert await office.case() == before


async def test_a_stranger_whose_text_only_looks_like_a_code_is_told_how_to_join(
    office: Office,
) -> None:
    assert await office.say("new", "ABCD EFGH JKLM NPQR") == say("bad-code")
    assert await office.say("new", "please let me in") == say("stranger")


@pytest.mark.parametrize("sent", ["/remove I3 yes", "/role I3 inspector"])
async def test_a_code_goes_with_the_lead_who_made_it(office: Office, sent: str) -> None:
    await office.say("L1", "/role I3 lead")
    code = codes_in(await office.say("I3", "/invite lead"))[0]
    assert "One unused code of I3’s works no more." in await office.say("L1", sent)
    assert await office.say("new", f"/start {code}") == say("bad-code")


async def test_who_has_a_new_account_is_themselves_again(office: Office) -> None:
    await office.say("I1", "/case C001")
    await office.say("I1", "/language cy")
    told = await office.say("L1", "/invite inspector i1")
    assert "earlier account has no access" in told
    first, code = codes_in(told)[0], codes_in(await office.say("L1", "/invite inspector I1"))[0]
    assert await office.say("new", f"/start {first}") == say("bad-code")  # the last one works
    assert "You are I1, inspector" in await office.say("new", f"/start {code}")
    members = await office.store.members(WEEK)
    assert members["new"] == Member("I1", Role.INSPECTOR)
    assert "I1" not in members
    assert await office.say("I1", "/cases") == say("stranger")
    assert (await office.say("new", "/case C001")).startswith("C001 · A1")
    chat = await office.store.chat_state("new")
    assert chat is not None
    assert chat.session.language == "cy"


async def test_who_was_removed_comes_back_as_themselves_with_a_new_code_only(
    office: Office,
) -> None:
    code = codes_in(await office.say("L1", "/invite inspector I1"))[0]
    assert "One unused code of I1’s works no more." in await office.say("L1", "/remove I1 yes")
    assert await office.say("I1", f"/start {code}") == say("bad-code")
    code = codes_in(await office.say("L1", "/invite inspector I1"))[0]
    assert "You are I1, inspector" in await office.say("I1", f"/start {code}")
    assert "I1" not in await office.store.former_people(WEEK)


async def test_nobody_is_invited_as_somebody_unknown_or_in_another_role(office: Office) -> None:
    unknown = say("invite-refused-unknown", person="I77")
    assert await office.say("L1", "/invite inspector I77") == unknown
    refused = say("invite-refused-role", person="L1", role="a lead")
    assert await office.say("L1", "/invite inspector L1") == refused
