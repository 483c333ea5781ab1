"""Setting up: a lead makes another inspection, and loads its sample from a CSV."""

from __future__ import annotations

import asyncio

from bot.answers.people import move_to
from bot.here import Here
from bot.reply import Outcome, Received, only
from bot.wording import en as say
from criteria.inspection import Inspection, Member, Role, inspection_id
from criteria.load_pack import pack_names, read_pack
from dialogs.session import Asked
from storage.sample_file import SampleError, read_sample
from storage.store import AlreadyThere

MOST_TITLE = 100


async def new(here: Here, words: str) -> Outcome:
    """``/new`` lists the instruments; ``/new PACK``, then the title. ``/new PACK follows ID``."""
    name, rest = (*words.split(maxsplit=1), "", "")[:2]
    if name not in pack_names():
        rows = []
        for each in pack_names():
            title = read_pack(each)
            rows.append((here.button(title.text(title.title)[:60], f"new {each}"),))
        return only(say.NEW_WHICH, buttons=tuple(rows))
    follows = rest.removeprefix("follows ").strip() if rest.startswith("follows ") else ""
    if follows and follows not in [one.id for one in await _led(here, name)]:
        return only(say.SWITCH_UNKNOWN.format(inspection=follows[:40]))
    if rest and not follows:
        return await title_given(here, (name, ""), rest)
    asked = Asked("title", (name, follows))
    outcome = await here.ask(asked, say.TITLE_ASKED)
    earlier = await _led(here, name)
    if follows or not earlier:
        return outcome
    follow_rows = tuple(
        (here.button(say.FOLLOWS.format(title=one.title)[:60], f"new {name} follows {one.id}"),)
        for one in earlier
    )
    return only(f"{say.TITLE_ASKED}\n{say.FOLLOWS_WHICH}", buttons=follow_rows, wants_text=True)


async def _led(here: Here, pack_name: str) -> list[Inspection]:
    """The inspections with this instrument that one leads."""
    serves = await here.store.memberships(here.seat.chat)
    return [one for one, member in serves if member.is_lead and one.pack_name == pack_name]


async def title_given(here: Here, about: tuple[str, ...], text: str) -> Outcome:
    """The inspection is made, and its lead sits there from now on."""
    pack_name, follows = about
    title = " ".join(text.split())
    if not title or len(title) > MOST_TITLE:
        return only(say.TITLE_EMPTY, wants_text=True)
    taken = {one.id.casefold() for one in await here.store.inspections()}
    pack = read_pack(pack_name)
    inspection = Inspection(
        id=inspection_id(title, taken),
        title=title,
        pack_name=pack.name,
        pack_version=pack.version,
        follows=follows or None,
    )
    try:
        await here.store.create_inspection(inspection, pack, [], at=here.at)
    except AlreadyThere:
        return only(say.TRY_AGAIN)
    lead = Member("L1", Role.LEAD)
    await move_to(here.store, here.incoming, inspection, lead, here.now)
    return only(say.NEW_DONE.format(title=title))


async def sample_received(here: Here, received: Received) -> Outcome:
    """A CSV adds its cases to the inspection; those that are there already stay as they are."""
    try:
        cases = await asyncio.to_thread(read_sample, received.content, here.pack)
    except SampleError as exc:
        return only(f"{say.SAMPLE_REFUSED}\n{exc}")
    added = 0
    for case in cases:
        try:
            await here.store.add_case(here.id, case, by=here.member.person, at=here.at)
        except AlreadyThere:
            continue
        added += 1
    await here.note_update(event="SampleLoaded")
    text = say.SAMPLE_LOADED.format(cases=say.cases(added))
    if added < len(cases):
        text += "\n" + say.SAMPLE_THERE.format(cases=say.cases(len(cases) - added))
    free = sum(case.inspector is None for case in cases)
    return only(f"{text}\n{say.SAMPLE_NEXT if free else say.SAMPLE_INVITE}")
