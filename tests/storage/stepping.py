"""Steps in a small inspection, for the tests of the store."""

from __future__ import annotations

from dataclasses import replace

from criteria.case import CaseKey
from dialogs.session import Cursor, Session
from storage.reader import ChatState
from storage.store import Store
from tests.storage.conftest import keep
from tests.storage.tiny import AT, tiny_pack

ID = "cheshire-2011"

LATER = "2026-11-20T11:00:00Z"

C001 = CaseKey("C001", "case-file")


def answered(seat: ChatState, name: str, value: str, *, card: int = 1) -> Session:
    case = seat.session.case
    assert case is not None
    question = tiny_pack().forms[0].by_name[name]
    return replace(
        seat.session,
        case=case.answered(question, value, "I1", AT),
        cursor=Cursor(card, (name,)),
    )


async def commit(
    store: Store, seat: ChatState, after: Session, update: int | None = None
) -> ChatState:
    return await keep(store, seat, after, update)
