"""How sure a proportion is: Wilson's interval, for samples of a caseload.

E. B. Wilson, "Probable inference, the law of succession, and statistical inference", Journal of the
American Statistical Association 22 (1927), 209-212. It holds for small bases and for shares near 0
and 1, as a sample of cases has them. Where the caseload is known, the sample is a part of something
finite: the base counts as relevant x (caseload - 1) / (caseload - relevant), so that the interval
shrinks to the proportion itself when every case was read.
"""

from fractions import Fraction
from math import sqrt
from typing import Final

Z_95: Final = 1.959963984540054
"""The normal deviate that leaves 2.5% on either side."""

Interval = tuple[float, float]


def wilson(sufficient: int, relevant: int, caseload: int | None = None) -> Interval | None:
    """Return the 95% interval of ``sufficient / relevant``, within 0..1; None of no base.

    ``caseload`` is the number of all relevant cases, where it is known. Raises ``ValueError`` for
    counts that cannot be.
    """
    if not 0 <= sufficient <= relevant:
        raise ValueError(f"{sufficient} sufficient of {relevant} relevant cannot be")
    if caseload is not None and caseload < relevant:
        raise ValueError(f"a caseload of {caseload} cannot hold {relevant} relevant cases")
    if not relevant:
        return None
    share = sufficient / relevant
    if caseload == relevant:
        return share, share
    base = relevant if caseload is None else relevant * (caseload - 1) / (caseload - relevant)
    square = Z_95**2
    middle = (share + square / (2 * base)) / (1 + square / base)
    half = Z_95 * sqrt(share * (1 - share) / base + square / (4 * base**2)) / (1 + square / base)
    low, high = max(0.0, middle - half), min(1.0, middle + half)
    return min(low, share), max(high, share)


def mean_interval(intervals: list[tuple[Fraction, float, float]]) -> Interval | None:
    """The 95% interval of a mean of proportions, each (proportion, low, high); None of none.

    The half-widths below and above are put together as independent errors are (root of the sum of
    squares over their number): the square-and-add method for more than two proportions (G. Y. Zou
    and A. Donner, Statistics in Medicine 27 (2008), 1693-1702). Questions of one case go together,
    so it is rather too narrow than too wide.
    """
    if not intervals:
        return None
    count = len(intervals)
    middle = float(sum((share for share, _, _ in intervals), Fraction(0)) / count)
    below = sqrt(sum((float(share) - low) ** 2 for share, low, _ in intervals)) / count
    above = sqrt(sum((high - float(share)) ** 2 for share, _, high in intervals)) / count
    return max(0.0, middle - below), min(1.0, middle + above)
