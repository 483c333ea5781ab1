"""Hostile inspection files and samples: refused with a message, or harmless.

``CASEWALK_HOSTILE=1000`` reads a thousand of each; ``CASEWALK_HOSTILE_SEED`` others.
"""

from __future__ import annotations

import json
from pathlib import Path
from random import Random
from typing import Any

import pytest

from criteria.instrument.load import read_pack
from storage import inspection_file, sample_file
from storage.inspection_file import InspectionFileError, read_inspection_file
from storage.sample_file import SampleError, read_sample
from tests.hostile import SAMPLED, as_csv, inspection, sample
from tests.hostile_run import COUNT, outcomes, outcomes_of
from tests.storage.tiny import tiny_pack

PACK = tiny_pack()


@pytest.mark.long
@pytest.mark.parametrize("kind", ["inspection", "sample"])
def test_every_hostile_file_is_refused_or_harmless(kind: str) -> None:
    read = outcomes(kind)
    assert len(read) == COUNT
    wrong = [str(one) for one in read if not one.is_well]
    assert not wrong, "\n".join(wrong)


def test_what_the_hostile_files_are_made_of_is_sound() -> None:
    rng = Random(1)  # noqa: S311  # no secret
    for _ in range(20):
        assert read_inspection_file(json.dumps(inspection(rng)), read_pack).cases
        assert read_sample(as_csv(sample(rng)), read_pack(SAMPLED))


# --- what was found, and mended -------------------------------------------------------------------


def a_file(*cases: Any) -> str:
    return json.dumps({"format": "casewalk-inspection/1", "cases": cases})


def a_case(**more: Any) -> dict[str, Any]:
    return {"case": "C1", "form": "case-file", "answers": {}} | more


def refused(text: str | bytes | Path) -> InspectionFileError:
    with pytest.raises(InspectionFileError) as caught:
        read_inspection_file(text, lambda _: PACK)
    return caught.value


@pytest.mark.long
def test_files_that_took_too_much_are_read_within_the_limits(tmp_path: Path) -> None:
    empty = [{"case": f"C{n}", "form": "case-file", "answers": {}} for n in range(40_000)]
    read = outcomes_of(
        "inspection",
        {
            "cases": json.dumps({"format": "casewalk-inspection/1",
                                 "pack": {"name": "omi2-2011"}, "cases": empty}).encode(),
            "objects": b"[" + b'{"name":"a"},' * 500_000 + b"{}]",
            "noughts": b"[" + b"0," * 3_000_000 + b"0]",
        },
        tmp_path,
    )  # fmt: skip
    assert {name: one.became for name, one in read.items()} == dict.fromkeys(read, "refused"), read


@pytest.mark.long
def test_samples_that_took_too_much_are_read_within_the_limits(tmp_path: Path) -> None:
    header = ["case", "inspector"]
    asked = [question.name for question in read_pack(SAMPLED).case_form.profile]
    read = outcomes_of(
        "sample",
        {
            "columns": as_csv([["case", *(f"column {n}" for n in range(10_000))], ["C1"]]),
            "names": as_csv([header, *([f"C{n}", "no name"] for n in range(60_000))]),
            "slips": as_csv(
                [
                    [*header, "form", *asked],
                    *(
                        [f"C{n}", "I1", "case-file", *["never heard of"] * len(asked)]
                        for n in range(9_000)
                    ),
                ]
            ),
            "long": b"x" * 12_000_000,
        },
        tmp_path,
    )
    assert {name: one.became for name, one in read.items()} == dict.fromkeys(read, "refused"), read


def test_names_in_a_file_cannot_steer_the_terminal_or_fill_it() -> None:
    for odd in ("\x1b[2J", "\u202egnol", "\u2028", "x" * 100_000):
        for case in (
            a_case(answers={odd: {"value": "y"}}), a_case(form=odd), a_case(**{odd: 1}),
            a_case(profile={"gender": odd}), a_case(case=odd), a_case(profile={odd: []}),
        ):  # fmt: skip
            for line in str(refused(a_file(case))).splitlines():
                assert line.isprintable()
                assert len(line) < 800


def test_of_very_many_problems_the_first_are_told() -> None:
    many = range(inspection_file.MAX_SOUGHT + 50)
    answers = {f"none{n}": {"value": "y"} for n in many}
    for case in (a_case(answers=answers), a_case(**{f"key{n}": n for n in many})):
        error = refused(a_file(case))
        assert len(error.problems) == inspection_file.MAX_SOUGHT + 1
        assert "many problems" in str(error)
        assert str(error).endswith("… and more.")


def test_a_file_of_too_many_cases_is_told_how_many_it_may_have() -> None:
    cases = [a_case(case=f"C{n}") for n in range(inspection_file.MAX_CASES + 1)]
    assert "Give up to 10,000 in a file" in str(refused(a_file(*cases)))
    assert len(read_inspection_file(a_file(*cases[1:]), lambda _: PACK).cases) == len(cases) - 1


@pytest.mark.parametrize(
    "text",
    [
        b"[" + b"[]," * inspection_file.MAX_OBJECTS + b"[]]",
        b"[" + b"0," * inspection_file.MAX_COMMAS + b"0,0]",
        b" " * (inspection_file.MAX_SIZE + 1),
    ],
    ids=["objects", "commas", "bytes"],
)
def test_what_would_not_fit_in_memory_is_refused_before_it_is_parsed(
    text: bytes, tmp_path: Path
) -> None:
    path = tmp_path / "file.json"
    path.write_bytes(text)
    for given in (text, text.decode(), path):
        assert "Make several inspections" in str(refused(given))


def refusal(content: bytes) -> str:
    with pytest.raises(SampleError) as caught:
        read_sample(content, PACK)
    return str(caught.value)


def test_a_sample_of_too_much_is_told_what_it_may_have() -> None:
    assert "larger than 4,000 kB" in refusal(b" " * (sample_file.MAX_SIZE + 1))
    assert "more than 100 columns" in refusal(b"case" + b",x" * 100)
    rows = [["case"], *([f"C{n}"] for n in range(sample_file.MAX_CASES + 1))]
    assert "more than 10,000 cases" in refusal(as_csv(rows))
    assert len(read_sample(as_csv(rows[:-1]), PACK)) == sample_file.MAX_CASES


def test_of_very_many_problems_of_a_sample_the_first_are_told() -> None:
    rows = [["case"], *(["Smith"] for _ in range(sample_file.MAX_SOUGHT + 50))]
    message = refusal(as_csv(rows))
    assert message.endswith("… and many more")
    assert message.count("\n") == sample_file.MAX_SHOWN


def test_cells_of_a_sample_cannot_steer_the_terminal_or_fill_it() -> None:
    for odd in ("\x1b[2J", "\u202eg nol", "x" * 100_000):
        for rows in (
            [["case", odd], ["C1", "x"]], [["case"], [odd]], [["case", "form"], ["C1", odd]],
            [["case", "gender"], ["C1", odd]], [["case", "inspector"], ["C1", odd]],
        ):  # fmt: skip
            for line in refusal(as_csv(rows)).splitlines():
                assert line.isprintable()
                assert len(line) < 800


@pytest.mark.parametrize(
    "reference",
    ["../x", "..", ".", "C:\\x", "a/b", "a\\b", " ", "x" * 33, "C1\x00", "CÖ1", "~", "-C1"],
)
def test_no_reference_leads_out_of_the_folder(reference: str) -> None:
    assert 'cannot be its "case"' in str(refused(a_file(a_case(case=reference))))
    if "\x00" not in reference:  # which is taken off in a sample, as nobody sees it
        assert "cannot be a case reference" in refusal(as_csv([["case"], [reference]]))
