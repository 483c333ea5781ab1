"""What became of a case that was given back, once it is submitted again."""

from __future__ import annotations

from tests.bot.handlers.office import Office


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
        "I1 submitted C001 again: B2 changed, B4 as it was, C1 as it was, with more added."
        " Week one: 1 of 4 cases submitted."
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
        assert office.told["L1"][-1].startswith(f"I1 submitted C001 again: {told}. ")


async def test_a_case_that_its_inspector_reopened_was_not_given_back(office: Office) -> None:
    await office.submit("I1")
    await office.say("L1", "/return C001 B2 look")
    await office.say("I1", "/case C001")
    await office.say("I1", "/submit")
    assert "again: B2 as it was." in office.told["L1"][-1]
    await office.say("I1", "/reopen")
    await office.say("I1", "/submit")
    assert office.told["L1"][-1] == "I1 submitted C001. Week one: 1 of 4 cases submitted."
