"""The findings as a draft of the report, for a word processor: what the lead goes on writing.

Same report, same document: its parts are dated by the report, and nothing names its author.
"""

import io
import zipfile
from collections.abc import Mapping, Sequence
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
from criteria.recommendations import Recommendation
from criteria.report.finding_rows import FindingKind, finding_rows
from criteria.report.labels import Named, criterion_numbers, question_numbers
from criteria.report.score_rows import ScoreRow, Summary, question_rows, summary_rows
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
    writer = _Writer(report, _empty_draft(report))
    summary = summary_rows(report.score, report.adjustments)
    writer.scope()
    writer.summary(summary)
    if report.whole:
        writer.findings(summary)
        writer.recommendations()
    writer.questions()
    written = io.BytesIO()
    writer.draft.save(written)
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


def _mark(row: Row, what: str) -> None:
    row._tr.get_or_add_trPr().append(OxmlElement(what))


# --- what it holds ------------------------------------------------------------------------------


class _Writer:
    def __init__(self, report: InspectionReport, draft: Draft) -> None:
        self.report = report
        self.say = report.say
        self.draft = draft

    def heading(self, text: str, level: int) -> None:
        """Level 0 is the title."""
        self.draft.add_heading(words.legible(text), level)

    def paragraph(self, text: str, style: str | None = None, *, bold: str = "") -> None:
        """A paragraph that may begin in bold."""
        paragraph = self.draft.add_paragraph(style=style)
        if bold:
            paragraph.add_run(words.legible(bold)).bold = True
        paragraph.add_run(words.legible(text))

    def fact(self, name: str, text: str) -> None:
        self.paragraph(text, bold=f"{name}: ")

    def table(self, columns: Mapping[str, int]) -> Table:
        """A table whose head is repeated on every page.

        ``columns`` are the names of the heads' messages (``column-NAME``) with the columns' widths
        in millimetres.
        """
        table: Table = self.draft.add_table(rows=0, cols=len(columns), style="Table Grid")
        table.autofit = False
        for column, width in zip(table.columns, columns.values(), strict=True):
            column.width = Mm(width)
        head = [self.say(f"column-{name}") if name else "" for name in columns]
        _mark(self.row(table, head, bold=True), "w:tblHeader")
        return table

    def row(self, table: Table, cells: Sequence[str], *, bold: bool = False) -> Row:
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

    def scope(self) -> None:
        report, say = self.report, self.say
        self.heading(report.inspection.title, 0)
        if not report.whole:
            self.paragraph(say("report-own-cases-only"), bold=f"{say('report-own-cases')} ")
        self.heading(say("report-scope"), 1)
        title, version = report.pack.text(report.pack.title), report.pack.version
        self.fact(say("fact-instrument"), say("report-version", title=title, version=version))
        self.fact(say("fact-cases"), words.cases_in(say, report.cases))
        if between := words.answered_between(say, report.cases):
            self.fact(say("fact-answered"), between)
        if report.earlier:
            self.fact(say("fact-follows-up"), report.earlier.inspection.title)
        self.fact(say("fact-draft-made"), words.time(say, report.made_at))

    # --- the summary -------------------------------------------------------------------------

    def summary(self, summary: Summary) -> None:
        say = self.say
        self.heading(say("report-summary"), 1)
        if summary.described:
            table = self.table({"criterion": 100, "level": 70})
            for section in summary.described:
                self.row(table, (section.total.label, ""), bold=True)
                for row in section.criteria:
                    self.row(table, (row.label, self.with_lead(words.level(say, row.level), row)))
            self.paragraph("")
        if summary.scored:
            columns = {"criterion": 115, "score": 20, "interval": 35}
            if self.report.pack.bands:
                columns = {"criterion": 75, "score": 17, "interval": 28, "comment": 50}
            table = self.table(columns)
            for section in summary.scored:
                self.score_row(table, section.total, bold=True)
                for row in section.criteria:
                    self.score_row(table, row)
            for row in summary.headlines:
                self.score_row(table, row, bold=True)
        if summary.bands_inferred:
            self.paragraph(say("inferred-bands"))

    def score_row(self, table: Table, row: ScoreRow, *, bold: bool = False) -> None:
        """A pack without comments has a table without their column."""
        interval = words.interval(self.say, row.interval) if row.interval else ""
        comment = self.with_lead(row.band.label if row.band else "", row)
        cells = (row.label, words.share(row.score.score), interval, comment)
        self.row(table, cells[: len(table.columns)], bold=bold)

    def with_lead(self, comment: str, row: ScoreRow) -> str:
        """What follows by rule, and the lead's word beside it."""
        return (
            f"{comment}\n{self.by_the_lead(row.adjusted)}{row.reason}" if row.adjusted else comment
        )

    def by_the_lead(self, to: Named) -> str:
        return f"{self.say('report-by-the-lead', to=to.label)} "

    # --- the findings ------------------------------------------------------------------------

    def findings(self, summary: Summary) -> None:
        self.heading(self.say("report-findings"), 1)
        if not self.report.findings:
            self.paragraph(self.say("report-no-findings"))
        found = {one.criterion.name: one for one in self.report.findings}
        for section in summary.sections:
            rows = [row for row in section.criteria if row.name in found]
            if rows:
                self.heading(section.total.label, 2)
            for row in rows:
                self.criterion(row, found[row.name], by_level=section.total.by_level)

    def criterion(self, row: ScoreRow, one: CriterionFindings, *, by_level: bool) -> None:
        say = self.say
        self.heading(row.label, 3)
        if by_level:
            self.fact(say("column-level"), words.level(say, row.level))
        else:
            comment = say("report-comment", comment=row.band.label) if row.band else ""
            self.fact(say("column-score"), words.share(row.score.score) + comment)
        if row.adjusted:
            self.paragraph(row.reason or "", bold=self.by_the_lead(row.adjusted))
        if one.key_finding:
            self.fact(say("key-finding"), one.key_finding.text)
        else:
            to_write = self.draft.add_paragraph().add_run(say("key-finding-to-write"))
            to_write.font.highlight_color = WD_COLOR_INDEX.YELLOW
        for rows in finding_rows(one):
            self.heading(say(f"found-{rows.kind}"), 4)
            style = "Quote" if rows.kind is FindingKind.QUOTATION else "List Bullet"
            for finding in rows.found:
                self.paragraph(f"{finding.sentence} ({finding.question.number})", style)
            for note in rows.notes:
                self.paragraph(f"{note.text} ({note.case}, {note.question.number})", style)

    # --- recommendations ---------------------------------------------------------------------

    def recommendations(self) -> None:
        say, made = self.say, self.report.recommendations
        self.heading(say("report-recommendations"), 1)
        if not made:
            self.paragraph(say("report-no-recommendations"))
        headings = ((say("key-recommendations"), True), (say("other-recommendations"), False))
        for heading, key in headings:
            of_kind = {reference: one for reference, one in made.items() if one.key == key}
            if of_kind:
                self.heading(heading, 2)
            for reference, one in of_kind.items():
                self.paragraph(f"{one.text} ({self.aside(one)})", bold=f"{reference} ")
        if self.report.earlier and self.report.earlier.recommendations:
            self.followed_up(self.report.earlier)

    def aside(self, one: Recommendation) -> str:
        """Who is to act, and what it rests on."""
        say, pack = self.say, self.report.pack
        parts = [say("recommended-for", owner=one.owner)]
        if one.criteria:
            parts.append(say("recommended-criteria", numbers=criterion_numbers(pack, one.criteria)))
        if one.findings:
            parts.append(say("recommended-findings", numbers=question_numbers(pack, one.findings)))
        return "; ".join(parts)

    def followed_up(self, earlier: Earlier) -> None:
        say = self.say
        self.heading(say("report-earlier-recommendations"), 1)
        table = self.table({"": 14, "recommendation": 96, "for": 30, "status": 30})
        made = sorted(earlier.recommendations.items(), key=lambda item: not item[1].key)
        for reference, one in made:
            status = words.follow_up(say, earlier.followed_up.get(reference))
            name = say("reference-of-key", reference=reference) if one.key else reference
            self.row(table, (name, one.text, one.owner, status))

    # --- question by question ----------------------------------------------------------------

    def questions(self) -> None:
        say = self.say
        self.heading(say("report-appendix"), 1)
        self.draft.paragraphs[-1].paragraph_format.page_break_before = True
        self.paragraph(say("report-how-counted"))
        columns = {
            "question": 58, "sufficient-of-relevant": 22, "score": 14, "answers": 48,
            "left-out": 28,
        }  # fmt: skip
        for form in question_rows(self.report.score):
            self.heading(form.label, 2)
            if not form.is_answered:
                self.paragraph(say("report-no-answers"))
                continue
            table = self.table(columns)
            for row in form.questions:
                label, share = f"{row.number} {row.label}", words.share(row.score.proportion)
                base, left_out = words.base(say, row), words.left_out(say, row)
                self.row(table, (label, base, share, words.answers(row), left_out))
        if self.report.score.warnings:
            self.heading(say("read-with-care"), 2)
            for warning in self.report.score.warnings:
                self.paragraph(warning, "List Bullet")
