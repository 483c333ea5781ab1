"""People: who is in the team, who has what, invitations, roles, and where one serves."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any, Final

from bot.answers import cases, notices
from bot.here import Here
from bot.invitations import VALID_DAYS, deep_link, usable
from bot.invitations import invite as make_invitation
from bot.reply import Button, Incoming, Outcome, only
from bot.wording import en as say
from criteria.inspection import Inspection, Member, Role
from dialogs.queries import by_inspector
from dialogs.session import Session
from dialogs.turn import iso
from storage.store import CaseSummary, Conflict, Invitation, Store

NOBODY: Final = "nobody"
_RANGE: Final = re.compile(r"(?P<head>[A-Za-z0-9_.\-]*?)(?P<first>\d+)-(?P=head)(?P<last>\d+)\Z")
_TIME: Final = re.compile(r"([01]?\d|2[0-3])[:.]([0-5]\d)\Z")
MOST_IN_RANGE: Final = 1_000


async def start(here: Here, _words: str) -> Outcome:
    """Who one is here, and the cases that wait."""
    welcome = say.WELCOME.format(
        person=here.member.person,
        role=say.ROLES[here.member.role],
        title=here.inspection.title,
    )
    listed = await cases.cases(here, "")
    reply = replace(listed.replies[0], text=f"{welcome}\n\n{listed.replies[0].text}")
    return Outcome((reply,), role=here.member.role)


# --- the team -----------------------------------------------------------------------------------


async def team(here: Here, words: str) -> Outcome:
    """``/team``: who has what. ``/team I1``: one person, and what a lead can do about them."""
    members = {one.person: one for one in (await here.store.members(here.id)).values()}
    lines = await here.store.overview(here.id)
    invited = await _open_invitations(here)
    if words:
        return await _one_person(here, words, members.get(words), lines, invited)
    standing = by_inspector(lines)
    text = [say.TEAM.format(title=here.inspection.title)]
    for person, member in sorted(members.items(), key=lambda one: (not one[1].is_lead, one[0])):
        far = standing.pop(person, None)
        has = say.HAS_CASES.format(cases=far.cases, submitted=far.submitted) if far else ""
        text.append(say.TEAM_LINE.format(person=person, role=say.ROLES[member.role], has=has))
    for one in invited:
        far = standing.pop(one.person, None)
        has = say.HAS_CASES.format(cases=far.cases, submitted=far.submitted) if far else ""
        until = one.expires[:10]
        text.append(
            say.INVITED_LINE.format(
                person=one.person, role=say.ROLES[one.role], until=until, has=has
            )
        )
    for other, far in standing.items():
        if other is None:
            text.append(say.NOBODYS_CASES.format(cases=say.cases(far.cases)))
        else:
            text.append(say.NOT_JOINED.format(person=other, cases=say.cases(far.cases)))
    people = [*members, *(one.person for one in invited)]
    return only("\n".join(text), buttons=(*buttons_of(here, people, "team"), _invite_row(here)))


def _invite_row(here: Here) -> tuple[Button, ...]:
    return (
        here.button(say.INVITE_INSPECTOR, "invite inspector"),
        here.button(say.INVITE_LEAD, "invite lead"),
    )


async def _one_person(
    here: Here,
    person: str,
    member: Member | None,
    lines: Sequence[CaseSummary],
    invited: Sequence[Invitation],
) -> Outcome:
    own = [line for line in lines if line.inspector == person]
    text = [cases.case_line(here, line) for line in own] or [say.HAS_NOTHING]
    invitation = next((one for one in invited if one.person == person), None)
    if member is not None:
        head = say.TEAM_LINE.format(person=person, role=say.ROLES[member.role], has="")
        other = Role.INSPECTOR if member.is_lead else Role.LEAD
        label = say.MAKE_LEAD if other is Role.LEAD else say.MAKE_INSPECTOR
        buttons: tuple[Button, ...] = (
            here.button(label, f"role {person} {other.value}"),
            here.button(say.REMOVE, f"remove {person}"),
        )
    elif invitation is not None:
        head = say.INVITED_LINE.format(
            person=person,
            role=say.ROLES[invitation.role],
            until=invitation.expires[:10],
            has="",
        )
        buttons = (here.button(say.REVOKE, f"revoke {person}"),)
    else:
        return only(say.NO_SUCH_PERSON.format(person=person[:40]))
    return only("\n".join([head, *text]), buttons=(buttons,))


async def _open_invitations(here: Here) -> list[Invitation]:
    return [one for one in await here.store.invitations(here.id) if usable(one, here.now)]


async def _chat_of(here: Here, person: str) -> tuple[str, Member] | None:
    members = await here.store.members(here.id)
    return next((one for one in members.items() if one[1].person == person), None)


async def role(here: Here, words: str) -> Outcome:
    """``/role I1 lead``"""
    person, wanted = (*words.split(), "", "")[:2]
    found = await _chat_of(here, person)
    if found is None or wanted not in set(Role):
        return only(say.NO_SUCH_PERSON.format(person=person[:40]))
    chat, member = found
    if Role(wanted) is not Role.LEAD and await _is_last_lead(here, member):
        return only(say.LAST_LEAD)
    after = replace(member, role=Role(wanted))
    await here.store.change_member(here.id, chat, after, by=here.member.person, at=here.at)
    await here.note_update(event="RoleGiven")
    return only(say.ROLE_GIVEN.format(person=person, role=say.ROLES[after.role]))


async def remove(here: Here, words: str) -> Outcome:
    """``/remove I1`` asks, ``/remove I1 yes`` does it."""
    person, sure = (*words.split(), "", "")[:2]
    found = await _chat_of(here, person)
    if found is None:
        return only(say.NO_SUCH_PERSON.format(person=person[:40]))
    chat, member = found
    if await _is_last_lead(here, member):
        return only(say.LAST_LEAD)
    if sure != "yes":
        sure_button = here.button(say.REMOVE_SURE.format(person=person), f"remove {person} yes")
        return only(say.REMOVE_ASKED.format(person=person), buttons=((sure_button,),))
    await here.store.change_member(here.id, chat, None, by=here.member.person, at=here.at)
    if chat != here.seat.chat:
        await here.note_update(event="MemberTakenOut")
    lines = await here.store.overview(here.id)
    left = [line for line in lines if line.inspector == person and not line.status.is_in]
    text = say.REMOVED.format(person=person)
    if left:
        text += "\n" + say.REMOVED_CASES.format(cases=say.cases(len(left)), person=person)
    return only(text)


async def _is_last_lead(here: Here, member: Member) -> bool:
    leads = [one for one in (await here.store.members(here.id)).values() if one.is_lead]
    return member.is_lead and len(leads) == 1


# --- invitations --------------------------------------------------------------------------------


async def invite(here: Here, words: str) -> Outcome:
    if words.casefold() not in set(Role):
        return only(say.INVITE_WHOM, buttons=(_invite_row(here),))
    wanted = Role(words.casefold())
    await here.note_update(event="InviteAsked")
    code, person = await make_invitation(here.store, here.id, wanted, here.now)
    text = say.INVITATION.format(role=say.ROLES[wanted], person=person, days=VALID_DAYS, code=code)
    username = await here.store.bot_username()
    if username:
        text += "\n" + say.INVITATION_LINK.format(link=deep_link(username, code))
    return only(text)


async def revoke(here: Here, words: str) -> Outcome:
    """``/revoke I4``: the code that was made for I4 works no more."""
    found = [one for one in await _open_invitations(here) if one.person == words]
    if not found:
        return only(say.NO_SUCH_CODE.format(person=words[:40]))
    for one in found:
        await here.store.revoke_invitation(
            here.id, one.code_hash, by=here.member.person, at=here.at
        )
    await here.note_update(event="CodeRevoked")
    return only(say.REVOKED.format(person=words))


# --- assigning ----------------------------------------------------------------------------------


async def assign(here: Here, words: str) -> Outcome:
    """``/assign C001 I2``, ``/assign C001-C010 C015 I2``, ``/assign rest I2``, ``… nobody``."""
    lines = await here.store.overview(here.id)
    free = [line for line in lines if line.inspector is None and line.damaged is None]
    *wanted, person = words.split() or [""]
    if not wanted:
        return await _assign_asked(here, person, lines, free)
    if person.casefold() == NOBODY:
        to = None
    elif person in await _people(here, lines):
        to = person
    else:
        return only(say.ASSIGN_WHOM.format(person=person[:40]))
    if [one.casefold() for one in wanted] == ["rest"]:
        chosen, unknown = list(free), list[str]()
    else:
        chosen, unknown = _chosen(wanted, lines)
    if unknown:
        return only(say.ASSIGN_UNKNOWN.format(cases=", ".join(unknown[:10])))
    changed = [line for line in chosen if line.inspector != to and not line.status.is_in]
    owed = await notices.owe(here, to, "assigned") if changed else []
    for line in changed:
        await _assign_one(here, line, to)
    await here.note_update(event="CasesAssigned")
    closed = sum(line.status.is_in for line in chosen)
    text = say.ASSIGNED.format(cases=say.cases(len(changed)), person=to or say.UNASSIGNED)
    if closed:
        text += "\n" + say.ASSIGNED_CLOSED.format(cases=say.cases(closed))
    left = len(free) - sum(line in free for line in changed) if to else None
    if left:
        text += "\n" + say.ASSIGN_LEFT.format(cases=say.cases(left))
    return await notices.tell(here, only(text), owed)


async def _assign_asked(
    here: Here, reference: str, lines: Sequence[CaseSummary], free: Sequence[CaseSummary]
) -> Outcome:
    """How it goes; for a single case, a button for each person."""
    known = {line.key.case for line in lines}
    people = sorted(await _people(here, lines))
    if reference in known:
        buttons = buttons_of(here, people, f"assign {reference}")
        return only(say.ASSIGN_TO.format(case=reference), buttons=buttons)
    text = say.ASSIGN_HOW
    if free:
        text += "\n" + say.ASSIGN_LEFT.format(cases=say.cases(len(free)))
    return only(text)


async def _people(here: Here, lines: Sequence[CaseSummary]) -> set[str]:
    """Who can be given a case: who joined, is invited, or stands in the sample."""
    members = {one.person for one in (await here.store.members(here.id)).values()}
    invited = {one.person for one in await _open_invitations(here)}
    former = await here.store.former_people(here.id)
    assigned = {line.inspector for line in lines if line.inspector} - former
    return members | invited | assigned


def _chosen(
    wanted: Sequence[str], lines: Sequence[CaseSummary]
) -> tuple[list[CaseSummary], list[str]]:
    """The cases meant, in the list's order, and what names none."""
    by_name: dict[str, list[CaseSummary]] = {}
    for line in lines:
        by_name.setdefault(line.key.case.casefold(), []).append(line)
    chosen: list[CaseSummary] = []
    unknown = []
    for word in wanted:
        names = [word] if word.casefold() in by_name else _in_range(word, by_name)
        found = [line for name in names for line in by_name.get(name.casefold(), ())]
        chosen += found
        if not found:
            unknown.append(word)
    return chosen, unknown


def _in_range(word: str, known: Sequence[str] | dict[str, list[CaseSummary]]) -> list[str]:
    """``C008-C010`` is C008, C009 and C010, those of them that there are."""
    found = _RANGE.match(word)
    if found is None:
        return []
    first, last = int(found["first"]), int(found["last"])
    width = len(found["first"])
    last = min(last, first + MOST_IN_RANGE)
    names = [f"{found['head']}{number:0{width}d}" for number in range(first, last + 1)]
    return [name for name in names if name.casefold() in known]


async def _assign_one(here: Here, line: CaseSummary, to: str | None) -> None:
    for _ in range(3):
        found, _cursor, version = await here.store.load_case(here.id, line.key, here.seat.chat)
        if found.inspector == to:
            return
        try:
            await here.store.change_case(
                here.id,
                found.assigned(to),
                expect=version,
                by=here.member.person,
                at=here.at,
                event="CaseAssigned",
            )
        except Conflict:
            continue
        return
    raise Conflict


# --- where one serves ---------------------------------------------------------------------------


async def switch(here: Here, words: str) -> Outcome:
    """``/switch`` lists the inspections one serves in, ``/switch ID`` goes to another."""
    serves = await here.store.memberships(here.seat.chat)
    for inspection, member in serves:
        if inspection.id == words and words != here.id:
            return await move_to(here.store, here.incoming, inspection, member, here.now)
    if words and words != here.id:
        return only(say.SWITCH_UNKNOWN.format(inspection=words[:40]))
    others = [inspection for inspection, _ in serves if inspection.id != here.id]
    if not others:
        return only(say.SWITCH_NONE.format(title=here.inspection.title))
    rows = tuple((here.button(one.title[:40], f"switch {one.id}"),) for one in others)
    return only(say.SWITCH.format(title=here.inspection.title), buttons=rows)


async def move_to(
    store: Store, incoming: Incoming, inspection: Inspection, member: Member, now: datetime
) -> Outcome:
    """Sit the chat in another inspection of its own."""
    await store.add_member(inspection.id, incoming.chat, member, at=iso(now))
    seat = await store.seat(incoming.chat)
    if seat is None:
        return only(say.STRANGER)
    here = Here(store, seat, await store.pack(inspection.id), now, incoming)
    if incoming.update is not None:
        await here.note_update(Session(member.person, seat.session.language), event="Switched")
    return await start(here, "")


# --- digests ------------------------------------------------------------------------------------


async def digest(here: Here, words: str) -> Outcome:
    """``/digest each``, ``/digest 18:00``, ``/digest off``: what a lead is told unasked."""
    wanted = words.casefold()
    time = _TIME.match(wanted)
    if wanted in ("each", "off"):
        document: dict[str, Any] = {"each": wanted == "each", "evening": None, "last": None}
    elif time:
        document = {"each": False, "evening": f"{int(time[1]):02d}:{time[2]}", "last": None}
    else:
        return only(
            say.DIGEST_HOW,
            buttons=(
                (
                    here.button(say.DIGEST_EACH, "digest each"),
                    here.button(say.DIGEST_EVENING, "digest 18:00"),
                    here.button(say.DIGEST_OFF, "digest off"),
                ),
            ),
        )
    await here.store.set_record(
        here.id, "digests", here.seat.chat, document, by=here.member.person, at=here.at
    )
    await here.note_update(event="DigestChosen")
    if time:
        return only(say.DIGEST_SET["evening"].format(time=document["evening"]))
    return only(say.DIGEST_SET[wanted])


def buttons_of(here: Here, people: Sequence[str], command: str) -> tuple[tuple[Button, ...], ...]:
    """A button for each person; ``command`` is what it stands for, before the person."""
    row = [here.button(person, f"{command} {person}") for person in people]
    return tuple(tuple(row[at : at + 4]) for at in range(0, len(row), 4))
