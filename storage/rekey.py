"""Changing an embedded store's key: from plain to encrypted, to another key, and back to plain.

Every file is written anew beside itself and renamed into its place, so that it is under the one key
or the other at any moment. ``key.json`` says from the first file to the last that a change is under
way, and the store is not opened meanwhile; whatever stops it, it is run again with the same keys.
What was deleted may stay on the disk until it is overwritten, as with any file.
"""

import os
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

from storage import encryption
from storage.append_only_log import AppendOnlyLog
from storage.disk import lock, replace_durably, serving_lock, sync_path
from storage.encryption import Cipher, Key, KeyRefused, Marker, seal_of
from storage.ends import Ends
from storage.errors import StoreError, WrongKey, not_saved
from storage.file_journal import FileJournal, accept_ends
from storage.log_lines import chained
from storage.store_files import appended_files, remove_leftovers, whole_files

Convert = Callable[[Path], bytes | None]
"""What a file is to hold under the new key; None where it does so already."""


def rekey(directory: Path, old: Key | None, new: Key | None) -> int:
    """Put the store under ``new``; None is no encryption. Return how many files were rewritten.

    The bot must be stopped (:class:`storage.errors.InUse`). Nothing is changed if a file is damaged
    (:class:`storage.errors.Damaged`) or ``old`` is not its key (:class:`KeyRefused`).
    """
    if not directory.is_dir():
        raise StoreError(f"There is no store in {directory}. Name the folder that holds it.")
    serving = serving_lock(directory)
    try:
        marker = encryption.read_marker(directory)
        _refuse_other_keys(directory, marker, old, new)
        if not marker.changing:
            present = new if marker.to == _id(new) else old
            FileJournal(directory, key=None if marker.to is None else present)  # ends what is begun
        change = _Change(directory, old, new)
        change.check(None if marker.changing else Ends(directory))
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

    def check(self, ends: Ends | None) -> None:
        """Refuse a file that neither key opens, and a log that was cut: later nobody could tell."""
        for path, convert in self._files(ends):
            convert(path)

    def make(self) -> int:
        encryption.write_marker(self._directory, self._under_way)
        remove_leftovers(self._directory)  # they hold what was to be kept under the old key
        changed = 0
        # Once more: a command may have made a file meanwhile.
        while now := sum(self._change(*file) for file in self._files()):
            changed += now
        accept_ends(self._directory, self._new)
        if self._under_way.to is None:
            (self._directory / encryption.MARKER).unlink()
            sync_path(self._directory)
        else:
            encryption.write_marker(self._directory, Marker(self._under_way.to))
        return changed

    def _files(self, ends: Ends | None = None) -> Iterator[tuple[Path, Convert]]:
        for path in appended_files(self._directory):
            yield path, partial(self._log, ends=ends)
        for path in whole_files(self._directory):
            yield path, self._whole

    def _change(self, path: Path, convert: Convert) -> bool:
        fd = os.open(path, os.O_RDWR)
        try:
            lock(fd, path)  # a command that had the store open before waits, and is then refused
            data = convert(path)
            if data is not None:
                replace_durably(path, data)
            return data is not None
        finally:
            os.close(fd)

    def _log(self, path: Path, ends: Ends | None) -> bytes | None:
        try:
            AppendOnlyLog(path, self._new, ends=ends).refresh()
            return None
        except WrongKey:
            lines = AppendOnlyLog(path, self._old, ends=ends).lines()
        return b"".join(line.data for line in chained(seal_of(self._new, path), lines))

    def _whole(self, path: Path) -> bytes | None:
        data, new = path.read_bytes(), seal_of(self._new, path)
        try:
            new.opened(data)
            return None
        except WrongKey:
            return new.sealed(seal_of(self._old, path).opened(data))


def _id(key: Key | None) -> str | None:
    return None if key is None else key.id


def _said(key_id: str | None) -> str:
    return "no encryption" if key_id is None else f"key {key_id}"
