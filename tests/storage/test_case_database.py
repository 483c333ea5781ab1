"""A case's file as a TinyDB database: as its authors meant, and never over somebody else's line."""

from __future__ import annotations

from pathlib import Path

import pytest
from tinydb import where
from tinydb.table import Document

from storage.append_only_log import AppendOnlyLog
from storage.case_database import CaseDatabase, LogStorage
from storage.encryption import Cipher, Key, make_key
from storage.errors import Conflict
from storage.file_journal import FileJournal
from storage.journal import Entry
from storage.log_lines import difference
from tests.storage.test_append_only_log import ALL, append, path, read, three, values
from tests.storage.tiny import AT

__all__ = ["path", "three"]


def test_tinydb_works_on_it(path: Path) -> None:
    database = CaseDatabase(path)
    table = database.table("people")
    table.insert(Document({"name": "x", "tags": ["a"]}, "tg-1"))
    table.insert(Document({"name": "y"}, "tg-2"))
    table.update({"name": "z"}, doc_ids=["tg-1"])
    table.remove(doc_ids=["tg-2"])
    assert CaseDatabase(path).table("people").all() == [{"name": "z", "tags": ["a"]}]
    assert CaseDatabase(path).table("people").get(doc_id="tg-1") is not None
    assert CaseDatabase(path).tables() == {"people"}
    assert len(path.read_bytes().splitlines()) == 4
    database.drop_tables()
    assert CaseDatabase(path).tables() == set()


def test_tinydb_sees_what_was_appended_beside_it(path: Path) -> None:
    database = CaseDatabase(path)
    table = database.table("answers")
    assert table.search(lambda _: True) == []
    append(AppendOnlyLog(path), "a", 1)
    assert table.search(lambda _: True) == [{"value": 1}]


def test_what_tinydb_is_given_is_not_the_fold(three: AppendOnlyLog, path: Path) -> None:
    storage = LogStorage(path)
    tables = storage.read()
    assert tables is not None
    tables["answers"]["a"]["value"] = "changed"
    assert values(storage.log) == ALL


def test_a_tinydb_write_over_anothers_is_a_conflict(three: AppendOnlyLog, path: Path) -> None:
    storage = LogStorage(path)
    tables = storage.read()
    assert tables is not None
    append(three, "d", 1)
    tables["answers"]["a"] = {"value": 2}
    with pytest.raises(Conflict):
        storage.write(tables)
    assert read(path) == ALL | {"d": 1}


def test_an_encrypted_case_is_queried_likewise(tmp_path: Path) -> None:
    cipher = Cipher(Key.from_text(make_key()), tmp_path)
    log = AppendOnlyLog(tmp_path / "x.jsonl", cipher)
    for name in ("a", "b"):
        append(log, name, name * 3)
    with CaseDatabase(tmp_path / "x.jsonl", cipher) as case:
        assert case.table("answers").search(where("value") == "bbb") == [{"value": "bbb"}]


async def test_the_same_writes_leave_the_same_line(tmp_path: Path) -> None:
    """A step's patch comes from the pure core; TinyDB's own writes come to the very same."""
    journal = FileJournal(tmp_path / "store")
    before = {"answers": {"q1": {"value": "yes", "note": None}, "q2": {"value": 1}}}
    after = {"answers": {"q1": {"value": "no", "note": "why"}}, "chats": {"tg-1": {}}}
    for log in ("a", "b"):
        await journal.append([Entry(log, 0, before, AT, "TablesWritten")])
    await journal.append([Entry("a", 1, difference(before, after), AT, "TablesWritten")])
    storage = LogStorage(tmp_path / "store/b.jsonl")
    storage.read()
    storage.write(after)
    [_, ours], [_, theirs] = await journal.lines("a"), list(storage.log.lines())
    assert ours.patch == theirs.patch
    with CaseDatabase(tmp_path / "store/b.jsonl") as case:
        table = case.table("answers")
        table.put("q1", {"value": "yes"})
        assert table.document("q1") == {"value": "yes"}
        table.take_away("q1")
        assert table.all() == []
