"""The cases as CSV, a row each.

It holds ``answered`` of ``relevant`` questions, a column for each profile question, and for each
criterion its sufficient and relevant judgements in this case; empty where its form judges no such
criterion. What is missing is empty.
"""

from storage.exports.csv_export import csv_file
from storage.exports.flat_rows import case_columns, case_rows
from storage.exports.report import InspectionReport


def cases_csv(report: InspectionReport) -> bytes:
    pack = report.pack
    return csv_file(case_columns(pack), case_rows(report.inspection, pack, report.cases))
