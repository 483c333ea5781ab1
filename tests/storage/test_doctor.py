"""The doctor: finds what is wrong, says what to do, mends what is safe, and touches no content."""

from __future__ import annotations

import os
import shutil
import time
from pathlib import Path

import psycopg
import pytest

from criteria.case import Case, CaseKey
from storage.append_only_log import AppendOnlyLog
from storage.case_tables import case_patch
from storage.doctor import Finding, Mended, accept
from storage.documents import ChatPlace, OutboxMessage, place_to_json
from storage.encryption import Key, KeyRefused, make_key
from storage.errors import Damaged, InUse
from storage.file_journal import FileJournal
from storage.journal import Entry, Patch
from storage.open_store import open_store as open_setting
from storage.store import Store
from storage.store_files import appended_files, leftovers
from tests.changing import add_case, queue, remember_bot
from tests.storage.disk import without_fsync
from tests.storage.examining import examine, examine_folder, mend_folder
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
    store = opened(directory, key)
    with without_fsync():
        for _, act in STEPS:
            await act(store)
    age(directory)
    return directory, key


def opened(directory: Path, key: Key | None) -> Store:
    return Store(FileJournal(directory, key=key))


def append(directory: Path, key: Key | None, name: str, patch: Patch, event: str = "Made") -> None:
    """A whole line, as if some version had written it."""
    cipher = FileJournal(directory, key=key).cipher
    AppendOnlyLog(directory / name, cipher).append(Entry("log", None, patch, AT, event))


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
    assert await examine_folder(directory, key) == []
    assert await mend(made) == ([], [])
    assert contents(directory) == before


async def test_a_folder_without_a_store_is_said_and_not_made_into_one(tmp_path: Path) -> None:
    for directory in (tmp_path, tmp_path / "none"):
        for key in KEYS.values():
            found = only(await examine_folder(directory, key))
            assert found.what == "there is no store in this folder"
    assert contents(tmp_path) == {}


async def test_a_wrong_key_is_refused_and_not_called_damage(made: tuple[Path, Key | None]) -> None:
    directory, key = made
    with pytest.raises(KeyRefused):
        await examine_folder(directory, Key.from_text(make_key()) if key is None else None)


async def test_it_works_beside_a_running_bot(made: tuple[Path, Key | None]) -> None:
    directory, key = made
    bot = await open_setting(f"tinydb:{directory}", exclusive=True, key=key)
    before = await snapshot(bot)
    shutil.copy(directory / C001, directory / "x")  # something to mend
    (directory / "x").rename(directory / CASES / ".making-x-1")
    age(directory)
    assert len((await mend(made)).mended) == 1
    assert await snapshot(bot) == before
    await remember_bot(bot, "on_it_goes")
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
        for found in (
            await examine_folder(directory, key),
            (await mend(made)).left,
        ):
            places = [one.place for one in found]
            assert f"{path.relative_to(directory)}, line 1" in places
            assert not any(one.mendable for one in found)
            assert str(directory) not in " ".join(map(str, found)), "the place says where"
        assert path.read_bytes() == broken
        path.write_bytes(whole)
    assert await examine_folder(directory, key) == []


async def test_every_damaged_file_is_found_at_once(made: tuple[Path, Key | None]) -> None:
    directory, key = made
    damaged = [
        directory / C001,
        directory / CASES / "C002~case-file.jsonl",
        directory / "bot.jsonl",
    ]
    for path in damaged:
        path.write_bytes(b"x\n")
    found = {one.place for one in await examine_folder(directory, key)}
    assert found == {f"{path.relative_to(directory)}, line 1" for path in damaged}


async def test_a_changed_pack_is_told(made: tuple[Path, Key | None]) -> None:
    directory, key = made
    [path] = (directory / "packs").iterdir()
    path.write_bytes(path.read_bytes()[:-5] + b"     ")
    found = (await examine_folder(directory, key))[0]
    assert found.place == f"packs/{path.name}"
    assert "changed" in found.what
    path.unlink()
    assert "missing" in only(await examine_folder(directory, key)).what


async def test_a_listed_case_without_its_file_is_told(made: tuple[Path, Key | None]) -> None:
    directory, key = made
    (directory / CASES / "C002~case-file.jsonl").unlink()
    found = only(await examine_folder(directory, key))
    assert found.place == f"{CASES}/C002~case-file.jsonl"
    assert found.what == "the file has gone, and it held what was saved"
    assert "backup" in found.remedy


async def test_an_inspection_without_its_list_is_told_and_its_people_are_not_blamed(
    made: tuple[Path, Key | None],
) -> None:
    directory, key = made
    (directory / f"inspections/{ID}/inspection.jsonl").unlink()
    assert only(await examine_folder(directory, key)).place == f"inspections/{ID}/inspection.jsonl"


async def test_an_inspection_under_another_name_is_told(made: tuple[Path, Key | None]) -> None:
    directory, key = made
    (directory / f"inspections/{ID}").rename(directory / "inspections/renamed")
    found = await examine_folder(directory, key)
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
            file.write(b'{"v":1,' if key is None else b"casewalk-sealed/1")
        found = only(await examine_folder(directory, key))
        assert found.place == str(path.relative_to(directory))
        assert found.mendable
        assert path.read_bytes() != whole, "examining changes nothing"
        assert await mend(made) == ([found], [])
        assert path.read_bytes() == whole
    assert await examine_folder(directory, key) == []


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
    assert await examine_folder(directory, key) == [], "somebody may be at it"
    age(directory)
    os.utime(making[0])
    assert len(await examine_folder(directory, key)) == 4, (
        "a folder is as young as the youngest in it"
    )
    age(directory)
    assert [one.mendable for one in await examine_folder(directory, key)] == [True] * 5
    result = await mend(made)
    assert (len(result.mended), result.left) == (5, [])
    assert list(leftovers(directory)) == []
    assert await examine_folder(directory, key) == []


async def test_a_case_half_added_is_listed(made: tuple[Path, Key | None]) -> None:
    directory, key = made
    store = opened(directory, key)
    case = Case("C050", "interview", "I1")
    append(directory, key, f"{CASES}/C050~interview.jsonl", case_patch(None, case))
    assert await examine_folder(directory, key) == [], "it may be listed in a moment"
    age(directory)
    found = only(await examine_folder(directory, key))
    assert (found.place, found.mendable) == (f"{CASES}/C050~interview.jsonl", True)
    assert case not in await store.cases(ID)
    assert await mend(made) == ([found], [])
    assert (await store.cases(ID))[-1] == case
    assert await examine_folder(directory, key) == []


async def test_a_file_beside_the_list_that_cannot_be_listed_is_told(
    made: tuple[Path, Key | None],
) -> None:
    directory, key = made
    case = Case("c001", "case-file")
    append(directory, key, f"{CASES}/c001~case-file.jsonl", case_patch(None, case))
    (directory / CASES / "C060~case-file.jsonl").touch(mode=0o600)
    age(directory)
    result = await mend(made)
    assert result.mended == []
    assert [one.place for one in result.left] == [
        f"{CASES}/C060~case-file.jsonl",
        f"{CASES}/c001~case-file.jsonl",
    ]


@pytest.mark.skipif(os.name == "nt", reason="permissions are others there")
async def test_what_others_may_read_is_closed_to_them(made: tuple[Path, Key | None]) -> None:
    directory, key = made
    wide = [directory / C001, directory / "chats", directory / f"inspections/{ID}/list.jsonl"]
    for path in wide:
        path.chmod(0o755)
    found = only(await examine_folder(directory, key))
    assert found.mendable
    assert "and 2 more" in found.what
    assert await mend(made) == ([found], [])
    assert {path.stat().st_mode & 0o077 for path in wide} == {0}
    assert {path.stat().st_mode & 0o700 for path in wide} == {0o700}
    assert await examine_folder(directory, key) == []


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
        file.write(b'{"v":1,' if key is None else b"casewalk-sealed/1")

    def full(*_: object) -> None:
        raise OSError(28, "")

    monkeypatch.setattr(os, "ftruncate", full)
    result = await mend(made)
    assert result.mended == []
    assert "could not be mended: Not saved: the disk is full" in only(result.left).remedy


# --- what refers to what -------------------------------------------------------------------------


async def test_a_chat_that_points_nowhere_is_told(made: tuple[Path, Key | None]) -> None:
    directory, key = made
    lost = CaseKey("C404", "case-file")
    for name, place in (("tg-1", ChatPlace("gone")), ("tg-2", ChatPlace(ID, lost))):
        document = place_to_json(place)
        append(directory, key, f"chats/{name}.jsonl", {"chat": {"chat": document}})
    found = await examine_folder(directory, key)
    assert [one.place for one in found] == ["chats/tg-1.jsonl", "chats/tg-2.jsonl"]
    assert "inspection 'gone', which is not in this store" in found[0].what
    assert "C404 (case-file), is not in" in found[1].what
    assert not any(one.mendable for one in found)


async def test_a_chat_whose_first_write_never_came_is_told_once_it_is_old(
    made: tuple[Path, Key | None],
) -> None:
    directory, key = made
    (directory / "chats/tg-3.jsonl").touch(mode=0o600)
    assert await examine_folder(directory, key) == []
    age(directory)
    assert "holds no lines" in only(await examine_folder(directory, key)).what


async def test_a_photo_that_is_missing_or_changed_is_told_with_its_case(
    made: tuple[Path, Key | None],
) -> None:
    directory, key = made
    path = directory / f"inspections/{ID}/files/{PHOTO_NAME}"
    path.write_bytes(path.read_bytes()[:-1] + b"!")
    found = only(await examine_folder(directory, key))
    assert found.place == f"inspections/{ID}/files/{PHOTO_NAME}"
    assert "changed" in found.what
    assert "case C001 (case-file) has it on q1" in found.what
    path.unlink()
    assert (
        "it is missing, and case C001 (case-file) has it on q1"
        in only(await examine_folder(directory, key)).what
    )


async def test_a_photo_that_no_case_names_is_told_and_kept(made: tuple[Path, Key | None]) -> None:
    directory, key = made
    await opened(directory, key).keep_file(ID, "C002-other.jpg", b"a photo")
    assert await examine_folder(directory, key) == [], "its case may name it in a moment"
    age(directory)
    found = only((await mend(made)).left)
    assert "no case names it" in found.what
    assert (directory / f"inspections/{ID}/files/C002-other.jpg").exists()
    (directory / CASES / "C002~case-file.jsonl").write_bytes(b"x\n")
    assert [one.place for one in await examine_folder(directory, key)] == [
        f"{CASES}/C002~case-file.jsonl, line 1"
    ], "a case that cannot be read may name it"


async def test_a_message_about_a_case_that_is_not_there_is_told(
    made: tuple[Path, Key | None],
) -> None:
    directory, key = made
    store = opened(directory, key)
    about = CaseKey("C404", "case-file")
    await queue(store, [OutboxMessage("n1", ID, "telegram", CHAT, "submitted", about, AT)], at=AT)
    assert (
        "case C404 (case-file), which is not in this inspection"
        in only(await examine_folder(directory, key)).what
    )


async def test_a_case_of_a_form_that_the_pack_has_not_is_told(
    made: tuple[Path, Key | None],
) -> None:
    directory, key = made
    await add_case(opened(directory, key), ID, Case("C070", "nosuch"), by=None, at=AT)
    assert "no form 'nosuch'" in only(await examine_folder(directory, key)).what


@pytest.mark.parametrize(
    "name",
    [
        f"inspections/{ID}/notes.txt",
        f"inspections/{ID}/more.jsonl",
        "inspections/README.txt",
        f"{CASES}/x.tmp",
        "chats/x",
    ],
)
async def test_a_file_that_nobody_names_is_told_and_kept(
    made: tuple[Path, Key | None], name: str
) -> None:
    directory, _key = made
    (directory / name).write_text("mine")
    (directory / name).chmod(0o600)
    found = only((await mend(made)).left)
    assert (found.place, found.what) == (name, "it is not part of the store")
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
        {"messages": {"x": {}}},
        {"inspection": {"inspection": None}},
    ],
)
async def test_a_whole_line_that_no_version_wrote_ends_in_a_finding_and_no_traceback(
    made: tuple[Path, Key | None], patch: dict[str, dict[str, object]]
) -> None:
    directory, key = made
    for name in (
        C001,
        f"inspections/{ID}/inspection.jsonl",
        f"inspections/{ID}/list.jsonl",
        f"inspections/{ID}/outbox.jsonl",
        f"chats/{CHAT}.jsonl",
        "bot.jsonl",
    ):
        append(directory, key, name, patch, event="Forged")  # type: ignore[arg-type]
    found = await examine_folder(directory, key)
    assert all(str(one).endswith(".") and not one.mendable for one in found)
    assert found or next(iter(patch)) not in ("case", "cases", "messages", "inspection")


# --- logs that were cut --------------------------------------------------------------------------


async def test_a_log_that_was_cut_is_told_and_a_restored_one_is_taken_as_it_is(
    made: tuple[Path, Key | None],
) -> None:
    directory, key = made
    before = await snapshot(opened(directory, key))
    for path in list(appended_files(directory)):
        name = path.relative_to(directory).as_posix()
        whole = path.read_bytes()
        lines = whole.splitlines(keepends=True)
        for cut in (b"".join(lines[:-1]), b""):
            path.write_bytes(cut)
            for found in (await examine_folder(directory, key), (await mend(made)).left):
                assert name in [one.place for one in found]
                assert not any(one.mendable for one in found)
            assert path.read_bytes() == cut
        path.write_bytes(whole)
    assert await examine_folder(directory, key) == []
    path = directory / C001
    lines = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(b"".join(lines[:-1]))
    store = await open_setting(f"tinydb:{directory}", exclusive=True, key=key)
    with pytest.raises(Damaged, match="--accept"):
        await store.load_case(ID, CaseKey("C001", "case-file"), CHAT)
    with pytest.raises(InUse):
        await accept(directory, key)
    await store.close()
    assert await accept(directory, key) == len(list(appended_files(directory)))
    age(directory)
    assert await examine_folder(directory, key) == []
    after = await snapshot(opened(directory, key))
    assert len(after[ID]["history"][0]) == len(before[ID]["history"][0]) - 1


async def test_a_file_that_ends_otherwise_is_told(made: tuple[Path, Key | None]) -> None:
    """Whole again, and as long as before, but another."""
    directory, key = made
    path = directory / "bot.jsonl"
    path.unlink()
    append(directory, key, "bot.jsonl", {"bot": {"bot": {"username": "casewalk_cat"}}})
    age(directory)
    assert only(await examine_folder(directory, key)).place.startswith("bot.jsonl")


# --- a database ----------------------------------------------------------------------------------


async def test_a_database_is_examined_likewise(store: Store, setting: str) -> None:
    for _, act in STEPS:
        await act(store)
    if setting.startswith("tinydb:"):
        age(Path(setting.removeprefix("tinydb:")))
    assert await examine(store) == []
    about = CaseKey("C404", "case-file")
    await queue(store, [OutboxMessage("n1", ID, "telegram", CHAT, "submitted", about, AT)], at=AT)
    await add_case(store, ID, Case("C070", "nosuch"), by=None, at=AT)
    await store.journal.drop(f"inspections/{ID}/files/{PHOTO_NAME}")
    await store.journal.drop(f"{CASES}/C002~case-file")
    told = " ".join(one.what for one in await examine(store))
    for what in ("which is not in this inspection", "no form 'nosuch'",
                 "case C001 (case-file) has it on q1", "it is missing or empty"):  # fmt: skip
        assert what in told


async def test_a_step_that_was_changed_in_a_database_is_told(store: Store, setting: str) -> None:
    if setting.startswith("tinydb:"):
        return
    for _, act in STEPS:
        await act(store)
    with psycopg.connect(setting, autocommit=True) as connection:
        connection.execute(
            "update steps set line = replace(line::text, 'yes', 'no!')::json where n = 3"
            " and log = %s",
            (C001.removesuffix(".jsonl"),),
        )
    found = await examine(store)
    assert any(one.place == C001.removesuffix(".jsonl") for one in found)
    assert "step 3" in str(found[0])


async def mend(made: tuple[Path, Key | None]) -> Mended:
    return await mend_folder(made[0], at=AT, key=made[1])
