"""What every journal promises: on plain files, on encrypted files and on PostgreSQL."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

import psycopg
import pytest
import pytest_asyncio

from storage.case_database import EMPTY, table
from storage.encryption import Key, make_key
from storage.errors import AlreadyThere, Conflict, Damaged, InUse, NotFound, NotSaved
from storage.file_journal import FileJournal
from storage.journal import Document, Entry, Journal, Line, Snapshot
from storage.postgres_journal import MAX_UNFOLDED, open_postgres_journal
from tests.storage.tiny import AT

LATER = "2026-11-20T10:05:00Z"
CASE, CHAT, LIST = "inspections/a/cases/C001~case-file", "chats/tg-55", "inspections/a/list"
KEY = Key.from_text(make_key())

OpenJournal = Callable[[], Awaitable[Journal]]
"""Opens the same journal once more, as another process would."""

ODD: dict[str, Any] = {
    "nul": "a\0b", "mark": "\ufdd0", "lines": "a\u2028b\x85c\r\nd", "key\0": 1, "big": 1e17,
    "small": -0.0, "whole": 2**53, "none": None, "list": [1, [2.5, {"z": 1, "a": 2}]],
}  # fmt: skip
"""What a database's own JSON would refuse or change."""


@pytest.fixture(params=("plain", "encrypted", "postgresql"))
def kind(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def place(kind: str, request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if kind == "postgresql":
        return str(request.getfixturevalue("database"))
    return str(tmp_path / "store")


@pytest_asyncio.fixture
async def open_journal(kind: str, place: str) -> AsyncIterator[OpenJournal]:
    opened: list[Journal] = []

    async def once_more() -> Journal:
        journal: Journal
        if kind == "postgresql":
            journal = await open_postgres_journal(place)
        else:
            journal = FileJournal(Path(place), key=KEY if kind == "encrypted" else None)
        opened.append(journal)
        return journal

    yield once_more
    for journal in opened:
        await journal.close()


@pytest_asyncio.fixture
async def journal(open_journal: OpenJournal) -> Journal:
    return await open_journal()


def entry(
    log: str, expect: int | None, name: str = "q1", document: Document | None = None
) -> Entry:
    after = {"value": expect} if document is None else document
    return Entry(log, expect, {"answers": {name: after}}, AT, "Answered", by="I1")


def guard(log: str, expect: int) -> Entry:
    return Entry(log, expect, {}, AT, "Held")


def answers(snapshot: Snapshot) -> Any:
    return snapshot.tables.get("answers", {})


# --- one log -------------------------------------------------------------------------------------


async def test_a_log_that_nobody_made_is_empty(journal: Journal) -> None:
    assert await journal.read(CASE) == EMPTY
    assert await journal.read_many([CASE, CHAT]) == [EMPTY, EMPTY]
    assert await journal.lines(CASE) == []
    assert await journal.names("inspections") == []


async def test_a_step_is_read_back_by_everybody(
    journal: Journal, open_journal: OpenJournal
) -> None:
    other = await open_journal()
    [made] = await journal.append([entry(CASE, 0, document=ODD)])
    assert (made.version, made.at, answers(made)) == (1, AT, {"q1": ODD})
    assert made == await journal.read(CASE) == await other.read(CASE) == journal.known(CASE)
    assert repr(answers(made)) == repr(answers(await other.read(CASE)))  # 1e17 is no whole number
    [line] = await other.lines(CASE)
    assert line == Line(1, AT, "I1", "Answered", {"answers": {"q1": ODD}}, made.hash)


async def test_a_patch_puts_and_takes_away_and_keeps_the_order(
    journal: Journal, open_journal: OpenJournal
) -> None:
    names = ["zz", "b", "a10", "a9", "c"]
    await journal.append([Entry(CASE, 0, {"t": {name: {} for name in names}}, AT, "Made")])
    await journal.append(
        [Entry(CASE, 1, {"t": {"b": {"n": 1}, "c": None}, "u": {"x": {}}}, AT, "E")]
    )
    await journal.append([Entry(CASE, 2, {"u": {"x": None}, "t": {"a1": {}}}, AT, "E", why="so")])
    now = await (await open_journal()).read(CASE)
    assert {name: list(table) for name, table in now.tables.items()} == {
        "t": ["zz", "b", "a10", "a9", "a1"]
    }
    assert now.tables["t"]["b"] == {"n": 1}
    assert [line.why for line in await journal.lines(CASE)] == [None, None, "so"]


async def test_a_snapshot_stays_as_it_was(journal: Journal) -> None:
    [before] = await journal.append([entry(CASE, 0)])
    await journal.append([entry(CASE, 1, "q2")])
    assert answers(before) == {"q1": {"value": 0}}
    assert table(before, "answers").document("q1") == {"value": 0}


async def test_many_steps_come_to_the_same_for_who_saw_them_and_who_did_not(
    journal: Journal, open_journal: OpenJournal
) -> None:
    watcher = await open_journal()
    for n in range(2 * MAX_UNFOLDED + 7):
        await journal.append([entry(CASE, n, f"q{n % 30}")])
        if n % 11 == 0:
            await watcher.read(CASE)
    now = await journal.read(CASE)
    assert now == await watcher.read(CASE) == await (await open_journal()).read(CASE)
    assert list(answers(now)) == [f"q{n}" for n in range(30)]
    lines = await watcher.lines(CASE)
    assert [line.n for line in lines] == list(range(1, 2 * MAX_UNFOLDED + 8))


async def test_what_no_json_can_hold_is_not_saved(journal: Journal) -> None:
    await journal.append([entry(CASE, 0)])
    for wrong in ("\ud800", 2**70, object()):
        with pytest.raises(NotSaved):
            await journal.append([entry(CASE, 1, document={"value": wrong}), entry(CHAT, 0)])
    assert [one.version for one in await journal.read_many([CASE, CHAT])] == [1, 0]  # type: ignore[union-attr]


# --- versions ------------------------------------------------------------------------------------


async def test_who_comes_second_has_a_conflict(journal: Journal, open_journal: OpenJournal) -> None:
    other = await open_journal()
    await journal.append([entry(CASE, 0)])
    await other.read(CASE)
    await journal.append([entry(CASE, 1)])
    for expect in (0, 1, 3):
        with pytest.raises(Conflict):
            await other.append([entry(CASE, expect)])
    with pytest.raises(Conflict):
        await other.append([entry(CASE, 0)])
    [now] = await other.append([entry(CASE, 2)])
    assert now.version == 3


async def test_without_an_expected_version_a_step_goes_after_the_last(
    journal: Journal, open_journal: OpenJournal
) -> None:
    other = await open_journal()
    for n in range(3):
        await journal.append([entry(LIST, None, f"a{n}")])
        await other.append([entry(LIST, None, f"b{n}")])
    now = await journal.read(LIST)
    assert list(answers(now)) == ["a0", "b0", "a1", "b1", "a2", "b2"]


async def test_of_several_at_once_each_version_is_taken_by_one(
    journal: Journal, open_journal: OpenJournal
) -> None:
    journals = [journal, await open_journal(), await open_journal()]

    async def count(mine: Journal, who: int) -> int:
        conflicts = 0
        for n in range(8):
            while True:
                now = await mine.read(CASE)
                try:
                    await mine.append([entry(CASE, now.version, f"{who}-{n}"), guard(LIST, 0)])
                except (Conflict, NotSaved):  # a file that is held is waited for 0.1 s
                    conflicts += 1
                    await asyncio.sleep(0.001)
                else:
                    break
        return conflicts

    await asyncio.gather(*(count(one, who) for who, one in enumerate(journals)))
    assert len(answers(await journal.read(CASE))) == 24
    assert [line.n for line in await journal.lines(CASE)] == list(range(1, 25))


# --- several entries -----------------------------------------------------------------------------


async def test_several_entries_are_kept_together(
    journal: Journal, open_journal: OpenJournal
) -> None:
    await journal.append([entry(CHAT, 0)])
    now = await journal.append([entry(CASE, 0), guard(LIST, 0), entry(CHAT, 1, "q2")])
    assert [one.version for one in now] == [1, 0, 2]
    assert await (await open_journal()).read_many([CASE, LIST, CHAT]) == now


@pytest.mark.parametrize("held", [guard(LIST, 0), guard(LIST, 2), entry(LIST, 2), entry(LIST, 0)])
async def test_where_one_entry_does_not_fit_none_is_kept(journal: Journal, held: Entry) -> None:
    await journal.append([entry(LIST, 0)])
    for entries in ([entry(CASE, 0), held], [held, entry(CHAT, 0)]):
        with pytest.raises(Conflict):
            await journal.append(entries)
    assert await journal.names("inspections/a") == ["list"]
    assert await journal.names("chats") == []
    assert (await journal.read(LIST)).version == 1


async def test_guards_write_nothing(journal: Journal, open_journal: OpenJournal) -> None:
    [made] = await journal.append([entry(CASE, 0)])
    assert await journal.append([guard(CASE, 1), guard(CHAT, 0)]) == [made, EMPTY]
    assert len(await journal.lines(CASE)) == 1
    assert await journal.names("chats") == []
    await (await open_journal()).append([entry(CASE, 1)])
    with pytest.raises(Conflict):
        await journal.append([guard(CASE, 1), entry(CHAT, 0)])


async def test_many_logs_are_made_and_read_at_once(
    journal: Journal, open_journal: OpenJournal
) -> None:
    logs = [f"inspections/a/cases/C{n:04}" for n in range(403)]
    made = await journal.append([entry(log, 0, document={"log": log}) for log in logs])
    assert await (await open_journal()).read_many(logs) == made
    assert await journal.names("inspections/a/cases") == [log.rpartition("/")[2] for log in logs]


# --- names, blobs, dropping -----------------------------------------------------------------------


async def test_names_are_those_directly_under_a_folder(journal: Journal) -> None:
    logs = ("bot", "inspections/a/list", "inspections/a/cases/C1", "inspections/a-b/list",
            "inspections/a.b/list", "inspections/b", "inspections/b0/list")  # fmt: skip
    for log in logs:
        await journal.append([entry(log, 0)])
    await journal.put("inspections/a/files/C1-1.jpg", b"1")
    await journal.put("inspections/a/files/C1-2.jpg", b"2")
    assert await journal.names("inspections") == ["a", "a-b", "a.b", "b", "b0"]
    assert await journal.names("inspections/a") == ["cases", "files", "list"]
    assert await journal.names("inspections/a/files") == ["C1-1.jpg", "C1-2.jpg"]
    assert await journal.names("inspections/none") == []


async def test_a_blob_is_kept_once(journal: Journal, open_journal: OpenJournal) -> None:
    content = bytes(range(256)) * 300
    await journal.put("inspections/a/files/x.jpg", content)
    await journal.put("inspections/a/files/x.jpg", b"another")
    await journal.put("inspections/a/files/empty", b"")
    other = await open_journal()
    assert await other.get("inspections/a/files/x.jpg") == content
    assert await other.get("inspections/a/files/empty") == b""
    with pytest.raises(NotFound):
        await other.get("inspections/a/files/y.jpg")


async def test_what_is_dropped_is_gone_for_everybody_and_can_be_made_anew(
    journal: Journal, open_journal: OpenJournal
) -> None:
    other = await open_journal()
    names = [CASE, LIST, CHAT, "inspections/a-b/list", "inspections/ab/list"]
    for name in names:
        await journal.append([entry(name, 0)])
    await journal.put("inspections/a/files/x.jpg", b"x")
    await other.read_many(names)
    await journal.drop("inspections/a")
    await journal.drop(CHAT)
    await journal.drop(CHAT)
    now = [one.version for one in await other.read_many(names)]  # type: ignore[union-attr]
    assert now == [0, 0, 0, 1, 1]
    assert await other.names("inspections") == ["a-b", "ab"]
    with pytest.raises(NotFound):
        await other.get("inspections/a/files/x.jpg")
    with pytest.raises(Conflict):
        await other.append([entry(CASE, 1)])
    [made] = await other.append([entry(CASE, 0, "new")])
    assert made == await journal.read(CASE)
    await journal.put("inspections/a/files/y.jpg", b"y")
    await journal.drop("inspections/a/files/y.jpg")
    assert await journal.names("inspections/a/files") == []


# --- rewriting, taking ---------------------------------------------------------------------------


def without(name: str) -> Callable[[Line], Line]:
    def keep(line: Line) -> Line:
        patch = {
            table: {key: one for key, one in documents.items() if key != name}
            for table, documents in line.patch.items()
        }
        return line._replace(patch={table: one for table, one in patch.items() if one})

    return keep


async def test_a_rewritten_log_is_the_new_one_for_everybody(
    journal: Journal, open_journal: OpenJournal
) -> None:
    other = await open_journal()
    for n, name in enumerate(("q1", "q2", "q1", "q3")):
        await journal.append([entry(CASE, n, name)])
    before = await other.read(CASE)
    said = Line(0, LATER, None, "Erased", {"former": {"I1": {"at": LATER}}}, "")
    await journal.rewrite(CASE, without("q1"), said)
    now = await other.read(CASE)
    assert now == await journal.read(CASE)
    assert (now.version, now.at, list(answers(now))) == (5, LATER, ["q2", "q3"])
    assert now.hash != before.hash
    lines = await other.lines(CASE)
    assert lines == await journal.lines(CASE)
    assert [line.event for line in lines] == ["Answered"] * 4 + ["Erased"]
    with pytest.raises(Conflict):
        await other.append([entry(CASE, 4)])
    assert (await other.append([entry(CASE, 5)]))[0].version == 6
    assert (await journal.append([entry(CASE, 6)]))[0].version == 7


async def test_nothing_happens_where_nothing_is_to_be_rewritten(journal: Journal) -> None:
    [before] = await journal.append([entry(CASE, 0)])
    said = Line(0, LATER, None, "Erased", {"former": {"I1": {}}}, "")
    await journal.rewrite(CASE, without("q9"), said)
    assert await journal.read(CASE) == before
    assert len(await journal.lines(CASE)) == 1


async def test_a_log_is_rewritten_while_others_write_to_it(
    journal: Journal, open_journal: OpenJournal
) -> None:
    other = await open_journal()
    await journal.append([entry(CASE, 0, "gone")])

    async def write() -> None:
        for n in range(20):
            while True:
                try:
                    await other.append([entry(CASE, (await other.read(CASE)).version, f"n{n}")])
                    break
                except (Conflict, NotSaved):
                    await asyncio.sleep(0.001)

    writing = asyncio.create_task(write())
    await asyncio.sleep(0)
    while "gone" in answers(await journal.read(CASE)):
        with suppress(NotSaved):  # a file that is held is waited for 0.1 s
            await journal.rewrite(CASE, without("gone"))
        await asyncio.sleep(0.001)
    await writing
    assert list(answers(await journal.read(CASE))) == [f"n{n}" for n in range(20)]
    assert await journal.read(CASE) == await other.read(CASE)


async def test_a_log_is_taken_line_by_line_as_it_was(
    journal: Journal, open_journal: OpenJournal
) -> None:
    for n in range(3):
        await journal.append([replace(entry(CASE, n, document=ODD), why=None if n else "first")])
    lines = await journal.lines(CASE)
    await journal.take("inspections/b/cases/C001~case-file", lines)
    other = await open_journal()
    assert await other.lines("inspections/b/cases/C001~case-file") == lines
    now = await other.read("inspections/b/cases/C001~case-file")
    assert now == await journal.read(CASE)
    assert (await other.append([entry("inspections/b/cases/C001~case-file", 3)]))[0].version == 4
    with pytest.raises(AlreadyThere):
        await other.take(CASE, lines)
    with pytest.raises(Damaged):
        await other.take("inspections/c/list", [*lines[:1], lines[1]._replace(by="I2")])
    assert await other.names("inspections") == ["a", "b"]


# --- several workers -----------------------------------------------------------------------------


async def test_summaries_are_of_what_changed_since(
    journal: Journal, open_journal: OpenJournal
) -> None:
    other = await open_journal()
    since, all_there = await other.summaries("inspections/a/cases", "")
    assert all_there == {}
    await journal.append([replace(entry(CASE, 0), summary={"n": 1, "case": ["C001", None]})])
    await journal.append([replace(entry("inspections/b/cases/C1", 0), summary={})])
    await journal.append([replace(entry(f"{LIST}", 0), summary={})])
    _, changed = await other.summaries("inspections/a/cases", since)
    kept = {"n": 1, "case": ["C001", None]} if journal.keeps_summaries else None
    assert changed == {CASE: kept}
    since, _ = await other.summaries("inspections/a/cases", "")
    await journal.append([replace(entry(f"{CASE}~2", 0), summary={"n": 2})])
    await journal.append([entry(CASE, 1)])
    _, changed = await other.summaries("inspections/a/cases", since)
    assert f"{CASE}~2" in changed
    await journal.take("inspections/c/cases/C1", await journal.lines(CASE))
    _, changed = await other.summaries("inspections/c/cases", "")
    assert changed == {"inspections/c/cases/C1": None} or not journal.keeps_summaries


async def test_a_lease_is_held_until_it_is_over_or_given_up(
    kind: str, journal: Journal, open_journal: OpenJournal
) -> None:
    assert await journal.lease("m1", at=AT, until=LATER)
    await journal.release("m1")
    assert await journal.lease("m1", at=AT, until=LATER)
    assert await journal.lease("m1", at=AT, until=LATER), "its own is prolonged"
    if kind != "postgresql":  # one process serves from a folder
        return
    other = await open_journal()
    assert not await other.lease("m1", at=AT, until=LATER)
    assert await other.lease("m2", at=AT, until=LATER)
    await other.release("m1")  # is not its own
    assert not await other.lease("m1", at="2026-11-20T10:04:59Z", until=LATER)
    assert await journal.lease("m1", at=LATER, until="2026-11-20T10:10:00Z")
    assert not await other.lease("m1", at="2026-11-20T10:09:59Z", until=LATER)
    assert await other.lease("m1", at="2026-11-20T10:10:00Z", until="2026-11-20T10:20:00Z")


async def test_who_is_alone_keeps_others_from_serving(
    kind: str, place: str, journal: Journal, open_journal: OpenJournal
) -> None:
    async with journal.alone():
        await journal.append([entry(CASE, 0)])
        await journal.rewrite(CASE, without("q1"))
        await journal.drop(CHAT)
        assert (await journal.read(CASE)).version == 1
        if kind != "postgresql":
            with pytest.raises(InUse):
                FileJournal(Path(place), exclusive=True, key=KEY if kind == "encrypted" else None)
    if kind == "postgresql":
        serving = await open_journal()
    else:
        serving = FileJournal(Path(place), exclusive=True, key=KEY if kind == "encrypted" else None)
    await serving.read(CASE)
    with pytest.raises(InUse):
        async with journal.alone():
            raise AssertionError
    await serving.close()
    for _ in range(200):  # a connection that was closed is there for a moment
        with suppress(InUse):
            async with journal.alone():
                assert (await journal.read(CASE)).version == 1
                return
        await asyncio.sleep(0.01)
    raise AssertionError


# --- damage --------------------------------------------------------------------------------------


def cut(kind: str, place: str, log: str) -> None:
    """Take the last step away, as somebody with an editor might."""
    if kind == "postgresql":
        run(place, f"delete from steps where n = 2 and log = '{log}'")  # noqa: S608
        return
    path = Path(place) / f"{log}.jsonl"
    path.write_bytes(b"".join(path.read_bytes().splitlines(keepends=True)[:-1]))


def change(kind: str, place: str, log: str) -> None:
    """Change the first step."""
    if kind == "postgresql":
        old = "replace(line::text, 'Answered', 'Accepted')::json"
        run(place, f"update steps set line = {old} where n = 1 and log = '{log}'")  # noqa: S608
        return
    path = Path(place) / f"{log}.jsonl"
    first, rest = path.read_bytes().split(b"\n", 1)
    middle = len(first) // 2
    sign = b"x" if first[middle : middle + 1] != b"x" else b"y"
    path.write_bytes(first[:middle] + sign + first[middle + 1 :] + b"\n" + rest)


def run(database: str, statement: str) -> None:
    with psycopg.connect(database, autocommit=True) as connection:
        connection.execute(statement)  # type: ignore[call-overload]


@pytest.mark.parametrize("damage", [cut, change])
async def test_a_damaged_log_is_refused_and_the_others_are_read(
    kind: str,
    place: str,
    journal: Journal,
    open_journal: OpenJournal,
    damage: Callable[[str, str, str], None],
) -> None:
    await journal.append([entry(CASE, 0), entry(CHAT, 0)])
    await journal.append([entry(CASE, 1), entry(CHAT, 1)])
    damage(kind, place, CASE)
    other = await open_journal()
    with pytest.raises(Damaged, match="C001~case-file"):
        await other.read(CASE)
    with pytest.raises(Damaged):
        await other.lines(CASE)
    with pytest.raises(Damaged):
        await other.append([entry(CASE, 2), entry(CHAT, 2)])
    refused, chat = await other.read_many([CASE, CHAT])
    assert isinstance(refused, Damaged)
    assert chat == await journal.read(CHAT)
    assert (await other.append([entry(CHAT, 2)]))[0].version == 3


async def test_a_database_row_that_is_not_what_its_steps_come_to_is_found(
    database: str,
) -> None:
    journal = await open_postgres_journal(database)
    for n in range(MAX_UNFOLDED + 2):
        await journal.append([entry(CASE, n)])
    run(database, "update logs set tables = '{}'")
    with pytest.raises(Damaged, match="not what its steps come to"):
        await journal.lines(CASE)
    await journal.close()
