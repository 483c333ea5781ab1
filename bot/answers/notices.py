"""What people are told unasked: a case came in, the last one did, one was returned, given or taken.

A notice is owed before the step that causes it is kept, and paid when it went out. It is worded
from how things stand by then; one that is true no more is dropped.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any, Final

from bot.answers import standing
from bot.answers.handed_in_again import changes_told
from bot.here import Here
from bot.rendering import case_title
from bot.reply import Button, Notice, Outcome, Reply
from bot.taps import case_tap, inspection_mark
from bot.wording import en as say
from criteria.case import Case, CaseKey, Status
from dialogs.queries import how_far
from dialogs.turn import iso
from storage.store import Conflict, NotFound, NoticeKind, Owed, Store, StoreError

EACH: Final[dict[str, Any]] = {"each": True, "evening": None, "last": None}
"""What a lead is told who chose nothing."""
NAMED: Final = 3
"""So many cases that were taken from somebody are told one by one; more of them all at once."""


# --- a case is handed in ------------------------------------------------------------------------


async def owe_submission(here: Here, key: CaseKey) -> list[Owed]:
    """What the leads are to be told when this case is in."""
    owed = []
    choices = await here.store.records(here.id, "digests")
    for chat, member in (await here.store.members(here.id)).items():
        if not member.is_lead or chat == here.seat.chat:
            continue
        if choices.get(chat, EACH)["each"]:
            owed.append(_owed(here, chat, "submitted", key))
        if key.reading == 1:
            owed.append(_owed(here, chat, "complete", key))
    if owed:
        await here.store.owe(here.id, owed, at=here.at)
    return owed


async def after_submission(
    here: Here, key: CaseKey, outcome: Outcome, owed: Sequence[Owed]
) -> Outcome:
    notices = await worded(here.store, owed, here.now)
    whole = how_far(await here.store.overview(here.id))
    replies = outcome.replies
    if key.reading == 1 and whole.complete and here.member.is_lead:
        replies = (*replies, await standing.inspection_summary(here.store, here.id))
    return Outcome(replies, (*outcome.notices, *notices))


async def final_summary(here: Here, reply: Reply) -> Outcome:
    """For a delivery that came twice: the summary again, to the one who sent it."""
    whole = how_far(await here.store.overview(here.id))
    if whole.complete and here.member.is_lead:
        return Outcome((reply, await standing.inspection_summary(here.store, here.id)))
    return Outcome((reply,))


# --- a lead gave something to do ----------------------------------------------------------------


async def owe(
    here: Here, person: str | None, kind: NoticeKind, key: CaseKey | None = None
) -> list[Owed]:
    """What this person is to be told once the change is kept."""
    owed = [
        _owed(here, chat, kind, key)
        for chat, member in (await here.store.members(here.id)).items()
        if member.person == person and chat != here.seat.chat
    ]
    if owed:
        await here.store.owe(here.id, owed, at=here.at)
    return owed


async def owe_taken(here: Here, person: str, keys: Sequence[CaseKey]) -> list[Owed]:
    """What this person is to be told of the cases that are given to somebody else."""
    if len(keys) > NAMED:
        return await owe(here, person, "taken")
    return [one for key in keys for one in await owe(here, person, "taken", key)]


async def tell(here: Here, outcome: Outcome, owed: Sequence[Owed]) -> Outcome:
    """The outcome with what is true of the notices by now."""
    told = await worded(here.store, owed, here.now)
    return Outcome(outcome.replies, (*outcome.notices, *told))


def _owed(here: Here, chat: str, kind: NoticeKind, key: CaseKey | None) -> Owed:
    about = f"{key.case}.{key.form}.{key.reading}" if key else here.member.person
    return Owed(f"{kind} {chat} {about}", here.id, chat, kind, key, here.at)


# --- wording, sending, paying -------------------------------------------------------------------


async def worded(
    store: Store, owed: Sequence[Owed], now: datetime, *, claimed: bool = False
) -> list[Notice]:
    """The notices that are true now; the others are dropped.

    And those that another worker is about to send are left to it; ``claimed`` are this one's.
    """
    notices = []
    for one in owed:
        try:
            reply = await _reply(store, one)
        except NotFound:
            reply = None
        except StoreError:  # a damaged file: it is told where it is named, and the rest goes on
            continue
        if reply is None:
            await paid(store, one, now)
        elif await store.claim(one, at=iso(now)) or claimed:  # a claim is asked for to last on
            notices.append(Notice(one.chat, reply, one))
    return notices


async def paid(store: Store, owed: Owed, now: datetime) -> None:
    await store.paid(owed, at=iso(now))


async def _reply(store: Store, owed: Owed) -> Reply | None:
    member = (await store.members(owed.inspection)).get(owed.chat)
    if member is None or (owed.kind in ("submitted", "complete") and not member.is_lead):
        return None
    if owed.case is None:
        if owed.kind == "taken":
            return await _several_taken(store, owed)
        return await _assigned(store, owed, member.person)
    case, _, _ = await store.load_case(owed.inspection, owed.case, owed.chat)
    if owed.kind == "taken":
        return None if case.inspector == member.person else await _taken(store, owed, case)
    if owed.kind in ("second", "returned"):
        wanted = owed.kind == "second" and not case.status.is_in
        returned = owed.kind == "returned" and case.status is Status.RETURNED
        mine = case.inspector == member.person
        return await _to_do(store, owed, case) if mine and (wanted or returned) else None
    if not case.status.is_in:
        return None
    whole = how_far(await store.overview(owed.inspection))
    if owed.kind == "complete":
        return await standing.inspection_summary(store, owed.inspection) if whole.complete else None
    pack = await store.pack(owed.inspection)
    text, changes = say.SECOND_IN_NOTICE, None
    if case.reading == 1:
        form = pack.form(case.form)
        history = await store.history(owed.inspection, owed.case)
        changes = changes_told(form, history) if form is not None else None
        text = say.SUBMITTED_NOTICE if changes is None else say.AGAIN_NOTICE
    told = text.format(
        person=case.inspector or say.UNASSIGNED,
        case=case_title(pack, replace(case.key, reading=1)),
        of=say.of_cases(whole.submitted, whole.cases),
        title=(await store.inspection(owed.inspection)).title,
        changes=changes,
    )
    return Reply(told)


async def _to_do(store: Store, owed: Owed, case: Case) -> Reply:
    """A case to look at again, or to read as the second one."""
    pack = await store.pack(owed.inspection)
    title = case_title(pack, replace(case.key, reading=1))
    text = say.SECOND_NOTICE if owed.kind == "second" else say.RETURNED_NOTICE
    inspection = (await store.inspection(owed.inspection)).title
    told = text.format(case=title, title=inspection)
    elsewhere = await _elsewhere(store, owed)
    form = pack.form(case.form)
    if elsewhere or form is None:
        return Reply(told + elsewhere)
    tap = case_tap(inspection_mark(owed.inspection), case.case, form, reading=case.reading)
    return Reply(told, ((Button(say.OPEN_IT.format(case=title), tap),),))


async def _assigned(store: Store, owed: Owed, person: str) -> Reply | None:
    lines = await store.overview(owed.inspection)
    waiting = [line for line in lines if line.inspector == person and not line.status.is_in]
    if not waiting:
        return None
    title = (await store.inspection(owed.inspection)).title
    text = say.ASSIGNED_NOTICE.format(cases=say.cases(len(waiting)), title=title)
    return Reply(text + await _elsewhere(store, owed))


async def _taken(store: Store, owed: Owed, case: Case) -> Reply:
    title = case_title(await store.pack(owed.inspection), replace(case.key, reading=1))
    inspection = (await store.inspection(owed.inspection)).title
    told = say.TAKEN_NOTICE.format(
        case=title, person=case.inspector or say.NOBODY, title=inspection
    )
    return Reply(told + await _elsewhere(store, owed))


async def _several_taken(store: Store, owed: Owed) -> Reply:
    title = (await store.inspection(owed.inspection)).title
    return Reply(say.SEVERAL_TAKEN_NOTICE.format(title=title) + await _elsewhere(store, owed))


async def _elsewhere(store: Store, owed: Owed) -> str:
    """How to get there, for one who is in another inspection just now."""
    seat = await store.seat(owed.chat)
    if seat is None or seat.inspection.id == owed.inspection:
        return ""
    return " " + say.SWITCH_FIRST.format(inspection=owed.inspection)


# --- evenings -----------------------------------------------------------------------------------


async def due(store: Store, now: datetime) -> list[Notice]:
    """The evening digests whose time has come today, each once."""
    notices = []
    today, time = now.date().isoformat(), f"{now:%H:%M}"
    for inspection in await store.inspections():
        if inspection.closed is not None:
            continue
        members = await store.members(inspection.id)
        for chat, choice in (await store.records(inspection.id, "digests")).items():
            evening = choice["evening"]
            if evening is None or time < evening or choice["last"] == today:
                continue
            document = {**choice, "last": today}
            try:
                await store.set_record(
                    inspection.id, "digests", chat, document, by=None, at=iso(now), expect=choice
                )
            except Conflict:  # another worker has it
                continue
            member = members.get(chat)
            if member is not None and member.is_lead:
                text = await standing.inspection_progress(store, inspection.id, now)
                notices.append(Notice(chat, Reply(text)))
    return notices
