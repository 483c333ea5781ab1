"""A log as TinyDB tables, whose ids are texts."""

from __future__ import annotations

import pytest
from tinydb import where

from storage.journal import Snapshot
from storage.tables import EMPTY, table

PEOPLE = {"tg-1": {"person": "I1", "role": "inspector"}, "tg-2": {"person": "L1", "role": "lead"}}
SNAPSHOT = Snapshot(1, "h", "", {"people": PEOPLE})


def test_documents_are_found_by_their_ids_and_by_queries() -> None:
    people = table(SNAPSHOT, "people")
    assert people.document("tg-2") == PEOPLE["tg-2"]
    assert people.document("tg-3") is None
    assert people.ids() == ["tg-1", "tg-2"]
    (lead,) = people.search(where("role") == "lead")
    assert lead["person"] == "L1"


def test_a_table_that_is_not_there_is_empty() -> None:
    assert table(EMPTY, "people").all() == []


def test_a_snapshot_is_not_written_to() -> None:
    with pytest.raises(TypeError, match="append an entry"):
        table(SNAPSHOT, "people").put("tg-3", {"person": "I2"})
    assert PEOPLE.keys() == {"tg-1", "tg-2"}
