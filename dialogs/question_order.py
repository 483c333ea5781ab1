"""Which question comes next: walking a form's relevant questions forwards, backwards, by name."""

from __future__ import annotations

from rapidfuzz import process

from criteria.pack import Form, Pack, Question
from criteria.relevance import FormState
from dialogs.match_choice import ACCEPTED, normalise


def next_stop(state: FormState, after: Question | None) -> Question | None:
    """The next open question (or text to read) after this one; None at the end."""
    start = -1 if after is None else after.index
    for question in state.relevant:
        if question.index <= start:
            continue
        if question.kind == "note":
            return question
        if question.is_answered_by_people and question.name not in state.values:
            return question
    return None


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
    place = sum(one.index <= question.index for one in asked)
    return max(place, 1), len(asked)


def find_question(target: str, pack: Pack, form: Form, state: FormState) -> Question | None:
    """What ``/goto`` means: a number, a name, or a criterion (its first open question, else first).

    It may be a question that is not relevant now; the caller says so.
    """
    wanted = normalise(target)
    asked = [question for question in form.questions if question.kind != "calculate"]
    for question in asked:
        if wanted in (normalise(question.number), normalise(question.name)):
            return question
    criterion = _find_criterion(wanted, pack)
    theirs = [question for question in state.asked if criterion and question.criterion == criterion]
    return next((q for q in theirs if q.name not in state.values), theirs[0] if theirs else None)


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
    best = process.extractOne(wanted, list(texts), score_cutoff=ACCEPTED)
    return texts[best[0]] if best and len(wanted) > 2 else None


def near_questions(target: str, form: Form) -> tuple[Question, ...]:
    """Questions whose number looks like ``target``, for a "did you mean"."""
    numbers = {question.number: question for question in form.questions}
    found = process.extract(target.upper(), list(numbers), limit=3, score_cutoff=50)
    return tuple(numbers[number] for number, _, _ in found)
