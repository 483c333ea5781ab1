"""A copy of the store's folder, taken while a bot serves from it, is a store as it was."""

from __future__ import annotations

import asyncio
import shutil
from contextlib import suppress
from pathlib import Path

import pytest

from bot.pipeline import Pipeline
from bot.reports.inspection_report import inspection_report
from criteria.case import Case, CaseKey
from criteria.case_status import initial_status
from criteria.inspection import Inspection, Member, Role
from storage.encryption import Key, make_key
from storage.exports import EXPORTS
from storage.file_journal import FileJournal
from storage.store import Store
from tests.bot.telegram_harness import serving
from tests.bot.test_conversation_telegram import AT, now
from tests.storage.examining import examine_folder, mend_folder
from tests.telegram_server import TelegramServer, User
from tests.walk import tiny_pack

INSPECTORS = 4
COPIES = 8


class Answering:
    """An inspector who changes their mind for ever; ``acknowledged`` is what the bot confirmed."""

    def __init__(self, user: User, case: str) -> None:
        self.user, self.case = user, case
        self.acknowledged: list[str] = []

    async def go_on(self, stop: asyncio.Event) -> None:
        await self.user.send(f"/case {self.case}")
        await self.user.send("male")
        while not stop.is_set():
            value = "no" if len(self.acknowledged) % 2 else "yes"
            await self.user.send("/goto B1")
            await self.user.send(value)
            await self.user.sees(f"✓ B1 {value.capitalize()}")
            self.acknowledged.append(value)


def back_up(live: Path, copy: Path) -> None:
    """First what tells of the logs' ends, and what is being written to several: then the logs."""
    (copy / "pending").mkdir(parents=True, mode=0o700)
    shutil.copy2(live / "ends", copy / "ends")
    for path in (live / "pending").glob("*"):
        with suppress(FileNotFoundError):  # it is written by now
            shutil.copy2(path, copy / "pending" / path.name)
    rest = shutil.ignore_patterns("ends", "pending")
    shutil.copytree(live, copy, ignore=rest, dirs_exist_ok=True)


def case_of(person: str) -> str:
    return f"C00{person[1:]}"


async def values(store: Store, case: str) -> list[str]:
    """Every answer that was ever given to B1."""
    history = await store.history("week", CaseKey(case, "case-file"))
    changes = [change for entry in history for change in entry.changes if change.name == "told"]
    return [change.after["value"] for change in changes if change.after is not None]


async def exported(store: Store) -> dict[str, bytes]:
    report = await inspection_report(store, await store.inspection("week"), made_at=AT)
    return {name: EXPORTS[name].make(report) for name in ("json", "csv")}


@pytest.mark.long
@pytest.mark.parametrize("key", [None, Key.from_text(make_key())], ids=["plain", "encrypted"])
async def test_copies_taken_under_a_running_bot_hold_all_that_was_acknowledged(
    tmp_path: Path, key: Key | None
) -> None:
    live = tmp_path / "live"
    store = Store(FileJournal(live, exclusive=True, key=key))
    people = [f"I{number}" for number in range(1, INSPECTORS + 1)]
    cases = [Case(case_of(one), "case-file", one, initial_status(one)) for one in people]
    pack = tiny_pack()
    inspection = Inspection("week", "Week one", pack.name, pack.version)
    await store.create_inspection(inspection, pack, cases, at=AT)
    stop = asyncio.Event()
    async with TelegramServer() as telegram:
        async with serving(telegram, Pipeline(store, now)):
            inspectors = []
            for person in people:
                user = telegram.user()
                member = Member(person, Role.INSPECTOR)
                await store.add_member("week", user.key, member, at=AT)
                inspectors.append(Answering(user, case_of(person)))
            tasks = [asyncio.create_task(one.go_on(stop)) for one in inspectors]
            copies: list[tuple[Path, list[int]]] = []
            for number in range(COPIES):
                await asyncio.sleep(0.05)
                known = [len(one.acknowledged) for one in inspectors]
                copy = tmp_path / f"copy-{number}"
                await asyncio.to_thread(back_up, live, copy)
                copies.append((copy, known))
            stop.set()
            await asyncio.gather(*tasks)
        final = [await values(store, one.case) for one in inspectors]
        wanted = await exported(store)
        await store.close()
        assert sum(map(len, final)) > COPIES
        for copy, known in copies:
            await check(copy, key, known, final)

        restored = tmp_path / "restored"
        shutil.copytree(live, restored)
        assert await examine_folder(restored, key) == []
        again = Store(FileJournal(restored, exclusive=True, key=key))
        assert await exported(again) == wanted
        async with serving(telegram, Pipeline(again, now)):
            await inspectors[0].user.send("/goto B1")
            await inspectors[0].user.send("yes")
            await inspectors[0].user.sees("✓ B1 Yes")
        await again.close()


async def check(folder: Path, key: Key | None, known: list[int], final: list[list[str]]) -> None:
    """Of each case a beginning of its history, with all that was acknowledged by then."""
    assert all("a write was cut short" in one.what for one in await examine_folder(folder, key))
    assert (await mend_folder(folder, at=AT, key=key)).left == []
    assert await examine_folder(folder, key) == []
    copied = Store(FileJournal(folder, exclusive=True, key=key))
    for number, (least, whole) in enumerate(zip(known, final, strict=True), 1):
        found = await values(copied, case_of(f"I{number}"))
        assert len(found) >= least
        assert found == whole[: len(found)]
    await copied.close()
