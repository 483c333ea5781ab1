"""Two readings of one case on sheets: how far they agree, and where they differ."""

from collections.abc import Sequence

from criteria.instrument.pack import Pack
from criteria.question import Value
from criteria.report.reading_rows import AgreementRow, DifferenceRow, ReadingRows
from criteria.say import Say
from storage.exports.flat_rows import value_words
from storage.exports.xlsx_sheets.workbook import Cell, Sheet, Shows, Styled, list_of, whole


def _agreement_columns(say: Say) -> Sequence[Shows[tuple[str, AgreementRow]]]:
    return (
        ("what", 10, "text", lambda row: row[0]),
        ("form", 18, "text", lambda row: row[1].form),
        ("case-or-number", 14, "text", lambda row: row[1].number),
        ("question", 60, "text", lambda row: _question(say, *row)),
        ("answered-twice", 10, "number", lambda row: row[1].found.pairs),
        ("agree", 8, "number", lambda row: row[1].found.agree),
        ("percent", 9, "percent", lambda row: whole(row[1].found.share)),
        ("kappa", 9, "score", lambda row: _kappa(row[1])),
    )


def reading_agreement(say: Say, readings: ReadingRows) -> Sheet:
    """All judgements together, each case, then each question that was answered twice."""
    rows = [
        (say("agreement-of-all"), AgreementRow(say("all-judgements"), readings.everything)),
        *((say("row-kind-case"), row) for row in readings.cases),
        *((say("row-kind-question"), row) for row in readings.questions),
    ]
    return list_of(say, "agreement", _agreement_columns(say), rows)


def _question(say: Say, what: str, row: AgreementRow) -> Cell:
    return Styled(row.label, "strong") if what == say("agreement-of-all") else row.label


def _kappa(row: AgreementRow) -> float | None:
    kappa = row.found.kappa
    return None if kappa is None else float(kappa)


def reading_differences(say: Say, pack: Pack, readings: ReadingRows) -> Sheet:
    """Every question that was read differently, with what a lead made of it."""

    def words(row: DifferenceRow, value: Value | None) -> str:
        return say("not-answered") if value is None else value_words(pack, row.question, value)

    columns: Sequence[Shows[DifferenceRow]] = (
        ("case", 10, "text", lambda row: row.first.case),
        ("form", 18, "text", lambda row: row.form),
        ("number", 9, "text", lambda row: row.question.number),
        ("question", 50, "text", lambda row: row.label),
        ("first-reading", 20, "text", lambda row: words(row, row.answers[0])),
        ("second-reading", 20, "text", lambda row: words(row, row.answers[1])),
        ("first-by", 9, "text", lambda row: row.first.inspector),
        ("second-by", 9, "text", lambda row: row.second.inspector),
        ("settled-as", 20, "text",
         lambda row: None if row.reason is None else words(row, row.settled)),
        ("reason", 40, "text", lambda row: row.reason),
    )  # fmt: skip
    return list_of(say, "differences", columns, readings.differences, held=1)
