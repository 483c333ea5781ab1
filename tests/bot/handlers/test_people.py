"""The team: who has what, assigning, roles, invitations, removal, and where one serves."""

from __future__ import annotations

from datetime import timedelta

from bot.channels.channel import Message
from bot.invitations import code_hash
from bot.messages import say
from criteria.inspection import Member, Role
from tests.bot.handlers.office import AT, WEEK, Office


def code_in(text: str) -> str:
    return text.partition("/start ")[2].split(maxsplit=1)[0]


# --- the team -----------------------------------------------------------------------------------


async def test_the_team_says_who_has_what(office: Office) -> None:
    await office.submit("I1")
    assert await office.say("L1", "/team") == (
        "The team of “Week one”:\nL1, lead\nI1, inspector: 1 of 3 cases submitted\nI2, inspector\n"
        "I3, inspector\nWith nobody yet: 1 case. /assign gives cases to someone."
    )
    told = await office.tap("L1", "I1")
    assert told.startswith("I1, inspector\nC001: submitted, 8 of 8\nC002: not begun, 0 of 7")
    assert office.labels("L1") == ["Make a lead", "Remove …"]
    assert await office.say("L1", "/team i2") == "I2, inspector\nHas no case."


async def test_who_stands_in_the_sample_only_has_not_joined_and_who_left_is_no_longer_here(
    office: Office,
) -> None:
    await office.say("L1", "/invite inspector")
    await office.say("L1", "/assign C002 I4")
    await office.say("L1", "/remove I1 yes")
    told = await office.say("L1", "/team")
    assert "I4, inspector, invited until 27 November: 0 of 1 case submitted" in told
    assert "I1, no longer in the team: 0 of 2 cases submitted" in told
    await office.say("L1", "/revoke i4")
    assert "I4, not joined yet: 0 of 1 case submitted" in await office.say("L1", "/team")
    assert (await office.say("L1", "/team I4")).startswith(
        "I4 is not in the team.\nC002: not begun"
    )


async def test_one_who_is_unknown_is_said_to_be(office: Office) -> None:
    for command in ("/team I9", "/role I9 lead", "/remove I9"):
        assert "I know nobody called" in await office.say("L1", command)


# --- roles and removal --------------------------------------------------------------------------


async def test_a_role_is_given_and_the_last_lead_keeps_theirs(office: Office) -> None:
    told = await office.say("L1", "/role L1 inspector")
    assert told == "That is the only lead. Make somebody else a lead first."
    assert await office.say("L1", "/role i1 Lead") == "I1 is now a lead."
    assert (await office.say("I1", "/team")).startswith("The team of")
    assert await office.say("L1", "/role L1 inspector") == "L1 is now an inspector."
    assert await office.say("L1", "/team") == "/team is for the lead of the inspection."


async def test_a_role_that_is_none_is_told_how(office: Office) -> None:
    assert (await office.say("L1", "/role I1 boss")).startswith("Who, and which role?")
    assert (await office.store.members(WEEK))["I1"].role is Role.INSPECTOR


async def test_removing_asks_first_and_says_what_is_left(office: Office) -> None:
    await office.submit("I1")
    await office.say("L1", "/second C002 I2")
    await office.say("L1", "/remove i1")
    assert "I1" in await office.store.members(WEEK)
    told = await office.tap("L1", "Yes, remove I1")
    assert told == (
        "I1 is removed and no longer has access.\n"
        "2 cases of I1 are not submitted yet; /assign C001 I2 gives them to someone else."
    )
    assert (await office.say("I1", "/cases")).startswith("This bot works by invitation.")
    told = await office.say("L1", "/remove I2 yes")
    assert told.endswith("I2 leaves 1 second reading behind. /second C012 I3 gives one to someone.")
    assert "only lead" in await office.say("L1", "/remove L1 yes")


async def test_nobody_gets_the_reference_of_one_who_left(office: Office) -> None:
    await office.say("L1", "/remove I3 yes")
    assert "A code for one inspector, I4," in await office.say("L1", "/invite inspector")
    assert "I know nobody called I3" in await office.say("L1", "/assign C002 I3")


# --- invitations --------------------------------------------------------------------------------


async def test_an_invited_one_joins_with_the_code_once(office: Office) -> None:
    code = code_in(await office.say("L1", "/invite Inspector"))
    told = await office.say("tg-7", f"/start {code}")
    assert told.startswith("You are I4, inspector of “Week one”.")
    assert (await office.say("tg-8", f"/start {code}")).startswith("That code does not work")


async def test_a_revoked_code_and_an_old_one_work_no_more(office: Office) -> None:
    first = code_in(await office.say("L1", "/invite inspector"))
    await office.say("L1", "/team I4")
    assert await office.tap("L1", "Revoke the code") == "The code for I4 no longer works."
    assert (await office.say("tg-7", f"/start {first}")).startswith("That code does not work")
    assert (await office.say("L1", "/revoke I4")).startswith("There is no open code for I4.")
    second = code_in(await office.say("L1", "/invite lead"))
    office.now += timedelta(days=8)
    assert (await office.say("tg-7", f"/start {second}")).startswith("That code does not work")


async def test_whom_to_invite_is_asked_where_it_is_not_said(office: Office) -> None:
    await office.say("L1", "/invite somebody")
    assert "A code for one lead, L2," in await office.tap("L1", "Invite a lead")


async def test_an_invitation_that_is_delivered_again_has_a_fresh_code_in_place_of_the_first(
    office: Office,
) -> None:
    asking = Message("L1", text="/invite inspector", update="7")
    codes = [code_in(await office.send(asking)) for _ in range(2)]
    (kept,) = await office.store.invitations(WEEK)
    assert (kept.code_hash, kept.person) == (code_hash(codes[1]), "I4")
    assert (await office.say("tg-7", f"/start {codes[0]}")) == say("bad-code")
    assert (await office.say("tg-7", f"/start {codes[1]}")).startswith("You are I4, inspector")
    shown = await office.send(asking)
    assert "/start" not in shown, "somebody has joined with it, so it was seen"
    assert len(await office.store.invitations(WEEK)) == 1


async def test_who_leads_no_more_gets_no_code_where_the_command_is_delivered_again(
    office: Office,
) -> None:
    await office.store.add_member(WEEK, "L2", Member("L2", Role.LEAD), at=AT)
    asking = Message("L1", text="/invite inspector", update="7")
    await office.send(asking)
    assert len(await office.store.invitations(WEEK)) == 1
    await office.say("L2", "/role L1 inspector")
    assert await office.send(asking) == say("lead-only", command="invite")
    assert await office.store.invitations(WEEK) == []  # the code that they made went with it
