"""A new type of question is one object: read, checked, shown, exported, tabled and reached."""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Callable, Sequence
from datetime import time
from io import StringIO
from typing import Any

import pytest

from bot.messages import say
from criteria.case import Case
from criteria.expressions import XValue
from criteria.instrument.check.pack import check_pack
from criteria.instrument.load import load_pack
from criteria.instrument.pack import Pack
from criteria.question import Cell, Label, Question, QuestionType, Reading, Refusal, Said, Value
from criteria.question_types import TYPES
from criteria.relevance import form_state
from criteria.report.tables_document import tables_document
from criteria.scoring.score import score_cases
from storage.exports.csv_export import answers_csv
from storage.inspection_file import InspectionFileError, read_inspection_file
from tests.criteria.instrument.small_pack import a_pack
from tests.storage.exports.filled import text_of
from tests.walk import Walk


class Time(QuestionType):
    """``{"type": "time", "name": "began", "label": {"en": "When did it begin?"}}``"""

    def read(self, question: Question, text: str, said: Said) -> Reading | Refusal:
        found = re.fullmatch(r"(\d{1,2})[:.](\d\d)", text)
        if not found or not (int(found[1]) < 24 and int(found[2]) < 60):
            return Refusal("not_a_time")
        return Reading(f"{int(found[1]):02}:{found[2]}")

    def fits(self, question: Question, value: object) -> bool:
        return isinstance(value, str) and re.fullmatch(r"\d\d:\d\d", value) is not None

    def shown(self, question: Question, value: Value, text: Callable[[Label], str]) -> str:
        return f"{time.fromisoformat(str(value)):%I.%M %p}".lower()

    def cell(self, question: Question, value: Value) -> Cell:
        return f"{value}:00"

    def counted(self, question: Question, value: Value) -> tuple[str, ...]:
        return ()

    def reach(
        self, choices: Sequence[str] | None, texts: Sequence[str], numbers: set[float]
    ) -> Sequence[XValue] | None:
        return [text for text in texts if ":" in text]


TIME = Time(
    name="time",
    hint="time",
    refusals=("not_a_time",),
    expected="a time (14:30)",
    wants_text=True,
)


AT = "2026-11-20T10:00:00Z"


@pytest.fixture(autouse=True)
def registered(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(TYPES, "time", TIME)  # type: ignore[arg-type]
    messages = {
        "type-hint-time": "type-hint-time = Type a time, such as 14:30.",
        "rejected-not_a_time": "rejected-not_a_time = “{ $text }” is not a time.",
    }
    monkeypatch.setattr(say, "sources", {**say.sources, **messages})


def a_document() -> dict[str, Any]:
    document = a_pack()
    document["forms"][1]["survey"] = [
        {"type": "time", "name": "began", "label": "When did it begin?", "na": True},
        {"type": "time", "name": "ended", "label": "When did it end?"},
        {"type": "text", "name": "early", "label": "Why so early?", "required": False,
         "relevant": "${began} = '06:30'"},
        *document["forms"][1]["survey"],
    ]  # fmt: skip
    document["forms"].reverse()
    document["tables"].append(
        {"name": "t9", "label": "When", "kind": "answers",
         "rows": [{"label": "Began", "questions": ["began"]}]}
    )  # fmt: skip
    return document


def a_loaded_pack() -> Pack:
    return load_pack(a_document())


def a_case(value: str) -> Case:
    began = a_loaded_pack().forms[0].by_name["began"]
    return Case("C001", "interview").answered(began, value, "I1", AT)


def test_the_check_accepts_it_and_knows_what_it_can_be() -> None:
    assert [issue for issue in check_pack(a_document()) if issue.is_error] == []
    document = a_document()
    document["forms"][0]["survey"][2]["relevant"] = "${began} = '06:30' and ${began} = '07:00'"
    assert [issue.code for issue in check_pack(document)] == ["question_unreachable"]
    document["forms"][0]["survey"][0]["type"] = "tim"
    assert "Did you mean 'time'" in " ".join(map(str, check_pack(document)))


def test_the_conversation_asks_reads_refuses_and_shows_it() -> None:
    walk = Walk(a_loaded_pack())
    assert "Type a time, such as 14:30." in walk.reply.text
    assert walk.reply.wants_text
    assert [button.label for button in walk.reply.buttons[0]] == ["N/A"]
    walk.type("half two")
    assert "“half two” is not a time." in walk.reply.text
    walk.type("14.30")
    assert "✓ began 02.30 pm" in walk.reply.text
    assert walk.value("began") == "14:30"


def test_files_take_what_fits_and_say_what_it_should_be() -> None:
    def read(value: object) -> Any:
        case = {"case": "C001", "form": "interview", "answers": {"began": {"value": value}}}
        document = {"format": "casewalk-inspection/1", "cases": [case]}
        return read_inspection_file(json.dumps(document), lambda _: a_loaded_pack()).cases[0]

    assert read("14:30").answers["began"].value == "14:30"
    assert read("na").answers["began"].value == "na"
    with pytest.raises(InspectionFileError, match=r"Give a time \(14:30\) or na"):
        read("half two")


def test_exports_have_its_cell() -> None:
    made = text_of(answers_csv, a_loaded_pack(), [a_case("14:30")])
    (row,) = csv.DictReader(StringIO(made.removeprefix("\ufeff")))
    assert (row["question"], row["value"], row["in_base"]) == ("began", "14:30:00", "1")


def test_scores_and_tables_count_it() -> None:
    pack, cases = a_loaded_pack(), [a_case("14:30"), a_case("06:30"), a_case("na")]
    score = score_cases(pack, cases).questions["began"]
    assert (score.relevant, score.sufficient, score.counts) == (2, None, {"na": 1})
    table: Any = tables_document(pack, cases)[-1]
    assert [cell["base"] for row in table["rows"] for cell in row["cells"]] == [2]


def test_expressions_see_it() -> None:
    form = a_loaded_pack().forms[0]
    early = form.by_name["early"]
    assert early in form_state(form, a_case("06:30")).asked
    assert early not in form_state(form, a_case("14:30")).asked
