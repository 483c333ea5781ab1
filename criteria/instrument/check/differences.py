"""Tell apart the arithmetic that can be tried with a few answers from what cannot.

A comparison of two answers with a number or days between them (``${d2} - ${d1} > 10``, ``. <= ${n}
+ 5``) is a *difference*. Where expressions compare by differences only and any answers fulfil them,
then some do that are sums of the numbers in them: the lengths of shortest paths, by the textbook
result on systems of difference constraints (Cormen et al., "Introduction to Algorithms"). With a
product, or a sum of two answers, nothing of the kind holds.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import product
from typing import Final

from criteria.expressions import TODAY, Expression, Part, is_date

ARITHMETIC: Final = frozenset(
    {"+", "-", "*", "div", "mod", "working_days", "int", "round", "sum", TODAY}
)
COMPARISONS: Final = frozenset({"=", "!=", "<", "<=", ">", ">="})
MAX_NUMBERS: Final = 5
"""Of more numbers, there are too many sums."""


def has_arithmetic(expression: Expression) -> bool:
    return any(_is_arithmetic(part) for part in _walk(expression.root))


def can_be_tried(expression: Expression) -> bool:
    """Whether all of its arithmetic is in comparisons that are differences."""
    return _is_tried(expression.root)


def sums(numbers: Iterable[float]) -> set[float] | None:
    """Return what the numbers, each added, taken away or left out, come to; None of too many."""
    terms = [number for number in numbers if number]
    if len(terms) > MAX_NUMBERS:
        return None
    signs = product((-1, 0, 1), repeat=len(terms))
    return {sum(sign * one for sign, one in zip(of, terms, strict=True)) for of in signs}


def _walk(part: Part) -> Iterator[Part]:
    yield part
    for one in part.parts:
        yield from _walk(one)


def _is_arithmetic(part: Part) -> bool:
    negative = part.symbol == "-" and len(part.parts) == 1 and part.parts[0].symbol == "literal"
    return part.symbol in ARITHMETIC and not negative


def _is_tried(part: Part) -> bool:
    if part.symbol in COMPARISONS and any(_is_arithmetic(one) for one in part.parts):
        terms = [_terms(one) for one in part.parts]
        return None not in terms and _is_difference(*(one or Counter() for one in terms))
    return not _is_arithmetic(part) and all(map(_is_tried, part.parts))


def _is_difference(left: Counter[str], right: Counter[str]) -> bool:
    """Whether one side less the other is an answer, an answer taken away, or one of each."""
    left.subtract(right)
    return sorted(times for times in left.values() if times) in ([], [1], [-1], [-1, 1])


def _terms(part: Part) -> Counter[str] | None:
    """How often each answer is added in a sum; None where it is no sum of answers and numbers."""
    if part.symbol == "literal":
        number = isinstance(part.value, float) or (
            isinstance(part.value, str) and is_date(part.value)
        )
        return Counter() if number else None
    if part.symbol == "$":
        return Counter({str(part.value): 1})
    if part.symbol not in ("+", "-"):
        return None
    terms = [_terms(one) for one in part.parts]
    if None in terms:
        return None
    total: Counter[str] = Counter()
    for place, one in enumerate(terms):
        taken_away = part.symbol == "-" and (place or len(terms) == 1)
        (total.subtract if taken_away else total.update)(one or {})
    return total
