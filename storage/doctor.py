"""``casewalk doctor``: what is wrong with a store, what to do, and what can be mended.

On every journal it reads each log from its first step to its last, the pinned packs, and what
refers to what. On files it also looks at the disk: at what others may read, what was never
finished, what is none of the store's. It mends only where no content can be lost by it: what nobody
was ever told is saved, what was never finished, an entry that is missing from a list. Damaged
content it leaves alone. It works beside a running bot; what is younger than a minute may be in the
making, and is left for the next time.
"""

from __future__ import annotations

import stat
import time
from collections.abc import Awaitable, Callable, Collection, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Final, NamedTuple

from criteria.case import Case, CaseKey, Evidence
from criteria.say import Say
from storage.append_only_log import AppendOnlyLog
from storage.case_tables import case_from_tables
from storage.documents import MALFORMED, listed_case, outbox_from_json, place_from_json
from storage.encryption import MARKER, Key
from storage.erasing import unfinished
from storage.errors import Damaged, DamagedFile, NotFound, StoreError
from storage.file_journal import FileJournal, ends_of
from storage.file_names import same_case
from storage.journal import Entry
from storage.logs import (
    BOT,
    case_log,
    cases_folder,
    evidence_blob,
    files_folder,
    inspection_folder,
    inspection_log,
    list_log,
    outbox_log,
)  # fmt: skip
from storage.store import Store
from storage.store_files import CONTENT, appended_files, known_files, leftovers, remove

MINUTE: Final = 60.0


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
"""Puts something right, or returns what does so when it is awaited."""
Found = tuple[Finding, Mend | None]


async def examine(store: Store, say: Say) -> list[Finding]:
    """Everything that is wrong with the store; nothing is changed."""
    return list(await _examined(store, say, at=""))


async def mend(store: Store, say: Say, *, at: str) -> Mended:
    """Mend what is safe to mend; ``at`` is the time to be kept with it."""
    mended, left = [], []
    for finding, put_right in (await _examined(store, say, at)).items():
        if put_right is None:
            left.append(finding)
            continue
        try:
            done = put_right()
            if isinstance(done, Awaitable):
                await done
        except (StoreError, OSError) as exc:
            left.append(replace(finding, remedy=say("doctor-not-mended", why=str(exc).rstrip("."))))
        else:
            mended.append(finding)
    return Mended(mended, left)


async def accept(directory: Path, key: Key | None = None) -> int:
    """Take each log as it stands for whole, so that restored files are not refused as cut.

    Return how many logs there are. Raises :class:`storage.errors.InUse` while a bot serves, and
    :class:`storage.errors.Damaged` for a log that is damaged otherwise, with nothing accepted.
    """
    journal = FileJournal(directory, exclusive=True, key=key)
    try:
        ends = ends_of(directory, journal.cipher)
        journal.ends.accept(ends)
    finally:
        await journal.close()
    return len(ends)


def no_store(directory: Path, say: Say) -> list[Finding]:
    if any((directory / name).exists() for name in (*CONTENT, MARKER)):
        return []
    return [Finding(str(directory), say("doctor-no-store"), say("doctor-name-the-folder"))]


async def _examined(store: Store, say: Say, at: str) -> dict[Finding, Mend | None]:
    examination = _Examination(store, say, at)
    try:
        erasing = await unfinished(store.journal)
    except StoreError:  # what is wrong with the bot's log is found below
        erasing = None
    if erasing is not None:
        what = say("doctor-erasing", inspection=erasing.inspection)
        remedy = say("doctor-end-erasing")
        return {Finding(examination.place_of(BOT), what, remedy): None}
    await examination.run()
    return examination.found


class _Examination:
    def __init__(self, store: Store, say: Say, at: str) -> None:
        self.say = say
        self._store = store
        self._journal = store.journal
        self._at = at
        self._disk = _Disk(store.journal, say) if isinstance(store.journal, FileJournal) else None
        self._inspections: dict[str, list[CaseKey] | None] = {}
        self.found: dict[Finding, Mend | None] = {}
        """Each finding once, though a damaged line is met wherever its log is read."""

    async def run(self) -> None:
        if self._disk is not None:
            self.found |= dict(self._disk.found())
        await self._log(BOT)
        for inspection_id in await self._journal.names("inspections"):
            await self._inspection(inspection_id)
        for chat in await self._journal.names("chats"):
            await self._log(f"chats/{chat}")
            await self._chat(f"chats/{chat}")

    async def _log(self, log: str) -> None:
        """Every step."""
        try:
            await self._journal.lines(log)
        except StoreError as exc:
            self._damaged(log, exc)

    # --- inspections -------------------------------------------------------------------------

    async def _inspection(self, inspection_id: str) -> None:
        self._inspections[inspection_id] = None
        if not await self._journal.names(inspection_folder(inspection_id)):
            return  # a file that is none of the store's
        names = await self._journal.names(cases_folder(inspection_id))
        cases = [f"{cases_folder(inspection_id)}/{name}" for name in names]
        log = inspection_log(inspection_id)
        for one in (log, list_log(inspection_id), outbox_log(inspection_id), *cases):
            await self._log(one)
        with self._reading(log, self.say("doctor-no-inspection-log")):
            inspection = await self._store.inspection(inspection_id)
            if inspection.id != inspection_id:
                what = self.say("doctor-other-inspection", inspection=repr(inspection.id))
                self._left(inspection_folder(inspection_id), what)
                return
            keys = await self._store.case_keys(inspection_id)
            listed = {case_log(inspection_id, key): key for key in keys}
            self._inspections[inspection_id] = keys
        if self._inspections[inspection_id] is not None:
            await self._contents(inspection_id, listed, cases)

    async def _contents(
        self, inspection_id: str, listed: Mapping[str, CaseKey], logs: list[str]
    ) -> None:
        """``listed`` are the logs of the cases on the list; ``logs`` those that are there."""
        pack = None
        try:
            pack = await self._store.pack(inspection_id)
        except StoreError as exc:
            self._damaged(inspection_folder(inspection_id), exc)
        cases: list[Case] = []
        for log, key in listed.items():
            try:
                case, _, _ = await self._store.load_case(inspection_id, key, "")
            except StoreError as exc:
                self._damaged(log, exc)
                continue
            cases.append(case)
            if pack is not None and pack.form(case.form) is None:
                what = self.say("doctor-no-form", form=repr(case.form))
                self._left(self.place_of(log), what, self.say("doctor-case-or-pack-back"))
        for log in logs:
            if log not in listed and self._is_old(log):
                await self._unlisted(inspection_id, log)
        await self._attachments(inspection_id, cases, all_read=len(cases) == len(listed))
        await self._outbox(inspection_id, listed)

    async def _unlisted(self, inspection_id: str, log: str) -> None:
        """A case that came without its entry, as from a backup that was made while a bot served."""
        try:
            snapshot = await self._journal.read(log)
            case = case_from_tables(snapshot.tables)
            same = await self._store.find_key(inspection_id, case.key)
        except (StoreError, *MALFORMED):
            self._left(
                self.place_of(log),
                self.say("doctor-unlisted-unreadable"),
                self.say("doctor-add-anew"),
            )
            return
        if same is not None:
            what = self.say("doctor-listed-twice", case=same.case)
            remedy = self.say("doctor-compare-two")
            self._left(self.place_of(log), what, remedy)
            return
        listed = {"cases": {same_case(case.key): listed_case(case.key)}}
        entry = Entry(list_log(inspection_id), None, listed, self._at, "CaseAdded")
        what = self.say("doctor-unlisted", case=case.case, form=case.form)
        remedy = self.say("doctor-can-be-listed")
        finding = Finding(self.place_of(log), what, remedy, mendable=True)
        self.found[finding] = partial(self._journal.append, [entry])

    async def _attachments(self, inspection_id: str, cases: list[Case], *, all_read: bool) -> None:
        named: set[str] = set()
        for case in cases:
            for attachment in case.evidence:
                named.add(attachment.file)
                await self._attachment(inspection_id, case.key, attachment)
        for name in await self._store.files(inspection_id):
            blob = f"{files_folder(inspection_id)}/{name}"
            if all_read and name not in named and self._is_old(blob, suffix=""):
                what = self.say("doctor-file-of-no-case")
                self._left(blob, what, self.say("doctor-take-away"))

    async def _attachment(self, inspection_id: str, key: CaseKey, attachment: Evidence) -> None:
        blob = evidence_blob(inspection_id, attachment.file)
        try:
            await self._store.file(inspection_id, attachment.file)
            return
        except NotFound:
            what, remedy = self.say("doctor-missing"), self.say("doctor-put-back")
        except DamagedFile as exc:
            what, remedy = exc.what, exc.remedy
        except StoreError as exc:
            what, remedy = str(exc).rstrip("."), self.say("doctor-put-back")
        on = attachment.target or key.case
        told = self.say("doctor-case-has-it", case=key.case, form=key.form, question=on)
        self._left(blob, self.say("doctor-and-told", what=what, told=told), remedy)

    async def _outbox(self, inspection_id: str, listed: Collection[str]) -> None:
        log = outbox_log(inspection_id)
        with self._reading(log, self.say("doctor-no-outbox")):
            snapshot = await self._journal.read(log)
            for name, raw in snapshot.tables.get("messages", {}).items():
                message = outbox_from_json(inspection_id, name, raw)
                if message.case is None or case_log(inspection_id, message.case) in listed:
                    continue
                case, form = message.case.case, message.case.form
                what = self.say(
                    "doctor-message-of-no-case", chat=message.chat, case=case, form=form
                )
                self._left(self.place_of(log), what, self.say("doctor-message-dropped"))

    # --- chats -------------------------------------------------------------------------------

    async def _chat(self, log: str) -> None:
        place_said = self.place_of(log)
        place = None
        with self._reading(log, self.say("doctor-no-chat-log")):
            snapshot = await self._journal.read(log)
            if snapshot.version:
                place = place_from_json(snapshot.tables["chat"]["chat"])
            elif self._disk is not None and self._disk.is_old(f"{log}.jsonl"):
                self._left(place_said, self.say("doctor-no-line"), self.say("doctor-made-anew"))
        if place is None:
            return
        if place.inspection not in self._inspections:
            what = self.say("doctor-inspection-gone", inspection=repr(place.inspection))
            remedy = self.say("doctor-inspection-back")
            self._left(place_said, what, remedy)
            return
        keys = self._inspections[place.inspection]
        if keys is not None and place.case is not None and place.case not in keys:
            what = self.say(
                "doctor-open-case-gone",
                case=place.case.case,
                form=place.case.form,
                inspection=repr(place.inspection),
            )
            self._left(place_said, what, self.say("doctor-open-another"))

    # --- findings ----------------------------------------------------------------------------

    def place_of(self, log: str) -> str:
        return log if self._disk is None else f"{log}.jsonl"

    def _is_old(self, name: str, suffix: str = ".jsonl") -> bool:
        return self._disk is None or self._disk.is_old(name + suffix)

    @contextmanager
    def _reading(self, log: str, malformed: str) -> Iterator[None]:
        """Report what reading the log raises; ``malformed`` says what it then is not."""
        try:
            yield
        except NotFound:
            self._left(self.place_of(log), self.say("doctor-missing-or-empty"))
        except StoreError as exc:
            self._damaged(log, exc)
        except MALFORMED:
            self._left(self.place_of(log), malformed)

    def _damaged(self, log: str, exc: StoreError) -> None:
        if isinstance(exc, DamagedFile):
            path = exc.path if self._disk is None else self._disk.within(exc.path)
            place = path.as_posix()
            if exc.line:
                place = self.say("doctor-at-line", place=place, line=exc.line)
            self._left(place, exc.what, exc.remedy)
            return
        remedy = None if isinstance(exc, Damaged) else self.say("doctor-not-readable")
        self._left(self.place_of(log), str(exc).rstrip("."), remedy)

    def _left(self, place: str, what: str, remedy: str | None = None) -> None:
        self.found[Finding(place, what, remedy or self.say("doctor-put-back"))] = None


class _Disk:
    """What only the files of a store can have."""

    def __init__(self, journal: FileJournal, say: Say) -> None:
        self.say = say
        self._directory = journal.directory
        self._cipher = journal.cipher
        self._now = time.time()

    def found(self) -> Iterator[Found]:
        paths = [self._directory, *sorted(self._directory.rglob("*"))]
        yield from self._open_to_others([path for path in paths if _mode(path) & 0o077])
        for path in leftovers(self._directory):
            if self.is_old(path.relative_to(self._directory).as_posix()):
                what, remedy = self.say("doctor-half-made"), self.say("doctor-can-be-removed")
                yield self._mendable(path, what, remedy, partial(remove, path))
        for path in appended_files(self._directory):
            yield from self._torn(path)
        known = set(known_files(self._directory))
        for path in paths:
            if path.is_file() and path not in known:
                place = self.within(path).as_posix()
                yield (
                    Finding(place, self.say("doctor-stray"), self.say("doctor-keep-elsewhere")),
                    None,
                )

    def _open_to_others(self, wide: list[Path]) -> Iterator[Found]:
        if wide:
            others = self.say("doctor-and-more", count=len(wide) - 1) if len(wide) > 1 else ""
            what = self.say("doctor-open-to-others", others=others)
            remedy = self.say("doctor-close-to-others")
            yield self._mendable(wide[0], what, remedy, partial(_close_to_others, wide))

    def _torn(self, path: Path) -> Iterator[Found]:
        """What stands after the last line; a log that is damaged is found by its steps."""
        log = AppendOnlyLog(path, self._cipher)
        with suppress(StoreError):
            if log.torn():
                what, remedy = (
                    self.say("doctor-torn", line=log.version),
                    self.say("doctor-can-be-cut"),
                )
                yield self._mendable(path, what, remedy, partial(log.torn, cut=True))

    def is_old(self, name: str) -> bool:
        """Whether it is there, and nothing in it changed within the last minute."""
        path = self._directory / name
        try:
            times = [one.stat().st_mtime for one in (path, *path.rglob("*"))]
        except FileNotFoundError:  # somebody is at work there
            return False
        return self._now - max(times) > MINUTE

    def within(self, path: Path) -> Path:
        """A path as it is named within the store."""
        return path.relative_to(self._directory) if path.is_relative_to(self._directory) else path

    def _mendable(self, path: Path, what: str, remedy: str, put_right: Mend) -> Found:
        within = self.within(path).as_posix()
        place = self.say("doctor-the-folder") if path == self._directory else within
        return Finding(place, what, remedy, mendable=True), put_right


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
