"""One message, compiled."""

from __future__ import annotations

from typing import Any

import pytest

from bot.messages.compiled import WholeNumber, compiled

CASES = """
cases = { $n ->
    [one] { $n } case
   *[other] { $n } cases
}
"""


def test_a_number_chooses_the_plural_and_is_written_in_plain_digits() -> None:
    say = compiled("cases", CASES, "en")
    assert say({"n": 1}) == "1 case"
    assert say({"n": 1200}) == "1200 cases"


def test_values_are_said_as_they_are() -> None:
    say = compiled("hello", "hello = { $name }!", "en")
    assert say({"name": "{ $name } <b>"}) == "{ $name } <b>!"


def test_a_value_that_is_missing_raises() -> None:
    say = compiled("hello", "hello = { $name }!", "en")
    with pytest.raises(Exception, match="name"):
        say({})


def test_a_source_with_a_mistake_raises() -> None:
    with pytest.raises(Exception, match=r"."):
        compiled("hello", "hello = { missing }", "en")({})


def test_a_whole_number_is_a_number() -> None:
    number: Any = WholeNumber(7)
    assert number + 1 == 8
