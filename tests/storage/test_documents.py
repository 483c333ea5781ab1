"""What is kept beside the cases goes to a document and back."""

from __future__ import annotations

from dataclasses import asdict, replace
from typing import Any

import orjson
import pytest

from criteria.case import CaseKey
from criteria.inspection import Member, Role
from dialogs.session import Asked
from storage.documents import (
    ChatPlace,
    Invitation,
    OutboxMessage,
    invitation_from_json,
    member_from_json,
    outbox_from_json,
    place_from_json,
    place_to_json,
)
from tests.storage.tiny import AT, CHAT

SECOND = CaseKey("C001", "case-file", 2)

MESSAGE = OutboxMessage("m1", "week", "tg", CHAT, "submitted", SECOND, AT)
INVITATION = Invitation("f" * 64, Role.LEAD, "L1", AT, update="4711")


@pytest.mark.parametrize(
    ("value", "from_json"),
    [
        (MESSAGE, outbox_from_json),
        (replace(MESSAGE, case=None), outbox_from_json),
        (INVITATION, invitation_from_json),
        (Member("L1", Role.LEAD), member_from_json),
    ],
    ids=["message", "message of no case", "invitation", "member"],
)
def test_a_value_comes_back_from_its_fields_as_json(value: Any, from_json: Any) -> None:
    assert from_json(orjson.loads(orjson.dumps(asdict(value)))) == value


@pytest.mark.parametrize(
    "place",
    [ChatPlace("week"), ChatPlace("week", SECOND, "cy", Asked("recommend", ("c1",)))],
    ids=["bare", "whole"],
)
def test_where_a_chat_is_comes_back(place: ChatPlace) -> None:
    document = place_to_json(place)
    assert orjson.loads(orjson.dumps(document)) == document
    assert place_from_json(document) == place
