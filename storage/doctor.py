"""``casewalk doctor``: what is wrong with an embedded store, what to do, and what can be mended.

It reads every file: each line's hash and the chain from the first to the last, the pinned packs,
what refers to what. It mends only where no content can be lost by it: what nobody was ever told is
saved, what was never finished, an entry that is missing from a list. Damaged content it leaves
alone. It works beside a running bot; what is younger than a minute may be in the making, and is
left for the next time.
"""

from __future__ import annotations

import shutil
import stat
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Final, NamedTuple

from criteria.case import Case, CaseKey, Evidence
from storage.appended_file import MAKING, AppendedFile, DamagedFile
from storage.case_file import CaseFile
from storage.chat_file import ChatFile
from storage.encryption import MARKER, Cipher, Key, cipher_for
from storage.erase_files import MARKER as ERASING
from storage.erase_files import unfinished
from storage.inspection_folder import InspectionFolder
from storage.store import Damaged, NotFound, StoreError
from storage.store_files import CONTENT, appended_files, leftovers

MINUTE: Final = 60.0

_PUT_BACK: Final = "Put it back from a backup"


@dataclass(frozen=True, slots=True)
class Finding:
    """``place`` is the file within the store, with the line where there is one.

    ``mendable`` says that :func:`mend` puts it right without touching anything that was kept.
    """

    place: str
    what: str
    remedy: str
    mendable: bool = False

    def __str__(self) -> str:
        return f"{self.place}: {self.what}. {self.remedy}."


class Mended(NamedTuple):
    """What was put right, and what is left to do."""

    mended: list[Finding]
    left: list[Finding]


Mend = Callable[[], object]
Found = tuple[Finding, Mend | None]


def examine(directory: Path, key: Key | None = None) -> list[Finding]:
    """Everything that is wrong with the store, in the order of its files; nothing is changed.

    Raises :class:`storage.encryption.KeyRefused` if the key, or none, is not the store's.
    """
    return list(_examined(directory, key, at=""))


def mend(directory: Path, *, at: str, key: Key | None = None) -> Mended:
    """Mend what is safe to mend; ``at`` is the time to be kept with it. Raises as ``examine``."""
    mended, left = [], []
    for finding, put_right in _examined(directory, key, at).items():
        if put_right is None:
            left.append(finding)
            continue
        try:
            put_right()
        except (StoreError, OSError) as exc:
            left.append(replace(finding, remedy=f"It could not be mended: {str(exc).rstrip('.')}"))
        else:
            mended.append(finding)
    return Mended(mended, left)


def _examined(directory: Path, key: Key | None, at: str) -> dict[Finding, Mend | None]:
    """Each finding once, though a damaged line is met wherever its file is read."""
    if not any((directory / name).exists() for name in (*CONTENT, MARKER)):
        remedy = "Name the folder that holds one (CASEWALK_STORE)"
        return {Finding(str(directory), "there is no store in this folder", remedy): None}
    cipher = cipher_for(directory, key)
    erasing = unfinished(directory)
    if erasing is not None:
        what = f"erasing in {erasing.inspection} was interrupted, so nothing else was looked at"
        remedy = "Start the bot, or run casewalk erase again: either ends it first"
        return {Finding(ERASING, what, remedy): None}
    return dict(_Examination(directory, cipher, at).found())


class _Examination:
    def __init__(self, directory: Path, cipher: Cipher | None, at: str) -> None:
        self._directory = directory
        self._cipher = cipher
        self._at = at
        self._now = time.time()
        self._folders: dict[str, InspectionFolder | None] = {}

    def found(self) -> Iterator[Found]:
        yield from self._open_to_others()
        yield from self._unfinished()
        yield from self._lines()
        for path in self._entries(self._directory / "inspections"):
            yield from self._inspection(path)
        for path in self._entries(self._directory / "chats"):
            yield from self._chat(path)

    # --- the disk ----------------------------------------------------------------------------

    def _open_to_others(self) -> Iterator[Found]:
        paths = [self._directory, *sorted(self._directory.rglob("*"))]
        wide = [path for path in paths if _mode(path) & 0o077]
        if wide:
            others = f" and {len(wide) - 1} more" if len(wide) > 1 else ""
            yield self._mendable(
                wide[0],
                f"others on this machine may reach it{others}",
                "Only the bot's own account should: chmod -R go= on the store's folder",
                partial(_close_to_others, wide),
            )

    def _unfinished(self) -> Iterator[Found]:
        for path in leftovers(self._directory):
            if self._is_old(path):
                yield self._mendable(
                    path,
                    "it was being made when something stopped it, and is part of nothing",
                    "It can be removed",
                    partial(shutil.rmtree if path.is_dir() else Path.unlink, path),
                )

    def _lines(self) -> Iterator[Found]:
        """Every line of every file that is appended to, and what stands after the last."""
        for path in appended_files(self._directory):
            file = AppendedFile(path, self._cipher)
            try:
                file.refresh()
                if file.torn():
                    yield self._mendable(
                        path,
                        f"after line {file.n} stands the beginning of another: a write was cut"
                        " short, and nobody was told that it is saved",
                        "It can be cut off; the next write here does so, too",
                        partial(file.torn, cut=True),
                    )
            except StoreError as exc:
                yield self._damaged(path, exc)

    # --- inspections -------------------------------------------------------------------------

    def _inspection(self, path: Path) -> Iterator[Found]:
        if not (path / "inspection.jsonl").exists() and not (path / "cases").exists():
            yield self._stray(path)
            return
        folder = InspectionFolder(path, self._cipher)
        self._folders[path.name] = None
        try:
            yield from self._read_inspection(folder)
        except (KeyError, TypeError, ValueError, AttributeError):
            # Its lines are whole, and no version of ours wrote them.
            yield self._left(path / "inspection.jsonl", "it is not an inspection's file", _PUT_BACK)

    def _read_inspection(self, folder: InspectionFolder) -> Iterator[Found]:
        path = folder.path
        try:
            folder.refresh()
            if folder.inspection.id != path.name:
                yield self._left(path, f"it holds inspection {folder.inspection.id!r}", _PUT_BACK)
                return
            listed = [key for key, _ in folder.listed()]
        except StoreError as exc:
            yield self._damaged(path / "inspection.jsonl", exc)
            return
        self._folders[path.name] = folder
        yield from self._pack(folder)
        cases: list[Case] = []
        for key in listed:
            try:
                cases.append(CaseFile(folder.case_path(key), self._cipher).case())
            except StoreError as exc:
                yield self._damaged(folder.case_path(key), exc)
        yield from self._forms(folder, cases)
        yield from self._unlisted(folder)
        yield from self._attachments(folder, cases, all_read=len(cases) == len(listed))
        yield from self._owed(folder)
        known = {"inspection.jsonl", "pack.json", "cases", "files", "beside.log"}
        for entry in self._entries(path):
            if entry.name not in known:
                yield self._stray(entry)

    def _pack(self, folder: InspectionFolder) -> Iterator[Found]:
        try:
            folder.pack()
        except StoreError as exc:
            yield self._damaged(folder.path / "pack.json", exc)

    def _forms(self, folder: InspectionFolder, cases: list[Case]) -> Iterator[Found]:
        try:
            pack = folder.pack()
        except StoreError:
            return
        for case in cases:
            if pack.form(case.form) is None:
                what = f"the inspection's pack has no form {case.form!r}"
                remedy = "Put the case or the pack back from a backup"
                yield self._left(folder.case_path(case.key), what, remedy)

    def _unlisted(self, folder: InspectionFolder) -> Iterator[Found]:
        listed = {path for _, path in folder.listed()}
        for path in self._entries(folder.path / "cases"):
            if str(path) in listed:
                continue
            if path.suffix != ".jsonl":
                yield self._stray(path)
            elif self._is_old(path):
                yield self._half_added(folder, path)

    def _half_added(self, folder: InspectionFolder, path: Path) -> Found:
        try:
            case = CaseFile(path, self._cipher).case()
            same = folder.find(case.key)
        except StoreError:
            what = "the inspection does not list it, and it cannot be read"
            return self._left(path, what, "Take it away; the case can be added anew")
        if same is not None:
            what = f"the inspection lists this case as {same.case}, with a file of its own"
            return self._left(path, what, "Compare the two files, and take this one away")
        return self._mendable(
            path,
            f"case {case.case} ({case.form}) was added by half: the inspection does not list it",
            "It can be listed",
            lambda: folder.list_case(case, by=None, at=self._at),
        )

    def _attachments(
        self, folder: InspectionFolder, cases: list[Case], *, all_read: bool
    ) -> Iterator[Found]:
        named: set[str] = set()
        for case in cases:
            for attachment in case.evidence:
                named.add(attachment.file)
                yield from self._attachment(folder, case.key, attachment)
        for path in self._entries(folder.path / "files"):
            if all_read and path.name not in named and self._is_old(path):
                what = "no case names it: it came in when something stopped the bot, or was dropped"
                yield self._left(path, what, "Take it away if nobody misses it")

    def _attachment(
        self, folder: InspectionFolder, key: CaseKey, attachment: Evidence
    ) -> Iterator[Found]:
        path = folder.path / "files" / attachment.file
        told = f"case {key.case} ({key.form}) has it on {attachment.target}"
        try:
            folder.file(attachment.file)
        except NotFound:
            yield self._left(path, f"it is missing, and {told}", _PUT_BACK)
        except DamagedFile as exc:
            yield self._left(path, f"{exc.what}, and {told}", exc.remedy)
        except StoreError as exc:
            yield self._left(path, f"{str(exc).rstrip('.')}, and {told}", _PUT_BACK)

    def _owed(self, folder: InspectionFolder) -> Iterator[Found]:
        for notice in folder.owed():
            if notice.case is not None and folder.find(notice.case) is None:
                what = (
                    f"a message to {notice.chat} is owed about case {notice.case.case}"
                    f" ({notice.case.form}), which is not in this inspection"
                )
                remedy = "Nothing need be done: the bot drops it when it starts"
                yield self._left(folder.path / "inspection.jsonl", what, remedy)

    # --- chats -------------------------------------------------------------------------------

    def _chat(self, path: Path) -> Iterator[Found]:
        if path.suffix != ".jsonl":
            yield self._stray(path)
            return
        file = ChatFile(path, self._cipher)
        try:
            place = file.place()
        except StoreError as exc:
            yield self._damaged(path, exc)
            return
        if place is None:
            if self._is_old(path):
                what = "it holds no line: its first write was cut short, or its content was lost"
                remedy = "Nothing need be done: the person is seated again with the next message"
                yield self._left(path, what, remedy)
            return
        if place.inspection not in self._folders:
            what = f"this person sits in inspection {place.inspection!r}, which is not here"
            remedy = "Put the inspection back, or invite the person to another"
            yield self._left(path, what, remedy)
            return
        folder = self._folders[place.inspection]
        if folder is not None and place.case is not None and folder.find(place.case) is None:
            what = (
                f"this person's open case, {place.case.case} ({place.case.form}), is not in"
                f" inspection {place.inspection!r}"
            )
            yield self._left(path, what, "Nothing need be done: the person opens another")

    # --- findings ----------------------------------------------------------------------------

    def _entries(self, folder: Path) -> list[Path]:
        if not folder.is_dir():
            return []
        return sorted(path for path in folder.iterdir() if not path.name.startswith(MAKING))

    def _is_old(self, path: Path) -> bool:
        """Whether nothing in it changed within the last minute."""
        try:
            times = [one.stat().st_mtime for one in (path, *path.rglob("*"))]
        except FileNotFoundError:  # somebody is at work there
            return False
        return self._now - max(times) > MINUTE

    def _stray(self, path: Path) -> Found:
        return self._left(path, "it is none of the store's", "Keep it elsewhere")

    def _damaged(self, path: Path, exc: StoreError) -> Found:
        if not isinstance(exc, DamagedFile):
            what = str(exc).rstrip(".")
            remedy = _PUT_BACK if isinstance(exc, Damaged) else "See that the bot may read it"
            return self._left(path, what, remedy)
        return self._left(exc.path, exc.what, exc.remedy, exc.line)

    def _left(self, path: Path, what: str, remedy: str, line: int | None = None) -> Found:
        return Finding(self._place(path, line), what, remedy), None

    def _mendable(self, path: Path, what: str, remedy: str, put_right: Mend) -> Found:
        return Finding(self._place(path), what, remedy, mendable=True), put_right

    def _place(self, path: Path, line: int | None = None) -> str:
        place = "the store's folder" if path == self._directory else _within(self._directory, path)
        return f"{place}, line {line}" if line else place


def _within(directory: Path, path: Path) -> str:
    return path.relative_to(directory).as_posix()


def _mode(path: Path) -> int:
    """The permissions; none of a link, and of what has gone meanwhile."""
    try:
        mode = path.lstat().st_mode
    except FileNotFoundError:
        return 0
    return 0 if stat.S_ISLNK(mode) else stat.S_IMODE(mode)


def _close_to_others(paths: list[Path]) -> None:
    for path in paths:
        path.chmod(_mode(path) & ~0o077)
