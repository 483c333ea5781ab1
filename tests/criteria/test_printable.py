"""Nothing from outside steers a terminal, or fills a message."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from criteria.printable import printable


@given(st.text())
def test_any_text_becomes_one_printable_line(text: str) -> None:
    assert printable(text).isprintable()


def test_a_printable_text_stays_as_it_is() -> None:
    assert printable("Wales & “ŵ” – 5 %") == "Wales & “ŵ” – 5 %"


def test_an_escape_is_shown_and_not_sent() -> None:
    assert printable("a\x1b[2Jb\n") == "a\\x1b[2Jb\\n"


def test_a_long_text_is_cut_to_the_length_asked_for() -> None:
    assert printable("x" * 50, 10) == "x" * 9 + "…"
    assert printable("x" * 10, 10) == "x" * 10
