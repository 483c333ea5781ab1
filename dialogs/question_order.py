"""Find the next question of a form: forwards, backwards, or by name."""

from bisect import bisect_right
from collections.abc import Mapping
from functools import lru_cache
from typing import Final

from rapidfuzz import fuzz, process

from criteria.instrument.pack import Criterion, Form, Pack
from criteria.match_choice import normalise
from criteria.question import Question
from criteria.relevance import FormState

CRITERION_LIKE: Final = 85
"""From this similarity (0–100) on, a text without digits is a criterion's label, mistyped."""
NUMBER_LIKE: Final = 40
LABEL_LIKE: Final = 75
"""From these on, a number, or a part of a label, is worth a "did you mean"."""
SAME: Final = 100
MAX_NEAR: Final = 3
LEAST_LETTERS: Final = 3
"""Fewer stand for no label."""


def next_stop(state: FormState, after: Question | None) -> Question | None:
    """The next open question after this one, None at the end.

    A text to read is a stop, too, on the way to an open question, or right after ``after``.
    """
    start = -1 if after is None else after.index
    text: Question | None = None
    passed = False
    for question in state.relevant:
        if question.index <= start or question.type.worked_out:
            continue
        if not question.type.answered_by_people:
            text = text or question
            if not passed:
                return text
        elif question.address not in state.values:
            return text or question
        else:
            passed = True
    return None


def next_asked(state: FormState, after: Question) -> Question | None:
    return next((one for one in state.asked if one.index > after.index), None)


def previous_stop(state: FormState, before: Question | None) -> Question | None:
    """The relevant question before this one, answered or not; the last one from a review."""
    for question in reversed(state.relevant):
        if not question.type.worked_out and (before is None or question.index < before.index):
            return question
    return None


def first_open(state: FormState) -> Question | None:
    return state.open[0] if state.open else None


def place_of(question: Question, state: FormState) -> tuple[int, int]:
    """Return the question's place among those that are asked: (place from 1, of how many)."""
    asked = state.asked
    place = bisect_right(asked, question.index, key=lambda one: one.index)
    return max(place, 1), len(asked)


def question_named(target: str, form: Form) -> Question | None:
    return _by_text(form.questions).get(normalise(target))


@lru_cache(maxsize=32)
def _by_text(questions: tuple[Question, ...]) -> Mapping[str, Question]:
    named: dict[str, Question] = {}
    for question in questions:
        if not question.type.worked_out:
            named.setdefault(normalise(question.number), question)
            named.setdefault(normalise(question.name), question)
    return named


def find_question(target: str, pack: Pack, form: Form, state: FormState) -> Question | None:
    """Find a number, a name, or a criterion (its first open question, else its first)."""
    question = question_named(target, form)
    if question is not None:
        return question
    theirs = [q for q in _questions_of(target, pack, form) if q.is_answered_by_people]
    asked = [question for question in theirs if question in state.relevant]
    still_open = [question for question in asked if question.address not in state.values]
    return next(iter(still_open or asked or theirs), None)


def questions_named(target: str, pack: Pack, form: Form) -> tuple[Question, ...]:
    question = question_named(target, form)
    return (question,) if question is not None else _questions_of(target, pack, form)


def _questions_of(target: str, pack: Pack, form: Form) -> tuple[Question, ...]:
    criterion = _find_criterion(normalise(target), pack, form)
    return tuple(q for q in form.questions if criterion is not None and q.criterion == criterion)


def _find_criterion(wanted: str, pack: Pack, form: Form) -> str | None:
    """Find the form's criterion of this number, name or label.

    A text with a digit must be exact: a mistyped number is a near miss to many others. Any other
    may also begin at a word of a label, or be a label with a slip or two, if only one can be meant.
    """
    criteria = criteria_of(pack, form)
    for criterion in criteria:
        if wanted in map(normalise, (criterion.number, criterion.name, *criterion.label.values())):
            return criterion.name
    if len(wanted) < LEAST_LETTERS or any(sign.isdigit() for sign in wanted):
        return None
    labels = [(normalise(text), one.name) for one in criteria for text in one.label.values()]
    begun = {name for label, name in labels if f" {wanted}" in f" {label}"}
    like = {name for label, name in labels if fuzz.ratio(wanted, label) >= CRITERION_LIKE}
    meant = begun or like
    return meant.pop() if len(meant) == 1 else None


def criteria_of(pack: Pack, form: Form) -> tuple[Criterion, ...]:
    names = {question.criterion for question in form.questions if question.is_answered_by_people}
    return tuple(one for name, one in pack.criteria.items() if name in names)


def near_questions(target: str, form: Form) -> tuple[Question, ...]:
    """Questions whose number looks like ``target`` or a word of it, for a "did you mean"."""
    numbers = {normalise(one.number): one for one in form.questions if not one.type.worked_out}
    found: dict[str, float] = {}
    for text in (normalise(target)[:20], *normalise(target[:100]).split()):
        for number, like, _ in process.extract(
            text, list(numbers), scorer=fuzz.ratio, limit=MAX_NEAR, score_cutoff=NUMBER_LIKE
        ):
            found[number] = max(like, found.get(number, 0))
    named = [number for number, like in found.items() if like == SAME]
    best = named or sorted(found, key=lambda number: -found[number])
    return tuple(numbers[number] for number in best[:MAX_NEAR])


def near_criteria(target: str, pack: Pack, form: Form) -> tuple[Criterion, ...]:
    wanted = normalise(target)[:100]
    if len(wanted) < LEAST_LETTERS or any(sign.isdigit() for sign in wanted):
        return ()
    labels = {
        normalise(text): criterion.name
        for criterion in criteria_of(pack, form)
        for text in criterion.label.values()
    }
    found = process.extract(
        wanted, list(labels), scorer=fuzz.partial_ratio, limit=MAX_NEAR, score_cutoff=LABEL_LIKE
    )
    names = dict.fromkeys(labels[text] for text, _, _ in found)
    return tuple(pack.criteria[name] for name in names)
