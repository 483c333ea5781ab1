"""A case's JSON, there and back."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from criteria.case import Answer, Case, Evidence, EvidenceKind, Remark
from criteria.case_json import case_from_json, case_to_json
from criteria.case_status import Status

AT, LATER = "2026-11-20T10:00:00Z", "2026-11-20T11:00:00Z"
LOOK = Remark("told", "look again", "L1", AT)
FULL = Case(
    "C001",
    "case-file",
    "I1",
    Status.RETURNED,
    {"sex": "male"},
    {
        "told": Answer("yes", "seen", "L1", AT, EvidenceKind.GOOD_PRACTICE, "the log", "no"),
        "papers": Answer(("plan", "log"), None, "I1", AT, settled="both", given=("plan",)),
        "how_well": Answer(None, settled="not asked", given="fully"),
        "visits": Answer(3, by="I1", at=AT),
    },
    reading=2,
    remarks=(LOOK, Remark(None, "all of it", "L1", LATER)),
    evidence=(
        Evidence(
            "question", "told", "photo", "C001-a.jpg", EvidenceKind.QUOTATION, "a page", "I1", AT
        ),
        Evidence("question", "told", "voice", "C001-b.ogg"),
    ),
)
HEADED = replace(
    FULL,
    place="Chester",
    subject="case",
    links=("C002", "P1"),
    evidence=(
        Evidence("question", "told", "photo", "C001-a.jpg", state="awaited"),
        Evidence("criterion", "c1", "photo", "C001-b.jpg", state="removed"),
        Evidence("case", None, "voice", "C001-c.ogg"),
        Evidence("inspection", None, "photo", "wall.jpg"),
    ),
)


@pytest.mark.parametrize("case", [FULL, HEADED, Case("C002", "case-file")])
def test_a_case_goes_to_json_and_back(case: Case) -> None:
    assert case_from_json(json.loads(json.dumps(case_to_json(case)))) == case


def test_a_plain_case_says_no_more_than_the_contract_does() -> None:
    plain = Case("C001", "case-file", "I1", Status.SUBMITTED, {}, {"told": Answer("yes")})
    document = case_to_json(plain)
    assert list(document) == ["case", "form", "inspector", "status", "profile", "answers"]
    assert document["answers"] == {"told": {"value": "yes", "note": None, "by": None, "at": None}}


def test_evidence_on_a_question_that_is_there_is_an_attachment_of_the_inspection_file() -> None:
    assert case_to_json(FULL)["attachments"][0] == {
        "question": "told",
        "media": "photo",
        "file": "C001-a.jpg",
        "kind": "quotation",
        "caption": "a page",
        "by": "I1",
        "at": AT,
    }


def test_a_head_says_where_and_what_about_only_if_that_is_known() -> None:
    head = ["case", "form", "inspector", "place", "status", "subject", "links"]
    assert list(case_to_json(HEADED))[:7] == head
    assert case_to_json(HEADED)["links"] == ["C002", "P1"]
    assert {"place", "subject", "links"} & set(case_to_json(FULL)) == set()


def test_other_evidence_says_what_it_is_on_and_its_state() -> None:
    said = [
        (one.get("question"), one.get("on"), one.get("target"), one.get("state"))
        for one in case_to_json(HEADED)["attachments"]
    ]
    assert said == [
        ("told", None, None, "awaited"),
        (None, "criterion", "c1", "removed"),
        (None, "case", None, None),
        (None, "inspection", None, None),
    ]
