"""``/case C012`` for a lead: what was answered, noted and changed, without opening the case.

``/case C012 1.2`` is the same of one criterion or question, with the questions in full.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime, tzinfo
from typing import Final

from bot.cards import View, answer_text, criterion_label, criterion_places, result_lines, shortened
from bot.channels.channel import ButtonRows, rows_of
from bot.context import Context
from bot.decision import Decision, tell
from bot.messages import Messages
from criteria.case import Case, Remark
from criteria.case_status import Status
from criteria.instrument.pack import Form
from criteria.question import Question
from criteria.relevance import FormState, form_state, progress_of
from criteria.scoring.score import score_case
from dialogs.events import GivenChange
from dialogs.question_order import questions_named
from storage.case_tables import HistoryEntry

MAX_HISTORY: Final = 12
SECOND: Final = "second"
"""``/case C012 second`` shows the second reading."""
ROOM: Final = 7_000
"""Characters: two messages."""


async def view(context: Context, case: Case, part: str = "") -> Decision:
    form = context.pack.form(case.form)
    if form is None:
        return tell(context.say("case-damaged", case=case.case))
    state = form_state(form, case)
    asked_about = questions_named(part, context.pack, form) if part else ()
    if part and not asked_about:
        return tell(context.say("no-part", part=shortened(part, 40), case=context.title(case.key)))
    shown = progress_of(state)
    head = context.say(
        "case-view",
        case=context.title(case.key),
        person=case.inspector or context.say("unassigned"),
        status=context.say(f"status-{case.status}"),
        answered=shown.answered,
        relevant=shown.relevant,
    )
    history = await context.store.history(context.id, case.key)
    if asked_about:
        history = [_about(entry, asked_about) for entry in history]
        lines = list(_part_lines(context.view(), form, case, state, asked_about))
        second = f" {SECOND}" if case.reading == 2 else ""
        whole = f"case {case.case} {case.form}{second}"
        buttons = context.column([(context.say("whole-case-view"), whole)])
    else:
        lines = [
            *(result_lines(score_case(state), context.view()) if case.status.is_in else ()),
            *_remark_lines(context.say, form, case.remarks),
            *_answer_lines(context.view(), case, state),
        ]
        found = await context.find_case(case.case, case.form, 2) if case.reading == 1 else None
        buttons = _buttons(context, case, found[0] if found else None)
    told = _history_lines(context.view(), form, history, context.now.tzinfo)
    return tell(_cut(context.say, [head, *lines, *told]), buttons=buttons)


def _cut(say: Messages, lines: list[str]) -> str:
    """As much as two messages hold; an export has the rest."""
    text = "\n".join(lines)
    if len(text) <= ROOM:
        return text
    return text[: text.rfind("\n", 0, ROOM)] + "\n" + say("case-view-cut")


def _buttons(context: Context, case: Case, second: Case | None) -> ButtonRows:
    what = f"{case.case} {case.form}"
    buttons = []
    if not case.status.is_in:
        buttons.append(context.case_button(case.key, label=context.say("open-case")))
    if case.reading == 2:
        return rows_of(2, buttons)
    if case.status.is_in or case.status is Status.RETURNED:
        buttons.append(context.button(context.say("return"), f"return {what}"))
    if case.status is Status.SUBMITTED:
        buttons.append(context.button(context.say("agree"), f"agree {what}"))
    if second is not None:
        buttons.append(context.button(context.say("see-second"), f"case {what} {SECOND}"))
    elif case.status is not Status.AGREED:
        buttons.append(context.button(context.say("second-reading"), f"second {what}"))
    return rows_of(2, buttons)


def _remark_lines(say: Messages, form: Form, remarks: Iterable[Remark]) -> Iterable[str]:
    for one in remarks:
        yield say("remark-line", by=one.by, number=_number(say, form, one.question), text=one.text)


def _number(say: Messages, form: Form, name: str | None) -> str:
    question = form.by_name.get(name or "")
    return question.number if question else say("whole-case")


def _answer_lines(view: View, case: Case, state: FormState) -> Iterable[str]:
    """Every answer with its note and files, under its criterion."""
    criterion: str | None = "\0"
    places = criterion_places(view.pack)
    for question in sorted(state.asked, key=lambda one: places[one.criterion]):
        value, beside = state.values.get(question.address), list(_beside(view.say, case, question))
        if value is None and not beside:
            continue
        if question.criterion != criterion:
            criterion = question.criterion
            yield f"\n{criterion_label(view.pack, criterion, view.session.language)}"
        answer = view.say("open") if value is None else answer_text(question, value, view)
        yield f"{question.number} {shortened(answer, 120)}"
        yield from beside


def _beside(say: Messages, case: Case, question: Question) -> Iterable[str]:
    """What stands beside an answer: why it was settled, its note, its files."""
    given = case.answers.get(question.address)
    if given is not None and given.settled is not None:
        yield f"   {say('settled-line', by=given.by or '', why=given.settled)}"
    if given is not None and given.note is not None:
        yield f"   {say(f'evidence-kind-{given.kind}')}: {given.note}"
    for one in case.evidence_on(question):
        caption = f": {one.caption}" if one.caption else ""
        awaited = f" ({say('still-awaited')})" if one.state == "awaited" else ""
        yield f"   {say(f'media-{one.media}')}, {say(f'as-kind-{one.kind}')}{caption}{awaited}"


def _part_lines(
    view: View, form: Form, case: Case, state: FormState, questions: Sequence[Question]
) -> Iterable[str]:
    """These questions in full, each with its answer and what stands beside it."""
    for question in questions:
        if not question.type.has_value:
            continue
        value = state.values.get(question.address)
        if question.address in state.hidden:
            answer = view.say("does-not-apply")
        else:
            answer = view.say("open") if value is None else answer_text(question, value, view)
        yield f"\n{question.number} {view.filled(question.label, state)}"
        yield f"→ {shortened(answer, 300)}"
        yield from _remark_lines(view.say, form, case.remarks_on(question))
        yield from _beside(view.say, case, question)


def _about(entry: HistoryEntry, questions: Sequence[Question]) -> HistoryEntry:
    """What a step changed of these questions."""
    names = {question.name for question in questions}
    of_them = [
        change for change in entry.changes
        if change.table in ("profile", "answers") and change.name in names
    ]  # fmt: skip
    return replace(entry, changes=tuple(of_them))


def _history_lines(
    view: View, form: Form, history: list[HistoryEntry], zone: tzinfo | None
) -> Iterable[str]:
    """The last changes: who, when in this zone, from what to what, and why."""
    told = [line for entry in history for line in _entry_lines(view, form, entry, zone)]
    more = len(told) - MAX_HISTORY
    if told:
        cut = f" ({view.say('history-more', count=more)})" if more > 0 else ""
        yield from (f"\n{view.say('history')}{cut}", *told[-MAX_HISTORY:])


def _entry_lines(view: View, form: Form, entry: HistoryEntry, zone: tzinfo | None) -> Iterable[str]:
    at = view.say.day_and_time(datetime.fromisoformat(entry.at).astimezone(zone))
    when = f"{at} {entry.by or ''}".rstrip()
    for change in entry.changes:
        told = _change_text(view, form, change)
        # Of a case that was returned the remark tells why, in a line of its own.
        why = f" ({entry.why})" if entry.why and change.table == "answers" else ""
        if told:
            yield f"{when}: {told}{why}"


def _change_text(view: View, form: Form, change: GivenChange) -> str | None:
    before, after = change.before or {}, change.after or {}
    if change.table == "case":
        told = []
        if change.before is None or before.get("status") != after.get("status"):
            told.append(view.say("status-" + after.get("status", Status.UNASSIGNED.value)))
        if before.get("inspector") != after.get("inspector"):
            told.append(view.say("now-with", person=after.get("inspector") or view.say("nobody")))
        return ", ".join(told) or None
    if change.table == "remarks":
        if not after:
            return None
        return view.say(
            "remarked", number=_number(view.say, form, after["question"]), text=after["text"]
        )
    if change.table == "evidence":
        question = form.by_name.get(after.get("question", ""))
        if before or question is None:
            return None
        return f"{question.number} {view.say('media-' + after['media']).lower()}"
    question = form.by_name.get(change.name)
    if question is None:
        return None
    is_settled = after.get("settled") is not None and after.get("settled") != before.get("settled")
    if before.get("value") == after.get("value") and not is_settled:
        return view.say("noted", number=question.number)
    was, now = (_value_text(view, question, one.get("value")) for one in (before, after))
    answer = f"{question.number} {now if was == now or not before else f'{was} → {now}'}"
    return view.say("settled-as", answer=answer) if is_settled else answer


def _value_text(view: View, question: Question, raw: object) -> str:
    if raw is None:
        return view.say("open")
    value = tuple(raw) if isinstance(raw, list) else raw
    return shortened(answer_text(question, value, view), 60)  # type: ignore[arg-type]  # a value
