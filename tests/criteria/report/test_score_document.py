"""The score as other tools get it."""

from __future__ import annotations

from typing import Any

from criteria.adjustments import Adjustment
from criteria.case import Answer, Case
from criteria.instrument.load import load_pack
from criteria.report.score_document import score_document
from criteria.scoring.score import score_cases
from tests.criteria.instrument.small_pack import a_pack
from tests.storage.tiny import tiny_pack

CASES = [Case(f"C{n}", "case-file", answers={"q1": Answer(one)}) for n, one in enumerate(
    ("yes", "yes", "no", "na", "not_known")
)]  # fmt: skip


def document_of(cases: list[Case]) -> Any:
    return score_document(score_cases(tiny_pack(), cases))


def test_a_share_has_six_decimals_or_more_and_a_whole_percentage() -> None:
    question = document_of(CASES)["questions"]["q1"]
    assert (question["relevant"], question["sufficient"], question["percent"]) == (3, 2, 67)
    assert abs(question["proportion"] - 2 / 3) < 1e-6
    assert question["counts"] == {"yes": 2, "no": 1, "na": 1, "not_known": 1}


def test_without_a_base_there_is_null_and_no_zero() -> None:
    document = document_of([])
    assert document["questions"]["q1"]["proportion"] is None
    assert document["questions"]["q1"]["interval"] is None
    assert document["criteria"]["c1"]["score"] is None
    assert document["sections"]["s1"] == {"score": None, "percent": None}


def test_what_the_lead_set_stands_beside_what_follows() -> None:
    pack = load_pack(a_pack())
    cases = [Case("C1", "case-file", answers={"risky": Answer("yes"), "planned": Answer("no")})]
    said = {"c1": Adjustment("GOOD", "It was late.")}
    document: Any = score_document(score_cases(pack, cases), adjustments=said)
    assert document["criteria"]["c1"]["adjusted"] == {"to": "GOOD", "reason": "It was late."}
    assert document["criteria"]["c1"]["band"] == "POOR"
    assert "adjusted" not in document["headlines"]["roh"]
