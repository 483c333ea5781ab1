"""How far an inspection is, kept from one question to the next, is what counting it anew gives."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from criteria.case import CaseKey
from criteria.case_status import Status
from criteria.case_summary import CaseSummary
from criteria.relevance import Progress
from dialogs.queries import InspectionCounts, by_inspector, case_counts, like_references

PARTS = st.builds(Progress, st.integers(0, 9), st.integers(1, 9))
LINES = st.builds(
    CaseSummary,
    key=st.builds(CaseKey, st.sampled_from(["C001", "C002", "C003"]), st.just("case-file")),
    inspector=st.sampled_from(["I1", "I2", None]),
    status=st.sampled_from(Status),
    progress=PARTS,
    by_criterion=st.dictionaries(st.sampled_from(["c1", "c2", None]), PARTS),
    sample=st.sampled_from(["A", "B", None]),
)
LISTS = st.lists(LINES, max_size=6)


def figures(counts: InspectionCounts) -> tuple[object, ...]:
    return counts.whole, counts.by_inspector, counts.by_sample, counts.by_criterion


@given(st.lists(LISTS, min_size=1, max_size=5))
def test_following_a_list_counts_as_much_as_counting_it_anew(
    lists: list[list[CaseSummary]],
) -> None:
    kept = InspectionCounts()
    for lines in lists:
        kept.follow(lines)
        anew = InspectionCounts()
        anew.follow(lines)
        assert figures(kept) == figures(anew)
        assert kept.whole == case_counts(lines)
        assert kept.by_inspector == by_inspector(lines)


def test_a_step_counts_where_it_was_made_and_nowhere_twice() -> None:
    begun = CaseSummary(
        CaseKey("C001", "case-file"),
        "I1",
        Status.IN_PROGRESS,
        Progress(1, 4),
        by_criterion={"c1": Progress(1, 4)},
        sample="A",
    )
    other = replace(begun, key=CaseKey("C002", "case-file"), inspector=None, sample=None)
    counts = InspectionCounts()
    counts.follow([begun, other])
    step = {"progress": Progress(2, 4), "by_criterion": {"c1": Progress(2, 4)}}
    submitted = replace(begun, status=Status.SUBMITTED, **step)
    counts.follow([submitted, other])
    counts.follow([submitted, other])
    assert (counts.whole.submitted, counts.whole.begun, counts.whole.cases) == (1, 1, 2)
    assert counts.whole.progress == Progress(3, 8)
    assert counts.by_criterion == {"c1": Progress(3, 8)}
    assert list(counts.by_inspector) == ["I1", None]
    assert counts.by_sample["A"].submitted == 1


def test_references_are_alike_but_for_case_and_zeros() -> None:
    listed = ["C001", "C01", "C010", "c1x", "AB-007.20", "C001"]
    assert like_references("c1", listed) == ["C001", "C01"]
    assert like_references("ab-7.020", listed) == ["AB-007.20"]
    assert like_references("C10", listed) == ["C010"]
    assert like_references("C0", ["C000", "C00", "C1"]) == ["C000", "C00"]
    assert like_references("C1.0", listed) == []


def test_who_has_no_case_any_more_is_not_named() -> None:
    line = CaseSummary(CaseKey("C001", "case-file"), "I1", Status.ASSIGNED, Progress(0, 4))
    counts = InspectionCounts()
    counts.follow([line])
    counts.follow([replace(line, inspector="I2")])
    assert list(counts.by_inspector) == ["I2"]
    counts.follow([])
    assert figures(counts) == (case_counts([]), {}, {}, {})
