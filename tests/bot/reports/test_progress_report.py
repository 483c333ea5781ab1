"""Scores that are kept: what changed is read again, and they are as if every case had been."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.reports.scored import MAX_ONE_BY_ONE, inspection_score
from criteria.report.score_document import score_document
from criteria.scoring.score import score_cases
from tests.bot.handlers.office import AT, FORM, WEEK, Office, open_office
from tests.bot.reports.some_cases import some_cases
from tests.changing import set_record
from tests.files_store import files_store, folder_of
from tests.walk import tiny_pack


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


@pytest.mark.parametrize("cases", [3, MAX_ONE_BY_ONE + 3], ids=["read one by one", "read at once"])
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
