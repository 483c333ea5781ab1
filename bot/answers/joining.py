"""Joining with an invitation's code: the only thing that a stranger can do."""

from __future__ import annotations

from datetime import datetime

from bot.answers import cases, people
from bot.here import Here
from bot.invitations import code_hash, usable
from bot.reply import Incoming, Outcome, only
from bot.wording import en as say
from criteria.inspection import Member
from dialogs.turn import iso
from storage.store import Conflict, Store


async def join_once(store: Store, incoming: Incoming, code: str, now: datetime) -> Outcome:
    """A code that is delivered again must not move the chat back to where it led."""
    here = await _here(store, incoming, now)
    if here is not None and incoming.update in here.seat.applied:
        return await cases.show_again(here)
    outcome = await _join(store, incoming, code, now)
    here = await _here(store, incoming, now)
    if here is not None and incoming.update is not None:
        await here.note_update(event="CodeGiven")
    return outcome


async def _here(store: Store, incoming: Incoming, now: datetime) -> Here | None:
    seat = await store.seat(incoming.chat)
    if seat is None:
        return None
    return Here(store, seat, await store.pack(seat.inspection.id), now, incoming)


async def _join(store: Store, incoming: Incoming, code: str, now: datetime) -> Outcome:
    """``/start CODE``: an unused code makes a seat; one's own used code leads back to it."""
    found = await store.find_invitation(code_hash(code))
    if found is None:
        return only(say.BAD_CODE)
    inspection, invitation = found
    member = (await store.members(inspection.id)).get(incoming.chat)
    if member is not None:  # one's own code, or a second one: the seat stays what it is
        await store.add_member(inspection.id, incoming.chat, member, at=iso(now))
        return await _welcome(store, incoming, now)
    if not usable(invitation, now):
        return only(say.BAD_CODE)
    try:
        member = Member(invitation.person, invitation.role)
        await store.join(inspection.id, invitation.code_hash, incoming.chat, member, at=iso(now))
    except Conflict:
        return only(say.BAD_CODE)
    return await _welcome(store, incoming, now)


async def _welcome(store: Store, incoming: Incoming, now: datetime) -> Outcome:
    here = await _here(store, incoming, now)
    return await people.start(here, "") if here else only(say.STRANGER)
