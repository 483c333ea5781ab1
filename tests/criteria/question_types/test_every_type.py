"""Every type of question has all its parts, and stands in the file of its name."""

from __future__ import annotations

import inspect
import json
import re
from pathlib import Path
from typing import Any

import pytest

from bot.messages import say
from criteria import question_types
from criteria.case import Case
from criteria.question import QuestionType, Refusal
from criteria.question_types import TYPES, type_in
from tests.criteria.question_types.asked import SAID, a_question

ANSWERS: dict[str, tuple[str, Any, str]] = {
    # what is typed, the value it is, and how people read it
    "select_one": ("strong", "strong", "Strong"),
    "select_multiple": ("fair, strong", ("strong", "fair"), "Strong, Fair"),
    "integer": ("1,200", 1200, "1200"),
    "decimal": ("6,89", 6.89, "6.89"),
    "date": ("3/6/2014", "2014-06-03", "3 June 2014"),
    "text": ("Late, twice", "Late, twice", "Late, twice"),
}

every_type = pytest.mark.parametrize("kind", TYPES.values(), ids=lambda kind: kind.name)
answered = pytest.mark.parametrize(
    "kind",
    [kind for kind in TYPES.values() if kind.answered_by_people],
    ids=lambda kind: kind.name,
)


def test_each_stands_in_the_file_of_its_name() -> None:
    files = {path.stem for path in Path(question_types.__path__[0]).glob("*.py")} - {"__init__"}
    assert {kind.name for kind in TYPES.values()} == files
    assert all(type_in(name) is kind for name, kind in TYPES.items())


def test_a_file_without_a_type_is_told_of(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "nothing.py").write_text("TIPE = 1\n", "utf-8")
    monkeypatch.setattr(question_types, "__path__", [str(tmp_path)])
    with pytest.raises(TypeError, match=r"nothing\.py holds no question type; set TYPE to one"):
        type_in("nothing")


@every_type
def test_its_file_opens_with_the_json_of_a_question(kind: QuestionType) -> None:
    manual = inspect.getmodule(type(kind)).__doc__ or ""  # type: ignore[union-attr]
    assert manual.startswith(f"``{kind.name}``: ")
    (shown,) = re.findall(r"^``(\{.*\})``$", manual, re.MULTILINE | re.DOTALL)
    assert json.loads(shown)["type"].partition(" ")[0] == kind.name


@every_type
def test_its_messages_are_there(kind: QuestionType) -> None:
    assert kind.hint is None or say(f"type-hint-{kind.hint}")
    assert all(
        say(f"rejected-{reason}", text="x", number="1", near="y", note="z")
        for reason in kind.refusals
    )
    assert kind.expected
    assert bool(kind.unused) == bool(kind.unused_because)


@every_type
def test_what_it_refuses_is_among_its_refusals(kind: QuestionType) -> None:
    question = a_question(kind.name)
    texts = ("?", "not strong", "s", "stong", "12", "2.5", "31/2/2014", "strong, nothing")
    readings = [kind.read(question, text, SAID) for text in texts]
    refused = {reading.reason for reading in readings if isinstance(reading, Refusal)}
    assert refused <= set(kind.refusals)
    assert kind.free_text or refused


@answered
def test_an_answer_is_read_fits_and_is_shown(kind: QuestionType) -> None:
    question = a_question(kind.name)
    typed, value, shown = ANSWERS[kind.name]
    reading = kind.read(question, typed, SAID)
    assert not isinstance(reading, Refusal)
    assert reading.value == value
    assert question.takes(value)
    assert question.takes("na")
    assert kind.shown(question, value, lambda label: label["en"]) == shown
    assert kind.cell(question, value) is not None
    assert kind.cell(question, "na") == "na"
    assert kind.parts(kind.joined(value)) != []


@answered
def test_what_is_of_another_kind_does_not_fit(kind: QuestionType) -> None:
    question = a_question(kind.name)
    others = [value for name, (_, value, _) in ANSWERS.items() if name != kind.name]
    fitting = [value for value in (*others, True, None, {}) if question.takes(value)]
    assert fitting == {
        "decimal": [1200],
        "text": ["strong", "2014-06-03"],
    }.get(kind.name, [])


@every_type
def test_its_answers_can_be_tried(kind: QuestionType) -> None:
    reached = kind.reach(("strong", "fair"), ("strong", "2014-06-03"), {3.0})
    assert (reached is None) == kind.worked_out
    assert bool(reached) == kind.answered_by_people


@every_type
def test_what_people_do_not_answer_takes_no_answer(kind: QuestionType) -> None:
    question = a_question(kind.name)
    if not kind.answered_by_people:
        assert isinstance(kind.read(question, "strong", SAID), Refusal)
        assert not kind.fits(question, "strong")
        assert Case("C001", "case-file").value(question) is None


@pytest.mark.parametrize("part", sorted(QuestionType.__abstractmethods__))
def test_a_type_that_lacks_a_part_cannot_be_made(part: str) -> None:
    parts = {name: lambda *_: None for name in QuestionType.__abstractmethods__ if name != part}
    with pytest.raises(TypeError, match=part):
        type("Lacking", (QuestionType,), parts)(name="lacking")
