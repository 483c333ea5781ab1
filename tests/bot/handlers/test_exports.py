"""The inspection as a file: everything for a lead, the own cases for an inspector."""

from __future__ import annotations

import json

import pytest

from tests.bot.handlers.office import Office

SIGNS = {"json": b"{", "csv": b"", "xlsx": b"PK", "html": b"<!DOCTYPE html>", "docx": b"PK"}


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
