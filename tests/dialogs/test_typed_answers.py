"""Texts that inspectors type or dictate, and what each must become: ``typed_answers.json``.

Above all nothing is recorded wrongly; and of the texts that are clear most are taken at once.
"""

from __future__ import annotations

import json
from collections import Counter
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

import pytest

from tests.dialogs.typed import ASKED, Asked, Outcome, label

FILE: Final[dict[str, Any]] = json.loads(
    Path(__file__).with_name("typed_answers.json").read_text("utf-8")
)
CASES: Final[list[dict[str, Any]]] = FILE["cases"]
LEAST_TAKEN: Final = 0.97


@lru_cache
def asked(scale: str) -> Asked:
    at = FILE["asked_at"][scale]
    return Asked(at["pack"], at["form"], at["question"], at["given"])


def outcome(case: dict[str, Any]) -> Outcome:
    return asked(case["scale"]).type(case["typed"])


def expected(case: dict[str, Any]) -> object:
    if case["expect"] == ["all"]:
        question = asked(case["scale"]).question
        return [label(question, choice.name) for choice in question.choices]
    return ASKED if isinstance(case["expect"], dict) else case["expect"]


def test_the_scales_are_those_of_the_packs() -> None:
    for scale, labels in FILE["scales"].items():
        question = asked(scale).question
        assert [label(question, choice.name) for choice in question.choices] == labels


def test_no_text_is_recorded_as_what_it_does_not_mean(capsys: pytest.CaptureFixture[str]) -> None:
    wrong, counts = [], Counter[str]()
    for case in CASES:
        recorded = list(outcome(case).recorded.values())
        meant = expected(case)
        if recorded and recorded != [meant]:
            wrong.append((case["scale"], case["typed"], case["expect"], recorded))
        counts["clear" if meant != ASKED else "to be asked"] += 1
        counts["clear and taken at once"] += bool(recorded)
    with capsys.disabled():
        print(f"\ntyped answers: {dict(counts)}, {len(wrong)} wrong")  # noqa: T201
    assert wrong == []
    assert counts["clear and taken at once"] >= LEAST_TAKEN * counts["clear"]


def test_an_answer_with_a_rest_is_offered_with_it() -> None:
    for case in CASES:
        if isinstance(case["expect"], dict) and "rest" in case["expect"]:
            meant = case["expect"]["label"], case["expect"]["rest"]
            assert outcome(case).offered == (meant, (meant[0], None)), case["typed"]
