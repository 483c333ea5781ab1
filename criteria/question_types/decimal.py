"""``decimal``: a number.

``{"type": "decimal", "name": "rsr", "label": {"en": "Risk score"}, "constraint": ". <= 100"}``
"""

import math
import re
import unicodedata
from collections.abc import Collection
from datetime import datetime
from itertools import pairwise
from typing import Final

from criteria.expressions import XValue
from criteria.question import Cell, Question, QuestionType, Reached, Reading, Refusal, Texts, Value

MAX_NUMBER: Final = 10**15


class Decimal(QuestionType):
    def read(self, question: Question, text: str, now: datetime) -> Reading | Refusal:
        """ "6.89", "6,89"; commas or spaces may group thousands."""
        plain = unicodedata.normalize("NFKC", text).replace("−", "-").strip()
        if re.fullmatch(r"[+-]?\d{1,3}([, ]\d{3})+(\.\d+)?", plain):
            plain = re.sub("[, ]", "", plain)
        plain = plain.replace(",", ".")
        if not re.fullmatch(r"[+-]?(\d+(\.\d*)?|\.\d+)", plain):
            return Refusal("not_a_number")
        number = float(plain)
        if not math.isfinite(number) or abs(number) > MAX_NUMBER:
            return Refusal("not_a_number")
        return Reading(int(number) if number.is_integer() else number)

    def fits(self, question: Question, value: object) -> bool:
        return isinstance(value, int | float) and not isinstance(value, bool)

    def cell(self, question: Question, value: Value) -> Cell:
        return str(value) if isinstance(value, tuple) else value

    def reach(self, choices: Texts | None, texts: Texts, numbers: set[float]) -> Reached:
        return numbers_around(numbers)


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
    refusals=("not_a_number",),
    expected="a number",
    wants_text=True,
    is_number=True,
)
