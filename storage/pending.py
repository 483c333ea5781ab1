"""Lines for several logs, kept in one file of ``pending/`` until all of them are in their logs.

So all of them are written or none, whatever happens in between: whoever opens the store, or next
writes to it, finishes what a killed process left here. A file is the SHA-256 of its second line,
and that line::

    [{"log":"chats/tg-55","start":1042,"data":"<the line as the log's file holds it>"},…]
"""

import hashlib
import os
import uuid
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

import orjson

from storage.append_only_log import AppendOnlyLog
from storage.disk import MAKING, lock, make_folder, sync_path, try_lock, write_durably
from storage.errors import DamagedFile, saving


class Pending:
    """The folder ``pending/`` of a store; ``open_log`` opens a log by its name."""

    def __init__(self, directory: Path, open_log: Callable[[str], AppendOnlyLog]) -> None:
        self._folder = directory / "pending"
        self._open_log = open_log
        self._empty_at = -1  # the folder's time of change when nothing was in it

    def keep(self, lines: Sequence[tuple[AppendOnlyLog, bytes]]) -> tuple[Path, int]:
        """Keep durably the lines that are about to be written to these logs, which are held.

        Return the file and a descriptor that holds its lock: while that is open nobody else
        finishes it. Raises :class:`storage.errors.NotSaved`.
        """
        path = self._folder / f"{uuid.uuid4().hex}.json"
        making, fd = path.with_name(f"{MAKING}{path.name}"), None
        body = orjson.dumps([
            {"log": log.name, "start": log.end, "data": data.decode()} for log, data in lines
        ])  # fmt: skip
        with saving(path):
            try:
                make_folder(self._folder)
                write_durably(making, _digest(body) + b"\n" + body)
                fd = os.open(making, os.O_RDONLY)
                lock(fd, making)
                making.rename(path)
                sync_path(self._folder)
            except BaseException:
                if fd is not None:
                    os.close(fd)
                making.unlink(missing_ok=True)
                path.unlink(missing_ok=True)
                raise
        return path, fd

    def drop(self, path: Path) -> None:
        """After all of its lines were taken back. What stays is finished before the next write."""
        with suppress(OSError):
            path.unlink(missing_ok=True)
            sync_path(self._folder)

    def settle(self) -> None:
        """Make durable that what was finished is gone, before a log it told of is another."""
        if self._folder.is_dir():
            sync_path(self._folder)

    def abandoned(self) -> Iterator[Path]:
        """The files of writers that are no more, each locked while it is looked at."""
        try:
            changed = os.stat(self._folder).st_mtime_ns  # noqa: PTH116  # on the way of every answer
        except FileNotFoundError:
            return
        if changed == self._empty_at:
            return
        paths = list(self._folder.glob("[!.]*.json"))
        if not paths:
            self._empty_at = changed
        for path in paths:
            with suppress(FileNotFoundError), path.open("rb") as file:
                if try_lock(file.fileno(), path) and path.exists():
                    yield path

    def finish(self) -> None:
        """Write the lines that a kill kept from being written."""
        for path in self.abandoned():
            with saving(path):
                digest, _, body = path.read_bytes().partition(b"\n")
                if _digest(body) == digest:
                    for line in orjson.loads(body):
                        self._finish_line(path, line)
                path.unlink()
                sync_path(self._folder)

    def _finish_line(self, path: Path, line: dict[str, Any]) -> None:
        start, data = line["start"], line["data"].encode()
        with self._open_log(line["log"]).hold() as log:
            if log.end == start:
                log.prepare_again(data)
                log.commit()
            elif log.path.read_bytes()[start : start + len(data)] == data:
                log.sync()
            else:
                raise DamagedFile(
                    path, None, f"its step of {line['log']} does not go on from there"
                )


def _digest(body: bytes) -> bytes:
    return hashlib.sha256(body).hexdigest().encode()
