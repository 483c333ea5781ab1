"""What a lead asks of the list of cases: how far, whose, on which list, and stuck since when."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import pytest
from hypothesis import given
from hypothesis import strategies as st

from criteria.case import CaseKey, Status
from criteria.relevance import Progress
from dialogs.queries import (
    Standing,
    by_inspector,
    how_far,
    longest_untouched,
    may_see,
    next_case,
    visible_to,
)

NONE_OF_FOUR = Progress(0, 4)


@dataclass(frozen=True)
class Line:
    key: CaseKey
    inspector: str | None = "I1"
    status: Status = Status.ASSIGNED
    progress: Progress = NONE_OF_FOUR
    by_criterion: dict[str | None, Progress] = field(default_factory=dict)
    sample: str | None = None
    at: str = "2026-11-20T10:00:00Z"


def standing(lines: Sequence[Line]) -> Standing:
    counted = Standing()
    counted.follow(lines)
    return counted


def line(case: str, status: Status = Status.ASSIGNED, **more: object) -> Line:
    reading = more.pop("reading", 1)
    return Line(CaseKey(case, "case-file", reading), status=status, **more)  # type: ignore[arg-type]  # as named


LINES = [
    line("C1", Status.SUBMITTED, progress=Progress(4, 4), sample="a"),
    line("C2", Status.AGREED, progress=Progress(4, 4), inspector="I2", sample="a"),
    line("C3", Status.RETURNED, progress=Progress(3, 4), sample="b", at="2026-11-18T10:00:00Z"),
    line("C4", Status.IN_PROGRESS, progress=Progress(1, 4), inspector="I2"),
    line("C5", Status.UNASSIGNED, inspector=None, at="2026-11-01T10:00:00Z"),
]


def test_submitted_and_agreed_cases_are_in_and_returned_ones_are_begun() -> None:
    far = how_far(LINES)
    assert (far.submitted, far.begun, far.cases, far.complete) == (2, 2, 5, False)
    assert far.progress == Progress(12, 20)
    assert how_far(LINES[:2]).complete
    assert not how_far([]).complete, "an inspection without a case is not finished"


def test_each_inspector_is_counted_and_the_unassigned_come_last() -> None:
    people = by_inspector(LINES)
    assert list(people) == ["I1", "I2", None]
    assert (people["I2"].submitted, people["I2"].begun, people["I2"].cases) == (1, 1, 2)


def test_each_list_of_the_sample_is_counted_and_what_is_on_none_comes_last() -> None:
    lists = standing(LINES).by_sample
    assert list(lists) == ["a", "b", None]
    assert [one.cases for one in lists.values()] == [2, 1, 2]


def test_answers_are_added_up_by_criterion() -> None:
    lines = [
        line("C1", by_criterion={None: Progress(1, 1), "c1": Progress(2, 3)}),
        line("C2", by_criterion={"c1": Progress(1, 2), "c2": Progress(0, 1)}),
    ]
    assert standing(lines).by_criterion == {
        None: Progress(1, 1), "c1": Progress(3, 5), "c2": Progress(0, 1)
    }  # fmt: skip


STATES = st.builds(
    line,
    st.sampled_from(["C1", "C2"]),
    st.sampled_from(list(Status)),
    inspector=st.sampled_from(["I1", "I2", None]),
    sample=st.sampled_from(["a", "b", None]),
    progress=st.builds(Progress, st.integers(0, 4), st.just(4)),
    by_criterion=st.dictionaries(
        st.sampled_from(["c1", "c2", None]), st.builds(Progress, st.integers(0, 2), st.just(2))
    ),
)


@given(st.lists(st.lists(STATES, max_size=5), max_size=5))
def test_what_is_counted_step_by_step_is_what_is_counted_at_once(lists: list[list[Line]]) -> None:
    kept = Standing()
    for lines in lists:
        kept.follow(lines)
        fresh = standing(lines)
        assert kept.whole == fresh.whole == how_far(lines)
        assert kept.by_inspector == fresh.by_inspector == by_inspector(lines)
        assert kept.by_sample == fresh.by_sample
        assert kept.by_criterion == fresh.by_criterion


def test_what_was_begun_or_returned_is_listed_longest_untouched_first() -> None:
    assert [one.key.case for one in longest_untouched(LINES)] == ["C3", "C4"]


@pytest.mark.parametrize(
    ("inspector", "person", "other", "sees"),
    [
        ("I1", "I1", None, True),
        ("I2", "I1", None, False),
        (None, "I1", None, True),
        (None, "I1", "I1", False),
        ("I1", "I1", "I2", True),
        (None, "I1", "I2", True),
    ],
)
def test_an_inspector_sees_the_own_cases_and_nobodys_but_no_other_reading_of_an_own_one(
    inspector: str | None, person: str, other: str | None, *, sees: bool
) -> None:
    assert may_see(inspector, person, lead=False, other=other) is sees
    assert may_see(inspector, person, lead=True, other=other)


def test_a_second_reader_sees_the_second_reading_and_not_the_first_that_is_nobodys() -> None:
    lines = [
        line("C1", inspector=None),
        line("C1", inspector="I2", reading=2),
        line("C2", inspector=None),
    ]
    seen = visible_to(lines, "I2", lead=False)
    assert [(one.key.case, one.key.reading) for one in seen] == [("C1", 2), ("C2", 1)]
    seen = visible_to(lines, "I1", lead=False)
    assert [(one.key.case, one.key.reading) for one in seen] == [("C1", 1), ("C2", 1)]


def test_the_next_case_goes_round_once_and_skips_what_is_in() -> None:
    assert next_case(LINES, None) is LINES[2]
    assert next_case(LINES, LINES[2].key) is LINES[3]
    assert next_case(LINES, LINES[4].key) is LINES[2]
    assert next_case(LINES[2:3], LINES[2].key) is LINES[2]
    assert next_case(LINES[:2], None) is None
