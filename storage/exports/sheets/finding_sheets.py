"""The draft findings and the recommendations on sheets, a row each."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from criteria.findings import CriterionFindings, Finding, LevelItem, NoteQuoted
from criteria.recommendations import Recommendation
from storage.exports.report import Earlier, InspectionReport
from storage.exports.report_words import (
    criterion_numbers,
    criterion_words,
    follow_up_words,
    question_numbers,
)
from storage.exports.sheets.workbook import Column, Row, Sheet, moment


def findings(report: InspectionReport) -> Sheet | None:
    """A row for each finding and note, by criterion; None where there are none at all."""
    rows = [row for one in report.findings for row in _finding_rows(report, one)]
    columns = [
        Column("Criterion", 28),
        Column("What", 20),
        Column("Question", 10),
        Column("Finding", 70),
        Column("Sufficient", 10, "number"),
        Column("Relevant", 9, "number"),
        Column("Percent", 9, "percent"),
        Column("Read with care", 14),
        Column("Cases", 44),
        Column("File", 20),
    ]
    return Sheet("Findings", columns, rows) if rows else None


def _finding_rows(report: InspectionReport, one: CriterionFindings) -> Iterator[Row]:
    criterion = criterion_words(report.pack, one.criterion)
    if one.key_finding is not None:
        yield [criterion, "Key finding", None, one.key_finding.text]
    yield from _counted(criterion, "Strength", one.strengths)
    yield from _steps(criterion, "Strong item", one.high_items)
    yield from _quoted(criterion, "Strength, note", one.strength_notes)
    yield from _counted(criterion, "Area for improvement", one.improvements)
    yield from _steps(criterion, "Weak item", one.low_items)
    yield from _quoted(criterion, "Area for improvement, note", one.improvement_notes)
    yield from _quoted(criterion, "Good practice", one.good_practice)
    yield from _quoted(criterion, "Quotation", one.quotations)


def _counted(criterion: str, what: str, found: Iterable[Finding]) -> Iterator[Row]:
    for one in found:
        yield [
            criterion,
            what,
            one.question.number,
            one.sentence,
            one.sufficient,
            one.relevant,
            one.percent / 100,
            "a small base" if one.small_base else None,
            ", ".join(one.cases),
        ]


def _steps(criterion: str, what: str, items: Iterable[LevelItem]) -> Iterator[Row]:
    for item in items:
        place = criterion, what, item.question.number, item.sentence
        yield [*place, None, None, None, None, ", ".join(item.cases)]


def _quoted(criterion: str, what: str, notes: Iterable[NoteQuoted]) -> Iterator[Row]:
    for note in notes:
        place = criterion, what, note.question.number, note.text
        yield [*place, None, None, None, None, note.case, note.attachment]


def recommendations(report: InspectionReport) -> Sheet:
    return Sheet(
        "Recommendations",
        [
            *_RECOMMENDATION,
            Column("Criteria", 16),
            Column("Findings", 16),
            Column("By", 8),
            Column("At (UTC)", 19),
        ],
        (
            [
                *_recommendation(reference, one),
                criterion_numbers(report.pack, one.criteria),
                question_numbers(report.pack, one.findings),
                one.by,
                moment(one.at),
            ]
            for reference, one in report.recommendations.items()
        ),
    )


def follow_up(earlier: Earlier) -> Sheet:
    """The earlier inspection's recommendations, and how far they got."""
    return Sheet(
        "Follow-up",
        [*_RECOMMENDATION, Column("How far", 18), Column("Found by", 9), Column("At (UTC)", 19)],
        (
            [
                *_recommendation(reference, one),
                follow_up_words(found := earlier.followed_up.get(reference)),
                found.by if found else None,
                moment(found.at) if found else None,
            ]
            for reference, one in earlier.recommendations.items()
        ),
    )


_RECOMMENDATION = (
    Column("Reference", 10),
    Column("Kind", 8),
    Column("Who is to act", 22),
    Column("Recommendation", 70),
)


def _recommendation(reference: str, one: Recommendation) -> Row:
    return [reference, "Key" if one.key else "Other", one.owner, one.text]
