"""What people type, as each type of question reads it."""

from __future__ import annotations

import pytest

from criteria.question import Reading, Refusal
from dialogs.read_answer import read_answer
from tests.walk import NOW, tiny_pack

QUESTIONS = tiny_pack().forms[0].by_name


def read(name: str, text: str) -> Reading | Refusal:
    return read_answer(QUESTIONS[name], text, NOW)


@pytest.mark.parametrize(("text", "value"), [("12", 12), ("1,200", 1200), (" 7 ", 7), ("٣", 3)])
def test_whole_numbers_are_read(text: str, value: int) -> None:
    assert read("visits", text) == Reading(value)


@pytest.mark.parametrize(
    ("text", "reason"),
    [("2.5", "not_whole"), ("many", "not_a_number"), ("1e5", "not_a_number"),
     ("nan", "not_a_number"), ("9" * 400, "not_a_number"), ("", "empty"),
     ("\x00", "empty"), ("7" * 5000, "too_long")],
)  # fmt: skip
def test_what_is_no_whole_number_is_refused(text: str, reason: str) -> None:
    assert read("visits", text) == Refusal(reason)


@pytest.mark.parametrize(
    ("text", "value"),
    [("2014-06-03", "2014-06-03"), ("3/6/2014", "2014-06-03"), ("3 June 2014", "2014-06-03"),
     ("03.06.14", "2014-06-03"), ("3 jun 2014", "2014-06-03"), ("today", "2026-11-20"),
     ("Yesterday", "2026-11-19")],
)  # fmt: skip
def test_dates_are_read_day_first(text: str, value: str) -> None:
    assert read("moved", text) == Reading(value)


@pytest.mark.parametrize("text", ["31/2/2014", "June", "13/13/2013", "soon"])
def test_what_is_no_date_is_refused(text: str) -> None:
    assert read("moved", text) == Refusal("not_a_date")


@pytest.mark.parametrize(
    ("text", "value"),
    [("assessment", ("assessment",)), ("contact log and assessment", ("assessment", "log")),
     ("Superv, log", ("plan", "log")), ("none", ())],
)  # fmt: skip
def test_several_choices_are_read_in_the_lists_order(text: str, value: tuple[str, ...]) -> None:
    reading = read("papers", text)
    assert isinstance(reading, Reading)
    assert reading.value == value


def test_a_text_is_kept_as_it_was_typed() -> None:
    assert read("remark", "  Said “no”, twice. ") == Reading("Said “no”, twice.")


def test_not_known_is_read_in_its_usual_words() -> None:
    assert read("visits", "don’t know") == Reading("not_known")
    assert read("visits", "n/a") == Refusal("na_not_allowed")
