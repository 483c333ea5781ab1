"""Setting up: a lead makes another inspection, and loads its sample from a CSV."""

from __future__ import annotations

import asyncio

from bot.answers import notices
from bot.answers.people import inspection_buttons, move_to
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
    """``/new`` lists the instruments; ``/new PACK``, then the title; ``/new follows ID``."""
    name, rest = (*words.split(maxsplit=1), "", "")[:2]
    if name == "follows":
        return await _following(here, rest)
    if name not in pack_names():
        rows = []
        for each in pack_names():
            title = read_pack(each)
            rows.append((here.button(title.text(title.title)[:60], f"new {each}"),))
        return only(say.NEW_WHICH, buttons=tuple(rows))
    if rest:
        return await title_given(here, (name, ""), rest)
    outcome = await here.ask(Asked("title", (name, "")), say.TITLE_ASKED)
    earlier = await _led(here, name)
    if not earlier:
        return outcome
    follow_rows = inspection_buttons(here, earlier, "new follows", say.FOLLOWS)
    return only(f"{say.TITLE_ASKED}\n{say.FOLLOWS_WHICH}", buttons=follow_rows, wants_text=True)


async def _following(here: Here, inspection_id: str) -> Outcome:
    """``/new follows ID``: one with the same instrument, beside which it will be set."""
    led = await _led(here)
    earlier = next((one for one in led if one.id == inspection_id), None)
    if earlier is None:
        return only(say.FOLLOWS_UNKNOWN.format(inspection=inspection_id[:40]))
    if earlier.pack_name not in pack_names():
        return only(say.FOLLOWS_OWN_PACK.format(title=earlier.title))
    about = earlier.pack_name, earlier.id
    following = say.FOLLOWING.format(title=earlier.title)
    return await here.ask(Asked("title", about), f"{following} {say.TITLE_ASKED}")


async def _led(here: Here, pack_name: str = "") -> list[Inspection]:
    """The inspections (with this instrument) that one leads."""
    serves = await here.store.memberships(here.seat.chat)
    return [one for one, member in serves if member.is_lead and pack_name in ("", one.pack_name)]


async def title_given(here: Here, about: tuple[str, ...], text: str) -> Outcome:
    """The inspection is made, and its lead sits there from now on."""
    pack_name, follows = about
    title = " ".join(text.split())
    if not title or len(title) > MOST_TITLE:
        return await here.ask(Asked("title", about), say.TITLE_EMPTY)
    inspection = await _make(here, title, pack_name, follows or None)
    lead = Member("L1", Role.LEAD)
    await move_to(here.store, here.incoming, inspection, lead, here.now)
    return only(say.NEW_DONE.format(title=title))


async def _make(here: Here, title: str, pack_name: str, follows: str | None) -> Inspection:
    """Under an id that nobody has, also where somebody takes it at this moment."""
    pack = read_pack(pack_name)
    taken = {one.id.casefold() for one in await here.store.inspections()}
    while True:
        name = inspection_id(title, taken)
        inspection = Inspection(name, title, pack.name, pack.version, follows)
        try:
            await here.store.create_inspection(inspection, pack, [], at=here.at)
        except AlreadyThere:
            taken.add(name)
            continue
        return inspection


async def sample_received(here: Here, received: Received) -> Outcome:
    """A CSV adds its cases to the inspection; those that are there already stay as they are."""
    try:
        cases = await asyncio.to_thread(read_sample, received.content, here.pack)
    except SampleError as exc:
        return only(f"{say.SAMPLE_REFUSED}\n{exc}")
    added = []
    owed = []
    for case in cases:
        try:
            await here.store.add_case(here.id, case, by=here.member.person, at=here.at)
        except AlreadyThere:
            continue
        added.append(case)
    for person in sorted({case.inspector for case in added if case.inspector}):
        owed += await notices.owe(here, person, "assigned")
    await here.note_update(event="SampleLoaded")
    text = [say.SAMPLE_LOADED.format(cases=say.cases(len(added))) if added else say.SAMPLE_NONE]
    if len(added) < len(cases):
        text.append(say.left_as_they_are(len(cases) - len(added), say.THERE_ALREADY))
    if added:
        free = any(case.inspector is None for case in added)
        text.append(say.SAMPLE_NEXT if free else say.SAMPLE_INVITE)
    return await notices.tell(here, only("\n".join(text)), owed)
