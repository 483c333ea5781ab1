"""An inspection beside an earlier one, as text: what ``casewalk compare`` prints."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from fractions import Fraction
from textwrap import shorten

from bot.wording import en as say
from criteria.comparison import Change, Comparison
from criteria.scoring import InspectionScore, percent

LABEL = 52
MOST = 8


def comparison_report(
    comparison: Comparison, before: InspectionScore, after: InspectionScore
) -> str:
    """Sections with their criteria, headlines, then every question that changed."""
    pack = after.pack
    lines = [f"{'':{LABEL}} before  after  change"]
    for section in pack.sections:
        lines += _rows(comparison.sections, section.name, pack.text(section.label))
        for criterion in section.criteria:
            label = f"  {criterion.number} {pack.text(criterion.label)}"
            if criterion.name in after.levels:
                lines.append(_level_row(criterion.name, label, before, after))
            else:
                lines += _rows(comparison.criteria, criterion.name, label)
    for headline in pack.headlines:
        lines += _rows(comparison.headlines, headline.name, pack.text(headline.label))
    changed = [change for change in comparison.questions.values() if change.points]
    if changed:
        lines += ["", "Questions that changed, most first"]
        for change in sorted(changed, key=lambda one: -abs(one.points or 0)):
            question = after.questions[change.name].question
            label = f"  {question.number} {pack.text(question.label)}"
            lines.append(_row(change, label))
    return "\n".join(lines)


def comparison_lines(
    comparison: Comparison,
    before: InspectionScore,
    after: InspectionScore,
    language: str | None = None,
) -> list[str]:
    """The same for a phone, narrow: ``67% → 72% (+5)`` under each name; what changed most last."""
    pack = after.pack
    lines = []
    for section in pack.sections:
        if section.name in comparison.sections and not section.by_levels:
            lines += ["", *_narrow(comparison.sections[section.name], pack.text(section.label))]
        for criterion in section.criteria:
            label = f"{criterion.number} {pack.text(criterion.label, language)}"
            if criterion.name in after.levels:
                levels = f"{_level(before, criterion.name)} → {_level(after, criterion.name)}"
                lines.append(f"{label}: {levels}")
            elif criterion.name in comparison.criteria:
                lines += _narrow(comparison.criteria[criterion.name], label)
    if comparison.headlines:
        lines += ["", say.HEADLINES]
    for headline in pack.headlines:
        if headline.name in comparison.headlines:
            lines += _narrow(comparison.headlines[headline.name], pack.text(headline.label))
    changed = [one for one in comparison.questions.values() if one.points]
    changed.sort(key=lambda one: -abs(one.points or 0))
    if changed:
        lines += ["", "What changed most"]
    for change in changed[:MOST]:
        question = after.questions[change.name].question
        label = shorten(pack.text(question.label, language), LABEL, placeholder="…")
        lines += _narrow(change, f"{question.number} {label}")
    return lines


def _narrow(change: Change, label: str) -> Iterable[str]:
    if (change.before, change.after) == (None, None):
        return
    points = "" if change.points is None else f" ({change.points:+d})"
    figures = f"{_whole(change.before).strip()} → {_whole(change.after).strip()}{points}"
    yield f"{figures} {label}" + (f" – {change.warning}" if change.warning else "")


def _rows(changes: Mapping[str, Change], name: str, label: str) -> Iterable[str]:
    if name in changes and (changes[name].before, changes[name].after) != (None, None):
        yield _row(changes[name], label)


def _row(change: Change, label: str) -> str:
    points = "     –" if change.points is None else f"{change.points:+6d}"
    warning = f"  {change.warning}" if change.warning else ""
    indent = len(label) - len(label.lstrip())
    label = " " * indent + shorten(label, LABEL - indent, placeholder="…")
    return f"{label:{LABEL}} {_whole(change.before)}   {_whole(change.after)}  {points}{warning}"


def _whole(share: Fraction | None) -> str:
    return "   – " if share is None else f"{percent(share):3d}% "


def _level_row(name: str, label: str, before: InspectionScore, after: InspectionScore) -> str:
    return f"{label}: {_level(before, name)} → {_level(after, name)}"


def _level(score: InspectionScore, name: str) -> str:
    level = score.levels.get(name)
    return score.pack.text(level.label) if level else "not followed up"
