"""What the README says is so."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

from bot.__main__ import DEMO_CASES
from criteria.check_pack import check_pack_text

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text("utf-8")


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
    manual = (ROOT / "docs" / "packs.md").read_text("utf-8")
    schema = json.loads((ROOT / "criteria" / "pack.schema.json").read_text("utf-8"))
    parts = (
        "settings",
        "choice",
        "section",
        "criterion",
        "headline",
        "form",
        "question",
        "scoring",
    )
    for part in parts:
        for name in schema["$defs"][part]["properties"]:
            assert f"`{name}`" in manual, f"{part}: {name}"
