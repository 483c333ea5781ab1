"""Files that are there whole or not at all, and locks that one process holds."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from storage.disk import (
    MAKING,
    MISSING,
    make_folder,
    read_bytes,
    replace_durably,
    serving_lock,
    signature,
    stat_of,
    try_lock,
    write_durably,
)
from storage.errors import InUse


def test_a_new_file_is_never_written_over(tmp_path: Path) -> None:
    path = tmp_path / "a"
    write_durably(path, b"first")
    with pytest.raises(FileExistsError):
        write_durably(path, b"second")
    assert path.read_bytes() == b"first"
    assert path.stat().st_mode & 0o077 == 0


def test_a_file_is_replaced_and_nothing_is_left_beside_it(tmp_path: Path) -> None:
    path = tmp_path / "a"
    for content in (b"first", b"second"):
        replace_durably(path, content)
        assert path.read_bytes() == content
    assert [one.name for one in tmp_path.iterdir()] == ["a"]


def test_a_file_that_cannot_be_replaced_stays_and_nothing_is_left_beside_it(tmp_path: Path) -> None:
    path = tmp_path / "a"
    path.mkdir()
    with pytest.raises(OSError, match="a"):
        replace_durably(path, b"content")
    assert path.is_dir()
    assert not list(tmp_path.glob(f"{MAKING}*"))


def test_a_file_is_known_to_be_another_after_a_change(tmp_path: Path) -> None:
    path = tmp_path / "a"
    assert signature(stat_of(str(path))) == MISSING
    replace_durably(path, b"first")
    before = signature(stat_of(str(path)))
    assert signature(stat_of(str(path))) == before
    replace_durably(path, b"second")
    assert signature(stat_of(str(path))) != before


def test_a_part_of_a_file_is_read_and_no_more_than_there_is(tmp_path: Path) -> None:
    path = tmp_path / "a"
    path.write_bytes(b"0123456789")
    fd = os.open(path, os.O_RDONLY)
    try:
        assert read_bytes(fd, 2, 5) == b"234"
        assert read_bytes(fd, 8, 100) == b"89"
    finally:
        os.close(fd)


def test_one_handle_locks_a_file_until_it_is_closed(tmp_path: Path) -> None:
    path = tmp_path / "a"
    first, second = (os.open(path, os.O_RDWR | os.O_CREAT) for _ in range(2))
    try:
        assert try_lock(first, path)
        assert not try_lock(second, path)
    finally:
        os.close(first)
    try:
        assert try_lock(second, path)
    finally:
        os.close(second)


def test_one_bot_serves_from_a_store(tmp_path: Path) -> None:
    directory = tmp_path / "new" / "data"
    held = serving_lock(directory)
    with pytest.raises(InUse, match="Another bot"):
        serving_lock(directory)
    os.close(held)
    os.close(serving_lock(directory))


def test_folders_are_nobody_elses_to_read(tmp_path: Path) -> None:
    make_folder(tmp_path / "a" / "b")
    assert (tmp_path / "a" / "b").stat().st_mode & 0o077 == 0
