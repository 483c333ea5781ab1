"""The checks of criteria, headlines and bands."""

from __future__ import annotations

import pytest

from tests.criteria.instrument.check.mistakes import (
    PLANNED,
    TIMELY,
)
from tests.criteria.instrument.small_pack import (
    Case,
    add,
    both,
    finds,
    put,
    take,
)

SCORING_CASES: list[Case] = [
    # (code, what is wrong, its place, what was meant)
    (
        "criterion_unscored",
        add("sections.0.criteria", {"name": "c2", "label": "Empty"}),
        "sections[0].criteria[1] (c2)",
        (),
    ),
    (
        "criterion_unscored",
        both(put(f"{PLANNED}.scored", False), put(f"{TIMELY}.scored", False)),
        "sections[0].criteria[0] (c1)",
        (),
    ),
    (
        "headline_unscored",
        add("headlines", {"name": "more", "label": "More"}),
        "headlines[1] (more)",
        (),
    ),
    ("headline_unscored", put(f"{PLANNED}.scored", False), "headlines[0] (roh)", ()),
    ("bands_with_a_gap", put("scoring.bands.1.from", 5), "scoring.bands", ()),
    ("band_repeated", put("scoring.bands.1.from", 65), "scoring.bands[1] (POOR) from", ()),
    ("bands_without_basis", take("scoring.bands_basis"), "scoring.bands", ()),
]


@pytest.mark.parametrize(
    "case", SCORING_CASES, ids=[f"{one[0]}-{n}" for n, one in enumerate(SCORING_CASES)]
)
def test_every_mistake_is_found_at_its_place(case: Case) -> None:
    finds(case)
