"""The score on sheets: the summary, every question, every answer's count, the earlier inspection.

A column of percentages holds the whole percent as the reports print it (0.43 shown as 43%); the
exact share stands beside it.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from criteria.comparison import Change, compare
from criteria.outlook import criterion_range
from criteria.pack import NOT_KNOWN, Criterion, Pack
from criteria.score_document import criterion_interval, question_interval
from criteria.scoring import InspectionScore, QuestionScore, Score
from storage.exports.flat_rows import OUT_OF_BASE_LABELS
from storage.exports.report import Earlier, InspectionReport
from storage.exports.report_words import (
    BANDS_INFERRED,
    OWN_CASES_ONLY,
    cases_in,
    criterion_words,
    how_many,
    level_words,
    named,
    time_words,
)
from storage.exports.sheets.pack_words import criterion_of, form_words, headline_words
from storage.exports.sheets.workbook import Cell, Column, Row, Sheet, Styled, whole

# --- summary ------------------------------------------------------------------------------------


def summary(report: InspectionReport) -> Sheet:
    """Sections with their criteria, then headlines, each with what the lead made of it."""
    warnings = report.score.warnings
    return Sheet(
        "Summary",
        [
            Column("What", 11),
            Column("Title", 46),
            Column("Score", 8, "percent"),
            Column("Comment", 16),
            Column("Level", 18),
            Column("95% from", 9, "percent"),
            Column("95% to", 9, "percent"),
            Column("Can become, least", 10, "percent"),
            Column("Can become, most", 10, "percent"),
            Column("Set by the lead", 16),
            Column("Reason", 40),
            Column("Exact score", 9, "score"),
        ],
        [*_section_rows(report), *_headline_rows(report)],
        above=_about(report),
        below=[
            [],
            *([[Styled("Read with care", "title")]] if warnings else []),
            *([warning] for warning in warnings),
        ],
    )


def _about(report: InspectionReport) -> list[Row]:
    pack, score = report.pack, report.score
    still_open = sum(one.unanswered for one in score.questions.values())
    lines = [
        f"{pack.text(pack.title)}, version {pack.version}",
        f"{cases_in(report.cases)}; {how_many(still_open, 'answer')} still open",
    ]
    if not report.whole:
        lines.append(OWN_CASES_ONLY)
    if report.earlier:
        lines.append(f"Follows up: {report.earlier.inspection.title}")
    if pack.bands and pack.bands_basis == "inferred":
        lines.append(BANDS_INFERRED)
    lines.append(f"Made: {time_words(report.made_at)}")
    return [[Styled(report.inspection.title, "title")], *([line] for line in lines), []]


def _section_rows(report: InspectionReport) -> Iterator[Row]:
    score = report.score
    for section in report.pack.sections:
        of_section = Score(None) if section.by_levels else score.sections[section.name]
        title = report.pack.text(section.label)
        yield _scored("Section", Styled(title, "strong"), report, section.name, of_section)
        for criterion in section.criteria:
            yield _criterion_row(report, criterion)


def _criterion_row(report: InspectionReport, criterion: Criterion) -> Row:
    score, name = report.score, criterion.name
    title = criterion_words(report.pack, criterion)
    if name in score.levels:
        level = level_words(report.pack, score.levels[name])
        return _scored("Criterion", title, report, name, Score(None), level=level)
    interval = criterion_interval(score, name)
    coming = criterion_range(score, name)
    moves = coming is not None and coming.least != coming.most
    return _scored(
        "Criterion",
        title,
        report,
        name,
        score.criteria[name],
        ends=interval or (None, None),
        coming=(whole(coming.least), whole(coming.most)) if coming and moves else (None, None),
    )


def _headline_rows(report: InspectionReport) -> Iterator[Row]:
    for headline in report.pack.headlines:
        title = report.pack.text(headline.label)
        one = report.score.headlines[headline.name]
        yield _scored("Headline", title, report, headline.name, one)


def _scored(  # noqa: PLR0913  # the columns of a row, each by its name
    what: str,
    title: Cell,
    report: InspectionReport,
    name: str,
    score: Score,
    *,
    level: str | None = None,
    ends: tuple[Cell, Cell] = (None, None),
    coming: tuple[Cell, Cell] = (None, None),
) -> Row:
    adjustment = None if what == "Section" else report.adjustments.get(name)
    return [
        what,
        title,
        whole(score.score),
        named(report.pack, score.band.name) if score.band else None,
        level,
        *ends,
        *coming,
        named(report.pack, adjustment.to) if adjustment else None,
        adjustment.reason if adjustment else None,
        _exact(score.score),
    ]


def _exact(share: Fraction | None) -> float | None:
    return None if share is None else float(share)


# --- questions ----------------------------------------------------------------------------------


def questions(report: InspectionReport) -> Sheet:
    """A row for each question of every form, answered or not."""
    return Sheet(
        "Questions",
        [
            Column("Form", 16),
            Column("Number", 9),
            Column("Name", 22),
            Column("Question", 50),
            Column("Criterion", 26),
            Column("Headlines", 18),
            Column("Counts to the score", 9, "number"),
            Column("Relevant", 9, "number"),
            Column("Sufficient", 10, "number"),
            Column("Proportion", 11, "score"),
            Column("Percent", 8, "percent"),
            Column("95% from", 8, "percent"),
            Column("95% to", 8, "percent"),
            Column("Answers in the base", 30),
            Column("N/A", 7, "number"),
            Column("Not known", 8, "number"),
            Column("Unanswered", 11, "number"),
        ],
        (_question_row(report.score, one) for one in report.score.questions.values()),
        held=2,
    )


def _question_row(score: InspectionScore, one: QuestionScore) -> Row:
    pack, question = score.pack, one.question
    not_known = one.counts.get(NOT_KNOWN, 0)
    outside = sum(count for name, count in one.counts.items() if question.leaves_base(name))
    return [
        form_words(pack, one.form),
        question.number,
        question.name,
        pack.text(question.label),
        criterion_of(pack, question),
        headline_words(pack, question.headlines),
        int(question.is_scored),
        one.relevant,
        one.sufficient,
        _exact(one.proportion),
        whole(one.proportion),
        *(question_interval(score, one) or (None, None)),
        "\n".join(_counted(pack, one)),
        outside - not_known,
        not_known,
        one.unanswered,
    ]


def _counted(pack: Pack, one: QuestionScore) -> Iterator[str]:
    for choice in one.question.choices:
        if not one.question.leaves_base(choice.name):
            share = one.percent_of(choice.name)
            aside = "" if share is None else f" ({share}%)"
            yield f"{pack.text(choice.label)}: {one.counts[choice.name]}{aside}"


def answer_counts(report: InspectionReport) -> Sheet:
    """A row for each answer that a question can have, with how often it was given."""
    return Sheet(
        "Answer counts",
        [
            Column("Form", 16),
            Column("Number", 9),
            Column("Name", 22),
            Column("Question", 50),
            Column("Answer", 18),
            Column("Label", 34),
            Column("Sufficient", 10, "number"),
            Column("In the base", 9, "number"),
            Column("Cases", 8, "number"),
            Column("Percent of the base", 10, "percent"),
        ],
        (
            row
            for one in report.score.questions.values()
            for row in _count_rows(report.score.pack, one)
        ),
        held=2,
    )


def _count_rows(pack: Pack, one: QuestionScore) -> Iterator[Row]:
    question = one.question
    for name, count in one.counts.items():
        choice = question.choice(name)
        share = one.percent_of(name)
        outside = question.leaves_base(name)
        judged = question.is_judgement and choice is not None and not outside
        yield [
            form_words(pack, one.form),
            question.number,
            question.name,
            pack.text(question.label),
            name,
            pack.text(choice.label) if choice else OUT_OF_BASE_LABELS.get(name, name),
            int(bool(choice.sufficient)) if choice and judged else None,
            int(not outside),
            count,
            None if share is None else share / 100,
        ]


# --- the earlier inspection ---------------------------------------------------------------------


def comparison(report: InspectionReport, earlier: Earlier) -> Sheet:
    """Every figure that both inspections have: before, after, and the change in points."""
    return Sheet(
        "Comparison",
        [
            Column("What", 11),
            Column("Number", 9),
            Column("Title", 60),
            Column("Before", 9, "percent"),
            Column("After", 9, "percent"),
            Column("Change in points", 10, "points"),
            Column("Base before", 9, "number"),
            Column("Base after", 9, "number"),
            Column("Level before", 18),
            Column("Level after", 18),
            Column("Read with care", 34),
        ],
        _comparison_rows(report.score, earlier.score),
        above=[
            [f"Before: {earlier.inspection.title}. After: {report.inspection.title}."],
            ["A figure that only one of them has is left out."],
            [],
        ],
    )


def _comparison_rows(after: InspectionScore, before: InspectionScore) -> Iterator[Row]:
    pack, changes = after.pack, compare(before, after)
    for section in pack.sections:
        if section.name in changes.sections:
            title = Styled(pack.text(section.label), "strong")
            yield _changed("Section", None, title, changes.sections[section.name])
        for criterion in section.criteria:
            if criterion.name in changes.criteria:
                levels = _level(before, criterion.name), _level(after, criterion.name)
                change = changes.criteria[criterion.name]
                title_of = pack.text(criterion.label)
                yield _changed("Criterion", criterion.number, title_of, change, levels=levels)
    for headline in pack.headlines:
        if headline.name in changes.headlines:
            change = changes.headlines[headline.name]
            yield _changed("Headline", None, pack.text(headline.label), change)
    for name, change in changes.questions.items():
        first, second = before.questions[name], after.questions[name]
        label = pack.text(second.question.label)
        bases = first.relevant, second.relevant
        yield _changed("Question", second.question.number, label, change, bases=bases)


def _level(score: InspectionScore, criterion: str) -> str | None:
    """A described criterion's level; None of a scored one."""
    if criterion not in score.levels:
        return None
    return level_words(score.pack, score.levels[criterion])


def _changed(  # noqa: PLR0913  # the columns of a row, each by its name
    what: str,
    number: str | None,
    title: Cell,
    change: Change,
    *,
    bases: tuple[int | None, int | None] = (None, None),
    levels: tuple[str | None, str | None] = (None, None),
) -> Row:
    return [
        what,
        number,
        title,
        whole(change.before),
        whole(change.after),
        change.points,
        *bases,
        *levels,
        change.warning,
    ]
