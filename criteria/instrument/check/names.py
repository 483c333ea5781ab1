"""Check what the parts of a pack are called: their names, numbers and labels."""

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any, Final

from criteria.instrument.check.draft import Draft, Path, item_of, objects_in, parts_of, text_of
from criteria.instrument.check.report import Report
from criteria.instrument.pack import JSON

LABELS: Final = frozenset({"form_title", "label", "hint", "constraint_message", "finding"})
"""The properties that hold a text for people, in one or several languages."""


def check_names(report: Report, draft: Draft) -> None:
    """Names are unique: a choice's in its list, a column's in its set, others in the pack.

    Two that differ in capitals only would be mixed up by people and by files' columns.
    """

    def unique(owners: Iterable[tuple[Path, JSON]]) -> None:
        first: dict[str, tuple[Path, str]] = {}
        for path, raw in owners:
            name = text_of(raw.get("name"))
            there, other = first.setdefault(name.casefold(), (path, name))
            if name and there != path:
                code = "name_repeated" if other == name else "name_differs_by_case"
                report.add((*path, "name"), code, name=name, first=report.place(there))

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
    """The numbers that people see are unique among a form's questions, and among criteria."""

    def unique(owners: Iterable[tuple[Path, JSON, str]]) -> None:
        first: dict[str, tuple[Path, JSON]] = {}
        for path, raw, number in owners:
            there, other = first.setdefault(number.casefold(), (path, raw))
            if number and there != path and (raw.get("number") or other.get("number")):
                place = (*path, "number") if "number" in raw else path
                report.add(place, "number_repeated", number=number, first=report.place(there))

    for questions in draft.forms.values():
        unique((question.path, question.raw, question.number) for question in questions)
    unique((path, raw, text_of(raw.get("number"))) for path, raw in draft.criteria)


def check_labels(report: Report, draft: Draft) -> None:
    """Every question but a calculate has a label; the schema cannot ask for that."""
    for question in draft.questions:
        if not question.type.worked_out and "label" not in question.raw:
            report.add(question.path, "label_missing", owner="this question")
    _check_languages(report, draft)


def _check_languages(report: Report, draft: Draft) -> None:
    """Report texts that lack the default language or a common one, and rare languages."""
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
                n, are = counts[language], "is" if counts[language] == 1 else "are"
                if not report.is_faulty(place):
                    report.add_missing(place, "language_rare", language, common, n=n, are=are)


def _texts(document: JSON) -> Iterator[tuple[Path, Any]]:
    waiting: list[tuple[Path, Any]] = [((), document)]
    while waiting:
        path, value = waiting.pop()
        if path and path[-1] in LABELS and isinstance(value, str | dict):
            yield path, value
        elif isinstance(value, dict | list):
            waiting.extend(((*path, part), item) for part, item in reversed([*parts_of(value)]))
