"""Changing a store's key: at any moment under the one or the other."""

from __future__ import annotations

import os
import shutil
from itertools import pairwise
from pathlib import Path

import pytest

from criteria.case import Case
from storage.disk import make_folder, sync_path, write_durably
from storage.encryption import MARKER, Key, KeyRefused
from storage.errors import Damaged, InUse, StoreError, WrongKey
from storage.rekey import rekey
from storage.store_files import appended_files, whole_files
from tests.changing import add_case, change_case
from tests.storage.disk import (
    EVERYTHING,
    NOTHING,
    Call,
    Disk,
    Kept,
    Killed,
    Kind,
    Trouble,
    lay_out,
    left_by_power_loss,
    without_fsync,
)
from tests.storage.encrypted import C001, KEY, OTHER, contents, make, opened_store
from tests.storage.examining import examine_folder
from tests.storage.script import ID, PHOTO, PHOTO_NAME, Snapshot, snapshot
from tests.storage.tiny import AT, CHAT

FULL = os.environ.get("CASEWALK_POWER_LOSS") == "full"

CHANGES: list[tuple[Key | None, Key | None]] = [(None, KEY), (KEY, OTHER), (KEY, None)]

IDS = ["plain to encrypted", "to another key", "back to plain"]


@pytest.mark.parametrize(("old", "new"), CHANGES, ids=IDS)
async def test_a_store_is_the_same_under_another_key(
    tmp_path: Path, old: Key | None, new: Key | None
) -> None:
    before = await make(tmp_path, old)
    plain = tmp_path / f"inspections/{ID}/cases/C002~case-file.jsonl"
    with plain.open("ab") as torn:
        torn.write(b'{"v":1,' if old is None else b"casewalk-")
    files = len([*appended_files(tmp_path), *whole_files(tmp_path)])
    assert rekey(tmp_path, old, new) == files
    assert await snapshot(opened_store(tmp_path, key=new)) == before
    assert await examine_folder(tmp_path, new) == []
    with pytest.raises(KeyRefused):
        opened_store(tmp_path, key=old)
    assert rekey(tmp_path, old, new) == 0, "once more changes nothing"


async def test_there_and_back_again_is_byte_for_byte_the_same(tmp_path: Path) -> None:
    await make(tmp_path, None)
    before = {path: path.read_bytes() for path in appended_files(tmp_path)}
    for old, new in pairwise((None, KEY, OTHER, None)):
        rekey(tmp_path, old, new)
    assert {path: path.read_bytes() for path in appended_files(tmp_path)} == before
    assert not (tmp_path / MARKER).exists()


@pytest.mark.long
@pytest.mark.parametrize(("old", "new"), CHANGES, ids=IDS)
async def test_a_change_that_was_interrupted_is_refused_and_then_finished(
    tmp_path: Path, old: Key | None, new: Key | None
) -> None:
    """Killed before every call, and with the power gone at that moment."""
    before = await make(tmp_path / "store", old)
    store = contents(tmp_path / "store")
    copied = len(_rekeyed(tmp_path / "copied", store, old, new, 0))
    calls = len(_rekeyed(tmp_path / "whole", store, old, new, None)) - copied
    points = range(0, calls, 1 if FULL else 7)
    for point in points:
        log = _rekeyed(tmp_path / "disk", store, old, new, point)
        for kept in (NOTHING, EVERYTHING, Kept(names=1.0), Kept(contents=1.0)):
            folder = lay_out(left_by_power_loss(log, kept), tmp_path / "left")
            with without_fsync():
                await _check_finished(folder / "store", old, new, before)
            shutil.rmtree(folder)
        shutil.rmtree(tmp_path / "disk")
    print(f"stopped at {len(points)} calls, 0 stores lost to a change of key")  # noqa: T201
    assert len(points) > 10


def _rekeyed(
    root: Path, store: dict[Path, bytes], old: Key | None, new: Key | None, stop: int | None
) -> list[Call]:
    """Change the key on a disk that stops after so many calls. Gives all calls."""
    disk = Disk(root)
    with disk.under():
        for name, content in store.items():
            path = root / "store" / name
            make_folder(path.parent)
            write_durably(path, content)
            sync_path(path.parent)
        begun = len(disk.log)

        def fault(_kind: Kind, _path: Path) -> Trouble | None:
            return "kill" if stop is not None and len(disk.log) - begun >= stop else None

        disk.fault = fault
        try:
            rekey(root / "store", old, new)
        except Killed:
            disk.begin_another_process()
    return disk.log


async def _check_finished(folder: Path, old: Key | None, new: Key | None, before: Snapshot) -> None:
    for key in (old, new):
        try:
            store = opened_store(folder, key=key)
        except KeyRefused:
            continue
        assert await snapshot(store) == before  # not begun, or at its end
    rekey(folder, old, new)
    assert await snapshot(opened_store(folder, key=new)) == before
    assert await examine_folder(folder, new) == []


async def test_no_other_keys_are_taken_while_a_change_is_under_way(tmp_path: Path) -> None:
    before = await make(tmp_path, None)
    (tmp_path / MARKER).write_text(f'{{"v":1,"key":"{KEY.id}","was":null}}')
    for key in (None, KEY):
        with pytest.raises(KeyRefused, match="is being changed"):
            opened_store(tmp_path, key=key)
    with pytest.raises(KeyRefused, match=f"from no encryption to key {KEY.id} was begun"):
        rekey(tmp_path, None, OTHER)
    rekey(tmp_path, KEY, None)  # back to where it was
    assert await snapshot(opened_store(tmp_path)) == before


async def test_a_wrong_old_key_changes_nothing(tmp_path: Path) -> None:
    before = await make(tmp_path, KEY)
    for old in (None, OTHER):
        with pytest.raises(KeyRefused, match="nothing was changed"):
            rekey(tmp_path, old, None if old else OTHER)
    assert await snapshot(opened_store(tmp_path, key=KEY)) == before


async def test_a_damaged_file_stops_a_change_before_it_begins(tmp_path: Path) -> None:
    await make(tmp_path, None)
    path = tmp_path / f"inspections/{ID}/cases/C002~case-file.jsonl"
    path.write_bytes(path.read_bytes().replace(b"C002", b"C003"))
    with pytest.raises(Damaged, match="C002"):
        rekey(tmp_path, None, KEY)
    assert not (tmp_path / MARKER).exists()
    await opened_store(tmp_path).inspection(ID)


async def test_a_log_that_was_cut_stops_a_change_before_it_begins(tmp_path: Path) -> None:
    await make(tmp_path, KEY)
    path = tmp_path / f"inspections/{ID}/cases/C001~case-file.jsonl"
    path.write_bytes(b"".join(path.read_bytes().splitlines(keepends=True)[:-1]))
    with pytest.raises(Damaged, match="it was cut"):
        rekey(tmp_path, KEY, OTHER)
    assert KEY.id in (tmp_path / MARKER).read_text()


async def test_the_bot_must_be_stopped_for_a_change(tmp_path: Path) -> None:
    await make(tmp_path, None)
    bot = opened_store(tmp_path, exclusive=True)
    with pytest.raises(InUse):
        rekey(tmp_path, None, KEY)
    await bot.close()


async def test_a_command_that_had_the_store_open_is_refused_after_a_change(tmp_path: Path) -> None:
    await make(tmp_path, None)
    store = opened_store(tmp_path)
    case, _, version = await store.load_case(ID, C001, CHAT)
    rekey(tmp_path, None, KEY)
    with pytest.raises(WrongKey):
        await change_case(
            store, ID, case.assigned("I9"), expect=version, by="L1", at=AT, event="Assigned"
        )
    with pytest.raises(WrongKey):
        await add_case(store, ID, Case("C050", "case-file"), by=None, at=AT)
    assert await examine_folder(tmp_path, KEY) == []


async def test_a_change_leaves_nothing_under_the_old_key(tmp_path: Path) -> None:
    await make(tmp_path, None)
    (tmp_path / f"inspections/{ID}/files/.making-x-1").write_bytes(PHOTO)
    (tmp_path / "inspections/.making-y").mkdir()
    (tmp_path / "inspections/.making-y/pack.json").write_bytes(b"{}")
    rekey(tmp_path, None, KEY)
    assert not [path for path in contents(tmp_path) if ".making" in str(path)]
    photo = (tmp_path / f"inspections/{ID}/files/{PHOTO_NAME}").read_bytes()
    assert PHOTO[:20] not in photo


def test_there_is_nothing_to_change_where_there_is_no_store(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="no store"):
        rekey(tmp_path / "none", None, KEY)
