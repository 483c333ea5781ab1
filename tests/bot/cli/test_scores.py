"""``score`` and ``compare``."""

from __future__ import annotations

import json

import pytest

from criteria.inspection import Inspection
from criteria.instrument.load import pack_names, read_pack
from storage.inspection_file import inspection_document
from tests.bot.cli.command_line import PACK, CommandLine, inspection_file
from tests.storage.exports.filled import filled_cases

pytestmark = pytest.mark.long


def test_score_takes_the_least_that_an_inspection_file_may_hold(casewalk: CommandLine) -> None:
    document = inspection_file(
        {"communication": "yes", "notified": "yes", "enforcement": "largely"},
        {"communication": "no", "enforcement": "na"},
        {"communication": "not_known"},
    )
    named = casewalk.write("named.json", document)
    score = json.loads(casewalk("score", named, "--json").stdout)
    assert (score["pack"], score["cases"]) == (PACK, 3)
    communication = score["questions"]["communication"]
    assert (communication["relevant"], communication["sufficient"]) == (2, 1)
    assert (communication["percent"], communication["counts"]["not_known"]) == (50, 1)
    assert score["questions"]["enforcement"]["proportion"] == 1
    assert score["questions"]["notified"]["percent"] == 100
    assert score["questions"]["plan_reviewed"]["percent"] is None
    assert casewalk("score", named).stdout.startswith("Movement of Cases, version 1.0.0: 3 cases\n")

    unnamed = casewalk.write("unnamed.json", inspection_file({"communication": "yes"}))
    document = json.loads((casewalk.folder / unnamed).read_text())
    del document["pack"]
    casewalk.write("unnamed.json", document)
    assert "--pack" in casewalk.refused("score", "unnamed.json")
    assert ": 1 case\n" in casewalk("score", "unnamed.json", "--pack", PACK).stdout


def test_score_of_an_inspection_is_that_of_its_file(casewalk: CommandLine) -> None:
    document = inspection_file({"communication": "yes"}, {"communication": "no"})
    casewalk("import", "week", casewalk.write("week.json", document))
    of_id, of_file = casewalk("score", "week", "--json"), casewalk("score", "week.json", "--json")
    assert json.loads(of_id.stdout) == json.loads(of_file.stdout)
    title, _, report = casewalk("score", "week").stdout.partition("\n")
    assert title == "week: 0 of 2 submitted; every answer given counts"
    assert report == casewalk("score", "week.json").stdout


@pytest.mark.parametrize("name", pack_names())
def test_score_reads_well_for_filled_cases_of_every_instrument(
    casewalk: CommandLine, name: str
) -> None:
    pack = read_pack(name)
    inspection = Inspection("week", "Week one", name, pack.version)
    cases = filled_cases(pack)
    casewalk.write("week.json", inspection_document(inspection, pack, cases))
    casewalk("import", "week", "week.json", "--pack", name)
    title, _, report = casewalk("score", "week").stdout.partition("\n")
    assert title.startswith("Week one")
    assert report.startswith(f"{pack.text(pack.title)}, version {pack.version}: ")
    for criterion in pack.criteria.values():
        assert f"{criterion.number} {pack.text(criterion.label)}"[:40] in report


def test_a_follow_up_is_set_beside_its_original(casewalk: CommandLine) -> None:
    casewalk("import", "first", casewalk.write("a.json", inspection_file({"notified": "no"})))
    casewalk("import", "second", casewalk.write("b.json", inspection_file({"notified": "yes"})))
    casewalk.refused("compare", "second")
    shown = casewalk("compare", "second", "first").stdout
    assert "before  after  change" in shown
