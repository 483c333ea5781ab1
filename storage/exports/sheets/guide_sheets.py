"""What a reader of the workbook needs: the instrument's codebook, and how to read each sheet."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from criteria.instrument.pack import Form, Pack
from criteria.question import Choice, Question
from criteria.report.labels import criterion_of, headline_labels
from storage.exports import report_words as words
from storage.exports.report import InspectionReport
from storage.exports.sheets.workbook import Column, Row, Sheet, Shows, Styled, list_of


def codebook(pack: Pack) -> Sheet:
    """A row for each question, as the instrument defines it."""
    columns: Sequence[Shows[tuple[Form, Question]]] = (
        ("Number", 9, "text", lambda row: row[1].number),
        ("Name", 22, "text", lambda row: row[1].name),
        ("Form", 16, "text", lambda row: pack.text(row[0].label)),
        ("Form name", 12, "text", lambda row: row[0].name),
        ("Type", 20, "text", lambda row: _type(row[1])),
        ("Question", 50, "text", lambda row: pack.text(row[1].label)),
        ("Hint", 26, "text", lambda row: pack.text(row[1].hint) if row[1].hint else None),
        ("Criterion", 26, "text", lambda row: criterion_of(pack, row[1])),
        ("Headlines", 18, "text", lambda row: headline_labels(pack, row[1].headlines)),
        ("Counts to the score", 9, "number", lambda row: int(row[1].is_scored)),
        ("Choices", 36, "text", lambda row: _choices(pack, row[1])),
        ("N/A allowed", 9, "number", lambda row: int(row[1].na)),
        ("Not known allowed", 9, "number", lambda row: int(row[1].not_known)),
        ("Required", 9, "number", lambda row: int(row[1].required)),
        ("Asked when", 30, "text", lambda row: row[1].relevant.source if row[1].relevant else None),
        ("Worked out as", 30, "text",
         lambda row: row[1].calculation.source if row[1].calculation else None),
        ("Source", 20, "text", lambda row: row[1].source),
    )  # fmt: skip
    rows = ((form, question) for form in pack.forms for question in form.questions)
    return list_of("Codebook", columns, rows, held=2)


def _choices(pack: Pack, question: Question) -> str:
    return "\n".join(_choice(pack, question, choice) for choice in question.choices)


def _type(question: Question) -> str:
    """``select_one yes_no``, as XLSForm writes it; facts about the subject say so."""
    kind = (
        f"{question.type.name} {question.choice_list.name if question.choice_list else ''}".strip()
    )
    return f"{kind} (profile)" if question.profile else kind


def _choice(pack: Pack, question: Question, choice: Choice) -> str:
    """``yes = Yes (sufficient)``"""
    line = f"{choice.name} = {pack.text(choice.label)}"
    if choice.is_na:
        return f"{line} (leaves the base)"
    if question.is_judgement:
        return f"{line} ({'sufficient' if choice.sufficient else 'not sufficient'})"
    return line


def read_me(report: InspectionReport, sheets: Iterable[str]) -> Sheet:
    """``sheets`` are the names of those that the workbook has."""
    guide = {**{name: words.SHEETS[name] for name in sheets}, **words.RULES}
    rows: list[Row] = [[Styled(name, "strong"), text] for name, text in guide.items()]
    return Sheet(
        "Read me",
        [Column("What", 18), Column("How to read it", 110)],
        rows,
        above=[
            [Styled(report.inspection.title, "title")],
            [f"Instrument: {report.pack.text(report.pack.title)}, version {report.pack.version}"],
            [f"Source: {report.pack.source}"] if report.pack.source else [],
            [],
        ],
    )
