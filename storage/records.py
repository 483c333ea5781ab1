"""The records that an inspection keeps beside its cases, as the values they stand for."""

from typing import Final

from criteria.adjustments import Adjustment
from criteria.findings import KeyFinding
from criteria.recommendations import (
    FollowUp,
    Recommendation,
    follow_up_from_json,
    recommendation_from_json,
)
from storage.documents import RecordKind
from storage.store import Store

EXPORTED: Final[tuple[RecordKind, ...]] = (
    "adjustments",
    "key_findings",
    "recommendations",
    "follow_ups",
)
"""Those that an inspection file carries; the others are the bot's own."""


async def adjustments(store: Store, inspection_id: str) -> dict[str, Adjustment]:
    """By criterion or headline."""
    kept = await store.records(inspection_id, "adjustments")
    return {name: Adjustment(**raw) for name, raw in kept.items()}


async def key_findings(store: Store, inspection_id: str) -> dict[str, KeyFinding]:
    """By criterion."""
    kept = await store.records(inspection_id, "key_findings")
    return {name: KeyFinding(**raw) for name, raw in kept.items()}


async def recommendations(store: Store, inspection_id: str) -> dict[str, Recommendation]:
    """By reference (``R1``)."""
    kept = await store.records(inspection_id, "recommendations")
    return {name: recommendation_from_json(raw) for name, raw in kept.items()}


async def follow_ups(store: Store, inspection_id: str) -> dict[str, FollowUp]:
    """By the reference that the recommendation has in the earlier inspection."""
    kept = await store.records(inspection_id, "follow_ups")
    return {name: follow_up_from_json(raw) for name, raw in kept.items()}
