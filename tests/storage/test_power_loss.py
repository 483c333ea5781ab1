"""Power loss at any moment: the store comes back as it was before the step or after it.

What was acknowledged is there. ``CASEWALK_POWER_LOSS=full`` tries every point, every byte of a torn
write and more mixtures; without, a part of them, drawn with the seed.
"""

from __future__ import annotations

import os
import random
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from storage.encryption import Key, make_key
from storage.file_journal import FileJournal
from storage.store import Store
from tests.storage.disk import (
    EVERYTHING,
    NOTHING,
    Disk,
    Files,
    Kept,
    Killed,
    Kind,
    Trouble,
    lay_out,
    left_by_power_loss,
    without_fsync,
)
from tests.storage.script import (
    ID,
    PHOTO,
    PHOTO_NAME,
    STEPS,
    Snapshot,
    snapshot,
)

pytestmark = pytest.mark.long

FULL = os.environ.get("CASEWALK_POWER_LOSS") == "full"
SEED = int(os.environ.get("CASEWALK_SEED", "20111"))
MIXTURES = 24 if FULL else 2
SHORT_SHARE = 0.25

KEYS = {"plain": None, "encrypted": Key.from_text(make_key())}


@pytest.fixture(params=list(KEYS))
def key(request: pytest.FixtureRequest) -> Key | None:
    return KEYS[request.param]


class Recorded:
    """The session on a disk: what was done, where each step began and ended, what stood then."""

    def __init__(self, disk: Disk) -> None:
        self.log = disk.log
        self.ends: list[int] = []
        self.seen: list[Snapshot] = []

    def step_at(self, point: int) -> int:
        """The step that the first ``point`` calls break off in; those before were acknowledged."""
        return sum(end <= point for end in self.ends) - 1


async def _recorded(root: Path, key: Key | None) -> Recorded:
    """``ends[0]`` is the store's opening."""
    disk = Disk(root)
    recorded = Recorded(disk)
    with disk.under():
        store = Store(FileJournal(root / "store", exclusive=True, key=key))
        recorded.ends.append(len(disk.log))
        recorded.seen.append(await snapshot(store))
        for _, act in STEPS:
            await act(store)
            recorded.ends.append(len(disk.log))
            recorded.seen.append(await snapshot(store))
        await store.close()
    return recorded


def _remains(recorded: Recorded, point: int, chance: random.Random) -> Iterator[Kept]:
    """What may be left of the first ``point`` calls."""
    yield from (NOTHING, EVERYTHING, Kept(names=1.0), Kept(contents=1.0))
    last = recorded.log[point - 1] if point else None
    if last is not None and last.kind == "write":
        lengths = range(1, len(last.data)) if FULL else chance.sample(range(len(last.data)), 2)
        yield from (Kept(names=1.0, torn=length) for length in lengths)
    for _ in range(MIXTURES):
        yield Kept(chance.random(), chance.random(), chance.randrange(600))


async def test_every_point_of_a_session_recovers_to_before_or_after_the_step(
    tmp_path: Path, key: Key | None
) -> None:
    recorded = await _recorded(tmp_path / "disk", key)
    chance, tried = random.Random(SEED), 0  # noqa: S311
    met: set[int] = set()
    for point in range(recorded.ends[0], len(recorded.log) + 1):
        step = recorded.step_at(point)
        for kept in _remains(recorded, point, chance):
            if not FULL and kept is not NOTHING and chance.random() > SHORT_SHARE:
                continue
            files = left_by_power_loss(recorded.log[:point], kept)
            if (content := _hash(files, step)) in met:
                continue
            met.add(content)
            tried += 1
            folder = lay_out(files, tmp_path / f"{tried}")
            place = (
                f"seed {SEED}, call {point} in step {STEPS[min(step, len(STEPS) - 1)][0]!r}, {kept}"
            )
            with without_fsync():
                await _check_recovery(folder / "store", key, recorded, step, place)
            shutil.rmtree(folder)
    print(f"{tried} states after a power loss, 0 of them unreadable or short of an answer")  # noqa: T201
    assert tried > (2_000 if FULL else 90)


async def _check_recovery(
    folder: Path, key: Key | None, recorded: Recorded, step: int, place: str
) -> None:
    """Before or after the step that was under way; and from there the session goes on."""
    store = Store(FileJournal(folder, exclusive=True, key=key))
    try:
        seen = await snapshot(store)
        before, after = recorded.seen[step], recorded.seen[min(step + 1, len(STEPS))]
        assert seen in (before, after), place
        for _, act in STEPS[step + (seen == after) :]:
            await act(store)
        assert await snapshot(store) == recorded.seen[-1], place
    finally:
        await store.close()


def _hash(files: Files, step: int) -> int:
    return hash((step, *sorted((name, str(content)) for name, content in files.items())))


async def test_what_a_killed_process_left_undone_is_made_durable_by_the_next(
    tmp_path: Path, key: Key | None
) -> None:
    """Killed at any call; the next process goes on to the end; then the power goes, too."""
    recorded = await _recorded(tmp_path / "disk", key)
    chance, tried = random.Random(SEED), 0  # noqa: S311
    for point in range(recorded.ends[0], len(recorded.log)):
        if not FULL and chance.random() > SHORT_SHARE:
            continue
        tried += 1
        root = tmp_path / f"{tried}"
        disk = Disk(root)
        with disk.under():
            done = await _killed_at(disk, point, key)
            store = Store(FileJournal(root / "store", exclusive=True, key=key))
            seen = await snapshot(store)
            after_next = recorded.seen[min(done + 1, len(STEPS))]
            for _, act in STEPS[done + (seen == after_next) :]:
                await act(store)
            assert await snapshot(store) == recorded.seen[-1], f"killed at call {point}"
            await store.close()
        folder = lay_out(left_by_power_loss(disk.log, NOTHING), tmp_path / f"{tried}-after")
        after = Store(FileJournal(folder / "store", key=key))
        assert await snapshot(after) == recorded.seen[-1], (
            f"killed at call {point}, then power loss"
        )
        shutil.rmtree(root)
        shutil.rmtree(folder)
    print(f"{tried} kills followed by a power loss, 0 acknowledged steps lost")  # noqa: T201
    assert tried > 20


async def _killed_at(disk: Disk, point: int, key: Key | None) -> int:
    """Run the session until so many calls are done; return how many steps were acknowledged."""

    def kill(_kind: Kind, _path: Path) -> Trouble | None:
        return "kill" if len(disk.log) >= point else None

    store, done = Store(FileJournal(disk.root / "store", exclusive=True, key=key)), 0
    disk.fault = kill
    try:
        for _, act in STEPS:
            await act(store)
            done += 1
    except Killed:
        pass
    await store.close()
    disk.fault = lambda _kind, _path: None
    disk.begin_another_process()
    return done


async def test_a_photo_that_a_killed_process_put_there_is_durable_once_it_is_acknowledged(
    tmp_path: Path,
) -> None:
    disk = Disk(tmp_path / "disk")
    with disk.under():
        store = Store(FileJournal(disk.root / "store"))
        await STEPS[0][1](store)
        killed = [call.kind for call in disk.log].count("rename") + 1

        def kill(_kind: Kind, _path: Path) -> Trouble | None:
            renamed = [call.kind for call in disk.log].count("rename")
            return "kill" if renamed == killed else None

        disk.fault = kill
        with pytest.raises(Killed):
            await store.keep_file(ID, PHOTO_NAME, PHOTO)
        disk.fault = lambda _kind, _path: None
        disk.begin_another_process()
        await Store(FileJournal(disk.root / "store")).keep_file(ID, PHOTO_NAME, PHOTO)
    left = lay_out(left_by_power_loss(disk.log, NOTHING), tmp_path / "left")
    assert await Store(FileJournal(left / "store")).file(ID, PHOTO_NAME, None) == PHOTO
