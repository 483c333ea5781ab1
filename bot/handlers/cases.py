"""Cases: listing, opening, adding and submitting."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from bot import outbox
from bot.callback_data import CaseTap, language_data, next_case_data
from bot.channels.channel import Button, Reply, Response, rows_of
from bot.context import Context
from bot.decision import Decision, only, tell
from bot.handlers import case_view
from bot.handlers.conversation import converse
from bot.messages import language_name
from bot.reports import progress_report
from criteria.case import Case, CaseKey, is_case_reference, is_reference
from criteria.case_status import initial_status
from criteria.case_summary import CaseSummary
from dialogs import events
from dialogs.queries import like_references, next_case
from dialogs.question_order import questions_named
from dialogs.session import Cursor
from storage.case_tables import steps_given
from storage.changes import CaseAdded
from storage.errors import NotFound

MAX_LISTED: Final = 40


async def case(context: Context, words: str) -> Decision:
    """``/case`` shows the open one again, ``/case C001`` opens another.

    A lead reads what somebody else answered before opening it: all of it, or with
    ``/case C001 1.2`` that criterion or question in full.
    """
    if not words:
        return await show_again(context) if context.case else await cases(context, "")
    reference, *rest = words.split()
    reading = 2 if rest and rest[-1].casefold() == case_view.SECOND else 1
    rest = rest if reading == 1 else rest[:-1]
    form_name = rest.pop(0) if rest and context.pack.form(rest[0]) else ""
    part = " ".join(rest)
    having = [
        form.name for form in context.pack.forms
        if part and context.member.is_lead and questions_named(part, context.pack, form)
    ]  # fmt: skip
    if not is_reference(reference):
        return tell(context.say("case-bad-reference", text=words[:40]))
    if part and not having:
        if not is_case_reference(reference):
            return tell(context.say("case-bad-reference", text=words[:40]))
        if context.member.is_lead:
            return tell(context.say("no-part", part=part[:40], case=reference))
        forms = context.say.any_of([form.name for form in context.pack.forms])
        return tell(context.say("form-unknown", form=part[:40], forms=forms))
    seen = await _meant(context, reference, form_name, reading)
    seen = [one for one in seen if one.form in having] or seen
    if len(seen) > 1:
        return which_form(context, seen, "case", part)
    if seen:
        (found,) = seen
        theirs = found.inspector not in (context.person, None)
        if context.member.is_lead and (part or theirs or (not found.inspector and found.answers)):
            return await case_view.view(context, found, part)
        return await open_case(context, found.key)
    if reading == 2:
        return tell(context.say("no-second", case=reference))
    for form in context.forms_named(form_name):
        if await context.anybodys(CaseKey(reference, form.name)) is not None:
            return tell(context.say("case-others", case=reference))
    if not is_case_reference(reference):
        return tell(context.say("case-bad-reference", text=words[:40]))
    form = context.pack.form(form_name) or context.pack.case_form
    return await _unknown(context, CaseKey(reference, form.name), words)


def which_form(context: Context, found: Sequence[Case], command: str, words: str) -> Decision:
    """Ask which of a subject's files is meant; its button gives the command with these words."""
    rows = context.column(
        (context.title(one.key), f"{command} {one.case} {one.form} {words}".rstrip())
        for one in found
    )
    return tell(context.say("which-form", case=found[0].case), buttons=rows)


async def _unknown(context: Context, key: CaseKey, words: str) -> Decision:
    """A case that is not in the list may be added, unless one like it was meant."""
    add = context.case_button(key, label=context.say("case-add", case=key.case), new=True)
    listed = [line.key.case for line in await context.store.overview(context.id)]
    same = key.case.casefold()  # the subject's other file
    near = [one for one in like_references(key.case, listed) if one.casefold() != same]
    if not near:
        return tell(context.say("case-unknown", case=key.case), buttons=((add,),))
    after = words.split()[1:]
    opens = context.column(
        (context.say("open-it", case=one), " ".join(["case", one, *after])) for one in near
    )
    told = context.say("case-like", case=key.case, near=context.say.any_of(near))
    return tell(told, buttons=(*opens, (add,)))


async def _meant(context: Context, reference: str, form_name: str, reading: int) -> list[Case]:
    """The case of this reference; several where a subject has several files to choose from.

    A person's own come before others, and open cases before submitted ones. Of two readings of a
    file the person's own is meant, else the first.
    """
    seen = []
    for form in context.forms_named(form_name):
        found = [await context.find_case(reference, form.name, each) for each in (1, 2)]
        readings = [one[0] for one in found if one is not None and one[0].reading >= reading]
        own = [one for one in readings if one.inspector == context.person]
        seen += (own or readings)[:1]
    own = [one for one in seen if one.inspector == context.person]
    waiting = [one for one in own if not one.status.is_in]
    return waiting if len(waiting) == 1 else own or seen


async def open_tapped(context: Context, tap: CaseTap) -> Decision:
    key, person = tap.case, context.person
    if not tap.new or key.reading != 1:
        return await open_case(context, key)
    if not is_case_reference(key.case):
        return tell(context.say("foreign-tap"), toast=context.say("foreign-tap"))
    if await context.anybodys(key) is not None:
        return await open_case(context, key)
    added = Case(key.case, key.form, inspector=person, status=initial_status(person))
    decision = _opened(context, added, Cursor(), 0)
    return replace(decision, changes=(CaseAdded(context.id, added),))


async def open_case(context: Context, key: CaseKey) -> Decision:
    """Open a case and go on where this chat left it."""
    loaded = await context.load_case(key)
    return _opened(context, *loaded) if loaded else tell(await not_yours(context, key))


def _opened(context: Context, case: Case, cursor: Cursor, version: int) -> Decision:
    before = replace(context.session, case=case, cursor=cursor)
    return replace(converse(context, events.CaseOpened(), before), version=version)


async def not_yours(context: Context, key: CaseKey) -> str:
    """Why a case is not open to this person: it went to somebody else, from here or from the free
    ones, or it never was theirs.
    """
    try:
        history = await context.store.history(context.id, key)
    except NotFound:
        history = []
    changes = [change for entry in history for change in entry.changes if change.table == "case"]
    had = [(change.after or {}).get("inspector") for change in changes]
    if had and had[-1] is not None and context.person in had:
        return context.say("case-taken", case=key.case)
    gone = had and had[-1] is not None and None in had
    return context.say("case-gone" if gone else "case-others", case=key.case)


async def open_next(context: Context) -> Decision:
    """From the result of a case, which stays to be read."""
    person = context.person  # a lead sees everybody's, and goes on with the own ones
    lines = [
        line for line in await context.overview()
        if line.damaged is None and line.inspector in (person, None)
    ]  # fmt: skip
    line = next_case(lines, context.case.key if context.case else None)
    if line is None:
        return tell(context.say("all-done") if lines else context.say("no-cases"))
    return _keeping_the_result(await open_case(context, line.key))


def _keeping_the_result(decision: Decision) -> Decision:
    """The tapped message holds a case's result: it stays to be read."""
    kept = tuple(replace(one, keeps=one.card) for one in decision.response.replies)
    return replace(decision, response=Response(kept))


async def cases(context: Context, _words: str) -> Decision:
    parts = _parts(context, await context.overview())
    lines = [line for _, part in parts for line in part]
    if not lines:
        return tell(context.say("no-cases-lead" if context.member.is_lead else "no-cases"))
    text, room = [], MAX_LISTED
    for head, part in parts:
        shown = [case_line(context, line) for line in part[:room]]
        text += [head, *shown] if shown else []
        room -= len(shown)
    if len(lines) > MAX_LISTED:
        text.append(context.say("cases-more", count=len(lines) - MAX_LISTED))
    waiting = [line.key for line in lines if not line.status.is_in and not line.damaged]
    buttons = [context.case_button(key) for key in waiting[:MAX_LISTED]]
    return tell("\n".join(text), buttons=rows_of(3, buttons))


def _parts(context: Context, lines: list[CaseSummary]) -> list[tuple[str, list[CaseSummary]]]:
    """The list under its headings: to an inspector the own cases, then those that nobody has.

    A damaged case does not tell whose it is, so it stands among the person's own.
    """
    if context.member.is_lead:
        return [(context.say("cases-lead", title=context.inspection.title), lines)]
    own = [line for line in lines if line.inspector == context.person or line.damaged]
    free = [line for line in lines if not (line.inspector or line.damaged or line.status.is_in)]
    return [(context.say("cases-yours"), own), (context.say("cases-free"), free)]


def case_line(context: Context, line: CaseSummary) -> str:
    title = context.title(line.key)
    if line.damaged is not None:
        return context.say("case-damaged", case=title)
    return context.say(
        "case-line",
        case=title,
        status=context.say(f"status-{line.status}"),
        answered=line.progress.answered,
        relevant=line.progress.relevant,
    )


async def show_again(context: Context) -> Decision:
    """What came twice changes no answer; its reply may have been lost, so the card is shown.

    Where somebody else has submitted the case, no note is waited for from then on, as the card
    says.
    """
    decision = replace(converse(context, events.CardAsked()), remember=False, taken=None)
    if context.message.data == next_case_data(context.mark):
        decision = _keeping_the_result(decision)
    if context.message.update is None or not (context.case and context.case.status.is_in):
        return decision
    replies = (*decision.response.replies, *await _final_summary(context))  # may have been lost too
    return replace(decision, response=Response(replies))


async def _final_summary(context: Context) -> tuple[Reply, ...]:
    """What a lead gets once every case is submitted."""
    if not context.member.is_lead:
        return ()
    lines = await context.store.overview(context.id)
    if not progress_report.counted(context.store, context.id, lines).whole.complete:
        return ()
    language = context.session.language
    return (await progress_report.inspection_summary(context.store, context.id, language),)


async def submit(context: Context, _words: str) -> Decision:
    return await submit_with(context, events.SubmitAsked())


async def submit_with(context: Context, event: events.Event) -> Decision:
    """Submit the case; the leads are told, and get the final summary with the last one."""
    decision = converse(context, event)
    before, after = context.case, decision.session.case if decision.session else None
    if before is None or after is None or before.status.is_in or not after.status.is_in:
        return decision
    is_first = after.reading == 1

    async def with_summary(submitted: Context) -> Response:
        summary = await _final_summary(submitted) if is_first else ()
        return Response((*decision.response.replies, *summary))

    changes = tuple(await outbox.submission(context, after.key))
    return replace(decision, changes=changes, later=with_summary)


async def undo(context: Context, _words: str) -> Decision:
    return await undo_with(context)


async def undo_with(context: Context, tapped: events.ControlTapped | None = None) -> Decision:
    """Take back what this person gave last in the open case, by the case's log."""
    card = tapped.card if tapped else None
    if context.case is None:
        return converse(context, events.UndoAsked(card=card))
    lines = await context.store.case_lines(context.id, context.case.key)
    steps = steps_given(lines, context.person, context.chat.chat)
    gave = steps[-1] if steps else ()
    return converse(context, events.UndoAsked(gave, more=len(steps) > 1, card=card))


async def cancel(context: Context, _words: str) -> Decision:
    """No note after all, or no text that was asked for outside a case."""
    if context.session.asked is not None:
        after = replace(context.session, asked=None)
        return Decision(only(context.say("ask-dropped")), "AskDropped", session=after)
    return converse(context, events.NoteCancelled())


async def language(context: Context, words: str) -> Decision:
    decision = converse(context, events.LanguageChosen(words))
    if words or len(context.pack.languages) < 2:
        return decision
    languages = context.pack.languages
    row = tuple(Button(language_name(one), language_data(one)) for one in languages)
    return replace(decision, response=only(context.say("language-asked"), buttons=(row,)))
