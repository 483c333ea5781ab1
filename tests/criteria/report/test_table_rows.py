"""The rows of the pack's tables hold the figures of the tables' document."""

from __future__ import annotations

import pytest

from criteria.instrument.load import pack_names, read_pack
from criteria.report.table_rows import AgreementTable, AnswersTable, table_rows
from criteria.report.tables_document import tables_document
from tests.storage.exports.filled import filled_cases


@pytest.mark.parametrize("name", pack_names())
def test_every_table_has_its_rows_in_the_packs_order(name: str) -> None:
    pack = read_pack(name)
    cases = filled_cases(pack)
    tables = table_rows(pack, cases)
    assert [table.label for table in tables] == [pack.text(one.label) for one in pack.tables]
    assert all(table.is_filled for table in tables)
    assert not any(table.is_filled for table in table_rows(pack, []))


@pytest.mark.parametrize("name", pack_names())
def test_an_answer_is_in_the_base_or_outside_it(name: str) -> None:
    pack = read_pack(name)
    tables = [one for one in table_rows(pack, filled_cases(pack)) if isinstance(one, AnswersTable)]
    for row in (row for table in tables for row in table.rows):
        assert not set(row.answers) & set(row.outside)
        for cell in row.cells:
            if cell is not None:
                assert set(cell.counts) <= {*row.answers, *row.outside}
                assert all(cell.percents.get(name) is None for name in row.outside)


def test_a_cross_table_counts_every_pair_once() -> None:
    pack = read_pack("risk-of-harm-2006")
    cases = filled_cases(pack, 30)
    documents = {str(one["label"]): one for one in tables_document(pack, cases)}
    crossed = [one for one in table_rows(pack, cases) if isinstance(one, AgreementTable)]
    assert crossed
    for table in crossed:
        assert sum(table.cross.values()) == table.pairs == documents[table.label]["pairs"]
        same = sum(count for (one, other), count in table.cross.items() if one == other)
        assert same == table.agree
        assert {one for one, _ in table.cross} == set(table.first.answers)
        assert {other for _, other in table.cross} == set(table.second.answers)
