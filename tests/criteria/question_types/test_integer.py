"""Whole numbers."""

from __future__ import annotations

import pytest

from criteria.question import Reading, Refusal
from tests.criteria.question_types.asked import SAID, a_question, read


@pytest.mark.parametrize(
    ("text", "value"), [("12", 12), ("1,200", 1200), (" 7 ", 7), ("٣", 3), ("none", 0), ("six", 6)]
)
def test_whole_numbers_are_read(text: str, value: int) -> None:
    assert read("integer", text) == value


@pytest.mark.parametrize(
    ("text", "reason"),
    [("2.5", "not_whole"), ("many", "not_a_number"), ("1e5", "not_a_number"),
     ("nan", "not_a_number"), ("9" * 400, "not_a_number")],
)  # fmt: skip
def test_what_is_no_whole_number_is_refused(text: str, reason: str) -> None:
    assert read("integer", text) == reason


@pytest.mark.parametrize(
    ("text", "read"),
    [("20 cases", Reading(20, near_miss=True)), ("six cases", Reading(6, near_miss=True)),
     ("about 20", Reading(20, near_miss=True)), ("1 200", Reading(1200, near_miss=True)),
     ("20 weeks", Refusal("is_it", (20,))), ("1.200", Refusal("is_it", (1200,))),
     ("6 or 7", Refusal("not_a_number")), ("5 12 7", Refusal("not_a_number")),
     ("20-25", Refusal("not_a_number")), ("100+", Refusal("is_it", (100,)))],
)  # fmt: skip
def test_a_number_is_read_with_the_words_of_its_question(text: str, read: object) -> None:
    question = a_question("integer", label="How many cases?")
    assert question.type.read(question, text, SAID) == read


def test_true_is_no_number() -> None:
    question = a_question("integer")
    assert [value for value in (3, 3.5, True, "3") if question.takes(value)] == [3]


def test_whole_numbers_stand_for_all_that_there_are() -> None:
    assert a_question("integer").type.reach(None, (), {2.5}) == [
        -4.0, -3.0, -2.0, -1.0, 0.0, 1.0, 2.0, 3.0, 4.0,
    ]  # fmt: skip
