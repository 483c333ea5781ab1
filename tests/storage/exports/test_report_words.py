"""How a report words its figures."""

from __future__ import annotations

from fractions import Fraction

import pytest

from bot.messages import say
from storage.exports import report_words as words


def test_shares_are_rounded_half_up_on_exact_fractions() -> None:
    assert words.share(Fraction(34, 80)) == "43%"
    assert words.between(say, Fraction(1, 8), Fraction(7, 8)) == "13% to 88%"
    assert words.interval(say, (0.125, 0.875)) == "13% to 88%"


def test_what_has_no_figure_is_a_dash() -> None:
    assert {
        words.share(None),
        words.interval(say, None),
        words.kappa(None),
        words.change(None),
    } == {"–"}


@pytest.mark.parametrize(
    ("number", "shown"), [(3, "3"), (3.0, "3"), (2.25, "2.3"), (2.24, "2.2"), (None, "–")]
)
def test_a_number_has_one_decimal_place_at_most(number: float | None, shown: str) -> None:
    assert words.number(number) == shown


@pytest.mark.parametrize(("points", "shown"), [(9, "▲ +9"), (-3, "▼ −3"), (0, "= 0")])
def test_a_change_has_its_sign_beside_the_arrow(points: int, shown: str) -> None:
    assert words.change(points) == shown


def test_a_time_that_is_none_stays_as_it_is() -> None:
    assert words.time(say, "2026-11-20T10:00:00Z") == "20 November 2026, 10:00 UTC"
    assert words.time(say, "yesterday") == "yesterday"


@pytest.mark.parametrize(
    "at", ["0001-01-01T00:00:00+05:00", "9999-12-31T23:59:59-05:00", "yesterday"]
)
def test_what_is_no_time_in_utc_stays_as_it_is(at: str) -> None:
    assert words.time(say, at) == at
