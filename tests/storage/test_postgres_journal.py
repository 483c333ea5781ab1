"""PostgreSQL's own: several workers, damage, migrations, a server that goes and comes."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

import orjson
import psycopg
import pytest
import pytest_asyncio
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from criteria.case import Case, CaseKey
from criteria.inspection import Role
from criteria.relevance import Progress
from dialogs.session import Cursor, Session
from storage import postgres_database
from storage.documents import Invitation, OutboxMessage
from storage.errors import Conflict, Damaged, NotSaved, StoreError
from storage.journal import Entry
from storage.postgres_journal import open_postgres_journal
from storage.reader import ChatState
from storage.store import Store
from tests.changing import add_invitation, join_with, queue
from tests.storage.conftest import keep, open_case, opened
from tests.storage.postgres_server import PostgresServer
from tests.storage.tiny import AT, CHAT, INSPECTOR, tiny_cases, tiny_inspection, tiny_pack

ID = "cheshire-2011"
C001 = CaseKey("C001", "case-file")


async def open_worker(database: str) -> Store:
    return Store(await open_postgres_journal(database))


@asynccontextmanager
async def two_workers(database: str) -> AsyncIterator[list[Store]]:
    stores = [await open_worker(database) for _ in range(2)]
    await stores[0].create_inspection(tiny_inspection(), tiny_pack(), tiny_cases(), at=AT)
    await stores[0].add_member(ID, CHAT, INSPECTOR, at=AT)
    yield stores
    for store in stores:
        await store.close()


@pytest_asyncio.fixture
async def workers(database: str) -> AsyncIterator[list[Store]]:
    """Two, on one database, with the tiny inspection in it."""
    async with two_workers(database) as stores:
        yield stores


async def answer(
    store: Store, seat: ChatState, value: str, update: int | None = None, name: str = "remarks"
) -> ChatState:
    case = seat.session.case
    assert case is not None
    question = tiny_pack().forms[0].by_name[name]
    after = replace(
        seat.session,
        case=case.answered(question, value, "I1", AT),
        cursor=Cursor(seat.session.cursor.card + 1, (name,)),
    )
    return await keep(store, seat, after, update, event="TextReceived")


async def seated(store: Store) -> ChatState:
    seat = await store.chat_state(CHAT)
    assert seat is not None
    return seat


async def insist(store: Store, value: str, update: int) -> int:
    """Answer as a conversation does: anew after a conflict, not at all what was applied."""
    conflicts = 0
    while True:
        seat = await seated(store)
        if str(update) in seat.applied:
            return conflicts
        try:
            await answer(store, seat, value, update)
        except Conflict:
            conflicts += 1


def run(database: str, statement: str) -> None:
    """As somebody with another program."""
    with psycopg.connect(database, autocommit=True) as connection:
        connection.execute(statement)  # type: ignore[call-overload]


def fetch(database: str, query: str) -> list[tuple[object, ...]]:
    with psycopg.connect(database) as connection:
        return connection.execute(query).fetchall()  # type: ignore[call-overload,no-any-return]


# --- several workers ---------------------------------------------------------------------------


async def test_an_update_that_two_workers_get_at_once_is_applied_once(
    workers: list[Store],
) -> None:
    await opened(workers[0])
    for update in range(1, 21):
        texts = [f"{update} at {name}" for name in "ab"]
        await asyncio.gather(
            *(insist(store, text, update) for store, text in zip(workers, texts, strict=True))
        )
    steps = await workers[0].history(ID, C001)
    told = [
        int(one.changes[0].after["value"].split()[0]) for one in steps if one.by and one.changes
    ]
    assert told == list(range(1, 21))


async def test_taps_of_one_chat_at_two_workers_wait_for_each_other(
    workers: list[Store],
) -> None:
    await opened(workers[0])
    await asyncio.gather(*(insist(workers[n % 2], f"n{n}", n) for n in range(1, 31)))
    seats = [await seated(store) for store in workers]
    assert seats[0] == seats[1]
    assert seats[0].applied == set(map(str, range(1, 31)))
    assert seats[0].session.cursor.card == 30
    assert seats[0].version == 31  # it was made, and answered thirty times


async def test_a_tap_on_a_case_that_the_chat_has_left_at_another_worker_is_a_conflict(
    workers: list[Store],
) -> None:
    await opened(workers[0])
    stale = await seated(workers[1])
    await open_case(workers[0], await seated(workers[0]), "C002")
    with pytest.raises(Conflict):
        await answer(workers[1], stale, "too late")
    assert (await workers[1].load_case(ID, C001, CHAT))[0].answers == {}


async def test_a_seat_that_was_taken_elsewhere_is_a_conflict(workers: list[Store]) -> None:
    stale = await seated(workers[1])
    await workers[0].create_inspection(tiny_inspection("kent"), tiny_pack(), [], at=AT)
    await workers[0].add_member("kent", CHAT, INSPECTOR, at=AT)
    after = Session("I1", "cy")
    with pytest.raises(Conflict):
        await keep(workers[1], stale, after, 3, event="LanguageChosen")
    assert (await seated(workers[1])).session.language is None


async def test_one_of_many_joins_with_an_invitation(workers: list[Store]) -> None:
    invitation = Invitation("f" * 64, Role.INSPECTOR, "I2", "2026-12-01T00:00:00Z")
    await add_invitation(workers[0], ID, invitation, at=AT)
    member = replace(INSPECTOR, person="I2")
    outcomes = await asyncio.gather(
        *(join_with(workers[n % 2], ID, "f" * 64, f"tg-{n}", member, at=AT) for n in range(8)),
        return_exceptions=True,
    )
    assert [type(one) for one in outcomes].count(Conflict) == 7
    (joined,) = [chat for chat, one in (await workers[0].members(ID)).items() if one == member]
    assert (await workers[1].invitations(ID))[0].used_by == joined
    seats = [await workers[1].chat_state(f"tg-{n}") for n in range(8)]
    assert [seat.chat for seat in seats if seat] == [joined]


async def test_a_message_that_one_worker_claimed_is_another_ones_two_minutes_later(
    workers: list[Store],
) -> None:
    notice = OutboxMessage("one", ID, "tg", CHAT, "submitted", C001, AT)
    await queue(workers[0], [notice], at=AT)
    at = [f"2026-11-20T10:0{minute}:00Z" for minute in range(6)]
    assert await workers[0].claim(notice, at=at[0])
    assert not await workers[1].claim(notice, at=at[1])
    assert not await workers[0].claim(notice, at=at[1])  # which makes it last until at[3]
    assert not await workers[1].claim(notice, at=at[2])
    assert await workers[1].claim(notice, at=at[3])
    assert not await workers[0].claim(notice, at=at[4])
    await workers[1].sent(notice, at=at[4])
    assert not await workers[0].claim(notice, at=at[5])


async def test_of_many_claims_at_once_one_holds(workers: list[Store]) -> None:
    notice = OutboxMessage("one", ID, "tg", CHAT, "submitted", C001, AT)
    await queue(workers[0], [notice], at=AT)
    claims = await asyncio.gather(*(workers[n % 2].claim(notice, at=AT) for n in range(10)))
    assert claims.count(True) == 1


async def test_inspections_that_two_make_at_once_are_made_once(
    workers: list[Store],
) -> None:
    outcomes = await asyncio.gather(
        *(
            store.create_inspection(tiny_inspection(name), tiny_pack(), tiny_cases(), at=AT)
            for store, name in zip(workers, ("kent", "Kent"), strict=True)
        ),
        return_exceptions=True,
    )
    assert len([one for one in outcomes if one is None]) == 1
    assert len(await workers[0].inspections()) == 2


async def test_cases_put_by_two_at_once_are_all_there(workers: list[Store]) -> None:
    cases = [Case(f"P{number % 6}", "case-file", f"I{number}") for number in range(12)]
    await asyncio.gather(
        *(workers[n % 2].put_case(ID, case, at=AT) for n, case in enumerate(cases))
    )
    assert len(await workers[0].cases(ID)) == 9
    assert len(await workers[1].overview(ID)) == 9


async def test_the_overview_misses_no_step_that_was_under_way_while_it_was_read(
    workers: list[Store], database: str
) -> None:
    """Transactions do not end in the order in which they began."""
    slow, quick = workers
    seat = await opened(quick, "C002")
    with psycopg.connect(database) as begun:
        begun.execute(
            "update summaries set changed = pg_current_xact_id(),"
            ' summary = replace(summary::text, \'"inspector":"I1"\', \'"inspector":"I9"\')::json'
            " where log like '%C001~%'"
        )
        await answer(quick, seat, "meanwhile")
        assert [one.inspector for one in await slow.overview(ID)] == ["I1", None, "I1"]
        begun.commit()
    after = await slow.overview(ID)
    assert [one.inspector for one in after] == ["I9", None, "I9"]
    assert after[1].progress == Progress(1, 8)


async def test_the_overview_is_one_query_however_many_cases(
    workers: list[Store], monkeypatch: pytest.MonkeyPatch
) -> None:
    many = [Case(f"M{number:03}", "case-file") for number in range(300)]
    await workers[0].create_inspection(tiny_inspection("many"), tiny_pack(), many, at=AT)
    await workers[1].pack("many")
    queries: list[str] = []
    count_queries(monkeypatch, queries)
    overview = await workers[1].overview("many")
    assert [one.key for one in overview] == [case.key for case in many]
    assert len(queries) == 3  # what the inspection is, the list of its cases, the summaries
    assert [one.key for one in await workers[1].cases("many")] == [case.key for case in many]


async def test_an_append_is_one_round_trip_however_many_logs(
    workers: list[Store], monkeypatch: pytest.MonkeyPatch
) -> None:
    journal = workers[0].journal
    logs = [f"inspections/x/cases/C{n:03}" for n in range(300)]
    queries: list[str] = []
    count_queries(monkeypatch, queries)
    await journal.append([Entry(log, 0, {"t": {"x": {}}}, AT, "Made") for log in logs])
    assert len(queries) == 1
    await workers[1].journal.read_many(logs)
    assert len(queries) == 2


async def test_a_chat_that_somebody_holds_too_long_is_told_and_waits_no_longer(
    database: str, workers: list[Store], monkeypatch: pytest.MonkeyPatch
) -> None:
    session = postgres_database._SESSION.replace("lock_timeout = '5s'", "lock_timeout = '50ms'")
    monkeypatch.setattr(postgres_database, "_SESSION", session)
    store = await open_worker(database)
    seat = await opened(store)
    with psycopg.connect(database) as held:
        held.execute("select 1 from logs where name like 'chats/%' for update")
        with pytest.raises(NotSaved, match="has held the same case or chat"):
            await answer(store, seat, "waited", 1)
    await answer(store, seat, "went on", 1)
    await store.close()


# --- rows ----------------------------------------------------------------------------------------


async def test_one_answer_is_one_line_of_its_case_and_one_statement(
    workers: list[Store], database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    seat = await opened(workers[0])
    before = fetch(database, "select count(*) from steps")
    queries: list[str] = []
    count_queries(monkeypatch, queries)
    await answer(workers[0], seat, "seen", update=4_711)
    assert len(queries) == 2  # the append, and where the chat is then
    assert fetch(database, "select count(*) from steps") == [(int(str(before[0][0])) + 1,)]
    ((n, line),) = fetch(
        database,
        "select n, line from steps where log like '%C001~case-file' order by n desc limit 1",
    )
    assert n == 2  # it was made, and answered
    assert isinstance(line, dict)
    assert (line["by"], line["event"]) == ("I1", "TextReceived")
    assert line["set"]["answers"] == {
        "remarks": {"value": "seen", "note": None, "by": "I1", "at": AT}
    }
    assert line["set"]["chats"] == {CHAT: {"card": 1, "questions": ["remarks"]}}
    assert line["set"]["updates"]["4711"]["chat"] == CHAT


def count_queries(monkeypatch: pytest.MonkeyPatch, queries: list[str]) -> None:
    real = postgres_database.Database.rows

    async def counted(
        self: postgres_database.Database, query: str, *arguments: object
    ) -> list[postgres_database.Row]:
        queries.append(query)
        return await real(self, query, *arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(postgres_database.Database, "rows", counted)


@given(
    st.recursive(
        st.none()
        | st.booleans()
        | st.integers(-(2**63), 2**64 - 1)
        | st.floats(allow_nan=False, allow_infinity=False)
        | st.text(st.characters(codec="utf-8") | st.sampled_from("\0\ufdd0f01"), max_size=8),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text("a\0\ufdd0"), inner),
        max_leaves=8,
    )
)
@settings(max_examples=100, deadline=None, suppress_health_check=list(HealthCheck))
def test_documents_come_back_exactly(postgres: str, document: object) -> None:
    """From a line and from a log's tables; json, not jsonb, keeps the order of keys, too."""
    text = orjson.dumps({"a": document}).decode()
    with psycopg.connect(postgres) as connection:
        row = connection.execute("select %s::json::text", (text,)).fetchone()
    assert row == (text,)


# --- damage ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "damage",
    [
        "update steps set hash = 'x' where log = '{log}' and n = {n}",
        "delete from steps where log = '{log}' and n = {n}",
        "delete from steps where log = '{log}' and n = 2",
        "update logs set hash = 'x' where name = '{log}'",
        "update logs set version = version + 1 where name = '{log}'",
        "update steps set line = '{{}}' where log = '{log}' and n = {n}",
        """update logs set tables = '{{"case": 1}}', folded = version, folded_hash = hash
           where name = '{log}'""",
    ],
)
async def test_a_damaged_case_is_refused_by_name_and_the_others_go_on(
    workers: list[Store], database: str, damage: str
) -> None:
    await answer(workers[0], await opened(workers[0]), "seen")
    ((log, n),) = fetch(
        database, "select name, version from logs where name like '%C001~case-file'"
    )
    run(database, damage.format(log=log, n=n))
    store = await open_worker(database)
    with pytest.raises(Damaged, match="C001~case-file"):
        await store.load_case(ID, C001, CHAT)
    with pytest.raises(Damaged):
        await store.cases(ID)
    assert (await seated(store)).session.case is None
    await answer(store, await opened(store, "C002"), "goes on")
    await store.close()


@pytest.mark.parametrize(
    ("damage", "told"),
    [
        ("update steps set line = '{{}}' where log = '{log}' and n = 1", "step 1: it says format"),
        (
            "update steps set line = replace(line::text, AT, '')::json where log = '{log}'"
            " and n = 1".replace("AT", f"'{AT}'"),
            "step 1: it was changed",
        ),
        ("delete from steps where log = '{log}' and n = 1", "step 1: it does not follow"),
        (
            "update logs set tables = '{{}}', folded = 1 where name = '{log}'",
            "not what its steps come to",
        ),
    ],
)
async def test_the_history_checks_every_step(
    workers: list[Store], database: str, damage: str, told: str
) -> None:
    await answer(workers[0], await opened(workers[0]), "seen")
    ((log,),) = fetch(database, "select name from logs where name like '%C001~case-file'")
    run(database, damage.format(log=log))
    store = await open_worker(database)
    with pytest.raises(Damaged, match=f"C001.*{told}"):
        await store.journal.lines(str(log))
    await store.close()


async def test_a_changed_copy_of_the_pack_is_refused(workers: list[Store], database: str) -> None:
    run(database, "update blobs set content = '{}'")
    store = await open_worker(database)
    with pytest.raises(Damaged, match="pack"):
        await store.pack(ID)
    await store.close()


# --- tables ------------------------------------------------------------------------------------


async def test_workers_that_start_at_once_make_the_tables_once(database: str) -> None:
    stores = await asyncio.gather(*(open_worker(database) for _ in range(6)))
    done = fetch(database, "select number, name from casewalk_migrations order by number")
    files = sorted(postgres_database.MIGRATIONS.glob("*.sql"))
    assert done == [(number, path.stem) for number, path in enumerate(files, 1)]
    for store in stores:
        assert await store.inspections() == []
        await store.close()


async def test_an_older_database_is_brought_up_to_date_with_what_it_holds(
    workers: list[Store],
    database: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    files = sorted(postgres_database.MIGRATIONS.glob("*.sql"))
    for path in files:
        (tmp_path / path.name).write_bytes(path.read_bytes())
    (tmp_path / "0099_next.sql").write_text("alter table leases add column since text")
    monkeypatch.setattr(postgres_database, "MIGRATIONS", tmp_path)
    newer = await open_worker(database)
    assert await newer.cases(ID) == tiny_cases()
    assert fetch(database, "select since from leases") == []
    await newer.close()
    monkeypatch.undo()
    with pytest.raises(StoreError, match="newer Casewalk"):
        await open_worker(database)


async def test_a_migration_that_fails_leaves_nothing(
    database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = sorted(postgres_database.MIGRATIONS.glob("*.sql"))[0]
    (tmp_path / first.name).write_bytes(first.read_bytes())
    (tmp_path / "0002_wrong.sql").write_text("create table x (a int); select no_such_thing()")
    monkeypatch.setattr(postgres_database, "MIGRATIONS", tmp_path)
    with pytest.raises(StoreError, match="SQLSTATE 42883"):
        await open_worker(database)
    assert fetch(database, "select to_regclass('x'), to_regclass('logs')") == [(None, None)]


# --- a server that goes and comes --------------------------------------------------------------


async def test_a_server_that_goes_is_told_and_one_that_comes_back_is_gone_on_with(
    own_postgres: PostgresServer, own_database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with two_workers(own_database) as (store, other):
        seat = await answer(store, await opened(store), "before", 1)
        await asyncio.gather(*(store.members(ID) for _ in range(8)))  # many connections
        with monkeypatch.context() as impatient:
            impatient.setattr(postgres_database, "POOL_SECONDS", 0.3)
            run(
                own_database, "checkpoint"
            )  # else it recovers what every test before this one wrote
            own_postgres.kill()
            try:
                with pytest.raises(NotSaved, match="see that it is running"):
                    await answer(store, seat, "lost", 2)
                with pytest.raises(NotSaved):
                    await store.chat_state(CHAT)
            finally:
                own_postgres.start()
        assert await seated(other) == seat
        assert await seated(store) == seat
        await answer(store, seat, "after", 2)
        case, _, _ = await other.load_case(ID, C001, CHAT)
        assert case.answers["remarks"].value == "after"


async def test_a_connection_that_is_ended_in_a_step_leaves_all_of_it_or_nothing(
    workers: list[Store], database: str
) -> None:
    """As long as a step is not told to be kept, it is taken anew; it is never there twice."""
    store = workers[0]
    await opened(store)
    for number in range(1, 16):
        killed = asyncio.create_task(asyncio.to_thread(_end_connections, database))
        while True:
            try:
                await insist(store, f"n{number}", number)
                break
            except NotSaved:
                await asyncio.sleep(0.01)
        await killed
    steps = await workers[0].history(ID, C001)
    values = [one.changes[0].after["value"] for one in steps if one.changes and one.by == "I1"]
    assert values == [f"n{number}" for number in range(1, 16)]


def _end_connections(database: str) -> None:
    run(
        database,
        "select pg_terminate_backend(pid) from pg_stat_activity"
        " where application_name = 'casewalk' and pid <> pg_backend_pid()",
    )
