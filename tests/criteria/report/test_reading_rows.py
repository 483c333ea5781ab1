"""Two readings of the same cases: their agreement, and where they differ."""

from __future__ import annotations

from dataclasses import replace

from criteria.case_status import Status
from criteria.report.reading_rows import reading_rows
from criteria.second_reading import differences, settled
from tests.storage.exports.samples import a_report, second_readings


def test_the_questions_add_up_to_all_judgements() -> None:
    report = a_report("movement-of-cases-2004", 6)
    rows = reading_rows(report.pack, report.cases, second_readings(report, 4))
    assert rows.everything.pairs
    for parts in (rows.cases, rows.questions):
        assert sum(row.found.pairs for row in parts) == rows.everything.pairs
        assert sum(row.found.agree for row in parts) == rows.everything.agree
    shares = [row.found.share for row in rows.differing_questions if row.found.share is not None]
    assert shares == sorted(shares)
    assert all(share < 1 for share in shares)


def test_what_a_lead_settled_counts_as_it_was_read_and_stays_among_the_differences() -> None:
    report = a_report("movement-of-cases-2004", 6)
    seconds = second_readings(report, 1)
    first, second = report.cases[0], seconds[0]
    form = report.pack.form(first.form)
    assert form is not None
    differs = next(one for one in differences(form, first, second) if one.both_judged)
    decided = settled(first, differs.question, differs.second, "L1", "2026-11-20T10:00:00Z", "Seen")
    before = reading_rows(report.pack, [first], seconds)
    after = reading_rows(report.pack, [decided], seconds)
    assert after.everything == before.everything
    (row,) = [one for one in after.differences if one.question == differs.question]
    assert row.answers == (differs.first, differs.second)
    assert (row.settled, row.reason) == (differs.second, "Seen")


def test_a_reading_that_is_not_submitted_does_not_count() -> None:
    report = a_report("movement-of-cases-2004", 3)
    seconds = [replace(one, status=Status.IN_PROGRESS) for one in second_readings(report, 2)]
    rows = reading_rows(report.pack, report.cases, seconds)
    assert (rows.pairs, rows.differences, rows.everything.pairs) == ((), (), 0)
