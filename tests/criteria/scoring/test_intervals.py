"""Wilson's interval."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from criteria.scoring.intervals import mean_interval, wilson

COUNTS = st.integers(1, 500).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))


def test_it_gives_the_published_example() -> None:
    """81 of 263: 0.2553 to 0.3662 (Newcombe 1998, table I, method 3)."""
    assert wilson(81, 263) == pytest.approx((0.2553, 0.3662), abs=5e-5)


def test_none_and_all_give_an_end_of_their_own() -> None:
    assert wilson(0, 20) == pytest.approx((0.0, 0.1611), abs=5e-5)
    assert wilson(20, 20) == pytest.approx((0.8389, 1.0), abs=5e-5)


@given(COUNTS)
def test_the_proportion_lies_in_its_interval(counts: tuple[int, int]) -> None:
    interval = wilson(*counts)
    assert interval is not None
    assert 0 <= interval[0] <= counts[0] / counts[1] <= interval[1] <= 1


@given(COUNTS, st.integers(0, 1_000))
def test_a_known_caseload_never_widens_it(counts: tuple[int, int], more: int) -> None:
    whole, part = wilson(*counts), wilson(*counts, caseload=counts[1] + more)
    assert whole is not None
    assert part is not None
    assert whole[0] - 1e-12 <= part[0]
    assert part[1] <= whole[1] + 1e-12


def test_every_case_read_leaves_nothing_unsure() -> None:
    assert wilson(7, 10, caseload=10) == (0.7, 0.7)


@pytest.mark.parametrize("counts", [(5, 4, None), (-1, 4, None), (2, 4, 3)])
def test_counts_that_cannot_be_are_refused(counts: tuple[int, int, int | None]) -> None:
    with pytest.raises(ValueError, match="cannot"):
        wilson(*counts)


def test_without_a_base_there_is_none() -> None:
    assert wilson(0, 0) is None
    assert mean_interval([]) is None


@given(st.lists(COUNTS, min_size=1, max_size=12))
def test_a_mean_lies_in_its_interval(questions: list[tuple[int, int]]) -> None:
    parts = []
    for sufficient, relevant in questions:
        interval = wilson(sufficient, relevant)
        assert interval is not None
        parts.append((Fraction(sufficient, relevant), *interval))
    found = mean_interval(parts)
    assert found is not None
    mean = float(sum(share for share, _, _ in parts) / len(parts))
    assert found[0] - 1e-9 <= mean <= found[1] + 1e-9
