"""The journal on PostgreSQL, which several workers share.

``postgres_migrations`` has its tables, and the functions that read and write several of them.

A log's steps are the very lines that the embedded store's files hold. What was read is kept, and
the database is told which, so that it sends only the lines that are new. One call of
:meth:`PostgresJournal.append` is one statement, and so one transaction: it locks the rows of its
logs in the order of their names; where one of them is no longer as expected nothing is kept.
"""

from __future__ import annotations

import uuid
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from operator import itemgetter
from pathlib import Path
from typing import Any, Final

import orjson
from tinydb.utils import LRUCache

from storage.case_database import EMPTY
from storage.errors import AlreadyThere, Conflict, Damaged, DamagedFile, NotFound
from storage.journal import Document, Entry, Line, Snapshot
from storage.log_lines import (
    FIRST,
    Fold,
    Seal,
    WrittenLine,
    chained,
    fold_of,
    unchanged,
    whole_lines,
    written_line,
)
from storage.postgres_database import MEANWHILE, Connection, Database, open_database

MAX_KNOWN: Final = 2_048
"""How many logs' snapshots a process keeps."""

MAX_KEPT_AT_ONCE: Final = 20
"""Where more logs are read at once they are counted or exported, and not needed again."""

MAX_UNFOLDED: Final = 20
"""Each so many steps a log's tables are written anew; a reader folds those since."""

MAX_ATTEMPTS: Final = 5
"""How often an entry is written that goes to its log at any version."""

_APPEND: Final = """
    select append_line(e.name, e.expected, e.prev, e.line::json, e.hash, e.at, e.tables::json,
        e.summary::json)
    from json_to_recordset(%s) as e (name text, expected integer, prev text, line text, hash text,
        at text, tables text, summary text)
"""
"""Lines and tables stand in it as texts: as objects they could hold no NUL, and as an array's
elements each of their quotes would be escaped in Python."""

_SUMMARIES: Final = """
    select now.seen, s.log, s.summary::text
    from (select pg_snapshot_xmin(pg_current_snapshot())::text as seen) now
    left join summaries s on s.folder = %s and s.changed >= %s::xid8
"""


async def open_postgres_journal(address: str) -> PostgresJournal:
    """The journal of a database. Raises as :func:`storage.postgres_database.open_database`."""
    return PostgresJournal(await open_database(address))


class PostgresJournal:
    """The journal protocol (:class:`storage.journal.Journal`) over a database."""

    keeps_summaries = True

    def __init__(self, database: Database) -> None:
        self._database = database
        self._known: LRUCache[str, Snapshot] = LRUCache(MAX_KNOWN)
        self._process = uuid.uuid4().hex  # who holds a lease

    # --- reading -----------------------------------------------------------------------------

    def known(self, log: str) -> Snapshot | None:
        return self._known.get(log)

    async def read(self, log: str) -> Snapshot:
        [snapshot] = await self._read([log])
        return snapshot

    async def _read(self, logs: Sequence[str]) -> list[Snapshot]:
        """Raises :class:`Damaged`."""
        snapshots = []
        for one in await self.read_many(logs):
            if isinstance(one, Damaged):
                raise one
            snapshots.append(one)
        return snapshots

    async def read_many(self, logs: Sequence[str]) -> list[Snapshot | Damaged]:
        known = [self._known.get(log) or EMPTY for log in logs]
        versions, hashes = [one.version for one in known], [one.hash for one in known]
        now: list[Snapshot | Damaged] = [EMPTY] * len(logs)
        rows = "select * from read_logs(%s, %s, %s)"
        for place, *row in await self._database.rows(rows, list(logs), versions, hashes):
            try:
                now[place - 1] = _read_log(logs[place - 1], row, known[place - 1])
            except Damaged as exc:
                now[place - 1] = exc
        for log, one in zip(logs, now, strict=True):
            self._keep(log, one, len(logs))
        return now

    def _keep(self, log: str, read: Snapshot | Damaged, at_once: int) -> None:
        if isinstance(read, Damaged) or not read.version:
            self._known.pop(log, None)
        elif at_once <= MAX_KEPT_AT_ONCE or log in self._known:
            self._known[log] = read

    async def lines(self, log: str) -> list[Line]:
        async with self._database.transaction() as connection:
            return await _checked_lines(connection, log)

    async def names(self, folder: str) -> list[str]:
        rows = await self._database.rows("select names_under(%s)", folder)
        return sorted({name for (name,) in rows})

    # --- writing -----------------------------------------------------------------------------

    async def append(self, entries: Sequence[Entry]) -> list[Snapshot]:
        logs = [entry.log for entry in entries]
        known = [self._known.get(log) or EMPTY for log in logs]
        if not _fit(entries, known):
            known = await self._read(logs)
        for _ in range(MAX_ATTEMPTS):
            if not _fit(entries, known):
                break
            rows, after = zip(*map(_step, entries, known), strict=True)
            in_order = sorted(rows, key=itemgetter("name"))
            try:
                await self._database.rows(_APPEND, orjson.dumps(in_order).decode())
            except Conflict:
                known = await self._read(logs)
                continue
            for log, snapshot in zip(logs, after, strict=True):
                self._keep(log, snapshot, len(logs))
            return list(after)
        raise Conflict(MEANWHILE)

    async def take(self, log: str, lines: Sequence[Line], summary: Document | None = None) -> None:
        async with self._database.transaction() as connection:
            if not await _put_log(connection, log, unchanged(Seal(Path(log)), lines)):
                raise AlreadyThere(f"{log} is there already.")
            await connection.execute(
                "insert into summaries (log, folder, changed, summary)"
                " values (%s, %s, pg_current_xact_id(), %s::json) on conflict do nothing",
                (log, log.rpartition("/")[0], None if summary is None else _json(summary)),
            )

    async def rewrite(
        self, log: str, keep: Callable[[Line], Line], said: Line | None = None
    ) -> None:
        async with self._database.transaction() as connection:
            await connection.execute("select from logs where name = %s for update", (log,))
            before = await _checked_lines(connection, log)
            after = [keep(line) for line in before]
            if after == before:
                return
            after += [] if said is None else [said]
            await connection.execute("delete from steps where log = %s", (log,))
            await _put_log(connection, log, chained(Seal(Path(log)), after), replace=True)
        self._known.pop(log, None)

    async def drop(self, name: str) -> None:
        async with self._database.transaction() as connection:
            for table, column in (
                ("logs", "name"), ("steps", "log"), ("summaries", "log"), ("blobs", "name"),
            ):  # fmt: skip
                await connection.execute(
                    f"delete from {table} where {column} = %s or {column} >= %s and {column} < %s",  # noqa: S608  # of constants
                    (name, f"{name}/", f"{name}0"),  # the sign after the slash
                )
        self._known.clear()

    # --- blobs -------------------------------------------------------------------------------

    async def put(self, name: str, blob: bytes) -> None:
        await self._database.rows(
            "insert into blobs (name, content) values (%s, %b) on conflict do nothing", name, blob
        )

    async def get(self, name: str) -> bytes:
        rows = await self._database.rows("select content from blobs where name = %s", name)
        if not rows:
            raise NotFound(f"There is no file {name!r}.")
        return bytes(rows[0][0])

    # --- several workers ---------------------------------------------------------------------

    async def summaries(self, folder: str, since: str) -> tuple[str, dict[str, Document | None]]:
        rows = await self._database.rows(_SUMMARIES, folder, since or "0")
        changed = {
            log: None if summary is None else orjson.loads(summary)
            for _, log, summary in rows
            if log is not None
        }
        return rows[0][0], changed

    async def lease(self, name: str, *, at: str, until: str) -> bool:
        lease = "select take_lease(%s, %s, %s, %s)"
        [(is_held,)] = await self._database.rows(lease, name, self._process, until, at)
        return bool(is_held)

    async def release(self, name: str) -> None:
        await self._database.rows(
            "delete from leases where name = %s and holder = %s", name, self._process
        )

    @asynccontextmanager
    async def alone(self) -> AsyncIterator[None]:
        """What is done within is one transaction. Raises :class:`storage.errors.InUse`."""
        async with self._database.alone():
            # Nobody is there to hold one, and a lease's name may hold a chat that is to be erased.
            await self._database.rows("delete from leases")
            try:
                yield
            finally:
                self._known.clear()  # what is rolled back was never there

    async def close(self) -> None:
        await self._database.close()


# --- lines -----------------------------------------------------------------------------------


def _fit(entries: Sequence[Entry], known: Sequence[Snapshot]) -> bool:
    return all(entry.fits(one.version) for entry, one in zip(entries, known, strict=True))


def _step(entry: Entry, before: Snapshot) -> tuple[dict[str, Any], Snapshot]:
    """The row that :data:`_APPEND` takes, and the log after it.

    Raises :class:`storage.errors.NotSaved` for what no JSON can hold.
    """
    row: dict[str, Any] = {"name": entry.log, "expected": before.version, "prev": before.hash}
    if not entry.patch:
        return row, before
    line, data = written_line(Seal(Path(entry.log)), entry.line(before.version + 1), before.hash)
    after = _fold(before).after(line).snapshot()
    row |= {"line": data[:-1].decode(), "hash": line.hash, "at": line.at}
    if after.version % MAX_UNFOLDED == 0:
        row["tables"] = _json(after.tables)
    if entry.summary is not None:
        row["summary"] = _json(entry.summary)
    return row, after


def _read_log(log: str, row: Sequence[Any], known: Snapshot) -> Snapshot:
    """What :data:`_READ` returned of a log. Raises :class:`storage.errors.Damaged`."""
    version, own, at, is_known, folded, folded_hash, tables, lines, last = row
    fold = _fold(known) if is_known else Fold(orjson.loads(tables), folded, folded_hash)
    fold.at = fold.at or at  # nothing is to be folded where the tables are the last step's
    for line in _parsed(log, [lines] if lines else [], fold.n, fold.hash):
        fold = fold.after(line)
    if (fold.n, fold.hash, last) != (version, own, own):
        raise damaged_in_database(log, version, "it is not the last one, or was changed")
    return fold.snapshot()


def _fold(snapshot: Snapshot) -> Fold:
    tables: Any = dict(snapshot.tables)
    return Fold(tables, snapshot.version, snapshot.hash, at=snapshot.at)


def _parsed(log: str, lines: Sequence[str], n: int = 0, prev: str = FIRST) -> list[Line]:
    """Lines of a log's steps, each checked against the line before."""
    data = "".join(f"{line}\n" for line in lines).encode()
    try:
        return [line for line, _ in whole_lines(Seal(Path(log)), data, n, prev)]
    except DamagedFile as exc:
        raise damaged_in_database(log, exc.line, exc.what) from exc


def damaged_in_database(log: str, n: int | None, what: str) -> Damaged:
    place = f"{log}, step {n}" if n else log
    return Damaged(
        f"The database, {place}: {what}. Nothing was changed in it, and other cases are not"
        " touched; put the database back from a backup."
    )


def _json(document: Mapping[str, Any]) -> str:
    return orjson.dumps(document).decode()


# --- rows, within a transaction --------------------------------------------------------------


async def _checked_lines(connection: Connection, log: str) -> list[Line]:
    """Every step, which the log's row tells of. Raises :class:`storage.errors.Damaged`."""
    cursor = await connection.execute(
        "select version, hash, folded, tables::text from logs where name = %s for share", (log,)
    )
    row = await cursor.fetchone()
    version, own, folded, tables = row or (0, FIRST, 0, "{}")
    cursor = await connection.execute(
        "select line::text from steps where log = %s order by n", (log,)
    )
    lines = _parsed(log, [line for (line,) in await cursor.fetchall()])
    if (len(lines), lines[-1].hash if lines else FIRST) != (version, own):
        raise damaged_in_database(log, None, "its steps are not those that its row tells of")
    if fold_of(lines[:folded]).tables != orjson.loads(tables):
        raise damaged_in_database(log, None, "its row is not what its steps come to")
    return lines


async def _put_log(
    connection: Connection, log: str, chain: Sequence[WrittenLine], *, replace: bool = False
) -> bool:
    """A log's row and its steps; return False where there is a row already, to be left as it is."""
    fold = fold_of(written.line for written in chain)
    cursor = await connection.execute(
        "select put_log(%s, %s, %s, %s, %s::json, %s)",
        (log, fold.n, fold.hash, fold.at, _json(fold.tables), replace),
    )
    if await cursor.fetchone() == (False,):
        return False
    statement = "copy steps (log, n, hash, line) from stdin"
    async with connection.cursor() as cursor, cursor.copy(statement) as copy:
        for line, data in chain:
            await copy.write_row((log, line.n, line.hash, data[:-1].decode()))
    return True
