"""The counts behind a score, kept up to date case by case.

A score needs only how often each question has each answer, and in how many cases it does not apply.
When a case changes, what it added before is taken away, and scoring never reads a case again.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Hashable, Mapping, Set
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Final, TypeVar, cast

from criteria.case import Case, CaseKey
from criteria.instrument.pack import Form, Pack
from criteria.question import Question, Value
from criteria.relevance import what_applies

T = TypeVar("T", bound=Hashable)

MAX_SAME: Final = 50_000
ANSWERED: Final = ""
"""Stands for every number, date and text: a score only needs to know that they were answered."""


@dataclass(frozen=True, slots=True)
class Tally:
    """What one case adds to the counts.

    ``hidden`` are the names of the questions that do not apply. ``unsettled`` are those which an
    open answer to another may bring in (with None), or take away or change (with their answer).
    """

    form: str
    answers: Mapping[str, Value]
    hidden: Set[str]
    unsettled: tuple[tuple[str, Value | None], ...]


def tally_case(form: Form, case: Case) -> Tally:
    """Count one case: the only part of scoring whose cost grows with the answers."""
    values, hidden, unsettled = what_applies(form, case)
    changing = tuple(
        (name, values.get(name))
        for name in unsettled
        if name in values or name in hidden or not form.by_name[name].is_answered_by_people
    )
    for question in _without_choices(form.questions):
        value = values.get(question.name)
        if value is not None and not isinstance(value, tuple) and not question.leaves_base(value):
            values[question.name] = ANSWERED
    return Tally(form.name, values, hidden, changing)


@lru_cache(maxsize=256)
def _without_choices(questions: tuple[Question, ...]) -> tuple[Question, ...]:
    return tuple(question for question in questions if not question.choices)


@dataclass(frozen=True, slots=True)
class QuestionTally:
    """``unsettled`` counts the answers that may go or change, and as None those that may come."""

    answers: Mapping[Value, int]
    unanswered: int
    unsettled: Mapping[Value | None, int]


def _by_question() -> defaultdict[str, defaultdict[Value, int]]:
    return defaultdict(lambda: defaultdict(int))


@dataclass(slots=True)
class Tallies:
    """The counts of all forms together, as a question's name is unique in its pack."""

    cases: Counter[str] = field(default_factory=Counter)
    answers: defaultdict[str, defaultdict[Value, int]] = field(default_factory=_by_question)
    hidden: Counter[str] = field(default_factory=Counter)
    unsettled: Counter[tuple[str, Value | None]] = field(default_factory=Counter)

    def add(self, tally: Tally) -> None:
        self._count(tally, 1)
        self.hidden.update(tally.hidden)
        self.unsettled.update(tally.unsettled)

    def remove(self, tally: Tally) -> None:
        self._count(tally, -1)
        self.hidden.subtract(tally.hidden)
        self.unsettled.subtract(tally.unsettled)

    def _count(self, tally: Tally, cases: int) -> None:
        self.cases[tally.form] += cases
        answers = self.answers
        for name, value in tally.answers.items():
            answers[name][value] += cases

    def by_question(self, pack: Pack) -> dict[str, QuestionTally]:
        unsettled: dict[str, dict[Value | None, int]] = {}
        for (name, may_go), count in self.unsettled.items():
            if count:
                unsettled.setdefault(name, {})[may_go] = count
        return {
            question.name: self._question(form, question, unsettled.get(question.name, {}))
            for form in pack.forms
            for question in form.questions
        }

    def _question(
        self, form: Form, question: Question, unsettled: Mapping[Value | None, int]
    ) -> QuestionTally:
        given = self.answers.get(question.name)
        answers = {value: count for value, count in given.items() if count} if given else {}
        applies = self.cases[form.name] - self.hidden[question.name]
        unanswered = applies - sum(answers.values()) if question.can_be_open else 0
        return QuestionTally(answers, unanswered, unsettled)


_Added = tuple[Form, tuple[Value | None, ...], Set[str], tuple[tuple[str, Value | None], ...]]
"""A case's tally in a hundredth of the memory: its answers stand in the form's order."""


class CountedCases:
    """The counts of cases that keep changing, some 1.5 kB for a case of 150 questions."""

    def __init__(self) -> None:
        self.tallies = Tallies()
        self._added: dict[CaseKey, _Added] = {}
        self._same: dict[Hashable, Hashable] = {}

    def count(self, form: Form, case: Case) -> None:
        tally = tally_case(form, case)
        self.forget(case.key)
        self.tallies.add(tally)
        answers = tuple(self._one(tally.answers.get(one.name)) for one in form.questions)
        hidden, unsettled = self._one(frozenset(tally.hidden)), self._one(tally.unsettled)
        self._added[case.key] = form, answers, hidden, unsettled

    def forget(self, key: CaseKey) -> None:
        if added := self._added.pop(key, None):
            form, given, hidden, unsettled = added
            in_order = zip(form.questions, given, strict=True)
            answers = {one.name: value for one, value in in_order if value is not None}
            self.tallies.remove(Tally(form.name, answers, hidden, unsettled))

    def _one(self, value: T) -> T:
        if len(self._same) > MAX_SAME:
            self._same.clear()
        return cast("T", self._same.setdefault(value, value))
