"""``packs``, ``check`` and ``verify``."""

from __future__ import annotations

import json

import pytest

from criteria.instrument.load import PACKS
from tests.bot.cli.command_line import PACK, CommandLine

pytestmark = pytest.mark.long


def test_packs_lists_every_instrument_with_its_forms(casewalk: CommandLine) -> None:
    listed = casewalk("packs").stdout
    for path in PACKS.glob("*.json"):
        assert f"\n{path.stem}  " in f"\n{listed}"
    assert "    case-file: 40 questions" in listed


def test_check_finds_nothing_in_a_good_pack(casewalk: CommandLine) -> None:
    assert "no problems" in casewalk("check", PACK).stdout
    mine = casewalk.write("mine.json", (PACKS / f"{PACK}.json").read_text("utf-8"))
    assert "no problems" in casewalk("check", mine).stdout


def test_check_lists_every_problem_in_the_files_order(casewalk: CommandLine) -> None:
    pack = json.loads((PACKS / f"{PACK}.json").read_text("utf-8"))
    survey = pack["forms"][0]["survey"]
    survey[1]["relevant"] = "${comunication} = 'yes'"
    survey[4]["type"] = "select_one yes_noo"
    survey[9]["criterion"] = "c0"
    shown = casewalk("check", casewalk.write("bad.json", pack), code=1).stdout
    names = [survey[at]["name"] for at in (1, 4, 9)]
    places = [shown.index(name) for name in names]
    assert places == sorted(places)
    assert "communication" in shown, "the near match"
    assert "3 errors" in shown


def test_check_of_what_is_no_pack_says_so(casewalk: CommandLine) -> None:
    assert "nowhere.json" in casewalk.refused("check", "nowhere.json")
    assert PACK in casewalk.refused("check", "movement-of-case-2004")
    assert "line 2" in casewalk("check", casewalk.write("cut.json", "{\n"), code=1).stdout
    assert "1 error" in casewalk("check", casewalk.write("list.json", "[]"), code=1).stdout


def test_verify_lists_what_it_did_not_check_where_it_is_asked_to(casewalk: CommandLine) -> None:
    rows = [{"id": f"Para {place}", "printed_percent": 47} for place in range(9)]
    figures = casewalk.write("figures.json", {"tables": rows})
    assert "and 6 more, which --all lists" in casewalk("verify", figures).stdout
    listed = casewalk("verify", figures, "--all").stdout
    assert all(f"    Para {place}" in listed for place in range(9))
