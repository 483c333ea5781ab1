"""Typed days; the date question has its own tests."""

from __future__ import annotations

from datetime import date

import pytest

from criteria.read_date import NO_DATE, ReadDate, is_out_of_range, read_date
from criteria.words import everyday_words

FRIDAY = date(2026, 11, 20)
EN, CY = everyday_words("en"), everyday_words("cy")


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("12.3.11", ReadDate((date(2011, 3, 12),), sure=True)),
        ("29/2/24", ReadDate((date(2024, 2, 29),), sure=True)),
        ("29 February", ReadDate()),
        ("31/12/26", ReadDate((date(1926, 12, 31), date(2026, 12, 31)))),
        ("last fri", ReadDate((date(2026, 11, 13),), sure=True, echo=True)),
        ("last week", NO_DATE),
        ("3 March 4 2011", NO_DATE),
        ("March March 2011", NO_DATE),
        ("13/13/2013", NO_DATE),
    ],
)
def test_a_day_is_sure_asked_or_none(text: str, read: ReadDate) -> None:
    assert read_date(text, EN, FRIDAY) == read


def test_months_are_read_in_the_sessions_language() -> None:
    assert read_date("3 Mawrth 2011", CY, FRIDAY) == ReadDate((date(2011, 3, 3),), sure=True)
    assert read_date("3 Mawrth 2011", EN, FRIDAY) == NO_DATE


def test_a_century_back_and_ten_years_on_are_in_range() -> None:
    days = (date(1925, 12, 31), date(1926, 1, 1), date(2036, 12, 31), date(2037, 1, 1))
    assert [is_out_of_range(day, FRIDAY) for day in days] == [True, False, False, True]
