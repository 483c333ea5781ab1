"""What an export is made from: all of it for a lead, the own cases for an inspector."""

from __future__ import annotations

from dataclasses import replace

from bot.channels.channel import Message
from bot.context import Context
from bot.reports.inspection_report import earlier_inspection, report_of
from tests.bot.handlers.office import WEEK, Office
from tests.walk import tiny_pack


async def context_of(office: Office, person: str) -> Context:
    chat = await office.store.chat_state(person)
    assert chat is not None
    return Context(office.store, chat, tiny_pack(), office.now, Message(person, text="/export"))


async def test_a_leads_report_is_the_whole_inspection(office: Office) -> None:
    report = await report_of(await context_of(office, "L1"))
    assert report.whole
    assert [case.case for case in report.cases] == ["C001", "C002", "C003", "C004"]


async def test_an_inspectors_report_has_what_the_inspector_sees_and_no_findings(
    office: Office,
) -> None:
    report = await report_of(await context_of(office, "I2"))
    assert not report.whole
    assert [case.case for case in report.cases] == ["C004"]
    assert not report.findings
    assert report.score.cases == 1


async def test_an_earlier_inspection_that_was_erased_is_none(office: Office) -> None:
    inspection = await office.store.inspection(WEEK)
    assert await earlier_inspection(office.store, inspection) is None
    followed = replace(inspection, follows="gone")
    assert await earlier_inspection(office.store, followed) is None
    found = await earlier_inspection(office.store, replace(inspection, follows=WEEK))
    assert found is not None
    assert found.score.cases == 4
