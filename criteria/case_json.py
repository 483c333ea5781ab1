"""A case as JSON, as the inspection file and a chat's session hold it, and back."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from criteria.case import Answer, Case, Evidence, EvidenceKind, Remark
from criteria.case_status import Status, initial_status
from criteria.question import Value


def _value_to_json(value: Value | None) -> Any:
    return list(value) if isinstance(value, tuple) else value


def value_from_json(raw: Any) -> Value:
    return tuple(raw) if isinstance(raw, list) else raw


def answer_to_json(answer: Answer) -> dict[str, Any]:
    """``{"value": "yes", "note": null, "by": "I1", "at": "2026-11-20T10:00:00Z"}``

    A note's ``kind`` stands there if it is not plain evidence, ``settled`` if a lead decided.
    """
    value = _value_to_json(answer.value)
    document = {"value": value, "note": answer.note, "by": answer.by, "at": answer.at}
    if answer.kind is not EvidenceKind.EVIDENCE:
        document["kind"] = answer.kind.value
    if answer.settled is not None:
        document |= {"settled": answer.settled, "given": _value_to_json(answer.given)}
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
        given=value_from_json(raw.get("given")),
    )


def evidence_to_json(evidence: Evidence) -> dict[str, Any]:
    """``on`` and ``state`` are said where it is not on a question, or not there; ``type``,
    ``sha256`` and ``album`` where they are known.
    """
    document = asdict(evidence) | {"kind": evidence.kind.value}
    on, target, state = (document.pop(name) for name in ("on", "target", "state"))
    where = {"question": target} if on == "question" else {"on": on, "target": target}
    for name in ("type", "sha256", "album"):
        if document[name] is None:
            del document[name]
    return where | document | ({} if state == "there" else {"state": state})


def evidence_from_json(raw: Mapping[str, Any]) -> Evidence:
    fields = {"target": None, **raw}
    if "question" in fields:
        fields |= {"on": "question", "target": fields.pop("question")}
    return Evidence(**fields | {"kind": EvidenceKind(raw.get("kind", EvidenceKind.EVIDENCE))})


def head_to_json(case: Case) -> dict[str, Any]:
    """What is said of a case beside its answers; place, subject and links where they are known."""
    head: dict[str, Any] = {"case": case.case, "form": case.form, "inspector": case.inspector}
    if case.place is not None:
        head["place"] = case.place
    head["status"] = case.status.value
    if case.subject is not None:
        head["subject"] = case.subject
    if case.links:
        head["links"] = list(case.links)
    return head


def case_to_json(case: Case) -> dict[str, Any]:
    """A case as the inspection file holds it; ``remarks`` and ``attachments`` if there are any."""
    document = head_to_json(case)
    document["profile"] = {name: _value_to_json(value) for name, value in case.profile.items()}
    document["answers"] = {name: answer_to_json(answer) for name, answer in case.answers.items()}
    if case.reading != 1:
        document["reading"] = case.reading
    if case.remarks:
        document["remarks"] = [asdict(remark) for remark in case.remarks]
    if case.evidence:
        document["attachments"] = [evidence_to_json(one) for one in case.evidence]
    return document


def case_from_json(raw: Mapping[str, Any]) -> Case:
    """The case; where its status is not said, it stands as far as its answers tell."""
    begun = Status.IN_PROGRESS if raw.get("answers") else initial_status(raw.get("inspector"))
    return Case(
        case=raw["case"],
        form=raw["form"],
        inspector=raw.get("inspector"),
        status=Status(raw.get("status", begun)),
        profile={name: value_from_json(value) for name, value in raw.get("profile", {}).items()},
        answers={name: answer_from_json(one) for name, one in raw.get("answers", {}).items()},
        reading=raw.get("reading", 1),
        remarks=tuple(Remark(**one) for one in raw.get("remarks", ())),
        evidence=tuple(evidence_from_json(one) for one in raw.get("attachments", ())),
        place=raw.get("place"),
        subject=raw.get("subject"),
        links=tuple(raw.get("links", ())),
        version=raw.get("version"),
    )
