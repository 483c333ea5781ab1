"""Which questions of a case are relevant now, and how far it is answered.

As in XLSForm, an irrelevant question's answer reads as empty, whatever is stored for it; so does an
answer that leaves the base (:mod:`criteria.expressions` says what becomes of nothing).

Many questions of a form share one expression: the answer to "is there a victim?" brings in a whole
page. So a form's *rules* are gathered once, and a case costs one look at each rule, not at each
question. The result is the same: expressions may only refer to earlier questions (a pack is checked
for that), so an expression holds for all questions that have it, or for none.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property, lru_cache

from criteria.case import Case
from criteria.expressions import (
    THIS,
    TODAY,
    TODAY_VALUE,
    Condition,
    Expression,
    LeftOut,
    XValue,
    as_text,
)
from criteria.instrument.pack import Form
from criteria.question import OUT_OF_BASE, Question, Value, xvalue


@dataclass(frozen=True)
class FormState:
    """A case seen through its form.

    ``values``: the effective value by question name, calculates included, irrelevant ones left out.
    ``relevant``: the questions that apply, notes and calculates included, in the form's order.
    ``unsettled``: the names of those that an answer which is still open may bring in, take out or
    work out anew. ``hidden``: the names of those that do not apply.
    """

    values: Mapping[str, Value] = field(repr=False)
    relevant: tuple[Question, ...]
    by_name: Mapping[str, Question] = field(default_factory=dict, compare=False, repr=False)
    unsettled: frozenset[str] = frozenset()
    hidden: frozenset[str] = frozenset()
    like: FormState | None = field(default=None, compare=False, repr=False)
    """One in which the same questions apply: what is worked out there need not be again."""

    @cached_property
    def seen(self) -> Mapping[str, XValue]:
        """The same values as expressions see them."""
        return self._seen(self.values)

    def meets(self, condition: Expression) -> bool:
        """Whether a condition holds for the case; it reads only the values that it names."""
        return condition.holds(self._seen(condition.names)) is True

    def _seen(self, names: Iterable[str]) -> dict[str, XValue]:
        values, by_name = self.values, self.by_name
        return {name: by_name[name].seen(values[name]) for name in names if name in values}

    def breaks(self, question: Question, value: Value, today: date | None = None) -> bool:
        """Whether an answer breaks its question's constraint, which N/A and not known never do.

        ``today`` is the day of ``today()``; without it nothing is said of what depends on the day.
        """
        if question.constraint is None or question.leaves_base(value):
            return False
        seen = {**self._seen(question.constraint.names), THIS: xvalue(value)}
        if today is not None:
            seen[TODAY_VALUE] = today.isoformat()
        return question.constraint.holds(seen) is False

    def broken_on(self, today: date, day_of: Callable[[str], date | None]) -> tuple[Question, ...]:
        """The questions whose answers break their constraints both today and when answered.

        ``day_of`` returns the day of a question's answer. An answer that was right when it was
        given stays right, and an early one becomes right.
        """
        if not any(TODAY in q.constraint.symbols for q in self._constrained if q.constraint):
            return self.broken
        return tuple(
            q for q in self._constrained
            if (value := self.values.get(q.address)) is not None
            and self.breaks(q, value, today)
            and self.breaks(q, value, day_of(q.address) or today)
        )  # fmt: skip

    @cached_property
    def broken(self) -> tuple[Question, ...]:
        """The questions whose answers break their constraints, as the case stands now."""
        return tuple(
            q for q in self._constrained
            if q.address in self.values and self.breaks(q, self.values[q.address])
        )  # fmt: skip

    @cached_property
    def _constrained(self) -> tuple[Question, ...]:
        if self.like is not None:
            return self.like._constrained
        return tuple(q for q in self.asked if q.constraint is not None)

    @cached_property
    def asked(self) -> tuple[Question, ...]:
        if self.like is not None:
            return self.like.asked
        return tuple(q for q in self.relevant if q.is_answered_by_people)

    @cached_property
    def open(self) -> tuple[Question, ...]:
        return tuple(q for q in self.asked if q.address not in self.values)

    @property
    def open_required(self) -> tuple[Question, ...]:
        return tuple(q for q in self.open if q.required)


@dataclass(frozen=True, slots=True)
class Progress:
    answered: int
    relevant: int

    def __add__(self, other: Progress) -> Progress:
        return Progress(self.answered + other.answered, self.relevant + other.relevant)


@dataclass(frozen=True, slots=True)
class _Rule:
    """Questions that one expression (None: always) brings in together, or one that is worked out.

    ``deciding`` are those of them that decide about later questions.
    """

    names: frozenset[str]
    depends_on: frozenset[str]
    deciding: frozenset[str]
    applies: Condition | None
    calculation: Expression | None


@dataclass(frozen=True, slots=True)
class _Rules:
    """``deciding`` are the questions that decide about later ones; ``always`` always apply too.

    ``left_out`` are, by deciding question, the answers that leave the base.
    """

    rules: tuple[_Rule, ...]
    deciding: frozenset[str]
    left_out: Mapping[str, Mapping[str, LeftOut]]
    always: frozenset[str]
    profile: frozenset[str]
    survey: frozenset[str]

    def values(self, case: Case) -> dict[str, Value]:
        """What was answered to questions of the form, relevant or not, by name."""
        profile, survey = self.profile, self.survey
        values = {
            name: value
            for name, answer in case.answers.items()
            if (value := answer.value) is not None and name in survey
        }
        for name, value in case.profile.items():
            if name in profile:
                values[name] = value
        return values


@lru_cache(maxsize=256)
def _rules(questions: tuple[Question, ...]) -> _Rules:
    deciding: frozenset[str] = frozenset().union(*(question.depends_on for question in questions))
    together: dict[tuple[str, frozenset[str], str], list[Question]] = {}
    for question in questions:
        source = question.relevant.source if question.relevant else ""
        worked_out = question.address if _is_worked_out(question) else ""
        together.setdefault((source, question.depends_on, worked_out), []).append(question)
    rules: list[_Rule] = []
    always: frozenset[str] = frozenset()
    for (source, depends_on, worked_out), members in together.items():
        names = frozenset(question.address for question in members)
        first = members[0]
        if not (source or depends_on or worked_out):
            always = names
            continue
        rules.append(
            _Rule(
                names=names,
                depends_on=first.depends_on,
                deciding=names & deciding,
                applies=first.relevant.holds if first.relevant else None,
                calculation=first.calculation if worked_out else None,
            )
        )
    return _Rules(
        rules=tuple(rules),
        deciding=deciding,
        left_out={one.address: _left_out(one) for one in questions if one.address in deciding},
        always=always & deciding,
        profile=frozenset(question.address for question in questions if question.profile),
        survey=frozenset(
            question.address
            for question in questions
            if not question.profile and not _is_worked_out(question)
        ),
    )


def _left_out(question: Question) -> Mapping[str, LeftOut]:
    names = (*OUT_OF_BASE, *(choice.name for choice in question.choices))
    return {name: LeftOut(name) for name in names if question.leaves_base(name)}


def _is_worked_out(question: Question) -> bool:
    return question.type.worked_out and question.calculation is not None


def form_state(form: Form, case: Case) -> FormState:
    values, hidden, unsettled = what_applies(form, case)
    relevant = form.questions
    if hidden:
        relevant = tuple([q for q in form.questions if q.address not in hidden])
    return FormState(values, relevant, form.by_name, frozenset(unsettled), frozenset(hidden))


def answered_state(before: FormState, form: Form, case: Case, question: Question) -> FormState:
    """Return the :func:`form_state` of a case that differs from ``before`` in one answer only.

    Most questions decide about no other: then what applies stays as it was.
    """
    rules, name = _rules(form.questions), question.address
    if name in rules.deciding or not question.is_answered_by_people:
        return form_state(form, case)
    values = dict(before.values)
    value = case.value(question)
    if value is None or name in before.hidden:
        values.pop(name, None)
    else:
        values[name] = value
    like = before.like or before
    return FormState(values, before.relevant, before.by_name, before.unsettled, before.hidden, like)


def what_applies(form: Form, case: Case) -> tuple[dict[str, Value], set[str], set[str]]:
    """The same for counting: a case's effective values, and the names hidden and unsettled."""
    rules = _rules(form.questions)
    values, left_out = rules.values(case), rules.left_out
    # The rules look only at these few; what turns out hidden is taken from all the values at last.
    seen: dict[str, XValue] = {
        name: left_out[name].get(value, value)
        if isinstance(value := values[name], str)
        else xvalue(value)
        for name in rules.deciding
        if name in values
    }
    hidden: set[str] = set()
    unsettled: set[str] = set()
    loose = set(rules.always.difference(seen))  # open, or hanging on what is open
    for rule in rules.rules:
        if loose and not loose.isdisjoint(rule.depends_on):
            loose |= rule.names
            unsettled |= rule.names
        if rule.applies is not None and not rule.applies(seen):
            hidden |= rule.names
            for name in rule.deciding:
                seen.pop(name, None)
        elif rule.calculation is not None:
            if calculated := str(as_text(rule.calculation.evaluate(seen))):
                (name,) = rule.names
                values[name] = calculated
                if rule.deciding:
                    seen[name] = left_out[name].get(calculated, calculated)
        elif rule.deciding:
            loose |= rule.deciding.difference(seen)
    if not values.keys().isdisjoint(hidden):
        values = {name: value for name, value in values.items() if name not in hidden}
    return values, hidden, unsettled


def progress_by_criterion(state: FormState) -> dict[str | None, Progress]:
    """Answered of relevant per criterion, in the form's order; None gathers what has none."""
    relevant = Counter(question.criterion for question in state.asked)
    answered = Counter(q.criterion for q in state.asked if q.address in state.values)
    return {name: Progress(answered[name], of) for name, of in relevant.items()}


def progress_of(state: FormState) -> Progress:
    asked = state.asked
    return Progress(sum(q.address in state.values for q in asked), len(asked))
