"""``/privacy``: to whom it speaks, and for how long things are kept."""

from __future__ import annotations

import pytest

from bot.messages import say
from tests.bot.handlers.office import AT, WEEK, Office
from tests.changing import close_inspection


@pytest.mark.parametrize("person", ["L1", "I2"])
async def test_everybody_is_told_what_is_kept_of_them(office: Office, person: str) -> None:
    told = await office.say(person, "/privacy")
    assert f"your reference, {person};" in told
    assert f"What you judged stays, as {person}’s." in told
    assert "It is kept until the lead has it erased." in told
    assert "Telegram carries this chat and can read it" in told


async def test_the_term_that_was_set_is_told_also_when_it_is_closed(office: Office) -> None:
    for closed in (None, AT):
        await close_inspection(
            office.store, WEEK, closed=closed, keep_until="2027-12-31", by=None, at=AT
        )
        assert "It will be kept until 31 December 2027." in await office.say("I1", "/privacy")


async def test_strangers_are_told_nothing(office: Office) -> None:
    assert await office.say("somebody", "/privacy") == say("stranger")


async def test_it_fits_a_phone(office: Office) -> None:
    """Short enough to be read at once: under 900 characters, in paragraphs of at most 260."""
    told = await office.say("I1", "/privacy")
    assert len(told) < 900
    assert all(len(part) <= 260 for part in told.split("\n\n"))
