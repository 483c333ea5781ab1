"""The rows of two readings of the same cases: how far they agree, and where they differ.

Only cases whose readings are both submitted count. What a lead settled since counts as it was read.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain

from criteria.case import Case
from criteria.instrument.pack import Form, Pack
from criteria.question import Question, Value
from criteria.relevance import form_state
from criteria.report.labels import criterion_label
from criteria.scoring.agreement import Agreement, agreement
from criteria.second_reading import differences, judgements, pairs_of

Pair = tuple[Case, Case]


@dataclass(frozen=True, slots=True)
class AgreementRow:
    """The agreement of a case, a criterion or a question; ``number`` may be a case's."""

    label: str
    found: Agreement
    form: str = ""
    number: str = ""

    @property
    def title(self) -> str:
        return f"{self.number} {self.label}".strip()


@dataclass(frozen=True, slots=True)
class DifferenceRow:
    """A question that was read differently; ``settled`` is the lead's answer, with the reason."""

    first: Case
    second: Case
    form: str
    question: Question
    label: str
    answers: tuple[Value | None, Value | None]
    settled: Value | None = None
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class ReadingRows:
    pairs: tuple[Pair, ...]
    everything: Agreement
    cases: tuple[AgreementRow, ...]
    criteria: tuple[AgreementRow, ...]
    questions: tuple[AgreementRow, ...]
    differences: tuple[DifferenceRow, ...]

    @property
    def differing_questions(self) -> list[AgreementRow]:
        """Those with at least one difference, least agreement first."""
        differing = [row for row in self.questions if row.found.agree < row.found.pairs]
        return sorted(differing, key=lambda row: row.found.share or 0)


def reading_rows(pack: Pack, firsts: Sequence[Case], seconds: Sequence[Case]) -> ReadingRows:
    forms = {form.name: form for form in pack.forms}
    pairs = [pair for pair in pairs_of(firsts, seconds) if pair[0].form in forms]
    read = [(forms[first.form], first, second) for first, second in pairs]
    by_question: defaultdict[Question, list[tuple[str, str]]] = defaultdict(list)
    cases = []
    for form, first, second in read:
        judged = list(judgements(form, first, second))
        found = agreement((one, other) for _, one, other in judged)
        cases.append(AgreementRow("", found, pack.text(form.label), first.case))
        for question, one, other in judged:
            by_question[question].append((one, other))
    return ReadingRows(
        pairs=tuple(pairs),
        everything=agreement(chain.from_iterable(by_question.values())),
        cases=tuple(cases),
        criteria=tuple(
            AgreementRow(criterion_label(pack, criterion), agreement(chain.from_iterable(given)))
            for criterion in pack.criteria.values()
            if (
                given := [
                    by_question[one] for one in by_question if one.criterion == criterion.name
                ]
            )
        ),
        questions=tuple(
            AgreementRow(
                pack.text(question.label),
                agreement(by_question[question]),
                pack.text(form.label),
                question.number,
            )
            for form in pack.forms
            for question in form.questions
            if question in by_question
        ),
        differences=tuple(row for one in read for row in _differences(pack, *one)),
    )


def _differences(pack: Pack, form: Form, first: Case, second: Case) -> Iterator[DifferenceRow]:
    still_differ = {one.question.name: one for one in differences(form, first, second)}
    seconds = form_state(form, second).values
    for question in form.questions:
        place = first, second, pack.text(form.label), question, pack.text(question.label)
        answer = first.answers.get(question.name)
        if answer is not None and answer.settled is not None:
            given = answer.given, seconds.get(question.name)
            yield DifferenceRow(*place, given, answer.value, answer.settled)
        elif (one := still_differ.get(question.name)) is not None:
            yield DifferenceRow(*place, (one.first, one.second))
