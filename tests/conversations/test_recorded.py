"""Recorded conversations give the same replies again, the session passing through JSON each time.

Record one with ``casewalk try --record FILE`` and put it here.
"""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from bot.cards import View, render
from criteria.instrument.load import read_pack
from dialogs.engine import advance
from dialogs.events import event_from_json, event_to_json
from dialogs.session import session_from_json, session_to_json

RECORDED = sorted(Path(__file__).parent.glob("*.json"))


def test_there_is_a_recording() -> None:
    assert RECORDED


@pytest.mark.parametrize("path", RECORDED, ids=lambda path: path.stem)
def test_it_replays_from_json(path: Path) -> None:
    recording: dict[str, Any] = json.loads(path.read_text("utf-8"))
    pack = read_pack(recording["pack"])
    session: Any = None
    for number, step in enumerate(recording["steps"], start=1):
        session = session_from_json(json.loads(json.dumps(step.get("session") or session)))
        event = event_from_json(json.loads(json.dumps(step["event"])))
        assert event_to_json(event) == step["event"]
        after = advance(session, event, pack, datetime.fromisoformat(step["at"]))
        reply = render(after.effects, View(after.session, pack, recording["inspection"]))
        told = [type(effect).__name__ for effect in after.effects]
        assert (number, told) == (number, step["effects"])
        assert (number, reply.text.splitlines()) == (number, step["reply"])
        session = session_to_json(after.session)
