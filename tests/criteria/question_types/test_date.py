"""Dates."""

from __future__ import annotations

from datetime import date

import pytest

from criteria.question import Reading, Refusal
from tests.criteria.question_types.asked import SAID, a_question, read


@pytest.mark.parametrize(
    ("text", "value"),
    [("2014-06-03", "2014-06-03"), ("3/6/2014", "2014-06-03"), ("3 June 2014", "2014-06-03"),
     ("03.06.14", "2014-06-03"), ("3 jun 2014", "2014-06-03"), ("3rd June 2014", "2014-06-03"),
     ("today", "2026-11-20"), ("Yesterday", "2026-11-19"), ("last Friday", "2026-11-13"),
     ("last Thursday", "2026-11-19"), ("March 3 2011", "2011-03-03"), ("3 Sept 2011", "2011-09-03"),
     ("12-3-11", "2011-03-12"), ("12 3 2011", "2011-03-12"), ("2011/03/12", "2011-03-12"),
     ("Thursday the 3rd of March 2011", "2011-03-03"), ("1/1/01", "2001-01-01")],
)  # fmt: skip
def test_dates_are_read_day_first(text: str, value: str) -> None:
    assert read("date", text) == value


@pytest.mark.parametrize(
    "text",
    [
        "31/2/2014",
        "June",
        "13/13/2013",
        "soon",
        "3/6/0011",
        "3/6/20011",
        "120311",
        "2011",
        "3/6/2014 yes",
        "0/3/2011",
        "last",
    ],
)
def test_what_is_no_date_is_refused(text: str) -> None:
    assert read("date", text) == "not_a_date"


@pytest.mark.parametrize(
    ("text", "refused"),
    [("3/6/68", Refusal("is_it", ("1968-06-03",))),
     ("3 March", Refusal("is_it", ("2026-03-03",))),
     ("the 3rd of December", Refusal("is_it", ("2025-12-03",))),
     ("12/3", Refusal("is_it", ("2026-03-12",))),
     ("Friday 3 March 2011", Refusal("is_it", ("2011-03-03",))),  # a Thursday
     ("tomorrow", Refusal("still_to_come", ("2026-11-21",))),
     ("3/12/2026", Refusal("still_to_come", ("2026-12-03",))),
     ("5/6/1914", Refusal("date_out_of_range")),
     ("5/6/2037", Refusal("date_out_of_range"))],
)  # fmt: skip
def test_a_day_that_is_not_sure_is_asked(text: str, refused: Refusal) -> None:
    question = a_question("date")
    assert question.type.read(question, text, SAID) == refused


def test_a_pack_says_the_range_of_its_dates() -> None:
    question = a_question("date", constraint=". >= '1900-01-01'")
    assert question.type.read(question, "5/6/1914", SAID) == Reading("1914-06-05")


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
