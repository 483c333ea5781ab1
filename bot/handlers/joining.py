"""Joining with an invitation's code: the only thing that a stranger can do."""

from dataclasses import replace
from datetime import datetime
from functools import partial

from bot.channels.channel import Response
from bot.context import Context
from bot.decision import Decision, only
from bot.handlers.inspections import going_to, welcome
from bot.invitations import code_hash, codes_in, usable
from bot.messages import messages
from criteria.inspection import Member
from storage.changes import InvitationUsed
from storage.store import Store


async def join(
    store: Store, context: Context | None, chat: str, words: str, now: datetime
) -> Decision:
    """``/start CODE``: an unused code makes a member; the person's own used code leads back.

    The code is found in whatever surrounds it.

    The update is kept: a code that comes again must not move the chat back to where it led.
    """
    language = context.session.language if context else await store.chat_language(chat)
    say = messages(language)
    bad = Decision(only(say("bad-code")), "CodeGiven" if context else None)
    for code in codes_in(words):
        if found := await store.find_invitation(code_hash(code)):
            break
    else:
        return bad
    inspection, invitation = found
    member = (await store.members(inspection.id)).get(chat)
    if member is not None:  # with a second code, too, the membership stays what it is
        if context is not None and context.id == inspection.id:
            return Decision(event="CodeGiven", later=welcome)
        return going_to(inspection, member, language)
    known = await _known_chat(store, inspection.id, invitation.person)
    # Two codes that were made at the same moment may be for one reference; the first use wins.
    is_taken = known is not None and not invitation.again
    if not usable(invitation, now) or inspection.closed is not None or is_taken:
        return bad
    member = Member(invitation.person, invitation.role)
    change = InvitationUsed(inspection.id, invitation.code_hash, chat, member)
    if known and language is None:
        language = await store.chat_language(known)
    decision = replace(going_to(inspection, member, language), event="CodeGiven", changes=(change,))
    return (
        replace(decision, later=partial(_as_before, known))
        if known not in (None, chat)
        else decision
    )


async def _known_chat(store: Store, inspection_id: str, person: str) -> str | None:
    """The chat that is this person's, or was; empty where they are erased, None of a new person."""
    for chat, member in (await store.members(inspection_id)).items():
        if member.person == person:
            return chat
    former = await store.former_people(inspection_id)
    return former[person] or "" if person in former else None


async def _as_before(former_chat: str, context: Context) -> Response:
    """Welcome somebody who has another account; the former one has no menu of commands any more."""
    return replace(await welcome(context), roles=((former_chat, None),))
