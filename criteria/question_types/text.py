"""``text``: whatever is typed, as it was typed.

``{"type": "text", "name": "comments", "label": {"en": "Anything else?"}}``
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

from criteria.expressions import XValue
from criteria.question import Cell, Label, Question, QuestionType, Reading, Refusal, Value
from criteria.question_types.date import days_around
from criteria.question_types.decimal import numbers_around


class Text(QuestionType):
    def read(self, question: Question, text: str, now: datetime) -> Reading | Refusal:
        return Reading(text)

    def fits(self, question: Question, value: object) -> bool:
        return isinstance(value, str)

    def shown(self, question: Question, value: Value, text: Callable[[Label], str]) -> str:
        return str(value)

    def cell(self, question: Question, value: Value) -> Cell:
        return str(value)

    def reach(
        self, choices: Sequence[str] | None, texts: Sequence[str], numbers: set[float]
    ) -> Sequence[XValue] | None:
        plain = [str(number) for number in numbers_around(numbers)]
        return [*texts, *plain, *days_around(texts), "other text"]


TYPE = Text(
    name="text",
    hint="text",
    expected="a text",
    wants_text=True,
    in_line=False,
    free_text=True,
    unused=("na", "not_known"),
    unused_because="a text has no base to leave",
)
