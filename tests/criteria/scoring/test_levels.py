"""The level of a described criterion follows from its items."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from criteria.instrument.load import read_pack
from criteria.instrument.pack import LevelRule, Levels
from criteria.question import NA, NOT_KNOWN, Choice, ChoiceList
from criteria.scoring.levels import criterion_level

STEPS = ("very_strong", "strong", "good", "satisfactory", "weak")
BEST_FIRST = (
    "very_well_met", "well_met", "satisfactorily_met", "partly_met", "not_met", "poor",
)  # fmt: skip


def esi_levels() -> Levels:
    levels = read_pack("esi-2006").levels
    assert levels is not None
    return levels


ESI = esi_levels()
ITEMS = st.lists(st.sampled_from(STEPS), min_size=1, max_size=9)


def level(*items: str) -> str | None:
    rule = criterion_level(ESI, items)
    return rule.name if rule else None


def rule_of(name: str) -> LevelRule:
    return next(rule for rule in ESI.rules if rule.name == name)


def small_levels(*rules: LevelRule) -> Levels:
    choices = (
        Choice("high", {"en": "High"}),
        Choice("low", {"en": "Low"}),
        Choice("unseen", {"en": "Not seen"}, is_na=True),
    )
    return Levels(ChoiceList("steps", choices, {one.name: one for one in choices}), rules)


def test_the_instrument_has_the_five_steps_and_six_levels_best_first() -> None:
    assert tuple(choice.name for choice in ESI.items.choices) == STEPS
    assert tuple(rule.name for rule in ESI.rules) == BEST_FIRST


@pytest.mark.parametrize(
    ("items", "expected"),
    [
        (("very_strong", "very_strong"), "very_well_met"),
        (("very_strong", "strong"), "well_met"),
        (("strong", "strong", "strong"), "well_met"),
        (("strong", "strong", "satisfactory"), "satisfactorily_met"),
        (("very_strong", "strong", "good"), "satisfactorily_met"),
        (("strong", "good"), "partly_met"),
        (("strong", "strong", "satisfactory", "satisfactory"), "partly_met"),
        (("good", "good", "good"), "partly_met"),
        (("good", "satisfactory", "satisfactory", "satisfactory"), "partly_met"),
        (("satisfactory", "satisfactory"), "not_met"),
        (("satisfactory", "weak", "weak"), "not_met"),
        (("strong", "strong", "strong", "weak"), "not_met"),
        (("good", "weak"), "not_met"),
        (("weak", "weak"), "poor"),
        (("very_strong",), "very_well_met"),
        (("satisfactory",), "not_met"),
        (("weak",), "poor"),
    ],
)
def test_the_first_rule_that_the_items_satisfy_wins(items: tuple[str, ...], expected: str) -> None:
    assert level(*items) == expected


def test_half_of_the_items_is_no_majority_and_one_more_is() -> None:
    assert level("strong", "strong", "good", "good") == "partly_met"
    assert level("strong", "strong", "strong", "good", "good") == "satisfactorily_met"


def test_no_items_is_not_followed_up() -> None:
    assert criterion_level(ESI, ()) is None


def test_items_that_leave_the_base_do_not_count() -> None:
    assert level("strong", NA, "strong", NOT_KNOWN) == "well_met"
    assert level(NA, NA, NA) is None
    levels = small_levels(LevelRule("full", {"en": "Full"}, each="high"))
    assert criterion_level(levels, ("high", "unseen")) is levels.rules[0]
    assert criterion_level(levels, ("unseen",)) is None


@given(ITEMS.flatmap(lambda items: st.tuples(st.just(items), st.permutations(items))))
def test_the_order_of_the_items_never_matters(orders: tuple[list[str], list[str]]) -> None:
    assert level(*orders[0]) == level(*orders[1])


@given(ITEMS, st.data())
def test_a_better_item_never_gives_a_worse_level(items: list[str], data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(items) - 1))
    better = STEPS[max(0, STEPS.index(items[place]) - 1)]
    before, after = level(*items), level(*items[:place], better, *items[place + 1 :])
    assert before is not None
    assert after is not None
    assert BEST_FIRST.index(after) <= BEST_FIRST.index(before)


@given(st.lists(st.sampled_from(["high", "low"]), min_size=1, max_size=7))
def test_a_rule_that_asks_nothing_holds_for_whatever_is_left(items: list[str]) -> None:
    levels = small_levels(LevelRule("full", {"en": "Full"}, each="high"), LevelRule("rest", {}))
    found = criterion_level(levels, items)
    assert found is levels.rules["low" in items]


def test_a_step_that_the_list_does_not_have_is_refused() -> None:
    with pytest.raises(ValueError, match="'fair' is no step of the list 'strength'"):
        criterion_level(ESI, ("good", "fair"))


def test_items_for_which_no_rule_holds_are_refused() -> None:
    levels = small_levels(LevelRule("full", {"en": "Full"}, each="high"))
    with pytest.raises(ValueError, match="no level's rule holds for high, low"):
        criterion_level(levels, ("high", "low"))
