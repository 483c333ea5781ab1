"""Agreement of two readings: counts, percentage, Cohen's kappa."""

from __future__ import annotations

from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from criteria.scoring.agreement import agreement, strength
from criteria.scoring.score import percent

ANSWERS = st.sampled_from(["yes", "no", "na", "not_known"])


def test_equal_answers_agree_and_others_do_not() -> None:
    found = agreement([("yes", "yes"), ("yes", "no"), ("na", "na"), ("no", "not_known")])
    assert (found.pairs, found.agree, found.percent) == (4, 2, 50)
    assert found.cross[("yes", "no")] == 1


def test_kappa_is_what_cohen_worked_out() -> None:
    """Two judges, 50 cases: 20 both yes, 15 both no, 5 and 10 apart: 0.7 against 0.5 by chance."""
    pairs = [("yes", "yes")] * 20 + [("yes", "no")] * 5 + [("no", "yes")] * 10 + [("no", "no")] * 15
    assert agreement(pairs).kappa == Fraction(2, 5)


def test_a_kappa_is_called_as_landis_and_koch_call_its_two_decimals() -> None:
    """Their table 2: poor, slight 0.00-0.20, fair 0.21-0.40, moderate 0.41-0.60, and so on."""
    called = {
        "-1": "poor", "-0.01": "poor", "-0.004": "slight", "0": "slight", "0.2": "slight",
        "0.204": "slight", "0.205": "fair", "0.21": "fair", "0.4": "fair", "0.41": "moderate",
        "0.6": "moderate", "0.61": "substantial", "0.8": "substantial", "0.81": "almost perfect",
        "1": "almost perfect",
    }  # fmt: skip
    assert {kappa: strength(Fraction(kappa)) for kappa in called} == called
    assert [percent(Fraction(kappa)) for kappa in ("0.205", "-0.004", "1")] == [21, 0, 100]


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
