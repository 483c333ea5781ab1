"""Stores under a key, for the tests of encryption."""

from __future__ import annotations

from pathlib import Path

from criteria.case import CaseKey
from storage.encryption import Key, make_key
from storage.file_journal import FileJournal
from storage.store import Store
from tests.storage.disk import without_fsync
from tests.storage.script import STEPS, Snapshot, snapshot

TEXT, OTHER_TEXT = make_key(), make_key()

KEY, OTHER = Key.from_text(TEXT), Key.from_text(OTHER_TEXT)

C001 = CaseKey("C001", "case-file")


async def make(directory: Path, key: Key | None) -> Snapshot:
    """A store after the scripted session."""
    store = opened_store(directory, key=key)
    with without_fsync():
        for _, act in STEPS:
            await act(store)
    return await snapshot(store)


def opened_store(directory: Path, *, exclusive: bool = False, key: Key | None = None) -> Store:
    return Store(FileJournal(directory, exclusive=exclusive, key=key))


def contents(directory: Path) -> dict[Path, bytes]:
    return {
        path.relative_to(directory): path.read_bytes()
        for path in directory.rglob("*")
        if path.is_file()
    }
