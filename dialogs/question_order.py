"""Which question comes next: walking a form's relevant questions forwards, backwards, by name."""

from __future__ import annotations

from bisect import bisect_right
from typing import Final

from rapidfuzz import process

from criteria.pack import Form, Pack, Question
from criteria.relevance import FormState
from dialogs.match_choice import normalise

CRITERION_LIKE: Final = 80
NUMBER_LIKE: Final = 60
"""From these similarities (0–100) on, a text may mean a criterion, or a question's number."""


def next_stop(state: FormState, after: Question | None) -> Question | None:
    """The next open question after this one, None at the end.

    A text to read is a stop, too, on the way to an open question, or right after ``after``.
    """
    start = -1 if after is None else after.index
    text: Question | None = None
    passed = False
    for question in state.relevant:
        if question.index <= start or question.kind == "calculate":
            continue
        if question.kind == "note":
            text = text or question
            if not passed:
                return text
        elif question.name not in state.values:
            return text or question
        else:
            passed = True
    return None


def next_asked(state: FormState, after: Question) -> Question | None:
    """The next question that people answer, answered or not."""
    return next((one for one in state.asked if one.index > after.index), None)


def previous_stop(state: FormState, before: Question | None) -> Question | None:
    """The relevant question before this one, answered or not; the last one from a review."""
    earlier = [
        question
        for question in state.relevant
        if question.kind != "calculate" and (before is None or question.index < before.index)
    ]
    return earlier[-1] if earlier else None


def first_open(state: FormState) -> Question | None:
    return state.open[0] if state.open else None


def place_of(question: Question, state: FormState) -> tuple[int, int]:
    """Where it stands among the questions that are asked: (place from 1, of how many)."""
    asked = state.asked
    place = bisect_right(asked, question.index, key=lambda one: one.index)
    return max(place, 1), len(asked)


def question_named(target: str, form: Form) -> Question | None:
    """The question of this number or name, whatever the case of its letters."""
    wanted = normalise(target)
    for question in form.questions:
        if question.kind != "calculate" and wanted in (
            normalise(question.number),
            normalise(question.name),
        ):
            return question
    return None


def find_question(target: str, pack: Pack, form: Form, state: FormState) -> Question | None:
    """What ``/goto`` means: a number, a name, or a criterion (its first open question, else first).

    It may be a question that is not relevant now; the caller says so.
    """
    question = question_named(target, form)
    if question is not None:
        return question
    criterion = _find_criterion(normalise(target), pack)
    theirs = [q for q in form.questions if q.is_answered_by_people and q.criterion == criterion]
    if criterion is None or not theirs:
        return None
    asked = [question for question in theirs if question in state.relevant]
    still_open = [question for question in asked if question.name not in state.values]
    return (still_open or asked or theirs)[0]


def questions_named(target: str, pack: Pack, form: Form) -> tuple[Question, ...]:
    """The question of this number or name, or all of a criterion's; none where it is neither."""
    question = question_named(target, form)
    if question is not None:
        return (question,)
    criterion = _find_criterion(normalise(target), pack)
    return tuple(q for q in form.questions if criterion is not None and q.criterion == criterion)


def _find_criterion(wanted: str, pack: Pack) -> str | None:
    texts: dict[str, str] = {}
    for criterion in pack.criteria.values():
        for text in (criterion.number, criterion.name, *criterion.label.values()):
            texts.setdefault(normalise(text), criterion.name)
    if wanted in texts:
        return texts[wanted]
    starts = {name for text, name in texts.items() if len(wanted) > 2 and text.startswith(wanted)}
    if len(starts) == 1:
        return starts.pop()
    best = process.extractOne(wanted, list(texts), score_cutoff=CRITERION_LIKE)
    return texts[best[0]] if best and len(wanted) > 2 else None


def near_questions(target: str, form: Form) -> tuple[Question, ...]:
    """Questions whose number looks like ``target``, for a "did you mean"."""
    numbers = {question.number: question for question in form.questions}
    found = process.extract(target[:20].upper(), list(numbers), limit=3, score_cutoff=NUMBER_LIKE)
    return tuple(numbers[number] for number, _, _ in found)
