"""Everyday words by which people answer: a TOML file for each language; ``en.toml`` says what each
list is for.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

from criteria.words.tokens import Tokens, tokens_of

ENGLISH: Final = "en"
_FOLDER: Final = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class Words:
    """The words of one language by list, each text as its tokens, the longest first."""

    lists: Mapping[str, tuple[Tokens, ...]]
    heard_as: Mapping[str, str]
    instead_of: Mapping[str, str]
    numbers: Mapping[str, int]

    def has(self, kind: str, said: Tokens) -> bool:
        return said in self.lists.get(kind, ())

    def has_word(self, kind: str, word: str) -> bool:
        return (word,) in self.lists.get(kind, ())

    def negates(self, word: str) -> bool:
        return word.endswith("n't") or self.has_word("negations", word)

    def meant(self, said: Tokens) -> Tokens:
        """Return the text with each word as it was meant, where it was dictated or cut short."""
        if len(said) == 1:
            word = self.instead_of.get(said[0], said[0])
            return (word if len(word) == 1 else self.heard_as.get(word, word),)
        return tuple(self.heard_as.get(word, word) for word in said)

    def number(self, kind: str, word: str) -> int | None:
        """Return the place of a month or weekday, from 1."""
        for place, names in enumerate(self.lists.get(kind, ()), 1):
            if word in names:
                return place
        return None


@lru_cache(maxsize=16)
def everyday_words(language: str | None = None) -> Words:
    """Return a language's words; the English ones where it has none of its own."""
    spoken = (language or ENGLISH).partition("-")[0]
    file = _FOLDER / f"{spoken}.toml"
    if not spoken.isalpha() or not file.is_file():
        file = _FOLDER / f"{ENGLISH}.toml"
    raw = tomllib.loads(file.read_text("utf-8"))
    return Words(
        lists={kind: _texts(kind, texts) for kind, texts in raw["lists"].items()},
        heard_as=raw.get("heard_as", {}),
        instead_of=raw.get("instead_of", {}),
        numbers=raw.get("numbers", {}),
    )


def _texts(kind: str, texts: Any) -> tuple[Tokens, ...]:
    found = (tokens_of(text) for text in texts)
    return tuple(found) if kind in ("months", "weekdays") else tuple(sorted(found, key=_longest))


def _longest(text: Tokens) -> int:
    return -len(text)
