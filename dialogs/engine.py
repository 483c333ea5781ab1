"""The guided conversation: ``advance(session, event, pack, now)`` returns the step that follows.

Pure: it reads no clock, no store and no channel. Every event has one function below, listed
in ``_RULES``. What cannot be done is told by an effect and leaves the session as it was.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any, Final

from criteria.case_status import Move, Status
from criteria.instrument.pack import Pack
from criteria.match_choice import said_tokens
from criteria.pages import holding, is_long
from criteria.question import OUT_OF_BASE, Question, Reading, Refusal, Value
from criteria.relevance import progress_by_criterion, progress_of
from criteria.scoring.score import score_case
from criteria.words import everyday_words
from dialogs import belongs, effects, events, notes, undo
from dialogs import question_order as order
from dialogs.effects import Effect
from dialogs.events import Event
from dialogs.read_answer import (
    Line,
    NamedLine,
    is_done,
    named_lines,
    question_of_number,
    read_answer,
    read_code_and_note,
    read_line,
)
from dialogs.session import Offer, Session, Step
from dialogs.turn import (
    Turn,
    ask,
    consequences,
    iso,
    old_card,
    other_case,
    picked,
    show,
    turn_of,
)

MAX_OFFERED: Final = 12
"""Answers that a text may have meant, a button each."""


def advance(session: Session, event: Event, pack: Pack, now: datetime) -> Step:
    """Return the step that an event causes.

    ``now`` is the time in the inspection's zone. A message's own time, where it is known, is the
    time of what it gave, and its day is "today". Stored times are UTC.

    Raises ``KeyError`` if the pack does not have the form of the session's case.
    """
    if isinstance(event, events.LanguageChosen):
        return _language(session, event, pack)
    if session.case is None:
        return Step(session, (effects.MoveRefused("no_case"),))
    form = pack.form(session.case.form)
    if form is None:
        raise KeyError(f"pack {pack.name} has no form {session.case.form}")
    step = _RULES[type(event)](
        turn_of(session, session.case, pack, form, now, event.origin.sent), event
    )
    return step if isinstance(event, events.UndoAsked) else undo.offered(session.case, step)


# --- answers ------------------------------------------------------------------------------------


def _record(
    turn: Turn, question: Question, value: Value, read_from: str | None = None
) -> tuple[Turn, tuple[Effect, ...]]:
    before = turn.case.value(question)
    recorded = effects.AnswerRecorded(question, value, before, read_from)
    if value == before:
        return turn, (recorded,)
    after = turn.with_answer(question, value, iso(turn.now))
    return after, (recorded, *consequences(turn, after))


def _answer(turn: Turn, question: Question, reading: Reading, text: str | None = None) -> Step:
    if not turn.meets(question, reading.value):
        return show(turn, effects.AnswerRejected(question, "constraint", text or ""))
    after, told = _record(turn, question, reading.value, text if reading.near_miss else None)
    return ask(after, order.next_stop(after.state, question), *told)


def _choice_tapped(turn: Turn, event: events.ChoiceTapped) -> Step:
    refused = other_case(turn, event.case)
    if refused:
        return refused
    question = turn.form.by_name.get(event.question)
    if event.question not in turn.cursor.questions:
        repeated = question is not None and turn.case.value(question) == event.choice
        return show(turn, effects.TapRefused(repeated=repeated))
    if turn.closed:
        return show(turn, effects.CaseClosed())
    if question is None or not (
        question.choice(event.choice) or question.leaves_base(event.choice)
    ):
        return show(turn, effects.TapRefused())
    if question not in turn.state.relevant:
        return _no_longer_asked(turn, question)
    if question.type.takes_several and event.choice not in OUT_OF_BASE:
        ticks = set(picked(turn, question)) ^ {event.choice}
        # The card stays the same: several ticks may be tapped before it is drawn anew.
        return show(turn.with_cursor(picked=question.in_list_order(ticks), note_on=None))
    return _answer(turn, question, Reading(event.choice))


def _no_longer_asked(turn: Turn, question: Question) -> Step:
    """Somebody else's answer hid the question at hand: say so, and go on."""
    told = effects.JumpRefused(question.number, "not_relevant", question=question)
    return ask(turn, order.next_stop(turn.state, question), told)


def _text_received(turn: Turn, event: events.TextReceived) -> Step:
    about = turn.form.by_name.get(event.origin.about or "")
    if about is not None and about is not turn.question:
        return belongs.to_another(turn, about, event.text, _take_text)
    if about is None and (lines := _named_lines(turn, event.text)):
        return _lines(turn, lines)
    return _sent_before(turn, event.text) if event.origin.early else _take_text(turn, event.text)


def _sent_before(turn: Turn, text: str) -> Step:
    """Ask about a text that was sent before the card at hand was on the screen."""
    question, noted = turn.question, turn.noted
    if noted is not None and not turn.closed:
        return show(turn, effects.SentBefore(noted, text, note=True))
    if turn.closed or question is None or question not in turn.state.asked:
        return _take_text(turn, text)
    reading = _read(turn, question, text)
    if not isinstance(reading, Reading) or not turn.meets(question, reading.value):
        return _offer(turn, (), effects.SentBefore(question, text))
    offer = Offer(((question.address, reading.value),))
    return _offer(turn, (offer,), effects.SentBefore(question, text, fits=True), early=True)


def _leave(turn: Turn, _event: Event) -> Step:
    return _offer(turn, ())


def _edited(turn: Turn, event: events.MessageEdited) -> Step:
    return belongs.edited(turn, event, _take_text)


def _take_text(turn: Turn, text: str) -> Step:
    """What a text gives at the question at hand, or as the note that is waited for."""
    noted = turn.noted
    question = turn.question
    if noted is None and question is None:
        # A review may be long: it stays where it is, and is not said again.
        told = effects.CaseClosed() if turn.closed else effects.MoveRefused("nothing_asked")
        return Step(turn.session, (told,))
    if turn.closed:
        return show(turn, effects.CaseClosed())
    if noted is not None:
        return notes.write_note(turn, noted, text)
    if question is None or not question.is_answered_by_people:
        return show(turn, effects.MoveRefused("only_read"))
    if question not in turn.state.relevant:
        return _no_longer_asked(turn, question)
    if (taken := _offer_typed(turn, question, text)) is not None:
        return taken
    reading = _read(turn, question, text)
    line = read_line(_open_on_card(turn, question), text, turn.said)
    if isinstance(reading, Reading):
        return _answer(turn, question, reading, text)
    if line is not None:
        return _line(turn, line)
    if found := holding(question, text) if is_long(question) else ():
        turn = turn.with_cursor(page=None, sought=text, offers=())
        return show(turn, effects.ChoicesFound(question, text, len(found)))
    return _ask_back(turn, question, reading, text)


def _read(turn: Turn, question: Question, text: str) -> Reading | Refusal:
    """Read a typed answer. On a list it adds to the ticks that the card shows, whether they are
    fresh or stand; "done" makes these the answer.
    """
    ticks = picked(turn, question)
    if question.type.takes_several and is_done(question, text, turn.said):
        return Reading(ticks) if ticks else Refusal("is_it", ((),))
    reading = read_answer(question, text, turn.said)
    if isinstance(reading, Refusal) or not ticks or not isinstance(reading.value, tuple):
        return reading
    if reading.adds:
        return replace(reading, value=question.in_list_order({*ticks, *reading.value}))
    return reading if reading.value else Refusal("none_or_ticks", ((), ticks))


# --- what is asked back -------------------------------------------------------------------------


def _ask_back(turn: Turn, question: Question, refusal: Refusal, text: str) -> Step:
    """Nothing is recorded; what the text may mean is offered."""
    near = tuple(one for one in refusal.near if turn.meets(question, one))
    note = None if question.profile or not near else refusal.note
    reason = refusal.reason
    if refusal.near and not near:
        reason = "constraint"
    elif reason == "with_note" and note is None:
        reason = "is_it"
    answers = [((question.address, value),) for value in near]
    if len(answers) > MAX_OFFERED:  # the card has a button for each of them
        answers = []
    offers = [Offer(one, note) for one in answers if note] + [Offer(one) for one in answers]
    rejected = effects.AnswerRejected(question, reason, text, near, note)
    return _offer(turn, offers, rejected)


def _offer(turn: Turn, offers: Sequence[Offer], *told: Effect, early: bool = False) -> Step:
    """The same questions on a new card, so that no button of an older offer takes this one."""
    card = turn.cursor.card + 1 if offers else turn.cursor.card
    return show(turn.with_cursor(card=card, offers=tuple(offers), early=early), *told)


def _offer_typed(turn: Turn, question: Question, text: str) -> Step | None:
    """Resolve what was offered by a typed "yes" or "no"; None where the text is read as any other.

    Either may also be an answer to the question itself: where the two differ, it is asked.
    """
    words = everyday_words(turn.said.language)
    said = said_tokens(text, words)
    offered = tuple(dict.fromkeys(offer.answers for offer in turn.cursor.offers))
    agreed, denied = words.has("yes", said), words.has("no", said)
    if not offered or not (agreed or denied):
        return None
    reading = read_answer(question, text, turn.said)
    if isinstance(reading, Refusal):
        return _take(turn, turn.cursor.offers[0]) if agreed and len(offered) == 1 else None
    answer = ((question.address, reading.value),)
    if answer not in offered and agreed:
        near = (reading.value, *(one[0][1] for one in offered))
        return _ask_back(turn, question, Refusal("ambiguous", near), text)
    if offered != (answer,):
        return None
    if agreed:
        return _take(turn, turn.cursor.offers[0])
    asked = effects.AnswerRejected(question, "is_it", text, (reading.value,))
    return _offer(turn, turn.cursor.offers, asked)


def _page_turned(turn: Turn, event: events.PageTurned) -> Step:
    if refused := old_card(turn, event.card):
        return refused
    sought = None if event.page is None else turn.cursor.sought
    return show(turn.with_cursor(page=event.page, sought=sought))


def _offer_taken(turn: Turn, event: events.OfferTaken) -> Step:
    if refused := old_card(turn, event.card):
        return refused
    if turn.closed:
        return show(turn, effects.CaseClosed())
    if event.place >= len(turn.cursor.offers):
        return show(turn, effects.TapRefused())
    return _take(turn, turn.cursor.offers[event.place])


def _take(turn: Turn, offer: Offer) -> Step:
    told: list[Effect] = []
    for address, value in offer.answers:
        question = turn.form.by_name[address]
        if question not in turn.state.relevant:
            return _no_longer_asked(turn, question)
        if not turn.meets(question, value):
            return show(turn, effects.AnswerRejected(question, "constraint", ""))
        turn, recorded = _record(turn, question, value)
        told += recorded
    if offer.note is not None:
        turn, noted = notes.with_note(turn, question, offer.note)
        told.append(noted)
    return ask(turn, order.next_stop(turn.state, question), *told)


# --- a line of codes ----------------------------------------------------------------------------


def _open_on_card(turn: Turn, question: Question) -> list[Question]:
    """The open questions that the card shows; the one at hand may be answered anew."""
    shown = [turn.form.by_name[name] for name in turn.cursor.questions]
    return [one for one in shown if one is question or one.address not in turn.state.values]


def _line(turn: Turn, line: Line) -> Step:
    """All of a line's answers, or none of them and the offer of those that fit."""
    told: list[Effect] = []
    after = turn
    for question, value in line.answers:
        if not after.meets(question, value):
            break
        after, recorded = _record(after, question, value)
        told += recorded
    if line.word is None:
        return ask(after, order.next_stop(after.state, line.answers[-1][0]), *told)
    answers = tuple((question.address, value) for question, value in line.answers)
    rejected = effects.LineRejected(line.word, line.question, len(answers))
    return _offer(turn, [Offer(answers)], rejected)


# --- lines that name their questions --------------------------------------------------------------


def _named_lines(turn: Turn, text: str) -> list[NamedLine]:
    """The lines, each with its question; none where the text is an answer, or a text, as a whole.

    A note that was held back comes again as it was sent: it begins with its own question.
    """
    lines = named_lines(turn.form, text)
    question, noted = turn.question, turn.noted
    if not lines or turn.closed or noted not in (None, lines[0].question):
        return []
    if question is None or noted is not None or not question.is_answered_by_people:
        return lines
    if question.type.free_text:
        sure = all(_read_line(turn, one) is not None for one in lines)
        return lines if sure and (len(lines) > 1 or " " not in lines[0].text) else []
    if question.type.wants_text and all(one.number.isdecimal() for one in lines):
        return []
    whole = _read(turn, question, text)
    return [] if isinstance(whole, Reading) and not whole.near_miss else lines


def _lines(turn: Turn, lines: Sequence[NamedLine]) -> Step:
    """Take all lines or none, whenever they were sent; the card at hand stays if it is open."""
    after, told = turn.with_cursor(note_on=None), list[Effect]()
    for line in lines:
        question = line.question
        if question not in after.state.relevant:
            refused = effects.JumpRefused(question.number, "not_relevant", question=question)
            return show(turn, refused)
        read = _read_line(after, line)
        if read is None and len(lines) == 1:
            return belongs.to_another(turn, question, line.text, _take_text)
        if read is None:
            return show(turn, effects.NamedLineRejected(question, line.text))
        reading, note = read
        read_from = line.text if reading.near_miss else None
        after, recorded = _record(after, question, reading.value, read_from)
        told += recorded
        if note is not None:
            after, noted = notes.with_note(after, question, note)
            after = after.with_cursor(kind_for=question.name)
            told.append(noted)
    at_hand = turn.question
    if at_hand is None or at_hand in after.state.open:
        return show(after, *told)
    return ask(after, order.next_stop(after.state, at_hand), *told)


def _read_line(turn: Turn, line: NamedLine) -> tuple[Reading, str | None] | None:
    """What a line answers to its question, and its note; None where that is not sure."""
    question = line.question
    if not question.is_answered_by_people:
        return None
    read = _read(belongs.at_question(turn, question), question, line.text)
    note: str | None = None
    if isinstance(read, Refusal):
        coded = read_code_and_note(question, line.text, turn.said)
        if coded is None and (read.note is None or len(read.near) != 1):
            return None
        value, note = coded or (read.near[0], read.note)
        read = Reading(value)
    if note is not None and (question.profile or question_of_number(turn.form, note.split()[0])):
        return None  # a fact takes no note, and "y B8 n" may be two answers
    return (read, note) if turn.meets(question, read.value) else None


# --- moving -------------------------------------------------------------------------------------


def _case_opened(turn: Turn, _event: events.CaseOpened) -> Step:
    if turn.closed:
        return ask(turn, None)  # the review says that it is in, and its result
    seen = turn.cursor.remarks_until or ""
    new = {one.question for one in turn.case.remarks if one.at > seen}
    if new:
        turn = turn.with_cursor(remarks_until=max(one.at for one in turn.case.remarks))
        # The review, None, shows the remarks on the whole case.
        return ask(turn, next((one for one in turn.state.relevant if one.name in new), None))
    at_hand = turn.question
    if at_hand is None or at_hand not in turn.state.relevant:
        at_hand = order.next_stop(turn.state, None)
    return ask(turn, at_hand)


def _went_back(turn: Turn, _event: Event) -> Step:
    earlier = order.previous_stop(turn.state, turn.question)
    if turn.closed:
        return show(turn, effects.CaseClosed())
    return ask(turn, earlier) if earlier else show(turn, effects.MoveRefused("at_start"))


def _moved_on(turn: Turn, _event: Event) -> Step:
    if turn.closed:
        return show(turn, effects.MoveRefused("case_is_in"))
    return ask(turn, order.next_stop(turn.state, turn.question))


def _next_open(turn: Turn, _event: Event) -> Step:
    if turn.closed:
        return show(turn, effects.MoveRefused("case_is_in"))
    target = order.first_open(turn.state)
    return ask(turn, target) if target else show(turn, effects.MoveRefused("nothing_open"))


def _jumped_to(turn: Turn, event: events.JumpedTo) -> Step:
    if not event.target.strip():
        return show(turn, effects.JumpRefused("", "empty"))
    target = order.find_question(event.target, turn.pack, turn.form, turn.state)
    if target is None:
        near = order.near_questions(event.target, turn.form)
        criteria = order.near_criteria(event.target, turn.pack, turn.form)
        return show(turn, effects.JumpRefused(event.target, "unknown", near, criteria=criteria))
    return _go_to(turn, target)


def _go_to(turn: Turn, target: Question) -> Step:
    if turn.closed:
        return show(turn, effects.CaseClosed())
    if target not in turn.state.relevant:
        return show(turn, effects.JumpRefused(target.number, "not_relevant", question=target))
    return ask(turn, target)


def _question_tapped(turn: Turn, event: events.QuestionTapped) -> Step:
    refused = old_card(turn, event.card)
    target = turn.form.by_name.get(event.question)
    if refused or target is None:
        return refused or show(turn, effects.TapRefused())
    return _go_to(turn, target)


def _control_tapped(turn: Turn, event: events.ControlTapped) -> Step:
    return old_card(turn, event.card) or _CONTROLS[event.control](turn, event)


def _done(turn: Turn, _event: Event) -> Step:
    question = turn.question
    if question is None or not question.type.takes_several or turn.closed:
        return show(turn, effects.TapRefused())
    if question not in turn.state.relevant:
        return _no_longer_asked(turn, question)
    return _answer(turn, question, Reading(picked(turn, question)))


def _card_asked(turn: Turn, _event: Event) -> Step:
    noted = turn.noted
    return notes.ask_for_note(turn, noted) if noted and not turn.closed else show(turn)


# --- review, progress, submission ---------------------------------------------------------------


def _review_asked(turn: Turn, _event: Event) -> Step:
    return ask(turn, None, listed=True)


def _progress_asked(turn: Turn, _event: events.ProgressAsked) -> Step:
    state = turn.state
    shown = effects.ProgressShown(progress_of(state), progress_by_criterion(state))
    return Step(turn.session, (shown,))


def _submit(turn: Turn, _event: Event) -> Step:
    submitted = turn.case.moved(Move.SUBMIT)
    if submitted is None:
        return show(turn, effects.MoveRefused("already_submitted"))
    missing, broken = turn.state.open_required, turn.broken
    if missing or broken:
        return ask(turn, None, effects.SubmitRefused(missing, broken))
    turn = turn.with_case(submitted)
    return ask(turn, None, effects.CaseSubmitted(score_case(turn.state)))


def _reopen(turn: Turn, _event: Event) -> Step:
    reopened = turn.case.moved(Move.REOPEN)
    if reopened is None:
        agreed = turn.case.status is Status.AGREED
        return show(turn, effects.MoveRefused("agreed" if agreed else "not_submitted"))
    return ask(turn.with_case(reopened), None, effects.CaseReopened())


def _language(session: Session, event: events.LanguageChosen, pack: Pack) -> Step:
    wanted = event.language.strip().casefold()
    if wanted not in pack.languages:
        return Step(session, (effects.LanguageRefused(event.language.strip(), pack.languages),))
    return Step(replace(session, language=wanted), (effects.LanguageSet(wanted),))


_Rule = Callable[[Turn, Any], Step]

_RULES: Final[Mapping[type, _Rule]] = {
    events.CaseOpened: _case_opened,
    events.ChoiceTapped: _choice_tapped,
    events.ControlTapped: _control_tapped,
    events.QuestionTapped: _question_tapped,
    events.TextReceived: _text_received,
    events.OfferTaken: _offer_taken,
    events.PageTurned: _page_turned,
    events.WentBack: _went_back,
    events.MovedOn: _moved_on,
    events.JumpedTo: _jumped_to,
    events.NoteGiven: notes.note_given,
    events.AttachmentGiven: notes.attachment_given,
    events.KindChosen: notes.kind_chosen,
    events.NoteCancelled: notes.cancel_note,
    events.ReviewAsked: _review_asked,
    events.ProgressAsked: _progress_asked,
    events.SubmitAsked: _submit,
    events.ReopenAsked: _reopen,
    events.CardAsked: _card_asked,
    events.MessageEdited: _edited,
    events.ClearAsked: undo.clear,
    events.UndoAsked: undo.undo,
}
_CONTROLS: Final[Mapping[events.Control, _Rule]] = {
    "back": _went_back,
    "skip": _moved_on,
    "note": notes.note_control,
    "cancel": notes.cancel_note,
    "unnote": notes.remove_note,
    "done": _done,
    "review": _review_asked,
    "next_open": _next_open,
    "submit": _submit,
    "reopen": _reopen,
    "undo": undo.nothing_to_undo,
    "clear": undo.clear_at_hand,
    "leave": _leave,
}
