"""The score on sheets: the summary, every question, every answer's count, the earlier inspection.

A column of percentages holds the whole percent as the reports print it (0.43 shown as 43%); the
exact share stands beside it.
"""

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
from criteria.say import Say
from storage.exports import report_words as words
from storage.exports.report import Earlier, InspectionReport
from storage.exports.xlsx_sheets.workbook import (
    Cell,
    Row,
    Sheet,
    Shows,
    Styled,
    exact,
    hundredths,
    list_of,
    whole,
)

# --- summary ------------------------------------------------------------------------------------


def _title(row: ScoreRow) -> Cell:
    return Styled(row.label, "strong") if row.kind == "section" else row.label


def _share(row: ScoreRow) -> Fraction | None:
    return None if row.by_level else row.score.score


def _level(say: Say, row: ScoreRow) -> str | None:
    return words.level(say, row.level) if row.by_level and row.kind == "criterion" else None


def _label(one: Named | None) -> str | None:
    return one.label if one else None


def _summary_columns(say: Say) -> Sequence[Shows[ScoreRow]]:
    return (
        ("what", 11, "text", lambda row: say(f"row-kind-{row.kind}")),
        ("title", 46, "text", _title),
        ("score", 8, "percent", lambda row: whole(_share(row))),
        ("comment", 16, "text", lambda row: None if row.by_level else _label(row.band)),
        ("level", 18, "text", lambda row: _level(say, row)),
        ("interval-from", 9, "percent", lambda row: row.interval[0] if row.interval else None),
        ("interval-to", 9, "percent", lambda row: row.interval[1] if row.interval else None),
        ("can-become-least", 10, "percent",
         lambda row: whole(row.can_become.least) if row.can_become else None),
        ("can-become-most", 10, "percent",
         lambda row: whole(row.can_become.most) if row.can_become else None),
        ("set-by-the-lead", 16, "text", lambda row: _label(row.adjusted)),
        ("reason", 40, "text", lambda row: row.reason),
        ("exact-score", 9, "score", lambda row: exact(_share(row))),
    )  # fmt: skip


def summary(report: InspectionReport) -> Sheet:
    """Sections with their criteria, then headlines, each with what the lead made of it."""
    rows = summary_rows(report.score, report.adjustments)
    warnings = report.score.warnings
    care: list[Row] = [[Styled(report.say("read-with-care"), "title")]] if warnings else []
    below: list[Row] = [[], *care, *([warning] for warning in warnings)]
    above = _about(report, rows)
    return list_of(
        report.say, "summary", _summary_columns(report.say), rows.rows, above=above, below=below
    )


def _about(report: InspectionReport, rows: Summary) -> list[Row]:
    pack, say = report.pack, report.say
    still_open = sum(one.unanswered for one in report.score.questions.values())
    lines = [
        say("report-version", title=pack.text(pack.title), version=pack.version),
        say("report-still-open", cases=words.cases_in(say, report.cases), answers=still_open),
    ]
    if not report.whole:
        lines.append(say("report-own-cases-only"))
    if report.earlier:
        lines.append(say("report-follows-up", title=report.earlier.inspection.title))
    if rows.bands_inferred:
        lines.append(say("inferred-bands"))
    lines.append(say("report-made", at=words.time(say, report.made_at)))
    return [[Styled(report.inspection.title, "title")], *([line] for line in lines), []]


# --- questions ----------------------------------------------------------------------------------

_QUESTIONS: Final[Sequence[Shows[QuestionRow]]] = (
    ("form", 16, "text", lambda row: row.form),
    ("number", 9, "text", lambda row: row.number),
    ("name", 22, "text", lambda row: row.score.question.name),
    ("question", 50, "text", lambda row: row.label),
    ("criterion", 26, "text", lambda row: row.criterion),
    ("headlines", 18, "text", lambda row: row.headlines),
    ("counts-to-the-score", 9, "number", lambda row: int(row.score.question.is_scored)),
    ("relevant", 9, "number", lambda row: row.score.relevant),
    ("sufficient", 10, "number", lambda row: row.score.sufficient),
    ("proportion", 11, "score", lambda row: exact(row.score.proportion)),
    ("percent", 8, "percent", lambda row: whole(row.score.proportion)),
    ("interval-from", 8, "percent", lambda row: row.interval[0] if row.interval else None),
    ("interval-to", 8, "percent", lambda row: row.interval[1] if row.interval else None),
    ("answers-in-the-base", 30, "text",
     lambda row: "\n".join(f"{one.label}: {words.counted(one)}" for one in row.answers)),
    ("n-a", 7, "number", lambda row: row.na),
    ("not-known", 8, "number", lambda row: row.not_known),
    ("unanswered", 11, "number", lambda row: row.score.unanswered),
)  # fmt: skip


def questions(report: InspectionReport) -> Sheet:
    """A row for each question of every form, answered or not."""
    return list_of(report.say, "questions", _QUESTIONS, _every_question(report), held=2)


def _every_question(report: InspectionReport) -> Iterator[QuestionRow]:
    return (row for form in question_rows(report.score) for row in form.questions)


def _count_columns(say: Say) -> Sequence[Shows[tuple[QuestionRow, AnswerCount]]]:
    return (
        ("form", 16, "text", lambda row: row[0].form),
        ("number", 9, "text", lambda row: row[0].number),
        ("name", 22, "text", lambda row: row[0].score.question.name),
        ("question", 50, "text", lambda row: row[0].label),
        ("answer", 18, "text", lambda row: row[1].name),
        ("label", 34, "text", lambda row: _answer_label(say, row[1])),
        ("sufficient", 10, "number",
         lambda row: None if row[1].sufficient is None else int(row[1].sufficient)),
        ("in-the-base", 9, "number", lambda row: int(row[1].in_base)),
        ("cases", 8, "number", lambda row: row[1].count),
        ("percent-of-the-base", 10, "percent", lambda row: hundredths(row[1].percent)),
    )  # fmt: skip


def answer_counts(report: InspectionReport) -> Sheet:
    """A row for each answer that a question can have, with how often it was given."""
    rows = ((row, answer) for row in _every_question(report) for answer in row.counts)
    return list_of(report.say, "answer-counts", _count_columns(report.say), rows, held=2)


def _answer_label(say: Say, answer: AnswerCount) -> str:
    return words.out_of_base(say, answer.name) if answer.label is None else answer.label


# --- the earlier inspection ---------------------------------------------------------------------


def _change_columns(say: Say) -> Sequence[Shows[ChangeRow]]:
    return (
        ("what", 11, "text", lambda row: say(f"row-kind-{row.kind}")),
        ("number", 9, "text", lambda row: row.number),
        ("title", 60, "text",
         lambda row: Styled(row.title, "strong") if row.kind == "section" else row.title),
        ("before", 9, "percent", lambda row: whole(row.change.before) if row.change else None),
        ("after", 9, "percent", lambda row: whole(row.change.after) if row.change else None),
        ("change-in-points", 10, "points", lambda row: row.change.points if row.change else None),
        ("base-before", 9, "number", lambda row: row.bases[0] if row.bases else None),
        ("base-after", 9, "number", lambda row: row.bases[1] if row.bases else None),
        ("level-before", 18, "text",
         lambda row: words.level(say, row.levels[0]) if row.levels else None),
        ("level-after", 18, "text",
         lambda row: words.level(say, row.levels[1]) if row.levels else None),
        ("read-with-care", 34, "text", lambda row: row.change.warning if row.change else None),
    )  # fmt: skip


def comparison(report: InspectionReport, earlier: Earlier) -> Sheet:
    """Every figure that both inspections have: before, after, and the change in points."""
    say, changes = report.say, change_rows(earlier.score, report.score)
    above: list[Row] = [
        [say("report-compared", before=earlier.inspection.title, after=report.inspection.title)],
        [say("report-compared-both")],
        [],
    ]
    return list_of(
        say,
        "comparison",
        _change_columns(say),
        (row for row in changes.rows if row.change),
        above=above,
    )
