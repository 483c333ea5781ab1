"""``integer``: a whole number.

``{"type": "integer", "name": "age", "label": {"en": "Age at sentence"}, "constraint": ". >= 10"}``
"""

import math
from datetime import datetime

from criteria.question import Question, Reached, Reading, Refusal, Texts
from criteria.question_types.decimal import Decimal, beside_each


class Integer(Decimal):
    def read(self, question: Question, text: str, now: datetime) -> Reading | Refusal:
        """ "12", "1,200" """
        reading = super().read(question, text, now)
        if isinstance(reading, Reading) and not isinstance(reading.value, int):
            return Refusal("not_whole")
        return reading

    def fits(self, question: Question, value: object) -> bool:
        return isinstance(value, int) and not isinstance(value, bool)

    def reach(self, choices: Texts | None, texts: Texts, numbers: set[float]) -> Reached:
        near = beside_each(numbers)
        return sorted({float(side(number)) for number in near for side in (math.floor, math.ceil)})


TYPE = Integer(
    name="integer",
    kind="number",
    hint="integer",
    refusals=("not_a_number", "not_whole"),
    expected="a whole number",
    wants_text=True,
    is_number=True,
)
