"""The checks of a pack's shape."""

from __future__ import annotations

from typing import Any

import pytest

from criteria.instrument.check.shape import MAX_PARTS
from tests.criteria.instrument.check.mistakes import (
    A_GROUP,
    AN_END,
    PAPERS,
    PLANNED,
    PLANNED_AT,
    RISKY,
    add_all,
)
from tests.criteria.instrument.small_pack import (
    Case,
    finds,
    put,
    take,
)

DEEP: list[Any] = []
for _ in range(50):
    DEEP = [DEEP]

SHAPE_CASES: list[Case] = [
    # (code, what is wrong, its place, what was meant)
    ("nested_too_deeply", put("settings.source", DEEP), "settings.source[0][0]", ()),
    (
        "not_a_finite_number",
        put("sections.0.criteria.0.weight", float("nan")),
        "sections[0].criteria[0] (c1) weight",
        (),
    ),
    ("property_missing", take("settings.version"), "settings", ()),
    ("property_missing", take(f"{RISKY}.name"), "forms[0] (case-file) survey[0]", ()),
    ("property_missing", take("forms"), "the pack", ()),
    ("property_unknown", put(f"{PLANNED}.relevnt", "1"), f"{PLANNED_AT} relevnt", ()),
    (
        "property_unknown",
        put(f"{RISKY}.relevent", "${age} > 3"),
        "forms[0].survey[0] (risky) relevent",
        ("relevant",),
    ),
    ("property_unknown", put("setings", {}), "setings", ()),
    ("wrong_type", put(f"{PLANNED}.required", "yes"), f"{PLANNED_AT} required", ()),
    ("wrong_type", put(f"{PLANNED}.label", 12), f"{PLANNED_AT} label", ()),
    ("wrong_type", put("settings.version", 1.1), "settings.version", ()),
    ("wrong_type", put("forms.0.survey", {}), "forms[0] (case-file) survey", ()),
    ("wrong_value", put("scoring.bands.0.from", 101), "scoring.bands[0] (GOOD) from", ()),
    ("wrong_value", put("scoring.bands_basis", "infered"), "scoring.bands_basis", ("inferred",)),
    (
        "wrong_value",
        put(f"{PAPERS}.name", "the papers"),
        "forms[0].survey[2] (the papers) name",
        (),
    ),
    ("wrong_value", put(f"{PAPERS}.name", "papers\n"), "forms[0].survey[2] (papers\\n) name", ()),
    ("wrong_value", put("forms.1.name", "../x"), "forms[1] (../x) name", ()),
    ("wrong_value", put("settings.form_id", "a/b"), "settings.form_id", ()),
    (
        "wrong_value",
        put("choices.papers.0.name", "the plan"),
        "choices.papers[0] (the plan) name",
        (),
    ),
    (
        "wrong_value",
        put(f"{PLANNED}.label", {"English": "Planned?"}),
        f"{PLANNED_AT} label.English",
        (),
    ),
    ("nothing_there", put("forms.1.survey", []), "forms[1] (interview) survey", ()),
    ("nothing_there", put("forms", []), "forms", ()),
    ("nothing_there", put("choices.papers", []), "choices.papers", ()),
    ("nothing_there", put(f"{PLANNED}.label", {}), f"{PLANNED_AT} label", ()),
    ("nothing_there", put(f"{PLANNED}.label", {"en": " "}), f"{PLANNED_AT} label.en", ()),
    ("nothing_there", put(f"{PLANNED}.relevant", ""), f"{PLANNED_AT} relevant", ()),
    (
        "type_unknown",
        put(f"{PLANNED}.type", "selectone yes_no"),
        f"{PLANNED_AT} type",
        ("select_one",),
    ),
    ("type_without_list", put(f"{PLANNED}.type", "select_one"), f"{PLANNED_AT} type", ()),
    ("type_with_too_much", put(f"{PLANNED}.type", "select_one a b"), f"{PLANNED_AT} type", ()),
    ("type_with_too_much", put(f"{PLANNED}.type", "date yes_no"), f"{PLANNED_AT} type", ()),
    (
        "property_unknown",
        add_all([{**A_GROUP, "na": True}, AN_END]),
        "forms[0].survey[5] (contact) na",
        (),
    ),
    ("wrong_value", put("settings.holidays", "GB_ENG"), "settings.holidays", ("GB-ENG",)),
    ("too_many_parts", put("settings.source", [0] * MAX_PARTS), "the pack", ()),
]


@pytest.mark.parametrize(
    "case", SHAPE_CASES, ids=[f"{one[0]}-{n}" for n, one in enumerate(SHAPE_CASES)]
)
def test_every_mistake_is_found_at_its_place(case: Case) -> None:
    finds(case)
