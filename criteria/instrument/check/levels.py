"""Check the rules for descriptive levels: their conditions, steps, order and items."""

from collections.abc import Sequence
from typing import Final

from criteria.instrument.check.draft import Draft, Path, item_of, objects_in, text_of
from criteria.instrument.check.issues import listed
from criteria.instrument.check.report import Report
from criteria.instrument.pack import JSON

LEVELS: Final[Path] = ("scoring", "levels")
CONDITIONS: Final = ("each", "most", "some", "others")
SENSIBLE: Final = ((), ("each",), ("most",), ("some",), ("most", "others"), ("some", "others"))
"""The combinations of conditions that a rule may have."""


def check_levels(report: Report, draft: Draft) -> None:
    by_levels = [path for path, raw in draft.sections if raw.get("method") == "levels"]
    if draft.levels is None:
        for path in by_levels:
            report.add((*path, "method"), "levels_missing")
        return
    if not by_levels:
        report.add(LEVELS, "levels_unused")
    rules = list(objects_in(draft.levels, "rules", LEVELS))
    for path, rule in rules:
        said = tuple(name for name in CONDITIONS if name in rule)
        if said not in SENSIBLE:
            report.add(path, "rule_unclear", names=listed(said, ", "))
    path, items = (*LEVELS, "items"), text_of(item_of(draft.levels, "items"))
    if not items or report.is_faulty(path):
        return
    if items not in draft.lists:
        report.add_missing(path, "list_missing", items, draft.lists)
    elif items in draft.scales:
        report.add(path, "levels_of_scale", name=items)
    else:
        choices = [choice for _, choice in draft.lists[items] if choice.get("is_na") is not True]
        steps = [text_of(choice.get("name")) for choice in choices]
        _check_steps(report, items, steps, rules)
        _check_always(report, steps[-1:], rules)
        _check_criteria(report, draft, items)


def _check_steps(
    report: Report, items: str, steps: Sequence[str], rules: Sequence[tuple[Path, JSON]]
) -> None:
    for path, rule in rules:
        for name in CONDITIONS:
            step, place = text_of(rule.get(name)), (*path, name)
            if step and step not in steps and not report.is_faulty(place):
                report.add_missing(place, "step_missing", step, steps, choices=items)


def _check_always(report: Report, worst: Sequence[str], rules: Sequence[tuple[Path, JSON]]) -> None:
    """Only the last rule always holds: it has no condition, or asks for the worst step only."""
    always = [
        path
        for path, rule in rules
        if all(rule[name] in worst for name in CONDITIONS if name in rule)
    ]
    if rules and not always:
        report.add((*LEVELS, "rules"), "levels_with_a_gap")
    for path, rule in rules:
        if always and path > always[0]:
            name, first = text_of(rule.get("name")), report.place(always[0])
            report.add(path, "level_never_reached", name=name, first=first)


def _check_criteria(report: Report, draft: Draft, items: str) -> None:
    counted = {
        text_of(question.raw.get("criterion"))
        for question in draft.questions
        if draft.is_level_item(question)
    }
    for path, raw in draft.criteria:
        name = text_of(raw.get("name"))
        if name in draft.by_levels - counted and name:
            report.add(path, "criterion_without_items", name=name, choices=items)
