"""Hostile packs and figures files: refused with a message, or harmless, quickly and in little room.

``CASEWALK_HOSTILE=1000`` reads a thousand of each; ``CASEWALK_HOSTILE_SEED`` others.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from criteria.instrument.check.pack import check_pack_text
from criteria.instrument.load import PackError, TooLarge, read_at_most, read_pack
from criteria.instrument.pack import MAX_SIZE
from criteria.printable import printable
from criteria.question_types.select_multiple import MAX_SELECTIONS
from criteria.verify.verify import MAX_FINDINGS, Level, verify, verify_text
from criteria.verify.verify import MAX_SIZE as MAX_FIGURES_SIZE
from tests.criteria.instrument.small_pack import a_pack, codes
from tests.hostile import a_question, small_pack, with_questions
from tests.hostile_run import COUNT, outcomes, outcomes_of


@pytest.mark.long
@pytest.mark.parametrize("kind", ["pack", "figures"])
def test_every_hostile_input_is_refused_or_harmless(kind: str) -> None:
    read = outcomes(kind)
    assert len(read) == COUNT
    wrong = [str(one) for one in read if not one.is_well]
    assert not wrong, "\n".join(wrong)


@pytest.mark.long
def test_the_harness_notices_what_nothing_may_do(tmp_path: Path) -> None:
    probes = ("store", "spin", "fill", "recurse", "write", "follow", "connect", "steer")
    read = outcomes_of("probe", {one: one.encode() for one in probes}, tmp_path)
    assert read["store"].became == "harmless"
    assert (read["spin"].became, read["spin"].said) == ("ended by the kernel", "SIGXCPU")
    assert "MemoryError" in read["fill"].said
    assert "RecursionError" in read["recurse"].said
    assert "beside" in read["write"].said
    assert read["follow"].became == read["connect"].became == "went outside its folder"
    assert read["steer"].became == "refused in words that are not fit to print"
    assert not any(read[one].is_well for one in probes[1:])


# --- what was found, and mended -------------------------------------------------------------------


def long_conditions() -> bytes:
    """A thousand questions, each relevant by the forty before it: 840 kB, and 400 kB of them."""
    named = ((n, range(max(0, n - 40), n)) for n in range(1, 470))
    return with_questions(
        [
            a_question(f"w{n}", relevant=" or ".join(f"${{w{one}}} = 'yes'" for one in before))
            for n, before in named
        ]
    )


def many_selections() -> bytes:
    """Two hundred conditions on six of three thousand choices, of which several may be chosen."""
    pack = small_pack()
    pack["choices"]["many"] = [{"name": f"m{n}", "label": "M"} for n in range(3_000)]
    survey = pack["forms"][1]["survey"]
    survey.append({"type": "select_multiple many", "name": "w", "label": "?"})
    for n in range(200):
        named = " and ".join(f"selected(${{w}}, 'm{n + one}')" for one in range(6))
        survey.append({"type": "note", "name": f"x{n}", "label": "?", "relevant": named})
    return json.dumps(pack).encode()


def long_tries() -> bytes:
    """Conditions that can hardly ever hold, and take long to try."""
    pack = small_pack()
    survey = pack["forms"][1]["survey"]
    for n in range(11):
        survey.append({"type": "select_one fact", "name": f"w{n}", "label": "?", "na": True})
    for n in range(60):
        never = " and ".join(f"count-selected(${{w{one % 11}}}) < {n + 9}" for one in range(55))
        survey.append(
            {"type": "note", "name": f"x{n}", "label": "?", "relevant": f"{never} and 1 = 2"}
        )
    return json.dumps(pack).encode()


@pytest.mark.long
def test_packs_that_took_too_much_are_read_within_the_limits(tmp_path: Path) -> None:
    pack = json.dumps(a_pack())
    read = outcomes_of(
        "pack",
        {
            "questions": with_questions([a_question(f"w{n}") for n in range(10_000)]),
            "conditions": long_conditions(),
            "selections": many_selections(),
            "tries": long_tries(),
            "noughts": b"[" + b"0," * 2_000_000 + b"0]",
            "objects": b"[" + b"{}," * 160_000 + b"{}]",
            "keys": pack.replace('"name": ', f'"name": "{"x" * 200_000}", ' * 300 + '"name": ', 1)
            .encode(),
        },
        tmp_path,
    )  # fmt: skip
    assert {name: one.is_well for name, one in read.items()} == dict.fromkeys(read, True), read
    assert len(read) == 7


def test_a_choice_of_very_many_selections_counts_as_reachable() -> None:
    """Nobody can try them all, so nothing is said of what hangs on them."""
    few, many = a_pack(), a_pack()
    never = "selected(${papers}, 'plan') and not(selected(${papers}, 'plan'))"
    for pack, more in ((few, 3), (many, MAX_SELECTIONS)):
        pack["choices"]["papers"] += [{"name": f"p{n}", "label": {"en": f"P{n}"}} for n in range(2)]
        pack["choices"]["papers"] += [
            {"name": f"q{n}", "label": {"en": f"Q{n}"}} for n in range(min(more, 200))
        ]
        pack["forms"][0]["survey"][3]["relevant"] = never
    assert codes(few) == ["question_unreachable"]
    assert codes(many) == ["list_long"]


def test_a_pack_file_is_read_no_further_than_a_pack_can_be_long(tmp_path: Path) -> None:
    path = tmp_path / "large.json"
    path.write_bytes(b" " * (MAX_SIZE + 1))
    with pytest.raises(PackError, match="larger than 500 kB"):
        read_pack(str(path))
    with pytest.raises(TooLarge):
        read_at_most(Path("/dev/zero"), 10)
    path.write_bytes(b" " * 10)
    assert read_at_most(path, 10) == b" " * 10


def test_a_large_figures_file_is_told_to_be_split() -> None:
    (only,) = verify_text(b" " * (MAX_FIGURES_SIZE + 1))
    assert only.level is Level.CANNOT_BE
    assert "in several files" in only.would_fit


def test_of_very_many_findings_the_first_are_told() -> None:
    found = verify({"tables": [0] * (MAX_FINDINGS + 5)})
    assert len(found) == MAX_FINDINGS + 1
    assert found[-1].what == "only the first 3,000 findings are told"
    assert len(verify({"tables": [0] * MAX_FINDINGS})) == MAX_FINDINGS


def test_figures_that_take_too_many_tries_are_not_checked() -> None:
    """Forty parts without a base are tried on all up to 2,000; a hundred such are too many."""
    parts = {f"s{n}": 2.5 for n in range(40)}

    def table(n: int) -> dict[str, Any]:
        return {"id": f"t{n}", "kind": "single_choice", "printed_percent": parts}

    assert all(one.level is not Level.NOT_CHECKED for one in verify([table(0)]))
    found = verify([table(n) for n in range(100)])
    assert found[-1].level is Level.NOT_CHECKED
    assert found[-1].what == "its figures are more than are checked at once"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("plain", "plain"),
        ("a\x1b[2Jb\u202ec\ud800", "a\\x1b[2Jb\\u202ec\\ud800"),
        ("ünï 😀", "ünï 😀"),
    ],
)
def test_what_steers_a_terminal_is_written_out(text: str, shown: str) -> None:
    assert printable(text) == shown
    assert printable("x" * 50, 10) == "x" * 9 + "…"


def test_an_object_that_repeats_a_key_still_says_so() -> None:
    text = json.dumps(a_pack()).replace('"version": ', '"version": "0", "version": ', 1)
    assert [issue.code for issue in check_pack_text(text)] == ["key_repeated"]
