"""The append-only log: what is written stands, what is not as written is refused."""

from __future__ import annotations

import errno
import json
import multiprocessing
import os
import resource
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from storage import disk
from storage.append_only_log import AppendOnlyLog
from storage.errors import Conflict, Damaged, NotSaved
from storage.journal import Entry

AT = "2026-11-20T10:00:00Z"


def append(file: AppendOnlyLog, name: str, value: object, expect: int | None = None) -> int:
    document = None if value is None else {"value": value}
    patch = {"answers": {name: document}}
    return file.append(Entry("C001", expect, patch, AT, "Set", "I1")).version


def values(file: AppendOnlyLog) -> dict[str, object]:
    return {name: one["value"] for name, one in file.snapshot().tables.get("answers", {}).items()}


def read(path: Path) -> dict[str, object]:
    file = AppendOnlyLog(path)
    file.refresh()
    return values(file)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "cases" / "C001.jsonl"


@pytest.fixture
def three(path: Path) -> AppendOnlyLog:
    file = AppendOnlyLog(path)
    for name in ("a", "b", "c"):
        append(file, name, f"value of {name}")
    return file


ALL = {"a": "value of a", "b": "value of b", "c": "value of c"}


def test_a_missing_file_is_empty_and_not_made_by_reading(path: Path) -> None:
    file = AppendOnlyLog(path)
    assert file.refresh().version == 0
    assert file.version == 0
    assert not path.parent.exists()


def test_a_line_says_who_when_and_what(three: AppendOnlyLog, path: Path) -> None:
    line = json.loads(path.read_bytes().splitlines()[1])
    assert list(line) == ["v", "n", "at", "by", "event", "set", "prev", "hash"]
    assert (line["v"], line["n"], line["at"], line["by"]) == (1, 2, AT, "I1")
    assert line["set"] == {"answers": {"b": {"value": "value of b"}}}
    assert line["prev"] == json.loads(path.read_bytes().splitlines()[0])["hash"]


def test_null_removes_and_an_empty_table_is_none(three: AppendOnlyLog, path: Path) -> None:
    for name in ALL:
        append(three, name, None)
    assert three.snapshot().tables == {}
    assert read(path) == {}


def test_reading_again_costs_no_reading(
    three: AppendOnlyLog, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "read", lambda *_: pytest.fail("it was read again"))
    three.refresh()
    append(three, "d", 1)
    three.refresh()
    assert three.version == 4


def test_another_process_lines_are_taken_in_from_the_end(
    three: AppendOnlyLog, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    size = path.stat().st_size
    append(AppendOnlyLog(path), "d", "new")
    real, got = os.read, []
    monkeypatch.setattr(os, "read", lambda fd, n: got.append(real(fd, n)) or got[-1])
    three.refresh()
    assert values(three) == ALL | {"d": "new"}
    assert sum(map(len, got)) == path.stat().st_size - size


def test_a_version_that_is_not_expected_is_a_conflict(three: AppendOnlyLog, path: Path) -> None:
    append(AppendOnlyLog(path), "d", 1)
    before = path.read_bytes()
    with pytest.raises(Conflict):
        append(three, "e", 1, expect=3)
    assert path.read_bytes() == before
    assert append(three, "e", 1, expect=4) == 5


# --- beside others -------------------------------------------------------------------------------


def test_a_log_follows_its_name(path: Path, tmp_path: Path) -> None:
    file = AppendOnlyLog(path)
    append(file, "a", 1)
    copy = tmp_path / "copy.jsonl"
    copy.write_bytes(path.read_bytes())
    append(AppendOnlyLog(copy), "b", 2)
    copy.replace(path)  # as a restored backup
    assert append(file, "c", 3) == 3
    assert read(path) == values(file) == {"a": 1, "b": 2, "c": 3}
    path.unlink()  # as a case that was erased
    with pytest.raises(Damaged, match="gone"):
        append(file, "d", 4)
    assert not path.exists()


def test_a_log_keeps_nobody_out(path: Path) -> None:
    mine, theirs = AppendOnlyLog(path), AppendOnlyLog(path)
    for number in range(0, 20, 2):
        append(mine, f"{number}", number)
        append(theirs, f"{number + 1}", number + 1)
    mine.refresh()
    assert values(mine) == values(theirs) == read(path) == {f"{n}": n for n in range(20)}


# --- torn and damaged ------------------------------------------------------------------------


def test_a_torn_last_line_is_ignored_and_then_cut_off(three: AppendOnlyLog, path: Path) -> None:
    whole = path.read_bytes()
    start = whole.rindex(b"\n", 0, -1) + 1
    for length in range(start, len(whole)):
        path.write_bytes(whole[:length])
        assert read(path) == {"a": ALL["a"], "b": ALL["b"]}
        assert path.read_bytes() == whole[:length], "a reader changed it"
        file = AppendOnlyLog(path)
        assert append(file, "d", length) == 3
        assert read(path) == values(file) == {"a": ALL["a"], "b": ALL["b"], "d": length}


def test_a_changed_byte_is_never_read_as_something_else(three: AppendOnlyLog, path: Path) -> None:
    whole = path.read_bytes()
    for place in range(len(whole)):
        for byte in {whole[place] ^ 1, whole[place] ^ 0x20, 0, ord("\n")} - {whole[place]}:
            path.write_bytes(whole[:place] + bytes([byte]) + whole[place + 1 :])
            with pytest.raises(Damaged, match=r"C001\.jsonl, line [1-4]: .*backup"):
                read(path)
            with pytest.raises(Damaged):
                append(AppendOnlyLog(path), "d", 1)


def test_a_line_taken_out_doubled_or_moved_is_found(three: AppendOnlyLog, path: Path) -> None:
    a, b, c = path.read_bytes().splitlines(keepends=True)
    for lines in ([b, c], [a, c], [a, a, b, c], [a, c, b], [a, b, c, a]):
        path.write_bytes(b"".join(lines))
        with pytest.raises(Damaged):
            read(path)


@pytest.mark.parametrize(
    ("garbage", "said"),
    [
        (b"\n", "not JSON"),
        (b"\0\0\0\n", "not JSON"),
        (b"[1]\n", "not a step"),
        (b'{"v":2,"n":4}\n', "newer Casewalk"),
        (b'{"v":0,"n":4}\n', "format 0"),
        (b'{"n":4}\n', "format None"),
        (b"[" * 5_000 + b"]" * 5_000 + b"\n", "not JSON"),
    ],
)
def test_garbage_is_refused_by_file_and_line(
    three: AppendOnlyLog, path: Path, garbage: bytes, said: str
) -> None:
    with path.open("ab") as file:
        file.write(garbage)
    with pytest.raises(Damaged, match=rf"line 4: .*{said}"):
        read(path)
    with pytest.raises(Damaged):
        three.refresh()
    with pytest.raises(Damaged):
        append(three, "d", 1)


def test_a_file_that_is_mended_is_read_again(three: AppendOnlyLog, path: Path) -> None:
    whole = path.read_bytes()
    path.write_bytes(whole + b"x\n")
    with pytest.raises(Damaged):
        three.refresh()
    path.write_bytes(whole)
    three.refresh()
    assert values(three) == ALL


def test_saved_lines_that_have_gone_are_noticed(three: AppendOnlyLog, path: Path) -> None:
    whole = path.read_bytes()
    for content in (b"", whole[: whole.index(b"\n") + 1], None):
        path.write_bytes(content) if content is not None else path.unlink()
        with pytest.raises(Damaged, match="gone"):
            three.refresh()
        with pytest.raises(Damaged, match="gone"):
            append(three, "d", 1)
    path.write_bytes(whole)
    assert append(three, "d", 1) == 4


def test_another_history_in_the_place_of_the_saved_one_is_noticed(
    three: AppendOnlyLog, path: Path, tmp_path: Path
) -> None:
    other = AppendOnlyLog(tmp_path / "other.jsonl")
    for name in ("x", "y", "z", "w"):
        append(other, name, 1)
    other.path.replace(path)
    with pytest.raises(Damaged, match="line 4"):
        three.refresh()


def test_a_file_replaced_by_a_longer_one_of_the_same_history_is_taken(
    three: AppendOnlyLog, path: Path, tmp_path: Path
) -> None:
    copy = tmp_path / "copy.jsonl"
    copy.write_bytes(path.read_bytes())
    append(AppendOnlyLog(copy), "d", 1)
    copy.replace(path)
    three.refresh()
    assert values(three) == ALL | {"d": 1}


def test_lines_of_another_that_never_reached_the_disk_may_go(path: Path) -> None:
    mine, theirs = AppendOnlyLog(path), AppendOnlyLog(path)
    append(mine, "a", 1)
    kept = path.read_bytes()
    append(theirs, "b", 2)
    mine.refresh()
    path.write_bytes(kept)
    mine.refresh()
    assert values(mine) == {"a": 1}
    assert append(mine, "c", 3) == 2


# --- a disk that fails -----------------------------------------------------------------------

Break = Callable[[pytest.MonkeyPatch], None]


def failing(name: str, number: int) -> Break:
    def fail(*_: Any) -> Any:
        raise OSError(number, os.strerror(number))

    return lambda monkeypatch: monkeypatch.setattr(os, name, fail)


def short_write(monkeypatch: pytest.MonkeyPatch) -> None:
    real = os.write
    monkeypatch.setattr(os, "write", lambda fd, data: real(fd, data[: len(data) // 2]))


@pytest.mark.parametrize(
    ("broken", "said"),
    [
        (failing("write", errno.ENOSPC), "disk is full"),
        (failing("write", errno.EIO), "error"),
        (short_write, "disk is full"),
        (failing("fsync", errno.EIO), "error"),
        (failing("fsync", errno.ENOSPC), "disk is full"),
        (failing("open", errno.EROFS), "read-only"),
        (failing("open", errno.EACCES), "permissions"),
    ],
)
@pytest.mark.parametrize("uncuttable", [False, True])
def test_a_failing_disk_is_told_and_what_stood_there_stands(
    three: AppendOnlyLog, path: Path, broken: Break, said: str, uncuttable: bool
) -> None:
    before = path.read_bytes()
    with pytest.MonkeyPatch.context() as monkeypatch:
        broken(monkeypatch)
        if uncuttable:
            failing("ftruncate", errno.EIO)(monkeypatch)
        with pytest.raises(NotSaved, match=said):
            append(three, "d", "lost")
        assert values(three) == ALL
        assert three.version == 3
    assert path.read_bytes().startswith(before)
    if not uncuttable:
        assert path.read_bytes() == before
        assert append(three, "e", "kept", expect=3) == 4
    three.refresh()  # where the line could not be cut off, what stands there is what is read
    append(three, "e", "kept")
    assert read(path) == values(three)
    assert {name: values(three)[name] for name in ("a", "b", "c", "e")} == ALL | {"e": "kept"}


def test_after_a_failed_fsync_the_whole_file_is_read_again(
    three: AppendOnlyLog, path: Path
) -> None:
    with pytest.MonkeyPatch.context() as monkeypatch:
        failing("fsync", errno.EIO)(monkeypatch)
        with pytest.raises(NotSaved):
            append(three, "d", "lost")
    content = bytearray(path.read_bytes())
    content[50] ^= 1  # what the disk made of the earlier lines
    stat = path.stat()
    path.write_bytes(content)
    os.utime(path, ns=(stat.st_atime_ns, stat.st_mtime_ns))
    with pytest.raises(Damaged):
        append(three, "d", "again")


def test_a_first_line_that_is_not_durable_is_not_saved(path: Path) -> None:
    file = AppendOnlyLog(path)
    path.parent.mkdir()
    with pytest.MonkeyPatch.context() as monkeypatch:
        real, calls = os.fsync, []

        def second_fails(fd: int) -> None:
            calls.append(fd)
            if len(calls) == 2:
                raise OSError(errno.EIO, "")
            real(fd)

        monkeypatch.setattr(os, "fsync", second_fails)
        with pytest.raises(NotSaved):
            append(file, "a", 1)
    assert read(path) == {}
    assert append(file, "a", 1) == 1


def _fill(path: Path, results: Any) -> None:
    resource.setrlimit(resource.RLIMIT_FSIZE, (1_500, resource.RLIM_INFINITY))
    file, saved = AppendOnlyLog(path), []
    for number in range(40):
        try:
            append(file, f"q{number}", "x" * number)
            saved.append(number)
        except NotSaved:
            if file.version != len(saved):
                break
    results.put(saved)


def test_a_full_disk_loses_nothing_that_was_saved(path: Path) -> None:
    context = multiprocessing.get_context("spawn")
    results = context.Queue()
    process = context.Process(target=_fill, args=(path, results))
    process.start()
    saved = results.get(timeout=30)
    process.join()
    assert 0 < len(saved) < 40
    assert read(path) == {f"q{number}": "x" * number for number in saved}
    file = AppendOnlyLog(path)
    append(file, "room", "again")
    assert file.version == len(saved) + 1


# --- several writers -------------------------------------------------------------------------

WRITERS, EACH = 3, 150


def _write(path: Path, writer: int) -> None:
    disk.LOCK_SECONDS = 60.0  # on a busy machine a turn may be long in coming
    file = AppendOnlyLog(path)
    for number in range(EACH):
        append(file, f"{writer}-{number}", number)


@pytest.mark.long
def test_several_processes_append_to_one_file_and_lose_nothing(path: Path) -> None:
    context = multiprocessing.get_context("spawn")
    processes = [context.Process(target=_write, args=(path, one)) for one in range(WRITERS)]
    for process in processes:
        process.start()
    reader, seen = AppendOnlyLog(path), 0
    while any(process.is_alive() for process in processes):
        reader.refresh()
        assert reader.version >= seen
        seen = reader.version
    for process in processes:
        process.join()
        assert process.exitcode == 0
    expected = {f"{one}-{number}": number for one in range(WRITERS) for number in range(EACH)}
    reader.refresh()
    assert values(reader) == read(path) == expected
    assert reader.version == WRITERS * EACH


def test_a_file_that_another_holds_for_long_is_not_saved(
    three: AppendOnlyLog, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import fcntl  # noqa: PLC0415

    monkeypatch.setattr("storage.disk.LOCK_SECONDS", 0.05)
    with path.open("rb") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        with pytest.raises(NotSaved, match="another program"):
            append(three, "d", 1)
    assert append(three, "d", 1) == 4
