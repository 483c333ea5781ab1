"""Progress by criterion, in the pack's order."""

from __future__ import annotations

from criteria.instrument.load import read_pack
from criteria.relevance import Progress
from criteria.report.progress_rows import progress_rows


def test_rows_follow_the_pack_and_what_has_no_criterion_comes_last() -> None:
    pack = read_pack("omi2-2011")
    first, second = list(pack.criteria)[:2]
    progress = {None: Progress(1, 2), second: Progress(3, 4), first: Progress(5, 6)}
    rows = progress_rows(pack, progress)
    assert [row.progress for row in rows] == [progress[first], progress[second], progress[None]]
    assert rows[0].label == f"{pack.criteria[first].number} {pack.text(pack.criteria[first].label)}"
    assert rows[-1].label is None
