"""People: who is in the team, their roles, and invitations."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Final

from bot.channels.channel import Button, ButtonRows, Response
from bot.context import Context
from bot.decision import Decision, only, tell
from bot.handlers import cases
from bot.invitations import VALID_DAYS, deep_link, new_code, new_invitation, usable
from bot.messages import say
from criteria.inspection import Member, Role
from dialogs.queries import CaseCounts, by_inspector
from storage.case_summary import CaseSummary
from storage.changes import Invitation, InvitationAdded, InvitationRevoked, MemberChanged

MAX_IN_ROW: Final = 4


async def team(context: Context, words: str) -> Decision:
    """``/team``: who has what. ``/team I1``: one person, and what a lead can do about them."""
    members = {one.person: one for one in (await context.store.members(context.id)).values()}
    lines = await context.store.overview(context.id)
    invited = await open_invitations(context)
    if words:
        return _one_person(context, words, members, lines, invited)
    former = await context.store.former_people(context.id)
    counts = by_inspector(lines)
    text = [context.say("team", title=context.inspection.title)]
    people = sorted(members, key=lambda one: (not members[one].is_lead, one))
    for person in people:
        role_name = context.say(f"role-name-{members[person].role}")
        has = _has(counts.pop(person, None))
        text.append(context.say("team-line", person=person, role=role_name, has=has))
    for one in invited:
        text.append(_invited_line(one, _has(counts.pop(one.person, None))))
        people.append(one.person)
    for other, far in counts.items():
        if other is None:
            text.append(context.say("nobodys-cases", cases=far.cases))
        else:
            left = "left-cases" if other in former else "not-joined"
            text.append(context.say(left, person=other, has=_has(far)))
    return tell(
        "\n".join(text), buttons=(*buttons_of(context, people, "team"), _invite_row(context))
    )


def _has(far: CaseCounts | None) -> str:
    return (
        ""
        if far is None
        else say("has-cases", of=say("of-cases", submitted=far.submitted, cases=far.cases))
    )


def _invited_line(one: Invitation, has: str) -> str:
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
        head = context.say(
            "team-line", person=person, role=context.say(f"role-name-{member.role}"), has=""
        )
        other = Role.INSPECTOR if member.is_lead else Role.LEAD
        label = context.say("make-lead") if other is Role.LEAD else context.say("make-inspector")
        buttons = (
            context.button(label, f"role {person} {other.value}"),
            context.button(context.say("remove"), f"remove {person}", "dangerous"),
        )
    elif invitation is not None:
        head = _invited_line(invitation, "")
        buttons = (context.button(context.say("revoke"), f"revoke {person}"),)
    else:
        head = context.say("not-here", person=person)
    return tell("\n".join([head, *text]), buttons=(buttons,) if buttons else ())


def person_named(text: str, people: Iterable[str]) -> str | None:
    """The reference that was typed, whatever the case of its letters."""
    return next((one for one in people if one.casefold() == text.casefold()), None)


async def open_invitations(context: Context) -> list[Invitation]:
    return [one for one in await context.store.invitations(context.id) if usable(one, context.now)]


async def _chat_of(context: Context, person: str) -> tuple[str, Member] | None:
    members = await context.store.members(context.id)
    wanted = person.casefold()
    return next((one for one in members.items() if one[1].person.casefold() == wanted), None)


async def role(context: Context, words: str) -> Decision:
    """``/role I1 lead``"""
    person, wanted = (*words.casefold().split(), "", "")[:2]
    if wanted not in set(Role):
        return tell(context.say("role-how"))
    found = await _chat_of(context, person)
    if found is None:
        return tell(context.say("no-such-person", person=person[:40]))
    chat, member = found
    if Role(wanted) is not Role.LEAD and await _is_last_lead(context, member):
        return tell(context.say("last-lead"))
    after = replace(member, role=Role(wanted))
    text = context.say("role-given", person=after.person, role=context.say(f"a-role-{after.role}"))

    async def given(changed: Context) -> Response:
        return replace(only(text), roles=(await _role_in(changed, chat),))

    change = MemberChanged(context.id, chat, after)
    return Decision(event="RoleGiven", changes=(change,), later=given)


async def remove(context: Context, words: str) -> Decision:
    """``/remove I1`` asks, ``/remove I1 yes`` does it."""
    person, sure = (*words.split(), "", "")[:2]
    found = await _chat_of(context, person)
    if found is None:
        return tell(context.say("no-such-person", person=person[:40]))
    chat, member = found
    person = member.person
    if await _is_last_lead(context, member):
        return tell(context.say("last-lead"))
    if sure.casefold() != "yes":
        label = context.say("remove-sure", person=person)
        sure_button = context.button(label, f"remove {person} yes", "dangerous")
        return tell(context.say("remove-asked", person=person), buttons=((sure_button,),))
    text = [context.say("removed", person=person)]
    left, readings = [await _not_in(context, person, reading) for reading in (1, 2)]
    if left:
        text.append(context.say("removed-cases", left=left, person=person))
    if readings:
        text.append(context.say("removed-readings", cases=readings, person=person))

    async def removed(changed: Context) -> Response:
        return replace(only("\n".join(text)), roles=(await _role_in(changed, chat),))

    change = MemberChanged(context.id, chat, None)
    return Decision(event="MemberTakenOut", changes=(change,), later=removed)


async def _role_in(context: Context, chat: str) -> tuple[str, Role | None]:
    """The role of whoever a chat belongs to now, which may be in another inspection by then."""
    state = await context.store.chat_state(chat)
    return chat, state.member.role if state else None


async def _not_in(context: Context, person: str, reading: int) -> int:
    lines = await context.store.overview(context.id, reading=reading)
    return sum(line.inspector == person and not line.status.is_in for line in lines)


async def _is_last_lead(context: Context, member: Member) -> bool:
    leads = [one for one in (await context.store.members(context.id)).values() if one.is_lead]
    return member.is_lead and len(leads) == 1


# --- invitations --------------------------------------------------------------------------------


async def invite(context: Context, words: str) -> Decision:
    if words.casefold() not in set(Role):
        return tell(context.say("invite-whom"), buttons=(_invite_row(context),))
    code, invitation = await new_invitation(
        context.store, context.id, Role(words.casefold()), context.now, _update(context)
    )
    change = InvitationAdded(context.id, invitation)
    return Decision(await _invitation(context, code, invitation), "CodeMade", (change,))


async def invite_again(context: Context, _words: str) -> Decision:
    """The same command, delivered again: its code may never have been seen, and is kept nowhere.

    A fresh one takes its place, unless somebody has joined with it.
    """
    update = _update(context)
    made = [one for one in await open_invitations(context) if update and one.update == update]
    if not made:
        return await cases.show_again(context)
    code, invitation = new_code(made[0], context.now)
    return Decision(
        await _invitation(context, code, invitation),
        "CodeMadeAnew",
        (
            InvitationRevoked(context.id, made[0].code_hash),
            InvitationAdded(context.id, invitation),
        ),
    )


def _update(context: Context) -> str | None:
    update = context.message.update
    return None if update is None else f"{context.chat.chat} {update}"


async def _invitation(context: Context, code: str, made: Invitation) -> Response:
    role_name = context.say(f"role-name-{made.role}")
    text = context.say("invitation", role=role_name, person=made.person, days=VALID_DAYS, code=code)
    username = await context.store.bot_username()
    if username:
        text += "\n" + context.say("invitation-link", link=deep_link(username, code))
    return only(text)


async def revoke(context: Context, words: str) -> Decision:
    """``/revoke I4``: the code that was made for I4 works no more."""
    invited = await open_invitations(context)
    person = person_named(words, [one.person for one in invited])
    if person is None:
        return tell(context.say("no-such-code", person=words[:40]))
    changes = [
        InvitationRevoked(context.id, one.code_hash) for one in invited if one.person == person
    ]
    return Decision(only(context.say("revoked", person=person)), "CodeRevoked", tuple(changes))


def buttons_of(context: Context, people: Sequence[str], command: str) -> ButtonRows:
    """A button for each person; ``command`` is what it stands for, before the person."""
    row = [context.button(person, f"{command} {person}") for person in people]
    return tuple(tuple(row[at : at + MAX_IN_ROW]) for at in range(0, len(row), MAX_IN_ROW))
