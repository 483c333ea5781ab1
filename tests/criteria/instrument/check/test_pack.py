"""Checking packs: each entry of the catalogue is found, at its place, in the document's order."""

from __future__ import annotations

import ast
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from string import Formatter
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from criteria.expressions import HOLIDAYS, compile_expression
from criteria.instrument.check import issues as pack_issues
from criteria.instrument.check.expressions import MAX_LENGTH
from criteria.instrument.check.issues import CATALOGUE
from criteria.instrument.check.pack import SCHEMA, check_pack, check_pack_text, type_pattern
from criteria.instrument.check.shape import MAX_PARTS
from criteria.instrument.load import PACKS, load_pack
from criteria.instrument.pack import BEGIN_GROUP, END_GROUP, MAX_SIZE
from criteria.question import OUT_OF_BASE
from criteria.question_types import TYPES
from tests.criteria.instrument.check.test_levels import LEVEL_CASES
from tests.criteria.instrument.check.test_tables import TABLE_CASES
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

RISKY, PLANNED, PAPERS = "forms.0.survey.0", "forms.0.survey.1", "forms.0.survey.2"
TIMELY = "forms.0.survey.4"
TIMELY_AT = "forms[0].survey[4] (timely)"
PLANNED_AT = "forms[0].survey[1] (planned)"
NOTES = MAX_LENGTH // 1_900 + 1
"""As many long notes as make a pack's expressions too long together."""
YES_NO = [
    {"name": "yes", "label": {"en": "Yes"}, "sufficient": True},
    {"name": "no", "label": {"en": "No"}, "sufficient": False},
]
DEEP: list[Any] = []
for _ in range(50):
    DEEP = [DEEP]


def a_long_note(number: int) -> dict[str, Any]:
    """A note whose expression has 1,900 characters, and is none of the others'."""
    source = f"${{age}} = {number}".ljust(1_900)
    return {"type": "note", "name": f"n{number}", "label": {"en": "Note"}, "relevant": source}


A_GROUP = {"type": BEGIN_GROUP, "name": "contact", "label": {"en": "Contact"}}
INSIDE = {"type": "select_one fact", "name": "inside", "label": {"en": "Inside?"}}
AN_END = {"type": END_GROUP}


def add_all(rows: list[dict[str, Any]]) -> Callable[[Any], None]:
    return both(*(add("forms.0.survey", row) for row in rows))


CASES: list[Case] = [
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
    ("number_repeated", put(f"{PLANNED}.number", "1.a"), f"{PLANNED_AT} number", ()),
    ("name_reserved", put("choices.papers.0.name", "na"), "choices.papers[0] (na) name", ()),
    (
        "answer_ambiguous",
        put("choices.papers.1.aliases", ["PLAN"]),
        "choices.papers[1] (log) aliases[0]",
        (),
    ),
    (
        "answer_ambiguous",
        put("choices.papers.1.label", {"en": " plan "}),
        "choices.papers[1] (log) label.en",
        (),
    ),
    (
        "answer_reserved",
        put("choices.fact.1.aliases", ["NK"]),
        "choices.fact[1] (no) aliases[0]",
        (),
    ),
    (
        "answer_reserved",
        put("choices.yes_no.1.label", {"en": "N/A"}),
        "choices.yes_no[1] (no) label.en",
        (),
    ),
    ("label_missing", take(f"{PLANNED}.label"), PLANNED_AT, ()),
    ("label_missing", take("choices.papers.0.label"), "choices.papers[0] (plan)", ()),
    ("label_untranslated", put(f"{PLANNED}.label", {"cy": "Iawn?"}), f"{PLANNED_AT} label", ()),
    (
        "language_rare",
        put(f"{PLANNED}.label", {"en": "?", "eng": "?"}),
        f"{PLANNED_AT} label.eng",
        ("en",),
    ),
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
    (
        "question_missing",
        put(f"{PLANNED}.relevant", "${riskyy} = 'yes'"),
        f"{PLANNED_AT} relevant",
        ("risky",),
    ),
    (
        "question_missing",
        put(f"{PLANNED}.relevant", "${n1.a} = 'yes'"),
        f"{PLANNED_AT} relevant",
        ("risky",),
    ),
    (
        "question_elsewhere",
        put(f"{PLANNED}.relevant", "${said} = 'x'"),
        f"{PLANNED_AT} relevant",
        (),
    ),
    ("question_later", put(f"{PLANNED}.relevant", "${seen} != ''"), f"{PLANNED_AT} relevant", ()),
    ("group_not_ended", add("forms.0.survey", A_GROUP), "forms[0].survey[5] (contact)", ()),
    ("group_not_begun", add("forms.0.survey", AN_END), "forms[0] (case-file) survey[5]", ()),
    (
        "expressions_too_long",
        add_all(
            [{**A_GROUP, "relevant": "${risky} = 'yes'".ljust(1_900)}]
            + [
                {**INSIDE, "name": f"q{n}", "label": f"Q{n}", "relevant": "${risky} = 'yes'"}
                for n in range(MAX_LENGTH // 1_900 + 1)
            ]
            + [AN_END]
        ),
        f"forms[0].survey[{6 + MAX_LENGTH // 1_925}] (q{MAX_LENGTH // 1_925}) relevant",
        (),
    ),
    (
        "groups_too_deep",
        add_all([{**A_GROUP, "name": f"g{n}"} for n in range(9)] + [AN_END] * 9),
        "forms[0].survey[13] (g8)",
        (),
    ),
    (
        "question_later",
        add_all([{**A_GROUP, "relevant": "${inside} = 'yes'"}, INSIDE, AN_END]),
        "forms[0].survey[5] (contact) relevant",
        (),
    ),
    (
        "question_unreachable",
        add_all(
            [
                {**A_GROUP, "relevant": "${risky} = 'yes'"},
                {**INSIDE, "relevant": "${risky} = 'no'"},
                AN_END,
            ]
        ),
        "forms[0].survey[6] (inside) relevant",
        (),
    ),
    (
        "name_repeated",
        add_all([{**A_GROUP, "name": "risky"}, AN_END]),
        "forms[0].survey[5] (risky) name",
        (),
    ),
    (
        "property_unknown",
        add_all([{**A_GROUP, "na": True}, AN_END]),
        "forms[0].survey[5] (contact) na",
        (),
    ),
    (
        "questions_in_a_circle",
        put(f"{RISKY}.relevant", "${planned} = 'yes'"),
        "forms[0].survey[0] (risky) relevant",
        (),
    ),
    (
        "question_itself",
        put(f"{PLANNED}.relevant", "${planned} = 'yes'"),
        f"{PLANNED_AT} relevant",
        (),
    ),
    (
        "question_itself",
        put("forms.0.profile.0.constraint", "${age} > 17"),
        "forms[0].profile[0] (age) constraint",
        (),
    ),
    (
        "question_never_answered",
        both(put(f"{RISKY}.type", "note"), take(f"{RISKY}.not_known")),
        f"{PLANNED_AT} relevant",
        (),
    ),
    ("answer_itself", put(f"{PLANNED}.relevant", ". = 'yes'"), f"{PLANNED_AT} relevant", ()),
    (
        "expression_broken",
        put(f"{PLANNED}.relevant", "${risky} == 'yes'"),
        f"{PLANNED_AT} relevant",
        (),
    ),
    (
        "choice_missing",
        put(f"{PLANNED}.relevant", "${risky} = 'Yes'"),
        f"{PLANNED_AT} relevant",
        ("yes",),
    ),
    (
        "choice_missing",
        put("forms.0.survey.3.relevant", "selected(${papers}, 'contact log')"),
        "forms[0].survey[3] (seen) relevant",
        ("log",),
    ),
    (
        "choice_missing",
        put(f"{PLANNED}.constraint", "(.) != 'yse'"),
        f"{PLANNED_AT} constraint",
        ("yes",),
    ),
    (
        "result_not_listed",
        put(f"{TIMELY}.calculation", "if(${seen} != '', 'Yes', 'no')"),
        f"{TIMELY_AT} calculation",
        ("yes",),
    ),
    (
        "answer_not_allowed",
        put(f"{PLANNED}.relevant", "${risky} = 'na'"),
        f"{PLANNED_AT} relevant",
        (),
    ),
    (
        "question_unreachable",
        put(f"{PLANNED}.relevant", "${risky} = 'yes' and ${risky} = 'no'"),
        f"{PLANNED_AT} relevant",
        (),
    ),
    ("scale_half_said", take("choices.yes_no.1.sufficient"), "choices.yes_no", ()),
    ("scale_never_sufficient", put("choices.yes_no.0.sufficient", False), "choices.yes_no", ()),
    ("scale_always_sufficient", put("choices.yes_no.1.sufficient", True), "choices.yes_no", ()),
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
    ("wrong_value", put("settings.holidays", "GB_ENG"), "settings.holidays", ("GB-ENG",)),
    ("list_unused", put("choices.spare", YES_NO), "choices.spare", ()),
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
    ("bands_with_a_gap", put("scoring.bands.1.from", 5), "scoring.bands", ()),
    ("band_repeated", put("scoring.bands.1.from", 65), "scoring.bands[1] (POOR) from", ()),
    ("bands_without_basis", take("scoring.bands_basis"), "scoring.bands", ()),
    ("too_many_parts", put("settings.source", [0] * MAX_PARTS), "the pack", ()),
    (
        "expressions_too_long",
        both(*(add("forms.0.survey", a_long_note(number)) for number in range(NOTES))),
        f"forms[0].survey[{4 + NOTES}] (n{NOTES - 1}) relevant",
        (),
    ),
]

EVERY_CASE = [*CASES, *LEVEL_CASES, *TABLE_CASES]
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


@pytest.mark.parametrize("case", CASES, ids=[f"{one[0]}-{n}" for n, one in enumerate(CASES)])
def test_every_mistake_is_found_at_its_place(case: Case) -> None:
    finds(case)


@pytest.mark.parametrize(("code", "text", "place"), TEXT_CASES, ids=range(len(TEXT_CASES)))
def test_every_mistake_of_a_file_is_found_at_its_place(code: str, text: str, place: str) -> None:
    found(check_pack_text(text), code, place)


def test_every_entry_of_the_catalogue_has_a_case() -> None:
    assert set(CATALOGUE) == {case[0] for case in EVERY_CASE} | {case[0] for case in TEXT_CASES}


def test_every_entry_is_worded_as_sentences() -> None:
    issues = [issue for case in EVERY_CASE for issue in check_pack(changed(case[1]))]
    for issue in issues:
        assert issue.remedy.endswith(".")
        assert not issue.problem.endswith((".", "?"))
        assert str(issue).count("\n") == 1
        assert "  " not in issue.problem
        assert str(issue).isascii() or "…" in str(issue) or "→" in str(issue)


def test_an_issue_reads_well() -> None:
    (issue,) = check_pack(changed(put(f"{PLANNED}.relevant", "${riskyy} = 'yes'")))
    assert issue.is_error
    assert str(issue) == (
        "error at forms[0].survey[1] (planned) relevant:"
        " there is no question 'riskyy' in this form. Did you mean 'risky'?\n"
        "    Refer to a question by its name, as ${name}."
    )


def test_all_problems_are_reported_in_document_order() -> None:
    pack = changed(
        both(
            put("scoring.bands.1.from", 5),
            put(f"{PLANNED}.relevant", "${nobody} = 'yes'"),
            put(f"{RISKY}.reqired", True),
            put("choices.spare", YES_NO),
            take("settings.version"),
            put("forms.1.survey.0.type", "txt"),
            put("settings.titel", "x"),
        )
    )
    assert [issue.place for issue in check_pack(pack)] == [
        "settings",
        "settings.titel",
        "choices.spare",
        "forms[0].survey[0] (risky) reqired",
        f"{PLANNED_AT} relevant",
        "forms[1].survey[0] (said) type",
        "scoring.bands",
    ]


def test_a_mistake_is_reported_once() -> None:
    for code, change, _, _ in EVERY_CASE:
        issues = check_pack(changed(change))
        assert len({(issue.code, issue.place) for issue in issues}) == len(issues), code


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


@pytest.mark.parametrize("name", sorted(OUT_OF_BASE))
@pytest.mark.parametrize("choices", ["yes_no", "papers", "spare"])
def test_no_list_may_name_a_choice_as_what_leaves_the_base(choices: str, name: str) -> None:
    """Stored answers rely on it: ``na`` is never a choice."""
    pack = changed(both(put("choices.spare", YES_NO), put(f"choices.{choices}.1.name", name)))
    place = f"choices.{choices}[1] ({name}) name"
    assert found(check_pack(pack), "name_reserved", place).is_error


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


def test_a_circle_names_the_questions_in_it() -> None:
    pack = changed(
        both(
            put(f"{RISKY}.relevant", "${seen} != ''"),
            put("forms.0.survey.3.relevant", "${planned} = 'yes'"),
        )
    )
    (issue,) = [one for one in check_pack(pack) if one.code == "questions_in_a_circle"]
    assert "risky → seen → planned → risky" in issue.problem


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


def entered() -> Iterator[tuple[str, set[str | None]]]:
    """Where the checks enter a problem: its code, and the placeholders that they fill."""
    for path in sorted(Path(pack_issues.__file__).parent.glob("*.py")):
        for call in ast.walk(ast.parse(path.read_text("utf-8"))):
            if not isinstance(call, ast.Call):
                continue
            name = ast.unparse(call.func).rpartition(".")[2]
            filled = {keyword.arg for keyword in call.keywords}
            if name in ("add", "pack_issue", "add_missing"):
                filled |= {"name"} if name == "add_missing" else set()
                codes = [one.value for one in call.args if isinstance(one, ast.Constant)]
                yield from ((code, filled) for code in codes if code in CATALOGUE)


def test_every_problem_is_entered_with_what_its_words_hold() -> None:
    found = list(entered())
    assert len(found) > 60
    for code, filled in found:
        words = "".join(CATALOGUE[code].values())
        held = {name for _, name, _, _ in Formatter().parse(words) if name is not None}
        assert None in filled or held == filled, code


def test_every_entry_is_an_error_or_a_warning_with_a_remedy() -> None:
    for code, entry in CATALOGUE.items():
        assert set(entry) in ({"error", "remedy"}, {"warning", "remedy"}), code
