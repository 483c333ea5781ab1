"""Which files are the store's."""

from __future__ import annotations

from pathlib import Path

from storage.disk import MAKING
from storage.store_files import (
    appended_files,
    known_files,
    leftovers,
    remove_leftovers,
    whole_files,
)

CASES = "inspections/week/cases"
LOGS = ["bot.jsonl", "chats/tg-1.jsonl", "inspections/week/inspection.jsonl", f"{CASES}/C1~f.jsonl"]
WHOLE = ["packs/ab.json", "inspections/week/files/C1-a.jpg"]
BEGUN = [f"{CASES}/{MAKING}C2~f", f"inspections/{MAKING}kent/cases/C1~f.jsonl"]


def store(directory: Path) -> Path:
    for name in (*LOGS, *WHOLE, *BEGUN, "notes.txt"):
        path = directory / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("")
    return directory


def names(directory: Path, paths: object) -> list[str]:
    return sorted(path.relative_to(directory).as_posix() for path in paths)  # type: ignore[attr-defined]


def test_logs_and_whole_files_are_told_apart_and_nothing_unfinished_is_among_them(
    tmp_path: Path,
) -> None:
    store(tmp_path)
    assert names(tmp_path, appended_files(tmp_path)) == sorted(LOGS)
    assert names(tmp_path, whole_files(tmp_path)) == sorted(WHOLE)


def test_a_strangers_file_is_not_known(tmp_path: Path) -> None:
    store(tmp_path)
    known = names(tmp_path, known_files(tmp_path))
    assert set(LOGS + WHOLE + BEGUN) <= set(known)
    assert "notes.txt" not in known


def test_only_what_was_never_finished_is_removed(tmp_path: Path) -> None:
    store(tmp_path)
    assert len(list(leftovers(tmp_path))) == 2
    remove_leftovers(tmp_path)
    left = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert names(tmp_path, left) == sorted([*LOGS, *WHOLE, "notes.txt"])
