"""A log's tables as TinyDB gives them: ``table(snapshot, "people").all()``.

Document ids are texts. Query results are not cached: another program may write to the same log, and
a remembered result would be old.
"""

from collections.abc import Mapping
from typing import Any, Final, NoReturn, cast

from tinydb import TinyDB
from tinydb.storages import Storage
from tinydb.table import Document as TinyDocument
from tinydb.table import Table

from storage.journal import Snapshot
from storage.log_lines import FIRST

Tables = Mapping[str, Mapping[str, Mapping[str, Any]]]


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


class TextIdDatabase(TinyDB):
    table_class = TextIdTable

    def table(self, name: str, **options: Any) -> TextIdTable:
        return cast(TextIdTable, super().table(name, **options))


class SnapshotStorage(Storage):
    """The tables of a snapshot, to be read only: whoever changes something returns a patch."""

    def __init__(self, tables: Tables) -> None:
        self._tables = tables

    def read(self) -> dict[str, dict[str, Any]] | None:
        return cast(dict[str, dict[str, Any]], self._tables)

    def write(self, data: Mapping[str, Mapping[str, Any]]) -> NoReturn:  # noqa: ARG002
        raise TypeError("A snapshot is not written to; append an entry to its log.")


def table(snapshot: Snapshot, name: str) -> TextIdTable:
    """A snapshot's table, to be read."""
    return TextIdTable(SnapshotStorage(snapshot.tables), name)


EMPTY: Final = Snapshot(0, FIRST, "", {})
"""A log without a step."""
