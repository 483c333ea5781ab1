"""What a store reads: inspections, the overview, people and histories."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest

from criteria.case import Answer, Case, CaseKey
from criteria.case_status import Status
from criteria.relevance import Progress
from dialogs.events import GivenChange
from storage.errors import AlreadyThere, NotFound
from storage.reader import ChatState
from storage.store import Store
from tests.changing import add_case
from tests.storage.conftest import OpenStore, opened
from tests.storage.stepping import C001, ID, LATER, answered, commit
from tests.storage.tiny import AT, CHAT, INSPECTOR, LEAD, tiny_cases, tiny_inspection, tiny_pack


async def test_an_inspection_comes_back_with_its_pack_and_cases(
    inspected: Store, open_store: OpenStore
) -> None:
    again = await open_store()
    assert await again.inspection(ID) == tiny_inspection()
    assert await again.inspections() == [tiny_inspection()]
    assert (await again.pack(ID)).document == tiny_pack().document
    assert await again.pack(ID) is await again.pack(ID)
    assert await again.cases(ID) == tiny_cases()


async def test_inspections_are_listed_oldest_first(store: Store) -> None:
    for name, at in (("b", "2026-01-02T00:00:00Z"), ("a", "2026-01-03T00:00:00Z")):
        await store.create_inspection(tiny_inspection(name), tiny_pack(), [], at=at)
    assert [one.id for one in await store.inspections()] == ["b", "a"]


async def test_an_unknown_inspection_is_refused_with_those_there_are(inspected: Store) -> None:
    with pytest.raises(NotFound, match="cheshire-2011"):
        await inspected.inspection("kent")
    with pytest.raises(NotFound):
        await inspected.cases("../cheshire-2011")


async def test_references_that_differ_in_case_only_are_the_same(inspected: Store) -> None:
    with pytest.raises(AlreadyThere):
        await add_case(inspected, ID, Case("c002", "case-file"), by=None, at=AT)
    case, _, _ = await inspected.load_case(ID, CaseKey("c002", "case-file"), CHAT)
    assert case.case == "C002"


@pytest.mark.parametrize("case", ["C404", "../C001", "C001/../C001", ""])
async def test_an_unknown_case_is_not_found(inspected: Store, case: str) -> None:
    with pytest.raises(NotFound):
        await inspected.load_case(ID, CaseKey(case, "case-file"), CHAT)


async def test_the_overview_follows_every_answer_whoever_wrote_it(
    inspected: Store, open_store: OpenStore
) -> None:
    other = await open_store()
    before = await other.overview(ID)
    assert [one.key for one in before] == [one.key for one in tiny_cases()]
    assert before[0].inspector == "I1"
    assert before[0].progress == Progress(1, 8)
    seat = await opened(inspected)
    await commit(inspected, seat, answered(seat, "q1", "yes"))
    for store in (inspected, other):
        after = await store.overview(ID)
        assert after[0].progress == Progress(2, 9)
        assert after[1:] == before[1:]


async def test_a_stranger_has_no_seat(inspected: Store) -> None:
    assert await inspected.chat_state("tg-99") is None


async def test_the_history_gives_every_step_with_its_answers(inspected: Store) -> None:
    seat = await opened(inspected)
    seat = await commit(inspected, seat, answered(seat, "q1", "yes"), 4)
    await commit(inspected, seat, answered(seat, "gender", "female"))
    first, second, third = await inspected.history(ID, C001)
    assert first.by is None
    assert first.changes[-1] == GivenChange("profile", "gender", None, {"value": "male"})
    assert (second.at, second.by, second.event) == (AT, "I1", "ChoiceTapped")
    answer = {"value": "yes", "note": None, "by": "I1", "at": AT}
    assert second.changes == (GivenChange("answers", "q1", None, answer),)
    assert third.changes == (
        GivenChange("profile", "gender", {"value": "male"}, {"value": "female"}),
    )


async def test_the_overview_tells_how_far_each_criterion_is(inspected: Store) -> None:
    seat = await opened(inspected)
    await commit(inspected, seat, answered(seat, "q1", "yes"))
    first = (await inspected.overview(ID))[0]
    assert first.by_criterion == {None: Progress(1, 7), "c1": Progress(1, 2)}
    assert (first.inspector, first.status, first.at) == ("I1", Status.ASSIGNED, AT)


async def test_a_case_whose_form_the_pack_has_not_is_listed_as_damaged(inspected: Store) -> None:
    await inspected.put_case(ID, Case("C010", "unheard-of"), at=AT)
    *others, last = await inspected.overview(ID)
    assert "unheard-of" in (last.damaged or "")
    assert [one.damaged for one in others] == [None, None, None]


async def test_memberships_are_every_inspection_of_a_chat(inspected: Store) -> None:
    await inspected.create_inspection(tiny_inspection("kent"), tiny_pack(), [], at=AT)
    await inspected.add_member("kent", CHAT, LEAD, at=AT)
    assert await inspected.memberships(CHAT) == [
        (tiny_inspection(), INSPECTOR),
        (tiny_inspection("kent"), LEAD),
    ]
    assert await inspected.memberships("tg-99") == []


async def test_the_history_tells_before_and_after(inspected: Store) -> None:
    seat: ChatState = await opened(inspected)
    seat = await commit(inspected, seat, answered(seat, "q1", "yes"), 4)
    assert seat.session.case is not None
    note = Answer("no", "why \0", "I1", LATER)
    changed = replace(seat.session.case, answers={"q1": note})
    await commit(inspected, seat, replace(seat.session, case=changed), 5)
    *_, first, second = await inspected.history(ID, C001)
    yes = {"value": "yes", "note": None, "by": "I1", "at": AT}
    no = {"value": "no", "note": "why \0", "by": "I1", "at": LATER}
    assert first.changes == (GivenChange("answers", "q1", None, yes),)
    assert second.changes == (GivenChange("answers", "q1", yes, no),)


async def test_overviews_at_once_miss_nothing_that_changes_meanwhile(inspected: Store) -> None:
    over = asyncio.Event()

    async def look() -> None:
        while not over.is_set():
            assert len(await inspected.overview(ID)) == len(tiny_cases())
            await asyncio.sleep(0)

    cases = await inspected.cases(ID)
    async with asyncio.TaskGroup() as looking:
        for _ in range(3):
            looking.create_task(look())
        for number in range(20):
            mine = f"I{number}"
            await asyncio.gather(
                *(inspected.put_case(ID, replace(one, inspector=mine), at=LATER) for one in cases)
            )
            assert {one.inspector for one in await inspected.overview(ID)} == {mine}
        over.set()
