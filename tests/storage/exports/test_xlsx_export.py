"""The workbook, read back: its numbers are the score's, its texts are texts, its tables agree."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from typing import Any

import openpyxl
import pytest
from openpyxl import Workbook

from criteria.adjustments import Adjustment
from criteria.case import Answer, Case, EvidenceKind
from criteria.case_status import Status
from criteria.findings import CriterionFindings, Finding, KeyFinding, LevelItem, NoteQuoted
from criteria.inspection import Inspection
from criteria.instrument.load import load_pack, pack_names, read_pack
from criteria.instrument.pack import Pack
from criteria.recommendations import FollowUp, FollowUpStatus, Recommendation
from criteria.report.score_document import score_document
from criteria.report.tables_document import tables_document
from criteria.scoring.comparison import compare
from criteria.scoring.score import Score, percent, score_cases
from criteria.second_reading import settled
from storage.exports.csv_cases_export import cases_csv
from storage.exports.csv_export import answers_csv
from storage.exports.report import Earlier, InspectionReport
from storage.exports.xlsx_export import xlsx
from tests.criteria.instrument.small_pack import a_pack
from tests.storage.exports.filled import filled_cases, report_of
from tests.storage.tiny import AT, tiny_inspection, tiny_pack

Rows = list[dict[str, Any]]
ALWAYS = ["Summary", "Questions", "Answer counts", "Answers", "Cases", "Codebook", "Read me"]
HOSTILE = ("=1+1", "@SUM(A1)", "+1", "-1", "<r>x</r>", "a\x00b", "x" * 40_000, "https://a.example")


def opened(report: InspectionReport) -> Workbook:
    return openpyxl.load_workbook(io.BytesIO(xlsx(report)))


def rows(book: Workbook, sheet: str) -> Rows:
    """A list's rows by column name; its header is where its filter starts."""
    page = book[sheet]
    first, last = (int(end.strip("ABCDEFGHIJKLMNOPQRSTUVWXYZ")) for end in _ends(page))
    lines = list(page.iter_rows(min_row=first, max_row=last, values_only=True))
    return [dict(zip(lines[0], line, strict=True)) for line in lines[1:]]


def _ends(page: Any) -> list[str]:
    ends: list[str] = page.auto_filter.ref.split(":")
    return ends


def whole(share: Any) -> float | None:
    return None if share is None else percent(share) / 100


@pytest.fixture(scope="module", params=pack_names())
def filled(request: pytest.FixtureRequest) -> tuple[InspectionReport, Workbook]:
    pack = read_pack(request.param)
    report = report_of(pack, filled_cases(pack))
    return report, opened(report)


def tiny_report(**parts: Any) -> InspectionReport:
    """Two cases of the small pack: one sufficient and one insufficient answer."""
    cases = [
        Case("C001", "case-file", "I1", Status.SUBMITTED, {"age": 30}, {"q1": Answer("no", at=AT)}),
        Case("C002", "case-file", "I2", answers={"q1": Answer("yes", "=1+1", "I2", AT)}),
    ]
    return report_of(tiny_pack(), parts.pop("cases", cases), **parts)


# --- every instrument ---------------------------------------------------------------------------


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


def test_the_answers_are_those_of_the_csv(filled: tuple[InspectionReport, Workbook]) -> None:
    report, book = filled
    text = answers_csv(report).decode()
    assert as_csv(rows(book, "Answers")) == read_csv(text)


def test_the_cases_are_those_of_the_csv(filled: tuple[InspectionReport, Workbook]) -> None:
    report, book = filled
    text = cases_csv(report).decode()
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


def test_the_tables_are_those_of_the_report(filled: tuple[InspectionReport, Workbook]) -> None:
    report, book = filled
    documents: list[Any] = tables_document(report.pack, report.cases)
    lines = iter([list(line) for line in book["Tables"].iter_rows(values_only=True)])
    for document in documents:
        assert str(next(lines)[0]).startswith(document["label"])
        _CHECKS[document["kind"]](report.pack, document, lines)
        assert set(next(lines, [None])) == {None}
    assert next(lines, None) is None


def _check_answers(pack: Pack, document: Any, lines: Iterator[list[Any]]) -> None:
    width = len(document["columns"])
    assert next(lines)[1 : width + 1] == document["columns"]
    for row in document["rows"]:
        base = next(lines)
        assert base[0] == row["label"]
        assert base[1 : width + 1] == [cell and cell["base"] for cell in row["cells"]]
        asked = [cell for cell in row["cells"] if cell]
        shares = dict.fromkeys(
            name for cell in asked for name, share in cell["percents"].items() if share is not None
        )
        question = _question(pack, asked[0]["question"])
        for choice in question.choices:
            if question.leaves_base(choice.name):
                continue
            line = next(lines)
            assert str(line[0]).strip() == pack.text(choice.label)
            shares.pop(choice.name, None)
            assert line[1 : width + 1] == [
                cell and _over_100(cell["percents"].get(choice.name)) for cell in row["cells"]
            ]
        assert not shares
        inside = [one for one in question.choices if not question.leaves_base(one.name)]
        if question.is_judgement and len(inside) > 2:
            line = next(lines)
            assert line[1 : width + 1] == [
                cell and _over_100(cell["sufficient_percent"]) for cell in row["cells"]
            ]
        outside = [
            name
            for name in dict.fromkeys(name for cell in asked for name in cell["counts"])
            if question.leaves_base(name) and any(cell["counts"].get(name) for cell in asked)
        ]
        for name in outside:
            assert next(lines)[1 : width + 1] == [
                None if cell is None else cell["counts"].get(name, 0) for cell in row["cells"]
            ]


def _check_agreement(pack: Pack, document: Any, lines: Iterator[list[Any]]) -> None:
    next(lines)
    _, pairs, agree, share, kappa, *_ = next(lines)
    assert (pairs, agree, share) == (
        document["pairs"],
        document["agree"],
        _over_100(document["percent"]),
    )
    assert kappa == document["kappa"]
    if not pairs:
        return
    next(lines)
    next(lines)
    across = [name for name in next(lines)[1:] if name]
    counts = {
        (_label(pack, document, 0, one), _label(pack, document, 1, other)): pair["cases"]
        for pair in document["cross"]
        for one, other in [pair["answers"]]
    }
    assert set(across) == {other for _, other in counts}
    down = [next(lines) for _ in {one for one, _ in counts}]
    found = {
        (str(line[0]).strip(), other): count
        for line in down
        for other, count in zip(across, line[1:], strict=False)
    }
    assert {place: count for place, count in found.items() if count} == counts


def _check_factors(_pack: Pack, document: Any, lines: Iterator[list[Any]]) -> None:
    next(lines)
    for row in document["rows"]:
        figures = [row["cases"], row["base"], row["sufficient"], _over_100(row["percent"])]
        assert next(lines)[:5] == [row["label"], *figures]


def _check_numbers(_pack: Pack, document: Any, lines: Iterator[list[Any]]) -> None:
    assert next(lines)[1:6] == ["Answered", "Total", "Least", "Most", "Mean"]
    for row in document["rows"]:
        figures = [row[name] for name in ("answered", "total", "least", "most", "mean")]
        assert next(lines)[:6] == [row["label"], *figures]


_CHECKS = {
    "answers": _check_answers,
    "agreement": _check_agreement,
    "factors": _check_factors,
    "numbers": _check_numbers,
}


def _over_100(whole_percent: int | None) -> float | None:
    return None if whole_percent is None else whole_percent / 100


def _question(pack: Pack, name: str) -> Any:
    return next(form.by_name[name] for form in pack.forms if name in form.by_name)


def _label(pack: Pack, document: Any, side: int, answer: str) -> str:
    choice = _question(pack, document["questions"][side]).choice(answer)
    return pack.text(choice.label) if choice else {"na": "N/A", "not_known": "Not known"}[answer]


def test_the_codebook_has_every_question(filled: tuple[InspectionReport, Workbook]) -> None:
    report, book = filled
    found = rows(book, "Codebook")
    questions = [question for form in report.pack.forms for question in form.questions]
    assert [row["Name"] for row in found] == [question.name for question in questions]
    for row, question in zip(found, questions, strict=True):
        assert row["Asked when"] == (question.relevant.source if question.relevant else None)
        assert len((row["Choices"] or "").split("\n")) == max(1, len(question.choices))


def test_a_workbook_of_every_instrument_is_a_good_one(
    filled: tuple[InspectionReport, Workbook],
) -> None:
    report, book = filled
    assert book.sheetnames == [*ALWAYS[:5], "Tables", *ALWAYS[5:]]
    assert all(len(name) <= 31 for name in book.sheetnames)
    assert not {cell.data_type for page in book for line in page for cell in line} & {"f", "e"}
    guide = [line[0] for line in book["Read me"].iter_rows(values_only=True)]
    assert set(book.sheetnames[:-1]) <= set(guide)
    assert xlsx(report) == xlsx(report)


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


# --- what depends on the inspection -------------------------------------------------------------


@pytest.mark.parametrize("name", pack_names())
def test_an_inspection_without_cases_has_a_workbook(name: str) -> None:
    book = opened(report_of(read_pack(name), []))
    assert book.sheetnames == ALWAYS
    assert rows(book, "Answers") == rows(book, "Cases") == []
    assert {row["Score"] for row in rows(book, "Summary")} == {None}
    assert {row["Relevant"] for row in rows(book, "Questions")} == {0}


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


def hostile_report(text: str) -> InspectionReport:
    """A report with ``text`` wherever somebody can have written one."""
    document = a_pack()
    document["settings"]["form_title"] = text
    document["sections"][0]["label"] = document["headlines"][0]["label"] = text
    document["forms"][0]["label"] = document["tables"][0]["label"] = text
    document["forms"][0]["survey"][0] |= {"label": text, "hint": text, "source": text}
    document["choices"]["fact"][0]["label"] = text
    pack = load_pack(document)
    answers = {"risky": Answer("yes", text, text, text, EvidenceKind.STRENGTH, text)}
    said = {"said": Answer(text)}
    cases = [Case("C1", "case-file", text, answers=answers), Case("C1", "interview", answers=said)]
    question = pack.forms[0].questions[1]
    finding = Finding(question, 1, 2, 50, text, ("C1",))
    drafted = CriterionFindings(
        criterion=pack.criteria["c1"],
        score=Score(None),
        level=None,
        adjustment=None,
        key_finding=KeyFinding(text),
        strengths=(finding,),
        improvements=(),
        good_practice=(),
        quotations=(NoteQuoted("C1", question, text),),
    )
    inspection = Inspection("i", text, pack.name, pack.version)
    return report_of(
        pack,
        cases,
        inspection=inspection,
        adjustments={"c1": Adjustment("GOOD", text)},
        findings=[drafted],
        recommendations={"R1": Recommendation(True, text, text)},
    )


@pytest.mark.parametrize("text", HOSTILE, ids=lambda text: repr(text[:12]))
def test_no_text_is_taken_for_anything_else(text: str) -> None:
    book = opened(hostile_report(text))
    shown = text.replace("\x00", "")
    cells = [cell for page in book for line in page for cell in line if cell.value is not None]
    assert not {cell.data_type for cell in cells} & {"f", "e", "b"}
    assert not [cell for cell in cells if cell.hyperlink]
    note = rows(book, "Answers")[0]["note"]
    assert note == shown if len(text) < 40_000 else note.startswith("x" * 32_000)
    assert rows(book, "Answers")[-1]["value"] == note
    assert rows(book, "Recommendations")[0]["Recommendation"] == note
    assert note in [row["Title"] for row in rows(book, "Summary")]


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


def test_one_inspectors_workbook_has_no_findings_and_says_so() -> None:
    report = hostile_report("plain")
    assert {"Findings", "Recommendations"} <= set(opened(report).sheetnames)
    own = opened(replace(report, whole=False))
    assert not {"Findings", "Recommendations"} & set(own.sheetnames)
    above = " ".join(str(cell.value) for cell in own["Summary"]["A"])
    assert "one inspector's own cases" in above


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


def test_levels_are_compared_too() -> None:
    pack = load_pack(a_pack())
    before = score_cases(pack, [Case("C1", "interview", answers={"manager": Answer("strong")})])
    earlier = Earlier(tiny_inspection(), before, {}, {})
    book = opened(report_of(pack, [], earlier=earlier))
    described = next(row for row in rows(book, "Comparison") if row["Number"] == "A1")
    assert (described["Level before"], described["Level after"]) == ("Well met", "Not followed up")


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
