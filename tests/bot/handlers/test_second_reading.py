"""A lead gives a case back, has it read again, settles where the two differ, and agrees it."""

from __future__ import annotations

import pytest

from bot.channels.channel import Message
from criteria.case import CaseKey
from criteria.case_status import Status
from tests.bot.handlers.office import WEEK, Office
from tests.changing import change_case


async def read_twice(office: Office, **second: str) -> None:
    """C001 read by I1 and, blind, by I2; both in. ``c1`` is I2's last answer."""
    await office.submit("I1")
    await office.say("L1", "/second C001 I2")
    await office.submit("I2", "C001 second", **second)


# --- returning ----------------------------------------------------------------------------------


async def test_the_inspector_of_a_returned_case_lands_on_the_question_and_sees_the_remark(
    office: Office,
) -> None:
    await office.submit("I1")
    assert await office.say("L1", "/return c001 B2 please look again") == (
        "C001 is back with I1, at B2."
    )
    assert office.told["I1"] == ["The lead gave C001 back to you (Week one). /case C001 shows why."]
    card = await office.tap("I1", "Open C001")
    assert card.startswith("C001 · B2 · 3 of 8")
    assert card.endswith("L1 asks: please look again")


async def test_the_remark_is_asked_for_where_it_was_not_said(office: Office) -> None:
    await office.submit("I1")
    assert "Your next message is the remark on C001." in await office.say("L1", "/return C001")
    assert await office.say("L1", "C1: was this so?") == "C001 is back with I1, at C1."
    (remark,) = (await office.case()).remarks
    assert (remark.question, remark.text, remark.by) == ("kept", "was this so?", "L1")


@pytest.mark.parametrize("number", ["B99", "b22", "C4:", "A1.2", "P1"])
async def test_a_number_that_no_question_has_is_asked_about_and_returns_nothing(
    office: Office, number: str
) -> None:
    await office.submit("I1")
    told = await office.say("L1", f"/return C001 {number} look again")
    assert told.startswith(f"There is no question {number.rstrip(':')} in C001.")
    assert told.endswith("or beginning with a word where it is on the whole case.")
    assert (await office.case()).status is Status.SUBMITTED
    assert office.told["I1"] == []
    assert await office.say("L1", "B2 look again") == "C001 is back with I1, at B2."


async def test_a_question_near_to_the_number_is_named(office: Office) -> None:
    await office.submit("I1")
    await office.say("L1", "/return C001")
    assert (await office.say("L1", "B22 look again")).startswith(
        "There is no question B22 in C001. Did you mean B2, B1 or B3?"
    )
    assert await office.say("L1", "look again") == "C001 is back with I1."


@pytest.mark.parametrize("remark", ["3 of them are missing", "2014 again", "3/6/2014 is no day"])
async def test_figures_that_are_no_number_of_a_question_begin_a_remark_on_the_whole_case(
    office: Office, remark: str
) -> None:
    await office.submit("I1")
    assert await office.say("L1", f"/return C001 {remark}") == "C001 is back with I1."
    assert (await office.case()).remarks[0].text == remark


async def test_a_remark_on_a_question_may_begin_with_another_number(office: Office) -> None:
    await office.submit("I1")
    await office.say("L1", "/return C001 B2")
    assert await office.say("L1", "B99 is missing") == "C001 is back with I1, at B2."


async def test_a_question_without_a_remark_is_asked_for_the_remark(office: Office) -> None:
    await office.submit("I1")
    asked = await office.say("L1", "/return C001 B2")
    assert asked == "Your next message is the remark on B2 of C001."
    assert await office.say("L1", "too kind") == "C001 is back with I1, at B2."
    assert (await office.case()).remarks[0].text == "too kind"


async def test_a_case_that_is_not_in_is_not_returned(office: Office) -> None:
    before = await office.case()
    told = await office.say("L1", "/return C001 B2 look")
    assert told == "C001 is not submitted, so there is nothing to give back."
    assert await office.case() == before
    assert office.told["I1"] == []


async def test_a_case_reopened_while_the_remark_is_written_is_not_returned(office: Office) -> None:
    await office.submit("I1")
    await office.say("L1", "/return C001")
    await office.say("I1", "/reopen")
    assert "nothing to give back" in await office.say("L1", "look again")
    assert (await office.case()).status is Status.IN_PROGRESS
    assert await office.say("L1", "look again") == "No case is open. /cases lists yours."


async def test_a_second_remark_stands_beside_the_first_and_brings_the_inspector_to_it(
    office: Office,
) -> None:
    await office.submit("I1")
    await office.say("L1", "/return C001 B2 look again")
    assert "L1 asks: look again" in await office.say("I1", "/case C001")
    assert (await office.say("I1", "/goto B4")).startswith("C001 · B4")
    await office.say("L1", "/return C001 C1 and here")
    card = await office.say("I1", "/case C001")
    assert card.startswith("C001 · C1")
    assert "L1 asks: and here" in card
    await office.say("I1", "/goto B4")
    assert (await office.say("I1", "/case C001")).startswith("C001 · B4"), "where it was left"
    review = await office.say("I1", "/review")
    assert "L1 on B2: look again\nL1 on C1: and here" in review


async def test_a_remark_on_the_whole_case_is_seen_on_opening_it(office: Office) -> None:
    await office.submit("I1")
    await office.say("L1", "/return C001 tell me more")
    card = await office.say("I1", "/case C001")
    assert card.startswith("C001 · review")
    assert "L1 on the case: tell me more" in card


async def test_submitting_again_clears_the_remarks_and_tells_the_lead(office: Office) -> None:
    await office.submit("I1")
    await office.say("L1", "/return C001 B2 look again")
    await office.say("I1", "/case C001")
    assert "✓ B2 Partly met" in await office.say("I1", "partly")
    assert (await office.case()).status is Status.RETURNED
    await office.say("I1", "/submit")
    case = await office.case()
    assert (case.status, case.remarks) == (Status.SUBMITTED, ())
    assert len(office.told["L1"]) == 2
    await office.say("L1", "/return C001 C1 now this")
    assert "L1 asks: now this" in await office.say("I1", "/case C001")


async def test_how_to_return_a_case_is_told_with_a_number_of_this_instrument(
    office: Office,
) -> None:
    assert "/return C012 B1 and your remark" in await office.say("L1", "/return")
    await office.submit("I1")
    assert "B1 please look again" in await office.say("L1", "/return C001")


async def test_a_lead_returns_a_case_that_stands_open_in_the_own_chat(office: Office) -> None:
    await office.say("L1", "/case C001")
    await office.tap("L1", "Answer it")
    await office.submit("I1")
    assert await office.say("L1", "/return C001 B2 look") == "C001 is back with I1, at B2."
    assert [one.text for one in (await office.case()).remarks] == ["look"]


async def test_a_case_of_nobody_is_returned_and_said_to_be_with_nobody(office: Office) -> None:
    await office.submit("I1")
    case = await office.case()
    _, _, version = await office.store.load_case(WEEK, case.key, "L1")
    await change_case(
        office.store,
        WEEK,
        case.assigned(None),
        expect=version,
        by="L1",
        at="2026-11-20T11:00:00Z",
        event="x",
    )
    told = await office.say("L1", "/return C001 B2 look")
    assert told == ("C001 is open again, at B2, and with nobody. /assign gives it to someone.")


async def test_an_agreed_case_can_be_returned(office: Office) -> None:
    await office.submit("I1")
    await office.say("L1", "/agree C001")
    await office.say("L1", "/return C001 after all")
    assert (await office.case()).status is Status.RETURNED


async def test_a_remark_that_is_too_long_is_asked_for_again(office: Office) -> None:
    await office.submit("I1")
    assert "under 20,000 characters" in await office.say("L1", "/return C001 " + "x" * 20_001)
    assert await office.say("L1", "shorter") == "C001 is back with I1."


@pytest.mark.parametrize("command", ["/return", "/second", "/agree"])
async def test_how_a_command_goes_is_told_and_an_unknown_case_named(
    office: Office, command: str
) -> None:
    assert (await office.say("L1", command)).startswith("Which case")
    told = await office.say("L1", f"{command} C404")
    assert told == "C404 is not in this inspection. /cases lists them."


async def test_of_several_files_the_one_that_is_meant_is_asked_for(files_office: Office) -> None:
    office = files_office
    await office.say("I1", "/case C001 police-file")
    await office.say("I1", "y")
    await office.say("I1", "/submit")
    assert await office.say("L1", "/return c001") == "C001 has several files. Which one?"
    asked = await office.tap("L1", "C001 police-file")
    assert asked.startswith("Your next message is the remark on C001 police-file.")
    assert await office.say("L1", "P1 sure?") == "C001 police-file is back with I1, at P1."
    assert "/case C001 police-file shows why." in office.told["I1"][-1]
    assert "L1 asks: sure?" in await office.say("I1", "/case C001 police-file")


# --- a second reading ---------------------------------------------------------------------------


async def test_a_second_reader_starts_afresh_and_sees_the_facts_but_not_the_first_reading(
    office: Office,
) -> None:
    await office.submit("I1")
    assert await office.say("L1", "/second C001 I2") == (
        "I2 will read C001, without seeing the first reading."
    )
    assert office.told["I2"] == [
        "Week one: please read C001 as a second inspector. /case C001 opens it."
    ]
    case = await office.case(reading=2)
    assert (case.profile, dict(case.answers)) == ({"sex": "male"}, {})
    assert (await office.tap("I2", "Open C001")).startswith("C001 · B1 · 2 of 7")
    assert (await office.say("I2", "/case C001")).startswith("C001 · B1 · 2 of 7")
    assert "C001 (second reading): not begun, 1 of 7" in await office.say("I2", "/cases")
    assert "second" not in await office.say("I1", "/cases")


async def test_both_readings_are_kept_apart(office: Office) -> None:
    await read_twice(office, c1="not met")
    assert (await office.case()).answers["kept"].value == "largely"
    assert (await office.case(reading=2)).answers["kept"].value == "not_met"
    assert "1 of 4 cases submitted" in await office.say("L1", "/progress")


async def test_nobody_reads_the_same_case_twice(office: Office) -> None:
    told = await office.say("L1", "/second C001 i1")
    assert told == "C001 is I1’s to read first. Please choose somebody else."
    await office.say("L1", "/second C001 I2")
    told = await office.say("L1", "/assign C001 I2")
    assert "the first reading cannot be theirs" in told
    assert (await office.case()).inspector == "I1"


async def test_a_case_of_nobody_may_be_read_a_second_time_and_its_reader_cannot_take_it(
    office: Office,
) -> None:
    await office.say("L1", "/second C004 I2")
    assert (await office.say("I2", "/case C004")).startswith("C004 · A1")
    await office.say("I2", "m")
    assert (await office.case("C004")).inspector is None
    assert dict((await office.case("C004")).profile) == {}
    assert (await office.case("C004", reading=2)).profile == {"sex": "male"}


async def test_a_reader_is_chosen_by_a_tap_from_those_who_may(office: Office) -> None:
    await office.say("L1", "/second C001")
    assert office.labels("L1") == ["I2", "I3", "L1"]
    assert (await office.tap("L1", "I3")).startswith("I3 will read C001")
    told = await office.say("L1", "/second C001")
    assert told.startswith("I3 has the second reading now.")
    assert office.labels("L1") == ["I2", "L1"]
    assert "already" in await office.say("L1", "/second C001 I3")


async def test_an_unfinished_second_reading_can_be_given_to_somebody_else(office: Office) -> None:
    await office.say("L1", "/second C001 I2")
    await office.say("L1", "/second C001 I3")
    assert (await office.case(reading=2)).inspector == "I3"
    assert office.told["I3"][-1].startswith("Week one: please read C001")
    assert (await office.say("I2", "/case C001")).startswith("C001 is not one of your cases.")


async def test_a_finished_second_reading_stays_and_an_agreed_case_gets_none(
    office: Office,
) -> None:
    await read_twice(office)
    assert (
        await office.say("L1", "/second C001 I3")
        == "The second reading of C001 is already submitted."
    )
    await office.submit("I1", "C002")
    await office.say("L1", "/agree C002")
    assert await office.say("L1", "/second C002 I3") == (
        "C002 has been agreed. /return it first to have it read again."
    )


async def test_a_lead_who_reads_is_told_that_it_is_not_blind(office: Office) -> None:
    assert "As a lead they can see the first reading" in await office.say("L1", "/second C001 L1")


async def test_nobody_outside_the_team_reads(office: Office) -> None:
    assert "I know nobody called I9 here" in await office.say("L1", "/second C001 I9")


async def test_the_lead_hears_of_a_second_reading_and_gets_no_final_summary_for_it(
    office: Office,
) -> None:
    for case in ("C001", "C002", "C003"):
        await office.submit("I1", case)
    await office.submit("I2", "C004")
    assert "all 4 cases are submitted" in office.told["L1"][-1]
    await office.say("L1", "/second C001 I2")
    await office.submit("I2", "C001 second")
    assert office.told["L1"][-1] == (
        "I2 submitted the second reading of C001 (Week one). /agreement C001 compares the two."
    )


# --- agreement ----------------------------------------------------------------------------------


async def test_agreement_says_what_is_under_way_before_two_readings_are_in(office: Office) -> None:
    assert (await office.say("L1", "/agreement")).startswith("No case has two finished readings")
    await office.say("L1", "/second C001 I2")
    assert (await office.say("L1", "/agreement")).endswith("Under way: 1 case.")
    assert await office.say("L1", "/agreement C001") == (
        "C001 does not have two finished readings."
    )


async def test_agreement_gives_percentage_and_kappa_and_where_the_two_differ(
    office: Office,
) -> None:
    await read_twice(office, c1="not met")
    assert await office.say("L1", "/agreement") == (
        "Read twice: 1 case.\n2 of 3 judgements agree (67%), kappa 0.57: moderate agreement\n\n"
        "C001: 67%, 1 judgement to settle"
    )
    assert await office.tap("L1", "C001") == (
        "C001: I1 first, I2 second\n2 of 3 judgements agree (67%), kappa 0.57: moderate agreement\n"
        "1 judgement to settle\n\nC1 Largely met / Not met"
    )


async def test_judgements_that_differ_are_counted_apart_from_what_follows_and_from_facts(
    office: Office,
) -> None:
    """I2 says no to B1, so that B2 is not asked, and has other papers: one judgement of three."""
    await office.submit("I1")
    await office.say("L1", "/second C001 I2")
    await office.say("I2", "/case C001")
    for text in ("n", "supervision plan", "3", "4/6/2014", "fine", "largely", "/submit"):
        await office.say("I2", text)
    told = await office.say("L1", "/agreement")
    assert "1 of 2 judgements agree (50%)" in told
    assert told.endswith("C001: 50%, 1 judgement and 2 other answers to settle")
    await office.say("L1", "/settle C001 case-file 1 second")
    told = await office.say("L1", "nobody was told")
    assert "\n1 answer to settle\n" in told


async def test_the_last_difference_settled_agrees_the_case_and_keeps_the_reason(
    office: Office,
) -> None:
    await read_twice(office, c1="not met")
    await office.say("L1", "/agreement C001")
    assert "Were appointments kept?" in await office.tap("L1", "C1")
    assert office.labels("L1") == ["I1, first: Largely met", "I2, second: Not met"]
    assert (await office.tap("L1", "I2, second: Not met")).startswith("Why?")
    assert (
        await office.say("L1", "the log says so")
        == "✓ C1 stands as Not met.\nYou have agreed C001."
    )
    case = await office.case()
    answer = case.answers["kept"]
    assert case.status is Status.AGREED
    assert (answer.value, answer.given, answer.settled, answer.by) == (
        "not_met", "largely", "the log says so", "L1"
    )  # fmt: skip
    assert "2 of 3 judgements agree" in await office.say("L1", "/agreement C001")
    entry = (await office.store.history(WEEK, CaseKey("C001", "case-file")))[-1]
    assert (entry.by, entry.why) == ("L1", "the log says so")


async def test_what_differs_still_is_listed_after_one_was_settled(office: Office) -> None:
    await office.submit("I1")
    await office.say("L1", "/second C001 I2")
    await office.say("I2", "/case C001")
    for text in ("y", "partly", "supervision plan", "3", "4/6/2014", "fine", "not met", "/submit"):
        await office.say("I2", text)
    await office.say("L1", "/settle C001 case-file 2 first")
    told = await office.say("L1", "because")
    assert told.startswith("✓ B2 stands as Fully met.\n\nC001: I1 first, I2 second")
    assert told.endswith("B3 None of these / Supervision plan\nC1 Largely met / Not met")
    assert office.labels("L1") == ["B3", "C1"]


async def test_a_lead_settles_in_a_case_that_stands_open_in_the_own_chat(office: Office) -> None:
    await office.say("L1", "/case C001")
    await office.tap("L1", "Answer it")
    await read_twice(office, c1="not met")
    await office.say("L1", "/settle C001 case-file 7 first")
    assert await office.say("L1", "seen") == "✓ C1 stands as Largely met.\nYou have agreed C001."


async def test_no_answer_is_no_way_to_settle_a_question_that_is_asked(office: Office) -> None:
    await office.submit("I1")
    await office.say("L1", "/second C001 I2")
    await office.say("I2", "/case C001")
    for text in ("n", "none", "3", "4/6/2014", "fine", "largely", "/submit"):
        await office.say("I2", text)
    assert "B2 Fully met / no answer" in await office.say("L1", "/agreement C001")
    await office.tap("L1", "B2")
    assert office.labels("L1") == ["I1, first: Fully met"]
    await office.say("L1", "/settle C001 case-file 2 second")
    assert office.labels("L1") == ["I1, first: Fully met"]
    assert (await office.case()).answers["how_well"].value == "fully"


async def test_settling_the_parent_as_no_leaves_nothing_to_settle_beneath_it(
    office: Office,
) -> None:
    await office.submit("I1")
    await office.say("L1", "/second C001 I2")
    await office.say("I2", "/case C001")
    for text in ("n", "none", "3", "4/6/2014", "fine", "largely", "/submit"):
        await office.say("I2", text)
    await office.say("L1", "/settle C001 case-file 1 second")
    assert await office.say("L1", "nobody was told") == "✓ B1 stands as No.\nYou have agreed C001."


async def test_what_is_settled_already_is_not_settled_again(office: Office) -> None:
    await read_twice(office, c1="not met")
    await office.say("L1", "/settle C001 case-file 7 second")
    await office.say("L1", "once")
    told = await office.say("L1", "/settle C001 case-file 7 first")
    assert told == "That is settled already. /agreement lists what is left."
    assert (await office.case()).answers["kept"].settled == "once"


@pytest.mark.parametrize("words", ["", "C404", "C001", "C001 x 7", "C001 case-file x", "a b c d e"])
async def test_a_settle_that_means_nothing_changes_nothing(office: Office, words: str) -> None:
    await read_twice(office)
    before = await office.case()
    told = await office.say("L1", f"/settle {words}")
    assert "two finished readings" in told or "settled already" in told
    assert await office.case() == before


async def test_a_reason_is_dropped_by_cancel_and_by_something_else(office: Office) -> None:
    await read_twice(office, c1="not met")
    await office.say("L1", "/settle C001 case-file 7 second")
    assert await office.say("L1", "/cancel") == "All right, nothing was kept."
    assert await office.say("L1", "because") == "No case is open. /cases lists yours."
    await office.say("L1", "/settle C001 case-file 7 second")
    assert (await office.say("L1", "/help")).startswith(
        "You went on to something else, so I no longer wait for the reason."
    )
    assert await office.say("L1", "because") == "No case is open. /cases lists yours."
    assert (await office.case()).status is Status.SUBMITTED


# --- agreeing -----------------------------------------------------------------------------------


async def test_a_case_without_a_second_reading_is_agreed_at_once_and_stays(office: Office) -> None:
    await office.submit("I1")
    assert await office.say("L1", "/agree C001") == "You have agreed C001."
    assert await office.say("L1", "/agree C001") == "C001 has already been agreed."
    told = await office.say("I1", "/reopen")
    assert told.startswith("The lead has agreed C001, so it stays as it is.")
    assert office.labels("I1") == ["Next case ›"]
    assert (await office.case()).status is Status.AGREED


async def test_a_case_that_is_not_in_is_not_agreed(office: Office) -> None:
    told = await office.say("L1", "/agree C001")
    assert told == "C001 is not submitted, so there is nothing to agree yet."


async def test_a_case_with_differences_left_or_still_being_read_is_not_agreed(
    office: Office,
) -> None:
    await office.submit("I1")
    await office.say("L1", "/second C001 I2")
    assert (await office.say("L1", "/agree C001")).startswith(
        "I2 is still reading C001 a second time."
    )
    await office.submit("I2", "C001", c1="not met")
    told = await office.say("L1", "/agree C001")
    assert told == "The two readings of C001 still differ in 1 answer."
    assert "C1 Largely met / Not met" in await office.tap("L1", "See where")
    assert (await office.case()).status is Status.SUBMITTED


async def test_two_readings_alike_leave_nothing_to_settle_and_are_agreed_by_a_tap(
    office: Office,
) -> None:
    await read_twice(office)
    assert (await office.say("L1", "/agreement C001")).endswith("Nothing is left to settle.")
    assert await office.tap("L1", "Agree") == "You have agreed C001."


async def test_a_lead_agrees_a_case_that_stands_open_in_the_own_chat(office: Office) -> None:
    await office.submit("L1", "C004")
    assert await office.say("L1", "/agree C004") == "You have agreed C004."
    assert (await office.say("L1", "/case")).startswith("C004 · review")


# --- delivered again ----------------------------------------------------------------------------


async def test_a_remark_that_is_delivered_again_returns_nothing_twice(office: Office) -> None:
    await office.submit("I1")
    incoming = Message("L1", text="/return C001 B2 look", update="7")
    await office.receive(incoming)
    await office.receive(incoming)
    assert len((await office.case()).remarks) == 1


async def test_long_references_still_have_buttons_that_do_something(office: Office) -> None:
    long = "C" * 31 + "1"
    await office.say("I1", f"/case {long}")
    await office.tap("I1", f"Add {long}")
    for text in ("male", "yes", "fully", "none", "3", "4/6/2014", "fine", "largely", "/submit"):
        await office.say("I1", text)
    await office.say("L1", f"/case {long}")
    await office.tap("L1", "Second reading …")
    assert (await office.tap("L1", "I2")).startswith("I2 will read")
