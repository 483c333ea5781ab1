"""What may be part of a file name."""

from __future__ import annotations

import pytest

from criteria.case import CaseKey
from storage.errors import StoreError
from storage.file_names import (
    MAX_FORM_BYTES,
    case_file_name,
    file_name,
    is_of_case,
    same_case,
)


@pytest.mark.parametrize("name", ["cheshire-2011", "A", "tg-5_5", "x" * 64])
def test_a_name_that_every_system_takes_stays_as_it_is(name: str) -> None:
    assert file_name("an id", name) == name


@pytest.mark.parametrize("name", ["", ".", "..", "a/b", "a.", "con", "LPT1.txt", "x" * 65, "a\n"])
def test_a_name_that_some_system_refuses_is_refused(name: str) -> None:
    with pytest.raises(StoreError, match="cannot be an id"):
        file_name("an id", name)


def test_a_second_reading_has_a_file_of_its_own() -> None:
    assert case_file_name(CaseKey("C001", "case-file")) == "C001~case-file"
    assert case_file_name(CaseKey("C001", "case-file", 2)) == "C001~case-file~2"


@pytest.mark.parametrize(
    "key",
    [CaseKey("C/1", "f"), CaseKey("C1", "../f"), CaseKey("C1", "f" * (MAX_FORM_BYTES + 1))],
    ids=["reference", "form", "length"],
)
def test_a_case_that_cannot_be_a_file_is_refused(key: CaseKey) -> None:
    with pytest.raises(StoreError):
        case_file_name(key)


def test_references_that_differ_in_case_only_are_the_same() -> None:
    assert same_case(CaseKey("c001", "f")) == same_case(CaseKey("C001", "f"))
    assert same_case(CaseKey("C001", "f")) != same_case(CaseKey("C001", "f", 2))


def test_a_photo_tells_whose_it_is_by_its_whole_reference() -> None:
    name = f"C001-{'3f' * 12}.jpg"
    assert is_of_case(name, "c001")
    assert not is_of_case(name, "C00")
    assert not is_of_case("C001.jpg", "C001")
