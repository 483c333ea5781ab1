"""The score summary as text: what ``casewalk score`` prints for a person."""

from collections.abc import Iterable, Mapping, Sequence
from textwrap import shorten
from typing import Final

from bot.messages import say
from criteria.adjustments import Adjustment
from criteria.case import Case
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
from criteria.scoring.comparison import RegionRange
from criteria.scoring.score import InspectionScore, percent
from storage.exports import report_words as words

LABEL: Final = 60


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
    count = say("score-submitted", submitted=submitted, cases=len(cases))
    lines = [f"{title}: {count}"] if title else []
    cases_counted = say("count-cases", count=score.cases)
    about = say(
        "score-pack", title=pack.text(pack.title), version=pack.version, cases=cases_counted
    )
    lines += [about, ""]
    for section in summary.sections:
        total = section.total
        lines.append(total.label if total.by_level else _score_line(total))
        lines += [f"  {_criterion_line(row)}" for row in section.criteria]
        lines.append("")
    if summary.headlines:
        lines += [*map(_score_line, summary.headlines), ""]
    if summary.bands_inferred:
        lines += [say("inferred-bands"), ""]
    lines += _region_lines(score, region or {})
    for form in question_rows(score, caseload):
        lines += _form_lines(form)
    for table in table_rows(pack, cases) if cases else ():
        lines += _table_lines(table)
    if score.warnings:
        lines += [say("read-with-care"), *(f"  {warning}" for warning in score.warnings)]
    return "\n".join(lines).rstrip()


# --- criteria -----------------------------------------------------------------------------------


def _criterion_line(row: ScoreRow) -> str:
    """The score with its 95% interval, what it can still become, and how near the next band is."""
    if row.by_level:
        level = row.level.label if row.level else say("no-level")
        return f"{row.label}: {level}{_by_the_lead(row)}"
    aside = []
    if row.interval is not None:
        aside.append(say("score-interval", ends=words.interval(say, row.interval)))
    if row.can_become is not None:
        least, most = percent(row.can_become.least), percent(row.can_become.most)
        aside.append(say("score-can-become", least=least, most=most))
    if row.next_band is not None:
        answers = say("score-insufficient", count=row.next_band.answers)
        aside.append(say("score-nearest", band=row.next_band.band.name, answers=answers))
    return _score_line(row) + (f"  ({'; '.join(aside)})" if aside else "")


def _score_line(row: ScoreRow) -> str:
    whole = row.score.percent
    figure = "  –  " if whole is None else f"{whole:3d}% "
    comment = f"  {row.band.name}" if row.band else ""
    return f"{figure} {row.label}{comment}{_by_the_lead(row)}"


def _by_the_lead(row: ScoreRow) -> str:
    return (
        say("score-by-the-lead", to=row.adjusted.name, reason=row.reason or "")
        if row.adjusted
        else ""
    )


def _region_lines(score: InspectionScore, region: Mapping[str, RegionRange]) -> Iterable[str]:
    """Where a figure stands in its region, as OMI 2 sets headlines beside it (Cheshire, 2011)."""
    if region:
        yield say("score-region")
    for name, figures in region.items():
        one = score.criteria.get(name) or score.headlines[name]
        place = say("score-no-score") if one.score is None else figures.place(one.score)
        of = say(
            "score-region-ends",
            lowest=figures.lowest,
            highest=figures.highest,
            average=figures.average,
        )
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
        sure = f", {words.interval(say, row.interval)}" if row.interval else ""
        figure = f"{words.share(one.proportion)} ({one.sufficient} of {one.relevant}{sure})"
    else:
        figure = (
            say("score-answered", relevant=one.relevant) if one.relevant else say("score-no-base")
        )
    apart = "" if one.question.is_scored or one.sufficient is None else say("score-not-counted")
    left_out = words.left_out(say, row)
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
            yield say(
                "score-agree",
                agree=table.agree,
                pairs=table.pairs,
                percent=table.percent or 0,
                kappa=kappa,
            )
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
