"""Cases: which one a reference means, which comes next, adding and handing in."""

from __future__ import annotations

import pytest

from criteria.case import Status
from tests.bot.answers.office import Office


async def test_a_reference_opens_the_case_whatever_the_case_of_its_letters(office: Office) -> None:
    assert (await office.say("I1", "/case c002")).startswith("C002 · A1 · 1 of 7")


async def test_without_a_reference_the_open_one_is_shown_or_else_the_list(office: Office) -> None:
    assert (await office.say("I1", "/case")).startswith("Your cases:\nC001: not begun, 0 of 7")
    await office.say("I1", "/case C001")
    assert (await office.say("I1", "/case")).startswith("C001 · A1")


async def test_an_inspector_lists_the_own_cases_and_those_of_nobody(office: Office) -> None:
    told = await office.say("I2", "/cases")
    assert told == "Your cases:\nC004: not begun, 0 of 7"
    assert (await office.say("I2", "/case C001")).startswith("C001 is not one of your cases.")


async def test_an_unknown_reference_is_added_by_a_tap_and_a_name_is_not(office: Office) -> None:
    assert await office.say("I2", "/case C077") == "C077 is not in this inspection. Add it?"
    assert (await office.tap("I2", "Add C077")).startswith("C077 · A1")
    assert (await office.case("C077")).inspector == "I2"
    for name in ("smith", "john smith", "C 1", "../x1"):
        assert "cannot be a case reference" in await office.say("I2", f"/case {name}")


async def test_an_unknown_form_is_told_with_those_there_are(files_office: Office) -> None:
    told = await files_office.say("I1", "/case C001 prison-file")
    assert told == "There is no form “prison-file”; there are case-file or police-file."


async def test_of_several_files_one_is_chosen_by_a_tap_or_is_the_only_one_left(
    files_office: Office,
) -> None:
    office = files_office
    assert await office.say("I1", "/case C001") == "C001 has several files. Which one?"
    assert (await office.tap("I1", "C001 police-file")).startswith("C001 · P1 · 1 of 1")
    await office.say("I1", "y")
    await office.say("I1", "/submit")
    assert (await office.say("I1", "/case C001")).startswith("C001 · A1")
    assert (await office.say("I2", "/case C002")).startswith("C002 · P1"), "the own one"


async def test_a_file_that_a_subject_does_not_have_yet_is_added(files_office: Office) -> None:
    office = files_office
    await office.say("I1", "/case C009 police-file")
    assert (await office.tap("I1", "Add C009")).startswith("C009 · P1")
    assert (await office.say("I1", "/case C009 case-file")).startswith("C009 is not in this")


async def test_the_next_case_of_a_lead_is_an_own_one_or_nobodys(office: Office) -> None:
    await office.submit("L1", "C004")
    assert await office.tap("L1", "Next case ›") == "All your cases are submitted. Thank you."
    await office.say("L1", "/assign C003 L1")
    await office.say("L1", "/case C004")
    assert (await office.tap("L1", "Next case ›")).startswith("C003 · A1")


async def test_the_next_case_of_an_inspector_may_be_a_second_reading(office: Office) -> None:
    await office.say("L1", "/second C001 I2")
    await office.submit("I2", "C004")
    assert (await office.tap("I2", "Next case ›")).startswith("C001 · A1")
    assert (await office.case(reading=2)).inspector == "I2"


async def test_a_case_is_handed_in_once(office: Office) -> None:
    assert (await office.submit("I1")).startswith("✓ C001 is submitted. Thank you.")
    assert (await office.say("I1", "/submit")).startswith("C001 is already submitted.")
    assert (await office.case()).status is Status.SUBMITTED
    assert len(office.told["L1"]) == 1


async def test_an_inspector_reopens_an_own_submitted_case(office: Office) -> None:
    await office.submit("I1")
    assert (await office.tap("I1", "Reopen")).startswith("C001 is open again.")
    assert (await office.case()).status is Status.IN_PROGRESS


async def test_nothing_is_cancelled_where_nothing_was_asked(office: Office) -> None:
    assert await office.say("L1", "/cancel") == "No case is open. /cases lists yours."


async def test_the_questions_change_their_language_and_the_words_about_them_do_not(
    office: Office,
) -> None:
    await office.say("I1", "/case C001")
    await office.say("I1", "m")
    assert await office.say("I1", "/language") == "Which language for the questions?"
    assert await office.tap("I1", "Cymraeg") == "Questions are now in Cymraeg."
    assert "A ddywedwyd?" in await office.say("I1", "/case")
    await office.say("L1", "/language cy")
    await office.say("L1", "/case C001")
    assert "B1 Ie" not in await office.say("L1", "/case C001")
    await office.say("I1", "ie")
    assert "B1 Ie" in await office.say("L1", "/case C001")


@pytest.mark.parametrize("text", ["", "   ", "C001 case-file second more"])
async def test_no_reference_makes_trouble(office: Office, text: str) -> None:
    assert await office.say("I1", f"/case {text}")
