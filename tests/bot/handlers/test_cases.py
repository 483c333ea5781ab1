"""Cases: which one a reference means, which comes next, adding and handing in."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.channels.channel import Message, ReceivedFile
from criteria.case import Case, EvidenceKind
from criteria.case_status import Status, initial_status
from tests.bot.handlers.office import FORM, WEEK, Office, open_office
from tests.files_store import folder_of


async def test_a_reference_opens_the_case_whatever_the_case_of_its_letters(office: Office) -> None:
    assert (await office.say("I1", "/case c002")).startswith("C002 · A1 · 1 of 7")


async def test_without_a_reference_the_open_one_is_shown_or_else_the_list(office: Office) -> None:
    assert (await office.say("I1", "/case")).startswith("Your cases:\nC001: not begun, 0 of 7")
    await office.say("I1", "/case C001")
    assert (await office.say("I1", "/case")).startswith("C001 · A1")


async def test_help_is_understood_where_no_question_waits_for_a_text(office: Office) -> None:
    for person in ("I1", "L1"):
        assert await office.say(person, "help") == await office.say(person, "/help")
    await office.say("I1", "/case C001")
    assert (await office.say("I1", "help")).startswith("Tap an answer, or type it")
    await office.say("I1", "/goto B6")
    assert (await office.say("I1", "help")).startswith("✓ B6 help")
    await office.say("I1", "/review")
    assert (await office.say("I1", "Help!")).startswith("Tap an answer, or type it")
    assert (await office.say("I1", "thanks")).startswith("No question is open, so nothing was")
    await office.say("I1", "/note B1")
    assert "kept as evidence" in await office.say("I1", "help")


async def test_an_inspector_lists_the_own_cases_and_those_of_nobody(office: Office) -> None:
    told = await office.say("I2", "/cases")
    assert told == "Free to take:\nC004: not begun, 0 of 7"
    assert (await office.say("I2", "/case C001")).startswith("C001 is not one of your cases.")
    await office.say("L1", "/assign C002 I2")
    told = await office.say("I2", "/cases")
    assert told == ("Your cases:\nC002: not begun, 0 of 7\nFree to take:\nC004: not begun, 0 of 7")
    assert office.labels("I2") == ["C002", "C004"]


async def test_the_own_cases_come_before_the_free_ones_however_many_there_are(
    tmp_path: Path,
) -> None:
    whose = {f"C{place:03}": "I1" if place > 60 else None for place in range(1, 66)}
    made = [Case(name, FORM, one, initial_status(one)) for name, one in whose.items()]
    office = await open_office(tmp_path / "data", cases=made)
    told = (await office.say("I1", "/cases")).splitlines()
    assert told[:2] == ["Your cases:", "C061: not begun, 0 of 7"]
    assert told[6:8] == ["Free to take:", "C001: not begun, 0 of 7"]
    assert told[-1] == "… and 25 more. Send /case and a reference to open any."
    assert office.labels("I1")[:6] == ["C061", "C062", "C063", "C064", "C065", "C001"]


async def test_a_case_of_nobody_that_is_in_is_not_to_be_taken(tmp_path: Path) -> None:
    made = [Case("C001", FORM, None, Status.SUBMITTED)]
    office = await open_office(tmp_path / "data", cases=made)
    assert (await office.say("I1", "/cases")).startswith("No case is waiting for you.")


async def test_a_lead_lists_all_cases_in_one(office: Office) -> None:
    told = await office.say("L1", "/cases")
    assert told.startswith("Cases of “Week one”:\nC001")
    assert "Free to take" not in told


async def test_a_free_case_that_another_began_first_is_let_go_kindly(office: Office) -> None:
    for inspector in ("I2", "I3"):
        assert (await office.say(inspector, "/case C004")).startswith("C004 · A1")
    await office.say("I1", "/cases")
    await office.say("I2", "m")
    gone = "Somebody else has C004 now. /cases lists what is left."
    assert await office.say("I3", "female") == gone
    assert await office.tap("I1", "C004") == gone
    assert (await office.case("C004")).profile == {"sex": "male"}
    assert (
        await office.say("I3", "/cases")
        == "No case is waiting for you. To add one, send /case and its reference."
    )


async def test_a_damaged_case_is_listed_and_not_offered(office: Office) -> None:
    path = folder_of(office.store) / "inspections" / WEEK / "cases" / "C004~case-file.jsonl"
    path.write_bytes(path.read_bytes().replace(b"unassigned", b"unassigner"))
    told = await office.say("I2", "/cases")
    assert told.startswith("Your cases:\nC004: its file is damaged")
    assert "Free to take" not in told


@pytest.mark.parametrize("typed", ["c1", "C1", "C0001", "c01"])
async def test_a_reference_that_is_one_of_the_list_but_for_zeros_is_asked_about(
    office: Office, typed: str
) -> None:
    told = await office.say("I1", f"/case {typed}")
    assert told == f"{typed} is not in this inspection. Did you mean C001?"
    assert office.labels("I1") == ["Open C001", f"Add {typed}"]
    assert (await office.tap("I1", "Open C001")).startswith("C001 · A1")
    await office.say("I2", f"/case {typed}")
    assert (await office.tap("I2", "Open C001")).startswith("C001 is not one of your cases.")
    await office.say("L1", f"/case {typed}")
    assert (await office.tap("L1", "Open C001")).startswith("C001, I1, not begun")
    await office.say("I2", f"/case {typed}")
    assert (await office.tap("I2", f"Add {typed}")).startswith(f"{typed} · A1")


async def test_a_reference_with_other_figures_is_not_taken_for_one_of_the_list(
    office: Office,
) -> None:
    for typed in ("C10", "C100", "C1.0", "D1"):
        told = await office.say("I1", f"/case {typed}")
        assert told == f"{typed} is not in this inspection. Add it?"


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
    told = await office.say("I1", "/case C009 case-file")
    assert told == "C009 is not in this inspection. Add it?"
    told = await office.say("I1", "/case C9 case-file")
    assert told == "C9 is not in this inspection. Did you mean C009?"
    await office.tap("I1", "Open C009")
    assert office.labels("I1") == ["Add C009"]


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


# --- undo ---------------------------------------------------------------------------------------


async def given(office: Office, *texts: str) -> None:
    for text in ("/case C001", *texts):
        await office.say("I1", text)


async def test_undo_goes_back_through_what_each_message_gave(office: Office) -> None:
    fresh = await office.case()
    await given(office, "m", "y", "fully", "/note B2 seen")
    told = await office.tap("I1", "Undo")
    assert told.startswith("✓ What you last added to B2 is taken back.\n\nC001 · B2 · ")
    assert (await office.case()).answers["how_well"].note is None
    told = await office.say("I1", "/undo")
    assert told.startswith("✓ Your answer to B2 is taken back.\n\nC001 · B2 · 3 of 8")
    told = await office.tap("I1", "Undo")
    assert told.startswith("✓ Your answer to B1 is taken back.\n\nC001 · B1 · 2 of 7")
    assert (await office.tap("I1", "Undo")).startswith("✓ Your answer to A1 is taken back.")
    assert "Undo" not in office.labels("I1")
    assert (await office.say("I1", "/undo")).startswith("There is nothing of yours to take back")
    assert await office.case() == fresh


async def test_what_was_taken_back_counts_as_never_given(office: Office) -> None:
    """No redo: after undo and another answer, undo takes that one, and then goes further back."""
    await given(office, "m", "y", "/undo", "n", "none", "/undo", "/undo")
    case = await office.case()
    assert (dict(case.profile), dict(case.answers)) == ({"sex": "male"}, {})
    assert (await office.say("I1", "/case")).startswith("C001 · B1 · 2 of 7")


async def test_the_ticks_stand_again_after_done_is_taken_back(office: Office) -> None:
    await given(office, "m", "n")
    await office.tap("I1", "Contact log")
    await office.tap("I1", "Done (1)")
    assert (await office.say("I1", "/undo")).startswith("✓ Your answer to B3 is taken back.")
    assert {"☑ Contact log", "Done (1)"} <= set(office.labels("I1"))
    assert "papers" not in (await office.case()).answers


async def test_an_evidences_kind_and_then_its_file_are_taken_back(office: Office) -> None:
    await given(office, "m")
    await office.hand("I1", ReceivedFile("photo", b"\xff\xd8\xff a page"))
    await office.tap("I1", "Strength")
    await office.say("I1", "/undo")
    (photo,) = (await office.case()).evidence
    assert (photo.kind, photo.state) == (EvidenceKind.EVIDENCE, "there")
    await office.say("I1", "/undo")
    (photo,) = (await office.case()).evidence
    assert photo.state == "removed"
    assert (await office.say("I1", "/undo")).startswith("✓ Your answer to A1 is taken back.")


async def test_an_album_is_taken_back_as_one_thing(office: Office) -> None:
    await given(office, "m")
    for page in (b"\xff\xd8\xff one", b"\xff\xd8\xff two", b"\xff\xd8\xff three"):
        file = ReceivedFile("photo", page)
        await office.send(Message("I1", file=file, album="77"))
    await office.tap("I1", "Strength")
    await office.say("I1", "/undo")
    assert {one.kind for one in (await office.case()).evidence} == {EvidenceKind.EVIDENCE}
    await office.say("I1", "/undo")
    assert {one.state for one in (await office.case()).evidence} == {"removed"}


async def test_an_undo_that_is_delivered_twice_is_done_once(office: Office) -> None:
    await given(office, "m", "y")
    undo = Message("I1", text="/undo", update="77")
    await office.send(undo)
    assert (await office.send(undo)).startswith("C001 · B1 · 2 of 7")
    assert (await office.case()).profile == {"sex": "male"}


async def test_what_somebody_else_changed_since_is_not_taken_back(office: Office) -> None:
    await given(office, "m", "y")
    await office.say("L1", "/case C001")
    await office.tap("L1", "Answer it")
    await office.say("L1", "/goto B1")
    await office.say("L1", "n")
    assert (await office.say("I1", "/undo")).startswith(
        "Somebody else has changed B1 since, so I left it as it is."
    )
    assert (await office.case()).answers["told"].value == "no"
    assert (await office.say("L1", "/undo")).startswith("✓ Your answer to B1 is taken back.")
    assert (await office.case()).answers["told"].value == "yes"


async def test_a_submitted_case_keeps_what_was_given_until_it_is_reopened(office: Office) -> None:
    await office.submit("I1")
    assert (await office.say("I1", "/undo")).startswith("C001 is submitted, so nothing changes.")
    await office.say("I1", "/reopen")
    assert (await office.say("I1", "/undo")).startswith("✓ Your answer to C1 is taken back.")
