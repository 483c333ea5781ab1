"""The ways out: an inspection as a file for other tools and for people."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from typing import Final

from storage.exports.report import Export, InspectionReport
from storage.inspection_file import dump_document, inspection_document


def _json(report: InspectionReport) -> bytes:
    document = inspection_document(
        report.inspection, report.pack, report.cases, report.second_readings, report.records
    )
    return dump_document(document)


def _csv(report: InspectionReport) -> bytes:
    from storage.exports.csv_export import answers_csv  # noqa: PLC0415

    return answers_csv(report.inspection, report.pack, report.cases).encode()


def _csv_cases(report: InspectionReport) -> bytes:
    from storage.exports.csv_export import cases_csv  # noqa: PLC0415

    return cases_csv(report.inspection, report.pack, report.cases).encode()


def _from(module: str, name: str) -> Export:
    """An export whose libraries are slow to import: imported when it is asked for."""

    def export(report: InspectionReport) -> bytes:
        content: bytes = getattr(import_module(module), name)(report)
        return content

    return export


EXPORTS: Final[Mapping[str, Export]] = {
    "json": _json,
    "csv": _csv,
    "csv-cases": _csv_cases,
    "xlsx": _from("storage.exports.xlsx_export", "xlsx"),
    "html": _from("storage.exports.html_export", "html"),
    "docx": _from("storage.exports.docx_export", "docx"),
}
"""By format, as ``casewalk export --format`` names it."""

IN_CHAT: Final[Mapping[str, tuple[str, ...]]] = {
    "json": ("json",),
    "csv": ("csv", "csv-cases"),
    "xlsx": ("xlsx",),
    "html": ("html",),
    "docx": ("docx",),
}
"""What ``/export`` sends for a word."""


def file_name(inspection_id: str, export: str) -> str:
    """``cheshire-2011.csv``, ``cheshire-2011-cases.csv``"""
    kind, _, part = export.partition("-")
    return f"{inspection_id}-{part}.{kind}" if part else f"{inspection_id}.{kind}"
