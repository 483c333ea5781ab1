"""What people are told unasked: when it is true, once, and at the time they chose."""

from __future__ import annotations

import pytest

from bot.channels.channel import Message
from bot.pipeline import Pipeline
from criteria.inspection import Member, Role
from tests.bot.handlers.office import AT, WEEK, Office
from tests.files_store import files_store, folder_of


async def test_a_lead_hears_of_each_case_and_of_the_last_one(office: Office) -> None:
    for case in ("C001", "C002", "C003"):
        await office.submit("I1", case)
    assert office.told["L1"] == [
        f"I1 submitted C00{n}. Week one: {n} of 4 cases submitted." for n in (1, 2, 3)
    ]
    await office.submit("I2", "C004")
    each, last = office.told["L1"][3:]
    assert each == "I2 submitted C004. Week one: 4 of 4 cases submitted."
    assert last.startswith("Week one: all 4 cases are submitted. The score summary:")
    assert office.told["I1"] == []


async def test_a_lead_who_submits_the_last_case_gets_the_summary_as_the_answer(
    office: Office,
) -> None:
    for case in ("C001", "C002", "C003"):
        await office.submit("I1", case)
    assert "all 4 cases are submitted" in await office.submit("L1", "C004")
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
    assert "all 4 cases are submitted" in last


async def test_what_a_stop_kept_back_is_owed_and_goes_out_once(office: Office) -> None:
    await office.say("I1", "/case C001")
    for text in ("male", "yes", "fully", "none", "3", "4/6/2014", "fine", "largely"):
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


async def test_who_was_removed_is_told_nothing(office: Office) -> None:
    await office.store.add_member(WEEK, "tg-9", Member("L2", Role.LEAD), at=AT)
    await office.say("L1", "/remove L2 yes")
    await office.submit("I1")
    assert office.told["tg-9"] == []


async def test_one_case_of_one_is_worded_as_one(office: Office) -> None:
    for case in ("C002", "C003"):
        await office.submit("I1", case)
    await office.say("L1", "/assign C001 I3")
    assert office.told["I3"] == ["Week one: 1 case waiting for you now. /cases lists yours."]
