"""Scores that are kept: what changed is read again, and they are as if every case had been."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from random import Random

import pytest

from bot.reports.scored import FEW, inspection_score
from criteria.case import Case, CaseKey
from criteria.instrument.pack import Form, Pack
from criteria.report.score_document import score_document
from criteria.scoring.score import score_cases
from storage.erasing import erase_case, erase_inspection
from storage.store import Store
from tests.bot.handlers.office import AT, FORM, WEEK, Office, open_office
from tests.changing import add_case, set_record
from tests.criteria.random_cases import random_cases
from tests.files_store import files_store, folder_of
from tests.walk import tiny_pack


async def holds(store: Store, pack: Pack) -> bool:
    """Whether the kept score is that of all the cases as they are."""
    kept, unread = await inspection_score(store, WEEK, await store.overview(WEEK))
    return not unread and score_document(kept) == score_document(
        score_cases(pack, await store.cases(WEEK))
    )


def some_cases(form: Form, cases: int, seed: int) -> list[Case]:
    return random_cases(form, cases, answered=0.8, seed=seed)


async def test_the_kept_score_is_that_of_all_cases_whatever_happens_to_them(tmp_path: Path) -> None:
    """Among others what is written within one second, and what the command line writes beside."""
    pack, random = tiny_pack(), Random(11)  # noqa: S311  # the same every time
    form = pack.case_form
    await open_office(tmp_path, pack=pack, cases=some_cases(form, FEW + 20, 0))
    serving, beside = files_store(tmp_path, exclusive=True), files_store(tmp_path)
    assert await holds(serving, pack)
    others = some_cases(form, FEW + 20, 1)
    for number in range(30):
        store = random.choice((serving, beside))
        await store.put_case(WEEK, random.choice(others), at=AT)
        if number % 5 == 0:
            assert await holds(serving, pack)
    await add_case(serving, WEEK, Case("C900", FORM, answers=others[0].answers), by="L1", at=AT)
    assert await holds(serving, pack)
    for one in others:
        await beside.put_case(WEEK, one, at=AT)
    assert await holds(serving, pack)
    await erase_case(serving, WEEK, CaseKey("C900", FORM), by="L1", at=AT)
    assert await holds(serving, pack)
    await erase_inspection(serving, WEEK, at=AT)
    await open_office(tmp_path, pack=pack, cases=some_cases(form, 3, 2))
    assert await holds(serving, pack)
    await serving.close()


async def test_only_what_changed_is_read_for_a_summary(tmp_path: Path) -> None:
    """So a case whose file is gone meanwhile is still in the sums that it was added to."""
    pack = tiny_pack()
    cases = some_cases(pack.case_form, 9, 0)
    await open_office(tmp_path, pack=pack, cases=cases)
    serving = files_store(tmp_path, exclusive=True)
    await inspection_score(serving, WEEK, await serving.overview(WEEK))
    gone, changed, *rest = cases
    (tmp_path / "inspections" / WEEK / "cases" / f"{gone.case}~{FORM}.jsonl").unlink()
    other = replace(some_cases(pack.case_form, 1, 3)[0], case=changed.case)
    await serving.put_case(WEEK, other, at=AT)
    kept, _ = await inspection_score(serving, WEEK, await serving.overview(WEEK))
    assert score_document(kept) == score_document(score_cases(pack, [gone, other, *rest]))
    await serving.close()


async def test_a_case_that_is_damaged_when_a_bot_starts_is_named_and_not_counted(
    office: Office,
) -> None:
    await office.submit("I1", "C001", c1="not met")
    await office.submit("I1", "C002")
    assert "■■□□□ 50%" in await office.say("L1", "/summary")
    path = folder_of(office.store) / "inspections" / WEEK / "cases" / "C001~case-file.jsonl"
    whole = path.read_bytes()
    path.write_bytes(whole.replace(b"submitted", b"submittee"))
    again = Office(files_store(folder_of(office.store)))
    told = await again.say("L1", "/summary")
    assert "■■■■■ 100%" in told.splitlines()[-3]
    assert told.endswith(
        "Not counted: C001. The file is damaged; whoever runs the bot can say more."
    )
    path.write_bytes(whole)
    told = await again.say("L1", "/summary")
    assert "■■□□□ 50%" in told
    assert "Not counted" not in told


@pytest.mark.parametrize("cases", [3, FEW + 3], ids=["read one by one", "read at once"])
async def test_a_case_that_was_damaged_since_the_overview_is_not_counted_either(
    tmp_path: Path, cases: int
) -> None:
    """The serving bot looks at no file that nobody told it of."""
    pack = tiny_pack()
    made = some_cases(pack.case_form, cases, 0)
    await open_office(tmp_path, pack=pack, cases=made)
    serving = files_store(tmp_path, exclusive=True)
    lines = await serving.overview(WEEK)
    hurt, *rest = made
    (tmp_path / "inspections" / WEEK / "cases" / f"{hurt.case}~{FORM}.jsonl").write_bytes(b"{}\n")
    for _ in range(2):
        score, unread = await inspection_score(serving, WEEK, lines)
        assert unread == [hurt.key]
        assert score_document(score) == score_document(score_cases(pack, rest))
    await serving.close()


async def test_the_picture_says_what_the_lead_said(office: Office) -> None:
    for case in ("C001", "C002"):
        await office.submit("I1", case)
    await office.say("L1", "/summary")
    (before,) = office.documents("L1").values()
    word = {"to": "1", "reason": "the log", "by": "L1", "at": AT}
    await set_record(office.store, WEEK, "adjustments", "c1", word, by="L1", at=AT)
    told = await office.say("L1", "/summary")
    assert "(by the lead: 1)" in told
    (after,) = office.documents("L1").values()
    assert before != after, "it is drawn, too"
