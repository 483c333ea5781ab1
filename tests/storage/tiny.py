"""A pack of a few questions and an inspection of a few cases, for the stores' tests."""

from __future__ import annotations

from typing import Any

from criteria.case import Case
from criteria.case_status import Status
from criteria.inspection import Inspection, Member, Role
from criteria.instrument.load import load_pack
from criteria.instrument.pack import Pack

AT = "2026-11-20T10:00:00Z"
CHAT = "tg-55"

DOCUMENT: dict[str, Any] = {
    "settings": {
        "form_id": "tiny",
        "form_title": {"en": "Tiny"},
        "version": "1.0.0",
        "default_language": "en",
    },
    "choices": {
        "yes_no": [
            {"name": "yes", "label": {"en": "Yes", "cy": "Ie"}, "sufficient": True},
            {"name": "no", "label": {"en": "No", "cy": "Na"}, "sufficient": False},
        ],
        "gender": [
            {"name": "male", "label": {"en": "Male"}},
            {"name": "female", "label": {"en": "Female"}},
        ],
        "papers": [
            {"name": "oasys", "label": {"en": "OASys"}},
            {"name": "pcr", "label": {"en": "Pre-court report"}},
        ],
    },
    "sections": [
        {
            "name": "s1",
            "label": {"en": "Management"},
            "criteria": [{"name": "c1", "number": "1", "label": {"en": "Transfer"}}],
        }
    ],
    "forms": [
        {
            "name": "case-file",
            "label": {"en": "Case file"},
            "profile": [
                {"type": "select_one gender", "name": "gender", "label": {"en": "Gender"}},
                {"type": "integer", "name": "age", "label": {"en": "Age"}},
            ],
            "survey": [
                {
                    "type": "select_one yes_no",
                    "name": "q1",
                    "number": "1.1",
                    "label": {"en": "Was it in time?"},
                    "criterion": "c1",
                    "na": True,
                    "not_known": True,
                },
                {
                    "type": "select_one yes_no",
                    "name": "q2",
                    "number": "1.2",
                    "label": {"en": "And complete?"},
                    "criterion": "c1",
                    "relevant": "${q1} = 'yes'",
                },
                {
                    "type": "select_multiple papers",
                    "name": "q3",
                    "number": "1.3",
                    "label": {"en": "Which papers came?"},
                },
                {"type": "date", "name": "sent", "label": {"en": "Sent on"}},
                {"type": "date", "name": "seen", "label": {"en": "Seen on"}},
                {
                    "type": "calculate",
                    "name": "in_time",
                    "choices": "yes_no",
                    "label": {"en": "Seen within five days"},
                    "criterion": "c1",
                    "relevant": "${sent} != '' and ${seen} != ''",
                    "calculation": "if(working_days(${sent}, ${seen}) <= 5, 'yes', 'no')",
                },
                {"type": "decimal", "name": "score", "label": {"en": "Score"}},
                {"type": "text", "name": "remarks", "label": {"en": "Remarks"}},
            ],
        },
        {
            "name": "interview",
            "label": {"en": "Interview"},
            "profile": [],
            "survey": [
                {"type": "select_one yes_no", "name": "i1", "label": {"en": "Was it fair?"}}
            ],
        },
    ],
}


def tiny_pack() -> Pack:
    return load_pack(DOCUMENT)


def tiny_inspection(inspection_id: str = "cheshire-2011") -> Inspection:
    return Inspection(inspection_id, "Cheshire", "tiny", "1.0.0")


INSPECTOR = Member("I1", Role.INSPECTOR)
LEAD = Member("L1", Role.LEAD)


def tiny_cases() -> list[Case]:
    return [
        Case("C001", "case-file", "I1", Status.ASSIGNED, {"gender": "male"}),
        Case("C002", "case-file"),
        Case("C001", "interview", "I1", Status.ASSIGNED),
    ]
