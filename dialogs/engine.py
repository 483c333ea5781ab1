"""The guided conversation: ``advance(session, event, pack, now)`` gives the step that follows.

Pure: it reads no clock, no store and no channel. Every event has one function below, listed
in ``_ANSWERS``. What cannot be done is told by an effect and leaves the session as it was.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import cached_property
from typing import Any, Final

from criteria.case import Case, Move, Value
from criteria.pack import OUT_OF_BASE, Form, Pack, Question
from criteria.relevance import FormState, form_state, progress_by_criterion, progress_of
from criteria.scoring import score_case
from dialogs import events
from dialogs.effects import (
    AnswerRecorded,
    AnswerRejected,
    AnswersHidden,
    AnswersReturned,
    CaseClosed,
    CaseReopened,
    CaseSubmitted,
    Effect,
    JumpRefused,
    LanguageRefused,
    LanguageSet,
    LineRejected,
    MoveRefused,
    NoteAsked,
    NoteRecorded,
    NoteRejected,
    NoteRemoved,
    ProgressShown,
    QuestionAsked,
    ReviewShown,
    SubmitRefused,
    TapRefused,
    TicksDropped,
)
from dialogs.events import Card, Event
from dialogs.match_choice import normalise
from dialogs.question_order import (
    find_question,
    first_open,
    near_questions,
    next_asked,
    next_stop,
    place_of,
    previous_stop,
    question_named,
)
from dialogs.read_answer import (
    MAX_TEXT,
    Reading,
    Refusal,
    in_list_order,
    meets_constraint,
    read_answer,
    read_chunk,
)
from dialogs.session import Cursor, Session, Step


def advance(session: Session, event: Event, pack: Pack, now: datetime) -> Step:
    """One event and all it causes. ``now`` is the inspector's time; stored times are in UTC.

    Raises ``KeyError`` only if the session's case has a form that the pack does not have.
    """
    if isinstance(event, events.LanguageChosen):
        return _language(session, event, pack)
    if session.case is None:
        return Step(session, (MoveRefused("no_case"),))
    form = pack.form(session.case.form)
    if form is None:
        raise KeyError(f"pack {pack.name} has no form {session.case.form}")
    return _ANSWERS[type(event)](_Turn(session, session.case, pack, form, now), event)


def iso(moment: datetime) -> str:
    """A moment as it is stored: UTC, to the second, ``2026-11-20T10:00:00Z``."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


@dataclass(frozen=True)
class _Turn:
    """What an event is answered from: the open case, seen through its form."""

    session: Session
    case: Case
    pack: Pack
    form: Form
    now: datetime

    @cached_property
    def state(self) -> FormState:
        return form_state(self.form, self.case)

    @property
    def cursor(self) -> Cursor:
        return self.session.cursor

    @property
    def question(self) -> Question | None:
        """The question at hand, None on a review."""
        return self.form.by_name.get(self.cursor.question or "")

    @property
    def closed(self) -> bool:
        return self.case.status.is_in

    def with_case(self, case: Case) -> _Turn:
        """Whoever first changes a case that nobody has is its inspector from then on."""
        if case.inspector is None:
            case = replace(case, inspector=self.session.person)
        return _Turn(replace(self.session, case=case), case, self.pack, self.form, self.now)

    def at_cursor(self, cursor: Cursor) -> _Turn:
        turn = replace(self, session=replace(self.session, cursor=cursor))
        turn.__dict__["state"] = self.state  # the case is the same, so its state is
        return turn

    def with_cursor(self, **changes: Any) -> _Turn:
        return self.at_cursor(replace(self.cursor, **changes))


# --- showing: a step always ends with the card at hand ------------------------------------------


def _ask(turn: _Turn, question: Question | None, *before: Effect, listed: bool = False) -> Step:
    """Put a new card at hand: this question, or the review where there is none."""
    dropped = _ticks_dropped(turn, before)
    name = question.name if question else None
    fresh = Cursor(question=name, revision=turn.cursor.revision + 1)
    return _show(turn.at_cursor(fresh), *dropped, *before, listed=listed)


def _ticks_dropped(turn: _Turn, told: tuple[Effect, ...]) -> tuple[Effect, ...]:
    """What is said where a list is left with ticks that were not done."""
    picked, question = turn.cursor.picked, turn.question
    if not picked or question is None or picked == turn.case.value(question):
        return ()
    if any(isinstance(one, AnswerRecorded) and one.question is question for one in told):
        return ()
    return (TicksDropped(question, len(picked)),)


def _show(turn: _Turn, *before: Effect, listed: bool = False) -> Step:
    """Show the card at hand as it stands."""
    question = turn.question
    if question is None or turn.closed:
        return Step(turn.session, (*before, _review(turn, listed=listed)))
    place, of = place_of(question, turn.state)
    asked = QuestionAsked(
        question=question,
        place=place,
        of=of,
        value=turn.case.value(question),
        note=turn.case.note(question),
        picked=_picked(turn, question),
    )
    return Step(turn.session, (*before, asked))


def _review(turn: _Turn, *, listed: bool) -> ReviewShown:
    state = turn.state
    return ReviewShown(
        progress=progress_of(state),
        by_criterion=progress_by_criterion(state),
        open=state.open,
        open_required=state.open_required,
        answers=tuple((q, state.values[q.name]) for q in state.asked if q.name in state.values),
        hidden=tuple(
            q for q in turn.form.questions
            if q not in state.relevant and turn.case.value(q) is not None
        ),
        listed=listed,
    )  # fmt: skip


def _picked(turn: _Turn, question: Question) -> tuple[str, ...]:
    """The ticks on a list: those made so far, else the answer that stands."""
    if question.kind != "select_multiple":
        return ()
    if turn.cursor.picked is not None:
        return turn.cursor.picked
    value = turn.case.value(question)
    return value if isinstance(value, tuple) else ()


# --- answers ------------------------------------------------------------------------------------


def _record(
    turn: _Turn, question: Question, value: Value, read_from: str | None = None
) -> tuple[_Turn, tuple[Effect, ...]]:
    """The case with this answer, and what to tell: also which answers it hides or brings back."""
    before = turn.case.value(question)
    told: list[Effect] = [AnswerRecorded(question, value, before, read_from)]
    if value == before:
        return turn, tuple(told)
    answered = turn.case.answered(question, value, turn.session.person, iso(turn.now))
    after = turn.with_case(answered.moved(Move.ANSWER) or answered)
    hidden = _answered_only_in(turn, after)
    returned = _answered_only_in(after, turn)
    if hidden:
        told.append(AnswersHidden(hidden))
    if returned:
        told.append(AnswersReturned(returned))
    return after, tuple(told)


def _answered_only_in(one: _Turn, other: _Turn) -> tuple[Question, ...]:
    """Questions with an answer that are relevant in ``one`` and not in ``other``."""
    if one.state.relevant == other.state.relevant:
        return ()
    gone = set(one.state.relevant).difference(other.state.relevant)
    return tuple(
        q for q in one.state.relevant
        if q in gone and q.is_answered_by_people and one.case.value(q) is not None
    )  # fmt: skip


def _answer(turn: _Turn, question: Question, reading: Reading, text: str | None = None) -> Step:
    """Record a checked answer and go on to the next open question."""
    if not meets_constraint(question, reading.value, turn.state):
        return _show(turn, AnswerRejected(question, "constraint", text or ""))
    after, told = _record(turn, question, reading.value, text if reading.near_miss else None)
    return _ask(after, next_stop(after.state, question), *told)


def _choice_tapped(turn: _Turn, event: events.ChoiceTapped) -> Step:
    refused = _stale(turn, event.card, event.choice)
    if refused:
        return refused
    question = turn.question
    if question is None or not _may_choose(question, event.choice):
        return _show(turn, TapRefused())
    if question not in turn.state.relevant:
        return _no_longer_asked(turn, question)
    if question.kind == "select_multiple" and event.choice not in OUT_OF_BASE:
        ticks = set(_picked(turn, question)) ^ {event.choice}
        # The card keeps its revision: several ticks may be tapped before it is drawn anew.
        return _show(turn.with_cursor(picked=in_list_order(question, ticks), note_on=None))
    return _answer(turn, question, Reading(event.choice))


def _no_longer_asked(turn: _Turn, question: Question) -> Step:
    """Somebody else's answer hid the question at hand: say so, and go on."""
    told = JumpRefused(question.number, "not_relevant", question=question)
    return _ask(turn, next_stop(turn.state, question), told)


def _may_choose(question: Question, choice: str) -> bool:
    return question.choice(choice) is not None or question.leaves_base(choice)


def _stale(turn: _Turn, card: Card, choice: str | None = None) -> Step | None:
    """A refusal, if this is not the card at hand or the case is closed to changes."""
    if (card.case, card.form) != (turn.case.case, turn.case.form):
        return _show(turn, TapRefused(other_case=card.case))
    question = turn.form.by_name.get(card.question or "")
    if card.revision != turn.cursor.revision or card.question != turn.cursor.question:
        repeated = bool(choice and question and turn.case.value(question) == choice)
        return _show(turn, TapRefused(repeated=repeated))
    if turn.closed and choice is not None:
        return _show(turn, CaseClosed())
    return None


def _text_received(turn: _Turn, event: events.TextReceived) -> Step:
    if turn.closed:
        return _show(turn, CaseClosed())
    noted = turn.form.by_name.get(turn.cursor.note_on or "")
    if noted is not None:
        return _write_note(turn.with_cursor(note_on=None), noted, event.text)
    question = turn.question
    if question is None or question.kind == "note":
        return _show(turn, MoveRefused("nothing_asked" if question is None else "only_read"))
    if question not in turn.state.relevant:
        return _no_longer_asked(turn, question)
    reading = _read(turn, question, event.text)
    if isinstance(reading, Reading) and not reading.near_miss:
        return _answer(turn, question, reading, event.text)
    several = _several_answers(turn, question, event.text)
    if several is not None:
        return several
    if isinstance(reading, Refusal):
        rejected = AnswerRejected(question, reading.reason, event.text, reading.near)
        return _show(turn, rejected)
    return _answer(turn, question, reading, event.text)


def _read(turn: _Turn, question: Question, text: str) -> Reading | Refusal:
    """The typed answer; on a list that has ticks already, what is typed adds to them."""
    ticks = turn.cursor.picked
    if ticks and normalise(text) == "done":
        return Reading(ticks)
    reading = read_answer(question, text, turn.now)
    if isinstance(reading, Refusal) or not ticks or not isinstance(reading.value, tuple):
        return reading
    return Reading(in_list_order(question, {*ticks, *reading.value}), reading.near_miss)


def _several_answers(turn: _Turn, question: Question, text: str) -> Step | None:
    """``y n na y``: answers to this question and the next ones, all of them or none.

    None where the text does not begin with a sure answer, and so is no line of answers.
    """
    words = text.replace(",", " ").split()
    at_hand: Question | None = question
    told: list[Effect] = []
    before = turn
    while words:
        if told and at_hand and at_hand.name in turn.state.values:
            return _show(before, LineRejected(words[0], at_hand, answered=True))
        chunk = read_chunk(at_hand, words, turn.now) if at_hand else None
        if chunk is None or at_hand is None or not meets_constraint(at_hand, chunk[0], turn.state):
            return _show(before, LineRejected(words[0], at_hand)) if told else None
        value, used = chunk
        turn, effects = _record(turn, at_hand, value)
        told += effects
        words = words[used:]
        question, at_hand = at_hand, next_asked(turn.state, at_hand)
    return _ask(turn, next_stop(turn.state, question), *told)


# --- moving -------------------------------------------------------------------------------------


def _case_opened(turn: _Turn, _event: events.CaseOpened) -> Step:
    if turn.closed:
        return _ask(turn, None, CaseClosed())
    at_hand = turn.question
    if at_hand is None or at_hand not in turn.state.relevant:
        at_hand = next_stop(turn.state, None)
    return _ask(turn, at_hand)


def _went_back(turn: _Turn, _event: Event) -> Step:
    earlier = previous_stop(turn.state, turn.question)
    if turn.closed:
        return _show(turn, CaseClosed())
    return _ask(turn, earlier) if earlier else _show(turn, MoveRefused("at_start"))


def _moved_on(turn: _Turn, _event: Event) -> Step:
    if turn.closed:
        return _show(turn, CaseClosed())
    return _ask(turn, next_stop(turn.state, turn.question))


def _next_open(turn: _Turn, _event: Event) -> Step:
    target = first_open(turn.state)
    return _ask(turn, target) if target else _show(turn, MoveRefused("nothing_open"))


def _jumped_to(turn: _Turn, event: events.JumpedTo) -> Step:
    if not event.target.strip():
        return _show(turn, JumpRefused("", "empty"))
    target = find_question(event.target, turn.pack, turn.form, turn.state)
    if target is None:
        near = near_questions(event.target, turn.form)
        return _show(turn, JumpRefused(event.target, "unknown", near))
    return _go_to(turn, target)


def _go_to(turn: _Turn, target: Question) -> Step:
    if turn.closed:
        return _show(turn, CaseClosed())
    if target not in turn.state.relevant:
        return _show(turn, JumpRefused(target.number, "not_relevant", question=target))
    return _ask(turn, target)


def _question_tapped(turn: _Turn, event: events.QuestionTapped) -> Step:
    refused = _stale(turn, event.card)
    target = turn.form.by_name.get(event.question)
    if refused or target is None:
        return refused or _show(turn, TapRefused())
    return _go_to(turn, target)


def _control_tapped(turn: _Turn, event: events.ControlTapped) -> Step:
    return _stale(turn, event.card) or _CONTROLS[event.control](turn, event)


def _done(turn: _Turn, _event: Event) -> Step:
    """The ticks are the answer; none at all is an answer too."""
    question = turn.question
    if question is None or question.kind != "select_multiple" or turn.closed:
        return _show(turn, TapRefused())
    if question not in turn.state.relevant:
        return _no_longer_asked(turn, question)
    return _answer(turn, question, Reading(_picked(turn, question)))


def _card_asked(turn: _Turn, _event: Event) -> Step:
    noted = turn.form.by_name.get(turn.cursor.note_on or "")
    return _ask_for_note(turn, noted) if noted and not turn.closed else _show(turn)


def _cancel(turn: _Turn, _event: Event) -> Step:
    return _show(turn.with_cursor(note_on=None))


# --- notes --------------------------------------------------------------------------------------


def _note_given(turn: _Turn, event: events.NoteGiven) -> Step:
    """``/note``, ``/note TEXT`` or ``/note B4 TEXT``."""
    question, text = turn.question, event.text.strip()
    head, rest = (*text.split(maxsplit=1), "", "")[:2]
    named = question_named(head.rstrip(":"), turn.form)
    if named is not None:
        question, text = named, rest.strip()
        if named not in turn.state.relevant:
            return _show(turn, JumpRefused(named.number, "not_relevant", question=named))
    elif _looks_like_a_number(head) and (near := near_questions(head, turn.form)):
        return _show(turn, JumpRefused(head, "unknown", near))
    return _write_note(turn, question, text) if text else _ask_for_note(turn, question)


def _looks_like_a_number(head: str) -> bool:
    """``B99``, ``1.2.b``: short, and with a digit in it."""
    return len(head) <= 8 and head[:1].isalnum() and any(sign.isdigit() for sign in head[1:])


def _note_control(turn: _Turn, _event: Event) -> Step:
    return _ask_for_note(turn, turn.question)


def _ask_for_note(turn: _Turn, question: Question | None) -> Step:
    refusal = _no_note(turn, question)
    if refusal or question is None:
        return _show(turn, *refusal)
    turn = turn.with_cursor(note_on=question.name)
    return Step(turn.session, (NoteAsked(question, turn.case.note(question)),))


def _write_note(turn: _Turn, question: Question | None, text: str) -> Step:
    refusal = _no_note(turn, question)
    if refusal or question is None:
        return _show(turn, *refusal)
    note = text.replace("\x00", "").strip()
    if len(note) > MAX_TEXT:
        return _show(turn, NoteRejected(question, "too_long"))
    if not note:
        return _ask_for_note(turn, question)
    noted = turn.case.noted(question, note, turn.session.person, iso(turn.now))
    turn = turn.with_case(noted.moved(Move.ANSWER) or noted)
    return _show(turn, NoteRecorded(question, note))


def _remove_note(turn: _Turn, _event: Event) -> Step:
    question = turn.form.by_name.get(turn.cursor.note_on or "")
    if question is None or turn.closed or turn.case.note(question) is None:
        return _show(turn, TapRefused())
    without = turn.case.noted(question, None, turn.session.person, iso(turn.now))
    return _show(turn.with_case(without).with_cursor(note_on=None), NoteRemoved(question))


def _no_note(turn: _Turn, question: Question | None) -> tuple[Effect, ...]:
    """Why there can be no note now, if so."""
    if turn.closed:
        return (CaseClosed(),)
    if question is None or not question.is_answered_by_people:
        return (NoteRejected(None, "no_question"),)
    return (NoteRejected(question, "profile"),) if question.profile else ()


# --- review, progress, submission ---------------------------------------------------------------


def _review_asked(turn: _Turn, _event: Event) -> Step:
    return _ask(turn, None, listed=True)


def _progress_asked(turn: _Turn, _event: events.ProgressAsked) -> Step:
    state = turn.state
    return Step(turn.session, (ProgressShown(progress_of(state), progress_by_criterion(state)),))


def _submit(turn: _Turn, _event: Event) -> Step:
    if turn.closed:
        return _show(turn, MoveRefused("already_submitted"))
    missing = turn.state.open_required
    if missing:
        return _ask(turn, None, SubmitRefused(missing))
    submitted = turn.case.moved(Move.SUBMIT)
    if submitted is None:
        return _show(turn, MoveRefused("already_submitted"))
    turn = turn.with_case(submitted)
    return _ask(turn, None, CaseSubmitted(score_case(turn.form, turn.case)))


def _reopen(turn: _Turn, _event: Event) -> Step:
    reopened = turn.case.moved(Move.REOPEN)
    if reopened is None:
        return _show(turn, MoveRefused("not_submitted"))
    return _ask(turn.with_case(reopened), None, CaseReopened())


def _language(session: Session, event: events.LanguageChosen, pack: Pack) -> Step:
    wanted = event.language.strip().casefold()
    if wanted not in pack.languages:
        return Step(session, (LanguageRefused(event.language.strip(), pack.languages),))
    return Step(replace(session, language=wanted), (LanguageSet(wanted),))


_Handler = Callable[[_Turn, Any], Step]

_ANSWERS: Final[Mapping[type, _Handler]] = {
    events.CaseOpened: _case_opened,
    events.ChoiceTapped: _choice_tapped,
    events.ControlTapped: _control_tapped,
    events.QuestionTapped: _question_tapped,
    events.TextReceived: _text_received,
    events.WentBack: _went_back,
    events.MovedOn: _moved_on,
    events.JumpedTo: _jumped_to,
    events.NoteGiven: _note_given,
    events.NoteCancelled: _cancel,
    events.ReviewAsked: _review_asked,
    events.ProgressAsked: _progress_asked,
    events.SubmitAsked: _submit,
    events.ReopenAsked: _reopen,
    events.CardAsked: _card_asked,
}
_CONTROLS: Final[Mapping[events.Control, _Handler]] = {
    "back": _went_back,
    "skip": _moved_on,
    "note": _note_control,
    "cancel": _cancel,
    "unnote": _remove_note,
    "done": _done,
    "review": _review_asked,
    "next_open": _next_open,
    "submit": _submit,
    "reopen": _reopen,
}
