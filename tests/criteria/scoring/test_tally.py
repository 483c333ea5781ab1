"""Counts that a step keeps up to date give the score that reading every case gives."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import cache
from random import Random

import pytest

from criteria.case import Answer, Case
from criteria.instrument.load import load_pack, pack_names, pack_path, read_document
from criteria.instrument.pack import Pack
from criteria.relevance import answered_state, form_state
from criteria.report.score_document import score_document
from criteria.scoring.score import (
    InspectionScore,
    score_case,
    score_cases,
    score_tallies,
    tally_cases,
)
from criteria.scoring.tally import Tallies, tally_case
from tests.criteria.random_cases import random_cases, random_value, with_leftovers
from tests.criteria.scoring.plain_scoring import plain_score, plain_state

CASES = 25


@cache
def the_pack(name: str) -> Pack:
    return load_pack(read_document(pack_path(name)))


@cache
def the_cases(name: str, answered: float) -> list[Case]:
    """Some of every form: as they were answered, and with answers to what no longer applies."""
    random = Random(name)  # noqa: S311  # the same every time
    return [
        with_leftovers(form, case, random) if number % 3 == 0 else case
        for form in the_pack(name).forms
        for number, case in enumerate(random_cases(form, CASES, answered=answered))
    ]


each_pack: Callable[..., None] = pytest.mark.parametrize("name", pack_names())
each_share: Callable[..., None] = pytest.mark.parametrize("answered", [0.5, 0.9, 1])


@each_pack
@each_share
def test_the_score_is_what_a_slow_plain_count_gives(name: str, answered: float) -> None:
    pack, cases = the_pack(name), the_cases(name, answered)
    score, plain = score_cases(pack, cases), plain_score(pack, cases)
    assert {
        question: {
            "counts": dict(one.counts),
            "relevant": one.relevant,
            "sufficient": one.sufficient,
            "unanswered": one.unanswered,
            "unsettled": one.unsettled,
        }
        for question, one in score.questions.items()
    } == plain.questions
    assert {name: one.score for name, one in score.criteria.items()} == plain.criteria
    assert {name: one.score for name, one in score.sections.items()} == plain.sections
    assert {name: one.score for name, one in score.headlines.items()} == plain.headlines
    assert {name: level and level.name for name, level in score.levels.items()} == plain.levels


@each_pack
@each_share
def test_what_applies_is_what_a_slow_plain_walk_gives(name: str, answered: float) -> None:
    pack = the_pack(name)
    for case in the_cases(name, answered):
        form = pack.form(case.form)
        assert form is not None
        state, plain = form_state(form, case), plain_state(form, case)
        assert list(state.relevant) == plain.relevant
        assert state.values == plain.values
        assert state.seen == plain.seen
        assert state.unsettled == plain.unsettled
        hidden = [question.name for question in form.questions if question not in plain.relevant]
        assert state.hidden == frozenset(hidden)


@each_pack
def test_a_step_keeps_the_counts_up_to_date(name: str) -> None:
    """Random answers and takings back, one at a time; at last as if every case were read."""
    pack = the_pack(name)
    cases = {case.key: case for case in the_cases(name, 0.5)}
    tallies = tally_cases(pack, cases.values())
    random = Random(name)  # noqa: S311  # the same every time
    for _ in range(200):
        key = random.choice([*cases])
        form = pack.form(key.form)
        assert form is not None
        question = random.choice([one for one in form.questions if one.is_answered_by_people])
        before = cases[key]
        if question.name in before.answers and random.random() < 0.3:
            left = {**before.answers, question.name: Answer(None, "taken back")}
            cases[key] = Case(before.case, before.form, profile=before.profile, answers=left)
        else:
            value = random_value(question, random)
            cases[key] = before.answered(question, value, "I1", "then")
        tallies.remove(tally_case(form, before))
        tallies.add(tally_case(form, cases[key]))
    assert_same(score_tallies(pack, tallies), score_cases(pack, list(cases.values())))


@each_pack
@each_share
def test_a_step_knows_what_applies_as_if_all_were_worked_out(name: str, answered: float) -> None:
    """Random answers and takings back; what is known of the case before is gone on from."""
    pack, random = the_pack(name), Random(name)  # noqa: S311  # the same every time
    for case in the_cases(name, answered)[:12]:
        form = pack.form(case.form)
        assert form is not None
        askable = [one for one in form.questions if one.is_answered_by_people]
        state, now = form_state(form, case), case
        for question in random.sample(askable, min(40, len(askable))):
            if question.name in now.answers and random.random() < 0.2:
                now = replace(now, answers={**now.answers, question.name: Answer(None, "page 3")})
            else:
                now = now.answered(question, random_value(question, random), "I1", "then")
            state, anew = answered_state(state, form, now, question), form_state(form, now)
            assert state == anew
            assert (state.asked, state.open) == (anew.asked, anew.open)


@each_pack
def test_what_is_added_and_taken_away_leaves_nothing(name: str) -> None:
    pack = the_pack(name)
    tallies = tally_cases(pack, the_cases(name, 0.9))
    for case in the_cases(name, 0.9):
        form = pack.form(case.form)
        assert form is not None
        tallies.remove(tally_case(form, case))
    assert_same(score_tallies(pack, tallies), score_tallies(pack, Tallies()))


@each_pack
def test_one_cases_result_adds_up_to_the_inspections(name: str) -> None:
    pack, cases = the_pack(name), the_cases(name, 0.9)
    score = score_cases(pack, cases)
    for criterion in pack.criteria:
        sufficient = relevant = 0
        for case in cases:
            form = pack.form(case.form)
            assert form is not None
            one, of = score_case(form_state(form, case)).get(criterion, (0, 0))
            sufficient, relevant = sufficient + one, relevant + of
        theirs = score.scored_in(criterion)
        assert sufficient == sum(question.sufficient or 0 for question in theirs)
        assert relevant == sum(question.relevant for question in theirs)


def test_what_a_free_text_says_is_not_kept_in_the_counts() -> None:
    pack = the_pack("transforming-rehabilitation-2014")
    tallies = tally_cases(pack, the_cases(pack.name, 1))
    texts = {
        question.name
        for form in pack.forms
        for question in form.questions
        if question.type.name in ("text", "date", "integer", "decimal")
    }
    kept = [value for name in texts for value in tallies.answers[name]]
    assert kept
    assert set(kept) <= {"", "na", "not_known"}


def test_a_case_of_an_unknown_form_is_refused_by_name() -> None:
    with pytest.raises(ValueError, match="case C001: pack omi2-2011 has no form 'diary'"):
        score_cases(the_pack("omi2-2011"), [Case("C001", "diary")])


def assert_same(one: InspectionScore, other: InspectionScore) -> None:
    assert one.cases == other.cases
    assert one.questions == other.questions
    assert score_document(one) == score_document(other)
