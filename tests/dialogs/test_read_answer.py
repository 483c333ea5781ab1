"""Reading a typed answer, whatever the question's type."""

from __future__ import annotations

import pytest

from criteria.question import Reading, Refusal
from dialogs.read_answer import read_answer, read_chunk
from tests.walk import NOW, tiny_pack

QUESTIONS = tiny_pack().forms[0].by_name


def read(name: str, text: str) -> Reading | Refusal:
    return read_answer(QUESTIONS[name], text, NOW)


@pytest.mark.parametrize(
    ("text", "reason"),
    [("2.5", "not_whole"), ("", "empty"), ("\x00", "empty"), ("7" * 20_001, "too_long")],
)
def test_what_is_no_answer_is_refused(text: str, reason: str) -> None:
    assert read("visits", text) == Refusal(reason)


@pytest.mark.parametrize(
    ("words", "read"),
    [("3 y n", (3, 1)), ("don't know y", ("not_known", 2)), ("na", None), ("many y", None)],
)
def test_the_head_of_a_line_is_read_where_it_is_sure(words: str, read: object) -> None:
    assert read_chunk(QUESTIONS["visits"], words.split(), NOW) == read


@pytest.mark.parametrize("name", ["papers", "remark"])
def test_lists_and_texts_are_in_no_line_of_answers(name: str) -> None:
    assert read_chunk(QUESTIONS[name], ["plan"], NOW) is None


def test_a_text_is_kept_as_it_was_typed() -> None:
    assert read("remark", "  Said “no”, twice. ") == Reading("Said “no”, twice.")


def test_not_known_is_read_in_its_usual_words() -> None:
    assert read("visits", "don’t know") == Reading("not_known")
    assert read("visits", "n/a") == Refusal("na_not_allowed")
