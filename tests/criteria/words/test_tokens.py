"""A text as its words."""

from __future__ import annotations

import pytest

from criteria.words import everyday_words
from criteria.words.tokens import is_doubtful, tokens_of


@pytest.mark.parametrize(
    ("text", "tokens"),
    [
        ("Yes, and effective.", ("yes", "and", "effective")),
        ("ＹＥＳ", ("yes",)),
        ("n\u00ado", ("no",)),
        ("\u202ano\u202c", ("no",)),
        ("👍🏽", ("👍",)),
        ("c.r.o.", ("cro",)),
        ("N / A", ("n/a",)),
        ("n\\a", ("n/a",)),
        ("order/licence", ("order", "licence")),
        ("don’t", ("don't",)),
        ("4+", ("4", "+")),
        ("-3", ("-", "3")),
        ("1-2", ("1", "2")),
        ("...", ()),
    ],
)
def test_signs_that_may_change_a_meaning_are_words_and_others_are_not(
    text: str, tokens: tuple[str, ...]
) -> None:
    assert tokens_of(text) == tokens


def test_a_question_mark_an_open_end_and_a_slash_are_doubtful() -> None:
    assert all(map(is_doubtful, ("yes?", "yes...", "yes…", "/yes")))
    assert not any(map(is_doubtful, ("yes.", "yes!", "n/a")))


def test_a_language_without_words_of_its_own_has_the_english_ones() -> None:
    assert everyday_words("fr") == everyday_words("../en") == everyday_words(None)
    assert everyday_words("cy-GB").has_word("no", "na")


@pytest.mark.parametrize("language", ["en", "cy"])
def test_no_everyday_text_means_two_things(language: str) -> None:
    words = everyday_words(language)
    kinds = ("yes", "no", "na", "not_known")
    said = [text for kind in kinds for text in words.lists[kind]]
    assert len(set(said)) == len(said)
