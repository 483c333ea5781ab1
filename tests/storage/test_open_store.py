"""Which store a setting opens, and what is said where it opens none: never a password."""

from __future__ import annotations

import logging
import subprocess
import sys
import traceback
from pathlib import Path

import pytest

from storage.encryption import Key, make_key
from storage.errors import InUse, NotSaved, StoreError
from storage.file_journal import FileJournal
from storage.open_store import open_store
from storage.postgres_journal import PostgresJournal

SECRET = "s3cr3t"


async def test_a_setting_opens_the_store_of_its_kind(tmp_path: Path, database: str) -> None:
    files = await open_store(f"tinydb:{tmp_path / 'data'}", exclusive=True)
    assert isinstance(files.journal, FileJournal)
    with pytest.raises(InUse):
        await open_store(f"tinydb:{tmp_path / 'data'}", exclusive=True)
    for _ in range(2):  # a database is there to be shared
        rows = await open_store(database, exclusive=True)
        assert isinstance(rows.journal, PostgresJournal)
        await rows.close()
    await files.close()


@pytest.mark.parametrize("setting", ["", "tinydb", "tinydb:", "mysql://h/d", "./data", "postgres:"])
async def test_a_setting_that_names_no_store_is_refused_with_those_that_do(setting: str) -> None:
    with pytest.raises(StoreError, match=r"tinydb:DIR.*postgresql://"):
        await open_store(setting)


async def test_a_folder_that_is_a_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("mine")
    with pytest.raises(StoreError, match="no folder"):
        await open_store(f"tinydb:{tmp_path / 'data'}")


async def test_a_key_for_a_database_is_refused(database: str) -> None:
    with pytest.raises(StoreError, match="CASEWALK_KEY"):
        await open_store(database, key=Key.from_text(make_key()))


async def told_of(
    address: str, error: type[StoreError], why: str, caplog: pytest.LogCaptureFixture
) -> str:
    """All that is said, and logged, where a store cannot be opened for this reason."""
    caplog.set_level(logging.DEBUG)
    with pytest.raises(error, match=why) as caught:
        await open_store(address)
    return "".join(traceback.format_exception(caught.value)) + caplog.text


@pytest.mark.parametrize(
    "address",
    [
        f"postgresql://casewalk:{SECRET}@127.0.0.1:1/casewalk",
        f"postgresql://casewalk:{SECRET}@no-such-host.invalid/casewalk",
        f"postgresql://casewalk:{SECRET}@no-such-host.invalid/casewalk?sslmode=wrong",
    ],
)
async def test_a_database_that_does_not_answer_is_told_without_its_address(
    address: str, caplog: pytest.LogCaptureFixture
) -> None:
    told = await told_of(address, NotSaved, "cannot be reached", caplog)
    assert "casewalk:" not in told
    assert SECRET not in told


@pytest.mark.parametrize(
    "address",
    [
        f"postgresql://casewalk:p@{SECRET}@db/casewalk",
        f"postgresql://casewalk:p/{SECRET}@db/casewalk",
        f"postgresql://casewalk:1/{SECRET}@db/casewalk",
        f"postgresql://casewalk:p?{SECRET}@db/casewalk",
        f"postgresql://casewalk:p#{SECRET}@db/casewalk",
        f"postgresql://casewalk:p%{SECRET}@db/casewalk",
        f"postgresql://casewalk:p[{SECRET}@db/casewalk",
        f"postgresql://casewalk@db/casewalk?passwort={SECRET}",
        f"postgresql:casewalk:{SECRET}",
    ],
)
async def test_a_password_that_was_written_carelessly_is_not_told(
    address: str, caplog: pytest.LogCaptureFixture
) -> None:
    told = await told_of(address, StoreError, "CASEWALK_STORE cannot be read", caplog)
    assert SECRET not in told


async def test_no_repr_shows_a_password(database: str) -> None:
    trusted = database.replace("casewalk@", f"casewalk:{SECRET}@")
    assert SECRET in trusted or "casewalk@" not in database
    store = await open_store(trusted)
    journal = store.journal
    assert isinstance(journal, PostgresJournal)
    shown = [journal, vars(journal), journal._database, vars(journal._database)]
    assert SECRET not in repr(shown)
    await store.close()


def test_who_keeps_files_need_not_load_what_speaks_to_a_database(tmp_path: Path) -> None:
    program = (
        "import asyncio, sys; from storage.open_store import open_store;"
        f"asyncio.run(open_store({f'tinydb:{tmp_path}'!r}));"
        "assert 'storage.file_journal' in sys.modules;"
        "assert not {'psycopg', 'psycopg_pool'} & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", program], check=True)
