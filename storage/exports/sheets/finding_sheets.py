"""The draft findings and the recommendations on sheets, a row each."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from criteria.findings import Finding, LevelItem, NoteQuoted
from criteria.recommendations import FollowUp, Recommendation
from criteria.report.finding_rows import finding_rows
from criteria.report.labels import criterion_label, criterion_numbers, question_numbers
from storage.exports import report_words as words
from storage.exports.report import Earlier, InspectionReport
from storage.exports.sheets.workbook import Sheet, Shows, hundredths, list_of, moment


@dataclass(frozen=True, slots=True)
class _Line:
    """A finding with its criterion and what it is; of a key finding nothing else."""

    criterion: str
    what: str
    text: str
    found: Finding | LevelItem | NoteQuoted | None = None

    @property
    def counted(self) -> Finding | None:
        return self.found if isinstance(self.found, Finding) else None

    @property
    def cases(self) -> str | None:
        if isinstance(self.found, NoteQuoted):
            return self.found.case
        return ", ".join(self.found.cases) if self.found else None


_FINDINGS: Final[Sequence[Shows[_Line]]] = (
    ("Criterion", 28, "text", lambda line: line.criterion),
    ("What", 20, "text", lambda line: line.what),
    ("Question", 10, "text", lambda line: line.found.question.number if line.found else None),
    ("Finding", 70, "text", lambda line: line.text),
    ("Sufficient", 10, "number", lambda line: line.counted.sufficient if line.counted else None),
    ("Relevant", 9, "number", lambda line: line.counted.relevant if line.counted else None),
    ("Percent", 9, "percent",
     lambda line: hundredths(line.counted.percent) if line.counted else None),
    ("Read with care", 14, "text",
     lambda line: "a small base" if line.counted and line.counted.small_base else None),
    ("Cases", 44, "text", lambda line: line.cases),
    ("File", 20, "text",
     lambda line: line.found.attachment if isinstance(line.found, NoteQuoted) else None),
)  # fmt: skip


def findings(report: InspectionReport) -> Sheet | None:
    """A row for each finding and note, by criterion; None where there are none at all."""
    lines = [*_lines(report)]
    return list_of("Findings", _FINDINGS, lines) if lines else None


def _lines(report: InspectionReport) -> Iterator[_Line]:
    for one in report.findings:
        criterion = criterion_label(report.pack, one.criterion)
        if one.key_finding is not None:
            yield _Line(criterion, "Key finding", one.key_finding.text)
        for rows in finding_rows(one):
            counted, item, noted = words.FINDING_SHEET_WORDS[rows.kind]
            for finding in rows.counted:
                yield _Line(criterion, counted, finding.sentence, finding)
            for step in rows.items:
                yield _Line(criterion, item, step.sentence, step)
            for note in rows.notes:
                yield _Line(criterion, noted, note.text, note)


_RECOMMENDATION: Final[Sequence[Shows[tuple[str, Recommendation]]]] = (
    ("Reference", 10, "text", lambda row: row[0]),
    ("Kind", 8, "text", lambda row: "Key" if row[1].key else "Other"),
    ("Who is to act", 22, "text", lambda row: row[1].owner),
    ("Recommendation", 70, "text", lambda row: row[1].text),
)


def recommendations(report: InspectionReport) -> Sheet:
    pack = report.pack
    columns: Sequence[Shows[tuple[str, Recommendation]]] = (
        *_RECOMMENDATION,
        ("Criteria", 16, "text", lambda row: criterion_numbers(pack, row[1].criteria)),
        ("Findings", 16, "text", lambda row: question_numbers(pack, row[1].findings)),
        ("By", 8, "text", lambda row: row[1].by),
        ("At (UTC)", 19, "text", lambda row: moment(row[1].at)),
    )
    return list_of("Recommendations", columns, report.recommendations.items())


def follow_up(earlier: Earlier) -> Sheet:
    """The earlier inspection's recommendations, and how far they got."""

    def found(reference: str) -> FollowUp | None:
        return earlier.followed_up.get(reference)

    columns: Sequence[Shows[tuple[str, Recommendation]]] = (
        *_RECOMMENDATION,
        ("How far", 18, "text", lambda row: words.follow_up(found(row[0]))),
        ("Found by", 9, "text", lambda row: one.by if (one := found(row[0])) else None),
        ("At (UTC)", 19, "text", lambda row: moment(one.at) if (one := found(row[0])) else None),
    )
    return list_of("Follow-up", columns, earlier.recommendations.items())
