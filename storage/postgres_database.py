"""A PostgreSQL database: its address, a pool of connections, its tables, and errors as ours.

The address may hold a password, and a password that was written carelessly may be taken for
another part of it. So no message says anything of the address, nor what the driver said of it.
"""

import logging
import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path
from typing import Any, Final, LiteralString
from urllib.parse import urlsplit

import psycopg
from psycopg.conninfo import conninfo_to_dict
from psycopg.rows import TupleRow
from psycopg_pool import AsyncConnectionPool, PoolClosed, PoolTimeout

from storage.errors import Conflict, InUse, NotSaved, StoreError, Unreachable

Connection = psycopg.AsyncConnection[TupleRow]
Row = tuple[Any, ...]

MIGRATIONS: Final = Path(__file__).with_name("postgres_migrations")
POOL_SIZE: Final = 8
"""How many steps of one process may be on their way at once; the others wait their turn."""

POOL_SECONDS: Final = 3.0
"""How long one waits for a connection before it is told that nothing was saved."""

_CONNECTING: Final = {
    "application_name": "casewalk",
    "connect_timeout": "5",
    "keepalives_idle": "30",
    "tcp_user_timeout": "10000",  # a server that went without a word is noticed in ten seconds
}
_SESSION: Final = """
    select set_config('synchronous_commit', 'on', false)  -- what is kept is durable
    where current_setting('synchronous_commit') in ('off', 'local');
    set lock_timeout = '5s';
    set statement_timeout = '60s';
    set idle_in_transaction_session_timeout = '60s';
"""
PRESENT: Final = "hashtext('casewalk ' || current_schema())"
"""The advisory locks by which :meth:`Database.alone` knows who is there: each connection holds one
with the number of its process, and waits for number 0 before."""
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
_ADDRESS: Final = (
    "CASEWALK_STORE cannot be read as a database's address. Write"
    " postgresql://USER:PASSWORD@HOST:PORT/DATABASE, and in the password %40 for @, %2F for /,"
    " %3A for :, %3F for ?, %23 for # and %25 for %."
)
_CAUSES: Final = {
    "25006": "the database is read-only; make it writable",
    "28": "the database refuses the user or the password; correct CASEWALK_STORE",
    "3D": "there is no such database; make it, or correct CASEWALK_STORE",
    "42501": "the database's user may not do this; give it the right to",
    "53100": "the database's disk is full; free some space",
    "53300": "the database has too many connections; let it have more, or run fewer workers",
    "55P03": "something else has held the same case or chat for five seconds",
    "57014": "the database took too long",
}
"""By SQLSTATE, or how it begins: https://www.postgresql.org/docs/current/errcodes-appendix.html"""

_LOST: Final = "the database cannot be reached, or refuses the connection; see that it is running"
_CONFLICTS: Final = ("CW001", "40001", "40P01")
"""Ours (``raise exception`` in the migrations), a failed serialization, a deadlock."""

MEANWHILE: Final = "This was changed by somebody else in the meantime."

_log = logging.getLogger(__name__)


class Database:
    """A pool of connections to one database. Made with :func:`open_database`."""

    def __init__(self, pool: AsyncConnectionPool[Connection]) -> None:
        self._pool = pool
        self._only: Connection | None = None

    @asynccontextmanager
    async def alone(self) -> AsyncIterator[None]:
        """Everything within is one transaction, on one connection; new processes wait meanwhile.

        Raises :class:`InUse` while another process has the database open.
        """
        async with self.transaction() as connection:
            await connection.execute(f"select pg_advisory_xact_lock({PRESENT}, 0)")
            cursor = await connection.execute(_OTHERS)
            if await cursor.fetchone() != (0,):
                raise InUse(
                    "The database is in use by another Casewalk. Stop the bot, every worker of it,"
                    " and run this again; nothing was changed."
                )
            self._only = connection
            try:
                yield
            finally:
                self._only = None

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[Connection]:
        """A connection whose statements are kept together, or not at all."""
        async with self._connection() as connection, connection.transaction():
            yield connection

    async def rows(self, query: LiteralString, *arguments: Any) -> list[Row]:
        """Return what one statement gives, kept by itself."""
        async with self._connection() as connection:
            cursor = await connection.execute(query, arguments)
            return await cursor.fetchall() if cursor.description else []

    @asynccontextmanager
    async def _connection(self) -> AsyncIterator[Connection]:
        """What the driver raises within becomes ours, without it.

        It may quote the address, or the answer that was being kept.
        """
        try:
            if self._only is not None:
                yield self._only
                return
            async with self._pool.connection(POOL_SECONDS) as connection:
                yield connection
        except (PoolTimeout, PoolClosed):
            raise _not_saved(_LOST) from None
        except psycopg.Error as exc:
            raise translated(exc) from None

    async def close(self) -> None:
        await self._pool.close()


async def open_database(address: str) -> Database:
    """Connect, and bring the tables up to date.

    Raises :class:`StoreError` for an address that is none and for tables of a newer Casewalk, and
    :class:`NotSaved` where the database does not answer.
    """
    # The pool says at WARNING why it cannot connect, with parts of the address.
    logging.getLogger("psycopg.pool").setLevel(logging.CRITICAL)
    connecting = read_address(address)
    process = secrets.randbelow(2**31 - 1) + 1
    try:
        async with await psycopg.AsyncConnection.connect(**connecting) as connection:
            await migrate(connection)
    except psycopg.Error as exc:
        raise translated(exc) from None
    pool = AsyncConnectionPool(
        kwargs={**connecting, "autocommit": True},
        min_size=1,
        max_size=POOL_SIZE,
        # Its waits between attempts double. Given up soon, the next step begins a new attempt, and
        # a database that was long away is gone on with as soon as it is back.
        reconnect_timeout=POOL_SECONDS,
        configure=partial(_configure, process),
        # Ending the server ends the connections that lie ready, too.
        check=AsyncConnectionPool.check_connection,
        open=False,
        name="casewalk",
    )
    await pool.open()
    return Database(pool)


def read_address(address: str) -> dict[str, Any]:
    """The address as the driver's arguments. Raises :class:`StoreError`, with none of it."""
    try:
        parts = urlsplit(address)
        whole = parts.port is None or parts.port > 0  # "pa/ss" in a password makes "pa" a port
        careless = "@" in parts.path + parts.query + parts.fragment or parts.netloc.count("@") > 1
        if not whole or careless or parts.fragment or "://" not in address:
            raise ValueError
        return {**_CONNECTING, **conninfo_to_dict(address)}
    except (ValueError, psycopg.Error):
        raise StoreError(_ADDRESS) from None


async def _configure(process: int, connection: Connection) -> None:
    await connection.execute(_SESSION)
    await connection.execute(f"select pg_advisory_lock_shared({PRESENT}, 0)")
    await connection.execute(f"select pg_advisory_lock_shared({PRESENT}, %s)", (process,))
    await connection.execute(f"select pg_advisory_unlock_shared({PRESENT}, 0)")


# --- tables ----------------------------------------------------------------------------------


async def migrate(connection: Connection) -> None:
    """Run the migrations that this database has not had, one process at a time, all or nothing.

    A migration is a file ``0001_tables.sql`` in :data:`MIGRATIONS`; it is never changed once it was
    published, so its number says what the tables are.
    """
    there = {int(path.name[:4]): path for path in sorted(MIGRATIONS.glob("*.sql"))}
    async with connection.transaction():
        await connection.execute(
            "select pg_advisory_xact_lock(hashtext('casewalk'), hashtext(current_schema()))"
        )
        cursor = await connection.execute("select to_regclass('casewalk_migrations')")
        if await cursor.fetchone() == (None,):
            await connection.execute(
                "create table casewalk_migrations (number integer primary key, name text not null,"
                " at timestamptz not null default now())"
            )
        cursor = await connection.execute(
            "select coalesce(max(number), 0) from casewalk_migrations"
        )
        [(done,)] = await cursor.fetchall()
        if done > max(there):
            raise StoreError(
                "A newer Casewalk has changed the database's tables; update this one."
                " Nothing was changed."
            )
        for number, path in there.items():
            if number > done:
                await connection.execute(path.read_bytes())
                await connection.execute(
                    "insert into casewalk_migrations (number, name) values (%s, %s)",
                    (number, path.stem),
                )
                _log.info("database migrated migration=%s", path.stem)


# --- errors ----------------------------------------------------------------------------------


def translated(exc: psycopg.Error) -> StoreError:
    """What the driver raised, as ours; with nothing of what it said."""
    state = exc.sqlstate or ""
    if state in _CONFLICTS or isinstance(exc, psycopg.errors.UniqueViolation):
        return Conflict(MEANWHILE)
    cause = _CAUSES.get(state) or _CAUSES.get(state[:2])
    if cause is not None:
        return _not_saved(cause)
    if isinstance(exc, psycopg.DataError):
        return NotSaved("Not saved: the database cannot hold a text or a number that was given.")
    if isinstance(exc, psycopg.OperationalError):
        return Unreachable(str(_not_saved(_LOST)))
    return NotSaved(
        f"Not saved: the database refused it (SQLSTATE {state or 'none'})."
        " What was saved before is kept; tell whoever looks after Casewalk."
    )


def _not_saved(cause: str) -> NotSaved:
    return NotSaved(f"Not saved: {cause}, and try again. What was saved before is kept.")
