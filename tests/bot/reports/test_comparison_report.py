"""An inspection beside an earlier one, as text for a terminal and for a phone."""

from __future__ import annotations

import pytest

from bot.reports.comparison_report import MAX_ROWS, comparison_lines, comparison_report
from criteria.instrument.load import pack_names, read_pack
from criteria.scoring.comparison import compare
from criteria.scoring.score import InspectionScore, score_cases
from tests.storage.exports.samples import filled_cases


def two_scores(name: str) -> tuple[InspectionScore, InspectionScore]:
    pack = read_pack(name)
    then, now = (score_cases(pack, filled_cases(pack, 6, seed)) for seed in ("then", "now"))
    return then, now


@pytest.mark.parametrize("name", pack_names())
def test_both_name_every_criterion_with_its_change(name: str) -> None:
    before, after = two_scores(name)
    terminal, phone = comparison_report(before, after), comparison_lines(before, after)
    for criterion in after.pack.criteria.values():
        change = compare(before, after).criteria[criterion.name]
        label = f"{criterion.number} {after.pack.text(criterion.label)}"
        if criterion.name in after.levels:
            assert any(line.startswith(f"{label}: ") for line in phone)
        elif change.points is not None:
            assert f"({change.points:+d}) {label}" in "\n".join(phone)
            (line,) = [one for one in terminal.splitlines() if f"  {label[:40]}" in one]
            assert line.split("%")[2].split()[0] == f"{change.points:+d}"


def test_a_phone_is_told_what_changed_most_and_a_terminal_all_that_changed() -> None:
    before, after = two_scores("omi2-2011")
    changed = [one for one in compare(before, after).questions.values() if one.points]
    phone = comparison_lines(before, after)
    assert len(changed) > MAX_ROWS
    assert len(phone) - phone.index("What changed most") - 1 == MAX_ROWS
    _, told = comparison_report(before, after).split("Questions that changed, most first\n")
    assert len(told.splitlines()) == len(changed)


def test_nothing_is_told_where_nothing_can_be_compared() -> None:
    nothing = score_cases(read_pack("omi2-2011"), [])
    assert "%" not in comparison_report(nothing, nothing)
    assert not any("%" in line for line in comparison_lines(nothing, nothing))
