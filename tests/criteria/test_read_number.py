"""Typed numbers; the types of question that take them have their own tests."""

from __future__ import annotations

import pytest

from criteria.read_number import NO_NUMBER, ReadNumber, read_number, units_of
from criteria.words import everyday_words

UNITS = units_of(["How many cases does the area hold, in percent?"])
EN, CY = everyday_words("en"), everyday_words("cy")


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("1.234,5", ReadNumber((1234.5,), sure=True)),
        ("1.234.567", ReadNumber((1234567,), sure=True)),
        ("0,125", ReadNumber((0.125,), sure=True)),
        ("12.5 %", ReadNumber((12.5,), sure=True, echo=True)),
        ("twenty cases", ReadNumber((20,), sure=True, echo=True)),
        ("about 20 cases", ReadNumber((20,), sure=True, echo=True)),
        ("6,890", ReadNumber((6890, 6.89))),
        ("1 200", ReadNumber((1200,), sure=True, echo=True)),
        ("12 300", ReadNumber((12300,))),
        ("20 of them", ReadNumber((20,))),
        ("20-25", NO_NUMBER),
        ("twenty two hundred", NO_NUMBER),
        ("1e3", NO_NUMBER),
        ("l2", NO_NUMBER),
        ("O", NO_NUMBER),
    ],
)
def test_a_number_is_sure_asked_or_none(text: str, read: ReadNumber) -> None:
    assert read_number(text, EN, UNITS) == read


def test_numbers_are_read_in_the_sessions_language() -> None:
    assert read_number("deg", CY, UNITS).may_be == (10,)
    assert read_number("deg", EN, UNITS) == NO_NUMBER
