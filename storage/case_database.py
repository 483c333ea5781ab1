"""A case's file opened as a TinyDB database, to be queried by anybody who can read it::

    from tinydb import where
    from storage.case_database import CaseDatabase

    with CaseDatabase("data/inspections/cheshire-2011/cases/C001~case-file.jsonl") as case:
        noted = case.table("answers").search(where("note") != None)

Any other log of the store opens likewise. What is written through the database is one more line of
the log for each of TinyDB's writes. The store looks up the tables of its snapshots with
:func:`table`, and appends entries.

Document ids are texts. Query results are not cached: another program may write to the same log, and
a remembered result would be old.
"""

from __future__ import annotations

from collections.abc import Mapping
from copy import deepcopy
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NoReturn, cast

from tinydb import TinyDB
from tinydb.storages import Storage
from tinydb.table import Document as TinyDocument
from tinydb.table import Table

from storage.append_only_log import AppendOnlyLog
from storage.journal import Entry, Snapshot
from storage.log_lines import FIRST, difference

if TYPE_CHECKING:
    from storage.encryption import Cipher


EMPTY: Final = Snapshot(0, FIRST, "", {})
"""A log without a step."""


class TextIdTable(Table):
    """A table whose document ids are texts."""

    document_id_class = str  # type: ignore[assignment]  # TinyDB's documentation allows it
    default_query_cache_capacity = 0

    def document(self, document_id: str) -> TinyDocument | None:
        return self.get(doc_id=document_id)  # type: ignore[call-overload, no-any-return]  # as above

    def ids(self) -> list[str]:
        return list(self._read_table())

    def put(self, document_id: str, document: Mapping[str, Any]) -> None:
        """Insert a document, or replace the one that stands under this id.

        TinyDB's own ``upsert`` merges: a field that the new document lacks would stay.
        """
        self.take_away(document_id)
        self.insert(TinyDocument(dict(document), document_id))  # type: ignore[arg-type]  # as above

    def take_away(self, document_id: str) -> None:
        if self.document(document_id) is not None:
            self.remove(doc_ids=[document_id])  # type: ignore[list-item]  # as above


class SnapshotStorage(Storage):
    """The tables of a snapshot, to be read only: whoever changes something returns a patch."""

    def __init__(self, tables: Mapping[str, Mapping[str, Any]]) -> None:
        self._tables = tables

    def read(self) -> dict[str, dict[str, Any]] | None:
        return cast(dict[str, dict[str, Any]], self._tables)

    def write(self, data: Mapping[str, Mapping[str, Any]]) -> NoReturn:  # noqa: ARG002
        raise TypeError("A snapshot is not written to; append an entry to its log.")


def table(snapshot: Snapshot, name: str) -> TextIdTable:
    """A snapshot's table, to be read."""
    return TextIdTable(SnapshotStorage(snapshot.tables), name)


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
            entry = Entry(self.log.path.stem, expect, patch, at, "TablesWritten")
            self._read_at = self.log.append(entry).version

    def close(self) -> None:
        self.log.release()


class CaseDatabase(TinyDB):
    """``CaseDatabase(path).table("answers").all()``"""

    default_storage_class = LogStorage  # type: ignore[assignment]  # TinyDB's documentation allows it
    table_class = TextIdTable

    def table(self, name: str, **options: Any) -> TextIdTable:
        return cast(TextIdTable, super().table(name, **options))
