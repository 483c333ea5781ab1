"""Draft the findings of each criterion as the reports print them, by counting; the lead edits them.

A finding is a sentence about a question's share of sufficient answers.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Final

from criteria.adjustments import Adjustment
from criteria.case import Case, EvidenceKind
from criteria.instrument.pack import Criterion, LevelRule, Levels, Pack
from criteria.question import Choice, Label, Question
from criteria.relevance import form_state
from criteria.scoring.intervals import wilson
from criteria.scoring.score import InspectionScore, QuestionScore, Score, percent

STRENGTH_FROM: Final = 65
"""Percent from which a question is a strength where a pack has no bands; :func:`strength_from`."""
SMALL_BASE: Final = 5
"""Fewer relevant cases than this tell little, where a pack names no ``min_base``. The reports do
print findings on five and six cases (OMI 2, 2011, 2.2(i); Movement of Cases, 2004, 5.3)."""

_SUBJECTS: Final[Mapping[str, tuple[str, str, str]]] = {
    "area": ("In", "area", "areas"),
    "case": ("In", "case", "cases"),
    "group": ("In", "staff group", "staff groups"),
    "offender": ("For", "offender", "offenders"),
    "recommendation": ("For", "recommendation", "recommendations"),
    "sentencer": ("For", "sentencer", "sentencers"),
    "victim": ("For", "victim", "victims"),
}
"""By a form's subject: how its sentences begin, and its noun in singular and plural."""


@dataclass(frozen=True, slots=True)
class KeyFinding:
    """The lead's own summary above a criterion's findings."""

    text: str = field(repr=False)
    by: str | None = None
    at: str | None = None


@dataclass(frozen=True, slots=True)
class Finding:
    """A question's finding: ``sentence`` reads "In 61 of 79 relevant cases (77%), …".

    ``cases`` are the cases behind it: for a strength those with a sufficient answer, for an area
    for improvement those with an insufficient one.
    """

    question: Question
    sufficient: int
    relevant: int
    percent: int
    sentence: str
    cases: tuple[str, ...]
    small_base: bool = False


@dataclass(frozen=True, slots=True)
class LevelItem:
    """``sentence`` reads “How strong is the lead on diversity? Very strong.” of these ``cases``."""

    question: Question
    step: Choice
    sentence: str
    cases: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class NoteQuoted:
    """A note that a finding may draw on; ``attachment`` is the file whose caption it is."""

    case: str
    question: Question
    text: str = field(repr=False)
    attachment: str | None = None


@dataclass(frozen=True, slots=True)
class CriterionFindings:
    """A criterion's part of the draft, most telling finding first.

    A criterion with levels has ``high_items`` (best first) and ``low_items`` (weakest first)
    instead of strengths and improvements.
    """

    criterion: Criterion
    score: Score
    level: LevelRule | None
    adjustment: Adjustment | None
    key_finding: KeyFinding | None
    strengths: tuple[Finding, ...]
    improvements: tuple[Finding, ...]
    good_practice: tuple[NoteQuoted, ...]
    quotations: tuple[NoteQuoted, ...]
    strength_notes: tuple[NoteQuoted, ...] = ()
    improvement_notes: tuple[NoteQuoted, ...] = ()
    high_items: tuple[LevelItem, ...] = ()
    low_items: tuple[LevelItem, ...] = ()


def strength_from(pack: Pack) -> int | float:
    """Return the whole percent from which a question is a strength.

    Below it, the question is an area for improvement. It is the middle one of the bands' cut-points
    above 0 (of two, the higher), or 65 without bands. No report states its line, but what each
    lists under which heading shows it. The bands inferred for OMI 2 (Cheshire, 2011) start at
    85, 65 and 45, and 65 parts 167 of 178 questions as the report does; most of the others are at
    66 to 70% and stand there as areas for improvement. Movement of Cases (2004, 5.2) counts "about
    two-thirds of cases" (51 of 77, 66%) among its strengths.
    """
    cuts = [band.from_percent for band in pack.bands if band.from_percent > 0]
    return cuts[(len(cuts) - 1) // 2] if cuts else STRENGTH_FROM


def draft_findings(
    score: InspectionScore,
    cases: Sequence[Case],
    *,
    adjustments: Mapping[str, Adjustment],
    key_findings: Mapping[str, KeyFinding],
    language: str | None = None,
) -> tuple[CriterionFindings, ...]:
    """Draft the findings of each criterion, in the pack's order, from the cases of the score.

    Every judgement with a criterion and a base is a finding, even if it does not count towards the
    criterion's score: reports print both. It is a strength or an area for improvement by
    :func:`strength_from`, on the whole percent that its sentence prints. First comes the finding
    whose 95% interval keeps farthest from that line, so that 61 of 79 stands above 3 of 3; those
    with a small base come last. The sentence is in English around the pack's ``finding`` in
    ``language``.

    Raises:
        ValueError: a case has a form that the pack does not have.
    """
    draft = _Draft(score, cases, language)
    drafted = []
    for name, criterion in score.pack.criteria.items():
        strengths, improvements = draft.findings(criterion)
        high_items, low_items = draft.level_items(criterion)
        drafted.append(
            CriterionFindings(
                criterion=criterion,
                score=score.criteria[name],
                level=score.levels.get(name),
                adjustment=adjustments.get(name),
                key_finding=key_findings.get(name),
                strengths=strengths,
                improvements=improvements,
                good_practice=tuple(draft.notes[name, EvidenceKind.GOOD_PRACTICE]),
                quotations=tuple(draft.notes[name, EvidenceKind.QUOTATION]),
                strength_notes=tuple(draft.notes[name, EvidenceKind.STRENGTH]),
                improvement_notes=tuple(draft.notes[name, EvidenceKind.IMPROVEMENT]),
                high_items=high_items,
                low_items=low_items,
            )
        )
    return tuple(drafted)


class _Draft:
    def __init__(self, score: InspectionScore, cases: Sequence[Case], language: str | None) -> None:
        self.score = score
        self.pack = pack = score.pack
        self.language = language
        self.line = strength_from(pack)
        # References of cases: by question name and whether the answer is sufficient,
        # and by question and step of the levels' items.
        self.judged: defaultdict[tuple[str, bool], list[str]] = defaultdict(list)
        self.steps: defaultdict[tuple[str, str], list[str]] = defaultdict(list)
        # By criterion name and kind.
        self.notes: defaultdict[tuple[str, EvidenceKind], list[NoteQuoted]] = defaultdict(list)
        for case in cases:
            form = pack.form(case.form)
            if form is None:
                raise ValueError(f"case {case.case}: pack {pack.name} has no form {case.form!r}")
            state = form_state(form, case)
            for question in state.relevant:
                if question.criterion is None:
                    continue
                for kind, note in _notes(case, question):
                    self.notes[question.criterion, kind].append(note)
                value = state.values.get(question.address)
                if value is None or question.leaves_base(value):
                    continue
                if question.is_judgement:
                    self.judged[question.name, question.is_sufficient(value)].append(case.case)
                elif isinstance(value, str) and (choice := question.choice(value)):
                    self.steps[question.name, choice.name].append(case.case)

    def text(self, label: Label) -> str:
        return self.pack.text(label, self.language)

    def findings(self, criterion: Criterion) -> tuple[tuple[Finding, ...], tuple[Finding, ...]]:
        found = [
            self._finding(one)
            for one in self.score.questions.values()
            if one.question.criterion == criterion.name and one.proportion is not None
        ]
        found.sort(key=lambda finding: (finding.small_base, _reach(finding, self.line)))
        return (
            tuple(finding for finding in found if finding.percent >= self.line),
            tuple(finding for finding in found if finding.percent < self.line),
        )

    def _finding(self, score: QuestionScore) -> Finding:
        question, relevant, sufficient = score.question, score.relevant, score.yes
        share = percent(Fraction(sufficient, relevant))
        is_strength = share >= self.line
        form = self.pack.form(score.form)
        subject = form.subject if form else "case"
        opening = _opening(sufficient, relevant, share, subject, only=not is_strength)
        # What a sufficient answer means; where the pack does not say, the question quoted.
        meaning = f"the answer to “{self.text(question.label)}” was sufficient"
        if question.finding is not None:
            meaning = self.text(question.finding).strip().removesuffix(".")
        return Finding(
            question=question,
            sufficient=sufficient,
            relevant=relevant,
            percent=share,
            sentence=f"{opening}{meaning}.",
            cases=tuple(self.judged[question.name, is_strength]),
            small_base=relevant < (question.min_base or self.pack.min_base or SMALL_BASE),
        )

    def level_items(
        self, criterion: Criterion
    ) -> tuple[tuple[LevelItem, ...], tuple[LevelItem, ...]]:
        levels = self.pack.levels
        if levels is None:
            return (), ()
        items = [
            LevelItem(question, step, self._item_sentence(question, step), tuple(cases))
            for step in levels.items.choices
            for form in self.pack.forms
            for question in form.questions
            if question.criterion == criterion.name
            and question.scored
            and question.choice_list is levels.items
            and (cases := self.steps.get((question.name, step.name)))
        ]
        high, low = _high_and_low(levels)
        return (
            tuple(item for item in items if item.step.name in high),
            tuple(item for step in reversed(low) for item in items if item.step.name == step),
        )

    def _item_sentence(self, question: Question, step: Choice) -> str:
        label = self.text(question.label)
        return f"{label}{'' if label.endswith('?') else ':'} {self.text(step.label)}."


def _notes(case: Case, question: Question) -> list[tuple[EvidenceKind, NoteQuoted]]:
    """A question's note and the captions of its evidence, each with its kind."""
    notes = []
    answer = case.answers.get(question.address)
    if answer is not None and answer.note:
        notes.append((answer.kind, NoteQuoted(case.case, question, answer.note)))
    notes.extend(
        (one.kind, NoteQuoted(case.case, question, one.caption, one.filename))
        for one in case.evidence_on(question)
        if one.caption
    )
    return notes


def _reach(finding: Finding, line: float) -> float:
    """Return how far the finding's interval reaches across the line; the less, the more telling."""
    low, high = wilson(finding.sufficient, finding.relevant) or (0.0, 1.0)
    return line / 100 - low if finding.percent >= line else high - line / 100


def _opening(sufficient: int, relevant: int, share: int, subject: str, *, only: bool) -> str:
    """ "In only 18 of 79 relevant cases (23%), ", or in words where it is one, all or none."""
    of, one, several = _SUBJECTS.get(subject, _SUBJECTS["case"])
    if relevant == 1:
        return f"{of} the one relevant {one}, {'' if sufficient else 'it was not so that '}"
    if sufficient == relevant:
        how_many = "both" if relevant == 2 else f"all {relevant}"
        return f"{of} {how_many} relevant {several}, "
    if not sufficient:
        return f"{of} none of {relevant} relevant {several}, "
    how_many = f"{'only ' if only else ''}{sufficient} of {relevant}"
    return f"{of} {how_many} relevant {several} ({share}%), "


def _high_and_low(levels: Levels) -> tuple[list[str], list[str]]:
    """Return the names of the high steps, and of the low steps, best first.

    High are the lowest step that a rule asks of *each* item, and better steps (strong: "well met"
    in ESI, 2006, "Scoring approach"). Low are the steps below the best that a rule asks of *some*
    item (good: without it, the criterion is "not met" at best). Without such rules, only the best
    step is high and only the last is low.
    """
    steps = [choice.name for choice in levels.items.choices if not choice.is_na]
    each = [steps.index(rule.each) for rule in levels.rules if rule.each in steps]
    some = [steps.index(rule.some) for rule in levels.rules if rule.some in steps]
    high = max(each, default=0) + 1
    low = min(some, default=len(steps) - 2) + 1
    return steps[:high], steps[max(high, low) :]
