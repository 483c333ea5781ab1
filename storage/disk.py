"""Files that are durable when a call returns, or as they were: fsync, locks, renames."""

import os
import time
from contextlib import suppress
from errno import ENOSPC
from pathlib import Path
from typing import Final

import portalocker

from storage.errors import InUse, NotSaved, saving

MAKING: Final = ".making-"
"""Begins the name of a file or folder that is not finished; it is none of the store's."""

LOCK_SECONDS = 0.1
"""How long to wait for another program's write. A write takes well under a millisecond."""

BINARY: Final = getattr(os, "O_BINARY", 0)
APPENDING: Final = os.O_RDWR | os.O_APPEND | BINARY

_LOCK: Final = portalocker.LockFlags.EXCLUSIVE | portalocker.LockFlags.NON_BLOCKING

Signature = tuple[int, int, int]
"""What tells that a file is as it was: inode, size, time of change (ns)."""
MISSING: Final[Signature] = (0, 0, 0)


def stat_of(name: str) -> os.stat_result | None:
    try:
        return os.stat(name)  # noqa: PTH116  # on the way of every answer
    except (FileNotFoundError, NotADirectoryError):
        return None


def signature(stat: os.stat_result | None) -> Signature:
    return MISSING if stat is None else (stat.st_ino, stat.st_size, stat.st_mtime_ns)


def read_bytes(fd: int, start: int, end: int) -> bytes:
    os.lseek(fd, start, os.SEEK_SET)
    parts = []
    while start < end and (part := os.read(fd, end - start)):
        parts.append(part)
        start += len(part)
    return b"".join(parts)


def lock(fd: int, path: Path) -> None:
    """Keep other writers of this file out, until it is unlocked or ``fd`` is closed."""
    until = time.monotonic() + LOCK_SECONDS
    while not try_lock(fd, path):
        if time.monotonic() > until:
            raise NotSaved(
                f"Not saved: another program has been holding {path} for"
                f" {LOCK_SECONDS:g} seconds. Try again; if it goes on, end that program."
            )
        time.sleep(0.0005)


def try_lock(fd: int, path: Path) -> bool:
    """Lock a file for this process; False where another holds it."""
    try:
        portalocker.lock(fd, _LOCK)
    except portalocker.AlreadyLocked:
        return False
    except (OSError, portalocker.LockException) as exc:
        raise NotSaved(f"Not saved: {path} cannot be locked ({exc}).") from exc
    return True


_not_synced: set[Path] = set()
"""What this process could not make durable, and could not take back perhaps: what stands there can
be seen, and built upon, so nothing is acknowledged until it is."""


def sync_path(path: Path) -> None:
    """Make durable what a file holds, or which names a folder does."""
    if os.name == "nt":  # Windows cannot do so with a folder, and need not
        return
    _not_synced.add(path)
    fd = os.open(path, os.O_RDONLY)
    try:
        os.fsync(fd)
    finally:
        os.close(fd)
    _not_synced.discard(path)


def sync_what_failed() -> None:
    for path in list(_not_synced):
        try:
            sync_path(path)
        except FileNotFoundError:
            _not_synced.discard(path)


def make_folder(folder: Path) -> None:
    """Make a folder and those above it, durably."""
    if folder.is_dir():
        return
    make_folder(folder.parent)
    with suppress(FileExistsError):
        folder.mkdir(mode=0o700)
    sync_path(folder.parent)


def write_durably(path: Path, data: bytes) -> None:
    """A new file. That its folder holds it is the caller's to make durable."""
    fd = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | BINARY, 0o600)
    try:
        rest = memoryview(data)
        while rest:
            written = os.write(fd, rest)
            if not written:
                raise OSError(ENOSPC, f"{len(rest)} of {len(data)} bytes were not written")
            rest = rest[written:]
        os.fsync(fd)
    finally:
        os.close(fd)


def replace_durably(path: Path, data: bytes) -> None:
    """The file ``path`` with this content, whole or not at all: written beside it, then renamed."""
    making = path.with_name(f"{MAKING}{path.name}-{os.getpid()}")
    making.unlink(missing_ok=True)
    try:
        write_durably(making, data)
        making.replace(path)
    except BaseException:
        making.unlink(missing_ok=True)
        raise
    sync_path(path.parent)


def serving_lock(directory: Path) -> int:
    """Lock the store for the one process that serves from it. Raises :class:`InUse`."""
    path = directory / "lock"
    with saving(path):
        make_folder(directory)
        fd = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        if not try_lock(fd, path):
            raise InUse(
                f"Another bot is serving from {directory}. Stop it first, or give this one a store"
                " of its own (CASEWALK_STORE)."
            )
    except BaseException:
        os.close(fd)
        raise
    return fd
