"""What an inspection keeps beside its cases comes back as the values it stands for."""

from __future__ import annotations

from dataclasses import asdict
from typing import get_args

from criteria.adjustments import Adjustment
from criteria.findings import KeyFinding
from criteria.recommendations import (
    FollowUp,
    FollowUpStatus,
    Recommendation,
    follow_up_to_json,
    recommendation_to_json,
)
from storage import records
from storage.documents import RecordKind
from storage.store import Store
from tests.changing import set_record
from tests.storage.conftest import OpenStore
from tests.storage.tiny import AT

ID = "cheshire-2011"


async def test_each_kind_comes_back_by_its_name_and_in_its_order(
    inspected: Store, open_store: OpenStore
) -> None:
    adjustment = Adjustment("DRASTIC", "Two deaths.")
    finding = KeyFinding("Plans were timely.", "L1", AT)
    first = Recommendation(True, "CRC", "Plan better.", ("c1",), ("q1",), "L1", AT)
    second = Recommendation(False, "NPS", "Visit more.")
    followed = FollowUp(FollowUpStatus.UNDER_WAY, "L1", AT)
    for kind, name, document in (
        ("adjustments", "c1", asdict(adjustment)),
        ("key_findings", "c1", asdict(finding)),
        ("recommendations", "R1", recommendation_to_json(first)),
        ("recommendations", "R2", recommendation_to_json(second)),
        ("follow_ups", "R7", follow_up_to_json(followed)),
    ):
        await set_record(inspected, ID, kind, name, document, by="L1", at=AT)  # type: ignore[arg-type]  # one of them
    store = await open_store()
    assert await records.adjustments(store, ID) == {"c1": adjustment}
    assert await records.key_findings(store, ID) == {"c1": finding}
    assert list((await records.recommendations(store, ID)).items()) == [
        ("R1", first),
        ("R2", second),
    ]
    assert await records.follow_ups(store, ID) == {"R7": followed}


async def test_an_inspection_without_any_has_none(inspected: Store) -> None:
    for read in (
        records.adjustments,
        records.key_findings,
        records.recommendations,
        records.follow_ups,
    ):
        assert await read(inspected, ID) == {}


def test_what_is_exported_are_kinds_that_there_are_and_no_chats() -> None:
    assert set(records.EXPORTED) < set(get_args(RecordKind))
    assert "digests" not in records.EXPORTED
