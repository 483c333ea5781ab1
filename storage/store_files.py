"""Which files an embedded store holds, by kind, for those that go through all of them."""

import shutil
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from storage.disk import MAKING, sync_path
from storage.errors import saving

CONTENT: Final = ("bot.jsonl", "chats", "inspections", "packs")
"""What tells that a folder is a store."""

RECENT: Final = 600.0
"""Seconds after which the system has long written out what it held in memory."""

_APPENDED: Final = (
    "bot.jsonl",
    "chats/*.jsonl",
    "inspections/*/inspection.jsonl",
    "inspections/*/list.jsonl",
    "inspections/*/outbox.jsonl",
    "inspections/*/cases/*.jsonl",
)
_WHOLE: Final = ("packs/*.json", "inspections/*/files/*")
_OTHER: Final = ("lock", "key.json", "ends", "pending/*.json")
_INSPECTION: Final = ("inspections/*", "inspections/*/cases", "inspections/*/files")
_FOLDERS: Final = ("chats", "packs", "pending", "inspections", *_INSPECTION)


def appended_files(directory: Path) -> Iterator[Path]:
    """Those that are only ever appended to."""
    return _found(directory, _APPENDED)


def whole_files(directory: Path) -> Iterator[Path]:
    """Those that are written once: pinned packs, photos, voice messages."""
    return _found(directory, _WHOLE)


def known_files(directory: Path) -> Iterator[Path]:
    """Every file that is the store's, finished or not."""
    yield from _found(directory, (*_APPENDED, *_WHOLE, *_OTHER))
    for path in leftovers(directory):
        yield from (path, *path.rglob("*"))


def leftovers(directory: Path) -> Iterator[Path]:
    """Files and folders whose making was cut short, by a kill or a power loss."""
    for place in (".", *_FOLDERS):
        for path in sorted(directory.glob(f"{place}/{MAKING}*")):
            if not _in_the_making(directory, path.parent):
                yield path


def remove_leftovers(directory: Path) -> None:
    """For a process that nobody else is at work beside."""
    for path in list(leftovers(directory)):
        remove(path)


def remove(path: Path) -> None:
    """A file, or a folder with all that is in it."""
    if path.is_dir():
        shutil.rmtree(path)
    else:
        path.unlink()


def sync_recent(directory: Path) -> None:
    """Make durable what a killed process may have left in memory, before it is built upon.

    A line that it wrote and did not fsync, or a name, can be read; what is delivered again is taken
    for applied because of it; and a power loss would still take it away. The system writes such
    things out by itself within a minute or so. Raises :class:`storage.errors.NotSaved`.
    """
    since = time.time() - RECENT
    with saving(directory):
        folders = (folder for place in _FOLDERS for folder in directory.glob(place))
        for folder in (directory.parent, directory, *filter(Path.is_dir, folders)):
            sync_path(folder)
        for path in (*appended_files(directory), *whole_files(directory)):
            if path.stat().st_mtime > since:
                sync_path(path)


def _found(directory: Path, patterns: tuple[str, ...]) -> Iterator[Path]:
    for pattern in patterns:
        for path in sorted(directory.glob(pattern)):
            if not _in_the_making(directory, path) and path.is_file():
                yield path


def _in_the_making(directory: Path, path: Path) -> bool:
    return any(part.startswith(MAKING) for part in path.relative_to(directory).parts)
