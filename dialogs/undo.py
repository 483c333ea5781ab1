"""Taking back what was given, and making a question open again.

Which step is taken back is known to the case's log, not to the engine: the event carries what that
step changed. There is no redo; what was taken back counts as never given, so the next undo goes
further back.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from typing import Final

from criteria.case import Case, EvidenceKind
from criteria.case_json import answer_from_json, evidence_from_json, value_from_json
from criteria.case_status import Status
from criteria.question import Question
from dialogs import effects, events
from dialogs import question_order as order
from dialogs.events import Event, GivenChange
from dialogs.session import Step
from dialogs.turn import Turn, ask, consequences, old_card, show


def offered(before: Case, step: Step) -> Step:
    """The step; where it gave something, that can be taken back from now on."""
    after, cursor = step.session.case, step.session.cursor
    if after is None or after is before or cursor.given or not _gave(before, after):
        return step
    session = replace(step.session, cursor=replace(cursor, given=True))
    return Step(session, step.effects)


def _gave(before: Case, after: Case) -> bool:
    return (
        before.answers is not after.answers
        or before.profile is not after.profile
        or before.evidence is not after.evidence
    )


def undo(turn: Turn, event: events.UndoAsked) -> Step:
    if event.card is not None and (refused := old_card(turn, event.card)):
        return refused
    if turn.closed:
        return show(turn, effects.CaseClosed())
    if not event.gave:
        return nothing_to_undo(turn, event)
    changed = changed_since(turn, event.gave)
    if changed is not None:
        return show(turn, changed)
    after = taken_back(turn, event.gave)
    questions = questions_of(turn, event.gave)
    undone = effects.Undone(questions, any(_is_an_answer(change) for change in event.gave))
    back = next((one for one in questions if one in after.state.relevant), turn.question)
    told = undone, *consequences(turn, after)
    step = ask(after.with_cursor(given=event.more, picked=None), back, *told)
    ticks = next((one.before for one in event.gave if one.table == "chats"), None) or {}
    if back is None or not back.type.takes_several or "picked" not in ticks:
        return step
    # The list stands again as it did before Done: its ticks were made one by one.
    return show(after.at_cursor(replace(step.session.cursor, picked=tuple(ticks["picked"]))), *told)


def nothing_to_undo(turn: Turn, _event: Event) -> Step:
    return show(turn.with_cursor(given=False), effects.UndoRefused())


def clear(turn: Turn, event: events.ClearAsked) -> Step:
    if not event.target.strip():
        return clear_at_hand(turn, event)
    named = order.question_named(event.target, turn.form)
    if named is None:
        near = order.near_questions(event.target, turn.form)
        return show(turn, effects.JumpRefused(event.target, "unknown", near))
    return _cleared(turn, named)


def clear_at_hand(turn: Turn, _event: Event) -> Step:
    return _cleared(turn, turn.question)


def _cleared(turn: Turn, question: Question | None) -> Step:
    if turn.closed:
        return show(turn, effects.CaseClosed())
    before = None if question is None else turn.case.value(question)
    if question is None or before is None:
        return show(turn, effects.MoveRefused("not_answered"))
    after = turn.with_case(turn.case.cleared(question))
    told = effects.AnswerCleared(question, before), *consequences(turn, after)
    return ask(after.with_cursor(picked=None), question, *told)


# --- a step's changes, taken back ---------------------------------------------------------------


def changed_since(turn: Turn, gave: Iterable[GivenChange]) -> effects.UndoRefused | None:
    """Why these changes cannot be taken back: somebody else changed what they gave."""
    for change in gave:
        is_there = _IS_THERE.get(change.table)
        if is_there is not None and not is_there(turn.case, change):
            return effects.UndoRefused(_question_of(turn, change))
    return None


def taken_back(turn: Turn, gave: Iterable[GivenChange]) -> Turn:
    """The case as if these changes had not been made."""
    case = turn.case
    for change in gave:
        take_back = _TAKE_BACK.get(change.table)
        if take_back is not None:
            case = take_back(case, change)
    return turn.with_case_as_it_was(case)


def questions_of(turn: Turn, gave: Iterable[GivenChange]) -> tuple[Question, ...]:
    """The questions that the changes are about, in the form's order."""
    found = {_question_of(turn, change) for change in gave}
    return tuple(question for question in turn.form.questions if question in found)


def _question_of(turn: Turn, change: GivenChange) -> Question | None:
    if change.table == "evidence":
        return turn.form.by_name.get(str((change.after or {}).get("question", "")))
    return turn.form.by_name.get(change.name) if change.table in ("answers", "profile") else None


def _is_an_answer(change: GivenChange) -> bool:
    before, after = ((one or {}).get("value") for one in (change.before, change.after))
    return change.table in ("answers", "profile") and before != after


def _fact_is_there(case: Case, change: GivenChange) -> bool:
    after = None if change.after is None else value_from_json(change.after["value"])
    return case.profile.get(change.name) == after


def _answer_is_there(case: Case, change: GivenChange) -> bool:
    after = None if change.after is None else answer_from_json(change.after)
    return case.answers.get(change.name) == after


def _evidence_is_there(case: Case, change: GivenChange) -> bool:
    """Its file may have been fetched since."""
    place = int(change.name) - 1
    if place >= len(case.evidence) or change.after is None:
        return False
    stands, gave = case.evidence[place], evidence_from_json(change.after)
    return (stands.kind, stands.caption, stands.at) == (gave.kind, gave.caption, gave.at) and (
        (stands.state == "removed") == (gave.state == "removed")
    )


def _fact_back(case: Case, change: GivenChange) -> Case:
    profile = dict(case.profile)
    if change.before is None:
        profile.pop(change.name, None)
    else:
        profile[change.name] = value_from_json(change.before["value"])
    return replace(case, profile=profile)


def _answer_back(case: Case, change: GivenChange) -> Case:
    answers = dict(case.answers)
    if change.before is None:
        answers.pop(change.name, None)
    else:
        answers[change.name] = answer_from_json(change.before)
    return replace(case, answers=answers)


def _evidence_back(case: Case, change: GivenChange) -> Case:
    """A file that was added is removed: its place is kept, since the others are known by theirs."""
    place = int(change.name) - 1
    stands = case.evidence[place]
    if change.before is None:
        before = replace(stands, state="removed")
    else:
        was = evidence_from_json(change.before)
        before = replace(stands, kind=EvidenceKind(was.kind), caption=was.caption)
    evidence = (*case.evidence[:place], before, *case.evidence[place + 1 :])
    return replace(case, evidence=evidence)


def _head_back(case: Case, change: GivenChange) -> Case:
    """Whose the case was and where it stood, unless that was changed since."""
    before, after = change.before, change.after or {}
    stands = case.inspector, case.status.value
    if before is None or stands != (after.get("inspector"), after.get("status")):
        return case
    return replace(case, inspector=before["inspector"], status=Status(before["status"]))


_IS_THERE: Final[Mapping[str, Callable[[Case, GivenChange], bool]]] = {
    "profile": _fact_is_there,
    "answers": _answer_is_there,
    "evidence": _evidence_is_there,
}
_TAKE_BACK: Final[Mapping[str, Callable[[Case, GivenChange], Case]]] = {
    "profile": _fact_back,
    "answers": _answer_back,
    "evidence": _evidence_back,
    "case": _head_back,
}
