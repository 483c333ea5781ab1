"""The draft findings: per criterion what the reports print, strengths first, with their cases."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from criteria.adjustments import Adjustment
from criteria.case import Case
from criteria.pack import Criterion, LevelRule, Pack, Question
from criteria.scoring import InspectionScore, Score


@dataclass(frozen=True, slots=True)
class KeyFinding:
    """What the lead writes over a criterion's findings, in own words."""

    text: str
    by: str | None = None
    at: str | None = None


@dataclass(frozen=True, slots=True)
class Finding:
    """One question's finding: ``sentence`` reads "In 61 of 79 relevant cases (77%), …".

    ``cases`` are the references of the cases that bear it out: of a strength those with a
    sufficient answer, of an area for improvement those with an insufficient one.
    """

    question: Question
    sufficient: int
    relevant: int
    percent: int
    sentence: str
    cases: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class NoteQuoted:
    """A note that a finding may draw on, with the case and question it was made on."""

    case: str
    question: Question
    text: str


@dataclass(frozen=True, slots=True)
class CriterionFindings:
    """One criterion's part of the draft, most telling finding first."""

    criterion: Criterion
    score: Score
    level: LevelRule | None
    adjustment: Adjustment | None
    key_finding: KeyFinding | None
    strengths: tuple[Finding, ...]
    improvements: tuple[Finding, ...]
    good_practice: tuple[NoteQuoted, ...]
    quotations: tuple[NoteQuoted, ...]


def draft_findings(
    score: InspectionScore,
    cases: Sequence[Case],
    *,
    adjustments: Mapping[str, Adjustment],
    key_findings: Mapping[str, KeyFinding],
    language: str | None = None,
) -> tuple[CriterionFindings, ...]:
    """By criterion, in the pack's order."""
    raise NotImplementedError(Pack)
