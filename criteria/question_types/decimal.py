"""``decimal``: a number.

``{"type": "decimal", "name": "rsr", "label": {"en": "Risk score"}, "constraint": ". <= 100"}``
"""

from collections.abc import Collection
from itertools import pairwise

from criteria.expressions import XValue
from criteria.question import (
    Cell,
    Question,
    QuestionType,
    Reached,
    Reading,
    Refusal,
    Said,
    Texts,
    Value,
)
from criteria.read_number import ReadNumber, read_number, units_of
from criteria.words import everyday_words


class Decimal(QuestionType):
    def read(self, question: Question, text: str, said: Said) -> Reading | Refusal:
        """ "6.89", "6,89", "12.5%", "twenty"; "6,890" is asked about."""
        number = number_in(question, text, said)
        if number.sure:
            return Reading(number.may_be[0], number.echo)
        return Refusal("is_it" if number.may_be else "not_a_number", number.may_be)

    def fits(self, question: Question, value: object) -> bool:
        return isinstance(value, int | float) and not isinstance(value, bool)

    def cell(self, question: Question, value: Value) -> Cell:
        return str(value) if isinstance(value, tuple) else value

    def reach(self, choices: Texts | None, texts: Texts, numbers: set[float]) -> Reached:
        return numbers_around(numbers)


def number_in(question: Question, text: str, said: Said, *, whole: bool = False) -> ReadNumber:
    words = everyday_words(said.language)
    return read_number(text, words, units_of([*question.label.values()]), whole=whole)


def numbers_around(numbers: Collection[float]) -> list[XValue]:
    """Each number, its negative, what is just beside it, and what lies between two."""
    beside = sorted(beside_each(numbers))
    return [*beside, *((low + high) / 2 for low, high in pairwise(beside))]


def beside_each(numbers: Collection[float]) -> set[float]:
    """Each number, its negative, and what is one more or less."""
    both = {0.0, *numbers, *(-number for number in numbers)}
    return {number + step for number in both for step in (-1, 0, 1)}


TYPE = Decimal(
    name="decimal",
    kind="number",
    hint="decimal",
    refusals=("not_a_number", "is_it"),
    expected="a number",
    wants_text=True,
    is_number=True,
)
