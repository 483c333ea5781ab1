"""The sheets that have a row for each of something, read back."""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from datetime import datetime

from openpyxl import Workbook

from criteria.case import Answer, Case
from criteria.case_status import Status
from criteria.findings import CriterionFindings, Finding, KeyFinding, LevelItem, NoteQuoted
from criteria.instrument.load import load_pack, read_pack
from criteria.recommendations import FollowUp, FollowUpStatus, Recommendation
from criteria.scoring.comparison import compare
from criteria.scoring.score import Score, score_cases
from criteria.second_reading import settled
from storage.exports.csv_cases_export import cases_csv
from storage.exports.csv_export import answers_csv
from storage.exports.report import Earlier, InspectionReport
from tests.criteria.instrument.small_pack import a_pack
from tests.storage.exports.filled import filled_cases, report_of
from tests.storage.exports.read_back import Rows, opened, rows, tiny_report, whole
from tests.storage.tiny import AT, tiny_inspection, tiny_pack


def test_the_answers_are_those_of_the_csv(filled: tuple[InspectionReport, Workbook]) -> None:
    report, book = filled
    text = answers_csv(report).decode("utf-8-sig")
    assert as_csv(rows(book, "Answers")) == read_csv(text)


def test_the_cases_are_those_of_the_csv(filled: tuple[InspectionReport, Workbook]) -> None:
    report, book = filled
    text = cases_csv(report).decode("utf-8-sig")
    assert as_csv(rows(book, "Cases")) == read_csv(text)


def read_csv(text: str) -> list[dict[str, str]]:
    read = csv.DictReader(io.StringIO(text, newline=""))
    return [{name: cell.removesuffix(".0") for name, cell in row.items()} for row in read]


def as_csv(found: Rows) -> list[dict[str, str]]:
    """As a CSV file has it: days and times as ISO texts, nothing as an empty one, 2.0 as 2."""

    def text(column: str, value: object) -> str:
        if isinstance(value, datetime):
            is_time = column in ("at", "last_change")
            return f"{value:%Y-%m-%dT%H:%M:%SZ}" if is_time else value.date().isoformat()
        return "" if value is None else str(value)

    return [{column: text(column, value) for column, value in row.items()} for row in found]


def test_the_answers_say_which_of_them_percentages_divide_by() -> None:
    pack = read_pack("movement-of-cases-2004")
    report = report_of(pack, filled_cases(pack))
    book = opened(report)
    answers = rows(book, "Answers")
    for name, score in report.score.questions.items():
        of_it = [row for row in answers if row["question"] == name]
        assert sum(row["in_base"] for row in of_it) == score.relevant
        assert {row["counts_to_score"] for row in of_it} <= {int(score.question.is_scored)}
    guide = {line[0] for line in book["Read me"].iter_rows(values_only=True)}
    assert {"relevant", "in_base"} <= guide


def test_numbers_days_and_times_are_what_they_are() -> None:
    answers = {
        "q1": Answer("yes", None, "I1", AT),
        "sent": Answer("2026-11-20"),
        "score": Answer(-3.5),
    }
    case = Case("C001", "case-file", "I1", Status.SUBMITTED, {"age": 30}, answers)
    found = {row["question"]: row for row in rows(opened(tiny_report(cases=[case])), "Answers")}
    assert found["age"]["value"] == 30
    assert found["score"]["value"] == -3.5
    assert found["sent"]["value"] == datetime.fromisoformat("2026-11-20")
    assert (found["q1"]["sufficient"], found["q1"]["relevant"]) == (1, 1)
    assert found["q1"]["at"] == datetime.fromisoformat("2026-11-20 10:00")


def test_findings_and_recommendations_have_a_row_each() -> None:
    pack = load_pack(a_pack())
    question = pack.forms[0].by_name["planned"]
    manager = pack.forms[1].by_name["manager"]
    step = manager.choices[0]
    strength = Finding(question, 61, 79, 77, "In 61 of 79 relevant cases (77%), …", ("C1", "C2"))
    weak = Finding(question, 1, 3, 33, "In 1 of 3 relevant cases (33%), …", ("C3",), True)
    drafted = CriterionFindings(
        criterion=pack.criteria["c1"],
        score=Score(None),
        level=None,
        adjustment=None,
        key_finding=KeyFinding("Mostly well done."),
        strengths=(strength,),
        improvements=(weak,),
        good_practice=(NoteQuoted("C1", question, "They met first.", "C1-1.jpg"),),
        quotations=(NoteQuoted("C2", question, "Nobody told me."),),
        high_items=(LevelItem(manager, step, "How is the lead? Strong.", ("C4",)),),
    )
    said = {"R1": Recommendation(True, "CRC", "Plan.", ("c1",), ("planned",), "L1", AT)}
    book = opened(report_of(pack, [], findings=[drafted], recommendations=said))
    found = rows(book, "Findings")
    assert [(row["What"], row["Finding"], row["Cases"]) for row in found] == [
        ("Key finding", "Mostly well done.", None),
        ("Strength", "In 61 of 79 relevant cases (77%), …", "C1, C2"),
        ("Strong item", "How is the lead? Strong.", "C4"),
        ("Area for improvement", "In 1 of 3 relevant cases (33%), …", "C3"),
        ("Good practice", "They met first.", "C1"),
        ("Quotation", "Nobody told me.", "C2"),
    ]
    assert (found[1]["Sufficient"], found[1]["Relevant"], found[1]["Percent"]) == (61, 79, 0.77)
    assert [row["Read with care"] for row in found].count("a small base") == 1
    assert found[4]["File"] == "C1-1.jpg"
    assert rows(book, "Recommendations") == [
        {
            "Reference": "R1",
            "Kind": "Key",
            "Who is to act": "CRC",
            "Recommendation": "Plan.",
            "Criteria": "1",
            "Findings": "1.b",
            "By": "L1",
            "At (UTC)": datetime.fromisoformat("2026-11-20 10:00"),
        }
    ]


def test_a_follow_up_stands_beside_the_earlier_inspection() -> None:
    pack = tiny_pack()
    earlier_cases = [
        Case(f"C{number}", "case-file", answers={"q1": Answer("no"), "q2": Answer("yes")})
        for number in range(4)
    ]
    earlier = Earlier(
        inspection=tiny_inspection(),
        score=score_cases(pack, earlier_cases),
        recommendations={
            "R1": Recommendation(True, "CRC", "Plan."),
            "R2": Recommendation(False, "", ""),
        },
        followed_up={"R1": FollowUp(FollowUpStatus.DONE, "L1", AT)},
    )
    report = tiny_report(earlier=earlier)
    book = opened(report)
    changes = compare(earlier.score, report.score)
    found = {(row["What"], row["Number"]): row for row in rows(book, "Comparison")}
    for key, change in (
        (("Section", None), changes.sections["s1"]),
        (("Criterion", "1"), changes.criteria["c1"]),
        (("Question", "1.1"), changes.questions["q1"]),
    ):
        row = found[key]
        assert (row["Before"], row["After"]) == (whole(change.before), whole(change.after))
        assert row["Change in points"] == change.points
    question = found["Question", "1.1"]
    assert (question["Base before"], question["Base after"]) == (4, 2)
    assert question["Read with care"] == "a base of only 2"
    assert [row["How far"] for row in rows(book, "Follow-up")] == ["Done", "Not followed up"]


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
