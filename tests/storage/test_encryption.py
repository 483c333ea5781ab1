"""Encryption at rest: nothing to read, nothing to move, wrong keys told from damage, key change."""

from __future__ import annotations

import base64
import logging
import os
import shutil
import traceback
from itertools import pairwise
from pathlib import Path

import pytest

from criteria.case import Case, CaseKey
from storage.append_only_log import AppendOnlyLog
from storage.disk import make_folder, sync_path, write_durably
from storage.encryption import MARKER, Cipher, Key, KeyRefused, make_key, opened, sealed
from storage.errors import Damaged, InUse, NotSaved, StoreError, WrongKey
from storage.file_journal import FileJournal
from storage.rekey import rekey
from storage.store import Store
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
from tests.storage.examining import examine_folder
from tests.storage.script import ID, PHOTO, PHOTO_NAME, STEPS, Snapshot, snapshot
from tests.storage.tiny import AT, CHAT, tiny_cases, tiny_inspection, tiny_pack

FULL = os.environ.get("CASEWALK_POWER_LOSS") == "full"

TEXT, OTHER_TEXT = make_key(), make_key()
KEY, OTHER = Key.from_text(TEXT), Key.from_text(OTHER_TEXT)
C001 = CaseKey("C001", "case-file")


async def make(directory: Path, key: Key | None) -> Snapshot:
    """A store after the scripted session."""
    store = opened_store(directory, key=key)
    with without_fsync():
        for _, act in STEPS:
            await act(store)
    return await snapshot(store)


def opened_store(directory: Path, *, exclusive: bool = False, key: Key | None = None) -> Store:
    return Store(FileJournal(directory, exclusive=exclusive, key=key))


def contents(directory: Path) -> dict[Path, bytes]:
    return {
        path.relative_to(directory): path.read_bytes()
        for path in directory.rglob("*")
        if path.is_file()
    }


@pytest.fixture
def file(tmp_path: Path) -> AppendOnlyLog:
    file = AppendOnlyLog(tmp_path / "cases" / "C001.jsonl", Cipher(KEY, tmp_path))
    for name in ("a", "b", "c"):
        file.append({"answers": {name: {"value": f"of {name}"}}}, by="I1", at=AT, event="Set")
    return file


def read(path: Path, directory: Path, key: Key = KEY) -> dict[str, object]:
    tables = AppendOnlyLog(path, Cipher(key, directory)).refresh().tables
    return {name: one["value"] for name, one in tables.get("answers", {}).items()}


ALL = {"a": "of a", "b": "of b", "c": "of c"}


# --- the key -----------------------------------------------------------------------------------


def test_a_key_is_32_random_bytes_in_base64_and_no_two_are_alike() -> None:
    assert len(base64.urlsafe_b64decode(TEXT)) == 32
    assert len({make_key() for _ in range(100)}) == 100
    assert Key.from_text(f" {TEXT}\n").id == KEY.id != OTHER.id


def test_both_ways_to_write_base64_are_the_same_key() -> None:
    raw = bytes(range(224, 256))
    texts = {base64.b64encode(raw).decode(), base64.urlsafe_b64encode(raw).decode()}
    assert len(texts) == 2
    assert len({Key.from_text(text).id for text in texts}) == 1


@pytest.mark.parametrize(
    "text",
    ["", "short", TEXT[:-4], TEXT + TEXT, "\u00e9" * 44, "=" * 44],
    ids=["empty", "short", "cut", "twice", "letters", "signs"],
)
def test_what_is_no_key_is_refused_without_being_shown(text: str) -> None:
    with pytest.raises(KeyRefused, match="CASEWALK_KEY is no key") as raised:
        Key.from_text(text)
    assert not text or text not in str(raised.value)


async def test_the_key_shows_in_no_repr_no_error_and_no_log(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    await make(tmp_path / "store", KEY)
    secret = base64.urlsafe_b64decode(TEXT)
    cipher = Cipher(KEY, tmp_path)
    shown = [repr(KEY), str(KEY), repr(cipher), repr(cipher.of(tmp_path / "x")), caplog.text]
    for wrong in (OTHER, None):
        try:
            opened_store(tmp_path / "store", key=wrong)
        except KeyRefused:
            shown.append(traceback.format_exc())
    for one in (TEXT, OTHER_TEXT, secret.hex(), repr(secret)[2:-1]):
        assert not any(one in text for text in shown)
    assert len(shown) == 7


# --- what is on the disk -------------------------------------------------------------------------


async def test_nothing_but_references_can_be_read_on_the_disk(tmp_path: Path) -> None:
    await make(tmp_path, KEY)
    words = [b"Seen on page", b"Look again", b"Cheshire", b"recommend", b"a photo", b'"answers"']
    held = contents(tmp_path)
    assert len(held) > 10
    for path, content in held.items():
        assert not [word for word in words if word in content], path


async def test_what_is_sealed_comes_back_and_no_two_seals_are_alike(tmp_path: Path) -> None:
    cipher, path = Cipher(KEY, tmp_path), tmp_path / "files" / "x.jpg"
    boxes = {sealed(cipher, path, PHOTO) for _ in range(50)}
    assert len(boxes) == 50
    assert {opened(cipher, path, box) for box in boxes} == {PHOTO}


async def test_an_encrypted_store_shows_what_a_plain_one_does(tmp_path: Path) -> None:
    assert await make(tmp_path / "sealed", KEY) == await make(tmp_path / "plain", None)
    again = await snapshot(opened_store(tmp_path / "sealed", key=KEY))
    assert again == await snapshot(opened_store(tmp_path / "plain"))


def test_a_line_stays_one_write_and_one_fsync(
    file: AppendOnlyLog, monkeypatch: pytest.MonkeyPatch
) -> None:
    disk = Disk(file.path.parent / "disk")
    inner = AppendOnlyLog(disk.root / "x.jsonl", Cipher(KEY, disk.root))
    with disk.under():
        inner.append({"answers": {"a": {}}}, by=None, at=AT, event="Set")
        before = len(disk.log)
        inner.append({"answers": {"b": {}}}, by=None, at=AT, event="Set")
    assert [call.kind for call in disk.log[before:]] == ["write", "fsync"]


# --- lines that were moved or changed ----------------------------------------------------------


def test_a_torn_last_line_is_ignored_and_then_cut_off(file: AppendOnlyLog, tmp_path: Path) -> None:
    whole = file.path.read_bytes()
    start = whole.rindex(b"\n", 0, -1) + 1
    for length in range(start, len(whole)):
        file.path.write_bytes(whole[:length])
        assert read(file.path, tmp_path) == {"a": ALL["a"], "b": ALL["b"]}
        again = AppendOnlyLog(file.path, Cipher(KEY, tmp_path))
        again.append({"answers": {"d": {"value": 1}}}, by=None, at=AT, event="Set")
        assert read(file.path, tmp_path) == {"a": ALL["a"], "b": ALL["b"], "d": 1}


def test_every_changed_byte_is_found(file: AppendOnlyLog, tmp_path: Path) -> None:
    whole = file.path.read_bytes()
    for place in range(len(whole)):
        for byte in {whole[place] ^ 1, whole[place] ^ 4, 0, ord("\n")} - {whole[place]}:
            file.path.write_bytes(whole[:place] + bytes([byte]) + whole[place + 1 :])
            with pytest.raises(Damaged, match=r"C001\.jsonl, line [1-4]: "):
                read(file.path, tmp_path)


def test_a_line_cannot_be_put_elsewhere(file: AppendOnlyLog, tmp_path: Path) -> None:
    other = AppendOnlyLog(tmp_path / "cases" / "C002.jsonl", Cipher(KEY, tmp_path))
    for name in ("a", "b", "c"):
        other.append({"answers": {name: {"value": f"of {name}"}}}, by="I1", at=AT, event="Set")
    lines = file.path.read_bytes().splitlines(keepends=True)
    theirs = other.path.read_bytes().splitlines(keepends=True)
    for moved in (
        theirs,
        [theirs[0], *lines[1:]],
        [*lines[:2], theirs[2]],
        [lines[1], lines[0], lines[2]],
        [lines[0], lines[0], *lines[1:]],
        [lines[0], lines[2]],
    ):
        file.path.write_bytes(b"".join(moved))
        with pytest.raises(Damaged, match="put here from elsewhere"):
            read(file.path, tmp_path)


def test_a_whole_file_cannot_be_put_under_another_name(tmp_path: Path) -> None:
    cipher = Cipher(KEY, tmp_path)
    box = sealed(cipher, tmp_path / "a.jpg", PHOTO)
    with pytest.raises(Damaged, match="put here from elsewhere"):
        opened(cipher, tmp_path / "b.jpg", box)


def test_a_plain_line_is_not_taken_in_an_encrypted_store(tmp_path: Path) -> None:
    plain = AppendOnlyLog(tmp_path / "C001.jsonl")
    plain.append({"answers": {"a": {"value": "planted"}}}, by="I1", at=AT, event="Set")
    with pytest.raises(WrongKey, match="is not encrypted, and this store is"):
        read(plain.path, tmp_path)


# --- a wrong or a missing key ------------------------------------------------------------------


async def test_a_wrong_or_missing_key_is_refused_at_the_door(tmp_path: Path) -> None:
    await make(tmp_path, KEY)
    before = contents(tmp_path)
    for exclusive in (False, True):
        with pytest.raises(KeyRefused, match=r"is encrypted.*Set CASEWALK_KEY"):
            opened_store(tmp_path, exclusive=exclusive)
        with pytest.raises(KeyRefused, match=f"with key {KEY.id}.*is key {OTHER.id}"):
            opened_store(tmp_path, exclusive=exclusive, key=OTHER)
    with pytest.raises(KeyRefused):
        await examine_folder(tmp_path, OTHER)
    assert contents(tmp_path) == before
    opened_store(tmp_path, key=KEY)


async def test_a_plain_store_is_not_opened_with_a_key(tmp_path: Path) -> None:
    await make(tmp_path, None)
    with pytest.raises(KeyRefused, match=r"is not encrypted.*casewalk rekey"):
        opened_store(tmp_path, key=KEY)
    assert not (tmp_path / MARKER).exists()


async def test_one_file_under_another_key_is_told_and_the_others_go_on(tmp_path: Path) -> None:
    """As when one is put back from a backup that was made before the key was changed."""
    await make(tmp_path / "a", OTHER)
    await make(tmp_path / "b", KEY)
    name = f"inspections/{ID}/cases/C001~case-file.jsonl"
    shutil.copy(tmp_path / "a" / name, tmp_path / "b" / name)
    store = opened_store(tmp_path / "b", key=KEY)
    with pytest.raises(WrongKey, match=f"line 1: it is encrypted with key {OTHER.id}"):
        await store.load_case(ID, C001, CHAT)
    assert [one.damaged is None for one in await store.overview(ID)].count(False) == 1


async def test_encrypted_files_without_their_marker_are_not_read_as_damaged(tmp_path: Path) -> None:
    await make(tmp_path, KEY)
    (tmp_path / MARKER).unlink()
    with pytest.raises(WrongKey, match=r"is encrypted\. Set CASEWALK_KEY"):
        await opened_store(tmp_path).inspection(ID)
    with pytest.raises(KeyRefused, match=r"no key\.json"):
        opened_store(tmp_path, key=KEY)
    assert rekey(tmp_path, KEY, KEY) == 0
    await opened_store(tmp_path, key=KEY).inspection(ID)


@pytest.mark.parametrize("content", [b"", b"{}", b"[]", b'{"v":9,"key":"x"}', b"\xff"])
async def test_a_damaged_marker_is_refused(tmp_path: Path, content: bytes) -> None:
    await make(tmp_path, KEY)
    (tmp_path / MARKER).write_bytes(content)
    for key in (KEY, None):
        with pytest.raises(Damaged, match=r"key\.json"):
            opened_store(tmp_path, key=key)


async def test_a_plain_file_that_looks_encrypted_is_not_kept(tmp_path: Path) -> None:
    """It would stand in the way of encrypting the store later."""
    store = opened_store(tmp_path)
    await store.create_inspection(tiny_inspection(), tiny_pack(), tiny_cases(), at=AT)
    with pytest.raises(NotSaved, match="begins as an encrypted file does"):
        await store.keep_file(ID, "x.jpg", b"casewalk-sealed/1 " + bytes(40))


# --- changing the key ---------------------------------------------------------------------------

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
