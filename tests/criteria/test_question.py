"""What a question is, from its type and its list."""

from __future__ import annotations

import pytest

from criteria.question import NA, NOT_KNOWN, Question, xvalue
from tests.storage.tiny import tiny_pack


def question(name: str) -> Question:
    return tiny_pack().forms[0].by_name[name]


def test_a_scale_makes_a_question_a_judgement_and_a_criterion_a_scored_one() -> None:
    assert question("q1").is_judgement
    assert question("q1").is_scored
    assert not question("gender").is_judgement
    fair = tiny_pack().forms[1].by_name["i1"]
    assert fair.is_judgement
    assert not fair.is_scored


@pytest.mark.parametrize("value", [NA, NOT_KNOWN])
def test_na_and_not_known_leave_the_base(value: str) -> None:
    assert question("q1").leaves_base(value)
    assert not question("q1").leaves_base("yes")


def test_a_choice_is_found_by_its_name_only() -> None:
    found = question("q1").choice("yes")
    assert found is not None
    assert found.sufficient
    assert question("q1").choice("Yes") is None
    assert question("sent").choice("yes") is None


def test_an_expression_sees_choices_as_words_and_numbers_as_decimals() -> None:
    assert xvalue(("pcr", "oasys")) == "pcr oasys"
    assert xvalue(3) == 3.0
    assert isinstance(xvalue(3), float)
    assert xvalue("yes") == "yes"
