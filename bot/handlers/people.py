"""People: who is in the team, their roles, and invitations."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Final

from bot.channels.channel import Button, ButtonRows, Response, rows_of
from bot.context import Context
from bot.decision import Decision, only, tell
from bot.handlers import cases
from bot.invitations import (
    VALID_DAYS,
    InvitationRefused,
    changes_for,
    deep_link,
    new_code,
    new_invitation,
    open_invitations,
    person_named,
)
from bot.messages import Messages
from criteria.case_summary import CaseSummary
from criteria.inspection import Member, Role
from dialogs.queries import CaseCounts, by_inspector
from storage.changes import InvitationAdded, InvitationRevoked, MemberChanged
from storage.documents import Invitation

MAX_IN_ROW: Final = 4


async def team(context: Context, words: str) -> Decision:
    """``/team``: who has what. ``/team I1``: one person, and what a lead can do about them."""
    members = {one.person: one for one in (await context.store.members(context.id)).values()}
    lines = await context.store.overview(context.id)
    invited = await open_invitations(context.store, context.id, context.now)
    if words:
        return _one_person(context, words, members, lines, invited)
    former = await context.store.former_people(context.id)
    counts = by_inspector(lines)
    text = [context.say("team", title=context.inspection.title)]
    people = sorted(members, key=lambda one: (not members[one].is_lead, one))
    for person in people:
        role_name = context.say(f"role-name-{members[person].role}")
        has = _has(context.say, counts.pop(person, None))
        text.append(context.say("team-line", person=person, role=role_name, has=has))
    for one in invited:
        text.append(
            _invited_line(context.say, one, _has(context.say, counts.pop(one.person, None)))
        )
        people.append(one.person)
    for other, far in counts.items():
        if other is None:
            text.append(context.say("nobodys-cases", cases=far.cases))
        else:
            left = "left-cases" if other in former else "not-joined"
            text.append(context.say(left, person=other, has=_has(context.say, far)))
    rows = (*buttons_of(context, people, "team"), _invite_row(context))
    return tell("\n".join(text), buttons=rows)


def _has(say: Messages, far: CaseCounts | None) -> str:
    if far is None:
        return ""
    return say("has-cases", of=say("of-cases", submitted=far.submitted, cases=far.cases))


def _invited_line(say: Messages, one: Invitation, has: str) -> str:
    until = say.day(date.fromisoformat(one.expires[:10]), "d MMMM")
    role_name = say(f"role-name-{one.role}")
    return say("invited-line", person=one.person, role=role_name, until=until, has=has)


def _invite_row(context: Context) -> tuple[Button, ...]:
    return (
        context.button(context.say("invite-inspector"), "invite inspector"),
        context.button(context.say("invite-lead"), "invite lead"),
    )


def _one_person(
    context: Context,
    named: str,
    members: Mapping[str, Member],
    lines: Sequence[CaseSummary],
    invited: Sequence[Invitation],
) -> Decision:
    assigned = {line.inspector for line in lines if line.inspector}
    person = person_named(named, [*members, *(one.person for one in invited), *assigned])
    if person is None:
        return tell(context.say("no-such-person", person=named[:40]))
    own = [line for line in lines if line.inspector == person]
    text = [cases.case_line(context, line) for line in own] or [context.say("has-nothing")]
    invitation = next((one for one in invited if one.person == person), None)
    member = members.get(person)
    buttons: tuple[Button, ...] = ()
    if member is not None:
        role_name = context.say(f"role-name-{member.role}")
        head = context.say("team-line", person=person, role=role_name, has="")
        other = Role.INSPECTOR if member.is_lead else Role.LEAD
        label = context.say("make-inspector" if member.is_lead else "make-lead")
        buttons = (
            context.button(label, f"role {person} {other.value}"),
            context.button(context.say("remove"), f"remove {person}", "dangerous"),
        )
    elif invitation is not None:
        head = _invited_line(context.say, invitation, "")
        buttons = (context.button(context.say("revoke"), f"revoke {person}"),)
    else:
        head = context.say("not-here", person=person)
    return tell("\n".join([head, *text]), buttons=(buttons,) if buttons else ())


async def _member_named(context: Context, text: str) -> tuple[str, Member] | Decision:
    """The chat and the member that was typed; else what to say."""
    for chat, member in (await context.store.members(context.id)).items():
        if member.person.casefold() == text.casefold():
            return chat, member
    return tell(context.say("no-such-person", person=text[:40]))


async def role(context: Context, words: str) -> Decision:
    """``/role I1 lead``"""
    person, wanted = (*words.casefold().split(), "", "")[:2]
    if wanted not in set(Role):
        return tell(context.say("role-how"))
    found = await _member_named(context, person)
    if isinstance(found, Decision):
        return found
    chat, member = found
    if Role(wanted) is not Role.LEAD and await _is_last_lead(context, member):
        return tell(context.say("last-lead"))
    after = replace(member, role=Role(wanted))
    text = context.say("role-given", person=after.person, role=context.say(f"a-role-{after.role}"))
    if not after.is_lead and (void := await _codes_void(context, after.person, removed=False)):
        text += f"\n{void}"
    return _member_changed(context, "RoleGiven", chat, after, text)


async def remove(context: Context, words: str) -> Decision:
    """``/remove I1`` asks, ``/remove I1 yes`` does it."""
    person, sure = (*words.split(), "", "")[:2]
    found = await _member_named(context, person)
    if isinstance(found, Decision):
        return found
    chat, member = found
    person = member.person
    if await _is_last_lead(context, member):
        return tell(context.say("last-lead"))
    if sure.casefold() != "yes":
        label = context.say("remove-sure", person=person)
        sure_button = context.button(label, f"remove {person} yes", "dangerous")
        return tell(context.say("remove-asked", person=person), buttons=((sure_button,),))
    text = [context.say("removed", person=person)]
    if left := await _not_submitted(context, person, 1):
        text.append(context.say("removed-cases", left=left, person=person))
    if readings := await _not_submitted(context, person, 2):
        text.append(context.say("removed-readings", cases=readings, person=person))
    if void := await _codes_void(context, person, removed=True):
        text.append(void)
    return _member_changed(context, "MemberTakenOut", chat, None, "\n".join(text))


async def _codes_void(context: Context, person: str, *, removed: bool) -> str:
    """What to say of the codes that go with a person; nothing where there are none."""
    codes = await open_invitations(context.store, context.id, context.now)
    void = sum(one.goes_with(person, removed=removed) for one in codes)
    return context.say("codes-void", count=void, person=person) if void else ""


def _member_changed(
    context: Context, event: str, chat: str, member: Member | None, text: str
) -> Decision:
    async def told(changed: Context) -> Response:
        # Who is taken out of one inspection may serve in another from then on.
        state = await changed.store.chat_state(chat)
        return replace(only(text), roles=((chat, state.member.role if state else None),))

    return Decision(event=event, changes=(MemberChanged(context.id, chat, member),), later=told)


async def _not_submitted(context: Context, person: str, reading: int) -> int:
    lines = await context.store.overview(context.id, reading=reading)
    return sum(line.inspector == person and not line.status.is_in for line in lines)


async def _is_last_lead(context: Context, member: Member) -> bool:
    members = (await context.store.members(context.id)).values()
    return member.is_lead and sum(one.is_lead for one in members) == 1


# --- invitations --------------------------------------------------------------------------------


async def invite(context: Context, words: str) -> Decision:
    """``/invite inspector``; ``/invite inspector I2`` for somebody who has a new account."""
    role_name, person = (*words.split(), "", "")[:2]
    if role_name.casefold() not in set(Role):
        return tell(context.say("invite-whom"), buttons=(_invite_row(context),))
    store, now = context.store, context.now
    try:
        code, made = await new_invitation(
            store, context.id, Role(role_name.casefold()), now, person
        )
    except InvitationRefused as refused:
        return tell(refused.text(context.say))
    made = replace(made, by=context.person, update=_update(context))
    changes = await changes_for(store, context.id, made, now)
    return Decision(await _invitation(context, code, made), "CodeMade", tuple(changes))


async def invite_again(context: Context, _words: str) -> Decision:
    """The same command, delivered again: its code may never have been seen, and is kept nowhere.

    A fresh one takes its place, unless somebody has joined with it.
    """
    update = _update(context)
    invited = await open_invitations(context.store, context.id, context.now)
    made = [one for one in invited if update and one.update == update]
    if not made:
        return await cases.show_again(context)
    code, invitation = new_code(made[0], context.now)
    return Decision(
        await _invitation(context, code, invitation),
        "CodeMadeAnew",
        (InvitationRevoked(context.id, made[0].code_hash), InvitationAdded(context.id, invitation)),
    )


def _update(context: Context) -> str | None:
    update = context.message.update
    return None if update is None else f"{context.chat.chat} {update}"


async def _invitation(context: Context, code: str, made: Invitation) -> Response:
    role_name = context.say(f"role-name-{made.role}")
    text = context.say("invitation", role=role_name, person=made.person, days=VALID_DAYS, code=code)
    if made.again:
        text += "\n" + context.say("invitation-again", person=made.person)
    username = await context.store.bot_username()
    if username:
        text += "\n" + context.say("invitation-link", link=deep_link(username, code))
    return only(text)


async def revoke(context: Context, words: str) -> Decision:
    """``/revoke I4``: the code that was made for I4 works no more."""
    invited = await open_invitations(context.store, context.id, context.now)
    person = person_named(words, [one.person for one in invited])
    if person is None:
        return tell(context.say("no-such-code", person=words[:40]))
    codes = [one.code_hash for one in invited if one.person == person]
    changes = tuple(InvitationRevoked(context.id, code) for code in codes)
    return Decision(only(context.say("revoked", person=person)), "CodeRevoked", changes)


def buttons_of(context: Context, people: Sequence[str], command: str) -> ButtonRows:
    """A button for each person; ``command`` is what it stands for, before the person."""
    buttons = [context.button(person, f"{command} {person}") for person in people]
    return rows_of(MAX_IN_ROW, buttons)
