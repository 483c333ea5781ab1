"""How far two readings of one thing agree: two files on one case, or two inspectors.

Percent agreement is what the reports print (Risk of Harm in Context, 2006, Appendix 2, tables 8,
10, 11 and 14: police and probation files on 55 offenders). Cohen's kappa sets it against what
chance would give: J. Cohen, "A coefficient of agreement for nominal scales", Educational and
Psychological Measurement 20 (1960), 37-46. What a kappa is called is by the scale that readers know
best: J. R. Landis and G. G. Koch, "The measurement of observer agreement for categorical data",
Biometrics 33 (1977), 159-174.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from criteria.scoring.score import percent

STRENGTHS: Final = (
    (0, "slight"), (21, "fair"), (41, "moderate"), (61, "substantial"), (81, "almost perfect")
)  # fmt: skip
"""Landis and Koch's scale: from so many hundredths of kappa on. Below them it is "poor"."""


@dataclass(frozen=True, slots=True)
class Agreement:
    """``cross``: how many pairs gave (first, second)."""

    cross: Mapping[tuple[str, str], int]

    @property
    def pairs(self) -> int:
        return sum(self.cross.values())

    @property
    def agree(self) -> int:
        """Pairs with equal answers, N/A and not known among them."""
        return sum(count for (first, second), count in self.cross.items() if first == second)

    @property
    def share(self) -> Fraction | None:
        return Fraction(self.agree, self.pairs) if self.pairs else None

    @property
    def percent(self) -> int | None:
        return None if self.share is None else percent(self.share)

    @property
    def kappa(self) -> Fraction | None:
        """Cohen's kappa; None of no pairs, or where chance alone agrees on all.

        (o - e) / (1 - e) of the observed agreement o and that of chance, e: the products of both
        sides' shares, summed over the answers.
        """
        if self.share is None:
            return None
        first: Counter[str] = Counter()
        second: Counter[str] = Counter()
        for (one, other), count in self.cross.items():
            first[one] += count
            second[other] += count
        together = sum(count * second[answer] for answer, count in first.items())
        chance = Fraction(together, self.pairs**2)
        return None if chance == 1 else (self.share - chance) / (1 - chance)


def strength(kappa: Fraction) -> str:
    """What Landis and Koch call a kappa, ``moderate``, by its two decimals as they do."""
    names = [name for least, name in STRENGTHS if percent(kappa) >= least]
    return names[-1] if names else "poor"


def agreement(pairs: Iterable[tuple[str, str]]) -> Agreement:
    return Agreement(dict(sorted(Counter(pairs).items())))
