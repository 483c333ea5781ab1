"""One log in one file that is only ever appended to.

What may be met when a file is read:

- The beginning of a line at the end of the file was never acknowledged. Readers leave it alone,
  the next writer cuts it off, under the lock.
- Anything else that is not as it was written is :class:`Damaged`, by file and line.
- A file that ends before the end that was noted in ``ends`` (:mod:`storage.ends`) was cut.
- A file that is not the one read before, or did not grow, is read again as a whole. It is accepted
  if its chain is whole and reaches that end. Lines of others that never reached the disk may go:
  their writer was told so.

An append has stages, so that a journal can let the syncs of several logs overlap: ``hold``,
``prepare``, ``write``, ``sync``, ``take``, ``release``. The new state is seen from ``take`` on,
when it is durable.
"""

from __future__ import annotations

import os
from errno import ENOSPC
from pathlib import Path
from typing import ClassVar, NoReturn, Self

from storage import disk
from storage.encryption import Cipher, seal_of
from storage.ends import NO_END, Ends
from storage.errors import Conflict, Damaged, DamagedFile, WrongKey, cannot_read, not_saved, saving
from storage.journal import Entry, Line, Snapshot
from storage.log_lines import Fold, WrittenLine, whole_lines, written_line

NOT_HELD = -1


class AppendOnlyLog:
    _left_behind: ClassVar[dict[tuple[str, int], tuple[int, int]]] = {}
    """By name and inode: where a line stands that was not saved and could not be cut off again."""

    def __init__(
        self, path: str | Path, cipher: Cipher | None = None, *, ends: Ends | None = None
    ) -> None:
        self.path = Path(path)
        self._name = str(path)
        self._seal = seal_of(cipher, self.path)
        self._ends = ends
        self.name = "" if ends is None else ends.name_of(self.path)
        self._fd = NOT_HELD
        self._fold = Fold()
        self._seen = disk.MISSING
        self._doubtful = True  # the fold must not be taken for the file: read all of it
        self._saved = NO_END  # what ``ends`` would tell, where there is none
        self._next = WrittenLine(Line(0, "", None, "", {}, ""), b"")

    @property
    def version(self) -> int:
        return self._fold.n

    @property
    def end(self) -> int:
        """Where the last whole line ends, in bytes."""
        return self._fold.end

    def snapshot(self) -> Snapshot:
        """The state as of the last :meth:`refresh` or append."""
        return self._fold.snapshot()

    # --- reading -----------------------------------------------------------------------------

    def refresh(self) -> Snapshot:
        """Take in what others wrote since. One stat where that is nothing, none while it is held:
        what is written then is no part of the state before it is durable.
        """
        if self._fd == NOT_HELD and (
            self._doubtful or disk.signature(disk.stat_of(self._name)) != self._seen
        ):
            self._look()
        return self._fold.snapshot()

    def lines(self) -> list[Line]:
        """Every line of the file, read anew."""
        self._doubtful = True
        return self._look()

    def _look(self) -> list[Line]:
        """Take in what is new, and return its lines."""
        try:
            if self._fd != NOT_HELD:
                return self._take_in(self._fd)
            with self.path.open("rb") as file:
                try:
                    return self._take_in(file.fileno())
                except WrongKey:
                    raise
                except Damaged:
                    # A writer may have been half way through cutting off a torn line: keep writers
                    # out and look again before it is called damaged.
                    disk.lock(file.fileno(), self.path)
                    return self._take_in(file.fileno())
        except (FileNotFoundError, NotADirectoryError):
            self._take_as_missing()
            return []
        except OSError as exc:
            raise cannot_read(self.path, exc) from exc

    def torn(self, *, cut: bool = False) -> bool:
        """Whether something stands after the last whole line, which nobody was told is saved.

        Looked at while no writer is at work; cut off if that is asked for.
        """
        self.refresh()
        if self._seen[1] <= self._fold.end:
            return False
        with self.hold():
            torn = self._seen[1] > self._fold.end
            if torn and cut:
                with saving(self.path):
                    self._cut_back()
            return torn

    def _take_as_missing(self) -> None:
        if self._noted()[0]:
            self._doubtful = True
            raise DamagedFile(self.path, None, "the file has gone, and it held what was saved")
        self._fold, self._seen, self._doubtful = Fold(), disk.MISSING, False

    def _take_in(self, fd: int) -> list[Line]:
        """Fold in what is new; all of it unless the file is the one that was seen, only longer."""
        stat = os.fstat(fd)
        now, seen = disk.signature(stat), self._seen
        if not self._doubtful and now == seen:
            return []
        whole = self._doubtful or stat.st_ino != seen[0] or stat.st_size <= seen[1]
        self._doubtful = True  # until it went well
        fold = Fold() if whole else self._fold
        noted = self._noted() if whole else NO_END
        # A line that was left behind does not count, as a torn one, unless somebody built upon it.
        start, end = self._left_behind.get((self._name, stat.st_ino), (0, 0))
        data = disk.read_bytes(fd, fold.end, start if stat.st_size <= end else stat.st_size)
        lines = []
        for line, length in whole_lines(self._seal, data, fold.n, fold.hash):
            lines.append(line)
            if whole:
                fold.take(line, length)
            else:
                fold = fold.after(line, length)
            passed = fold.end - length < noted[0] <= fold.end
            if passed and (fold.end, line.hash) != noted:
                raise DamagedFile(
                    self.path, line.n, "it is not the line that was written here before"
                )
        if fold.end < noted[0]:
            raise DamagedFile(
                self.path,
                None,
                f"it was cut: lines after line {fold.n}, which were saved, have gone",
                "Put the file back from a backup; if it is the restored one, casewalk doctor"
                " --accept takes it as it is",
            )
        self._fold, self._seen, self._doubtful = fold, now, False
        return lines

    def _noted(self) -> tuple[int, str]:
        """Where the log ended when it was last written to: (bytes, hash)."""
        if self._ends is None:
            return self._saved
        self._ends.refresh()
        return self._ends.end(self.name)

    # --- writing -----------------------------------------------------------------------------

    def append(self, entry: Entry) -> Snapshot:
        """Append one line, in one write and one fsync; it is durable on return.

        The patch's documents become part of the log's state: leave them as they are afterwards.
        Raises :class:`Conflict`, and :class:`NotSaved`, with the file as it was.
        """
        with self.hold():
            self.prepare(entry)
            self.commit()
        return self.snapshot()

    def hold(self) -> Self:
        """Keep other writers out, until :meth:`release` or the end of a ``with`` statement."""
        try:
            with saving(self.path):
                self._open_and_lock()
                self._take_in(self._fd)
        except BaseException:
            self.release()
            raise
        return self

    def _open_and_lock(self) -> None:
        while True:
            self._fd = self._open()
            disk.lock(self._fd, self.path)
            named = disk.stat_of(self._name)
            if named is not None and named.st_ino == os.fstat(self._fd).st_ino:
                return
            self.release()  # another file has this name by now

    def _open(self) -> int:
        try:
            return os.open(self._name, disk.APPENDING)
        except FileNotFoundError:
            self._take_as_missing()
            disk.make_folder(self.path.parent)
            return os.open(self._name, disk.APPENDING | os.O_CREAT, 0o600)

    def release(self) -> None:
        """Let other writers in."""
        if self._fd != NOT_HELD:
            os.close(self._fd)  # and with it the lock
            self._fd = NOT_HELD

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.release()

    def prepare(self, entry: Entry) -> bytes:
        """Make the line that comes next, and return it. Raises :class:`Conflict`."""
        fold = self._fold
        if not entry.fits(fold.n):
            self.conflict()
        self._next = written_line(self._seal, entry.line(fold.n + 1), fold.hash)
        return self._next.data

    def prepare_again(self, data: bytes) -> None:
        """Have the line come next that another process prepared."""
        [(line, _)] = whole_lines(self._seal, data, self._fold.n, self._fold.hash)
        self._next = WrittenLine(line, data)

    def commit(self) -> None:
        """All that follows :meth:`prepare`. Raises :class:`NotSaved`, the file as it was."""
        self.write()
        try:
            self.sync()
        except OSError as exc:
            self.take_back()
            raise not_saved(self.path, exc) from exc
        self.take()

    def write(self) -> None:
        """Put it into the file, not durable yet. Raises :class:`NotSaved`, the file as it was."""
        data = self._next.data
        try:
            if self._fold.end < self._seen[1]:
                os.ftruncate(self._fd, self._fold.end)  # nobody was told of that line
            written = os.write(self._fd, data)
            if written != len(data):
                raise OSError(ENOSPC, f"{written} of {len(data)} bytes were written")
        except OSError as exc:
            self.take_back()
            raise not_saved(self.path, exc) from exc

    def sync(self) -> None:
        """Make durable what was written, and a new file's name; blocking, for a thread."""
        os.fsync(self._fd)
        if self._fold.end == 0:
            disk.sync_path(self.path.parent)
        disk.sync_what_failed()

    def take(self) -> None:
        """The line is durable: it is part of the state from now on."""
        self._left_behind.pop((self._name, self._seen[0]), None)
        self._fold = self._fold.after(self._next.line, len(self._next.data))
        self._seen = disk.signature(os.fstat(self._fd))
        self._saved = self._fold.end, self._fold.hash
        if self._ends is not None:
            self._ends.note(self.name, *self._saved)

    def take_back(self) -> None:
        """After a failed write or sync: leave the file as it was, as far as the disk lets us."""
        # After a failed fsync nobody knows what the disk holds: read all of it before the next.
        self._doubtful = True
        try:
            self._cut_back()
            self._left_behind.pop((self._name, self._seen[0]), None)
            if self._fold.end == 0:  # it was made for this line
                self.path.unlink()
                disk.sync_path(self.path.parent)
        except OSError:
            # It can be read, and may be in memory only, which no later fsync would mend.
            end = self._fold.end
            self._left_behind[self._name, self._seen[0]] = end, end + len(self._next.data)

    @property
    def is_left_behind(self) -> bool:
        """Whether a line stands there that was not saved and could not be cut off again."""
        return (self._name, self._seen[0]) in self._left_behind

    def _cut_back(self) -> None:
        """Cut off what stands after the last whole line, durably, while the file is held."""
        os.ftruncate(self._fd, self._fold.end)
        os.fsync(self._fd)

    def conflict(self) -> NoReturn:
        raise Conflict(f"{self.path.name} was changed by somebody else in the meantime.")
