"""Joining with an invitation's code: the only thing that a stranger can do."""

from dataclasses import replace
from datetime import datetime

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
    good = usable(invitation, now) and inspection.closed is None
    if not good or await _is_taken(store, inspection.id, invitation.person):
        return bad
    member = Member(invitation.person, invitation.role)
    change = InvitationUsed(inspection.id, invitation.code_hash, chat, member)
    return replace(going_to(inspection, member, language), event="CodeGiven", changes=(change,))


async def _is_taken(store: Store, inspection_id: str, person: str) -> bool:
    """Two codes that were made at the same moment may be for one reference; the first use wins."""
    members = (await store.members(inspection_id)).values()
    former = await store.former_people(inspection_id)
    return person in former or any(member.person == person for member in members)
