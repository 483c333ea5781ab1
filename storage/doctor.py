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
from dataclasses import asdict, dataclass, replace
from functools import partial
from pathlib import Path
from typing import Final, NamedTuple

from criteria.case import Case, CaseKey, Evidence
from criteria.say import Say
from storage.append_only_log import AppendOnlyLog
from storage.case_tables import case_from_tables
from storage.documents import MALFORMED, outbox_from_json, place_from_json
from storage.encryption import MARKER, Key
from storage.erasing import unfinished
from storage.errors import Damaged, DamagedFile, NotFound, StoreError
from storage.file_journal import FileJournal, accept_ends
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
        return accept_ends(directory, journal.cipher)
    finally:
        await journal.close()


def no_store(directory: Path, say: Say) -> list[Finding]:
    if any((directory / name).exists() for name in (*CONTENT, MARKER)):
        return []
    return [Finding(str(directory), say("doctor-no-store"), say("doctor-name-the-folder"))]


async def _examined(store: Store, say: Say, at: str) -> dict[Finding, Mend | None]:
    examination = _Examination(store, say, at)
    await examination.run()
    return examination.found


class _Examination:
    def __init__(self, store: Store, say: Say, at: str) -> None:
        self.say = say
        self._store = store
        self._journal = store.journal
        self._at = at
        self._now = time.time()
        self._files = store.journal if isinstance(store.journal, FileJournal) else None
        self._inspections: dict[str, list[CaseKey] | None] = {}
        self.found: dict[Finding, Mend | None] = {}
        """Each finding once, though a damaged line is met wherever its log is read."""

    async def run(self) -> None:
        with suppress(StoreError):  # what is wrong with the bot's log is found below
            erasing = await unfinished(self._journal)
            if erasing is not None:
                what = self.say("doctor-erasing", inspection=erasing.inspection)
                self._add(self._place(BOT), what, self.say("doctor-end-erasing"))
                return
        if self._files is not None:
            self._disk(self._files)
        await self._log(BOT)
        for inspection_id in await self._journal.names("inspections"):
            await self._inspection(inspection_id)
        for chat in await self._journal.names("chats"):
            await self._log(f"chats/{chat}")
            await self._chat(f"chats/{chat}")

    async def _log(self, log: str) -> None:
        """Every step."""
        with self._reading(log):
            await self._journal.lines(log)

    # --- inspections -------------------------------------------------------------------------

    async def _inspection(self, inspection_id: str) -> None:
        self._inspections[inspection_id] = None
        folder = inspection_folder(inspection_id)
        if not await self._journal.names(folder):
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
                self._add(folder, what)
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
        with self._reading(inspection_folder(inspection_id)):
            pack = await self._store.pack(inspection_id)
        cases: list[Case] = []
        for log, key in listed.items():
            with self._reading(log):
                case, _, _ = await self._store.load_case(inspection_id, key, "")
                cases.append(case)
                if pack is not None and pack.form(case.form) is None:
                    what = self.say("doctor-no-form", form=repr(case.form))
                    self._add(self._place(log), what, self.say("doctor-case-or-pack-back"))
        for log in logs:
            if log not in listed and self._is_old(f"{log}.jsonl"):
                await self._unlisted(inspection_id, log)
        await self._attachments(inspection_id, cases, all_read=len(cases) == len(listed))
        await self._outbox(inspection_id, listed)

    async def _unlisted(self, inspection_id: str, log: str) -> None:
        """A case that came without its entry, as from a backup that was made while a bot served."""
        place = self._place(log)
        try:
            case = case_from_tables((await self._journal.read(log)).tables)
            same = await self._store.find_key(inspection_id, case.key)
        except (StoreError, *MALFORMED):
            what = self.say("doctor-unlisted-unreadable")
            self._add(place, what, self.say("doctor-add-anew"))
            return
        if same is not None:
            what = self.say("doctor-listed-twice", case=same.case)
            self._add(place, what, self.say("doctor-compare-two"))
            return
        listed = {"cases": {same_case(case.key): asdict(case.key)}}
        entry = Entry(list_log(inspection_id), None, listed, self._at, "CaseAdded")
        what = self.say("doctor-unlisted", case=case.case, form=case.form)
        remedy = self.say("doctor-can-be-listed")
        self._add(place, what, remedy, partial(self._journal.append, [entry]))

    async def _attachments(self, inspection_id: str, cases: list[Case], *, all_read: bool) -> None:
        named: set[str] = set()
        for case in cases:
            for attachment in case.evidence:
                named.add(attachment.file)
                await self._attachment(inspection_id, case.key, attachment)
        for name in await self._store.files(inspection_id):
            blob = f"{files_folder(inspection_id)}/{name}"
            if all_read and name not in named and self._is_old(blob):
                self._add(blob, self.say("doctor-file-of-no-case"), self.say("doctor-take-away"))

    async def _attachment(self, inspection_id: str, key: CaseKey, attachment: Evidence) -> None:
        if attachment.state != "there":
            return
        try:
            await self._store.file(inspection_id, attachment.file, attachment.sha256)
            return
        except NotFound:
            what, remedy = self.say("doctor-missing"), self.say("doctor-put-back")
        except DamagedFile as exc:
            what, remedy = exc.what, exc.remedy
        except StoreError as exc:
            what, remedy = str(exc).rstrip("."), self.say("doctor-put-back")
        on = attachment.target or key.case
        told = self.say("doctor-case-has-it", case=key.case, form=key.form, question=on)
        blob = evidence_blob(inspection_id, attachment.file)
        self._add(blob, self.say("doctor-and-told", what=what, told=told), remedy)

    async def _outbox(self, inspection_id: str, listed: Collection[str]) -> None:
        log = outbox_log(inspection_id)
        with self._reading(log, self.say("doctor-no-outbox")):
            snapshot = await self._journal.read(log)
            for raw in snapshot.tables.get("messages", {}).values():
                message = outbox_from_json(raw)
                key = message.case
                if key is not None and case_log(inspection_id, key) not in listed:
                    what = self.say(
                        "doctor-message-of-no-case",
                        chat=message.chat,
                        case=key.case,
                        form=key.form,
                    )
                    self._add(self._place(log), what, self.say("doctor-message-dropped"))

    # --- chats -------------------------------------------------------------------------------

    async def _chat(self, log: str) -> None:
        with self._reading(log, self.say("doctor-no-chat-log")):
            snapshot = await self._journal.read(log)
            if not snapshot.version:
                if self._files is not None and self._is_old(f"{log}.jsonl"):
                    what, remedy = self.say("doctor-no-line"), self.say("doctor-made-anew")
                    self._add(self._place(log), what, remedy)
                return
            place = place_from_json(snapshot.tables["chat"]["chat"])
            name, key = repr(place.inspection), place.case
            if place.inspection not in self._inspections:
                what = self.say("doctor-inspection-gone", inspection=name)
                self._add(self._place(log), what, self.say("doctor-inspection-back"))
                return
            keys = self._inspections[place.inspection]
            if keys is not None and key is not None and key not in keys:
                what = self.say(
                    "doctor-open-case-gone", case=key.case, form=key.form, inspection=name
                )
                self._add(self._place(log), what, self.say("doctor-open-another"))

    # --- what only the files of a store can have ---------------------------------------------

    def _disk(self, journal: FileJournal) -> None:
        directory = journal.directory
        paths = [directory, *sorted(directory.rglob("*"))]
        wide = [path for path in paths if _mode(path) & 0o077]
        if wide:
            others = self.say("doctor-and-more", count=len(wide) - 1) if len(wide) > 1 else ""
            place = self.say("doctor-the-folder") if wide[0] == directory else self._within(wide[0])
            what = self.say("doctor-open-to-others", others=others)
            remedy = self.say("doctor-close-to-others")
            self._add(place, what, remedy, partial(_close_to_others, wide))
        for path in leftovers(directory):
            if self._is_old(self._within(path)):
                what, remedy = self.say("doctor-half-made"), self.say("doctor-can-be-removed")
                self._add(self._within(path), what, remedy, partial(remove, path))
        for path in appended_files(directory):
            log = AppendOnlyLog(path, journal.cipher)
            with suppress(StoreError):  # a log that is damaged is found by its steps
                if log.torn():
                    what = self.say("doctor-torn", line=log.version)
                    remedy, cut = self.say("doctor-can-be-cut"), partial(log.torn, cut=True)
                    self._add(self._within(path), what, remedy, cut)
        known = set(known_files(directory))
        for path in paths:
            if path.is_file() and path not in known:
                what, remedy = self.say("doctor-stray"), self.say("doctor-keep-elsewhere")
                self._add(self._within(path), what, remedy)

    def _is_old(self, name: str) -> bool:
        """Whether it is there, and nothing in it changed within the last minute."""
        if self._files is None:
            return True
        path = self._files.directory / name
        try:
            times = [one.stat().st_mtime for one in (path, *path.rglob("*"))]
        except FileNotFoundError:  # somebody is at work there
            return False
        return self._now - max(times) > MINUTE

    # --- findings ----------------------------------------------------------------------------

    def _place(self, log: str) -> str:
        return log if self._files is None else f"{log}.jsonl"

    def _within(self, path: Path) -> str:
        """A path as it is named within the store."""
        if self._files is not None and path.is_relative_to(self._files.directory):
            path = path.relative_to(self._files.directory)
        return path.as_posix()

    @contextmanager
    def _reading(self, log: str, malformed: str | None = None) -> Iterator[None]:
        """Report what reading the log raises; ``malformed`` says what it then is not."""
        try:
            yield
        except NotFound:
            self._add(self._place(log), self.say("doctor-missing-or-empty"))
        except DamagedFile as exc:
            place = self._within(exc.path)
            if exc.line:
                place = self.say("doctor-at-line", place=place, line=exc.line)
            self._add(place, exc.what, exc.remedy)
        except StoreError as exc:
            remedy = None if isinstance(exc, Damaged) else self.say("doctor-not-readable")
            self._add(self._place(log), str(exc).rstrip("."), remedy)
        except MALFORMED:
            if malformed is None:
                raise
            self._add(self._place(log), malformed)

    def _add(
        self, place: str, what: str, remedy: str | None = None, put_right: Mend | None = None
    ) -> None:
        remedy = remedy or self.say("doctor-put-back")
        self.found[Finding(place, what, remedy, mendable=put_right is not None)] = put_right


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
