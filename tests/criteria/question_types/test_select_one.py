"""One choice of a list."""

from __future__ import annotations

import pytest

from criteria.question import Reading
from tests.criteria.question_types.asked import SAID, a_question, read


@pytest.mark.parametrize(
    ("text", "value"),
    [("Strong", "strong"), ("str", "strong"), ("stong", "strong"), ("w", "weak"),
     ("not strong", "negated"), ("purple", "no_match")],
)  # fmt: skip
def test_a_choice_is_read(text: str, value: str) -> None:
    assert read("select_one", text) == value


def test_a_near_miss_says_so() -> None:
    question = a_question("select_one")
    assert question.type.read(question, "stong", SAID) == Reading("strong", near_miss=True)


def test_a_list_that_is_not_there_can_be_answered_with_anything() -> None:
    assert a_question("select_one").type.reach(None, (), set()) is None
    assert a_question("select_one").type.reach(("a", "b"), ("b",), set()) == ["b", "a"]
