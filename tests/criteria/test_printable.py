"""Nothing from outside steers a terminal, or fills a message."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from criteria.printable import printable, shown


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


def test_what_steers_a_terminal_is_written_out_as_json_has_it() -> None:
    steering = "\x1b]0;title\x07\x9b2J\x7f\u202e\u2066\u2028\ud800 \r."
    written = shown(f"a{steering}b")
    assert written.isprintable()
    assert json.loads(f'"{written}"') == f"a{steering}b"


@pytest.mark.parametrize("text", ["two\nlines\tand tabs\r\n", "Wales & “ŵ” – 👩\u200d⚕️"])
def test_line_breaks_tabs_and_joined_signs_stay(text: str) -> None:
    assert shown(text) == text
