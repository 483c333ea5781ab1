"""A TinyDB storage whose file is only ever appended to: JSON Lines, one line per committed step.

TinyDB's tables are the fold of the lines. A line, broken here for reading::

    {"v":1,"n":12,"at":"2026-11-20T10:00:00Z","by":"I1","event":"ChoiceTapped",
     "set":{"answers":{"q08":{"value":"yes"}},"updates":{"4711":{"chat":"tg-55"}}},
     "prev":"<the hash of the line before>","hash":"<its own>"}

``why`` stands in it, too, where somebody gave a reason.

``n`` counts from 1. ``set`` patches the tables: table, document id, then the document, or null to
remove it; a table without documents is no table. ``hash`` is the SHA-256, cut to 32 hex digits, of
the line's own bytes up to ``,"hash"``; they hold ``prev``, so no line can be changed, taken out or
put elsewhere unseen. (Lines that were cut off at the very end leave a whole chain: only a process
that saw them written can tell, and does.)

What may be met when a file is read:

- The beginning of a line at the end of the file was never acknowledged. Readers leave it alone,
  the next writer cuts it off, under the lock.
- Anything else that is not as it was written is :class:`Damaged`, by file and line.
- A file that is not the one read before, or did not grow, is read again as a whole. It is taken
  if its chain is whole and it still holds what this process saw reach the disk; lines of others
  that never reached it may go (their writer was told so).

In an encrypted store each line is sealed by itself (:mod:`storage.encryption`); what is said here
is true of the line within.
"""

from __future__ import annotations

import hashlib
import os
import time
from collections.abc import Iterator, Mapping, MutableMapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from errno import EACCES, EDQUOT, EFBIG, EIO, ENOSPC, EPERM, EROFS
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any, ClassVar, Final, NamedTuple, NoReturn, cast

import orjson
import portalocker
from portalocker import LockFlags
from tinydb import TinyDB
from tinydb.storages import Storage
from tinydb.table import Table

from storage.store import Conflict, Damaged, NotSaved, StoreError

if TYPE_CHECKING:
    from storage.encryption import Cipher, FileCipher

fcntl: ModuleType | None
try:
    import fcntl
except ImportError:  # Windows
    fcntl = None

FORMAT: Final = 1
MAKING: Final = ".making-"
"""Begins the name of a file or folder that is not finished; it is none of the store's."""

FIRST: Final = "0" * 32
"""``prev`` of a file's first line."""

LOCK_SECONDS = 0.1
"""How long to wait for another program's write. One takes well under a millisecond."""

Document = Mapping[str, Any]
Tables = dict[str, dict[str, Any]]
Patch = Mapping[str, Mapping[str, Document | None]]
Signature = tuple[int, int, int]

_BINARY: Final = getattr(os, "O_BINARY", 0)
_APPENDING: Final = os.O_RDWR | os.O_APPEND | _BINARY

_HASH_KEY: Final = b',"hash":"'
_HASH_END: Final = b'"}'
_HASH_BYTES: Final = len(_HASH_KEY) + 32 + len(_HASH_END)

_CAUSES: Final = {
    ENOSPC: "the disk is full; free some space",
    EDQUOT: "the disk quota is used up; free some space",
    EFBIG: "the file may not grow further; raise the limit on file sizes",
    EROFS: "the disk is read-only; make it writable",
    EACCES: "writing there is not allowed; change the permissions",
    EPERM: "writing there is not allowed; change the permissions",
    EIO: "the disk reports an error; look after the disk",
}


class Line(NamedTuple):
    """One committed step, as it stands in the file."""

    n: int
    at: str
    by: str | None
    event: str
    patch: Patch
    hash: str
    why: str | None = None


@dataclass(slots=True)
class Fold:
    """The tables after the first ``n`` lines, which end at byte ``end``.

    ``hash`` and ``at`` are the last line's.
    """

    tables: Tables = field(default_factory=dict)
    n: int = 0
    hash: str = FIRST
    end: int = 0
    at: str = ""

    def apply(self, patch: Patch) -> None:
        for name, documents in patch.items():
            table = self.tables.setdefault(name, {})
            for document_id, document in documents.items():
                if document is None:
                    table.pop(document_id, None)
                else:
                    table[document_id] = document
            if not table:
                del self.tables[name]


class AppendedFile(Storage):
    """One such file.

    ``tables`` is the fold itself: look, do not touch. TinyDB gets copies from :meth:`read`.
    With ``stays_open`` it keeps its descriptor from one :meth:`append` to the next.
    """

    _left_behind: ClassVar[dict[tuple[str, int], tuple[int, int]]] = {}
    """By name and inode: where a line stands that was not saved and could not be cut off again."""

    def __init__(
        self, path: str | Path, cipher: Cipher | None = None, *, stays_open: bool = False
    ) -> None:
        self._fd: int | None = None
        self.path = Path(path)
        self._name = str(path)
        self._seal = None if cipher is None else cipher.of(self.path)
        self._stays_open = stays_open
        self._inode = 0  # of what is open
        self._fold = Fold()
        self._seen: Signature | None = None
        self._doubtful = True  # the fold must not be taken for the file: read all of it
        self._saved: tuple[int, str] = (0, FIRST)  # the last line this process saw reach the disk
        self._read_at: int | None = None

    def close(self) -> None:
        """Let the descriptor go; the next append opens it again."""
        if self._fd is not None:
            os.close(self._fd)
            self._fd = None

    __del__ = close

    @property
    def tables(self) -> Mapping[str, Mapping[str, Any]]:
        return self._fold.tables

    @property
    def n(self) -> int:
        """The number of lines: the version."""
        return self._fold.n

    @property
    def hash(self) -> str:
        """The last line's hash: it says which content this is."""
        return self._fold.hash

    @property
    def at(self) -> str:
        """When the last line was written, in UTC."""
        return self._fold.at

    # --- TinyDB's two ------------------------------------------------------------------------

    def read(self) -> Tables | None:
        """The tables, as copies that TinyDB may change; None of a file without lines."""
        self.refresh()
        self._read_at = self._fold.n
        return CopiedTables(self._fold.tables) if self._fold.n else None  # type: ignore[return-value]  # TinyDB takes any mapping

    def write(self, data: Mapping[str, Mapping[str, Any]]) -> None:
        """Append what differs between ``data`` and what :meth:`read` gave, as one line.

        Raises :class:`Conflict` if somebody else wrote in between.
        """
        expect = self._fold.n if self._read_at is None else self._read_at
        if expect != self._fold.n:
            self._conflict()
        patch = difference(self._fold.tables, data)
        if patch:
            at = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
            self._read_at = self.append(patch, by=None, at=at, event="TablesWritten", expect=expect)

    # --- reading -----------------------------------------------------------------------------

    def refresh(self) -> None:
        """Take in what others wrote since. One stat where that is nothing."""
        if not self._doubtful and signature(self._name) == self._seen:
            return
        try:
            fd = os.open(self._name, os.O_RDONLY | _BINARY)
        except FileNotFoundError:
            self._take_as_missing()
            return
        except OSError as exc:
            raise _cannot_read(self.path, exc) from exc
        try:
            self._take_in_unlocked(fd)
        except OSError as exc:
            raise _cannot_read(self.path, exc) from exc
        finally:
            os.close(fd)

    def lines(self) -> Iterator[Line]:
        """Every line of the file, read anew."""
        try:
            with self.path.open("rb") as file:
                data = file.read(self._used(os.fstat(file.fileno())))
        except FileNotFoundError:
            data = b""
        except OSError as exc:
            raise _cannot_read(self.path, exc) from exc
        for line, _ in whole_lines(self.path, data, 0, FIRST, self._seal):
            yield line

    def _used(self, stat: os.stat_result) -> int:
        """How much of the file counts: a line that was left behind does not, as a torn one."""
        size = stat.st_size
        start, end = self._left_behind.get((self._name, stat.st_ino), (size, size))
        return start if size <= end else size  # unless somebody built upon it

    def torn(self, *, cut: bool = False) -> bool:
        """Whether something stands after the last whole line, which nobody was told is saved.

        Looked at while no writer is at work; cut off if that is asked for.
        """
        self.refresh()
        if self._seen is None or self._seen[1] == self._fold.end:
            return False
        fd, stat = self._open_locked()
        try:
            self._take_in(fd, stat)
            torn = stat.st_size > self._fold.end
            if torn and cut:
                os.ftruncate(fd, self._fold.end)
                os.fsync(fd)
        except OSError as exc:
            raise not_saved(self.path, exc) from exc
        else:
            return torn
        finally:
            self.close()

    def _take_as_missing(self) -> None:
        self.close()
        if self._saved[0]:
            self._doubtful = True
            raise damaged(self.path, None, "the file has gone while it was in use")
        self._fold, self._seen, self._doubtful = Fold(), None, False

    def _take_in_unlocked(self, fd: int) -> None:
        try:
            self._take_in(fd, os.fstat(fd))
        except Damaged:
            # A writer may have been half way through cutting off a torn line: keep writers out
            # and look again before it is called damaged.
            lock(fd, self.path)
            self._take_in(fd, os.fstat(fd))

    def _take_in(self, fd: int, stat: os.stat_result) -> None:
        """Fold in what is new; all of it unless the file is the one that was seen, only longer."""
        now = _signature(stat)
        if not self._doubtful and now == self._seen:
            return
        grown = self._seen is not None and now[0] == self._seen[0] and now[1] > self._seen[1]
        fold = self._fold if grown and not self._doubtful else Fold()
        self._doubtful = True  # until it went well
        data = _read(fd, fold.end, self._used(stat))
        saved_n, saved_hash = self._saved
        for line, length in whole_lines(self.path, data, fold.n, fold.hash, self._seal):
            if line.n == saved_n and line.hash != saved_hash:
                raise damaged(self.path, line.n, "it is not the line that was written here before")
            fold.apply(line.patch)
            fold.n, fold.hash, fold.end = line.n, line.hash, fold.end + length
            fold.at = line.at
        if fold.n < saved_n:
            what = f"lines {fold.n + 1} to {saved_n}, which were saved, have gone"
            raise damaged(self.path, None, what)
        self._fold, self._seen, self._doubtful = fold, now, False

    # --- writing -----------------------------------------------------------------------------

    def append(  # noqa: PLR0913  # who, when and why
        self,
        patch: Patch,
        *,
        by: str | None,
        at: str,
        event: str,
        why: str | None = None,
        expect: int | None = None,
    ) -> int:
        """Append one line, in one write and one fsync; it is durable on return. Gives its ``n``.

        The documents of ``patch`` become part of the fold: leave them as they are afterwards.
        Raises :class:`Conflict` if ``expect`` is not the version the file has by then, and
        :class:`NotSaved`, with the file as it was.
        """
        fd, stat = self._open_locked()
        keep = False
        try:
            self._take_in(fd, stat)
            fold = self._fold
            if expect is not None and expect != fold.n:
                self._conflict()
            n = fold.n + 1
            line, own = written_line(self.path, n, at, by, event, why, patch, fold.hash, self._seal)
            self._put(fd, line, stat.st_size)
            fold.apply(patch)
            fold.n, fold.hash, fold.end, fold.at = n, own, fold.end + len(line), at
            self._seen, self._saved = _signature(os.fstat(fd)), (n, own)
            keep = self._stays_open
            return n
        except OSError as exc:
            raise not_saved(self.path, exc) from exc
        finally:
            if keep:
                unlock(fd)
            else:
                self.close()  # and with it the lock

    def _open_locked(self) -> tuple[int, os.stat_result]:
        """Open for appending, lock, and make sure that it is still the file of that name."""
        while True:
            try:
                fd = self._fd
                if fd is None:
                    fd = self._fd = self._open()
                    self._inode = os.fstat(fd).st_ino
                lock(fd, self.path)
                stat = _stat(self._name)
            except BaseException as exc:
                self.close()
                if isinstance(exc, OSError):
                    raise not_saved(self.path, exc) from exc
                raise
            if stat is not None and stat.st_ino == self._inode:
                return fd, stat
            self.close()

    def _open(self) -> int:
        try:
            return os.open(self._name, _APPENDING)
        except FileNotFoundError:
            self._take_as_missing()
            make_folder(self.path.parent)
            return os.open(self._name, _APPENDING | os.O_CREAT, 0o600)

    def _put(self, fd: int, line: bytes, size: int) -> None:
        """Write and fsync one line, or leave the file as it was, as far as the disk lets us."""
        end = self._fold.end
        try:
            if end < size:
                os.ftruncate(fd, end)  # nobody was told of that line
            written = os.write(fd, line)
            if written != len(line):
                raise OSError(ENOSPC, f"{written} of {len(line)} bytes were written")
            os.fsync(fd)
            if end == 0:
                sync_path(self.path.parent)
            if _not_synced:
                _sync_what_failed()
        except OSError as exc:
            # After a failed fsync nobody knows what the disk holds: read all of it before the next.
            self._doubtful = True
            try:
                os.ftruncate(fd, end)
                os.fsync(fd)
            except OSError:
                # It can be read, and may be in memory only, which no later fsync would mend.
                self._left_behind[self._name, self._inode] = end, end + len(line)
            raise not_saved(self.path, exc) from exc
        self._left_behind.pop((self._name, self._inode), None)

    def _conflict(self) -> NoReturn:
        raise Conflict(f"{self.path.name} was changed by somebody else in the meantime.")


class CopiedTables(MutableMapping[str, dict[str, Any]]):
    """The fold's tables, each copied when it is first looked at: TinyDB changes what it gets."""

    def __init__(self, tables: Tables) -> None:
        self._tables = dict(tables)
        self._copied: set[str] = set()

    def __getitem__(self, name: str) -> dict[str, Any]:
        if name not in self._copied:
            self._tables[name] = _copy(self._tables[name])
            self._copied.add(name)
        return self._tables[name]

    def __setitem__(self, name: str, table: dict[str, Any]) -> None:
        self._tables[name] = table
        self._copied.add(name)

    def __delitem__(self, name: str) -> None:
        del self._tables[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._tables)

    def __len__(self) -> int:
        return len(self._tables)


class TextIdTable(Table):
    """A table whose document ids are texts, and which remembers no queries.

    Others append to the file too: a remembered result could be old.
    """

    document_id_class = str  # type: ignore[assignment]  # TinyDB's documentation allows it

    def __init__(self, storage: Storage, name: str) -> None:
        super().__init__(storage, name, cache_size=0)


class Database(TinyDB):
    """A TinyDB database in an appended file: ``Database(path).table("answers").all()``."""

    table_class = TextIdTable  # type: ignore[assignment]  # TinyDB's documentation allows both
    default_storage_class = AppendedFile  # type: ignore[assignment]

    @property
    def file(self) -> AppendedFile:
        """The storage, for one line with a patch of several tables, and for its version."""
        return cast(AppendedFile, self.storage)


# --- lines -----------------------------------------------------------------------------------


def written_line(  # noqa: PLR0913, PLR0917  # a line's parts, in their order
    path: Path,
    n: int,
    at: str,
    by: str | None,
    event: str,
    why: str | None,
    patch: Patch,
    prev: str,
    seal: FileCipher | None = None,
) -> tuple[bytes, str]:
    """A line with its line break, as the file holds it, and its hash."""
    step: dict[str, Any] = {"v": FORMAT, "n": n, "at": at, "by": by, "event": event}
    if why is not None:
        step["why"] = why
    step["set"], step["prev"] = patch, prev
    try:
        head = orjson.dumps(step)[:-1]
    except TypeError as exc:
        raise NotSaved(
            f"Not saved: {path.name} cannot hold a number or a text that was given ({exc})."
        ) from exc
    own = _hash(head)
    line = b"".join((head, _HASH_KEY, own.encode(), _HASH_END, b"\n"))
    return (line if seal is None else seal.sealed_line(n, line[:-1]) + b"\n"), own


def whole_lines(
    path: Path, data: bytes, n: int, prev: str, seal: FileCipher | None = None
) -> Iterator[tuple[Line, int]]:
    """The lines in ``data``, which follow line ``n`` with hash ``prev``, and each one's length.

    What stands after the last line break is left out. Raises :class:`Damaged`.
    """
    *whole, tail = data.split(b"\n")
    for raw in whole:
        n += 1
        line = _read_line(path, raw if seal is None else seal.opened_line(n, raw), n, prev)
        prev = line.hash
        yield line, len(raw) + 1
    # A write that was cut short leaves the beginning of a line, and perhaps room for its rest. A
    # whole line and something else after it is an acknowledged one whose line break was changed.
    if tail and _is_whole(tail[:-1], n + 1, seal):
        raise damaged(path, n + 1, "its line break is damaged")
    begun = tail.rstrip(b"\0")
    head = b'{"v":%d,"n":%d,"at":"' % (FORMAT, n + 1) if seal is None else seal.line_head
    if not begun.startswith(head) and not head.startswith(begun):
        raise damaged(path, n + 1, "it is neither a line nor the beginning of one")


def _is_whole(raw: bytes, n: int, seal: FileCipher | None) -> bool:
    if seal is None:
        return _own_hash(raw) is not None
    try:
        seal.opened_line(n, raw)
    except Damaged:
        return False
    return True


def _read_line(path: Path, raw: bytes, n: int, prev: str) -> Line:
    try:
        body = orjson.loads(raw)
    except orjson.JSONDecodeError as exc:
        raise damaged(path, n, "it is not JSON") from exc
    if not isinstance(body, dict):
        raise damaged(path, n, "it is not a step")
    refuse_format(path, n, body.get("v"))
    if "box" in body:
        raise WrongKey(path, n, "it is encrypted", "Set CASEWALK_KEY to the store's key")
    own = _own_hash(raw)
    if own is None:
        raise damaged(path, n, "it was changed (its hash does not fit)")
    if body.get("n") != n or body.get("prev") != prev:
        raise damaged(path, n, "it does not follow the line before it")
    patch = body.get("set")
    if not isinstance(patch, dict) or not all(isinstance(one, dict) for one in patch.values()):
        raise damaged(path, n, "it is not a step")
    at, by, event = body.get("at", ""), body.get("by"), body.get("event", "")
    return Line(n, at, by, event, patch, own, body.get("why"))


def refuse_format(path: Path, n: int, said: object) -> None:
    if said != FORMAT:
        raise damaged(
            path,
            n,
            f"it says format {said!r}, and this Casewalk reads format {FORMAT}",
            "If a newer Casewalk wrote it, update this one; else put the file back from a backup",
        )


def _own_hash(raw: bytes) -> str | None:
    """The hash that a line without its line break carries, None if it is not the right one."""
    head, end = raw[:-_HASH_BYTES], raw[-_HASH_BYTES:]
    own = _hash(head)
    return own if end == b"".join((_HASH_KEY, own.encode(), _HASH_END)) else None


def _hash(head: bytes) -> str:
    return hashlib.sha256(head).hexdigest()[:32]


def difference(before: Mapping[str, Mapping[str, Any]], after: Mapping[str, Any]) -> Patch:
    """The patch that makes ``before``'s tables equal to ``after``'s."""
    patch: dict[str, dict[str, Any]] = {}
    for name in dict.fromkeys((*before, *after)):
        old, new = before.get(name, {}), after.get(name, {})
        changed = {key: document for key, document in new.items() if old.get(key) != document}
        changed |= {key: None for key in old if key not in new}
        if changed:
            patch[name] = changed
    return patch


def _copy(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {key: _copy(one) for key, one in value.items()}
    return [_copy(one) for one in value] if isinstance(value, list) else value


# --- the disk --------------------------------------------------------------------------------


def signature(name: str) -> Signature | None:
    """What tells that a file is as it was: inode, size, time of change. None of no file."""
    try:
        stat = _stat(name)
    except OSError as exc:
        raise _cannot_read(Path(name), exc) from exc
    return None if stat is None else _signature(stat)


def _stat(name: str) -> os.stat_result | None:
    try:
        return os.stat(name)  # noqa: PTH116  # on the way of every answer
    except FileNotFoundError:
        return None


def _signature(stat: os.stat_result) -> Signature:
    return stat.st_ino, stat.st_size, stat.st_mtime_ns


def _read(fd: int, start: int, end: int) -> bytes:
    os.lseek(fd, start, os.SEEK_SET)
    parts = []
    while start < end and (part := os.read(fd, end - start)):
        parts.append(part)
        start += len(part)
    return b"".join(parts)


def lock(fd: int, path: Path) -> None:
    """Keep other writers of this file out, until :func:`unlock` or ``fd`` is closed."""
    until = time.monotonic() + LOCK_SECONDS
    while not try_lock(fd, path):
        if time.monotonic() > until:
            raise NotSaved(
                f"Not saved: another program has been holding {path} for"
                f" {LOCK_SECONDS:g} seconds. Try again; if it goes on, end that program."
            )
        time.sleep(0.0005)


def try_lock(fd: int, path: Path) -> bool:
    """Lock a file for this process; False where another holds it.

    On POSIX the very call that portalocker makes; it takes 10 µs to get there, with every answer.
    """
    try:
        if fcntl is not None:
            fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
        else:
            portalocker.lock(fd, LockFlags.EXCLUSIVE | LockFlags.NON_BLOCKING)
    except (BlockingIOError, portalocker.AlreadyLocked):
        return False
    except (OSError, portalocker.LockException) as exc:
        raise NotSaved(f"Not saved: {path} cannot be locked ({exc}).") from exc
    return True


def unlock(fd: int) -> None:
    if fcntl is not None:
        fcntl.flock(fd, fcntl.LOCK_UN)
    else:
        portalocker.unlock(fd)


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


def _sync_what_failed() -> None:
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
    fd = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | _BINARY, 0o600)
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


# --- errors ----------------------------------------------------------------------------------


class DamagedFile(Damaged):
    """Its parts, for those that list what is wrong; ``line`` is None for the file as a whole."""

    def __init__(self, path: Path, line: int | None, what: str, remedy: str) -> None:
        place = f"{path}, line {line}" if line else str(path)
        super().__init__(f"{place}: {what}. {remedy}.")
        self.path, self.line, self.what, self.remedy = path, line, what, remedy


class WrongKey(DamagedFile):
    """Not damaged, as far as can be told: it wants another key than the one given, or none."""


def damaged(path: Path, line: int | None, what: str, remedy: str | None = None) -> DamagedFile:
    return DamagedFile(
        path,
        line,
        what,
        remedy
        or (
            "Nothing was changed in it, and other cases are not touched;"
            " put this file back from a backup and start Casewalk again"
        ),
    )


def not_saved(path: Path, exc: OSError) -> NotSaved:
    cause = _CAUSES.get(exc.errno or 0, exc.strerror or type(exc).__name__)
    return NotSaved(f"Not saved: {cause}, and try again. What was saved before is kept. ({path})")


def _cannot_read(path: Path, exc: OSError) -> StoreError:
    return StoreError(f"{path} cannot be read: {exc.strerror or type(exc).__name__}.")
