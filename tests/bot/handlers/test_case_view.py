"""What a lead reads of a case without opening it."""

from __future__ import annotations

from datetime import timedelta, timezone

from bot.channels.channel import ReceivedFile
from bot.handlers.case_view import ROOM
from tests.bot.handlers.office import Office


async def test_answers_notes_files_and_remarks_stand_under_their_criterion(office: Office) -> None:
    await office.say("I1", "/case C001")
    await office.say("I1", "male")
    await office.say("I1", "y")
    await office.say("I1", "/note B2 strength: seen the same day")
    await office.hand("I1", ReceivedFile("photo", b"\xff\xd8\xff 1", caption="the log"))
    await office.hand("I1", ReceivedFile("voice", source="to be fetched"))
    assert (await office.say("L1", "/case C001")).split("\n\nHistory")[0] == (
        "C001, I1, begun, 2 of 8 answered\n\n"
        "Not scored\nA1 Male\n\n"
        "1 Systems\nB1 Yes\nB2 open\n   Strength: seen the same day\n"
        "   Photo, evidence: the log\n   Voice message, evidence (still being fetched)"
    )


async def test_the_history_tells_who_changed_what_from_what_to_what_and_why(
    office: Office,
) -> None:
    await office.submit("I1", c1="fully")
    await office.say("L1", "/return C001 C1 look again")
    await office.say("I1", "/case C001")
    await office.say("I1", "/note seen")
    await office.hand("I1", ReceivedFile("photo", b"\xff\xd8\xff 1"))
    await office.say("I1", "partly")
    await office.say("I1", "/submit")
    told = await office.say("L1", "/case C001")
    assert "earlier changes not shown)\n" in told
    lines = [line.split(": ", 1) for line in told.split("History")[1].splitlines()[1:]]
    assert [(one.split()[-1], what) for one, what in lines][-8:] == [
        ("I1", "C1 Fully met"),
        ("I1", "submitted"),
        ("L1", "returned"),
        ("L1", "remark on C1: look again"),
        ("I1", "C1 note"),
        ("I1", "C1 photo"),
        ("I1", "C1 Fully met → Partly met"),
        ("I1", "submitted"),
    ]


async def test_who_had_a_case_and_who_has_it_now_is_told(office: Office) -> None:
    await office.say("L1", "/assign C001 I2")
    await office.say("L1", "/assign C001 nobody")
    await office.say("L1", "/assign C001 I3")
    told = await office.say("L1", "/case C001")
    assert "L1: now with I2" in told
    assert "L1: not begun, now with nobody" in told


async def test_what_was_settled_is_told_with_its_reason(office: Office) -> None:
    await office.submit("I1")
    await office.say("L1", "/second C001 I2")
    await office.submit("I2", "C001 second", c1="not met")
    await office.say("L1", "/settle C001 case-file 7 first")
    await office.say("L1", "the log says so")
    told = await office.say("L1", "/case C001")
    assert "C1 Largely met\n   settled by L1: the log says so" in told
    assert told.endswith("L1: agreed\n20 Nov 10:00 L1: C1 Largely met, settled (the log says so)")


async def test_what_can_be_done_with_a_case_follows_where_it_stands(office: Office) -> None:
    await office.say("L1", "/case C001")
    assert office.labels("L1") == ["Answer it", "Second reading …"]
    await office.submit("I1")
    await office.say("L1", "/case C001")
    assert office.labels("L1") == ["Return …", "Agree", "Second reading …"]
    assert await office.tap("L1", "Agree") == "You have agreed C001."
    await office.say("L1", "/case C001")
    assert office.labels("L1") == ["Return …"]
    assert (await office.tap("L1", "Return …")).startswith("Your next message is the remark")
    await office.say("L1", "look again")
    await office.say("L1", "/case C001")
    assert office.labels("L1") == ["Answer it", "Return …", "Second reading …"]


async def test_of_a_case_that_is_in_the_result_stands_first(office: Office) -> None:
    result = (
        "Sufficient judgements, of those that count:\n"
        "■■■■■ 100% · 2 of 2 · 1 Systems\n□□□□□ 0% · 0 of 1 · 2 Management"
    )
    assert result in await office.submit("I1", c1="partly")
    told = await office.say("L1", "/case C001")
    assert told.startswith(f"C001, I1, submitted, 8 of 8 answered\n\n{result}\n\nNot scored\n")
    await office.say("L1", "/return C001 look again")
    assert "Sufficient judgements" not in await office.say("L1", "/case C001")


async def test_the_history_is_in_the_servers_own_time(office: Office) -> None:
    await office.submit("I1")
    office.now = office.now.astimezone(timezone(timedelta(hours=-5), "EST"))
    told = await office.say("L1", "/case C001")
    assert told.endswith("\n20 Nov 05:00 I1: submitted")


async def test_a_second_reading_is_seen_beside_the_first(office: Office) -> None:
    assert (await office.say("L1", "/case C001 second")).startswith("C001 has no second reading")
    await office.say("L1", "/second C001 I2")
    await office.submit("I2", "C001 second", c1="not met")
    await office.say("L1", "/case C001")
    told = await office.tap("L1", "See the second reading")
    assert told.startswith("C001 (second reading), I2, submitted, 8 of 8 answered")
    assert "C1 Not met" in told
    assert office.labels("L1") == []
    assert (await office.say("I1", "/case C001 second")).startswith("C001 has no second reading")


async def test_a_long_case_is_cut_at_a_line_and_says_where_the_rest_is(office: Office) -> None:
    await office.say("I1", "/case C001")
    for text in ("male", "yes", "fully"):
        await office.say("I1", text)
    for number in ("B1", "B2", "B3"):
        await office.say("I1", f"/note {number} " + "seen in the log again " * 150)
    told = await office.say("L1", "/case C001")
    assert len(told) < ROOM + 100
    assert told.endswith("\n… the rest is in /export xlsx.")


async def test_an_inspector_gets_no_such_view(office: Office) -> None:
    assert (await office.say("I1", "/case C001")).startswith("C001 · A1")


async def test_a_criterion_or_a_question_is_read_in_full(office: Office) -> None:
    await office.say("I1", "/case C001")
    for text in ("male", "yes", "fully"):
        await office.say("I1", text)
    await office.say("I1", "/note B2 strength: seen the same day")
    await office.say("I1", "/goto B2")
    await office.say("I1", "partly")
    told = await office.say("L1", "/case C001 B2")
    assert told.split("\n\nHistory")[0] == (
        "C001, I1, begun, 3 of 8 answered\n\n"
        "B2 How well?\n→ Partly met\n   Strength: seen the same day"
    )
    assert [line.split(": ", 1)[1] for line in told.split("History\n")[1].splitlines()] == [
        "B2 Fully met",
        "B2 note",
        "B2 Fully met → Partly met",
    ]
    assert office.labels("L1") == ["The whole case"]
    assert (await office.tap("L1", "The whole case")).startswith("C001, I1, begun, 3 of 8 answered")
    whole = await office.say("L1", "/case C001 systems")
    assert "\n\nB1 " in whole
    assert "\n→ Yes" in whole
    assert "C1" not in whole


async def test_what_does_not_apply_or_is_open_is_told_and_what_is_not_there_refused(
    office: Office,
) -> None:
    await office.say("I1", "/case C001")
    await office.say("I1", "male")
    await office.say("I1", "n")
    assert "\n→ does not apply" in await office.say("L1", "/case C001 B2")
    assert "\n→ open" in await office.say("L1", "/case C001 C1")
    assert await office.say("L1", "/case C001 Z9") == (
        "“Z9” is not a question, criterion or form of C001."
    )
    assert (await office.say("I1", "/case C001 B2")).startswith("There is no form “B2”")


async def test_a_part_is_looked_for_in_the_file_that_has_it(files_office: Office) -> None:
    assert "P1 Was it logged?\n→ open" in await files_office.say("L1", "/case C001 P1")
    told = await files_office.say("L1", "/case C001 systems")
    assert told == "C001 has several files. Which one?"
    assert "\nP1 " in await files_office.tap("L1", "C001 police-file")
    assert await files_office.say("L1", "/case C001 case-file P1") == (
        "“P1” is not a question, criterion or form of C001 case-file."
    )
