"""The doctor, on the folder of an embedded store."""

from __future__ import annotations

from pathlib import Path

from storage.doctor import Finding, Mended, examine, mend, no_store
from storage.encryption import Key
from storage.file_journal import FileJournal
from storage.store import Store


async def examine_folder(directory: Path, key: Key | None = None) -> list[Finding]:
    return no_store(directory) or await examine(Store(FileJournal(directory, key=key)))


async def mend_folder(directory: Path, *, at: str, key: Key | None = None) -> Mended:
    if missing := no_store(directory):
        return Mended([], missing)
    return await mend(Store(FileJournal(directory, key=key)), at=at)
