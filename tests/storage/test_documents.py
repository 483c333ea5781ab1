"""What is kept beside the cases goes to a document and back."""

from __future__ import annotations

import hashlib

import pytest

from criteria.case import CaseKey
from criteria.inspection import Role
from dialogs.session import Asked
from storage.documents import (
    ChatPlace,
    Invitation,
    OutboxMessage,
    inspection_from_json,
    inspection_to_json,
    invitation_from_json,
    invitation_to_json,
    key_from_json,
    listed_case,
    outbox_from_json,
    outbox_to_json,
    pack_text,
    place_from_json,
    place_to_json,
)
from tests.storage.tiny import AT, CHAT, tiny_inspection, tiny_pack

FIRST, SECOND = CaseKey("C001", "case-file"), CaseKey("C001", "case-file", 2)


def test_an_inspection_pins_its_pack_by_its_hash() -> None:
    pack = pack_text(tiny_pack()).encode()
    document = inspection_to_json(tiny_inspection(), pack, AT)
    assert document["pack_sha256"] == hashlib.sha256(pack).hexdigest()
    assert inspection_from_json(document) == tiny_inspection()


@pytest.mark.parametrize("key", [FIRST, SECOND], ids=["first", "second"])
def test_a_listed_case_comes_back(key: CaseKey) -> None:
    assert key_from_json(listed_case(key)) == key


@pytest.mark.parametrize("case", [None, SECOND], ids=["none", "second"])
def test_a_message_comes_back(case: CaseKey | None) -> None:
    message = OutboxMessage("m1", "week", "tg", CHAT, "submitted", case, AT)
    assert outbox_from_json("week", "m1", outbox_to_json(message)) == message


@pytest.mark.parametrize("update", [None, "4711"])
def test_an_invitation_comes_back_and_its_document_has_no_code(update: str | None) -> None:
    invitation = Invitation("f" * 64, Role.LEAD, "L1", AT, update=update)
    document = invitation_to_json(invitation)
    assert "f" * 64 not in document.values()
    assert invitation_from_json("f" * 64, document) == invitation


@pytest.mark.parametrize(
    "place",
    [ChatPlace("week"), ChatPlace("week", SECOND, "cy", Asked("recommend", ("c1",)))],
    ids=["bare", "whole"],
)
def test_where_a_chat_is_comes_back(place: ChatPlace) -> None:
    assert place_from_json(place_to_json(place)) == place
