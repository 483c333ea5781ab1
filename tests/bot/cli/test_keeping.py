"""``close``, ``archive``, ``erase``, ``doctor``, ``key``, ``rekey`` and ``move``, as typed."""

from __future__ import annotations

import asyncio
import hashlib
import json
import zipfile
from collections.abc import Awaitable, Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest

from bot.__main__ import main
from criteria.case import CaseKey
from criteria.case_status import Status
from criteria.instrument.load import load_pack
from storage.erasing import Erasing
from storage.exports import EXPORTS
from storage.inspection_file import read_inspection_file
from storage.journal import Entry
from storage.store import Store
from tests.changing import set_record
from tests.files_store import files_store
from tests.storage.script import ID, KENT, KEY, PHOTO, PHOTO_NAME, STEPS
from tests.storage.test_erasing import in_files
from tests.storage.tiny import AT, CHAT

RECOMMENDED = {"key": True, "owner": "the trust", "text": "Write it down."}
SECRETS = ("CASEWALK_KEY", "CASEWALK_NEW_KEY", "CASEWALK_STORE", "TELEGRAM_BOT_TOKEN")


class CommandLine:
    """``casewalk`` in a folder of its own, in this process. ``data`` is its store."""

    def __init__(
        self, folder: Path, patch: pytest.MonkeyPatch, capture: pytest.CaptureFixture[str]
    ) -> None:
        self.folder, self.data = folder, folder / "data"
        self._patch, self._capture = patch, capture
        patch.chdir(folder)
        for name in SECRETS:
            patch.delenv(name, raising=False)

    def set(self, **settings: str | None) -> None:
        for name, value in settings.items():
            if value is None:
                self._patch.delenv(name, raising=False)
            else:
                self._patch.setenv(name, value)

    def __call__(self, *arguments: str, code: int = 0) -> str:
        """Gives what it said, wherever."""
        self._capture.readouterr()
        got = main(arguments)
        out, error = self._capture.readouterr()
        assert got == code, out + error
        assert error.startswith("casewalk: ") or not error
        return out + error

    def store(self, act: Callable[[Store], Awaitable[Any]]) -> Any:
        async def run() -> Any:
            store = files_store(self.data)
            try:
                return await act(store)
            finally:
                await store.close()

        return asyncio.run(run())


@pytest.fixture
def casewalk(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> CommandLine:
    """With the session of all that a store keeps in it."""
    command_line = CommandLine(tmp_path, monkeypatch, capsys)

    async def fill(store: Any) -> None:
        for _, act in STEPS:
            await act(store)
        await set_record(store, ID, "recommendations", "R1", RECOMMENDED, by="L1", at=AT)

    command_line.store(fill)
    return command_line


def closed(casewalk: CommandLine) -> tuple[str | None, str | None]:
    inspection = casewalk.store(lambda store: store.inspection(ID))
    return inspection.closed, inspection.keep_until


# --- closing -------------------------------------------------------------------------------------


def test_an_inspection_is_closed_its_term_set_and_opened_again(casewalk: CommandLine) -> None:
    assert "closed since" in casewalk("close", ID)
    first, until = closed(casewalk)
    assert (first is not None, until) == (True, None)
    assert "kept until 2027-12-31" in casewalk("close", ID, "--keep-until", "2027-12-31")
    assert closed(casewalk) == (first, "2027-12-31")
    assert "kept until 2027-12-31" in casewalk("close", ID)
    assert casewalk("close", ID, "--undo") == f"{ID}: open again.\n"
    assert closed(casewalk) == (None, None)


def test_what_cannot_be_closed_is_told(casewalk: CommandLine) -> None:
    assert "no inspection 'x'" in casewalk("close", "x", code=1)
    told = casewalk("close", ID, "--keep-until", "next year", code=1)
    assert told == "casewalk: --keep-until 'next year' is no date; write it as 2027-12-31.\n"
    assert closed(casewalk) == (None, None)


def test_the_command_line_changes_nothing_that_is_closed(casewalk: CommandLine) -> None:
    (casewalk.folder / "in.json").write_text(casewalk("export", ID, "--format", "json"))
    casewalk("close", ID)
    before = in_files(casewalk.data)
    for arguments in (
        ("invite", ID, "--role", "lead"),
        ("adjust", ID, "c1", "--clear"),
        ("import", ID, "in.json"),
    ):
        assert f"{ID} is closed, so nothing in it changes." in casewalk(*arguments, code=1)
    assert in_files(casewalk.data) == before
    casewalk("score", ID)


# --- archiving -----------------------------------------------------------------------------------


def test_an_archive_holds_everything_and_no_chat(casewalk: CommandLine) -> None:
    casewalk("archive", ID, "--out", "kept.zip")
    path = casewalk.folder / "kept.zip"
    assert path.stat().st_mode & 0o077 == 0
    with zipfile.ZipFile(path) as archive:
        held = {name: archive.read(name) for name in archive.namelist()}
    sums = dict(line.split("  ")[::-1] for line in held.pop("SHA256SUMS").decode().splitlines())
    assert sums == {name: hashlib.sha256(one).hexdigest() for name, one in held.items()}
    assert set(held) == {
        "inspection.json", "people.json", "history.jsonl", "pack.json", f"files/{PHOTO_NAME}.jpg",
        *(f"exports/{one.file_name(ID)}" for one in EXPORTS.values() if one.name != "json"),
    }  # fmt: skip
    assert held[f"files/{PHOTO_NAME}.jpg"] == PHOTO
    assert CHAT.encode() not in b"".join(held.values())
    pack = load_pack(json.loads(held["pack.json"]))
    read = read_inspection_file(held["inspection.json"], lambda _: pack)
    for reading, cases in ((1, read.cases), (2, read.second_readings)):
        assert list(cases) == casewalk.store(lambda store, n=reading: store.cases(ID, reading=n))
    assert read.records["recommendations"]["R1"]["text"] == "Write it down."
    steps = [json.loads(line) for line in held["history.jsonl"].splitlines()]
    returned = [step for step in steps if step["why"] == "not complete"]
    assert [(step["case"], step["by"]) for step in returned] == [("C001", "L1")]
    people = json.loads(held["people.json"])
    assert people == {"people": [{"person": "I1", "role": "inspector"}], "former": ["L1"]}


def test_an_archive_that_would_lack_something_is_not_made(casewalk: CommandLine) -> None:
    photo = casewalk.data / "inspections" / ID / "files" / PHOTO_NAME
    photo.write_bytes(b"another")
    assert "it was changed" in casewalk("archive", ID, "--out", "kept.zip", code=1)
    case = casewalk.data / "inspections" / ID / "cases" / "C002~case-file.jsonl"
    case.write_bytes(b"garbage\n")
    assert "C002" in casewalk("archive", ID, "--out", "kept.zip", code=1)
    assert "a folder that exists" in casewalk("archive", ID, "--out", "no/kept.zip", code=1)
    assert [path.name for path in casewalk.folder.iterdir()] == ["data"]


# --- erasing -------------------------------------------------------------------------------------


def test_without_yes_it_only_says_what_would_go(casewalk: CommandLine) -> None:
    casewalk("close", ID, "--keep-until", "2999-12-31")
    before = in_files(casewalk.data)
    told = casewalk("erase", ID)
    assert f"{ID} “Cheshire”: 5 cases, 1 file (photos, voice messages), 1 person" in told
    assert "It should be kept until 2999-12-31." in told
    assert "Nothing is erased yet." in told
    assert "case C001 (case-file, interview, case-file, second reading), with" in casewalk(
        "erase", ID, "--case", "c001"
    )
    assert "which chat I1 is" in casewalk("erase", ID, "--person", "i1")
    assert in_files(casewalk.data) == before


def test_a_whole_inspection_is_erased_when_it_is_closed(casewalk: CommandLine) -> None:
    told = casewalk("erase", ID, "--yes", code=1)
    assert told.startswith(f"casewalk: {ID} is not closed. Close it first")
    casewalk("close", ID)
    assert "Erased" in casewalk("erase", ID, "--yes")
    assert ID.encode() not in in_files(casewalk.data)
    assert f"There is no inspection '{ID}'. There are: {KENT}." in casewalk("score", ID, code=1)


def test_a_case_and_a_person_are_erased_from_one_that_is_open(casewalk: CommandLine) -> None:
    casewalk("erase", ID, "--case", "C001", "--yes")
    assert b"Seen on page 3" not in in_files(casewalk.data)
    cases = casewalk.store(lambda store: store.cases(ID))
    assert [case.case for case in cases] == ["C002", "C009"]
    casewalk("erase", ID, "--person", "I1", "--yes")
    assert CHAT.encode() not in in_files(casewalk.data)
    assert casewalk("doctor") == "Everything is in order.\n"
    for arguments, told in (
        (("--case", "C001"), "There is no case 'C001'"),
        (("--person", "I1"), "'I1' ever joined, or they are erased"),
        (("--person", "tg-55"), "Nobody called 'tg-55' ever joined"),
    ):
        assert told in casewalk("erase", ID, *arguments, "--yes", code=1)


def test_who_serves_elsewhere_too_is_said(casewalk: CommandLine) -> None:
    async def join(store: Store) -> None:
        member = (await store.members(ID))[CHAT]
        await store.add_member(KENT, CHAT, member, at="2026-11-20T10:00:00Z")

    casewalk.store(join)
    told = casewalk("erase", ID, "--person", "I1", "--yes")
    assert f"The same chat is still known in {KENT} (as I1)." in told


def test_nothing_is_erased_under_a_serving_bot(casewalk: CommandLine) -> None:
    serving = files_store(casewalk.data, exclusive=True)
    before = in_files(casewalk.data)
    told = casewalk("erase", ID, "--case", "C001", "--yes", code=1)
    assert "Another bot is serving from data. Stop it first" in told
    assert in_files(casewalk.data) == before
    asyncio.run(serving.close())


# --- checking ------------------------------------------------------------------------------------


def test_the_doctor_says_what_is_wrong_and_mends_what_is_safe(casewalk: CommandLine) -> None:
    assert casewalk("doctor") == "Everything is in order.\n"
    file = casewalk.data / "inspections" / ID / "cases" / "C001~case-file.jsonl"
    whole = file.read_bytes()
    file.write_bytes(whole + b'{"v":1,')
    told = casewalk("doctor", code=1)
    assert "C001~case-file.jsonl" in told
    assert "casewalk doctor --mend puts 1 of these 1 right." in told
    assert "Mended: inspections" in casewalk("doctor", "--mend")
    assert file.read_bytes() == whole
    file.write_bytes(whole.replace(b"page 3", b"page 4", 1))
    told = casewalk("doctor", "--mend", code=1)
    assert "it was changed (its hash does not fit)" in told
    assert "page" not in told
    assert casewalk.store(lambda store: store.overview(KENT))[0].status is Status.ASSIGNED


def test_a_restored_file_is_refused_as_cut_until_it_is_accepted(casewalk: CommandLine) -> None:
    file = casewalk.data / "inspections" / ID / "cases" / "C001~case-file.jsonl"
    file.write_bytes(file.read_bytes()[: file.read_bytes().index(b"\n") + 1])
    for told in (casewalk("score", ID, code=1), casewalk("doctor", "--mend", code=1)):
        assert "it was cut: lines after line 1, which were saved, have gone" in told
        assert "casewalk doctor --accept takes it as it is" in told
    assert "logs taken as they stand" in casewalk("doctor", "--accept")
    assert casewalk.store(lambda store: store.cases(ID))[0].answers == {}
    assert casewalk("doctor") == "Everything is in order.\n"


def test_the_doctor_wants_a_store(casewalk: CommandLine) -> None:
    casewalk.set(CASEWALK_STORE="tinydb:elsewhere")
    assert "there is no store in this folder" in casewalk("doctor", code=1)


def test_the_doctor_says_that_an_erasing_was_interrupted(casewalk: CommandLine) -> None:
    begun = asdict(Erasing(ID, AT, key=CaseKey("C001", "case-file")))
    entry = Entry("bot", None, {"erasing": {"erasing": begun}}, AT, "ErasingBegun")
    casewalk.store(lambda store: store.journal.append([entry]))
    assert f"erasing in {ID} was interrupted" in casewalk("doctor", code=1)
    casewalk("erase", ID, "--case", "C002", "--yes")
    listed = casewalk.store(lambda store: store.overview(ID))
    assert {line.key.case for line in listed} == {"C001", "C009"}
    assert KEY not in [line.key for line in listed]
    assert casewalk("doctor") == "Everything is in order.\n"


# --- keys ----------------------------------------------------------------------------------------


def test_a_store_is_encrypted_gets_another_key_and_is_plain_again(casewalk: CommandLine) -> None:
    plain = casewalk("export", ID, "--format", "json")
    first, second = casewalk("key").strip(), casewalk("key").strip()
    assert first != second
    casewalk.set(CASEWALK_NEW_KEY=first)
    assert "rewritten. Set CASEWALK_KEY to the new key now" in casewalk("rekey")
    assert b"Seen on page 3" not in in_files(casewalk.data)
    casewalk.set(CASEWALK_KEY=first, CASEWALK_NEW_KEY=None)
    assert casewalk("export", ID, "--format", "json") == plain
    assert casewalk("doctor") == "Everything is in order.\n"
    casewalk("close", ID)
    casewalk("erase", ID, "--case", "C002", "--yes")
    casewalk("close", ID, "--undo")
    casewalk.set(CASEWALK_NEW_KEY=second)
    casewalk("rekey")
    wrong = casewalk("export", ID, "--format", "json", code=1)
    casewalk.set(CASEWALK_KEY=None)
    missing = casewalk("doctor", code=1)
    for told in (wrong, missing):
        assert "is encrypted" in told
        assert first not in told
        assert second not in told
    casewalk.set(CASEWALK_KEY=second, CASEWALK_NEW_KEY=None)
    assert "not encrypted any more" in casewalk("rekey", "--decrypt")
    casewalk.set(CASEWALK_KEY=None)
    assert b"Seen on page 3" in in_files(casewalk.data)
    assert casewalk("doctor") == "Everything is in order.\n"


def test_a_change_of_keys_that_is_not_meant_is_refused(casewalk: CommandLine) -> None:
    before = in_files(casewalk.data)
    assert "Set CASEWALK_NEW_KEY to the new key" in casewalk("rekey", code=1)
    casewalk.set(CASEWALK_NEW_KEY="secret-canary")
    told = casewalk("rekey", code=1)
    assert "CASEWALK_NEW_KEY is no key" in told
    assert "secret-canary" not in told
    casewalk.set(CASEWALK_NEW_KEY=casewalk("key").strip())
    assert "--decrypt asks for none" in casewalk("rekey", "--decrypt", code=1)
    casewalk.set(CASEWALK_STORE="postgresql://casewalk:secret-canary@localhost/x")
    told = casewalk("rekey", code=1)
    assert "names no embedded store" in told
    assert "secret-canary" not in told
    assert in_files(casewalk.data) == before


# --- moving --------------------------------------------------------------------------------------


def test_a_store_is_moved_and_compared(casewalk: CommandLine) -> None:
    exported = casewalk("export", ID, "--format", "json")
    told = casewalk("move", "--from", "tinydb:data", "--to", "tinydb:moved")
    assert told.startswith("Moved and compared: 2 inspections, 6 cases, ")
    assert "1 person, 1 file, 2 chats." in told
    casewalk.set(CASEWALK_STORE="tinydb:moved")
    assert casewalk("export", ID, "--format", "json") == exported
    assert "are the same store" in casewalk(
        "move", "--from", "tinydb:data", "--to", "tinydb:data", code=1
    )
    told = casewalk(
        "move", "--from", "tinydb:data", "--to", "mysql://me:secret-canary@host/x", code=1
    )
    assert "CASEWALK_STORE begins with 'mysql'" in told
    assert "secret-canary" not in told


def test_nothing_is_moved_from_under_a_serving_bot(casewalk: CommandLine) -> None:
    serving = files_store(casewalk.data, exclusive=True)
    told = casewalk("move", "--from", "tinydb:data", "--to", "tinydb:moved", code=1)
    assert "Another bot is serving from data" in told
    asyncio.run(serving.close())
