"""Checking packs: each entry of the catalogue is found, at its place, in the document's order."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from criteria.expressions import HOLIDAYS, compile_expression
from criteria.instrument.check.pack import SCHEMA, check_pack, check_pack_text, type_pattern
from criteria.instrument.load import PACKS, load_pack
from criteria.instrument.pack import MAX_SIZE
from criteria.question_types import TYPES
from tests.criteria.instrument.check.mistakes import (
    PLANNED,
    TIMELY,
)
from tests.criteria.instrument.small_pack import (
    Case,
    a_pack,
    add,
    both,
    changed,
    finds,
    found,
    put,
    take,
)

MOVEMENT = (PACKS / "movement-of-cases-2004.json").read_text("utf-8")

PACK_CASES: list[Case] = [
    # (code, what is wrong, its place, what was meant)
    (
        "sample_list_in_survey",
        put("settings.sample_lists", ["age", "risky"]),
        "settings.sample_lists[1]",
        (),
    ),
    (
        "question_unknown",
        put("settings.sample_lists", ["agee"]),
        "settings.sample_lists[0]",
        ("age",),
    ),
]

TEXT_CASES: list[tuple[str, str, str]] = [
    # (code, the file, its place)
    ("not_json", '{"settings": {,}}', "line 1, column 15"),
    ("not_json", "", "line 1, column 1"),
    ("not_json", '{"a": ' + "9" * 5_000 + "}", "the pack"),
    ("nested_too_deeply", "[" * 200_000, "the pack"),
    ("not_an_object", "[]", "the pack"),
    ("too_large", " " * (MAX_SIZE + 1), "the pack"),
    (
        "key_repeated",
        MOVEMENT.replace('"version"', '"source": "x", "version"', 1),
        "settings.source",
    ),
]


def test_a_sound_pack_has_no_issues_and_loads() -> None:
    assert check_pack(a_pack()) == []
    assert load_pack(a_pack()).forms[0].questions[-1].is_scored


@pytest.mark.parametrize(
    "case", PACK_CASES, ids=[f"{one[0]}-{n}" for n, one in enumerate(PACK_CASES)]
)
def test_every_mistake_is_found_at_its_place(case: Case) -> None:
    finds(case)


@pytest.mark.parametrize(("code", "text", "place"), TEXT_CASES, ids=range(len(TEXT_CASES)))
def test_every_mistake_of_a_file_is_found_at_its_place(code: str, text: str, place: str) -> None:
    found(check_pack_text(text), code, place)


@pytest.mark.parametrize(
    "change",
    [
        put(f"{PLANNED}.label", "Planned?"),
        put(f"{PLANNED}.relevant", "${risky} = 'not_known'"),
        put(f"{PLANNED}.relevant", "${risky} = ''"),
        put(f"{PLANNED}.constraint", ". = 'yes' or . = 'na'"),
        put("forms.0.survey.3.relevant", "${papers} = 'plan log'"),
        put("forms.0.profile.0.constraint", ". >= 18 and . < 100"),
        put(f"{TIMELY}.relevant", "${seen} != ''"),
        add(
            "choices.yes_no",
            {"name": "no_victim", "label": {"en": "No victim"}, "is_na": True},
        ),
        put("choices.papers.1.aliases", ["Contact Log", "log"]),
        put("choices.papers.1.aliases", ["na", "not known"]),
        put(f"{TIMELY}.calculation", "if(${seen} != '', if(${age} > 17, 'yes', 'na'), '')"),
        put(f"{TIMELY}.calculation", "${risky}"),
        both(
            put(f"{TIMELY}.calculation", "${age} > 17"),
            *(take(f"{TIMELY}.{name}") for name in ("choices", "criterion")),
        ),
        put(f"{TIMELY}.scored", False),
        put(f"{TIMELY}.parent", "planned"),
        put(f"{PLANNED}.parent", "risky"),
        both(
            put("settings.holidays", "GB-ENG"),
            put(f"{TIMELY}.relevant", "working_days(${seen}, '2024-12-27') < 5"),
        ),
    ],
    ids=range(17),
)
def test_what_is_right_is_left_alone(change: Callable[[Any], None]) -> None:
    assert check_pack(changed(change)) == []


@pytest.mark.parametrize(
    ("calculation", "results"),
    [
        ("'yes'", ["yes"]),
        ("(if(${a} > 3, ('yes'), if(${b} = 'x', 'no', ${c})))", ["yes", "no"]),
        ("if(${a} > 3, 1, 0.5)", ["1", "0.5"]),
        ("${a} > 3 and ${b} = 'x'", ["true", "false"]),
        ("if(${a} > 3, true(), 'no')", ["true", "no"]),
        ("${a}", []),
        ("string(${a} + 1)", []),
    ],
)
def test_an_expression_says_which_results_it_spells_out(
    calculation: str, results: list[str]
) -> None:
    assert list(compile_expression(calculation).results) == results


def test_the_published_schema_knows_every_type() -> None:
    """Write this pattern into the schema where a type was added."""
    schema = json.loads(SCHEMA.read_text("utf-8"))
    published = schema["$defs"]["question"]["properties"]["type"]
    assert published["pattern"] == type_pattern()
    assert [name for name in TYPES if name not in published["description"]] == []


def test_the_schema_is_a_schema_that_explains_itself() -> None:
    schema = json.loads(SCHEMA.read_text("utf-8"))
    Draft202012Validator.check_schema(schema)
    assert schema["$id"] == "urn:casewalk:pack:1"
    for name, part in schema["$defs"].items():
        assert part["title"], name
        assert part["description"], name
        if part.get("type") == "object":
            assert part["additionalProperties"] is False, name


def test_the_schema_takes_the_calendars_that_there_are() -> None:
    schema = json.loads(SCHEMA.read_text("utf-8"))
    assert schema["$defs"]["settings"]["properties"]["holidays"]["enum"] == list(HOLIDAYS)
