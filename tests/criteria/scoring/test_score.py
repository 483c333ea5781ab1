"""Counts, proportions and means, on exact fractions."""

from __future__ import annotations

from fractions import Fraction
from itertools import product
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from criteria.case import Answer, Case
from criteria.instrument.load import load_pack, read_pack
from criteria.instrument.pack import Band
from criteria.question import Value
from criteria.relevance import form_state
from criteria.report.score_document import score_document
from criteria.scoring.score import (
    band_of,
    mean,
    percent,
    score_case,
    score_cases,
    weighted_mean,
)
from tests.walk import TINY, tiny_pack

PACK = tiny_pack()


def case(reference: str = "C001", sex: str = "male", **answers: Value) -> Case:
    return Case(
        reference,
        "case-file",
        profile={"sex": sex},
        answers={name: Answer(value) for name, value in answers.items()},
    )


@pytest.mark.parametrize(
    ("part", "whole", "printed"),
    [(34, 80, 43), (2, 80, 3), (35, 80, 44), (1, 8, 13), (16, 35, 46), (0, 5, 0), (5, 5, 100),
     (1, 200, 1), (1, 201, 0), (14, 80, 18)],
)  # fmt: skip
def test_percentages_are_rounded_half_up(part: int, whole: int, printed: int) -> None:
    assert percent(Fraction(part, whole)) == printed


@given(st.integers(1, 400).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_a_percentage_is_within_half_a_point(of: tuple[int, int]) -> None:
    exact = Fraction(*of) * 100
    assert Fraction(-1, 2) < percent(exact / 100) - exact <= Fraction(1, 2)


JUDGED_IN_TIME = load_pack(
    {
        "settings": {"form_id": "in-time", "form_title": "In time", "version": "1.0.0"},
        "choices": TINY["choices"],
        "sections": [
            {"name": "s", "label": "S", "criteria": [{"name": "c", "number": "1", "label": "C"}]}
        ],
        "forms": [
            {
                "name": "case-file",
                "label": "File",
                "subject": "case",
                "survey": [
                    {"type": "date", "name": "moved", "label": "Moved?", "na": True},
                    {"type": "date", "name": "seen", "label": "Seen?", "not_known": True},
                    {"type": "integer", "name": "visits", "label": "Visits?", "na": True},
                    {
                        "type": "calculate",
                        "name": "in_time",
                        "choices": "yes_no",
                        "criterion": "c",
                        "calculation": "if(working_days(${moved}, ${seen}) <= 5, 'yes', 'no')",
                    },
                    {
                        "type": "calculate",
                        "name": "often",
                        "choices": "yes_no",
                        "criterion": "c",
                        "relevant": "${visits} != 0",
                        "calculation": "if(${visits} div (${visits} - 1) >= 2, 'yes', 'no')",
                    },
                ],
            }
        ],
    }
)


def counted(name: str, *cases: Case) -> tuple[int, int | None, int]:
    score = score_cases(JUDGED_IN_TIME, cases).questions[name]
    return score.relevant, score.sufficient, score.unanswered


def untouched(number: int) -> Case:
    return Case(f"C{number:03}", "case-file")


def test_what_is_worked_out_from_open_answers_is_no_judgement_but_unanswered() -> None:
    assert counted("in_time", *map(untouched, range(20))) == (0, 0, 20)
    assert score_cases(JUDGED_IN_TIME, [untouched(1)]).criteria["c"].score is None


@pytest.mark.parametrize(
    ("answers", "expected"),
    [
        ({"moved": "2014-06-02"}, (0, 0, 1)),
        ({"moved": "2014-06-02", "seen": "not_known"}, (0, 0, 1)),
        ({"moved": "na", "seen": "2014-06-04"}, (0, 0, 1)),
        ({"moved": "2014-06-02", "seen": "2014-06-04"}, (1, 1, 0)),
        ({"moved": "2014-06-02", "seen": "2014-06-30"}, (1, 0, 0)),
    ],
)
def test_a_judgement_is_worked_out_once_all_it_needs_is_known(
    answers: dict[str, Value], expected: tuple[int, int, int]
) -> None:
    assert counted("in_time", case(**answers)) == expected


@pytest.mark.parametrize(
    ("visits", "expected"),
    [("na", (0, 0, 1)), (0, (0, 0, 0)), (1, (0, 0, 1)), (2, (1, 1, 0)), (9, (1, 0, 0))],
)
def test_a_division_by_zero_is_no_judgement_and_one_that_does_not_apply_is_not_open(
    visits: Value, expected: tuple[int, int, int]
) -> None:
    assert counted("often", case(visits=visits)) == expected


def test_na_not_known_and_unanswered_leave_the_base_and_are_counted_apart() -> None:
    cases = [case(told=told) for told in ("yes", "yes", "no", "na", "na", "not_known")] + [case()]
    score = score_cases(PACK, cases).questions["told"]
    assert (score.relevant, score.sufficient, score.unanswered) == (3, 2, 1)
    assert score.counts == {"yes": 2, "no": 1, "na": 2, "not_known": 1}
    assert score.proportion == Fraction(2, 3)


def test_what_is_hidden_is_kept_but_not_scored() -> None:
    shown = case("C001", told="yes", how_well="fully")
    hidden = case("C002", told="no", how_well="fully")
    score = score_cases(PACK, [shown, hidden]).questions["how_well"]
    assert (score.relevant, score.counts["fully"], score.unanswered) == (1, 1, 0)


def test_fully_or_largely_is_counted_not_added_from_rounded_parts() -> None:
    levels = ["fully"] * 5 + ["largely"] * 11 + ["partly"] * 12 + ["not_met"] * 7
    score = score_cases(PACK, [case(kept=level) for level in levels]).questions["kept"]
    assert [score.percent_of(name) for name in score.counts] == [14, 31, 34, 20]
    assert score.proportion is not None
    assert percent(score.proportion) == 46


def test_each_choice_of_a_list_is_counted_over_the_cases_that_answered() -> None:
    papers: list[tuple[str, ...]] = [("assessment", "log"), ("log",), (), ("assessment",)]
    score = score_cases(PACK, [case(papers=one) for one in papers]).questions["papers"]
    assert (score.relevant, score.sufficient) == (4, None)
    assert score.counts == {"assessment": 2, "plan": 0, "log": 2}
    assert score.percent_of("log") == 50


def test_a_criterion_is_the_mean_of_its_questions_not_of_its_answers() -> None:
    cases = [case(told="yes", how_well="not_met"), case(told="no"), case(told="no")]
    score = score_cases(PACK, cases)
    assert score.questions["told"].proportion == Fraction(1, 3)
    assert score.questions["how_well"].proportion == Fraction(0)
    assert score.criteria["c1"].score == Fraction(1, 6)


def test_without_a_base_a_score_is_none_and_is_left_out_of_means() -> None:
    score = score_cases(PACK, [case(told="na")])
    assert score.criteria["c1"].score is None
    assert score.sections["s1"].score is None
    document = score_document(score)
    assert document["criteria"] == {
        name: {
            "score": None,
            "percent": None,
            "band": None,
            "interval": None,
            "range": expected,
            "next_band": None,
        }
        for name, expected in (("c1", None), ("c2", [0.0, 1.0]))
    }


def test_a_section_weighs_its_criteria() -> None:
    weighted = {**TINY, "sections": [dict(TINY["sections"][0])]}
    first, second = TINY["sections"][0]["criteria"]
    weighted["sections"][0]["criteria"] = [{**first, "weight": 2}, {**second, "weight": 1}]
    score = score_cases(load_pack(weighted), [case(told="yes", how_well="fully", kept="partly")])
    assert score.sections["s1"].score == Fraction(2, 3)


def test_means_of_nothing_are_none() -> None:
    assert mean([]) is None
    assert weighted_mean([]) is None


def test_a_headline_is_the_mean_over_its_questions_over_all_criteria() -> None:
    document = {**TINY, "headlines": [{"name": "all", "label": "All"}]}
    survey = [dict(q) for q in TINY["forms"][0]["survey"]]
    for question in survey:
        if question["name"] in ("told", "how_well", "kept"):
            question["headlines"] = ["all"]
    document["forms"] = [{**TINY["forms"][0], "survey": survey}]
    score = score_cases(
        load_pack(document),
        [case(told="yes", how_well="partly", kept="partly"), case(told="yes", kept="fully")],
    )
    assert score.criteria["c1"].score == Fraction(1, 2)
    assert score.criteria["c2"].score == Fraction(1, 2)
    assert score.headlines["all"].score == Fraction(1 + 0 + Fraction(1, 2), 3)


BANDS = (Band("MINIMUM", 85), Band("MODERATE", 65), Band("SUBSTANTIAL", 45), Band("DRASTIC", 0))


@pytest.mark.parametrize(
    ("score", "name"),
    [(87, "MINIMUM"), (85, "MINIMUM"), (83, "MODERATE"), (68, "MODERATE"), (61, "SUBSTANTIAL"),
     (47, "SUBSTANTIAL"), (44, "DRASTIC"), (0, "DRASTIC")],
)  # fmt: skip
def test_a_band_holds_from_its_cut_point_upwards(score: int, name: str) -> None:
    band = band_of(Fraction(score, 100), BANDS)
    assert band is not None
    assert band.name == name


def test_a_band_follows_the_percent_that_is_printed() -> None:
    band = band_of(Fraction(845, 1000), BANDS)
    assert band is not None
    assert band.name == "MINIMUM"


def test_one_cases_result_is_told_by_criterion() -> None:
    one = case(told="yes", how_well="partly", kept="fully")
    assert score_case(form_state(PACK.forms[0], one)) == {"c1": (1, 2), "c2": (1, 1)}


ANSWERS = list(product(("yes", "no", "na", None), ("fully", "partly", "na", None), ("fully", None)))


@given(st.lists(st.sampled_from(ANSWERS), min_size=1, max_size=12), st.randoms())
def test_the_order_of_cases_never_matters(
    rows: list[tuple[str | None, ...]], random: object
) -> None:
    cases = [
        case(
            f"C{number}",
            **{
                name: value
                for name, value in zip(("told", "how_well", "kept"), row, strict=True)
                if value is not None
            },
        )
        for number, row in enumerate(rows)
    ]
    shuffled = list(cases)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert score_document(score_cases(PACK, cases)) == score_document(score_cases(PACK, shuffled))


def test_a_small_base_is_warned_about() -> None:
    document = {**TINY, "scoring": {"min_base": 5}}
    score = score_cases(load_pack(document), [case(kept="fully")])
    assert [warning for warning in score.warnings if warning.startswith("C1")] == [
        "C1: a base of only 1, fewer than 5; read its percentage with care"
    ]


def test_the_document_has_the_contracts_shape() -> None:
    document = score_document(score_cases(PACK, [case(told="yes")]))
    assert list(document) == [
        "pack", "cases", "questions", "criteria", "sections", "headlines", "warnings",
    ]  # fmt: skip
    assert document["pack"] == "tiny-1"
    questions = document["questions"]
    assert isinstance(questions, dict)
    assert questions["told"] == {
        "relevant": 1,
        "sufficient": 1,
        "proportion": 1.0,
        "percent": 100,
        "counts": {"yes": 1, "no": 0, "na": 0, "not_known": 0},
        "percents": {"yes": 100, "no": 0, "na": None, "not_known": None},
        "interval": [pytest.approx(0.206549, abs=1e-6), 1.0],
        "unanswered": 0,
        "criterion": "c1",
        "counts_to_score": True,
    }


def test_the_document_says_which_questions_count_towards_which_criterion() -> None:
    pack = read_pack("omi2-2011")
    score = score_cases(pack, [])
    questions: Any = score_document(score)["questions"]
    for name, entry in questions.items():
        criterion = entry["criterion"]
        in_it = {one.question.name for one in score.scored_in(criterion or "")}
        assert entry["counts_to_score"] == (name in in_it)
    apart = [
        one for one in score.questions.values()
        if one.sufficient is not None and not questions[one.question.name]["counts_to_score"]
    ]  # fmt: skip
    assert len(apart) == 63
    assert questions["gender"]["criterion"] is None


def as_cases(rows: list[tuple[str | None, ...]]) -> list[Case]:
    names = ("told", "how_well", "kept")
    return [
        case(f"C{n}", **{k: v for k, v in zip(names, row, strict=True) if v is not None})
        for n, row in enumerate(rows)
    ]


@given(st.lists(st.sampled_from(ANSWERS), min_size=1, max_size=12), st.integers(0, 11))
def test_na_to_one_question_changes_no_other(
    rows: list[tuple[str | None, ...]], place: int
) -> None:
    cases = as_cases(rows)
    chosen = place % len(cases)
    without = list(cases)
    without[chosen] = cases[chosen].answered(PACK.forms[0].by_name["papers"], "na", "I1", "then")
    before, after = score_cases(PACK, cases), score_cases(PACK, without)
    for name, score in before.questions.items():
        if name != "papers":
            assert (score.counts, score.relevant, score.sufficient) == (
                after.questions[name].counts,
                after.questions[name].relevant,
                after.questions[name].sufficient,
            )
    assert before.criteria == after.criteria


@given(st.lists(st.sampled_from(ANSWERS), min_size=1, max_size=12), st.integers(1, 9))
def test_equal_weights_give_the_unweighted_score(
    rows: list[tuple[str | None, ...]], weight: int
) -> None:
    first, second = TINY["sections"][0]["criteria"]
    equal = {
        **TINY["sections"][0],
        "criteria": [{**first, "weight": weight}, {**second, "weight": weight}],
    }
    cases = as_cases(rows)
    weighted = score_cases(load_pack({**TINY, "sections": [equal]}), cases)
    plain = score_cases(PACK, cases)
    assert weighted.sections["s1"] == plain.sections["s1"]
    known = [one.score for one in plain.criteria.values() if one.score is not None]
    assert plain.sections["s1"].score == mean(known)


@given(st.lists(st.sampled_from(ANSWERS), min_size=1, max_size=12))
def test_every_percentage_lies_in_its_interval(rows: list[tuple[str | None, ...]]) -> None:
    document = score_document(score_cases(PACK, as_cases(rows)))
    for part in ("questions", "criteria"):
        entries = document[part]
        assert isinstance(entries, dict)
        for entry in entries.values():
            share = entry["proportion"] if part == "questions" else entry["score"]
            if share is not None:
                low, high = entry["interval"]
                assert low <= share + 1e-6
                assert share - 1e-6 <= high
