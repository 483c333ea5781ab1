"""``select_one``: one choice of a list; a judgement, if the list is a scale.

``{"type": "select_one yes_no", "name": "q1.2.b", "label": {"en": "Was it in time?"}, "na": true}``
"""

from datetime import datetime

from criteria.match_choice import match_choice, match_surely, normalise, options_of, refusal_of
from criteria.question import Question, QuestionType, Reached, Reading, Refusal, Texts, Value


class SelectOne(QuestionType):
    def read(self, question: Question, text: str, now: datetime) -> Reading | Refusal:
        """ "yes", "y", "Yess" """
        match = match_choice(text, options_of(question))
        return Reading(match.name, not match.exact) if match.name else refusal_of(match)

    def read_surely(self, question: Question, text: str, now: datetime) -> Reading | Refusal:
        wanted = normalise(text)
        # A bare "not" is no answer here, so that "not fully" cannot become two.
        sure = wanted not in ("not", "never") and match_surely(wanted, options_of(question))
        return Reading(sure) if sure else Refusal("no_match")

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
    refusals=("no_match", "ambiguous", "negated"),
    expected="a choice of its list",
    takes_list=True,
    judges=True,
)
