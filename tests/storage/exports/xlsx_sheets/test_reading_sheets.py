"""Second readings, read back."""

from __future__ import annotations

from dataclasses import replace

from criteria.case import Answer, Case
from criteria.case_status import Status
from criteria.second_reading import settled
from tests.storage.exports.read_back import opened, rows, tiny_report
from tests.storage.tiny import AT, tiny_pack


def test_second_readings_stand_apart_with_their_agreement() -> None:
    form = tiny_pack().forms[0]
    first = Case(
        "C001",
        "case-file",
        "I1",
        Status.SUBMITTED,
        answers={"q1": Answer("yes"), "q2": Answer("yes"), "q3": Answer(("pcr",))},
    )
    answers = {"q1": Answer("yes"), "q2": Answer("no"), "q3": Answer(("oasys",))}
    second = replace(first, inspector="I2", reading=2, answers=answers)
    decided = settled(first, form.by_name["q2"], "no", "L1", AT, "The log shows it.")
    open_one = Case("C002", "case-file", "I2", Status.IN_PROGRESS, reading=2)
    book = opened(tiny_report(cases=[decided], second_readings=[second, open_one]))
    assert {row["reading"] for row in rows(book, "Answers")} == {1}
    assert {row["reading"] for row in rows(book, "Second readings")} == {2}
    together, case, *questions = rows(book, "Agreement")
    assert (together["Answered twice"], together["Agree"], together["Percent"]) == (2, 1, 0.5)
    assert (case["Case or number"], case["Percent"]) == ("C001", 0.5)
    assert [(row["Case or number"], row["Percent"]) for row in questions] == [
        ("1.1", 1),
        ("1.2", 0),
    ]
    differ = rows(book, "Differences")
    assert [(row["Number"], row["First reading"], row["Second reading"]) for row in differ] == [
        ("1.2", "Yes", "No"),
        ("1.3", "Pre-court report", "OASys"),
    ]
    assert [(row["Settled as"], row["Reason"]) for row in differ] == [
        ("No", "The log shows it."),
        (None, None),
    ]


def test_a_second_reading_that_is_not_handed_in_is_not_compared() -> None:
    open_one = Case("C001", "case-file", "I2", Status.IN_PROGRESS, reading=2)
    assert "Agreement" not in opened(tiny_report(second_readings=[open_one])).sheetnames
