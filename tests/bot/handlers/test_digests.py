"""``/digest``: what a lead is told without asking, and when."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest

from tests.bot.handlers.office import PEOPLE, Office


async def due(office: Office) -> list[tuple[str, str]]:
    notices = [one for chat in PEOPLE for one in await office.pipeline.due(chat)]
    for notice in notices:
        await office.pipeline.sent(notice)
    return [(notice.chat, notice.reply.text.splitlines()[1]) for notice in notices]


async def test_the_evening_digest_comes_once_a_day_and_not_before_its_time(office: Office) -> None:
    told = await office.say("L1", "/digest 18:00")
    assert (
        told == "I will tell you every day at 18:00 (UTC) how the inspection stands,"
        " and not about each case."
    )
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
    why = "When should I message you about progress?"
    if words:
        why = (
            f"I cannot read “{words}” as a time, so nothing has changed. Send a time from 00:00 to"
        )
    assert told.startswith(why)
    assert "When should I message you about progress?" in told
    assert office.labels("L1") == ["Each case", "At 18:00", "Only at the end"]
    assert (
        await office.tap("L1", "Only at the end")
        == "I will tell you only when the last case is submitted."
    )
