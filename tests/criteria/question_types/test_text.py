"""Texts."""

from __future__ import annotations

import pytest

from tests.criteria.question_types.asked import a_question, read


@pytest.mark.parametrize("text", ["Said “no”, twice.", "12", "na", "none"])
def test_a_text_is_kept_as_it_was_typed(text: str) -> None:
    assert read("text", text) == text


def test_any_text_fits_and_nothing_else() -> None:
    question = a_question("text", na=False)
    given = ("na", "not_known", "", 3, ("a",))
    assert [value for value in given if question.takes(value)] == ["na", "not_known", ""]
