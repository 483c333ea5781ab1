"""The notes of where each log ends: what was cut is refused, what others wrote is taken in.

The serving bot's overview looks at no file that nobody wrote, and misses nothing written.
"""

from __future__ import annotations

import os
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from criteria.case import Case, Status
from criteria.relevance import Progress
from dialogs.session import Session
from storage.ends import Ends
from storage.errors import Conflict, Damaged
from storage.file_journal import FileJournal
from storage.journal import Entry, Line
from storage.store import Store
from tests.changing import add_case, change_case, remember_bot
from tests.storage.conftest import keep
from tests.storage.tiny import AT, CHAT, INSPECTOR, tiny_cases, tiny_inspection, tiny_pack

ID = "cheshire-2011"


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


async def test_what_nobody_wrote_is_not_looked_at(
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
    assert not [path for path in seen if "/cases/" in path]


async def test_the_bots_own_steps_are_counted(bot: Store) -> None:
    await bot.overview(ID)
    seat = await bot.chat_state(CHAT)
    case, version = await load(bot, 0)
    question = tiny_pack().case_form.by_name["q1"]
    after = replace(case.answered(question, "yes", "I1", AT), status=Status.IN_PROGRESS)
    assert seat is not None
    await keep(bot, seat, Session("I1", case=after), 7, version=version)
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


async def test_a_case_that_a_killed_command_had_in_hand_is_looked_at_each_time(
    bot: Store, tmp_path: Path
) -> None:
    await bot.overview(ID)
    log = f"inspections/{ID}/cases/C001~case-file"
    with (tmp_path / "ends").open("a") as notes:
        notes.write(f'{{"log":"{log}.jsonl"}}\n')  # and killed before the end could be noted
    await bot.overview(ID)
    command = FileJournal(tmp_path)
    case, version = await load(Store(command), 0)
    command.ends._write = lambda *_, **__: None  # type: ignore[method-assign]
    head = {"case": case.case, "form": case.form, "inspector": "I1", "status": "submitted"}
    await command.append([Entry(log, version, {"case": {"case": head}}, AT, "Submitted")])
    assert (await statuses(bot))[0] is Status.SUBMITTED


async def test_a_conflict_leaves_nothing_in_hand(bot: Store, tmp_path: Path) -> None:
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
    ends = Ends(tmp_path)
    ends.refresh()
    assert ends.changed_since(10_000)[1] == []


def test_a_note_that_is_half_there_is_read_when_it_is_whole(tmp_path: Path) -> None:
    ends, path, name = Ends(tmp_path), tmp_path / "ends", str(tmp_path / "bot.jsonl")
    ends.refresh()
    assert ends.changed_since(0) == (0, [])
    path.write_text('{"log":"bot.jsonl","end":')
    ends.refresh()
    assert ends.end(name) is None
    path.write_text('{"log":"bot.jsonl","end":7,"hash":"a"}\nrubbish\n{"log":"x"')
    ends.refresh()
    assert ends.end(name) == (7, "a")
    assert ends.changed_since(0) == (1, [name])
    assert ends.changed_since(1) == (1, [])


async def test_the_notes_stay_few(bot: Store, tmp_path: Path) -> None:
    for number in range(20):
        await remember_bot(bot, f"bot_{number}")
    before = len((tmp_path / "ends").read_bytes().splitlines())
    await bot.close()
    again = FileJournal(tmp_path, exclusive=True)
    assert len((tmp_path / "ends").read_bytes().splitlines()) < before - 18
    assert (await again.read("bot")).version == 20
    await again.close()


async def test_without_notes_everything_is_read_as_it_stands(bot: Store, tmp_path: Path) -> None:
    """A power loss may take them; so may whoever restores a backup without them."""
    before = await bot.cases(ID)
    (tmp_path / "ends").write_bytes(b"\0\0\0")
    assert await Store(FileJournal(tmp_path)).cases(ID) == before
    (tmp_path / "ends").unlink()
    assert await Store(FileJournal(tmp_path)).cases(ID) == before
    assert await bot.cases(ID) == before
    await remember_bot(bot, "it_goes_on")


async def test_a_log_that_was_cut_is_refused_by_the_bot_that_starts_and_by_a_command(
    bot: Store, tmp_path: Path
) -> None:
    seat = await bot.chat_state(CHAT)
    assert seat is not None
    case, version = await load(bot, 0)
    await keep(bot, seat, Session("I1", case=replace(case, inspector="I9")), 7, version=version)
    await bot.close()
    path = tmp_path / f"inspections/{ID}/cases/C001~case-file.jsonl"
    path.write_bytes(path.read_bytes().splitlines(keepends=True)[0])
    for exclusive in (False, True, True):
        store = Store(FileJournal(tmp_path, exclusive=exclusive))
        with pytest.raises(Damaged, match="it was cut: lines after line 1"):
            await store.load_case(ID, tiny_cases()[0].key, CHAT)
        with pytest.raises(Damaged):
            await store.journal.lines(f"inspections/{ID}/cases/C001~case-file")
        assert [one.damaged is None for one in await store.overview(ID)] == [False, True, True]
        assert len(await store.members(ID)) == 1
        await store.close()


async def test_a_log_that_was_rewritten_beside_the_bot_is_not_taken_for_cut(
    bot: Store, tmp_path: Path
) -> None:
    command = FileJournal(tmp_path)

    def without_by(line: Line) -> Line:
        return line._replace(by=None)

    for log in (f"inspections/{ID}/inspection", f"chats/{CHAT}"):
        before = await bot.journal.read(log)
        await command.rewrite(log, without_by)
        after = await bot.journal.read(log)
        assert (after.version, after.tables) == (before.version, before.tables)
        assert after.hash != before.hash
    await bot.add_member(ID, "tg-90", replace(INSPECTOR, person="I90"), at=AT)
    assert len(await Store(FileJournal(tmp_path)).members(ID)) == 2
