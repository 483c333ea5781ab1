"""The inspection file: out, in, and every problem of a bad one."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from criteria.case import Answer, Case, Evidence, EvidenceKind, Remark
from criteria.case_status import Status
from criteria.instrument.pack import Pack
from criteria.scoring.score import score_cases
from storage.changes import CaseImported
from storage.inspection_file import (
    InspectionFileError,
    dump_document,
    inspection_document,
    read_inspection_file,
)
from storage.inspection_shape import SCHEMA, shape_problems
from storage.store import Store
from tests.storage.tiny import AT, tiny_inspection, tiny_pack

PACK = tiny_pack()
VALIDATOR = Draft202012Validator(json.loads(SCHEMA.read_bytes()))

CASES = [
    Case(
        "C001",
        "case-file",
        "I1",
        Status.SUBMITTED,
        {"age": 30, "gender": "male"},
        {
            "remarks": Answer("ünï\n😀", None, "I1", AT),
            "q3": Answer(("pcr", "oasys"), "two", "I1", AT),
            "q1": Answer("na", None, "I2", AT),
            "score": Answer(7.5, None, "I1", AT),
            "q2": Answer(None, "ask again", "I1", AT),
            "sent": Answer("2026-11-20", None, "I1", AT),
        },
        place="Chester",
        version=17,
    ),
    Case("C002", "case-file", version=1),
    Case("C001", "interview", "I1", Status.ASSIGNED, version=2),
    Case(
        "C003",
        "case-file",
        "I1",
        Status.RETURNED,
        answers={
            "q1": Answer("no", "on one page", "L1", AT, EvidenceKind.GOOD_PRACTICE, "so", "yes"),
            "q3": Answer((), None, "L1", AT, settled="so", given=("pcr",)),
        },
        remarks=(Remark("q1", "please look again", "L1", AT), Remark(None, "well done", "L1", AT)),
        evidence=(
            Evidence(
                "question", "q1", "photo", "C003-1f.jpg", EvidenceKind.STRENGTH, "signed", "I1", AT
            ),
            Evidence("question", "q3", "voice", "C003-2e.ogg"),
            Evidence("case", None, "photo", "C003-3d.jpg", at=AT, state="awaited"),
        ),
        subject="P1",
        links=("C002",),
        version=3,
    ),
]


def find(_: str | None) -> Pack:
    return PACK


def document() -> dict[str, Any]:
    return inspection_document(tiny_inspection(), PACK, CASES)


def problems(raw: dict[str, Any]) -> list[str]:
    with pytest.raises(InspectionFileError) as caught:
        read_inspection_file(json.dumps(raw), find)
    return [str(problem) for problem in caught.value.problems]


def test_the_document_is_the_contracts() -> None:
    raw = document()
    assert list(raw) == ["format", "inspection", "pack", "cases"]
    assert raw["inspection"] == {"id": "cheshire-2011", "title": "Cheshire", "follows": None}
    assert raw["pack"] == {"name": "tiny", "version": "1.0.0"}
    first = raw["cases"][0]
    assert list(first) == [
        *("case", "form", "version", "inspector", "place", "status", "profile", "answers"),
        "worked_out",
    ]
    assert (raw["format"], first["version"]) == ("casewalk-inspection/2", 17)
    assert [one["place"] for one in raw["cases"]] == ["Chester", None, None, None]
    assert first["status"] == "submitted"
    assert list(first["profile"]) == ["gender", "age"]
    assert list(first["answers"]) == ["q1", "q2", "q3", "sent", "score", "remarks"]
    assert first["answers"]["q1"] == {"value": "na", "note": None, "by": "I2", "at": AT}
    assert first["answers"]["q3"]["value"] == ["pcr", "oasys"]
    VALIDATOR.validate(raw)
    assert dump_document(raw).endswith(b"]\n}\n")
    assert "ünï".encode() in dump_document(raw)


def test_reading_gives_the_cases_back(tmp_path: Path) -> None:
    path = tmp_path / "out.json"
    path.write_bytes(dump_document(document()))
    file = read_inspection_file(path, find)
    assert list(file.cases) == CASES
    assert (file.id, file.title, file.follows) == ("cheshire-2011", "Cheshire", None)
    assert (file.pack_name, file.pack_version) == ("tiny", "1.0.0")


async def test_json_import_json_is_the_same_file(store: Store) -> None:
    await store.create_inspection(tiny_inspection(), PACK, [], at=AT)
    first = dump_document(document())
    for one in read_inspection_file(first, find).documents:
        assert await store.import_case(CaseImported("cheshire-2011", one), at=AT)
    cases = await store.cases("cheshire-2011")
    assert dump_document(inspection_document(tiny_inspection(), PACK, cases)) == first


def test_scoring_needs_no_more_than_case_form_and_answers_with_value() -> None:
    raw = {
        "format": "casewalk-inspection/2",
        "cases": [{"case": "C1", "form": "case-file", "answers": {"q1": {"value": "yes"}}}],
    }
    asked: list[str | None] = []
    file = read_inspection_file(json.dumps(raw), lambda name: asked.append(name) or PACK)
    assert asked == [None]
    assert file.cases == (
        Case("C1", "case-file", None, Status.IN_PROGRESS, {}, {"q1": Answer("yes")}),
    )


Change = Callable[[dict[str, Any]], object]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda d: d.update(format="casewalk-inspection/3"), 'its "format"'),
        (lambda d: d["cases"][1].update(version=0), 'its "version". Give a whole number from 1'),
        (lambda d: d["cases"][1].update(version="2"), 'its "version"'),
        (lambda d: d["cases"][0]["answers"]["q1"].update(at="yesterday"), 'its "at". Give a time'),
        (lambda d: d["cases"][0]["answers"]["q1"].update(at="2026-11-20 10:00"), 'its "at"'),
        (lambda d: d["cases"][3]["remarks"][0].update(at="2026-11-20T10:00:00"), 'its "at"'),
        (lambda d: d.pop("format"), 'no "format"'),
        (lambda d: d.update(cases={}), 'its "cases". Give a list'),
        (lambda d: d.update(casses=[]), 'no "casses" here. Did you mean "cases"'),
        (lambda d: d["pack"].update(name=3), 'pack: 3 cannot be its "name"'),
        (lambda d: d["cases"].append(7), 'cases[4]: 7 cannot stand here. Give an object {"case"'),
        (lambda d: d["cases"][1].pop("form"), 'cases[1] C002: it has no "form"'),
        (lambda d: d["cases"][1].update(status="done"), "in_progress, submitted"),
        (lambda d: d["cases"][1].update(status=[]), 'cannot be its "status"'),
        (lambda d: d["cases"][1].update(case="../x"), "a reference"),
        (lambda d: d["cases"][1].update(notes=""), 'no "notes" here'),
        (
            lambda d: d["cases"][1].update(profile={"age": True}),
            'C002, profile: true cannot be its "age"',
        ),
        (
            lambda d: d["cases"][1].update(answers={"q1": "yes"}),
            'answers: "yes" cannot be its "q1"',
        ),
        (lambda d: d["cases"][1].update(answers={"q1": {}}), 'answers q1: it has no "value"'),
        (
            lambda d: d["cases"][1].update(answers={"q3": {"value": ["pcr", "pcr"]}}),
            "different texts",
        ),
        (lambda d: d["cases"][3]["answers"]["q1"].update(kind="praise"), "one of evidence, str"),
        (lambda d: d["cases"][3]["answers"]["q1"].update(settled=None), 'its "settled"'),
        (lambda d: d["cases"][3].update(remarks={}), 'its "remarks". Give a list'),
        (lambda d: d["cases"][3]["remarks"][1].pop("by"), 'remarks[1]: it has no "by"'),
        (lambda d: d["cases"][3]["attachments"].append("x"), "attachments[3]: "),
        (lambda d: d["cases"][3]["attachments"][0].update(media="film"), "one of photo, voice"),
        (lambda d: d["cases"][3]["attachments"][0].update(file="../x"), "a file's name"),
    ],
)
def test_a_wrong_shape_is_refused_with_its_place(change: Change, said: str) -> None:
    raw = document()
    change(raw)
    assert any(said in problem for problem in problems(raw)), problems(raw)
    assert not VALIDATOR.is_valid(raw)


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("q1", "maybe", '"maybe" is no answer to it. Give one of yes, no, na, not_known'),
        ("q1", "yess", 'Did you mean "yes"'),
        ("q1", ["yes"], "is no answer"),
        ("q2", "na", "is no answer"),
        ("q3", ["pcr", "xyz"], "Give a list of oasys, pcr"),
        ("q3", "pcr", "Give a list"),
        ("sent", "20/11/2026", "Give a date (2026-11-20)"),
        ("sent", "20261120", "Give a date"),
        ("score", "7", "Give a number"),
        ("in_time", "yes", "worked out. Leave it out"),
        ("q11", "yes", 'no question "q11". Did you mean "q1"'),
        ("gender", "male", 'Put its value under "profile"'),
    ],
)
def test_an_answer_that_does_not_fit_is_refused(name: str, value: object, said: str) -> None:
    raw = document()
    raw["cases"][1]["answers"] = {name: {"value": value}}
    (problem,) = problems(raw)
    assert problem.startswith(f"cases[1] C002, answers {name}: ")
    assert said in problem


def test_what_a_lead_settled_and_what_is_listed_is_checked_too() -> None:
    raw = document()
    raw["cases"][3]["answers"]["q1"]["given"] = "maybe"
    raw["cases"][3]["remarks"][0]["question"] = "q11"
    raw["cases"][3]["attachments"][1]["question"] = "q33"
    given, remark, attachment = problems(raw)
    assert given.startswith('cases[3] C003, answers q1, given: "maybe" is no answer to it.')
    assert remark.startswith('cases[3] C003, remarks[0]: form case-file has no question "q11"')
    assert attachment.startswith("cases[3] C003, attachments[1]: ")


def test_the_profile_is_checked_too() -> None:
    raw = document()
    raw["cases"][1]["profile"] = {"age": 3.5, "q1": "yes", "gendre": "male"}
    first, second, third = problems(raw)
    assert "profile age: 3.5 is no answer to it. Give a whole number" in first
    assert 'Put it under "answers"' in second
    assert 'Did you mean "gender"' in third


@pytest.mark.parametrize("at", ["2026-02-30T10:00:00Z", "2026-11-20T25:00:00Z"])
def test_a_time_that_never_was_is_refused_with_its_place(at: str) -> None:
    raw = document()
    raw["cases"][0]["answers"]["q1"]["at"] = at
    (problem,) = problems(raw)
    assert problem.startswith(f'cases[0] C001, answers q1: "{at}" cannot be its "at". Give a time')


@pytest.mark.parametrize(
    ("once", "twice", "said"),
    [
        ('"q1": {', '"q1": {"value": "yes"}, "q1": {', 'C001, answers: "q1" stands twice. Keep'),
        ('"status": ', '"status": "assigned", "status": ', '[0] C001: "status" stands twice'),
        ('"title": ', '"title": "A", "title": ', 'inspection: "title" stands twice'),
    ],
)
def test_what_stands_twice_is_refused_with_its_place(once: str, twice: str, said: str) -> None:
    text = json.dumps(document()).replace(once, twice, 1)
    with pytest.raises(InspectionFileError) as caught:
        read_inspection_file(text, find)
    (problem,) = caught.value.problems
    assert said in str(problem)


def test_another_tool_sees_what_applies_and_what_is_worked_out() -> None:
    case = Case("C1", "case-file", answers={"q1": Answer("no"), "q2": Answer("yes", "seen")})
    raw = inspection_document(tiny_inspection(), PACK, [case])["cases"][0]
    assert "relevant" not in raw["answers"]["q1"]
    assert raw["answers"]["q2"]["relevant"] is False
    assert raw["worked_out"] == {}
    days = {"sent": Answer("2026-11-20"), "seen": Answer("2026-11-24")}
    seen = replace(case, answers={**case.answers, **days})
    raw = inspection_document(tiny_inspection(), PACK, [seen])["cases"][0]
    assert raw["worked_out"] == {"in_time": "yes"}
    file = dump_document(inspection_document(tiny_inspection(), PACK, [seen]))
    assert score_cases(PACK, read_inspection_file(file, find).cases) == score_cases(PACK, [seen])


def test_what_is_marked_in_the_file_is_worked_out_anew() -> None:
    raw = document()
    raw["cases"][0]["answers"]["q1"]["relevant"] = False
    raw["cases"][0]["worked_out"] = {"in_time": "no"}
    assert list(read_inspection_file(json.dumps(raw), find).cases) == CASES
    raw["cases"][0]["worked_out"] = {"in_tyme": "no"}
    (problem,) = problems(raw)
    assert 'Did you mean "in_time"' in problem


def test_a_file_of_the_first_format_is_read() -> None:
    raw = document()
    raw["format"] = "casewalk-inspection/1"
    for case in raw["cases"]:
        del case["version"], case["worked_out"], case["place"]
        for answer in case["answers"].values():
            answer.pop("relevant", None)
    read = read_inspection_file(json.dumps(raw), find)
    assert list(read.cases) == [replace(one, place=None) for one in CASES]


def test_a_case_given_twice_and_an_unknown_form_are_refused() -> None:
    raw = document()
    raw["cases"].append({"case": "c002", "form": "case-file", "answers": {}})
    raw["cases"].append({"case": "C005", "form": "case_file", "answers": {}})
    twice, form = problems(raw)
    assert twice.startswith("cases[4] c002: the same case and form stand in cases[1]")
    assert 'Did you mean "case-file"' in form


def test_all_problems_are_collected_and_twenty_are_listed() -> None:
    raw = document()
    raw["cases"] = [
        {"case": f"C{n}", "form": "case-file", "answers": {"q1": {"value": "?"}}} for n in range(45)
    ]
    assert len(problems(raw)) == 45
    with pytest.raises(InspectionFileError, match=r"45 problems(.|\n)*C19(.|\n)*and 25 more"):
        read_inspection_file(json.dumps(raw), find)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "not JSON"),
        ("{", "line 1, column 2"),
        ("[]", "not a JSON object"),
        ('{"format": NaN}', "not JSON"),
        ("[" * 100_000, "not JSON"),
        (b"\xff\xfe{}", "not JSON"),
    ],
)
def test_what_is_no_json_is_refused(text: str | bytes, said: str) -> None:
    with pytest.raises(InspectionFileError, match=said):
        read_inspection_file(text, find)


def test_a_missing_file_is_refused_and_a_byte_order_mark_is_not(tmp_path: Path) -> None:
    with pytest.raises(InspectionFileError, match="cannot be read"):
        read_inspection_file(tmp_path / "none.json", find)
    with pytest.raises(InspectionFileError, match="cannot be read"):
        read_inspection_file(tmp_path, find)
    assert read_inspection_file(b"\xef\xbb\xbf" + dump_document(document()), find).cases


ODD: Any = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-5, 5),
    st.sampled_from(["", "yes", "submitted", "C7", "../x", "casewalk-inspection/1"]),
    st.lists(st.sampled_from(["a", "b", 1, None]), max_size=3),
    st.dictionaries(st.sampled_from(["value", "note", "case", "x"]), st.integers(), max_size=2),
)


def places(node: Any, at: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Every place in a document."""
    found = [at]
    for key, one in node.items() if isinstance(node, dict) else ():
        found += places(one, (*at, key))
    for key, one in enumerate(node) if isinstance(node, list) else ():
        found += places(one, (*at, key))
    return found


PLACES = [place for place in places(document()) if place]


@given(st.lists(st.tuples(st.sampled_from(PLACES), ODD, st.booleans()), max_size=3))
def test_what_is_checked_here_is_what_the_schema_says(
    changes: list[tuple[tuple[Any, ...], Any, bool]],
) -> None:
    raw = copy.deepcopy(document())
    for (*path, last), value, drop in changes:
        node: Any = raw
        try:
            for key in path:
                node = node[key]
            if drop and isinstance(node, dict):
                node.pop(last, None)
            else:
                node[last] = value
        except (KeyError, TypeError, IndexError):
            continue
    assert (not list(shape_problems(raw))) == VALIDATOR.is_valid(raw)
