"""The pictures are decoded and measured: bars, whiskers, and that every text fits its room."""

from __future__ import annotations

from copy import deepcopy
from dataclasses import replace
from fractions import Fraction
from random import Random

import pytest
from PIL import Image, ImageColor

from bot.messages import say
from bot.reports import charts, picture
from bot.reports.charts import FULL, SCALE, ZERO
from bot.reports.picture import WIDTH, Box, Layout
from criteria.adjustments import Adjustment
from criteria.case import Case
from criteria.instrument.load import load_pack, pack_names, read_pack
from criteria.instrument.pack import Pack
from criteria.question import NA, Question, Value
from criteria.relevance import Progress, form_state, progress_of
from criteria.report.score_rows import criterion_interval
from criteria.scoring.score import InspectionScore, Score, band_of, score_cases
from dialogs.queries import CaseCounts
from tests.bot.reports.charted import (
    AT,
    BANDS,
    EIGHTHS,
    HALFWAY,
    LONG,
    fits,
    opened,
    pack_of,
    score_of_eighths,
    white_edges,
)
from tests.movement import eighty_cases, movement_pack
from tests.walk import TINY

NOTHING = CaseCounts(0, 0, 0, Progress(0, 0))

COMPLETE = CaseCounts(30, 0, 30, Progress(900, 900))


def answer(question: Question, random: Random) -> Value:
    if question.na and random.random() < 0.1:
        return NA
    if question.type.name == "select_one":
        return random.choice(question.choices).name
    if question.type.name == "select_multiple":
        return (question.choices[0].name,)
    return {"integer": "3", "decimal": "3.5", "date": "2011-03-04"}.get(
        question.type.name, "some text"
    )


def cases_of(pack: Pack, count: int, left_open: float = 0.2) -> list[Case]:
    """Cases of every form, with any answers and some left open, always the same."""
    random = Random(pack.name)  # noqa: S311  # any answers will do
    cases = []
    for form in pack.forms:
        for number in range(count):
            case = Case(f"C{number:03d}", form.name)
            for question in form.questions:
                asked = question in form_state(form, case).asked
                if asked and random.random() >= left_open:
                    case = case.answered(question, answer(question, random), "I1", AT)
            cases.append(case)
    return cases


def far(pack: Pack, cases: list[Case], submitted: int = 0) -> CaseCounts:
    forms = {form.name: form for form in pack.forms}
    each = (progress_of(form_state(forms[case.form], case)) for case in cases)
    return CaseCounts(submitted, 0, len(cases), sum(each, Progress(0, 0)))


def with_score(score: InspectionScore, criterion: str, value: Fraction) -> InspectionScore:
    one = Score(value, band_of(value, score.pack.bands))
    return replace(score, criteria={**score.criteria, criterion: one})


def boxes(layout: Layout, what: str, of: str) -> list[Box]:
    return [box for box in layout.boxes if (box.what, box.of) == (what, of)]


def run(image: Image.Image, y: int, colour: str) -> tuple[int, int] | None:
    """The first pixel of a colour in a line of the picture, and the first one after the last."""
    wanted = ImageColor.getrgb(colour)
    found = [x for x in range(image.width) if image.getpixel((x, y)) == wanted]
    return (found[0], found[-1] + 1) if found else None


def said(layout: Layout) -> list[str]:
    return [text.text for text in layout.texts]


@pytest.mark.parametrize("n", EIGHTHS)
def test_a_bar_starts_at_zero_and_is_as_long_as_its_score(n: int) -> None:
    score = score_of_eighths()
    layout = charts.summary_layout(score, HALFWAY, title="Eighths")
    image = opened(charts.summary_chart(score, HALFWAY, title="Eighths"))
    (track,) = boxes(layout, "track", f"c{n}")
    drawn = run(image, track.top + 2, picture.COLOURS["bar"])  # above the whisker
    if n == 0:
        assert drawn is None
    else:
        assert drawn is not None
        left, right = drawn
        assert left == ZERO
        assert abs((right - left) - n / 8 * SCALE) <= 1
    assert run(image, track.top + 2, picture.COLOURS["zero"]) == (ZERO - charts.STROKE, ZERO)


@pytest.mark.parametrize("n", EIGHTHS)
def test_a_whisker_ends_where_the_interval_does(n: int) -> None:
    score = score_of_eighths()
    image = opened(charts.summary_chart(score, HALFWAY, title="Eighths"))
    layout = charts.summary_layout(score, HALFWAY, title="Eighths")
    (track,) = boxes(layout, "track", f"c{n}")
    drawn = run(image, (track.top + track.bottom) // 2, picture.COLOURS["whisker"])
    interval = criterion_interval(score, f"c{n}")
    assert drawn is not None
    assert interval is not None
    low, high = interval
    assert abs(drawn[0] - (ZERO + low * SCALE)) <= 1
    assert abs(drawn[1] - (ZERO + high * SCALE)) <= 1


def test_of_a_caseload_that_was_read_whole_the_whisker_shrinks_to_the_score() -> None:
    layout = charts.summary_layout(score_of_eighths(), HALFWAY, title="All read", caseload=8)
    for n in EIGHTHS:
        ends = {end for box in boxes(layout, "whisker", f"c{n}") for end in (box.left, box.right)}
        assert max(ends) - min(ends) == charts.STROKE
        assert abs(min(ends) - (ZERO + n / 8 * SCALE)) <= charts.STROKE
        assert max(ends) <= FULL


def test_without_a_base_there_are_words_and_no_bar() -> None:
    score = score_of_eighths()
    of = f"c{len(EIGHTHS)}"
    unfinished = charts.summary_layout(score, HALFWAY, title="Eighths")
    assert [box for box in unfinished.boxes if box.of == of] == []
    assert said(unfinished).count(say("chart-no-base-yet")) == 1
    assert said(unfinished).count("0%") == 2  # the scale's, and that of the criterion at 0%
    finished = charts.summary_layout(score, COMPLETE, title="Eighths")
    assert said(finished).count(say("chart-no-base")) == 1
    assert say("chart-no-base-yet") not in said(finished)


def test_an_inspection_without_answers_has_no_bar_at_all() -> None:
    score = score_cases(read_pack("omi2-2011"), [])
    layout = charts.summary_layout(score, NOTHING, title="Nothing yet")
    assert {box.what for box in layout.boxes} == {"rule"}
    rows = len(score.sections) + len(score.criteria) + len(score.headlines)
    assert said(layout).count(say("chart-no-base-yet")) == rows
    assert {say("summary-nothing"), say("chart-no-cases"), say("chart-no-questions")} <= set(
        said(layout)
    )
    assert not any("%" in text for text in said(layout))


def test_a_criterion_that_nothing_counts_towards_is_not_waiting_for_answers() -> None:
    document = deepcopy(TINY)
    document["sections"][0]["criteria"].append({"name": "c3", "number": "3", "label": "Context"})
    layout = charts.summary_layout(score_cases(load_pack(document), []), NOTHING, title="Tiny")
    assert said(layout).count(say("chart-not-scored")) == 1


def test_the_printed_percentages_of_movement_of_cases_stand_in_its_picture() -> None:
    score = score_cases(movement_pack(), eighty_cases())
    layout = charts.summary_layout(score, COMPLETE, title="Movement of cases")
    for name, one in score.criteria.items():
        assert f"{one.percent}%" in said(layout)
        (bar,) = boxes(layout, "bar", name)
        assert one.score is not None
        assert abs((bar.right - bar.left) - one.score * SCALE) <= 1
    assert f"{score.sections['movement'].percent}%" in said(layout)


@pytest.mark.parametrize("tenths", [0, 444, 446, 700, 844, 846, 1000])
def test_a_bar_reaches_a_bands_line_just_when_it_has_the_band(tenths: int) -> None:
    score = with_score(score_of_eighths(banded=True), "c1", Fraction(tenths, 1000))
    layout = charts.summary_layout(score, HALFWAY, title="Eighths")
    (bar,) = boxes(layout, "bar", "c1")
    lines = boxes(layout, "cut", "c1")
    reached = sum(bar.right >= line.left for line in lines)
    assert len(lines) == 2
    band = score.criteria["c1"].band
    assert band is not None
    assert ["LOW", "FAIR", "GOOD"][reached] == band.name
    assert band.name in said(layout)


def test_bands_are_named_over_their_lines_and_inferred_cut_points_said_to_be() -> None:
    layout = charts.summary_layout(score_of_eighths(banded=True), HALFWAY, title="Eighths")
    names = {text.text: text for text in layout.texts if text.text in ("GOOD", "FAIR", "LOW")}
    top = min(text.top for text in layout.texts if text.text in names)
    over = {t.text: (t.left, t.left + t.width) for t in layout.texts if t.top == top}
    assert over == {
        "LOW": (ZERO, ZERO + 432),
        "FAIR": (ZERO + 432, ZERO + 816),
        "GOOD": (ZERO + 816, FULL),
    }
    assert say("chart-inferred") in said(layout)
    assert {"0%", "45%", "85%", "100%"} <= set(said(layout))
    published = replace(score_of_eighths(banded=True).pack, bands_basis="published")
    score = replace(score_of_eighths(banded=True), pack=published)
    again = charts.summary_layout(score, HALFWAY, title="Eighths")
    assert say("chart-inferred") not in said(again)


def test_bands_whose_names_are_long_are_still_told_apart() -> None:
    long = [
        {
            "name": one["name"],
            "label": f"Enhancement is required: {one['name']}",
            "from": one["from"],
        }
        for one in BANDS
    ]
    pack = pack_of(len(EIGHTHS) + 1, long)
    score = with_score(replace(score_of_eighths(banded=True), pack=pack), "c1", Fraction(1, 2))
    layout = charts.summary_layout(score, HALFWAY, title="Eighths")
    assert "Enhancement is required: FAIR" in [text.strip() for text in said(layout)]
    assert fits(layout)


def test_described_criteria_show_their_level_and_no_bar() -> None:
    pack = read_pack("esi-2006")
    score = score_cases(pack, cases_of(pack, 6))
    layout = charts.summary_layout(score, HALFWAY, title="ESI")
    found = [level for level in score.levels.values() if level]
    assert found
    for level in found:
        assert pack.text(level.label) in said(layout)
    assert not {box.of for box in layout.boxes} & set(score.levels)
    empty = charts.summary_layout(score_cases(pack, []), NOTHING, title="ESI")
    assert said(empty).count(say("no-level")) == len(score.levels)


def test_what_the_lead_set_stands_beside_what_follows_by_rule() -> None:
    score = score_of_eighths(banded=True)
    layout = charts.summary_layout(
        score, HALFWAY, title="Eighths", adjustments={"c8": Adjustment("FAIR", "The context.")}
    )
    assert said(layout).count(say("by-the-lead", to="FAIR")) == 1
    pack = read_pack("esi-2006")
    described = charts.summary_layout(
        score_cases(pack, []),
        NOTHING,
        title="ESI",
        adjustments={next(iter(score_cases(pack, []).levels)): Adjustment("partly_met", "Why.")},
    )
    assert say("by-the-lead", to="Partly met") in said(described)


def test_labels_are_in_the_language_asked_for() -> None:
    score = score_cases(load_pack(TINY), [])
    assert "Offeryn bach" in said(charts.summary_layout(score, NOTHING, title="T", language="cy"))
    assert "A tiny instrument" in said(charts.summary_layout(score, NOTHING, title="T"))


def test_submitted_and_begun_are_in_proportion_and_told_apart_without_colour() -> None:
    whole = CaseCounts(3, 2, 10, Progress(120, 480))
    layout = charts.progress_layout(whole, {}, {}, title="Cheshire")
    image = opened(charts.progress_chart(whole, {}, {}, title="Cheshire"))
    (track,) = boxes(layout, "track", "cases")
    assert run(image, track.top + 1, picture.COLOURS["bar"]) == (ZERO, ZERO + 288)
    assert run(image, track.top + 1, picture.COLOURS["begun"]) == (ZERO + 288, ZERO + 480)
    assert run(image, track.top + 1, picture.COLOURS["track"]) == (ZERO + 480, FULL)
    striped = run(image, track.top + 10, picture.COLOURS["begun"])
    assert striped == (ZERO + 288, ZERO + 480)
    middle = [image.getpixel((x, track.top + 10)) for x in range(ZERO, ZERO + 480)]
    assert (255, 255, 255) not in middle[:288]
    assert middle[288:].count((255, 255, 255)) > 40
    (questions,) = boxes(layout, "bar", "questions")
    assert (questions.left, questions.right) == (ZERO, ZERO + 240)
    assert {"3 of 10", "120 of 480"} <= set(said(layout))


def test_inspectors_and_criteria_have_a_row_each() -> None:
    one = CaseCounts(1, 1, 4, Progress(10, 40))
    layout = charts.progress_layout(
        HALFWAY,
        {"I1": one, None: CaseCounts(0, 0, 2, Progress(0, 20))},
        {"c1": ("1 Systems", Progress(3, 12)), "c2": ("2 Management", Progress(0, 0))},
        title="Cheshire",
    )
    assert {"I1", say("unassigned"), "1 Systems", "2 Management"} <= set(said(layout))
    assert {"1 of 4", "1 begun; 10 of 40 questions answered", "3 of 12"} <= set(said(layout))
    (submitted,) = boxes(layout, "bar", "I1")
    assert submitted.right - submitted.left == SCALE // 4
    assert say("chart-no-questions") in said(layout)
    assert boxes(layout, "track", "c2") == []
    assert fits(layout)


def test_progress_of_nothing_is_words() -> None:
    layout = charts.progress_layout(NOTHING, {}, {}, title="Nothing yet")
    assert layout.boxes == ()
    assert {say("chart-no-cases"), say("chart-no-questions")} <= set(said(layout))


def test_too_many_rows_for_one_picture_are_cut_short_and_it_says_so() -> None:
    people = {f"I{n}": CaseCounts(1, 1, 4, Progress(10, 40)) for n in range(200)}
    layout = charts.progress_layout(HALFWAY, people, {}, title="A whole country")
    image = opened(charts.progress_chart(HALFWAY, people, {}, title="A whole country"))
    assert image.size == (WIDTH, layout.height)
    assert sum(image.size) <= 10_000
    assert max(image.size) / min(image.size) <= 20
    assert said(layout)[-1] == say("chart-cut")
    assert fits(layout)
    few = charts.progress_layout(HALFWAY, {"I1": people["I1"]}, {}, title="A whole country")
    assert say("chart-cut") not in said(few)


def test_what_is_cut_short_in_a_summary_still_ends_with_the_progress() -> None:
    pack = pack_of(150)
    form = pack.forms[0]
    case = Case("C1", form.name)
    for question in form.questions:
        if question.criterion:
            case = case.answered(question, "yes", "I1", AT)
    layout = charts.summary_layout(score_cases(pack, [case]), HALFWAY, title="Many criteria")
    assert WIDTH + layout.height <= 10_000
    assert {say("chart-cut"), say("chart-progress"), "15 of 30"} <= set(said(layout))
    assert fits(layout)


@pytest.mark.long
@pytest.mark.parametrize("count", [0, 3])
@pytest.mark.parametrize("name", pack_names())
def test_every_instruments_summary_fits_its_picture(name: str, count: int) -> None:
    pack = read_pack(name)
    cases = cases_of(pack, count)
    score = score_cases(pack, cases)
    whole = far(pack, cases, submitted=count)
    png = charts.summary_chart(score, whole, title="Area inspection, autumn")
    image = opened(png)
    layout = charts.summary_layout(score, whole, title="Area inspection, autumn")
    assert image.size == (WIDTH, layout.height)
    assert sum(image.size) <= 10_000
    assert len(png) < 10_000_000
    assert white_edges(image)
    assert fits(layout)
    for criterion in pack.criteria.values():
        assert any(text.startswith(criterion.number) for text in said(layout))
    scored = {criterion for criterion, one in score.criteria.items() if one.score is not None}
    barred = {box.of for box in layout.boxes if box.what == "track"} & set(pack.criteria)
    assert barred == scored - set(score.levels)


def long_labels(pack: Pack, label: str) -> Pack:
    document = deepcopy(dict(pack.document))
    document["settings"]["form_title"] = label
    for section in document["sections"]:
        section["label"] = label
        for criterion in section["criteria"]:
            criterion["label"] = label
    for headline in document.get("headlines", []):
        headline["label"] = label
    return load_pack(document)


@pytest.mark.long
@pytest.mark.parametrize("label", [LONG, "W" * 200, "ŵ" * 5_000, "i " * 100])
@pytest.mark.parametrize("name", ["omi2-2011", "esi-2006"])
def test_long_labels_take_two_lines_and_an_ellipsis(name: str, label: str) -> None:
    pack = long_labels(read_pack(name), label)
    cases = cases_of(pack, 2)
    score, whole = score_cases(pack, cases), far(pack, cases)
    layout = charts.summary_layout(score, whole, title=label)
    assert fits(layout)
    assert any(text.endswith("…") for text in said(layout))
    assert white_edges(opened(charts.summary_chart(score, whole, title=label)))
    people = {label: HALFWAY}
    assert fits(
        charts.progress_layout(HALFWAY, people, {"c": (label, Progress(1, 3))}, title=label)
    )
