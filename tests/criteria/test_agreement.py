"""Agreement of two readings: counts, percentage, Cohen's kappa."""

from __future__ import annotations

from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from criteria.agreement import agreement

ANSWERS = st.sampled_from(["yes", "no", "na", "not_known"])


def test_equal_answers_agree_and_others_do_not() -> None:
    found = agreement([("yes", "yes"), ("yes", "no"), ("na", "na"), ("no", "not_known")])
    assert (found.pairs, found.agree, found.percent) == (4, 2, 50)
    assert found.cross[("yes", "no")] == 1


def test_kappa_is_what_cohen_worked_out() -> None:
    """Two judges, 50 cases: 20 both yes, 15 both no, 5 and 10 apart: 0.7 against 0.5 by chance."""
    pairs = [("yes", "yes")] * 20 + [("yes", "no")] * 5 + [("no", "yes")] * 10 + [("no", "no")] * 15
    assert agreement(pairs).kappa == Fraction(2, 5)


def test_nothing_gives_no_figure() -> None:
    assert (agreement([]).percent, agreement([]).kappa) == (None, None)
    assert agreement([("yes", "yes")]).kappa is None


@given(st.lists(st.tuples(ANSWERS, ANSWERS), min_size=1))
def test_kappa_never_passes_one_and_the_sides_may_change_places(
    pairs: list[tuple[str, str]],
) -> None:
    found = agreement(pairs)
    turned = agreement([(second, first) for first, second in pairs])
    assert found.kappa == turned.kappa
    assert found.kappa is None or found.kappa <= 1
