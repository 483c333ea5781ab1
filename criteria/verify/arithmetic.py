"""Undo rounding: find the counts, bases and sums that a printed figure can come from.

The reports round half up on the exact count over its base (34 of 80 prints as 43: Movement of Cases
2004, Appendix 2). All arithmetic here is exact, in whole numbers and fractions.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import islice
from math import ceil
from typing import Final

Rule = Callable[[int, int], int]
"""Numerator and denominator in, whole number out."""

HIGHEST_BASE: Final = 2000
"""The largest base that is tried; with so many cases, every percentage is possible."""


def half_up(numerator: int, denominator: int) -> int:
    """2.5 becomes 3: the rule of the published reports."""
    return (2 * numerator + denominator) // (2 * denominator)


def half_to_even(numerator: int, denominator: int) -> int:
    """2.5 becomes 2 and 3.5 becomes 4: what spreadsheets' and languages' banker's rounding does."""
    whole, rest = divmod(numerator, denominator)
    return whole + (2 * rest > denominator or (2 * rest == denominator and whole % 2 == 1))


def down(numerator: int, denominator: int) -> int:
    """2.9 becomes 2: truncation."""
    return numerator // denominator


RULES: Final[dict[str, Rule]] = {"half up": half_up, "half to even": half_to_even, "down": down}
EDGES: Final[dict[Rule, Callable[[int], tuple[int, int]]]] = {
    half_up: lambda figure: (2 * figure - 1, 2 * figure + 1),
    half_to_even: lambda figure: (2 * figure - 1, 2 * figure + 1),
    down: lambda figure: (2 * figure, 2 * figure + 2),
}
"""By rule: the lower and upper edge of the numbers that print as a figure, in half steps."""


@dataclass(frozen=True, slots=True, order=True)
class Printed:
    """A printed figure: 42 is ``Printed(42)``, 80.7 is ``Printed(807, decimals=1)``."""

    steps: int
    decimals: int = 0

    @property
    def per_one(self) -> int:
        return int(10**self.decimals)

    @property
    def value(self) -> Fraction:
        return Fraction(self.steps, self.per_one)

    @property
    def span(self) -> Span:
        """The numbers within 0 to 100 that round half up to it: 77 is 76.5 to under 77.5."""
        half = Fraction(1, 2 * self.per_one)
        return Span(max(self.value - half, Fraction(0)), min(self.value + half, Fraction(100)))

    def __str__(self) -> str:
        if not self.decimals:
            return str(self.steps)
        whole, rest = divmod(abs(self.steps), self.per_one)
        return f"{'-' if self.steps < 0 else ''}{whole}.{rest:0{self.decimals}d}"


@dataclass(frozen=True, slots=True)
class Span:
    """The numbers from ``low`` to under ``high``, or the one number where both are equal."""

    low: Fraction
    high: Fraction

    @classmethod
    def of(cls, count: int, base: int) -> Span:
        exactly = Fraction(100 * count, base)
        return cls(exactly, exactly)

    def printed(self, decimals: int = 0) -> tuple[Printed, Printed]:
        """Return the least and the greatest figure that numbers in the span round half up to."""
        steps = 10**decimals
        least = half_up(self.low.numerator * steps, self.low.denominator)
        # A number just under 77.5 prints as 77, so the upper end itself does not count.
        most = ceil(self.high * steps + Fraction(1, 2)) - 1
        return Printed(least, decimals), Printed(max(least, most), decimals)


def share(count: int, base: int, decimals: int = 0, rule: Rule = half_up) -> Printed:
    return Printed(rule(100 * count * 10**decimals, base), decimals)


def counts_giving(printed: Printed, base: int, rule: Rule = half_up) -> range:
    """Return the counts of a base that print as the figure; an empty range if there are none.

    With half up, 200 × count ÷ base lies between 2 × figure - 1 and 2 × figure + 1, in the figure's
    steps. At the edges, the rule decides.
    """
    low, high = EDGES[rule](printed.steps)
    whole = 200 * printed.per_one
    first = max(0, -(-low * base // whole))
    last = min(base, high * base // whole)
    while first <= last and rule(100 * first * printed.per_one, base) < printed.steps:
        first += 1
    while first <= last and rule(100 * last * printed.per_one, base) > printed.steps:
        last -= 1
    return range(first, last + 1)


def neighbours(printed: Printed, base: int) -> list[tuple[int, Printed]]:
    """Return the counts of a base that print next below and above the figure, and how."""
    counts = counts_giving(printed, base)
    return [
        (count, share(count, base, printed.decimals))
        for count in (counts.start - 1, counts.stop)
        if 0 <= count <= base
    ]


def bases_giving(count: int, printed: Printed, highest: int) -> range:
    """Return the bases up to ``highest`` for which the count prints as the figure."""

    def steps(base: int) -> int:
        return -share(count, base, printed.decimals).steps

    bases = range(max(1, count), highest + 1)
    first = bisect_left(bases, -printed.steps, key=steps)
    return bases[first : bisect_right(bases, -printed.steps, key=steps)]


def bases_near(printed: Printed, base: int, each: int = 3) -> list[int]:
    """Return bases a little under and over ``base`` that have a count printing as the figure."""

    def giving(bases: Iterable[int]) -> list[int]:
        return list(islice((one for one in bases if counts_giving(printed, one)), each))

    below = giving(range(base - 1, max(0, base - 200), -1))
    return below[::-1] + giving(range(base + 1, base + 200))


def counts_of(parts: Sequence[Printed], base: int, rule: Rule = half_up) -> tuple[int, ...] | None:
    """Return counts that print as the parts and add up to the base, or None."""
    ranges = [counts_giving(part, base, rule) for part in parts]
    if not all(ranges) or sum(one[-1] for one in ranges) < base:
        return None
    rest = base - sum(one[0] for one in ranges)
    if rest < 0:
        return None
    counts = []
    for one in ranges:
        more = min(rest, one[-1] - one[0])
        counts.append(one[0] + more)
        rest -= more
    return tuple(counts)


def joint_bases(parts: Sequence[Printed], highest: int, rule: Rule = half_up) -> list[int]:
    """Return the bases up to ``highest`` that can be divided so that all parts print right."""
    return [base for base in range(1, highest + 1) if counts_of(parts, base, rule)]


def can_add_up(parts: Sequence[Printed]) -> bool:
    """Return whether numbers that print as the parts can add up to 100."""
    low = sum(part.span.low for part in parts)
    high = sum(part.span.high for part in parts)
    exactly = all(part.span.high == part.value for part in parts)
    return low <= 100 and (high > 100 or (exactly and high == 100))


def sums_by_rounding(parts: Sequence[Printed]) -> tuple[Printed, Printed]:
    """Return the least and the greatest sum of this many rounded parts of 100.

    Each part is less than half a step too low (a half is rounded up), or up to half a step too
    high (unless it is 0). Four parts: 99 to 102.
    """
    decimals = max(part.decimals for part in parts)
    whole = 100 * 10**decimals
    least = whole - (ceil(Fraction(len(parts), 2)) - 1)
    most = whole + sum(part.steps > 0 for part in parts) // 2
    return Printed(least, decimals), Printed(most, decimals)


def sum_of(parts: Sequence[Printed]) -> Printed:
    decimals = max((part.decimals for part in parts), default=0)
    return Printed(int(sum(part.value for part in parts) * 10**decimals), decimals)


def mean_span(parts: Sequence[tuple[Span, Fraction]]) -> Span:
    """Return the span of the weighted mean of numbers that lie in the given spans.

    A section is the weighted mean of its criteria, critical 2 and important 1 (ESI 2006, scoring
    approach), or their plain mean (OMI 2 2011, Appendix 5). The criteria are printed rounded.
    """
    weights = sum(weight for _, weight in parts)
    low = sum((span.low * weight for span, weight in parts), Fraction(0))
    high = sum((span.high * weight for span, weight in parts), Fraction(0))
    return Span(low / weights, high / weights)


def ranges(numbers: Iterable[int]) -> str:
    """List numbers as ``17, 34, 73–76``, shortened to a line."""
    runs: list[list[int]] = []
    if isinstance(numbers, range) and len(numbers) > 1:  # perhaps millions: only its ends matter
        return f"{numbers[0]}–{numbers[-1]}"
    for number in sorted(numbers):
        if runs and number == runs[-1][-1] + 1:
            runs[-1] = [runs[-1][0], number]
        else:
            runs.append([number])
    shown = [str(run[0]) if len(run) == 1 else f"{run[0]}–{run[-1]}" for run in runs]
    if len(shown) > 12:
        shown = [*shown[:6], "…", *shown[-5:]]
    return ", ".join(shown)
