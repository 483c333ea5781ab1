"""Which arithmetic can be tried with a few answers."""

from __future__ import annotations

import pytest

from criteria.expressions import compile_expression
from criteria.instrument.check.differences import MAX_NUMBERS, can_be_tried, has_arithmetic, sums


@pytest.mark.parametrize(
    "source",
    [
        "${a} > 5", "${a} > -5", "${d2} - ${d1} > 10", ". <= ${n} + 5",
        "${a} + 5 > ${b} and not(${c} - 1 = 3)", "'2020-01-01' + 30 > ${d}", "-${a} > 3",
    ],
)  # fmt: skip
def test_comparisons_by_a_difference_can_be_tried(source: str) -> None:
    assert can_be_tried(compile_expression(source))


@pytest.mark.parametrize(
    "source",
    [
        "${a} + ${b} > 5", "${a} - ${b} + 2 < 7 - ${c}", "${a} * 2 > 5",
        "${a} + ${a} > 5", "${a} div 2 = 1", "round(${a}) = 1",
        "working_days(${a}, ${b}) > 1", "if(${a} > 1, ${b} + 1, 2) > 3", "${a} - ${b}",
        "selected(${a}, ${b} + 1)", "${a} + (${b} = 'x') > 1",
    ],
)  # fmt: skip
def test_other_arithmetic_cannot(source: str) -> None:
    assert has_arithmetic(compile_expression(source))
    assert not can_be_tried(compile_expression(source))


def test_sums_are_of_each_number_once() -> None:
    assert sums([5, 5, 0]) == {-10, -5, 0, 5, 10}
    assert sums([]) == {0}
    assert sums([1.0] * (MAX_NUMBERS + 1)) is None


def test_nothing_is_said_of_a_constraint_that_depends_on_the_day() -> None:
    assert not can_be_tried(compile_expression(". > today() and . < '2020-01-01'"))
