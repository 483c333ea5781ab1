"""``text``: whatever is typed, as it was typed.

``{"type": "text", "name": "comments", "label": {"en": "Anything else?"}}``
"""

from criteria.question import Question, QuestionType, Reached, Reading, Refusal, Said, Texts
from criteria.question_types.date import days_around
from criteria.question_types.decimal import numbers_around


class Text(QuestionType):
    def read(self, question: Question, text: str, said: Said) -> Reading | Refusal:
        return Reading(text)

    def fits(self, question: Question, value: object) -> bool:
        return isinstance(value, str)

    def reach(self, choices: Texts | None, texts: Texts, numbers: set[float]) -> Reached:
        plain = [str(number) for number in numbers_around(numbers)]
        return [*texts, *plain, *days_around(texts), "other text"]


TYPE = Text(
    name="text",
    hint="text",
    expected="a text",
    wants_text=True,
    free_text=True,
    unused=("na", "not_known"),
    unused_because="a text has no base to leave",
)
