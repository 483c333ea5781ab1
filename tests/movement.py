"""Eighty cases whose answers have the counts that Movement of Cases (2004), Appendix 2, printed.

The report prints counts for each question, not cases; any cases with those counts give its figures.
These are made so that every question is asked exactly where the instrument asks it.
"""

from __future__ import annotations

import json
from pathlib import Path
from random import Random
from typing import Any

from criteria.case import Case
from criteria.instrument.load import read_pack
from criteria.instrument.pack import Pack
from criteria.question import NA, NOT_KNOWN, Question, Value
from criteria.relevance import form_state

DATA = Path(__file__).with_name("data") / "movement_of_cases_2004.json"
ROWS: list[dict[str, Any]] = json.loads(DATA.read_text("utf-8"))["rows"]
BY_QUESTION = {row["question"]: row for row in ROWS}
CASES = 80
ROUTING = {
    "high_risk": {"yes": 24, "no": 56},
    "mappa_level": {"level_3": 6, "level_2": 2},
}
"""The two questions that only lead to others: the report implies them, and prints no counts."""


def movement_pack() -> Pack:
    return read_pack("movement-of-cases-2004")


def eighty_cases() -> list[Case]:
    """The cases, answered in the form's order with what the report's counts ask for."""
    pack = movement_pack()
    form = pack.forms[0]
    cases = [Case(f"C{number:03d}", form.name) for number in range(1, CASES + 1)]
    for question in form.questions:
        cases = _answer(question, cases, pack)
    return cases


def _answer(question: Question, cases: list[Case], pack: Pack) -> list[Case]:
    """Answer one question in every case where it applies, in some order that is always the same."""
    form = pack.forms[0]
    asked = [n for n, case in enumerate(cases) if question in form_state(form, case).relevant]
    Random(question.name).shuffle(asked)  # noqa: S311  # any order will do
    answers = _answers(question, len(asked))
    after = list(cases)
    for number, value in zip(asked, answers, strict=True):
        after[number] = cases[number].answered(question, value, "I1", "2004-08-01T00:00:00Z")
    return after


def _answers(question: Question, asked: int) -> list[Value]:
    row = BY_QUESTION.get(question.name)
    counts: dict[str, int] = row["counts"] if row else ROUTING[question.name]
    if question.type.name == "select_multiple":
        return [
            tuple(name for name, count in counts.items() if number < count)
            for number in range(asked)
        ]
    given: list[Value] = [name for name, count in counts.items() for _ in range(count)]
    left_out = NA if question.na else NOT_KNOWN
    assert len(given) <= asked, f"{question.name}: {len(given)} answers for {asked} cases"
    assert len(given) == asked or question.na or question.not_known, question.name
    return given + [left_out] * (asked - len(given))


def typed(question: Question, value: Value, pack: Pack) -> str:
    """The answer as an inspector types it."""
    if value == NA:
        return "n/a"
    if value == NOT_KNOWN:
        return "not known"
    if isinstance(value, tuple):
        labels = [pack.text(choice.label) for choice in question.choices if choice.name in value]
        return ", ".join(labels) or "none"
    choice = question.choice(str(value))
    return pack.text(choice.label) if choice else str(value)
