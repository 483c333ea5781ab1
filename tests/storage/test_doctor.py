"""The doctor: finds what is wrong, says what to do, mends what is safe, and touches no content."""

from __future__ import annotations

import os
import shutil
import time
from pathlib import Path

import pytest

from criteria.case import Case, CaseKey
from storage.appended_file import AppendedFile
from storage.case_file import CaseFile
from storage.doctor import Finding, examine, mend
from storage.encryption import Key, KeyRefused, make_key
from storage.store import Owed
from storage.store_files import appended_files, leftovers
from storage.tinydb_store import TinyDBStore
from tests.storage.disk import without_fsync
from tests.storage.script import ID, PHOTO_NAME, STEPS, snapshot
from tests.storage.tiny import AT, CHAT

ROOT = Path(__file__).parents[2]
CASES = f"inspections/{ID}/cases"
C001 = f"{CASES}/C001~case-file.jsonl"
KEYS = {"plain": None, "encrypted": Key.from_text(make_key())}


@pytest.fixture(params=list(KEYS))
async def made(request: pytest.FixtureRequest, tmp_path: Path) -> tuple[Path, Key | None]:
    """A store after the scripted session, an hour ago, and its key."""
    key = KEYS[request.param]
    directory = tmp_path / "store"
    store = TinyDBStore(directory, key=key)
    with without_fsync():
        for _, act in STEPS:
            await act(store)
    age(directory)
    return directory, key


def age(directory: Path) -> None:
    """Everything in it was last touched an hour ago."""
    hour_ago = time.time() - 3_600
    for path in (*directory.rglob("*"), directory):
        os.utime(path, (hour_ago, hour_ago))


def contents(directory: Path) -> dict[Path, bytes | None]:
    return {path: path.read_bytes() if path.is_file() else None for path in directory.rglob("*")}


def only(found: list[Finding]) -> Finding:
    assert len(found) == 1, [str(one) for one in found]
    return found[0]


# --- a store that is well ------------------------------------------------------------------------


async def test_nothing_is_found_in_a_store_that_is_well_and_nothing_is_changed(
    made: tuple[Path, Key | None],
) -> None:
    directory, key = made
    before = contents(directory)
    assert examine(directory, key) == []
    assert mend(directory, at=AT, key=key) == ([], [])
    assert contents(directory) == before


def test_a_folder_without_a_store_is_said_and_not_made_into_one(tmp_path: Path) -> None:
    for directory in (tmp_path, tmp_path / "none"):
        for key in KEYS.values():
            found = only(examine(directory, key))
            assert found.what == "there is no store in this folder"
    assert list(tmp_path.iterdir()) == []


async def test_a_wrong_key_is_refused_and_not_called_damage(made: tuple[Path, Key | None]) -> None:
    directory, key = made
    with pytest.raises(KeyRefused):
        examine(directory, Key.from_text(make_key()) if key is None else None)


async def test_it_works_beside_a_running_bot(made: tuple[Path, Key | None]) -> None:
    directory, key = made
    bot = TinyDBStore(directory, exclusive=True, key=key)
    before = await snapshot(bot)
    shutil.copy(directory / C001, directory / "x")  # something to mend
    (directory / "x").rename(directory / CASES / ".making-x-1")
    age(directory)
    assert len(mend(directory, at=AT, key=key).mended) == 1
    assert await snapshot(bot) == before
    await bot.remember_bot("on_it_goes")
    await bot.close()


# --- damage: told by file and line, never touched ------------------------------------------------


async def test_a_damaged_line_is_told_by_file_and_line_and_left_alone(
    made: tuple[Path, Key | None],
) -> None:
    directory, key = made
    for path in appended_files(directory):
        whole = path.read_bytes()
        second = whole.index(b"\n") // 2
        path.write_bytes(whole[:second] + bytes([whole[second] ^ 1]) + whole[second + 1 :])
        broken = path.read_bytes()
        for found in (examine(directory, key), mend(directory, at=AT, key=key).left):
            places = [one.place for one in found]
            assert f"{path.relative_to(directory)}, line 1" in places
            assert not any(one.mendable for one in found)
            assert str(directory) not in " ".join(map(str, found)), "the place says where"
        assert path.read_bytes() == broken
        path.write_bytes(whole)
    assert examine(directory, key) == []


async def test_every_damaged_file_is_found_at_once(made: tuple[Path, Key | None]) -> None:
    directory, key = made
    damaged = [
        directory / C001,
        directory / CASES / "C002~case-file.jsonl",
        directory / "bot.jsonl",
    ]
    for path in damaged:
        path.write_bytes(b"x\n")
    found = {one.place for one in examine(directory, key)}
    assert found == {f"{path.relative_to(directory)}, line 1" for path in damaged}


async def test_a_changed_pack_is_told(made: tuple[Path, Key | None]) -> None:
    directory, key = made
    path = directory / f"inspections/{ID}/pack.json"
    path.write_bytes(path.read_bytes()[:-5] + b"     ")
    found = only(examine(directory, key))
    assert found.place == f"inspections/{ID}/pack.json"
    assert "changed" in found.what
    path.unlink()
    assert "missing" in only(examine(directory, key)).what


async def test_a_listed_case_without_its_file_is_told(made: tuple[Path, Key | None]) -> None:
    directory, key = made
    (directory / CASES / "C002~case-file.jsonl").unlink()
    found = only(examine(directory, key))
    assert (found.place, found.what) == (f"{CASES}/C002~case-file.jsonl", "it is missing or empty")
    assert "backup" in found.remedy


async def test_an_inspection_without_its_list_is_told_and_its_people_are_not_blamed(
    made: tuple[Path, Key | None],
) -> None:
    directory, key = made
    (directory / f"inspections/{ID}/inspection.jsonl").unlink()
    assert only(examine(directory, key)).place == f"inspections/{ID}/inspection.jsonl"


async def test_an_inspection_under_another_name_is_told(made: tuple[Path, Key | None]) -> None:
    directory, key = made
    (directory / f"inspections/{ID}").rename(directory / "inspections/renamed")
    found = examine(directory, key)
    if key is None:
        assert f"it holds inspection {ID!r}" in {one.what for one in found}
    else:  # it was sealed for its own place
        assert any("put here from elsewhere" in one.what for one in found)
    assert not any(one.mendable for one in found)


# --- what can be mended --------------------------------------------------------------------------


async def test_a_torn_last_line_is_cut_off(made: tuple[Path, Key | None]) -> None:
    directory, key = made
    for path in list(appended_files(directory)):
        whole = path.read_bytes()
        with path.open("ab") as file:
            file.write(b'{"v":1,')
        found = only(examine(directory, key))
        assert found.place == str(path.relative_to(directory))
        assert found.mendable
        assert path.read_bytes() != whole, "examining changes nothing"
        assert mend(directory, at=AT, key=key) == ([found], [])
        assert path.read_bytes() == whole
    assert examine(directory, key) == []


async def test_what_was_never_finished_is_removed_once_it_is_old(
    made: tuple[Path, Key | None],
) -> None:
    directory, key = made
    (directory / "inspections/.making-kent-x/cases").mkdir(parents=True, mode=0o700)
    (directory / "inspections/.making-kent-x").chmod(0o700)
    making = [
        directory / "inspections/.making-kent-x/cases/C1~case-file.jsonl",
        directory / f"inspections/{ID}/files/.making-a.jpg-1",
        directory / f"{CASES}/.making-C001~case-file.jsonl-1",
        directory / "chats/.making-tg-1.jsonl-1",
        directory / ".making-key.json-1",
    ]
    for path in making:
        path.write_bytes(b"half")
        path.chmod(0o600)
    assert examine(directory, key) == [], "somebody may be at it"
    age(directory)
    os.utime(making[0])
    assert len(examine(directory, key)) == 4, "a folder is as young as the youngest in it"
    age(directory)
    assert [one.mendable for one in examine(directory, key)] == [True] * 5
    result = mend(directory, at=AT, key=key)
    assert (len(result.mended), result.left) == (5, [])
    assert list(leftovers(directory)) == []
    assert examine(directory, key) == []


async def test_a_case_half_added_is_listed(made: tuple[Path, Key | None]) -> None:
    directory, key = made
    store = TinyDBStore(directory, key=key)
    path = directory / CASES / "C050~interview.jsonl"
    case = Case("C050", "interview", "I1")
    CaseFile(path, store._cipher).put(case, by="L1", at=AT, event="CaseAdded")
    assert examine(directory, key) == [], "it may be listed in a moment"
    age(directory)
    found = only(examine(directory, key))
    assert (found.place, found.mendable) == (f"{CASES}/C050~interview.jsonl", True)
    assert case not in await store.cases(ID)
    assert mend(directory, at=AT, key=key) == ([found], [])
    assert (await store.cases(ID))[-1] == case
    assert examine(directory, key) == []


async def test_a_file_beside_the_list_that_cannot_be_listed_is_told(
    made: tuple[Path, Key | None],
) -> None:
    directory, key = made
    cipher = TinyDBStore(directory, key=key)._cipher
    path = directory / CASES / "c001~case-file.jsonl"
    CaseFile(path, cipher).put(Case("c001", "case-file"), by=None, at=AT, event="CaseAdded")
    (directory / CASES / "C060~case-file.jsonl").touch(mode=0o600)
    age(directory)
    result = mend(directory, at=AT, key=key)
    assert result.mended == []
    assert [one.place for one in result.left] == [
        f"{CASES}/C060~case-file.jsonl",
        f"{CASES}/c001~case-file.jsonl",
    ]


@pytest.mark.skipif(os.name == "nt", reason="permissions are others there")
async def test_what_others_may_read_is_closed_to_them(made: tuple[Path, Key | None]) -> None:
    directory, key = made
    wide = [directory / C001, directory / "chats", directory / f"inspections/{ID}/pack.json"]
    for path in wide:
        path.chmod(0o755)
    found = only(examine(directory, key))
    assert found.mendable
    assert "and 2 more" in found.what
    assert mend(directory, at=AT, key=key) == ([found], [])
    assert {path.stat().st_mode & 0o077 for path in wide} == {0}
    assert {path.stat().st_mode & 0o700 for path in wide} == {0o700}
    assert examine(directory, key) == []


@pytest.mark.skipif(os.name == "nt", reason="permissions are others there")
async def test_the_store_makes_nothing_that_others_may_read(
    tmp_path: Path, made: tuple[Path, Key | None]
) -> None:
    directory, _ = made
    assert not [path for path in directory.rglob("*") if path.stat().st_mode & 0o077]


async def test_what_could_not_be_mended_is_left_with_the_reason(
    made: tuple[Path, Key | None], monkeypatch: pytest.MonkeyPatch
) -> None:
    directory, key = made
    path = directory / C001
    with path.open("ab") as file:
        file.write(b'{"v":1,')

    def full(*_: object) -> None:
        raise OSError(28, "")

    monkeypatch.setattr(os, "ftruncate", full)
    result = mend(directory, at=AT, key=key)
    assert result.mended == []
    assert "could not be mended: Not saved: the disk is full" in only(result.left).remedy


# --- what refers to what -------------------------------------------------------------------------


async def test_a_chat_that_points_nowhere_is_told(made: tuple[Path, Key | None]) -> None:
    directory, key = made
    store = TinyDBStore(directory, key=key)
    for name, inspection, case in (("tg-1", "gone", None), ("tg-2", ID, ["C404", "case-file"])):
        document = {
            "inspection": inspection,
            "case": case[0] if case else None,
            "form": case[1] if case else None,
            "language": None,
        }
        file = AppendedFile(directory / f"chats/{name}.jsonl", store._cipher)
        file.append({"chat": {"chat": document}}, by=None, at=AT, event="Seated")
    found = examine(directory, key)
    assert [one.place for one in found] == ["chats/tg-1.jsonl", "chats/tg-2.jsonl"]
    assert "inspection 'gone', which is not here" in found[0].what
    assert "C404 (case-file), is not in" in found[1].what
    assert not any(one.mendable for one in found)


async def test_a_chat_whose_first_write_never_came_is_told_once_it_is_old(
    made: tuple[Path, Key | None],
) -> None:
    directory, key = made
    (directory / "chats/tg-3.jsonl").touch(mode=0o600)
    assert examine(directory, key) == []
    age(directory)
    assert "holds no line" in only(examine(directory, key)).what


async def test_a_photo_that_is_missing_or_changed_is_told_with_its_case(
    made: tuple[Path, Key | None],
) -> None:
    directory, key = made
    path = directory / f"inspections/{ID}/files/{PHOTO_NAME}"
    path.write_bytes(path.read_bytes()[:-1] + b"!")
    found = only(examine(directory, key))
    assert found.place == f"inspections/{ID}/files/{PHOTO_NAME}"
    assert "changed" in found.what
    assert "case C001 (case-file) has it on q1" in found.what
    path.unlink()
    assert (
        "it is missing, and case C001 (case-file) has it on q1"
        in only(examine(directory, key)).what
    )


async def test_a_photo_that_no_case_names_is_told_and_kept(made: tuple[Path, Key | None]) -> None:
    directory, key = made
    await TinyDBStore(directory, key=key).keep_file(ID, "C002-other.jpg", b"a photo")
    assert examine(directory, key) == [], "its case may name it in a moment"
    age(directory)
    found = only(mend(directory, at=AT, key=key).left)
    assert "no case names it" in found.what
    assert (directory / f"inspections/{ID}/files/C002-other.jpg").exists()
    (directory / CASES / "C002~case-file.jsonl").write_bytes(b"x\n")
    assert [one.place for one in examine(directory, key)] == [
        f"{CASES}/C002~case-file.jsonl, line 1"
    ], "a case that cannot be read may name it"


async def test_a_message_about_a_case_that_is_not_there_is_told(
    made: tuple[Path, Key | None],
) -> None:
    directory, key = made
    store = TinyDBStore(directory, key=key)
    notice = Owed("n1", ID, CHAT, "submitted", CaseKey("C404", "case-file"), AT)
    await store.owe(ID, [notice], at=AT)
    assert (
        "case C404 (case-file), which is not in this inspection"
        in only(examine(directory, key)).what
    )


async def test_a_case_of_a_form_that_the_pack_has_not_is_told(
    made: tuple[Path, Key | None],
) -> None:
    directory, key = made
    await TinyDBStore(directory, key=key).add_case(ID, Case("C070", "nosuch"), by=None, at=AT)
    assert "no form 'nosuch'" in only(examine(directory, key)).what


@pytest.mark.parametrize(
    "name", [f"inspections/{ID}/notes.txt", "inspections/README.txt", f"{CASES}/x.tmp", "chats/x"]
)
async def test_a_file_that_nobody_names_is_told_and_kept(
    made: tuple[Path, Key | None], name: str
) -> None:
    directory, key = made
    (directory / name).write_text("mine")
    (directory / name).chmod(0o600)
    found = only(mend(directory, at=AT, key=key).left)
    assert (found.place, found.what) == (name, "it is none of the store's")
    assert (directory / name).read_text() == "mine"


# --- hostile content -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    "patch",
    [
        {"case": {"case": {"case": "C001"}}},
        {"case": {"case": {"case": "../x", "form": "f", "inspector": None, "status": "assigned"}}},
        {"answers": {"q1": {"value": {"a": [[[[]]]]}}}},
        {"chats": {"x": {"question": 3, "nosuch": 1}}},
        {"cases": {"x": {"case": 7}}},
        {"cases": {"x": {"case": "../../x", "form": "f"}}},
        {"owed": {"x": {}}},
        {"inspection": {"inspection": None}},
    ],
)
async def test_a_whole_line_that_no_version_wrote_ends_in_a_finding_and_no_traceback(
    made: tuple[Path, Key | None], patch: dict[str, dict[str, object]]
) -> None:
    directory, key = made
    store = TinyDBStore(directory, key=key)
    for name in (C001, f"inspections/{ID}/inspection.jsonl", f"chats/{CHAT}.jsonl", "bot.jsonl"):
        AppendedFile(directory / name, store._cipher).append(
            patch,  # type: ignore[arg-type]
            by=None,
            at=AT,
            event="Forged",
        )
    found = examine(directory, key)
    assert all(str(one).endswith(".") and not one.mendable for one in found)
    assert found or next(iter(patch)) not in ("case", "cases", "owed", "inspection")
