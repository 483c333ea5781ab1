"""A criterion's findings by kind, as every output draws them."""

from __future__ import annotations

import pytest

from criteria.findings import NoteQuoted
from criteria.instrument.load import pack_names
from criteria.report.finding_rows import FindingKind, finding_rows
from tests.storage.exports.samples import a_report, drafted, found_by_hand


@pytest.mark.parametrize("name", pack_names())
def test_nothing_that_was_found_is_lost(name: str) -> None:
    for one in drafted(a_report(name, 6)).findings:
        rows = {row.kind: row for row in finding_rows(one)}
        counted = [finding for row in rows.values() for finding in row.counted]
        assert counted == [*one.strengths, *one.improvements]
        assert [item for row in rows.values() for item in row.items] == [
            *one.high_items, *one.low_items
        ]  # fmt: skip
        assert all(row.counted or row.items or row.notes for row in rows.values())


def test_notes_stand_with_their_kind() -> None:
    report = a_report("omi2-2011", 1)
    question = report.pack.forms[0].questions[0]
    note = NoteQuoted("C001", question, "As they said.")
    one = found_by_hand(report, quotations=(note,), strength_notes=(note,))[0]
    assert [(row.kind, row.notes) for row in finding_rows(one)] == [
        (FindingKind.STRENGTH, (note,)),
        (FindingKind.QUOTATION, (note,)),
    ]
