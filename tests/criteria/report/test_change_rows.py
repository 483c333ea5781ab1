"""The rows of a comparison: what both inspections have, and what only the later one has."""

from __future__ import annotations

import pytest

from criteria.instrument.load import pack_names, read_pack
from criteria.report.change_rows import change_rows
from criteria.scoring.comparison import compare
from criteria.scoring.score import score_cases
from tests.storage.exports.samples import filled_cases


@pytest.mark.parametrize("name", pack_names())
def test_every_change_has_its_row(name: str) -> None:
    pack = read_pack(name)
    before, after = (score_cases(pack, filled_cases(pack, 6, seed)) for seed in ("then", "now"))
    found, changes = compare(before, after), change_rows(before, after)
    for section in changes.sections:
        assert section.total.change == found.sections[section.name]
        for criterion, row in section.criteria.items():
            assert row.change == found.criteria[criterion]
            assert (row.levels is not None) == section.by_levels
    assert [row.change for row in changes.questions] == list(found.questions.values())
    points = [abs(row.change.points or 0) for row in changes.changed_questions if row.change]
    assert points == sorted(points, reverse=True)
    assert 0 not in points


def test_what_neither_inspection_has_a_base_for_has_no_figures() -> None:
    pack = read_pack("omi2-2011")
    nothing, something = score_cases(pack, []), score_cases(pack, filled_cases(pack, 3))
    assert not any(row.has_figures for row in change_rows(nothing, nothing).rows)
    assert any(row.has_figures for row in change_rows(nothing, something).rows)
    assert not change_rows(nothing, something).changed_questions
