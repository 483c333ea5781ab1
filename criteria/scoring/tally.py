"""The counts behind a score, kept up to date case by case.

A score needs only how often each question has each answer, and in how many cases it does not apply.
So each case adds pairs of question and answer, and only their sums are kept: scoring never reads a
case again. When a case changes, what it added before is taken away and what it adds now is added.
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

    ``answers``: by question name the choice, the choices, N/A or not known. ``hidden``: the names
    of the questions that do not apply. ``unsettled``: those which an answer that is still open may
    bring in (with None) or take away or change (with the answer they have).
    """

    form: str
    answers: Mapping[str, Value]
    hidden: Set[str]
    unsettled: tuple[tuple[str, Value | None], ...]


def tally_case(form: Form, case: Case) -> Tally:
    """Count one case. This is the only part of scoring whose cost grows with the answers."""
    values, hidden, unsettled = what_applies(form, case)
    changing = tuple(
        (name, values.get(name))
        for name in unsettled
        if name in values or name in hidden or not form.by_name[name].is_answered_by_people
    )
    for question in _without_choices(form.questions):
        if question.name in values:
            values[question.name] = _counted(question, values[question.name])
    return Tally(form.name, values, hidden, changing)


def _counted(question: Question, value: Value) -> Value:
    kept = isinstance(value, tuple) or question.leaves_base(value)
    return value if kept else ANSWERED


@lru_cache(maxsize=256)
def _without_choices(questions: tuple[Question, ...]) -> tuple[Question, ...]:
    return tuple(question for question in questions if not question.choices)


@dataclass(frozen=True, slots=True)
class QuestionTally:
    """One question over cases: how often each answer was given, and how often none.

    ``unsettled`` counts the answers that may yet go or change, and as None those that may come.
    """

    answers: Mapping[Value, int]
    unanswered: int
    unsettled: Mapping[Value | None, int]


def _by_question() -> defaultdict[str, defaultdict[Value, int]]:
    return defaultdict(lambda: defaultdict(int))


@dataclass(slots=True)
class Tallies:
    """The counts of an inspection, all its forms together (a question's name is its pack's own).

    ``cases`` by form, ``answers`` and ``unsettled`` by question and answer, ``hidden`` by question.
    """

    cases: Counter[str] = field(default_factory=Counter)
    answers: defaultdict[str, defaultdict[Value, int]] = field(default_factory=_by_question)
    hidden: Counter[str] = field(default_factory=Counter)
    unsettled: Counter[tuple[str, Value | None]] = field(default_factory=Counter)

    def add(self, tally: Tally) -> None:
        """Count one more case."""
        self._count(tally, 1)
        self.hidden.update(tally.hidden)
        self.unsettled.update(tally.unsettled)

    def remove(self, tally: Tally) -> None:
        """Take back what :meth:`add` counted for the same tally."""
        self._count(tally, -1)
        self.hidden.subtract(tally.hidden)
        self.unsettled.subtract(tally.unsettled)

    def _count(self, tally: Tally, cases: int) -> None:
        self.cases[tally.form] += cases
        answers = self.answers
        for name, value in tally.answers.items():
            answers[name][value] += cases

    def by_question(self, pack: Pack) -> dict[str, QuestionTally]:
        """Return the counts of each question of the pack."""
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
        unanswered = applies - sum(answers.values()) if question.is_answered_by_people else 0
        return QuestionTally(answers, unanswered, unsettled)


@dataclass(frozen=True, slots=True)
class _Added:
    """A case's tally in a hundredth of the memory: its answers in the form's order, or None."""

    form: Form
    answers: tuple[Value | None, ...]
    hidden: Set[str]
    unsettled: tuple[tuple[str, Value | None], ...]

    def tally(self) -> Tally:
        given = zip(self.form.questions, self.answers, strict=True)
        answers = {question.name: value for question, value in given if value is not None}
        return Tally(self.form.name, answers, self.hidden, self.unsettled)


class CountedCases:
    """The counts of cases that keep changing; what each case added is kept, to be taken back.

    A case of a form with 150 questions takes some 1.5 kB, as equal values are kept only once.
    """

    def __init__(self) -> None:
        self.tallies = Tallies()
        self._added: dict[CaseKey, _Added] = {}
        self._same: dict[Hashable, Hashable] = {}

    def count(self, form: Form, case: Case) -> None:
        """Count a case as it is now, in place of what was counted for it before."""
        tally = tally_case(form, case)
        self.forget(case.key)
        self.tallies.add(tally)
        answers = tuple(self._one(tally.answers.get(one.name)) for one in form.questions)
        hidden, unsettled = self._one(frozenset(tally.hidden)), self._one(tally.unsettled)
        self._added[case.key] = _Added(form, answers, hidden, unsettled)

    def forget(self, key: CaseKey) -> None:
        """Stop counting a case."""
        added = self._added.pop(key, None)
        if added is not None:
            self.tallies.remove(added.tally())

    def _one(self, value: T) -> T:
        """Return the kept value that equals this one. The kept values are dropped when too many."""
        if len(self._same) > MAX_SAME:
            self._same.clear()
        return cast("T", self._same.setdefault(value, value))
