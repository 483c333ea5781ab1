"""Cases with random answers, for any form: whole ones and open ones, with leftovers and notes."""

from __future__ import annotations

import json
from collections.abc import Iterator
from random import Random
from typing import Any

from criteria.case import Answer, Case
from criteria.case_json import case_from_json, case_to_json
from criteria.instrument.pack import Form
from criteria.question import NA, NOT_KNOWN, Question, Value
from criteria.relevance import form_state


def random_cases(form: Form, cases: int, *, answered: float = 1, seed: int = 0) -> list[Case]:
    """Cases of a form, with this share (0..1) of the relevant questions answered.

    They come as from a file, through JSON, so that no two answers are one object.
    """
    random = Random(f"{form.name} {answered} {seed}")  # noqa: S311  # the same every time
    return [_random_case(form, f"C{number:04}", answered, random) for number in range(cases)]


def with_leftovers(form: Form, case: Case, random: Random) -> Case:
    """The case with answers also to what does not apply, and notes where nothing is answered."""
    answers = dict(case.answers)
    for question in form.questions:
        if question.profile or not question.is_answered_by_people or question.name in answers:
            continue
        kind = random.randrange(4)
        if kind == 0:
            answers[question.name] = Answer(random_value(question, random))
        elif kind == 1:
            answers[question.name] = Answer(None, "see page 3")
    return Case(case.case, case.form, profile=case.profile, answers=answers)


def random_value(question: Question, random: Random) -> Value:
    """An answer that may be given to this question."""
    away = random.random()
    if question.na and away < 0.15:
        return NA
    if question.not_known and away > 0.9:
        return NOT_KNOWN
    match question.type.name:
        case "select_one":
            return random.choice(question.choices).name
        case "select_multiple":
            return tuple(one.name for one in question.choices if random.random() < 0.3)
        case "integer":
            return random.randrange(60)
        case "decimal":
            return random.randrange(600) / 10
        case "date":
            return f"2004-{random.randrange(1, 13):02}-{random.randrange(1, 29):02}"
        case _:
            return f"text {random.randrange(9)}"


def _random_case(form: Form, reference: str, answered: float, random: Random) -> Case:
    """From the first question to the last, as an inspector goes."""
    profile: dict[str, Value] = {}
    answers: dict[str, Answer] = {}
    case = Case(reference, form.name, profile=profile, answers=answers)
    for question in _asked(form, case):
        if random.random() >= answered:
            continue
        value = random_value(question, random)
        if question.profile:
            profile[question.name] = value
        else:
            answers[question.name] = Answer(value, by="I1", at="2026-11-20T10:00:00Z")
    document: Any = json.loads(json.dumps(case_to_json(case)))
    return case_from_json(document)


def _asked(form: Form, case: Case) -> Iterator[Question]:
    """The questions that apply after what was answered so far; ``case`` may change meanwhile."""
    state = form_state(form, case)
    for question in form.questions:
        if question.relevant is not None:
            state = form_state(form, case)
        if question.name not in state.hidden and question.is_answered_by_people:
            yield question
