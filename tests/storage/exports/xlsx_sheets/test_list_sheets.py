"""The lists of answers and cases, read back."""

from __future__ import annotations

import csv
import io
from datetime import datetime

from openpyxl import Workbook

from criteria.case import Answer, Case
from criteria.case_status import Status
from criteria.instrument.load import read_pack
from storage.exports.csv_cases_export import cases_csv
from storage.exports.csv_export import answers_csv
from storage.exports.report import InspectionReport
from tests.storage.exports.filled import filled_cases, report_of
from tests.storage.exports.read_back import Rows, opened, rows, tiny_report
from tests.storage.tiny import AT


def test_the_answers_are_those_of_the_csv(filled: tuple[InspectionReport, Workbook]) -> None:
    report, book = filled
    text = answers_csv(report).decode()
    assert as_csv(rows(book, "Answers")) == read_csv(text)


def test_the_cases_are_those_of_the_csv(filled: tuple[InspectionReport, Workbook]) -> None:
    report, book = filled
    text = cases_csv(report).decode()
    assert as_csv(rows(book, "Cases")) == read_csv(text)


def read_csv(text: str) -> list[dict[str, str]]:
    read = csv.DictReader(io.StringIO(text, newline=""))
    return [{name: cell.removesuffix(".0") for name, cell in row.items()} for row in read]


def as_csv(found: Rows) -> list[dict[str, str]]:
    """As a CSV file has it: days and times as ISO texts, nothing as an empty one, 2.0 as 2."""

    def text(column: str, value: object) -> str:
        if isinstance(value, datetime):
            is_time = column in ("at", "last_change")
            return f"{value:%Y-%m-%dT%H:%M:%SZ}" if is_time else value.date().isoformat()
        return "" if value is None else str(value)

    return [{column: text(column, value) for column, value in row.items()} for row in found]


def test_the_answers_say_which_of_them_percentages_divide_by() -> None:
    pack = read_pack("movement-of-cases-2004")
    report = report_of(pack, filled_cases(pack))
    book = opened(report)
    answers = rows(book, "Answers")
    for name, score in report.score.questions.items():
        of_it = [row for row in answers if row["question"] == name]
        assert sum(row["in_base"] for row in of_it) == score.relevant
        assert {row["counts_to_score"] for row in of_it} <= {int(score.question.is_scored)}
    guide = {line[0] for line in book["Read me"].iter_rows(values_only=True)}
    assert {"relevant", "in_base"} <= guide


def test_numbers_days_and_times_are_what_they_are() -> None:
    answers = {
        "q1": Answer("yes", None, "I1", AT),
        "sent": Answer("2026-11-20"),
        "score": Answer(-3.5),
    }
    case = Case("C001", "case-file", "I1", Status.SUBMITTED, {"age": 30}, answers)
    found = {row["question"]: row for row in rows(opened(tiny_report(cases=[case])), "Answers")}
    assert found["age"]["value"] == 30
    assert found["score"]["value"] == -3.5
    assert found["sent"]["value"] == datetime.fromisoformat("2026-11-20")
    assert (found["q1"]["sufficient"], found["q1"]["relevant"]) == (1, 1)
    assert found["q1"]["at"] == datetime.fromisoformat("2026-11-20 10:00")
