"""Sheets with a row for each answer, case, finding, recommendation and difference of two readings.

The answers and the cases are the rows and column names of the CSV exports.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from criteria.findings import Finding
from criteria.instrument.pack import Pack
from criteria.question import Value
from criteria.recommendations import FollowUp, Recommendation
from criteria.report.finding_rows import finding_rows
from criteria.report.labels import criterion_label, criterion_numbers, question_numbers
from criteria.report.reading_rows import AgreementRow, DifferenceRow, ReadingRows
from criteria.say import Say
from storage.exports import report_words as words
from storage.exports.flat_rows import (
    ANSWER_COLUMNS,
    answer_rows,
    case_columns,
    case_rows,
    value_words,
)
from storage.exports.flat_rows import Row as FlatRow
from storage.exports.report import Earlier, InspectionReport
from storage.exports.xlsx_sheets.workbook import (
    Column,
    Sheet,
    Shows,
    Styled,
    exact,
    hundredths,
    list_of,
    moment,
    whole,
)

# --- answers and cases --------------------------------------------------------------------------

_WIDTHS: Final[Mapping[str, float]] = {
    "inspection": 14, "form": 18, "status": 11, "question": 20, "label": 38, "value": 14,
    "value_label": 18, "note": 46, "by": 7, "at": 19, "settled": 20, "attachments": 18,
    "attachment_kinds": 18, "captions": 20, "last_change": 19,
}  # fmt: skip
_TIMES: Final = {"at", "last_change"}


def answers(report: InspectionReport) -> Sheet:
    """The first readings, which the score counts."""
    rows = answer_rows(report.inspection, report.pack, report.cases)
    return _flat(report.say("sheet-answers"), ANSWER_COLUMNS, rows)


def second_readings(report: InspectionReport) -> Sheet:
    """Apart from the answers, so that nobody counts a case twice."""
    rows = answer_rows(report.inspection, report.pack, report.second_readings)
    return _flat(report.say("sheet-second-readings"), ANSWER_COLUMNS, rows)


def cases(report: InspectionReport) -> Sheet:
    rows = case_rows(report.inspection, report.pack, report.cases)
    return _flat(report.say("sheet-cases"), case_columns(report.pack), rows)


def _flat(name: str, columns: tuple[str, ...], rows: Iterable[FlatRow]) -> Sheet:
    """The rows with their times as times, not as texts."""
    timed = (
        [
            moment(cell) if column in _TIMES and isinstance(cell, str) else cell
            for column, cell in zip(columns, row, strict=True)
        ]
        for row in rows
    )
    widths = {**{column: max(10, min(len(column) + 3, 18)) for column in columns}, **_WIDTHS}
    return Sheet(name, [Column(column, widths[column]) for column in columns], timed, held=2)


# --- findings -----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Line:
    """A finding with its criterion and what it is; of a key finding nothing else."""

    criterion: str
    what: str
    text: str
    number: str | None = None
    cases: str | None = None
    counted: Finding | None = None
    file: str | None = None


def findings(report: InspectionReport) -> Sheet | None:
    """A row for each finding and note, by criterion; None where there are none at all."""
    say = report.say
    columns: Sequence[Shows[_Line]] = (
        ("criterion", 28, "text", lambda line: line.criterion),
        ("what", 20, "text", lambda line: line.what),
        ("question", 10, "text", lambda line: line.number),
        ("finding", 70, "text", lambda line: line.text),
        ("sufficient", 10, "number",
         lambda line: line.counted.sufficient if line.counted else None),
        ("relevant", 9, "number", lambda line: line.counted.relevant if line.counted else None),
        ("percent", 9, "percent",
         lambda line: hundredths(line.counted.percent) if line.counted else None),
        ("read-with-care", 14, "text",
         lambda line: say("small-base") if line.counted and line.counted.small_base else None),
        ("cases", 44, "text", lambda line: line.cases),
        ("file", 20, "text", lambda line: line.file),
    )  # fmt: skip
    lines = list(_lines(report))
    return list_of(say, "findings", columns, lines) if lines else None


def _lines(report: InspectionReport) -> Iterator[_Line]:
    say = report.say
    for one in report.findings:
        criterion = criterion_label(report.pack, one.criterion)
        if one.key_finding is not None:
            yield _Line(criterion, say("key-finding"), one.key_finding.text)
        for rows in finding_rows(one):
            for found in rows.found:
                counted = found if isinstance(found, Finding) else None
                what = say(f"finding-{rows.kind}") if counted else say(f"item-{rows.kind}")
                number, cases = found.question.number, ", ".join(found.cases)
                yield _Line(criterion, what, found.sentence, number, cases, counted)
            for note in rows.notes:
                what, number = say(f"noted-{rows.kind}"), note.question.number
                yield _Line(criterion, what, note.text, number, note.case, file=note.attachment)


# --- recommendations ----------------------------------------------------------------------------


def _recommendation_columns(say: Say) -> Sequence[Shows[tuple[str, Recommendation]]]:
    return (
        ("reference", 10, "text", lambda row: row[0]),
        ("kind", 8, "text",
         lambda row: say("recommendation-key" if row[1].key else "recommendation-other")),
        ("who-is-to-act", 22, "text", lambda row: row[1].owner),
        ("recommendation", 70, "text", lambda row: row[1].text),
    )  # fmt: skip


def recommendations(report: InspectionReport) -> Sheet:
    pack, say = report.pack, report.say
    columns: Sequence[Shows[tuple[str, Recommendation]]] = (
        *_recommendation_columns(say),
        ("criteria", 16, "text", lambda row: criterion_numbers(pack, row[1].criteria)),
        ("findings", 16, "text", lambda row: question_numbers(pack, row[1].findings)),
        ("by", 8, "text", lambda row: row[1].by),
        ("at", 19, "text", lambda row: moment(row[1].at)),
    )
    return list_of(say, "recommendations", columns, report.recommendations.items())


def follow_up(say: Say, earlier: Earlier) -> Sheet:
    """The earlier inspection's recommendations, and how far they got."""

    def found(reference: str) -> FollowUp | None:
        return earlier.followed_up.get(reference)

    columns: Sequence[Shows[tuple[str, Recommendation]]] = (
        *_recommendation_columns(say),
        ("how-far", 18, "text", lambda row: words.follow_up(say, found(row[0]))),
        ("found-by", 9, "text", lambda row: one.by if (one := found(row[0])) else None),
        ("at", 19, "text", lambda row: moment(one.at) if (one := found(row[0])) else None),
    )
    return list_of(say, "follow-up", columns, earlier.recommendations.items())


# --- two readings of one case -------------------------------------------------------------------


def reading_agreement(say: Say, readings: ReadingRows) -> Sheet:
    """All judgements together, each case, then each question that was answered twice."""
    everything = AgreementRow(say("all-judgements"), readings.everything)
    columns: Sequence[Shows[tuple[str, AgreementRow]]] = (
        ("what", 10, "text", lambda row: row[0]),
        ("form", 18, "text", lambda row: row[1].form),
        ("case-or-number", 14, "text", lambda row: row[1].number),
        ("question", 60, "text",
         lambda row: Styled(row[1].label, "strong") if row[1] is everything else row[1].label),
        ("answered-twice", 10, "number", lambda row: row[1].found.pairs),
        ("agree", 8, "number", lambda row: row[1].found.agree),
        ("percent", 9, "percent", lambda row: whole(row[1].found.share)),
        ("kappa", 9, "score", lambda row: exact(row[1].found.kappa)),
    )  # fmt: skip
    rows = [
        (say("agreement-of-all"), everything),
        *((say("row-kind-case"), row) for row in readings.cases),
        *((say("row-kind-question"), row) for row in readings.questions),
    ]
    return list_of(say, "agreement", columns, rows)


def reading_differences(say: Say, pack: Pack, readings: ReadingRows) -> Sheet:
    """Every question that was read differently, with what a lead made of it."""

    def shown(row: DifferenceRow, value: Value | None) -> str:
        return say("not-answered") if value is None else value_words(pack, row.question, value)

    columns: Sequence[Shows[DifferenceRow]] = (
        ("case", 10, "text", lambda row: row.first.case),
        ("form", 18, "text", lambda row: row.form),
        ("number", 9, "text", lambda row: row.question.number),
        ("question", 50, "text", lambda row: row.label),
        ("first-reading", 20, "text", lambda row: shown(row, row.answers[0])),
        ("second-reading", 20, "text", lambda row: shown(row, row.answers[1])),
        ("first-by", 9, "text", lambda row: row.first.inspector),
        ("second-by", 9, "text", lambda row: row.second.inspector),
        ("settled-as", 20, "text",
         lambda row: None if row.reason is None else shown(row, row.settled)),
        ("reason", 40, "text", lambda row: row.reason),
    )  # fmt: skip
    return list_of(say, "differences", columns, readings.differences, held=1)
