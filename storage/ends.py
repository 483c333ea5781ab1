"""Where each log ends, noted beside the logs without a sync.

A log whose last lines were taken away is a whole chain still; that it was cut is seen by its end,
which every write notes in the file ``ends`` of the store, one line each::

    {"log":"inspections/x/cases/C001~case-file.jsonl","end":1042,"hash":"<its last line's>"}

The note follows the line it tells of, so the log is never shorter than the note says unless
somebody cut it; a longer log is fine (a note that a power loss took). An end of 0 says that the log
is about to be rewritten or dropped. A program that writes beside the serving bot also notes a log
without an end before it writes: the bot reads the notes and so knows, without a look at every file,
which logs others changed; a log that was left so is looked at every time.
"""

import os
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from typing import Any, Final

import orjson

from storage.disk import make_folder, replace_durably
from storage.errors import NotSaved, saving

FILE: Final = "ends"
NO_END: Final = (0, "")


class Ends:
    """The notes of one store, as this process knows them. Logs go by their file's full name."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory
        self._path = directory / FILE
        self._prefix = f"{directory}{os.sep}"
        self._inode = 0
        self._read_to = 0
        self._rest = b""
        self._ends: dict[str, tuple[int, str]] = {}
        self._changed: dict[str, int] = {}
        self._in_hand: set[str] = set()
        self._count = 0

    def end(self, name: str) -> tuple[int, str]:
        """Where the log ended when it was last written to: (bytes, hash)."""
        return self._ends.get(name, NO_END)

    def changed_since(self, count: int) -> tuple[int, list[str]]:
        """The logs that changed after the first ``count`` notes, or are being written now."""
        changed = {name for name, when in self._changed.items() if when > count}
        return self._count, sorted(changed | self._in_hand)

    def begin(self, names: Iterable[str]) -> None:
        """Note that these logs are about to be written, beside a bot that may serve."""
        self._write([{"log": self._short(name)} for name in names])

    def note(self, name: str, end: int, hash_: str) -> None:
        """Note where a log ends that was just written to, and is still held."""
        document = self._document(name, end, hash_)
        with suppress(NotSaved):  # the line is durable, and a missing note does no harm
            self._write([document])
        self._take(document)

    def forget(self, names: Iterable[str]) -> None:
        """Before these logs are rewritten or dropped: what was noted of them holds no more.

        Durable, so that nothing that interrupts it leaves a log that seems to have been cut.
        """
        documents = [self._document(name, *NO_END) for name in names]
        self._write(documents, durable=True)
        for document in documents:
            self._take(document)

    def names_under(self, prefix: str) -> list[str]:
        """The logs that have a note."""
        return [name for name in self._ends if name.startswith(prefix)]

    def accept(self, ends: Iterable[tuple[str, int, str]]) -> None:
        """Take the logs as they stand, whatever was noted: only these notes are kept."""
        replace_durably(self._path, _lines(self._document(*end) for end in ends))
        self._ends.clear()
        self.refresh()

    def compact(self) -> None:
        """Keep the last note of each log there is; for a process that nobody else serves beside."""
        self.refresh()
        if self._read_to:
            self.accept([(name, *end) for name, end in self._ends.items() if end[0]])

    def refresh(self) -> None:
        """Take in the notes of others. One stat where there are none."""
        try:
            stat = self._path.stat()
            if stat.st_ino == self._inode and stat.st_size == self._read_to:
                return
            if stat.st_ino != self._inode:
                self._inode, self._read_to, self._rest = stat.st_ino, 0, b""
            with self._path.open("rb") as file:
                file.seek(self._read_to)
                data = file.read()
        except FileNotFoundError:
            return
        self._read_to += len(data)
        *lines, self._rest = (self._rest + data).split(b"\n")
        for line in lines:
            # A power loss may leave rubbish here; a lost note does no harm.
            with suppress(orjson.JSONDecodeError, KeyError, TypeError, AttributeError):
                self._take(orjson.loads(line))

    def _take(self, document: dict[str, Any]) -> None:
        name = self._prefix + document["log"].replace("/", os.sep)
        if "end" not in document:
            self._in_hand.add(name)
            return
        self._in_hand.discard(name)
        end = document["end"], document["hash"]
        if self._ends.get(name) == end:
            return
        self._ends[name] = end
        self._count += 1
        self._changed[name] = self._count

    def _write(self, documents: list[dict[str, Any]], *, durable: bool = False) -> None:
        with saving(self._path):
            make_folder(self._directory)
            fd = os.open(self._path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
            try:
                os.write(fd, _lines(documents))
                if durable:
                    os.fsync(fd)
            finally:
                os.close(fd)

    def _document(self, name: str, end: int, hash_: str) -> dict[str, Any]:
        return {"log": self._short(name), "end": end, "hash": hash_}

    def _short(self, name: str) -> str:
        return name[len(self._prefix) :].replace(os.sep, "/")


def _lines(documents: Iterable[dict[str, Any]]) -> bytes:
    return b"".join(orjson.dumps(document) + b"\n" for document in documents)
