"""The rows of a comparison: an inspection beside the one that it follows up."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from criteria.instrument.pack import Criterion
from criteria.question import Label
from criteria.report.labels import Named, named
from criteria.report.score_rows import RowKind
from criteria.scoring.comparison import Change, compare
from criteria.scoring.score import InspectionScore


@dataclass(frozen=True, slots=True)
class ChangeRow:
    """``change`` is None where only one of the inspections has the figure."""

    kind: RowKind
    title: str
    change: Change | None
    number: str | None = None
    levels: tuple[Named | None, Named | None] | None = None
    bases: tuple[int, int] | None = None

    @property
    def label(self) -> str:
        return f"{self.number} {self.title}" if self.number else self.title

    @property
    def has_figures(self) -> bool:
        change = self.change
        return change is not None and (change.before, change.after) != (None, None)


@dataclass(frozen=True, slots=True)
class SectionChanges:
    name: str
    total: ChangeRow
    by_levels: bool
    criteria: Mapping[str, ChangeRow]


@dataclass(frozen=True, slots=True)
class Changes:
    sections: tuple[SectionChanges, ...]
    headlines: tuple[ChangeRow, ...]
    questions: tuple[ChangeRow, ...]

    @property
    def rows(self) -> Iterator[ChangeRow]:
        for section in self.sections:
            yield from (section.total, *section.criteria.values())
        yield from (*self.headlines, *self.questions)

    @property
    def changed_questions(self) -> list[ChangeRow]:
        """Those whose percentage changed, most first."""
        return sorted(filter(_points, self.questions), key=_points, reverse=True)


def _points(row: ChangeRow) -> int:
    return abs(row.change.points or 0) if row.change else 0


def change_rows(
    before: InspectionScore, after: InspectionScore, language: str | None = None
) -> Changes:
    pack, found = after.pack, compare(before, after)

    def text(label: Label) -> str:
        return pack.text(label, language)

    def criterion_row(criterion: Criterion) -> ChangeRow:
        name, number = criterion.name, criterion.number
        levels = (_level(before, name, language), _level(after, name, language))
        by_level = levels if name in after.levels else None
        change = found.criteria.get(name)
        return ChangeRow("criterion", text(criterion.label), change, number, by_level)

    def question_row(name: str, change: Change) -> ChangeRow:
        first, second = before.questions[name], after.questions[name]
        question, bases = second.question, (first.relevant, second.relevant)
        return ChangeRow("question", text(question.label), change, question.number, bases=bases)

    return Changes(
        tuple(
            SectionChanges(
                section.name,
                ChangeRow("section", text(section.label), found.sections.get(section.name)),
                section.by_levels,
                {criterion.name: criterion_row(criterion) for criterion in section.criteria},
            )
            for section in pack.sections
        ),
        tuple(
            ChangeRow("headline", text(headline.label), found.headlines.get(headline.name))
            for headline in pack.headlines
        ),
        tuple(question_row(name, change) for name, change in found.questions.items()),
    )


def _level(score: InspectionScore, name: str, language: str | None) -> Named | None:
    level = score.levels.get(name)
    return named(score.pack, level.name, language) if level else None
