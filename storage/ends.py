"""Where each log ends, noted beside the logs without a sync.

A log whose last lines were taken away is a whole chain still; that it was cut is seen by its end,
which every write notes in the file ``ends`` of the store, one line each::

    {"log":"inspections/x/cases/C001~case-file","end":1042,"hash":"<its last line's>"}

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
_NOTING: Final = os.O_WRONLY | os.O_APPEND | os.O_CREAT


class Ends:
    """The notes of one store, as this process knows them."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory
        self._path = directory / FILE
        self._file = str(self._path)
        self._inode = 0
        self._read_to = 0
        self._rest = b""
        self._ends: dict[str, tuple[int, str]] = {}
        self._changed: dict[str, int] = {}
        self._in_hand: set[str] = set()
        self._count = 0

    def name_of(self, path: Path) -> str:
        """The log in this file."""
        return path.relative_to(self._directory).as_posix().removesuffix(".jsonl")

    def end(self, log: str) -> tuple[int, str]:
        """Where the log ended when it was last written to: (bytes, hash)."""
        return self._ends.get(log, NO_END)

    def changed_since(self, count: int) -> tuple[int, list[str]]:
        """The logs that changed after the first ``count`` notes, or are being written now."""
        changed = {log for log, when in self._changed.items() if when > count}
        return self._count, sorted(changed | self._in_hand)

    def begin(self, logs: Iterable[str]) -> None:
        """Note that these logs are about to be written, beside a bot that may serve."""
        self._write([{"log": log} for log in logs])

    def note(self, log: str, end: int, hash_: str) -> None:
        """Note where a log ends that was just written to, and is still held."""
        document = {"log": log, "end": end, "hash": hash_}
        with suppress(NotSaved):  # the line is durable, and a missing note does no harm
            self._write([document])
        self._take(document)

    def forget(self, name: str) -> None:
        """Before a log, or a folder's logs, are rewritten or dropped: their notes hold no more.

        Durable, so that nothing that interrupts it leaves a log that seems to have been cut.
        """
        self.refresh()
        logs = [log for log in self._ends if log == name or log.startswith(f"{name}/")]
        documents = [{"log": log, "end": 0, "hash": ""} for log in logs]
        self._write(documents, durable=True)
        for document in documents:
            self._take(document)

    def accept(self, ends: Iterable[tuple[str, int, str]]) -> None:
        """Take the logs as they stand, whatever was noted: only these notes are kept."""
        notes = [{"log": log, "end": end, "hash": hash_} for log, end, hash_ in ends]
        replace_durably(self._path, _lines(notes))
        self._ends.clear()
        self.refresh()

    def compact(self) -> None:
        """Keep the last note of each log there is; for a process that nobody else serves beside."""
        self.refresh()
        if self._read_to:
            self.accept([(log, *end) for log, end in self._ends.items() if end[0]])

    def refresh(self) -> None:
        """Take in the notes of others. One stat where there are none."""
        try:
            stat = os.stat(self._file)  # noqa: PTH116  # on the way of many an answer
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
        log = str(document["log"])
        if "end" not in document:
            self._in_hand.add(log)
            return
        self._in_hand.discard(log)
        end = document["end"], document["hash"]
        if self._ends.get(log) != end:
            self._ends[log] = end
            self._count += 1
            self._changed[log] = self._count

    def _write(self, documents: Iterable[dict[str, Any]], *, durable: bool = False) -> None:
        with saving(self._path):
            try:
                fd = os.open(self._file, _NOTING, 0o600)
            except FileNotFoundError:
                make_folder(self._directory)
                fd = os.open(self._file, _NOTING, 0o600)
            try:
                os.write(fd, _lines(documents))
                if durable:
                    os.fsync(fd)
            finally:
                os.close(fd)


def _lines(documents: Iterable[dict[str, Any]]) -> bytes:
    return b"".join(orjson.dumps(document) + b"\n" for document in documents)
