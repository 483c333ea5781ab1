"""One choice of a list."""

from __future__ import annotations

import pytest

from criteria.question import Reading, Refusal
from tests.criteria.question_types.asked import NOW, a_question, read


@pytest.mark.parametrize(
    ("text", "value"),
    [("Strong", "strong"), ("str", "strong"), ("stong", "strong"), ("w", "weak"),
     ("not strong", "negated"), ("purple", "no_match")],
)  # fmt: skip
def test_a_choice_is_read(text: str, value: str) -> None:
    assert read("select_one", text) == value


def test_a_near_miss_says_so() -> None:
    question = a_question("select_one")
    assert question.type.read(question, "stong", NOW) == Reading("strong", near_miss=True)


@pytest.mark.parametrize("text", ["stong", "str", "not", "never"])
def test_in_a_line_only_what_is_sure_is_read(text: str) -> None:
    question = a_question("select_one")
    assert question.type.read_surely(question, text, NOW) == Refusal("no_match")
    assert question.type.read_surely(question, "strong", NOW) == Reading("strong")


def test_a_list_that_is_not_there_can_be_answered_with_anything() -> None:
    assert a_question("select_one").type.reach(None, (), set()) is None
    assert a_question("select_one").type.reach(("a", "b"), ("b",), set()) == ["b", "a"]
