"""The team: who has what, assigning, roles, invitations, removal, and where one serves."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.channels.channel import Message
from criteria.case import Status
from criteria.inspection import Inspection, Member, Role
from storage.inspection_file import inspection_document
from tests.bot.handlers.office import AT, PEOPLE, WEEK, Office
from tests.files_store import folder_of
from tests.walk import tiny_pack


async def whose(office: Office) -> dict[str, str | None]:
    return {line.key.case: line.inspector for line in await office.store.overview(WEEK)}


def code_in(text: str) -> str:
    return text.partition("/start ")[2].split(maxsplit=1)[0]


# --- the team -----------------------------------------------------------------------------------


async def test_the_team_says_who_has_what(office: Office) -> None:
    await office.submit("I1")
    assert await office.say("L1", "/team") == (
        "The team of “Week one”:\nL1, lead\nI1, inspector: 1 of 3 cases in\nI2, inspector\n"
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
    assert "I4, inspector, invited until 27 November: 0 of 1 case in" in told
    assert "I1, no longer here: 0 of 2 cases in" in told
    await office.say("L1", "/revoke i4")
    assert "I4, not joined yet: 0 of 1 case in" in await office.say("L1", "/team")
    assert (await office.say("L1", "/team I4")).startswith("I4 is not here.\nC002: not begun")


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
        "I1 is removed, and can no longer get in.\n"
        "2 cases of I1 are not in yet; /assign C001 I2 gives them to someone else."
    )
    assert (await office.say("I1", "/cases")).startswith("This bot works by invitation.")
    told = await office.say("L1", "/remove I2 yes")
    assert told.endswith(
        "Second readings that I2 leaves behind: 1 case. /second C012 I3 gives one to someone."
    )
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


# --- assigning ----------------------------------------------------------------------------------


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
        assert office.told["I2"] == [f"Week one: {count} waiting for you now. /cases lists them."]
    else:
        assert "✓" not in told
        assert office.told["I2"] == []


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
    await office.say("I1", "m y")
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
    await office.say("I1", "m y")
    assert await office.say("L1", "/assign C001-C003 I2") == (
        "✓ 2 cases now with I2, taken from I1 (1 begun).\n1 case is in already and left as it is.\n"
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


# --- where one serves ---------------------------------------------------------------------------


async def other_inspection(office: Office, name: str = "kent", title: str = "Kent") -> None:
    pack = tiny_pack()
    await office.store.create_inspection(
        Inspection(name, title, pack.name, pack.version), pack, [], at=AT
    )


async def test_one_serves_in_several_inspections_and_switches(office: Office) -> None:
    assert (await office.say("I1", "/switch")).startswith("You serve in “Week one” only.")
    await other_inspection(office)
    await office.store.add_member("kent", "I1", Member("L1", Role.LEAD), at=AT)
    assert await office.say("I1", "/switch") == "You are in “Kent”. Go to:"
    assert (await office.tap("I1", "Week one")).startswith("You are I1, inspector of “Week one”.")
    assert (await office.say("I1", "/switch kent")).startswith("You are L1, lead of “Kent”.")
    assert (await office.say("I1", "/switch devon")).startswith("You do not serve in “devon”.")


async def test_inspections_of_one_title_are_told_apart(office: Office) -> None:
    for name in ("kent-a", "kent-b"):
        await other_inspection(office, name)
        await office.store.add_member(name, "I1", Member("I1", Role.INSPECTOR), at=AT)
    await office.say("I1", "/switch week")
    await office.say("I1", "/switch")
    assert sorted(office.labels("I1")) == ["Kent (kent-a)", "Kent (kent-b)"]


async def test_who_is_elsewhere_is_told_how_to_get_to_a_case(office: Office) -> None:
    await other_inspection(office)
    await office.store.add_member("kent", "I2", Member("I1", Role.INSPECTOR), at=AT)
    await office.say("L1", "/assign C001 I2")
    assert office.told["I2"][-1].endswith("You are in another inspection now: /switch week first.")
    assert "C001: not begun" in await office.say("I2", "/switch week")


async def test_an_asked_text_is_not_wanted_in_another_inspection(office: Office) -> None:
    await other_inspection(office)
    await office.submit("I1")
    await office.say("L1", "/return C001")
    await office.store.add_member("kent", "L1", Member("L1", Role.LEAD), at=AT)
    await office.say("L1", "look again")
    assert (
        inspection_document(
            await office.store.inspection(WEEK), tiny_pack(), await office.store.cases(WEEK)
        )["cases"][0]["status"]
        == "submitted"
    )
