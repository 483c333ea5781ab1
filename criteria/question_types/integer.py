"""``integer``: a whole number.

``{"type": "integer", "name": "age", "label": {"en": "Age at sentence"}, "constraint": ". >= 10"}``
"""

import math

from criteria.question import Question, Reached, Reading, Refusal, Said, Texts
from criteria.question_types.decimal import Decimal, beside_each, number_in


class Integer(Decimal):
    def read(self, question: Question, text: str, said: Said) -> Reading | Refusal:
        """ "12", "1,200", "twenty", "20 cases" """
        number = number_in(question, text, said, whole=True)
        whole = tuple(one for one in number.may_be if isinstance(one, int))
        if len(whole) < len(number.may_be):
            return Refusal("not_whole")
        if number.sure:
            return Reading(whole[0], number.echo)
        return Refusal("is_it" if whole else "not_a_number", whole)

    def fits(self, question: Question, value: object) -> bool:
        return isinstance(value, int) and not isinstance(value, bool)

    def reach(self, choices: Texts | None, texts: Texts, numbers: set[float]) -> Reached:
        near = beside_each(numbers)
        return sorted({float(side(number)) for number in near for side in (math.floor, math.ceil)})


TYPE = Integer(
    name="integer",
    kind="number",
    hint="integer",
    refusals=("not_a_number", "not_whole", "is_it"),
    expected="a whole number",
    wants_text=True,
    is_number=True,
)
