"""Reports of filled cases for any instrument, always the same ones."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from random import Random
from typing import Any

from bot.messages import say
from criteria.case import Answer, Case
from criteria.case_status import Status
from criteria.inspection import Inspection
from criteria.instrument.pack import Form, Pack
from criteria.question import Question, Value
from criteria.scoring.score import score_cases
from storage.exports.report import InspectionReport
from tests.storage.tiny import AT, tiny_inspection

MADE_AT = "2026-11-24T12:00:00Z"


def filled_case(form: Form, reference: str, random: Random) -> Case:
    """Every question answered somehow, also those that do not apply; now and then a note."""
    profile: dict[str, Value] = {}
    answers: dict[str, Answer] = {}
    for question in form.questions:
        if not question.is_answered_by_people:
            continue
        value = _answer(question, random)
        if question.profile:
            profile[question.name] = value
        elif random.random() < 0.95:
            note = "Seen in the log" if random.random() < 0.1 else None
            answers[question.name] = Answer(value, note, "I1", AT)
    return Case(reference, form.name, "I1", Status.SUBMITTED, profile, answers)


def _answer(question: Question, random: Random) -> Value:
    if question.na and random.random() < 0.1:
        return "na"
    if question.not_known and random.random() < 0.1:
        return "not_known"
    names = [choice.name for choice in question.choices]
    match question.type.name:
        case "select_one":
            return random.choice(names)
        case "select_multiple":
            return tuple(name for name in names if random.random() < 0.4)
        case "integer":
            return random.randint(0, 40)
        case "decimal":
            return random.randint(0, 400) / 8
        case "date":
            return f"2026-0{random.randint(1, 9)}-{random.randint(10, 28)}"
        case _:
            return "Nothing more."


def filled_cases(pack: Pack, count: int = 12) -> list[Case]:
    random = Random(2004)  # noqa: S311  # the same cases every time
    return [
        filled_case(form, f"C{number:03d}", random)
        for form in pack.forms
        for number in range(1, count + 1)
    ]


def report_of(pack: Pack, cases: Sequence[Case], **parts: Any) -> InspectionReport:
    inspection = Inspection("cheshire-2026", "Cheshire 2026", pack.name, pack.version)
    made: dict[str, Any] = {"inspection": inspection, "made_at": MADE_AT, "say": say, **parts}
    return InspectionReport(pack=pack, cases=cases, score=score_cases(pack, cases), **made)


def text_of(export: Callable[[InspectionReport], bytes], pack: Pack, cases: Sequence[Case]) -> str:
    """What an export makes of cases that are not scored."""
    score = score_cases(pack, [])
    content = export(InspectionReport(tiny_inspection(), pack, cases, score, AT, say))
    return content.decode("utf-8-sig")
