"""The findings as a draft of the report, for a word processor: what the lead goes on writing.

Same report, same document: its parts are dated by the report, and nothing names its author.
"""

import io
import zipfile
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Final

from docx import Document
from docx.document import Document as Draft
from docx.enum.text import WD_COLOR_INDEX
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt
from docx.styles.style import BaseStyle
from docx.table import Table
from docx.table import _Row as Row

from criteria.findings import CriterionFindings
from criteria.instrument.pack import Pack
from criteria.recommendations import Recommendation
from criteria.report.finding_rows import FindingKind, FindingRows, finding_rows
from criteria.report.labels import criterion_numbers, question_numbers
from criteria.report.score_rows import ScoreRow, Summary, question_rows, summary_rows
from criteria.say import Say
from storage.exports import report_words as words
from storage.exports.report import Earlier, InspectionReport

TEXT_WIDTH: Final = 170
"""Millimetres between the margins of an A4 page."""
FONT: Final = "Arial"
PROPERTY_LENGTH: Final = 255
"""The most that a document's property may hold (ECMA-376, Part 2)."""

_EARLIEST: Final = datetime(1980, 1, 1, tzinfo=UTC)
"""What a part of the file can be dated at the earliest."""


def docx(report: InspectionReport) -> bytes:
    """The draft, as a Word document."""
    draft = _empty_draft(report)
    summary = summary_rows(report.score, report.adjustments)
    _scope(draft, report)
    _summary(draft, report, summary)
    if report.whole:
        _findings(draft, report, summary)
        _recommendations(draft, report)
    _questions(draft, report)
    written = io.BytesIO()
    draft.save(written)
    return _dated(written.getvalue(), _made(report))


# --- the document -------------------------------------------------------------------------------


def _empty_draft(report: InspectionReport) -> Draft:
    """An A4 page with page numbers, and properties that say what it is and not who made it."""
    draft = Document()
    page = draft.sections[0]
    page.page_width, page.page_height = Mm(210), Mm(297)
    page.left_margin = page.right_margin = Mm((210 - TEXT_WIDTH) / 2)
    page.top_margin = page.bottom_margin = Mm(20)
    for name in ("Normal", "Title", "Heading 1", "Heading 2", "Heading 3", "Heading 4"):
        _in_plain_font(draft.styles[name])
    language = draft.styles.element.find(f".//{qn('w:rPrDefault')}//{qn('w:lang')}")
    if language is not None:
        language.set(qn("w:val"), "en-GB")
    properties = draft.core_properties
    properties.title = words.legible(report.inspection.title)[:PROPERTY_LENGTH]
    properties.subject = words.legible(report.pack.text(report.pack.title))[:PROPERTY_LENGTH]
    properties.author = properties.last_modified_by = properties.comments = ""
    properties.created = properties.modified = _made(report)
    for name, relationship in list(draft.part.package.rels.items()):
        if relationship.reltype == RELATIONSHIP_TYPE.THUMBNAIL:  # of the library's own template
            del draft.part.package.rels[name]
    footer = page.footer.paragraphs[0]
    # "\0" stands where the fields go, and marks them off from the words around.
    before, between, after = report.say("report-page", page="\0", pages="\0").split("\0")
    footer.add_run(before)
    for field, words_after in (("PAGE", between), ("NUMPAGES", after)):
        simple = OxmlElement("w:fldSimple")
        simple.set(qn("w:instr"), field)
        footer._p.append(simple)
        footer.add_run(words_after)
    return draft


def _in_plain_font(style: BaseStyle) -> None:
    """A font that every word processor has, in place of the template's theme."""
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    fonts.attrib.clear()
    for kind in ("w:ascii", "w:hAnsi", "w:cs", "w:eastAsia"):
        fonts.set(qn(kind), FONT)


def _made(report: InspectionReport) -> datetime:
    return max(words.read_time(report.made_at) or _EARLIEST, _EARLIEST)


def _dated(document: bytes, made: datetime) -> bytes:
    """The same parts, each with the report's time in place of this moment's."""
    written = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(document)) as parts,
        zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as dated,
    ):
        for part in parts.infolist():
            entry = zipfile.ZipInfo(part.filename, made.timetuple()[:6])
            entry.compress_type = zipfile.ZIP_DEFLATED
            dated.writestr(entry, parts.read(part))
    return written.getvalue()


def _heading(draft: Draft, text: str, level: int) -> None:
    """Level 0 is the title."""
    draft.add_heading(words.legible(text), level)


def _paragraph(draft: Draft, text: str, style: str | None = None, *, bold: str = "") -> None:
    """A paragraph that may begin in bold."""
    paragraph = draft.add_paragraph(style=style)
    if bold:
        paragraph.add_run(words.legible(bold)).bold = True
    paragraph.add_run(words.legible(text))


def _table(draft: Draft, head: Sequence[str], widths: Sequence[int]) -> Table:
    """A table whose head is repeated on every page; ``widths`` in millimetres."""
    table: Table = draft.add_table(rows=0, cols=len(head), style="Table Grid")
    table.autofit = False
    for column, width in zip(table.columns, widths, strict=True):
        column.width = Mm(width)
    _mark(_row(table, head, bold=True), "w:tblHeader")
    return table


def _row(table: Table, cells: Sequence[str], *, bold: bool = False) -> Row:
    """One more row, which no page end cuts."""
    row: Row = table.add_row()  # type: ignore[no-untyped-call]  # python-docx left it bare
    for cell, text, column in zip(row.cells, cells, table.columns, strict=True):
        cell.width = column.width
        paragraph = cell.paragraphs[0]
        paragraph.paragraph_format.space_before = paragraph.paragraph_format.space_after = Pt(2)
        paragraph.paragraph_format.line_spacing = 1
        run = paragraph.add_run(words.legible(text))
        run.bold = bold
        run.font.size = Pt(9)
    _mark(row, "w:cantSplit")
    return row


def _mark(row: Row, what: str) -> None:
    row._tr.get_or_add_trPr().append(OxmlElement(what))


# --- what it holds ------------------------------------------------------------------------------


def _scope(draft: Draft, report: InspectionReport) -> None:
    pack, say = report.pack, report.say
    _heading(draft, report.inspection.title, 0)
    if not report.whole:
        own = say("report-own-cases")
        _paragraph(draft, say("report-own-cases-only"), bold=f"{own} ")
    _heading(draft, say("report-scope"), 1)
    instrument = say("report-version", title=pack.text(pack.title), version=pack.version)
    _fact(draft, say("fact-instrument"), instrument)
    _fact(draft, say("fact-cases"), words.cases_in(say, report.cases))
    between = words.answered_between(say, report.cases)
    if between:
        _fact(draft, say("fact-answered"), between)
    if report.earlier:
        _fact(draft, say("fact-follows-up"), report.earlier.inspection.title)
    _fact(draft, say("fact-draft-made"), words.time(say, report.made_at))


def _fact(draft: Draft, name: str, text: str) -> None:
    _paragraph(draft, text, bold=f"{name}: ")


def _summary(draft: Draft, report: InspectionReport, summary: Summary) -> None:
    say = report.say
    _heading(draft, say("report-summary"), 1)
    if summary.described:
        table = _table(draft, (say("column-criterion"), say("column-level")), (100, 70))
        for section in summary.described:
            _row(table, (section.total.label, ""), bold=True)
            for row in section.criteria:
                _row(table, (row.label, _with_lead(say, words.level(say, row.level), row)))
        _paragraph(draft, "")
    if summary.scored:
        says = bool(report.pack.bands)
        names = ("criterion", "score", "interval", "comment")
        head, widths = tuple(say(f"column-{name}") for name in names), (75, 17, 28, 50)
        table = _table(draft, head, widths) if says else _table(draft, head[:3], (115, 20, 35))
        for section in summary.scored:
            _score_row(say, table, section.total, bold=True)
            for row in section.criteria:
                _score_row(say, table, row)
        for row in summary.headlines:
            _score_row(say, table, row, bold=True)
    if summary.bands_inferred:
        _paragraph(draft, say("inferred-bands"))


def _score_row(say: Say, table: Table, row: ScoreRow, *, bold: bool = False) -> None:
    """A pack without comments has a table without their column."""
    interval = words.interval(say, row.interval) if row.interval else ""
    comment = _with_lead(say, row.band.label if row.band else "", row)
    cells = (row.label, words.share(row.score.score), interval, comment)
    _row(table, cells[: len(table.columns)], bold=bold)


def _with_lead(say: Say, comment: str, row: ScoreRow) -> str:
    """What follows by rule, and the lead's word beside it."""
    if not row.adjusted:
        return comment
    by_the_lead = say("report-by-the-lead", to=row.adjusted.label)
    return f"{comment}\n{by_the_lead} {row.reason}"


def _findings(draft: Draft, report: InspectionReport, summary: Summary) -> None:
    say = report.say
    _heading(draft, say("report-findings"), 1)
    if not report.findings:
        _paragraph(draft, say("report-no-findings"))
    found = {one.criterion.name: one for one in report.findings}
    for section in summary.sections:
        rows = [row for row in section.criteria if row.name in found]
        if rows:
            _heading(draft, section.total.label, 2)
        for row in rows:
            _criterion(say, draft, row, found[row.name], by_level=section.total.by_level)


def _criterion(
    say: Say, draft: Draft, row: ScoreRow, one: CriterionFindings, *, by_level: bool
) -> None:
    _heading(draft, row.label, 3)
    if by_level:
        _fact(draft, say("column-level"), words.level(say, row.level))
    else:
        comment = say("report-comment", comment=row.band.label) if row.band else ""
        _fact(draft, say("column-score"), words.share(row.score.score) + comment)
    if row.adjusted:
        _paragraph(
            draft, row.reason or "", bold=say("report-by-the-lead", to=row.adjusted.label) + " "
        )
    if one.key_finding:
        _fact(draft, say("key-finding"), one.key_finding.text)
    else:
        to_write = draft.add_paragraph().add_run(say("key-finding-to-write"))
        to_write.font.highlight_color = WD_COLOR_INDEX.YELLOW
    for rows in finding_rows(one):
        _found(say, draft, rows)


def _found(say: Say, draft: Draft, rows: FindingRows) -> None:
    """What the answers show, then what an inspector noted."""
    _heading(draft, say(f"found-{rows.kind}"), 4)
    style = "Quote" if rows.kind is FindingKind.QUOTATION else "List Bullet"
    for finding in rows.found:
        _paragraph(draft, f"{finding.sentence} ({finding.question.number})", style)
    for note in rows.notes:
        _paragraph(draft, f"{note.text} ({note.case}, {note.question.number})", style)


# --- recommendations ----------------------------------------------------------------------------


def _recommendations(draft: Draft, report: InspectionReport) -> None:
    say = report.say
    _heading(draft, say("report-recommendations"), 1)
    if not report.recommendations:
        _paragraph(draft, say("report-no-recommendations"))
    headings = ((say("key-recommendations"), True), (say("other-recommendations"), False))
    for heading, key in headings:
        of_kind = {ref: one for ref, one in report.recommendations.items() if one.key == key}
        if of_kind:
            _heading(draft, heading, 2)
        for reference, one in of_kind.items():
            text = f"{one.text} ({_aside(say, report.pack, one)})"
            _paragraph(draft, text, bold=f"{reference} ")
    if report.earlier and report.earlier.recommendations:
        _followed_up(say, draft, report.earlier)


def _aside(say: Say, pack: Pack, one: Recommendation) -> str:
    """Who is to act, and what it rests on."""
    parts = [say("recommended-for", owner=one.owner)]
    if one.criteria:
        parts.append(say("recommended-criteria", numbers=criterion_numbers(pack, one.criteria)))
    if one.findings:
        parts.append(say("recommended-findings", numbers=question_numbers(pack, one.findings)))
    return "; ".join(parts)


def _followed_up(say: Say, draft: Draft, earlier: Earlier) -> None:
    _heading(draft, say("report-earlier-recommendations"), 1)
    names = ("recommendation", "for", "status")
    table = _table(draft, ("", *(say(f"column-{name}") for name in names)), (14, 96, 30, 30))
    for reference, one in sorted(earlier.recommendations.items(), key=lambda item: not item[1].key):
        status = words.follow_up(say, earlier.followed_up.get(reference))
        name = say("reference-of-key", reference=reference) if one.key else reference
        _row(table, (name, one.text, one.owner, status))


# --- question by question -----------------------------------------------------------------------


def _questions(draft: Draft, report: InspectionReport) -> None:
    say = report.say
    _heading(draft, say("report-appendix"), 1)
    draft.paragraphs[-1].paragraph_format.page_break_before = True
    _paragraph(draft, say("report-how-counted"))
    for form in question_rows(report.score):
        _heading(draft, form.label, 2)
        if not form.is_answered:
            _paragraph(draft, say("report-no-answers"))
            continue
        names = ("question", "sufficient-of-relevant", "score", "answers", "left-out")
        head = [say(f"column-{name}") for name in names]
        table = _table(draft, head, (58, 22, 14, 48, 28))
        for row in form.questions:
            share = words.share(row.score.proportion)
            label = f"{row.number} {row.label}"
            figures = (words.base(say, row), share, words.answers(row), words.left_out(say, row))
            _row(table, (label, *figures))
    if report.score.warnings:
        _heading(draft, say("read-with-care"), 2)
        for warning in report.score.warnings:
            _paragraph(draft, warning, "List Bullet")
