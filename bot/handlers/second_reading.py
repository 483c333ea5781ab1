"""A lead gives a case back, has it read again by another, and settles where the two differ."""

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from bot import outbox
from bot.cards import answer_text, example_number, shortened
from bot.channels.channel import Paragraph, Response, rows_of
from bot.context import Context
from bot.decision import Decision, asked_for, only, tell
from bot.handlers.cases import which_form
from bot.handlers.people import buttons_of
from bot.invitations import person_named
from bot.messages import Messages
from criteria.case import Case, Remark, is_reference
from criteria.case_status import Move, Status, initial_status
from criteria.instrument.pack import Form
from criteria.question import Question, Value
from criteria.relevance import form_state
from criteria.scoring.agreement import Agreement, strength
from criteria.scoring.score import percent
from criteria.second_reading import (
    Difference,
    all_readings_agree,
    differences,
    pairs_of,
    readings_agree,
    settled,
)
from dialogs.notes import looks_like_a_number
from dialogs.question_order import near_questions, question_named
from dialogs.read_answer import MAX_TEXT
from dialogs.session import Asked
from storage.changes import CaseAdded, CaseChanged

MAX_SHOWN: Final = 12


async def _named(
    context: Context, command: str, words: str, how: str
) -> tuple[Case, int, str] | Decision:
    """``C012 case-file and more``: the case, its version, and the words after it.

    Else what to answer: how the command goes, or which of a subject's files may be meant.
    """
    reference, rest = (*words.split(maxsplit=1), "", "")[:2]
    form, after = (*rest.split(maxsplit=1), "", "")[:2]
    if context.pack.form(form) is None:
        form, after = "", rest
    found = [
        one for each in context.forms_named(form)
        if (one := await context.find_case(reference, each.name)) is not None
    ]  # fmt: skip
    if len(found) == 1:
        return (*found[0], after)
    if not found:
        return tell(context.say("not-listed", case=reference[:40]) if reference else how)
    said = after if is_reference(after) else ""  # a person goes with the button, a remark cannot
    return which_form(context, [case for case, _ in found], command, said)


# --- returning ----------------------------------------------------------------------------------


async def give_back(context: Context, words: str) -> Decision:
    """``/return C012`` asks for the remark, ``/return C012 B4 text`` gives it at once."""
    how = context.say("return-how", number=example_number(context.pack.case_form))
    named = await _named(context, "return", words, how)
    if isinstance(named, Decision):
        return named
    case, _, text = named
    if case.moved(Move.RETURN) is None:
        return tell(context.say("return-not-in", case=context.title(case.key)))
    about = case.case, case.form
    if text:
        return await remark_given(context, about, text)
    number = example_number(context.pack.form(case.form) or context.pack.case_form)
    asked = context.say("remark-asked", case=context.title(case.key), number=number)
    return asked_for(context, "remark", about, asked)


async def remark_given(context: Context, about: tuple[str, ...], text: str) -> Decision:
    """``B4 please look again``: the case goes back, and its inspector lands on B4.

    ``about`` is the case, its form, and the question's name where that was said before.
    """
    reference, form_name, *asked_on = about
    found = await context.find_case(reference, form_name)
    form = context.pack.form(form_name)
    if found is None or form is None:
        return Decision(only(context.say("not-listed", case=reference)), "RemarkRefused")
    case, version = found
    question, remark = _question_and_text(form, text)
    if asked_on and question is None:
        question = form.by_name[asked_on[0]]
    if question is None and (number := _no_question(form, remark)):
        again = [context.say("remark-no-question", number=number, case=context.title(case.key))]
        if near := [one.number for one in near_questions(number, form)]:
            again.append(context.say("did-you-mean", near=context.say.any_of(near)))
        again.append(context.say("remark-again"))
        return asked_for(context, "remark", about, " ".join(again))
    if question and not remark:
        asked = context.say("remark-asked-on", case=case.case, number=question.number)
        return asked_for(context, "remark", (case.case, case.form, question.name), asked)
    if not remark or len(remark) > MAX_TEXT:
        return asked_for(context, "remark", about, context.say("remark-empty"))
    given = Remark(question.name if question else None, remark, context.person, context.at)
    returned = case.returned(given)
    title = context.title(case.key)
    if returned is None:
        return Decision(only(context.say("return-not-in", case=title)), "RemarkRefused")
    members = await context.store.members(context.id)
    queued = outbox.to_person(context, members, case.inspector, "returned", case.key)
    change = CaseChanged(context.id, returned, version)
    where = context.say("returned-at", number=question.number) if question else ""
    told = "returned-done" if case.inspector else "returned-to-nobody"
    text = context.say(told, case=title, person=case.inspector or "", where=where)
    asks = Asked("remark", about)
    return Decision(only(text), "CaseReturned", (change, *queued), why=remark, asks=asks)


def _question_and_text(form: Form, text: str) -> tuple[Question | None, str]:
    head, rest = (*text.split(maxsplit=1), "", "")[:2]
    question = question_named(head.rstrip(":,"), form) if head else None
    return (question, rest.strip()) if question else (None, text.strip())


def _no_question(form: Form, text: str) -> str | None:
    """The word at the beginning that seems to be a question's number, and is none of this form.

    It is made as the form's numbers are (``B99`` as B9 is, ``1.2`` as 2.4 is), or near to one.
    """
    head = text.split(maxsplit=1)[0].rstrip(":,.;") if text else ""
    if not looks_like_a_number(head):
        return None
    alike = {_made_of(question.number) for question in form.questions}
    return head if _made_of(head) in alike or near_questions(head, form) else None


def _made_of(number: str) -> str:
    """``B99`` is made of ``a9``: letters, then digits."""
    return re.sub(r"[a-z]+", "a", re.sub(r"\d+", "9", number.casefold()))


# --- a second reading ---------------------------------------------------------------------------


async def second(context: Context, words: str) -> Decision:
    """``/second C012 I3``: I3 reads the case anew, and does not see the first reading.

    Where a second reading is not finished, it is given to somebody else so.
    """
    named = await _named(context, "second", words, context.say("second-how"))
    if isinstance(named, Decision):
        return named
    case, _, person = named
    title = context.title(case.key)
    there = await context.find_case(case.case, case.form, 2)
    if there is not None and there[0].status.is_in:
        return tell(context.say("second-there", case=title))
    if case.status is Status.AGREED:
        return tell(context.say("second-agreed", case=title))
    by_chat = await context.store.members(context.id)
    members = {one.person: one for one in by_chat.values()}
    reader = there[0].inspector if there else None
    others = sorted(set(members) - {case.inspector, reader})
    if not person:
        if not others:
            return tell(context.say("second-nobody", case=title))
        now_with = f"{context.say('second-now', person=reader)} " if reader else ""
        buttons = buttons_of(context, others, f"second {case.case} {case.form}")
        return tell(now_with + context.say("second-who", case=title), buttons=buttons)
    to = person_named(person, members)
    if to is None:
        return tell(context.say("assign-whom", person=person[:40]))
    if to == case.inspector:
        return tell(context.say("second-same", person=to, case=title))
    if to == reader:
        return tell(context.say("second-already", person=to, case=title))
    anew = Case(case.case, case.form, to, initial_status(to), case.profile, reading=2)
    change: CaseAdded | CaseChanged = CaseAdded(context.id, anew)
    if there is not None:
        change = CaseChanged(context.id, there[0].assigned(to), there[1])
    queued = outbox.to_person(context, by_chat, to, "second", case.key.other_reading)
    done = "second-done-lead" if members[to].is_lead else "second-done"
    text = context.say(done, case=title, person=to)
    return Decision(only(text), "SecondReadingGiven", (change, *queued))


async def agreement(context: Context, words: str) -> Decision:
    """``/agreement``: how far the readings agree. ``/agreement C012``: where they differ."""
    firsts = await context.store.cases(context.id)
    seconds = await context.store.cases(context.id, reading=2)
    if words:
        reference, form = (*words.split(), "", "")[:2]
        for first, other in pairs_of(firsts, seconds):
            if first.case.casefold() == reference.casefold() and form in ("", first.form):
                return _one_agreement(context, first, other)
        return tell(context.say("agreement-not-yet", case=reference[:40]))
    pairs = pairs_of(firsts, seconds)
    waiting = len(seconds) - len(pairs)
    under_way = [context.say("agreement-waiting", cases=waiting)] if waiting else []
    if not pairs:
        return tell(" ".join([context.say("agreement-none"), *under_way]))
    return _all_agreement(context, pairs, under_way)


def _all_agreement(
    context: Context, pairs: Sequence[tuple[Case, Case]], under_way: Sequence[str]
) -> Decision:
    whole = all_readings_agree(context.pack, pairs)
    lines = [context.say("agreement", cases=len(pairs)), _share(context.say, whole), *under_way, ""]
    buttons = []
    for first, other in pairs:
        form = context.pack.form(first.form)
        if form is None:
            continue
        one = readings_agree(form, first, other)
        left = differences(form, first, other)
        share = "" if one.share is None else f"{percent(one.share)}%, "
        open_ones = _to_settle(context.say, left) if left else context.say(f"status-{first.status}")
        lines.append(f"{context.title(first.key)}: {share}{open_ones}")
        if left:
            command = f"agreement {first.case} {first.form}"
            buttons.append(context.button(context.title(first.key), command))
    return tell("\n".join(lines), buttons=rows_of(3, buttons))


def _to_settle(say: Messages, left: Sequence[Difference]) -> str:
    """The judgements on which the two differ, and what stands beside them: facts, and what only
    one of them was asked for since it follows from another answer.
    """
    judged = sum(one.both_judged for one in left)
    others = len(left) - judged
    if not judged:
        return say("to-settle-answers", count=others)
    if not others:
        return say("to-settle-judgements", count=judged)
    return say("to-settle-both", judgements=judged, others=others)


def _share(say: Messages, one: Agreement) -> str:
    if not one.pairs:
        return say("agreement-no-judgement")
    kappa = ""
    if one.kappa is not None:
        shown = percent(one.kappa) / 100
        kappa = say("kappa-" + strength(one.kappa).replace(" ", "_"), kappa=f"{shown:.2f}")
    share = say("agreement-share", agree=one.agree, pairs=one.pairs, percent=one.percent or 0)
    return share + kappa


def _one_agreement(context: Context, first: Case, other: Case) -> Decision:
    form = context.pack.form(first.form)
    if form is None:
        return tell(context.say("case-others", case=first.case))
    left = differences(form, first, other)
    title = context.title(first.key)
    lines = [
        context.say(
            "agreement-case",
            case=title,
            first=_who(context.say, first),
            second=_who(context.say, other),
        )
    ]
    lines.append(_share(context.say, readings_agree(form, first, other)))
    subject = f"{first.case} {first.form}"
    if not left:
        agree = context.column([(context.say("agree"), f"agree {subject}")])
        lines += ["", context.say("no-differences")]
        return tell("\n".join(lines), buttons=agree if first.status is Status.SUBMITTED else ())
    lines += [_to_settle(context.say, left), ""]
    buttons = []
    for one in left[:MAX_SHOWN]:
        number, sides = one.question.number, (one.first, one.second)
        lines.append(f"{number} {' / '.join(_shown(context, one, value) for value in sides)}")
        buttons.append(context.button(number, f"settle {subject} {one.question.index}"))
    if len(left) > MAX_SHOWN:
        lines.append(context.say("differences-more", count=len(left) - MAX_SHOWN))
    return tell("\n".join(lines), buttons=rows_of(4, buttons))


def _who(say: Messages, case: Case) -> str:
    return case.inspector or say("nobody")


def _shown(context: Context, difference: Difference, value: Value | None) -> str:
    if value is None:
        return context.say("no-answer")
    return shortened(answer_text(difference.question, value, context.view()), 60)


# --- settling -----------------------------------------------------------------------------------


async def settle(context: Context, words: str) -> Decision:
    """``/settle C012 case-file 12 second``: which reading stands; the reason is asked for."""
    reference, form_name, place, which = (*words.split(), *[""] * 4)[:4]
    found = await _open_difference(context, reference, form_name, place)
    if isinstance(found, str):
        return tell(found)
    form, first, _, other, difference = found
    question = difference.question
    sides = _sides(form, first, difference)
    if which in sides:
        about = reference, form_name, place, which
        asked = context.say("reason-asked", number=question.number)
        return asked_for(context, "settle", about, asked)
    reader = {
        "first": context.say("settle-first", person=_who(context.say, first)),
        "second": context.say("settle-second", person=_who(context.say, other)),
    }
    rows = context.column(
        (
            f"{reader[name]}: {_shown(context, difference, value)}",
            f"settle {reference} {form_name} {place} {name}",
        )
        for name, value in sides.items()
    )
    label = context.view().text(question.label)
    return tell(f"{first.case} · {question.number}\n{label}", buttons=rows)


def _sides(form: Form, first: Case, difference: Difference) -> dict[str, Value | None]:
    """What may stand. Where the question is asked, that is an answer: none would leave it open."""
    sides = {"first": difference.first, "second": difference.second}
    asked = difference.question in form_state(form, first).relevant
    return {name: value for name, value in sides.items() if value is not None or not asked}


async def reason_given(context: Context, about: tuple[str, ...], text: str) -> Decision:
    reference, form_name, place, which = about
    found = await _open_difference(context, reference, form_name, place)
    if isinstance(found, str):
        return Decision(only(found), "ReasonRefused")
    reason = text.strip()
    if not reason or len(reason) > MAX_TEXT:
        return tell(context.say("reason-empty"), wants_text=True)
    form, first, version, other, difference = found
    value = difference.first if which == "first" else difference.second
    after = settled(first, difference.question, value, context.person, context.at, reason)
    if not differences(form, after, other):
        after = after.moved(Move.AGREE) or after
    change = CaseChanged(context.id, after, version)
    answer = _shown(context, difference, value)
    head = context.say("settled", number=difference.question.number, answer=answer)
    if after.status is Status.AGREED:
        response = only(f"{head}\n{context.say('agreed', case=context.title(after.key))}")
    else:
        rest = _one_agreement(context, after, other).response.replies[0]
        shown = Paragraph(head, "recorded"), *rest.paragraphs
        response = Response((replace(rest, paragraphs=shown),))
    return Decision(response, "DifferenceSettled", (change,), why=reason)


async def _open_difference(
    context: Context, reference: str, form_name: str, place: str
) -> tuple[Form, Case, int, Case, Difference] | str:
    """The form, the first reading with its version, the second, both submitted, and where they
    differ; else what to say.
    """
    form = context.pack.form(form_name)
    first = await context.find_case(reference, form_name)
    other = await context.find_case(reference, form_name, 2)
    if form is None or first is None or other is None or not pairs_of([first[0]], [other[0]]):
        return context.say("agreement-not-yet", case=reference[:40])
    left = differences(form, first[0], other[0])
    difference = next((one for one in left if str(one.question.index) == place), None)
    if difference is None:
        return context.say("settled-already")
    return form, *first, other[0], difference


async def agree(context: Context, words: str) -> Decision:
    """``/agree C012``: nothing more will change in it."""
    named = await _named(context, "agree", words, context.say("agree-how"))
    if isinstance(named, Decision):
        return named
    case, version, _ = named
    title = context.title(case.key)
    after = case.moved(Move.AGREE)
    if after is None:
        already = case.status is Status.AGREED
        return tell(context.say(("agreed-already" if already else "agree-not-in"), case=title))
    other = await context.find_case(case.case, case.form, 2)
    form = context.pack.form(case.form)
    if other is not None and not other[0].status.is_in:
        return tell(context.say("agree-under-way", case=title, person=_who(context.say, other[0])))
    if other is not None and form is not None and (left := differences(form, case, other[0])):
        see = context.say("see-differences"), f"agreement {case.case} {case.form}"
        told = context.say("agree-differences", case=title, count=len(left))
        return tell(told, buttons=context.column([see]))
    change = CaseChanged(context.id, after, version)
    return Decision(only(context.say("agreed", case=title)), "CaseAgreed", (change,))
