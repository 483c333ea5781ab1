"""Changing an embedded store's key: from plain to encrypted, to another key, and back to plain.

Every file is written anew beside itself and renamed into its place, so that it is under the one key
or the other at any moment. ``key.json`` says from the first file to the last that a change is under
way, and the store is not opened meanwhile; whatever stops it, it is run again with the same keys.
What was deleted may stay on the disk until it is overwritten, as with any file.
"""

import os
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from storage.append_only_log import AppendOnlyLog
from storage.disk import lock, replace_durably, serving_lock, sync_path
from storage.encryption import (
    MARKER,
    Cipher,
    Key,
    KeyRefused,
    Marker,
    read_marker,
    seal_of,
    write_marker,
)
from storage.ends import Ends
from storage.errors import StoreError, WrongKey, not_saved
from storage.file_journal import FileJournal, accept_ends
from storage.log_lines import Seal, chained, whole_lines
from storage.store_files import appended_files, remove_leftovers, whole_files


def rekey(directory: Path, old: Key | None, new: Key | None) -> int:
    """Put the store under ``new``; None is no encryption. Return how many files were rewritten.

    The bot must be stopped (:class:`storage.errors.InUse`). Nothing is changed if a file is damaged
    (:class:`storage.errors.Damaged`) or ``old`` is not its key (:class:`KeyRefused`).
    """
    if not directory.is_dir():
        raise StoreError(f"There is no store in {directory}. Name the folder that holds it.")
    serving = serving_lock(directory)
    try:
        marker = read_marker(directory)
        _refuse_other_keys(directory, marker, old, new)
        change = _Change(directory, old, new)
        for file in change.files():
            change.converted(*file)  # says what neither key opens
        if not marker.changing:
            present = new if marker.to == _id(new) else old
            FileJournal(directory, key=None if marker.to is None else present)  # ends what is begun
            change.check_ends()
        return change.make()
    except OSError as exc:
        raise not_saved(directory, exc) from exc
    finally:
        os.close(serving)


def _refuse_other_keys(directory: Path, marker: Marker, old: Key | None, new: Key | None) -> None:
    given = {_id(old), _id(new)}
    if marker.changing and {marker.was, marker.to} != given:
        raise KeyRefused(
            f"A change from {_said(marker.was)} to {_said(marker.to)} was begun in {directory}."
            " End that first, with these two."
        )
    if marker.to is not None and marker.to not in given:
        raise KeyRefused(
            f"The store in {directory} is encrypted with key {marker.to}, and the old key given is"
            f" {_said(_id(old))}. Give its own; nothing was changed."
        )


class _Change:
    def __init__(self, directory: Path, old: Key | None, new: Key | None) -> None:
        self._directory = directory
        self._old = None if old is None else Cipher(old, directory)
        self._new = None if new is None else Cipher(new, directory)
        self._under_way = Marker(_id(new), changing=True, was=_id(old))

    def check_ends(self) -> None:
        """That no log was cut: after the change nobody could tell."""
        ends = Ends(self._directory)
        for path in appended_files(self._directory):
            try:
                AppendOnlyLog(path, self._new, ends=ends).refresh()
            except WrongKey:
                AppendOnlyLog(path, self._old, ends=ends).refresh()

    def make(self) -> int:
        write_marker(self._directory, self._under_way)
        remove_leftovers(self._directory)  # they hold what was to be kept under the old key
        changed = 0
        # Once more: a command may have made a file meanwhile.
        while now := sum(self._change(*file) for file in self.files()):
            changed += now
        accept_ends(self._directory, self._new)
        if self._under_way.to is None:
            (self._directory / MARKER).unlink()
            sync_path(self._directory)
        else:
            write_marker(self._directory, Marker(self._under_way.to))
        return changed

    def files(self) -> Iterator[tuple[Path, bool]]:
        """Every file, and whether it is a log."""
        yield from ((path, True) for path in appended_files(self._directory))
        yield from ((path, False) for path in whole_files(self._directory))

    def _change(self, path: Path, is_log: bool) -> bool:
        fd = os.open(path, os.O_RDWR)
        try:
            lock(fd, path)  # a command that had the store open before waits, and is then refused
            data = self.converted(path, is_log)
            if data is not None:
                replace_durably(path, data)
            return data is not None
        finally:
            os.close(fd)

    def converted(self, path: Path, is_log: bool) -> bytes | None:
        """The file under the new key; None where it is so already."""
        data = path.read_bytes()
        old, new = seal_of(self._old, path), seal_of(self._new, path)
        with suppress(WrongKey):
            _resealed(data, new, new, is_log)
            return None
        return _resealed(data, old, new, is_log)


def _resealed(data: bytes, old: Seal, new: Seal, is_log: bool) -> bytes:
    if not is_log:
        return new.sealed(old.opened(data))
    lines = [line for line, _ in whole_lines(old, data)]
    return b"".join(written.data for written in chained(new, lines))


def _id(key: Key | None) -> str | None:
    return None if key is None else key.id


def _said(key_id: str | None) -> str:
    return "no encryption" if key_id is None else f"key {key_id}"
