"""Evidence on a question: notes, photos and voice messages, each of a kind."""

import re
from dataclasses import replace
from typing import Final

from criteria.case import Case, Evidence, EvidenceKind
from criteria.case_status import Move
from criteria.question import Question
from dialogs import effects, events
from dialogs.effects import Effect
from dialogs.events import Event
from dialogs.question_order import near_questions, question_named
from dialogs.read_answer import MAX_TEXT
from dialogs.session import Step
from dialogs.turn import Turn, iso, old_card, show

MAX_ATTACHMENTS: Final = 20
"""On one question."""

KIND_WORDS: Final = {
    "evidence": EvidenceKind.EVIDENCE,
    "strength": EvidenceKind.STRENGTH,
    "improvement": EvidenceKind.IMPROVEMENT,
    "area for improvement": EvidenceKind.IMPROVEMENT,
    "good practice": EvidenceKind.GOOD_PRACTICE,
    "quote": EvidenceKind.QUOTATION,
    "quotation": EvidenceKind.QUOTATION,
}
"""How a note may begin to say what it is: ``strength: the plan was clear``."""


_NOTE_COMMAND: Final = re.compile(r"/note(?:@\w+)?(?=\s|\Z)", re.IGNORECASE)


def note_given(turn: Turn, event: events.NoteGiven) -> Step:
    """``/note``, ``/note TEXT`` or ``/note B4 TEXT``."""
    named = _named(turn, event.text.strip())
    if isinstance(named, Step):
        return named
    question, text = named
    question = question or turn.question
    return write_note(turn, question, text) if text else ask_for_note(turn, question)


def _named(turn: Turn, text: str) -> tuple[Question | None, str] | Step:
    """The question that stands at the beginning of a text, and the rest of it."""
    head, rest = (*text.split(maxsplit=1), "", "")[:2]
    named = question_named(head.rstrip(":"), turn.form)
    if named is not None:
        if named not in turn.state.relevant:
            return show(turn, effects.JumpRefused(named.number, "not_relevant", question=named))
        return named, rest.strip()
    if looks_like_a_number(head) and (near := near_questions(head, turn.form)):
        return show(turn, effects.JumpRefused(head, "unknown", near))
    return None, text


def _captioned(turn: Turn, caption: str) -> tuple[Question | None, str] | Step:
    """``/note B9 seen on page three`` or ``B9 seen on page three`` names the file's question.

    Without the command a whole number does not: ``3 pages`` says how many.
    """
    command = _NOTE_COMMAND.match(caption)
    if command is not None:
        return _named(turn, caption[command.end() :].strip())
    head = caption.split(maxsplit=1)[0].rstrip(":") if caption else ""
    is_named = not head.isdecimal() and question_named(head, turn.form) is not None
    return _named(turn, caption) if is_named else (None, caption)


def looks_like_a_number(head: str) -> bool:
    """``B99``, ``1.2.b``: short, and with a digit in it."""
    return len(head) <= 8 and head[:1].isalnum() and any(sign.isdigit() for sign in head[1:])


def note_control(turn: Turn, _event: Event) -> Step:
    return ask_for_note(turn, turn.question)


def ask_for_note(turn: Turn, question: Question | None) -> Step:
    refusal = _no_note(turn, question)
    if refusal or question is None:
        return show(turn, *refusal)
    turn = turn.with_cursor(note_on=question.name, kind_for=None)
    return Step(turn.session, (effects.NoteAsked(question, turn.case.note(question)),))


def write_note(turn: Turn, question: Question | None, text: str) -> Step:
    refusal = _no_note(turn, question)
    if refusal or question is None:
        return show(turn, *refusal)
    note = text.replace("\x00", "").strip()
    if len(note) > MAX_TEXT:
        return show(turn, effects.NoteRejected(question, "too_long"))
    if not note:
        return ask_for_note(turn, question)
    turn, recorded = with_note(turn, question, note)
    return show(turn.with_cursor(note_on=None, kind_for=question.name), recorded)


def with_note(turn: Turn, question: Question, note: str) -> tuple[Turn, effects.NoteRecorded]:
    kind, note = _kind_of(note)
    noted = turn.case.noted(question, note, turn.session.person, iso(turn.now), kind)
    turn = turn.with_case(noted.moved(Move.ANSWER) or noted)
    return turn, effects.NoteRecorded(question, note, kind)


def _kind_of(note: str) -> tuple[EvidenceKind, str]:
    """``strength: the plan was clear`` → a strength, and the text after the colon."""
    head, colon, rest = note.partition(":")
    kind = KIND_WORDS.get(head.strip().casefold()) if colon else None
    return (kind, rest.strip()) if kind and rest.strip() else (EvidenceKind.EVIDENCE, note)


def remove_note(turn: Turn, _event: Event) -> Step:
    question = turn.noted
    if question is None or turn.closed or turn.case.note(question) is None:
        return show(turn, effects.TapRefused())
    without = turn.case.noted(question, None, turn.session.person, iso(turn.now))
    return show(turn.with_case(without).with_cursor(note_on=None), effects.NoteRemoved(question))


def cancel_note(turn: Turn, _event: Event) -> Step:
    return show(turn.with_cursor(note_on=None))


def _no_note(turn: Turn, question: Question | None) -> tuple[Effect, ...]:
    if turn.closed:
        return (effects.CaseClosed(),)
    if question is None or not question.is_answered_by_people:
        return (effects.NoteRejected(None, "no_question"),)
    return (effects.NoteRejected(question, "profile"),) if question.profile else ()


def attachment_given(turn: Turn, event: events.AttachmentGiven) -> Step:
    first = _first_of_album(turn, event.origin.album)
    joined = turn.form.by_name.get(first.target or "") if first else None
    named = _captioned(turn, event.caption.strip())
    if isinstance(named, Step):
        return named
    question, caption = named
    question = question or joined or turn.noted or turn.question
    refusal = _no_note(turn, question)
    if refusal or question is None:
        return show(turn, *refusal)
    if len(turn.case.evidence_on(question)) >= MAX_ATTACHMENTS:
        return show(turn, effects.NoteRejected(question, "too_many"))
    kind, said = _kind_of(caption)
    if first is not None and said == caption:
        kind = first.kind
    evidence = Evidence(
        on="question",
        target=question.address,
        media=event.media,
        file=event.file,
        kind=kind,
        caption=said or None,
        by=turn.session.person,
        at=iso(turn.now),
        state="awaited" if event.awaited else "there",
        type=event.file_type,
        sha256=event.sha256,
        album=event.origin.album,
    )
    case = replace(turn.case, evidence=(*turn.case.evidence, evidence))
    place = len(case.evidence) - 1
    case = _of_one_kind(case, place, kind)
    turn = turn.with_case(case.moved(Move.ANSWER) or case)
    count = sum(case.evidence[at].state != "removed" for at in _album(case, place))
    if first is not None:
        return show(turn, effects.AttachmentRecorded(question, evidence, count))
    turn = turn.with_cursor(note_on=None, kind_for=f"#{place + 1}")
    return show(turn, effects.AttachmentRecorded(question, evidence, count))


def _first_of_album(turn: Turn, album: str | None) -> Evidence | None:
    """The file of the same album that came first, whose place and kind the others share."""
    mine = turn.session.person
    same = (one for one in turn.case.evidence if album and (one.album, one.by) == (album, mine))
    return next(same, None)


def _album(case: Case, place: int) -> list[int]:
    """The places of the files of the album that this one belongs to, itself among them."""
    given = case.evidence[place]
    return [
        at
        for at, one in enumerate(case.evidence)
        if at == place or (given.album and (one.album, one.by) == (given.album, given.by))
    ]


def _of_one_kind(case: Case, place: int, kind: EvidenceKind) -> Case:
    evidence = list(case.evidence)
    for at in _album(case, place):
        evidence[at] = replace(evidence[at], kind=kind)
    return replace(case, evidence=tuple(evidence))


def caption_edited(turn: Turn, event: events.MessageEdited) -> Step:
    """A file's message says something else now: that is its caption, and may say its kind."""
    kind, caption = _kind_of(event.text.strip())
    evidence = list(turn.case.evidence)
    places = [int(change.name) - 1 for change in event.gave if change.table == "evidence"]
    for place in places:
        stands = evidence[place]
        kind = stands.kind if caption == event.text.strip() else kind
        evidence[place] = replace(stands, kind=kind, caption=caption or None)
    question = turn.form.by_name.get(evidence[places[0]].target or "")
    turn = turn.with_case(replace(turn.case, evidence=tuple(evidence)))
    if question is None:
        return show(turn, effects.EditRefused("not_read"))
    return show(turn, effects.KindSet(question, kind))


def kind_chosen(turn: Turn, event: events.KindChosen) -> Step:
    """Another kind for the note or attachment that was just given."""
    refused = old_card(turn, event.card)
    if refused is None and turn.closed:
        refused = show(turn, effects.CaseClosed())
    target = turn.cursor.kind_for
    if refused or target is None or event.kind not in set(EvidenceKind):
        return refused or show(turn, effects.TapRefused())
    kind = EvidenceKind(event.kind)
    if target.startswith("#"):
        return _attachment_kind(turn, int(target[1:]) - 1, kind)
    question = turn.form.by_name[target]
    answer = turn.case.answers.get(target)
    if answer is None or answer.note is None:
        return show(turn, effects.TapRefused())
    answers = {**turn.case.answers, target: replace(answer, kind=kind)}
    turn = turn.with_case(replace(turn.case, answers=answers))
    return show(turn, effects.KindSet(question, kind))


def _attachment_kind(turn: Turn, place: int, kind: EvidenceKind) -> Step:
    evidence = turn.case.evidence
    target = evidence[place].target if place < len(evidence) else None
    question = turn.form.by_name.get(target or "")
    if question is None:
        return show(turn, effects.TapRefused())
    return show(
        turn.with_case(_of_one_kind(turn.case, place, kind)), effects.KindSet(question, kind)
    )
