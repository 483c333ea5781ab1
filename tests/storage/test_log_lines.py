"""The lines of a log: each holds the hash of the one before."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import pytest

from storage.errors import Damaged, NotSaved
from storage.journal import Line
from storage.log_lines import (
    FIRST,
    Seal,
    chained,
    difference,
    fold_of,
    unchanged,
    whole_lines,
    written_line,
)
from tests.storage.tiny import AT

SEAL = Seal(Path("cases/C001.jsonl"))
PATCHES = (
    {"answers": {"q1": {"value": "yes"}}},
    {"answers": {"q2": {"value": "no"}}, "profile": {"age": {"value": 3}}},
    {"answers": {"q1": None, "q2": None}},
)


def three() -> list[Line]:
    steps = [Line(0, AT, "I1", "Set", patch, "") for patch in PATCHES]
    return [written.line for written in chained(SEAL, steps)]


def log_bytes() -> bytes:
    return b"".join(written.data for written in unchanged(SEAL, three()))


def read(data: bytes) -> list[Line]:
    return [line for line, _ in whole_lines(SEAL, data)]


def test_lines_come_back_from_their_bytes() -> None:
    assert read(log_bytes()) == three()
    assert [line.n for line in three()] == [1, 2, 3]
    assert all(before.hash != after.hash for before, after in pairwise(three()))


def test_the_fold_is_what_the_lines_come_to() -> None:
    fold = fold_of(three())
    assert fold.tables == {"profile": {"age": {"value": 3}}}
    assert (fold.n, fold.hash, fold.at) == (3, three()[-1].hash, AT)


def test_a_fold_with_one_more_line_leaves_the_other_as_it_was() -> None:
    before = fold_of(three()[:1])
    assert before.after(three()[1]).tables["answers"].keys() == {"q1", "q2"}
    assert before.tables == {"answers": {"q1": {"value": "yes"}}}


@pytest.mark.parametrize("at", [0, 1])
def test_a_line_that_was_taken_out_is_noticed_at_the_next_one(at: int) -> None:
    lines = log_bytes().splitlines(keepends=True)
    with pytest.raises(Damaged, match=f"line {at + 1}: it does not follow"):
        read(b"".join(lines[:at] + lines[at + 1 :]))


def test_a_line_that_was_cut_short_is_left_out() -> None:
    data = log_bytes()
    assert read(data[:-40]) == three()[:2]


def test_bytes_that_begin_no_line_are_refused() -> None:
    with pytest.raises(Damaged, match="neither a line nor the beginning"):
        read(log_bytes() + b"rubbish")


def test_a_number_that_json_has_not_is_not_saved() -> None:
    patch = {"answers": {"q1": {"value": 2**70}}}
    with pytest.raises(NotSaved, match=r"C001\.jsonl"):
        written_line(SEAL, Line(1, AT, None, "Set", patch, ""), FIRST)


def test_steps_whose_hashes_do_not_fit_are_refused_by_the_first_of_them() -> None:
    first, second, third = three()
    with pytest.raises(Damaged, match="line 2: it was changed"):
        unchanged(SEAL, [first, second._replace(by="I2"), third])


def test_the_difference_makes_the_one_the_other() -> None:
    before = {"answers": {"a": {"v": 1}, "b": {"v": 2}}, "gone": {"x": {}}}
    after = {"answers": {"a": {"v": 1}, "b": {"v": 3}}, "new": {"y": {"v": 0}}}
    assert difference(before, after) == {
        "answers": {"b": {"v": 3}},
        "gone": {"x": None},
        "new": {"y": {"v": 0}},
    }
    assert difference(after, after) == {}
