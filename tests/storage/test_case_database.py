"""A case's file, and a whole inspection, opened and queried with TinyDB alone."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from tinydb import where
from tinydb.table import Document

from criteria.case import Answer, Case, Remark
from criteria.case_status import Status
from dialogs.session import Cursor, Session
from storage.append_only_log import AppendOnlyLog
from storage.case_database import EMPTY, CaseDatabase, table
from storage.encryption import Key
from storage.errors import Conflict
from storage.file_journal import FileJournal
from storage.journal import Entry, Snapshot
from storage.store import Store
from tests.storage.conftest import keep, opened
from tests.storage.tiny import AT, CHAT, INSPECTOR, tiny_cases, tiny_inspection, tiny_pack

INSPECTION = Path("inspections/cheshire-2011")
ANSWERS = {
    "q1": Answer("yes", "Seen on page 3", "I1", AT),
    "q2": Answer("no", None, "I1", AT),
    "q3": Answer(("pcr", "oasys"), "both", "I1", AT),
}


@pytest.fixture
async def store(tmp_path: Path) -> Store:
    store = Store(FileJournal(tmp_path))
    await store.create_inspection(tiny_inspection(), tiny_pack(), tiny_cases(), at=AT)
    await store.add_member("cheshire-2011", CHAT, INSPECTOR, at=AT)
    chat = await opened(store)
    assert chat.session.case is not None
    case = replace(chat.session.case, answers=ANSWERS, status=Status.IN_PROGRESS)
    await keep(store, chat, replace(chat.session, case=case, cursor=Cursor("q3", 4)), 7)
    return store


def case_path(folder: Path) -> Path:
    return folder / INSPECTION / "cases" / "C001~case-file.jsonl"


# --- reading -----------------------------------------------------------------------------------


async def test_a_case_is_queried_by_its_path_alone(store: Store, tmp_path: Path) -> None:
    before = case_path(tmp_path).read_bytes()
    with CaseDatabase(case_path(tmp_path)) as case:
        answers = case.table("answers")
        noted = answers.search(where("note") != None)  # noqa: E711  # as TinyDB's queries are said
        assert [(one.doc_id, one["note"]) for one in noted] == [
            ("q1", "Seen on page 3"),
            ("q3", "both"),
        ]
        assert answers.count(where("value") == "no") == 1
        assert answers.get(doc_id="q2")["value"] == "no"  # type: ignore[call-overload, index]
        assert answers.search(where("value").any(["oasys"]))[0].doc_id == "q3"  # type: ignore[arg-type]
        assert case.tables() >= {"case", "answers", "chats", "updates"}
    assert case_path(tmp_path).read_bytes() == before


async def test_a_whole_inspection_is_queried(store: Store, tmp_path: Path) -> None:
    folder = tmp_path / INSPECTION
    with CaseDatabase(folder / "list.jsonl") as listed:
        cases = listed.table("cases").all()
    assert [one["case"] for one in cases] == [one.case for one in tiny_cases()]
    statuses: Counter[str] = Counter()
    judgements = 0
    for path in sorted((folder / "cases").glob("*.jsonl")):
        with CaseDatabase(path) as case:
            statuses[case.table("case").all()[0]["status"]] += 1
            judgements += case.table("answers").count(where("value").one_of(["yes", "no"]))
    overview = await store.overview("cheshire-2011")
    assert statuses == Counter(one.status.value for one in overview)
    assert judgements == 2
    with CaseDatabase(folder / "inspection.jsonl") as inspection:
        assert inspection.table("people").search(where("role") == "inspector")[0].doc_id == CHAT


async def test_a_query_sees_what_the_store_wrote_since(store: Store, tmp_path: Path) -> None:
    with CaseDatabase(case_path(tmp_path)) as database:
        assert len(database.table("answers")) == 3
        chat = await store.chat_state(CHAT)
        assert chat is not None
        assert chat.session.case is not None
        await keep(store, chat, replace(chat.session, case=replace(chat.session.case, answers={})))
        assert len(database.table("answers")) == 0


async def test_an_encrypted_case_is_queried_with_its_key(tmp_path: Path) -> None:
    journal = FileJournal(tmp_path, key=Key.from_text("A" * 43 + "="))
    store = Store(journal)
    await store.create_inspection(tiny_inspection(), tiny_pack(), tiny_cases(), at=AT)
    with CaseDatabase(case_path(tmp_path), journal.cipher) as case:
        assert case.table("case").all()[0]["case"] == "C001"


# --- writing -----------------------------------------------------------------------------------


def test_each_of_tinydbs_writes_is_a_line(tmp_path: Path) -> None:
    path = tmp_path / "people.jsonl"
    database = CaseDatabase(path)
    table = database.table("people")
    table.insert(Document({"name": "x", "tags": ["a"]}, "tg-1"))  # type: ignore[arg-type]
    table.insert(Document({"name": "y"}, "tg-2"))  # type: ignore[arg-type]
    table.update({"name": "z"}, doc_ids=["tg-1"])  # type: ignore[list-item]
    table.remove(doc_ids=["tg-2"])  # type: ignore[list-item]
    assert CaseDatabase(path).table("people").all() == [{"name": "z", "tags": ["a"]}]
    assert CaseDatabase(path).tables() == {"people"}
    assert len(path.read_bytes().splitlines()) == 4
    database.drop_tables()
    assert CaseDatabase(path).tables() == set()


def test_a_write_over_anothers_is_a_conflict(tmp_path: Path) -> None:
    path = tmp_path / "people.jsonl"
    database = CaseDatabase(path)
    database.table("people").put("tg-1", {"name": "x"})

    def rename(people: Any) -> None:
        AppendOnlyLog(path).append(Entry("log", None, {"people": {"tg-2": {}}}, AT, "Set"))
        people["tg-1"]["name"] = "y"

    with pytest.raises(Conflict):
        database.table("people")._update_table(rename)
    assert len(database.table("people")) == 2


def test_what_a_query_returned_may_be_changed(tmp_path: Path) -> None:
    database = CaseDatabase(tmp_path / "people.jsonl")
    database.table("people").put("tg-1", {"tags": ["a"]})
    database.table("people").all()[0]["tags"].append("b")
    assert database.table("people").all() == [{"tags": ["a"]}]


Step = Callable[[Case], Case]
STEPS: dict[str, Step] = {
    "an answer": lambda case: replace(
        case, answers={**case.answers, "score": Answer(7, None, "I1", AT)}
    ),
    "another answer, without its note": lambda case: replace(
        case, answers={**case.answers, "q1": Answer("no", None, "I1", AT)}
    ),
    "an answer taken away": lambda case: replace(
        case, answers={name: one for name, one in case.answers.items() if name != "q2"}
    ),
    "the profile": lambda case: replace(case, profile={"age": 41}),
    "a remark and the status": lambda case: replace(
        case, status=Status.RETURNED, remarks=(Remark("q1", "Look again.", "L1", AT),)
    ),
}


@pytest.mark.parametrize("name", list(STEPS))
async def test_the_same_writes_through_tinydb_leave_the_same_patch(
    store: Store, tmp_path: Path, name: str
) -> None:
    """The pure core knows a step's patch; TinyDB, which finds the difference, agrees."""
    path = case_path(tmp_path)
    copy = tmp_path / "copy.jsonl"
    copy.write_bytes(path.read_bytes())
    chat = await store.chat_state(CHAT)
    assert chat is not None
    assert chat.session.case is not None
    after = STEPS[name](chat.session.case)
    session = Session("I1", None, after, Cursor("score", 5))
    await keep(store, chat, session, 8)
    patch = list(AppendOnlyLog(path).lines())[-1].patch
    with CaseDatabase(copy) as database:
        for table, documents in patch.items():
            for document_id, document in documents.items():
                if document is None:
                    database.table(table).take_away(document_id)
                else:
                    database.table(table).put(document_id, document)
    assert merged(copy, chat.version) == {table: dict(one) for table, one in patch.items()}
    assert tables(copy) == tables(path)


def merged(path: Path, version: int) -> dict[str, dict[str, Any]]:
    """What the lines after ``version`` come to together."""
    patches: dict[str, dict[str, Any]] = {}
    for line in AppendOnlyLog(path).lines():
        if line.n > version:
            for table, documents in line.patch.items():
                patches.setdefault(table, {}).update(documents)
    return patches


def tables(path: Path) -> Mapping[str, Any]:
    return AppendOnlyLog(path).refresh().tables


# --- a snapshot's tables -------------------------------------------------------------------------

PEOPLE = {"tg-1": {"person": "I1", "role": "inspector"}, "tg-2": {"person": "L1", "role": "lead"}}
SNAPSHOT = Snapshot(1, "h", "", {"people": PEOPLE})


def test_documents_are_found_by_their_ids_and_by_queries() -> None:
    people = table(SNAPSHOT, "people")
    assert people.document("tg-2") == PEOPLE["tg-2"]
    assert people.document("tg-3") is None
    assert people.ids() == ["tg-1", "tg-2"]
    (lead,) = people.search(where("role") == "lead")
    assert lead["person"] == "L1"


def test_a_table_that_is_not_there_is_empty() -> None:
    assert table(EMPTY, "people").all() == []


def test_a_snapshot_is_not_written_to() -> None:
    with pytest.raises(TypeError, match="append an entry"):
        table(SNAPSHOT, "people").put("tg-3", {"person": "I2"})
    assert PEOPLE.keys() == {"tg-1", "tg-2"}
