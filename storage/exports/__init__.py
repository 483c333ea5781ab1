"""The formats of an export: a row here, and a module that makes the file."""

from __future__ import annotations

from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from storage.exports.report import InspectionReport


@dataclass(frozen=True, slots=True)
class Export:
    """One format.

    ``name`` is that of ``casewalk export --format``; the message ``export-about-NAME`` describes
    it. ``suffix`` ends the file's name. A format that ``goes_with`` another is sent with it in a
    chat.
    """

    name: str
    suffix: str
    function: str
    """Imported when it is used: its libraries are slow to import."""
    is_text: bool = True
    leads_only: bool = False
    goes_with: str | None = None

    def make(self, report: InspectionReport) -> bytes:
        module, _, function = self.function.partition(":")
        content: bytes = getattr(import_module(module), function)(report)
        return content

    def file_name(self, inspection_id: str) -> str:
        """``cheshire-2011.csv``, ``cheshire-2011-cases.csv``"""
        return f"{inspection_id}{self.suffix}"


_FORMATS: Final = (
    Export("json", ".json", "storage.exports.json_export:inspection_json"),
    Export("csv", ".csv", "storage.exports.csv_export:answers_csv"),
    Export(
        "csv-cases", "-cases.csv", "storage.exports.csv_cases_export:cases_csv", goes_with="csv"
    ),
    Export("xlsx", ".xlsx", "storage.exports.xlsx_export:xlsx", is_text=False),
    Export("html", ".html", "storage.exports.html_export:html"),
    Export("docx", ".docx", "storage.exports.docx_export:docx", is_text=False, leads_only=True),
)

EXPORTS: Final[dict[str, Export]] = {one.name: one for one in _FORMATS}


def sent_for(name: str) -> list[Export]:
    """What ``/export`` sends for a format's name: the format, and those that go with it."""
    return [one for one in EXPORTS.values() if (one.goes_with or one.name) == name]
