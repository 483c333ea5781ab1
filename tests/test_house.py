"""The house keeps its order: imports run one way and in no circle, and the core does no I/O and
reads no clock; each module has its test file, and names are the field's."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
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
    "criteria/instrument/check/issues.py", "criteria/words/__init__.py",
    "dialogs/personal_data/read_words.py",
}  # fmt: skip
SOURCES = [path for room in ROOMS for path in sorted((ROOT / room).rglob("*.py"))]
EXEMPT = {
    "bot/channels/telegram/start_error.py": "one exception, which __main__'s tests see",
    "criteria/say.py": "a protocol, held against the messages in tests/bot/messages",
    "dialogs/effects.py": "plain values, which the engine's tests compare",
    "storage/inspection_shape.py": "held against the schema in test_inspection_file.py",
    "storage/pending.py": "killed at every call in test_file_journal.py",
    "storage/exports/report.py": "plain values, which every export's tests are given",
}
"""Product modules without a test file of their own, and why."""
MAX_EXEMPT = 15
OLD_NAMES = {
    "Here", "Seat", "Place", "Standing", "HowFar", "Owed", "Patience", "Lanes", "DeliveryDesk",
    "insist", "patience", "seat", "owed", "lanes", "standing", "how_far",
}  # fmt: skip
"""Names of classes, functions, fields and modules that gave way to the field's words."""
OLD_WORDS = re.compile(r"\b(?:owed|patience|lanes|delivery desk|seat)\b", re.IGNORECASE)
"""The same words in messages, where "here" and "beside" are plain English."""
MAXIMUM = re.compile(r"(?!MAX_)(?:\w+_)?(?:MOST|LISTED|SHOWN|LONGEST|LARGEST|SOUGHT|FEW)(?:_\w+)?")
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


def module_of(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


MODULES = {module_of(path): path for path in SOURCES}


def needed_at_once(module: str) -> set[str]:
    """The modules that are run when this one is imported, their packages among them.

    Imports within functions and under TYPE_CHECKING are left out: they make no circle.
    """
    names: set[str] = set()
    for node in ast.parse(MODULES[module].read_text("utf-8")).body:
        if isinstance(node, ast.Import):
            names.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            names.add(node.module)
            names.update(f"{node.module}.{alias.name}" for alias in node.names)
    for name in list(names):
        names.update(name.rsplit(".", cut)[0] for cut in range(1, name.count(".") + 1))
    packages = {module.rsplit(".", cut)[0] for cut in range(1, module.count(".") + 1)}
    return (names & MODULES.keys()) - packages - {module}


def test_no_modules_import_each_other_in_a_circle() -> None:
    left = {module: needed_at_once(module) for module in MODULES}
    assert left["bot.pipeline"], "no import was read"
    while free := [module for module, needed in left.items() if not needed & left.keys()]:
        for module in free:
            del left[module]
    assert sorted(left) == []


def test_every_module_has_a_test_file_or_a_reason() -> None:
    missing = set()
    for path in SOURCES:
        name = name_of(path)
        mirror = ROOT / "tests" / path.relative_to(ROOT).with_name(f"test_{path.name}")
        if path.name != "__init__.py" and not mirror.is_file():
            missing.add(name)
    assert missing == EXEMPT.keys()
    assert len(EXEMPT) <= MAX_EXEMPT


@pytest.mark.parametrize("path", SOURCES, ids=name_of)
def test_nothing_is_written_into_an_object_behind_its_back(path: Path) -> None:
    assert "__dict__[" not in path.read_text("utf-8")


def defined(path: Path) -> Iterator[str]:
    """The names of a module and of its classes, functions, variables and arguments."""
    yield path.stem
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            yield node.name
        elif isinstance(node, ast.arg):
            yield node.arg
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            yield node.id


@pytest.mark.parametrize("path", SOURCES, ids=name_of)
def test_names_are_the_fields_words(path: Path) -> None:
    names = {name.lstrip("_") for name in defined(path)}
    assert sorted(names & OLD_NAMES) == []
    assert path.stem not in ("beside", "here")
    assert [name for name in names if MAXIMUM.fullmatch(name)] == [], "a maximum is MAX_…"


def test_messages_are_in_the_fields_words() -> None:
    catalogues = sorted((ROOT / "bot" / "messages").glob("*.ftl"))
    assert catalogues
    for path in catalogues:
        assert OLD_WORDS.findall(path.read_text("utf-8")) == []


def test_the_rooms_are_the_ones_the_readme_names() -> None:
    readme = (ROOT / "README.md").read_text("utf-8")
    assert all(f"`{room}/`" in readme for room in ROOMS)
