"""What a store's errors tell a person."""

from __future__ import annotations

from errno import EIO, ENOSPC, ENOTDIR
from pathlib import Path

import pytest

from storage.errors import (
    Damaged,
    DamagedFile,
    NotSaved,
    StoreError,
    WrongKey,
    cannot_read,
    not_saved,
)

PATH = Path("data/chats/tg-1.jsonl")


@pytest.mark.parametrize(
    ("number", "said"),
    [(ENOSPC, "disk is full"), (EIO, "reports an error"), (ENOTDIR, "Not a dir")],
)
def test_what_was_not_saved_says_why_and_what_is_kept(number: int, said: str) -> None:
    error = not_saved(PATH, OSError(number, "Not a directory"))
    assert isinstance(error, NotSaved)
    assert said in str(error)
    assert "What was saved before is kept" in str(error)
    assert str(PATH) in str(error)


def test_damage_is_named_by_file_and_line() -> None:
    assert str(DamagedFile(PATH, 3, "it is not JSON")).startswith(
        f"{PATH}, line 3: it is not JSON. "
    )
    assert str(DamagedFile(PATH, None, "it is missing")).startswith(f"{PATH}: it is missing. ")
    assert "from a backup" in str(DamagedFile(PATH, 3, "it is not JSON"))
    assert str(DamagedFile(PATH, 3, "it is old", "Update")).endswith(". Update.")


def test_a_wrong_key_is_a_damage_of_its_own() -> None:
    error = WrongKey(PATH, 1, "it is encrypted", "Set the key")
    assert isinstance(error, Damaged)
    assert (error.path, error.line) == (PATH, 1)


def test_what_cannot_be_read_says_why() -> None:
    error = cannot_read(PATH, OSError(EIO, "Input/output error"))
    assert isinstance(error, StoreError)
    assert str(error) == f"{PATH} cannot be read: Input/output error."
