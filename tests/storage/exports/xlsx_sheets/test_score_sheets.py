"""The summary, the questions and the comparison, read back."""

from __future__ import annotations

from typing import Any

import pytest
from openpyxl import Workbook

from criteria.adjustments import Adjustment
from criteria.case import Answer, Case
from criteria.instrument.load import load_pack
from criteria.report.score_document import score_document
from criteria.scoring.score import Score, score_cases
from storage.exports.report import Earlier, InspectionReport
from tests.criteria.instrument.small_pack import a_pack
from tests.storage.exports.filled import report_of
from tests.storage.exports.read_back import opened, rows, tiny_report, whole
from tests.storage.tiny import tiny_inspection


def test_the_summary_has_every_score_as_it_prints(
    filled: tuple[InspectionReport, Workbook],
) -> None:
    report, book = filled
    score, pack = report.score, report.pack
    found = rows(book, "Summary")
    expected: list[tuple[str, Score | None]] = []
    for section in pack.sections:
        expected.append(("Section", None if section.by_levels else score.sections[section.name]))
        for criterion in section.criteria:
            described = criterion.name in score.levels
            expected.append(("Criterion", None if described else score.criteria[criterion.name]))
    expected += [("Headline", score.headlines[headline.name]) for headline in pack.headlines]
    assert [(row["What"], row["Score"]) for row in found] == [
        (what, whole(one.score) if one else None) for what, one in expected
    ]
    assert [row["Exact score"] for row in found] == [
        one and one.score and pytest.approx(float(one.score), abs=1e-9) for _, one in expected
    ]
    assert [row["Comment"] for row in found] == [
        one.band.name if one and one.band else None for _, one in expected
    ]


def test_the_percentages_are_shown_as_such(filled: tuple[InspectionReport, Workbook]) -> None:
    _, book = filled
    cells = [
        cell
        for sheet in ("Summary", "Questions", "Answer counts")
        for column in book[sheet].iter_cols()
        if any(str(cell.value) in ("Score", "Percent", "95% from") for cell in column[:9])
        for cell in column
        if isinstance(cell.value, int | float)
    ]
    assert cells
    assert {cell.number_format for cell in cells} == {"0%"}


def test_the_questions_have_the_scores_counts(filled: tuple[InspectionReport, Workbook]) -> None:
    report, book = filled
    documents: Any = score_document(report.score)["questions"]
    found = rows(book, "Questions")
    assert [row["Name"] for row in found] == list(documents)
    for row in found:
        document = documents[row["Name"]]
        for column, key in (
            ("Relevant", "relevant"),
            ("Sufficient", "sufficient"),
            ("Unanswered", "unanswered"),
        ):
            assert row[column] == document[key]
        assert row["Percent"] == (document["percent"] and document["percent"] / 100)
        assert row["Proportion"] == (
            document["proportion"] and pytest.approx(document["proportion"], abs=1e-8)
        )
        outside = document["counts"].get("not_known", 0)
        assert row["Not known"] == outside
        ends = row["95% from"], row["95% to"]
        assert ends == (
            tuple(pytest.approx(end, abs=1e-5) for end in document["interval"])
            if document["interval"]
            else (None, None)
        )


def test_every_answer_is_counted(filled: tuple[InspectionReport, Workbook]) -> None:
    report, book = filled
    found = {
        (row["Name"], row["Answer"]): (row["Cases"], row["Percent of the base"])
        for row in rows(book, "Answer counts")
    }
    assert found == {
        (name, answer): (count, None if share is None else share / 100)
        for name, one in report.score.questions.items()
        for answer, count in one.counts.items()
        for share in [one.percent_of(answer)]
    }


def test_what_the_lead_set_stands_beside_what_follows() -> None:
    pack = load_pack(a_pack())
    cases = [Case("C1", "interview", answers={"manager": Answer("weak")})]
    said = {"leading": Adjustment("well", "It began in May."), "roh": Adjustment("POOR", "Late.")}
    book = opened(report_of(pack, cases, adjustments=said))
    found = {row["Title"]: row for row in rows(book, "Summary")}
    described = found["A1 Leading"]
    assert (described["Level"], described["Set by the lead"], described["Reason"]) == (
        "Poor",
        "Well met",
        "It began in May.",
    )
    assert found["Risk of harm"]["Set by the lead"] == "POOR"
    assert found["Section"]["Set by the lead"] is None


def test_open_answers_show_in_what_a_score_can_become() -> None:
    cases = [
        Case("C001", "case-file", answers={"q1": Answer("yes")}),
        Case("C002", "case-file"),
    ]
    found = rows(opened(tiny_report(cases=cases)), "Summary")
    criterion = next(row for row in found if row["What"] == "Criterion")
    assert criterion["Score"] == 1
    assert criterion["Can become, least"] < criterion["Can become, most"] == 1


def test_levels_are_compared_too() -> None:
    pack = load_pack(a_pack())
    before = score_cases(pack, [Case("C1", "interview", answers={"manager": Answer("strong")})])
    earlier = Earlier(tiny_inspection(), before, {}, {})
    book = opened(report_of(pack, [], earlier=earlier))
    described = next(row for row in rows(book, "Comparison") if row["Number"] == "A1")
    assert (described["Level before"], described["Level after"]) == ("Well met", "Not followed up")
