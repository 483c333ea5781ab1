"""Which files an embedded store holds, by kind, for those that go through all of them."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from storage.disk import MAKING, sync_path
from storage.errors import not_saved

CONTENT: Final = ("bot.jsonl", "chats", "inspections", "packs")
"""What tells that a folder is a store."""

RECENT: Final = 600.0
"""Seconds after which the system has long written out what it held in memory."""

_APPENDED: Final = (
    "bot.jsonl",
    "chats/*.jsonl",
    "inspections/*/*.jsonl",
    "inspections/*/cases/*.jsonl",
)
_WHOLE: Final = ("packs/*.json", "inspections/*/files/*")
_FOLDERS: Final = (
    "chats",
    "packs",
    "pending",
    "inspections",
    "inspections/*",
    "inspections/*/cases",
    "inspections/*/files",
)


def appended_files(directory: Path) -> Iterator[Path]:
    """Those that are only ever appended to."""
    return _found(directory, _APPENDED)


def whole_files(directory: Path) -> Iterator[Path]:
    """Those that are written once: pinned packs, photos, voice messages."""
    return _found(directory, _WHOLE)


def leftovers(directory: Path) -> Iterator[Path]:
    """Files and folders whose making was cut short, by a kill or a power loss."""
    for place in (".", *_FOLDERS):
        for path in sorted(directory.glob(f"{place}/{MAKING}*")):
            if not _in_the_making(directory, path.parent):
                yield path


def sync_recent(directory: Path) -> None:
    """Make durable what a killed process may have left in memory, before it is built upon.

    A line that it wrote and did not fsync, or a name, can be read; what is delivered again is taken
    for applied because of it; and a power loss would still take it away. The system writes such
    things out by itself within a minute or so. Raises :class:`storage.errors.NotSaved`.
    """
    since = time.time() - RECENT
    try:
        for folder in (directory.parent, directory):
            sync_path(folder)
        for place in _FOLDERS:
            for folder in directory.glob(place):
                if folder.is_dir():
                    sync_path(folder)
        for path in (*appended_files(directory), *whole_files(directory)):
            if path.stat().st_mtime > since:
                sync_path(path)
    except OSError as exc:
        raise not_saved(directory, exc) from exc


def _found(directory: Path, patterns: tuple[str, ...]) -> Iterator[Path]:
    for pattern in patterns:
        for path in sorted(directory.glob(pattern)):
            if not _in_the_making(directory, path) and path.is_file():
                yield path


def _in_the_making(directory: Path, path: Path) -> bool:
    return any(part.startswith(MAKING) for part in path.relative_to(directory).parts)
