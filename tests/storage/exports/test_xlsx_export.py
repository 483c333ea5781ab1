"""The workbook, read back: its numbers are the score's, its texts are texts, its tables agree."""

from __future__ import annotations

from dataclasses import replace

import pytest
from openpyxl import Workbook

from criteria.adjustments import Adjustment
from criteria.case import Answer, Case, EvidenceKind
from criteria.findings import CriterionFindings, Finding, KeyFinding, NoteQuoted
from criteria.inspection import Inspection
from criteria.instrument.load import load_pack, pack_names, read_pack
from criteria.recommendations import Recommendation
from criteria.scoring.score import Score
from storage.exports.report import InspectionReport
from storage.exports.xlsx_export import xlsx
from tests.criteria.instrument.small_pack import a_pack
from tests.storage.exports.filled import report_of
from tests.storage.exports.read_back import opened, rows

ALWAYS = ["Summary", "Questions", "Answer counts", "Answers", "Cases", "Codebook", "Read me"]

HOSTILE = ("=1+1", "@SUM(A1)", "+1", "-1", "<r>x</r>", "a\x00b", "x" * 40_000, "https://a.example")


@pytest.mark.long
def test_a_workbook_of_every_instrument_is_a_good_one(
    filled: tuple[InspectionReport, Workbook],
) -> None:
    report, book = filled
    assert book.sheetnames == [*ALWAYS[:5], "Tables", *ALWAYS[5:]]
    assert all(len(name) <= 31 for name in book.sheetnames)
    assert not {cell.data_type for page in book for line in page for cell in line} & {"f", "e"}
    guide = [line[0] for line in book["Read me"].iter_rows(values_only=True)]
    assert set(book.sheetnames[:-1]) <= set(guide)
    assert xlsx(report) == xlsx(report)


@pytest.mark.parametrize("name", pack_names())
def test_an_inspection_without_cases_has_a_workbook(name: str) -> None:
    book = opened(report_of(read_pack(name), []))
    assert book.sheetnames == ALWAYS
    assert rows(book, "Answers") == rows(book, "Cases") == []
    assert {row["Score"] for row in rows(book, "Summary")} == {None}
    assert {row["Relevant"] for row in rows(book, "Questions")} == {0}


def hostile_report(text: str) -> InspectionReport:
    """A report with ``text`` wherever somebody can have written one."""
    document = a_pack()
    document["settings"]["form_title"] = text
    document["sections"][0]["label"] = document["headlines"][0]["label"] = text
    document["forms"][0]["label"] = document["tables"][0]["label"] = text
    document["forms"][0]["survey"][0] |= {"label": text, "hint": text, "source": text}
    document["choices"]["fact"][0]["label"] = text
    pack = load_pack(document)
    answers = {"risky": Answer("yes", text, text, text, EvidenceKind.STRENGTH, text)}
    said = {"said": Answer(text)}
    cases = [Case("C1", "case-file", text, answers=answers), Case("C1", "interview", answers=said)]
    question = pack.forms[0].questions[1]
    finding = Finding(question, 1, 2, 50, text, ("C1",))
    drafted = CriterionFindings(
        criterion=pack.criteria["c1"],
        score=Score(None),
        level=None,
        adjustment=None,
        key_finding=KeyFinding(text),
        strengths=(finding,),
        improvements=(),
        good_practice=(),
        quotations=(NoteQuoted("C1", question, text),),
    )
    inspection = Inspection("i", text, pack.name, pack.version)
    return report_of(
        pack,
        cases,
        inspection=inspection,
        adjustments={"c1": Adjustment("GOOD", text)},
        findings=[drafted],
        recommendations={"R1": Recommendation(True, text, text)},
    )


@pytest.mark.parametrize("text", HOSTILE, ids=lambda text: repr(text[:12]))
def test_no_text_is_taken_for_anything_else(text: str) -> None:
    book = opened(hostile_report(text))
    shown = text.replace("\x00", "")
    cells = [cell for page in book for line in page for cell in line if cell.value is not None]
    assert not {cell.data_type for cell in cells} & {"f", "e", "b"}
    assert not [cell for cell in cells if cell.hyperlink]
    note = rows(book, "Answers")[0]["note"]
    assert note == shown if len(text) < 40_000 else note.startswith("x" * 32_000)
    assert rows(book, "Answers")[-1]["value"] == note
    assert rows(book, "Recommendations")[0]["Recommendation"] == note
    assert note in [row["Title"] for row in rows(book, "Summary")]


def test_one_inspectors_workbook_has_no_findings_and_says_so() -> None:
    report = hostile_report("plain")
    assert {"Findings", "Recommendations"} <= set(opened(report).sheetnames)
    own = opened(replace(report, whole=False))
    assert not {"Findings", "Recommendations"} & set(own.sheetnames)
    above = " ".join(str(cell.value) for cell in own["Summary"]["A"])
    assert "one inspector's own cases" in above
