"""The rows of a criterion's findings, which every output draws."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from criteria.findings import CriterionFindings, Finding, LevelItem, NoteQuoted


class FindingKind(StrEnum):
    STRENGTH = "strength"
    IMPROVEMENT = "improvement"
    GOOD_PRACTICE = "good_practice"
    QUOTATION = "quotation"


@dataclass(frozen=True, slots=True)
class FindingRows:
    """What was found of one kind: counted in cases, a level's items, and what inspectors noted."""

    kind: FindingKind
    counted: tuple[Finding, ...]
    items: tuple[LevelItem, ...]
    notes: tuple[NoteQuoted, ...]

    @property
    def found(self) -> tuple[Finding | LevelItem, ...]:
        return (*self.counted, *self.items)


def finding_rows(one: CriterionFindings) -> tuple[FindingRows, ...]:
    """By kind, strengths first; kinds of which nothing was found are left out."""
    rows = (
        FindingRows(FindingKind.STRENGTH, one.strengths, one.high_items, one.strength_notes),
        FindingRows(
            FindingKind.IMPROVEMENT, one.improvements, one.low_items, one.improvement_notes
        ),
        FindingRows(FindingKind.GOOD_PRACTICE, (), (), one.good_practice),
        FindingRows(FindingKind.QUOTATION, (), (), one.quotations),
    )
    return tuple(row for row in rows if row.counted or row.items or row.notes)
