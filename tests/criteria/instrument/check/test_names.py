"""The checks of names, numbers and labels."""

from __future__ import annotations

import pytest

from tests.criteria.instrument.check.mistakes import (
    A_GROUP,
    AN_END,
    PAPERS,
    PLANNED,
    PLANNED_AT,
    add_all,
)
from tests.criteria.instrument.small_pack import (
    Case,
    add,
    finds,
    put,
    take,
)

NAME_CASES: list[Case] = [
    # (code, what is wrong, its place, what was meant)
    ("name_repeated", put(f"{PAPERS}.name", "risky"), "forms[0].survey[2] (risky) name", ()),
    (
        "name_repeated",
        put("forms.1.survey.0.name", "age"),
        "forms[1].survey[0] (age) name",
        (),
    ),
    ("name_repeated", put("choices.papers.1.name", "plan"), "choices.papers[1] (plan) name", ()),
    ("name_repeated", put("scoring.bands.1.name", "GOOD"), "scoring.bands[1] (GOOD) name", ()),
    ("name_repeated", put("forms.1.name", "case-file"), "forms[1] (case-file) name", ()),
    (
        "name_repeated",
        add("sections.0.criteria", {"name": "c1", "number": "2", "label": "Again"}),
        "sections[0].criteria[1] (c1) name",
        (),
    ),
    (
        "name_repeated",
        add("headlines", {"name": "roh", "label": "Again"}),
        "headlines[1] (roh) name",
        (),
    ),
    (
        "name_differs_by_case",
        put(f"{PAPERS}.name", "Risky"),
        "forms[0].survey[2] (Risky) name",
        (),
    ),
    (
        "name_differs_by_case",
        put("choices.papers.1.name", "PLAN"),
        "choices.papers[1] (PLAN) name",
        (),
    ),
    (
        "name_differs_by_case",
        put("forms.1.survey.0.name", "AGE"),
        "forms[1].survey[0] (AGE) name",
        (),
    ),
    ("number_repeated", put(f"{PLANNED}.number", "1.a"), f"{PLANNED_AT} number", ()),
    ("label_missing", take(f"{PLANNED}.label"), PLANNED_AT, ()),
    ("label_missing", take("choices.papers.0.label"), "choices.papers[0] (plan)", ()),
    ("label_untranslated", put(f"{PLANNED}.label", {"cy": "Iawn?"}), f"{PLANNED_AT} label", ()),
    (
        "language_rare",
        put(f"{PLANNED}.label", {"en": "?", "eng": "?"}),
        f"{PLANNED_AT} label.eng",
        ("en",),
    ),
    (
        "name_repeated",
        add_all([{**A_GROUP, "name": "risky"}, AN_END]),
        "forms[0].survey[5] (risky) name",
        (),
    ),
]


@pytest.mark.parametrize(
    "case", NAME_CASES, ids=[f"{one[0]}-{n}" for n, one in enumerate(NAME_CASES)]
)
def test_every_mistake_is_found_at_its_place(case: Case) -> None:
    finds(case)
