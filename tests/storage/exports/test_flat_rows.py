"""Answers and cases as rows of plain cells."""

from __future__ import annotations

import pytest

from criteria.case import Answer, Case
from criteria.inspection import Inspection
from storage.exports.flat_rows import ANSWER_COLUMNS, answer_rows, plain_value, value_words
from tests.storage.tiny import AT, tiny_inspection, tiny_pack


def rows(case: Case, inspection: Inspection | None = None) -> list[dict[str, object]]:
    made = answer_rows(inspection or tiny_inspection(), tiny_pack(), [case])
    return [dict(zip(ANSWER_COLUMNS, row, strict=True)) for row in made]


def test_an_answer_that_no_longer_applies_is_there_and_does_not_count() -> None:
    answers = {"q1": Answer("no", None, "I1", AT), "q2": Answer("yes", None, "I1", AT)}
    first, second = rows(Case("C001", "case-file", "I1", answers=answers))
    assert (first["relevant"], first["sufficient"], first["in_base"]) == (1, 0, 1)
    assert (second["relevant"], second["sufficient"], second["in_base"]) == (0, None, 0)


def test_an_open_question_without_a_note_has_no_row() -> None:
    assert rows(Case("C001", "case-file")) == []
    (noted,) = rows(Case("C001", "case-file", answers={"q1": Answer(None, "why")}))
    assert (noted["value"], noted["note"]) == (None, "why")


def test_a_second_reading_divides_nothing() -> None:
    (row,) = rows(Case("C001", "case-file", answers={"q1": Answer("yes")}, reading=2))
    assert (row["reading"], row["in_base"]) == (2, 0)


def test_a_case_of_a_form_that_the_pack_has_not_is_refused() -> None:
    with pytest.raises(ValueError, match="unheard-of"):
        rows(Case("C001", "unheard-of"))


def test_a_value_is_read_by_its_label_or_as_it_is() -> None:
    questions = tiny_pack().forms[0].by_name
    assert value_words(tiny_pack(), questions["q1"], "yes") == "Yes"
    assert value_words(tiny_pack(), questions["score"], 2.5) == "2.5"
    assert plain_value(questions["q3"], ("pcr", "oasys")) == "pcr oasys"
