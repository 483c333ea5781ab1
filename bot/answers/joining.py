"""Joining with an invitation's code: the only thing that a stranger can do."""

from __future__ import annotations

from datetime import datetime

from bot.answers import people
from bot.here import Here
from bot.invitations import code_hash, usable
from bot.permissions import takes_people
from bot.reply import Incoming, Outcome, only
from bot.wording import en as say
from criteria.inspection import Member
from dialogs.turn import iso
from storage.store import Conflict, Store


async def join(store: Store, incoming: Incoming, code: str, now: datetime) -> Outcome:
    """The update is kept: a code that comes again must not move the chat back to where it led."""
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
    good = usable(invitation, now) and takes_people(inspection)
    if not good or await _is_taken(store, inspection.id, invitation.person):
        return only(say.BAD_CODE)
    try:
        member = Member(invitation.person, invitation.role)
        await store.join(inspection.id, invitation.code_hash, incoming.chat, member, at=iso(now))
    except Conflict:
        return only(say.BAD_CODE)
    return await _welcome(store, incoming, now)


async def _is_taken(store: Store, inspection_id: str, person: str) -> bool:
    """Two codes made at one moment may be for one reference: whose cases they are stays one's."""
    members = (await store.members(inspection_id)).values()
    former = await store.former_people(inspection_id)
    return person in former or any(member.person == person for member in members)


async def _welcome(store: Store, incoming: Incoming, now: datetime) -> Outcome:
    here = await _here(store, incoming, now)
    return await people.start(here, "") if here else only(say.STRANGER)
