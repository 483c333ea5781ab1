"""How far a case is, in one line."""

from __future__ import annotations

import pytest

from criteria.case import Answer, Case, CaseKey
from criteria.case_status import Status
from criteria.case_summary import case_summary, damaged_summary, summary_from_json, summary_to_json
from criteria.relevance import Progress
from tests.storage.tiny import AT, tiny_pack

CASE = Case("C001", "case-file", "I1", Status.IN_PROGRESS, {"age": 30}, {"q1": Answer("yes")})


def test_it_counts_what_is_asked_in_all_and_by_criterion() -> None:
    summary = case_summary(tiny_pack(), CASE, AT)
    assert summary.progress == Progress(2, 9)
    assert summary.by_criterion == {None: Progress(1, 7), "c1": Progress(1, 2)}
    assert (summary.inspector, summary.status, summary.at) == ("I1", Status.IN_PROGRESS, AT)


def test_it_goes_to_json_and_back() -> None:
    for summary in (
        case_summary(tiny_pack(), CASE, AT),
        damaged_summary(CaseKey("C002", "case-file", 2), "it was cut"),
    ):
        assert summary_from_json(summary_to_json(summary)) == summary


def test_a_case_of_a_form_that_the_pack_has_not_is_said() -> None:
    with pytest.raises(LookupError, match="unheard-of"):
        case_summary(tiny_pack(), Case("C001", "unheard-of"), AT)
