"""A conversation is recorded as a test that can be replayed."""

from __future__ import annotations

import json

from bot.recording import Recorder
from dialogs import events
from dialogs.engine import advance
from dialogs.session import session_from_json
from tests.walk import NOW, Walk


def test_a_step_carries_its_session_only_where_it_begins_elsewhere() -> None:
    walk = Walk()
    recorder = Recorder(walk.pack, "tiny")
    before, first = walk.session, walk.session
    for text in ("male", "yes"):
        event = events.TextReceived(text)
        step = advance(before, event, walk.pack, NOW)
        recorder.step_seen(before, event, step, NOW)
        before = step.session
    recorder.step_seen(first, events.TextReceived("x"), advance(first, event, walk.pack, NOW), NOW)
    document = json.loads(recorder.dump())
    assert document["pack"] == walk.pack.name
    assert ["session" in step for step in document["steps"]] == [True, False, True]
    assert session_from_json(document["steps"][0]["session"]) == first


def test_a_step_says_what_was_answered() -> None:
    walk = Walk()
    recorder = Recorder(walk.pack, "tiny")
    event = events.TextReceived("male")
    recorder.step_seen(walk.session, event, advance(walk.session, event, walk.pack, NOW), NOW)
    (step,) = json.loads(recorder.dump())["steps"]
    assert step["effects"] == ["AnswerRecorded", "QuestionAsked"]
    assert step["reply"][0] == "✓ A1 Male"
    assert step["event"] == {"type": "TextReceived", "text": "male"}
