"""The effects of a step: what was decided, never how it looks.

A reply that cannot be used is an ordinary effect (:class:`AnswerRejected`, :class:`TapRefused`, …)
and changes nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from criteria.case import Evidence, EvidenceKind, Remark
from criteria.instrument.pack import Criterion
from criteria.pages import Page
from criteria.question import Question, Value
from criteria.relevance import Progress
from dialogs.personal_data import Found


class Effect:
    __slots__ = ()


@dataclass(frozen=True, slots=True)
class AnswerRecorded(Effect):
    """An answer stands. ``before`` is what it replaced; ``read_from`` a typed near miss."""

    question: Question
    value: Value = field(repr=False)
    before: Value | None = field(default=None, repr=False)
    read_from: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class AnswersHidden(Effect):
    """Answered questions that no longer apply: kept, not scored."""

    questions: tuple[Question, ...]


@dataclass(frozen=True, slots=True)
class AnswersReturned(Effect):
    """Kept answers that apply again."""

    questions: tuple[Question, ...]


@dataclass(frozen=True, slots=True)
class ConstraintsBroken(Effect):
    """Answers that stand and break their constraints since the answer just given."""

    questions: tuple[Question, ...]


@dataclass(frozen=True, slots=True)
class Undone(Effect):
    """What was given last is taken back: ``answers`` to these questions, or what stood beside."""

    questions: tuple[Question, ...]
    answers: bool


@dataclass(frozen=True, slots=True)
class UndoRefused(Effect):
    """There is nothing to take back, or ``question`` was changed by somebody else since."""

    question: Question | None = None


@dataclass(frozen=True, slots=True)
class EditRefused(Effect):
    """An edited message changes nothing: it had given nothing, what it gave was changed since, or
    it is no answer to ``question`` any more, whose answer stays ``value``.
    """

    reason: Literal["not_read", "changed_since", "unclear"]
    question: Question | None = None
    value: Value | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class AnswerCleared(Effect):
    """The question is open again; ``before`` is the answer that stood there."""

    question: Question
    before: Value = field(repr=False)


@dataclass(frozen=True, slots=True)
class AnswerRejected(Effect):
    """A text that was not taken. ``reason`` is a key of the messages, ``near`` what ``text`` may
    have meant, ``note`` what it says beside that.
    """

    question: Question
    reason: str
    text: str = field(repr=False)
    near: tuple[Value, ...] = field(default=(), repr=False)
    note: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class LineRejected(Effect):
    """A line of codes, of which none was recorded: ``word`` did not fit ``question``, or the card
    has no question left for it. The first ``fit`` would have fitted.
    """

    word: str = field(repr=False)
    question: Question | None
    fit: int


@dataclass(frozen=True, slots=True)
class SentBefore(Effect):
    """A text that was sent before ``question`` was on the screen, or before its ``note`` was asked
    for; ``fits``: it may still be recorded there.
    """

    question: Question
    text: str = field(repr=False)
    fits: bool = False
    note: bool = False


@dataclass(frozen=True, slots=True)
class NamedLineRejected(Effect):
    """Of lines that name their questions none was recorded: ``text`` does not fit ``question``."""

    question: Question
    text: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class TicksDropped(Effect):
    """The inspector left a list before Done: these ticks are not an answer."""

    question: Question
    count: int


@dataclass(frozen=True, slots=True)
class Offered:
    """What the last text may have meant, as a button: ``note`` tells that it keeps one,
    ``without_note`` that another button does, ``fit`` how many answers of a line it keeps.
    """

    question: Question
    value: Value = field(repr=False)
    note: bool = False
    without_note: bool = False
    fit: int = 1


@dataclass(frozen=True, slots=True)
class ChoicesFound(Effect):
    """A text is a part of so many choices of a long list, which the card shows now."""

    question: Question
    text: str = field(repr=False)
    count: int


@dataclass(frozen=True, slots=True)
class QuestionAsked(Effect):
    """The card at hand: ``place`` of ``of`` relevant questions; what stands there already."""

    question: Question
    place: int
    of: int
    value: Value | None = field(default=None, repr=False)
    note: str | None = field(default=None, repr=False)
    picked: tuple[str, ...] = field(default=(), repr=False)
    remarks: tuple[Remark, ...] = ()
    attachments: int = 0
    kind: EvidenceKind | None = None
    """What the note or attachment just given is kept as, while that may be changed."""
    offers: tuple[Offered, ...] = ()
    page: Page | None = None
    """Of a list that does not fit on one card."""
    early: bool = False
    """Whether what is offered was sent before the question was on the screen."""


@dataclass(frozen=True, slots=True)
class NoteAsked(Effect):
    """The next text is a note on this question, in place of ``note`` if one stands there."""

    question: Question
    note: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class NoteRecorded(Effect):
    question: Question
    note: str = field(repr=False)
    kind: EvidenceKind = EvidenceKind.EVIDENCE


@dataclass(frozen=True, slots=True)
class TextHeld(Effect):
    """A text seems to name somebody: nothing was kept. The same again is kept."""

    found: tuple[Found, ...]


@dataclass(frozen=True, slots=True)
class AttachmentRecorded(Effect):
    """``count`` are the files of its album so far."""

    question: Question
    evidence: Evidence
    count: int = 1


@dataclass(frozen=True, slots=True)
class KindSet(Effect):
    question: Question
    kind: EvidenceKind


@dataclass(frozen=True, slots=True)
class NoteRemoved(Effect):
    question: Question


@dataclass(frozen=True, slots=True)
class NoteRejected(Effect):
    question: Question | None
    reason: Literal["profile", "no_question", "too_long", "too_many"]


@dataclass(frozen=True, slots=True)
class ReviewShown(Effect):
    """The case as a whole, while no question is at hand.

    ``answers`` are the answered relevant questions in order, ``hidden`` the answered ones that do
    not apply now; ``listed``: the inspector asked for them. ``result`` is a submitted case's.
    ``broken`` are the questions whose answers break their constraints as the case stands.
    """

    progress: Progress
    by_criterion: Mapping[str | None, Progress]
    open: tuple[Question, ...]
    open_required: tuple[Question, ...]
    answers: tuple[tuple[Question, Value], ...] = field(repr=False)
    hidden: tuple[Question, ...]
    listed: bool
    remarks: tuple[tuple[Question | None, Remark], ...] = ()
    kind: EvidenceKind | None = None
    """As :class:`QuestionAsked` has it: a note may be given from here."""
    result: Mapping[str, tuple[int, int]] | None = field(default=None, repr=False)
    broken: tuple[Question, ...] = ()


@dataclass(frozen=True, slots=True)
class ProgressShown(Effect):
    progress: Progress
    by_criterion: Mapping[str | None, Progress]


@dataclass(frozen=True, slots=True)
class CaseSubmitted(Effect):
    """``result``: sufficient of relevant judgements, by criterion."""

    result: Mapping[str, tuple[int, int]] = field(repr=False)


@dataclass(frozen=True, slots=True)
class SubmitRefused(Effect):
    open_required: tuple[Question, ...]
    broken: tuple[Question, ...] = ()


@dataclass(frozen=True, slots=True)
class CaseClosed(Effect):
    """The case is submitted: nothing changes until it is reopened."""


@dataclass(frozen=True, slots=True)
class CaseReopened(Effect):
    pass


@dataclass(frozen=True, slots=True)
class MoveRefused(Effect):
    reason: Literal[
        "at_start", "not_submitted", "already_submitted", "only_read", "no_case",
        "nothing_open", "nothing_asked", "agreed", "case_is_in", "not_answered",
    ]  # fmt: skip


@dataclass(frozen=True, slots=True)
class TapRefused(Effect):
    """``repeated``: the question has this answer. ``other_case``: the card is of this case."""

    repeated: bool = False
    other_case: str | None = None


@dataclass(frozen=True, slots=True)
class JumpRefused(Effect):
    """``near`` and ``criteria`` are what the ``target`` may have meant."""

    target: str = field(repr=False)
    reason: Literal["unknown", "not_relevant", "empty"]
    near: tuple[Question, ...] = ()
    question: Question | None = None
    criteria: tuple[Criterion, ...] = ()


@dataclass(frozen=True, slots=True)
class LanguageSet(Effect):
    language: str


@dataclass(frozen=True, slots=True)
class LanguageRefused(Effect):
    wanted: str = field(repr=False)
    languages: tuple[str, ...]
