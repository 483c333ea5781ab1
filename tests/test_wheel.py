"""The built wheel holds what it needs, wherever it is installed: packs, schemas and templates."""

from __future__ import annotations

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from criteria.instrument.load import pack_names

ROOT = Path(__file__).parents[1]
ROOMS = ("bot", "criteria", "dialogs", "storage")


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel's content, in a folder."""
    folder = tmp_path_factory.mktemp("wheel")
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", folder],
        cwd=ROOT,
        check=True,
        capture_output=True,
    )
    (wheel,) = folder.glob("casewalk-*.whl")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(folder / "site")
    return folder / "site"


def test_the_wheel_holds_every_file_of_the_rooms(installed: Path) -> None:
    found = {path.relative_to(installed).as_posix() for path in installed.rglob("*")}
    wanted = {
        path.relative_to(ROOT).as_posix()
        for room in ROOMS
        for path in (ROOT / room).rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    assert wanted <= found
    assert not {"tests", "docs", "data"} & {name.partition("/")[0] for name in found}


def test_it_works_in_another_folder(installed: Path, tmp_path: Path) -> None:
    """With its own files only."""
    kept = {name: value for name, value in os.environ.items() if "CASEWALK" not in name}

    def casewalk(*arguments: str) -> str:
        done = subprocess.run(
            [sys.executable, "-P", "-m", "bot", *arguments],
            cwd=tmp_path,
            env={**kept, "PYTHONPATH": str(installed)},
            check=True,
            capture_output=True,
        )
        return done.stdout.decode()

    assert all(name in casewalk("packs") for name in pack_names())
    casewalk("new", "omi2-2011", "--title", "Week")
    casewalk("archive", "week", "--out", "week.zip")
    with zipfile.ZipFile(tmp_path / "week.zip") as archive:
        assert b"Offender Management Inspection" in archive.read("exports/week.html")
