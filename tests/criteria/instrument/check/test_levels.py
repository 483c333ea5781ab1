"""Checking levels: lists they can follow from, rules that can be reached, items to judge by."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from criteria.instrument.check.pack import check_pack
from criteria.instrument.load import load_pack
from tests.criteria.instrument.small_pack import (
    Case,
    a_pack,
    add,
    both,
    changed,
    codes,
    finds,
    put,
    take,
)

LEVELS, RULES = "scoring.levels", "scoring.levels.rules"
MANAGER = "forms.1.survey.4"
LEADING_AT = "sections[1].criteria[0] (leading)"

LEVEL_CASES: list[Case] = [
    # (code, what is wrong, its place, what was meant)
    ("levels_missing", take(LEVELS), "sections[1] (s2) method", ()),
    (
        "levels_unused",
        both(take("sections.1.method"), put(f"{MANAGER}.criterion", "leading")),
        LEVELS,
        (),
    ),
    ("list_missing", put(f"{LEVELS}.items", "strenght"), f"{LEVELS}.items", ("strength",)),
    ("levels_of_scale", put(f"{LEVELS}.items", "yes_no"), f"{LEVELS}.items", ()),
    ("step_missing", put(f"{RULES}.1.most", "strongg"), f"{RULES}[1] (partly) most", ("strong",)),
    ("step_missing", put(f"{RULES}.0.each", "unseen"), f"{RULES}[0] (well) each", ()),
    ("rule_unclear", put(f"{RULES}.1.each", "fair"), f"{RULES}[1] (partly)", ()),
    ("rule_unclear", put(f"{RULES}.0.others", "fair"), f"{RULES}[0] (well)", ()),
    ("rule_unclear", take(f"{RULES}.1.most"), f"{RULES}[1] (partly)", ()),
    ("level_never_reached", take(f"{RULES}.0.each"), f"{RULES}[1] (partly)", ()),
    (
        "level_never_reached",
        both(put(f"{RULES}.1.most", "weak"), put(f"{RULES}.1.others", "weak")),
        f"{RULES}[2] (poor)",
        (),
    ),
    ("levels_with_a_gap", put(f"{RULES}.2.some", "fair"), RULES, ()),
    ("name_repeated", put(f"{RULES}.2.name", "well"), f"{RULES}[2] (well) name", ()),
    ("nothing_there", put(RULES, []), RULES, ()),
    ("wrong_value", put("sections.1.method", "level"), "sections[1] (s2) method", ("levels",)),
    ("criterion_without_items", take(f"{MANAGER}.criterion"), LEADING_AT, ()),
    (
        "criterion_without_items",
        put(f"{MANAGER}.scored", False),
        LEADING_AT,
        (),
    ),
]


@pytest.mark.parametrize(
    "case", LEVEL_CASES, ids=[f"{one[0]}-{n}" for n, one in enumerate(LEVEL_CASES)]
)
def test_every_mistake_in_levels_is_found_at_its_place(case: Case) -> None:
    finds(case)


@pytest.mark.parametrize(
    "change",
    [
        put(f"{RULES}.2.each", "weak"),
        put(f"{RULES}.2.some", "weak"),
        take(f"{RULES}.1.others"),
        put(f"{MANAGER}.na", True),
        both(
            add("headlines", {"name": "lead", "label": "Leading"}),
            put(f"{MANAGER}.headlines", ["lead"]),
        ),
    ],
    ids=range(5),
)
def test_levels_that_are_right_are_left_alone(change: Callable[[Any], None]) -> None:
    assert check_pack(changed(change)) == []


def test_a_pack_of_levels_only_needs_no_scale() -> None:
    """The criteria that get a level are not asked for a score."""
    pack = a_pack()
    assert "criterion_unscored" not in codes(pack)
    assert load_pack(pack).sections[1].by_levels


def test_the_first_rule_that_always_holds_is_named_beside_what_it_hides() -> None:
    issue = finds(("level_never_reached", take(f"{RULES}.0.each"), f"{RULES}[2] (poor)", ()))
    assert f"the rule at {RULES}[0] (well) always holds" in issue.problem
