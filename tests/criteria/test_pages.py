"""Long lists come in pages, each of which fits on one card."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from criteria.instrument.load import pack_names, read_pack
from criteria.pages import (
    MAX_LABEL,
    MAX_ON_CARD,
    MAX_ON_PAGE,
    Page,
    are_long,
    holding,
    is_long,
    page_of,
)
from criteria.question import Question
from tests.long_lists import long_lists_pack

FORM = long_lists_pack().case_form
AREA, OFFICES = FORM.by_name["area"], FORM.by_name["offices"]


def page(question: Question, number: int | None = None, sought: str | None = None) -> Page:
    found = page_of(question, "en", number, sought, "a050")
    assert found is not None
    return found


def test_every_choice_is_on_one_page_in_its_order() -> None:
    for question in (AREA, OFFICES):
        first = page(question, 0)
        shown = [one for number in range(first.of) for one in page(question, number).choices]
        assert shown == list(question.choices)
        assert max(len(page(question, one).choices) for one in range(first.of)) <= MAX_ON_PAGE


def test_without_a_number_it_is_the_page_with_the_answer_that_stands() -> None:
    assert "a050" in [one.name for one in page(AREA).choices]
    assert page(OFFICES).number == 0
    assert page(AREA, 99).number == page(AREA, 0).of - 1


def test_a_search_leaves_the_choices_that_hold_the_text() -> None:
    found = page(AREA, None, "a 05")
    assert [one.name for one in found.choices] == [f"a05{number}" for number in range(10)]
    assert (found.number, found.of) == (0, 1)
    assert holding(AREA, "AREA 109")[0].name == "a109"
    assert holding(AREA, " ") == []


def test_the_lists_of_the_published_instruments_fit_on_one_card() -> None:
    questions = [q for name in pack_names() for f in read_pack(name).forms for q in f.questions]
    assert questions
    assert not [one.name for one in questions if is_long(one)]


@pytest.mark.parametrize(
    ("count", "label", "long"),
    [
        (MAX_ON_CARD + 1, "A", True),
        (60, "Area 001", False),
        (90, "x" * 60, True),
        (40, "x" * 60, False),
        (40, "ж" * 60, True),  # each of them is six bytes of JSON
        (9, "x" * 5_000, False),
    ],
)
def test_a_list_is_long_by_its_buttons_and_by_their_bytes(
    count: int, label: str, long: bool
) -> None:
    assert are_long([{"en": label}] * count) is long


@given(st.lists(st.text(max_size=200), min_size=1, max_size=150))
def test_what_is_not_long_fits_with_the_cards_other_buttons(labels: list[str]) -> None:
    if not are_long([{"en": one} for one in labels]):
        buttons = [{"text": f"☑ {one[:MAX_LABEL]}", "callback_data": "x" * 64} for one in labels]
        assert len(buttons) <= 100 - 15
        assert len(json.dumps(buttons)) <= 10_000 - 1_200
