"""What the commands share: reading and writing files, the store, the time; and what is at fault."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import datetime, tzinfo
from itertools import chain, repeat
from pathlib import Path
from typing import TYPE_CHECKING, Final

from bot.messages import say
from bot.settings import read_settings
from storage.errors import Unreachable

if TYPE_CHECKING:
    from criteria.inspection import Inspection
    from storage.encryption import Key
    from storage.store import Store

log = logging.getLogger(__name__)

MAX_BYTES: Final = 4_000_000
"""Bytes of a file that a command reads; more is no sample and no figures."""


class InputError(Exception):
    """What was given cannot be used; the message says where and what to do."""


@asynccontextmanager
async def open_store(
    setting: str | None = None, *, exclusive: bool = False, waits: Sequence[float] = ()
) -> AsyncIterator[Store]:
    """The store that the settings name, or this one, beside whatever serves from it.

    With ``exclusive`` nobody else may serve from it meanwhile. A database that does not answer is
    waited for where ``waits`` are the seconds before each further try, the last of them repeated.
    """
    from storage.open_store import open_store as opened

    named = setting or read_settings().store
    wants_key = setting is None or setting.startswith("tinydb:")
    key = store_key() if wants_key else None
    for wait in chain(waits, repeat(waits[-1] if waits else None)):
        try:
            store = await opened(named, exclusive=exclusive, key=key)
            break
        except Unreachable as exc:
            if wait is None:
                raise
            log.warning("store not opened again_in=%.1f why=%s", wait, exc)
            await asyncio.sleep(wait)
    try:
        yield store
    finally:
        await store.close()


async def open_inspection(store: Store, inspection_id: str) -> Inspection:
    """One that may be changed: neither missing nor closed."""
    inspection = await store.inspection(inspection_id)
    if inspection.closed is not None:
        raise InputError(
            say("cli-closed-inspection", inspection=inspection_id, again=inspection_id)
        )
    return inspection


def store_key(new: bool = False) -> Key | None:
    """What CASEWALK_KEY holds, or CASEWALK_NEW_KEY; None where it is not set."""
    settings = read_settings()
    text = settings.new_key if new else settings.key
    if text is None:
        return None
    from storage.encryption import Key

    return Key.from_text(text, "CASEWALK_NEW_KEY" if new else "CASEWALK_KEY")


def embedded_folder() -> Path:
    """The folder of the embedded store that the settings name."""
    kind, _, place = read_settings().store.partition(":")
    if kind != "tinydb" or not place:
        raise InputError(say("cli-no-embedded-store"))
    return Path(place)


def read_bytes(path: Path) -> bytes:
    """A file's bytes; a larger one than ``MAX_BYTES`` is refused without being read."""
    from criteria.instrument.load import TooLarge, read_at_most

    try:
        return read_at_most(path, MAX_BYTES)
    except TooLarge as exc:
        raise InputError(say("cli-file-refused", path=path, why=exc)) from exc
    except OSError as exc:
        raise InputError(say("cli-cannot-be-read", path=path, why=exc.strerror or exc)) from exc


def is_file(name: str) -> bool:
    """Whether this names a file rather than an inspection, also one that is missing."""
    try:
        return name.endswith(".json") or Path(name).is_file()
    except OSError:
        return False


def check_folder(directory: Path) -> None:
    if directory.exists() and not directory.is_dir():
        raise InputError(say("cli-no-folder", path=directory))


def check_target(path: Path) -> None:
    """Before a long conversation: can its record be written there?"""
    if not path.name or path.is_dir() or not path.parent.is_dir():
        raise InputError(say("cli-no-target", path=path))


def write_bytes(path: Path, content: bytes) -> None:
    """Write a file whole or not at all, for its owner only (0600)."""
    from storage.disk import replace_durably

    check_target(path)
    try:
        replace_durably(path, content)
    except OSError as exc:
        raise InputError(say("cli-cannot-be-written", path=path, why=exc.strerror or exc)) from exc


def now(zone: tzinfo | None = None) -> datetime:
    """The time in a zone, in the machine's own where none is set."""
    return datetime.now(zone).astimezone(zone)


def now_iso() -> str:
    from dialogs.turn import iso

    return iso(now())
