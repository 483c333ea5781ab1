"""The house keeps its order: imports run one way, and the core does no I/O and reads no clock."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
ROOMS = ("criteria", "dialogs", "storage", "bot")
"""From the inside out: a room may import itself and what stands before it."""
IMPURE = {
    "aiohttp", "asyncio", "http", "io", "logging", "os", "random", "requests", "secrets", "shutil",
    "socket", "subprocess", "telegram", "tempfile", "threading", "time", "tinydb",
}  # fmt: skip
READS_ITS_FILES = {
    "criteria/instrument/load.py", "criteria/instrument/check/pack.py",
    "criteria/instrument/check/issues.py", "dialogs/personal_data/read_words.py",
}  # fmt: skip
SOURCES = [path for room in ROOMS for path in sorted((ROOT / room).rglob("*.py"))]
CORE = [path for path in SOURCES if path.relative_to(ROOT).parts[0] in ("criteria", "dialogs")]


def imported(path: Path) -> set[str]:
    tree = ast.parse(path.read_text("utf-8"))
    names: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names.update(alias.name.split(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            names.add(node.module.split(".")[0])
    return names


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


@pytest.mark.parametrize("path", SOURCES, ids=name_of)
def test_no_room_imports_an_outer_one(path: Path) -> None:
    room = path.relative_to(ROOT).parts[0]
    outer = ROOMS[ROOMS.index(room) + 1 :]
    assert not imported(path) & {*outer, "tests"}


@pytest.mark.parametrize("path", CORE, ids=name_of)
def test_the_core_does_no_input_or_output_and_reads_no_clock(path: Path) -> None:
    assert not imported(path) & IMPURE
    calls = {
        ast.unparse(node.func)
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Call)
    }
    assert not calls & {"datetime.now", "date.today", "datetime.utcnow", "datetime.today", "print"}
    if name_of(path) not in READS_ITS_FILES:
        assert not {"open", "Path"} & calls
        assert not any(
            call.endswith((".read_text", ".read_bytes", ".write_text")) for call in calls
        )


def test_the_rooms_are_the_ones_the_readme_names() -> None:
    readme = (ROOT / "README.md").read_text("utf-8")
    assert all(f"`{room}/`" in readme for room in ROOMS)
