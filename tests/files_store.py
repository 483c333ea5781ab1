"""A store on files, as a test opens it."""

from __future__ import annotations

from pathlib import Path

from storage.file_journal import FileJournal
from storage.store import Store


def files_store(directory: Path, *, exclusive: bool = False) -> Store:
    return Store(FileJournal(directory, exclusive=exclusive))


def folder_of(store: Store) -> Path:
    assert isinstance(store.journal, FileJournal)
    return store.journal.directory
