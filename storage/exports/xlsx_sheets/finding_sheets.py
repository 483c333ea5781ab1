"""The draft findings and the recommendations on sheets, a row each."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from criteria.findings import Finding, LevelItem, NoteQuoted
from criteria.recommendations import FollowUp, Recommendation
from criteria.report.finding_rows import finding_rows
from criteria.report.labels import criterion_label, criterion_numbers, question_numbers
from criteria.say import Say
from storage.exports import report_words as words
from storage.exports.report import Earlier, InspectionReport
from storage.exports.xlsx_sheets.workbook import Sheet, Shows, hundredths, list_of, moment


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


def _finding_columns(say: Say) -> Sequence[Shows[_Line]]:
    return (
        ("criterion", 28, "text", lambda line: line.criterion),
        ("what", 20, "text", lambda line: line.what),
        ("question", 10, "text", lambda line: line.found.question.number if line.found else None),
        ("finding", 70, "text", lambda line: line.text),
        ("sufficient", 10, "number",
         lambda line: line.counted.sufficient if line.counted else None),
        ("relevant", 9, "number", lambda line: line.counted.relevant if line.counted else None),
        ("percent", 9, "percent",
         lambda line: hundredths(line.counted.percent) if line.counted else None),
        ("read-with-care", 14, "text",
         lambda line: say("small-base") if line.counted and line.counted.small_base else None),
        ("cases", 44, "text", lambda line: line.cases),
        ("file", 20, "text",
         lambda line: line.found.attachment if isinstance(line.found, NoteQuoted) else None),
    )  # fmt: skip


def findings(report: InspectionReport) -> Sheet | None:
    """A row for each finding and note, by criterion; None where there are none at all."""
    lines = [*_lines(report)]
    return list_of(report.say, "findings", _finding_columns(report.say), lines) if lines else None


def _lines(report: InspectionReport) -> Iterator[_Line]:
    say = report.say
    for one in report.findings:
        criterion = criterion_label(report.pack, one.criterion)
        if one.key_finding is not None:
            yield _Line(criterion, say("key-finding"), one.key_finding.text)
        for rows in finding_rows(one):
            for finding in rows.counted:
                yield _Line(criterion, say(f"finding-{rows.kind}"), finding.sentence, finding)
            for step in rows.items:
                yield _Line(criterion, say(f"item-{rows.kind}"), step.sentence, step)
            for note in rows.notes:
                yield _Line(criterion, say(f"noted-{rows.kind}"), note.text, note)


def _recommendation_columns(say: Say) -> Sequence[Shows[tuple[str, Recommendation]]]:
    return (
        ("reference", 10, "text", lambda row: row[0]),
        (
            "kind",
            8,
            "text",
            lambda row: say("recommendation-key") if row[1].key else say("recommendation-other"),
        ),
        ("who-is-to-act", 22, "text", lambda row: row[1].owner),
        ("recommendation", 70, "text", lambda row: row[1].text),
    )


def recommendations(report: InspectionReport) -> Sheet:
    pack, say = report.pack, report.say
    columns: Sequence[Shows[tuple[str, Recommendation]]] = (
        *_recommendation_columns(say),
        ("criteria", 16, "text", lambda row: criterion_numbers(pack, row[1].criteria)),
        ("findings", 16, "text", lambda row: question_numbers(pack, row[1].findings)),
        ("by", 8, "text", lambda row: row[1].by),
        ("at", 19, "text", lambda row: moment(row[1].at)),
    )
    return list_of(say, "recommendations", columns, report.recommendations.items())


def follow_up(say: Say, earlier: Earlier) -> Sheet:
    """The earlier inspection's recommendations, and how far they got."""

    def found(reference: str) -> FollowUp | None:
        return earlier.followed_up.get(reference)

    columns: Sequence[Shows[tuple[str, Recommendation]]] = (
        *_recommendation_columns(say),
        ("how-far", 18, "text", lambda row: words.follow_up(say, found(row[0]))),
        ("found-by", 9, "text", lambda row: one.by if (one := found(row[0])) else None),
        ("at", 19, "text", lambda row: moment(one.at) if (one := found(row[0])) else None),
    )
    return list_of(say, "follow-up", columns, earlier.recommendations.items())
