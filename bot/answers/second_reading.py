"""A lead gives a case back, has it read again by another, and settles where the two differ."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from bot.answers import notices
from bot.answers.people import buttons_of
from bot.here import Here
from bot.rendering import answer_text
from bot.reply import Button, Outcome, only
from bot.wording import en as say
from criteria.case import Case, Move, Remark, Status, Value, initial_status
from criteria.pack import Form, Question
from criteria.scoring import percent
from criteria.second_reading import (
    Difference,
    all_readings_agree,
    differences,
    pairs_of,
    readings_agree,
    settled,
)
from dialogs.question_order import question_named
from dialogs.read_answer import MAX_TEXT
from dialogs.session import Asked
from storage.store import AlreadyThere

SHOWN: Final = 12


async def _named(here: Here, words: str) -> tuple[Case, int, str] | None:
    """``C012 case-file and more``: the case, its version, and the words after it."""
    reference, rest = (*words.split(maxsplit=1), "", "")[:2]
    form, after = (*rest.split(maxsplit=1), "", "")[:2]
    if here.pack.form(form) is not None:
        found = await here.find_case(reference, form)
        return None if found is None else (*found, after)
    found = await here.find_case(reference)
    return None if found is None else (*found, rest)


# --- returning ----------------------------------------------------------------------------------


async def give_back(here: Here, words: str) -> Outcome:
    """``/return C012`` asks for the remark, ``/return C012 B4 text`` gives it at once."""
    named = await _named(here, words)
    if named is None:
        return only(say.RETURN_HOW)
    case, _, text = named
    if case.moved(Move.RETURN) is None:
        return only(say.RETURN_NOT_IN.format(case=case.case))
    if text:
        return await remark_given(here, (case.case, case.form), text)
    asked = Asked("remark", (case.case, case.form))
    return await here.ask(asked, say.REMARK_ASKED.format(case=case.case))


async def remark_given(here: Here, about: tuple[str, ...], text: str) -> Outcome:
    """``B4 please look again``: the case goes back, and its inspector lands on B4."""
    reference, form_name = about
    found = await here.find_case(reference, form_name)
    form = here.pack.form(form_name)
    if found is None or form is None:
        return only(say.CASE_OTHERS.format(case=about[0]))
    case, version = found
    question, remark = _question_and_text(form, text)
    if not remark or len(remark) > MAX_TEXT:
        return only(say.REMARK_EMPTY, wants_text=True)
    given = Remark(question.name if question else None, remark, here.member.person, here.at)
    returned = case.returned(given)
    if returned is None:
        return only(say.RETURN_NOT_IN.format(case=case.case))
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
    await here.note_update(replace(here.session, asked=None), event="RemarkGiven")
    where = say.RETURNED_AT.format(number=question.number) if question else ""
    text = say.RETURNED_DONE.format(
        case=case.case, person=case.inspector or say.UNASSIGNED, where=where
    )
    return await notices.tell(here, only(text), owed)


def _question_and_text(form: Form, text: str) -> tuple[Question | None, str]:
    head, rest = (*text.split(maxsplit=1), "", "")[:2]
    question = question_named(head.rstrip(":,"), form)
    return (question, rest.strip()) if question and rest.strip() else (None, text.strip())


# --- a second reading ---------------------------------------------------------------------------


async def second(here: Here, words: str) -> Outcome:
    """``/second C012 I3``: I3 reads the case anew, and does not see the first reading."""
    named = await _named(here, words)
    if named is None:
        return only(say.SECOND_HOW)
    case, _, person = named
    members = {one.person for one in (await here.store.members(here.id)).values()}
    others = sorted(members - {case.inspector})
    if not person:
        buttons = buttons_of(here, others, f"second {case.case} {case.form}")
        return only(say.SECOND_WHO.format(case=case.case), buttons=buttons)
    if person == case.inspector:
        return only(say.SECOND_SAME.format(person=person, case=case.case))
    if person not in members:
        return only(say.ASSIGN_WHOM.format(person=person[:40]))
    reading = Case(
        case.case,
        case.form,
        inspector=person,
        status=initial_status(person),
        profile=case.profile,
        reading=2,
    )
    owed = await notices.owe(here, person, "second", reading.key)
    try:
        await here.store.add_case(here.id, reading, by=here.member.person, at=here.at)
    except AlreadyThere:
        return only(say.SECOND_THERE.format(case=case.case))
    await here.note_update(event="SecondReadingGiven")
    done = only(say.SECOND_DONE.format(case=case.case, person=person))
    return await notices.tell(here, done, owed)


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
    if not pairs:
        waiting = say.AGREEMENT_WAITING.format(cases=say.cases(len(seconds))) if seconds else ""
        return only(f"{say.AGREEMENT_NONE} {waiting}".strip())
    return _all_agreement(here, pairs)


def _all_agreement(here: Here, pairs: Sequence[tuple[Case, Case]]) -> Outcome:
    whole = all_readings_agree(here.pack, pairs)
    kappa = "" if whole.kappa is None else say.KAPPA.format(kappa=float(whole.kappa))
    lines = [
        say.AGREEMENT.format(cases=say.cases(len(pairs))),
        say.AGREEMENT_SHARE.format(
            agree=whole.agree, pairs=whole.pairs, percent=whole.percent, kappa=kappa
        ),
        "",
    ]
    buttons = []
    for first, other in pairs:
        form = here.pack.form(first.form)
        if form is None:
            continue
        one = readings_agree(form, first, other)
        left = len(differences(form, first, other))
        share = "" if one.share is None else f"{percent(one.share)}%, "
        open_ones = say.DIFFERENCES.format(count=left) if left else say.STATUS[first.status]
        lines.append(f"{here.title(first.key)}: {share}{open_ones}")
        if left:
            command = f"agreement {first.case} {first.form}"
            buttons.append(here.button(here.title(first.key), command))
    rows = tuple(tuple(buttons[at : at + 3]) for at in range(0, len(buttons), 3))
    return only("\n".join(lines), buttons=rows)


def _one_agreement(here: Here, first: Case, other: Case) -> Outcome:
    form = here.pack.form(first.form)
    if form is None:
        return only(say.CASE_OTHERS.format(case=first.case))
    one, left = readings_agree(form, first, other), differences(form, first, other)
    kappa = "" if one.kappa is None else say.KAPPA.format(kappa=float(one.kappa))
    lines = [
        say.AGREEMENT_CASE.format(
            case=here.title(first.key), first=first.inspector, second=other.inspector
        ),
        say.AGREEMENT_SHARE.format(
            agree=one.agree,
            pairs=one.pairs,
            percent="–" if one.percent is None else one.percent,
            kappa=kappa,
        ),
        "",
        *(_difference_line(here, difference) for difference in left[:SHOWN]),
    ]
    if len(left) > SHOWN:
        lines.append(say.DIFFERENCES_MORE.format(count=len(left) - SHOWN))
    if not left:
        lines.append(say.NO_DIFFERENCES)
    buttons = [_settle_button(here, first, difference.question) for difference in left[:SHOWN]]
    rows = [tuple(buttons[at : at + 4]) for at in range(0, len(buttons), 4)]
    if not left and first.status is Status.SUBMITTED:
        rows.append((here.button(say.AGREE, f"agree {first.case} {first.form}"),))
    return only("\n".join(lines), buttons=tuple(rows))


def _difference_line(here: Here, difference: Difference) -> str:
    one, other = (
        _shown(here, difference.question, value) for value in (difference.first, difference.second)
    )
    return f"{difference.question.number} {one} / {other}"


def _shown(here: Here, question: Question, value: Value | None) -> str:
    return say.OPEN if value is None else answer_text(question, value, here.view)


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
    if which not in ("first", "second"):
        command = f"settle {reference} {form_name} {place}"
        rows = tuple(
            (here.button(label.format(answer=_shown(here, question, value)), f"{command} {name}"),)
            for name, label, value in (
                ("first", say.SETTLE_FIRST.format(person=first.inspector, answer="{answer}"),
                 difference.first),
                ("second", say.SETTLE_SECOND.format(person=other.inspector, answer="{answer}"),
                 difference.second),
            )
        )  # fmt: skip
        label = here.view.text(question.label)
        return only(f"{first.case} · {question.number}\n{label}", buttons=rows)
    asked = Asked("settle", (reference, form_name, place, which))
    return await here.ask(asked, say.REASON_ASKED.format(number=question.number))


async def reason_given(here: Here, about: tuple[str, ...], text: str) -> Outcome:
    reference, form_name, place, which = about
    found = await _readings(here, reference, form_name)
    reason = text.strip()
    if found is None:
        return only(say.AGREEMENT_NOT_YET.format(case=reference))
    if not reason or len(reason) > MAX_TEXT:
        return only(say.REASON_EMPTY, wants_text=True)
    form, first, version, other = found
    left = differences(form, first, other)
    difference = next((one for one in left if str(one.question.index) == place), None)
    if difference is None:
        await here.note_update(replace(here.session, asked=None), event="ReasonGiven")
        return only(say.SETTLED_ALREADY)
    value = difference.first if which == "first" else difference.second
    by = here.member.person
    after = settled(first, difference.question, value, by, here.at, reason)
    if not differences(form, after, other):
        after = after.moved(Move.AGREE) or after
    await here.store.change_case(
        here.id, after, expect=version, by=by, at=here.at, event="DifferenceSettled", why=reason
    )
    await here.note_update(replace(here.session, asked=None), event="ReasonGiven")
    answer = _shown(here, difference.question, value)
    head = say.SETTLED.format(number=difference.question.number, answer=answer)
    if after.status is Status.AGREED:
        return only(f"{head}\n{say.AGREED.format(case=after.case)}")
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
    named = await _named(here, words)
    if named is None:
        return only(say.AGREE_HOW)
    case, version, _ = named
    after = case.moved(Move.AGREE)
    if after is None:
        already = case.status is Status.AGREED
        text = say.AGREED_ALREADY if already else say.RETURN_NOT_IN
        return only(text.format(case=case.case))
    read = await _readings(here, case.case, case.form)
    if read is not None and (left := differences(read[0], case, read[3])):
        return only(say.AGREE_DIFFERENCES.format(case=case.case, count=len(left)))
    await here.store.change_case(
        here.id, after, expect=version, by=here.member.person, at=here.at, event="CaseAgreed"
    )
    await here.note_update(event="CaseAgreed")
    return only(say.AGREED.format(case=case.case))
