"""Erasing in the database: the rows of a case, a person or an inspection, and their steps.

Everything happens in the one transaction that it is given, while nobody else has the database open.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Final, LiteralString

from criteria.case import CaseKey
from storage.appended_file import Fold, Line, Patch, difference
from storage.chat_file import place_from_json, place_to_json
from storage.erasing import (
    Scrub,
    case_without,
    chat_without,
    chats_of,
    inspection_without,
    nobody,
    person_erased,
    rewritten,
    sits_in,
    without_case,
)
from storage.file_names import is_of_case, same_case
from storage.jsonb import from_jsonb, to_jsonb
from storage.postgres_database import PRESENT, Connection, Row
from storage.postgres_rows import (
    KEEP_CHAT_STEP,
    STEP_COLUMNS,
    new_step,
    read_steps,
    step_rows,
)
from storage.store import InUse, NotFound

_OTHERS: Final = f"""
    with present as (
        select pid, objid from pg_locks
        where locktype = 'advisory' and classid = ({PRESENT}::bigint & 4294967295)::oid
        and objid <> 0
        and database = (select oid from pg_database where datname = current_database())
    )
    select count(*) from present
    where objid not in (select objid from present where pid = pg_backend_pid())
"""  # noqa: S608  # of a constant
_STEPS: Final = f"select {STEP_COLUMNS} from steps where log = %s order by n"  # noqa: S608
_MENTIONS: Final = (
    "exists (select from steps s, unnest(%s::text[]) word"
    " where s.log = k.log and strpos(s.patch::text, word) > 0)"
)


async def be_alone(connection: Connection) -> None:
    """Until the transaction ends. Raises :class:`InUse` while another process has it open."""
    await connection.execute(f"select pg_advisory_xact_lock({PRESENT}, 0)")
    (others,) = await _row(connection, _OTHERS)
    if others:
        raise InUse(
            "The database is in use by another Casewalk. Stop the bot, every worker of it, and run"
            " this again; nothing was erased."
        )


async def erase_case(
    connection: Connection, inspection: int, key: CaseKey, *, inspection_id: str, at: str
) -> Patch:
    """Gives what is left to do: it is still listed. Raises :class:`NotFound`."""
    same = same_case(key)
    rows = await _rows(
        connection,
        "select log, same, (document -> 'files')::text from cases where inspection = %s"
        " and split_part(same, '~', 1) = %s",
        inspection, same.partition("~")[0],
    )  # fmt: skip
    if all(other != same for _, other, _ in rows):
        raise NotFound(f"There is no case {key.case!r} ({key.form}) in this inspection.")
    kept = {
        one["file"]
        for _, other, files in rows
        if other != same and files is not None
        for one in from_jsonb(files).values()
    }
    await _leave(connection, inspection_id, same, at)
    await _delete_cases(connection, [log for log, other, _ in rows if other == same])
    names = await _rows(connection, "select name from files where inspection = %s", inspection)
    gone = [name for (name,) in names if is_of_case(name, key.case) and name not in kept]
    await connection.execute(
        "delete from files where inspection = %s and name = any (%s)", (inspection, gone)
    )
    owed = await _rows(
        connection,
        "select name, document::text from documents where inspection = %s and kind = 'owed'",
        inspection,
    )
    return without_case(key, {"owed": {name: from_jsonb(document) for name, document in owed}})


async def _leave(connection: Connection, inspection_id: str, same: str, at: str) -> None:
    """Who has the case open has none: another one of its reference may be added."""
    rows = await _rows(
        connection,
        "select chat, version, hash, place::text from chats where inspection = %s and opened = %s",
        inspection_id, same,
    )  # fmt: skip
    for chat, version, prev, place in rows:
        left = place_to_json(replace(place_from_json(from_jsonb(place)), case=None))
        event, patch = "CaseErased", {"chat": {"chat": left}}
        text, own = new_step(
            f"chat {chat}", version + 1, at=at, by=None, event=event, patch=patch, prev=prev
        )
        await connection.execute(
            KEEP_CHAT_STEP, (chat, inspection_id, None, to_jsonb(left), at, None, event, text, own)
        )


async def erase_person(
    connection: Connection, inspection_id: str, person: str, *, by: str | None, at: str
) -> Patch:
    """What it changes of the documents that the inspection keeps; those are left to do."""
    (log,) = await _row(connection, "select log from inspections where id = %s", inspection_id)
    lines = await _lines(connection, log)
    before = _tables(lines)
    chats = chats_of(person, lines)
    if not chats:
        raise nobody(person, before)
    cases = await _rows(
        connection,
        f"select k.log from cases k where k.inspection = %s and {_MENTIONS}",  # noqa: S608
        log, list(chats),
    )  # fmt: skip
    for (case,) in cases:
        steps = await _rewrite(connection, case, case_without(chats))
        if steps is not None:
            chats_now = _tables(steps).get("chats", {})
            await connection.execute(
                "update cases set hash = %s, document ="
                " (document - 'chats') || jsonb_strip_nulls(jsonb_build_object('chats', %s::jsonb))"
                " where log = %s",
                (steps[-1].hash, to_jsonb(chats_now) if chats_now else None, case),
            )
    await _forget_in_chats(connection, inspection_id, chats)
    said = person_erased(person, before, by=by, at=at)
    steps = await _rewrite(connection, log, inspection_without(chats), said)
    if steps is None:
        return {}
    await connection.execute(
        "update inspections set version = %s, hash = %s where log = %s",
        (steps[-1].n, steps[-1].hash, log),
    )
    return difference(before, _tables(steps))


async def erase_inspection(connection: Connection, inspection_id: str) -> None:
    (log,) = await _row(connection, "select log from inspections where id = %s", inspection_id)
    await _forget_in_chats(connection, inspection_id, None)
    cases = await _rows(connection, "select log from cases where inspection = %s", log)
    await _delete_cases(connection, [case for (case,) in cases])
    for table in ("documents", "files"):
        await connection.execute(f"delete from {table} where inspection = %s", (log,))  # noqa: S608  # of two constants
    await connection.execute("delete from inspections where log = %s", (log,))
    await connection.execute("delete from steps where log = %s", (log,))


async def _forget_in_chats(
    connection: Connection, inspection_id: str, chats: frozenset[str] | None
) -> None:
    """Those chats' rows, or (None) all, without the inspection.

    Where a chat sits in it now its row goes; the chat takes a seat in another of its inspections
    when it next writes.
    """
    rows = await _rows(
        connection,
        f"select k.chat, k.log from chats k where {_MENTIONS}",  # noqa: S608
        [inspection_id],
    )
    for chat, log in rows:
        if chats is not None and chat not in chats:
            continue
        if sits_in(inspection_id, await _lines(connection, log)):
            await connection.execute("delete from chats where log = %s", (log,))
            await connection.execute("delete from steps where log = %s", (log,))
        else:
            steps = await _rewrite(connection, log, chat_without(inspection_id))
            if steps is not None:
                await connection.execute(
                    "update chats set hash = %s where log = %s", (steps[-1].hash, log)
                )


async def _delete_cases(connection: Connection, logs: list[int]) -> None:
    for table in ("summaries", "cases", "steps"):
        await connection.execute(f"delete from {table} where log = any (%s)", (logs,))  # noqa: S608  # of three constants


async def _rewrite(
    connection: Connection, log: int, scrub: Scrub, said: Line | None = None
) -> list[Line] | None:
    """The log's steps afterwards; None where nothing is to go."""
    steps = rewritten(await _lines(connection, log), scrub, said)
    if steps is not None:
        await connection.execute("delete from steps where log = %s", (log,))
        async with connection.cursor() as cursor:
            await cursor.executemany(
                "insert into steps (log, n, at, by, event, why, patch, hash)"
                " values (%s, %s, %s, %s, %s, %s, %s::json, %s)",
                [(log, *step) for step in step_rows(steps)],
            )
    return steps


async def _lines(connection: Connection, log: int) -> list[Line]:
    return read_steps(f"log {log}", await _rows(connection, _STEPS, log))


def _tables(lines: Sequence[Line]) -> dict[str, dict[str, Any]]:
    fold = Fold()
    for line in lines:
        fold.apply(line.patch)
    return fold.tables


async def _rows(connection: Connection, query: LiteralString, *arguments: object) -> Sequence[Row]:
    return await (await connection.execute(query, arguments)).fetchall()


async def _row(connection: Connection, query: LiteralString, *arguments: object) -> Row:
    """The only one."""
    (row,) = await _rows(connection, query, *arguments)
    return row
