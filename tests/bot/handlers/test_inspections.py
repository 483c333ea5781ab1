"""Where one serves: going to another inspection, and what is left behind."""

from __future__ import annotations

from criteria.inspection import Inspection, Member, Role
from storage.inspection_file import inspection_document
from tests.bot.handlers.office import AT, WEEK, Office
from tests.walk import tiny_pack


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


async def test_who_is_removed_goes_on_in_another_inspection_in_the_same_language(
    office: Office,
) -> None:
    await other_inspection(office)
    await office.store.add_member("kent", "I1", Member("I1", Role.INSPECTOR), at=AT)
    await office.say("I1", "/switch week")
    await office.say("I1", "/language cy")
    await office.say("L1", "/remove I1 yes")
    await office.say("I1", "hello")
    chat = await office.store.chat_state("I1")
    assert chat is not None
    assert (chat.inspection.id, chat.session.language) == ("kent", "cy")
