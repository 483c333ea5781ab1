"""Where each log ends: a cut log is refused, and what others wrote is noticed."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from criteria.case import Case
from criteria.case_status import Status
from criteria.relevance import Progress
from dialogs.session import Session
from storage.encryption import Key, make_key
from storage.ends import NO_END, Ends
from storage.errors import Conflict, Damaged
from storage.file_journal import FileJournal
from storage.journal import Entry
from storage.store import Store, case_log
from tests.changing import add_case, change_case
from tests.storage.conftest import keep
from tests.storage.tiny import AT, CHAT, INSPECTOR, tiny_cases, tiny_inspection, tiny_pack

ID = "cheshire-2011"
LOG = "inspections/x/cases/C001~case-file"


@pytest.fixture
async def bot(tmp_path: Path) -> AsyncIterator[Store]:
    store = Store(FileJournal(tmp_path, exclusive=True))
    await store.create_inspection(tiny_inspection(), tiny_pack(), tiny_cases(), at=AT)
    await store.add_member(ID, CHAT, INSPECTOR, at=AT)
    yield store
    await store.close()


async def statuses(store: Store) -> list[Status]:
    return [line.status for line in await store.overview(ID)]


async def load(store: Store, number: int) -> tuple[Case, int]:
    case, _, version = await store.load_case(ID, tiny_cases()[number].key, CHAT)
    return case, version


async def change(store: Store, number: int, status: Status) -> None:
    case, version = await load(store, number)
    after = replace(case, status=status)
    await change_case(store, ID, after, expect=version, by="L1", at=AT, event="CaseReturned")


# --- what others wrote -------------------------------------------------------------------------


async def test_a_case_that_nobody_wrote_is_not_looked_at(
    bot: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = await bot.overview(ID)
    seen: list[str] = []
    stat = os.stat

    def seeing(path: str, **more: bool) -> os.stat_result:
        seen.append(str(path))
        return stat(path, **more)

    monkeypatch.setattr(os, "stat", seeing)
    assert await bot.overview(ID) == before
    assert seen
    assert not [path for path in seen if "/cases/" in path]


async def test_the_bots_own_steps_are_counted(bot: Store) -> None:
    await bot.overview(ID)
    chat = await bot.chat_state(CHAT)
    case, version = await load(bot, 0)
    question = tiny_pack().case_form.by_name["q1"]
    after = replace(case.answered(question, "yes", "I1", AT), status=Status.IN_PROGRESS)
    assert chat is not None
    await keep(bot, chat, Session("I1", case=after), 7, version=version)
    line = (await bot.overview(ID))[0]
    assert line.status is Status.IN_PROGRESS
    assert line.by_criterion["c1"] == Progress(1, 2)


async def test_what_the_command_line_writes_is_taken_in(bot: Store, tmp_path: Path) -> None:
    await bot.overview(ID)
    command = Store(FileJournal(tmp_path))
    await change(command, 0, Status.RETURNED)
    assert await statuses(bot) == [Status.RETURNED, Status.UNASSIGNED, Status.ASSIGNED]
    second, _ = await load(command, 1)
    await command.put_case(ID, replace(second, status=Status.SUBMITTED), at=AT)
    await add_case(command, ID, Case("C003", "case-file"), by=None, at=AT)
    assert await statuses(bot) == [
        Status.RETURNED, Status.SUBMITTED, Status.ASSIGNED, Status.UNASSIGNED,
    ]  # fmt: skip


async def test_two_programs_write_in_turns(bot: Store, tmp_path: Path) -> None:
    command = Store(FileJournal(tmp_path))
    turns = [Status.SUBMITTED, Status.RETURNED, Status.SUBMITTED, Status.AGREED]
    for writer, status in zip((command, bot, command, bot), turns, strict=True):
        await change(writer, 0, status)
        assert (await statuses(bot))[0] is status
        assert (await statuses(command))[0] is status


async def test_a_case_that_a_killed_command_was_writing_is_looked_at_each_time(
    bot: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    await bot.overview(ID)
    case, version = await load(Store(FileJournal(tmp_path)), 0)
    command = FileJournal(tmp_path)
    command.ends.begin(
        [case_log(ID, case.key)]
    )  # and was killed before it could note where the log ends
    await bot.overview(ID)
    silent = FileJournal(tmp_path)
    monkeypatch.setattr(silent.ends, "_write", lambda *_: None)
    after = replace(case, status=Status.SUBMITTED)
    silently = Store(silent)
    await change_case(silently, ID, after, expect=version, by="L1", at=AT, event="Submitted")
    assert (await statuses(bot))[0] is Status.SUBMITTED


async def test_a_write_that_was_refused_changes_no_overview(bot: Store, tmp_path: Path) -> None:
    before = await bot.overview(ID)
    command = Store(FileJournal(tmp_path))
    case, version = await load(command, 0)
    with pytest.raises(Conflict):
        await change_case(
            command,
            ID,
            replace(case, status=Status.AGREED),
            expect=version + 1,
            by="L1",
            at=AT,
            event="X",
        )
    assert await bot.overview(ID) == before


# --- logs that were cut ------------------------------------------------------------------------

KEYS = {"plain": None, "encrypted": Key.from_text(make_key())}


@pytest.fixture(params=list(KEYS))
def key(request: pytest.FixtureRequest) -> Key | None:
    return KEYS[request.param]


async def written(folder: Path, key: Key | None, count: int = 3) -> FileJournal:
    journal = FileJournal(folder, key=key)
    for number in range(count):
        await journal.append([entry(number)])
    return journal


def entry(number: int) -> Entry:
    return Entry(LOG, number, {"answers": {f"q{number}": {"value": number}}}, AT, "Answered")


def cut(path: Path, lines: int = 1) -> None:
    path.write_bytes(b"".join(path.read_bytes().splitlines(keepends=True)[:-lines]))


async def test_a_log_that_was_cut_is_refused_by_the_running_and_by_another_process(
    tmp_path: Path, key: Key | None
) -> None:
    running = await written(tmp_path, key)
    reader = FileJournal(tmp_path, key=key)
    await reader.read(LOG)
    whole = (tmp_path / f"{LOG}.jsonl").read_bytes()
    for lines in (1, 2, 3):
        cut(tmp_path / f"{LOG}.jsonl", lines)
        for journal in (running, reader, FileJournal(tmp_path, key=key)):
            with pytest.raises(Damaged, match=r"C001~case-file\.jsonl: .*(gone|cut)"):
                await journal.read(LOG)
            with pytest.raises(Damaged):
                await journal.append([entry(3 - lines)])
            with pytest.raises(Damaged):
                await journal.lines(LOG)
        (tmp_path / f"{LOG}.jsonl").write_bytes(whole)
    assert (await running.read(LOG)).version == 3


async def test_a_cut_log_that_was_written_on_beside_the_store_is_refused(
    tmp_path: Path, key: Key | None
) -> None:
    await written(tmp_path, key)
    await written(tmp_path / "other", key, count=2)
    other = FileJournal(tmp_path / "other", key=key)
    another = Entry(LOG, 2, {"answers": {"q2": {"value": "another"}}}, AT, "Answered")
    await other.append([another, replace(another, log=f"{LOG}2", expect=0)])
    longer = Entry(LOG, 3, {"answers": {"q3": {"value": "x" * 900}}}, AT, "Answered")
    await other.append([longer])
    (tmp_path / "other" / f"{LOG}.jsonl").replace(tmp_path / f"{LOG}.jsonl")
    with pytest.raises(Damaged):
        await FileJournal(tmp_path, key=key).read(LOG)


async def test_a_longer_log_than_was_noted_is_fine(tmp_path: Path, key: Key | None) -> None:
    """A backup copies ``ends`` first; a power loss takes the last notes."""
    journal = await written(tmp_path, key)
    noted = (tmp_path / "ends").read_bytes()
    await journal.append([entry(3)])
    (tmp_path / "ends").write_bytes(noted)
    again = FileJournal(tmp_path, exclusive=True, key=key)
    assert (await again.read(LOG)).version == 4
    await again.append([entry(4)])
    (tmp_path / "ends").unlink()
    assert (await FileJournal(tmp_path, key=key).read(LOG)).version == 5


@pytest.mark.parametrize(
    "rubbish", [b"\0" * 900, b"\xff\xfe{", b'{"log":"inspections/x/ca', b"7\n[]\n{}\n", b"\n\n"]
)
async def test_rubbish_among_the_notes_does_no_harm(tmp_path: Path, rubbish: bytes) -> None:
    journal = await written(tmp_path, None)
    with (tmp_path / "ends").open("ab") as file:
        file.write(rubbish)
    await journal.append([entry(3)])
    await journal.append([entry(4)])
    again = FileJournal(tmp_path, exclusive=True)
    assert (await again.read(LOG)).version == 5
    await again.close()
    cut(tmp_path / f"{LOG}.jsonl")
    with pytest.raises(Damaged, match="cut"):
        await FileJournal(tmp_path).read(LOG)


async def test_who_opens_the_store_to_serve_keeps_one_note_a_log(tmp_path: Path) -> None:
    await written(tmp_path, None, count=50)
    assert len((tmp_path / "ends").read_bytes().splitlines()) > 50
    bot = FileJournal(tmp_path, exclusive=True)
    assert len((tmp_path / "ends").read_bytes().splitlines()) == 1
    beside = FileJournal(tmp_path)
    await beside.append([entry(50)])
    assert (await bot.read(LOG)).version == 51
    await bot.close()
    cut(tmp_path / f"{LOG}.jsonl")
    with pytest.raises(Damaged, match="cut"):
        await FileJournal(tmp_path, exclusive=True).read(LOG)


async def test_a_process_goes_on_with_the_notes_that_another_has_written_anew(
    tmp_path: Path,
) -> None:
    command = await written(tmp_path, None)
    bot = FileJournal(tmp_path, exclusive=True)
    await bot.append([entry(3)])
    await command.append([entry(4)])
    _, changed = await bot.summaries("inspections/x/cases", "")
    assert list(changed) == [LOG]
    since, _ = await bot.summaries("inspections/x/cases", "")
    assert (await bot.summaries("inspections/x/cases", since))[1] == {}
    await command.append([entry(5)])
    assert list((await bot.summaries("inspections/x/cases", since))[1]) == [LOG]


def test_a_note_that_is_half_there_is_read_when_it_is_whole(tmp_path: Path) -> None:
    ends, path, name = Ends(tmp_path), tmp_path / "ends", "a"
    ends.refresh()
    assert ends.end(name) == NO_END
    path.write_text('{"log":"a","end":7')
    ends.refresh()
    assert ends.end(name) == NO_END
    path.write_text('{"log":"a","end":7,"hash":"abc"}\n')
    ends.refresh()
    assert ends.end(name) == (7, "abc")


async def test_a_log_that_was_rewritten_may_be_shorter(tmp_path: Path) -> None:
    journal = await written(tmp_path, None)
    beside = FileJournal(tmp_path)
    await beside.read(LOG)
    await journal.rewrite(LOG, lambda line: line._replace(patch={}))
    for one in (journal, beside, FileJournal(tmp_path)):
        assert (await one.read(LOG)).tables == {}
