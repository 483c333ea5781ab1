"""A level or comment that the lead sets in place of the one by rule, with a reason.

Lead inspectors may adjust a level in the light of other findings or of the context (ESI, 2006,
"Scoring approach"). Some packs' cut-points are inferred, so a lead may set another comment, too.
The one by rule always stands beside it, and no score changes.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from criteria.instrument.pack import Pack


@dataclass(frozen=True, slots=True)
class Adjustment:
    """``{"to": "partly_met", "reason": "…"}``; ``to`` is a level's or a band's name."""

    to: str = field(repr=False)
    reason: str = field(repr=False)
    by: str | None = None
    at: str | None = None


class AdjustmentError(ValueError):
    """The adjustment cannot be; the message says what can."""


def may_be_adjusted(pack: Pack, name: str) -> Sequence[str]:
    """Return the levels of a described criterion, or the bands of a scored one or of a headline.

    Raises :class:`AdjustmentError` where the pack has neither.
    """
    known = [*pack.criteria, *(headline.name for headline in pack.headlines)]
    if name not in known:
        raise AdjustmentError(f"There is no criterion {name!r}; there are {', '.join(known)}.")
    described = (one for section in pack.sections if section.by_levels for one in section.criteria)
    if pack.levels is not None and any(one.name == name for one in described):
        return [rule.name for rule in pack.levels.rules]
    if pack.bands:
        return [band.name for band in pack.bands]
    raise AdjustmentError(f"The pack has no comments for {name!r}, so there is none to adjust.")


def check_adjustment(pack: Pack, name: str, adjustment: Adjustment) -> None:
    """Raise :class:`AdjustmentError` for an unknown criterion or level, or without a reason."""
    allowed = may_be_adjusted(pack, name)
    if adjustment.to not in allowed:
        raise AdjustmentError(f"{name} can be {', '.join(allowed)}; not {adjustment.to!r}.")
    if not adjustment.reason.strip():
        raise AdjustmentError("An adjustment needs a reason; it is kept beside it.")
