"""What the parts of a pack are called: names for files, numbers and labels for people."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any, Final

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
                place = report.place(first[name])
                report.add((*path, "name"), "name_repeated", name=name, first=place)
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

    def unique(owners: Iterable[tuple[Path, JSON, str]]) -> None:
        first: dict[str, tuple[Path, JSON]] = {}
        for path, raw, number in owners:
            other = first.setdefault(number.casefold(), (path, raw)) if number else (path, raw)
            if other[0] != path and (raw.get("number") or other[1].get("number")):
                place = (*path, "number") if "number" in raw else path
                taken_by = report.place(other[0])
                report.add(place, "number_repeated", number=number, first=taken_by)

    for questions in draft.forms.values():
        unique((question.path, question.raw, question.number) for question in questions)
    unique((path, raw, text_of(raw.get("number"))) for path, raw in draft.criteria)


def check_labels(report: Report, draft: Draft) -> None:
    """A calculate needs no label, so the schema cannot ask for one; then, the languages."""
    for question in draft.questions:
        if not question.type.worked_out and "label" not in question.raw:
            report.add(question.path, "label_missing", owner="this question")
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
                report.add(path, "label_untranslated", language=language)
        for language in text:
            if language not in common and language not in seen:
                seen.add(language)
                place = (*path, language)
                if not report.is_faulty(place):
                    near, labels = report.near(language, common), counts[language]
                    said = {"language": language, "labels": labels}
                    report.add(
                        place, "language_rare", near, are="is" if labels == 1 else "are", **said
                    )


def _texts(document: JSON) -> Iterator[tuple[Path, Any]]:
    """Every label, hint and message in the document, in its order."""
    waiting: list[tuple[Path, Any]] = [((), document)]
    while waiting:
        path, value = waiting.pop()
        if path and path[-1] in LABELS and isinstance(value, str | dict):
            yield path, value
        elif isinstance(value, dict | list):
            waiting.extend(((*path, part), item) for part, item in reversed([*parts_of(value)]))
