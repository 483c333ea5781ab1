"""The report of a check, and its exit code."""

from __future__ import annotations

from bot.reports.verify_report import exit_code, verify_report
from criteria.verify.verify import Level, verify_text
from tests.criteria.verify.checked import PUBLISHED, statement


def test_the_report_begins_with_what_cannot_be_and_ends_with_the_counts() -> None:
    report = verify_report(verify_text(PUBLISHED))
    lines = report.splitlines()
    assert lines[0] == "Cannot be: 13"
    headings = [line for line in lines if line and not line.startswith(" ")]
    assert [line.partition(":")[0] for line in headings[:-1]] == [
        "Cannot be",
        "Odd",
        "Not checked",
        "Fits, but only so",
    ]
    assert lines[-1] == "546 checks made: 13 cannot be, 8 odd, 525 fit. 178 not checked."
    assert all(len(line) <= 100 for line in lines)


def test_all_that_was_not_checked_can_be_listed() -> None:
    findings = verify_text(PUBLISHED)
    unchecked = [one.place for one in findings if one.level is Level.NOT_CHECKED]
    assert any("more, which --all" in line for line in verify_report(findings).splitlines())
    report = verify_report(findings, name_all=True)
    assert "--all" not in report
    listed = report[report.index("Not checked:") : report.index("Fits, but only so:")]
    named = [line.strip() for line in listed.replace("\n      ", " ").splitlines()]
    assert sorted(set(unchecked)) == sorted({one for one in named if one in set(unchecked)})
    assert all(named.count(place) >= unchecked.count(place) for place in unchecked)


def test_the_exit_code_is_1_only_if_something_cannot_be() -> None:
    assert exit_code(statement(base=20, printed_percent=47)) == 1
    assert exit_code(statement(base=20, printed_percent=45)) == 0
    assert exit_code(statement(printed_percent=45)) == 0


def test_nothing_in_a_file_steers_the_terminal() -> None:
    report = verify_report(statement(base="\x1b[2J\ud800"))
    assert "\x1b" not in report
    report.encode("utf-8")
