"""A pack whose lists do not fit on one card: 110 areas, and 90 offices with long names."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

from criteria.instrument.load import load_pack
from criteria.instrument.pack import Pack
from tests.walk import TINY

AREAS = [{"name": f"a{number:03d}", "label": f"Area {number:03d}"} for number in range(110)]
OFFICES = [
    {"name": f"o{number:02d}", "label": f"Office {number:02d} in the county of {'x' * 60}"[:60]}
    for number in range(90)
]


def long_lists_document() -> dict[str, Any]:
    document: dict[str, Any] = deepcopy(TINY)
    document["choices"] |= {"areas": AREAS, "offices": OFFICES}
    document["forms"][0]["survey"] = [
        {"type": "select_one areas", "name": "area", "number": "D1", "label": "Which area?"},
        {
            "type": "select_multiple offices",
            "name": "offices",
            "number": "D2",
            "label": "Which offices?",
            "na": True,
            "not_known": True,
        },
        *document["forms"][0]["survey"],
    ]
    return document


def long_lists_pack() -> Pack:
    return load_pack(long_lists_document())
