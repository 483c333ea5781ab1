"""Two readings of one case on sheets: how far they agree, and where they differ."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from criteria.instrument.pack import Pack
from criteria.question import Value
from criteria.report.reading_rows import AgreementRow, DifferenceRow, ReadingRows
from storage.exports.flat_rows import value_words
from storage.exports.sheets.workbook import Cell, Sheet, Shows, Styled, list_of, whole

_AGREEMENT: Final[Sequence[Shows[tuple[str, AgreementRow]]]] = (
    ("What", 10, "text", lambda row: row[0]),
    ("Form", 18, "text", lambda row: row[1].form),
    ("Case or number", 14, "text", lambda row: row[1].number),
    ("Question", 60, "text", lambda row: _question(*row)),
    ("Answered twice", 10, "number", lambda row: row[1].found.pairs),
    ("Agree", 8, "number", lambda row: row[1].found.agree),
    ("Percent", 9, "percent", lambda row: whole(row[1].found.share)),
    ("Kappa", 9, "score", lambda row: _kappa(row[1])),
)


def reading_agreement(readings: ReadingRows) -> Sheet:
    """All judgements together, each case, then each question that was answered twice."""
    rows = [
        ("All", AgreementRow("All judgements", readings.everything)),
        *(("Case", row) for row in readings.cases),
        *(("Question", row) for row in readings.questions),
    ]
    return list_of("Agreement", _AGREEMENT, rows)


def _question(what: str, row: AgreementRow) -> Cell:
    return Styled(row.label, "strong") if what == "All" else row.label


def _kappa(row: AgreementRow) -> float | None:
    kappa = row.found.kappa
    return None if kappa is None else float(kappa)


def reading_differences(pack: Pack, readings: ReadingRows) -> Sheet:
    """Every question that was read differently, with what a lead made of it."""

    def words(row: DifferenceRow, value: Value | None) -> str:
        return "No answer" if value is None else value_words(pack, row.question, value)

    columns: Sequence[Shows[DifferenceRow]] = (
        ("Case", 10, "text", lambda row: row.first.case),
        ("Form", 18, "text", lambda row: row.form),
        ("Number", 9, "text", lambda row: row.question.number),
        ("Question", 50, "text", lambda row: row.label),
        ("First reading", 20, "text", lambda row: words(row, row.answers[0])),
        ("Second reading", 20, "text", lambda row: words(row, row.answers[1])),
        ("First by", 9, "text", lambda row: row.first.inspector),
        ("Second by", 9, "text", lambda row: row.second.inspector),
        ("Settled as", 20, "text",
         lambda row: None if row.reason is None else words(row, row.settled)),
        ("Reason", 40, "text", lambda row: row.reason),
    )  # fmt: skip
    return list_of("Differences", columns, readings.differences, held=1)
