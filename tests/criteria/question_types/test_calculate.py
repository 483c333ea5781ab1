"""What is worked out."""

from __future__ import annotations

import pytest

from tests.criteria.question_types.asked import a_question, read


def test_nobody_answers_it() -> None:
    assert read("calculate", "12") == "no_match"
    assert not a_question("calculate", na=False).takes("12")
    assert not a_question("calculate").required


@pytest.mark.parametrize(
    ("value", "cell"), [("12", 12), ("2.5", 2.5), ("012", "012"), ("NaN", "NaN"), ("late", "late")]
)
def test_a_number_that_was_worked_out_is_a_number_in_a_cell(value: str, cell: object) -> None:
    question = a_question("calculate")
    assert question.type.cell(question, value) == cell


def test_a_choice_that_was_worked_out_stays_a_text_and_counts() -> None:
    question = a_question("calculate", calculation="if(${age} > 17, 'yes', 'no')", choices="fact")
    assert question.type.cell(question, "yes") == "yes"
    assert question.type.counted(question, "yes") == ("yes",)
    assert question.type.shown(question, "yes", lambda label: label["en"]) == "Yes"


def test_there_is_no_telling_what_comes_out() -> None:
    assert a_question("calculate").type.reach(None, (), set()) is None
