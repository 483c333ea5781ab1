"""A disk that fails under a conversation: the inspector is told, and can go on once it is mended.

``CASEWALK_DISK_FAULTS=full`` tries every call; without, a part of them, drawn with the seed.
"""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from bot import pipeline
from bot.channels.channel import Message, ReceivedFile, Response
from bot.messages import say
from bot.pipeline import Pipeline
from storage.file_journal import FileJournal
from storage.store import Store
from tests.bot.test_conversation_telegram import now
from tests.storage.disk import NOTHING, Disk, lay_out, left_by_power_loss
from tests.storage.script import ID, snapshot
from tests.storage.test_disk_faults import SEED, Breaking, points
from tests.storage.tiny import AT, CHAT, INSPECTOR, tiny_cases, tiny_inspection, tiny_pack

SAYS = [
    Message(CHAT, text="/case C001", update="1"),
    Message(CHAT, text="male", update="2"),
    Message(CHAT, text="41", update="3"),
    Message(CHAT, text="yes", update="4"),
    Message(CHAT, text="/note Seen on page 3", update="5"),
    Message(CHAT, file=ReceivedFile("photo", b"\xff\xd8\xff a photo"), update="6"),
    Message(CHAT, text="no", update="7"),
    Message(CHAT, text="/language cy", update="8"),
    Message(CHAT, text="oasys", update="9"),
]


async def _conversation(root: Path) -> tuple[Disk, Store, Pipeline]:
    disk, store = Disk(root), Store(FileJournal(root / "store"))
    with disk.under():
        await store.create_inspection(tiny_inspection(), tiny_pack(), tiny_cases(), at=AT)
        await store.add_member(ID, CHAT, INSPECTOR, at=AT)
    return disk, store, Pipeline(store, now)


def _told(response: Response) -> str:
    return "\n".join(reply.text for reply in response.replies)


@pytest.mark.long
async def test_the_inspector_is_told_what_was_not_saved_and_can_go_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pipeline, "NOT_SAVED_WAITS", (0.0, 0.0))
    disk, store, talk = await _conversation(tmp_path / "whole")
    first, told, seen = len(disk.log), [], []
    with disk.under():
        for message in SAYS:
            seen.append(await snapshot(store))
            told.append(_told(await talk.receive(message)))
        seen.append(await snapshot(store))
    tried = refused = 0
    for point, failing in points(len(disk.log) - first, 0.15):
        tried += 1
        root = tmp_path / f"{tried}"
        disk, store, talk = await _conversation(root)
        place = f"seed {SEED}, {failing.what} from call {first + point}"
        with disk.under():
            breaking = Breaking(disk, failing, first + point)
            for number, (message, answer) in enumerate(zip(SAYS, told, strict=True)):
                said = _told(await talk.receive(message))
                if said != answer:
                    refused += 1
                    assert said == say("not-saved"), place
                    assert await snapshot(store) == seen[number], place
                    breaking.mend()
                    await talk.receive(message)
                assert await snapshot(store) == seen[number + 1], place
        left = lay_out(left_by_power_loss(disk.log, NOTHING), tmp_path / f"{tried}-after")
        after = Store(FileJournal(left / "store"))
        assert await snapshot(after) == seen[-1], f"{place}, power loss"
        shutil.rmtree(root)
        shutil.rmtree(left)
    print(f"{tried} disturbed conversations, {refused} answers not saved, all of them told")  # noqa: T201
    assert refused > tried // 4
