"""Check columns and tables: what they name exists and suits the kind of table.

A column's ``where`` is checked in :mod:`criteria.instrument.check.expressions`.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Final

from criteria.instrument.check.draft import Draft, DraftQuestion, Path, item_of, objects_in, text_of
from criteria.instrument.check.report import Report
from criteria.instrument.pack import JSON

Placed = tuple[Path, DraftQuestion]
"""A question, and the place where a table names it."""

PARTS: Final[Mapping[str, Mapping[str, tuple[str, ...]]]] = {
    "table": {
        "answers": ("rows", "columns"),
        "agreement": ("questions",),
        "factors": ("rows",),
        "numbers": ("rows",),
    },
    "row": {
        "answers": ("questions",),
        "factors": ("factor", "progress"),
        "numbers": ("questions",),
    },
}
"""The parts of a table and of a row, by the table's kind. The first is required."""


def check_sample_lists(report: Report, draft: Draft) -> None:
    """The questions that tell the sample's lists apart belong to a profile."""
    settings = draft.document.get("settings")
    names = item_of(settings, "sample_lists")
    for place, name in enumerate(names if isinstance(names, list) else ()):
        path = ("settings", "sample_lists", place)
        question = draft.everywhere.get(text_of(name))
        if report.is_faulty(path):
            continue
        if question is None:
            report.add_missing(path, "question_unknown", name, draft.everywhere)
        elif question.is_in_survey:
            report.add(path, "sample_list_in_survey", name=name)


def check_tables(report: Report, draft: Draft) -> None:
    used = {text_of(table.get("columns")) for _, table in draft.tables}
    for name, columns in draft.columns.items():
        if name not in used:
            report.add(("columns", name), "columns_unused", name=name)
        for path, column in columns:
            _check_known(report, (*path, "form"), column, "form_missing", draft.form_places)
    for path, table in draft.tables:
        kind = text_of(table.get("kind"))
        if kind in KIND_CHECKS:
            _check_known(report, (*path, "columns"), table, "columns_missing", draft.columns)
            _check_parts(report, path, table, "table", kind)
            for place, row in objects_in(table, "rows", path):
                if kind in PARTS["row"]:
                    _check_parts(report, place, row, "row", kind)
            KIND_CHECKS[kind](report, draft, path, table)


def _check_known(
    report: Report, path: Path, owner: JSON, code: str, known: Mapping[str, object]
) -> None:
    name = text_of(owner.get(str(path[-1])))
    if name and name not in known and not report.is_faulty(path):
        report.add_missing(path, code, name, known)


def _check_parts(report: Report, path: Path, raw: JSON, owner: str, kind: str) -> None:
    """A table or row has its required part, and no part of another kind."""
    parts = PARTS[owner][kind]
    if parts[0] not in raw:
        report.add(path, "property_missing", name=parts[0], owner=f"a {owner} of {kind}")
    others = {name: None for by_kind in PARTS[owner].values() for name in by_kind}
    for name in others:
        if name in raw and name not in parts and not report.is_faulty((*path, name)):
            why = f"a {owner} of {kind} has no {name}"
            report.add((*path, name), "property_unused", name=name, why=why, owner=owner)


def _question(report: Report, draft: Draft, path: Path) -> DraftQuestion | None:
    """Return the question named at this place, if it exists and is answered."""
    here = report.document
    for part in path:
        here = item_of(here, part)
    name = text_of(here)
    if not name or report.is_faulty(path):
        return None
    question = draft.everywhere.get(name)
    if question is None:
        near = report.near_named(name, draft.said_everywhere)
        report.add(path, "question_unknown", near, name=name)
    elif not question.type.has_value:
        report.add(path, "question_never_answered", name=name)
        return None
    return question


def _questions(report: Report, draft: Draft, path: Path, raw: JSON) -> Iterator[Placed]:
    names = raw.get("questions")
    for index in range(len(names) if isinstance(names, list) else 0):
        place = (*path, "questions", index)
        if (question := _question(report, draft, place)) is not None:
            yield place, question


def _one_for_each_form(report: Report, draft: Draft, path: Path, raw: JSON) -> list[Placed]:
    by_form: dict[int, Placed] = {}
    for place, question in _questions(report, draft, path, raw):
        _, other = by_form.setdefault(question.form, (place, question))
        if by_form[question.form][0] != place:
            report.add(place, "row_asks_twice", name=question.name, other=other.name)
    return list(by_form.values())


def _same_answers(draft: Draft, one: DraftQuestion, other: DraftQuestion) -> bool:
    """Whether both have the same choices or, without choices, the same type."""
    known = draft.choice_names
    if one.list_name in known and other.list_name in known:
        several = [question.type.takes_several for question in (one, other)]
        same = set(known[one.list_name]) == set(known[other.list_name])
        return several[0] == several[1] and same
    return one.type is other.type


def _check_answers(report: Report, draft: Draft, path: Path, table: JSON) -> None:
    columns = draft.columns.get(text_of(table.get("columns")), ())
    mixed = not columns or any("form" not in column for _, column in columns)
    for place, row in objects_in(table, "rows", path):
        asked = _one_for_each_form(report, draft, place, row)
        for here, question in asked[1:] if mixed else ():
            if not _same_answers(draft, asked[0][1], question):
                report.add(here, "choices_differ", name=question.name, other=asked[0][1].name)


def _check_agreement(report: Report, draft: Draft, path: Path, table: JSON) -> None:
    asked = list(_questions(report, draft, path, table))
    if len(asked) != 2:
        return
    (_, first), (place, second) = asked
    if first.form == second.form:
        report.add(place, "agreement_of_one_form", name=second.name, other=first.name)
    elif not _same_answers(draft, first, second):
        report.add(place, "choices_differ", name=second.name, other=first.name)


def _check_factors(report: Report, draft: Draft, path: Path, table: JSON) -> None:
    for here, _ in objects_in(table, "rows", path):
        place = (*here, "progress")
        factor = _question(report, draft, (*here, "factor"))
        progress = _question(report, draft, place)
        if factor is not None and not draft.can_be_yes(factor):
            report.add((*here, "factor"), "factor_without_yes", name=factor.name)
        if progress is None:
            continue
        if not draft.is_judgement(progress):
            report.add(place, "progress_not_judged", name=progress.name)
        elif factor is not None and factor.form != progress.form:
            report.add(place, "progress_elsewhere", name=progress.name, factor=factor.name)


def _check_numbers(report: Report, draft: Draft, path: Path, table: JSON) -> None:
    for here, row in objects_in(table, "rows", path):
        for place, question in _one_for_each_form(report, draft, here, row):
            if not (question.type.is_number and not question.list_name):
                report.add(place, "question_not_of_numbers", name=question.name)


KIND_CHECKS: Final[Mapping[str, Callable[[Report, Draft, Path, JSON], None]]] = {
    "answers": _check_answers,
    "agreement": _check_agreement,
    "factors": _check_factors,
    "numbers": _check_numbers,
}
