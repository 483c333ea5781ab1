"""A session goes to JSON and back without loss; of a cursor only what differs is written."""

from __future__ import annotations

import json

import pytest

from criteria.case import Case
from dialogs.session import (
    Asked,
    Cursor,
    Session,
    TextPart,
    cursor_from_json,
    cursor_to_json,
    session_from_json,
    session_to_json,
)

AT = "2026-11-20T10:00:00Z"
CURSORS = (
    Cursor(),
    Cursor(7, ("told", "how_well"), AT),
    Cursor(8, (), AT, note_on="told", remarks_until=AT),
    Cursor(9, ("papers",), AT, picked=(), kind_for="#1"),
)


@pytest.mark.parametrize("cursor", CURSORS)
def test_a_cursor_goes_to_json_and_back(cursor: Cursor) -> None:
    raw = json.loads(json.dumps(cursor_to_json(cursor)))
    assert cursor_from_json(raw) == cursor
    part = TextPart(("x" * 4_096, "y"), AT, {"id": "7"}, held=True)
    asked = Asked("remark", ("C001",))
    session = Session("I1", "cy", Case("C001", "case-file"), cursor, asked, ("3f2a",), part)
    assert session_from_json(json.loads(json.dumps(session_to_json(session)))) == session


def test_a_fresh_cursor_writes_nothing() -> None:
    assert cursor_to_json(Cursor()) == {}
    assert cursor_to_json(Cursor(2, ("told",))) == {"card": 2, "questions": ["told"]}


def test_a_card_without_questions_is_a_review() -> None:
    assert Cursor(2, ("told", "how_well")).question == "told"
    assert Cursor(3).question is None
