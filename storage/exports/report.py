"""What every export is made from: an inspection as it stands, with its score and findings."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from criteria.adjustments import Adjustment
from criteria.case import Case
from criteria.findings import CriterionFindings
from criteria.inspection import Inspection
from criteria.instrument.pack import Pack
from criteria.recommendations import FollowUp, Recommendation
from criteria.scoring.score import InspectionScore


@dataclass(frozen=True, slots=True)
class Earlier:
    """The inspection that this one follows up, and how far its recommendations got."""

    inspection: Inspection
    score: InspectionScore
    recommendations: Mapping[str, Recommendation]
    followed_up: Mapping[str, FollowUp]


@dataclass(frozen=True, slots=True)
class InspectionReport:
    """``cases`` are the first readings, in the order in which they were added.

    ``made_at`` is an ISO time in UTC. ``whole`` is False where only one inspector's cases are in:
    it then holds neither findings nor recommendations.
    """

    inspection: Inspection
    pack: Pack
    cases: Sequence[Case]
    score: InspectionScore
    made_at: str
    findings: Sequence[CriterionFindings] = ()
    adjustments: Mapping[str, Adjustment] = field(default_factory=dict)
    recommendations: Mapping[str, Recommendation] = field(default_factory=dict)
    second_readings: Sequence[Case] = ()
    earlier: Earlier | None = None
    records: Mapping[str, Mapping[str, Mapping[str, Any]]] = field(default_factory=dict)
    """As the store keeps them, by kind and name."""
    whole: bool = True
