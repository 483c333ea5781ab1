"""Where an answer stands: the question's name, within the instances of groups that repeat."""

from __future__ import annotations

import pytest

from criteria.address import Address
from criteria.instrument.load import pack_names, read_pack


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("kept", Address("kept")),
        ("q1.2.b", Address("q1.2.b")),
        ("requirement[2]/kept", Address("kept", (("requirement", 2),))),
        ("order[1]/requirement[12]/kept", Address("kept", (("order", 1), ("requirement", 12)))),
    ],
)
def test_an_address_is_a_text_and_back(text: str, address: Address) -> None:
    assert Address.parse(text) == address
    assert str(address) == text


@pytest.mark.parametrize(
    "text", ["", "/", "a/", "/a", "requirement/kept", "requirement[0]/kept", "requirement[x]/kept",
             "requirement[2]", "a b", "[1]/kept", "requirement[2]/", "requirement[12345]/kept"],
)  # fmt: skip
def test_what_is_no_address_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="is no address"):
        Address.parse(text)


@pytest.mark.parametrize("name", pack_names())
def test_every_question_has_one(name: str) -> None:
    for form in read_pack(name).forms:
        for question in form.questions:
            assert Address.parse(question.address) == Address(question.name)
