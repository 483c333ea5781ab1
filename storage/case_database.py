"""A case's file opened as a TinyDB database, to be queried by anybody who can read it::

    from tinydb import where
    from storage.case_database import CaseDatabase

    with CaseDatabase("data/inspections/cheshire-2011/cases/C001~case-file.jsonl") as case:
        noted = case.table("answers").search(where("note") != None)

Any other log of the store opens likewise. What is written through the database is one more line of
the log for each of TinyDB's writes.
"""

from __future__ import annotations

from collections.abc import Mapping
from copy import deepcopy
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from tinydb.storages import Storage

from storage.append_only_log import AppendOnlyLog
from storage.log_lines import difference
from storage.tables import TextIdDatabase

if TYPE_CHECKING:
    from storage.encryption import Cipher


class LogStorage(Storage):
    """Between TinyDB and a log: what is read is the fold of its lines, a write appends a line."""

    def __init__(self, path: str | Path, cipher: Cipher | None = None) -> None:
        self.log = AppendOnlyLog(path, cipher)
        self._read_at: int | None = None

    def read(self) -> dict[str, dict[str, Any]] | None:
        """The tables, as copies that TinyDB may change; None of a file without lines."""
        snapshot = self.log.refresh()
        self._read_at = snapshot.version
        if not snapshot.version:
            return None
        return cast(dict[str, dict[str, Any]], deepcopy(snapshot.tables))

    def write(self, data: Mapping[str, Mapping[str, Any]]) -> None:
        """Append what differs between ``data`` and what :meth:`read` returned, as one line.

        Raises :class:`storage.errors.Conflict` if somebody else wrote in between.
        """
        snapshot = self.log.snapshot()
        patch = difference(snapshot.tables, data)
        if patch:
            at = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
            expect = snapshot.version if self._read_at is None else self._read_at
            written = self.log.append(patch, by=None, at=at, event="TablesWritten", expect=expect)
            self._read_at = written.version

    def close(self) -> None:
        self.log.release()


class CaseDatabase(TextIdDatabase):
    """``CaseDatabase(path).table("answers").all()``"""

    default_storage_class = LogStorage  # type: ignore[assignment]  # TinyDB's documentation allows it
