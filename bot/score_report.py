"""The score summary as text: what ``casewalk score`` prints for a person."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from textwrap import shorten
from typing import Final

from criteria.adjustments import Adjustment
from criteria.case import Case
from criteria.comparison import RegionRange
from criteria.report.score_rows import FormRows, QuestionRow, ScoreRow, question_rows, summary_rows
from criteria.report.table_rows import (
    AgreementTable,
    AnswersRow,
    AnswersTable,
    AnyTable,
    FactorsTable,
    NumbersTable,
    table_rows,
)
from criteria.scoring import InspectionScore
from storage.exports import report_words as words

LABEL: Final = 60
NOT_COUNTED: Final = " [not in the score]"
"""After a judgement that counts towards no criterion; a fact has no percentage to be mistaken."""


def score_report(  # noqa: PLR0913  # what may be known besides, each by its name
    score: InspectionScore,
    cases: Sequence[Case] = (),
    *,
    adjustments: Mapping[str, Adjustment] | None = None,
    region: Mapping[str, RegionRange] | None = None,
    title: str | None = None,
    caseload: int | None = None,
) -> str:
    """Criteria first, then every question with its counts, then the pack's tables."""
    pack = score.pack
    summary = summary_rows(score, adjustments, caseload=caseload)
    submitted = sum(case.status.is_in for case in cases)
    count = f"{submitted} of {len(cases)} submitted; every answer given counts"
    lines = [f"{title}: {count}"] if title else []
    about = f"{pack.text(pack.title)}, version {pack.version}"
    lines += [f"{about}: {words.how_many(score.cases, 'case')}", ""]
    for section in summary.sections:
        total = section.total
        lines.append(total.label if total.by_level else _score_line(total))
        lines += [f"  {_criterion_line(row)}" for row in section.criteria]
        lines.append("")
    if summary.headlines:
        lines += [*map(_score_line, summary.headlines), ""]
    if summary.bands_inferred:
        lines += [words.BANDS_INFERRED, ""]
    lines += _region_lines(score, region or {})
    for form in question_rows(score, caseload):
        lines += _form_lines(form)
    for table in table_rows(pack, cases) if cases else ():
        lines += _table_lines(table)
    if score.warnings:
        lines += ["Read with care", *(f"  {warning}" for warning in score.warnings)]
    return "\n".join(lines).rstrip()


# --- criteria -----------------------------------------------------------------------------------


def _criterion_line(row: ScoreRow) -> str:
    """The score with its 95% interval, what it can still become, and how near the next band is."""
    if row.by_level:
        level = row.level.label if row.level else words.NOT_FOLLOWED_UP.lower()
        return f"{row.label}: {level}{_by_the_lead(row)}"
    aside = []
    if row.interval is not None:
        aside.append(f"95% interval {words.interval(row.interval)}")
    if row.can_become is not None:
        aside.append(f"can still become {words.between(row.can_become.least, row.can_become.most)}")
    if row.next_band is not None:
        answers = words.how_many(row.next_band.answers, "insufficient answer")
        aside.append(f"{row.next_band.band.name} if {answers} had been sufficient")
    return _score_line(row) + (f"  ({'; '.join(aside)})" if aside else "")


def _score_line(row: ScoreRow) -> str:
    whole = row.score.percent
    figure = "  –  " if whole is None else f"{whole:3d}% "
    comment = f"  {row.band.name}" if row.band else ""
    return f"{figure} {row.label}{comment}{_by_the_lead(row)}"


def _by_the_lead(row: ScoreRow) -> str:
    return f"; by the lead {row.adjusted.name}: {row.reason}" if row.adjusted else ""


def _region_lines(score: InspectionScore, region: Mapping[str, RegionRange]) -> Iterable[str]:
    """Where a figure stands in its region, as OMI 2 sets headlines beside it (Cheshire, 2011)."""
    if region:
        yield "In the region"
    for name, figures in region.items():
        one = score.criteria.get(name) or score.headlines[name]
        place = "no score" if one.score is None else figures.place(one.score)
        of = f"{figures.lowest}% to {figures.highest}%, {figures.average}% on average"
        yield f"  {name}: {words.whole(one.percent)}, {place} ({of})"
    if region:
        yield ""


# --- questions ----------------------------------------------------------------------------------


def _form_lines(form: FormRows) -> list[str]:
    """Nothing of a form that nobody filled."""
    lines = [line for row in form.questions if row.is_asked for line in _question_lines(row)]
    return [form.label, *lines, ""] if lines else []


def _question_lines(row: QuestionRow) -> Iterable[str]:
    one = row.score
    label = shorten(row.label, LABEL, placeholder="…")
    if one.proportion is not None:
        sure = f", {words.interval(row.interval)}" if row.interval else ""
        figure = f"{words.share(one.proportion)} ({one.sufficient} of {one.relevant}{sure})"
    else:
        figure = f"({one.relevant} answered)" if one.relevant else "(no base)"
    apart = "" if one.question.is_scored or one.sufficient is None else NOT_COUNTED
    left_out = words.left_out(row)
    yield f"  {row.number:<6} {label:<{LABEL}} {figure}{apart}{left_out and f'; {left_out}'}"
    answers = list(row.answers)
    if one.relevant and (len(answers) > 2 or one.proportion is None):
        for answer in answers:
            yield f"{'':9}{answer.count:5d} {answer.percent:4d}%  {answer.label}"


# --- tables -------------------------------------------------------------------------------------


def _table_lines(table: AnyTable) -> Iterable[str]:
    """A table as text; nothing of one that no case fills."""
    lines = list(_rows(table))
    if lines:
        yield table.label + (f"  [{table.source}]" if table.source else "")
        yield from lines
        yield ""


def _rows(table: AnyTable) -> Iterable[str]:
    match table:
        case AnswersTable():
            for row in table.rows:
                yield from _answer_lines(table, row)
        case AgreementTable() if table.is_filled:
            kappa = "" if table.kappa is None else f", kappa {table.kappa:.2f}"
            yield f"  {table.agree} of {table.pairs} agree ({table.percent}%){kappa}"
            for answers, cases in table.cross.items():
                yield f"  {cases:5d}  {' / '.join(answers)}"
        case FactorsTable() if table.is_filled:
            yield f"  {'':<{LABEL}} cases  enough progress"
            for factor in table.rows:
                share = words.whole(factor.percent)
                yield f"  {factor.label:<{LABEL}} {factor.cases:5d}  {share}"
        case NumbersTable():
            for line in table.rows:
                figures = zip(_NUMBERS, line.figures, strict=True)
                if line.answered:
                    named = ", ".join(f"{name} {figure}" for name, figure in figures)
                    yield f"  {line.label:<{LABEL}} {named}"


_NUMBERS: Final = ("answered", "total", "least", "most", "mean")


def _answer_lines(table: AnswersTable, row: AnswersRow) -> Iterable[str]:
    """A row's answers, a line for each column that has any."""
    cells = [
        (column, cell)
        for column, cell in zip(table.columns, row.cells, strict=True)
        if cell is not None and cell.base
    ]
    if cells:
        yield f"  {row.label}"
    for column, cell in cells:
        shares = ", ".join(
            f"{row.answers.get(name) or name} {share}%"
            for name, share in cell.percents.items()
            if share is not None
        )
        yield f"    {column:<24} {shares} (of {cell.base})"
