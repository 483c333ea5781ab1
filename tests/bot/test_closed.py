"""A closed inspection can be read, and nothing in it changes: every command, button and file."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any, get_args

import pytest

from bot import outbox
from bot.channels.channel import Message
from bot.invitations import invite
from bot.messages import say
from criteria.inspection import Role
from storage.documents import RecordKind
from tests.bot.test_conversation_telegram import AT, now
from tests.bot.test_permissions import (
    ANOTHER,
    FIRST,
    LEAD,
    STRANGER,
    WEEK,
    House,
    buttons,
    everything,
    said,
    walked_once,
)
from tests.changing import close_inspection, set_record

__all__ = ["walked_once"]  # a fixture

CLOSED = say("inspection-closed", title="The week")


@pytest.fixture
def house(walked_once: tuple[Path, dict[str, str]], tmp_path: Path) -> House:
    shutil.copytree(walked_once[0], tmp_path / "data")
    return House(tmp_path / "data")


async def close(house: House, *, closed: str | None = AT, until: str | None = None) -> None:
    await close_inspection(house.store, "week", closed=closed, keep_until=until, by=None, at=AT)


async def judged(house: House) -> Any:
    """All that an inspection comes to; who may read it is not part of it."""
    cases = [await house.store.cases("week", reading=reading) for reading in (1, 2)]
    records = [await house.store.records("week", kind) for kind in get_args(RecordKind)]
    codes = {one.code_hash for one in await house.store.invitations("week")}
    return cases, records, codes


@pytest.mark.parametrize("chat", [LEAD, FIRST, ANOTHER])
async def test_nothing_that_is_sent_changes_it(
    house: House, walked_once: tuple[Path, dict[str, str]], chat: str
) -> None:
    await close(house)
    before, refused = await judged(house), 0
    for name, one in everything(walked_once[1]):
        await house.store.add_member("week", chat, WEEK[chat], at=AT)  # whatever was done before
        outcome = await house.send(chat, one)
        refused += said(outcome) == CLOSED
        assert outcome.notifications == (), name
        assert await judged(house) == before, name
    assert refused > 100


@pytest.mark.parametrize(
    ("chat", "text", "answer"),
    [
        (FIRST, "/cases", "C002: begun"),
        (FIRST, "/case C001", "C001 is submitted"),
        (FIRST, "/next", "C002 · "),
        (FIRST, "/review", "C002 · review"),
        (FIRST, "/progress", "C002: "),
        (FIRST, "/summary", "your cases"),
        (FIRST, "/export json", "as they stand now"),
        (FIRST, "/help", "/privacy – "),
        (LEAD, "/team", "The team of “The week”:"),
        (LEAD, "/case C001", "C001, I1, submitted"),
        (LEAD, "/agreement", "Read twice: 1 case."),
        (LEAD, "/findings", "The week, draft findings:"),
        (LEAD, "/findings 1", "In C001"),
        (LEAD, "/recommend", "No recommendation yet."),
        (LEAD, "/new", "Which instrument?"),
    ],
)
async def test_it_can_still_be_read(house: House, chat: str, text: str, answer: str) -> None:
    await close(house)
    shown = await house.say(chat, text)
    told = said(shown)
    assert answer in told or any(answer in one for one in buttons(shown).values()), told


@pytest.mark.parametrize(
    ("chat", "text"),
    [
        (FIRST, "y"),
        (FIRST, "/note B1 a plain note"),
        (FIRST, "/submit"),
        (FIRST, "/reopen"),
        (LEAD, "/assign C004 I2"),
        (LEAD, "/invite lead"),
        (LEAD, "/role I1 lead"),
        (LEAD, "/return C001 look again"),
        (LEAD, "/second C002 I2"),
        (LEAD, "/agree C001"),
        (LEAD, "/findings 1 In my words."),
        (LEAD, "/recommend key"),
        (LEAD, "/digest each"),
    ],
)
async def test_what_would_change_it_is_refused_kindly_until_it_is_open_again(
    house: House, chat: str, text: str
) -> None:
    await close(house)
    assert said(await house.say(chat, text)) == CLOSED
    await close(house, closed=None)
    assert said(await house.say(chat, text)) != CLOSED


async def test_who_must_not_get_in_can_still_be_taken_out(house: House) -> None:
    code, person = await invite(house.store, "week", Role.INSPECTOR, now())
    await close(house)
    await house.say(LEAD, "/remove I2 yes", f"/revoke {person}")
    assert ANOTHER not in await house.store.members("week")
    assert said(await house.say(ANOTHER, "/cases")) == say("stranger")
    await close(house, closed=None)
    assert said(await house.say(STRANGER, f"/start {code}")) == say("bad-code")


async def test_a_code_lets_nobody_in_while_it_is_closed(house: House) -> None:
    code, person = await invite(house.store, "week", Role.INSPECTOR, now())
    await close(house)
    before = house.bytes()
    assert said(await house.say(STRANGER, f"/start {code}")) == say("bad-code")
    assert house.bytes() == before
    await close(house, closed=None)
    assert f"You are {person}, inspector" in said(await house.say(STRANGER, f"/start {code}"))


async def test_one_who_led_a_closed_inspection_makes_another_from_it(house: House) -> None:
    await close(house)
    await house.say(LEAD, "/new movement-of-cases-2004")
    assert "“Week two” is ready" in said(await house.say(LEAD, "Week two"))
    assert {one.id for one in await house.store.inspections()} == {"week", "other", "week-two"}


async def test_no_evening_digest_tells_of_what_changes_no_more(house: House) -> None:
    evening = {"each": False, "evening": "00:00", "last": None}
    for closed, told in ((AT, []), (None, [LEAD])):
        await set_record(house.store, "week", "digests", LEAD, evening, by="L1", at=AT)
        await close(house, closed=closed)
        assert [one.chat for one in await outbox.due(house.store, "tg", now())] == told


@pytest.mark.parametrize(
    ("card", "label", "answer"),
    [
        ("/goto B1", say("note"), CLOSED),
        ("/goto B1", say("skip"), "C002 · "),
        ("/goto B1", say("review"), "C002 · review"),
        ("/review", say("next-open"), "C002 · "),
        ("/case C001", say("reopen"), CLOSED),
    ],
)
async def test_the_controls_of_a_card_lead_on_and_change_nothing(
    house: House, card: str, label: str, answer: str
) -> None:
    shown = await house.say(FIRST, card)
    tap = next(tap for tap, one in buttons(shown).items() if one == label)
    await close(house)
    before = await judged(house)
    told = said(await house.send(FIRST, Message("", data=tap)))
    assert told == answer or (answer != CLOSED and answer in told)
    assert await judged(house) == before


async def test_a_tap_on_a_card_that_still_stands_there_changes_nothing(house: House) -> None:
    card = await house.say(FIRST, "/goto B1")
    yes = next(tap for tap, label in buttons(card).items() if label == "Yes")
    await close(house)
    before = await judged(house)
    outcome = await house.send(FIRST, Message("", data=yes))
    assert said(outcome) == CLOSED
    assert outcome.replies[0].toast == CLOSED
    assert await judged(house) == before
