"""A question of each type, in a small pack that has no errors."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from criteria.instrument.check.pack import check_pack
from criteria.instrument.load import load_pack
from criteria.question import Question, Reading, Said
from criteria.question_types import TYPES
from tests.criteria.instrument.small_pack import a_pack

SAID = Said(datetime(2026, 11, 20, 10, tzinfo=UTC))


def a_question(kind: str, **properties: Any) -> Question:
    raw = {"type": kind, "name": "asked", "label": "Asked?", "na": True, **properties}
    if TYPES[kind].takes_list:
        raw["type"] = f"{kind} strength"
    if TYPES[kind].worked_out:
        raw.setdefault("calculation", "${age} + 1")
    pack = a_pack()
    pack["forms"][0]["survey"].append(raw)
    assert [issue for issue in check_pack(pack) if issue.is_error] == []
    return load_pack(pack).forms[0].by_name["asked"]


def read(kind: str, text: str) -> object:
    """The value that a text is read as, or the reason why it is none."""
    found = TYPES[kind].read(a_question(kind), text, SAID)
    return found.value if isinstance(found, Reading) else found.reason
