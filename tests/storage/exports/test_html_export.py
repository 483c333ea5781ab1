"""The page: the score's own figures, whole by itself, and nothing but text of what people write."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction
from itertools import pairwise
from typing import Any
from xml.etree.ElementTree import Element

import html5lib
import pytest

from criteria.adjustments import Adjustment
from criteria.case import Answer
from criteria.findings import Finding, KeyFinding, NoteQuoted
from criteria.instrument.load import load_pack, pack_names, read_pack
from criteria.report.score_rows import criterion_interval
from criteria.report.tables_document import tables_document
from criteria.scoring.comparison import compare
from criteria.scoring.score import percent
from criteria.second_reading import all_readings_agree, pairs_of
from storage.exports import report_words as words
from storage.exports.html_export import TEMPLATES, html
from storage.exports.report import InspectionReport
from storage.exports.report_words import legible
from tests.criteria.instrument.small_pack import a_pack
from tests.storage.exports.samples import (
    AT,
    HOSTILE,
    a_report,
    drafted,
    filled_cases,
    follow_up,
    found_by_hand,
    hostile_report,
    recommendation,
    report_of,
    second_readings,
)

SCHEME = re.compile(r"^[a-z]+:|^//|url\(|@import", re.IGNORECASE)


def parsed(report: InspectionReport) -> Element:
    """The page's tree; a page that is not valid HTML is refused."""
    parser = html5lib.HTMLParser(strict=True, namespaceHTMLElements=False)
    tree: Element = parser.parse(html(report).decode())
    return tree


def element(tree: Element, name: str) -> Element:
    (found,) = [one for one in tree.iter() if one.get("id") == name]
    return found


def all_text(one: Element | None) -> str:
    assert one is not None
    return " ".join("".join(one.itertext()).split())


def has_class(one: Element, name: str) -> bool:
    return name in (one.get("class") or "").split()


def rows_of(tree: Element, caption: str) -> list[list[str]]:
    """The body rows of the table with a caption of that id."""
    table = next(
        table
        for table in tree.iter("table")
        if any(one.get("id") == caption for one in table.iter("caption"))
    )
    return [[all_text(cell) for cell in row] for body in table.iter("tbody") for row in body]


def whole(share: Fraction | None) -> str:
    return "–" if share is None else f"{percent(share)}%"


EVERY = [*((name, 6) for name in pack_names()), *((name, 0) for name in pack_names())]


@pytest.fixture(params=EVERY, ids=lambda one: f"{one[0]}-{one[1]}")
def any_report(request: pytest.FixtureRequest) -> InspectionReport:
    """Each instrument, with cases and without."""
    return drafted(a_report(*request.param))


@pytest.fixture(scope="module")
def omi() -> InspectionReport:
    return drafted(a_report("omi2-2011", 12))


@pytest.fixture(scope="module")
def esi() -> InspectionReport:
    return drafted(follow_up(a_report("esi-2006", 8)))


# --- figures ---


def test_scores_are_those_of_the_score(any_report: InspectionReport) -> None:
    score, pack = any_report.score, any_report.pack
    printed = {row[0]: row[1] for row in rows_of(parsed(any_report), "t-scores")}
    for section in pack.sections:
        if section.by_levels:
            continue
        assert printed[pack.text(section.label)] == whole(score.sections[section.name].score)
        for criterion in section.criteria:
            label = f"{criterion.number} {pack.text(criterion.label)}"
            assert printed[label] == whole(score.criteria[criterion.name].score)


def test_intervals_and_comments_stand_beside_their_scores(omi: InspectionReport) -> None:
    rows = {row[0].split()[0]: row for row in rows_of(parsed(omi), "t-scores")}
    for criterion in omi.pack.criteria.values():
        row = rows[criterion.number]
        interval = criterion_interval(omi.score, criterion.name)
        band = omi.score.criteria[criterion.name].band
        assert row[3] == words.interval(interval)
        assert band is not None
        assert row[4] == band.name


def test_headlines_have_their_scores_and_comments(omi: InspectionReport) -> None:
    rows = rows_of(parsed(omi), "t-headlines")
    assert [(row[1], row[3]) for row in rows] == [
        (whole(one.score), one.band.name) for one in omi.score.headlines.values() if one.band
    ]


def test_the_page_says_that_cut_points_are_inferred(
    omi: InspectionReport, esi: InspectionReport
) -> None:
    said = "The cut-points of the comments are inferred, not published."
    assert said in all_text(element(parsed(omi), "scores"))
    assert said not in all_text(parsed(esi))


def test_every_question_has_its_counts(any_report: InspectionReport) -> None:
    score, tree = any_report.score, parsed(any_report)
    for place, form in enumerate(any_report.pack.forms, start=1):
        scores = [one for one in score.questions.values() if one.form == form.name]
        if not any_report.cases:
            said = f"{any_report.pack.text(form.label)}: no answers yet."
            assert said in all_text(element(tree, "questions"))
            continue
        rows = rows_of(tree, f"t-questions-{place}")
        assert len(rows) == len(scores)
        for row, one in zip(rows, scores, strict=True):
            assert row[0].startswith(f"{one.question.number} ")
            base = f"{one.sufficient} of" if one.sufficient is not None else ""
            assert row[1] == f"{base} {one.relevant}".strip() + " answered" * (not base)
            assert row[2] == whole(one.proportion)
            for choice in one.question.choices:
                share = one.percent_of(choice.name)
                if share is not None:
                    assert f"{one.counts[choice.name]} ({share}%)" in row[5]


def test_what_leaves_the_base_is_counted_apart() -> None:
    pack = load_pack(a_pack())
    cases = filled_cases(pack, 4)
    answers = {"risky": Answer("yes"), "planned": Answer("na")}
    cases[0] = replace(cases[0], answers=answers)
    cases[1] = replace(cases[1], answers={"risky": Answer("not_known")})
    cases[2] = replace(cases[2], answers={"risky": Answer("yes")})
    cases[3] = replace(cases[3], answers={"risky": Answer("yes"), "planned": Answer("no")})
    rows = {
        row[0].split()[0]: row for row in rows_of(parsed(report_of(pack, cases)), "t-questions-1")
    }
    assert rows["1.a"][-1] == "1 not known"
    assert rows["1.b"][1:3] == ["0 of 1", "0%"]
    assert rows["1.b"][-1] == "1 N/A, 1 unanswered"


def test_levels_follow_the_rule_and_the_lead_stands_beside_it(esi: InspectionReport) -> None:
    name = next(iter(esi.pack.criteria))
    adjusted = replace(esi, adjustments={name: Adjustment("well_met", "The targets were met.")})
    rows = rows_of(parsed(adjusted), "t-levels")
    level = esi.score.levels[name]
    assert level is not None
    assert rows[1][1] == f"{esi.pack.text(level.label)}By the lead: Well met. The targets were met."


def test_a_level_without_answers_was_not_followed_up() -> None:
    rows = rows_of(parsed(a_report("esi-2006", 0)), "t-levels")
    assert {row[1] for row in rows[1:]} == {"Not followed up"}


def test_an_adjusted_comment_keeps_what_follows(omi: InspectionReport) -> None:
    adjusted = replace(omi, adjustments={"roh": Adjustment("DRASTIC", "Three deaths.")})
    row = rows_of(parsed(adjusted), "t-headlines")[0]
    band = omi.score.headlines["roh"].band
    assert band is not None
    assert row[3] == f"{band.name}By the lead: DRASTIC. Three deaths."


def test_open_answers_say_what_a_score_can_still_become() -> None:
    pack = load_pack(a_pack())
    cases = [replace(case, answers={"risky": Answer("yes")}) for case in filled_cases(pack, 1)]
    heads = [all_text(one) for one in element(parsed(report_of(pack, cases)), "scores").iter("th")]
    assert "Can still become" in heads
    heads = [all_text(one) for one in element(parsed(a_report("esi-2006", 2)), "scores").iter("th")]
    assert "Can still become" not in heads


def test_progress_is_by_inspector_and_criterion() -> None:
    pack = load_pack(a_pack())
    cases = [case for case in filled_cases(pack, 3) if case.form == "case-file"]
    cases[1] = replace(cases[1], answers={})
    tree = parsed(report_of(pack, cases))
    by_inspector = rows_of(tree, "t-inspectors")
    assert [row[:3] for row in by_inspector] == [
        ["I1", "1", "0"],
        ["I2", "1", "1"],
        ["I3", "1", "1"],
    ]
    assert by_inspector[2][3].startswith("1 of ")  # its profile alone
    assert [row[0] for row in rows_of(tree, "t-progress")] == ["1 Criterion", "Other questions"]


@pytest.mark.parametrize("name", pack_names())
def test_the_packs_tables_are_printed(name: str) -> None:
    report = a_report(name, 6)
    tree = parsed(report)
    tables: list[Any] = tables_document(report.pack, report.cases)
    for place, table in enumerate(tables, start=1):
        assert all_text(element(tree, f"t-table-{place}")) == table["label"]
        printed = rows_of(tree, f"t-table-{place}")
        if table["kind"] == "agreement":
            assert f"({table['percent']}%)" in all_text(element(tree, "tables"))
            assert sum(int(cell) for row in printed for cell in row[1:]) == table["pairs"]
            continue
        for row in table["rows"]:
            at = next(n for n, cells in enumerate(printed) if cells[0].startswith(row["label"]))
            _PRINTED[table["kind"]](row, printed[at:])


def _answers_are_printed(row: dict[str, Any], printed: list[list[str]]) -> None:
    """Two answers: the first one's share in the row; more: a row of shares for each below it."""
    for column, cell in enumerate(row["cells"], start=1):
        if cell is None or not cell["base"]:
            continue
        (name, share), *more = [one for one in cell["percents"].items() if one[1] is not None]
        shown = printed[0][column]
        if shown.startswith("of "):
            assert shown.startswith(f"of {cell['base']}")
            below = [cells[column] for cells in printed[1:]]
            expected = [f"{one}%" for one in (share, *(one for _, one in more))]
            assert below[: len(expected)] == expected
        else:
            assert shown.startswith(f"{share}% ({cell['counts'][name]} of {cell['base']})")
            assert len(more) == 1


def _a_factor_is_printed(row: dict[str, Any], printed: list[list[str]]) -> None:
    assert printed[0][1] == str(row["cases"])
    assert row["percent"] is None or printed[0][3].startswith(f"{row['percent']}% (")


def _numbers_are_printed(row: dict[str, Any], printed: list[list[str]]) -> None:
    assert printed[0][1] == str(row["answered"])
    assert row["total"] is None or float(printed[0][2]) == pytest.approx(row["total"], abs=0.05)
    assert row["mean"] is None or float(printed[0][5]) == pytest.approx(row["mean"], abs=0.05)


_PRINTED = {
    "answers": _answers_are_printed,
    "factors": _a_factor_is_printed,
    "numbers": _numbers_are_printed,
}


# --- bars ---


LENGTH = 200
"""A score of 100%, in the picture's own units."""
BARS: Any = TEMPLATES.get_template("bars.html.j2").module


def widths(picture: str) -> list[float]:
    return [
        float(width)
        for width in re.findall(r'class="(?:bar|before)"[^>]* width="([^"]+)"', picture)
    ]


@pytest.mark.parametrize("score", [Fraction(0), Fraction(1, 3), Fraction(34, 80), Fraction(1)])
def test_a_bar_is_as_long_as_its_score(score: Fraction) -> None:
    assert widths(BARS.score_bar(score)) == [pytest.approx(float(score) * LENGTH, abs=0.01)]
    assert widths(BARS.change_bars(score, None)) == [pytest.approx(float(score) * LENGTH, abs=0.01)]


def test_without_a_score_there_is_no_bar() -> None:
    assert widths(BARS.score_bar(None, (0.1, 0.2))) == []
    assert "whisker" not in BARS.score_bar(None, (0.1, 0.2))


def test_a_whisker_reaches_from_the_lower_end_to_the_upper() -> None:
    assert f'd="M{0.25 * LENGTH:.2f} 10H{0.75 * LENGTH:.2f}M' in BARS.score_bar(
        Fraction(1, 2), (0.25, 0.75)
    )


def test_the_pages_bars_are_those_of_its_criteria(omi: InspectionReport) -> None:
    page = html(omi).decode()
    summary = page[page.index('id="t-scores"') : page.index('id="t-headlines"')]
    expected = [
        score.score
        for section in omi.pack.sections
        for score in (
            omi.score.sections[section.name],
            *(omi.score.criteria[criterion.name] for criterion in section.criteria),
        )
        if score.score is not None
    ]
    assert widths(summary) == [pytest.approx(float(one) * LENGTH, abs=0.01) for one in expected]


# --- findings, recommendations, comparison, agreement ---


def test_findings_stand_under_their_criterion_with_their_cases(omi: InspectionReport) -> None:
    section = element(parsed(omi), "findings")
    words = all_text(section)
    for one in omi.findings:
        for finding in (*one.strengths, *one.improvements):
            assert (
                f"{finding.sentence} {finding.question.number} shown by {len(finding.cases)} case"
                in words
            )
    assert words.count("the lead has not written it yet") == len(omi.pack.criteria)


def test_what_the_lead_and_the_inspectors_wrote_is_there(omi: InspectionReport) -> None:
    question = next(iter(omi.score.questions.values())).question
    findings = found_by_hand(
        omi,
        key_finding=KeyFinding("Plans came late."),
        strengths=(Finding(question, 2, 3, 67, "In 2 of 3.", ("C001", "C002"), small_base=True),),
        good_practice=(NoteQuoted("C003", question, "A shared diary."),),
        quotations=(NoteQuoted("C004", question, "They listened."),),
        strength_notes=(NoteQuoted("C005", question, "Quick.", "C005-1.jpg"),),
        improvement_notes=(NoteQuoted("C006", question, "Slow."),),
    )
    words = all_text(element(parsed(replace(omi, findings=findings)), "findings"))
    number = question.number
    assert "Key finding: Plans came late." in words
    assert f"In 2 of 3. {number} shown by 2 casesC001, C002 Small base." in words
    for said in ("A shared diary. C003", "They listened. C004", "Slow. C006"):
        assert f"{said}, {number}" in words
    assert f"Quick. C005, {number}, caption" in words


def test_the_items_of_a_described_criterion_are_its_findings(esi: InspectionReport) -> None:
    words = all_text(element(parsed(esi), "findings"))
    items = [item for one in esi.findings for item in (*one.high_items, *one.low_items)]
    assert items
    assert all(item.sentence in words for item in items)


def test_key_recommendations_come_first(omi: InspectionReport) -> None:
    recommendations = {
        "R1": recommendation(omi.pack, "Tell victims.", key=False, owner="NPS"),
        "R2": recommendation(omi.pack, "Review plans.", key=True),
    }
    words = all_text(
        element(parsed(replace(omi, recommendations=recommendations)), "recommendations")
    )
    number = omi.pack.criteria["c1.1"].number
    assert words.index("Key recommendations") < words.index("R2 Review plans.")
    assert words.index("R2 Review plans.") < words.index("Other recommendations")
    assert words.index("Other recommendations") < words.index("R1 Tell victims.")
    assert f"R1 Tell victims. For NPS; criteria {number}; findings " in words


def test_earlier_recommendations_have_their_status(esi: InspectionReport) -> None:
    words = all_text(element(parsed(esi), "recommendations"))
    assert re.search(
        r"R1 Every plan .*? Status: Under way .*? R2 Victims .*? Status: Not foll", words
    )


def test_the_summary_sheet_sets_before_beside_after(esi: InspectionReport) -> None:
    assert esi.earlier is not None
    changes = compare(esi.earlier.score, esi.score).criteria
    rows = {row[0].split()[0]: row for row in rows_of(parsed(esi), "t-sheet")}
    for criterion in esi.pack.criteria.values():
        row, change = rows[criterion.number], changes[criterion.name]
        if criterion.name in esi.score.levels:
            assert row[3] == "–"
            continue
        assert row[1:3] == [whole(change.before), whole(change.after)]
        assert change.points is not None
        assert row[3].endswith(str(abs(change.points)))
        assert row[3][0] == ("▲" if change.points > 0 else "▼" if change.points else "=")


def test_what_has_no_figure_now_was_not_followed_up(esi: InspectionReport) -> None:
    empty = a_report("esi-2006", 0, earlier=esi.earlier)
    rows = {row[0].split()[0]: row for row in rows_of(parsed(empty), "t-sheet")}
    assert rows["B1"][2:4] == ["Not followed up", "–"]
    assert rows["A1"][2] == "Not followed up"


def test_second_readings_agree_as_far_as_they_do() -> None:
    report = a_report("movement-of-cases-2004", 9)
    report = replace(report, second_readings=second_readings(report, 6))
    found = all_readings_agree(report.pack, pairs_of(report.cases, report.second_readings))
    tree = parsed(report)
    assert 0 < found.agree < found.pairs
    assert (
        f"6 cases read twice, the second time blind to the first. The two readings agree in"
        f" {found.agree} of {found.pairs} judgements ({found.percent}%)."
    ) in all_text(element(tree, "agreement"))
    rows = rows_of(tree, "t-agreement")
    assert sum(int(row[1]) for row in rows) == found.pairs
    assert sum(int(row[2]) for row in rows) == found.agree
    least = [int(row[3].rstrip("%")) for row in rows_of(tree, "t-differences")]
    assert least == sorted(least)
    assert 100 not in least


def test_what_a_lead_settled_counts_as_it_was_read() -> None:
    report = a_report("movement-of-cases-2004", 9)
    report = replace(report, second_readings=second_readings(report, 6))
    before = rows_of(parsed(report), "t-agreement")
    first, other = report.cases[0], report.second_readings[0]
    form = report.pack.case_form
    name = next(
        one.name
        for one in form.questions
        if one.is_scored and {first.value(one), other.value(one)} == {"fully", "not_met"}
    )
    given = first.answers[name]
    settled = replace(
        given, value=other.answers[name].value, settled="The log shows it.", given=given.value
    )
    cases = [replace(first, answers={**first.answers, name: settled}), *report.cases[1:]]
    after = parsed(report_of(report.pack, cases, second_readings=report.second_readings))
    assert rows_of(after, "t-agreement") == before


def test_readings_that_are_not_handed_in_do_not_count() -> None:
    report = a_report("movement-of-cases-2004", 1)
    report = replace(report, second_readings=second_readings(report, 1))
    said = "No case has both its readings handed in yet."
    assert said in all_text(element(parsed(report), "agreement"))


def test_warnings_are_told() -> None:
    report = a_report("risk-of-harm-2006", 4)
    assert report.score.warnings
    told = [all_text(one) for one in element(parsed(report), "care").iter("li")]
    assert told == list(report.score.warnings)


def test_the_head_says_what_this_is(omi: InspectionReport) -> None:
    (head,) = parsed(omi).iter("header")
    words = all_text(head)
    assert words.startswith("Cheshire InstrumentOffender Management Inspection 2, version ")
    assert "Cases44 of 48 cases handed in" in words
    assert "Answered20 November 2026 Made20 November 2026, 10:00 UTC" in words


def test_one_inspectors_own_cases_are_called_that(esi: InspectionReport) -> None:
    report = replace(
        esi,
        whole=False,
        recommendations={"R1": recommendation(esi.pack, "Review.", key=True)},
        second_readings=second_readings(esi, 3),
    )
    tree = parsed(report)
    (head,) = tree.iter("header")
    assert "one inspector's own cases only, not the whole inspection" in all_text(head)
    ids = {one.get("id") for one in tree.iter()}
    assert {"scores", "progress", "questions"} <= ids
    assert not ids & {"findings", "recommendations", "comparison", "agreement"}
    assert "Every plan should be reviewed" not in all_text(tree)


# --- a page of its own ---


def outward(tree: Element) -> Iterator[tuple[str, str]]:
    """Whatever could load or open something that is not in the page."""
    for one in tree.iter():
        if not isinstance(one.tag, str):
            continue
        if one.tag in (
            "script",
            "link",
            "img",
            "iframe",
            "object",
            "embed",
            "base",
            "form",
            "image",
            "use",
        ):
            yield one.tag, ""
        for name, value in one.attrib.items():
            loads = name.split("}")[-1] in (
                "src",
                "href",
                "srcset",
                "action",
                "data",
                "poster",
                "style",
            )
            if name.startswith("on") or (loads and not value.startswith("#")):
                yield name, value
    for style in tree.iter("style"):
        if SCHEME.search(all_text(style)):
            yield "style", all_text(style)


def test_it_refers_to_nothing_outside(any_report: InspectionReport) -> None:
    tree = parsed(any_report)
    assert list(outward(tree)) == []
    policy = next(one for one in tree.iter("meta") if one.get("http-equiv"))
    assert str(policy.get("content")).startswith("default-src 'none'; style-src 'unsafe-inline'")


@pytest.mark.parametrize("name", ["omi2-2011", "esi-2006"])
def test_hostile_texts_are_only_texts(name: str) -> None:
    report = hostile_report(name)
    tree = parsed(report)
    assert list(outward(tree)) == []
    words = all_text(tree)
    for text in HOSTILE:
        assert " ".join(legible(text).split()) in words
    assert not re.search(
        "[\0-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\u202a-\u202e\ufffe]", html(report).decode()
    )


def test_what_people_write_is_kept_apart_from_the_lines_around_it() -> None:
    tree = parsed(hostile_report("omi2-2011"))
    isolated = [all_text(one) for one in tree.iter("bdi")]
    assert sum("right to left" in text for text in isolated) >= 7 * 11


@pytest.mark.parametrize("made", ["omi", "esi"])
def test_its_headings_tables_and_links_are_in_order(
    made: str, request: pytest.FixtureRequest
) -> None:
    report = request.getfixturevalue(made)
    report = replace(report, second_readings=second_readings(report, 3))
    tree = parsed(report)
    levels = [int(one.tag[1]) for one in tree.iter() if re.fullmatch("h[1-6]", str(one.tag))]
    assert levels[0] == levels.count(1) == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))
    names = [one.get("id") for one in tree.iter() if one.get("id")]
    assert len(names) == len(set(names))
    for link in tree.iter("a"):
        assert str(link.get("href")).removeprefix("#") in names
    for table in tree.iter("table"):
        assert table[0].tag == "caption"
        assert all(head.get("scope") for head in table.iter("th"))
    for region in tree.iter("div"):
        if has_class(region, "scroll"):
            assert region.get("aria-labelledby") in names
    for picture in tree.iter("svg"):
        assert picture.get("aria-hidden") == "true"
    (root,) = [one for one in tree.iter() if one.tag == "html"]
    assert root.get("lang") == "en"


def test_the_same_report_gives_the_same_page(esi: InspectionReport) -> None:
    assert html(esi) == html(esi)


def test_a_pack_may_have_no_more_than_it_must() -> None:
    pack = a_pack()
    for part in ("tables", "columns", "headlines"):
        del pack[part]
    for form in pack["forms"]:
        for question in form["survey"]:
            question.pop("headlines", None)
    report = report_of(load_pack(pack), [])
    assert "There are no cases yet." in all_text(element(parsed(report), "progress"))


def test_a_time_or_an_answer_without_a_date_is_no_trouble() -> None:
    pack = read_pack("movement-of-cases-2004")
    (case, *_) = filled_cases(pack, 1)
    (name, answer), *_ = case.answers.items()
    report = report_of(pack, [replace(case, answers={name: replace(answer, at="long ago")})])
    (head,) = parsed(replace(report, made_at=AT)).iter("header")
    assert "Answered" not in all_text(head)
