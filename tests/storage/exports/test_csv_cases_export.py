"""CSV: a row for each case."""

from __future__ import annotations

import csv
import io
from dataclasses import replace

import pytest

from criteria.case import Answer, Case, Evidence, Remark
from criteria.case_status import Status
from criteria.instrument.load import load_pack, pack_names, read_pack
from criteria.instrument.pack import Pack
from criteria.relevance import form_state, progress_of
from criteria.scoring.score import score_case
from storage.exports.csv_cases_export import cases_csv
from tests.criteria.instrument.small_pack import a_pack
from tests.storage.exports.filled import filled_cases, text_of
from tests.storage.tiny import tiny_pack

CASE = Case("C001", "case-file", "I1", Status.SUBMITTED)


def case_lines(pack: Pack, cases: list[Case]) -> list[dict[str, str]]:
    text = text_of(cases_csv, pack, cases)
    return list(csv.DictReader(io.StringIO(text, newline="")))


def test_a_case_has_one_row_with_all_its_columns() -> None:
    answers = {"q1": Answer("yes", at="2026-11-20T10:00:00Z"), "q2": Answer("no")}
    case = replace(CASE, profile={"age": 30, "gender": "male"}, answers=answers)
    (row,) = case_lines(tiny_pack(), [case])
    assert row == {
        "inspection": "cheshire-2011",
        "case": "C001",
        "form": "case-file",
        "inspector": "I1",
        "status": "submitted",
        "answered": "4",
        "relevant": "9",
        "gender": "male",
        "age": "30",
        "c1_sufficient": "1",
        "c1_relevant": "2",
        "last_change": "2026-11-20T10:00:00Z",
        "reading": "1",
    }


def test_a_criterion_is_empty_where_the_form_does_not_judge_it_and_0_where_nothing_applies() -> (
    None
):
    file, interview = case_lines(tiny_pack(), [CASE, Case("C001", "interview")])
    assert (file["c1_sufficient"], file["c1_relevant"]) == ("0", "0")
    assert (interview["c1_sufficient"], interview["c1_relevant"]) == ("", "")
    assert interview["gender"] == interview["inspector"] == interview["last_change"] == ""


def test_what_is_hidden_is_no_characteristic() -> None:
    document = a_pack()
    profile = document["forms"][0]["profile"]
    profile.append({"type": "integer", "name": "sons", "label": "Sons", "relevant": "${age} > 18"})
    case = Case("C1", "case-file", profile={"age": 12, "sons": 1})
    (row,) = case_lines(load_pack(document), [case])
    assert (row["age"], row["sons"]) == ("12", "")


def test_the_last_change_is_any_of_a_case() -> None:
    dated = [f"2026-11-2{day}T10:00:00Z" for day in range(4)]
    case = replace(CASE, answers={"q1": Answer("no", at=dated[1]), "q2": Answer("no", at=dated[0])})
    noted = replace(case, evidence=(Evidence("question", "q1", "photo", "a.jpg", at=dated[2]),))
    returned = replace(noted, remarks=(Remark(None, "More, please.", "L1", dated[3]),))
    found = [row["last_change"] for row in case_lines(tiny_pack(), [case, noted, returned])]
    assert found == dated[1:]


def test_names_that_are_taken_get_a_number() -> None:
    document = a_pack()
    document["forms"][0]["profile"] += [
        {"type": "text", "name": name, "label": name}
        for name in ("status", "c1_sufficient", "Home.Town", "home_town")
    ]
    pack = load_pack(document)
    profile = {"age": 30, "status": "a", "c1_sufficient": "b", "Home.Town": "c", "home_town": "d"}
    (row,) = case_lines(pack, [Case("C1", "case-file", profile=profile)])
    wanted = ["status_2", "c1_sufficient", "home_town", "home_town_2"]
    assert [row[name] for name in wanted] == ["a", "b", "c", "d"]
    assert (row["status"], row["c1_sufficient_2"]) == ("unassigned", "0")


@pytest.mark.parametrize("name", pack_names())
def test_the_cases_of_every_instrument_have_their_own_columns_and_counts(name: str) -> None:
    pack = read_pack(name)
    cases = filled_cases(pack, 3)
    text = text_of(cases_csv, pack, cases)
    header, *lines = csv.reader(io.StringIO(text, newline=""))
    assert len(header) == len(set(header))
    assert all(column == column.lower() and column.isidentifier() for column in header)
    assert {len(line) for line in lines} == {len(header)}
    for case, row in zip(cases, case_lines(pack, cases), strict=True):
        form = pack.form(case.form)
        assert form is not None
        progress = progress_of(form_state(form, case))
        assert (row["answered"], row["relevant"]) == (
            str(progress.answered),
            str(progress.relevant),
        )
        for criterion, (sufficient, relevant) in score_case(form_state(form, case)).items():
            column = criterion.replace(".", "_").lower()
            assert row[f"{column}_sufficient"] == str(sufficient)
            assert row[f"{column}_relevant"] == str(relevant)


def test_a_case_of_another_pack_is_refused() -> None:
    with pytest.raises(ValueError, match="case C9: pack tiny has no form 'prison-file'"):
        text_of(cases_csv, tiny_pack(), [Case("C9", "prison-file")])


def test_no_byte_order_mark_and_an_empty_inspection_has_its_header() -> None:
    text = text_of(cases_csv, tiny_pack(), [])
    assert text.startswith("inspection,case,form,")
    assert text.count("\r\n") == 1
