"""The checks of questions and groups."""

from __future__ import annotations

import pytest

from tests.criteria.instrument.check.mistakes import (
    A_GROUP,
    AN_END,
    PAPERS,
    PLANNED,
    PLANNED_AT,
    RISKY,
    TIMELY,
    TIMELY_AT,
    add_all,
)
from tests.criteria.instrument.small_pack import (
    Case,
    add,
    both,
    finds,
    put,
    take,
)

QUESTION_CASES: list[Case] = [
    # (code, what is wrong, its place, what was meant)
    ("list_missing", put(f"{PLANNED}.type", "select_one yesno"), f"{PLANNED_AT} type", ("yes_no",)),
    (
        "list_missing",
        put(f"{TIMELY}.choices", "yes-no"),
        "forms[0].survey[4] (timely) choices",
        ("yes_no",),
    ),
    ("criterion_missing", put(f"{PLANNED}.criterion", "c_1"), f"{PLANNED_AT} criterion", ("c1",)),
    (
        "headline_missing",
        put(f"{PLANNED}.headlines", ["roh", "rho"]),
        f"{PLANNED_AT} headlines[1]",
        ("roh",),
    ),
    ("group_not_ended", add("forms.0.survey", A_GROUP), "forms[0].survey[5] (contact)", ()),
    ("group_not_begun", add("forms.0.survey", AN_END), "forms[0] (case-file) survey[5]", ()),
    (
        "groups_too_deep",
        add_all([{**A_GROUP, "name": f"g{n}"} for n in range(9)] + [AN_END] * 9),
        "forms[0].survey[13] (g8)",
        (),
    ),
    ("calculation_missing", take(f"{TIMELY}.calculation"), "forms[0].survey[4] (timely)", ()),
    ("property_unused", put(f"{PLANNED}.calculation", "1"), f"{PLANNED_AT} calculation", ()),
    ("property_unused", put(f"{PLANNED}.choices", "fact"), f"{PLANNED_AT} choices", ()),
    (
        "property_unused",
        put(f"{PLANNED}.constraint_message", "No"),
        f"{PLANNED_AT} constraint_message",
        (),
    ),
    (
        "property_unused",
        put(f"{RISKY}.headlines", ["roh"]),
        "forms[0].survey[0] (risky) headlines",
        (),
    ),
    ("property_unused", put(f"{TIMELY}.na", True), "forms[0].survey[4] (timely) na", ()),
    ("property_unused", put("forms.1.survey.0.na", True), "forms[1].survey[0] (said) na", ()),
    ("property_unused", put(f"{RISKY}.scored", False), "forms[0].survey[0] (risky) scored", ()),
    (
        "property_unused",
        both(take(f"{PLANNED}.criterion"), put(f"{PLANNED}.scored", False)),
        f"{PLANNED_AT} scored",
        (),
    ),
    ("property_unused", put(f"{PLANNED}.scored", False), f"{PLANNED_AT} headlines", ()),
    (
        "property_unused",
        both(put(f"{PAPERS}.type", "note"), put(f"{PAPERS}.parent", "risky")),
        "forms[0].survey[2] (papers) parent",
        (),
    ),
    ("parent_missing", put(f"{PLANNED}.parent", "riskyy"), f"{PLANNED_AT} parent", ("risky",)),
    ("parent_missing", put(f"{PLANNED}.parent", "n1.a"), f"{PLANNED_AT} parent", ("risky",)),
    ("parent_not_before", put(f"{PLANNED}.parent", "timely"), f"{PLANNED_AT} parent", ()),
    ("parent_not_before", put(f"{PLANNED}.parent", "planned"), f"{PLANNED_AT} parent", ()),
    (
        "parent_not_before",
        put("forms.1.survey.3.parent", "risky"),
        "forms[1].survey[3] (home_better) parent",
        (),
    ),
    ("parent_without_yes", put(f"{PLANNED}.parent", "age"), f"{PLANNED_AT} parent", ()),
    (
        "parent_without_yes",
        put(f"{TIMELY}.parent", "papers"),
        f"{TIMELY_AT} parent",
        (),
    ),
    (
        "judgement_uncounted",
        both(take(f"{PLANNED}.criterion"), take(f"{PLANNED}.headlines")),
        PLANNED_AT,
        (),
    ),
    (
        "judgement_of_several",
        put(f"{PAPERS}.type", "select_multiple yes_no"),
        "forms[0].survey[2] (papers) type",
        (),
    ),
]


@pytest.mark.parametrize(
    "case", QUESTION_CASES, ids=[f"{one[0]}-{n}" for n, one in enumerate(QUESTION_CASES)]
)
def test_every_mistake_is_found_at_its_place(case: Case) -> None:
    finds(case)
