"""Slips of the finger."""

from __future__ import annotations

import pytest

from criteria.slips import slips


@pytest.mark.parametrize(
    ("word", "like"),
    [
        ("ues", "yes"), ("bo", "no"), ("yess", "yes"), ("noo", "no"), ("mael", "male"),
        ("mer", "met"), ("largley", "largely"), ("larfely", "largely"), ("kargely", "largely"),
        ("partlt", "partly"), ("suffcient", "sufficient"), ("week", "weak"), ("string", "strong"),
        ("insuficent", "insufficient"),
    ],
)  # fmt: skip
def test_a_slip_of_the_finger_is_found(word: str, like: str) -> None:
    assert slips(word, like) is not None


@pytest.mark.parametrize(
    ("word", "like"),
    [
        ("yet", "yes"), ("do", "no"), ("go", "no"), ("now", "no"), ("not", "no"),
        ("either", "neither"),
        ("efficient", "sufficient"), ("inefficient", "insufficient"),
        ("sufficient", "insufficient"),
        ("unsatisfactory", "satisfactory"), ("pore", "poor"),
        ("mate", "male"), ("level4", "level3"),
        ("4", "3"), ("ineffective", "effective"), ("law", "low"), ("a", "n"),
    ],
)  # fmt: skip
def test_another_word_is_no_slip(word: str, like: str) -> None:
    assert slips(word, like) is None
