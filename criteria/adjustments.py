"""The lead's word in place of a level or a comment that follows by rule, with the reason kept.

Lead inspectors have some discretion to adjust a level in the light of other findings or of the
context (ESI, 2006, "Scoring approach"). A comment band's cut-points are inferred in some packs, so
a lead may set another comment, too. What follows by rule always stands beside it, and no score
changes.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from criteria.instrument.pack import Pack


@dataclass(frozen=True, slots=True)
class Adjustment:
    """``{"to": "partly_met", "reason": "Performance on the national targets fell all year."}``

    ``to`` is a level's or a band's name.
    """

    to: str = field(repr=False)
    reason: str = field(repr=False)
    by: str | None = None
    at: str | None = None


class AdjustmentError(ValueError):
    """The adjustment cannot be; the message says what can."""


def may_be_adjusted(pack: Pack, name: str) -> Sequence[str]:
    """The levels of a described criterion, or the bands of a scored one or of a headline.

    Raises :class:`AdjustmentError` for what the pack gives neither.
    """
    described = {
        criterion.name
        for section in pack.sections
        if section.by_levels
        for criterion in section.criteria
    }
    if name in described and pack.levels is not None:
        return [rule.name for rule in pack.levels.rules]
    if pack.bands and (name in pack.criteria or any(name == one.name for one in pack.headlines)):
        return [band.name for band in pack.bands]
    known = [*pack.criteria, *(headline.name for headline in pack.headlines)]
    if name not in known:
        raise AdjustmentError(f"There is no criterion {name!r}; there are {', '.join(known)}.")
    raise AdjustmentError(f"The pack has no comments for {name!r}, so there is none to adjust.")


def check_adjustment(pack: Pack, name: str, adjustment: Adjustment) -> None:
    """Raises :class:`AdjustmentError` for an unknown criterion or level, or without a reason."""
    allowed = may_be_adjusted(pack, name)
    if adjustment.to not in allowed:
        raise AdjustmentError(f"{name} can be {', '.join(allowed)}; not {adjustment.to!r}.")
    if not adjustment.reason.strip():
        raise AdjustmentError("An adjustment needs a reason; it is kept beside it.")
