"""An inspection beside an earlier one, as text: what ``casewalk compare`` and ``/compare`` say."""

from collections.abc import Iterable
from fractions import Fraction
from textwrap import shorten
from typing import Final

from bot.messages import Messages, messages, say
from criteria.report.change_rows import ChangeRow, change_rows
from criteria.report.labels import Named
from criteria.scoring.score import InspectionScore, percent
from storage.exports import report_words as words

LABEL: Final = 52
MAX_ROWS: Final = 8


def comparison_report(before: InspectionScore, after: InspectionScore) -> str:
    """Sections with their criteria, headlines, then every question that changed."""
    changes = change_rows(before, after)
    lines = [f"{'':{LABEL}} before  after  change"]
    for section in changes.sections:
        lines += _row(section.total)
        for row in section.criteria.values():
            lines += [f"  {_levels(say, row)}"] if row.levels else _row(row, indent=2)
    for row in changes.headlines:
        lines += _row(row)
    if changes.changed_questions:
        lines += ["", say("compare-most-first")]
    for row in changes.changed_questions:
        lines += _row(row, indent=2)
    return "\n".join(lines)


def _row(row: ChangeRow, indent: int = 0) -> Iterable[str]:
    change = row.change
    if change is not None and row.has_figures:
        label = " " * indent + shorten(row.label, LABEL - indent, placeholder="…")
        points = "     –" if change.points is None else f"{change.points:+6d}"
        warning = f"  {change.warning}" if change.warning else ""
        figures = f"{_whole(change.before)}   {_whole(change.after)}  {points}"
        yield f"{label:{LABEL}} {figures}{warning}"


def _whole(share: Fraction | None) -> str:
    return "   – " if share is None else f"{percent(share):3d}% "


def _levels(say: Messages, row: ChangeRow) -> str:
    before, after = row.levels or (None, None)
    return f"{row.label}: {_level(say, before)} → {_level(say, after)}"


def _level(say: Messages, level: Named | None) -> str:
    return level.label if level else say("no-level")


def comparison_lines(
    before: InspectionScore, after: InspectionScore, language: str | None = None
) -> list[str]:
    """The same for a phone, narrow: ``67% → 72% (+5)`` under each name; what changed most last."""
    say, changes = messages(language), change_rows(before, after, language)
    lines = []
    for section in changes.sections:
        if section.total.change and not section.by_levels:
            lines += ["", *_narrow(section.total, section.total.label)]
        for row in section.criteria.values():
            lines += [_levels(say, row)] if row.levels else _narrow(row, row.label)
    if any(row.change for row in changes.headlines):
        lines += ["", say("headlines")]
    for row in changes.headlines:
        lines += _narrow(row, row.label)
    if changes.changed_questions:
        lines += ["", say("compare-most")]
    for row in changes.changed_questions[:MAX_ROWS]:
        title = shorten(row.title, LABEL, placeholder="…")
        lines += _narrow(row, f"{row.number} {title}")
    return lines


def _narrow(row: ChangeRow, label: str) -> Iterable[str]:
    change = row.change
    if change is not None and row.has_figures:
        points = "" if change.points is None else f" ({change.points:+d})"
        figures = f"{words.share(change.before)} → {words.share(change.after)}{points}"
        yield f"{figures} {label}" + (f" – {change.warning}" if change.warning else "")
