"""``note``: a text that is shown between the questions, and takes no answer.

``{"type": "note", "name": "part_two", "label": {"en": "Now look at the sentence plan."}}``
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

from criteria.expressions import XValue
from criteria.question import Cell, Label, Question, QuestionType, Reading, Refusal, Value


class Note(QuestionType):
    def read(self, question: Question, text: str, now: datetime) -> Reading | Refusal:
        return Refusal("no_match")

    def fits(self, question: Question, value: object) -> bool:
        return False

    def shown(self, question: Question, value: Value, text: Callable[[Label], str]) -> str:
        return ""

    def cell(self, question: Question, value: Value) -> Cell:
        return None

    def reach(
        self, choices: Sequence[str] | None, texts: Sequence[str], numbers: set[float]
    ) -> Sequence[XValue] | None:
        return ()


TYPE = Note(
    name="note",
    refusals=("no_match",),
    expected="nothing",
    answered_by_people=False,
    in_line=False,
    unused=(
        "required", "constraint", "criterion", "headlines", "na", "not_known", "min_base", "parent",
    ),
    unused_because="a note is shown and not answered",
)  # fmt: skip
