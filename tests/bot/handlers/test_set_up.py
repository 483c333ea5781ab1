"""A lead sets up another inspection from chat, and loads its sample from a CSV."""

from __future__ import annotations

import pytest

from bot.channels.channel import Message, ReceivedFile
from criteria.case_status import Status
from tests.bot.handlers.office import WEEK, Office

MOVEMENT = "movement-of-cases-2004"


def csv(*lines: str) -> ReceivedFile:
    return ReceivedFile(
        "document", "\n".join(("case,inspector,sex", *lines)).encode(), "sample.csv"
    )


# --- another inspection -------------------------------------------------------------------------


async def test_an_inspection_is_made_and_its_maker_leads_it(office: Office) -> None:
    assert await office.say("L1", "/new") == "Which instrument?"
    assert (await office.tap("L1", "Movement of Cases")).startswith("What is it called?")
    told = await office.say("L1", "  Kent   2026 ")
    assert told.startswith("“Kent 2026” is ready, and you are its lead, L1.")
    seat = await office.store.chat_state("L1")
    assert seat is not None
    assert (seat.inspection.id, seat.inspection.pack_name) == ("kent-2026", MOVEMENT)
    assert seat.session.asked is None
    assert (await office.say("L1", "/cases")).startswith("There is no case yet.")


async def test_a_title_that_is_too_long_is_asked_for_again(office: Office) -> None:
    await office.say("L1", f"/new {MOVEMENT}")
    for text in ("x" * 101, f"/new {MOVEMENT} " + "y" * 101):
        assert await office.say("L1", text) == "Please send a title of up to 100 characters."
        assert len(await office.store.inspections()) == 1
    assert (await office.say("L1", "Kent")).startswith("“Kent” is ready")


async def test_titles_that_are_alike_get_ids_of_their_own(office: Office) -> None:
    for _ in range(2):
        await office.say("L1", f"/new {MOVEMENT} Week")
    ids = [one.id for one in await office.store.inspections()]
    assert sorted(ids) == [WEEK, "week-2", "week-3"]


async def test_an_inspection_follows_up_another_that_one_leads(office: Office) -> None:
    await office.say("L1", f"/new {MOVEMENT} Kent")
    assert "If it follows up an earlier one, tap that first." in await office.say(
        "L1", f"/new {MOVEMENT}"
    )
    assert "What is it called?" in await office.tap("L1", "Follow up Kent")
    await office.say("L1", "Kent again")
    assert (await office.store.inspection("kent-again")).follows == "kent"
    told = await office.say("L1", "/new follows devon")
    assert told == "You lead no inspection “devon”. /new lists the instruments."


async def test_one_with_an_instrument_of_its_own_is_followed_up_elsewhere(office: Office) -> None:
    told = await office.say("L1", "/new follows week")
    assert told.startswith("“Week one” has an instrument of its own.")


async def test_an_inspection_is_not_made_by_an_inspector(office: Office) -> None:
    assert "is for the lead" in await office.say("I1", f"/new {MOVEMENT} Kent")
    assert len(await office.store.inspections()) == 1


async def test_a_title_that_is_delivered_again_makes_no_second_inspection(office: Office) -> None:
    await office.say("L1", f"/new {MOVEMENT}")
    for _ in range(2):
        await office.receive(Message("L1", text="Kent", update="9"))
    assert len(await office.store.inspections()) == 2


async def test_a_title_is_wanted_no_more_after_something_else(office: Office) -> None:
    await office.say("L1", f"/new {MOVEMENT}")
    assert "I no longer wait for the title." in await office.say("L1", "/cases")
    assert await office.say("L1", "Kent") == "No case is open. /cases lists yours."
    assert len(await office.store.inspections()) == 1


# --- the sample ---------------------------------------------------------------------------------


async def test_a_csv_adds_its_cases_with_what_is_known_of_them(office: Office) -> None:
    told = await office.hand("L1", csv("C101,I2,male", "C102,I2,", "C103,,Female"))
    assert told == "✓ 3 cases added.\n/assign gives them to people, /invite adds people."
    case = await office.case("C101")
    assert (case.inspector, case.status, case.profile) == ("I2", Status.ASSIGNED, {"sex": "male"})
    assert (await office.case("C103")).status is Status.UNASSIGNED
    assert office.told["I2"] == ["Week one: 2 cases waiting for you now. /cases lists yours."]


async def test_the_same_csv_again_changes_nothing(office: Office) -> None:
    await office.hand("L1", csv("C101,I2,male", "C102,I3,"))
    await office.say("L1", "/assign C101 I1")
    before = await office.store.cases(WEEK)
    told = await office.hand("L1", csv("C101,I2,female", "C102,I3,"))
    assert told == "Nothing was added.\n2 cases are there already and left as they are."
    assert await office.store.cases(WEEK) == before
    told = await office.hand("L1", csv("C101,I2,male", "C104,I3,"))
    assert told == (
        "✓ 1 case added.\n1 case is there already and left as it is.\n"
        "/invite adds people; the references in the file are kept for them."
    )


async def test_every_problem_of_a_csv_is_listed_and_nothing_is_added(office: Office) -> None:
    told = await office.hand("L1", csv("C101,I2,male", "smith,I2,male", "C102,I2,tall"))
    assert told.startswith("I cannot use that file, so nothing was added:\nline 3: 'smith'")
    assert "line 4: 'tall' is no answer to sex; it takes male, female" in told
    assert len(await office.store.cases(WEEK)) == 4


@pytest.mark.parametrize("content", [b"", b"\xff\xfe\x00", b"name\nC1\n", b'case\n"C1\n'])
async def test_what_is_no_sample_is_refused_with_what_to_do(office: Office, content: bytes) -> None:
    told = await office.hand("L1", ReceivedFile("document", content, "sample.csv"))
    assert told.startswith("I cannot use that file, so nothing was added:\n")


async def test_the_sample_is_not_an_inspectors_to_send(office: Office) -> None:
    told = await office.hand("I1", csv("C101,I2,male"))
    assert told == "The sample is the lead’s to send. Nothing was changed."
    assert len(await office.store.cases(WEEK)) == 4
