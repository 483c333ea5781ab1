"""What is erased is nowhere any more; what is not is as it was; nothing stops half way."""

from __future__ import annotations

import os
import random
import re
import shutil
from collections.abc import Awaitable, Callable
from dataclasses import replace
from pathlib import Path

import psycopg
import pytest

from criteria.case import Case, CaseKey
from criteria.inspection import Member, Role
from dialogs.session import TextPart
from storage import erasing
from storage.changes import ChatStep, FileAwaited
from storage.disk import sync_path, write_durably
from storage.documents import AwaitedFile, Invitation, OutboxMessage
from storage.encryption import Key, make_key
from storage.errors import InUse, NotFound, StoreError
from storage.file_journal import FileJournal
from storage.logs import case_log, inspection_log
from storage.open_store import open_store as open_setting
from storage.store import Store
from tests.changing import (
    add_case,
    add_invitation,
    change_member,
    close_inspection,
    queue,
    set_record,
)
from tests.storage.conftest import OpenStore
from tests.storage.disk import NOTHING as NOT_FSYNCED_IS_LOST
from tests.storage.disk import Disk, Killed, Kind, Trouble, lay_out, left_by_power_loss
from tests.storage.examining import examine, examine_folder
from tests.storage.script import (
    ID,
    KENT,
    KEY,
    LEADS_CHAT,
    PHOTO,
    PHOTO_NAME,
    SECOND,
    STEPS,
    snapshot,
)
from tests.storage.tiny import AT, CHAT, INSPECTOR

LATER = "2026-11-27T09:00:00Z"
SAID = ("Seen on page 3", "x" * 600, "Look again at page 3", "not complete")
"""What was noted on C001, by whomever, and why it was given back."""
SOURCE = "AgACAgQAAxkBAAIB"
"""Where a file of C001 is still to be fetched."""

LONG = "The beginning of a long note"
"""What waited for its rest in the chat's log."""

FULL = os.environ.get("CASEWALK_POWER_LOSS") == "full"
SEED = 1998


async def filled(store: Store) -> Store:
    """With all that a store keeps, and more of what is kept by chat."""
    for _, act in STEPS:
        await act(store)
    await set_record(store, ID, "digests", CHAT, {"each": True}, by="I1", at=AT)
    returned = OutboxMessage(f"returned {CHAT} C001", ID, "telegram", CHAT, "returned", KEY, AT)
    await queue(store, [returned], at=AT)
    await store.sent(returned, at=AT)
    second = OutboxMessage(f"second {CHAT} C001", ID, "telegram", CHAT, "second", KEY, AT)
    await queue(store, [second], at=AT)
    assert await store.claim(second, at=AT)
    chat = await store.chat_state(CHAT)
    assert chat is not None
    for part in (TextPart((LONG,), AT, {"id": "7"}), None):
        after = replace(chat.session, part=part)
        step = ChatStep(CHAT, chat, ID, after, chat.version)
        await store.commit([], step, at=AT, by="I1", event="PartKept")
        chat = await store.chat_state(CHAT)
        assert chat is not None
    file = AwaitedFile(f"C001-{'0' * 24}", ID, "telegram", CHAT, SOURCE, "photo", KEY, AT)
    await store.change(FileAwaited(file), at=AT, by="I1", event="AttachmentGiven")
    return store


def everything(setting: str) -> bytes:
    """All that is kept, file names included, or every row of every table."""
    if setting.startswith("tinydb:"):
        return in_files(Path(setting.removeprefix("tinydb:")))
    with psycopg.connect(setting) as connection:
        tables = connection.execute(
            "select tablename from pg_tables where schemaname = current_schema()"
        ).fetchall()
        rows = [
            value if isinstance(value, bytes) else str(value).encode()
            for (table,) in tables
            for row in connection.execute(f"select * from {table}").fetchall()  # noqa: S608
            for value in row
        ]
    return b"\n".join(rows)


def in_files(folder: Path) -> bytes:
    paths = sorted(path for path in folder.rglob("*") if path.name != "lock")
    contents = [path.read_bytes() for path in paths if path.is_file()]
    return b"\n".join([*(str(path).encode() for path in paths), *contents])


async def is_whole(store: Store) -> bool:
    """Every chain of steps, and what they come to."""
    return await examine(store) == []


# --- closing -------------------------------------------------------------------------------------


async def test_an_inspection_is_closed_until_it_is_opened_again(
    inspected: Store, open_store: OpenStore
) -> None:
    for closed, until in ((LATER, "2027-12-31"), (LATER, None), (None, None)):
        await close_inspection(inspected, ID, closed=closed, keep_until=until, by=None, at=LATER)
        for store in (inspected, await open_store()):
            inspection = await store.inspection(ID)
            assert (inspection.closed, inspection.keep_until) == (closed, until)
            assert await store.inspections() == [inspection]
            seat = await store.chat_state(CHAT)
            assert seat is not None
            assert seat.inspection == inspection


async def test_a_running_bot_learns_that_it_was_closed(
    inspected: Store, open_store: OpenStore
) -> None:
    before = await inspected.chat_state(CHAT)
    other = await open_store()
    await close_inspection(other, ID, closed=LATER, keep_until=None, by=None, at=LATER)
    after = await inspected.chat_state(CHAT)
    assert before is not None
    assert after is not None
    assert (before.inspection.closed, after.inspection.closed) == (None, LATER)


# --- a case --------------------------------------------------------------------------------------


async def test_nothing_is_left_of_a_case(store: Store, setting: str) -> None:
    await filled(store)
    before, kept = await snapshot(store), everything(setting)
    assert all(text.encode() in kept for text in SAID)
    assert PHOTO in kept
    assert LONG.encode() in kept
    for key in (KEY, SECOND):
        await erasing.erase_case(store, ID, key, by=None, at=LATER)
    left = everything(setting)
    assert not [text for text in SAID if text.encode() in left]
    assert SOURCE.encode() not in left
    assert LONG.encode() not in left
    assert await store.awaited_files() == []
    assert PHOTO not in left
    assert PHOTO_NAME.encode() not in left
    assert b"CaseErased" in left
    after = await snapshot(store)
    gone = {KEY, SECOND}
    assert after[ID]["cases"] == [one for one in before[ID]["cases"] if one.key not in gone]
    assert [line.key for line in after[ID]["overview"]] == [one.key for one in after[ID]["cases"]]
    assert after[KENT] == before[KENT]
    assert after["outbox"] == []
    assert after[CHAT].session.case is None
    assert await is_whole(store)


async def test_a_case_that_is_not_there_is_not_erased(inspected: Store) -> None:
    with pytest.raises(NotFound, match="no case 'C077'"):
        await erasing.erase_case(inspected, ID, CaseKey("C077", "case-file"), by=None, at=AT)
    with pytest.raises(NotFound, match="no inspection 'x'"):
        await erasing.erase_case(inspected, "x", KEY, by=None, at=AT)
    assert len(await inspected.overview(ID)) == 3


async def test_an_erased_case_can_be_added_anew(store: Store, open_store: OpenStore) -> None:
    await filled(store)
    await erasing.erase_case(store, ID, CaseKey("c001", "case-file"), by=None, at=LATER)
    with pytest.raises(NotFound):
        await store.load_case(ID, KEY, CHAT)
    await add_case(store, ID, Case("C001", "case-file"), by=None, at=LATER)
    for one in (store, await open_store()):
        case, _, _ = await one.load_case(ID, KEY, CHAT)
        assert case == Case("C001", "case-file")
        assert len(await one.history(ID, KEY)) == 1


async def test_a_photo_that_another_case_of_the_subject_has_too_stays(store: Store) -> None:
    await filled(store)
    case, _, _ = await store.load_case(ID, KEY, CHAT)
    both = Case("C001", "interview", "I1", evidence=case.evidence)
    await store.put_case(ID, both, at=AT)
    await erasing.erase_case(store, ID, KEY, by=None, at=LATER)
    assert await store.file(ID, PHOTO_NAME, None) == PHOTO
    await erasing.erase_case(store, ID, both.key, by=None, at=LATER)
    with pytest.raises(NotFound):
        await store.file(ID, PHOTO_NAME, None)


async def test_photos_of_cases_with_a_longer_reference_stay(inspected: Store) -> None:
    name = f"C001-B-{'0' * 24}.jpg"
    await inspected.keep_file(ID, f"C001-{'0' * 24}.jpg", b"nobody's by now")
    await inspected.keep_file(ID, name, b"another's")
    await erasing.erase_case(inspected, ID, KEY, by=None, at=AT)
    assert await inspected.files(ID) == [name]


async def test_what_was_never_finished_goes_as_well(tmp_path: Path) -> None:
    """It may be a copy of what is erased."""
    store = Store(FileJournal(tmp_path / "store"))
    await filled(store)
    for place in ("chats", f"inspections/{ID}/cases"):
        leftover = tmp_path / "store" / place / ".making-one-1"
        leftover.write_text(SAID[0])
    await erasing.erase_case(store, ID, KEY, by=None, at=LATER)
    assert SAID[0].encode() not in in_files(tmp_path / "store")


# --- a person ------------------------------------------------------------------------------------


@pytest.mark.parametrize(("person", "chat"), [("I1", CHAT), ("L1", LEADS_CHAT)])
async def test_a_persons_chat_is_nowhere_and_what_they_judged_stays(
    store: Store, setting: str, open_store: OpenStore, person: str, chat: str
) -> None:
    """One who serves, and one who was taken out before."""
    await filled(store)
    before = await snapshot(store)
    assert chat.encode() in everything(setting)
    await erasing.erase_person(store, ID, person, by=None, at=LATER)
    left = everything(setting)
    assert chat.encode() not in left
    assert b"PersonErased" in left
    assert len(await store.awaited_files()) == 1, "a file that is awaited belongs to its case"
    assert await is_whole(store)
    await store.close()
    for one in (await open_store(), await open_store()):
        after = await snapshot(one)
        for part in ("cases", "overview", "history", "records", "files"):
            if part != "records":
                assert after[ID][part] == before[ID][part]
        assert after[KENT] == before[KENT]
        assert after[chat] is None
        assert chat not in after[ID]["members"]
        assert person in after[ID]["former"], "nobody else gets the reference"
        assert all(owed.chat != chat for owed in after["outbox"])
        used = [code for code in after[ID]["invitations"] if code.person == "I1"]
        assert [code.used_by is not None for code in used] == [True]


async def test_the_one_code_that_was_used_stays_used_and_open_ones_go(
    store: Store,
) -> None:
    await filled(store)
    await add_invitation(store, ID, Invitation("c" * 64, Role.INSPECTOR, "I1", LATER), at=AT)
    await erasing.erase_person(store, ID, "I1", by=None, at=LATER)
    assert [code.person for code in await store.invitations(ID) if code.used_by is None] == []
    assert await store.find_invitation("c" * 64) is None


async def test_a_chat_that_serves_elsewhere_goes_on_there(store: Store, setting: str) -> None:
    await filled(store)
    await store.add_member(KENT, CHAT, Member("I7", Role.INSPECTOR), at=AT)
    await erasing.erase_person(store, ID, "I1", by=None, at=LATER)
    seat = await store.chat_state(CHAT)
    assert seat is not None
    assert (seat.inspection.id, seat.member.person) == (KENT, "I7")
    assert [one.id for one, _ in await store.memberships(CHAT)] == [KENT]
    assert await is_whole(store)
    if setting.startswith("tinydb:"):
        folder = Path(setting.removeprefix("tinydb:"))
        assert CHAT.encode() not in in_files(folder / "inspections" / ID)
        lines = (folder / "chats" / f"{CHAT}.jsonl").read_text()
        assert ID not in lines
        assert '"I1"' not in lines, "nor as whom it sat there"


async def test_a_chat_that_sits_in_what_is_forgotten_has_no_place_until_it_writes(
    store: Store,
) -> None:
    await filled(store)
    await store.add_member(KENT, CHAT, Member("I7", Role.INSPECTOR), at=AT)
    await store.add_member(ID, CHAT, INSPECTOR, at=AT)
    await erasing.erase_person(store, ID, "I1", by=None, at=LATER)
    assert await store.chat_state(CHAT) is None
    assert [one.id for one, _ in await store.memberships(CHAT)] == [KENT]


async def test_one_who_joined_again_is_erased_as_who_they_are_now(
    store: Store, setting: str
) -> None:
    await filled(store)
    await change_member(store, ID, CHAT, None, by="L1", at=AT)
    await store.add_member(ID, CHAT, Member("I9", Role.INSPECTOR), at=AT)
    before = everything(setting)
    with pytest.raises(StoreError, match=r"is I9 now\. Erase I9"):
        await erasing.erase_person(store, ID, "I1", by=None, at=LATER)
    assert everything(setting) == before
    await erasing.erase_person(store, ID, "I9", by=None, at=LATER)
    assert CHAT.encode() not in everything(setting)
    assert {"I1", "I9"} <= (await store.former_people(ID)).keys()


async def test_nobody_is_erased_twice(store: Store, setting: str) -> None:
    await filled(store)
    await erasing.erase_person(store, ID, "I1", by=None, at=LATER)
    before = everything(setting)
    for person in ("I1", "I77", CHAT):
        with pytest.raises(NotFound, match=r"ever joined, or they are erased\. There are: L1"):
            await erasing.erase_person(store, ID, person, by=None, at=LATER)
    assert everything(setting) == before


# --- an inspection -------------------------------------------------------------------------------


async def test_nothing_is_left_of_an_inspection(store: Store, setting: str) -> None:
    await filled(store)
    await store.add_member(KENT, LEADS_CHAT, Member("L1", Role.LEAD), at=AT)
    await erasing.erase_inspection(store, ID, at=LATER)
    left = everything(setting)
    for text in (ID, CHAT, "Write it down.", *SAID):
        assert text.encode() not in left, text
    assert PHOTO not in left
    assert [one.id for one in await store.inspections()] == [KENT]
    assert await store.chat_state(CHAT) is None
    seat = await store.chat_state(LEADS_CHAT)
    assert seat is not None
    assert seat.inspection.id == KENT
    assert await is_whole(store)
    with pytest.raises(NotFound):
        await erasing.erase_inspection(store, ID, at=LATER)


# --- while somebody else is there ----------------------------------------------------------------

ERASINGS: dict[str, Callable[[Store], Awaitable[None]]] = {
    "case": lambda store: erasing.erase_case(store, ID, KEY, by=None, at=LATER),
    "person": lambda store: erasing.erase_person(store, ID, "I1", by=None, at=LATER),
    "inspection": lambda store: erasing.erase_inspection(store, ID, at=LATER),
}


@pytest.mark.parametrize("what", list(ERASINGS))
async def test_nothing_is_erased_while_a_bot_serves(
    store: Store, setting: str, open_store: OpenStore, what: str
) -> None:
    await filled(store)
    if setting.startswith("tinydb:"):
        serving = await open_setting(setting, exclusive=True)
    else:
        serving = await open_store()
        await serving.inspections()
    before = everything(setting)
    with pytest.raises(InUse, match="Stop"):
        await ERASINGS[what](store)
    assert everything(setting) == before
    await serving.close()


# --- what interrupts it --------------------------------------------------------------------------


@pytest.mark.long
@pytest.mark.parametrize("key", [None, Key.from_text(make_key())], ids=["plain", "encrypted"])
@pytest.mark.parametrize("what", list(ERASINGS))
async def test_every_point_leaves_before_or_after_and_it_is_ended_at_the_next_start(
    tmp_path: Path, what: str, key: Key | None
) -> None:
    """The process dies at any call, or the power goes. (``CASEWALK_POWER_LOSS=full``: at every.)"""
    full = await serve(tmp_path / "full", key)
    await filled(full)
    before = await snapshot(full)
    await full.close()
    chance, point, after = random.Random(SEED), 0, None  # noqa: S311
    ends = set()
    while after is None:
        disk = Disk(tmp_path / f"{point}")
        with disk.under():
            copied(tmp_path / "full", disk)
            store = await serve(disk.root / "store", key)
            disk.fault = dies_after(disk, len(disk.log) + point)
            try:
                await ERASINGS[what](store)
                after = await snapshot(store)
            except Killed:
                pass
            await store.close()
        lost = left_by_power_loss(disk.log, NOT_FSYNCED_IS_LOST)
        for folder in (disk.root, lay_out(lost, tmp_path / f"{point}-lost")):
            again = await serve(folder / "store", key)
            seen = await snapshot(again)
            ends.add(seen == before)
            assert await erasing.unfinished(again.journal) is None
            if seen != before:
                await again.close()
                await check_after(folder / "store", key, what)
            else:
                await ERASINGS[what](again)
                await again.close()
                await check_after(folder / "store", key, what)
            shutil.rmtree(folder)
        point += 1 if FULL else chance.randint(1, 6)
    assert point > 10
    assert ends == {True, False}, "some ended before it, some after"


async def serve(folder: Path, key: Key | None) -> Store:
    """As the bot opens it."""
    return await open_setting(f"tinydb:{folder}", exclusive=True, key=key)


def dies_after(disk: Disk, calls: int) -> Callable[[Kind, Path], Trouble | None]:
    return lambda _kind, _path: "kill" if len(disk.log) >= calls else None


def copied(folder: Path, disk: Disk) -> None:
    """A store on the disk, durable."""
    for path in [folder, *sorted(folder.rglob("*"))]:
        target = disk.root / "store" / path.relative_to(folder)
        if path.is_dir():
            target.mkdir(mode=0o700)
        elif path.name != "lock":
            write_durably(target, path.read_bytes())
    for place in [disk.root, *(one for one in sorted(disk.root.rglob("*")) if one.is_dir())]:
        sync_path(place)


async def check_after(folder: Path, key: Key | None, what: str) -> None:
    """That all of it is gone, also under the seals, and the rest is in order."""
    assert [
        one for one in await examine_folder(folder, key) if "being written when" not in one.what
    ] == []
    store = Store(FileJournal(folder, key=key))
    names = in_files(folder)
    if what == "case":
        assert PHOTO_NAME.encode() not in names
        with pytest.raises(NotFound):
            await store.load_case(ID, KEY, CHAT)
        return
    assert not re.search(rb"chats/tg-55", names)
    if what == "inspection":
        assert [one.id for one in await store.inspections()] == [KENT]
        assert f"{ID}".encode() not in names
        return
    for log in (inspection_log(ID), *(case_log(ID, key) for key in await store.case_keys(ID))):
        assert CHAT not in repr(await store.journal.lines(log))
