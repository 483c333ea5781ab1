"""Descriptive levels: rules that can be reached, on a list's steps, with items to follow from."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from criteria import pack_issues as issues
from criteria.check_draft import Draft, Path, item_of, objects_in, text_of
from criteria.check_report import Report
from criteria.pack import JSON

LEVELS: Final[Path] = ("scoring", "levels")
CONDITIONS: Final = ("each", "most", "some", "others")
SENSIBLE: Final = ((), ("each",), ("most",), ("some",), ("most", "others"), ("some", "others"))
"""What a rule may ask for."""


def check_levels(report: Report, draft: Draft) -> None:
    by_levels = [path for path, raw in draft.sections if raw.get("method") == "levels"]
    if draft.levels is None:
        for path in by_levels:
            report.add((*path, "method"), issues.levels_missing)
        return
    if not by_levels:
        report.add(LEVELS, issues.levels_unused)
    rules = list(objects_in(draft.levels, "rules", LEVELS))
    for path, rule in rules:
        _check_conditions(report, path, rule)
    items = text_of(item_of(draft.levels, "items"))
    if _check_items(report, draft, items):
        leaves_base = [choice.get("is_na") is True for _, choice in draft.lists[items]]
        names = draft.choice_names[items]
        steps = [name for name, out in zip(names, leaves_base, strict=True) if not out]
        _check_steps(report, items, steps, rules)
        _check_always(report, steps[-1:], rules)
        _check_criteria(report, draft, items)


def _check_items(report: Report, draft: Draft, items: str) -> bool:
    """Whether ``items`` names a list that levels can follow from."""
    path = (*LEVELS, "items")
    if not items or report.is_faulty(path):
        return False
    if items not in draft.lists:
        report.add(path, issues.list_missing, items, report.near.of(items, draft.lists))
    elif items in draft.scales:
        report.add(path, issues.levels_of_scale, items)
    return not report.is_faulty(path)


def _check_conditions(report: Report, path: Path, rule: JSON) -> None:
    said = tuple(name for name in CONDITIONS if name in rule)
    if said not in SENSIBLE:
        report.add(path, issues.rule_unclear, said)


def _check_steps(
    report: Report, items: str, steps: Sequence[str], rules: Sequence[tuple[Path, JSON]]
) -> None:
    for path, rule in rules:
        for name in CONDITIONS:
            step, place = text_of(rule.get(name)), (*path, name)
            if step and step not in steps and not report.is_faulty(place):
                near = report.near.of(step, steps)
                report.add(place, issues.step_missing, step, items, near)


def _check_always(report: Report, worst: Sequence[str], rules: Sequence[tuple[Path, JSON]]) -> None:
    """One rule always holds, the last: it asks for nothing, or for the worst step only."""
    always = [
        path
        for path, rule in rules
        if all(rule[name] in worst for name in CONDITIONS if name in rule)
    ]
    if rules and not always:
        report.add((*LEVELS, "rules"), issues.levels_with_a_gap)
    for path, rule in rules:
        if always and path > always[0]:
            name = text_of(rule.get("name"))
            report.add(path, issues.level_never_reached, name, report.place(always[0]))


def _check_criteria(report: Report, draft: Draft, items: str) -> None:
    counted = {
        text_of(question.raw.get("criterion"))
        for question in draft.questions
        if draft.is_level_item(question)
    }
    for path, raw in draft.criteria:
        name = text_of(raw.get("name"))
        if name in draft.by_levels - counted and name:
            report.add(path, issues.criterion_without_items, name, items)
