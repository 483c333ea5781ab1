"""The score: counts, proportions and means, as the published inspections work them out.

Everything is exact fractions until it is shown. A *proportion* is the sufficient answers of a
question over its relevant ones (0..1); a *percent* is that, rounded half up to a whole number.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from math import floor
from typing import Final

from criteria.case import Case
from criteria.instrument.pack import Band, LevelRule, Pack
from criteria.question import NA, NOT_KNOWN, Question
from criteria.relevance import FormState
from criteria.scoring.levels import criterion_level
from criteria.scoring.tally import QuestionTally, Tallies, tally_case

NA_COMMON: Final = Fraction(3, 4)
"""N/A in more than this share of the cases that were asked is pointed out,"""
NA_COMMON_FROM: Final = 20
"""where at least so many were asked."""


def percent(proportion: Fraction) -> int:
    """Whole percent, rounded half up on the exact fraction.

    34 of 80 is 42.5% and prints as 43 (Movement of Cases 2004, Appendix 2, first appointment).
    Half up is what all five reports' whole percentages follow; Python's ``round`` would give 42.
    """
    return floor(proportion * 100 + Fraction(1, 2))


@dataclass(frozen=True, slots=True)
class QuestionScore:
    """One question over all cases.

    ``counts`` holds every choice, also at 0, then ``na`` and ``not_known`` where they may or do
    occur. ``relevant`` is the base: cases with an answer that is neither N/A nor not known.
    ``sufficient`` is None unless it is a judgement. ``unanswered`` are open.
    """

    question: Question
    form: str
    relevant: int
    sufficient: int | None
    counts: Mapping[str, int]
    unanswered: int
    unsettled: tuple[int, int, int] = (0, 0, 0)
    """Cases in which an open answer to another question may yet bring it in, take a sufficient
    answer of it away, or an insufficient one."""

    @property
    def yes(self) -> int:
        """Its sufficient answers, or where it is a plain fact its answers ``yes``."""
        return self.counts.get("yes", 0) if self.sufficient is None else self.sufficient

    @property
    def proportion(self) -> Fraction | None:
        if self.sufficient is None or not self.relevant:
            return None
        return Fraction(self.sufficient, self.relevant)

    @property
    def percent(self) -> int | None:
        return None if self.proportion is None else percent(self.proportion)

    def percent_of(self, choice: str) -> int | None:
        if not self.relevant or self.question.leaves_base(choice):
            return None
        return percent(Fraction(self.counts[choice], self.relevant))


@dataclass(frozen=True, slots=True)
class Score:
    """A criterion's, section's or headline's score (0..1), None where nothing has a base."""

    score: Fraction | None
    band: Band | None = None

    @property
    def percent(self) -> int | None:
        return None if self.score is None else percent(self.score)


@dataclass(frozen=True)
class InspectionScore:
    pack: Pack
    cases: int
    questions: Mapping[str, QuestionScore]
    criteria: Mapping[str, Score]
    sections: Mapping[str, Score]
    headlines: Mapping[str, Score]
    levels: Mapping[str, LevelRule | None]
    """By criterion, of sections by levels only; None where nothing was followed up."""
    warnings: tuple[str, ...]

    def scored_in(self, criterion: str) -> Sequence[QuestionScore]:
        """Return the questions that count towards a criterion, with or without a base."""
        return self._scored.get(criterion, ())

    @cached_property
    def _scored(self) -> Mapping[str | None, Sequence[QuestionScore]]:
        scored: defaultdict[str | None, list[QuestionScore]] = defaultdict(list)
        for one in self.questions.values():
            if one.question.is_scored:
                scored[one.question.criterion].append(one)
        return scored


def mean(values: Iterable[Fraction]) -> Fraction | None:
    """Return the unweighted mean, None of nothing.

    A criterion's score is the mean of its questions' proportions, a headline's the mean over all
    questions tagged with it, whatever their criterion (OMI 2, 2011, Appendix 5).
    """
    values = list(values)
    return sum(values, Fraction(0)) / len(values) if values else None


def weighted_mean(values: Iterable[tuple[Fraction, Fraction]]) -> Fraction | None:
    """Return the mean of ``(value, weight)`` pairs, None where the weights add to nothing.

    A section's score is the weighted mean of its criteria: critical 2, important 1 (ESI, 2006,
    scoring approach); with equal weights, their mean (OMI 2, 2011, Appendix 5).
    """
    values = list(values)
    total = sum((weight for _, weight in values), Fraction(0))
    return sum((value * weight for value, weight in values), Fraction(0)) / total if total else None


def band_of(score: Fraction | None, bands: Sequence[Band]) -> Band | None:
    """Return the band whose cut-point the score's whole percent reaches, if any.

    The report prints whole percent and comment beside each other (OMI 2, 2011, scoring summary).
    """
    if score is None:
        return None
    return next((band for band in bands if percent(score) >= band.from_percent), None)


def score_question(question: Question, form: str, tally: QuestionTally) -> QuestionScore:
    """Work out a question's figures from the counts of its answers.

    N/A and not known leave the base (Movement of Cases 2004, Appendix 2, notes).
    """
    counts = {choice.name: 0 for choice in question.choices}
    counts |= {NA: 0} if question.na else {}
    counts |= {NOT_KNOWN: 0} if question.not_known else {}
    relevant = sufficient = 0
    for value, cases in tally.answers.items():
        leaves_base = question.leaves_base(value)
        # A number, a date or a text adds nothing to the counts.
        for name in (str(value),) if leaves_base else question.type.counted(question, value):
            counts[name] = counts.get(name, 0) + cases
        if not leaves_base:
            relevant += cases
            sufficient += cases if question.is_sufficient(value) else 0
    coming = leaving_sufficient = leaving_insufficient = 0
    for may_go, cases in tally.unsettled.items():
        if may_go is None:
            coming += cases
        elif question.leaves_base(may_go):
            continue
        elif question.is_sufficient(may_go):
            leaving_sufficient += cases
        else:
            leaving_insufficient += cases
    return QuestionScore(
        question=question,
        form=form,
        relevant=relevant,
        sufficient=sufficient if question.is_judgement else None,
        counts=counts,
        unanswered=tally.unanswered,
        unsettled=(coming, leaving_sufficient, leaving_insufficient),
    )


def score_cases(pack: Pack, cases: Iterable[Case]) -> InspectionScore:
    return score_tallies(pack, tally_cases(pack, cases))


def tally_cases(pack: Pack, cases: Iterable[Case]) -> Tallies:
    """Return the counts of cases. Raises ``ValueError`` for one of a form that the pack lacks."""
    forms = {form.name: form for form in pack.forms}
    tallies = Tallies()
    for case in cases:
        form = forms.get(case.form)
        if form is None:
            raise ValueError(f"case {case.case}: pack {pack.name} has no form {case.form!r}")
        tallies.add(tally_case(form, case))
    return tallies


def score_tallies(pack: Pack, tallies: Tallies) -> InspectionScore:
    tally_of = tallies.by_question(pack)
    questions = {
        question.name: score_question(question, form.name, tally_of[question.name])
        for form in pack.forms
        for question in form.questions
        if question.type.has_value
    }
    return _summarise(pack, tallies.cases.total(), questions, _levels(pack, tally_of))


def _levels(pack: Pack, tally_of: Mapping[str, QuestionTally]) -> dict[str, LevelRule | None]:
    """Return each described criterion's level, from the answers to its items (ESI, 2006)."""
    if pack.levels is None:
        return {}
    items: dict[str, list[str]] = {
        criterion.name: []
        for section in pack.sections
        if section.by_levels
        for criterion in section.criteria
    }
    for form in pack.forms:
        for question in form.questions:
            is_item = question.scored and question.choice_list is pack.levels.items
            if not is_item or question.criterion not in items:
                continue
            for value, cases in tally_of[question.name].answers.items():
                if isinstance(value, str):
                    items[question.criterion] += [value] * cases
    return {name: criterion_level(pack.levels, given) for name, given in items.items()}


def _summarise(
    pack: Pack,
    cases: int,
    questions: Mapping[str, QuestionScore],
    levels: Mapping[str, LevelRule | None],
) -> InspectionScore:
    by_criterion: defaultdict[str | None, list[Fraction]] = defaultdict(list)
    by_headline: defaultdict[str, list[Fraction]] = defaultdict(list)
    for one in questions.values():
        if one.question.is_scored and (proportion := one.proportion) is not None:
            by_criterion[one.question.criterion].append(proportion)
            for name in one.question.headlines:
                by_headline[name].append(proportion)
    criteria = {name: mean(by_criterion[name]) for name in pack.criteria}
    sections = {
        section.name: weighted_mean(
            (value, Fraction(str(criterion.weight)))
            for criterion in section.criteria
            if (value := criteria[criterion.name]) is not None
        )
        for section in pack.sections
    }
    headlines = {headline.name: mean(by_headline[headline.name]) for headline in pack.headlines}

    def banded(scores: Mapping[str, Fraction | None]) -> dict[str, Score]:
        return {name: Score(one, band_of(one, pack.bands)) for name, one in scores.items()}

    return InspectionScore(
        pack=pack,
        cases=cases,
        questions=questions,
        criteria=banded(criteria),
        sections={name: Score(value) for name, value in sections.items()},
        headlines=banded(headlines),
        levels=levels,
        warnings=tuple(
            warning
            for question in questions.values()
            if any(question.counts.values()) or question.relevant
            for warning in _warnings(pack, question, questions)
        ),
    )


def _warnings(
    pack: Pack, score: QuestionScore, questions: Mapping[str, QuestionScore]
) -> Iterable[str]:
    question = score.question
    least = question.min_base or pack.min_base
    if least and 0 < score.relevant < least and question.is_scored:
        yield (
            f"{_place(pack, score)}: a base of only {score.relevant}, fewer than {least};"
            " read its percentage with care"
        )
    parent = questions.get(question.parent or "")
    if parent is not None and score.relevant > parent.yes:
        yield (
            f"{_place(pack, score)}: a base of {score.relevant}, more than the {parent.yes} that"
            f" {parent.question.number} suggests"
        )
    left = {name: n for name, n in score.counts.items() if n and question.leaves_base(name)}
    not_applicable = sum(count for name, count in left.items() if name != NOT_KNOWN)
    asked = score.relevant + sum(left.values())
    if asked >= NA_COMMON_FROM and Fraction(not_applicable, asked) > NA_COMMON:
        yield f"{_place(pack, score)}: N/A in {not_applicable} of {asked} cases"


def _place(pack: Pack, score: QuestionScore) -> str:
    """Return the question's number, with its form's name where there are several."""
    form = pack.form(score.form) if len(pack.forms) > 1 else None
    number = score.question.number
    return f"{pack.text(form.label)} {number}" if form else number


def score_case(state: FormState) -> dict[str, tuple[int, int]]:
    """Return one case's result: (sufficient, relevant) judgements by criterion name."""
    result: dict[str, tuple[int, int]] = {}
    for question in state.relevant:
        if not question.is_scored or question.criterion is None:
            continue
        sufficient, relevant = result.get(question.criterion, (0, 0))
        value = state.values.get(question.address)
        if value is not None and not question.leaves_base(value):
            sufficient += question.is_sufficient(value)
            relevant += 1
        result[question.criterion] = (sufficient, relevant)
    return result
