"""Opens the store that a setting names: ``tinydb:DIR`` or ``postgresql://…``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

from storage.erasing import finish
from storage.errors import StoreError
from storage.store import Store

if TYPE_CHECKING:
    from storage.encryption import Key
    from storage.file_journal import FileJournal

POSTGRESQL: Final = ("postgresql", "postgres")


async def open_store(setting: str, *, exclusive: bool = False, key: Key | None = None) -> Store:
    """Open it, ready to be used; raises :class:`StoreError` with what is wrong with the setting.

    ``exclusive`` is for the bot that serves from an embedded store: it keeps a second one off
    (:class:`storage.errors.InUse`), and what interrupted an erasing is ended first. A database is
    there to be shared, and an erasing in it is one transaction. ``key`` is what an embedded
    store is encrypted with.

    No more of the setting is ever told than its kind: the rest may hold a password.
    """
    kind, _, place = setting.partition(":")
    if kind in POSTGRESQL and place:
        return await _open_postgres(setting, key)
    if kind == "tinydb" and place:
        journal = _open_files(Path(place), exclusive=exclusive, key=key)
        try:
            if exclusive:
                await finish(journal)
        except BaseException:
            await journal.close()
            raise
        return Store(journal)
    named = f"begins with {kind!r}" if place else "names no store"
    raise StoreError(
        f"CASEWALK_STORE {named}; use tinydb:DIR, for example tinydb:./data, or"
        " postgresql://USER:PASSWORD@HOST:PORT/DATABASE."
    )


def _open_files(directory: Path, *, exclusive: bool, key: Key | None) -> FileJournal:
    if directory.exists() and not directory.is_dir():
        raise StoreError(f"CASEWALK_STORE names {str(directory)!r}, which is no folder. Name one.")
    from storage.file_journal import FileJournal  # noqa: PLC0415  # only what is used is loaded

    return FileJournal(directory, exclusive=exclusive, key=key)


async def _open_postgres(address: str, key: Key | None) -> Store:
    if key is not None:
        raise StoreError(
            "CASEWALK_KEY encrypts an embedded store, and CASEWALK_STORE names a database. Have the"
            " database's disk encrypted, and run without CASEWALK_KEY."
        )
    from storage.postgres_journal import open_postgres_journal  # noqa: PLC0415  # as above

    return Store(await open_postgres_journal(address))
