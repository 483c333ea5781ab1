"""``/assign``: whose case it is."""

import re
from collections.abc import Collection, Mapping, Sequence
from typing import Final

from bot import outbox
from bot.context import Context
from bot.decision import Decision, only, tell
from bot.handlers import cases
from bot.handlers.people import buttons_of
from bot.invitations import open_invitations, person_named
from bot.messages import Messages
from criteria.case_summary import CaseSummary
from dialogs.queries import BEGUN
from storage.changes import CaseChanged, MessageQueued

NOBODY: Final = "nobody"
MAX_UNKNOWN: Final = 10
"""References that are told to be in no list."""
_RANGE: Final = re.compile(
    r"(?P<head>[a-z0-9_.\-]*?)(?P<first>\d+)-(?:(?P=head))?(?P<last>\d+)\Z", re.IGNORECASE
)


async def assign(context: Context, words: str) -> Decision:
    """``/assign C001 I2``, ``/assign C001-C010 C015 I2``, ``/assign rest I2``, ``… nobody``.

    ``/assign C001, C002 to I2`` is the same as without its comma and its "to". A form's name among
    the cases leaves the subject's other forms where they are.
    """
    lines = await context.store.overview(context.id)
    said = [one for one in words.replace(",", " ").split() if one.casefold() != "to"]
    *named, person = said or [""]
    forms = [one for one in named if context.pack.form(one)]
    wanted = [one for one in named if one not in forms]
    if forms:
        lines = [line for line in lines if line.key.form in forms]
    free = [line for line in lines if line.inspector is None and line.damaged is None]
    if not wanted:
        return await _assign_asked(context, person, lines, free)
    nobody = person.casefold() == NOBODY
    to = None if nobody else person_named(person, await _people(context, lines))
    if to is None and not nobody:
        return tell(context.say("assign-whom", person=person[:40]))
    if [one.casefold() for one in wanted] == ["rest"]:
        chosen, unknown = list(free), list[str]()
    else:
        chosen, unknown = _chosen(wanted, lines)
    if unknown:
        named_so = ", ".join(one[:40] for one in unknown[:MAX_UNKNOWN])
        return tell(context.say("assign-unknown", cases=named_so))
    if to is not None:
        seconds = await context.store.overview(context.id, reading=2)
        reads = {line.key.other_reading for line in seconds if line.inspector == to}
        for line in chosen:
            if line.key in reads:
                return tell(context.say("assign-reader", person=to, case=context.title(line.key)))
    return await _assign_chosen(context, chosen, free, to)


async def _assign_chosen(
    context: Context, chosen: Sequence[CaseSummary], free: Sequence[CaseSummary], to: str | None
) -> Decision:
    changed = [
        line for line in chosen
        if line.inspector != to and not line.status.is_in and not line.damaged
    ]  # fmt: skip
    members = await context.store.members(context.id)
    text, queued = [context.say("assign-nothing")], list[MessageQueued]()
    taken = _taken(changed)
    if changed:
        text = [_assigned(context.say, len(changed), to or NOBODY, taken)]
        queued += outbox.to_person(context, members, to, "assigned")
    for person, theirs in taken.items():
        queued += outbox.taken_from(context, members, person, [line.key for line in theirs])
    if closed := sum(line.status.is_in for line in chosen):
        text.append(context.say("left-submitted-already", count=closed))
    text += [cases.case_line(context, line) for line in chosen if line.damaged]
    left = len(free) - sum(line in free for line in changed) if to else 0
    if left:
        text.append(context.say("assign-left", cases=left))
    changes = []
    for line in changed:
        case, _, version = await context.store.load_case(context.id, line.key, context.chat.chat)
        changes.append(CaseChanged(context.id, case.assigned(to), version))
    return Decision(only("\n".join(text)), "CasesAssigned", (*changes, *queued))


def _assigned(
    say: Messages, count: int, person: str, taken: Mapping[str, Sequence[CaseSummary]]
) -> str:
    """Return ``✓ 5 cases now with I2, 2 of them taken from I1 (1 begun).``"""
    if not taken:
        return say("assigned", count=count, person=person)
    parts = []
    for one, lines in taken.items():
        whom = say("taken-from", person=one)
        if begun := sum(line.status in BEGUN for line in lines):
            whom = say("taken-from-begun", person=one, count=len(lines), begun=begun)
        parts.append((len(lines), whom))
    (first, whom), *others = parts
    if not others and first == count:
        return say("assigned-taken", count=count, person=person, taken=whom)
    told = [say("taken-first", count=first, taken=whom)]
    told += [say("taken-too", count=of, taken=other) for of, other in others]
    return say("assigned-some-taken", count=count, person=person, parts=say.all_of(told))


def _taken(changed: Sequence[CaseSummary]) -> dict[str, list[CaseSummary]]:
    """The cases that somebody had until now, by whom they are taken from."""
    taken: dict[str, list[CaseSummary]] = {}
    for line in changed:
        if line.inspector is not None:
            taken.setdefault(line.inspector, []).append(line)
    return taken


async def _assign_asked(
    context: Context, reference: str, lines: Sequence[CaseSummary], free: Sequence[CaseSummary]
) -> Decision:
    """How it goes; for a single case, a button for each person."""
    found, _ = _chosen([reference], lines)
    if len({line.key.case for line in found}) == 1:
        case = found[0].key.case
        people = sorted(await _people(context, lines))
        form = f" {found[0].key.form}" if len(found) == 1 and len(context.pack.forms) > 1 else ""
        buttons = buttons_of(context, people, f"assign {case}{form}")
        return tell(context.say("assign-to", case=f"{case}{form}"), buttons=buttons)
    text = [context.say("assign-how")]
    if len(context.pack.forms) > 1:
        text.append(context.say("assign-form", form=context.pack.case_form.name))
    if free:
        text.append(context.say("assign-left", cases=len(free)))
    return tell("\n".join(text))


async def _people(context: Context, lines: Sequence[CaseSummary]) -> set[str]:
    """Who can be given a case: who joined, is invited, or stands in the sample."""
    members = {one.person for one in (await context.store.members(context.id)).values()}
    invited = {one.person for one in await open_invitations(context.store, context.id, context.now)}
    former = await context.store.former_people(context.id)
    assigned = {line.inspector for line in lines if line.inspector} - former.keys()
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
