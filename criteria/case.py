"""A case and its answers: one form, filled for one subject, known by a reference.

All of this is values. Changing an answer makes a new case; the old one stays as it was, so that a
step can be compared with what stood before it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from enum import StrEnum
from typing import Any, Final

from criteria.question import Question, Value

__all__ = ["Value"]

REFERENCE: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.\-]{0,31}\Z")
"""What a case's reference looks like. Short enough for a button, safe as part of a file's name."""


class Status(StrEnum):
    """Where a case stands."""

    UNASSIGNED = "unassigned"
    ASSIGNED = "assigned"
    IN_PROGRESS = "in_progress"
    SUBMITTED = "submitted"
    RETURNED = "returned"
    AGREED = "agreed"

    @property
    def is_in(self) -> bool:
        """Whether the inspector has handed the case in, and it is closed to changes."""
        return self in (Status.SUBMITTED, Status.AGREED)


class Move(StrEnum):
    """What may happen to a case's status."""

    ANSWER = "answer"
    SUBMIT = "submit"
    REOPEN = "reopen"
    RETURN = "return"
    AGREE = "agree"


TRANSITIONS: Final[Mapping[tuple[Status, Move], Status]] = {
    (Status.UNASSIGNED, Move.ANSWER): Status.IN_PROGRESS,
    (Status.ASSIGNED, Move.ANSWER): Status.IN_PROGRESS,
    (Status.ASSIGNED, Move.SUBMIT): Status.SUBMITTED,
    (Status.UNASSIGNED, Move.SUBMIT): Status.SUBMITTED,
    (Status.IN_PROGRESS, Move.ANSWER): Status.IN_PROGRESS,
    (Status.IN_PROGRESS, Move.SUBMIT): Status.SUBMITTED,
    (Status.SUBMITTED, Move.REOPEN): Status.IN_PROGRESS,
    (Status.SUBMITTED, Move.RETURN): Status.RETURNED,
    (Status.AGREED, Move.RETURN): Status.RETURNED,
    (Status.RETURNED, Move.RETURN): Status.RETURNED,
    (Status.RETURNED, Move.ANSWER): Status.RETURNED,
    (Status.RETURNED, Move.SUBMIT): Status.SUBMITTED,
    (Status.SUBMITTED, Move.AGREE): Status.AGREED,
}
"""From a status and a move to the next status. A pair that is not here may not happen."""


class EvidenceKind(StrEnum):
    """What a note, a photo or a voice message is kept as."""

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


@dataclass(frozen=True, slots=True)
class Attachment:
    """A photo or a voice message on a question; ``file`` is its name in the store.

    ``{"question": "q08", "media": "photo", "file": "C001-3f2a….jpg", "kind": "evidence",
    "caption": null, "by": "I1", "at": "2026-11-20T10:00:00Z"}``
    """

    question: str
    media: str
    file: str
    kind: EvidenceKind = EvidenceKind.EVIDENCE
    caption: str | None = field(default=None, repr=False)
    by: str | None = None
    at: str | None = None


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
        """The same case as the other inspector reads it, where it is read twice."""
        return CaseKey(self.case, self.form, 2 if self.reading == 1 else 1)


@dataclass(frozen=True, slots=True)
class Case:
    """``profile`` holds the sample characteristics, plain; ``answers`` the survey's answers.

    ``remarks`` are a lead's while the case is returned; they go when it is submitted again.
    """

    case: str
    form: str
    inspector: str | None = None
    status: Status = Status.UNASSIGNED
    profile: Mapping[str, Value] = field(default_factory=dict, repr=False)
    answers: Mapping[str, Answer] = field(default_factory=dict, repr=False)
    reading: int = 1
    remarks: tuple[Remark, ...] = ()
    attachments: tuple[Attachment, ...] = ()

    @property
    def key(self) -> CaseKey:
        return CaseKey(self.case, self.form, self.reading)

    def value(self, question: Question) -> Value | None:
        """What is answered to this question, or None while it is open."""
        if question.profile:
            return self.profile.get(question.name)
        answer = self.answers.get(question.name)
        return answer.value if answer else None

    def note(self, question: Question) -> str | None:
        answer = self.answers.get(question.name)
        return answer.note if answer else None

    def answered(self, question: Question, value: Value, by: str, at: str) -> Case:
        """This case with one more answer; a note that stood there stays."""
        if question.profile:
            return replace(self, profile={**self.profile, question.name: value})
        before = self.answers.get(question.name)
        kind = before.kind if before else EvidenceKind.EVIDENCE
        answer = Answer(value, self.note(question), by, at, kind)
        return replace(self, answers={**self.answers, question.name: answer})

    def noted(
        self,
        question: Question,
        note: str | None,
        by: str,
        at: str,
        kind: EvidenceKind = EvidenceKind.EVIDENCE,
    ) -> Case:
        """This case with a note on a question; the answer stays as it was."""
        before = self.answers.get(question.name)
        if note is None and (before is None or before.value is None):
            rest = {name: kept for name, kept in self.answers.items() if name != question.name}
            return replace(self, answers=rest)
        if before is None:
            answer = Answer(None, note, by, at, kind)
        else:
            answer = replace(before, note=note, by=by, at=at, kind=kind)
        return replace(self, answers={**self.answers, question.name: answer})

    def assigned(self, inspector: str | None) -> Case:
        """This case as somebody's, or nobody's. What was answered stays."""
        waits = self.status in (Status.UNASSIGNED, Status.ASSIGNED)
        status = initial_status(inspector) if waits else self.status
        return replace(self, inspector=inspector, status=status)

    def returned(self, remark: Remark) -> Case | None:
        """This case given back with a remark; None where it was not handed in."""
        moved = self.moved(Move.RETURN)
        return None if moved is None else replace(moved, remarks=(*self.remarks, remark))

    def remarks_on(self, question: Question | None) -> tuple[Remark, ...]:
        name = question.name if question else None
        return tuple(remark for remark in self.remarks if remark.question == name)

    def moved(self, move: Move) -> Case | None:
        """This case after ``move``, or None where that may not happen."""
        status = TRANSITIONS.get((self.status, move))
        if status is None:
            return None
        remarks = () if move is Move.SUBMIT else self.remarks
        return replace(self, status=status, remarks=remarks)


def is_reference(text: str) -> bool:
    """Whether this can be a case's reference."""
    return bool(REFERENCE.match(text))


def is_case_reference(text: str) -> bool:
    """A reference with a digit in it, as somebody types it: without one it may well be a name."""
    return is_reference(text) and any(sign.isdigit() for sign in text)


def initial_status(inspector: str | None) -> Status:
    return Status.ASSIGNED if inspector else Status.UNASSIGNED


def value_from_json(raw: Any) -> Value:
    return tuple(raw) if isinstance(raw, list) else raw


def answer_to_json(answer: Answer) -> dict[str, Any]:
    """``{"value": "yes", "note": null, "by": "I1", "at": "2026-11-20T10:00:00Z"}``

    A note's ``kind`` stands there if it is not plain evidence, ``settled`` if a lead decided.
    """
    value = list(answer.value) if isinstance(answer.value, tuple) else answer.value
    document: dict[str, Any] = {
        "value": value, "note": answer.note, "by": answer.by, "at": answer.at
    }  # fmt: skip
    if answer.kind is not EvidenceKind.EVIDENCE:
        document["kind"] = answer.kind.value
    if answer.settled is not None:
        given = list(answer.given) if isinstance(answer.given, tuple) else answer.given
        document |= {"settled": answer.settled, "given": given}
    return document


def answer_from_json(raw: Mapping[str, Any]) -> Answer:
    kind, settled = raw.get("kind"), raw.get("settled")
    value = value_from_json(raw["value"])
    if kind is None and settled is None:  # nearly every one
        return Answer(value, raw.get("note"), raw.get("by"), raw.get("at"))
    return Answer(
        value=value,
        note=raw.get("note"),
        by=raw.get("by"),
        at=raw.get("at"),
        kind=EvidenceKind(kind or EvidenceKind.EVIDENCE),
        settled=settled,
        given=None if raw.get("given") is None else value_from_json(raw["given"]),
    )


def attachment_to_json(attachment: Attachment) -> dict[str, Any]:
    return {**asdict(attachment), "kind": attachment.kind.value}


def attachment_from_json(raw: Mapping[str, Any]) -> Attachment:
    return Attachment(**{**raw, "kind": EvidenceKind(raw.get("kind", EvidenceKind.EVIDENCE))})


def case_to_json(case: Case) -> dict[str, Any]:
    """A case as the inspection file holds it; ``remarks`` and ``attachments`` if there are any."""
    document: dict[str, Any] = {
        "case": case.case,
        "form": case.form,
        "inspector": case.inspector,
        "status": case.status.value,
        "profile": {
            name: list(value) if isinstance(value, tuple) else value
            for name, value in case.profile.items()
        },
        "answers": {name: answer_to_json(answer) for name, answer in case.answers.items()},
    }
    if case.reading != 1:
        document["reading"] = case.reading
    if case.remarks:
        document["remarks"] = [asdict(remark) for remark in case.remarks]
    if case.attachments:
        document["attachments"] = [attachment_to_json(one) for one in case.attachments]
    return document


def case_from_json(raw: Mapping[str, Any]) -> Case:
    return Case(
        case=raw["case"],
        form=raw["form"],
        inspector=raw.get("inspector"),
        status=Status(raw.get("status", Status.UNASSIGNED)),
        profile={name: value_from_json(value) for name, value in raw.get("profile", {}).items()},
        answers={name: answer_from_json(one) for name, one in raw.get("answers", {}).items()},
        reading=raw.get("reading", 1),
        remarks=tuple(Remark(**one) for one in raw.get("remarks", ())),
        attachments=tuple(attachment_from_json(one) for one in raw.get("attachments", ())),
    )
