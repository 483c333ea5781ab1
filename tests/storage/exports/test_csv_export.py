"""CSV: a row for each answer, whole and harmless."""

from __future__ import annotations

import csv
import io
from dataclasses import replace

import pytest

from criteria.case import Answer, Case, Status
from storage.exports.csv_export import COLUMNS, answers_csv
from tests.storage.tiny import AT, tiny_inspection, tiny_pack

CASE = Case("C001", "case-file", "I1", Status.SUBMITTED)


def rows(case: Case) -> list[dict[str, str]]:
    text = answers_csv(tiny_inspection(), tiny_pack(), [case])
    return list(csv.DictReader(io.StringIO(text, newline="")))


def test_a_judgement_has_all_its_columns() -> None:
    (row,) = rows(replace(CASE, answers={"q1": Answer("yes", "seen, twice", "I1", AT)}))
    assert list(row) == list(COLUMNS)
    assert row == {
        "inspection": "cheshire-2011",
        "case": "C001",
        "form": "case-file",
        "inspector": "I1",
        "status": "submitted",
        "section": "s1",
        "criterion": "c1",
        "number": "1.1",
        "question": "q1",
        "label": "Was it in time?",
        "value": "yes",
        "value_label": "Yes",
        "sufficient": "1",
        "relevant": "1",
        "note": "seen, twice",
        "by": "I1",
        "at": AT,
    }


def test_rows_follow_the_form_and_open_questions_have_none() -> None:
    answers = {"q3": Answer(("pcr", "oasys")), "q1": Answer("no")}
    found = rows(replace(CASE, profile={"age": 30, "gender": "male"}, answers=answers))
    assert [(row["question"], row["value"], row["value_label"]) for row in found] == [
        ("gender", "male", "Male"),
        ("age", "30", ""),
        ("q1", "no", "No"),
        ("q3", "pcr oasys", "Pre-court report; OASys"),
    ]
    assert [row["sufficient"] for row in found] == ["", "", "0", ""]


def test_what_leaves_the_base_is_neither_sufficient_nor_not() -> None:
    (row,) = rows(replace(CASE, answers={"q1": Answer("na")}))
    assert (row["value"], row["value_label"], row["sufficient"]) == ("na", "N/A", "")


def test_a_hidden_answer_is_marked() -> None:
    found = rows(replace(CASE, answers={"q1": Answer("no"), "q2": Answer("yes")}))
    assert [(row["relevant"], row["sufficient"]) for row in found] == [("1", "0"), ("0", "")]


def test_what_is_worked_out_has_its_row() -> None:
    answers = {"sent": Answer("2026-11-20"), "seen": Answer("2026-11-24")}
    row = rows(replace(CASE, answers=answers))[-1]
    assert (row["question"], row["value"], row["value_label"], row["sufficient"]) == (
        "in_time",
        "yes",
        "Yes",
        "1",
    )


def test_a_note_on_an_open_question_is_not_lost() -> None:
    (row,) = rows(replace(CASE, answers={"q1": Answer(None, "ask the team", "I1", AT)}))
    assert (row["value"], row["note"]) == ("", "ask the team")


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\tx", "\rx"])
def test_text_that_looks_like_a_formula_is_harmless(text: str) -> None:
    (row,) = rows(replace(CASE, answers={"remarks": Answer(text, text)}))
    assert row["value"] == row["note"] == f"'{text}"


def test_numbers_stay_numbers_and_texts_come_back_as_they_were() -> None:
    text = 'two\nlines, "quoted", ünï 😀'
    found = rows(replace(CASE, answers={"score": Answer(-3.5), "remarks": Answer(text)}))
    assert [row["value"] for row in found] == ["-3.5", text]


def test_lines_end_as_the_standard_says() -> None:
    text = answers_csv(tiny_inspection(), tiny_pack(), [])
    assert text == ",".join(COLUMNS) + "\r\n"
