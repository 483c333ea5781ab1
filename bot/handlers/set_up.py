"""Setting up: a lead makes another inspection, and loads its sample from a CSV."""

import asyncio
from dataclasses import replace
from typing import Final

from bot import outbox
from bot.context import Context
from bot.decision import Decision, asked_for, cancelling, only, tell
from bot.handlers.inspections import inspection_buttons, led
from criteria.case import CaseKey
from criteria.inspection import Inspection, Member, Role, inspection_id
from criteria.instrument.load import pack_names, read_pack
from dialogs.session import Asked, Session
from storage.changes import CaseAdded, InspectionMade, MemberAdded
from storage.sample_file import SampleError, read_sample

MAX_TITLE: Final = 100


async def new(context: Context, words: str) -> Decision:
    """``/new`` lists the instruments; ``/new PACK``, then the title; ``/new follows ID``."""
    name, rest = (*words.split(maxsplit=1), "", "")[:2]
    if name == "follows":
        return await _following(context, rest)
    if name not in pack_names():
        packs = [read_pack(each) for each in pack_names()]
        rows = context.column(
            (pack.text(pack.title, context.session.language)[:60], f"new {pack.name}")
            for pack in packs
        )
        return tell(context.say("new-which"), buttons=rows)
    if rest:
        return await title_given(context, (name, ""), rest)
    decision = asked_for(context, "title", (name, ""), context.say("title-asked"))
    earlier = await led(context, name)
    if not earlier:
        return decision
    follow_rows = inspection_buttons(
        context, earlier, "new follows", lambda title: context.say("follows", title=title)
    )
    text = f"{context.say('title-asked')}\n{context.say('follows-which')}"
    rows = (*follow_rows, *cancelling(context))
    return replace(decision, response=only(text, buttons=rows, wants_text=True))


async def _following(context: Context, inspection_id: str) -> Decision:
    """``/new follows ID``: one with the same instrument, beside which it will be set."""
    earlier = next((one for one in await led(context) if one.id == inspection_id), None)
    if earlier is None:
        return tell(context.say("follows-unknown", inspection=inspection_id[:40]))
    if earlier.pack_name not in pack_names():
        return tell(context.say("follows-own-pack", title=earlier.title))
    about = earlier.pack_name, earlier.id
    following = context.say("following", title=earlier.title)
    return asked_for(context, "title", about, f"{following} {context.say('title-asked')}")


async def title_given(context: Context, about: tuple[str, ...], text: str) -> Decision:
    """The inspection is made, and its lead is in it from now on."""
    pack_name, follows = about
    title = " ".join(text.split())
    if not title or len(title) > MAX_TITLE:
        return asked_for(context, "title", about, context.say("title-empty"))
    pack = read_pack(pack_name)
    taken = {one.id.casefold() for one in await context.store.inspections()}
    made = Inspection(inspection_id(title, taken), title, pack.name, pack.version, follows or None)
    lead = Member("L1", Role.LEAD)
    return Decision(
        only(context.say("new-done", title=title)),
        "InspectionMade",
        (InspectionMade(made, pack), MemberAdded(made.id, context.chat.chat, lead)),
        Session(lead.person, context.session.language),
        goes_to=made.id,
        asks=Asked("title", about),
    )


async def sample_received(context: Context, content: bytes) -> Decision:
    """A CSV adds its cases to the inspection; those that are there already stay as they are."""
    try:
        cases = await asyncio.to_thread(read_sample, content, context.pack)
    except SampleError as exc:
        return tell(f"{context.say('sample-refused')}\n{exc}")
    there = {_name(line.key) for line in await context.store.overview(context.id)}
    added = [case for case in cases if _name(case.key) not in there]
    members = await context.store.members(context.id)
    queued = [
        message
        for person in sorted({case.inspector for case in added if case.inspector})
        for message in outbox.to_person(context, members, person, "assigned")
    ]
    text = [context.say("sample-loaded", cases=len(added)) if added else context.say("sample-none")]
    if len(added) < len(cases):
        text.append(context.say("left-there-already", count=len(cases) - len(added)))
    if added:
        free = any(case.inspector is None for case in added)
        text.append(context.say("sample-next") if free else context.say("sample-invite"))
    changes = [CaseAdded(context.id, case) for case in added]
    return Decision(only("\n".join(text)), "SampleLoaded", (*changes, *queued))


def _name(key: CaseKey) -> tuple[str, str]:
    """Two references that differ in upper and lower case only are the same."""
    return key.case.casefold(), key.form
