"""One log in one file that is only ever appended to.

What may be met when a file is read:

- The beginning of a line at the end of the file was never acknowledged. Readers leave it alone,
  the next writer cuts it off, under the lock.
- Anything else that is not as it was written is :class:`Damaged`, by file and line.
- A file that ends before the end that was noted in ``ends`` (:mod:`storage.ends`) was cut.
- A file that is not the one read before, or did not grow, is read again as a whole. It is accepted
  if its chain is whole and reaches that end. Lines of others that never reached the disk may go:
  their writer was told so.

In an encrypted store each line is sealed by itself (:mod:`storage.encryption`); what is said here
is true of the line within.

An append has stages, so that a journal can let the syncs of several logs overlap:
:meth:`~AppendOnlyLog.hold`, :meth:`~AppendOnlyLog.prepare`, :meth:`~AppendOnlyLog.write`,
:meth:`~AppendOnlyLog.sync`, :meth:`~AppendOnlyLog.take`, :meth:`~AppendOnlyLog.release`. The new
state is seen from ``take`` on, when it is durable.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from errno import ENOSPC
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar, NoReturn

from storage.disk import (
    APPENDING,
    Signature,
    lock,
    make_folder,
    read_bytes,
    signature,
    stat_of,
    sync_path,
    sync_what_failed,
)
from storage.ends import NO_END, Ends
from storage.errors import Conflict, Damaged, cannot_read, damaged, not_saved, saving
from storage.journal import Entry, Line, Patch, Snapshot
from storage.log_lines import FIRST, Fold, WrittenLine, whole_lines, written_line

if TYPE_CHECKING:
    from storage.encryption import Cipher


class AppendOnlyLog:
    _left_behind: ClassVar[dict[tuple[str, int], tuple[int, int]]] = {}
    """By name and inode: where a line stands that was not saved and could not be cut off again."""

    def __init__(
        self,
        path: str | Path,
        cipher: Cipher | None = None,
        *,
        ends: Ends | None = None,
    ) -> None:
        self._fd: int | None = None  # while it is held
        self.path = Path(path)
        self._name = str(path)
        self._seal = None if cipher is None else cipher.of(self.path)
        self._ends = ends
        self._inode = 0  # of the file as it is held
        self._size = 0
        self._fold = Fold()
        self._seen: Signature | None = None
        self._doubtful = True  # the fold must not be taken for the file: read all of it
        self._saved = NO_END  # what ``ends`` would tell, where there is none

    @property
    def version(self) -> int:
        return self._fold.n

    @property
    def hash(self) -> str:
        """The last line's hash: it says which content this is."""
        return self._fold.hash

    @property
    def end(self) -> int:
        """Where the last whole line ends, in bytes."""
        return self._fold.end

    def snapshot(self) -> Snapshot:
        """The state as of the last :meth:`refresh` or append."""
        return self._fold.snapshot()

    # --- reading -----------------------------------------------------------------------------

    def refresh(self) -> Snapshot:
        """Take in what others wrote since. One stat where that is nothing."""
        try:
            if self._doubtful or signature(stat_of(self._name)) != self._seen:
                with self.path.open("rb") as file:
                    self._take_in_unlocked(file.fileno())
        except (FileNotFoundError, NotADirectoryError):
            self._take_as_missing()
        except OSError as exc:
            raise cannot_read(self.path, exc) from exc
        return self._fold.snapshot()

    def lines(self) -> Iterator[Line]:
        """Every line of the file, read anew."""
        try:
            with self.path.open("rb") as file:
                data = file.read(self._used(os.fstat(file.fileno())))
        except FileNotFoundError:
            return
        except OSError as exc:
            raise cannot_read(self.path, exc) from exc
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
        self.hold()
        try:
            torn = self._size > self._fold.end
            if torn and cut:
                with saving(self.path):
                    self.cut_back()
            return torn
        finally:
            self.release()

    def _take_as_missing(self) -> None:
        if self._noted()[0]:
            self._doubtful = True
            raise damaged(self.path, None, "the file has gone, and it held what was saved")
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
        now, seen = signature(stat), self._seen
        if not self._doubtful and now == seen:
            return
        grown = seen is not None and stat.st_ino == seen[0] and stat.st_size > seen[1]
        whole = self._doubtful or not grown
        self._doubtful = True  # until it went well
        fold = Fold() if whole else self._fold
        noted = self._noted() if whole else NO_END
        data = read_bytes(fd, fold.end, self._used(stat))
        for line, length in whole_lines(self.path, data, fold.n, fold.hash, self._seal):
            if whole:
                fold.take(line, length)
            else:
                fold = fold.after(line, length)
            passed = fold.end - length < noted[0] <= fold.end
            if passed and (fold.end, line.hash) != noted:
                raise damaged(self.path, line.n, "it is not the line that was written here before")
        if fold.end < noted[0]:
            raise _cut(self.path, fold.n)
        self._fold, self._seen, self._doubtful = fold, now, False

    def _noted(self) -> tuple[int, str]:
        """Where the log ended when it was last written to: (bytes, hash)."""
        if self._ends is None:
            return self._saved
        self._ends.refresh()
        return self._ends.end(self._name)

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
    ) -> Snapshot:
        """Append one line, in one write and one fsync; it is durable on return.

        The documents of ``patch`` become part of the log's state: leave them as they are
        afterwards. Raises :class:`Conflict` if the log is not at version ``expect`` by then, and
        :class:`NotSaved`, with the file as it was.
        """
        self.hold()
        try:
            self.commit(self.prepare(Entry(self._name, expect, patch, at, event, by, why)))
        finally:
            self.release()
        return self.snapshot()

    def hold(self) -> None:
        """Open it, keep other writers out, and make sure that it is still the file of that name."""
        try:
            with saving(self.path):
                stat = self._open_and_lock()
                self._take_in(self._held(), stat)
                self._inode, self._size = stat.st_ino, stat.st_size
        except BaseException:
            self.release()
            raise

    def _open_and_lock(self) -> os.stat_result:
        while True:
            self._fd = self._open()
            lock(self._fd, self.path)
            stat, named = os.fstat(self._fd), stat_of(self._name)
            if named is not None and named.st_ino == stat.st_ino:
                return stat
            self.release()

    def release(self) -> None:
        """Let other writers in."""
        if self._fd is not None:
            os.close(self._fd)  # and with it the lock
            self._fd = None

    def prepare(self, entry: Entry) -> WrittenLine:
        """The line that comes next. Raises :class:`Conflict`."""
        fold = self._fold
        if not entry.fits(fold.n):
            self.conflict()
        return written_line(self.path, entry.line(fold.n + 1), fold.hash, self._seal)

    def prepared(self, data: bytes) -> WrittenLine:
        """A line that was prepared before, by its bytes."""
        [(line, _)] = whole_lines(self.path, data, self.version, self.hash, self._seal)
        return WrittenLine(line, data)

    def commit(self, prepared: WrittenLine) -> None:
        """All that follows :meth:`prepare`. Raises :class:`NotSaved`, the file as it was."""
        self.write(prepared)
        try:
            self.sync()
        except OSError as exc:
            self.take_back(prepared)
            raise not_saved(self.path, exc) from exc
        self.take(prepared)

    def write(self, prepared: WrittenLine) -> None:
        """Put it into the file, not durable yet. Raises :class:`NotSaved`, the file as it was."""
        fd, end = self._held(), self._fold.end
        try:
            if end < self._size:
                os.ftruncate(fd, end)  # nobody was told of that line
            written = os.write(fd, prepared.data)
            if written != len(prepared.data):
                raise OSError(ENOSPC, f"{written} of {len(prepared.data)} bytes were written")
        except OSError as exc:
            self.take_back(prepared)
            raise not_saved(self.path, exc) from exc

    def sync(self) -> None:
        """Make durable what was written, and a new file's name; blocking, for a thread."""
        os.fsync(self._held())
        if self._fold.end == 0:
            sync_path(self.path.parent)
        sync_what_failed()

    def take(self, prepared: WrittenLine) -> None:
        """The line is durable: it is part of the state from now on."""
        self._left_behind.pop((self._name, self._inode), None)
        self._fold = self._fold.after(prepared.line, len(prepared.data))
        self._seen = signature(os.fstat(self._held()))
        self._saved = self._fold.end, self._fold.hash
        if self._ends is not None:
            self._ends.note(self._name, *self._saved)

    def take_back(self, prepared: WrittenLine) -> None:
        """After a failed write or sync: leave the file as it was, as far as the disk lets us."""
        # After a failed fsync nobody knows what the disk holds: read all of it before the next.
        self._doubtful = True
        try:
            self.cut_back()
            self._left_behind.pop((self._name, self._inode), None)
            if self._fold.end == 0:  # it was made for this line
                self.path.unlink()
                sync_path(self.path.parent)
        except OSError:
            # It can be read, and may be in memory only, which no later fsync would mend.
            end = self._fold.end
            self._left_behind[self._name, self._inode] = end, end + len(prepared.data)

    @property
    def is_left_behind(self) -> bool:
        """Whether a line stands there that was not saved and could not be cut off again."""
        return (self._name, self._inode) in self._left_behind

    def cut_back(self) -> None:
        """Cut off what stands after the last whole line, durably, while the file is held."""
        fd = self._held()
        os.ftruncate(fd, self._fold.end)
        os.fsync(fd)

    def _held(self) -> int:
        if self._fd is None:
            raise ValueError(f"{self.path.name} is not held")
        return self._fd

    def _open(self) -> int:
        try:
            return os.open(self._name, APPENDING)
        except FileNotFoundError:
            self._take_as_missing()
            make_folder(self.path.parent)
            return os.open(self._name, APPENDING | os.O_CREAT, 0o600)

    def conflict(self) -> NoReturn:
        raise Conflict(f"{self.path.name} was changed by somebody else in the meantime.")


def _cut(path: Path, last: int) -> Damaged:
    return damaged(
        path,
        None,
        f"it was cut: lines after line {last}, which were saved, have gone",
        "Put the file back from a backup; if it is the restored one, casewalk doctor --accept"
        " takes it as it is",
    )
