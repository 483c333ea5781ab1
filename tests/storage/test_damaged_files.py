"""Damage of every kind to every file of a store: refused by file and line, never read as less.

What is not damaged goes on, and nothing is changed in what is. ``CASEWALK_DAMAGE=full`` changes
every byte of every file; without, a part of them, drawn with the seed.
"""

from __future__ import annotations

import os
import random
import re
from collections.abc import Awaitable, Callable, Iterator
from hashlib import sha256
from pathlib import Path

import pytest

from criteria.case import Case, CaseKey
from storage.documents import pack_text
from storage.encryption import Key, make_key
from storage.errors import Damaged, WrongKey
from storage.file_journal import FileJournal
from storage.store import Store
from tests.changing import add_case, remember_bot, set_record
from tests.storage.disk import without_fsync
from tests.storage.script import ID, KENT, PHOTO, PHOTO_NAME, STEPS
from tests.storage.tiny import AT, CHAT, tiny_pack

FULL = os.environ.get("CASEWALK_DAMAGE") == "full"
SEED = int(os.environ.get("CASEWALK_SEED", "20113"))
BYTES_TRIED = 60

KEYS = {"plain": None, "encrypted": Key.from_text(make_key())}
C001, C002 = CaseKey("C001", "case-file"), CaseKey("C002", "case-file")
OTHER = CaseKey("C001", "case-file")  # in Kent
CASES = f"inspections/{ID}/cases"

PACK = f"packs/{sha256(pack_text(tiny_pack()).encode()).hexdigest()}.json"

Read = Callable[[Store], Awaitable[object]]

READ: dict[str, Read] = {
    f"{CASES}/C001~case-file.jsonl": lambda store: store.load_case(ID, C001, "tg-9"),
    f"inspections/{ID}/inspection.jsonl": lambda store: store.members(ID),
    f"inspections/{ID}/list.jsonl": lambda store: store.case_keys(ID),
    f"inspections/{ID}/outbox.jsonl": lambda store: store.outbox(),
    PACK: lambda store: store.pack(ID),
    f"inspections/{ID}/files/{PHOTO_NAME}": lambda store: store.file(
        ID, PHOTO_NAME, sha256(PHOTO).hexdigest()
    ),
    f"chats/{CHAT}.jsonl": lambda store: store.chat_state(CHAT),
    "bot.jsonl": lambda store: store.bot_username(),
}
"""Each kind of file, and what reads it."""

WRITE: dict[str, Read] = {
    f"{CASES}/C001~case-file.jsonl": lambda store: store.put_case(
        ID, Case("C001", "case-file"), at=AT
    ),
    f"inspections/{ID}/inspection.jsonl": lambda store: set_record(
        store, ID, "digests", "tg-9", {}, by=None, at=AT
    ),
    f"inspections/{ID}/list.jsonl": lambda store: add_case(
        store, ID, Case("C099", "case-file"), by=None, at=AT
    ),
    "bot.jsonl": lambda store: remember_bot(store, "another_bot"),
}

APPENDED = [name for name in READ if name.endswith(".jsonl")]


@pytest.fixture(params=list(KEYS))
async def made(request: pytest.FixtureRequest, tmp_path: Path) -> tuple[Path, Key | None]:
    """A store after the scripted session, and its key."""
    key = KEYS[request.param]
    store = Store(FileJournal(tmp_path, key=key))
    with without_fsync():
        for _, act in STEPS:
            await act(store)
    return tmp_path, key


async def _check_refused(directory: Path, key: Key | None, name: str, damage: str) -> None:
    path = directory / name
    content = path.read_bytes() if path.exists() else None
    ways = [READ[name], *([WRITE[name]] if name in WRITE else [])]
    for way in ways:
        with pytest.raises(Damaged) as raised:
            await way(Store(FileJournal(directory, key=key)))
        said = str(raised.value)
        if key is None:  # else the id of its key may be what was changed
            assert not isinstance(raised.value, WrongKey), f"{name}, {damage}: {said}"
        place = rf"({re.escape(str(path))}|{re.escape(name)})"  # the store's names are its own
        assert re.match(rf"{place}(, line \d+)?: .+\. .+\.\Z", said), said
        assert "backup" in said, said
    assert (path.read_bytes() if path.exists() else None) == content, f"{name}, {damage}"
    await _check_others(directory, key, name)


async def _check_others(directory: Path, key: Key | None, name: str) -> None:
    store = Store(FileJournal(directory, key=key))
    assert (await store.load_case(KENT, OTHER, CHAT))[0].case == "C001"
    if "inspection.jsonl" not in name and "list.jsonl" not in name:
        assert (await store.load_case(ID, C002, CHAT))[0].case == "C002"
    if "case-file" in name:
        overview = await store.overview(ID)
        assert [one.damaged is not None for one in overview].count(True) == 1


def _formats(lines: list[bytes]) -> Iterator[tuple[str, bytes]]:
    for place, line in enumerate(lines):
        for number in (0, 2):
            changed = line.replace(b'"v":1', b'"v":%d' % number, 1)
            changed = changed.replace(b"casewalk-sealed/1", b"casewalk-sealed/%d" % number)
            yield f"format {number}", b"".join([*lines[:place], changed, *lines[place + 1 :]])


def _lines_moved(lines: list[bytes]) -> Iterator[tuple[str, bytes]]:
    for place, line in enumerate(lines):
        yield f"line {place + 1} twice", b"".join([*lines[: place + 1], line, *lines[place + 1 :]])
    for place in range(len(lines) - 1):
        yield f"without line {place + 1}", b"".join([*lines[:place], *lines[place + 1 :]])
        swapped = [*lines[:place], lines[place + 1], lines[place], *lines[place + 2 :]]
        yield f"line {place + 1} after the next", b"".join(swapped)


def _garbage(content: bytes, chance: random.Random) -> Iterator[tuple[str, bytes]]:
    noise = chance.randbytes(len(content))
    yield "noise", noise
    yield "noise without a line break", noise.replace(b"\n", b" ")
    yield "noise in the middle", content[:50] + noise[50:150] + content[150:]
    yield "a picture", b"\x89PNG\r\n\x1a\n" + noise[:200]
    yield "another program's", b"\x1f\x8b\x08\x00" + noise[:100]
    yield "a table", b"case,inspector\nC001,I1\n"
    yield "JSON of another kind", b'{"cases": []}\n'
    yield "something after it", content + b"more\n"
    yield "something that is no line after it", content + b"\xfe\xff"


@pytest.mark.long
async def test_damage_of_every_kind_is_refused_by_file_and_line_and_the_rest_goes_on(
    made: tuple[Path, Key | None],
) -> None:
    directory, key = made
    chance, tried = random.Random(SEED), 0  # noqa: S311
    for name in READ:
        path = directory / name
        whole = path.read_bytes()
        damages = list(_garbage(whole, chance))
        if name in APPENDED:
            lines = whole.splitlines(keepends=True)
            damages += [*_formats(lines), *_lines_moved(lines)]
        else:
            damages += [("cut off", whole[:length]) for length in (0, 1, len(whole) // 2)]
            damages += [("cut by a byte", whole[:-1])]
        for damage, content in damages:
            tried += 1
            path.write_bytes(content)
            await _check_refused(directory, key, name, damage)
        path.write_bytes(whole)
    print(f"{tried} damaged files, 0 of them read")  # noqa: T201


@pytest.mark.long
async def test_one_changed_byte_anywhere_is_refused(made: tuple[Path, Key | None]) -> None:
    directory, key = made
    chance, tried = random.Random(SEED), 0  # noqa: S311
    for name, read in READ.items():
        path = directory / name
        whole = path.read_bytes()
        places = range(len(whole))
        for place in places if FULL else chance.sample(places, min(BYTES_TRIED, len(whole))):
            bit, blank = whole[place] ^ (1 << chance.randrange(8)), chance.choice(b"\0\n }")
            for byte in {bit, blank} - {whole[place]}:
                tried += 1
                path.write_bytes(whole[:place] + bytes([byte]) + whole[place + 1 :])
                damage = f"byte {place} is {byte} (seed {SEED})"
                if tried % 50:
                    with pytest.raises(Damaged):
                        await read(Store(FileJournal(directory, key=key)))
                else:
                    await _check_refused(directory, key, name, damage)
        path.write_bytes(whole)
    print(f"{tried} changed bytes, 0 of them read")  # noqa: T201
    assert tried > 6 * BYTES_TRIED


@pytest.mark.parametrize("name", APPENDED)
async def test_a_file_that_was_cut_off_is_what_once_stood_or_refused(
    made: tuple[Path, Key | None], name: str
) -> None:
    """Within a line or after one: it ended further on when it was last written to."""
    directory, key = made
    path, read = directory / name, READ[name]
    whole = path.read_bytes()
    lengths = range(len(whole))
    for length in lengths if FULL else range(0, len(whole), 97):
        stood = whole[: whole.rfind(b"\n", 0, length) + 1]
        path.write_bytes(stood)
        expected = await _read_or_refused(read, directory, key)
        path.write_bytes(whole[:length])
        assert await _read_or_refused(read, directory, key) == expected


async def _read_or_refused(read: Read, directory: Path, key: Key | None) -> object:
    try:
        return await read(Store(FileJournal(directory, key=key)))
    except Damaged as exc:
        return str(exc)


async def test_a_running_bot_notices_that_saved_lines_have_gone(
    made: tuple[Path, Key | None],
) -> None:
    directory, key = made
    store = Store(FileJournal(directory, key=key))
    await store.put_case(ID, Case("C002", "case-file", "I7"), at=AT)
    path = directory / CASES / "C002~case-file.jsonl"
    whole = path.read_bytes()
    path.write_bytes(whole.splitlines(keepends=True)[0])
    with pytest.raises(Damaged, match="which were saved, have gone"):
        await store.load_case(ID, C002, CHAT)
    path.write_bytes(whole)
    assert (await store.load_case(ID, C002, CHAT))[0].inspector == "I7"


@pytest.mark.parametrize("gone", [name for name in READ if name not in ("bot.jsonl",)])
async def test_a_file_that_is_missing_is_told_and_not_made_anew(
    made: tuple[Path, Key | None], gone: str
) -> None:
    directory, key = made
    (directory / gone).unlink()
    if "/files/" in gone:
        with pytest.raises(Exception, match="There is no file"):
            await READ[gone](Store(FileJournal(directory, key=key)))
        return
    await _check_refused(directory, key, gone, "missing")
