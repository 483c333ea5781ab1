"""Check each question: the list, criterion and headlines it names, and unused properties.

Its expressions are checked in :mod:`criteria.instrument.check.expressions`.
"""

from collections.abc import Iterator
from typing import Final

from criteria.instrument.check.draft import UNKNOWN, Draft, DraftQuestion, text_of
from criteria.instrument.check.report import Report

MAX_GROUPS: Final = 8
"""So many groups may stand within each other."""


def check_questions(report: Report, draft: Draft) -> None:
    criteria = [text_of(raw.get("name")) for _, raw in draft.criteria]
    headlines = [text_of(raw.get("name")) for _, raw in draft.headlines]
    for row in draft.unbalanced:
        report.add(row.path, "group_not_ended" if row in draft.groups else "group_not_begun")
    for row in draft.groups:
        if len(row.within) == MAX_GROUPS:
            report.add(row.path, "groups_too_deep", most=MAX_GROUPS)
    for question in draft.questions:
        raw, path = question.raw, question.path
        if question.list_name and (question.type.takes_list or question.type.worked_out):
            _check_list(report, draft, question)
        if (criterion := text_of(raw.get("criterion"))) and criterion not in criteria:
            report.add_missing((*path, "criterion"), "criterion_missing", criterion, criteria)
        tags = raw.get("headlines")
        for index, tag in enumerate(tags if isinstance(tags, list) else ()):
            if text_of(tag) and tag not in headlines:
                place = (*path, "headlines", index)
                report.add_missing(place, "headline_missing", tag, headlines)
        if question.type.worked_out and "calculation" not in raw:
            report.add(path, "calculation_missing")
        _check_parent(report, draft, question)
        for name, why in _unused(draft, question):
            report.add((*path, name), "property_unused", name=name, why=why, owner="question")


def _check_list(report: Report, draft: Draft, question: DraftQuestion) -> None:
    name = question.list_name
    place = (*question.path, "choices" if question.type.worked_out else "type")
    if name not in draft.lists:
        if not report.is_faulty(place):
            report.add_missing(place, "list_missing", name, draft.lists)
    elif name in draft.scales and question.type.takes_several:
        report.add(place, "judgement_of_several", scale=name)
    elif (
        draft.is_judgement(question)
        and question.is_in_survey
        and not text_of(question.raw.get("criterion"))
    ):
        report.add(question.path, "judgement_uncounted", scale=name)


def _check_parent(report: Report, draft: Draft, question: DraftQuestion) -> None:
    """A parent is an earlier question whose yes, or sufficient answer, leads to this one."""
    name, path = text_of(question.raw.get("parent")), (*question.path, "parent")
    if not name or report.is_faulty(path):
        return
    parent = draft.by_name[question.form].get(name) or draft.everywhere.get(name)
    if parent is None:
        near = report.near_named(name, draft.said_questions[question.form])
        report.add(path, "parent_missing", [x for x in near if x != question.name], name=name)
    elif parent.form != question.form or parent.index >= question.index:
        report.add(path, "parent_not_before", name=name, place=report.place(parent.path))
    elif not draft.is_judgement(parent) and not draft.can_be_yes(parent):
        report.add(path, "parent_without_yes", name=name)


def _unused(draft: Draft, question: DraftQuestion) -> Iterator[tuple[str, str]]:
    """The properties that are said of a question, but have no effect on one of its kind."""
    raw, kind = question.raw, question.type
    yield from ((name, kind.unused_because) for name in kind.unused if raw.get(name))
    if kind is not UNKNOWN and not kind.worked_out:
        if "calculation" in raw:
            yield "calculation", "only a calculate is worked out"
        if "choices" in raw:
            yield "choices", "a select names its list in its type"
    if "constraint_message" in raw and "constraint" not in raw:
        yield "constraint_message", "there is no constraint"
    if raw.get("headlines") and question.type.has_value and not raw.get("criterion"):
        yield "headlines", "only a question with a criterion is scored"
    elif raw.get("headlines") and raw.get("scored") is False:
        yield "headlines", "the pack says that this question is not scored"
    if "scored" in raw and not (draft.is_judgement(question) and raw.get("criterion")):
        yield "scored", "only a judgement with a criterion is scored"
