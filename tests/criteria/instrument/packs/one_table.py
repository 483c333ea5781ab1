"""One table of a pack by itself."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from criteria.case import Case
from criteria.instrument.pack import Pack, Table
from criteria.report.tables_document import JSON, tables_document


def table_document(pack: Pack, table: Table, cases: Sequence[Case]) -> JSON:
    (document,) = tables_document(replace(pack, tables=(table,)), cases)
    return document
