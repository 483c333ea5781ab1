"""The embedded store: TinyDB over appended files, in one folder.

::

    DIR/lock                          held by the bot that serves from here
    DIR/key.json                      in an encrypted store (:mod:`storage.encryption`): which key
    DIR/erasing.json                  what is being erased (:mod:`storage.erase_files`)
    DIR/bot.jsonl                     the bot's name
    DIR/chats/<chat>.jsonl            where each chat sits
    DIR/inspections/<id>/…            see :mod:`storage.inspection_folder`

A step is one line in its case's file. What was read is kept (the cases used last, as values) and
checked by a stat before it is used, so that the command line can write beside a running bot; what
somebody else wrote is taken in from the lines that are new. Only the serving bot's overview is not
checked file by file: it knows its own writes, and is told of others' (:mod:`storage.beside`). The
disk is touched within the event loop on purpose: a step takes a fraction of a millisecond.
"""

from __future__ import annotations

import asyncio
import hmac
import logging
import os
from collections.abc import AsyncIterator, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import astuple, dataclass, replace
from pathlib import Path
from types import EllipsisType
from typing import Any, Final

from tinydb.table import Document

from criteria.case import Case, CaseKey
from criteria.inspection import Inspection, Member
from criteria.pack import Pack
from dialogs.session import Cursor, Session
from storage.appended_file import (
    MAKING,
    AppendedFile,
    Database,
    Signature,
    damaged,
    make_folder,
    not_saved,
    replace_durably,
    signature,
    try_lock,
)
from storage.beside import BesideLog
from storage.carried_logs import carried_lines, checked_log
from storage.case_file import CaseFile
from storage.case_summary import case_summary, damaged_summary
from storage.chat_file import ChatFile, Place, is_same, place_of
from storage.documents import owed_to_json
from storage.encryption import Key, cipher_for
from storage.erase_files import Erasing, erase, finish
from storage.file_names import case_file_name, file_name
from storage.inspection_folder import (
    InspectionFolder,
    make_inspection_folder,
    take_inspection_folder,
)
from storage.recently_used import RecentlyUsed
from storage.store import (
    AlreadyThere,
    CarriedChat,
    CarriedLog,
    CaseSummary,
    Damaged,
    HistoryEntry,
    InUse,
    Invitation,
    NotFound,
    Owed,
    RecordKind,
    Seat,
    StoreError,
)
from storage.store_files import sync_recent

CASES_KEPT: Final = 256
CHATS_KEPT: Final = 2_048
APPLIED_KEPT: Final = 800
"""A seat that knows more updates than this is made anew from the files, which forget old ones."""

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class _SeatAsOf:
    """A seat, and the content of the files that it was made from."""

    seat: Seat
    hashes: tuple[str, str, str]


class TinyDBStore:
    """The store protocol (:class:`storage.store.Store`) over the folder ``directory``.

    With ``exclusive`` no second one can be opened so (:class:`InUse`); that is the serving bot's.
    Without, the command line's, it reads and writes beside it. With a ``key`` it is encrypted;
    raises :class:`storage.encryption.KeyRefused` where that, or none, is not the store's.
    """

    def __init__(self, directory: Path, *, exclusive: bool = False, key: Key | None = None) -> None:
        self.directory = directory
        self._cipher = cipher_for(directory, key)
        self._inspections = directory / "inspections"
        self._know_nothing()
        self._claimed: set[tuple[str, str]] = set()
        self._bot = Database(directory / "bot.jsonl", self._cipher)
        self._lock = serving_lock(directory) if exclusive else None
        if exclusive:
            try:
                sync_recent(directory)
                finish(directory, self._cipher)
            except BaseException:
                self._unlock()
                raise

    def _know_nothing(self) -> None:
        """Of what was read and is kept: at the start, and when files were erased."""
        self._folders: dict[str, InspectionFolder] = {}
        self._cases: RecentlyUsed[tuple[str, CaseKey], CaseFile] = RecentlyUsed(CASES_KEPT)
        self._chats: RecentlyUsed[str, ChatFile] = RecentlyUsed(CHATS_KEPT)
        self._seats: RecentlyUsed[str, _SeatAsOf] = RecentlyUsed(CHATS_KEPT)
        self._summaries: dict[str, dict[str, tuple[Signature, CaseSummary]]] = {}
        self._beside: dict[str, BesideLog] = {}

    # --- inspections -------------------------------------------------------------------------

    async def create_inspection(
        self, inspection: Inspection, pack: Pack, cases: Sequence[Case], *, at: str
    ) -> None:
        path = self._free_path(inspection.id)
        make_inspection_folder(path, inspection, pack, cases, at=at, cipher=self._cipher)

    async def inspections(self) -> list[Inspection]:
        folders = list(self._readable_folders())
        folders.sort(key=lambda folder: (folder.created, folder.inspection.id))
        return [folder.inspection for folder in folders]

    async def inspection(self, inspection_id: str) -> Inspection:
        return self._folder(inspection_id).inspection

    async def pack(self, inspection_id: str) -> Pack:
        return self._folder(inspection_id).pack()

    async def close_inspection(
        self,
        inspection_id: str,
        *,
        closed: str | None,
        keep_until: str | None,
        by: str | None,
        at: str,
    ) -> None:
        self._folder(inspection_id).close(closed=closed, keep_until=keep_until, by=by, at=at)

    def _free_path(self, inspection_id: str) -> Path:
        """Where an inspection of that id can be made. Raises :class:`AlreadyThere`."""
        name = file_name("an inspection's id", inspection_id)
        there = next((one for one in self._ids() if one.casefold() == name.casefold()), None)
        if there is not None:
            raise AlreadyThere(f"There is an inspection {there!r} already; take another id.")
        return self._inspections / name

    def _readable_folders(self) -> Iterator[InspectionFolder]:
        for one in self._ids():
            try:
                yield self._folder(one)
            except Damaged as exc:  # it is refused where it is named; the others go on
                _log.error("not read why=%s", exc)

    def _ids(self) -> list[str]:
        """The inspections there are, by name; other files and folders are none of ours."""
        try:
            entries = sorted(path.name for path in self._inspections.iterdir())
        except FileNotFoundError:
            return []
        return [
            name
            for name in entries
            if not name.startswith(MAKING) and _is_inspection(self._inspections / name)
        ]

    def _folder(self, inspection_id: str) -> InspectionFolder:
        """An inspection as it stands now. Raises :class:`NotFound`."""
        folder = self._folders.get(inspection_id)
        if folder is None:
            if inspection_id not in self._ids():
                names = ", ".join(self._ids()) or "none yet"
                raise NotFound(f"There is no inspection {inspection_id!r}. There are: {names}.")
            folder = InspectionFolder(self._inspections / inspection_id, self._cipher)
            self._folders[inspection_id] = folder
        folder.refresh()
        return folder

    # --- cases -------------------------------------------------------------------------------

    async def add_case(self, inspection_id: str, case: Case, *, by: str | None, at: str) -> None:
        folder = self._folder(inspection_id)
        case_file_name(case.key)  # refuses what cannot be one
        folder.refuse_second(case.key)
        self._add_case(folder, case, by=by, at=at)

    def _add_case(self, folder: InspectionFolder, case: Case, *, by: str | None, at: str) -> None:
        """The file, then its entry in the list: a file without one is a case half added."""
        file = CaseFile(folder.case_path(case.key), self._cipher)
        with self._writing(folder, file):
            file.put(case, by=by, at=at, event="CaseAdded")
        folder.list_case(case, by=by, at=at)

    async def put_case(self, inspection_id: str, case: Case, *, at: str) -> bool:
        folder = self._folder(inspection_id)
        case_file_name(case.key)
        key = folder.find(case.key)
        if key is None:
            self._add_case(folder, case, by=None, at=at)
            return True
        file = self._case_file(folder, key)
        file.case()  # a file that is listed and missing is damaged, not new
        with self._writing(folder, file):
            return file.put(_named(case, key), by=None, at=at, event="CaseImported")

    async def change_case(  # noqa: PLR0913  # the protocol's
        self,
        inspection_id: str,
        after: Case,
        *,
        expect: int,
        by: str,
        at: str,
        event: str,
        why: str | None = None,
    ) -> None:
        folder = self._folder(inspection_id)
        file = self._case_file(folder, self._listed(folder, after.key))
        with self._writing(folder, file):
            file.change(after, expect=expect, by=by, at=at, event=event, why=why)

    @contextmanager
    def _writing(self, folder: InspectionFolder, file: CaseFile) -> Iterator[None]:
        """Around every write of a case: its summary is made anew, by the serving bot as well."""
        if self._lock is None:
            with BesideLog(folder.path).writing(file.path.name):
                yield
            return
        try:
            yield
        finally:
            self._summaries.get(folder.path.name, {}).pop(str(file.path), None)

    async def cases(self, inspection_id: str, *, reading: int = 1) -> list[Case]:
        folder = self._folder(inspection_id)
        cases = []
        for key, _ in folder.listed():
            if key.reading == reading:
                cases.append(self._look_at(folder, key).case())
                await asyncio.sleep(0)  # the other conversations have their turn
        return cases

    async def overview(self, inspection_id: str, *, reading: int = 1) -> list[CaseSummary]:
        """Which cases changed, the serving bot knows or is told: it looks at no other file."""
        folder = self._folder(inspection_id)
        kept = self._summaries.setdefault(inspection_id, {})
        serving = self._lock is not None
        if serving:
            for name in self._beside.setdefault(inspection_id, BesideLog(folder.path)).written():
                kept.pop(str(folder.path / "cases" / name), None)
        overview = []
        for key, path in folder.listed():
            if key.reading != reading:
                continue
            known = kept.get(path)
            if known is not None and (serving or known[0] == signature(path)):
                overview.append(known[1])
                continue
            now, summary = signature(path), self._summary(folder, key)
            if now is not None and summary.damaged is None:
                kept[path] = now, summary
            overview.append(summary)
            await asyncio.sleep(0)  # the other conversations have their turn
        return overview

    def _summary(self, folder: InspectionFolder, key: CaseKey) -> CaseSummary:
        file = self._look_at(folder, key)
        why: Damaged
        try:
            case = file.case()
            return case_summary(folder.pack(), case, file.at)
        except LookupError as exc:
            why = damaged(file.path, None, str(exc))
        except Damaged as exc:
            why = exc
        _log.error("not read why=%s", why)
        return damaged_summary(key, str(why))

    async def load_case(
        self, inspection_id: str, key: CaseKey, chat: str
    ) -> tuple[Case, Cursor, int]:
        folder = self._folder(inspection_id)
        file = self._case_file(folder, self._listed(folder, key))
        case = file.case()
        return case, file.cursor(chat), file.version

    async def history(self, inspection_id: str, key: CaseKey) -> list[HistoryEntry]:
        folder = self._folder(inspection_id)
        return list(self._look_at(folder, self._listed(folder, key)).history())

    def _listed(self, folder: InspectionFolder, key: CaseKey) -> CaseKey:
        found = folder.find(key)
        if found is None:
            raise NotFound(f"There is no case {key.case!r} ({key.form}) in this inspection.")
        return found

    def _case_file(self, folder: InspectionFolder, key: CaseKey) -> CaseFile:
        """A case's file, kept for the next step."""
        place = folder.path.name, key
        file = self._cases.get(place)
        if file is None:
            file = CaseFile(folder.case_path(key), self._cipher)
            self._cases.put(place, file)
        return file

    def _look_at(self, folder: InspectionFolder, key: CaseKey) -> CaseFile:
        """A case's file, not kept for it: one that reads every case needs none of them again."""
        kept = self._cases.peek((folder.path.name, key))
        return kept or CaseFile(folder.case_path(key), self._cipher)

    async def keep_file(self, inspection_id: str, name: str, content: bytes) -> None:
        self._folder(inspection_id).keep_file(name, content)

    async def file(self, inspection_id: str, name: str) -> bytes:
        return self._folder(inspection_id).file(name)

    # --- erasing -----------------------------------------------------------------------------

    async def erase_case(
        self, inspection_id: str, key: CaseKey, *, by: str | None, at: str
    ) -> None:
        listed = self._listed(self._folder(inspection_id), key)
        self._erase(Erasing("case", inspection_id, at, by, key=astuple(listed)))

    async def erase_person(
        self, inspection_id: str, person: str, *, by: str | None, at: str
    ) -> None:
        self._folder(inspection_id)
        self._erase(Erasing("person", inspection_id, at, by, name=person))

    async def erase_inspection(self, inspection_id: str, *, at: str) -> None:
        self._folder(inspection_id)
        self._erase(Erasing("inspection", inspection_id, at))

    def _erase(self, erasing: Erasing) -> None:
        """With the store to ourselves. Raises :class:`InUse` while a bot serves from it."""
        held = serving_lock(self.directory) if self._lock is None else None
        try:
            erase(self.directory, self._cipher, erasing)
        finally:
            self._know_nothing()
            if held is not None:
                os.close(held)

    # --- people ------------------------------------------------------------------------------

    async def add_invitation(self, inspection_id: str, invitation: Invitation, *, at: str) -> None:
        self._folder(inspection_id).add_invitation(invitation, at=at)

    async def find_invitation(self, code_hash: str) -> tuple[Inspection, Invitation] | None:
        found = unreadable = None
        for inspection_id in self._ids():
            try:
                folder = self._folder(inspection_id)
            except Damaged as exc:
                unreadable = exc
                continue
            for invitation in folder.invitations():
                if hmac.compare_digest(invitation.code_hash.encode(), code_hash.encode()):
                    found = folder.inspection, invitation
        if found is None and unreadable is not None:
            raise unreadable  # the code may stand in there
        return found

    async def invitations(self, inspection_id: str) -> list[Invitation]:
        return self._folder(inspection_id).invitations()

    async def revoke_invitation(
        self, inspection_id: str, code_hash: str, *, by: str, at: str
    ) -> None:
        self._folder(inspection_id).revoke_invitation(code_hash, by=by, at=at)

    async def join(
        self, inspection_id: str, code_hash: str, chat: str, member: Member, *, at: str
    ) -> None:
        folder = self._folder(inspection_id)
        folder.unused_invitation(code_hash)
        # First the place, which means nothing before the chat is a member; the other way round a
        # crash in between would leave a used code and a stranger.
        before = self._chat(chat).place()
        self._take_place(folder, chat, member, at=at)
        try:
            folder.use_invitation(code_hash, chat, member, at=at)
        except Exception:
            if before is not None:
                self._chat(chat).move(before, (), by=None, at=at, event="SeatTakenBack")
            raise

    async def add_member(self, inspection_id: str, chat: str, member: Member, *, at: str) -> None:
        folder = self._folder(inspection_id)
        self._take_place(folder, chat, member, at=at)
        folder.seat_member(chat, member, at=at)

    async def change_member(
        self, inspection_id: str, chat: str, member: Member | None, *, by: str, at: str
    ) -> None:
        self._folder(inspection_id).change_member(chat, member, by=by, at=at)

    async def members(self, inspection_id: str) -> dict[str, Member]:
        return self._folder(inspection_id).members()

    async def former_people(self, inspection_id: str) -> frozenset[str]:
        return self._folder(inspection_id).former_people()

    async def memberships(self, chat: str) -> list[tuple[Inspection, Member]]:
        return [
            (folder.inspection, member)
            for folder in self._readable_folders()
            if (member := folder.member(chat)) is not None
        ]

    # --- beside the cases ----------------------------------------------------------------------

    async def set_record(  # noqa: PLR0913  # the protocol's
        self,
        inspection_id: str,
        kind: RecordKind,
        name: str,
        document: Mapping[str, Any] | None,
        *,
        by: str | None,
        at: str,
        expect: Mapping[str, Any] | EllipsisType | None = ...,
    ) -> None:
        folder = self._folder(inspection_id)
        folder.set_record(kind, name, document, by=by, at=at, expect=expect)

    async def records(self, inspection_id: str, kind: RecordKind) -> dict[str, Mapping[str, Any]]:
        return self._folder(inspection_id).records(kind)

    async def owe(self, inspection_id: str, notices: Sequence[Owed], *, at: str) -> None:
        documents = {notice.id: owed_to_json(notice) for notice in notices}
        self._folder(inspection_id).change_owed(documents, at=at)

    async def owed(self) -> list[Owed]:
        owed = [notice for folder in self._readable_folders() for notice in folder.owed()]
        return sorted(owed, key=lambda notice: notice.at)

    async def claim(self, notice: Owed, *, at: str) -> bool:  # noqa: ARG002  # nobody else sends
        owed = self._folder(notice.inspection).owed()
        claim = notice.inspection, notice.id
        if claim in self._claimed or all(one.id != notice.id for one in owed):
            return False
        self._claimed.add(claim)
        return True

    async def paid(self, notice: Owed, *, at: str) -> None:
        self._folder(notice.inspection).change_owed({notice.id: None}, at=at)
        self._claimed.discard((notice.inspection, notice.id))

    def _take_place(self, folder: InspectionFolder, chat: str, member: Member, *, at: str) -> None:
        """Sit the chat in this inspection, with no case open unless it sat there before."""
        file = self._chat(chat)
        before = file.place()
        if before is not None and before.inspection == folder.inspection.id:
            return
        place = Place(folder.inspection.id, None, before.language if before else None)
        file.move(place, self._applied(chat), by=member.person, at=at, event="SeatTaken")

    def _applied(self, chat: str) -> Iterable[int]:
        """What took effect in the case that the chat has open, as far as that can be read.

        Also where it is no member any more: it may be delivered again where it sits next.
        """
        try:
            place = self._chat(chat).place()
            file = self._open_case(self._folder(place.inspection), place.case) if place else None
        except StoreError:
            return ()
        return file.applied(chat) if file else ()

    def _chat_path(self, chat: str) -> Path:
        return self.directory / "chats" / f"{file_name('a chat', chat)}.jsonl"

    def _chat(self, chat: str) -> ChatFile:
        file = self._chats.get(chat)
        if file is None:
            file = ChatFile(self._chat_path(chat), self._cipher)
            self._chats.put(chat, file)
        return file

    # --- conversations -----------------------------------------------------------------------

    async def seat(self, chat: str) -> Seat | None:
        return self._seat(chat)

    def _seat(self, chat: str) -> Seat | None:
        chat_file = self._chat(chat)
        place = chat_file.place()
        if place is None:
            return None
        folder = self._folder(place.inspection)
        file = self._open_case(folder, place.case)
        hashes = chat_file.hash, folder.hash, file.hash if file else ""
        known = self._seats.get(chat)
        if known is not None and known.hashes == hashes:
            return known.seat
        member = folder.member(chat)
        if member is None:
            return None
        seat = Seat(
            chat=chat,
            inspection=folder.inspection,
            member=member,
            session=Session(
                person=member.person,
                language=place.language,
                case=file.case() if file else None,
                cursor=file.cursor(chat) if file else Cursor(),
                asked=place.asked,
            ),
            applied=chat_file.applied() | (file.applied(chat) if file else frozenset()),
            version=file.version if file else 0,
        )
        self._seats.put(chat, _SeatAsOf(seat, hashes))
        return seat

    def _open_case(self, folder: InspectionFolder, key: CaseKey | None) -> CaseFile | None:
        """The case that a chat has open; none if it is damaged, so that its person can go on.

        Opening it again by its reference tells them (:meth:`load_case`).
        """
        found = folder.find(key) if key else None
        if found is None:
            return None
        file = self._case_file(folder, found)
        try:
            file.case()
        except Damaged as exc:
            _log.error("not read why=%s", exc)
            return None
        return file

    async def commit(
        self, seat: Seat, after: Session, *, event: str, at: str, update: int | None
    ) -> Seat:
        if update is None and is_same(seat.session, after):
            return seat
        before = seat.session
        folder = self._folders.get(seat.inspection.id) or self._folder(seat.inspection.id)
        case, file, step = after.case, None, None
        if case is not None:
            file = self._case_file(folder, case.key)
            step = file.step(seat, case, after.cursor, update)
        in_case = step is not None
        place = place_of(seat.inspection.id, after)
        moved = place != place_of(seat.inspection.id, before)
        if not (moved or in_case or update is not None):
            return seat
        # Where two files change, a crash in between must leave the update to be taken anew when it
        # is delivered again. It counts as applied in the open case only: so the case's line comes
        # first where the chat moves there, and last where it is there already.
        stays = case is not None and before.case is not None and case.key == before.case.key
        place_first = moved and stays
        if place_first and file and step:
            file.look(seat.version)  # a conflict that the line finds would leave the chat moved
        if file and case and step and not place_first:
            with self._writing(folder, file):
                file.commit(step, seat, case, event=event, at=at)
        applied = seat.applied if update is None else seat.applied | {update}
        chat_file = self._chat(seat.chat)
        if moved or not in_case:
            # What was applied to the case that is left is to be known here from now on.
            carried = seat.applied if in_case else applied
            if not stays:
                carried = carried.union(self._applied(seat.chat))  # the seat may be an older one
            chat_file.place()
            chat_file.move(place, carried, by=seat.member.person, at=at, event=event)
        if file and case and step and place_first:
            with self._writing(folder, file):
                file.commit(step, seat, case, event=event, at=at)
        version = file.version if file else 0
        now = Seat(seat.chat, seat.inspection, seat.member, after, applied, version)
        self._sits_now(seat, now, chat_file, file)
        return now

    def _sits_now(
        self, before: Seat, now: Seat, chat_file: ChatFile, file: CaseFile | None
    ) -> None:
        """Keep the seat for the next event, as of the list of people that ``before`` stems from."""
        known = self._seats.peek(now.chat)
        if known is None or known.seat is not before or len(now.applied) > APPLIED_KEPT:
            self._seats.forget(now.chat)
            return
        hashes = chat_file.hash, known.hashes[1], file.hash if file else ""
        self._seats.put(now.chat, _SeatAsOf(now, hashes))

    # --- the bot itself ----------------------------------------------------------------------

    async def remember_bot(self, username: str) -> None:
        if await self.bot_username() != username:
            self._bot.table("bot").upsert(Document({"username": username}, "bot"))  # type: ignore[arg-type]  # ids are texts here

    async def bot_username(self) -> str | None:
        bot = self._bot.table("bot").get(doc_id="bot")  # type: ignore[call-overload]  # likewise
        return bot["username"] if bot else None

    # --- moving to another store -------------------------------------------------------------

    async def readable_inspections(self) -> list[Inspection]:
        folders = [self._folder(one) for one in self._ids()]
        folders.sort(key=lambda folder: (folder.created, folder.inspection.id))
        return [folder.inspection for folder in folders]

    async def logs(self, inspection_id: str) -> AsyncIterator[CarriedLog]:
        folder = self._folder(inspection_id)
        yield CarriedLog(None, self._lines(folder.path / "inspection.jsonl"))
        for key, path in folder.listed():
            CaseFile(Path(path), self._cipher).case()  # whose file it is, and that it is there
            yield CarriedLog(key, self._lines(Path(path)))
            await asyncio.sleep(0)

    def _lines(self, path: Path) -> bytes:
        return carried_lines(path, AppendedFile(path, self._cipher).lines())

    async def take_inspection(
        self, inspection_id: str, pack: Pack, logs: AsyncIterator[CarriedLog]
    ) -> None:
        path = self._free_path(inspection_id)
        await take_inspection_folder(path, pack, logs, cipher=self._cipher)

    async def files(self, inspection_id: str) -> list[str]:
        return self._folder(inspection_id).files()

    async def chats(self) -> list[str]:
        paths = sorted((self.directory / "chats").glob("*.jsonl"))
        return [path.stem for path in paths if not path.name.startswith(MAKING)]

    async def carry_chat(self, chat: str) -> CarriedChat:
        applied = self._chat(chat).applied().union(self._applied(chat))
        return CarriedChat(chat, self._lines(self._chat_path(chat)), applied)

    async def take_chat(self, carried: CarriedChat, *, at: str) -> None:
        path, file = self._chat_path(carried.chat), self._chat(carried.chat)
        if file.place() is not None:
            raise AlreadyThere(f"Chat {carried.chat} is there already.")
        log = checked_log(None, path, carried.lines)
        try:
            make_folder(path.parent)
            replace_durably(path, carried_lines(path, log.lines, self._cipher))
        except OSError as exc:
            raise not_saved(path, exc) from exc
        place = file.place()
        missing = carried.applied - file.applied().union(self._applied(carried.chat))
        if place is not None and missing:
            file.move(place, missing, by=None, at=at, event="ChatMoved")

    async def close(self) -> None:
        """Let another bot serve from this folder. Nothing is left to be written."""
        self._unlock()

    def _unlock(self) -> None:
        if self._lock is not None:
            os.close(self._lock)
            self._lock = None


def _is_inspection(path: Path) -> bool:
    return (path / "inspection.jsonl").exists() or (path / "cases").exists()


def _named(case: Case, key: CaseKey) -> Case:
    """The case under the reference that it was added with, which may differ in upper and lower."""
    return replace(case, case=key.case)


def serving_lock(directory: Path) -> int:
    path = directory / "lock"
    try:
        make_folder(directory)
        fd = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    except OSError as exc:
        raise not_saved(path, exc) from exc
    try:
        if try_lock(fd, path):
            return fd
    except BaseException:
        os.close(fd)
        raise
    os.close(fd)
    raise InUse(
        f"Another bot is serving from {directory}. Stop it first, or give this one a store of its"
        " own (CASEWALK_STORE)."
    )
