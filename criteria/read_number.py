"""Read a typed number: in digits or words, with a decimal point or comma, with its unit.

Two readings of the same digits are never chosen between: ``6,890`` may be 6890 or 6.89, and
``12 300`` may be two numbers.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from criteria.words import Words
from criteria.words.tokens import Tokens, tokens_of

MAX_NUMBER: Final = 10**15
Number = int | float

_PLAIN: Final = re.compile(r"[+-]?(?:\d+(?:\.\d*)?|\.\d+)")
_COMMA: Final = re.compile(r"[+-]?\d*,\d+")
_COMMA_GROUPS: Final = re.compile(r"[+-]?[1-9]\d{0,2}(?:,\d{3})+(?:\.\d+)?")
_POINT_GROUPS: Final = re.compile(r"[+-]?[1-9]\d{0,2}(?:\.\d{3})+(?:,\d+)?")
_SPACED_GROUPS: Final = re.compile(r"[+-]?[1-9]\d{0,2}(?: \d{3})+(?:[.,]\d+)?")
_ONE_AND_THREE: Final = re.compile(r"[+-]?[1-9] \d{3}(?:\.\d+)?")
_DIGITS: Final = re.compile(r"(?<![\w.,])-?\d[\d.,]*(?!\w)")
_TENS: Final = range(20, 100, 10)
_ONES: Final = range(1, 10)


@dataclass(frozen=True, slots=True)
class ReadNumber:
    """The numbers that a text may mean. It is ``sure`` where there is one that it must mean;
    ``echo`` tells that people should see what it was read as.
    """

    may_be: tuple[Number, ...] = ()
    sure: bool = False
    echo: bool = False


NO_NUMBER: Final = ReadNumber()


def read_number(
    text: str, words: Words, units: frozenset[str], *, whole: bool = False
) -> ReadNumber:
    """``units`` are the words of the question, which may stand beside the number: ``20 cases``.

    ``whole`` tells that only a whole number is an answer.
    """
    plain = unicodedata.normalize("NFKC", text).replace("−", "-").strip()
    head, _, rest = plain.partition(" ")
    if words.has_word("about", head.casefold()):
        number = read_number(rest, words, units, whole=whole)
        return ReadNumber(number.may_be, number.sure, echo=True)
    digits, unit = _without_unit(plain, words, units)
    for number in (_in_digits(digits, whole=whole), _in_words(digits, words)):
        if number.may_be:
            return ReadNumber(number.may_be, number.sure, number.echo or bool(unit))
    found = [_in_digits(one.rstrip(".,"), whole=whole) for one in _DIGITS.findall(plain)]
    near = [value for one in found for value in one.may_be]
    return ReadNumber(tuple(dict.fromkeys(near))) if len(near) == 1 else NO_NUMBER


def _without_unit(plain: str, words: Words, units: frozenset[str]) -> tuple[str, str]:
    """Part ``12.5%`` and ``20 cases`` into the number and its unit."""
    said = plain.replace("%", " % ").split()
    for start in range(1, len(said)):
        unit = tokens_of(" ".join(said[start:]))
        if unit and (_is_percent(unit, words, units) or _are_units(unit, units)):
            return " ".join(said[:start]), " ".join(said[start:])
    return plain, ""


def _is_percent(unit: Tokens, words: Words, units: frozenset[str]) -> bool:
    asked = any(_singular(word) in units for word in ("percent", "percentage", "%"))
    return asked and words.has("percent", unit)


def _are_units(unit: Tokens, units: frozenset[str]) -> bool:
    return all(len(word) > 2 and _singular(word) in units for word in unit)


def units_of(texts: Sequence[str]) -> frozenset[str]:
    """The words of a question, without numbers and what they count: ``in the 12 months``."""
    said = [tokens_of(text) for text in texts]
    return frozenset(
        _singular(word)
        for text in said
        for before, word in zip(("", *text), text, strict=False)
        if not (before.isdecimal() or word.isdecimal())
    )


def _singular(word: str) -> str:
    return word.removesuffix("s")


def _in_digits(plain: str, *, whole: bool) -> ReadNumber:
    if _PLAIN.fullmatch(plain):
        grouped = _POINT_GROUPS.fullmatch(plain)
        if whole and grouped:
            return _numbers(plain.replace(".", ""))
        return _numbers(plain, sure=True)
    if _COMMA_GROUPS.fullmatch(plain):
        grouped_by_comma = plain.replace(",", "")
        if whole or "." in plain or plain.count(",") > 1:
            return _numbers(grouped_by_comma, sure=True)
        return _numbers(grouped_by_comma, plain.replace(",", "."))
    if _COMMA.fullmatch(plain):
        return _numbers(plain.replace(",", "."), sure=not whole)  # "12,00" may be 1200
    if _POINT_GROUPS.fullmatch(plain):
        return _numbers(plain.replace(".", "").replace(",", "."), sure=True)
    if _SPACED_GROUPS.fullmatch(plain):
        together = plain.replace(" ", "").replace(",", ".")
        if _ONE_AND_THREE.fullmatch(plain):
            return _numbers(together, sure=True, echo=True)
        return _numbers(together)
    return NO_NUMBER


def _numbers(*plain: str, sure: bool = False, echo: bool = False) -> ReadNumber:
    numbers = [float(one) for one in plain]
    if not all(math.isfinite(one) and abs(one) <= MAX_NUMBER for one in numbers):
        return NO_NUMBER
    return ReadNumber(
        tuple(int(one) if one.is_integer() else one for one in numbers), sure=sure, echo=echo
    )


def _in_words(plain: str, words: Words) -> ReadNumber:
    """``twenty``, ``twenty-five``, ``none``"""
    said = tokens_of(plain)
    if words.has("zero", said):
        return ReadNumber((0,), sure=True)
    numbers = [words.numbers.get(word, -1) for word in said]
    tens_and_ones = len(numbers) == 2 and numbers[0] in _TENS and numbers[1] in _ONES
    if -1 in numbers or not (len(numbers) == 1 or tens_and_ones):
        return NO_NUMBER
    return ReadNumber((sum(numbers),), sure=True)
