"""The answers and the cases on sheets: the rows and column names of the CSV exports."""

from collections.abc import Iterable, Mapping
from typing import Final

from storage.exports.flat_rows import ANSWER_COLUMNS, answer_rows, case_columns, case_rows
from storage.exports.flat_rows import Row as FlatRow
from storage.exports.report import InspectionReport
from storage.exports.xlsx_sheets.workbook import Column, Sheet, moment

_WIDTHS: Final[Mapping[str, float]] = {
    "inspection": 14, "form": 18, "status": 11, "question": 20, "label": 38, "value": 14,
    "value_label": 18, "note": 46, "by": 7, "at": 19, "settled": 20, "attachments": 18,
    "attachment_kinds": 18, "captions": 20, "last_change": 19,
}  # fmt: skip
_TIMES: Final = {"at", "last_change"}


def answers(report: InspectionReport) -> Sheet:
    """The first readings, which the score counts."""
    rows = answer_rows(report.inspection, report.pack, report.cases)
    return _sheet(report.say("sheet-answers"), ANSWER_COLUMNS, rows)


def second_readings(report: InspectionReport) -> Sheet:
    """Apart from the answers, so that nobody counts a case twice."""
    rows = answer_rows(report.inspection, report.pack, report.second_readings)
    return _sheet(report.say("sheet-second-readings"), ANSWER_COLUMNS, rows)


def cases(report: InspectionReport) -> Sheet:
    rows = case_rows(report.inspection, report.pack, report.cases)
    return _sheet(report.say("sheet-cases"), case_columns(report.pack), rows)


def _sheet(name: str, columns: tuple[str, ...], rows: Iterable[FlatRow]) -> Sheet:
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
