"""What the commands share: reading and writing files, the store, the time; and what is at fault."""

from __future__ import annotations

import os
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from storage.store import Store


MOST = 4_000_000
"""Bytes of a file that a command reads; more is no sample and no figures."""


class InputError(Exception):
    """What was given cannot be used; the message says where and what to do."""


def open_store() -> Store:
    """The store that the settings name, beside whatever serves from it."""
    from bot.settings import read_settings
    from storage.tinydb_store import TinyDBStore

    return TinyDBStore(read_settings().store_directory)


def count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def read_bytes(path: Path, most: int = MOST) -> bytes:
    """A file's bytes; one of more than ``most`` is refused without being read."""
    from criteria.load_pack import TooLarge, read_at_most

    try:
        return read_at_most(path, most)
    except TooLarge as exc:
        raise InputError(f"{path}: {exc}.") from exc
    except OSError as exc:
        raise InputError(f"{path}: cannot be read ({exc.strerror or exc}).") from exc


def is_file(name: str) -> bool:
    """Whether this names a file rather than an inspection, also one that is missing."""
    try:
        return name.endswith(".json") or Path(name).is_file()
    except OSError:
        return False


def check_folder(directory: Path) -> None:
    if directory.exists() and not directory.is_dir():
        raise InputError(f"{directory} is no folder; name one, or a new one.")


def check_target(path: Path) -> None:
    """Before a long conversation: can its record be written there?"""
    if not path.name or path.is_dir() or not path.parent.is_dir():
        raise InputError(f"{path}: cannot be written; name a file in a folder that exists.")


def write_bytes(path: Path, content: bytes) -> None:
    """Write a file whole or not at all."""
    check_target(path)
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        beside.write_bytes(content)
        beside.replace(path)
    except OSError as exc:
        beside.unlink(missing_ok=True)
        raise InputError(f"{path}: cannot be written ({exc.strerror or exc}).") from exc


def now() -> datetime:
    return datetime.now().astimezone()


def now_iso() -> str:

    from dialogs.turn import iso

    return iso(now())
