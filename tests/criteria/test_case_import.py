"""What an import would take away is found, whatever it is."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from criteria.case_import import completed, losses
from criteria.case_json import case_to_json
from tests.criteria.test_case_json import FULL, HEADED

STORED = case_to_json(FULL) | {
    name: one for name, one in case_to_json(HEADED).items() if name not in case_to_json(FULL)
}


def lost(given_: Any, *, same: bool = False) -> list[str]:
    return list(losses(STORED, completed(STORED, given_), may_change=same))


def places(node: Any, at: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Every place in a document that holds something."""
    found = []
    members = node.items() if isinstance(node, dict) else enumerate(node)
    for key, one in members:
        if isinstance(one, dict | list):
            found += places(one, (*at, key))
        if one is not None:
            found.append((*at, key))
    return found


PLACES = places(STORED)


def edited(place: tuple[Any, ...], edit: Callable[[Any, Any], None]) -> dict[str, Any]:
    document: Any = copy.deepcopy(STORED)
    node = document
    for key in place[:-1]:
        node = node[key]
    edit(node, place[-1])
    return dict(document)


def empty(node: Any, key: Any) -> None:
    """Take it away: out of a list, or with null in its stead."""
    if isinstance(node, list) or isinstance(node[key], dict):
        del node[key]
    else:
        node[key] = None


def change(node: Any, key: Any) -> None:
    node[key] = "otherwise"


def holds(place: tuple[Any, ...]) -> bool:
    """Whether it is something that is kept, and not a document or list of such."""
    node: Any = STORED
    for key in place:
        node = node[key]
    return not isinstance(node, dict | list)


def test_the_same_case_takes_nothing_away() -> None:
    assert lost(STORED) == []


@pytest.mark.parametrize("place", [one for one in PLACES if holds(one)], ids=str)
def test_whatever_is_taken_away_or_changed_is_found(place: tuple[Any, ...]) -> None:
    assert lost(edited(place, empty))
    assert lost(edited(place, change))


@pytest.mark.parametrize(
    "place",
    [("profile", "sex"), ("answers", "told"), ("attachments", 0), ("remarks", 1), ("inspector",)],
    ids=str,
)
def test_what_is_taken_away_is_lost_also_where_nobody_changed_the_case(
    place: tuple[Any, ...],
) -> None:
    assert lost(edited(place, empty), same=True)


@pytest.mark.parametrize(
    "place",
    [("status",), ("inspector",), ("answers", "told", "value"), ("profile", "sex")],
    ids=str,
)
def test_what_nobody_changed_meanwhile_may_be_changed(place: tuple[Any, ...]) -> None:
    assert not lost(edited(place, change), same=True)


def test_what_a_case_does_not_speak_of_stays() -> None:
    answers = {name: {"value": one["value"]} for name, one in STORED["answers"].items()}
    lists = {name: one for name, one in STORED.items() if isinstance(one, list)}
    little = {"case": STORED["case"], "form": STORED["form"], "answers": answers, **lists}
    assert completed(STORED, little) == STORED
    assert lost(little) == []


@given(st.sampled_from(sorted(STORED["answers"])))
def test_an_answer_that_is_left_out_is_lost(name: str) -> None:
    answers = {key: one for key, one in STORED["answers"].items() if key != name}
    assert lost({**STORED, "answers": answers}) == [f"answers {name}"]


def test_more_may_be_added() -> None:
    more = copy.deepcopy(STORED)
    more["answers"]["q9"] = {"value": "yes"}
    more["profile"]["new"] = 1
    more["attachments"].append({"question": "q9", "media": "photo", "file": "C1-9.jpg"})
    assert lost(more) == []
