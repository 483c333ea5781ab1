"""How far an inspection is and how well it does, to a lead, an inspector and a group."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from bot.channels.channel import Message
from criteria.case import Answer, Case
from criteria.case_status import initial_status
from criteria.instrument.load import read_pack
from tests.bot.handlers.office import Office, open_office

PNG = b"\x89PNG\r\n"


async def test_a_lead_sees_the_inspection_by_person_and_criterion_with_a_picture(
    office: Office,
) -> None:
    await office.submit("I1")
    assert await office.say("L1", "/progress") == (
        "Week one\n■□□□□ 1 of 4 cases submitted, 0 begun\n\n"
        "I1: 1 of 3 submitted, 0 begun\nnobody yet: 0 of 1 submitted, 0 begun\n\n"
        "Questions answered:\n■□□□□ 25% Not scored\n■□□□□ 33% 1 Systems\n■□□□□ 25% 2 Management"
    )
    (picture,) = office.documents("L1").values()
    assert picture.startswith(PNG)


async def test_what_nobody_touched_for_days_is_listed_longest_first(office: Office) -> None:
    await office.submit("I1")
    await office.say("L1", "/return C001 B2 look")
    office.now += timedelta(days=1)
    await office.say("I1", "/case C002")
    await office.say("I1", "m")
    assert (await office.say("L1", "/progress")).endswith(
        "Begun and not touched for a day or more: 1 case\n"
        "C001, I1: since 20 November (1 day, returned)"
    )
    office.now += timedelta(days=2)
    assert (await office.say("L1", "/progress")).endswith(
        "Begun and not touched for a day or more: 2 cases\n"
        "C001, I1: since 20 November (3 days, returned)\n"
        "C002, I1: since 21 November (2 days)"
    )


async def test_an_inspector_sees_the_open_case_and_the_own_ones_and_nobody_elses(
    office: Office,
) -> None:
    assert await office.say("I2", "/progress") == "No case is open. /cases lists yours."
    await office.say("I1", "/case C001")
    await office.say("I1", "male")
    await office.say("I1", "y")
    assert await office.say("I1", "/progress") == (
        "C001: 2 of 8 answered (25%)\n■□□□□ 1/4 Not scored\n■□□□□ 1/3 1 Systems\n"
        "□□□□□ 0/1 2 Management\n\nWeek one, your cases\n□□□□□ 0 of 3 cases submitted, 1 begun"
    )


async def test_one_case_is_counted_as_one(tmp_path: Path) -> None:
    alone = await open_office(tmp_path / "one", cases=[Case("C001", "case-file", "I1")])
    assert "0 of 1 case submitted, 0 begun" in await alone.say("L1", "/progress")
    assert "0 of 1 case submitted" in await alone.say("L1", "/summary")


async def test_each_sample_list_is_counted_by_its_label(tmp_path: Path) -> None:
    pack = read_pack("risk-of-harm-2006")
    name = pack.sample_lists[0]
    form = next(form for form in pack.forms if name in form.by_name)
    first, second = form.by_name[name].choices[:2]
    lists = (first.name, first.name, second.name, "not_known")
    cases = [
        Case(f"C{n}", form.name, "I1", initial_status("I1"), {name: one})
        for n, one in enumerate(lists)
    ]
    office = await open_office(tmp_path / "lists", pack=pack, cases=cases)
    told = await office.say("L1", "/progress")
    assert (
        "By list of the sample:\n"
        f"{pack.text(first.label)}: 0 of 2 submitted\n{pack.text(second.label)}: 0 of 1 submitted\n"
        "Not known: 0 of 1 submitted"
    ) in told


async def test_a_group_gets_totals_from_a_lead_and_nothing_from_anybody_else(
    office: Office,
) -> None:
    told = await office.send(Message("L1", text="/progress", group=True))
    assert told == "Week one\n□□□□□ 0 of 4 cases submitted, 0 begun"
    assert await office.send(Message("I1", text="/progress", group=True)) == ""
    assert await office.send(Message("L1", text="/case C001", group=True)) == ""


async def test_the_summary_is_so_far_until_every_case_is_in(office: Office) -> None:
    told = await office.say("L1", "/summary")
    assert told.endswith("No judgement has been made yet.")
    assert office.documents("L1") == {}, "no picture of nothing"
    await office.submit("I1", c1="not met")
    assert await office.say("L1", "/summary") == (
        "Week one: 1 of 4 cases submitted\nSo far, from every answer given:\n"
        "■■■■■ 100% 1 Systems (2 answers)\n□□□□□ 0% 2 Management (1 answer)"
    )
    (picture,) = office.documents("L1").values()
    assert picture.startswith(PNG)
    for case in ("C002", "C003"):
        await office.submit("I1", case)
    await office.submit("I2", "C004")
    assert (await office.say("L1", "/summary")).startswith(
        "Week one: all 4 cases are submitted. The score summary:"
    )


async def test_a_second_reading_counts_nowhere(office: Office) -> None:
    await office.submit("I1")
    before = await office.say("L1", "/progress"), await office.say("L1", "/summary")
    await office.say("L1", "/second C001 I2")
    await office.submit("I2", "C001 second", c1="not met")
    assert (await office.say("L1", "/progress"), await office.say("L1", "/summary")) == before


async def test_an_inspectors_summary_is_of_the_own_cases(office: Office) -> None:
    await office.submit("I1", c1="not met")
    await office.submit("I2", "C004")
    assert "□□□□□ 0% 2 Management" in await office.say("I1", "/summary")
    assert "■■■■■ 100% 2 Management" in await office.say("I2", "/summary")


async def test_your_cases_are_not_those_that_nobody_has(tmp_path: Path) -> None:
    whose = {"C001": "I1", "C002": None}
    cases = [Case(name, "case-file", one, initial_status(one)) for name, one in whose.items()]
    judged = {"kept": Answer("not_met", by="I2", at="2026-11-20T09:00:00Z")}
    cases[1] = replace(cases[1], answers=judged)
    office = await open_office(tmp_path / "free", cases=cases)
    await office.submit("I1", c1="fully")
    told = await office.say("I1", "/summary")
    assert told.startswith("Week one, your cases: the one case is submitted.")
    assert "■■■■■ 100% 2 Management (1 answer)" in told
