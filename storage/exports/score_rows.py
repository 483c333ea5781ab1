"""What a report's summary prints, row by row: scores, levels, progress, changes, agreement.

The page and the document print the same rows; only how they look differs.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import chain

from criteria.adjustments import Adjustment
from criteria.agreement import Agreement, agreement
from criteria.case import Case
from criteria.comparison import Change, compare
from criteria.outlook import criterion_range
from criteria.pack import Criterion, Question, Section
from criteria.relevance import FormState, Progress, form_state, progress_by_criterion
from criteria.score_document import criterion_interval
from criteria.scoring import Score
from criteria.second_reading import all_readings_agree, pairs_of
from dialogs.queries import HowFar, by_inspector
from storage.exports.report import Earlier, InspectionReport
from storage.exports.report_words import (
    NONE,
    NOT_FOLLOWED_UP,
    adjusted_words,
    band_words,
    criterion_words,
    interval_words,
    kappa_words,
    level_words,
    share_words,
)
from storage.store import CaseSummary

# --- scores -------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class ScoreRow:
    """One figure of the summary; ``can_become`` is empty unless answers are still open.

    ``adjusted`` is the lead's word in place of ``comment``, with its ``reason``.
    """

    label: str
    score: Score
    comment: str
    interval: tuple[float, float] | None = None
    can_become: str = ""
    adjusted: str | None = None
    reason: str | None = None

    @property
    def interval_words(self) -> str:
        return interval_words(self.interval)


@dataclass(frozen=True, slots=True)
class ScoredSection:
    total: ScoreRow
    criteria: tuple[ScoreRow, ...]


@dataclass(frozen=True, slots=True)
class LevelRow:
    label: str
    level: str
    adjusted: str | None
    reason: str | None


@dataclass(frozen=True, slots=True)
class DescribedSection:
    """A section whose criteria have a level by rule."""

    label: str
    criteria: tuple[LevelRow, ...]


def scored_sections(report: InspectionReport) -> tuple[ScoredSection, ...]:
    pack, score = report.pack, report.score
    return tuple(
        ScoredSection(
            ScoreRow(pack.text(section.label), score.sections[section.name], NONE),
            tuple(_criterion_row(report, criterion) for criterion in section.criteria),
        )
        for section in pack.sections
        if not section.by_levels
    )


def _criterion_row(report: InspectionReport, criterion: Criterion) -> ScoreRow:
    score = report.score
    one, adjustment = score.criteria[criterion.name], report.adjustments.get(criterion.name)
    coming = criterion_range(score, criterion.name)
    still_open = coming is not None and coming.least != coming.most
    return ScoreRow(
        criterion_words(report.pack, criterion),
        one,
        band_words(report.pack, one),
        criterion_interval(score, criterion.name),
        f"{share_words(coming.least)} to {share_words(coming.most)}"
        if coming and still_open
        else "",
        adjusted_words(report.pack, adjustment),
        adjustment.reason if adjustment else None,
    )


def headline_rows(report: InspectionReport) -> tuple[ScoreRow, ...]:
    return tuple(
        _headline_row(
            report,
            report.pack.text(headline.label),
            report.score.headlines[headline.name],
            report.adjustments.get(headline.name),
        )
        for headline in report.pack.headlines
    )


def _headline_row(
    report: InspectionReport, label: str, score: Score, adjustment: Adjustment | None
) -> ScoreRow:
    return ScoreRow(
        label,
        score,
        band_words(report.pack, score),
        adjusted=adjusted_words(report.pack, adjustment),
        reason=adjustment.reason if adjustment else None,
    )


def described_sections(report: InspectionReport) -> tuple[DescribedSection, ...]:
    return tuple(
        DescribedSection(
            report.pack.text(section.label),
            tuple(_level_row(report, criterion) for criterion in section.criteria),
        )
        for section in report.pack.sections
        if section.by_levels
    )


def _level_row(report: InspectionReport, criterion: Criterion) -> LevelRow:
    adjustment = report.adjustments.get(criterion.name)
    return LevelRow(
        criterion_words(report.pack, criterion),
        level_words(report.pack, report.score.levels.get(criterion.name)),
        adjusted_words(report.pack, adjustment),
        adjustment.reason if adjustment else None,
    )


# --- progress -----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class ReportProgress:
    """Questions answered of those that apply, by criterion; and each inspector's cases."""

    by_criterion: tuple[tuple[str, Progress], ...]
    by_inspector: tuple[tuple[str, HowFar], ...]


def report_progress(report: InspectionReport) -> ReportProgress:
    by_criterion: dict[str | None, Progress] = {}
    lines: list[CaseSummary] = []
    for case, state in _states(report, report.cases):
        total = Progress(0, 0)
        for name, progress in progress_by_criterion(state).items():
            by_criterion[name] = by_criterion.get(name, Progress(0, 0)) + progress
            total += progress
        lines.append(CaseSummary(case.key, case.inspector, case.status, total))
    pack = report.pack
    named = [
        (criterion_words(pack, criterion), by_criterion[criterion.name])
        for criterion in pack.criteria.values()
        if criterion.name in by_criterion
    ]
    rest = [("Other questions", by_criterion[None])] if None in by_criterion else []
    return ReportProgress(
        (*named, *rest),
        tuple((who or "Nobody yet", far) for who, far in by_inspector(lines).items()),
    )


def _states(report: InspectionReport, cases: Sequence[Case]) -> Iterable[tuple[Case, FormState]]:
    forms = {form.name: form for form in report.pack.forms}
    return ((case, form_state(forms[case.form], case)) for case in cases)


# --- beside the earlier inspection ---------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class ChangeRow:
    """Before and after as they print; ``points`` is None where one of them has no figure."""

    label: str
    before: str
    after: str
    points: int | None = None
    shares: tuple[Fraction | None, Fraction | None] = (None, None)
    warning: str | None = None
    is_total: bool = False

    @property
    def change(self) -> str:
        """``▲ +9``: the sign beside the arrow, so that neither needs a colour."""
        if self.points is None:
            return NONE
        if not self.points:
            return "= 0"
        return f"▲ +{self.points}" if self.points > 0 else f"▼ −{-self.points}"


@dataclass(frozen=True, slots=True)
class ChangeGroup:
    label: str
    rows: tuple[ChangeRow, ...]


@dataclass(frozen=True, slots=True)
class SummarySheet:
    """As the ESI follow-up prints it (Gloucestershire, 2006, scoring summary sheet)."""

    groups: tuple[ChangeGroup, ...]
    questions: tuple[ChangeRow, ...]
    """The questions that changed, most first."""


def summary_sheet(report: InspectionReport, earlier: Earlier) -> SummarySheet:
    pack = report.pack
    comparison = compare(earlier.score, report.score)
    groups = [
        _described_changes(report, earlier, section)
        if section.by_levels
        else ChangeGroup(
            pack.text(section.label),
            (
                *(
                    _change_row(
                        criterion_words(pack, criterion), comparison.criteria.get(criterion.name)
                    )
                    for criterion in section.criteria
                ),
                _change_row("Score for the section", comparison.sections.get(section.name), True),
            ),
        )
        for section in pack.sections
    ]
    if pack.headlines:
        rows = [
            _change_row(pack.text(headline.label), comparison.headlines.get(headline.name))
            for headline in pack.headlines
        ]
        groups.append(ChangeGroup("Headlines", tuple(rows)))
    changed = [change for change in comparison.questions.values() if change.points]
    changed.sort(key=lambda change: -abs(change.points or 0))
    questions = {name: score.question for name, score in report.score.questions.items()}
    return SummarySheet(
        tuple(groups),
        tuple(
            _change_row(
                f"{questions[change.name].number} {pack.text(questions[change.name].label)}", change
            )
            for change in changed
        ),
    )


def _described_changes(report: InspectionReport, earlier: Earlier, section: Section) -> ChangeGroup:
    rows = []
    for criterion in section.criteria:
        now = _level_row(report, criterion)
        after = f"{now.level}; by the lead: {now.adjusted}" if now.adjusted else now.level
        before = level_words(earlier.score.pack, earlier.score.levels.get(criterion.name))
        rows.append(ChangeRow(now.label, before, after))
    return ChangeGroup(report.pack.text(section.label), tuple(rows))


def _change_row(label: str, change: Change | None, is_total: bool = False) -> ChangeRow:
    """What the later inspection has no figure for was not followed up (ESI, 2006)."""
    if change is None:
        return ChangeRow(label, "Not asked", NONE, is_total=is_total)
    gone = change.before is not None and change.after is None
    return ChangeRow(
        label,
        share_words(change.before),
        NOT_FOLLOWED_UP if gone else share_words(change.after),
        change.points,
        (change.before, change.after),
        change.warning,
        is_total,
    )


# --- second readings ----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class AgreementRow:
    label: str
    found: Agreement

    @property
    def kappa(self) -> str:
        return kappa_words(self.found.kappa)


@dataclass(frozen=True, slots=True)
class ReadingAgreement:
    """How far the second readings agree with the first; ``readings`` are the cases read twice."""

    readings: int
    everything: Agreement
    by_criterion: tuple[AgreementRow, ...]
    questions: tuple[AgreementRow, ...]
    """Those with at least one difference, least agreement first."""


def reading_agreement(report: InspectionReport) -> ReadingAgreement:
    """Of every judgement in the cases whose readings are both handed in, as it was first read."""
    pack = report.pack
    twice = pairs_of(report.cases, report.second_readings)
    pairs: dict[Question, list[tuple[str, str]]] = {}
    forms = {form.name: form for form in pack.forms}
    for first, second in twice:
        form = forms[first.form]
        one, other = form_state(form, _as_read(first)).values, form_state(form, second).values
        for question in form.questions:
            answers = one.get(question.name), other.get(question.name)
            if _is_read_twice(question) and all(isinstance(answer, str) for answer in answers):
                pairs.setdefault(question, []).append((str(answers[0]), str(answers[1])))
    by_question = {question: agreement(found) for question, found in pairs.items()}
    return ReadingAgreement(
        readings=len(twice),
        everything=all_readings_agree(pack, twice),
        by_criterion=tuple(
            AgreementRow(criterion_words(pack, criterion), agreement(found))
            for criterion in pack.criteria.values()
            if (found := _of_criterion(pairs, criterion.name))
        ),
        questions=tuple(
            AgreementRow(f"{question.number} {pack.text(question.label)}", found)
            for question, found in sorted(by_question.items(), key=lambda item: _share(item[1]))
            if found.agree < found.pairs
        ),
    )


def _is_read_twice(question: Question) -> bool:
    return question.is_judgement and question.is_answered_by_people and not question.profile


def _as_read(case: Case) -> Case:
    """A first reading before any lead's word."""
    answers = {
        name: answer if answer.settled is None else replace(answer, value=answer.given)
        for name, answer in case.answers.items()
    }
    return replace(case, answers=answers)


def _of_criterion(
    pairs: Mapping[Question, Sequence[tuple[str, str]]], criterion: str
) -> list[tuple[str, str]]:
    of_criterion = (found for question, found in pairs.items() if question.criterion == criterion)
    return list(chain.from_iterable(of_criterion))


def _share(found: Agreement) -> Fraction:
    return found.share or Fraction(0)
