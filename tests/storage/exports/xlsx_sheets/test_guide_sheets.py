"""The codebook, read back."""

from __future__ import annotations

from openpyxl import Workbook

from storage.exports.report import InspectionReport
from tests.storage.exports.read_back import rows


def test_the_codebook_has_every_question(filled: tuple[InspectionReport, Workbook]) -> None:
    report, book = filled
    found = rows(book, "Codebook")
    questions = [question for form in report.pack.forms for question in form.questions]
    assert [row["Name"] for row in found] == [question.name for question in questions]
    for row, question in zip(found, questions, strict=True):
        assert row["Asked when"] == (question.relevant.source if question.relevant else None)
        assert len((row["Choices"] or "").split("\n")) == max(1, len(question.choices))
