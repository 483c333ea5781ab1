"""Recommendations: recorded part by part, listed, taken away, and followed up later."""

from __future__ import annotations

import pytest

from criteria.recommendations import Recommendation
from storage.records import follow_ups, recommendations
from tests.bot.handlers.office import WEEK, Office
from tests.bot.handlers.test_findings import follow_up


async def recommend(office: Office, text: str, kind: str = "key") -> str:
    for said in (f"/recommend {kind}", "CRC", "-", "–"):
        await office.say("L1", said)
    return await office.say("L1", text)


async def test_a_recommendation_is_asked_for_part_by_part(office: Office) -> None:
    assert (await office.say("L1", "/recommend")).startswith("No recommendation yet.")
    assert (await office.tap("L1", "Key recommendation")).startswith("Who is to act on it?")
    assert (await office.say("L1", "CRC")).startswith("Which criteria does it concern?")
    assert (await office.say("L1", "1, 2")).startswith("Which questions does it rest on?")
    assert (await office.say("L1", "b2 kept")).startswith("What should be done?")
    assert (await office.say("L1", "Tell the other area at once.")).startswith(
        "✓ Kept.\nR1 (key) CRC: Tell the other area at once.\nCriteria: 1, 2\nRests on: B2, C1"
    )
    (kept,) = (await recommendations(office.store, WEEK)).values()
    assert kept == Recommendation(
        key=True,
        owner="CRC",
        text="Tell the other area at once.",
        criteria=("c1", "c2"),
        findings=("how_well", "kept"),
        by="L1",
        at=kept.at,
    )


async def test_one_begun_from_a_criterion_knows_it(office: Office) -> None:
    await office.submit("I1")
    await office.say("L1", "/findings 2")
    assert await office.tap("L1", "Recommend …") == "Is it a key recommendation?"
    await office.tap("L1", "Other")
    assert (await office.say("L1", "NPS")).startswith("Which questions does it rest on?")
    await office.say("L1", "-")
    kept = await office.say("L1", "Do more.")
    assert kept.startswith("✓ Kept.\nR1 NPS: Do more.\nCriteria: 2")


@pytest.mark.parametrize(
    ("said", "problem"),
    [
        (("CRC", "1 9"), "There is no criterion “9”; there are 1, 2.\nWhich criteria"),
        (("CRC", "1", "B2 B99"), "There is no question “B99”.\nWhich questions"),
        (("-",), "This one is needed.\nWho is to act on it?"),
        (("CRC", "-", "-", "—"), "This one is needed.\nWhat should be done?"),
        (("CRC", "-", "-", "x" * 20_001), "That is empty or too long."),
    ],
)
async def test_a_part_that_cannot_be_kept_is_asked_for_again(
    office: Office, said: tuple[str, ...], problem: str
) -> None:
    await office.say("L1", "/recommend other")
    for text in said:
        told = await office.say("L1", text)
    assert told.startswith(problem)
    assert await recommendations(office.store, WEEK) == {}


async def test_one_that_is_cancelled_half_way_is_not_kept(office: Office) -> None:
    await office.say("L1", "/recommend key")
    await office.say("L1", "CRC")
    assert await office.say("L1", "/cancel") == "All right, nothing was kept."
    assert await office.say("L1", "1") == "No case is open. /cases lists yours."
    assert await recommendations(office.store, WEEK) == {}


async def test_one_that_is_left_for_something_else_is_not_kept_and_that_is_said(
    office: Office,
) -> None:
    await office.say("L1", "/recommend key")
    await office.say("L1", "CRC")
    told = await office.say("L1", "/team")
    assert told.startswith(
        "You went on to something else, so I no longer wait for the recommendation, and nothing"
        " of it was kept.\nThe team of"
    )
    assert await office.say("L1", "1") == "No case is open. /cases lists yours."
    assert "no longer wait" not in await office.say("L1", "/team")


async def test_begun_anew_it_starts_at_its_first_part_without_a_word_of_the_other(
    office: Office,
) -> None:
    await office.say("L1", "/recommend key")
    await office.say("L1", "CRC")
    told = await office.say("L1", "/recommend other")
    assert told == "Who is to act on it? An organisation or a role, no name."


async def test_a_reference_is_never_used_again(office: Office) -> None:
    for text in ("One.", "Two."):
        await recommend(office, text)
    await office.say("L1", "/recommend r2")
    assert await office.tap("L1", "Take R2 away") == "✓ R2 taken away."
    told = await office.say("L1", "/recommend")
    assert told.startswith("Recommendations:\nR1 (key) CRC: One.")
    assert "Two." not in told
    assert "R3 (key) CRC: Three." in await recommend(office, "Three.")
    assert list(await recommendations(office.store, WEEK)) == ["R1", "R3"]


async def test_what_names_no_recommendation_is_said_to(office: Office) -> None:
    assert (await office.say("L1", "/recommend R7")).startswith("There is no recommendation “R7”.")
    told = await office.say("L1", "/recommend key plan better")
    assert told == "There is no criterion “plan”; there are 1, 2."


async def test_an_earlier_inspections_recommendations_are_followed_up(office: Office) -> None:
    await recommend(office, "Plan better.")
    await recommend(office, "Visit more.", "other")
    await follow_up(office)
    assert (await office.say("L1", "/recommend")).endswith(
        "\n\nFrom Week one; tap one to say how far it has got:\n"
        "R1 (key) CRC: Plan better. (not followed up yet)\n"
        "R2 CRC: Visit more. (not followed up yet)"
    )
    assert await office.tap("L1", "R1 ›") == "R1 (key) CRC: Plan better."
    assert await office.tap("L1", "done") == "✓ R1: done."
    assert await office.say("L1", "/followed r2 under_way") == "✓ R2: under way."
    told = await office.say("L1", "/recommend")
    assert "Plan better. (done)\nR2 CRC: Visit more. (under way)" in told
    assert list(await follow_ups(office.store, "kent")) == ["R1", "R2"]
    assert await follow_ups(office.store, WEEK) == {}


async def test_nothing_is_followed_up_where_nothing_came_before(office: Office) -> None:
    told = await office.say("L1", "/followed R1 done")
    assert told == "This inspection does not follow up that recommendation."
