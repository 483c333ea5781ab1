"""Encryption at rest: nothing to read, nothing to move, wrong keys told from damage, key change."""

from __future__ import annotations

import base64
import logging
import shutil
import traceback
from pathlib import Path

import pytest

from storage.append_only_log import AppendOnlyLog
from storage.encryption import MARKER, Cipher, FileCipher, Key, KeyRefused, make_key
from storage.errors import Damaged, NotSaved, WrongKey
from storage.journal import Entry
from storage.rekey import rekey
from tests.storage.disk import Disk
from tests.storage.encrypted import C001, KEY, OTHER, OTHER_TEXT, TEXT, contents, make, opened_store
from tests.storage.examining import examine_folder
from tests.storage.script import ID, PHOTO, snapshot
from tests.storage.tiny import AT, CHAT, tiny_cases, tiny_inspection, tiny_pack


@pytest.fixture
def file(tmp_path: Path) -> AppendOnlyLog:
    file = AppendOnlyLog(tmp_path / "cases" / "C001.jsonl", Cipher(KEY, tmp_path))
    for name in ("a", "b", "c"):
        file.append(
            Entry("log", None, {"answers": {name: {"value": f"of {name}"}}}, AT, "Set", "I1")
        )
    return file


def read(path: Path, directory: Path, key: Key = KEY) -> dict[str, object]:
    tables = AppendOnlyLog(path, Cipher(key, directory)).refresh().tables
    return {name: one["value"] for name, one in tables.get("answers", {}).items()}


ALL = {"a": "of a", "b": "of b", "c": "of c"}


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
    shown = [
        repr(KEY),
        str(KEY),
        repr(cipher),
        repr(FileCipher(cipher, tmp_path / "x")),
        caplog.text,
    ]
    for wrong in (OTHER, None):
        try:
            opened_store(tmp_path / "store", key=wrong)
        except KeyRefused:
            shown.append(traceback.format_exc())
    for one in (TEXT, OTHER_TEXT, secret.hex(), repr(secret)[2:-1]):
        assert not any(one in text for text in shown)
    assert len(shown) == 7


async def test_nothing_but_references_can_be_read_on_the_disk(tmp_path: Path) -> None:
    await make(tmp_path, KEY)
    words = [b"Seen on page", b"Look again", b"Cheshire", b"recommend", b"a photo", b'"answers"']
    held = contents(tmp_path)
    assert len(held) > 10
    for path, content in held.items():
        assert not [word for word in words if word in content], path


async def test_what_is_sealed_comes_back_and_no_two_seals_are_alike(tmp_path: Path) -> None:
    cipher, path = Cipher(KEY, tmp_path), tmp_path / "files" / "x.jpg"
    boxes = {FileCipher(cipher, path).sealed(PHOTO) for _ in range(50)}
    assert len(boxes) == 50
    assert {FileCipher(cipher, path).opened(box) for box in boxes} == {PHOTO}


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
        inner.append(Entry("log", None, {"answers": {"a": {}}}, AT, "Set"))
        before = len(disk.log)
        inner.append(Entry("log", None, {"answers": {"b": {}}}, AT, "Set"))
    assert [call.kind for call in disk.log[before:]] == ["write", "fsync"]


def test_a_torn_last_line_is_ignored_and_then_cut_off(file: AppendOnlyLog, tmp_path: Path) -> None:
    whole = file.path.read_bytes()
    start = whole.rindex(b"\n", 0, -1) + 1
    for length in range(start, len(whole)):
        file.path.write_bytes(whole[:length])
        assert read(file.path, tmp_path) == {"a": ALL["a"], "b": ALL["b"]}
        again = AppendOnlyLog(file.path, Cipher(KEY, tmp_path))
        again.append(Entry("log", None, {"answers": {"d": {"value": 1}}}, AT, "Set"))
        assert read(file.path, tmp_path) == {"a": ALL["a"], "b": ALL["b"], "d": 1}


@pytest.mark.long
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
        other.append(
            Entry("log", None, {"answers": {name: {"value": f"of {name}"}}}, AT, "Set", "I1")
        )
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
    box = FileCipher(cipher, tmp_path / "a.jpg").sealed(PHOTO)
    with pytest.raises(Damaged, match="put here from elsewhere"):
        FileCipher(cipher, tmp_path / "b.jpg").opened(box)


def test_a_plain_line_is_not_taken_in_an_encrypted_store(tmp_path: Path) -> None:
    plain = AppendOnlyLog(tmp_path / "C001.jsonl")
    plain.append(Entry("log", None, {"answers": {"a": {"value": "planted"}}}, AT, "Set", "I1"))
    with pytest.raises(WrongKey, match="is not encrypted, and this store is"):
        read(plain.path, tmp_path)


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
