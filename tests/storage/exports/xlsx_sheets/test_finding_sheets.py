"""Findings, recommendations and the follow-up, read back."""

from __future__ import annotations

from datetime import datetime

from criteria.case import Answer, Case
from criteria.findings import CriterionFindings, Finding, KeyFinding, LevelItem, NoteQuoted
from criteria.instrument.load import load_pack
from criteria.recommendations import FollowUp, FollowUpStatus, Recommendation
from criteria.scoring.comparison import compare
from criteria.scoring.score import Score, score_cases
from storage.exports.report import Earlier
from tests.criteria.instrument.small_pack import a_pack
from tests.storage.exports.filled import report_of
from tests.storage.exports.read_back import opened, rows, tiny_report, whole
from tests.storage.tiny import AT, tiny_inspection, tiny_pack


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
