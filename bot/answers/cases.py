"""Cases: listing, opening, adding and handing in."""

from __future__ import annotations

import logging
from dataclasses import replace
from typing import Final

from bot import taps
from bot.answers import case_view, notices
from bot.here import Here
from bot.rendering import language_name, render
from bot.reply import Button, Outcome, Reply, only
from bot.taps import CaseTap
from bot.wording import en as say
from criteria.case import Case, CaseKey, initial_status, is_case_reference, is_reference
from dialogs import events
from dialogs.engine import advance
from dialogs.queries import like_references, next_case
from storage.store import AlreadyThere, CaseSummary, NotFound

log = logging.getLogger(__name__)

LISTED_CASES: Final = 40


async def case(here: Here, words: str) -> Outcome:
    """``/case`` shows the open one again, ``/case C001`` opens another.

    A lead reads what somebody else answered before opening it: all of it, or with
    ``/case C001 1.2`` that criterion or question in full.
    """
    if not words:
        return await show_again(here) if here.session.case else await cases(here, "")
    reference, *rest = words.split()
    reading = 2 if rest and rest[-1].casefold() == case_view.SECOND else 1
    rest = rest if reading == 1 else rest[:-1]
    form_name = rest.pop(0) if rest and here.pack.form(rest[0]) else ""
    part = " ".join(rest)
    having = case_view.forms_with(here, part) if part and here.member.is_lead else []
    if not is_reference(reference):
        return only(say.CASE_BAD_REFERENCE.format(text=words[:40]))
    if part and not having:
        if not is_case_reference(reference):
            return only(say.CASE_BAD_REFERENCE.format(text=words[:40]))
        if here.member.is_lead:
            return only(say.NO_PART.format(part=part[:40], case=reference))
        forms = say.one_or_other([form.name for form in here.pack.forms])
        return only(say.FORM_UNKNOWN.format(form=part[:40], forms=forms))
    seen = await _meant(here, reference, form_name, reading)
    seen = [one for one in seen if one.form in having] or seen
    if len(seen) > 1:
        rows = tuple(
            (here.button(here.title(one.key), f"case {one.case} {one.form} {part}".rstrip()),)
            for one in seen
        )
        return only(say.WHICH_FORM.format(case=seen[0].case), buttons=rows)
    if seen:
        (found,) = seen
        theirs = found.inspector not in (here.member.person, None)
        if here.member.is_lead and (part or theirs or (not found.inspector and found.answers)):
            return await case_view.view(here, found, part)
        return await _open(here, found.key)
    if reading == 2:
        return only(say.NO_SECOND.format(case=reference))
    if await here.is_listed(reference, form_name):
        return only(say.CASE_OTHERS.format(case=reference))
    if not is_case_reference(reference):
        return only(say.CASE_BAD_REFERENCE.format(text=words[:40]))
    form = here.pack.form(form_name) or here.pack.case_form
    return await _unknown(here, CaseKey(reference, form.name), words)


async def _unknown(here: Here, key: CaseKey, words: str) -> Outcome:
    """A case that is not in the list may be added, unless one like it was meant."""
    add = here.case_button(key, label=say.CASE_ADD.format(case=key.case), new=True)
    listed = [line.key.case for line in await here.store.overview(here.id)]
    same = key.case.casefold()  # the subject's other file
    near = [one for one in like_references(key.case, listed) if one.casefold() != same]
    if not near:
        return only(say.CASE_UNKNOWN.format(case=key.case), buttons=((add,),))
    after = words.split()[1:]
    opens = tuple(
        (here.button(say.OPEN_IT.format(case=one), " ".join(["case", one, *after])),)
        for one in near
    )
    told = say.CASE_LIKE.format(case=key.case, near=say.one_or_other(near))
    return only(told, buttons=(*opens, (add,)))


async def _meant(here: Here, reference: str, form_name: str, reading: int) -> list[Case]:
    """The case of this reference; several where a subject has several files to choose from.

    A person's own come before others, and those that are to be done before those that are in. Of
    two readings of one file it is the own one, or the first.
    """
    seen = []
    for form in here.forms_named(form_name):
        found = [await here.find_case(reference, form.name, each) for each in (1, 2)]
        readings = [one[0] for one in found if one is not None and one[0].reading >= reading]
        own = [one for one in readings if one.inspector == here.member.person]
        seen += (own or readings)[:1]
    own = [one for one in seen if one.inspector == here.member.person]
    waiting = [one for one in own if not one.status.is_in]
    return waiting if len(waiting) == 1 else own or seen


async def open_tapped(here: Here, tap: CaseTap) -> Outcome:
    if tap.new and not is_case_reference(tap.case):
        return only(say.FOREIGN_TAP, toast=say.FOREIGN_TAP)
    if tap.new:
        person = here.member.person
        added = Case(tap.case, tap.form, inspector=person, status=initial_status(person))
        try:
            await here.store.add_case(here.id, added, by=person, at=here.at)
        except AlreadyThere:
            log.info("case already there inspection=%s", here.id)
    return await _open(here, CaseKey(tap.case, tap.form, tap.reading))


async def _open(here: Here, key: CaseKey) -> Outcome:
    """Open a case and go on where this chat left it."""
    loaded = await here.load_case(key)
    if loaded is None:
        return only(await not_yours(here, key))
    found, cursor, version = loaded
    before = replace(here.session, case=found, cursor=cursor)
    event = events.CaseOpened()
    step = advance(before, event, here.pack, here.now)
    here = replace(here, seat=replace(here.seat, version=version))
    return await here.keep(before, event, step)


async def not_yours(here: Here, key: CaseKey) -> str:
    """Why a case is not open to this person: it went to somebody else, from here or from the free
    ones, or it never was theirs.
    """
    try:
        history = await here.store.history(here.id, key)
    except NotFound:
        history = []
    changes = [change for entry in history for change in entry.changes if change.table == "case"]
    had = [(change.after or {}).get("inspector") for change in changes]
    told = say.CASE_OTHERS
    if had and had[-1] is not None:
        if here.member.person in had:
            told = say.CASE_TAKEN
        elif None in had:
            told = say.CASE_GONE
    return told.format(case=key.case)


async def open_next(here: Here) -> Outcome:
    """From the result of a case, which stays to be read."""
    person = here.member.person  # a lead sees everybody's, and goes on with the own ones
    lines = [
        line for line in await here.overview()
        if line.damaged is None and line.inspector in (person, None)
    ]  # fmt: skip
    line = next_case(lines, here.session.case.key if here.session.case else None)
    if line is None:
        return only(say.ALL_DONE if lines else say.NO_CASES)
    opened = await _open(here, line.key)
    return replace(opened, replies=tuple(replace(one, keeps=one.card) for one in opened.replies))


async def cases(here: Here, _words: str) -> Outcome:
    parts = _parts(here, await here.overview())
    lines = [line for _, part in parts for line in part]
    if not lines:
        return only(say.NO_CASES_LEAD if here.member.is_lead else say.NO_CASES)
    text, room = [], LISTED_CASES
    for head, part in parts:
        shown = [case_line(here, line) for line in part[:room]]
        text += [head, *shown] if shown else []
        room -= len(shown)
    if len(lines) > LISTED_CASES:
        text.append(say.CASES_MORE.format(count=len(lines) - LISTED_CASES))
    waiting = [line.key for line in lines if not line.status.is_in and not line.damaged]
    buttons = [here.case_button(key) for key in waiting[:LISTED_CASES]]
    rows = tuple(tuple(buttons[at : at + 3]) for at in range(0, len(buttons), 3))
    return only("\n".join(text), buttons=rows)


def _parts(here: Here, lines: list[CaseSummary]) -> list[tuple[str, list[CaseSummary]]]:
    """The list under its headings: to an inspector the own cases, then those that nobody has.

    Whose a damaged one is cannot be told: it stands among the own.
    """
    if here.member.is_lead:
        return [(say.CASES_LEAD.format(title=here.inspection.title), lines)]
    own = [line for line in lines if line.inspector == here.member.person or line.damaged]
    free = [line for line in lines if not (line.inspector or line.damaged or line.status.is_in)]
    return [(say.CASES, own), (say.CASES_FREE, free)]


def case_line(here: Here, line: CaseSummary) -> str:
    title = here.title(line.key)
    if line.damaged is not None:
        return say.CASE_DAMAGED.format(case=title)
    return say.CASE_LINE.format(
        case=title,
        status=say.STATUS[line.status],
        answered=line.progress.answered,
        relevant=line.progress.relevant,
    )


async def show_again(here: Here) -> Outcome:
    """What came twice changes no answer; its reply may have been lost, so the card is shown.

    Where somebody has handed the case in, no note is waited for from then on, as the card says.
    """
    step = advance(here.session, events.CardAsked(), here.pack, here.now)
    await here.store.commit(here.seat, step.session, event="CardAsked", at=here.at, update=None)
    keeps = here.incoming.tap == taps.next_case_tap(here.mark)
    reply = replace(render(step.effects, here.view), keeps=keeps)
    case = here.session.case
    if here.incoming.update is not None and case is not None and case.status.is_in:
        return await notices.final_summary(here, reply)  # it may have been lost as well
    return Outcome((reply,))


async def submit(here: Here, _words: str) -> Outcome:
    return await submit_with(here, events.SubmitAsked())


async def submit_with(here: Here, event: events.Event) -> Outcome:
    """Hand the case in; the leads are told, and get the final summary with the last one.

    What they are to be told is kept first: a stop in between loses no message, and one about a
    case that was not handed in after all is dropped when its turn comes.
    """
    session = here.session
    step = advance(session, event, here.pack, here.now)
    handed_in = step.session.case is not None and step.session.case.status.is_in
    was_in = session.case is not None and session.case.status.is_in
    if not handed_in or was_in or step.session.case is None:
        return await here.keep(session, event, step)
    owed = await notices.owe_submission(here, step.session.case.key)
    outcome = await here.keep(session, event, step)
    return await notices.after_submission(here, step.session.case.key, outcome, owed)


async def cancel(here: Here, _words: str) -> Outcome:
    """No note after all, or no text that was asked for outside a case."""
    if here.session.asked is not None:
        await here.answered(event="AskDropped")
        return only(say.ASK_DROPPED)
    return await here.step(events.NoteCancelled())


async def language(here: Here, words: str) -> Outcome:
    outcome = await here.step(events.LanguageChosen(words))
    if words or len(here.pack.languages) < 2:
        return outcome
    row = tuple(Button(language_name(c), taps.language_tap(c)) for c in here.pack.languages)
    reply: Reply = replace(outcome.replies[0], buttons=(row,))
    return Outcome((reply,))
