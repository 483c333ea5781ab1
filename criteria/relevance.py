"""Which questions of a case are relevant now, and how far it is answered.

One pass over the form, in its order. A question's expressions may only refer to earlier ones (a
pack is checked for that), so what stands before it is known when its turn comes. As in XLSForm, an
irrelevant question's answer reads as empty, whatever was once stored for it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from criteria.case import Case, Value
from criteria.expressions import XValue, as_text
from criteria.pack import Form, Question


@dataclass(frozen=True, slots=True)
class FormState:
    """A case seen through its form.

    ``values``: the effective value by question name, calculates included, irrelevant ones left out.
    ``relevant``: the questions that apply, notes and calculates included, in the form's order.
    ``unsettled``: the names of those that an answer which is still open may bring in, take out or
    work out anew.
    """

    values: Mapping[str, Value]
    relevant: tuple[Question, ...]
    unsettled: frozenset[str] = frozenset()
    seen: Mapping[str, XValue] = field(default_factory=dict, repr=False)
    """The same values as expressions see them."""

    @property
    def asked(self) -> tuple[Question, ...]:
        """The relevant questions that people answer."""
        return tuple(q for q in self.relevant if q.is_answered_by_people)

    @property
    def open(self) -> tuple[Question, ...]:
        """The relevant questions without an answer."""
        return tuple(q for q in self.asked if q.name not in self.values)

    @property
    def open_required(self) -> tuple[Question, ...]:
        return tuple(q for q in self.open if q.required)


@dataclass(frozen=True, slots=True)
class Progress:
    """Answered of relevant questions."""

    answered: int
    relevant: int

    def __add__(self, other: Progress) -> Progress:
        return Progress(self.answered + other.answered, self.relevant + other.relevant)


def xvalue(value: Value) -> XValue:
    """An answer as an expression sees it."""
    if isinstance(value, tuple):
        return " ".join(value)
    return value if isinstance(value, str) else float(value)


def form_state(form: Form, case: Case) -> FormState:
    """Work out, for one case, what is relevant and what each relevant question's value is."""
    values: dict[str, Value] = {}
    seen: dict[str, XValue] = {}
    relevant: list[Question] = []
    loose: set[str] = set()  # open, or hanging on what is open
    unsettled: set[str] = set()
    for question in form.questions:
        if loose and not loose.isdisjoint(question.depends_on):
            loose.add(question.name)
            unsettled.add(question.name)
        if question.relevant is not None and not question.relevant.holds(seen):
            continue
        relevant.append(question)
        if question.calculation is not None and question.kind == "calculate":
            calculated = as_text(question.calculation.evaluate(seen))
            if calculated not in ("", "NaN"):
                seen[question.name] = values[question.name] = calculated
            continue
        value = case.value(question)
        if value is not None:
            values[question.name] = value
            seen[question.name] = xvalue(value)
        else:
            loose.add(question.name)
    return FormState(values, tuple(relevant), frozenset(unsettled), seen)


def progress_by_criterion(state: FormState) -> dict[str | None, Progress]:
    """Answered of relevant per criterion, in the form's order; None gathers what has none."""
    progress: dict[str | None, Progress] = {}
    for question in state.asked:
        one = Progress(int(question.name in state.values), 1)
        progress[question.criterion] = progress.get(question.criterion, Progress(0, 0)) + one
    return progress


def progress_of(state: FormState) -> Progress:
    asked = state.asked
    return Progress(sum(q.name in state.values for q in asked), len(asked))
