"""Recorded conversations, had again through channels: each shows what was recorded, in order.

The pipeline, the store and the channel are the real ones. A step of a recording is said as somebody
would say it in that channel.
"""

from __future__ import annotations

import io
import json
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from bot.channels import terminal
from bot.channels.channel import Receiver
from bot.channels.terminal import PROMPT, Terminal
from bot.messages import say
from bot.pipeline import Pipeline
from criteria.case import Case
from criteria.case_status import initial_status
from criteria.inspection import Inspection, Member, Role
from criteria.instrument.load import read_pack
from criteria.instrument.pack import Pack
from tests.conversations.test_recorded import RECORDED
from tests.conversations.third_channel import ListOfLines
from tests.files_store import files_store

COMMANDS = {
    "ReviewAsked": "/review", "SubmitAsked": "/submit", "MovedOn": "/next", "WentBack": "/back",
    "ReopenAsked": "/reopen", "NoteCancelled": "/cancel",
}  # fmt: skip


class Recording:
    """One recording as lines to say; its clock follows the line that was asked for last."""

    def __init__(self, path: Path) -> None:
        document: dict[str, Any] = json.loads(path.read_text("utf-8"))
        self.steps: list[dict[str, Any]] = document["steps"]
        self.pack = read_pack(document["pack"])
        self.name: str = document["inspection"]
        self.at = datetime.now(UTC)

    @property
    def replies(self) -> list[str]:
        return ["\n".join(step["reply"]) for step in self.steps]

    def lines(self) -> Iterator[str]:
        for step in self.steps:
            self.at = datetime.fromisoformat(step["at"])
            yield line_of(step, self.pack)

    async def alines(self) -> AsyncIterator[str]:
        for line in self.lines():
            yield line

    async def pipeline(self, directory: Path, chat: str) -> Receiver:
        """The demo, as ``casewalk try`` makes it, with the chat as its one member."""
        store = files_store(directory)
        form = self.pack.case_form.name
        cases = [Case(f"C00{number}", form, "I1", initial_status("I1")) for number in (1, 2, 3)]
        at = "2026-11-20T10:00:00Z"
        inspection = Inspection(self.name, "Demo", self.pack.name, self.pack.version)
        await store.create_inspection(inspection, self.pack, cases, at=at)
        await store.add_member(self.name, chat, Member("I1", Role.LEAD), at=at)
        return Pipeline(store, lambda: self.at)


def line_of(step: dict[str, Any], pack: Pack) -> str:
    """What is said for an event: a text, a command, or a button's label."""
    event = step["event"]
    match event["type"]:
        case "CaseOpened":
            return f"/case {step['session']['case']['case']}"
        case "TextReceived":
            return str(event["text"])
        case "NoteGiven":
            return f"/note {event['text']}"
        case "JumpedTo":
            return f"/goto {event['target']}"
        case "LanguageChosen":
            return f"/language {event['language']}"
        case "KindChosen":
            return say("evidence-kind-" + event["kind"])
        case "ChoiceTapped":
            choice = pack.case_form.by_name[event["question"]].choice(event["choice"])
            assert choice is not None
            return pack.text(choice.label)
        case command:
            return COMMANDS[command]


@pytest.fixture(params=RECORDED, ids=lambda path: path.stem)
def recording(request: pytest.FixtureRequest) -> Recording:
    return Recording(request.param)


async def test_the_third_channel_shows_what_was_recorded(
    recording: Recording, tmp_path: Path
) -> None:
    channel = ListOfLines(recording.lines())
    await channel.run(await recording.pipeline(tmp_path, "list-1"))
    assert channel.texts == recording.replies


async def test_the_terminal_shows_what_was_recorded(
    recording: Recording, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(terminal, "_width", lambda: 10_000)
    out = io.StringIO()
    channel = Terminal(recording.alines(), out)
    await channel.run(await recording.pipeline(tmp_path, "terminal"))
    shown = out.getvalue()
    for line, reply in zip(recording.lines(), recording.replies, strict=True):
        told, _, shown = shown.partition(f"{PROMPT}{line}\n")
        assert shown.startswith(f"\n{reply}\n"), (line, told[-200:])
