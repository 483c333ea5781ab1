"""Numbers."""

from __future__ import annotations

import pytest

from tests.criteria.question_types.asked import a_question, read


@pytest.mark.parametrize(
    ("text", "value"),
    [("6.89", 6.89), ("6,89", 6.89), ("1,200", 1200), ("1 200.5", 1200.5), ("−3", -3), (".5", 0.5)],
)
def test_numbers_are_read(text: str, value: float) -> None:
    assert read("decimal", text) == value


@pytest.mark.parametrize("text", ["", "1e5", "inf", "6.8.9", "ten", "1" * 17])
def test_what_is_no_number_is_refused(text: str) -> None:
    assert read("decimal", text) == "not_a_number"


def test_a_number_is_a_cell_as_it_is() -> None:
    question = a_question("decimal")
    assert [question.type.cell(question, value) for value in (3, 6.89, "na")] == [3, 6.89, "na"]
