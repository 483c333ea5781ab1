"""Erasing in the embedded store: a case, a person or a whole inspection, for good.

Files are deleted, or written anew beside themselves without what is to go and renamed into place.
``erasing.json`` says from the first file to the last what is being erased, in references only::

    {"v":1,"what":"person","inspection":"cheshire-2011","name":"I2","by":null,"at":"…"}

Whatever interrupts it, the next bot that starts on the store ends it first, and so does the next
erasing. What a disk keeps of deleted files until it writes over them is not touched.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Final, Literal

from criteria.case import CaseKey
from storage.appended_file import (
    FORMAT,
    MAKING,
    AppendedFile,
    Line,
    damaged,
    lock,
    not_saved,
    refuse_format,
    replace_durably,
    sync_path,
)
from storage.carried_logs import carried_lines
from storage.case_file import CaseFile
from storage.chat_file import ChatFile
from storage.encryption import Cipher
from storage.erasing import (
    Scrub,
    case_without,
    chat_without,
    chats_of,
    inspection_without,
    nobody,
    person_erased,
    rewritten,
    sits_in,
)
from storage.file_names import is_of_case
from storage.inspection_folder import InspectionFolder
from storage.store import StoreError
from storage.store_files import leftovers

MARKER: Final = "erasing.json"


@dataclass(frozen=True, slots=True)
class Erasing:
    """What is to go: the person ``name``, the case ``key`` (``["C001", "case-file", 1]``), or all
    of the inspection.
    """

    what: Literal["case", "person", "inspection"]
    inspection: str
    at: str
    by: str | None = None
    name: str = ""
    key: Sequence[str | int] = ()


def erase(directory: Path, cipher: Cipher | None, erasing: Erasing) -> None:
    """Nobody else may have the store open to serve.

    Raises :class:`storage.store.NotFound` and :class:`storage.store.Damaged` with nothing changed.
    """
    finish(directory, cipher)
    eraser = _Eraser(directory, cipher, erasing)
    eraser.check()
    try:
        replace_durably(
            directory / MARKER, json.dumps({"v": FORMAT, **asdict(erasing)}).encode() + b"\n"
        )
        eraser.erase()
    except OSError as exc:
        raise _not_erased(directory, exc) from exc


def finish(directory: Path, cipher: Cipher | None) -> None:
    """End what was interrupted; nothing happens where nothing was."""
    erasing = unfinished(directory)
    if erasing is not None:
        try:
            _Eraser(directory, cipher, erasing).erase()
        except OSError as exc:
            raise _not_erased(directory, exc) from exc


def unfinished(directory: Path) -> Erasing | None:
    """What is being erased, or was when something interrupted it."""
    path = directory / MARKER
    try:
        raw = json.loads(path.read_bytes())
        version = raw.pop("v")
        if version != FORMAT:
            refuse_format(path, 1, version)
        return Erasing(**raw)
    except FileNotFoundError:
        return None
    except OSError as exc:
        raise StoreError(f"{path} cannot be read: {exc.strerror}.") from exc
    except (ValueError, KeyError, TypeError, AttributeError) as exc:
        raise damaged(path, None, "it does not say what is being erased") from exc


def _not_erased(directory: Path, exc: OSError) -> StoreError:
    cause = str(not_saved(directory, exc)).removeprefix("Not saved: ")
    return StoreError(f"Not erased, or not all of it: {cause} Run the same again to end it.")


class _Eraser:
    def __init__(self, directory: Path, cipher: Cipher | None, erasing: Erasing) -> None:
        self._directory = directory
        self._cipher = cipher
        self._erasing = erasing
        self._folder = InspectionFolder(directory / "inspections" / erasing.inspection, cipher)
        self._log = self._folder.path / "inspection.jsonl"

    def check(self) -> None:
        """That it is there, and that what has to be read can be."""
        kinds: Mapping[str, Callable[[], object]] = {
            "case": self._check_case,
            "person": self._check_person,
            "inspection": self._check_chats,
        }
        kinds[self._erasing.what]()

    def erase(self) -> None:
        kinds: Mapping[str, Callable[[], None]] = {
            "case": self._erase_case,
            "person": self._erase_person,
            "inspection": self._erase_inspection,
        }
        for path in leftovers(self._directory):  # what was never finished may hold it, too
            shutil.rmtree(path) if path.is_dir() else path.unlink()
        kinds[self._erasing.what]()
        (self._directory / MARKER).unlink()
        sync_path(self._directory)

    # --- a case ----------------------------------------------------------------------------------

    @property
    def _key(self) -> CaseKey:
        return CaseKey(*self._erasing.key)  # type: ignore[arg-type]  # as it was written

    def _check_case(self) -> None:
        self._other_files()
        self._check_chats()

    def _erase_case(self) -> None:
        """First it is listed no more; then nobody looks for what is deleted."""
        self._folder.refresh()
        self._folder.unlist_case(self._key, by=self._erasing.by, at=self._erasing.at)
        for path in self._chats():
            chat = ChatFile(path, self._cipher)
            place = chat.place()
            if place and (place.inspection, place.case) == (self._erasing.inspection, self._key):
                left = replace(place, case=None)
                chat.move(left, (), by=None, at=self._erasing.at, event="CaseErased")
        kept = self._other_files()
        self._delete(self._folder.case_path(self._key))
        for name in self._folder.files():
            if is_of_case(name, self._key.case) and name not in kept:
                self._delete(self._folder.file_path(name))

    def _other_files(self) -> set[str]:
        """The photos and voice messages of the subject's other cases, which may be the same."""
        self._folder.refresh()
        return {
            one.file
            for key, path in self._folder.listed()
            if key.case.casefold() == self._key.case.casefold() and key != self._key
            for one in CaseFile(Path(path), self._cipher).case().evidence
        }

    def _delete(self, path: Path) -> None:
        path.unlink(missing_ok=True)
        if path.parent.is_dir():
            sync_path(path.parent)

    # --- a person --------------------------------------------------------------------------------

    def _check_person(self) -> None:
        self._folder.refresh()
        if not chats_of(self._erasing.name, self._lines(self._log)):
            raise nobody(self._erasing.name, self._folder.tables)
        for path in (*self._cases(), *self._chats()):
            self._lines(path)

    def _erase_person(self) -> None:
        """The inspection's log last: it tells which chats they are."""
        self._folder.refresh()
        chats = chats_of(self._erasing.name, self._lines(self._log))
        for path in self._cases():
            self._rewrite(path, case_without(chats))
        for path in self._chats():
            if path.stem in chats:
                self._forget_in(path)
        if chats:
            said = person_erased(
                self._erasing.name, self._folder.tables, by=self._erasing.by, at=self._erasing.at
            )
            self._rewrite(self._log, inspection_without(chats), said)

    def _cases(self) -> list[Path]:
        return sorted((self._folder.path / "cases").glob("*.jsonl"))

    # --- an inspection ---------------------------------------------------------------------------

    def _erase_inspection(self) -> None:
        """The chats first; then it is taken out of sight as a whole, and deleted."""
        for path in self._chats():
            self._forget_in(path)
        path = self._folder.path
        gone = path.with_name(f"{MAKING}{path.name}-erased")
        if path.exists():
            shutil.rmtree(gone, ignore_errors=True)  # of another one of that name
            path.rename(gone)
            sync_path(path.parent)
        if gone.exists():
            shutil.rmtree(gone)
        sync_path(path.parent)

    def _chats(self) -> list[Path]:
        return sorted((self._directory / "chats").glob("*.jsonl"))

    def _check_chats(self) -> None:
        for path in self._chats():
            self._lines(path)

    def _forget_in(self, path: Path) -> None:
        """A chat's file without the inspection.

        Where the chat sits in it now there is none any more; it takes a seat in another of its
        inspections when it next writes.
        """
        if sits_in(self._erasing.inspection, self._lines(path)):
            self._delete(path)
        else:
            self._rewrite(path, chat_without(self._erasing.inspection))

    # --- files -----------------------------------------------------------------------------------

    def _lines(self, path: Path) -> list[Line]:
        return list(AppendedFile(path, self._cipher).lines())

    def _rewrite(self, path: Path, scrub: Scrub, said: Line | None = None) -> None:
        """Under the file's lock: a command that writes beside this waits, and goes on in the new
        one.
        """
        fd = os.open(path, os.O_RDWR)
        try:
            lock(fd, path)
            lines = rewritten(self._lines(path), scrub, said)
            if lines is not None:
                replace_durably(path, carried_lines(path, lines, self._cipher))
        finally:
            os.close(fd)
