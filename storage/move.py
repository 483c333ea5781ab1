"""Moves everything from one store to another: inspections, cases, people, chats, photos, histories.

Every step is carried as it was written, so that the histories arrive with their hashes. Then all of
it is read again, from both, and compared. The source is only read. Nobody may serve from it
meanwhile: what came in too late would be found to differ.

A log or a photo arrives whole or not at all, and an inspection's own log comes after all that it
tells of. So a move that was interrupted is finished by running it again; what is there already and
is the same is left as it is.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass

from criteria.case_summary import case_summary, summary_to_json
from criteria.instrument.pack import Pack
from storage import logs
from storage.case_tables import case_from_tables
from storage.changes import BotNamed
from storage.documents import pack_text
from storage.errors import AlreadyThere, StoreError
from storage.journal import Document, Line
from storage.log_lines import fold_of
from storage.store import Store


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

    Raises :class:`Differs`; :class:`storage.errors.Damaged` where the source cannot be read; and
    whatever the target refuses.
    """
    inspections = await source.inspections(skip_damaged=False)
    for inspection in inspections:
        await target.refuse_id(inspection.id, may_be_there=True)
    for inspection in inspections:
        await _carry_inspection(source, target, inspection.id)
    for chat in await source.chats():
        await _carry_log(source, target, logs.chat_log(chat))
    username = await source.bot_username()
    if username is not None:
        await target.commit([BotNamed(username)], at=at, by=None, event="BotNamed")
    moved = Moved()
    for inspection in inspections:
        await _compare_inspection(source, target, inspection.id, moved)
    for chat in await source.chats():
        what = f"Where chat {chat} is"
        moved.steps += await _compare_log(source, target, logs.chat_log(chat), what)
        moved.chats += 1
    if await source.inspections(skip_damaged=False) != inspections:
        raise Differs("The list of inspections")
    return moved


def _beside_cases(inspection_id: str) -> list[str]:
    """An inspection's other logs, its own last."""
    return [log(inspection_id) for log in (logs.list_log, logs.outbox_log, logs.inspection_log)]


async def _carry_inspection(source: Store, target: Store, inspection_id: str) -> None:
    if (await target.journal.read(logs.inspection_log(inspection_id))).version:
        return  # all of it is there, or it is another; which one is compared
    pack = await source.pack(inspection_id)
    content = pack_text(pack).encode()
    await target.journal.put(logs.pack_blob(hashlib.sha256(content).hexdigest()), content)
    hashes: dict[str, str | None] = {}
    keys = await source.case_keys(inspection_id)
    for key in keys:
        case, *_ = await source.load_case(inspection_id, key, "")  # raises what is wrong with it
        hashes |= {one.file: one.sha256 for one in case.evidence}
    for name in await source.files(inspection_id):
        content = await source.file(inspection_id, name, hashes.get(name))
        await target.journal.put(logs.evidence_blob(inspection_id, name), content)
    for key in keys:
        await _carry_log(source, target, logs.case_log(inspection_id, key), pack)
    for log in _beside_cases(inspection_id):
        await _carry_log(source, target, log)


async def _carry_log(source: Store, target: Store, log: str, pack: Pack | None = None) -> None:
    lines = await source.journal.lines(log)
    if lines:
        with suppress(AlreadyThere):  # whether it is the same is compared
            await target.journal.take(log, lines, _summary(pack, lines))


def _summary(pack: Pack | None, lines: Sequence[Line]) -> Document | None:
    if pack is None:
        return None
    fold = fold_of(lines)
    try:
        return summary_to_json(case_summary(pack, case_from_tables(fold.tables), fold.at))
    except LookupError:  # the store says what is wrong with it
        return None


async def _compare_inspection(
    source: Store, target: Store, inspection_id: str, moved: Moved
) -> None:
    packs = [await store.pack(inspection_id) for store in (source, target)]
    if packs[0].document != packs[1].document:
        raise Differs(f"The pack of {inspection_id}")
    for key in await source.case_keys(inspection_id):
        log, what = logs.case_log(inspection_id, key), f"Case {key.case} ({key.form})"
        moved.steps += await _compare_log(source, target, log, f"{what} of {inspection_id}")
        moved.cases += 1
    for log in _beside_cases(inspection_id):
        moved.steps += await _compare_log(source, target, log, inspection_id)
    for reading in (1, 2):
        theirs = await source.overview(inspection_id, reading=reading)
        if theirs != await target.overview(inspection_id, reading=reading):
            raise Differs(f"The progress of {inspection_id}")
    for name in await source.files(inspection_id):
        files = [await store.file(inspection_id, name, None) for store in (source, target)]
        if files[0] != files[1]:
            raise Differs(f"File {name} of {inspection_id}")
        moved.files += 1
    moved.people += len(await target.members(inspection_id))
    moved.inspections += 1


async def _compare_log(source: Store, target: Store, log: str, what: str) -> int:
    """Return how many steps there are."""
    theirs = await source.journal.lines(log)
    same = theirs == await target.journal.lines(log)
    if not same or await source.journal.read(log) != await target.journal.read(log):
        raise Differs(what)
    return len(theirs)
