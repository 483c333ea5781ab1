"""What an inspection recommends, and how far that has got by the next inspection.

The published reports set key recommendations apart from others, name who is to act, and point to
the paragraphs they rest on (Transforming Rehabilitation 2014, "Recommendations").
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from typing import Any


class FollowUpStatus(StrEnum):
    NOT_STARTED = "not_started"
    UNDER_WAY = "under_way"
    DONE = "done"
    NO_LONGER_NEEDED = "no_longer_needed"


@dataclass(frozen=True, slots=True)
class Recommendation:
    """``{"key": true, "owner": "CRC", "text": "…", "criteria": ["c1.2"], "findings": ["q1.2.b"],
    "by": "L1", "at": "2026-11-20T10:00:00Z"}``, kept under its reference (``R1``).

    ``criteria`` and ``findings`` are criterion and question names.
    """

    key: bool
    owner: str = field(repr=False)
    text: str = field(repr=False)
    criteria: tuple[str, ...] = ()
    findings: tuple[str, ...] = ()
    by: str | None = None
    at: str | None = None


@dataclass(frozen=True, slots=True)
class FollowUp:
    """Kept under the reference that the recommendation has in the earlier inspection."""

    status: FollowUpStatus
    by: str | None = None
    at: str | None = None


def recommendation_to_json(one: Recommendation) -> dict[str, Any]:
    return {**asdict(one), "criteria": list(one.criteria), "findings": list(one.findings)}


def recommendation_from_json(raw: Mapping[str, Any]) -> Recommendation:
    lists = {name: tuple(raw.get(name, ())) for name in ("criteria", "findings")}
    return Recommendation(**{**raw, **lists})


def follow_up_to_json(one: FollowUp) -> dict[str, Any]:
    return {**asdict(one), "status": one.status.value}


def follow_up_from_json(raw: Mapping[str, Any]) -> FollowUp:
    return FollowUp(FollowUpStatus(raw["status"]), raw.get("by"), raw.get("at"))
