"""Tell a slip of the finger from another word.

Slips are bounded by the word's length and by what fingers do: a neighbouring key, two letters
swapped, a letter doubled, left out or struck beside its neighbour, a wrong vowel.
"""

from __future__ import annotations

from typing import Final

from rapidfuzz.distance import OSA

_ROWS: Final = ("qwertyuiop", "asdfghjkl", "zxcvbnm")
_VOWELS: Final = frozenset("aeiouy")
MAX_LETTERS_SHORT: Final = 3
MAX_LETTERS_MIDDLE: Final = 5
LEAST_LETTERS_FOR_TWO: Final = 8


def _neighbouring_keys() -> dict[str, frozenset[str]]:
    """Each letter's neighbours on an English keyboard, whose rows are shifted by half a key."""
    at = {
        key: (place + row / 2, row)
        for row, keys in enumerate(_ROWS)
        for place, key in enumerate(keys)
    }
    return {
        key: frozenset(
            other
            for other, (x, y) in at.items()
            if other != key and abs(x - at[key][0]) <= 1 and abs(y - at[key][1]) <= 1
        )
        for key in at
    }


_NEAR_KEYS: Final = _neighbouring_keys()


def slips(word: str, like: str) -> int | None:
    """Return how many slips lead from ``like`` to ``word``; None where it is another word."""
    if word == like:
        return 0
    if len(like) < 2 or not (word.isalpha() and like.isalpha()) or not _begins_alike(word, like):
        return None
    distance = OSA.distance(word, like, score_cutoff=2)
    if distance == 1:
        return 1 if _is_one_slip(word, like) else None
    two = distance == 2 and len(like) >= LEAST_LETTERS_FOR_TWO
    return 2 if two and _is_part_of(word, like) else None


def _begins_alike(word: str, like: str) -> bool:
    """A letter put or lost at the start may negate: ``un``, ``neither``."""
    return word[0] == like[0] or _near(word[0], like[0]) or word[:2] == like[1::-1]


def _is_one_slip(word: str, like: str) -> bool:
    if len(like) > MAX_LETTERS_MIDDLE:
        return len(word) != len(like) or word[0] == like[0] or _is_struck(word, like)
    if len(word) == len(like):
        return _is_struck(word, like)
    if len(word) > len(like):
        return _is_doubled(word, like)
    return len(like) > MAX_LETTERS_SHORT


def _is_struck(word: str, like: str) -> bool:
    """Two letters swapped, or a neighbouring key, or another vowel in a longer word."""
    wrong = [(a, b) for a, b in zip(word, like, strict=True) if a != b]
    if len(wrong) != 1:
        return True
    a, b = wrong[0]
    return _near(a, b) or (len(like) > MAX_LETTERS_SHORT and {a, b} <= _VOWELS)


def _is_doubled(word: str, like: str) -> bool:
    """A letter struck twice, or in a longer word together with the key beside it."""
    for place, letter in enumerate(word):
        if word[:place] + word[place + 1 :] != like:
            continue
        beside = {*word[max(place - 1, 0) : place], *word[place + 1 : place + 2]}
        near = len(like) > MAX_LETTERS_SHORT and any(_near(letter, one) for one in beside)
        if letter in beside or near:
            return True
    return False


def _is_part_of(word: str, like: str) -> bool:
    letters = iter(like)
    return all(letter in letters for letter in word)


def _near(one: str, other: str) -> bool:
    return other in _NEAR_KEYS.get(one, ())
