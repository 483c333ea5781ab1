"""The inspection as one page that stands by itself: it loads nothing, and runs nothing.

Every text goes through Jinja's escaping; the page's own policy (a Content-Security-Policy) lets in
nothing but its one style sheet, so that a note can never become more than text.
"""

from __future__ import annotations

from typing import Any, Final

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from storage.exports import report_words
from storage.exports.report import InspectionReport
from storage.exports.score_rows import (
    described_sections,
    headline_rows,
    reading_agreement,
    report_progress,
    scored_sections,
    summary_sheet,
)
from storage.exports.svg_chart import change_bars, score_bar
from storage.exports.table_rows import printed_tables, question_rows


def html(report: InspectionReport) -> bytes:
    """The page, as UTF-8."""
    page = _TEMPLATES.get_template("report.html.j2").render(
        report=report,
        pack=report.pack,
        scored=scored_sections(report),
        described=described_sections(report),
        headlines=headline_rows(report),
        progress=report_progress(report),
        sheet=summary_sheet(report, report.earlier) if report.whole and report.earlier else None,
        agreement=reading_agreement(report) if report.whole and report.second_readings else None,
        tables=printed_tables(report),
        questions=question_rows(report),
        words=report_words,
        score_bar=score_bar,
        change_bars=change_bars,
    )
    return page.encode()


def _legible(value: Any) -> Any:
    """What a page may hold of a text; markup that the template made stays as it is."""
    if isinstance(value, str) and not isinstance(value, Markup):
        return report_words.legible(value)
    return value


_TEMPLATES: Final = Environment(
    loader=PackageLoader("storage", "exports"),
    autoescape=True,
    finalize=_legible,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
