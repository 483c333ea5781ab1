"""How far a case is: one line of an inspection's overview, and its JSON, which a store may keep."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from criteria.case import Case, CaseKey
from criteria.case_status import Status
from criteria.instrument.pack import Pack
from criteria.relevance import Progress, form_state, progress_by_criterion


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
    by_criterion = progress_by_criterion(form_state(form, case))
    lists = (case.profile[name] for name in pack.sample_lists if name in case.profile)
    sample = next(lists, None)
    return CaseSummary(
        key=case.key,
        inspector=case.inspector,
        status=case.status,
        progress=sum(by_criterion.values(), Progress(0, 0)),
        by_criterion=by_criterion,
        sample=sample if isinstance(sample, str) else None,
        at=at,
    )


def damaged_summary(key: CaseKey, why: str) -> CaseSummary:
    return CaseSummary(key, None, Status.UNASSIGNED, Progress(0, 0), damaged=why)


def summary_to_json(summary: CaseSummary) -> dict[str, Any]:
    """Its fields; ``by_criterion`` is a list (``[["c1", 3, 8], …]``), as a name may be null."""
    counts = [[name, one.answered, one.relevant] for name, one in summary.by_criterion.items()]
    return asdict(replace(summary, by_criterion={})) | {"by_criterion": counts}


def summary_from_json(raw: Mapping[str, Any]) -> CaseSummary:
    fields = {
        "key": CaseKey(**raw["key"]),
        "status": Status(raw["status"]),
        "progress": Progress(**raw["progress"]),
        "by_criterion": {name: Progress(*counts) for name, *counts in raw["by_criterion"]},
    }
    return CaseSummary(**{**raw, **fields})
