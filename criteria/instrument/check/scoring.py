"""Check the scoring: every criterion and headline has scored questions, and the bands."""

from typing import Any

from criteria.instrument.check.draft import Draft, Path, objects_in, text_of
from criteria.instrument.check.report import Report


def check_scoring(report: Report, draft: Draft) -> None:
    counted: set[str] = set()
    tagged: set[str] = set()
    for question in draft.questions:
        if draft.is_scored(question) or draft.is_level_item(question):
            counted.add(text_of(question.raw.get("criterion")))
            tags = question.raw.get("headlines")
            tagged.update(text_of(tag) for tag in (tags if isinstance(tags, list) else ()))
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
        if first.setdefault(cut_point, path) != path:
            place = report.place(first[cut_point])
            report.add((*path, "from"), "band_repeated", cut_point=cut_point, first=place)
    if first and min(first) > 0:
        report.add(("scoring", "bands"), "bands_with_a_gap", lowest=min(first))
    if first and "bands_basis" not in scoring:
        report.add(("scoring", "bands"), "bands_without_basis")
