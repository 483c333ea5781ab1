"""The inspection as one page that stands by itself: it loads nothing, and runs nothing.

Every text goes through Jinja's escaping; the page's own policy (a Content-Security-Policy) lets in
nothing but its one style sheet, so that a note can never become more than text.
"""

from typing import Any, Final

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from criteria.case_summary import case_summary
from criteria.report import labels
from criteria.report.change_rows import change_rows
from criteria.report.finding_rows import finding_rows
from criteria.report.progress_rows import progress_rows
from criteria.report.reading_rows import reading_rows
from criteria.report.score_rows import question_rows, summary_rows
from criteria.report.table_rows import table_rows
from dialogs.queries import InspectionCounts
from storage.exports import report_words as words
from storage.exports.report import InspectionReport


def html(report: InspectionReport) -> bytes:
    """The page, as UTF-8."""
    pack, summary = report.pack, summary_rows(report.score, report.adjustments)
    before = report.earlier.score if report.whole and report.earlier else None
    second_readings = report.second_readings if report.whole else ()
    page = TEMPLATES.get_template("report.html.j2").render(
        report=report,
        say=report.say,
        pack=pack,
        summary=summary,
        rows={row.name: row for row in summary.criteria},
        finding_rows=finding_rows,
        changes=change_rows(before, report.score) if before else None,
        agreement=reading_rows(pack, report.cases, second_readings) if second_readings else None,
        tables=table_rows(pack, report.cases),
        questions=question_rows(report.score),
        words=words,
        labels=labels,
        **_progress(report),
    )
    return page.encode()


def _progress(report: InspectionReport) -> dict[str, Any]:
    """By criterion and by inspector."""
    counts = InspectionCounts()
    counts.follow([case_summary(report.pack, case, report.made_at) for case in report.cases])
    return {
        "by_criterion": progress_rows(report.pack, counts.by_criterion),
        "by_inspector": counts.by_inspector,
    }


def _legible(value: Any) -> Any:
    """What a page may hold of a text; markup that the template made stays as it is."""
    if isinstance(value, str) and not isinstance(value, Markup):
        return words.legible(value)
    return value


TEMPLATES: Final = Environment(
    loader=PackageLoader("storage", "exports"),
    autoescape=True,
    finalize=_legible,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
