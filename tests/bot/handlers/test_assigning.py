"""``/assign``: singly, in ranges, what is left; who is told, and what stays where it is."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.channels.channel import Message
from criteria.case_status import Status
from tests.bot.handlers.office import PEOPLE, WEEK, Office
from tests.files_store import folder_of


@pytest.mark.parametrize(
    ("words", "moved"),
    [
        ("C002 I2", {"C002"}),
        ("c002 i2", {"C002"}),
        ("C001-C003 I2", {"C001", "C002", "C003"}),
        ("c002-C003 I2", {"C002", "C003"}),
        ("C002-004 I2", {"C002", "C003", "C004"}),
        ("C003-C001 I2", set()),
        ("C003-C999 I2", {"C003", "C004"}),
        ("C001 C001-C002 C001 I2", {"C001", "C002"}),
        ("rest I2", {"C004"}),
        ("REST I2", {"C004"}),
        ("C001, C002 I2", {"C001", "C002"}),
        ("C001,C003, I2", {"C001", "C003"}),
        ("C001 C002 to I2", {"C001", "C002"}),
        ("rest To I2", {"C004"}),
        ("C001 C404 I2", set()),
        ("C100-C200 I2", set()),
        ("C001-D003 I2", set()),
        ("C001 I9", set()),
        ("C001 rest I2", set()),
    ],
)
async def test_cases_are_assigned_singly_in_ranges_or_all_that_are_left(
    office: Office, words: str, moved: set[str]
) -> None:
    before = await whose(office)
    told = await office.say("L1", f"/assign {words}")
    after = await whose(office)
    assert {case for case in after if after[case] != before[case]} == moved
    assert {after[case] for case in moved} <= {"I2"}
    if moved:
        count = "1 case" if len(moved) == 1 else f"{len(moved)} cases"
        assert told.startswith(f"✓ {count} now with I2")
        assert office.told["I2"] == [f"Week one: {count} waiting for you now. /cases lists yours."]
    else:
        assert "✓" not in told
        assert office.told["I2"] == []


async def whose(office: Office) -> dict[str, str | None]:
    return {line.key.case: line.inspector for line in await office.store.overview(WEEK)}


async def test_a_range_skips_what_is_not_there(office: Office) -> None:
    await office.say("L1", "/case C007")
    await office.tap("L1", "Add C007")
    assert await office.say("L1", "/assign C003-C010 I2") == (
        "✓ 3 cases now with I2, 1 of them taken from I1 and 1 from L1."
    )


async def test_a_case_is_taken_from_somebody(office: Office) -> None:
    told = await office.say("L1", "/assign C001 nobody")
    assert told == "✓ 1 case now with nobody, taken from I1."
    case = await office.case()
    assert (case.inspector, case.status) == (None, Status.UNASSIGNED)
    assert office.told["I1"] == ["C001 is with nobody now (Week one). /cases lists yours."]


async def test_who_a_case_is_taken_from_is_told_and_answers_nothing_in_it_any_more(
    office: Office,
) -> None:
    await office.say("I1", "/case C002")
    await office.say("I1", "male")
    await office.say("I1", "y")
    assert await office.say("L1", "/assign C002-C004 I2") == (
        "✓ 3 cases now with I2, 2 of them taken from I1 (1 begun)."
    )
    assert office.told["I1"] == [
        f"{case} is with I2 now (Week one). /cases lists yours." for case in ("C002", "C003")
    ]
    gone = "C002 is with somebody else now. /cases lists yours."
    assert await office.say("I1", "fully") == gone
    assert (await office.case("C002")).inspector == "I2"
    assert "how_well" not in (await office.case("C002")).answers


async def test_many_cases_that_are_taken_from_somebody_are_told_at_once(office: Office) -> None:
    await office.say("L1", "/assign C004 I1")
    assert await office.say("L1", "/assign C001-C004 I2") == (
        "✓ 4 cases now with I2, taken from I1."
    )
    assert office.told["I1"][1:] == [
        "Week one: several of your cases are no longer with you. /cases lists those that are."
    ]


async def test_one_who_has_the_case_again_is_not_told_that_it_went(office: Office) -> None:
    await office.pipeline.receive(Message("L1", text="/assign C001 I2"))
    await office.say("L1", "/assign C001 I1")
    office.now += timedelta(minutes=3)
    assert [one for chat in PEOPLE for one in await office.pipeline.outbox(chat)] == []
    assert await office.store.outbox() == []


async def test_what_is_submitted_stays_where_it_is_and_what_is_begun_keeps_its_answers(
    office: Office,
) -> None:
    await office.submit("I1")
    await office.say("I1", "/case C002")
    await office.say("I1", "male")
    await office.say("I1", "y")
    assert await office.say("L1", "/assign C001-C003 I2") == (
        "✓ 2 cases now with I2, taken from I1 (1 begun).\n"
        "1 case is already submitted and left as it is.\n"
        "1 case still with nobody."
    )
    assert (await office.case()).inspector == "I1"
    assert (await office.case("C002")).status is Status.IN_PROGRESS
    assert (await office.say("I1", "/case")).startswith("C002 is with somebody else now.")
    assert (await office.say("I2", "/case C002")).startswith("C002 · B2 · 3 of 8")


async def test_what_changes_nothing_is_said_to(office: Office) -> None:
    assert (await office.say("L1", "/assign C001 I1")).startswith("Nothing was changed.")
    assert office.told["I1"] == []


async def test_a_returned_case_goes_to_another_with_its_remark(office: Office) -> None:
    await office.submit("I1")
    await office.say("L1", "/return C001 B2 look")
    await office.say("L1", "/assign C001 I2")
    assert "L1 asks: look" in await office.say("I2", "/case C001")


async def test_who_takes_a_case_is_chosen_by_a_tap(office: Office) -> None:
    assert await office.say("L1", "/assign c004") == "Who takes C004?"
    assert office.labels("L1") == ["I1", "I2", "I3", "L1"]
    assert await office.tap("L1", "I3") == "✓ 1 case now with I3."


async def test_how_to_assign_is_told_with_what_is_left(office: Office) -> None:
    told = await office.say("L1", "/assign")
    assert told.startswith("Which cases, and to whom?")
    assert told.endswith("1 case still with nobody.")


async def test_one_file_of_several_can_be_assigned_alone(files_office: Office) -> None:
    office = files_office
    assert "/assign C001 case-file I2" in await office.say("L1", "/assign")
    assert (await office.say("L1", "/assign C001 police-file I3")).startswith("✓ 1 case now")
    assert (await office.case("C001", "police-file")).inspector == "I3"
    assert (await office.case("C001")).inspector == "I1"
    await office.say("L1", "/assign C001 I2")
    assert (await office.case("C001", "police-file")).inspector == "I2"
    assert (await office.case("C001")).inspector == "I2"
    await office.say("L1", "/assign rest police-file I3")
    assert (await office.case("C002")).inspector is None


async def test_a_lead_assigns_the_case_that_stands_open_in_the_own_chat(office: Office) -> None:
    await office.say("L1", "/case C004")
    await office.say("L1", "m")
    told = await office.say("L1", "/assign C004 I2")
    assert told == "✓ 1 case now with I2, taken from L1 (begun)."
    told = await office.say("L1", "/assign C004 I3")
    assert told == "✓ 1 case now with I3, taken from I2 (begun)."


async def test_a_case_whose_file_is_damaged_does_not_keep_the_others(office: Office) -> None:
    path = folder_of(office.store) / "inspections" / WEEK / "cases" / "C002~case-file.jsonl"
    path.write_bytes(path.read_bytes().replace(b"assigned", b"assignee"))
    told = await office.say("L1", "/assign C001-C003 I2")
    assert told.startswith("✓ 2 cases now with I2, taken from I1.\nC002: its file is damaged")
