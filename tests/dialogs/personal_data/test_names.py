"""Names of people, told from words, places and institutions."""

from __future__ import annotations

import pytest

from dialogs.personal_data import personal_data
from tests.dialogs.personal_data.notes import kinds


@pytest.mark.parametrize("word", ["Will", "Mark", "Grace", "Hope", "May", "Rose", "Bill"])
def test_a_name_that_is_a_word_counts_only_where_a_capital_says_so(word: str) -> None:
    assert kinds(f"{word} be looked at again.") == []
    assert kinds(f"This {word.lower()} be looked at again.") == []
    assert kinds(f"{word} Thompson was seen.") == ["name"]


def test_what_services_courts_and_laws_are_called_is_nobody() -> None:
    assert personal_data("HMP Long Lartin, St Mary's Hospital, Elizabeth Fry House") == ()
    assert personal_data("Clare's Law and Sarah's Law") == ()
    assert kinds("Clare's plan") == ["name"]
