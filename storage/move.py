"""Moves everything from one store to another: inspections, cases, people, chats, photos, histories.

What is carried is every committed step, as it was written, so that the histories arrive with their
hashes. Then all of it is read again, from both, and compared: first the steps, byte for byte, then
what each store makes of them. The source is only read. Nobody may serve from it meanwhile: what
came in too late would be found to differ.

An inspection, a chat or a photo arrives whole or not at all, so a move that was interrupted is
finished by running it again; what is there already and is the same is left as it is.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Final, get_args

from criteria.case import Case, CaseKey
from criteria.inspection import Member
from dialogs.session import Session
from storage.store import CarriedLog, NotFound, RecordKind, Store, StoreError


@dataclass(slots=True)
class Moved:
    """How much there is in the target that was in the source, all of it compared."""

    inspections: int = 0
    cases: int = 0
    steps: int = 0
    people: int = 0
    files: int = 0
    chats: int = 0


class Differs(StoreError):
    """Something is not in the target as it is in the source."""

    def __init__(self, what: str) -> None:
        super().__init__(
            f"{what} is not the same in both stores. If somebody was still answering, stop the bot"
            " and move into an empty store again. Nothing was changed in the store that is moved."
        )


async def move(source: Store, target: Store, *, at: str) -> Moved:
    """Carry everything over, then compare. ``at`` is now.

    Raises :class:`Differs`; :class:`storage.store.Damaged` where the source cannot be read; and
    whatever the target refuses.
    """
    moved = Moved()
    inspections = await source.readable_inspections()
    for inspection in inspections:
        await _carry_inspection(source, target, inspection.id)
    there = set(await target.chats())
    for chat in await source.chats():
        if chat not in there:
            await target.take_chat(await source.carry_chat(chat), at=at)
    username = await source.bot_username()
    if username is not None:
        await target.remember_bot(username)
    for inspection in inspections:
        await _compare_inspection(source, target, inspection.id, moved)
    for chat in await source.chats():
        await _compare_chat(source, target, chat, moved)
    if await source.readable_inspections() != inspections:
        raise Differs("The list of inspections")
    return moved


# --- carrying ----------------------------------------------------------------------------------


async def _carry_inspection(source: Store, target: Store, inspection_id: str) -> None:
    try:
        await target.inspection(inspection_id)
    except NotFound:
        pack = await source.pack(inspection_id)
        await target.take_inspection(inspection_id, pack, source.logs(inspection_id))
    for name in await source.files(inspection_id):
        await target.keep_file(inspection_id, name, await source.file(inspection_id, name))


# --- comparing ---------------------------------------------------------------------------------


async def _compare_inspection(
    source: Store, target: Store, inspection_id: str, moved: Moved
) -> None:
    logs = _pairs(source.logs(inspection_id), target.logs(inspection_id))
    async for key, theirs, ours in logs:
        what = f"Case {key.case} ({key.form}) of {inspection_id}" if key else inspection_id
        _check(what, theirs, ours)
        if key is not None:
            _check(what, *[await _case(store, inspection_id, key) for store in (source, target)])
            moved.cases += 1
        moved.steps += ours.count(b"\n")
    for what, read in _READERS.items():
        _check(f"{what} of {inspection_id}", await read(source, inspection_id),
               await read(target, inspection_id))  # fmt: skip
    for name in await source.files(inspection_id):
        _check(f"File {name} of {inspection_id}", await source.file(inspection_id, name),
               await target.file(inspection_id, name))  # fmt: skip
        moved.files += 1
    moved.people += len(await target.members(inspection_id))
    moved.inspections += 1


async def _compare_chat(source: Store, target: Store, chat: str, moved: Moved) -> None:
    theirs, ours = await source.carry_chat(chat), await target.carry_chat(chat)
    what = f"Where chat {chat} sits"
    # A chat may have taken one step more in the target: what it forgot is written down there.
    _check(what, theirs.lines, ours.lines[: len(theirs.lines)])
    _check(what, await _seat(source, chat), await _seat(target, chat))
    moved.steps += theirs.lines.count(b"\n")
    moved.chats += 1


def _check(what: str, theirs: object, ours: object) -> None:
    if theirs != ours:
        raise Differs(what)


async def _pairs(
    theirs: AsyncIterator[CarriedLog], ours: AsyncIterator[CarriedLog]
) -> AsyncIterator[tuple[CaseKey | None, bytes, bytes]]:
    """The same log of both; nothing stands for one that is missing."""
    async for log in theirs:
        other = await anext(ours, None)
        same = other is not None and other.case == log.case
        yield log.case, log.lines, other.lines if other is not None and same else b""
    async for log in ours:
        yield log.case, b"", log.lines


async def _case(store: Store, inspection_id: str, key: CaseKey) -> tuple[Case, int]:
    case, _, version = await store.load_case(inspection_id, key, "")
    return case, version


async def _seat(store: Store, chat: str) -> tuple[Member, Session, int] | None:
    try:
        seat = await store.seat(chat)
    except NotFound:  # its inspection is no longer there
        return None
    return None if seat is None else (seat.member, seat.session, seat.version)


async def _records(store: Store, inspection_id: str) -> object:
    kinds: Iterable[RecordKind] = get_args(RecordKind)
    return [list((await store.records(inspection_id, kind)).items()) for kind in kinds]


async def _owed(store: Store, inspection_id: str) -> object:
    return [notice for notice in await store.owed() if notice.inspection == inspection_id]


async def _overviews(store: Store, inspection_id: str) -> object:
    return [await store.overview(inspection_id, reading=reading) for reading in (1, 2)]


async def _pack(store: Store, inspection_id: str) -> object:
    return (await store.pack(inspection_id)).document


_READERS: Final[Mapping[str, Callable[[Store, str], Awaitable[object]]]] = {
    "The title": lambda store, one: store.inspection(one),
    "The pack": _pack,
    "The progress": _overviews,
    "The list of people": lambda store, one: store.members(one),
    "The list of former people": lambda store, one: store.former_people(one),
    "The list of invitations": lambda store, one: store.invitations(one),
    "The list of findings": _records,
    "The list of messages to be sent": _owed,
}
"""What a store makes of an inspection's steps."""
