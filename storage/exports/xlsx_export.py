"""An inspection as a workbook: its score, its answers, its report's tables, on one sheet each.

Which sheets there are depends on what there is: findings and recommendations only in a whole
report, a comparison only of a follow-up, agreement only where cases were read twice.
"""

from collections.abc import Iterator

from criteria.report.reading_rows import reading_rows
from storage.exports.report import InspectionReport
from storage.exports.xlsx_sheets import guide_sheets, list_sheets, score_sheets, table_sheet
from storage.exports.xlsx_sheets.workbook import Sheet, workbook


def xlsx(report: InspectionReport) -> bytes:
    """The .xlsx file; the same bytes for the same report."""
    sheets = list(_sheets(report))
    guide = guide_sheets.read_me(report, [sheet.name for sheet in sheets])
    title, made_at = report.inspection.title, report.made_at
    return workbook(report.say, [*sheets, guide], title=title, made_at=made_at)


def _sheets(report: InspectionReport) -> Iterator[Sheet]:
    yield score_sheets.summary(report)
    yield score_sheets.questions(report)
    yield score_sheets.answer_counts(report)
    yield list_sheets.answers(report)
    yield list_sheets.cases(report)
    if report.pack.tables and report.cases:
        yield table_sheet.tables(report)
    if report.whole and (findings := list_sheets.findings(report)) is not None:
        yield findings
    if report.whole and report.recommendations:
        yield list_sheets.recommendations(report)
    if report.earlier is not None:
        yield score_sheets.comparison(report, report.earlier)
        if report.whole and report.earlier.recommendations:
            yield list_sheets.follow_up(report.say, report.earlier)
    if report.second_readings:
        yield list_sheets.second_readings(report)
        readings = reading_rows(report.pack, report.cases, report.second_readings)
        if readings.pairs:
            yield list_sheets.reading_agreement(report.say, readings)
            yield list_sheets.reading_differences(report.say, report.pack, readings)
    yield guide_sheets.codebook(report.say, report.pack)
