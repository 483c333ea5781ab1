"""A pack's tables as the page prints them: every cell in words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from criteria.report.table_rows import (
    AgreementTable,
    AnswerCell,
    AnswersRow,
    AnswersTable,
    AnyTable,
    FactorsTable,
    NumbersTable,
)
from storage.exports import report_words as words

Cells = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RowGroup:
    """A row (its label and cells) with the rows that belong under it."""

    label: str
    cells: Cells
    rows: tuple[tuple[str, Cells], ...] = ()


@dataclass(frozen=True, slots=True)
class PrintedTable:
    """``head`` are the columns after the first."""

    table: AnyTable
    head: Cells
    groups: tuple[RowGroup, ...]
    first_head: str = ""
    note: str = ""


def printed_table(table: AnyTable) -> PrintedTable:
    match table:
        case AnswersTable():
            return PrintedTable(table, table.columns, tuple(_answer_group(r) for r in table.rows))
        case AgreementTable():
            return _agreement(table)
        case FactorsTable():
            return _factors(table)
        case NumbersTable():
            head = ("Answers", "Total", "Least", "Most", "Mean")
            figures = [(row.label, tuple(map(words.number, row.figures))) for row in table.rows]
            return PrintedTable(table, head, tuple(RowGroup(*row) for row in figures))


# --- answers ------------------------------------------------------------------------------------


def _answer_group(row: AnswersRow) -> RowGroup:
    """A row with two answers in one line (the share of the first); any other with its scale."""
    if len(row.answers) == 2 and not row.takes_several:
        first, label = next(iter(row.answers.items()))
        shares = tuple(_share_cell(row, cell, first) for cell in row.cells)
        return RowGroup(f"{row.label}: {label}", shares)
    rows = [
        (label or name, tuple(_percent_cell(cell, name) for cell in row.cells))
        for name, label in row.answers.items()
    ]
    sufficient = [cell.sufficient_percent if cell else None for cell in row.cells]
    if any(share is not None for share in sufficient):
        rows.append(("Sufficient, together", tuple(map(words.whole, sufficient))))
    return RowGroup(row.label, tuple(_base_cell(row, cell) for cell in row.cells), tuple(rows))


def _share_cell(row: AnswersRow, cell: AnswerCell | None, name: str) -> str:
    """``86% (43 of 50); 3 N/A``"""
    if cell is None:
        return ""
    share = cell.percents.get(name)
    of = "" if share is None else f" ({cell.counts[name]} of {cell.base})"
    return words.whole(share) + of + _outside(row, cell)


def _percent_cell(cell: AnswerCell | None, name: str) -> str:
    return words.whole(cell.percents.get(name)) if cell else ""


def _base_cell(row: AnswersRow, cell: AnswerCell | None) -> str:
    return f"of {cell.base}{_outside(row, cell)}" if cell else ""


def _outside(row: AnswersRow, cell: AnswerCell) -> str:
    """What leaves the base, each kind apart."""
    parts = [
        f"{cell.counts[name]} {label or words.OUT_OF_BASE_WORDS.get(name, name)}"
        for name, label in row.outside.items()
        if cell.counts.get(name)
    ]
    return "; " + ", ".join(parts) if parts else ""


# --- agreement and factors ----------------------------------------------------------------------


def _agreement(table: AgreementTable) -> PrintedTable:
    """The cross-table: the first file's answers down, the second's across."""
    down, across = _answer_words(table.first.answers), _answer_words(table.second.answers)
    kappa = "" if table.kappa is None else f", kappa {words.kappa(table.kappa)}"
    pairs = words.how_many(table.pairs, "pair")
    agree = f"{table.agree} of {pairs} agree ({table.percent}%){kappa}."
    groups = (
        RowGroup(label, tuple(str(table.cross.get((one, other), 0)) for other in across))
        for one, label in down.items()
    )
    return PrintedTable(
        table,
        tuple(across.values()),
        tuple(groups),
        f"{table.first.form} ↓ / {table.second.form} →",
        agree if table.pairs else "",
    )


def _answer_words(answers: Mapping[str, tuple[str, ...]]) -> dict[str, str]:
    return {
        answer: ", ".join(labels) or words.OUT_OF_BASE_WORDS.get(answer, answer)
        for answer, labels in answers.items()
    }


def _factors(table: FactorsTable) -> PrintedTable:
    groups = []
    for row in table.rows:
        of = "" if row.percent is None else f" ({row.sufficient} of {row.base})"
        progress = words.whole(row.percent) + of
        groups.append(RowGroup(row.label, (str(row.cases), words.number(row.base), progress)))
    head = ("Cases", "Relevant", "Enough progress")
    return PrintedTable(table, head, tuple(groups), "Factor")
