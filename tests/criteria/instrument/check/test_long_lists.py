"""A list that needs pages is warned of; nothing else is."""

from __future__ import annotations

from criteria.instrument.check.pack import check_pack
from tests.criteria.instrument.small_pack import a_pack
from tests.long_lists import long_lists_document


def test_lists_that_do_not_fit_on_a_card_are_warned_of() -> None:
    issues = [one for one in check_pack(long_lists_document()) if one.code == "list_long"]
    assert [(one.level, one.place) for one in issues] == [
        ("warning", "choices.areas"),
        ("warning", "choices.offices"),
    ]
    assert "110 choices" in issues[0].problem


def test_short_lists_and_lists_that_no_question_uses_are_not() -> None:
    document = a_pack()
    document["choices"]["unused"] = long_lists_document()["choices"]["areas"]
    assert not [one for one in check_pack(document) if one.code == "list_long"]
