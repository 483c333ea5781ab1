"""How far a case is: one line of an inspection's overview, as a store may keep it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import astuple, dataclass, field
from typing import Any

from criteria.case import Case, CaseKey
from criteria.case_status import Status
from criteria.instrument.pack import Pack
from criteria.relevance import Progress, form_state


@dataclass(frozen=True, slots=True)
class CaseSummary:
    """One line of an inspection's list: how far a case is.

    ``by_criterion`` has the facts about the case under None. ``sample`` is the answer that tells
    which of the pack's sample lists it is in. ``at`` is when it last changed. ``damaged`` says why
    a case cannot be read, else None; the other figures then mean nothing.
    """

    key: CaseKey
    inspector: str | None
    status: Status
    progress: Progress
    damaged: str | None = None
    by_criterion: Mapping[str | None, Progress] = field(default_factory=dict)
    sample: str | None = field(default=None, repr=False)
    at: str = ""


def case_summary(pack: Pack, case: Case, at: str) -> CaseSummary:
    """``at`` is when the case last changed. Raises :class:`LookupError` with what is amiss."""
    form = pack.form(case.form)
    if form is None:
        raise LookupError(f"the inspection's pack has no form {case.form!r}")
    state = form_state(form, case)
    values = state.values
    relevant = Counter(question.criterion for question in state.asked)
    answered = Counter(question.criterion for question in state.asked if question.name in values)
    lists = (case.profile[name] for name in pack.sample_lists if name in case.profile)
    sample = next(lists, None)
    return CaseSummary(
        key=case.key,
        inspector=case.inspector,
        status=case.status,
        progress=Progress(answered.total(), relevant.total()),
        by_criterion={name: Progress(answered[name], of) for name, of in relevant.items()},
        sample=sample if isinstance(sample, str) else None,
        at=at,
    )


def damaged_summary(key: CaseKey, why: str) -> CaseSummary:
    return CaseSummary(key, None, Status.UNASSIGNED, Progress(0, 0), damaged=why)


def summary_to_json(summary: CaseSummary) -> dict[str, Any]:
    """``{"key": ["C001", "case-file", 1], "progress": [3, 8], "by_criterion": [["c1", 3, 8]], …}``

    ``by_criterion`` is a list, as its names have an order and one of them may be null.
    """
    return {
        "key": list(astuple(summary.key)),
        "inspector": summary.inspector,
        "status": summary.status.value,
        "progress": list(astuple(summary.progress)),
        "by_criterion": [
            [name, one.answered, one.relevant] for name, one in summary.by_criterion.items()
        ],
        "sample": summary.sample,
        "at": summary.at,
        "damaged": summary.damaged,
    }


def summary_from_json(raw: Mapping[str, Any]) -> CaseSummary:
    return CaseSummary(
        key=CaseKey(*raw["key"]),
        inspector=raw["inspector"],
        status=Status(raw["status"]),
        progress=Progress(*raw["progress"]),
        by_criterion={name: Progress(*counts) for name, *counts in raw["by_criterion"]},
        sample=raw["sample"],
        at=raw["at"],
        damaged=raw["damaged"],
    )
