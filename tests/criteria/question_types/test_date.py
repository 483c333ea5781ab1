"""Dates."""

from __future__ import annotations

from datetime import date

import pytest

from tests.criteria.question_types.asked import a_question, read


@pytest.mark.parametrize(
    ("text", "value"),
    [("2014-06-03", "2014-06-03"), ("3/6/2014", "2014-06-03"), ("3 June 2014", "2014-06-03"),
     ("03.06.14", "2014-06-03"), ("3 jun 2014", "2014-06-03"), ("3rd June 2014", "2014-06-03"),
     ("today", "2026-11-20"), ("Yesterday", "2026-11-19")],
)  # fmt: skip
def test_dates_are_read_day_first(text: str, value: str) -> None:
    assert read("date", text) == value


@pytest.mark.parametrize("text", ["31/2/2014", "June", "13/13/2013", "soon"])
def test_what_is_no_date_is_refused(text: str) -> None:
    assert read("date", text) == "not_a_date"


def test_only_a_day_written_as_we_write_one_fits() -> None:
    question = a_question("date")
    given = ("2014-06-03", "2014-6-3", "20140603", "2014-W23-2", "2014-02-31", "soon", 2014)
    assert [value for value in given if question.takes(value)] == ["2014-06-03"]


def test_a_date_is_a_date_in_a_cell() -> None:
    question = a_question("date")
    assert question.type.cell(question, "2014-06-03") == date(2014, 6, 3)
    assert question.type.cell(question, "na") == "na"


def test_the_last_day_there_is_has_no_day_after_it() -> None:
    reached = a_question("date").type.reach(None, ("9999-12-31", "2014-06-03", "soon"), set())
    assert reached == ["2000-01-01", "2010-01-01", "2014-06-02", "2014-06-03", "2014-06-04"]
