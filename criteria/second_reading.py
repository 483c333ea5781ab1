"""Two inspectors' readings of one case: where they differ, how far they agree, what a lead settles.

Agreement between two sources on one case is what the reports print (Risk of Harm in Context, 2006,
Appendix 2, tables 8, 10, 11 and 14); here the two sources are two readings of the same file.
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
    """One question that was answered differently; None where it was not asked or left open."""

    question: Question
    first: Value | None = field(repr=False)
    second: Value | None = field(repr=False)

    @property
    def both_judged(self) -> bool:
        """Whether two judgements stand against each other: what :func:`readings_agree` counts.

        Else it is a plain answer, or a judgement that only one reader was asked for.
        """
        return self.question.is_judgement and None not in (self.first, self.second)


def differences(form: Form, first: Case, second: Case) -> tuple[Difference, ...]:
    """Where the readings differ and no lead has settled it, in the form's order.

    Facts about the case, texts and what is worked out are no judgements and are left out; so is a
    question that neither reading answered.
    """
    return tuple(
        Difference(question, one, other)
        for question, one, other in _pairs(form, first, second)
        if one != other and not _is_settled(first, question)
    )


def readings_agree(form: Form, first: Case, second: Case) -> Agreement:
    """The cross-table over the judgements that both readings answered, as they were given.

    What a lead has settled since counts as it was: agreement tells how alike the two read.
    """
    return agreement(_judgements(form, first, second))


def all_readings_agree(pack: Pack, pairs: Iterable[tuple[Case, Case]]) -> Agreement:
    """The same over several cases together."""
    return agreement(
        pair
        for first, second in pairs
        if (form := pack.form(first.form)) is not None
        for pair in _judgements(form, first, second)
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
    """The first reading with what the lead decided, and the reason; its note stays."""
    before = case.answers.get(question.address) or Answer(None)
    given = before.given if before.settled is not None else before.value
    answer = replace(before, value=value, by=by, at=at, settled=why, given=given)
    return replace(case, answers={**case.answers, question.address: answer})


def _is_settled(case: Case, question: Question) -> bool:
    answer = case.answers.get(question.address)
    return answer is not None and answer.settled is not None


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


def _judgements(form: Form, first: Case, second: Case) -> Iterator[tuple[str, str]]:
    for question, one, other in _pairs(form, _as_given(first), second):
        if question.is_judgement and isinstance(one, str) and isinstance(other, str):
            yield one, other


def _as_given(case: Case) -> Case:
    """The first reading before any lead's word."""
    if not any(answer.settled is not None for answer in case.answers.values()):
        return case
    answers = {
        name: answer if answer.settled is None else replace(answer, value=answer.given)
        for name, answer in case.answers.items()
    }
    return replace(case, answers=answers)
