"""A report's tables: what stands in each row and column."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from criteria.case import Answer, Case
from criteria.instrument.load import load_pack
from criteria.instrument.pack import Pack
from criteria.question import Value
from criteria.report.tables_document import tables_document
from tests.criteria.instrument.packs.one_table import table_document
from tests.criteria.instrument.small_pack import a_pack

Rows = list[dict[str, Any]]


def filed(reference: str, age: int = 30, **answers: Value) -> Case:
    given_answers = {name: Answer(value) for name, value in answers.items()}
    return Case(reference, "case-file", profile={"age": age}, answers=given_answers)


def interviewed(reference: str, **answers: Value) -> Case:
    return Case(reference, "interview", answers={k: Answer(v) for k, v in answers.items()})


def pack_with(kind: str, **parts: Any) -> Pack:
    """The small pack with one table."""
    pack = a_pack()
    pack["tables"] = [{"name": "t", "label": "A table", "kind": kind, **parts}]
    pack["columns"] |= parts.pop("sets", {})
    pack["tables"][0].pop("sets", None)
    return load_pack(pack)


def shown(pack: Pack, cases: list[Case]) -> dict[str, Any]:
    (document,) = tables_document(pack, cases)
    return document


def row(*questions: str) -> dict[str, Any]:
    return {"label": "A row", "questions": list(questions)}


def cells(pack: Pack, cases: list[Case]) -> list[Any]:
    """The cells of the only row."""
    (only,) = shown(pack, cases)["rows"]
    found: list[Any] = only["cells"]
    return found


# --- answers ---

RISKY = pack_with("answers", columns="files", rows=[row("risky", "said_risky")])


def test_a_column_holds_the_cases_of_its_form_for_which_its_expression_holds() -> None:
    cases = [
        filed("C1", risky="yes"),
        filed("C2", risky="yes"),
        filed("C3", risky="no"),
        filed("C4", risky="not_known"),
        interviewed("C1", said_risky="yes"),
        interviewed("C2"),
    ]
    by_file, high_risk, said = cells(RISKY, cases)
    assert (by_file["question"], by_file["base"]) == ("risky", 3)
    assert by_file["counts"] == {"yes": 2, "no": 1, "not_known": 1}
    assert by_file["percents"] == {"yes": 67, "no": 33, "not_known": None}
    assert (high_risk["base"], high_risk["counts"]["no"]) == (2, 0)
    assert (said["base"], said["counts"]["yes"]) == (1, 1)


def test_a_column_may_ask_for_the_profile() -> None:
    sets = {
        "ages": [
            {"name": "young", "label": "Under 21", "form": "case-file", "where": "${age} < 21"},
            {"name": "older", "label": "21 or over", "form": "case-file", "where": "${age} >= 21"},
        ]
    }
    pack = pack_with("answers", columns="ages", rows=[row("risky")], sets=sets)
    ages = (18, 20, 21, 64, 65)
    found = cells(pack, [filed(f"C{age}", age, risky="yes") for age in ages])
    assert [cell["base"] for cell in found] == [2, 3]


def test_what_is_hidden_is_no_reason_to_be_in_a_column() -> None:
    sets = {"planned": [{"name": "p", "label": "Planned", "where": "${planned} = 'yes'"}]}
    pack = pack_with("answers", columns="planned", rows=[row("risky")], sets=sets)
    cases = [filed("C1", risky="yes", planned="yes"), filed("C2", risky="no", planned="yes")]
    assert [cell["base"] for cell in cells(pack, cases)] == [1]


def test_a_row_has_no_cell_in_a_column_whose_form_does_not_ask_it() -> None:
    sets = {
        "both": [
            {"name": "file", "label": "File", "form": "case-file"},
            {"name": "interview", "label": "Interview", "form": "interview"},
        ]
    }
    pack = pack_with("answers", columns="both", rows=[row("meetings")], sets=sets)
    file, interview = cells(pack, [filed("C1"), interviewed("C1", meetings=2)])
    assert file is None
    assert interview["base"] == 1


def test_without_columns_there_is_one_of_everything() -> None:
    pack = pack_with("answers", rows=[row("risky")])
    cases = [filed("C1", risky="yes"), filed("C2", risky="no"), interviewed("C1")]
    assert shown(pack, cases)["columns"] == ["All"]
    assert [cell["base"] for cell in cells(pack, cases)] == [2]


def test_in_a_column_of_every_form_a_rows_questions_are_counted_together() -> None:
    pack = pack_with("answers", rows=[row("said_risky", "risky")])
    cases = [
        filed("C1", risky="yes"),
        filed("C2", risky="not_known"),
        interviewed("C1", said_risky="yes"),
        interviewed("C2", said_risky="no"),
    ]
    (cell,) = cells(pack, cases)
    assert (cell["base"], cell["sufficient_percent"]) == (3, None)
    assert cell["counts"] == {"yes": 2, "no": 1, "not_known": 1}
    assert cell["percents"] == {"yes": 67, "no": 33, "not_known": None}


def test_judgements_of_every_form_are_judged_together() -> None:
    pack = pack_with("answers", rows=[row("planned", "home_better")])
    cases = [
        filed("C1", risky="yes", planned="yes"),
        interviewed("C1", needs_home="yes", home_better="no"),
        interviewed("C2", needs_home="yes", home_better="no"),
    ]
    assert [cell["sufficient_percent"] for cell in cells(pack, cases)] == [33]


@pytest.mark.parametrize(
    ("question", "answer", "expected"),
    [("home_better", "yes", 100), ("home_better", "no", 0), ("needs_home", "yes", None)],
)
def test_a_judgement_has_a_sufficient_percent_and_a_fact_has_none(
    question: str, answer: str, expected: int | None
) -> None:
    pack = pack_with("answers", rows=[row(question)])
    answers: dict[str, Value] = {"needs_home": "yes", question: answer}
    (cell,) = cells(pack, [interviewed("C1", **answers)])
    assert cell["sufficient_percent"] == expected


@pytest.mark.parametrize(
    ("strong", "fair", "weak", "printed"),
    [(1, 1, 1, [33, 33, 33]), (4, 1, 1, [67, 17, 17]), (1, 2, 1, [25, 50, 25])],
)
def test_percentages_that_add_up_to_99_or_101_are_left_as_they_are(
    strong: int, fair: int, weak: int, printed: list[int]
) -> None:
    steps = ["strong"] * strong + ["fair"] * fair + ["weak"] * weak + ["unseen"]
    cases = [interviewed(f"C{number}", manager=step) for number, step in enumerate(steps)]
    (cell,) = cells(pack_with("answers", rows=[row("manager")]), cases)
    assert list(cell["percents"].values()) == [*printed, None]
    assert cell["base"] == strong + fair + weak


def test_nothing_gives_no_percentage() -> None:
    (cell, *_) = cells(RISKY, [])
    assert (cell["base"], cell["counts"]["yes"], cell["percents"]["yes"]) == (0, 0, None)


# --- agreement ---

BOTH = pack_with("agreement", questions=["risky", "said_risky"])


def test_two_files_agree_where_they_say_the_same_of_one_case() -> None:
    cases = [
        filed("C1", risky="yes"),
        filed("C2", risky="yes"),
        filed("C3", risky="no"),
        interviewed("C3", said_risky="no"),
        interviewed("C2", said_risky="no"),
        interviewed("C1", said_risky="yes"),
    ]
    document = shown(BOTH, cases)
    assert (document["pairs"], document["agree"], document["percent"]) == (3, 2, 67)
    assert document["cross"] == [
        {"answers": ["no", "no"], "cases": 1},
        {"answers": ["yes", "no"], "cases": 1},
        {"answers": ["yes", "yes"], "cases": 1},
    ]
    assert document["kappa"] == 0.4


def test_a_case_that_one_file_does_not_answer_is_left_out_of_an_agreement() -> None:
    cases = [
        filed("C1", risky="yes"),
        filed("C2", risky="yes"),
        filed("C3"),
        interviewed("C2"),
        interviewed("C3", said_risky="yes"),
    ]
    document = shown(BOTH, cases)
    assert (document["pairs"], document["percent"], document["kappa"]) == (0, None, None)


def test_one_case_may_be_written_in_capitals_in_one_file() -> None:
    assert shown(BOTH, [filed("c1", risky="no"), interviewed("C1", said_risky="no")])["pairs"] == 1


def test_numbers_agree_however_they_are_written() -> None:
    pack = pack_with("agreement", questions=["age", "meetings"])
    cases = [filed("C1", 3), interviewed("C1", meetings=3.0)]
    assert shown(pack, cases)["agree"] == 1


def test_choices_agree_in_whatever_order_they_were_tapped() -> None:
    raw = a_pack()
    papers = {"type": "select_multiple papers", "name": "said_papers", "label": "Papers?"}
    raw["forms"][1]["survey"].append(papers)
    raw["tables"] = [
        {"name": "t", "label": "?", "kind": "agreement", "questions": ["papers", "said_papers"]}
    ]
    cases = [filed("C1", papers=("log", "plan")), interviewed("C1", said_papers=("plan", "log"))]
    document = shown(load_pack(raw), cases)
    assert document["agree"] == 1
    assert document["cross"] == [{"answers": ["log plan", "log plan"], "cases": 1}]


# --- factors ---


def test_progress_is_counted_where_the_factor_was_found() -> None:
    rows = [{"label": "Housing", "factor": "needs_home", "progress": "home_better"}]
    cases = [
        interviewed("C1", needs_home="yes", home_better="yes"),
        interviewed("C2", needs_home="yes", home_better="no"),
        interviewed("C3", needs_home="yes", home_better="no"),
        interviewed("C4", needs_home="yes"),
        interviewed("C5", needs_home="no", home_better="yes"),
        interviewed("C6"),
    ]
    (found,) = shown(pack_with("factors", rows=rows), cases)["rows"]
    assert found == {"label": "Housing", "cases": 4, "base": 3, "sufficient": 1, "percent": 33}


def test_a_factor_without_progress_is_only_counted() -> None:
    pack = pack_with("factors", rows=[{"label": "Housing", "factor": "needs_home"}])
    (found,) = shown(pack, [interviewed("C1", needs_home="yes")])["rows"]
    assert found == {
        "label": "Housing",
        "cases": 1,
        "base": None,
        "sufficient": None,
        "percent": None,
    }


# --- numbers ---


def numbers(*questions: str, cases: list[Case]) -> dict[str, Any]:
    (found,) = shown(pack_with("numbers", rows=[row(*questions)]), cases)["rows"]
    return {name: value for name, value in found.items() if name != "label"}


def test_numbers_are_totalled_over_those_who_gave_one() -> None:
    given_numbers: list[Value] = [3, 0, 14, "not_known", "na"]
    cases = [interviewed(f"C{place}", meetings=one) for place, one in enumerate(given_numbers)]
    assert numbers("meetings", cases=[*cases, interviewed("C9")]) == {
        "answered": 3,
        "total": 17,
        "least": 0,
        "most": 14,
        "mean": 5.666667,
    }


def test_decimals_are_totalled_exactly() -> None:
    cases = [interviewed("C1", meetings=0.1), interviewed("C2", meetings=0.2)]
    found = numbers("meetings", cases=cases)
    assert (found["total"], found["mean"]) == (0.3, 0.15)


def test_a_row_of_numbers_takes_those_of_every_form() -> None:
    cases = [filed("C1", 20), interviewed("C1", meetings=4)]
    assert numbers("age", "meetings", cases=cases)["total"] == 24


def test_no_numbers_give_none() -> None:
    assert numbers("meetings", cases=[interviewed("C1")]) == {
        "answered": 0,
        "total": None,
        "least": None,
        "most": None,
        "mean": None,
    }


def test_a_calculation_that_gives_no_number_is_left_out() -> None:
    raw = a_pack()
    calculation = "if(${meetings} > 0, 12 div ${meetings}, 'none')"
    raw["forms"][1]["survey"].append(
        {"type": "calculate", "name": "each", "calculation": calculation}
    )
    raw["tables"] = [{"name": "t", "label": "?", "kind": "numbers", "rows": [row("each")]}]
    cases = [interviewed(f"C{meetings}", meetings=meetings) for meetings in (0, 4, 6)]
    (found,) = shown(load_pack(raw), cases)["rows"]
    assert (found["answered"], found["total"]) == (2, 5)


# --- all of them ---


def test_tables_come_in_the_packs_order_under_its_words() -> None:
    raw = a_pack()
    raw["tables"].reverse()
    raw["tables"][0]["source"] = "000: Table 4"
    document: Rows = tables_document(load_pack(raw), [])
    assert [table["name"] for table in document] == ["t4", "t3", "t2", "t1"]
    assert [table["kind"] for table in document] == ["numbers", "factors", "agreement", "answers"]
    assert (document[0]["label"], document[0]["source"]) == ("Numbers", "000: Table 4")
    assert document[3]["columns"] == ["File", "High risk", "Interview"]
    assert [one["label"] for one in document[3]["rows"]] == ["High risk"]


def test_one_table_is_what_it_is_among_all() -> None:
    pack = load_pack(a_pack())
    cases = [filed("C1", risky="yes"), interviewed("C1", said_risky="no", meetings=2)]
    assert [table_document(pack, table, cases) for table in pack.tables] == tables_document(
        pack, cases
    )


ANSWERED = st.tuples(
    st.sampled_from(["yes", "no", "not_known"]),
    st.sampled_from(["yes", "no"]),
    st.integers(0, 9),
)


@given(st.lists(ANSWERED, max_size=8).flatmap(lambda one: st.tuples(st.just(one), st.randoms())))
def test_the_order_of_cases_never_matters_to_a_table(drawn: tuple[list[Any], Any]) -> None:
    answers, random = drawn
    pack = load_pack(a_pack())
    cases = [
        case
        for number, (risky, said, meetings) in enumerate(answers)
        for case in (
            filed(f"C{number}", risky=risky),
            interviewed(f"C{number}", said_risky=said, meetings=meetings, needs_home=said),
        )
    ]
    shuffled = list(cases)
    random.shuffle(shuffled)
    assert tables_document(pack, shuffled) == tables_document(pack, cases)
