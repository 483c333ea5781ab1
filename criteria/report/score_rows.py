"""The rows of a score summary and of its questions, which every output draws."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Literal

from criteria.adjustments import Adjustment
from criteria.instrument.pack import Band, Criterion, Headline, LevelRule, Section
from criteria.question import NOT_KNOWN
from criteria.report import labels
from criteria.report.labels import Named
from criteria.scoring.intervals import Interval, mean_interval, wilson
from criteria.scoring.outlook import NextBand, Range, criterion_range, next_band
from criteria.scoring.score import InspectionScore, QuestionScore, Score

RowKind = Literal["section", "criterion", "headline", "question"]


@dataclass(frozen=True, slots=True)
class ScoreRow:
    """The figures of a section, a criterion or a headline, as its ``kind`` says.

    ``label`` begins with a criterion's number. ``base`` is the number of answers that its questions
    divide by. ``by_level``: its level follows by rule, and it has no score. ``adjusted`` is what
    the lead set in place of the band or level, with the ``reason``.
    """

    kind: RowKind
    name: str
    label: str
    score: Score
    band: Named | None = None
    by_level: bool = False
    level: Named | None = None
    is_scored: bool = True
    base: int = 0
    interval: Interval | None = None
    range: Range | None = None
    next_band: NextBand | None = None
    adjusted: Named | None = None
    reason: str | None = None

    @property
    def can_become(self) -> Range | None:
        """The range of scores that open answers leave; None where nothing is open."""
        return self.range if self.range and self.range.least != self.range.most else None


@dataclass(frozen=True, slots=True)
class SectionRows:
    total: ScoreRow
    criteria: tuple[ScoreRow, ...]


@dataclass(frozen=True, slots=True)
class Summary:
    sections: tuple[SectionRows, ...]
    headlines: tuple[ScoreRow, ...]
    bands_inferred: bool

    @property
    def scored(self) -> list[SectionRows]:
        return [section for section in self.sections if not section.total.by_level]

    @property
    def described(self) -> list[SectionRows]:
        return [section for section in self.sections if section.total.by_level]

    @property
    def criteria(self) -> Iterator[ScoreRow]:
        return (row for section in self.sections for row in section.criteria)

    @property
    def rows(self) -> Iterator[ScoreRow]:
        for section in self.sections:
            yield from (section.total, *section.criteria)
        yield from self.headlines

    @property
    def is_empty(self) -> bool:
        return all(row.score.score is None and row.level is None for row in self.criteria)


def summary_rows(
    score: InspectionScore,
    adjustments: Mapping[str, Adjustment] | None = None,
    *,
    caseload: int | None = None,
    language: str | None = None,
) -> Summary:
    """``caseload`` is the number of cases that the sample was drawn from: it narrows intervals."""
    rows = _Rows(score, adjustments or {}, caseload, language)
    pack = score.pack
    return Summary(
        tuple(rows.section(section) for section in pack.sections),
        tuple(rows.headline(headline) for headline in pack.headlines),
        bool(pack.bands) and pack.bands_basis == "inferred",
    )


@dataclass(frozen=True, slots=True)
class _Rows:
    score: InspectionScore
    adjustments: Mapping[str, Adjustment]
    caseload: int | None
    language: str | None

    def section(self, section: Section) -> SectionRows:
        total = ScoreRow(
            "section",
            section.name,
            self.score.pack.text(section.label, self.language),
            self.score.sections[section.name],
            by_level=section.by_levels,
        )
        return SectionRows(total, tuple(self.criterion(one) for one in section.criteria))

    def criterion(self, criterion: Criterion) -> ScoreRow:
        score, name = self.score, criterion.name
        scored = score.scored_in(name)
        label = labels.criterion_label(score.pack, criterion, self.language)
        row = self.row("criterion", name, label, score.criteria[name], scored)
        if name in score.levels:
            return replace(row, by_level=True, level=self.named(score.levels[name]))
        return replace(
            row,
            is_scored=bool(scored),
            interval=criterion_interval(score, name, self.caseload),
            range=criterion_range(score, name),
            next_band=next_band(name, score, score.pack.bands),
        )

    def headline(self, headline: Headline) -> ScoreRow:
        name = headline.name
        counted = [
            one for one in self.score.questions.values()
            if one.question.is_scored and name in one.question.headlines
        ]  # fmt: skip
        label = self.score.pack.text(headline.label, self.language)
        return self.row("headline", name, label, self.score.headlines[name], counted)

    def row(
        self, kind: RowKind, name: str, label: str, score: Score, counted: Iterable[QuestionScore]
    ) -> ScoreRow:
        adjustment, pack = self.adjustments.get(name), self.score.pack
        return ScoreRow(
            kind,
            name,
            label,
            score,
            band=self.named(score.band),
            base=sum(question.relevant for question in counted),
            adjusted=labels.named(pack, adjustment.to, self.language) if adjustment else None,
            reason=adjustment.reason if adjustment else None,
        )

    def named(self, one: Band | LevelRule | None) -> Named | None:
        return labels.named(self.score.pack, one.name, self.language) if one else None


@dataclass(frozen=True, slots=True)
class AnswerCount:
    """How often an answer was given; ``label`` is None where it is no choice (N/A)."""

    name: str
    label: str | None
    count: int
    percent: int | None
    in_base: bool
    sufficient: bool | None


@dataclass(frozen=True, slots=True)
class QuestionRow:
    """``na`` and ``not_known`` are how many of the answers in ``counts`` leave the base."""

    score: QuestionScore
    form: str
    number: str
    label: str
    criterion: str | None
    headlines: str
    interval: Interval | None
    counts: tuple[AnswerCount, ...]
    na: int
    not_known: int

    @property
    def answers(self) -> Iterator[AnswerCount]:
        return (one for one in self.counts if one.in_base and one.label is not None)

    @property
    def is_asked(self) -> bool:
        return bool(self.score.unanswered) or self.is_answered

    @property
    def is_answered(self) -> bool:
        return bool(self.score.relevant or any(self.score.counts.values()))


@dataclass(frozen=True, slots=True)
class FormRows:
    label: str
    questions: tuple[QuestionRow, ...]

    @property
    def is_answered(self) -> bool:
        return any(row.is_answered for row in self.questions)


def question_rows(score: InspectionScore, caseload: int | None = None) -> tuple[FormRows, ...]:
    return tuple(
        FormRows(
            score.pack.text(form.label),
            tuple(
                _question_row(score, one, caseload)
                for one in score.questions.values()
                if one.form == form.name
            ),
        )
        for form in score.pack.forms
    )


def _question_row(score: InspectionScore, one: QuestionScore, caseload: int | None) -> QuestionRow:
    question, pack = one.question, score.pack
    outside = {name: count for name, count in one.counts.items() if question.leaves_base(name)}
    not_known = outside.get(NOT_KNOWN, 0)
    return QuestionRow(
        score=one,
        form=labels.form_label(pack, one.form),
        number=question.number,
        label=pack.text(question.label),
        criterion=labels.criterion_of(pack, question),
        headlines=labels.headline_labels(pack, question.headlines),
        interval=question_interval(score, one, caseload),
        counts=tuple(_answer_count(score, one, name) for name in one.counts),
        na=sum(outside.values()) - not_known,
        not_known=not_known,
    )


def _answer_count(score: InspectionScore, one: QuestionScore, name: str) -> AnswerCount:
    question, choice = one.question, one.question.choice(name)
    in_base = not question.leaves_base(name)
    return AnswerCount(
        name,
        score.pack.text(choice.label) if choice else None,
        one.counts[name],
        one.percent_of(name),
        in_base,
        bool(choice.sufficient) if question.is_judgement and choice and in_base else None,
    )


def question_interval(
    score: InspectionScore, one: QuestionScore, caseload: int | None = None
) -> Interval | None:
    """The 95% interval of a judgement's proportion; None where it has no base.

    As large a part of the ``caseload`` is taken to be relevant as of the sample.
    """
    if one.sufficient is None or not one.relevant:
        return None
    if caseload is None:
        return wilson(one.sufficient, one.relevant)
    relevant = round(Fraction(caseload * one.relevant, max(score.cases, 1)))
    return wilson(one.sufficient, one.relevant, max(relevant, one.relevant))


def criterion_interval(
    score: InspectionScore, criterion: str, caseload: int | None = None
) -> Interval | None:
    parts = []
    for one in score.scored_in(criterion):
        interval = question_interval(score, one, caseload)
        if interval is not None and one.proportion is not None:
            parts.append((one.proportion, *interval))
    return mean_interval(parts)
