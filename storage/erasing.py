"""Erasing for good: a case, a person or a whole inspection, on whichever journal.

What is to be forgotten is taken out of the steps themselves: a log is dropped, or the same steps
are chained anew without it. A chat stands in an inspection's log (who joined), in its outbox, and
in the logs of the cases that it had open; an inspection stands in the logs of the chats that were
in it. A last step of the inspection's log or its list says that it was: what, who did it and when,
by references only.

From the first log to the last the bot's log holds what is being erased, in references only. So
whatever interrupts it, whoever next opens the store to serve ends it first, and so does the next
erasing; in a database all of it is one transaction. What a disk keeps of deleted files until it
writes over them is not touched. A pack stays: other inspections may be pinned to it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any, Final

from criteria.case import CaseKey
from storage import logs
from storage.case_tables import case_from_tables
from storage.documents import place_from_json, place_to_json, void_codes
from storage.errors import NotFound, NotSaved, StoreError
from storage.file_names import is_of_case, same_case
from storage.journal import Entry, Journal, Line, Patch
from storage.log_lines import fold_of
from storage.store import Store

ERASING: Final = "erasing"
"""The table of the bot's log that holds what is being erased."""

ERASED: Final = "erased"
"""Stands where the chat stood that used an invitation: the code stays used."""

Documents = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Erasing:
    """What is to go: the case ``key``, the person ``person``, or else all of the inspection."""

    inspection: str
    at: str
    by: str | None = None
    key: CaseKey | None = None
    person: str | None = None


async def erase_case(
    store: Store, inspection_id: str, key: CaseKey, *, by: str | None, at: str
) -> None:
    """A case with its answers, notes, history, photos and voice messages.

    That there was one of this reference, and when it was erased, stays. Raises :class:`NotFound`,
    and :class:`InUse` while a bot serves.
    """
    found = await store.existing_key(inspection_id, key)
    await _erase(store, Erasing(inspection_id, at, by, key=found))


async def erase_person(
    store: Store, inspection_id: str, person: str, *, by: str | None, at: str
) -> None:
    """Which chat this person is or was, and all that is kept by chat.

    What they judged stays, under the reference, which nobody else gets. Raises :class:`NotFound`
    where nobody of that reference ever joined, and :class:`InUse` while a bot serves.
    """
    await store.inspection(inspection_id)
    await _erase(store, Erasing(inspection_id, at, by, person=person))


async def erase_inspection(store: Store, inspection_id: str, *, at: str) -> None:
    """All of it but its pack, and what its people's chats tell of it. Raises :class:`InUse`."""
    await store.inspection(inspection_id)
    await _erase(store, Erasing(inspection_id, at))


async def finish(journal: Journal) -> None:
    """End what was interrupted; nothing happens where nothing was."""
    if await unfinished(journal) is not None:
        async with journal.alone():
            await _finish(journal)


async def _finish(journal: Journal) -> None:
    erasing = await unfinished(journal)
    if erasing is not None:
        await _Eraser(journal, erasing).erase()


async def unfinished(journal: Journal) -> Erasing | None:
    """What is being erased, or was when something interrupted it."""
    raw = (await journal.read(logs.BOT)).tables.get(ERASING, {}).get(ERASING)
    if raw is None:
        return None
    return Erasing(**{**raw, "key": raw["key"] and CaseKey(**raw["key"])})


async def _erase(store: Store, erasing: Erasing) -> None:
    try:
        async with store.journal.alone():
            await _finish(store.journal)
            eraser = _Eraser(store.journal, erasing)
            await eraser.check()
            begun: Patch = {ERASING: {ERASING: asdict(erasing)}}
            await store.journal.append([Entry(logs.BOT, None, begun, erasing.at, "ErasingBegun")])
            await eraser.erase()
    except NotSaved as exc:
        cause = str(exc).removeprefix("Not saved: ")
        raise StoreError(
            f"Not erased, or not all of it: {cause} Run the same again to end it."
        ) from exc
    finally:
        store.forget()


class _Eraser:
    def __init__(self, journal: Journal, erasing: Erasing) -> None:
        self._journal = journal
        self._erasing = erasing
        self._id = erasing.inspection

    async def check(self) -> None:
        """Read what has to be read, so that what is missing or damaged is told before a change."""
        if self._erasing.key is not None:
            await self._other_files(self._erasing.key)
        elif self._erasing.person is not None:
            tables, chats = await self._people(self._erasing.person)
            if not chats:
                raise _nobody(self._erasing.person, tables)
            for log in await self._logs_with_chats():
                await self._journal.lines(log)
        for chat in await self._journal.names("chats"):
            await self._journal.lines(logs.chat_log(chat))

    async def erase(self) -> None:
        if self._erasing.key is not None:
            await self._erase_case(self._erasing.key)
        elif self._erasing.person is not None:
            await self._erase_person(self._erasing.person)
        else:
            await self._erase_inspection()
        await self._journal.rewrite(logs.BOT, _without_what_is_erased)

    # --- a case ------------------------------------------------------------------------------

    async def _erase_case(self, key: CaseKey) -> None:
        """First it is listed no more; then nobody looks for what is deleted."""
        kept = await self._other_files(key)
        await self._unlist(same_case(key))
        await self._journal.rewrite(logs.outbox_log(self._id), _without_files_of(key))
        for chat in await self._journal.names("chats"):
            await self._leave(logs.chat_log(chat), key)
        await self._journal.drop(logs.case_log(self._id, key))
        for name in await self._journal.names(logs.files_folder(self._id)):
            if is_of_case(name, key.case) and name not in kept:
                await self._journal.drop(logs.evidence_blob(self._id, name))

    async def _table(self, log: str, name: str) -> Documents:
        return (await self._journal.read(log)).tables.get(name, {})

    async def _other_files(self, erased: CaseKey) -> set[str]:
        """The photos and voice messages of the subject's other cases, which may be the same."""
        files = set()
        listed = await self._table(logs.list_log(self._id), "cases")
        for key in (CaseKey(**one) for one in listed.values()):
            if key.case.casefold() == erased.case.casefold() and key != erased:
                snapshot = await self._journal.read(logs.case_log(self._id, key))
                files |= {one.file for one in case_from_tables(snapshot.tables).evidence}
        return files

    async def _unlist(self, same: str) -> None:
        """Take the case off the list, and the messages about it out of the outbox."""
        listed = await self._table(logs.list_log(self._id), "cases")
        outbox = await self._table(logs.outbox_log(self._id), "messages")
        about = [
            name
            for name, one in outbox.items()
            if one["case"] and same_case(CaseKey(**one["case"])) == same
        ]
        erased = {same: {"at": self._erasing.at}}  # an import must not bring it back unseen
        unlisted: Patch = {"cases": {same: None}, "erased": erased} if same in listed else {}
        unsent: Patch = {"messages": dict.fromkeys(about)} if about else {}
        await self._journal.append([
            self._step(logs.list_log(self._id), unlisted),
            self._step(logs.outbox_log(self._id), unsent),
        ])  # fmt: skip

    def _step(self, log: str, patch: Patch) -> Entry:
        return Entry(log, None, patch, self._erasing.at, "CaseErased", self._erasing.by)

    async def _leave(self, log: str, key: CaseKey) -> None:
        """Who has the case open has none: another case of its reference may be added."""
        raw = (await self._table(log, "chat")).get("chat")
        place = None if raw is None else place_from_json(raw)
        if place is not None and (place.inspection, place.case) == (self._id, key):
            left = place_to_json(replace(place, case=None))
            await self._journal.append([self._step(log, {"chat": {"chat": left}})])
        keep = _without_parts(self._id)
        if any(keep(line) is not line for line in await self._journal.lines(log)):
            await self._journal.rewrite(log, keep)

    # --- a person ----------------------------------------------------------------------------

    async def _people(self, person: str) -> tuple[Mapping[str, Documents], frozenset[str]]:
        """The tables of the inspection's log, and the chats that this person wrote from."""
        lines = await self._journal.lines(logs.inspection_log(self._id))
        return fold_of(lines).tables, chats_of(person, lines)

    async def _erase_person(self, person: str) -> None:
        """The inspection's log last: it tells which chats they are."""
        tables, chats = await self._people(person)
        if not chats:
            return  # all of it was done
        for log in await self._logs_with_chats():
            await self._journal.rewrite(log, _without_chats(chats))
        for chat in sorted(chats):
            await self._forget_inspection(logs.chat_log(chat))
        said = self._said(person, tables)
        await self._journal.rewrite(logs.inspection_log(self._id), _without_chats(chats), said)

    async def _logs_with_chats(self) -> list[str]:
        """Beside the inspection's own."""
        folder = logs.cases_folder(self._id)
        names = await self._journal.names(folder)
        return [logs.outbox_log(self._id), *(f"{folder}/{name}" for name in names)]

    def _said(self, person: str, tables: Mapping[str, Documents]) -> Line:
        """The step that says so: their reference is taken for ever, their open codes go."""
        patch: dict[str, dict[str, Any]] = {"former": {person: {"at": self._erasing.at}}}
        if void := void_codes(tables.get("invitations", {}).values(), person, removed=True):
            patch["invitations"] = void
        return Line(0, self._erasing.at, self._erasing.by, "PersonErased", patch, "")

    # --- an inspection -----------------------------------------------------------------------

    async def _erase_inspection(self) -> None:
        """The chats first; then all of it at once."""
        for chat in await self._journal.names("chats"):
            await self._forget_inspection(logs.chat_log(chat))
        await self._journal.drop(logs.inspection_folder(self._id))

    async def _forget_inspection(self, log: str) -> None:
        """A chat's log without the inspection.

        Where the chat is in it now its log goes; the chat is in another of its inspections when it
        next writes.
        """
        place = (await self._table(log, "chat")).get("chat")
        if place is not None and place["inspection"] == self._id:
            await self._journal.drop(log)
        else:
            await self._journal.rewrite(log, _without_inspection(self._id))


# --- what is kept of a step ------------------------------------------------------------------


def chats_of(person: str, lines: Iterable[Line]) -> frozenset[str]:
    """The chats that this person ever wrote from, by an inspection's log; none if they are erased.

    Raises :class:`StoreError` where one of them is somebody else's by now.
    """
    chats, people = set[str](), dict[str, Any]()
    for line in lines:
        for chat, one in line.patch.get("people", {}).items():
            people[chat] = one
            if one is not None and one["person"] == person:
                chats.add(chat)
        for name, one in line.patch.get("former", {}).items():
            if name == person and one is not None and "chat" in one:
                chats.add(one["chat"])
    now = {people[chat]["person"] for chat in chats if people.get(chat)} - {person}
    if now:
        raise StoreError(
            f"The chat that was {person} joined again, and is {min(now)} now. Erase {min(now)}:"
            " then the chat is forgotten, as both. Nothing was erased."
        )
    return frozenset(chats)


def _nobody(person: str, tables: Mapping[str, Documents]) -> NotFound:
    known = {one["person"] for one in tables.get("people", {}).values()}
    former = {name for name, one in tables.get("former", {}).items() if "chat" in one}
    names = ", ".join(sorted(known | former)) or "none yet"
    return NotFound(
        f"Nobody called {person!r} ever joined, or they are erased. There are: {names}."
    )


def _without_chats(chats: frozenset[str]) -> Callable[[Line], Line]:
    """For the logs of an inspection and of its cases."""

    def keep(line: Line) -> Line:
        changed = {
            name: _KEPT_OF[name](documents, chats) if name in _KEPT_OF else documents
            for name, documents in line.patch.items()
        }
        return _with(line, changed)

    return keep


def _not_from(documents: Documents, chats: frozenset[str]) -> Documents:
    """A document is named after its chat, or has it in its name (``submitted tg-57 C001``)."""
    return {
        name: one
        for name, one in documents.items()
        if not chats & set(name.split()) and (one is None or one.get("chat") not in chats)
    }


def _from_nobody(documents: Documents, chats: frozenset[str]) -> Documents:
    """A file that is still to be fetched belongs to its case, and is fetched."""
    return {
        name: {**one, "chat": None} if one is not None and one["chat"] in chats else one
        for name, one in documents.items()
    }


def _former(documents: Documents, chats: frozenset[str]) -> Documents:
    return {
        name: {"at": one["at"]} if one is not None and one.get("chat") in chats else one
        for name, one in documents.items()
    }


def _codes(documents: Documents, chats: frozenset[str]) -> Documents:
    return {
        name: {**one, "used_by": ERASED} if one is not None and one["used_by"] in chats else one
        for name, one in documents.items()
    }


_KEPT_OF: Final[Mapping[str, Callable[[Documents, frozenset[str]], Documents]]] = {
    **dict.fromkeys(("people", "digests", "chats", "updates", "messages"), _not_from),
    "files": _from_nobody,
    "former": _former,
    "invitations": _codes,
}
"""Where a chat stands in those logs, by table."""


def _without_files_of(key: CaseKey) -> Callable[[Line], Line]:
    """For an inspection's outbox: no file of this case is to be fetched, nor said from where."""

    def keep(line: Line) -> Line:
        files = {
            name: one
            for name, one in line.patch.get("files", {}).items()
            if one is None or not one["case"] or same_case(CaseKey(**one["case"])) != same_case(key)
        }
        return _with(line, {**line.patch, "files": files})

    return keep


def _without_inspection(inspection_id: str) -> Callable[[Line], Line]:
    """For a chat's log; as whom it was in the inspection goes as well."""
    place: Any = None

    def keep(line: Line) -> Line:
        nonlocal place
        patch = dict(line.patch)
        place = patch.get("chat", {}).get("chat") or place
        if place is None or place["inspection"] != inspection_id:
            return line
        patch.pop("chat", None)
        return _with(line._replace(by=None), patch)

    return keep


def _without_parts(inspection_id: str) -> Callable[[Line], Line]:
    """For a chat's log: without the beginnings of long texts, which may be about any case."""

    def keep(line: Line) -> Line:
        place = line.patch.get("chat", {}).get("chat")
        if place is None or place["inspection"] != inspection_id or not place["part"]:
            return line
        return _with(line, {**line.patch, "chat": {"chat": {**place, "part": None}}})

    return keep


def _without_what_is_erased(line: Line) -> Line:
    return _with(line, {name: one for name, one in line.patch.items() if name != ERASING})


def _with(line: Line, patch: Mapping[str, Documents]) -> Line:
    return line._replace(patch={name: documents for name, documents in patch.items() if documents})
