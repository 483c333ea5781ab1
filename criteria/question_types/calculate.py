"""``calculate``: worked out from other answers; a judgement, if its ``choices`` are a scale.

``{"type": "calculate", "name": "in_time", "choices": "yes_no",
"calculation": "if(working_days(${moved}, ${seen}) <= 5, 'yes', 'no')"}``
"""

from math import isfinite

from criteria.expressions import as_number, as_text
from criteria.question import Cell, Question, Reached, Texts, Value
from criteria.question_types.note import Note


class Calculate(Note):
    def cell(self, question: Question, value: Value) -> Cell:
        """A number that was worked out is a number, where it is written as we write one."""
        text = str(value)
        number = as_number(text)
        if question.choices or not isfinite(number) or as_text(number) != text:
            return text
        return int(number) if number.is_integer() else number

    def counted(self, question: Question, value: Value) -> tuple[str, ...]:
        return (str(value),) if question.choices else ()

    def reach(self, choices: Texts | None, texts: Texts, numbers: set[float]) -> Reached:
        return None


TYPE = Calculate(
    name="calculate",
    refusals=("no_match",),
    expected="nothing",
    answered_by_people=False,
    worked_out=True,
    judges=True,
    is_number=True,
    unused=("required", "constraint", "na", "not_known"),
    unused_because="a calculate is worked out and not asked",
)
