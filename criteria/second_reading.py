"""Two inspectors' readings of one case: differences, agreement, and what a lead settles.

The reports print the agreement between two sources on one case (Risk of Harm in Context, 2006,
Appendix 2, tables 8, 10, 11 and 14); here the sources are two readings of the same file.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace

from criteria.case import Answer, Case
from criteria.case_status import Status
from criteria.instrument.pack import Form, Pack
from criteria.question import Question, Value
from criteria.relevance import form_state
from criteria.scoring.agreement import Agreement, agreement


@dataclass(frozen=True, slots=True)
class Difference:
    """A question answered differently; None where it was not asked or left open."""

    question: Question
    first: Value | None = field(repr=False)
    second: Value | None = field(repr=False)

    @property
    def both_judged(self) -> bool:
        """Whether both readers made a judgement; :func:`readings_agree` counts only these."""
        return self.question.is_judgement and None not in (self.first, self.second)


def differences(form: Form, first: Case, second: Case) -> tuple[Difference, ...]:
    """Return the differences that no lead has settled, in judgements and other closed answers."""
    settled_in = {name for name, one in first.answers.items() if one.settled is not None}
    return tuple(
        Difference(question, one, other)
        for question, one, other in _pairs(form, first, second)
        if one != other and question.address not in settled_in
    )


def readings_agree(form: Form, first: Case, second: Case) -> Agreement:
    return agreement((one, other) for _, one, other in judgements(form, first, second))


def all_readings_agree(pack: Pack, pairs: Iterable[tuple[Case, Case]]) -> Agreement:
    return agreement(
        (one, other)
        for first, second in pairs
        if (form := pack.form(first.form)) is not None
        for _, one, other in judgements(form, first, second)
    )


def pairs_of(firsts: Iterable[Case], seconds: Iterable[Case]) -> list[tuple[Case, Case]]:
    """The cases that were read twice, both readings handed in."""
    by_key = {(case.case, case.form): case for case in firsts}
    return [
        (first, second)
        for second in seconds
        if (first := by_key.get((second.case, second.form))) is not None
        and (first.status.is_in or first.status is Status.RETURNED)
        and second.status.is_in
    ]


def settled(  # noqa: PLR0913, PLR0917  # what, by whom, when and why
    case: Case, question: Question, value: Value | None, by: str, at: str, why: str
) -> Case:
    """Return the first reading with the lead's answer and reason; its note stays."""
    before = case.answers.get(question.address) or Answer(None)
    given = before.given if before.settled is not None else before.value
    answer = replace(before, value=value, by=by, at=at, settled=why, given=given)
    return replace(case, answers={**case.answers, question.address: answer})


def _pairs(
    form: Form, first: Case, second: Case
) -> Iterator[tuple[Question, Value | None, Value | None]]:
    one, other = form_state(form, first).values, form_state(form, second).values
    for question in form.questions:
        values = one.get(question.address), other.get(question.address)
        if question.profile or question.type.free_text or not question.is_answered_by_people:
            continue
        if values != (None, None):
            yield question, *values


def judgements(form: Form, first: Case, second: Case) -> Iterator[tuple[Question, str, str]]:
    """Yield the judgements that both readings made, as the inspectors made them.

    What a lead has settled since counts as it was read: agreement tells how alike the two read.
    """
    as_read = {
        name: answer if answer.settled is None else replace(answer, value=answer.given)
        for name, answer in first.answers.items()
    }
    for question, one, other in _pairs(form, replace(first, answers=as_read), second):
        if question.is_judgement and isinstance(one, str) and isinstance(other, str):
            yield question, one, other
