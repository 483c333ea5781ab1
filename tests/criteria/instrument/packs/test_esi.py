"""The ESI instrument, and what its follow-up report on Gloucestershire (2006) printed.

The report prints scores and some percentages, and hardly any counts. The cases here have the counts
of ``tests/data/esi_2006.json``: those printed, and for the rest ones that let everything printed
hold together. So they show that the instrument and its arithmetic can give the report's figures.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from functools import cache
from random import Random
from typing import Any

import pytest

from criteria.adjustments import Adjustment, check_adjustment
from criteria.case import Answer, Case
from criteria.instrument.check.pack import check_pack_text
from criteria.instrument.load import pack_path, read_pack
from criteria.instrument.pack import Form, LevelRule, Levels, Pack
from criteria.question import NA, NOT_KNOWN, Question, Value
from criteria.relevance import form_state
from criteria.report.table_rows import in_column
from criteria.scoring.levels import criterion_level
from criteria.scoring.score import InspectionScore, QuestionScore, mean, percent, score_cases
from tests import DATA
from tests.criteria.instrument.packs.one_table import table_document
from tests.walk import Walk

DATA: dict[str, Any] = json.loads((DATA / "esi_2006.json").read_text("utf-8"))
PRINTED: dict[str, dict[str, dict[str, Any]]] = DATA["printed"]
FIGURES: list[dict[str, Any]] = DATA["figures"]
BUILT: dict[str, Any] = DATA["built"]
INSPECTIONS = ("original", "follow_up")
UNWEIGHTED = {
    ("original", "b"): 62, ("original", "c"): 65, ("follow_up", "b"): 67, ("follow_up", "c"): 64,
}  # fmt: skip
"""What the sections would score if every criterion weighed the same."""

NOT_REPRODUCED = {
    "A1 to A5, items": "the levels are printed, the strength of their items is not",
    "A1, more weight for national targets": "how much more is not stated; a lead adjusts the level",
    "A1, 27th of 45": "the national scorecard's ranking; it is entered, not worked out here",
    "A5, 99% of reports in time": "the national performance report's; it is entered too",
    "B1, manager involvement twice as common": "neither share is printed",
    "B1, high risk of harm lower on all but reviews": "no share is printed",
    "B1, slightly worse on the whole criterion": "contradicts the printed 46% and 55%",
    "B1 and B3 to C5, question by question": "most shares behind these scores are not printed",
    "B and C, original scores before adjustment": "only the scores without other interviews are",
    "C1, high risk of harm in the original": "said to be slightly better than 55%; not printed",
    "C5, interventions in the original": "said to be better than 73%; not printed",
}
"""What the report says and cannot be worked out from what it prints, with the reason."""

WALKED = {
    "case-file": {"cf_gender": "Female", "cf_mappp_level": "Level 2"},
    "case-manager-interview": {},
    "management-evidence": {"me_rank": "27", "me_ranked": "45", "me_reports_percent": "99"},
}
"""By form: the answers of the longest walk that are not just the first choice."""


@pytest.fixture(scope="module")
def pack() -> Pack:
    return esi()


@cache
def esi() -> Pack:
    return read_pack("esi-2006")


@cache
def esi_score(inspection: str) -> InspectionScore:
    return score_cases(esi(), cases_of(inspection))


# --- cases with the counts ---


@cache
def cases_of(inspection: str) -> tuple[Case, ...]:
    """The files and interviews of one inspection, and its management evidence."""
    answered = [
        case for form in esi().forms[:2] for case in filled(form, BUILT[inspection], BUILT["cases"])
    ]
    items = {name: Answer(step) for name, step in BUILT[inspection]["items"].items()}
    return (*answered, Case("AREA", "management-evidence", answers=items))


def filled(form: Form, built: Mapping[str, Any], number: int) -> list[Case]:
    """Cases of one form, answered in its order with what the counts ask for."""
    cases = [Case(f"C{one:03}", form.name) for one in range(1, number + 1)]
    for question in form.questions:
        if not question.is_answered_by_people:
            continue
        asked = [n for n, case in enumerate(cases) if question in form_state(form, case).relevant]
        Random(question.name).shuffle(asked)  # noqa: S311  # any order will do
        for places, counts in shares(question, asked, cases, built):
            for place, value in zip(places, values(question, counts, len(places)), strict=True):
                cases[place] = cases[place].answered(question, value, "I1", "2005-10-01T00:00:00Z")
    return cases


def shares(
    question: Question, asked: Sequence[int], cases: Sequence[Case], built: Mapping[str, Any]
) -> Iterable[tuple[Sequence[int], Mapping[str, int]]]:
    """Who answers what: all alike, or the high risk of harm apart where their counts are given."""
    counts: dict[str, int] = built["counts"][question.name]
    high: dict[str, int] | None = built.get("high_risk", {}).get(question.name)
    if high is None:
        yield asked, counts
        return
    risky = [place for place in asked if "yes" in high_risk(cases[place])]
    yield risky, high
    rest = {name: count - high.get(name, 0) for name, count in counts.items()}
    yield [place for place in asked if place not in risky], rest


def high_risk(case: Case) -> tuple[Value, ...]:
    return tuple(value for name, value in case.profile.items() if name.endswith("_high_risk"))


def values(question: Question, counts: Mapping[str, int], number: int) -> list[Value]:
    if question.type.name == "select_multiple":
        return [
            tuple(name for name, count in counts.items() if place < count)
            for place in range(number)
        ]
    given: list[Value] = [name for name, count in counts.items() for _ in range(count)]
    assert len(given) <= number, f"{question.name}: {len(given)} answers for {number} cases"
    assert len(given) == number or question.na or question.not_known, question.name
    return given + [NA if question.na else NOT_KNOWN] * (number - len(given))


def column_score(inspection: str, name: str) -> InspectionScore:
    """The score of the case files in one of the instrument's columns."""
    pack = esi()
    column = next(column for column in pack.columns["risk"] if column.name == name)
    chosen = [
        case
        for case in cases_of(inspection)
        if case.form == column.form and in_column(column, case, form_state(pack.forms[0], case))
    ]
    return score_cases(pack, chosen)


# --- the instrument ---


def test_the_pack_has_neither_errors_nor_warnings() -> None:
    assert [str(issue) for issue in check_pack_text(pack_path("esi-2006").read_text("utf-8"))] == []


def test_critical_criteria_weigh_twice_as_much_as_important_ones(pack: Pack) -> None:
    weights = {name: pack.criteria[name].weight for name in PRINTED["follow_up"]["criteria"]}
    assert {name for name, weight in weights.items() if weight == 1} == {"b4", "c4"}
    assert {weight for name, weight in weights.items() if name not in ("b4", "c4")} == {2}


def test_management_gets_levels_and_the_other_sections_percentages(pack: Pack) -> None:
    assert [section.by_levels for section in pack.sections] == [True, False, False]
    items = levels_of(pack).items
    for question in pack.forms[2].questions:
        assert not question.is_scored
        assert question.na or not question.required or question.relevant
    for criterion in pack.sections[0].criteria:
        of = [q for q in pack.forms[2].questions if q.criterion == criterion.name]
        assert sum(q.choice_list is items for q in of) >= 3


def test_every_assessment_and_intervention_criterion_is_judged_by_several_questions(
    pack: Pack,
) -> None:
    scored = [q.criterion for form in pack.forms for q in form.questions if q.is_scored]
    for section in pack.sections[1:]:
        for criterion in section.criteria:
            assert scored.count(criterion.name) >= 2


def test_every_question_says_where_the_report_has_it(pack: Pack) -> None:
    questions = [question for form in pack.forms for question in form.questions]
    assert all((question.source or "").startswith("003: ") for question in questions)
    for question in questions:
        if question.criterion:
            assert question.number.partition(".")[0].lower() == question.criterion


def test_questions_fit_a_phone(pack: Pack) -> None:
    for form in pack.forms:
        for question in form.questions:
            assert len(question.label["en"]) < 110
            assert question.hint is None or len(question.hint["en"]) < 110
            assert all(len(choice.label["en"]) <= 32 for choice in question.choices)


@pytest.mark.parametrize("name", list(WALKED))
def test_the_longest_walk_goes_through_every_question_in_order(pack: Pack, name: str) -> None:
    form = pack.form(name)
    assert form is not None
    walk = Walk(pack, Case("C001", name))
    met = []
    while (question := form.by_name.get(walk.session.cursor.question or "")) is not None:
        met.append(question.name)
        first = pack.text(question.choices[0].label) if question.choices else ""
        walk.type(WALKED[name].get(question.name, first))
        assert walk.value(question.name) is not None, question.name
    assert met == [q.name for q in form.questions if q.is_answered_by_people]


@pytest.mark.parametrize(
    ("answers", "hidden"),
    [
        (
            {"cf_roh_done": "no"},
            {"cf_roh_tool", "cf_roh_specialist", "cf_roh_agencies", "cf_roh_earlier"},
        ),
        ({"cf_roh_reviewed": "no"}, {"cf_roh_review_often"}),
        ({"cf_lor_score": "no"}, {"cf_lor_tools", "cf_lor_timely"}),
        ({"cf_breach_due": "no"}, {"cf_breach_timely"}),
        ({"cf_reviewed": "no"}, {"cf_review_timely", "cf_review_content"}),
        ({"cf_order_type": "cpo"}, {"cf_prerelease"}),
        ({"cf_gender": "male"}, {"cf_women"}),
        ({"cf_minority": "no"}, {"cf_minority_support"}),
        ({"cf_disabled": "not_known"}, {"cf_disabled_support"}),
        ({"cf_risk_changed": "no"}, {"cf_change_handled"}),
        ({"cf_risk_plan": "no"}, {"cf_risk_plan_done", "cf_risk_plan_reviewed"}),
        ({"cf_mappp_level": "level_3"}, {"cf_mappp_date", "cf_mappp_review"}),
        ({"cf_mappp_date": "no"}, {"cf_mappp_review"}),
    ],
)
def test_only_an_answer_that_rules_a_question_out_hides_it(
    pack: Pack, answers: dict[str, str], hidden: set[str]
) -> None:
    form = pack.forms[0]
    everything = {
        "cf_roh_done": "yes", "cf_roh_reviewed": "yes", "cf_lor_score": "yes",
        "cf_breach_due": "yes", "cf_reviewed": "yes", "cf_order_type": "licence",
        "cf_gender": "female", "cf_minority": "yes", "cf_disabled": "yes",
        "cf_risk_changed": "yes", "cf_risk_plan": "yes", "cf_mappp_level": "level_2",
        "cf_mappp_date": "yes",
    }  # fmt: skip
    case = Case("C001", form.name)
    for name, value in (everything | answers).items():
        case = case.answered(form.by_name[name], value, "I1", "2005-10-01T00:00:00Z")
    relevant = {question.name for question in form_state(form, case).relevant}
    assert set(form.by_name) - relevant == hidden


# --- sections B and C ---


@pytest.mark.parametrize("inspection", INSPECTIONS)
def test_every_question_is_answered_or_left_out(inspection: str) -> None:
    questions = esi_score(inspection).questions
    forms = {form.name for form in esi().forms[:2]}
    assert {
        name for name, one in questions.items() if one.unanswered and one.form in forms
    } == set()
    for name, counts in BUILT[inspection]["counts"].items():
        assert {choice: questions[name].counts[choice] for choice in counts} == counts, name


@pytest.mark.parametrize("inspection", INSPECTIONS)
def test_the_printed_criterion_scores_come_out(inspection: str) -> None:
    scores = esi_score(inspection).criteria
    printed = PRINTED[inspection]["criteria"]
    assert {name: scores[name].percent for name in printed} == printed


@pytest.mark.parametrize("inspection", INSPECTIONS)
def test_the_printed_section_scores_come_out(inspection: str) -> None:
    scores = esi_score(inspection).sections
    printed = PRINTED[inspection]["sections"]
    assert {name: scores[name].percent for name in printed} == printed


@pytest.mark.parametrize(("inspection", "section"), UNWEIGHTED)
def test_an_unweighted_mean_would_print_another_section_score(
    pack: Pack, inspection: str, section: str
) -> None:
    criteria = next(one for one in pack.sections if one.name == section).criteria
    printed: dict[str, int] = PRINTED[inspection]["criteria"]
    of_printed = mean(Fraction(printed[criterion.name], 100) for criterion in criteria)
    scores = [esi_score(inspection).criteria[criterion.name].score for criterion in criteria]
    of_scores = mean(score for score in scores if score is not None)
    assert of_printed is not None
    assert of_scores is not None
    assert percent(of_printed) == percent(of_scores) == UNWEIGHTED[inspection, section]
    assert UNWEIGHTED[inspection, section] != PRINTED[inspection]["sections"][section]


@pytest.mark.parametrize(("inspection", "section"), UNWEIGHTED)
def test_the_printed_criterion_scores_alone_give_the_printed_section_score(
    pack: Pack, inspection: str, section: str
) -> None:
    criteria = next(one for one in pack.sections if one.name == section).criteria
    printed: dict[str, int] = PRINTED[inspection]["criteria"]
    weighted = mean(
        Fraction(printed[criterion.name], 100)
        for criterion in criteria
        for _ in range(int(criterion.weight))
    )
    assert weighted is not None
    assert percent(weighted) == PRINTED[inspection]["sections"][section]


@pytest.mark.parametrize(
    ("criterion", "figures"), [("b2", ("003-B2-1", "003-B2-2")), ("c4", ("003-C4-1", "003-C4-2"))]
)
def test_two_printed_questions_alone_give_their_criterions_printed_score(
    pack: Pack, criterion: str, figures: tuple[str, str]
) -> None:
    rows = [figure for figure in FIGURES if figure["id"] in figures]
    scored = [q.name for form in pack.forms for q in form.questions if q.is_scored]
    of = [name for name in scored if question(pack, name).criterion == criterion]
    assert of == [row["question"] for row in rows]
    shares_printed = [
        Fraction(
            100 - row["printed"] if row["measure"] == "insufficient_percent" else row["printed"]
        )
        for row in rows
    ]
    score = mean(share / 100 for share in shares_printed)
    assert score is not None
    assert percent(score) == PRINTED["follow_up"]["criteria"][criterion]


def question(pack: Pack, name: str) -> Question:
    return next(form.by_name[name] for form in pack.forms if name in form.by_name)


# --- single figures, for all cases and for high risk of harm ---


def measured(score: QuestionScore, measure: str) -> int | None:
    found: dict[str, int | None] = {
        "sufficient_percent": score.percent_of("yes"),
        "insufficient_percent": score.percent_of("no"),
        "sufficient": score.counts["yes"],
        "insufficient": score.counts["no"],
        "base": score.relevant,
        "yes": score.counts["yes"],
    }
    return found[measure]


@pytest.mark.parametrize("figure", FIGURES, ids=lambda figure: figure["id"])
def test_the_printed_figure_of_a_question_comes_out(figure: dict[str, Any]) -> None:
    score = column_score(figure["inspection"], figure["column"])
    assert measured(score.questions[figure["question"]], figure["measure"]) == figure["printed"]


def test_what_is_not_reproduced_is_named_with_its_reason_and_stands_apart() -> None:
    assert len({figure["id"] for figure in FIGURES}) == len(FIGURES) == 27
    assert all(NOT_REPRODUCED.values())
    assert not {figure["id"] for figure in FIGURES} & set(NOT_REPRODUCED)


def test_the_tables_show_the_same_figures_beside_each_other(pack: Pack) -> None:
    cells: dict[tuple[str, str], dict[str, Any]] = {}
    for table in pack.tables:
        document: dict[str, Any] = table_document(pack, table, cases_of("follow_up"))
        for row, shown in zip(table.rows, document["rows"], strict=True):
            for column, cell in zip(table.columns, shown["cells"], strict=True):
                cells[row.questions[0], column.name] = cell
    printed = [
        figure
        for figure in FIGURES
        if figure["inspection"] == "follow_up" and figure["measure"] == "sufficient_percent"
    ]
    assert len(printed) >= 12
    for figure in printed:
        cell = cells[figure["question"], figure["column"]]
        assert cell["sufficient_percent"] == figure["printed"], figure["id"]


def test_high_risk_of_harm_does_worse_on_every_question_of_its_assessment_but_frequent_review() -> (
    None
):
    everyone = column_score("follow_up", "all").questions
    risky = column_score("follow_up", "high_risk").questions
    better = set()
    for name, one in everyone.items():
        if one.question.criterion == "b1" and one.form == "case-file":
            whole, part = one.proportion, risky[name].proportion
            assert whole is not None
            assert part is not None
            better |= {name} if part >= whole else set()
    assert better == {"cf_roh_review_often"}


def test_over_nine_tenths_of_staff_say_they_are_supervised_every_two_months() -> None:
    share = esi_score("follow_up").questions["ci_supervised"]
    assert Fraction(share.counts["yes"], share.relevant) > Fraction(9, 10)


def test_of_the_sizes_near_sixty_only_55_fits_every_percentage_of_all_cases() -> None:
    of_all = ("003-B1-1", "003-B1-4", "003-B2-2", "003-B4-1", "003-C1-1", "003-C4-1", "003-C5-3")
    wanted = [figure["printed"] for figure in FIGURES if figure["id"] in of_all]
    fitting = [
        size
        for size in range(52, 69)
        if set(wanted) <= {percent(Fraction(part, size)) for part in range(size + 1)}
    ]
    assert fitting == [55] == [BUILT["cases"]]


# --- section A ---


def levels_of(pack: Pack) -> Levels:
    assert pack.levels is not None
    return pack.levels


def level_of(pack: Pack, inspection: str, criterion: str) -> LevelRule | None:
    """A management criterion's level, from the items in the area's evidence."""
    (case,) = [case for case in cases_of(inspection) if case.form == "management-evidence"]
    form = pack.forms[2]
    state = form_state(form, case)
    levels = levels_of(pack)
    items = [
        str(state.values[question.name])
        for question in form.questions
        if question.criterion == criterion and question.choice_list is levels.items
    ]
    return criterion_level(levels, items)


@pytest.mark.parametrize("criterion", ["a1", "a2", "a3", "a4", "a5"])
@pytest.mark.parametrize("inspection", INSPECTIONS)
def test_the_printed_level_follows_from_items_by_the_rule(
    pack: Pack, inspection: str, criterion: str
) -> None:
    level = level_of(pack, inspection, criterion)
    shown = pack.text(level.label) if level else "Not followed up"
    assert shown == PRINTED[inspection]["levels"][criterion]


def test_a_section_of_levels_has_no_percentage() -> None:
    for inspection in INSPECTIONS:
        score = esi_score(inspection)
        assert score.sections["a"].percent is None
        assert all(score.criteria[f"a{number}"].percent is None for number in range(1, 6))


def test_a_lead_may_weigh_national_targets_more_and_both_levels_are_kept(pack: Pack) -> None:
    worked_out = level_of(pack, "follow_up", "a1")
    assert worked_out is not None
    change = Adjustment("partly_met", "Victim contact and two completion targets were missed.")
    check_adjustment(pack, "a1", change)
    assert (worked_out.name, change.to) == ("satisfactorily_met", "partly_met")
