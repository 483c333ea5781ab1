"""Several choices of a list."""

from __future__ import annotations

import pytest

from tests.criteria.question_types.asked import a_question, read


@pytest.mark.parametrize(
    ("text", "value"),
    [("strong", ("strong",)), ("weak and strong", ("strong", "weak")),
     ("Fai, weak", ("fair", "weak")), ("1 3", ("strong", "weak")), ("none", ()),
     ("strong, purple", "no_match")],
)  # fmt: skip
def test_several_choices_are_read_in_the_lists_order(text: str, value: object) -> None:
    assert read("select_multiple", text) == value


def test_equal_answers_are_one_text() -> None:
    kind = a_question("select_multiple").type
    assert kind.joined(("weak", "fair")) == kind.joined(("fair", "weak")) == "fair weak"
    assert kind.parts("fair weak") == ["fair", "weak"]


def test_an_answer_counts_for_each_of_its_choices() -> None:
    question = a_question("select_multiple")
    assert question.type.counted(question, ("weak", "fair")) == ("weak", "fair")


def test_selections_stand_for_all_that_there_are() -> None:
    reached = a_question("select_multiple").type.reach(("a", "b", "c"), ("b",), set())
    assert reached is not None
    assert sorted(map(str, reached)) == ["", "a", "a b", "a b c", "a c", "b"]
