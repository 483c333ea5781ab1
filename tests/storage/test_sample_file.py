"""A sample is read into cases, or refused with every problem by its line."""

from __future__ import annotations

import pytest

from criteria.case import Case
from criteria.case_status import Status
from storage.sample_file import MAX_CASES, MAX_COLUMNS, MAX_SIZE, SampleError, read_sample
from tests.storage.tiny import tiny_pack


def refused(content: str | bytes) -> list[str]:
    content = content if isinstance(content, bytes) else content.encode()
    with pytest.raises(SampleError) as caught:
        read_sample(content, tiny_pack())
    return str(caught.value).splitlines()


def test_a_line_is_a_case_with_its_facts() -> None:
    content = b"case,inspector,Gender,age\nC001,I1,Male,30\nC002,,,\n"
    assert read_sample(content, tiny_pack()) == [
        Case("C001", "case-file", "I1", Status.ASSIGNED, {"gender": "male", "age": 30}),
        Case("C002", "case-file"),
    ]


def test_a_form_may_be_named() -> None:
    (case,) = read_sample(b"case,form\nC001,interview\n", tiny_pack())
    assert case.form == "interview"
    assert "line 2" in refused("case,form\nC001,interviews\n")[0]


def test_a_column_that_stands_twice_is_refused() -> None:
    (problem,) = refused("case,gender,Gender\nC001,male,male\n")
    assert problem == "line 1: columns `gender` and `Gender` are both gender; keep one"


def test_a_day_that_moves_is_no_answer() -> None:
    assert len(refused("case,age\nC001,thirtyish\nC002,old\n")) == 2


def test_a_name_is_no_reference() -> None:
    assert "no name" in refused("case\nSmith\n")[0]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"x" * (MAX_SIZE + 1), "is larger than"),
        (b"case" + b",c" * MAX_COLUMNS + b"\n", "more than 100 columns"),
        (b"case\n" + b"C1\n" * (MAX_CASES + 1), "more than 10,000 cases"),
        (b"case\n\xff\n", "byte 5: is not UTF-8"),
    ],
    ids=["size", "columns", "cases", "bytes"],
)
def test_what_is_no_sample_is_refused_as_a_whole(content: bytes, said: str) -> None:
    (problem,) = refused(content)
    assert said in problem


def test_twenty_problems_are_listed_and_the_others_counted() -> None:
    problems = refused("case\n" + "Smith\n" * 30)
    assert len(problems) == 21
    assert problems[-1] == "… and 10 more"
