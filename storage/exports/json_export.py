"""The inspection file, which ``casewalk import`` reads."""

from storage.exports.report import InspectionReport
from storage.inspection_file import dump_document, inspection_document


def inspection_json(report: InspectionReport) -> bytes:
    document = inspection_document(
        report.inspection, report.pack, report.cases, report.second_readings, report.records
    )
    return dump_document(document)
