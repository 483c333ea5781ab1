"""A small pack without a problem, and ways to spoil it."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

from criteria.instrument.check.issues import PackIssue
from criteria.instrument.check.pack import check_pack

Case = tuple[str, Callable[[Any], None], str, tuple[str, ...]]
"""A mistake: its code, what makes it, its place, what was meant."""


def a_pack() -> dict[str, Any]:
    """A small pack without a problem."""
    return {
        "settings": {"form_id": "small", "form_title": {"en": "Small"}, "version": "1.0.0"},
        "choices": {
            "yes_no": [
                {"name": "yes", "label": {"en": "Yes"}, "sufficient": True, "aliases": ["y"]},
                {"name": "no", "label": {"en": "No"}, "sufficient": False, "aliases": ["n"]},
            ],
            "fact": [
                {"name": "yes", "label": {"en": "Yes"}},
                {"name": "no", "label": {"en": "No"}},
            ],
            "papers": [
                {"name": "plan", "label": {"en": "Plan"}},
                {"name": "log", "label": {"en": "Contact log"}},
            ],
            "strength": [
                {"name": "strong", "label": {"en": "Strong"}},
                {"name": "fair", "label": {"en": "Fair"}},
                {"name": "weak", "label": {"en": "Weak"}},
                {"name": "unseen", "label": {"en": "Not looked at"}, "is_na": True},
            ],
        },
        "sections": [
            {
                "name": "s1",
                "label": {"en": "Section"},
                "criteria": [{"name": "c1", "number": "1", "label": {"en": "Criterion"}}],
            },
            {
                "name": "s2",
                "label": {"en": "Management"},
                "method": "levels",
                "criteria": [{"name": "leading", "number": "A1", "label": {"en": "Leading"}}],
            },
        ],
        "headlines": [{"name": "roh", "label": {"en": "Risk of harm"}}],
        "forms": [
            {
                "name": "case-file",
                "label": {"en": "Case file"},
                "profile": [
                    {"type": "integer", "name": "age", "number": "A1", "label": {"en": "Age"}}
                ],
                "survey": [
                    {
                        "type": "select_one fact",
                        "name": "risky",
                        "number": "1.a",
                        "label": {"en": "High risk?"},
                        "not_known": True,
                    },
                    {
                        "type": "select_one yes_no",
                        "name": "planned",
                        "number": "1.b",
                        "label": {"en": "Planned well?"},
                        "criterion": "c1",
                        "headlines": ["roh"],
                        "relevant": "${risky} = 'yes'",
                        "na": True,
                    },
                    {
                        "type": "select_multiple papers",
                        "name": "papers",
                        "number": "1.c",
                        "label": {"en": "Papers?"},
                    },
                    {"type": "date", "name": "seen", "number": "1.d", "label": {"en": "Seen?"}},
                    {
                        "type": "calculate",
                        "name": "timely",
                        "number": "1.e",
                        "calculation": "if(${seen} != '', 'yes', 'no')",
                        "choices": "yes_no",
                        "criterion": "c1",
                    },
                ],
            },
            {
                "name": "interview",
                "label": {"en": "Interview"},
                "survey": [
                    {"type": "text", "name": "said", "label": {"en": "What was said?"}},
                    {
                        "type": "select_one fact",
                        "name": "said_risky",
                        "label": {"en": "Says high risk?"},
                    },
                    {
                        "type": "select_one fact",
                        "name": "needs_home",
                        "label": {"en": "Is housing a factor?"},
                    },
                    {
                        "type": "select_one yes_no",
                        "name": "home_better",
                        "label": {"en": "Has housing improved?"},
                        "relevant": "${needs_home} = 'yes'",
                        "criterion": "c1",
                        "scored": False,
                        "parent": "needs_home",
                    },
                    {
                        "type": "select_one strength",
                        "name": "manager",
                        "label": {"en": "How is the manager's lead?"},
                        "criterion": "leading",
                    },
                    {"type": "integer", "name": "meetings", "label": {"en": "Meetings?"}},
                ],
            },
        ],
        "columns": {
            "files": [
                {"name": "file", "label": {"en": "File"}, "form": "case-file"},
                {
                    "name": "high_risk",
                    "label": {"en": "High risk"},
                    "form": "case-file",
                    "where": "${risky} = 'yes'",
                },
                {
                    "name": "interview",
                    "label": {"en": "Interview"},
                    "where": "${said_risky} != ''",
                },
            ]
        },
        "tables": [
            {
                "name": "t1",
                "label": {"en": "Risk"},
                "kind": "answers",
                "columns": "files",
                "rows": [{"label": {"en": "High risk"}, "questions": ["risky", "said_risky"]}],
            },
            {
                "name": "t2",
                "label": {"en": "Risk in both"},
                "kind": "agreement",
                "questions": ["risky", "said_risky"],
            },
            {
                "name": "t3",
                "label": {"en": "Factors"},
                "kind": "factors",
                "rows": [
                    {
                        "label": {"en": "Housing"},
                        "factor": "needs_home",
                        "progress": "home_better",
                    }
                ],
            },
            {
                "name": "t4",
                "label": {"en": "Numbers"},
                "kind": "numbers",
                "rows": [{"label": {"en": "Meetings"}, "questions": ["meetings"]}],
            },
        ],
        "scoring": {
            "bands": [{"name": "GOOD", "from": 65}, {"name": "POOR", "from": 0}],
            "bands_basis": "inferred",
            "levels": {
                "items": "strength",
                "rules": [
                    {"name": "well", "label": {"en": "Well met"}, "each": "strong"},
                    {
                        "name": "partly",
                        "label": {"en": "Partly met"},
                        "most": "strong",
                        "others": "fair",
                    },
                    {"name": "poor", "label": {"en": "Poor"}},
                ],
            },
        },
    }


def at(pack: Any, path: str) -> Any:
    """``at(pack, "forms.0.survey.1")``"""
    for part in filter(None, path.split(".")):
        pack = pack[int(part) if part.isdigit() else part]
    return pack


def put(path: str, value: Any) -> Callable[[Any], None]:
    owner, _, key = path.rpartition(".")

    def change(pack: Any) -> None:
        at(pack, owner)[int(key) if key.isdigit() else key] = copy.deepcopy(value)

    return change


def take(path: str) -> Callable[[Any], None]:
    owner, _, key = path.rpartition(".")

    def change(pack: Any) -> None:
        del at(pack, owner)[key]

    return change


def add(path: str, value: Any) -> Callable[[Any], None]:
    def change(pack: Any) -> None:
        at(pack, path).append(copy.deepcopy(value))

    return change


def both(*changes: Callable[[Any], None]) -> Callable[[Any], None]:
    def change(pack: Any) -> None:
        for one in changes:
            one(pack)

    return change


def changed(change: Callable[[Any], None]) -> dict[str, Any]:
    pack = a_pack()
    change(pack)
    return pack


def codes(pack: Any) -> list[str]:
    return [issue.code for issue in check_pack(pack)]


def found(issues: list[PackIssue], code: str, place: str) -> PackIssue:
    matching = [issue for issue in issues if (issue.code, issue.place) == (code, place)]
    assert matching, f"no {code} at {place} among: " + " / ".join(map(str, issues))
    return matching[0]


def finds(case: Case) -> PackIssue:
    """The issue that a case makes, at its place and with what was meant."""
    code, change, place, near = case
    issue = found(check_pack(changed(change)), code, place)
    assert issue.near == near or not near
    assert not near or f"Did you mean '{near[0]}'" in str(issue)
    return issue
