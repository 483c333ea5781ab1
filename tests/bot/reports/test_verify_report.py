"""The report of a check, and its exit code."""

from __future__ import annotations

from bot.reports.verify_report import exit_code, verify_report
from criteria.verify.verify import Level, verify_text
from tests.criteria.verify.checked import PUBLISHED, check, statement


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
    assert lines[-1] == "542 checks made: 13 cannot be, 8 odd, 521 fit. 178 not checked."
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


WRONG_BASE = check(
    kind="single_choice",
    scale=["a", "b"],
    base=90,
    counts={"a": 3, "b": 5},
    printed_percent={"a": 38, "b": 63},
)


def test_what_follows_from_a_finding_stands_under_it() -> None:
    lines = verify_report(WRONG_BASE).splitlines()
    assert lines[0] == "Cannot be: 1"
    place = lines.index("    From this follow 2:")
    assert lines[place + 1] == "      t: a: 3 of 90 is 3%, printed is 38%"
    assert lines[-1] == "2 more follow from one of these, and stand under it."


def test_a_mistyped_key_stands_before_what_was_not_checked_for_it() -> None:
    findings = check(kind="multi_select", counts=dict.fromkeys("abcdefghij", 3), bases=80)
    lines = verify_report(findings).splitlines()
    assert lines[1:5] == [
        '  t: "bases"',
        "    this key is not known, so it was passed over",
        '    Write: "base"',
        "    From this follow 10:",
    ]


def test_quiet_leaves_out_what_fits() -> None:
    findings = verify_text(PUBLISHED)
    quiet, full = verify_report(findings, quiet=True), verify_report(findings)
    assert "Fits, but only so" in full
    assert "Fits, but only so" not in quiet
    assert quiet.startswith(full[: full.index("Fits, but only so")].rstrip())
    assert quiet.splitlines()[-1] == full.splitlines()[-1]
