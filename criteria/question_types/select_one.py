"""``select_one``: one choice of a list; a judgement, if the list is a scale.

``{"type": "select_one yes_no", "name": "q1.2.b", "label": {"en": "Was it in time?"}, "na": true}``
"""

from criteria.question import Question, QuestionType, Reached, Reading, Refusal, Said, Texts, Value
from criteria.read_phrase import read_phrase


class SelectOne(QuestionType):
    def read(self, question: Question, text: str, said: Said) -> Reading | Refusal:
        """ "yes", "y", "Yess", "I'd say yes" """
        return read_phrase(question, text, said.language)

    def fits(self, question: Question, value: object) -> bool:
        return isinstance(value, str) and question.choice(value) is not None

    def counted(self, question: Question, value: Value) -> tuple[str, ...]:
        return (str(value),)

    def reach(self, choices: Texts | None, texts: Texts, numbers: set[float]) -> Reached:
        # The choices that the expressions name come first: they are found sooner.
        return None if choices is None else sorted(choices, key=lambda name: name not in texts)


TYPE = SelectOne(
    name="select_one",
    kind="choice",
    refusals=("no_match", "is_it", "ambiguous", "negated", "with_note"),
    expected="a choice of its list",
    takes_list=True,
    judges=True,
)
