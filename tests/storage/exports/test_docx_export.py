"""The draft for a word processor: the score's figures, real headings, and no signs of its maker."""

from __future__ import annotations

import io
import re
import zipfile
from dataclasses import replace
from datetime import UTC, datetime
from fractions import Fraction
from itertools import pairwise

import pytest
from docx import Document
from docx.document import Document as Draft
from docx.oxml.ns import qn
from docx.table import Table

from bot.messages import say
from criteria.adjustments import Adjustment
from criteria.findings import KeyFinding, NoteQuoted
from criteria.instrument.load import pack_names
from criteria.scoring.score import percent
from storage.exports.docx_export import docx
from storage.exports.report import InspectionReport
from storage.exports.report_words import legible
from tests.storage.exports.samples import (
    HOSTILE,
    a_report,
    drafted,
    follow_up,
    found_by_hand,
    hostile_report,
    recommendation,
)


def opened(report: InspectionReport) -> Draft:
    return Document(io.BytesIO(docx(report)))


def headings(draft: Draft) -> list[tuple[str, str]]:
    return [
        (one.style.name, one.text)
        for one in draft.paragraphs
        if one.style is not None and one.style.name.startswith(("Heading", "Title"))
    ]


def under(draft: Draft, heading: str) -> list[tuple[str, str]]:
    """The paragraphs from a heading to the next of any level, as (style, text)."""
    styled = [(one.style.name if one.style else "", one.text) for one in draft.paragraphs]
    start = next(n for n, (style, text) in enumerate(styled) if text == heading and style != "")
    end = next(
        (n for n in range(start + 1, len(styled)) if styled[n][0].startswith("Heading")),
        len(styled),
    )
    return styled[start + 1 : end]


def cells(table: Table) -> list[list[str]]:
    return [[cell.text for cell in row.cells] for row in table.rows]


def words(draft: Draft) -> str:
    """Every paragraph and cell."""
    in_tables = (cell for table in draft.tables for row in cells(table) for cell in row)
    return "\n".join([*(one.text for one in draft.paragraphs), *in_tables])


def whole(share: Fraction | None) -> str:
    return "–" if share is None else f"{percent(share)}%"


@pytest.fixture(scope="module")
def omi() -> InspectionReport:
    return drafted(a_report("omi2-2011", 6))


@pytest.fixture(scope="module")
def esi() -> InspectionReport:
    return drafted(follow_up(a_report("esi-2006", 6)))


@pytest.mark.long
@pytest.mark.parametrize("number", [5, 0])
@pytest.mark.parametrize("name", pack_names())
def test_scores_and_questions_are_those_of_the_score(name: str, number: int) -> None:
    report = drafted(a_report(name, number))
    score, pack, draft = report.score, report.pack, opened(report)
    summary = next(table for table in draft.tables if table.cell(0, 1).text == "Score")
    printed = {row[0]: row[1] for row in cells(summary)}
    for section in pack.sections:
        if section.by_levels:
            continue
        assert printed[pack.text(section.label)] == whole(score.sections[section.name].score)
        for criterion in section.criteria:
            label = f"{criterion.number} {pack.text(criterion.label)}"
            assert printed[label] == whole(score.criteria[criterion.name].score)
    figures = [table for table in draft.tables if table.cell(0, 0).text == "Question"]
    rows = [row for table in figures for row in cells(table)[1:]]
    assert len(rows) == (len(score.questions) if number else 0)
    for row, one in zip(rows, score.questions.values(), strict=bool(number)):
        assert row[0].startswith(f"{one.question.number} ")
        assert row[2] == whole(one.proportion)
        if one.sufficient is not None:
            assert row[1] == f"{one.sufficient} of {one.relevant}"


def test_headings_are_real_and_in_order(omi: InspectionReport) -> None:
    found = headings(opened(omi))
    assert found[0] == ("Title", "Cheshire")
    assert [text for style, text in found if style == "Heading 1"] == [
        "Scope",
        "Summary of scores",
        "Findings",
        "Recommendations",
        "Appendix: question by question",
    ]
    criteria = [text for style, text in found if style == "Heading 3"]
    assert criteria == [
        f"{one.number} {omi.pack.text(one.label)}" for one in omi.pack.criteria.values()
    ]
    levels = [int(style[-1]) for style, _ in found[1:]]
    assert all(after - before <= 1 for before, after in pairwise(levels))


def test_the_scope_says_what_was_inspected(esi: InspectionReport) -> None:
    assert [text for _, text in under(opened(esi), "Scope")] == [
        "Instrument: Effective Supervision Inspection, version 1.0.0",
        "Cases: 15 of 18 cases submitted; every answer given counts",
        "Answered: 20 November 2026",
        "Follows up: Cheshire 2024",
        "Draft made: 20 November 2026, 10:00 UTC",
    ]


def test_a_criterion_has_its_score_and_findings_as_bullets(omi: InspectionReport) -> None:
    one = next(one for one in omi.findings if one.strengths and one.improvements)
    name = f"{one.criterion.number} {omi.pack.text(one.criterion.label)}"
    draft = opened(omi)
    assert one.score.band is not None
    assert under(draft, name) == [
        ("Normal", f"Score: {whole(one.score.score)}; comment: {one.score.band.name}"),
        ("Normal", say("key-finding-to-write")),
    ]
    bullets = [text for style, text in under(draft, "Strengths") if style == "List Bullet"]
    first = next(one for one in omi.findings if one.strengths)
    assert bullets == [f"{each.sentence} ({each.question.number})" for each in first.strengths]
    assert words(draft).count(say("key-finding-to-write")) == len(omi.pack.criteria)


def test_the_leads_words_and_the_inspectors_notes_are_there(omi: InspectionReport) -> None:
    question = next(iter(omi.score.questions.values())).question
    findings = found_by_hand(
        omi,
        key_finding=KeyFinding("Plans came late."),
        good_practice=(NoteQuoted("C003", question, "A shared diary."),),
        quotations=(NoteQuoted("C004", question, "They listened."),),
        strength_notes=(NoteQuoted("C005", question, "Quick."),),
        improvement_notes=(NoteQuoted("C006", question, "Slow."),),
    )
    draft = opened(replace(omi, findings=findings))
    number = question.number
    assert say("key-finding-to-write") not in words(draft)
    assert "Key finding: Plans came late." in words(draft)
    assert under(draft, "Strengths") == [("List Bullet", f"Quick. (C005, {number})")]
    assert under(draft, "Areas for improvement") == [("List Bullet", f"Slow. (C006, {number})")]
    assert under(draft, "Good practice") == [("List Bullet", f"A shared diary. (C003, {number})")]
    assert under(draft, "Quotations") == [("Quote", f"They listened. (C004, {number})")]


def test_levels_and_what_the_lead_adjusted(esi: InspectionReport) -> None:
    name = next(iter(esi.pack.criteria))
    adjusted = drafted(
        replace(esi, adjustments={name: Adjustment("well_met", "The targets were met.")})
    )
    draft, level = opened(adjusted), esi.score.levels[name]
    assert level is not None
    follows = esi.pack.text(level.label)
    assert cells(draft.tables[0])[2] == [
        "A1 Leadership and planning",
        f"{follows}\nBy the lead: Well met. The targets were met.",
    ]
    assert under(draft, "A1 Leadership and planning")[:2] == [
        ("Normal", f"Level: {follows}"),
        ("Normal", "By the lead: Well met. The targets were met."),
    ]


def test_the_items_of_a_described_criterion_are_bullets(esi: InspectionReport) -> None:
    one = next(one for one in esi.findings if one.high_items)
    bullets = [text for style, text in under(opened(esi), "Strengths") if style == "List Bullet"]
    assert bullets == [f"{item.sentence} ({item.question.number})" for item in one.high_items]


def test_recommendations_say_who_is_to_act(omi: InspectionReport) -> None:
    recommendations = {
        "R1": recommendation(omi.pack, "Tell victims.", key=False, owner="NPS"),
        "R2": recommendation(omi.pack, "Review plans.", key=True),
    }
    draft = opened(replace(omi, recommendations=recommendations))
    (key,), (other,) = under(draft, "Key recommendations"), under(draft, "Other recommendations")
    assert key[1].startswith("R2 Review plans. (for CRC; criteria 1.1; findings 1.1.")
    assert other[1].startswith("R1 Tell victims. (for NPS; criteria 1.1; findings 1.1.")


def test_the_earlier_recommendations_are_followed_up(esi: InspectionReport) -> None:
    table = next(one for one in opened(esi).tables if one.cell(0, 1).text == "Recommendation")
    assert cells(table)[1:] == [
        ["R1, key", "Every plan should be reviewed in time.", "CRC", "Under way"],
        ["R2", "Victims should be told.", "NPS", "Not followed up"],
    ]


def test_one_inspectors_own_cases_are_called_that(esi: InspectionReport) -> None:
    draft = opened(replace(esi, whole=False))
    assert draft.paragraphs[1].text.startswith("Own cases only. This holds one inspector's own")
    names = [text for _, text in headings(draft)]
    assert "Summary of scores" in names
    assert "Findings" not in names
    assert "Recommendations" not in names


@pytest.mark.long
@pytest.mark.parametrize("name", ["omi2-2011", "esi-2006"])
def test_hostile_texts_are_only_texts(name: str) -> None:
    written = docx(hostile_report(name))
    text = " ".join(words(Document(io.BytesIO(written))).split())
    for hostile in HOSTILE:
        assert " ".join(legible(hostile).split()) in text
    with zipfile.ZipFile(io.BytesIO(written)) as parts:
        for part in parts.namelist():
            if part.endswith((".xml", ".rels")):
                xml = parts.read(part).decode()
                assert not re.search("[\0-\x08\x0b\x0c\x0e-\x1f\x7f\u202a-\u202e\ufffe]", xml)
                assert "<script" not in xml
                assert 'TargetMode="External"' not in xml


def test_a_long_title_is_cut_only_where_it_must_be(omi: InspectionReport) -> None:
    title = "Cheshire, " * 60
    draft = opened(replace(omi, inspection=replace(omi.inspection, title=title)))
    assert draft.paragraphs[0].text == title
    assert draft.core_properties.title == title[:255]


def test_every_table_repeats_its_head_and_no_row_is_cut(esi: InspectionReport) -> None:
    for table in opened(esi).tables:
        heads = [row._tr.find(f".//{qn('w:tblHeader')}") is not None for row in table.rows]
        assert heads == [True] + [False] * (len(heads) - 1)
        assert all(row._tr.find(f".//{qn('w:cantSplit')}") is not None for row in table.rows)


def test_pages_are_numbered(omi: InspectionReport) -> None:
    footer = opened(omi).sections[0].footer._element
    fields = [field.get(qn("w:instr")) for field in footer.iter(qn("w:fldSimple"))]
    assert fields == ["PAGE", "NUMPAGES"]


def test_properties_say_what_it_is_and_not_who_made_it(omi: InspectionReport) -> None:
    properties = opened(omi).core_properties
    made = datetime(2026, 11, 20, 10, 0, tzinfo=UTC)
    assert properties.title == "Cheshire"
    assert properties.created == properties.modified == made
    assert (properties.author, properties.last_modified_by, properties.comments) == ("", "", "")


@pytest.mark.long
def test_the_same_report_gives_the_same_document(omi: InspectionReport) -> None:
    written = docx(omi)
    assert docx(omi) == written
    with zipfile.ZipFile(io.BytesIO(written)) as parts:
        assert {part.date_time for part in parts.infolist()} == {(2026, 11, 20, 10, 0, 0)}
        assert not [name for name in parts.namelist() if "thumbnail" in name]
