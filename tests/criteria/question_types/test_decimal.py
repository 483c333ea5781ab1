"""Numbers."""

from __future__ import annotations

import pytest

from criteria.question import Reading, Refusal
from tests.criteria.question_types.asked import SAID, a_question, read


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("6.89", 6.89),
        ("6,89", 6.89),
        ("1 200.5", 1200.5),
        ("−3", -3),
        (".5", 0.5),
        ("0,125", 0.125),
        ("1.234,5", 1234.5),
        ("1,234,567", 1234567),
        ("ten", 10),
        ("twenty-five", 25),
    ],
)
def test_numbers_are_read(text: str, value: float) -> None:
    assert read("decimal", text) == value


@pytest.mark.parametrize("text", ["", "1e5", "inf", "6.8.9", "1" * 17])
def test_what_is_no_number_is_refused(text: str) -> None:
    assert read("decimal", text) == "not_a_number"


@pytest.mark.parametrize(
    ("text", "may_be"),
    [("6,890", (6890, 6.89)), ("12 300", (12300,)), ("c. 20", (20,)),
     ("12 and a half", (12,))],
)  # fmt: skip
def test_a_number_that_is_not_sure_is_asked(text: str, may_be: tuple[float, ...]) -> None:
    question = a_question("decimal")
    assert question.type.read(question, text, SAID) == Refusal("is_it", may_be)


def test_a_percentage_is_taken_where_the_question_asks_for_it() -> None:
    question = a_question("decimal", label="What percentage?")
    assert question.type.read(question, "12.5%", SAID) == Reading(12.5, near_miss=True)
    assert read("decimal", "12.5%") == "is_it"


def test_a_number_is_a_cell_as_it_is() -> None:
    question = a_question("decimal")
    assert [question.type.cell(question, value) for value in (3, 6.89, "na")] == [3, 6.89, "na"]
