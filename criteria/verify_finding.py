"""What `casewalk verify` finds: of a printed figure, or of several together, whether it can be."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Level(StrEnum):
    """How it stands with a figure, the worst first."""

    CANNOT_BE = "cannot be"
    ODD = "odd"
    NOT_CHECKED = "not checked"
    FITS = "fits"


@dataclass(frozen=True, slots=True)
class Finding:
    """One statement about printed figures.

    ``report`` and ``place`` say where they are printed; ``would_fit`` what could stand there
    instead, or, of figures that fit, what must stand behind them.
    """

    level: Level
    place: str
    what: str
    would_fit: str = ""
    report: str = ""
