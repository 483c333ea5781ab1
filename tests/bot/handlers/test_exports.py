"""The inspection as a file: everything for a lead, the own cases for an inspector."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path

import pytest

from bot.__main__ import main
from bot.messages import say
from bot.reports.inspection_report import inspection_report
from storage.archive import write_archive
from storage.exports import EXPORTS, Export, sent_for
from storage.exports.report import InspectionReport
from tests.bot.handlers.office import Office

SIGNS = {"json": b"{", "csv": b"", "xlsx": b"PK", "html": b"<!DOCTYPE html>", "docx": b"PK"}
ROOT = Path(__file__).parents[3]


def titles(report: InspectionReport) -> bytes:
    return report.inspection.title.encode()


@pytest.fixture
def new_format(monkeypatch: pytest.MonkeyPatch) -> Export:
    """A format as somebody would add it: one record, one function and one message."""
    one = Export("titles", ".txt", f"{__name__}:titles")
    monkeypatch.setitem(EXPORTS, one.name, one)
    about = "export-about-titles"
    monkeypatch.setattr(say, "sources", {**say.sources, about: f"{about} = the inspection's title"})
    return one


@pytest.mark.parametrize("name", list(SIGNS))
async def test_a_lead_gets_every_format(office: Office, name: str) -> None:
    await office.submit("I1")
    told = await office.say("L1", f"/export {name}")
    assert told.startswith("4 cases, as they stand now.")
    documents = office.documents("L1")
    expected = ["week.csv", "week-cases.csv"] if name == "csv" else [f"week.{name}"]
    assert list(documents) == expected
    for content in documents.values():
        assert content.lower().startswith(SIGNS[name].lower())
        assert content


async def test_an_inspector_gets_the_own_cases_and_no_findings(office: Office) -> None:
    await office.submit("I1")
    await office.say("I2", "/export")
    assert office.labels("I2") == ["json", "csv", "xlsx", "html"]
    assert await office.tap("I2", "json") == "1 case, as it stands now."
    (content,) = office.documents("I2").values()
    assert [case["case"] for case in json.loads(content)["cases"]] == ["C004"]
    assert "is for the lead" in await office.say("I2", "/export docx")


@pytest.mark.parametrize("words", ["", "pdf", "JSON please"])
async def test_which_format_is_asked_where_none_is_named(office: Office, words: str) -> None:
    assert (await office.say("L1", f"/export {words}")).startswith("Which file?")
    assert office.labels("L1") == ["json", "csv", "xlsx", "html", "docx"]


async def test_a_format_may_be_typed_as_people_write_it(office: Office) -> None:
    await office.say("L1", "/export .JSON")
    assert list(office.documents("L1")) == ["week.json"]


async def test_a_new_format_is_offered_and_sent_in_a_chat(
    office: Office, new_format: Export
) -> None:
    told = await office.say("L1", "/export")
    assert "titles – the inspection's title" in told.splitlines()
    assert office.labels("L1")[-1] == "titles"
    await office.tap("L1", "titles")
    report = await inspection_report(
        office.store, await office.store.inspection("week"), made_at="2026-11-20T10:00:00Z"
    )
    assert office.documents("L1") == {"week.txt": new_format.make(report)}


async def test_a_new_format_is_in_the_archive(
    office: Office, new_format: Export, tmp_path: Path
) -> None:
    inspection = await office.store.inspection("week")
    report = await inspection_report(office.store, inspection, made_at="2026-11-20T10:00:00Z")
    await write_archive(office.store, report, tmp_path / "week.zip")
    with zipfile.ZipFile(tmp_path / "week.zip") as archive:
        assert archive.read("exports/week.txt") == new_format.make(report)
        assert {f"exports/{one.file_name('week')}" for one in EXPORTS.values()} - {
            "exports/week.json"
        } == {name for name in archive.namelist() if name.startswith("exports/")}


def test_a_new_format_is_a_choice_on_the_command_line(
    new_format: Export, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit):
        main(["export", "--help"])
    assert new_format.name in capsys.readouterr().out


@pytest.mark.parametrize("one", EXPORTS.values(), ids=EXPORTS)
async def test_every_format_has_all_its_parts(office: Office, one: Export) -> None:
    inspection = await office.store.inspection("week")
    report = await inspection_report(office.store, inspection, made_at="2026-11-20T10:00:00Z")
    content = one.make(report)
    assert content
    assert say(f"export-about-{one.name}")
    assert one in sent_for(one.goes_with or one.name)
    if one.is_text:
        content.decode()
    assert f"`{one.name}`" in (ROOT / "README.md").read_text("utf-8")
