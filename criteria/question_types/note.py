"""``note``: a text that is shown between the questions, and takes no answer.

``{"type": "note", "name": "part_two", "label": {"en": "Now look at the sentence plan."}}``
"""

from criteria.question import Question, QuestionType, Reached, Reading, Refusal, Said, Texts


class Note(QuestionType):
    def read(self, question: Question, text: str, said: Said) -> Reading | Refusal:
        return Refusal("no_match")

    def fits(self, question: Question, value: object) -> bool:
        return False

    def reach(self, choices: Texts | None, texts: Texts, numbers: set[float]) -> Reached:
        return ()


TYPE = Note(
    name="note",
    refusals=("no_match",),
    expected="nothing",
    answered_by_people=False,
    unused=(
        "required", "constraint", "criterion", "headlines", "na", "not_known", "min_base", "parent",
    ),
    unused_because="a note is shown and not answered",
)  # fmt: skip
