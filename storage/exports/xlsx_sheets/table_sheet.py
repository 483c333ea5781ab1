"""The pack's tables on one sheet, one below the other, as the reports' appendices print them.

Every table has its caption, a header line, and rows. A row of answers opens with its base in each
column (``N = 55``, a number), then gives each answer's share of that base. What leaves the base
follows as a count.
"""

from collections.abc import Iterator, Sequence
from typing import Final

from criteria.report.table_rows import (
    AgreementTable,
    AnswersRow,
    AnyTable,
    FactorsTable,
    NumbersTable,
    Side,
    table_rows,
)
from criteria.say import Say
from storage.exports import report_words as words
from storage.exports.report import InspectionReport
from storage.exports.xlsx_sheets.workbook import Cell, Column, Row, Sheet, Style, Styled, hundredths

WIDTH: Final = 14
"""Of a column of figures, in characters."""


def tables(report: InspectionReport) -> Sheet:
    rows = [
        row for table in table_rows(report.pack, report.cases) for row in _table(report.say, table)
    ]
    widest = max((len(row) for row in rows), default=1)
    figures = [Column("", WIDTH, "number") for _ in range(widest - 1)]
    return Sheet(report.say("sheet-tables"), [Column("", 60), *figures], rows, is_list=False)


_FACTOR_COLUMNS: Final = ("factor", "cases", "base-of-progress", "enough-progress", "percent")


def _table(say: Say, table: AnyTable) -> Iterator[Row]:
    source = f"  [{table.source}]" if table.source else ""
    yield [Styled(f"{table.label}{source}", "title")]
    match table:
        case AgreementTable():
            yield from _agreement(say, table)
        case FactorsTable():
            yield _header(*(say(f"column-{name}") for name in _FACTOR_COLUMNS))
            for factor in table.rows:
                figures = factor.cases, factor.base, factor.sufficient
                yield [factor.label, *figures, *_percents([factor.percent])]
        case NumbersTable():
            yield _header(
                "",
                *(say(f"column-{name}") for name in ("answered", "total", "least", "most", "mean")),
            )
            for row in table.rows:
                yield [row.label, *(_number(figure) for figure in row.figures)]
        case _:
            yield _header("", *table.columns)
            for answers in table.rows:
                yield from _answers(say, answers)
    yield []


def _header(first: str, *figures: str) -> Row:
    return [Styled(first, "header"), *(Styled(text, "figure_header") for text in figures)]


def _percents(shares: Sequence[int | None], style: Style = "percent") -> list[Cell]:
    return [Styled(hundredths(share), style) for share in shares]


def _number(number: int | float | None) -> Cell:
    return Styled(number, "decimal") if isinstance(number, float) else number


# --- answers ------------------------------------------------------------------------------------


def _answers(say: Say, row: AnswersRow) -> Iterator[Row]:
    cells = row.cells
    bases = (Styled(cell.base, "base") if cell else None for cell in cells)
    yield [Styled(row.label, "strong"), *bases]
    for name, label in row.answers.items():
        shares = [cell.percents.get(name) if cell else None for cell in cells]
        yield [f"    {label or name}", *_percents(shares)]
    if row.is_judgement and len(row.answers) > 2:
        together = [cell.sufficient_percent if cell else None for cell in cells]
        title = Styled(f"    {say('sufficient-together')}", "strong")
        yield [title, *_percents(together, "strong_percent")]
    for name, label in row.outside.items():
        counts = [cell.counts.get(name, 0) if cell else None for cell in cells]
        if any(counts):
            shown = say("cases-not-in-base", answer=label or words.out_of_base(say, name))
            title = Styled(f"    {shown}", "aside")
            yield [title, *(Styled(count, "aside_number") for count in counts)]


# --- agreement ----------------------------------------------------------------------------------


def _agreement(say: Say, table: AgreementTable) -> Iterator[Row]:
    """The share that agrees, then a line for each answer to the first question."""
    yield _header("", *(say(f"column-{name}") for name in ("pairs", "agree", "percent", "kappa")))
    figures = [*_percents([table.percent]), Styled(table.kappa, "score")]
    yield [say("cases-with-both"), table.pairs, table.agree, *figures]
    if not table.cross:
        return
    yield [Styled(say("table-down", question=table.first.question), "aside")]
    yield [Styled(say("table-across", question=table.second.question), "aside")]
    yield _header("", *(_words(say, table.second, answer) for answer in table.second.answers))
    for here in table.first.answers:
        counts = (table.cross.get((here, there), 0) for there in table.second.answers)
        yield [f"    {_words(say, table.first, here)}", *counts]


def _words(say: Say, side: Side, answer: str) -> str:
    return "; ".join(side.answers[answer]) or words.out_of_base(say, answer)
