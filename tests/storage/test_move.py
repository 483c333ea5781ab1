"""Moving from one store to another and back: all of it arrives, and what differs is told."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

import psycopg
import pytest
import pytest_asyncio

from criteria.case import Answer, Case, CaseKey, Evidence, Remark
from criteria.case_status import Status
from criteria.inspection import Member, Role
from storage.documents import Invitation, OutboxMessage
from storage.encryption import Key, make_key
from storage.errors import AlreadyThere, Conflict, Damaged
from storage.file_journal import FileJournal
from storage.inspection_file import dump_document, inspection_document
from storage.journal import Document, Line
from storage.move import Differs, Moved, move
from storage.open_store import open_store
from storage.postgres_database import open_database
from storage.postgres_journal import PostgresJournal, open_postgres_journal
from storage.store import Store
from tests.changing import (
    add_case,
    add_invitation,
    change_case,
    change_member,
    join_with,
    queue,
    remember_bot,
    set_record,
)
from tests.storage.conftest import keep, open_case
from tests.storage.stepping import answered
from tests.storage.tiny import AT, CHAT, INSPECTOR, LEAD, tiny_cases, tiny_inspection, tiny_pack

ID = "cheshire-2011"
C001 = CaseKey("C001", "case-file")
LATER = "2026-11-21T10:00:00Z"
PHOTO = bytes(range(256))


async def fill(store: Store) -> None:
    """Something of everything that a store keeps."""
    second = Case("C001", "case-file", "I2", Status.ASSIGNED, reading=2)
    odd = {"remarks": Answer("NUL \0, \ufdd0, שלום", "“two”\nlines"), "score": Answer(1e17)}
    await store.create_inspection(tiny_inspection(), tiny_pack(), tiny_cases(), at=AT)
    await store.create_inspection(tiny_inspection("kent"), tiny_pack(), [], at=AT)
    await add_case(store, ID, second, by="L1", at=AT)
    await store.put_case(ID, Case("C002", "case-file", answers=odd), at=AT)
    await store.add_member(ID, CHAT, INSPECTOR, at=AT)
    await store.add_member(ID, "tg-56", LEAD, at=AT)
    await store.add_member(ID, "tg-57", Member("I3", Role.INSPECTOR), at=AT)
    await change_member(store, ID, "tg-57", None, by="L1", at=AT)
    for sign in "ab":
        invitation = Invitation(sign * 64, Role.INSPECTOR, f"I{sign}", LATER)
        await add_invitation(store, ID, invitation, at=AT)
    await join_with(store, ID, "a" * 64, "tg-58", Member("Ia", Role.INSPECTOR), at=AT)
    seat = await store.chat_state(CHAT)
    assert seat is not None
    seat = await open_case(store, seat, update=1)
    for update, value in enumerate(("yes", "no", "yes"), 2):
        after = answered(seat, "q1", value, card=update)
        seat = await keep(store, seat, after, update)
    await keep(store, seat, replace(seat.session, language="cy"), 9, event="LanguageChosen")
    case, _, version = await store.load_case(ID, C001, CHAT)
    photo = Evidence(
        "question", "q1", "photo", "C001-3f.jpg", caption="the wall", by="I1", at=AT,
        sha256=sha256(PHOTO).hexdigest(),
    )  # fmt: skip
    returned = replace(case, remarks=(Remark("q1", "why?", "L1", AT),), evidence=(photo,))
    await change_case(
        store, ID, returned, expect=version, by="L1", at=LATER, event="CaseReturned", why="gaps"
    )
    await store.keep_file(ID, "C001-3f.jpg", PHOTO)
    await set_record(store, ID, "adjustments", "c1", {"to": "PARTLY", "why": "…"}, by="L1", at=AT)
    await set_record(store, ID, "digests", "tg-56", {"evening": "18:00"}, by="L1", at=AT)
    await queue(store, [OutboxMessage("one", ID, "tg", "tg-56", "returned", C001, AT)], at=AT)
    await remember_bot(store, "casewalk_bot")


ALL = Moved(inspections=2, cases=4, steps=29, people=3, files=1, chats=4)


async def exported(store: Store) -> bytes:
    inspection, pack = await store.inspection(ID), await store.pack(ID)
    return dump_document(inspection_document(inspection, pack, await store.cases(ID)))


def contents(folder: Path) -> dict[str, bytes]:
    """All that a store keeps in its files, but the bot's name."""
    paths = [
        *folder.rglob("*.jsonl"), *folder.rglob("packs/*"), *folder.rglob("files/*")
    ]  # fmt: skip
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in paths
            if path.name != "bot.jsonl"}  # fmt: skip


def on_files(folder: Path) -> Store:
    return Store(FileJournal(folder))


@pytest.fixture
async def files(tmp_path: Path) -> Store:
    store = on_files(tmp_path / "source")
    await fill(store)
    return store


@pytest_asyncio.fixture
async def postgresql(database: str) -> AsyncIterator[Store]:
    """An empty one."""
    store = Store(await open_postgres_journal(database))
    yield store
    await store.close()


async def test_all_of_it_arrives_in_a_database_and_comes_back(
    files: Store, postgresql: Store, tmp_path: Path
) -> None:
    assert await move(files, postgresql, at=LATER) == ALL
    back = on_files(tmp_path / "back")
    assert await move(postgresql, back, at=LATER) == ALL
    assert contents(tmp_path / "back") == contents(tmp_path / "source")
    assert await exported(files) == await exported(postgresql) == await exported(back)
    for store in (postgresql, back):
        for key in (C001, replace(C001, reading=2)):
            assert await store.history(ID, key) == await files.history(ID, key)
        assert await store.bot_username() == "casewalk_bot"
        for chat in (CHAT, "tg-56", "tg-57", "tg-58"):
            assert await store.chat_state(chat) == await files.chat_state(chat)


async def test_what_was_begun_in_a_database_goes_on_in_files(
    postgresql: Store, tmp_path: Path
) -> None:
    await fill(postgresql)
    target = on_files(tmp_path / "target")
    assert await move(postgresql, target, at=LATER) == ALL
    seat = await target.chat_state(CHAT)
    assert seat == await postgresql.chat_state(CHAT)
    assert seat is not None
    assert seat.applied == {"1", "2", "3", "4", "9"}
    await keep(target, seat, answered(seat, "q1", "no", card=9), 10)
    assert [one.after for one in (await target.history(ID, C001))[-1].changes] == [
        {"value": "no", "note": None, "by": "I1", "at": AT}
    ]


async def test_what_a_chat_did_in_its_last_case_is_still_known_after_moving(
    postgresql: Store, tmp_path: Path
) -> None:
    """A delivery may come again."""
    await fill(postgresql)
    seat = await postgresql.chat_state(CHAT)
    assert seat is not None
    await open_case(postgresql, seat, "C002", update=11)
    target = on_files(tmp_path / "target")
    await move(postgresql, target, at=LATER)
    seat = await on_files(tmp_path / "target").chat_state(CHAT)
    assert seat is not None
    assert seat.applied >= {"1", "2", "3", "4", "9", "11"}


async def test_a_move_between_folders_may_encrypt(files: Store, tmp_path: Path) -> None:
    sealed = await open_store(f"tinydb:{tmp_path / 'sealed'}", key=Key.from_text(make_key()))
    assert await move(files, sealed, at=LATER) == ALL
    assert await exported(sealed) == await exported(files)
    assert not any(b"the wall" in content for content in contents(tmp_path / "sealed").values())
    assert await move(sealed, on_files(tmp_path / "back"), at=LATER) == ALL
    assert contents(tmp_path / "back") == contents(tmp_path / "source")


async def test_a_move_that_was_interrupted_is_finished_by_another(
    files: Store, postgresql: Store, database: str
) -> None:
    """An inspection is seen when all of it is there."""

    class Interrupted(Exception):
        pass

    class Half(PostgresJournal):
        left = 0

        async def take(
            self, log: str, lines: Sequence[Line], summary: Document | None = None
        ) -> None:
            self.left -= 1
            if not self.left:
                raise Interrupted
            await super().take(log, lines, summary)

    interrupted = 0
    for count in range(1, 14):
        half = Half(await open_database(database))
        half.left = count
        try:
            await move(files, Store(half), at=LATER)
        except Interrupted:
            interrupted += 1
        for inspection in await postgresql.inspections():
            assert await postgresql.cases(inspection.id) == await files.cases(inspection.id)
        await half.close()
    assert interrupted > 6
    assert await move(files, postgresql, at=LATER) == ALL
    assert await move(files, postgresql, at=LATER) == ALL


async def test_another_inspection_of_that_id_is_left_alone_and_told(
    files: Store, postgresql: Store
) -> None:
    await postgresql.create_inspection(tiny_inspection(), tiny_pack(), [], at=LATER)
    with pytest.raises(Differs, match=ID):
        await move(files, postgresql, at=LATER)
    assert await postgresql.cases(ID) == []
    await files.create_inspection(tiny_inspection("CHESHIRE-2012"), tiny_pack(), [], at=LATER)
    await postgresql.create_inspection(tiny_inspection("Cheshire-2012"), tiny_pack(), [], at=LATER)
    with pytest.raises(AlreadyThere, match="'Cheshire-2012'"):
        await move(files, postgresql, at=LATER)


async def test_an_answer_that_came_in_meanwhile_is_told(files: Store, postgresql: Store) -> None:
    await move(files, postgresql, at=LATER)
    seat = await files.chat_state(CHAT)
    assert seat is not None
    await keep(files, seat, answered(seat, "q1", "no"), 30)
    with pytest.raises(Differs, match=r"Case C001 \(case-file\) of cheshire-2011"):
        await move(files, postgresql, at=LATER)


@pytest.mark.parametrize(
    "damage",
    [
        "update logs set tables = replace(tables::text, '\"I1\"', '\"I9\"')::json",
        "update logs set tables = replace(tables::text, 'inspector', 'lead')::json",
        "delete from steps where log = 'inspections/cheshire-2011/inspection' and n = 9",
        "update steps set line = replace(line::text, 'PARTLY', 'FULLY')::json",
        "update blobs set content = 'x' where name like 'inspections/%'",
        "update blobs set content = '{}' where name like 'packs/%'",
        "update summaries set summary = replace(summary::text, '\"I1\"', '\"I9\"')::json",
        "update steps set line = replace(line::text, '\"cy\"', '\"en\"')::json",
    ],
)
async def test_what_is_not_in_the_target_as_it_was_is_told(
    files: Store, postgresql: Store, database: str, damage: str
) -> None:
    await move(files, postgresql, at=LATER)
    with psycopg.connect(database, autocommit=True) as connection:
        connection.execute(damage)  # type: ignore[call-overload]
    fresh = Store(await open_postgres_journal(database))  # with nothing kept from before
    with pytest.raises((Differs, Damaged)):
        await move(files, fresh, at=LATER)
    await fresh.close()


async def test_a_damaged_source_is_not_moved(
    files: Store, postgresql: Store, tmp_path: Path
) -> None:
    path = tmp_path / "source" / "inspections" / "kent" / "inspection.jsonl"
    path.write_bytes(path.read_bytes().replace(b"Cheshire", b"Lincoln!"))
    with pytest.raises(Damaged, match=r"inspection\.jsonl"):
        await move(on_files(tmp_path / "source"), postgresql, at=LATER)
    assert await postgresql.inspections() == []


async def test_a_photo_that_was_changed_is_not_moved(files: Store, tmp_path: Path) -> None:
    (path,) = (tmp_path / "source" / "inspections" / ID / "files").iterdir()
    path.write_bytes(PHOTO[:-1])
    with pytest.raises(Damaged, match=r"C001-3f\.jpg"):
        await move(files, on_files(tmp_path / "target"), at=LATER)


async def test_an_invitation_that_was_moved_is_used_once(files: Store, postgresql: Store) -> None:
    await move(files, postgresql, at=LATER)
    await join_with(postgresql, ID, "b" * 64, "tg-60", Member("Ib", Role.INSPECTOR), at=LATER)
    for code in "ab":
        with pytest.raises(Conflict):
            await join_with(postgresql, ID, code * 64, "tg-61", INSPECTOR, at=LATER)
