"""A draft holds whatever of a document has the expected shape."""

from __future__ import annotations

from typing import Any

import pytest

from criteria.instrument.check.draft import Draft, item_of, said_of
from tests.criteria.instrument.small_pack import a_pack


@pytest.mark.parametrize(
    "document",
    [{}, {"forms": 3, "choices": [], "sections": {}}, {"forms": [None, {"survey": [7, {}]}]}],
    ids=range(3),
)
def test_a_document_of_another_shape_makes_a_draft_without_what_it_lacks(document: Any) -> None:
    draft = Draft(document)
    assert draft.lists == {}
    assert [one.name for one in draft.questions] == ["" for _ in draft.questions]


def test_a_draft_has_the_documents_questions_with_their_places() -> None:
    draft = Draft(a_pack())
    planned = draft.everywhere["planned"]
    assert planned.path == ("forms", 0, "survey", 1)
    assert planned.is_in_survey
    assert draft.is_judgement(planned)
    assert draft.is_scored(planned)
    assert not draft.is_judgement(draft.everywhere["age"])


def test_of_a_name_that_stands_twice_the_first_question_counts() -> None:
    document = a_pack()
    document["forms"][0]["survey"][2]["name"] = "risky"
    assert Draft(document).by_name[0]["risky"].path == ("forms", 0, "survey", 0)


def test_a_choice_is_said_by_its_name_label_and_aliases() -> None:
    choice = {"name": "yes", "label": {"en": "Yes", "cy": "Ie"}, "aliases": ["y", 7]}
    said = [(text, language) for _, text, language in said_of(("choices", "yes_no", 0), choice)]
    assert said == [("yes", None), ("Yes", "en"), ("Ie", "cy"), ("y", None), ("", None)]


def test_what_is_not_there_is_none() -> None:
    assert item_of([1, 2], 2) is None
    assert item_of("text", 0) is None
    assert item_of({"a": 1}, "b") is None
