"""What a message is answered from: the cases that its sender may see, and no others."""

from __future__ import annotations

from bot.channels.channel import Message
from bot.context import Context
from criteria.case import CaseKey
from tests.bot.handlers.office import FORM, Office
from tests.walk import tiny_pack


async def context_of(office: Office, person: str) -> Context:
    chat = await office.store.chat_state(person)
    assert chat is not None
    return Context(office.store, chat, tiny_pack(), office.now, Message(person, text="/cases"))


async def seen(office: Office, person: str) -> list[str]:
    return [line.key.case for line in await (await context_of(office, person)).overview()]


async def test_a_lead_sees_every_case_and_an_inspector_the_own_and_the_free_ones(
    office: Office,
) -> None:
    assert await seen(office, "L1") == ["C001", "C002", "C003", "C004"]
    assert await seen(office, "I1") == ["C001", "C002", "C003", "C004"]
    assert await seen(office, "I2") == ["C004"]


async def test_somebody_elses_case_is_not_found_by_its_reference(office: Office) -> None:
    context = await context_of(office, "I2")
    assert await context.find_case("C001") is None
    assert await context.load_case(CaseKey("C001", FORM)) is None
    assert await context.anybodys(CaseKey("C001", FORM)) is not None
    found = await context.find_case("C004")
    assert found is not None
    assert found[0].case == "C004"


async def test_a_case_that_is_not_there_is_nobodys(office: Office) -> None:
    context = await context_of(office, "L1")
    assert await context.find_case("C404") is None
    assert await context.anybodys(CaseKey("C404", FORM)) is None


async def test_what_is_scored_is_what_is_seen(office: Office) -> None:
    context = await context_of(office, "I2")
    assert [case.case for case in await context.cases()] == ["C004"]


async def test_a_button_stands_for_a_command_of_this_inspection(office: Office) -> None:
    context = await context_of(office, "L1")
    assert context.mark in context.button("Assign", "assign C001 I2").data
    case = context.case_button(CaseKey("C001", FORM))
    assert "C001" in case.label
    assert "C001" in case.data
