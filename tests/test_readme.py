"""What the README says is so."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

from bot.cli.channels import DEMO_CASES
from criteria.case import Case
from criteria.instrument.check.pack import SCHEMA, check_pack, check_pack_text
from criteria.instrument.load import load_pack
from criteria.report.tables_document import tables_document

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text("utf-8")
MANUAL = (ROOT / "docs" / "packs.md").read_text("utf-8")


def test_the_pack_it_shows_has_no_problems() -> None:
    (pack,) = re.findall(r"```json\n(.*?)```", README, re.DOTALL)
    assert check_pack_text(pack) == []


def test_the_files_it_points_to_are_there() -> None:
    links = re.findall(r"\]\(([^)#]+)\)", README)
    assert len(links) >= 5
    assert [link for link in links if "://" not in link and not (ROOT / link).exists()] == []


def test_the_conversation_it_opens_with_begins_so() -> None:
    shown = README.partition("$ make run\n")[2].partition("> m\n")[0]
    done = subprocess.run(
        [sys.executable, "-m", "bot", "try"],
        input="m\n",
        cwd=ROOT,
        capture_output=True,
        check=True,
        encoding="utf-8",
    )
    said = [line for line in done.stdout.splitlines() if line]
    for line in shown.splitlines()[2:]:
        assert not line or line in said
    assert f"{len(DEMO_CASES)} cases" in shown


def test_every_command_and_setting_is_in_it() -> None:
    for name in ("try", "serve", "new", "invite", "score", "export", "import", "check"):
        assert f"casewalk {name}" in README
    for name in ("TELEGRAM_BOT_TOKEN", "TELEGRAM_API_URL", "CASEWALK_STORE", "CASEWALK_LOG"):
        assert f"`{name}`" in README


def test_the_manual_of_packs_names_every_property() -> None:
    schema = json.loads(SCHEMA.read_text("utf-8"))
    parts = (
        "settings",
        "choice",
        "section",
        "criterion",
        "headline",
        "form",
        "question",
        "scoring",
        "level_rule",
        "column",
        "table",
        "table_row",
    )
    shapes = {part: schema["$defs"][part] for part in parts}
    shapes["levels"] = schema["$defs"]["scoring"]["properties"]["levels"]
    for part, shape in shapes.items():
        for name in shape["properties"]:
            assert f"`{name}`" in MANUAL, f"{part}: {name}"
    for part, name in (("table", "kind"), ("section", "method"), ("settings", "holidays")):
        for value in shapes[part]["properties"][name]["enum"]:
            assert f"`{value}`" in MANUAL, f"{part} {name}: {value}"


def test_the_tables_and_levels_that_the_manual_shows_have_no_problems() -> None:
    """Its parts of a pack, put into one that has what they name."""
    (tables,) = re.findall(r"```json\n(.*?)```", MANUAL, re.DOTALL)
    (levels,) = re.findall(r"```\n(\{.*?)```", MANUAL, re.DOTALL)
    pack = {**PACK_OF_THE_MANUAL, **json.loads(tables), "scoring": {"levels": json.loads(levels)}}
    assert check_pack(pack) == []
    shown = tables_document(
        load_pack(pack), [Case("C1", "prison-file", profile={"pr_sex": "male"})]
    )
    assert [table["kind"] for table in shown] == ["answers", "agreement", "factors", "numbers"]


def asked(kind: str, name: str, **more: str) -> dict[str, Any]:
    return {"type": kind, "name": name, "label": "?", **more}


PACK_OF_THE_MANUAL: dict[str, Any] = {
    "settings": {"form_id": "manual", "form_title": "The manual's", "version": "1"},
    "choices": {
        "yes_no": [
            {"name": "yes", "label": "Yes", "sufficient": True},
            {"name": "no", "label": "No", "sufficient": False},
        ],
        "fact": [{"name": "yes", "label": "Yes"}, {"name": "no", "label": "No"}],
        "sex": [{"name": "male", "label": "Male"}, {"name": "female", "label": "Female"}],
        "strength": [
            {"name": "strong", "label": "Strong"},
            {"name": "fair", "label": "Fair"},
            {"name": "weak", "label": "Weak"},
        ],
    },
    "sections": [
        {"name": "s1", "label": "Cases", "criteria": [{"name": "c1", "label": "Harm"}]},
        {
            "name": "s2",
            "label": "Management",
            "method": "levels",
            "criteria": [{"name": "c2", "label": "Leadership"}],
        },
    ],
    "forms": [
        {
            "name": "prison-file",
            "label": "Prison file",
            "profile": [asked("select_one sex", "pr_sex")],
            "survey": [asked("select_one yes_no", "pr_screened", criterion="c1")],
        },
        {
            "name": "probation-file",
            "label": "Probation file",
            "survey": [
                asked("select_one yes_no", "pb_screened", criterion="c1"),
                asked("select_one yes_no", "pb_plan", criterion="c1"),
                asked("select_one fact", "pb_housing"),
                asked("select_one yes_no", "pb_housing_better", criterion="c1"),
                asked("integer", "pb_visits"),
                asked("select_one strength", "pb_manager", criterion="c2"),
            ],
        },
    ],
}
