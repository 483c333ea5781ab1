"""A lead gives a case back, has it read again by another, and settles where the two differ."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from bot.answers import notices
from bot.answers.people import buttons_of, person_named
from bot.here import Here
from bot.rendering import answer_text, example_number, shortened
from bot.reply import Button, Outcome, only
from bot.wording import en as say
from criteria.agreement import Agreement, strength
from criteria.case import Case, Move, Remark, Status, Value, initial_status, is_reference
from criteria.pack import Form, Question
from criteria.relevance import form_state
from criteria.scoring import percent
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
from storage.store import AlreadyThere, Conflict

SHOWN: Final = 12


async def _named(here: Here, command: str, words: str, how: str) -> tuple[Case, int, str] | Outcome:
    """``C012 case-file and more``: the case, its version, and the words after it.

    Else what to answer: how the command goes, or which of a subject's files may be meant.
    """
    reference, rest = (*words.split(maxsplit=1), "", "")[:2]
    form, after = (*rest.split(maxsplit=1), "", "")[:2]
    if here.pack.form(form) is None:
        form, after = "", rest
    found = [
        one for each in here.forms_named(form)
        if (one := await here.find_case(reference, each.name)) is not None
    ]  # fmt: skip
    if len(found) == 1:
        return (*found[0], after)
    if not found:
        return only(say.NOT_LISTED.format(case=reference[:40]) if reference else how)
    said = after if is_reference(after) else ""  # a person goes with the button, a remark cannot
    rows = tuple(
        (here.button(here.title(case.key), f"{command} {case.case} {case.form} {said}".rstrip()),)
        for case, _ in found
    )
    return only(say.WHICH_FORM.format(case=found[0][0].case), buttons=rows)


# --- returning ----------------------------------------------------------------------------------


async def give_back(here: Here, words: str) -> Outcome:
    """``/return C012`` asks for the remark, ``/return C012 B4 text`` gives it at once."""
    how = say.RETURN_HOW.format(number=example_number(here.pack.case_form))
    named = await _named(here, "return", words, how)
    if isinstance(named, Outcome):
        return named
    case, _, text = named
    if case.moved(Move.RETURN) is None:
        return only(say.RETURN_NOT_IN.format(case=here.title(case.key)))
    about = case.case, case.form
    if text:
        return await remark_given(here, about, text)
    number = example_number(here.pack.form(case.form) or here.pack.case_form)
    asked = say.REMARK_ASKED.format(case=here.title(case.key), number=number)
    return await here.ask(Asked("remark", about), asked)


async def remark_given(here: Here, about: tuple[str, ...], text: str) -> Outcome:
    """``B4 please look again``: the case goes back, and its inspector lands on B4.

    ``about`` is the case, its form, and the question's name where that was said before.
    """
    reference, form_name, *asked_on = about
    found = await here.find_case(reference, form_name)
    form = here.pack.form(form_name)
    if found is None or form is None:
        await here.answered(event="RemarkRefused")
        return only(say.NOT_LISTED.format(case=reference))
    case, version = found
    question, remark = _question_and_text(form, text)
    if asked_on and question is None:
        question = form.by_name[asked_on[0]]
    if question is None and (number := _no_question(form, remark)):
        again = [say.REMARK_NO_QUESTION.format(number=number, case=here.title(case.key))]
        if near := [one.number for one in near_questions(number, form)]:
            again.append(say.DID_YOU_MEAN.format(near=say.one_or_other(near)))
        return await here.ask(Asked("remark", about), " ".join([*again, say.REMARK_AGAIN]))
    if question and not remark:
        asked = say.REMARK_ASKED_ON.format(case=case.case, number=question.number)
        return await here.ask(Asked("remark", (case.case, case.form, question.name)), asked)
    if not remark or len(remark) > MAX_TEXT:
        return await here.ask(Asked("remark", about), say.REMARK_EMPTY)
    given = Remark(question.name if question else None, remark, here.member.person, here.at)
    returned = case.returned(given)
    if returned is None:
        await here.answered(event="RemarkRefused")
        return only(say.RETURN_NOT_IN.format(case=here.title(case.key)))
    owed = await notices.owe(here, case.inspector, "returned", case.key)
    await here.store.change_case(
        here.id,
        returned,
        expect=version,
        by=here.member.person,
        at=here.at,
        event="CaseReturned",
        why=remark,
    )
    here = await here.anew()
    await here.answered(event="RemarkGiven")
    where = say.RETURNED_AT.format(number=question.number) if question else ""
    told = say.RETURNED_DONE if case.inspector else say.RETURNED_TO_NOBODY
    text = told.format(case=here.title(case.key), person=case.inspector, where=where)
    return await notices.tell(here, only(text), owed)


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


async def second(here: Here, words: str) -> Outcome:
    """``/second C012 I3``: I3 reads the case anew, and does not see the first reading.

    Where a second reading is not finished, it is given to somebody else so.
    """
    named = await _named(here, "second", words, say.SECOND_HOW)
    if isinstance(named, Outcome):
        return named
    case, _, person = named
    title = here.title(case.key)
    there = await here.find_case(case.case, case.form, 2)
    if there is not None and there[0].status.is_in:
        return only(say.SECOND_THERE.format(case=title))
    if case.status is Status.AGREED:
        return only(say.SECOND_AGREED.format(case=title))
    members = {one.person: one for one in (await here.store.members(here.id)).values()}
    reader = there[0].inspector if there else None
    others = sorted(set(members) - {case.inspector, reader})
    if not person:
        if not others:
            return only(say.SECOND_NOBODY.format(case=title))
        now_with = f"{say.SECOND_NOW.format(person=reader)} " if reader else ""
        buttons = buttons_of(here, others, f"second {case.case} {case.form}")
        return only(now_with + say.SECOND_WHO.format(case=title), buttons=buttons)
    to = person_named(person, members)
    if to is None:
        return only(say.ASSIGN_WHOM.format(person=person[:40]))
    if to == case.inspector:
        return only(say.SECOND_SAME.format(person=to, case=title))
    if to == reader:
        return only(say.SECOND_ALREADY.format(person=to, case=title))
    owed = await notices.owe(here, to, "second", case.key.other_reading)
    if there is None:
        await _add_reading(here, case, to)
    else:
        await here.store.change_case(
            here.id,
            there[0].assigned(to),
            expect=there[1],
            by=here.member.person,
            at=here.at,
            event="SecondReadingGiven",
        )
        here = await here.anew()
    await here.note_update(event="SecondReadingGiven")
    done = say.SECOND_DONE_LEAD if members[to].is_lead else say.SECOND_DONE
    return await notices.tell(here, only(done.format(case=title, person=to)), owed)


async def _add_reading(here: Here, case: Case, person: str) -> None:
    reading = Case(
        case.case,
        case.form,
        inspector=person,
        status=initial_status(person),
        profile=case.profile,
        reading=2,
    )
    try:
        await here.store.add_case(here.id, reading, by=here.member.person, at=here.at)
    except AlreadyThere as exc:  # another lead was quicker: look again
        raise Conflict from exc


async def agreement(here: Here, words: str) -> Outcome:
    """``/agreement``: how far the readings agree. ``/agreement C012``: where they differ."""
    firsts = await here.store.cases(here.id)
    seconds = await here.store.cases(here.id, reading=2)
    if words:
        reference, form = (*words.split(), "", "")[:2]
        for first, other in pairs_of(firsts, seconds):
            if first.case.casefold() == reference.casefold() and form in ("", first.form):
                return _one_agreement(here, first, other)
        return only(say.AGREEMENT_NOT_YET.format(case=reference[:40]))
    pairs = pairs_of(firsts, seconds)
    waiting = len(seconds) - len(pairs)
    under_way = [say.AGREEMENT_WAITING.format(cases=say.cases(waiting))] if waiting else []
    if not pairs:
        return only(" ".join([say.AGREEMENT_NONE, *under_way]))
    return _all_agreement(here, pairs, under_way)


def _all_agreement(
    here: Here, pairs: Sequence[tuple[Case, Case]], under_way: Sequence[str]
) -> Outcome:
    whole = all_readings_agree(here.pack, pairs)
    lines = [say.AGREEMENT.format(cases=say.cases(len(pairs))), _share(whole), *under_way, ""]
    buttons = []
    for first, other in pairs:
        form = here.pack.form(first.form)
        if form is None:
            continue
        one = readings_agree(form, first, other)
        left = differences(form, first, other)
        share = "" if one.share is None else f"{percent(one.share)}%, "
        open_ones = _to_settle(left) if left else say.STATUS[first.status]
        lines.append(f"{here.title(first.key)}: {share}{open_ones}")
        if left:
            command = f"agreement {first.case} {first.form}"
            buttons.append(here.button(here.title(first.key), command))
    rows = tuple(tuple(buttons[at : at + 3]) for at in range(0, len(buttons), 3))
    return only("\n".join(lines), buttons=rows)


def _to_settle(left: Sequence[Difference]) -> str:
    """The judgements on which the two differ, and what stands beside them: facts, and what only
    one of them was asked for since it follows from another answer.
    """
    judged = sum(one.both_judged for one in left)
    return say.to_settle(judged, len(left) - judged)


def _share(one: Agreement) -> str:
    if not one.pairs:
        return say.AGREEMENT_NO_JUDGEMENT
    kappa = ""
    if one.kappa is not None:
        shown = percent(one.kappa) / 100
        kappa = say.KAPPA.format(kappa=shown, strength=strength(one.kappa))
    return say.agreement_share(one.agree, one.pairs, one.percent or 0) + kappa


def _one_agreement(here: Here, first: Case, other: Case) -> Outcome:
    form = here.pack.form(first.form)
    if form is None:
        return only(say.CASE_OTHERS.format(case=first.case))
    left = differences(form, first, other)
    lines = [
        say.AGREEMENT_CASE.format(
            case=here.title(first.key), first=_who(first), second=_who(other)
        ),
        _share(readings_agree(form, first, other)),
        *([_to_settle(left)] if left else []),
        "",
        *(_difference_line(here, difference) for difference in left[:SHOWN]),
    ]
    if len(left) > SHOWN:
        lines.append(say.differences_more(len(left) - SHOWN))
    if not left:
        lines.append(say.NO_DIFFERENCES)
    buttons = [_settle_button(here, first, difference.question) for difference in left[:SHOWN]]
    rows = [tuple(buttons[at : at + 4]) for at in range(0, len(buttons), 4)]
    if not left and first.status is Status.SUBMITTED:
        rows.append((here.button(say.AGREE, f"agree {first.case} {first.form}"),))
    return only("\n".join(lines), buttons=tuple(rows))


def _who(case: Case) -> str:
    return case.inspector or say.NOBODY


def _difference_line(here: Here, difference: Difference) -> str:
    one, other = (
        _shown(here, difference.question, value) for value in (difference.first, difference.second)
    )
    return f"{difference.question.number} {one} / {other}"


def _shown(here: Here, question: Question, value: Value | None) -> str:
    text = say.NO_ANSWER if value is None else answer_text(question, value, here.view)
    return shortened(text, 60)


def _settle_button(here: Here, case: Case, question: Question) -> Button:
    return here.button(question.number, f"settle {case.case} {case.form} {question.index}")


# --- settling -----------------------------------------------------------------------------------


async def settle(here: Here, words: str) -> Outcome:
    """``/settle C012 case-file 12 second``: which reading stands; the reason is asked for."""
    reference, form_name, place, which = (*words.split(), *[""] * 4)[:4]
    found = await _readings(here, reference, form_name)
    if found is None:
        return only(say.AGREEMENT_NOT_YET.format(case=reference[:40]))
    form, first, _, other = found
    difference = next(
        (one for one in differences(form, first, other) if str(one.question.index) == place), None
    )
    if difference is None:
        return only(say.SETTLED_ALREADY)
    question = difference.question
    sides = _sides(form, first, difference)
    if which not in sides:
        command = f"settle {reference} {form_name} {place}"
        reader = {
            "first": say.SETTLE_FIRST.format(person=_who(first)),
            "second": say.SETTLE_SECOND.format(person=_who(other)),
        }
        rows = tuple(
            (here.button(f"{reader[name]}: {_shown(here, question, value)}", f"{command} {name}"),)
            for name, value in sides.items()
        )
        label = here.view.text(question.label)
        return only(f"{first.case} · {question.number}\n{label}", buttons=rows)
    asked = Asked("settle", (reference, form_name, place, which))
    return await here.ask(asked, say.REASON_ASKED.format(number=question.number))


def _sides(form: Form, first: Case, difference: Difference) -> dict[str, Value | None]:
    """What may stand. Where the question is asked, that is an answer: none would leave it open."""
    sides = {"first": difference.first, "second": difference.second}
    asked = difference.question in form_state(form, first).relevant
    return {name: value for name, value in sides.items() if value is not None or not asked}


async def reason_given(here: Here, about: tuple[str, ...], text: str) -> Outcome:
    reference, form_name, place, which = about
    found = await _readings(here, reference, form_name)
    reason = text.strip()
    if found is None:
        await here.answered(event="ReasonRefused")
        return only(say.AGREEMENT_NOT_YET.format(case=reference))
    if not reason or len(reason) > MAX_TEXT:
        return only(say.REASON_EMPTY, wants_text=True)
    form, first, version, other = found
    left = differences(form, first, other)
    difference = next((one for one in left if str(one.question.index) == place), None)
    if difference is None:
        await here.answered(event="ReasonRefused")
        return only(say.SETTLED_ALREADY)
    value = difference.first if which == "first" else difference.second
    by = here.member.person
    after = settled(first, difference.question, value, by, here.at, reason)
    if not differences(form, after, other):
        after = after.moved(Move.AGREE) or after
    await here.store.change_case(
        here.id, after, expect=version, by=by, at=here.at, event="DifferenceSettled", why=reason
    )
    here = await here.anew()
    await here.answered(event="ReasonGiven")
    answer = _shown(here, difference.question, value)
    head = say.SETTLED.format(number=difference.question.number, answer=answer)
    if after.status is Status.AGREED:
        return only(f"{head}\n{say.AGREED.format(case=here.title(after.key))}")
    rest = _one_agreement(here, after, other).replies[0]
    return Outcome((replace(rest, text=f"{head}\n\n{rest.text}"),))


async def _readings(
    here: Here, reference: str, form_name: str
) -> tuple[Form, Case, int, Case] | None:
    """The form, the first reading with its version, and the second; both handed in."""
    form = here.pack.form(form_name)
    first = await here.find_case(reference, form_name)
    second_one = await here.find_case(reference, form_name, 2)
    if form is None or first is None or second_one is None:
        return None
    if not pairs_of([first[0]], [second_one[0]]):
        return None
    return form, first[0], first[1], second_one[0]


async def agree(here: Here, words: str) -> Outcome:
    """``/agree C012``: nothing more will change in it."""
    named = await _named(here, "agree", words, say.AGREE_HOW)
    if isinstance(named, Outcome):
        return named
    case, version, _ = named
    title = here.title(case.key)
    after = case.moved(Move.AGREE)
    if after is None:
        already = case.status is Status.AGREED
        return only((say.AGREED_ALREADY if already else say.AGREE_NOT_IN).format(case=title))
    other = await here.find_case(case.case, case.form, 2)
    form = here.pack.form(case.form)
    if other is not None and not other[0].status.is_in:
        return only(say.AGREE_UNDER_WAY.format(case=title, person=_who(other[0])))
    if other is not None and form is not None and (left := differences(form, case, other[0])):
        see = here.button(say.SEE_DIFFERENCES, f"agreement {case.case} {case.form}")
        return only(say.agree_differences(title, len(left)), buttons=((see,),))
    await here.store.change_case(
        here.id, after, expect=version, by=here.member.person, at=here.at, event="CaseAgreed"
    )
    here = await here.anew()
    await here.note_update(event="CaseAgreed")
    return only(say.AGREED.format(case=title))
