"""A workbook, read back."""

from __future__ import annotations

import io
from typing import Any

import openpyxl
from openpyxl import Workbook

from criteria.case import Answer, Case
from criteria.case_status import Status
from criteria.scoring.score import percent
from storage.exports.report import InspectionReport
from storage.exports.xlsx_export import xlsx
from tests.storage.exports.filled import report_of
from tests.storage.tiny import AT, tiny_pack

Rows = list[dict[str, Any]]


def opened(report: InspectionReport) -> Workbook:
    return openpyxl.load_workbook(io.BytesIO(xlsx(report)))


def rows(book: Workbook, sheet: str) -> Rows:
    """A list's rows by column name; its header is where its filter starts."""
    page = book[sheet]
    first, last = (int(end.strip("ABCDEFGHIJKLMNOPQRSTUVWXYZ")) for end in _ends(page))
    lines = list(page.iter_rows(min_row=first, max_row=last, values_only=True))
    return [dict(zip(lines[0], line, strict=True)) for line in lines[1:]]


def _ends(page: Any) -> list[str]:
    ends: list[str] = page.auto_filter.ref.split(":")
    return ends


def whole(share: Any) -> float | None:
    return None if share is None else percent(share) / 100


def tiny_report(**parts: Any) -> InspectionReport:
    """Two cases of the small pack: one sufficient and one insufficient answer."""
    cases = [
        Case("C001", "case-file", "I1", Status.SUBMITTED, {"age": 30}, {"q1": Answer("no", at=AT)}),
        Case("C002", "case-file", "I2", answers={"q1": Answer("yes", "=1+1", "I2", AT)}),
    ]
    return report_of(tiny_pack(), parts.pop("cases", cases), **parts)
