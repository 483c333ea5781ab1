"""The score once more, as plainly as it can be said: slow, and without a thought of speed.

For each question, for each case, all is looked at anew. What the product counts must be this.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from fractions import Fraction

from criteria.case import Case
from criteria.expressions import XValue, as_text
from criteria.instrument.pack import Form, Pack
from criteria.question import NA, NOT_KNOWN, Question, Value
from criteria.scoring.levels import criterion_level


@dataclass
class PlainState:
    """What applies in a case: question by question, in the form's order."""

    values: dict[str, Value] = field(default_factory=dict)
    seen: dict[str, XValue] = field(default_factory=dict)
    relevant: list[Question] = field(default_factory=list)
    unsettled: set[str] = field(default_factory=set)


def plain_state(form: Form, case: Case) -> PlainState:
    state = PlainState()
    loose: set[str] = set()
    for question in form.questions:
        if loose & question.depends_on:
            loose.add(question.name)
            state.unsettled.add(question.name)
        if question.relevant and question.relevant.holds(state.seen) is not True:
            continue
        state.relevant.append(question)
        value: Value | None
        if question.type.name == "calculate" and question.calculation:
            text = as_text(question.calculation.evaluate(state.seen))
            value = text or None
        else:
            value = case.value(question)
            if value is None:
                loose.add(question.name)
        if value is not None:
            state.values[question.name] = value
            state.seen[question.name] = question.seen(value)
    return state


def plain_question(question: Question, states: Sequence[PlainState]) -> dict[str, object]:
    """The figures of one question over the cases of its form."""
    counts = {choice.name: 0 for choice in question.choices}
    if question.na:
        counts[NA] = 0
    if question.not_known:
        counts[NOT_KNOWN] = 0
    relevant = sufficient = unanswered = coming = may_lose_good = may_lose_bad = 0
    for state in states:
        unsettled = question.name in state.unsettled
        if question.name not in state.values:
            applies = question in state.relevant
            worked_out = question.type.name == "calculate"
            asked = applies and question.type.name not in ("note", "calculate")
            unanswered += asked or (applies and worked_out and question.is_judgement)
            coming += unsettled and not asked
            continue
        value = state.values[question.name]
        if isinstance(value, tuple):
            for name in value:
                counts[name] += 1
        elif isinstance(value, str) and (value in counts or question.leaves_base(value)):
            counts[value] = counts.get(value, 0) + 1
        if question.leaves_base(value):
            continue
        relevant += 1
        choice = question.choice(value) if isinstance(value, str) else None
        good = choice is not None and choice.sufficient is True
        sufficient += good
        may_lose_good += unsettled and good
        may_lose_bad += unsettled and not good
    return {
        "counts": counts,
        "relevant": relevant,
        "sufficient": sufficient if question.is_judgement else None,
        "unanswered": unanswered,
        "unsettled": (coming, may_lose_good, may_lose_bad),
    }


@dataclass(frozen=True)
class PlainScore:
    questions: dict[str, dict[str, object]]
    criteria: dict[str, Fraction | None]
    sections: dict[str, Fraction | None]
    headlines: dict[str, Fraction | None]
    levels: dict[str, str | None]


def plain_score(pack: Pack, cases: Sequence[Case]) -> PlainScore:
    states = {
        form.name: [plain_state(form, case) for case in cases if case.form == form.name]
        for form in pack.forms
    }
    questions: dict[str, dict[str, object]] = {}
    shares: list[tuple[Question, Fraction]] = []
    items: dict[str, list[str]] = {}
    for form in pack.forms:
        for question in form.questions:
            if question.type.name == "note":
                continue
            found = plain_question(question, states[form.name])
            questions[question.name] = found
            good, base = found["sufficient"], found["relevant"]
            if question.is_scored and isinstance(good, int) and isinstance(base, int) and base:
                shares.append((question, Fraction(good, base)))
            if pack.levels and question.scored and question.choice_list is pack.levels.items:
                given = [state.values.get(question.name) for state in states[form.name]]
                items.setdefault(question.criterion or "", []).extend(
                    value for value in given if isinstance(value, str)
                )
    criteria = {
        name: _mean([share for question, share in shares if question.criterion == name])
        for name in pack.criteria
    }
    sections: dict[str, Fraction | None] = {}
    for section in pack.sections:
        weighed = [
            (share, Fraction(str(one.weight)))
            for one in section.criteria
            if (share := criteria[one.name]) is not None
        ]
        total = sum(weight for _, weight in weighed)
        sections[section.name] = (
            sum((share * weight for share, weight in weighed), Fraction(0)) / total
            if total
            else None
        )
    headlines = {
        one.name: _mean([share for question, share in shares if one.name in question.headlines])
        for one in pack.headlines
    }
    levels: dict[str, str | None] = {}
    if pack.levels is not None:
        described = [
            one for section in pack.sections if section.by_levels for one in section.criteria
        ]
        for one in described:
            level = criterion_level(pack.levels, items.get(one.name, []))
            levels[one.name] = level.name if level else None
    return PlainScore(questions, criteria, sections, headlines, levels)


def _mean(shares: list[Fraction]) -> Fraction | None:
    return sum(shares, Fraction(0)) / len(shares) if shares else None
