"""Several choices of a list."""

from __future__ import annotations

import pytest

from criteria.instrument.load import load_pack
from criteria.question import Reading, Refusal
from tests.criteria.instrument.small_pack import a_pack
from tests.criteria.question_types.asked import SAID, a_question, read


@pytest.mark.parametrize(
    ("text", "value"),
    [("strong", ("strong",)), ("weak and strong", ("strong", "weak")),
     ("Fai, weak", ("fair", "weak")), ("1 3", ("strong", "weak")), ("none", ()),
     ("strong, purple", "is_it"), ("strong & weak", ("strong", "weak")),
     ("strong weak", ("strong", "weak")),
     ("all of them", ("strong", "fair", "weak")), ("strong only", ("strong",)),
     ("strong not weak", "is_it"), ("strong?", "is_it"), ("not strong", "negated"),
     ("everything except weak", "negated"), ("1 2 weak", "is_it")],
)  # fmt: skip
def test_several_choices_are_read_in_the_lists_order(text: str, value: object) -> None:
    assert read("select_multiple", text) == value


def test_names_add_to_the_ticks_and_only_replaces_them() -> None:
    question = a_question("select_multiple")
    adds = [
        question.type.read(question, text, SAID) for text in ("strong", "1 3", "just strong", "all")
    ]
    assert [one.adds for one in adds if isinstance(one, Reading)] == [True, True, False, False]


def test_all_of_a_list_with_another_thing_is_asked() -> None:
    pack = a_pack()
    pack["choices"]["strength"][2]["label"] = {"en": "Other"}
    pack["forms"][0]["survey"].append(
        {"type": "select_multiple strength", "name": "asked", "label": "Asked?"}
    )
    question = load_pack(pack).forms[0].by_name["asked"]
    assert question.type.read(question, "all", SAID) == Refusal(
        "is_it", (("strong", "fair", "weak"),)
    )


def test_equal_answers_are_one_text() -> None:
    kind = a_question("select_multiple").type
    assert kind.joined(("weak", "fair")) == kind.joined(("fair", "weak")) == "fair weak"
    assert kind.parts("fair weak") == ["fair", "weak"]


def test_an_answer_counts_for_each_of_its_choices() -> None:
    question = a_question("select_multiple")
    assert question.type.counted(question, ("weak", "fair")) == ("weak", "fair")


def test_selections_stand_for_all_that_there_are() -> None:
    reached = a_question("select_multiple").type.reach(("a", "b", "c"), ("b",), set())
    assert reached is not None
    assert sorted(map(str, reached)) == ["", "a", "a b", "a b c", "a c", "b"]
