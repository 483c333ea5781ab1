"""The tables that a report's appendix prints, as JSON for other tools."""

from collections.abc import Sequence
from dataclasses import asdict

from criteria.case import Case
from criteria.instrument.pack import Pack
from criteria.report.table_rows import AgreementTable, AnswersTable, AnyTable, table_rows

JSON = dict[str, object]


def tables_document(pack: Pack, cases: Sequence[Case]) -> list[JSON]:
    """Return every table: ``{"name": …, "label": …, "kind": …, "columns": […], "rows": […]}``.

    A cell is None where the row has no question in that column. Of a row of answers it holds
    ``base``, ``counts`` and ``percents`` by choice, and ``sufficient_percent`` of a judgement.
    """
    return [_table(table) for table in table_rows(pack, cases)]


def _table(table: AnyTable) -> JSON:
    head = {"name": table.name, "label": table.label, "source": table.source, "kind": table.kind}
    if isinstance(table, AgreementTable):
        cross = [{"answers": list(pair), "cases": cases} for pair, cases in table.cross.items()]
        return {
            **head,
            "questions": [table.first.name, table.second.name],
            "pairs": table.pairs,
            "agree": table.agree,
            "percent": table.percent,
            "kappa": table.kappa,
            "cross": cross,
        }
    if isinstance(table, AnswersTable):
        rows = [
            {"label": row.label, "cells": [cell and asdict(cell) for cell in row.cells]}
            for row in table.rows
        ]
        return {**head, "columns": list(table.columns), "rows": rows}
    return {**head, "rows": [asdict(row) for row in table.rows]}
