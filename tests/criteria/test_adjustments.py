"""A lead's word in place of what follows by rule."""

from __future__ import annotations

import pytest

from criteria.adjustments import Adjustment, AdjustmentError, check_adjustment, may_be_adjusted
from criteria.instrument.load import read_pack
from criteria.report.score_document import score_document
from criteria.scoring.score import score_cases
from tests.walk import tiny_pack

ESI = read_pack("esi-2006")
OMI = read_pack("omi2-2011")
DESCRIBED = ESI.sections[0].criteria[0].name
SCORED = OMI.sections[0].criteria[0].name


def test_a_described_criterion_may_have_another_level_and_a_scored_one_another_comment() -> None:
    assert may_be_adjusted(ESI, DESCRIBED)[0] == "very_well_met"
    assert list(may_be_adjusted(OMI, SCORED)) == ["MINIMUM", "MODERATE", "SUBSTANTIAL", "DRASTIC"]
    assert "MINIMUM" in may_be_adjusted(OMI, OMI.headlines[0].name)


@pytest.mark.parametrize(
    ("name", "to", "reason", "said"),
    [
        ("c99", "MINIMUM", "because", "There is no criterion 'c99'"),
        (SCORED, "GREAT", "because", "not 'GREAT'"),
        (SCORED, "MINIMUM", "  ", "needs a reason"),
    ],
)
def test_an_adjustment_that_cannot_be_is_refused(
    name: str, to: str, reason: str, said: str
) -> None:
    with pytest.raises(AdjustmentError, match=said):
        check_adjustment(OMI, name, Adjustment(to, reason))


def test_without_comments_there_is_nothing_to_adjust() -> None:
    with pytest.raises(AdjustmentError, match="no comments"):
        may_be_adjusted(tiny_pack(), "c1")


def test_it_stands_beside_what_follows_and_changes_no_score() -> None:
    score = score_cases(OMI, [])
    plain = score_document(score)
    adjusted = score_document(score, (), {SCORED: Adjustment("DRASTIC", "Two deaths.")})
    assert isinstance(adjusted["criteria"], dict)
    assert adjusted["criteria"][SCORED].pop("adjusted") == {
        "to": "DRASTIC",
        "reason": "Two deaths.",
    }
    assert adjusted == plain
