"""What the parts of a pack are called: names for files, numbers and labels for people."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any, Final

from criteria import pack_issues as issues
from criteria.check_draft import Draft, Path, item_of, objects_in, parts_of, text_of
from criteria.check_report import Report
from criteria.pack import JSON

LABELS: Final = frozenset({"form_title", "label", "hint", "constraint_message", "finding"})
"""The properties that people read, in one language or in several."""


def check_names(report: Report, draft: Draft) -> None:
    """Choices are named apart in their list, columns in their set, all else in the pack."""

    def unique(owners: Iterable[tuple[Path, JSON]]) -> None:
        first: dict[str, Path] = {}
        for path, raw in owners:
            name = text_of(raw.get("name"))
            if not name:
                continue
            if name in first:
                report.add((*path, "name"), issues.name_repeated, name, report.place(first[name]))
            first.setdefault(name, path)

    rows = sorted((*draft.questions, *draft.groups), key=lambda row: (row.form, row.index))
    unique((row.path, row.raw) for row in rows)
    unique(objects_in(draft.document, "forms", ()))
    unique(draft.sections)
    unique(draft.criteria)
    unique(draft.headlines)
    unique(objects_in(draft.document.get("scoring"), "bands", ("scoring",)))
    unique(objects_in(draft.levels, "rules", ("scoring", "levels")))
    unique(draft.tables)
    for owners in (*draft.lists.values(), *draft.columns.values()):
        unique(owners)


def check_numbers(report: Report, draft: Draft) -> None:
    """Numbers are what people see: each form's questions need their own, and so do criteria."""
    for questions in draft.forms.values():
        _check_unique_numbers(report, ((one.path, one.raw, one.number) for one in questions))
    criteria = ((path, raw, text_of(raw.get("number"))) for path, raw in draft.criteria)
    _check_unique_numbers(report, criteria)


def _check_unique_numbers(report: Report, owners: Iterable[tuple[Path, JSON, str]]) -> None:
    first: dict[str, tuple[Path, JSON]] = {}
    for path, raw, number in owners:
        other = first.setdefault(number.casefold(), (path, raw)) if number else (path, raw)
        if other[0] != path and (raw.get("number") or other[1].get("number")):
            place = (*path, "number") if "number" in raw else path
            report.add(place, issues.number_repeated, number, report.place(other[0]))


def check_labels(report: Report, draft: Draft) -> None:
    """A calculate needs no label, so the schema cannot ask for one; then, the languages."""
    for question in draft.questions:
        if not question.type.worked_out and "label" not in question.raw:
            report.add(question.path, issues.label_missing, "this question")
    _check_languages(report, draft)


def _check_languages(report: Report, draft: Draft) -> None:
    """Texts without the pack's default language, or without one that most others have."""
    settings = draft.document.get("settings")
    default = text_of(item_of(settings, "default_language")) or "en"
    texts = [
        (path, text if isinstance(text, dict) else {default: text})
        for path, text in _texts(draft.document)
    ]
    counts = Counter(language for _, text in texts for language in text)
    common = [
        default,
        *(one for one, n in counts.items() if one != default and 2 * n >= len(texts)),
    ]
    seen: set[str] = set()
    for path, text in texts:
        for language in common:
            if language not in text:
                report.add(path, issues.label_untranslated, language)
        for language in text:
            if language not in common and language not in seen:
                seen.add(language)
                place = (*path, language)
                if not report.is_faulty(place):
                    near = report.near.of(language, common)
                    report.add(place, issues.language_rare, language, counts[language], near)


def _texts(document: JSON) -> Iterator[tuple[Path, Any]]:
    """Every label, hint and message in the document, in its order."""
    waiting: list[tuple[Path, Any]] = [((), document)]
    while waiting:
        path, value = waiting.pop()
        if path and path[-1] in LABELS and isinstance(value, str | dict):
            yield path, value
        elif isinstance(value, dict | list):
            waiting.extend(((*path, part), item) for part, item in reversed([*parts_of(value)]))
