"""Texts that belong to another question than the one at hand: replies, and edited messages.

What they give is recorded where it belongs, and the card at hand stays.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, Final

from criteria.question import Question
from dialogs import effects, events, notes, undo
from dialogs import question_order as order
from dialogs.effects import Effect
from dialogs.events import GivenChange
from dialogs.session import Cursor, Step
from dialogs.turn import Turn, ask, iso, show

Take = Callable[[Turn, str], Step]
"""What the engine makes of a text at the question at hand."""

_RECORDED: Final = (effects.AnswerRecorded, effects.NoteRecorded)
_CARDS: Final = (effects.QuestionAsked, effects.ReviewShown, effects.NoteAsked)


def to_another(turn: Turn, question: Question, text: str, take: Take) -> Step:
    """Take a text at another question; where it gives nothing, that question comes up with why."""
    if turn.closed:
        return show(turn, effects.CaseClosed())
    if question not in turn.state.relevant:
        return show(turn, effects.JumpRefused(question.number, "not_relevant", question=question))
    step = take(at_question(turn, question), text)
    return back(turn, step, *recorded(step)) if recorded(step) else step


def at_question(turn: Turn, question: Question) -> Turn:
    """The turn with this question on a card of its own."""
    cursor = Cursor(
        card=turn.cursor.card + 1,
        questions=(question.name,),
        shown=iso(turn.clock),
        remarks_until=turn.cursor.remarks_until,
        given=turn.cursor.given,
    )
    return turn.at_cursor(cursor)


def recorded(step: Step) -> tuple[Effect, ...]:
    """What a step recorded, with all that it told of it; nothing where it recorded nothing."""
    told = tuple(one for one in step.effects if not isinstance(one, _CARDS))
    return told if any(isinstance(one, _RECORDED) for one in told) else ()


def back(turn: Turn, step: Step, *told: Effect) -> Step:
    """What the step gave, with the card at hand as it was; another one where it does not apply."""
    session, seen = replace(step.session, cursor=turn.cursor), step.session.seen
    assert session.case is not None and seen is not None  # noqa: S101, PT018  # a step of a case
    after = replace(turn, session=session, case=session.case, state=seen.state)
    question = turn.question
    if question is None or question in after.state.relevant:
        return show(after, *told)
    return ask(after, order.next_stop(after.state, question), *told)


# --- edited messages ----------------------------------------------------------------------------


def edited(turn: Turn, event: events.MessageEdited, take: Take) -> Step:
    """What the message gave is taken back, and what it says now is given in its place."""
    if turn.closed:
        return show(turn, effects.CaseClosed())
    questions = undo.questions_of(turn, event.gave)
    if not questions:
        return show(turn, effects.EditRefused("not_read"))
    question = questions[0]
    base = turn
    if undo.changed_since(turn, event.gave) is None:
        base = undo.taken_back(turn, event.gave)
    elif undo.changed_since(turn, [_undone(change) for change in event.gave]) is not None:
        return show(turn, effects.EditRefused("changed_since", question))
    if question not in base.state.relevant:
        return show(turn, effects.JumpRefused(question.number, "not_relevant", question=question))
    if any(change.table == "evidence" for change in event.gave):
        return notes.caption_edited(turn, event)
    if all(_value(change.before) == _value(change.after) for change in event.gave):
        note = _note_in(event.text, question)
        step = notes.write_note(at_question(base, question), question, note)
    else:
        step = take(at_question(base, question), event.text)
    told = [_from_what_stood(turn, one) for one in recorded(step)]
    if not told:
        value = turn.case.value(question)
        return show(turn, effects.EditRefused("unclear", question, value))
    return back(turn, step, *told)


def _undone(change: GivenChange) -> GivenChange:
    """A change that was taken back: what it gave is what stood before."""
    return replace(change, after=change.before)


def _value(document: Mapping[str, Any] | None) -> object:
    return None if document is None else document.get("value")


def _note_in(text: str, question: Question) -> str:
    """The note of ``/note B4 seen on page three``, and of a text that is only the note."""
    words = text.split(maxsplit=1)
    if words and words[0].casefold() == "/note":
        text = words[1] if len(words) > 1 else ""
        head, _, rest = text.partition(" ")
        if head.casefold().rstrip(":") in (question.number.casefold(), question.name.casefold()):
            return rest
    return text


def _from_what_stood(turn: Turn, effect: Effect) -> Effect:
    """An answer is told as changed from the one that stood, and not from none."""
    if isinstance(effect, effects.AnswerRecorded):
        return replace(effect, before=turn.case.value(effect.question))
    return effect
