"""What is only shown."""

from __future__ import annotations

import pytest

from tests.criteria.question_types.asked import a_question, read


@pytest.mark.parametrize("text", ["yes", "na", ""])
def test_a_note_takes_no_answer(text: str) -> None:
    assert read("note", text) == "no_match"
    assert not a_question("note", na=False).takes(text)


def test_it_has_no_value_and_needs_none() -> None:
    question = a_question("note")
    assert not question.type.has_value
    assert not question.required
