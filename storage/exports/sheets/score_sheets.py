"""The score on sheets: the summary, every question, every answer's count, the earlier inspection.

A column of percentages holds the whole percent as the reports print it (0.43 shown as 43%); the
exact share stands beside it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from typing import Final

from criteria.report.change_rows import ChangeRow, change_rows
from criteria.report.labels import Named
from criteria.report.score_rows import (
    AnswerCount,
    QuestionRow,
    ScoreRow,
    Summary,
    question_rows,
    summary_rows,
)
from storage.exports import report_words as words
from storage.exports.report import Earlier, InspectionReport
from storage.exports.sheets.workbook import (
    Cell,
    Row,
    Sheet,
    Shows,
    Styled,
    hundredths,
    list_of,
    whole,
)

# --- summary ------------------------------------------------------------------------------------


def _title(row: ScoreRow) -> Cell:
    return Styled(row.label, "strong") if row.kind == "section" else row.label


def _share(row: ScoreRow) -> Fraction | None:
    return None if row.by_level else row.score.score


def _level(row: ScoreRow) -> str | None:
    return words.level(row.level) if row.by_level and row.kind == "criterion" else None


def _label(one: Named | None) -> str | None:
    return one.label if one else None


def _exact(share: Fraction | None) -> float | None:
    return None if share is None else float(share)


_SUMMARY: Final[Sequence[Shows[ScoreRow]]] = (
    ("What", 11, "text", lambda row: row.kind.capitalize()),
    ("Title", 46, "text", _title),
    ("Score", 8, "percent", lambda row: whole(_share(row))),
    ("Comment", 16, "text", lambda row: None if row.by_level else _label(row.band)),
    ("Level", 18, "text", _level),
    ("95% from", 9, "percent", lambda row: row.interval[0] if row.interval else None),
    ("95% to", 9, "percent", lambda row: row.interval[1] if row.interval else None),
    ("Can become, least", 10, "percent",
     lambda row: whole(row.can_become.least) if row.can_become else None),
    ("Can become, most", 10, "percent",
     lambda row: whole(row.can_become.most) if row.can_become else None),
    ("Set by the lead", 16, "text", lambda row: _label(row.adjusted)),
    ("Reason", 40, "text", lambda row: row.reason),
    ("Exact score", 9, "score", lambda row: _exact(_share(row))),
)  # fmt: skip


def summary(report: InspectionReport) -> Sheet:
    """Sections with their criteria, then headlines, each with what the lead made of it."""
    rows = summary_rows(report.score, report.adjustments)
    warnings = report.score.warnings
    care: list[Row] = [[Styled("Read with care", "title")]] if warnings else []
    below: list[Row] = [[], *care, *([warning] for warning in warnings)]
    above = _about(report, rows)
    return list_of("Summary", _SUMMARY, rows.rows, above=above, below=below)


def _about(report: InspectionReport, rows: Summary) -> list[Row]:
    pack = report.pack
    still_open = sum(one.unanswered for one in report.score.questions.values())
    lines = [
        f"{pack.text(pack.title)}, version {pack.version}",
        f"{words.cases_in(report.cases)}; {words.how_many(still_open, 'answer')} still open",
    ]
    if not report.whole:
        lines.append(words.OWN_CASES_ONLY)
    if report.earlier:
        lines.append(f"Follows up: {report.earlier.inspection.title}")
    if rows.bands_inferred:
        lines.append(words.BANDS_INFERRED)
    lines.append(f"Made: {words.time(report.made_at)}")
    return [[Styled(report.inspection.title, "title")], *([line] for line in lines), []]


# --- questions ----------------------------------------------------------------------------------

_QUESTIONS: Final[Sequence[Shows[QuestionRow]]] = (
    ("Form", 16, "text", lambda row: row.form),
    ("Number", 9, "text", lambda row: row.number),
    ("Name", 22, "text", lambda row: row.score.question.name),
    ("Question", 50, "text", lambda row: row.label),
    ("Criterion", 26, "text", lambda row: row.criterion),
    ("Headlines", 18, "text", lambda row: row.headlines),
    ("Counts to the score", 9, "number", lambda row: int(row.score.question.is_scored)),
    ("Relevant", 9, "number", lambda row: row.score.relevant),
    ("Sufficient", 10, "number", lambda row: row.score.sufficient),
    ("Proportion", 11, "score", lambda row: _exact(row.score.proportion)),
    ("Percent", 8, "percent", lambda row: whole(row.score.proportion)),
    ("95% from", 8, "percent", lambda row: row.interval[0] if row.interval else None),
    ("95% to", 8, "percent", lambda row: row.interval[1] if row.interval else None),
    ("Answers in the base", 30, "text",
     lambda row: "\n".join(f"{one.label}: {words.counted(one)}" for one in row.answers)),
    ("N/A", 7, "number", lambda row: row.na),
    ("Not known", 8, "number", lambda row: row.not_known),
    ("Unanswered", 11, "number", lambda row: row.score.unanswered),
)  # fmt: skip


def questions(report: InspectionReport) -> Sheet:
    """A row for each question of every form, answered or not."""
    return list_of("Questions", _QUESTIONS, _every_question(report), held=2)


def _every_question(report: InspectionReport) -> Iterator[QuestionRow]:
    return (row for form in question_rows(report.score) for row in form.questions)


_COUNTS: Final[Sequence[Shows[tuple[QuestionRow, AnswerCount]]]] = (
    ("Form", 16, "text", lambda row: row[0].form),
    ("Number", 9, "text", lambda row: row[0].number),
    ("Name", 22, "text", lambda row: row[0].score.question.name),
    ("Question", 50, "text", lambda row: row[0].label),
    ("Answer", 18, "text", lambda row: row[1].name),
    ("Label", 34, "text", lambda row: _answer_label(row[1])),
    ("Sufficient", 10, "number",
     lambda row: None if row[1].sufficient is None else int(row[1].sufficient)),
    ("In the base", 9, "number", lambda row: int(row[1].in_base)),
    ("Cases", 8, "number", lambda row: row[1].count),
    ("Percent of the base", 10, "percent", lambda row: hundredths(row[1].percent)),
)  # fmt: skip


def answer_counts(report: InspectionReport) -> Sheet:
    """A row for each answer that a question can have, with how often it was given."""
    rows = ((row, answer) for row in _every_question(report) for answer in row.counts)
    return list_of("Answer counts", _COUNTS, rows, held=2)


def _answer_label(answer: AnswerCount) -> str:
    no_choice = words.OUT_OF_BASE_LABELS.get(answer.name, answer.name)
    return no_choice if answer.label is None else answer.label


# --- the earlier inspection ---------------------------------------------------------------------

_CHANGES: Final[Sequence[Shows[ChangeRow]]] = (
    ("What", 11, "text", lambda row: row.kind.capitalize()),
    ("Number", 9, "text", lambda row: row.number),
    ("Title", 60, "text",
     lambda row: Styled(row.title, "strong") if row.kind == "section" else row.title),
    ("Before", 9, "percent", lambda row: whole(row.change.before) if row.change else None),
    ("After", 9, "percent", lambda row: whole(row.change.after) if row.change else None),
    ("Change in points", 10, "points", lambda row: row.change.points if row.change else None),
    ("Base before", 9, "number", lambda row: row.bases[0] if row.bases else None),
    ("Base after", 9, "number", lambda row: row.bases[1] if row.bases else None),
    ("Level before", 18, "text",
     lambda row: words.level(row.levels[0]) if row.levels else None),
    ("Level after", 18, "text",
     lambda row: words.level(row.levels[1]) if row.levels else None),
    ("Read with care", 34, "text", lambda row: row.change.warning if row.change else None),
)  # fmt: skip


def comparison(report: InspectionReport, earlier: Earlier) -> Sheet:
    """Every figure that both inspections have: before, after, and the change in points."""
    changes = change_rows(earlier.score, report.score)
    above: list[Row] = [
        [f"Before: {earlier.inspection.title}. After: {report.inspection.title}."],
        ["A figure that only one of them has is left out."],
        [],
    ]
    return list_of("Comparison", _CHANGES, (row for row in changes.rows if row.change), above=above)
