"""What the doctor finds, in English."""

from __future__ import annotations

from pathlib import Path

from bot.messages import say
from storage import doctor
from storage.doctor import Finding, Mended
from storage.encryption import Key
from storage.file_journal import FileJournal
from storage.store import Store


async def examine(store: Store) -> list[Finding]:
    return await doctor.examine(store, say)


async def mend(store: Store, *, at: str) -> Mended:
    return await doctor.mend(store, say, at=at)


async def examine_folder(directory: Path, key: Key | None = None) -> list[Finding]:
    missing = doctor.no_store(directory, say)
    return missing or await examine(Store(FileJournal(directory, key=key)))


async def mend_folder(directory: Path, *, at: str, key: Key | None = None) -> Mended:
    return await mend(Store(FileJournal(directory, key=key)), at=at)
