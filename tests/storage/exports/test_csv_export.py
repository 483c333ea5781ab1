"""CSV: a row for each answer, and one for each case, whole and harmless."""

from __future__ import annotations

import csv
import io
from collections import Counter
from dataclasses import replace
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from criteria.case import Answer, Case, Evidence, EvidenceKind
from criteria.case_status import Status
from criteria.instrument.load import pack_names, read_pack
from criteria.scoring.score import score_cases
from criteria.second_reading import settled
from storage.exports.csv_export import answers_csv, csv_file
from storage.exports.flat_rows import ANSWER_COLUMNS
from storage.sample_file import read_sample
from tests.criteria.random_cases import random_cases, with_leftovers
from tests.storage.exports.filled import text_of
from tests.storage.tiny import AT, tiny_pack

CASE = Case("C001", "case-file", "I1", Status.SUBMITTED)


def rows(case: Case) -> list[dict[str, str]]:
    text = text_of(answers_csv, tiny_pack(), [case])
    return list(csv.DictReader(io.StringIO(text, newline="")))


def test_a_judgement_has_all_its_columns() -> None:
    (row,) = rows(replace(CASE, answers={"q1": Answer("yes", "seen, twice", "I1", AT)}))
    assert list(row) == list(ANSWER_COLUMNS)
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
        "kind": "evidence",
        "settled": "",
        "given": "",
        "attachments": "",
        "attachment_kinds": "",
        "captions": "",
        "reading": "1",
        "in_base": "1",
        "counts_to_score": "1",
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


def test_an_answer_that_applies_need_not_be_in_the_base() -> None:
    (row,) = rows(replace(CASE, answers={"q1": Answer("na")}))
    assert (row["relevant"], row["in_base"]) == ("1", "0")


@pytest.mark.parametrize("name", pack_names())
def test_what_is_in_the_base_adds_up_to_what_percentages_divide_by(name: str) -> None:
    """A second reading is exported beside the first, and adds nothing."""
    pack = read_pack(name)
    cases = [
        with_leftovers(form, case, Random(place))  # noqa: S311  # the same every time
        for form in pack.forms
        for place, case in enumerate(random_cases(form, 4, seed=7))
    ]
    second = [replace(case, reading=2) for case in cases]
    found = csv.DictReader(io.StringIO(text_of(answers_csv, pack, [*cases, *second])))
    bases: Counter[str] = Counter()
    counted = set()
    for row in found:
        bases[row["question"]] += int(row["in_base"])
        assert row["relevant"] == "1" or row["in_base"] == "0"
        if row["counts_to_score"] == "1":
            counted.add(row["question"])
    score = score_cases(pack, cases)
    assert +bases == +Counter({one: of.relevant for one, of in score.questions.items()})
    assert counted == {
        question.name
        for one in pack.criteria
        for of in score.scored_in(one)
        if (question := of.question).name in bases
    }


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


@pytest.mark.parametrize(
    "text", ["=1+1", "+1", "-1", "@SUM(A1)", "\tx", "\rx", "＝1", "＋1", "－1", "＠A1", ' "=1"']
)
def test_text_that_looks_like_a_formula_is_harmless(text: str) -> None:
    (row,) = rows(replace(CASE, answers={"remarks": Answer(text, text)}))
    assert row["value"] == row["note"] == f"'{text}"


@pytest.mark.parametrize(
    ("text", "safe"),
    [
        ("seen;=1+1", "seen;'=1+1"),
        ('seen; "=1+1"', 'seen;\' "=1+1"'),
        ("seen;＝1", "seen;'＝1"),
        ("seen\n=1", "seen\n'=1"),
        ("seen\t@A1", "seen\t'@A1"),
        ("a-b; c = d, well-known", "a-b; c = d, well-known"),
    ],
)
def test_a_formula_is_harmless_where_a_spreadsheet_splits_the_text(text: str, safe: str) -> None:
    (row,) = rows(replace(CASE, answers={"remarks": Answer("x", text)}))
    assert row["note"] == safe


@given(st.lists(st.text("a;,=+-@＝\"'\t\r\n \u200b"), min_size=1, max_size=3))
def test_no_cell_is_a_formula_whatever_separates(texts: list[str]) -> None:
    content = csv_file(["one"], [("C001", *texts)]).decode("utf-8-sig")
    for separator in ",;\t":
        for cells in csv.reader(io.StringIO(content, newline=""), delimiter=separator):
            for cell in cells:
                assert not cell.strip(' \t\r\n"\u200b').startswith(tuple("=+-@＝")), cell


def test_a_spreadsheet_on_windows_knows_the_file_for_utf_8() -> None:
    content = csv_file(["note"], [("ünï",)])
    assert content == b"\xef\xbb\xbfnote\r\n" + "ünï\r\n".encode()
    cases = read_sample(csv_file(["case"], [("C001",)]), tiny_pack())
    assert [case.case for case in cases] == ["C001"]


def test_numbers_stay_numbers_and_texts_come_back_as_they_were() -> None:
    text = 'two\nlines, "quoted", ünï 😀'
    found = rows(replace(CASE, answers={"score": Answer(-3.5), "remarks": Answer(text)}))
    assert [row["value"] for row in found] == ["-3.5", text]


def test_lines_end_as_the_standard_says() -> None:
    text = text_of(answers_csv, tiny_pack(), [])
    assert text == ",".join(ANSWER_COLUMNS) + "\r\n"


# --- what came later -----------------------------------------------------------------------------


def test_a_note_has_its_kind_and_an_answer_without_one_has_none() -> None:
    answers = {
        "q1": Answer("yes", "well done", kind=EvidenceKind.GOOD_PRACTICE),
        "q2": Answer("yes", kind=EvidenceKind.STRENGTH),
    }
    assert [row["kind"] for row in rows(replace(CASE, answers=answers))] == ["good_practice", ""]


def test_what_a_lead_settled_keeps_the_reason_and_what_was_said() -> None:
    question = tiny_pack().forms[0].by_name["q3"]
    case = replace(CASE, answers={"q3": Answer(("oasys", "pcr"), by="I1")})
    (row,) = rows(settled(case, question, ("pcr",), "L1", AT, "=Only one is on file"))
    assert (row["value"], row["settled"], row["given"]) == (
        "pcr",
        "'=Only one is on file",
        "oasys pcr",
    )


def test_attachments_have_their_files_kinds_and_captions() -> None:
    photo = Evidence("question", "q3", "photo", "C001-1.jpg", EvidenceKind.STRENGTH, "+the plan")
    voice = Evidence("question", "q3", "voice", "C001-2.ogg")
    (row,) = rows(replace(CASE, evidence=(photo, voice)))
    assert (row["question"], row["value"]) == ("q3", "")
    assert row["attachments"] == "C001-1.jpg; C001-2.ogg"
    assert row["attachment_kinds"] == "strength; evidence"
    assert row["captions"] == "'+the plan"


def test_a_second_reading_says_that_it_is_one() -> None:
    (row,) = rows(replace(CASE, reading=2, answers={"q1": Answer("no")}))
    assert row["reading"] == "2"
