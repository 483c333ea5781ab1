"""The scores that are kept: a case is read again when it changed."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from random import Random

from bot.reports.scored import MAX_ONE_BY_ONE, inspection_score
from criteria.case import Case, CaseKey
from criteria.instrument.pack import Pack
from criteria.report.score_document import score_document
from criteria.scoring.score import score_cases
from storage.erasing import erase_case, erase_inspection
from storage.store import Store
from tests.bot.handlers.office import AT, FORM, WEEK, open_office
from tests.bot.reports.some_cases import some_cases
from tests.changing import add_case
from tests.files_store import files_store
from tests.walk import tiny_pack


async def holds(store: Store, pack: Pack) -> bool:
    """Whether the kept score is that of all the cases as they are."""
    kept, unread = await inspection_score(store, WEEK, await store.overview(WEEK))
    return not unread and score_document(kept) == score_document(
        score_cases(pack, await store.cases(WEEK))
    )


async def test_the_kept_score_is_that_of_all_cases_whatever_happens_to_them(tmp_path: Path) -> None:
    """Among others what is written within one second, and what the command line writes beside."""
    pack, random = tiny_pack(), Random(11)  # noqa: S311  # the same every time
    form = pack.case_form
    await open_office(tmp_path, pack=pack, cases=some_cases(form, MAX_ONE_BY_ONE + 20, 0))
    serving, beside = files_store(tmp_path, exclusive=True), files_store(tmp_path)
    assert await holds(serving, pack)
    others = some_cases(form, MAX_ONE_BY_ONE + 20, 1)
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
