"""Reading a typed answer, whatever the question's type."""

from __future__ import annotations

import pytest

from criteria.question import Reading, Refusal, Said
from dialogs.read_answer import Line, read_answer, read_line
from tests.walk import NOW, tiny_pack

SAID = Said(NOW, "en")
QUESTIONS = tiny_pack().forms[0].by_name


def read(name: str, text: str) -> Reading | Refusal:
    return read_answer(QUESTIONS[name], text, SAID)


@pytest.mark.parametrize(
    ("text", "reason"),
    [("2.5", "not_whole"), ("", "empty"), ("\x00", "empty"), ("7" * 20_001, "too_long")],
)
def test_what_is_no_answer_is_refused(text: str, reason: str) -> None:
    assert read("visits", text) == Refusal(reason)


@pytest.mark.parametrize(
    ("line", "values", "word"),
    [("y f", ("yes", "fully"), None), ("y,nm", ("yes",), "nm"), ("n 2", ("no", "largely"), None),
     ("na nk", ("na", "not_known"), None), ("y l y", ("yes", "largely"), "y")],
)  # fmt: skip
def test_codes_answer_the_questions_of_a_card(
    line: str, values: tuple[str, ...], word: str | None
) -> None:
    told, how_well = QUESTIONS["told"], QUESTIONS["how_well"]
    read = read_line([told, how_well], line, SAID)
    assert read is not None
    assert read.answers == tuple(zip((told, how_well), values, strict=False))
    assert (read.word, read.question) == (word, how_well if word == "nm" else None)


@pytest.mark.parametrize("text", ["yes no", "no no", "y late", "y", "n.k", "largely y", "zz y"])
def test_a_phrase_is_no_line_of_codes(text: str) -> None:
    assert read_line([QUESTIONS["told"], QUESTIONS["how_well"]], text, SAID) is None


@pytest.mark.parametrize("name", ["papers", "remark", "visits"])
def test_only_one_choice_of_a_list_has_a_code(name: str) -> None:
    assert read_line([QUESTIONS["told"], QUESTIONS[name]], "y 1", SAID) == Line(
        ((QUESTIONS["told"], "yes"),), "1", QUESTIONS[name]
    )


def test_na_is_no_in_a_welsh_session() -> None:
    told = QUESTIONS["told"]
    assert read_answer(told, "na", Said(NOW, "cy")) == Reading("no")
    assert read_answer(told, "na", Said(NOW, "en")) == Reading("na")
    assert read_answer(told, "naddo", Said(NOW, "cy")) == Reading("no")
    assert isinstance(read_answer(told, "naddo", Said(NOW, "en")), Refusal)


def test_a_text_is_kept_as_it_was_typed() -> None:
    assert read("remark", "  Said “no”, twice. ") == Reading("Said “no”, twice.")


def test_not_known_is_read_in_its_usual_words() -> None:
    assert read("visits", "don’t know") == Reading("not_known")
    assert read("visits", "n/a") == Refusal("na_not_allowed")
