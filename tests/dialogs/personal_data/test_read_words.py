"""The words that recognise personal data are lists in files."""

from __future__ import annotations

from pathlib import Path

import pytest

from dialogs import personal_data
from dialogs.personal_data.read_words import read_words

FILES = sorted(Path(personal_data.__file__).parent.joinpath("words").glob("*.txt"))


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_every_file_has_words_in_small_letters_each_once(path: Path) -> None:
    lines = [line for line in path.read_text("utf-8").splitlines() if line]
    words = [line for line in lines if not line.startswith("#")]
    assert words
    assert len(set(words)) == len(words)
    assert read_words(path.stem) == set(words)


def test_a_comment_is_no_word() -> None:
    assert not any(word.startswith("#") for path in FILES for word in read_words(path.stem))
