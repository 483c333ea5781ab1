"""What people are told unasked: when it is true, once, and at the time they chose."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest

from bot.channels.channel import Message
from bot.pipeline import Pipeline
from criteria.inspection import Member, Role
from tests.bot.handlers.office import AT, PEOPLE, WEEK, Office
from tests.files_store import files_store, folder_of


async def due(office: Office) -> list[tuple[str, str]]:
    notices = [one for chat in PEOPLE for one in await office.pipeline.due(chat)]
    for notice in notices:
        await office.pipeline.sent(notice)
    return [(notice.chat, notice.reply.text.splitlines()[1]) for notice in notices]


async def test_a_lead_hears_of_each_case_and_of_the_last_one(office: Office) -> None:
    for case in ("C001", "C002", "C003"):
        await office.submit("I1", case)
    assert office.told["L1"] == [
        f"I1 submitted C00{n}. Week one: {n} of 4 cases in." for n in (1, 2, 3)
    ]
    await office.submit("I2", "C004")
    each, last = office.told["L1"][3:]
    assert each == "I2 submitted C004. Week one: 4 of 4 cases in."
    assert last.startswith("Week one: all 4 cases are in. The score summary:")
    assert office.told["I1"] == []


async def test_a_lead_who_submits_the_last_case_gets_the_summary_as_the_answer(
    office: Office,
) -> None:
    for case in ("C001", "C002", "C003"):
        await office.submit("I1", case)
    assert "all 4 cases are in" in await office.submit("L1", "C004")
    assert len(office.told["L1"]) == 3


@pytest.mark.parametrize("wanted", ["off", "18:00"])
async def test_who_wants_no_notice_of_each_case_still_hears_of_the_last(
    office: Office, wanted: str
) -> None:
    await office.say("L1", f"/digest {wanted}")
    for case in ("C001", "C002", "C003"):
        await office.submit("I1", case)
    await office.submit("I2", "C004")
    (last,) = office.told["L1"]
    assert "all 4 cases are in" in last


async def test_the_evening_digest_comes_once_a_day_and_not_before_its_time(office: Office) -> None:
    told = await office.say("L1", "/digest 18:00")
    assert told == "I will tell you every day at 18:00 (UTC) how far it is, and not of each case."
    assert await due(office) == []
    office.now = datetime(2026, 11, 20, 18, 0, tzinfo=UTC)
    assert await due(office) == [("L1", "□□□□□ 0 of 4 cases submitted, 0 begun")]
    office.now += timedelta(hours=3)
    assert await due(office) == []
    office.now = datetime(2026, 11, 22, 23, 59, tzinfo=UTC)
    assert len(await due(office)) == 1, "slept through, and late"


async def test_a_time_that_is_over_today_is_meant_for_tomorrow(office: Office) -> None:
    await office.say("L1", "/digest 9.30")
    assert await due(office) == []
    office.now = datetime(2026, 11, 21, 9, 30, tzinfo=UTC)
    assert len(await due(office)) == 1


async def test_only_leads_get_the_evening_digest(office: Office) -> None:
    assert "is for the lead" in await office.say("I1", "/digest 18:00")
    await office.say("L1", "/role I1 lead")
    await office.say("I1", "/digest 18:00")
    await office.say("L1", "/digest 18:00")
    await office.say("L1", "/role I1 inspector")
    office.now = datetime(2026, 11, 20, 18, 0, tzinfo=UTC)
    assert [chat for chat, _ in await due(office)] == ["L1"]


async def test_the_time_of_the_digest_is_the_servers_and_says_so(office: Office) -> None:
    office.now = office.now.astimezone(timezone(timedelta(hours=1), "CET"))
    assert " every day at 18:00 (CET) " in await office.say("L1", "/digest 18:00")
    office.now = office.now.replace(hour=17, minute=59)
    assert await due(office) == []
    office.now += timedelta(minutes=1)
    assert len(await due(office)) == 1


@pytest.mark.parametrize("words", ["", "6pm", "25:00", "18:60", "soon"])
async def test_what_can_be_chosen_is_shown_where_a_time_cannot_be_read(
    office: Office, words: str
) -> None:
    told = await office.say("L1", f"/digest {words}")
    why = "What shall I tell you unasked?"
    if words:
        why = (
            f"“{words}” is no time that I can read, so nothing has changed. A time is from 00:00 to"
        )
    assert told.startswith(why)
    assert "What shall I tell you unasked?" in told
    assert office.labels("L1") == ["Each case", "At 18:00", "Nothing"]
    assert await office.tap("L1", "Nothing") == "I will tell you only when the last case is in."


async def test_what_a_stop_kept_back_is_owed_and_goes_out_once(office: Office) -> None:
    await office.say("I1", "/case C001")
    for text in ("m y fully", "none", "3", "4/6/2014", "fine", "largely"):
        await office.say("I1", text)
    await office.pipeline.receive(Message("I1", text="/submit"))
    after = Pipeline(files_store(folder_of(office.store)), lambda: office.now)
    (notice,) = await after.outbox("L1")
    assert (notice.chat, notice.reply.text.split(".")[0]) == ("L1", "I1 submitted C001")
    await after.sent(notice)
    assert await after.outbox("L1") == []


async def test_a_notice_that_is_true_no_more_is_dropped(office: Office) -> None:
    await office.submit("I1")
    await office.pipeline.receive(Message("L1", text="/return C001 B2 look"))
    await office.say("I1", "/case C001")
    await office.say("I1", "/submit")
    owed = await office.pipeline.outbox("I1")
    assert not any("gave C001 back" in notice.reply.text for notice in owed)
    assert await office.store.outbox() == []


async def test_a_case_that_comes_in_again_says_what_became_of_what_was_asked(
    office: Office,
) -> None:
    await office.submit("I1")
    for remark in ("B2 too kind", "B4 sure?", "C1 look", "B4 twice"):
        await office.say("L1", f"/return C001 {remark}")
    await office.say("I1", "/case C001")
    await office.say("I1", "/goto B2")
    await office.say("I1", "partly")
    await office.say("I1", "/note C1 seen in the log")
    await office.say("I1", "/submit")
    assert office.told["L1"][-1] == (
        "I1 handed C001 in again: B2 changed, B4 as it was, C1 as it was, with more beside it."
        " Week one: 1 of 4 cases in."
    )


async def test_of_a_case_that_came_back_as_a_whole_the_changed_answers_are_counted(
    office: Office,
) -> None:
    await office.submit("I1")
    for answers, told in (
        ((), "no answer changed"),
        (("/goto B2", "partly", "/goto B2", "fully"), "no answer changed"),
        (("/goto B2", "partly"), "1 answer changed"),
        (("/goto B2", "largely", "/goto C1", "partly"), "2 answers changed"),
    ):
        await office.say("L1", "/return C001 please look again")
        await office.say("I1", "/case C001")
        for text in answers:
            await office.say("I1", text)
        await office.say("I1", "/submit")
        assert office.told["L1"][-1].startswith(f"I1 handed C001 in again: {told}. ")


async def test_a_case_that_its_inspector_reopened_was_not_given_back(office: Office) -> None:
    await office.submit("I1")
    await office.say("L1", "/return C001 B2 look")
    await office.say("I1", "/case C001")
    await office.say("I1", "/submit")
    assert "in again: B2 as it was." in office.told["L1"][-1]
    await office.say("I1", "/reopen")
    await office.say("I1", "/submit")
    assert office.told["L1"][-1] == "I1 submitted C001. Week one: 1 of 4 cases in."


async def test_who_was_removed_is_told_nothing(office: Office) -> None:
    await office.store.add_member(WEEK, "tg-9", Member("L2", Role.LEAD), at=AT)
    await office.say("L1", "/remove L2 yes")
    await office.submit("I1")
    assert office.told["tg-9"] == []


async def test_one_case_of_one_is_worded_as_one(office: Office) -> None:
    for case in ("C002", "C003"):
        await office.submit("I1", case)
    await office.say("L1", "/assign C001 I3")
    assert office.told["I3"] == ["Week one: 1 case waiting for you now. /cases lists them."]
