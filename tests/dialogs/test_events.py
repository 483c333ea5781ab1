"""Events go to JSON and back, and say which message they came with."""

from __future__ import annotations

import json
from dataclasses import fields
from typing import get_args

import pytest

from criteria.case import CaseKey
from dialogs import events
from dialogs.events import Card, Origin


@pytest.mark.parametrize(
    "event",
    [
        events.TextReceived("y", origin=Origin(message="7", sent="2026-11-20T10:00:00Z")),
        events.ChoiceTapped(CaseKey("C001", "case-file", 2), "sex", "male"),
        events.ControlTapped(Card(CaseKey("C001", "case-file"), 3), "skip"),
        events.AttachmentGiven("photo", "C001-a.jpg", origin=Origin(album="9", replies_to="6")),
    ],
)
def test_an_event_goes_to_json_and_back(event: events.Event) -> None:
    assert events.event_from_json(json.loads(json.dumps(events.event_to_json(event)))) == event


def test_an_events_json_holds_nothing_that_is_as_usual() -> None:
    assert events.event_to_json(events.WentBack()) == {"type": "WentBack"}
    tapped = events.ChoiceTapped(CaseKey("C001", "case-file"), "sex", "male")
    assert events.event_to_json(tapped)["case"] == {"case": "C001", "form": "case-file"}
    edited = events.TextReceived("y", origin=Origin(edits="7"))
    assert events.event_to_json(edited)["origin"] == {"edits": "7"}


def test_every_event_says_which_message_it_came_with() -> None:
    for event in get_args(events.Event):
        assert "origin" in {field.name for field in fields(event)}
