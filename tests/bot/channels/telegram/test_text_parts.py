"""Texts are cut to what Telegram takes, and nothing of them is lost."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.channels.telegram.text_parts import shorten, text_parts, units


def test_an_emoji_counts_twice() -> None:
    assert units("a🙂é") == 4


def test_a_text_that_fits_is_left_as_it_is() -> None:
    text = "x\n" * 2047 + "🙂"
    assert units(text) == 4096
    assert text_parts(text) == [text]


def test_one_more_unit_makes_two_parts() -> None:
    assert text_parts("x\n" * 2047 + "🙂y") == [("x\n" * 2047).rstrip(), "🙂y"]


def test_a_line_that_is_too_long_is_cut_between_words() -> None:
    assert text_parts("one two three", most=8) == ["one two ", "three"]


def test_a_word_that_is_too_long_is_cut_between_characters() -> None:
    assert text_parts("🙂🙂🙂", most=5) == ["🙂🙂", "🙂"]


@pytest.mark.parametrize("text", ["", " ", "\n\n", "\n" * 5000])
def test_a_blank_text_has_no_parts(text: str) -> None:
    assert text_parts(text) == []


@given(st.text(alphabet="ab \n🙂\u2028é", max_size=80), st.integers(2, 20))
def test_every_part_fits_and_nothing_visible_is_lost(text: str, most: int) -> None:
    parts = text_parts(text, most)
    assert all(0 < units(part) <= most for part in parts)
    assert "".join("".join(parts).split()) == "".join(text.split())


@given(st.text(max_size=40), st.integers(1, 20))
def test_what_is_shortened_fits(text: str, most: int) -> None:
    assert units(shorten(text, most)) <= most
