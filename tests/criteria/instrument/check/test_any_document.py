"""Checking whatever comes: it never raises, passes nothing that cannot be loaded, and is quick."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from criteria.expressions import is_xml_name
from criteria.instrument.check.issues import PackIssue
from criteria.instrument.check.pack import SCHEMA, check_pack, check_pack_text
from criteria.instrument.load import PACKS, load_pack
from tests.criteria.instrument.small_pack import a_pack, codes

MOVEMENT = (PACKS / "movement-of-cases-2004.json").read_text("utf-8")


def places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    inside = (
        value.items()
        if isinstance(value, dict)
        else enumerate(value)
        if isinstance(value, list)
        else ()
    )
    return [path] + [place for key, item in inside for place in places(item, (*path, key))]


MOVEMENT_PLACES = places(json.loads(MOVEMENT))[1:]
ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8)
    | st.sampled_from(["yes", "na", "${mappa} = 'yes'", "${x", "select_one yes_no", "calculate"]),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3)
    ),
    max_leaves=6,
)  # fmt: skip


def mutated(changes: list[tuple[tuple[Any, ...], Any]]) -> Any:
    """The movement pack with other values at some places."""
    pack = json.loads(MOVEMENT)
    for path, value in changes:
        owner = pack
        try:
            for part in path[:-1]:
                owner = owner[part]
            owner[path[-1]] = value
        except (TypeError, KeyError, IndexError):
            continue  # an earlier change took this place away
    return pack


@pytest.mark.long
@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.tuples(st.sampled_from(MOVEMENT_PLACES), ANYTHING), min_size=1, max_size=4))
def test_a_mutated_pack_never_raises_and_what_passes_loads(
    changes: list[tuple[tuple[Any, ...], Any]],
) -> None:
    pack = mutated(changes)
    issues = check_pack(pack)
    assert all(str(issue).encode() for issue in issues)
    if not any(issue.is_error for issue in issues):
        load_pack(pack)


@settings(max_examples=200, deadline=None)
@given(ANYTHING)
def test_any_document_whatever_is_checked(document: Any) -> None:
    assert all(isinstance(issue, PackIssue) for issue in check_pack(document))


@pytest.mark.long
@settings(max_examples=200, deadline=None)
@given(st.integers(0, len(MOVEMENT)), st.integers(0, 40), st.text(max_size=5))
def test_a_damaged_file_never_raises(start: int, length: int, put_in: str) -> None:
    check_pack_text(MOVEMENT[:start] + put_in + MOVEMENT[start + length :])


@pytest.mark.long
@settings(max_examples=200, deadline=None)
@given(st.lists(st.tuples(st.sampled_from(MOVEMENT_PLACES), ANYTHING), min_size=1, max_size=2))
def test_the_checks_find_an_error_wherever_the_schema_does(
    changes: list[tuple[tuple[Any, ...], Any]],
) -> None:
    pack = mutated(changes)
    schema = json.loads(SCHEMA.read_text("utf-8"))
    if not Draft202012Validator(schema).is_valid(pack):
        assert any(issue.is_error for issue in check_pack(pack))


@given(st.text(max_size=6))
def test_the_schema_and_the_expressions_agree_on_names(name: str) -> None:
    pack = a_pack()
    pack["forms"][1]["survey"][0]["name"] = name
    refused = any(
        issue.place.endswith(" name") or ".name" in issue.place for issue in check_pack(pack)
    )
    known = {question["name"] for question in pack["forms"][0]["survey"]} | {"age"}
    assert refused == (not is_xml_name(name) or name in known)


def a_pack_of(many: int) -> Any:
    """With so many questions, each relevant by the one before it."""
    pack = a_pack()
    pack["forms"][0]["survey"] += [
        {
            "type": "select_one yes_no",
            "name": f"q{number}",
            "label": {"en": "?"},
            "criterion": "c1",
            "relevant": f"${{q{number - 1}}} = 'yes'" if number else "${nobody} = 'yes'",
        }
        for number in range(many)
    ]
    return pack


def test_two_thousand_questions_are_checked_and_ten_thousand_refused() -> None:
    assert codes(a_pack_of(2_000)) == ["question_missing"]
    assert codes(a_pack_of(10_000)) == ["too_many_parts"]
