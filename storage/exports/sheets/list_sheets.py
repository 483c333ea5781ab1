"""The answers and the cases on sheets: the rows and column names of the CSV exports."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Final

from storage.exports.flat_rows import ANSWER_COLUMNS, answer_rows, case_columns, case_rows
from storage.exports.flat_rows import Row as FlatRow
from storage.exports.report import InspectionReport
from storage.exports.sheets.workbook import Column, Row, Sheet, moment

_WIDTHS: Final[Mapping[str, float]] = {
    "inspection": 14,
    "form": 18,
    "status": 11,
    "question": 20,
    "label": 38,
    "value": 14,
    "value_label": 18,
    "note": 46,
    "by": 7,
    "at": 19,
    "settled": 20,
    "attachments": 18,
    "attachment_kinds": 18,
    "captions": 20,
    "last_change": 19,
}
_TIMES: Final = {"at", "last_change"}


def answers(report: InspectionReport) -> Sheet:
    """The first readings, which the score counts."""
    rows = answer_rows(report.inspection, report.pack, report.cases)
    return _sheet("Answers", ANSWER_COLUMNS, rows)


def second_readings(report: InspectionReport) -> Sheet:
    """Apart from the answers, so that nobody counts a case twice."""
    rows = answer_rows(report.inspection, report.pack, report.second_readings)
    return _sheet("Second readings", ANSWER_COLUMNS, rows)


def cases(report: InspectionReport) -> Sheet:
    rows = case_rows(report.inspection, report.pack, report.cases)
    return _sheet("Cases", case_columns(report.pack), rows)


def _sheet(name: str, columns: tuple[str, ...], rows: Iterable[FlatRow]) -> Sheet:
    times = {index for index, column in enumerate(columns) if column in _TIMES}
    return Sheet(name, [_column(column) for column in columns], _timed(rows, times), held=2)


def _column(name: str) -> Column:
    return Column(name, _WIDTHS.get(name, max(10, min(len(name) + 3, 18))))


def _timed(rows: Iterable[FlatRow], times: Collection[int]) -> Iterator[Row]:
    """The rows with their times as times, not as texts."""
    for row in rows:
        yield [
            moment(cell) if index in times and isinstance(cell, str) else cell
            for index, cell in enumerate(row)
        ]
