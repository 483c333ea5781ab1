"""Recording a conversation as a test: every event, and what was answered, in one JSON file.

``{"pack": …, "inspection": …, "steps": [{"at": …, "event": …, "effects": …, "reply": …}]}``

A step that begins elsewhere than the last one ended carries the session it began with, since
opening a case takes it from the store. ``tests/conversations/`` holds such files; replaying one
passes the session through JSON between every two events.
"""

import json
from datetime import datetime
from typing import Any

from bot.cards import View, render
from criteria.instrument.pack import Pack
from dialogs.events import Event, event_to_json
from dialogs.session import Session, Step, session_to_json


class Recorder:
    """Gathers the steps of one conversation."""

    def __init__(self, pack: Pack, inspection_id: str) -> None:
        self._pack = pack
        self._inspection_id = inspection_id
        self._steps: list[dict[str, Any]] = []
        self._last: Session | None = None

    def step_seen(self, before: Session, event: Event, step: Step, now: datetime) -> None:
        entry: dict[str, Any] = {"at": now.isoformat(timespec="seconds")}
        if before != self._last:
            entry["session"] = session_to_json(before)
        entry["event"] = event_to_json(event)
        entry["effects"] = [type(effect).__name__ for effect in step.effects]
        view = View(step.session, self._pack, self._inspection_id)
        entry["reply"] = render(step.effects, view).text.splitlines()
        self._steps.append(entry)
        self._last = step.session

    def dump(self) -> bytes:
        document = {
            "pack": self._pack.name,
            "inspection": self._inspection_id,
            "steps": self._steps,
        }
        return json.dumps(document, ensure_ascii=False, indent=1).encode() + b"\n"
