"""The draft findings in chat, the lead's key findings, and an earlier inspection beside this."""

from __future__ import annotations

import pytest

from criteria.inspection import Inspection, Member, Role
from storage.records import key_findings
from tests.bot.handlers.office import AT, WEEK, Office
from tests.walk import tiny_pack


async def test_there_is_nothing_to_find_before_a_judgement(office: Office) -> None:
    told = await office.say("L1", "/findings")
    assert told == "There is nothing to find yet: no judgement has been made."


async def test_every_criterion_has_a_line_and_a_button(office: Office) -> None:
    await office.submit("I1", c1="not met")
    assert await office.say("L1", "/findings") == (
        "Week one, draft findings:\n"
        "1 Systems: 100% – 2 strengths, 0 to improve\n"
        "2 Management: 0% – 0 strengths, 1 to improve\n\n"
        "Tap a criterion to read it; /export docx has all of it."
    )
    told = await office.tap("L1", "2")
    assert told.startswith("2 Management: 0%\n\n(Your key finding goes here.)\n\nAreas for improve")
    assert "• C1 In the one relevant case" in told
    assert told.endswith("C001")


async def test_notes_of_good_practice_and_quotations_are_quoted_with_their_case(
    office: Office,
) -> None:
    await office.submit("I1")
    await office.say("L1", "/return C001 more, please")
    await office.say("I1", "/case C001")
    await office.say("I1", "/note B1 good practice: told within the hour")
    await office.say("I1", "/note C1 quotation: they never let me down")
    told = await office.say("L1", "/findings 1")
    assert "Good practice\n• C001 B1: told within the hour" in told
    told = await office.say("L1", "/findings 2")
    assert "Quotations\n• C001 C1: they never let me down" in told


async def test_a_key_finding_is_written_rewritten_and_taken_away(office: Office) -> None:
    await office.submit("I1")
    await office.say("L1", "/findings 1")
    asked = await office.tap("L1", "Write the key finding")
    assert asked == "Your next message is the key finding on 1. A dash takes it away."
    assert await office.say("L1", "Systems held.") == "✓ Key finding on 1 kept."
    assert "\n\nSystems held.\n\n" in await office.say("L1", "/findings 1")
    assert await office.say("L1", "/findings 1 They held well.") == "✓ Key finding on 1 kept."
    (kept,) = (await key_findings(office.store, WEEK)).values()
    assert (kept.text, kept.by) == ("They held well.", "L1")


@pytest.mark.parametrize("dash", ["-", "–", "—"])
async def test_a_dash_takes_the_key_finding_away_and_says_where_there_is_none(
    office: Office, dash: str
) -> None:
    await office.say("L1", "/findings 1 Systems held.")
    assert await office.say("L1", f"/findings 1 {dash}") == "✓ Key finding on 1 taken away."
    assert await key_findings(office.store, WEEK) == {}
    told = await office.say("L1", f"/findings 1 {dash}")
    assert told == "There is no key finding on 1 to take away."


async def test_a_key_finding_that_is_too_long_is_asked_for_again(office: Office) -> None:
    assert "under 20,000" in await office.say("L1", "/findings 1 " + "x" * 20_001)
    assert await office.say("L1", "Short.") == "✓ Key finding on 1 kept."


async def test_a_criterion_that_is_none_is_told_with_those_there_are(office: Office) -> None:
    told = await office.say("L1", "/findings 7")
    assert told == "There is no criterion “7”; there are 1, 2."


# --- beside an earlier one ----------------------------------------------------------------------


async def follow_up(office: Office) -> None:
    """L1 goes on to "Kent", which follows up the week."""
    pack = tiny_pack()
    kent = Inspection("kent", "Kent", pack.name, pack.version, follows=WEEK)
    await office.store.create_inspection(kent, pack, [], at=AT)
    await office.store.add_member("kent", "L1", Member("L1", Role.LEAD), at=AT)


async def test_a_follow_up_is_set_beside_its_original(office: Office) -> None:
    await follow_up(office)
    assert await office.say("L1", "/compare") == (
        "Week one → Kent\nThere is nothing to compare yet: no judgement was made in either."
    )
    await office.submit("I1", c1="not met")
    await office.say("L1", "/case C001")
    await office.tap("L1", "Add C001")
    await office.submit("L1")
    told = await office.say("L1", "/compare")
    assert told.startswith("Week one → Kent\n")
    assert "0% → 100% (+100) 2 Management" in told


async def test_what_follows_nothing_is_set_beside_another_that_one_leads(office: Office) -> None:
    told = await office.say("L1", "/compare")
    assert told == "This follows up no inspection, and you lead no other with this instrument."
    await follow_up(office)
    await office.say("L1", "/switch week")
    assert (await office.say("L1", "/compare")).startswith("This follows up no inspection.")
    assert (await office.tap("L1", "Kent")).startswith("Kent → Week one")
    assert (await office.say("L1", "/compare devon")).startswith("You lead no other inspection")
