"""The rows of a score hold the score's own figures, each with what belongs beside it."""

from __future__ import annotations

from collections import Counter

import pytest

from criteria.adjustments import Adjustment
from criteria.instrument.load import pack_names, read_pack
from criteria.report.score_rows import criterion_interval, question_rows, summary_rows
from criteria.scoring.outlook import criterion_range
from criteria.scoring.score import score_cases
from tests.storage.exports.filled import filled_cases


@pytest.mark.parametrize("name", pack_names())
def test_every_section_criterion_and_headline_has_one_row_with_its_score(name: str) -> None:
    pack = read_pack(name)
    score = score_cases(pack, filled_cases(pack))
    summary = summary_rows(score)
    assert [row.name for row in summary.criteria] == list(pack.criteria)
    scores = {**score.sections, **score.criteria, **score.headlines}
    assert {row.name: row.score for row in summary.rows} == scores
    for row in summary.criteria:
        criterion = pack.criteria[row.name]
        assert row.label == f"{criterion.number} {pack.text(criterion.label)}"
        assert row.by_level == (row.name in score.levels)
        if not row.by_level:
            assert row.interval == criterion_interval(score, row.name)
            assert row.range == criterion_range(score, row.name)
            assert row.base == sum(one.relevant for one in score.scored_in(row.name))


def test_a_range_is_told_only_while_something_is_open() -> None:
    pack = read_pack("movement-of-cases-2004")
    rows = [*summary_rows(score_cases(pack, filled_cases(pack))).criteria]
    assert any(row.can_become for row in rows)
    for row in rows:
        still_open = row.range is not None and row.range.least < row.range.most
        assert (row.can_become is not None) == still_open


def test_what_the_lead_set_stands_beside_what_follows() -> None:
    pack = read_pack("omi2-2011")
    score = score_cases(pack, filled_cases(pack))
    name, band = next(iter(pack.criteria)), pack.bands[0].name
    row = next(summary_rows(score, {name: Adjustment(band, "Seen on site.")}).criteria)
    follows = next(summary_rows(score).criteria)
    assert row.adjusted is not None
    assert (row.adjusted.name, row.reason) == (band, "Seen on site.")
    assert (row.score, row.band) == (follows.score, follows.band)
    assert (follows.adjusted, follows.reason) == (None, None)


def test_a_summary_without_a_judgement_is_empty() -> None:
    pack = read_pack("omi2-2011")
    assert summary_rows(score_cases(pack, [])).is_empty
    assert not summary_rows(score_cases(pack, filled_cases(pack))).is_empty


@pytest.mark.parametrize("name", pack_names())
def test_a_questions_answers_are_those_in_the_base_and_those_that_leave_it(name: str) -> None:
    pack = read_pack(name)
    score = score_cases(pack, filled_cases(pack))
    rows = [row for form in question_rows(score) for row in form.questions]
    assert [row.score for row in rows] == list(score.questions.values())
    for row in rows:
        counts: Counter[bool] = Counter()
        for answer in row.counts:
            counts[answer.in_base] += answer.count
        assert counts[False] == row.na + row.not_known
        if row.score.question.choices and row.score.sufficient is not None:
            assert counts[True] == row.score.relevant
            sufficient = sum(one.count for one in row.counts if one.sufficient)
            assert sufficient == row.score.sufficient
