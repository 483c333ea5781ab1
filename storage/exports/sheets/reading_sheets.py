"""Two readings of one case on sheets: how far they agree, and where they differ.

Only cases whose readings are both handed in count. What a lead settled since counts as it was read.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from criteria.agreement import Agreement, agreement
from criteria.case import Case, Value
from criteria.pack import Form, Pack, Question
from criteria.relevance import form_state
from criteria.second_reading import all_readings_agree, differences, readings_agree
from storage.exports.flat_rows import value_words
from storage.exports.sheets.pack_words import form_words
from storage.exports.sheets.workbook import Cell, Column, Row, Sheet, Styled, whole

Pairs = Sequence[tuple[Case, Case]]
"""First and second readings of the same cases."""


def reading_agreement(pack: Pack, pairs: Pairs) -> Sheet:
    """All judgements together, each case, then each question that was answered twice."""
    return Sheet(
        "Agreement",
        [
            Column("What", 10),
            Column("Form", 18),
            Column("Case or number", 14),
            Column("Question", 60),
            Column("Answered twice", 10, "number"),
            Column("Agree", 8, "number"),
            Column("Percent", 9, "percent"),
            Column("Kappa", 9, "score"),
        ],
        _agreement_rows(pack, pairs),
    )


def _agreement_rows(pack: Pack, pairs: Pairs) -> Iterator[Row]:
    together = Styled("All judgements", "strong")
    yield ["All", None, None, together, *_figures(all_readings_agree(pack, pairs))]
    for first, second in pairs:
        form = pack.form(first.form)
        if form is not None:
            found = readings_agree(form, first, second)
            yield ["Case", pack.text(form.label), first.case, None, *_figures(found)]
    for form in pack.forms:
        of_form = [pair for pair in pairs if pair[0].form == form.name]
        given = [(_given(form, first), _given(form, second)) for first, second in of_form]
        for question in form.questions:
            if not question.is_judgement or not question.is_answered_by_people or question.profile:
                continue
            answers = [(one.get(question.name), other.get(question.name)) for one, other in given]
            found = agreement(
                (one, other)
                for one, other in answers
                if isinstance(one, str) and isinstance(other, str)
            )
            if found.pairs:
                place = pack.text(form.label), question.number
                yield ["Question", *place, pack.text(question.label), *_figures(found)]


def _figures(found: Agreement) -> Row:
    kappa = found.kappa
    return [found.pairs, found.agree, whole(found.share), None if kappa is None else float(kappa)]


def _given(form: Form, case: Case) -> dict[str, Value | None]:
    """A reading's answers that apply, before any lead's word, by question name."""
    values: dict[str, Value | None] = dict(form_state(form, case).values)
    return values | {
        name: answer.given for name, answer in case.answers.items() if answer.settled is not None
    }


def reading_differences(pack: Pack, pairs: Pairs) -> Sheet:
    """Every question that was read differently, with what a lead made of it."""
    return Sheet(
        "Differences",
        [
            Column("Case", 10),
            Column("Form", 18),
            Column("Number", 9),
            Column("Question", 50),
            Column("First reading", 20),
            Column("Second reading", 20),
            Column("First by", 9),
            Column("Second by", 9),
            Column("Settled as", 20),
            Column("Reason", 40),
        ],
        (row for first, second in pairs for row in _difference_rows(pack, first, second)),
        held=1,
    )


def _difference_rows(pack: Pack, first: Case, second: Case) -> Iterator[Row]:
    form = pack.form(first.form)
    if form is None:
        return
    still_differ = {one.question.name: one for one in differences(form, first, second)}
    state = form_state(form, second)
    for question in form.questions:
        answer = first.answers.get(question.name)
        said: tuple[Value | None, Value | None]
        decision: tuple[Cell, Cell] = (None, None)
        if answer is not None and answer.settled is not None:
            said = answer.given, state.values.get(question.name)
            decision = _words(pack, question, answer.value), answer.settled
        elif question.name in still_differ:
            one = still_differ[question.name]
            said = one.first, one.second
        else:
            continue
        yield [
            first.case,
            form_words(pack, first.form),
            question.number,
            pack.text(question.label),
            *(_words(pack, question, value) for value in said),
            first.inspector,
            second.inspector,
            *decision,
        ]


def _words(pack: Pack, question: Question, value: Value | None) -> str:
    return "No answer" if value is None else value_words(pack, question, value)
