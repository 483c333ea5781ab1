"""The serving bot's overview: it looks at no file that nobody wrote, and misses nothing written."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest
from storage.beside import BesideLog

from criteria.case import Case, Status
from criteria.relevance import Progress
from dialogs.session import Session
from storage.store import Conflict
from tests.changing import add_case, change_case
from tests.storage.tiny import AT, CHAT, INSPECTOR, tiny_cases, tiny_inspection, tiny_pack

ID = "cheshire-2011"


@pytest.fixture
async def bot(tmp_path: Path) -> AsyncIterator[TinyDBStore]:
    store = TinyDBStore(tmp_path, exclusive=True)
    await store.create_inspection(tiny_inspection(), tiny_pack(), tiny_cases(), at=AT)
    await store.add_member(ID, CHAT, INSPECTOR, at=AT)
    yield store
    await store.close()


async def statuses(store: TinyDBStore) -> list[Status]:
    return [line.status for line in await store.overview(ID)]


async def load(store: TinyDBStore, number: int) -> tuple[Case, int]:
    case, _, version = await store.load_case(ID, tiny_cases()[number].key, CHAT)
    return case, version


async def change(store: TinyDBStore, number: int, status: Status) -> None:
    case, version = await load(store, number)
    after = replace(case, status=status)
    await change_case(store, ID, after, expect=version, by="L1", at=AT, event="CaseReturned")


async def test_what_nobody_wrote_is_not_looked_at(
    bot: TinyDBStore, monkeypatch: pytest.MonkeyPatch
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


async def test_the_bots_own_steps_are_counted(bot: TinyDBStore) -> None:
    await bot.overview(ID)
    seat = await bot.seat(CHAT)
    case, version = await load(bot, 0)
    question = tiny_pack().case_form.by_name["q1"]
    after = replace(case.answered(question, "yes", "I1", AT), status=Status.IN_PROGRESS)
    assert seat is not None
    await bot.commit(
        replace(seat, version=version),
        Session("I1", case=after),
        event="ChoiceTapped",
        at=AT,
        update=7,
    )
    line = (await bot.overview(ID))[0]
    assert line.status is Status.IN_PROGRESS
    assert line.by_criterion["c1"] == Progress(1, 2)


async def test_what_the_command_line_writes_is_taken_in(bot: TinyDBStore, tmp_path: Path) -> None:
    await bot.overview(ID)
    command = TinyDBStore(tmp_path)
    await change(command, 0, Status.RETURNED)
    assert await statuses(bot) == [Status.RETURNED, Status.UNASSIGNED, Status.ASSIGNED]
    second, _ = await load(command, 1)
    await command.put_case(ID, replace(second, status=Status.SUBMITTED), at=AT)
    await add_case(command, ID, Case("C003", "case-file"), by=None, at=AT)
    assert await statuses(bot) == [
        Status.RETURNED, Status.SUBMITTED, Status.ASSIGNED, Status.UNASSIGNED,
    ]  # fmt: skip


async def test_two_programs_write_in_turns(bot: TinyDBStore, tmp_path: Path) -> None:
    command = TinyDBStore(tmp_path)
    turns = [Status.SUBMITTED, Status.RETURNED, Status.SUBMITTED, Status.AGREED]
    for writer, status in zip((command, bot, command, bot), turns, strict=True):
        await change(writer, 0, status)
        assert (await statuses(bot))[0] is status
        assert (await statuses(command))[0] is status


async def test_a_case_that_a_killed_command_had_in_hand_is_looked_at_each_time(
    bot: TinyDBStore, tmp_path: Path
) -> None:
    command, folder = TinyDBStore(tmp_path), tmp_path / "inspections" / ID
    await bot.overview(ID)
    with (folder / "beside.log").open("a") as log:
        log.write("+ C001~case-file.jsonl\n")  # and killed before its write could be noted
    await bot.overview(ID)
    case, version = await load(command, 0)
    file = command._case_file(command._folder(ID), case.key)
    after = replace(case, status=Status.SUBMITTED)
    file.change(after, expect=version, by="L1", at=AT, event="Submitted", why=None)
    assert (await statuses(bot))[0] is Status.SUBMITTED


async def test_a_write_that_failed_is_noted_as_over(bot: TinyDBStore, tmp_path: Path) -> None:
    command = TinyDBStore(tmp_path)
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
    log = BesideLog(tmp_path / "inspections" / ID)
    assert log.written() == {"C001~case-file.jsonl"}
    assert log.written() == set()


def test_a_note_that_is_half_there_is_read_when_it_is_whole(tmp_path: Path) -> None:
    log, path = BesideLog(tmp_path), tmp_path / "beside.log"
    assert log.written() == set()
    path.write_text("+ C001~case-f")
    assert log.written() == set()
    path.write_text("+ C001~case-file.jsonl\n- C001~case-file.jsonl\n")
    assert log.written() == {"C001~case-file.jsonl"}
    assert log.written() == set()
