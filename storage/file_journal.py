"""The journal on files, in one folder: a log is a file that is only ever appended to.

::

    DIR/lock                  held by the bot that serves from here
    DIR/key.json              in an encrypted store: which key (:mod:`storage.encryption`)
    DIR/ends                  where each log ends (:mod:`storage.ends`)
    DIR/pending/              lines for several logs (:mod:`storage.pending`)
    DIR/bot.jsonl, DIR/chats/…, DIR/inspections/…    the logs, and blobs under their own names

One entry is one line and one fsync. Several entries are first made durable together, in one file of
``pending/``, then line by line; whoever opens the store finishes what a kill left there. So all of
them are kept or none. The fsyncs of different logs overlap, in threads; nobody sees a log's new
state before it is durable, and the steps of one log follow each other.
"""

import asyncio
import os
import shutil
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import Final
from weakref import WeakValueDictionary

from tinydb.utils import LRUCache

from storage.append_only_log import AppendOnlyLog
from storage.disk import MAKING, make_folder, replace_durably, serving_lock, sync_path
from storage.encryption import Cipher, Key, cipher_for, seal_of
from storage.ends import Ends
from storage.errors import AlreadyThere, Damaged, NotFound, NotSaved, cannot_read, not_saved, saving
from storage.journal import Document, Entry, Line, Snapshot
from storage.log_lines import Seal, WrittenLine, chained, unchanged
from storage.pending import Pending
from storage.store_files import appended_files, remove_leftovers, sync_recent

MAX_LOGS: Final = 4_096
MAX_CASE_LOGS: Final = 256
"""Kept as they were last seen."""
READ_AT_ONCE: Final = 3
"""A chat's log, its inspection's and its case's, which are read with every message."""


class FileJournal:
    """The journal over the folder ``directory``.

    With ``exclusive`` no second process can open it so (:class:`storage.errors.InUse`); that is the
    serving bot's way. Without, the command line's, it reads and writes beside the bot. With a
    ``key`` it is encrypted; raises :class:`storage.encryption.KeyRefused` where that, or none, is
    not the store's.
    """

    keeps_summaries = False

    def __init__(self, directory: Path, *, exclusive: bool = False, key: Key | None = None) -> None:
        self.directory = directory
        self.cipher = cipher_for(directory, key)
        self.ends = Ends(directory)
        self._exclusive = exclusive
        self._pending = Pending(directory, self._open)
        self._logs: LRUCache[str, AppendOnlyLog] = LRUCache(MAX_LOGS)
        self._case_logs: LRUCache[str, AppendOnlyLog] = LRUCache(MAX_CASE_LOGS)
        self._turns: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()
        self._in_hand: dict[str, AppendOnlyLog] = {}  # being written
        self._syncing = 0  # appends that wait for the disk
        self._lock = serving_lock(directory) if exclusive else None
        try:
            if exclusive:
                sync_recent(directory)
                self.ends.compact()
            self._pending.finish()
        except BaseException as exc:
            self._unlock()
            if exclusive or not isinstance(exc, NotSaved):  # a failing disk may be read
                raise

    # --- reading -----------------------------------------------------------------------------

    async def read(self, log: str) -> Snapshot:
        return self._log(log).refresh()

    async def read_many(self, logs: Sequence[str]) -> list[Snapshot | Damaged]:
        snapshots: list[Snapshot | Damaged] = []
        for log in logs:
            try:
                if len(logs) <= READ_AT_ONCE or self.known(log) is not None:
                    snapshots.append(self._log(log).refresh())
                else:  # reading all cases must not push out the logs that are in use
                    snapshots.append(self._open(log).refresh())
                    await asyncio.sleep(0)  # the other conversations have their turn
            except Damaged as exc:
                snapshots.append(exc)
        return snapshots

    async def lines(self, log: str) -> list[Line]:
        async with self._turn(log):  # a line that is not durable yet is no step
            return self._open(log).lines()

    async def names(self, folder: str) -> list[str]:
        try:
            entries = list((self.directory / folder).iterdir())
        except (FileNotFoundError, NotADirectoryError):
            return []
        names = (path.name for path in entries if not path.name.startswith(MAKING))
        return sorted(name.removesuffix(".jsonl") for name in names)

    async def summaries(self, folder: str, since: str) -> tuple[str, dict[str, Document | None]]:
        self.ends.refresh()
        now, changed = self.ends.changed_since(int(since or 0))
        return str(now), {log: None for log in changed if log.startswith(f"{folder}/")}

    def known(self, log: str) -> Snapshot | None:
        known = self._kept(log).get(log)
        return None if known is None else known.snapshot()

    # --- writing -----------------------------------------------------------------------------

    async def append(self, entries: Sequence[Entry]) -> list[Snapshot]:
        in_order = sorted(entries, key=lambda entry: entry.log)
        async with AsyncExitStack() as turns:
            for entry in in_order:
                await turns.enter_async_context(self._turn(entry.log))
            logs = {entry.log: self._log(entry.log) for entry in in_order}
            for entry in in_order:
                log = logs[entry.log]
                if entry.expect is not None and not entry.fits(log.refresh().version):
                    log.conflict()  # before any file is made for it
            writing = [entry for entry in in_order if entry.patch]
            if writing:
                await self._append(writing, [logs[entry.log] for entry in writing])
            return [logs[entry.log].snapshot() for entry in entries]

    def _turn(self, log: str) -> asyncio.Lock:
        """One log's steps follow each other; turns are taken in the order of names."""
        return self._turns.setdefault(log, asyncio.Lock())

    async def _append(self, entries: Sequence[Entry], logs: Sequence[AppendOnlyLog]) -> None:
        if not self._exclusive:
            self.ends.begin([entry.log for entry in entries])
        try:
            self._hold(logs)
            self._in_hand |= {log.name: log for log in logs}
            lines = [log.prepare(entry) for entry, log in zip(entries, logs, strict=True)]
            await self._write(logs, lines)
            for log in logs:
                log.take()
        finally:
            for log in logs:
                log.release()
                self._in_hand.pop(log.name, None)

    def _hold(self, logs: Sequence[AppendOnlyLog]) -> None:
        """Keep other writers out, once what a killed one began in these logs is finished."""
        for log in logs:
            log.hold()
        while any(self._pending.abandoned()):
            for log in logs:
                log.release()
            self._pending.finish()
            for log in logs:
                log.hold()

    async def _write(self, logs: Sequence[AppendOnlyLog], lines: Sequence[bytes]) -> None:
        """All of the lines or none, whatever happens in between; durable on return."""
        path = fd = None
        if len(logs) > 1:
            path, fd = self._pending.keep(list(zip(logs, lines, strict=True)))
        written: list[AppendOnlyLog] = []
        try:
            for log in logs:
                log.write()  # takes itself back where it fails
                written.append(log)
            await self._sync(logs)
            if path is not None:
                path.unlink()
        except BaseException as exc:
            for log in written:
                log.take_back()
            # Where a line could not be taken back all of them are written, and this is kept.
            if path is not None and not any(log.is_left_behind for log in logs):
                self._pending.drop(path)
            if isinstance(exc, OSError):
                raise not_saved(path or logs[0].path, exc) from exc
            raise
        finally:
            if fd is not None:
                os.close(fd)

    async def _sync(self, logs: Sequence[AppendOnlyLog]) -> None:
        """Make these logs' lines durable. What several chats write at one moment overlaps."""
        self._syncing += 1
        try:
            await asyncio.sleep(0)  # the others write their lines
            if self._syncing == 1 and len(logs) == 1:
                logs[0].sync()  # nobody waits for it, and a thread costs more than the call
                return
            syncs = (_in_thread(log.sync) for log in logs)
            for failed in await asyncio.gather(*syncs, return_exceptions=True):
                if failed is not None:
                    raise failed
        finally:
            self._syncing -= 1

    async def take(
        self,
        log: str,
        lines: Sequence[Line],
        summary: Document | None = None,  # noqa: ARG002  # not kept here
    ) -> None:
        if self._path(log).exists():
            raise AlreadyThere(f"{log} is there already.")
        self._replace(log, unchanged(self._seal(self._path(log)), lines))

    def _replace(self, log: str, chain: Sequence[WrittenLine]) -> None:
        path, data = self._path(log), b"".join(written.data for written in chain)
        with saving(path):
            make_folder(path.parent)
            replace_durably(path, data)
        if chain:
            self.ends.note(log, len(data), chain[-1].line.hash)

    # --- erasing -----------------------------------------------------------------------------

    async def rewrite(
        self, log: str, keep: Callable[[Line], Line], said: Line | None = None
    ) -> None:
        async with self._turn(log):
            file = self._log(log)
            if not file.refresh().version:
                return
            try:
                # A command that writes beside this waits, and goes on in the new file.
                self._hold([file])
                before = file.lines()
                after = [keep(line) for line in before]
                if after == before:
                    return
                after += [] if said is None else [said]
                chain = chained(self._seal(file.path), after)
                with saving(file.path):
                    self._pending.settle()
                self.ends.forget(log)
                self._replace(log, chain)
            finally:
                file.release()
            self._forget(log)

    async def drop(self, name: str) -> None:
        path, log = self.directory / name, self._path(name)
        self.ends.forget(name)
        with saving(path):
            if path.is_dir():
                gone = path.with_name(f"{MAKING}{path.name}-dropped")
                shutil.rmtree(gone, ignore_errors=True)  # of another one of that name
                path.rename(gone)
                sync_path(path.parent)
                shutil.rmtree(gone)
            else:
                (log if log.exists() else path).unlink(missing_ok=True)
            if path.parent.is_dir():
                sync_path(path.parent)
        self._forget(name)

    # --- blobs -------------------------------------------------------------------------------

    async def put(self, name: str, blob: bytes) -> None:
        path = self.directory / name
        with saving(path):
            if path.exists():
                # Whoever put it there may have been killed before its name was durable.
                sync_path(path.parent)
            else:
                make_folder(path.parent)
                data = self._seal(path).sealed(blob)
                await _in_thread(lambda: replace_durably(path, data))

    async def get(self, name: str) -> bytes:
        path = self.directory / name
        try:
            data = path.read_bytes()
        except FileNotFoundError as exc:
            raise NotFound(f"There is no file {path.name!r} in this store.") from exc
        except OSError as exc:
            raise cannot_read(path, exc) from exc
        return self._seal(path).opened(data)

    # --- one process -------------------------------------------------------------------------

    async def lease(self, name: str, *, at: str, until: str) -> bool:  # noqa: ARG002
        """Only one process serves from a folder, so nobody else holds it."""
        return True

    async def release(self, name: str) -> None:
        """As :meth:`lease`."""

    @asynccontextmanager
    async def alone(self) -> AsyncIterator[None]:
        fd = None if self._exclusive else serving_lock(self.directory)
        try:
            self._pending.finish()
            with saving(self.directory):
                remove_leftovers(self.directory)  # they may hold what is to be erased
            yield
            self.ends.compact()
        finally:
            if fd is not None:
                os.close(fd)

    async def close(self) -> None:
        """Let another bot serve from this folder. Nothing is left to be written."""
        self._unlock()

    def _unlock(self) -> None:
        if self._lock is not None:
            os.close(self._lock)
            self._lock = None

    # --- logs --------------------------------------------------------------------------------

    def _path(self, log: str) -> Path:
        return self.directory / f"{log}.jsonl"

    def _seal(self, path: Path) -> Seal:
        return seal_of(self.cipher, path)

    def _open(self, log: str) -> AppendOnlyLog:
        return AppendOnlyLog(self._path(log), self.cipher, ends=self.ends)

    def _log(self, log: str) -> AppendOnlyLog:
        known = self._in_hand.get(log) or self._kept(log).get(log)
        if known is None:
            known = self._open(log)
            self._kept(log)[log] = known
        return known

    def _kept(self, log: str) -> LRUCache[str, AppendOnlyLog]:
        return self._case_logs if "/cases/" in log else self._logs

    def _forget(self, name: str) -> None:
        """A log, or the logs of a folder."""
        for kept in (self._logs, self._case_logs):
            for log in kept.lru:
                if log == name or log.startswith(f"{name}/"):
                    del kept[log]


async def _in_thread(work: Callable[[], None]) -> None:
    """Wait for the disk, so that other chats go on."""
    working = asyncio.get_running_loop().run_in_executor(None, work)
    try:
        await asyncio.shield(working)
    except asyncio.CancelledError:
        await asyncio.wait([working])  # the file must not be closed under the thread
        raise


def accept_ends(directory: Path, cipher: Cipher | None) -> int:
    """Take each log as it stands for whole; return how many there are. Raises :class:`Damaged`."""
    ends = Ends(directory)
    logs = [AppendOnlyLog(path, cipher) for path in appended_files(directory)]
    now = [(ends.name_of(log.path), log.refresh().hash, log.end) for log in logs]
    begun = [(name, end, hash_) for name, hash_, end in now if end]
    ends.accept(begun)
    return len(begun)
