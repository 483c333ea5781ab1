"""People: who is in the team, who has what, invitations, roles, and where one serves."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any, Final

from bot.answers import cases, notices
from bot.here import Here
from bot.invitations import VALID_DAYS, deep_link, usable
from bot.invitations import invite as make_invitation
from bot.reply import Button, Incoming, Outcome, only
from bot.wording import en as say
from criteria.inspection import Inspection, Member, Role
from dialogs.queries import BEGUN, HowFar, by_inspector
from dialogs.session import Session
from dialogs.turn import iso
from storage.store import CaseSummary, Conflict, Invitation, Store

NOBODY: Final = "nobody"
_RANGE: Final = re.compile(
    r"(?P<head>[a-z0-9_.\-]*?)(?P<first>\d+)-(?:(?P=head))?(?P<last>\d+)\Z", re.IGNORECASE
)
_TIME: Final = re.compile(r"([01]?\d|2[0-3])[:.]([0-5]\d)\Z")


async def start(here: Here, _words: str) -> Outcome:
    """Who one is here, and the cases that wait."""
    listed = await cases.cases(here, "")
    welcome = say.WELCOME.format(
        person=here.member.person,
        role=say.ROLES[here.member.role],
        title=here.inspection.title,
        begin=say.BEGIN if listed.replies[0].buttons else "",
    )
    reply = replace(listed.replies[0], text=f"{welcome}\n\n{listed.replies[0].text}")
    return Outcome((reply,), role=here.member.role)


# --- the team -----------------------------------------------------------------------------------


async def team(here: Here, words: str) -> Outcome:
    """``/team``: who has what. ``/team I1``: one person, and what a lead can do about them."""
    members = {one.person: one for one in (await here.store.members(here.id)).values()}
    lines = await here.store.overview(here.id)
    invited = await _open_invitations(here)
    if words:
        return _one_person(here, words, members, lines, invited)
    former = await here.store.former_people(here.id)
    standing = by_inspector(lines)
    text = [say.TEAM.format(title=here.inspection.title)]
    people = sorted(members, key=lambda one: (not members[one].is_lead, one))
    for person in people:
        role_name = say.ROLES[members[person].role]
        has = _has(standing.pop(person, None))
        text.append(say.TEAM_LINE.format(person=person, role=role_name, has=has))
    for one in invited:
        text.append(_invited_line(one, _has(standing.pop(one.person, None))))
        people.append(one.person)
    for other, far in standing.items():
        if other is None:
            text.append(say.NOBODYS_CASES.format(cases=say.cases(far.cases)))
        else:
            left = say.LEFT_CASES if other in former else say.NOT_JOINED
            text.append(left.format(person=other, has=_has(far)))
    return only("\n".join(text), buttons=(*buttons_of(here, people, "team"), _invite_row(here)))


def _has(far: HowFar | None) -> str:
    return "" if far is None else say.HAS_CASES.format(of=say.of_cases(far.submitted, far.cases))


def _invited_line(one: Invitation, has: str) -> str:
    until = say.day(date.fromisoformat(one.expires[:10]))
    role_name = say.ROLES[one.role]
    return say.INVITED_LINE.format(person=one.person, role=role_name, until=until, has=has)


def _invite_row(here: Here) -> tuple[Button, ...]:
    return (
        here.button(say.INVITE_INSPECTOR, "invite inspector"),
        here.button(say.INVITE_LEAD, "invite lead"),
    )


def _one_person(
    here: Here,
    named: str,
    members: Mapping[str, Member],
    lines: Sequence[CaseSummary],
    invited: Sequence[Invitation],
) -> Outcome:
    assigned = {line.inspector for line in lines if line.inspector}
    person = person_named(named, [*members, *(one.person for one in invited), *assigned])
    if person is None:
        return only(say.NO_SUCH_PERSON.format(person=named[:40]))
    own = [line for line in lines if line.inspector == person]
    text = [cases.case_line(here, line) for line in own] or [say.HAS_NOTHING]
    invitation = next((one for one in invited if one.person == person), None)
    member = members.get(person)
    buttons: tuple[Button, ...] = ()
    if member is not None:
        head = say.TEAM_LINE.format(person=person, role=say.ROLES[member.role], has="")
        other = Role.INSPECTOR if member.is_lead else Role.LEAD
        label = say.MAKE_LEAD if other is Role.LEAD else say.MAKE_INSPECTOR
        buttons = (
            here.button(label, f"role {person} {other.value}"),
            here.button(say.REMOVE, f"remove {person}"),
        )
    elif invitation is not None:
        head = _invited_line(invitation, "")
        buttons = (here.button(say.REVOKE, f"revoke {person}"),)
    else:
        head = say.NOT_HERE.format(person=person)
    return only("\n".join([head, *text]), buttons=(buttons,) if buttons else ())


def person_named(text: str, people: Iterable[str]) -> str | None:
    """The reference that was typed, whatever the case of its letters."""
    return next((one for one in people if one.casefold() == text.casefold()), None)


async def _open_invitations(here: Here) -> list[Invitation]:
    return [one for one in await here.store.invitations(here.id) if usable(one, here.now)]


async def _chat_of(here: Here, person: str) -> tuple[str, Member] | None:
    members = await here.store.members(here.id)
    wanted = person.casefold()
    return next((one for one in members.items() if one[1].person.casefold() == wanted), None)


async def role(here: Here, words: str) -> Outcome:
    """``/role I1 lead``"""
    person, wanted = (*words.casefold().split(), "", "")[:2]
    if wanted not in set(Role):
        return only(say.ROLE_HOW)
    found = await _chat_of(here, person)
    if found is None:
        return only(say.NO_SUCH_PERSON.format(person=person[:40]))
    chat, member = found
    if Role(wanted) is not Role.LEAD and await _is_last_lead(here, member):
        return only(say.LAST_LEAD)
    after = replace(member, role=Role(wanted))
    await here.store.change_member(here.id, chat, after, by=here.member.person, at=here.at)
    await here.note_update(event="RoleGiven")
    told = only(say.ROLE_GIVEN.format(person=after.person, role=say.A_ROLE[after.role]))
    return replace(told, seats=(await _sits(here, chat),))


async def remove(here: Here, words: str) -> Outcome:
    """``/remove I1`` asks, ``/remove I1 yes`` does it."""
    person, sure = (*words.split(), "", "")[:2]
    found = await _chat_of(here, person)
    if found is None:
        return only(say.NO_SUCH_PERSON.format(person=person[:40]))
    chat, member = found
    person = member.person
    if await _is_last_lead(here, member):
        return only(say.LAST_LEAD)
    if sure.casefold() != "yes":
        sure_button = here.button(say.REMOVE_SURE.format(person=person), f"remove {person} yes")
        return only(say.REMOVE_ASKED.format(person=person), buttons=((sure_button,),))
    await here.store.change_member(here.id, chat, None, by=here.member.person, at=here.at)
    if chat != here.seat.chat:
        await here.note_update(event="MemberTakenOut")
    text = [say.REMOVED.format(person=person)]
    left, readings = [await _not_in(here, person, reading) for reading in (1, 2)]
    if left:
        text.append(say.REMOVED_CASES.format(left=say.not_in_yet(left, person)))
    if readings:
        text.append(say.REMOVED_READINGS.format(cases=say.cases(readings), person=person))
    return replace(only("\n".join(text)), seats=(await _sits(here, chat),))


async def _sits(here: Here, chat: str) -> tuple[str, Role | None]:
    """Who sits in a chat now, which may be in another inspection by then."""
    seat = await here.store.seat(chat)
    return chat, seat.member.role if seat else None


async def _not_in(here: Here, person: str, reading: int) -> int:
    lines = await here.store.overview(here.id, reading=reading)
    return sum(line.inspector == person and not line.status.is_in for line in lines)


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
    invited = await _open_invitations(here)
    person = person_named(words, [one.person for one in invited])
    if person is None:
        return only(say.NO_SUCH_CODE.format(person=words[:40]))
    found = [one for one in invited if one.person == person]
    for one in found:
        await here.store.revoke_invitation(
            here.id, one.code_hash, by=here.member.person, at=here.at
        )
    await here.note_update(event="CodeRevoked")
    return only(say.REVOKED.format(person=person))


# --- assigning ----------------------------------------------------------------------------------


async def assign(here: Here, words: str) -> Outcome:
    """``/assign C001 I2``, ``/assign C001-C010 C015 I2``, ``/assign rest I2``, ``… nobody``.

    ``/assign C001, C002 to I2`` is the same as without its comma and its "to". A form's name among
    the cases leaves the subject's other forms where they are.
    """
    lines = await here.store.overview(here.id)
    said = [one for one in words.replace(",", " ").split() if one.casefold() != "to"]
    *named, person = said or [""]
    forms = [one for one in named if here.pack.form(one)]
    wanted = [one for one in named if one not in forms]
    if forms:
        lines = [line for line in lines if line.key.form in forms]
    free = [line for line in lines if line.inspector is None and line.damaged is None]
    if not wanted:
        return await _assign_asked(here, person, lines, free)
    to = None
    if person.casefold() != NOBODY:
        to = person_named(person, await _people(here, lines))
        if to is None:
            return only(say.ASSIGN_WHOM.format(person=person[:40]))
    if [one.casefold() for one in wanted] == ["rest"]:
        chosen, unknown = list(free), list[str]()
    else:
        chosen, unknown = _chosen(wanted, lines)
    if unknown:
        return only(say.ASSIGN_UNKNOWN.format(cases=", ".join(one[:40] for one in unknown[:10])))
    if to is not None:
        readers = {line.key for line in await _readings_of(here, to)}
        both = [line for line in chosen if replace(line.key, reading=2) in readers]
        if both:
            return only(say.ASSIGN_READER.format(person=to, case=here.title(both[0].key)))
    return await _assign_chosen(here, chosen, free, to)


async def _assign_chosen(
    here: Here, chosen: Sequence[CaseSummary], free: Sequence[CaseSummary], to: str | None
) -> Outcome:
    changed = [
        line for line in chosen
        if line.inspector != to and not line.status.is_in and not line.damaged
    ]  # fmt: skip
    owed = await notices.owe(here, to, "assigned") if changed else []
    taken = _taken(changed)
    for person, theirs in taken.items():
        owed += await notices.owe_taken(here, person, [line.key for line in theirs])
    for line in changed:
        await _assign_one(here, line, to)
    here = await here.anew()
    await here.note_update(event="CasesAssigned")
    text = [say.ASSIGN_NOTHING]
    if changed:
        counts = [
            (person, len(theirs), sum(line.status in BEGUN for line in theirs))
            for person, theirs in taken.items()
        ]
        text = [say.assigned(len(changed), to or NOBODY, counts)]
    if closed := sum(line.status.is_in for line in chosen):
        text.append(say.left_as_they_are(closed, say.IN_ALREADY))
    text += [cases.case_line(here, line) for line in chosen if line.damaged]
    left = len(free) - sum(line in free for line in changed) if to else 0
    if left:
        text.append(say.ASSIGN_LEFT.format(cases=say.cases(left)))
    return await notices.tell(here, only("\n".join(text)), owed)


def _taken(changed: Sequence[CaseSummary]) -> dict[str, list[CaseSummary]]:
    """The cases that somebody had until now, by whom they are taken from."""
    taken: dict[str, list[CaseSummary]] = {}
    for line in changed:
        if line.inspector is not None:
            taken.setdefault(line.inspector, []).append(line)
    return taken


async def _assign_asked(
    here: Here, reference: str, lines: Sequence[CaseSummary], free: Sequence[CaseSummary]
) -> Outcome:
    """How it goes; for a single case, a button for each person."""
    found, _ = _chosen([reference], lines)
    if len({line.key.case for line in found}) == 1:
        case = found[0].key.case
        people = sorted(await _people(here, lines))
        form = f" {found[0].key.form}" if len(found) == 1 and len(here.pack.forms) > 1 else ""
        buttons = buttons_of(here, people, f"assign {case}{form}")
        return only(say.ASSIGN_TO.format(case=f"{case}{form}"), buttons=buttons)
    text = [say.ASSIGN_HOW]
    if len(here.pack.forms) > 1:
        text.append(say.ASSIGN_FORM.format(form=here.pack.case_form.name))
    if free:
        text.append(say.ASSIGN_LEFT.format(cases=say.cases(len(free))))
    return only("\n".join(text))


async def _readings_of(here: Here, person: str) -> list[CaseSummary]:
    """The second readings that somebody has."""
    seconds = await here.store.overview(here.id, reading=2)
    return [line for line in seconds if line.inspector == person]


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
    known = {line.key.case.casefold() for line in lines}
    chosen: set[str] = set()
    unknown = []
    for word in wanted:
        names = {word.casefold()} if word.casefold() in known else _in_range(word, known)
        chosen |= names
        if not names:
            unknown.append(word)
    return [line for line in lines if line.key.case.casefold() in chosen], unknown


def _in_range(word: str, known: Collection[str]) -> set[str]:
    """``C008-C010``, and ``C008-010``, is C008, C009 and C010, those of them that there are."""
    found = _RANGE.match(word)
    if found is None:
        return set()
    head, first, last = found["head"].casefold(), int(found["first"]), int(found["last"])
    numbers = {name: name.removeprefix(head) for name in known if name.startswith(head)}
    return {
        name for name, number in numbers.items()
        if number.isdecimal() and first <= int(number) <= last
    }  # fmt: skip


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
    rows = inspection_buttons(here, others, "switch")
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
    """``/digest each``, ``/digest 18:00``, ``/digest off``: what a lead is told unasked.

    The time is one of the server's own zone, as those in a case's history are.
    """
    wanted = words.casefold()
    time = _TIME.match(wanted)
    if wanted in ("each", "off"):
        document: dict[str, Any] = {"each": wanted == "each", "evening": None, "last": None}
    elif time:
        evening = f"{int(time[1]):02d}:{time[2]}"
        gone = f"{here.now:%H:%M}" >= evening
        last = here.now.date().isoformat() if gone else None
        document = {"each": False, "evening": evening, "last": last}
    else:
        refused = [say.DIGEST_NO_TIME.format(text=words[:40])] if words else []
        return only(
            "\n\n".join([*refused, say.DIGEST_HOW]),
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
        zone = here.now.tzname()
        return only(say.DIGEST_SET["evening"].format(time=document["evening"], zone=zone))
    return only(say.DIGEST_SET[wanted])


def inspection_buttons(
    here: Here, inspections: Sequence[Inspection], command: str, label: str = "{title}"
) -> tuple[tuple[Button, ...], ...]:
    """A button for each by its title, and by its id where others have the same title."""
    titles = Counter(one.title for one in inspections)
    return tuple(
        (here.button(label.format(title=shown), f"{command} {one.id}"),)
        for one in inspections
        if (shown := one.title if titles[one.title] == 1 else f"{one.title} ({one.id})")
    )


def buttons_of(here: Here, people: Sequence[str], command: str) -> tuple[tuple[Button, ...], ...]:
    """A button for each person; ``command`` is what it stands for, before the person."""
    row = [here.button(person, f"{command} {person}") for person in people]
    return tuple(tuple(row[at : at + 4]) for at in range(0, len(row), 4))
