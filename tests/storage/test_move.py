"""Moving from one store to another and back: all of it arrives, and what differs is told."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import psycopg
import pytest
import pytest_asyncio
from storage.postgres_store import PostgresStore, open_postgres_store
from storage.tinydb_store import TinyDBStore

from criteria.case import Answer, Case, CaseKey, Evidence, Remark, Status
from criteria.inspection import Member, Role
from storage.encryption import Key, make_key
from storage.inspection_file import dump_document, inspection_document
from storage.move import Differs, Moved, move
from storage.open_store import open_store
from storage.store import AlreadyThere, Conflict, Damaged, Invitation, Owed, Store
from tests.storage.conftest import open_case
from tests.storage.test_store import answered
from tests.storage.tiny import AT, CHAT, INSPECTOR, LEAD, tiny_cases, tiny_inspection, tiny_pack

ID = "cheshire-2011"
C001 = CaseKey("C001", "case-file")
LATER = "2026-11-21T10:00:00Z"


async def fill(store: Store) -> None:
    """Something of everything that a store keeps."""
    second = Case("C001", "case-file", "I2", Status.ASSIGNED, reading=2)
    odd = {"remarks": Answer("NUL \0, \ufdd0, שלום", "“two”\nlines"), "score": Answer(1e17)}
    await store.create_inspection(tiny_inspection(), tiny_pack(), tiny_cases(), at=AT)
    await store.create_inspection(tiny_inspection("kent"), tiny_pack(), [], at=AT)
    await store.add_case(ID, second, by="L1", at=AT)
    await store.put_case(ID, Case("C002", "case-file", answers=odd), at=AT)
    await store.add_member(ID, CHAT, INSPECTOR, at=AT)
    await store.add_member(ID, "tg-56", LEAD, at=AT)
    await store.add_member(ID, "tg-57", Member("I3", Role.INSPECTOR), at=AT)
    await store.change_member(ID, "tg-57", None, by="L1", at=AT)
    for sign in "ab":
        invitation = Invitation(sign * 64, Role.INSPECTOR, f"I{sign}", LATER)
        await store.add_invitation(ID, invitation, at=AT)
    await store.join(ID, "a" * 64, "tg-58", Member("Ia", Role.INSPECTOR), at=AT)
    seat = await store.seat(CHAT)
    assert seat is not None
    seat = await open_case(store, seat, update=1)
    for update, value in enumerate(("yes", "no", "yes"), 2):
        after = answered(seat, "q1", value, revision=update)
        seat = await store.commit(seat, after, event="ChoiceTapped", at=AT, update=update)
    seat = await store.commit(
        seat, replace(seat.session, language="cy"), event="LanguageChosen", at=AT, update=9
    )
    case, _, version = await store.load_case(ID, C001, CHAT)
    photo = Evidence("question", "q1", "photo", "C001-3f.jpg", caption="the wall", by="I1", at=AT)
    returned = replace(case, remarks=(Remark("q1", "why?", "L1", AT),), evidence=(photo,))
    await store.change_case(
        ID, returned, expect=version, by="L1", at=LATER, event="CaseReturned", why="gaps"
    )
    await store.keep_file(ID, "C001-3f.jpg", bytes(range(256)))
    await store.set_record(ID, "adjustments", "c1", {"to": "PARTLY", "why": "…"}, by="L1", at=AT)
    await store.set_record(ID, "digests", "tg-56", {"evening": "18:00"}, by="L1", at=AT)
    await store.owe(ID, [Owed("one", ID, "tg-56", "returned", C001, AT)], at=AT)
    await store.remember_bot("casewalk_bot")


ALL = Moved(inspections=2, cases=4, steps=28, people=3, files=1, chats=4)


async def exported(store: Store) -> bytes:
    inspection, pack = await store.inspection(ID), await store.pack(ID)
    return dump_document(inspection_document(inspection, pack, await store.cases(ID)))


def contents(folder: Path) -> dict[str, bytes]:
    """All that a store keeps in its files, but the bot's name."""
    paths = [
        *folder.rglob("*.jsonl"), *folder.rglob("pack.json"), *folder.rglob("files/*")
    ]  # fmt: skip
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in paths
            if path.name != "bot.jsonl"}  # fmt: skip


@pytest.fixture
async def tinydb(tmp_path: Path) -> TinyDBStore:
    store = TinyDBStore(tmp_path / "source")
    await fill(store)
    return store


@pytest_asyncio.fixture
async def postgresql(database: str) -> AsyncIterator[PostgresStore]:
    """An empty one."""
    store = await open_postgres_store(database)
    yield store
    await store.close()


async def test_all_of_it_arrives_in_a_database_and_comes_back(
    tinydb: TinyDBStore, postgresql: PostgresStore, tmp_path: Path
) -> None:
    assert await move(tinydb, postgresql, at=LATER) == ALL
    back = TinyDBStore(tmp_path / "back")
    assert await move(postgresql, back, at=LATER) == ALL
    assert contents(tmp_path / "back") == contents(tmp_path / "source")
    assert await exported(tinydb) == await exported(postgresql) == await exported(back)
    for store in (postgresql, back):
        for key in (C001, replace(C001, reading=2)):
            assert await store.history(ID, key) == await tinydb.history(ID, key)
        assert await store.bot_username() == "casewalk_bot"
        for chat in (CHAT, "tg-56", "tg-57", "tg-58"):
            assert await store.seat(chat) == await tinydb.seat(chat)


async def test_what_was_begun_in_a_database_goes_on_in_files(
    postgresql: PostgresStore, tmp_path: Path
) -> None:
    await fill(postgresql)
    target = TinyDBStore(tmp_path / "target")
    assert await move(postgresql, target, at=LATER) == ALL
    seat = await target.seat(CHAT)
    assert seat == await postgresql.seat(CHAT)
    assert seat is not None
    assert seat.applied == {1, 2, 3, 4, 9}
    await target.commit(
        seat, answered(seat, "q1", "no", revision=9), event="ChoiceTapped", at=LATER, update=10
    )
    assert [one.after for one in (await target.history(ID, C001))[-1].changes] == [
        {"value": "no", "note": None, "by": "I1", "at": AT}
    ]


async def test_what_a_chat_did_in_its_last_case_is_still_known_after_moving(
    postgresql: PostgresStore, tmp_path: Path
) -> None:
    """The database knows a chat's updates by chat, the files by case; a delivery may come again."""
    await fill(postgresql)
    seat = await postgresql.seat(CHAT)
    assert seat is not None
    await open_case(postgresql, seat, "C002", update=11)
    target = TinyDBStore(tmp_path / "target")
    await move(postgresql, target, at=LATER)
    seat = await TinyDBStore(tmp_path / "target").seat(CHAT)
    assert seat is not None
    assert seat.applied == {1, 2, 3, 4, 9, 11}


async def test_a_move_between_folders_may_encrypt(tinydb: TinyDBStore, tmp_path: Path) -> None:
    sealed = await open_store(f"tinydb:{tmp_path / 'sealed'}", key=Key.from_text(make_key()))
    assert await move(tinydb, sealed, at=LATER) == ALL
    assert await exported(sealed) == await exported(tinydb)
    assert not any(b"the wall" in content for content in contents(tmp_path / "sealed").values())
    assert await move(sealed, TinyDBStore(tmp_path / "back"), at=LATER) == ALL
    assert contents(tmp_path / "back") == contents(tmp_path / "source")


async def test_a_move_that_was_interrupted_is_finished_by_another(
    tinydb: TinyDBStore, postgresql: PostgresStore
) -> None:
    class Interrupted(Exception):
        pass

    class Half(PostgresStore):
        left = 2

        async def take_chat(self, *arguments: object, **named: object) -> None:
            self.left -= 1
            if not self.left:
                raise Interrupted
            await super().take_chat(*arguments, **named)  # type: ignore[arg-type]

    with pytest.raises(Interrupted):
        await move(tinydb, Half(postgresql._database), at=LATER)
    assert await move(tinydb, postgresql, at=LATER) == ALL
    assert await move(tinydb, postgresql, at=LATER) == ALL


async def test_an_inspection_arrives_whole_or_not_at_all(
    tinydb: TinyDBStore, postgresql: PostgresStore, tmp_path: Path
) -> None:
    async def cut_short() -> AsyncIterator[object]:
        count = 0
        async for log in tinydb.logs(ID):
            count += 1
            if count < 3:
                yield log

    for target in (postgresql, TinyDBStore(tmp_path / "target")):
        with pytest.raises(Damaged, match="its cases are not those that it lists"):
            await target.take_inspection(ID, tiny_pack(), cut_short())  # type: ignore[arg-type]
        assert await target.inspections() == []


async def test_another_inspection_of_that_id_is_left_alone_and_told(
    tinydb: TinyDBStore, postgresql: PostgresStore
) -> None:
    await postgresql.create_inspection(tiny_inspection(), tiny_pack(), [], at=LATER)
    with pytest.raises(Differs, match=ID):
        await move(tinydb, postgresql, at=LATER)
    assert await postgresql.cases(ID) == []
    with pytest.raises(AlreadyThere):
        await postgresql.take_inspection(ID, tiny_pack(), tinydb.logs(ID))


async def test_an_answer_that_came_in_meanwhile_is_told(
    tinydb: TinyDBStore, postgresql: PostgresStore
) -> None:
    await move(tinydb, postgresql, at=LATER)
    seat = await tinydb.seat(CHAT)
    assert seat is not None
    await tinydb.commit(seat, answered(seat, "q1", "no"), event="Late", at=LATER, update=30)
    with pytest.raises(Differs, match=r"Case C001 \(case-file\) of cheshire-2011"):
        await move(tinydb, postgresql, at=LATER)


@pytest.mark.parametrize(
    "damage",
    [
        "update cases set document = jsonb_set(document, '{case,case,status}', '\"agreed\"')",
        'update documents set document = \'{"person": "I9", "role": "lead"}\''
        " where kind = 'people'",
        "delete from documents where kind = 'adjustments'",
        "update files set content = 'x'",
        "update summaries set summary = jsonb_set(summary, '{progress}', '[7, 8]')",
        "update chats set place = jsonb_set(place, '{language}', '\"en\"')",
    ],
)
async def test_what_is_not_in_the_target_as_it_was_is_told(
    tinydb: TinyDBStore, postgresql: PostgresStore, database: str, damage: str
) -> None:
    await move(tinydb, postgresql, at=LATER)
    with psycopg.connect(database, autocommit=True) as connection:
        connection.execute(damage)  # type: ignore[call-overload]
    with pytest.raises((Differs, Damaged)):
        await move(tinydb, await open_fresh(postgresql), at=LATER)


async def open_fresh(store: PostgresStore) -> PostgresStore:
    """With nothing kept from before."""
    return PostgresStore(store._database)


async def test_a_damaged_source_is_not_moved(
    tinydb: TinyDBStore, postgresql: PostgresStore, tmp_path: Path
) -> None:
    path = tmp_path / "source" / "inspections" / "kent" / "inspection.jsonl"
    path.write_bytes(path.read_bytes().replace(b"Cheshire", b"Lincoln!"))
    with pytest.raises(Damaged, match=r"inspection\.jsonl"):
        await move(TinyDBStore(tmp_path / "source"), postgresql, at=LATER)
    assert await postgresql.inspections() == []


async def test_an_invitation_that_was_moved_is_used_once(
    tinydb: TinyDBStore, postgresql: PostgresStore
) -> None:
    await move(tinydb, postgresql, at=LATER)
    await postgresql.join(ID, "b" * 64, "tg-60", Member("Ib", Role.INSPECTOR), at=LATER)
    for code in "ab":
        with pytest.raises(Conflict):
            await postgresql.join(ID, code * 64, "tg-61", INSPECTOR, at=LATER)
