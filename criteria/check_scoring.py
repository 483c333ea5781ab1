"""What the scores are for: criteria and headlines that something counts towards, and bands."""

from __future__ import annotations

from typing import Any

from criteria.check_draft import Draft, Path, objects_in, text_of
from criteria.check_report import Report


def check_scoring(report: Report, draft: Draft) -> None:
    scored = [
        question.raw
        for question in draft.questions
        if draft.is_scored(question) or draft.is_level_item(question)
    ]
    counted = {text_of(raw.get("criterion")) for raw in scored}
    tagged = {
        tag
        for raw in scored
        if isinstance(tags := raw.get("headlines"), list)
        for tag in tags
        if isinstance(tag, str)
    }
    for path, raw in draft.criteria:
        if (name := text_of(raw.get("name"))) and name not in counted | draft.by_levels:
            report.add(path, "criterion_unscored", name=name)
    for path, raw in draft.headlines:
        if (name := text_of(raw.get("name"))) and name not in tagged:
            report.add(path, "headline_unscored", name=name)
    _check_bands(report, draft.document.get("scoring"))


def _check_bands(report: Report, scoring: Any) -> None:
    first: dict[float, Path] = {}
    for path, band in objects_in(scoring, "bands", ("scoring",)):
        cut_point = band.get("from")
        if not isinstance(cut_point, int | float) or report.is_faulty((*path, "from")):
            continue
        if cut_point in first:
            place = report.place(first[cut_point])
            report.add((*path, "from"), "band_repeated", cut_point=cut_point, first=place)
        first.setdefault(cut_point, path)
    if first and min(first) > 0:
        report.add(("scoring", "bands"), "bands_with_a_gap", lowest=min(first))
    if first and "bands_basis" not in scoring:
        report.add(("scoring", "bands"), "bands_without_basis")
