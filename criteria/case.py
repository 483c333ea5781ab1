"""A case and its answers: one form, filled for one subject, known by a reference.

All of this is values: changing an answer makes a new case, and the old one stays as it was.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Final, Literal, TypeVar

from criteria.case_status import TRANSITIONS, Move, Status, initial_status
from criteria.evidence_files import FILE_TYPES
from criteria.question import Question, Value

REFERENCE: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.\-]{0,31}\Z")
"""A case's reference is short enough for a button, and safe as part of a file's name."""


T = TypeVar("T")


class EvidenceKind(StrEnum):
    EVIDENCE = "evidence"
    STRENGTH = "strength"
    IMPROVEMENT = "area_for_improvement"
    GOOD_PRACTICE = "good_practice"
    QUOTATION = "quotation"


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer: ``value`` is None for a note on a question that is still open.

    ``{"value": "yes", "note": null, "by": "I1", "at": "2026-11-20T10:00:00Z"}``

    ``kind`` is the note's. ``settled`` is the lead's reason, where a second reading differed and
    the lead decided; ``given`` is then what the first reading had said.
    """

    value: Value | None = field(repr=False)
    note: str | None = field(default=None, repr=False)
    by: str | None = None
    at: str | None = None
    kind: EvidenceKind = EvidenceKind.EVIDENCE
    settled: str | None = field(default=None, repr=False)
    given: Value | None = field(default=None, repr=False)


EvidenceOn = Literal["question", "criterion", "case", "inspection"]
EvidenceState = Literal["awaited", "there", "removed"]


@dataclass(frozen=True, slots=True)
class Evidence:
    """A photo, a voice message, an audio file or a document.

    ``{"question": "q08", "media": "photo", "file": "C001-3f2a…", "kind": "evidence",
    "caption": null, "by": "I1", "at": "2026-11-20T10:00:00Z", "type": "image/jpeg",
    "sha256": "9f86…"}``

    ``target`` is the address of the question or the name of the criterion that it is ``on``, None
    for the whole case or inspection. It is ``awaited`` until its file has been fetched; ``type``
    and ``sha256`` are the file's, known from then on. The files of one ``album`` are one thing: on
    one question, and of one kind.
    """

    on: EvidenceOn
    target: str | None
    media: str
    file: str
    kind: EvidenceKind = EvidenceKind.EVIDENCE
    caption: str | None = field(default=None, repr=False)
    by: str | None = None
    at: str | None = None
    state: EvidenceState = "there"
    type: str | None = None
    sha256: str | None = field(default=None, repr=False)
    album: str | None = None

    @property
    def filename(self) -> str:
        """The file's name outside the store, where it ends by what it is: ``C001-3f2a….jpg``."""
        known = FILE_TYPES.get(self.type or "")
        return self.file + known.suffix if known else self.file


@dataclass(frozen=True, slots=True)
class Remark:
    """What a lead says when returning a case, to one question or (None) to the whole case."""

    question: str | None
    text: str = field(repr=False)
    by: str
    at: str


@dataclass(frozen=True, slots=True, order=True)
class CaseKey:
    """A case in its inspection: the subject's reference and the form that is filled for it."""

    case: str
    form: str
    reading: int = 1
    """2 is a second inspector's own reading of the same case, blind to the first."""

    @property
    def other_reading(self) -> CaseKey:
        return CaseKey(self.case, self.form, 2 if self.reading == 1 else 1)


@dataclass(frozen=True, slots=True)
class Case:
    """``profile`` holds the sample characteristics, plain; ``answers`` the survey's answers.

    ``remarks`` are a lead's while the case is returned; submitting takes them away.
    """

    case: str
    form: str
    inspector: str | None = None
    status: Status = Status.UNASSIGNED
    profile: Mapping[str, Value] = field(default_factory=dict, repr=False)
    answers: Mapping[str, Answer] = field(default_factory=dict, repr=False)
    reading: int = 1
    remarks: tuple[Remark, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    place: str | None = field(default=None, repr=False)
    """Where it was inspected: an area, a prison, an office."""
    subject: str | None = field(default=None, repr=False)
    """Whom or what the form is about, by a reference."""
    links: tuple[str, ...] = ()
    """The references of cases that belong with it."""
    version: int | None = field(default=None, compare=False, repr=False)
    """How many steps it took, where it was read to be exported, or an inspection file says so."""

    @property
    def key(self) -> CaseKey:
        return CaseKey(self.case, self.form, self.reading)

    def value(self, question: Question) -> Value | None:
        if question.profile:
            return self.profile.get(question.address)
        answer = self.answers.get(question.address)
        return answer.value if answer else None

    def note(self, question: Question) -> str | None:
        answer = self.answers.get(question.address)
        return answer.note if answer else None

    @property
    def awaited(self) -> int:
        """How many of its files are still to be fetched."""
        return sum(one.state == "awaited" for one in self.evidence)

    def evidence_on(self, question: Question) -> tuple[Evidence, ...]:
        return tuple(
            one for one in self.evidence
            if one.on == "question" and one.target == question.address and one.state != "removed"
        )  # fmt: skip

    def answered(self, question: Question, value: Value, by: str, at: str) -> Case:
        if question.profile:
            return replace(self, profile={**self.profile, question.address: value})
        before = self.answers.get(question.address) or Answer(None)
        answer = Answer(value, before.note, by, at, before.kind)
        return replace(self, answers={**self.answers, question.address: answer})

    def cleared(self, question: Question) -> Case:
        """Return the case with the question open again; a note on it stays."""
        if question.profile:
            return replace(self, profile=_without(self.profile, question.address))
        answer = self.answers.get(question.address)
        if answer is None or answer.note is None:
            return replace(self, answers=_without(self.answers, question.address))
        noted = Answer(None, answer.note, answer.by, answer.at, answer.kind)
        return replace(self, answers={**self.answers, question.address: noted})

    def noted(
        self,
        question: Question,
        note: str | None,
        by: str,
        at: str,
        kind: EvidenceKind = EvidenceKind.EVIDENCE,
    ) -> Case:
        before = self.answers.get(question.address) or Answer(None)
        answers = dict(self.answers)
        if note is None and before.value is None:
            answers.pop(question.address, None)
        else:
            answers[question.address] = replace(before, note=note, by=by, at=at, kind=kind)
        return replace(self, answers=answers)

    def assigned(self, inspector: str | None) -> Case:
        waits = self.status in (Status.UNASSIGNED, Status.ASSIGNED)
        status = initial_status(inspector) if waits else self.status
        return replace(self, inspector=inspector, status=status)

    def returned(self, remark: Remark) -> Case | None:
        """Return the case with a remark, returned; None where it was not submitted."""
        moved = self.moved(Move.RETURN)
        return None if moved is None else replace(moved, remarks=(*self.remarks, remark))

    def remarks_on(self, question: Question | None) -> tuple[Remark, ...]:
        name = question.address if question else None
        return tuple(remark for remark in self.remarks if remark.question == name)

    def moved(self, move: Move) -> Case | None:
        """Return the case after ``move``; None where that may not happen."""
        status = TRANSITIONS.get((self.status, move))
        if status is None:
            return None
        remarks = () if move is Move.SUBMIT else self.remarks
        return replace(self, status=status, remarks=remarks)


def _without(documents: Mapping[str, T], address: str) -> dict[str, T]:
    return {name: one for name, one in documents.items() if name != address}


def is_reference(text: str) -> bool:
    return bool(REFERENCE.match(text))


def is_case_reference(text: str) -> bool:
    """Return whether a typed text is a reference; without a digit it may well be a name."""
    return is_reference(text) and any(sign.isdigit() for sign in text)
