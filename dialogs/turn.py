"""One turn of the conversation: the open case seen through its form, and the card that is shown."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from typing import Any

from criteria import relevance
from criteria.case import Case, CaseKey, EvidenceKind
from criteria.case_status import Move
from criteria.instrument.pack import Form, Pack
from criteria.pages import page_of
from criteria.question import Question, Said, Value
from criteria.relevance import FormState
from criteria.scoring.score import score_case
from dialogs import effects
from dialogs.effects import Effect
from dialogs.events import Card
from dialogs.question_order import place_of
from dialogs.session import Cursor, Seen, Session, Step


def iso(moment: datetime) -> str:
    """A moment as it is stored: UTC, to the second, ``2026-11-20T10:00:00Z``."""
    return f"{moment.astimezone(UTC).replace(tzinfo=None).isoformat(timespec='seconds')}Z"


@dataclass(frozen=True, slots=True)
class Turn:
    """``now`` is when the message was sent, ``clock`` when it is answered: hours later, perhaps."""

    session: Session
    case: Case
    pack: Pack
    form: Form
    now: datetime
    clock: datetime
    state: FormState

    @property
    def cursor(self) -> Cursor:
        return self.session.cursor

    @property
    def question(self) -> Question | None:
        """The question at hand, None on a review."""
        questions = self.session.cursor.questions
        return self.form.by_name.get(questions[0]) if questions else None

    @property
    def noted(self) -> Question | None:
        """The question whose note is the next text."""
        return self.form.by_name.get(self.session.cursor.note_on or "")

    @property
    def broken(self) -> tuple[Question, ...]:
        """The questions whose answers break their constraints on the day of this message."""
        return self.state.broken_on(self.now.date(), self._day_of)

    def meets(self, question: Question, value: Value) -> bool:
        """Whether an answer meets the question's ``constraint``; N/A and not known always do.

        So does an answer that waits for what the constraint names; it is looked at again then.
        """
        return not self.state.breaks(question, value, self.now.date())

    def _day_of(self, name: str) -> date | None:
        """The day on which an answer was given, where the inspection is."""
        answer = self.case.answers.get(name)
        if answer is None or answer.at is None:
            return None
        return datetime.fromisoformat(answer.at).astimezone(self.now.tzinfo).date()

    @property
    def closed(self) -> bool:
        return self.case.status.is_in

    def with_case(self, case: Case) -> Turn:
        case = self._taken(case)
        return self._with(case, relevance.form_state(self.form, case))

    def with_answer(self, question: Question, value: Value, at: str) -> Turn:
        answered = self.case.answered(question, value, self.session.person, at)
        case = self._taken(answered.moved(Move.ANSWER) or answered)
        return self._with(case, relevance.answered_state(self.state, self.form, case, question))

    def with_case_as_it_was(self, case: Case) -> Turn:
        """As :meth:`with_case`, also where nobody had the case then."""
        return self._with(case, relevance.form_state(self.form, case))

    def _taken(self, case: Case) -> Case:
        """Whoever first changes a case that nobody has is its inspector from then on."""
        return case if case.inspector else replace(case, inspector=self.session.person)

    def _with(self, case: Case, state: FormState) -> Turn:
        session = replace(self.session, case=case)
        return Turn(session, case, self.pack, self.form, self.now, self.clock, state)

    def at_cursor(self, cursor: Cursor) -> Turn:
        seen = Seen(self.form, self.case, self.state)
        session = replace(self.session, cursor=cursor, seen=seen)
        return Turn(session, self.case, self.pack, self.form, self.now, self.clock, self.state)

    @property
    def said(self) -> Said:
        """When a text of this turn was typed, and in which language."""
        return Said(self.now, self.session.language or self.pack.default_language)

    def with_cursor(self, **changes: Any) -> Turn:
        return self.at_cursor(replace(self.cursor, **changes))


def turn_of(  # noqa: PLR0913, PLR0917  # the session's parts, and the two times
    session: Session, case: Case, pack: Pack, form: Form, clock: datetime, sent: str | None = None
) -> Turn:
    seen = session.seen
    known = seen is not None and seen.case is case and seen.form is form
    state = seen.state if seen and known else relevance.form_state(form, case)
    now = clock if sent is None else datetime.fromisoformat(sent).astimezone(clock.tzinfo)
    return Turn(session, case, pack, form, now, clock, state)


def ask(turn: Turn, question: Question | None, *before: Effect, listed: bool = False) -> Step:
    """Put a new card at hand: this question, or the review where there is none."""
    dropped = _ticks_dropped(turn, before)
    fresh = Cursor(
        card=turn.cursor.card + 1,
        questions=(question.name,) if question else (),
        shown=iso(turn.clock),
        remarks_until=turn.cursor.remarks_until if turn.case.remarks else None,
        given=turn.cursor.given,
    )
    return show(turn.at_cursor(fresh), *dropped, *before, listed=listed)


def _ticks_dropped(turn: Turn, told: tuple[Effect, ...]) -> tuple[Effect, ...]:
    picked, question = turn.cursor.picked, turn.question
    if not picked or question is None or picked == turn.case.value(question):
        return ()
    if any(isinstance(one, effects.AnswerRecorded) and one.question is question for one in told):
        return ()
    return (effects.TicksDropped(question, len(picked)),)


def show(turn: Turn, *before: Effect, listed: bool = False) -> Step:
    """Show the card at hand as it stands, or that a note is waited for."""
    noted = turn.noted
    if noted is not None and turn.closed:
        turn = turn.with_cursor(note_on=None)
    elif noted is not None:
        return Step(turn.session, (*before, effects.NoteAsked(noted, turn.case.note(noted))))
    question = turn.question
    if question is None or turn.closed:
        return Step(turn.session, (*before, review(turn, listed=listed)))
    place, of = place_of(question, turn.state)
    asked = effects.QuestionAsked(
        question=question,
        place=place,
        of=of,
        value=turn.case.value(question),
        note=turn.case.note(question),
        picked=picked(turn, question),
        remarks=turn.case.remarks_on(question) if turn.case.remarks else (),
        attachments=len(turn.case.evidence_on(question)),
        kind=_kind(turn),
        offers=tuple(_offered(turn)),
        page=page_of(
            question,
            turn.said.language,
            turn.cursor.page,
            turn.cursor.sought,
            turn.case.value(question),
        ),
        early=turn.cursor.early,
    )
    return Step(turn.session, (*before, asked))


def _offered(turn: Turn) -> Iterator[effects.Offered]:
    """What the last text may have meant, as far as its questions are still there."""
    with_notes = {one.answers for one in turn.cursor.offers if one.note is not None}
    for offer in turn.cursor.offers:
        address, value = offer.answers[0]
        yield effects.Offered(
            turn.form.by_name[address],
            value,
            note=offer.note is not None,
            without_note=offer.note is None and offer.answers in with_notes,
            fit=len(offer.answers),
        )


def _kind(turn: Turn) -> EvidenceKind | None:
    """What the note or attachment just given is kept as; None where none was."""
    target = turn.cursor.kind_for
    if target is None:
        return None
    if target.startswith("#"):
        place = int(target[1:]) - 1
        return turn.case.evidence[place].kind if place < len(turn.case.evidence) else None
    answer = turn.case.answers.get(target)
    return answer.kind if answer and answer.note is not None else None


def review(turn: Turn, *, listed: bool) -> effects.ReviewShown:
    state, by_name = turn.state, turn.form.by_name
    return effects.ReviewShown(
        progress=relevance.progress_of(state),
        by_criterion=relevance.progress_by_criterion(state),
        open=state.open,
        open_required=state.open_required,
        broken=turn.broken,
        answers=tuple(
            (q, state.values[q.address]) for q in state.asked if q.address in state.values
        ),
        hidden=tuple(
            q for q in turn.form.questions
            if q.address in state.hidden and turn.case.value(q) is not None
        ),
        listed=listed,
        remarks=tuple((by_name.get(one.question or ""), one) for one in turn.case.remarks),
        kind=_kind(turn),
        result=score_case(turn.state) if turn.closed else None,
    )  # fmt: skip


def picked(turn: Turn, question: Question) -> tuple[str, ...]:
    """Return the ticks on a list: those made so far, else the answer that stands."""
    if not question.type.takes_several:
        return ()
    value = turn.case.value(question) if turn.cursor.picked is None else turn.cursor.picked
    return value if isinstance(value, tuple) else ()


def other_case(turn: Turn, case: CaseKey) -> Step | None:
    return None if case == turn.case.key else show(turn, effects.TapRefused(other_case=case.case))


def consequences(before: Turn, after: Turn) -> tuple[Effect, ...]:
    """What a step did to other answers: they apply no more, or again, or break a constraint."""
    told: list[Effect] = []
    if hidden := _answered_only_in(before, after):
        told.append(effects.AnswersHidden(hidden))
    if returned := _answered_only_in(after, before):
        told.append(effects.AnswersReturned(returned))
    if broken := tuple(q for q in after.broken if q not in before.broken):
        told.append(effects.ConstraintsBroken(broken))
    return tuple(told)


def _answered_only_in(one: Turn, other: Turn) -> tuple[Question, ...]:
    """Questions whose answer stands in both, that are relevant in ``one`` and not in ``other``."""
    if one.state.hidden == other.state.hidden:
        return ()
    gone = set(one.state.relevant).difference(other.state.relevant)
    return tuple(
        q for q in one.state.relevant
        if q in gone and q.is_answered_by_people
        and None not in (one.case.value(q), other.case.value(q))
    )  # fmt: skip


def old_card(turn: Turn, card: Card) -> Step | None:
    if refused := other_case(turn, card.case):
        return refused
    return None if card.id == turn.cursor.card else show(turn, effects.TapRefused())
