"""A disk that is full, fails, or may not be written to, at any call of a session.

Nothing is acknowledged that was not saved, what was there is intact, and the store goes on when the
disk does. ``CASEWALK_DISK_FAULTS=full`` tries every call; without, a part of them, drawn with the
seed. That the inspector is told of it is tested in :mod:`tests.bot.test_disk_faults`.
"""

from __future__ import annotations

import errno
import os
import random
import shutil
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import pytest

from criteria.case import CaseKey
from storage.encryption import Key, make_key
from storage.errors import AlreadyThere, Conflict, NotSaved
from storage.file_journal import FileJournal
from storage.store import Store
from tests.changing import remember_bot
from tests.storage.disk import NOTHING, Disk, Kind, Trouble, lay_out, left_by_power_loss
from tests.storage.script import ID, STEPS, Snapshot, snapshot
from tests.storage.tiny import CHAT

pytestmark = pytest.mark.long

FULL = os.environ.get("CASEWALK_DISK_FAULTS") == "full"
SEED = int(os.environ.get("CASEWALK_SEED", "20112"))
SHORT_SHARE = 0.025

KEYS = {"plain": None, "encrypted": Key.from_text(make_key())}
CHANGES: tuple[Kind, ...] = ("create", "write", "fsync", "ftruncate", "rename", "unlink", "mkdir")


@dataclass(frozen=True)
class Failing:
    """``kinds`` of calls fail with ``trouble``: one, or all until the disk is well again."""

    what: str
    kinds: tuple[Kind, ...]
    trouble: Trouble
    lasting: bool


THE_DISK_FAILS = Failing("the disk fails", CHANGES, errno.EIO, lasting=True)

FAILINGS = [
    Failing("the disk is full", ("create", "write", "mkdir", "rename"), errno.ENOSPC, lasting=True),
    Failing("a write found no room", ("write",), errno.ENOSPC, lasting=False),
    Failing("a write was short", ("write",), "short", lasting=False),
    Failing("every write is short", ("write",), "short", lasting=True),
    Failing("a write failed", ("write",), errno.EIO, lasting=False),
    Failing("an fsync failed", ("fsync",), errno.EIO, lasting=False),
    Failing("an fsync found no room", ("fsync",), errno.ENOSPC, lasting=False),
    THE_DISK_FAILS,
    Failing("fsyncs and cuts fail", ("fsync", "ftruncate", "unlink"), errno.EIO, lasting=True),
    Failing("a folder cannot be changed", ("create", "mkdir", "rename"), errno.EIO, lasting=False),
    Failing("the disk is read-only", CHANGES, errno.EROFS, lasting=True),
    Failing("the folder is not ours", ("create", "mkdir"), errno.EACCES, lasting=True),
]


class Breaking:
    """The fault of a disk that is well for so many calls, and then is not until it is mended."""

    def __init__(self, disk: Disk, failing: Failing, after: int) -> None:
        self._disk, self._failing, self._after = disk, failing, after
        self.met = False
        disk.fault = self.fault

    def fault(self, kind: Kind, _path: Path) -> Trouble | None:
        if len(self._disk.log) < self._after or kind not in self._failing.kinds:
            return None
        if self.met and not self._failing.lasting:
            return None
        self.met = True
        return self._failing.trouble

    def mend(self) -> None:
        self._disk.fault = lambda _kind, _path: None


def points(calls: int, share: float) -> Iterator[tuple[int, Failing]]:
    chance = random.Random(SEED)  # noqa: S311
    for point in range(calls):
        for failing in FAILINGS:
            if FULL or point == 0 or chance.random() < share:
                yield point, failing


async def _undisturbed(root: Path, key: Key | None) -> tuple[int, list[Snapshot]]:
    """How many calls the session makes, and what is seen after each step."""
    disk = Disk(root)
    with disk.under():
        store = Store(FileJournal(root / "store", key=key))
        seen = [await snapshot(store)]
        for _, act in STEPS:
            await act(store)
            seen.append(await snapshot(store))
    return len(disk.log), seen


@pytest.mark.parametrize("key", list(KEYS.values()), ids=list(KEYS))
async def test_what_a_failing_disk_did_not_take_is_said_and_the_store_goes_on(
    tmp_path: Path, key: Key | None
) -> None:
    calls, seen = await _undisturbed(tmp_path / "whole", key)
    tried = refused = 0
    for point, failing in points(calls, SHORT_SHARE):
        tried += 1
        root = tmp_path / f"{tried}"
        refused += await _session(root, key, seen, failing, point)
        shutil.rmtree(root)
    print(f"{tried} disturbed sessions, {refused} steps refused, 0 of them half done")  # noqa: T201
    assert refused > tried // 3


async def _session(
    root: Path, key: Key | None, seen: list[Snapshot], failing: Failing, point: int
) -> int:
    """Return how many steps were refused. A refused one is taken once more on a mended disk."""
    disk, refused = Disk(root), 0
    place = f"seed {SEED}, {failing.what} from call {point}"
    with disk.under():
        breaking = Breaking(disk, failing, point)
        try:
            store = Store(FileJournal(root / "store", key=key))
        except NotSaved:
            breaking.mend()
            store = Store(FileJournal(root / "store", key=key))
        for step, (name, act) in enumerate(STEPS):
            try:
                await act(store)
                continue
            except NotSaved:
                refused += 1
            for reader in (store, Store(FileJournal(root / "store", key=key))):
                stands = await snapshot(reader)
                assert stands in seen[step : step + 2], f"{place}: {name}"
            breaking.mend()
            if stands != seen[step + 1]:
                with suppress(Conflict, AlreadyThere):  # what stayed behind is finished first
                    await act(store)
            assert await snapshot(store) == seen[step + 1], f"{place}: {name}, once more"
        assert await snapshot(store) == seen[-1], place
    left = lay_out(left_by_power_loss(disk.log, NOTHING), root / "after")
    assert await snapshot(Store(FileJournal(left / "store", key=key))) == seen[-1], (
        f"{place}, power loss"
    )
    return refused


async def test_a_file_may_be_read_while_the_disk_takes_nothing(tmp_path: Path) -> None:
    disk = Disk(tmp_path / "disk")
    with disk.under():
        await STEPS[0][1](Store(FileJournal(disk.root / "store")))
        Breaking(disk, THE_DISK_FAILS, 0)
        reading = Store(FileJournal(disk.root / "store"))
        case, _, _ = await reading.load_case(ID, CaseKey("C001", "case-file"), CHAT)
    assert case.profile == {"gender": "male"}


async def test_what_can_be_seen_is_durable_once_anything_is_acknowledged(tmp_path: Path) -> None:
    """A name that could not be made durable, nor taken back, is made so with the next write."""
    whole = Disk(tmp_path / "whole")
    with whole.under():
        await STEPS[0][1](Store(FileJournal(whole.root / "store")))
    seen = 0
    for point in range(len(whole.log)):
        disk = Disk(tmp_path / f"{point}")
        with disk.under():
            store = Store(FileJournal(disk.root / "store"))
            breaking = Breaking(disk, THE_DISK_FAILS, point)
            with suppress(NotSaved):  # the last calls are notes of where logs end
                await STEPS[0][1](store)
            breaking.mend()
            await remember_bot(store, "casewalk_bot")
            stands = await store.inspections()
            seen += len(stands)
        folder = lay_out(left_by_power_loss(disk.log, NOTHING), disk.root / "x") / "store"
        left = Store(FileJournal(folder))
        assert await left.inspections() == stands, f"call {point}"
        assert await left.bot_username() == "casewalk_bot"
    assert seen
