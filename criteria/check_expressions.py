"""A pack's expressions: whether they can be read, and whether what they name is there."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Mapping
from functools import cached_property
from itertools import chain
from typing import Any, Final

from criteria import pack_issues as issues
from criteria.check_draft import Draft, DraftQuestion, Path, said_of, text_of
from criteria.check_report import Report
from criteria.expressions import THIS, Expression, ExpressionError, both, compiled_once
from criteria.question import OUT_OF_BASE
from criteria.reachability import Reach

EXPRESSIONS: Final = ("relevant", "constraint", "calculation")

MAX_LENGTH: Final = 150_000
"""Of all a pack's different expressions together: reading that many takes a quarter of a second.
The longest of the published instruments' are 5,500 characters."""


def check_expressions(report: Report, draft: Draft) -> None:
    compiled = _compile_all(report, draft)
    references = _References(report, draft, compiled)
    for row in (*draft.questions, *draft.groups):
        for key in EXPRESSIONS:
            if (expression := compiled.get((*row.path, key))) is not None:
                references.check(row, key, expression)
    for path, column in chain.from_iterable(draft.columns.values()):
        if (expression := compiled.get((*path, "where"))) is not None:
            form = draft.form_places.get(text_of(column.get("form")))
            references.check_where((*path, "where"), form, expression)
    relevances = _relevances(report, draft, compiled)
    reach = Reach(draft, relevances)
    for row in (*draft.groups, *draft.questions):
        own, relevant = compiled.get((*row.path, "relevant")), relevances.get(row.path)
        if own is None or relevant is None:
            continue
        places = [(*path, "relevant") for path in (*row.within, row.path)]
        if not any(map(report.is_faulty, places)) and not reach.can_hold(row.form, relevant):
            report.add(places[-1], issues.question_unreachable, relevant.source)


def _relevances(
    report: Report, draft: Draft, compiled: Mapping[Path, Expression]
) -> Mapping[Path, Expression | None]:
    """When a row applies, its groups' relevance included; None where it cannot be read."""
    found: dict[Path, Expression | None] = {}
    length = 0
    for row in (*draft.groups, *draft.questions):
        said = [found[path] for path in row.within[-1:] if path in found]
        if "relevant" in row.raw:
            said.append(compiled.get((*row.path, "relevant")))
        if len(said) == 1 or None in said:
            found[row.path] = None if None in said else said[0]
        elif said:
            found[row.path] = together = both(*said)
            length += len(together.source) if together else 0
            if length > MAX_LENGTH:
                report.add((*row.path, "relevant"), issues.expressions_too_long, MAX_LENGTH)
                break
    return found


def _compile_all(report: Report, draft: Draft) -> Mapping[Path, Expression]:
    """The expressions by their places; those that cannot be compiled are reported."""
    compiled: dict[Path, Expression] = {}
    known: dict[str, Expression | str] = {}
    length = 0
    for path, source in _sources(draft):
        if not isinstance(source, str) or report.is_faulty(path):
            continue
        if source not in known:
            length += len(source)
            if length > MAX_LENGTH:
                report.add(path, issues.expressions_too_long, MAX_LENGTH)
                break
            known[source] = _compiled(source, draft.holidays)
        expression = known[source]
        if isinstance(expression, str):
            report.add(path, issues.expression_broken, source, expression)
        else:
            compiled[path] = expression
    return compiled


def _sources(draft: Draft) -> Iterator[tuple[Path, Any]]:
    """What stands where an expression is expected: in questions, and in columns."""
    for row in (*draft.questions, *draft.groups):
        for key in EXPRESSIONS:
            yield (*row.path, key), row.raw.get(key)
    for path, column in chain.from_iterable(draft.columns.values()):
        yield (*path, "where"), column.get("where")


def _compiled(source: str, holidays: str | None) -> Expression | str:
    """The expression, or why there is none."""
    try:
        return compiled_once(source, holidays)
    except ExpressionError as exc:
        return str(exc)


class _References:
    """Checks what an expression refers to, what it compares that with, and what it results in."""

    def __init__(self, report: Report, draft: Draft, compiled: Mapping[Path, Expression]) -> None:
        self.report = report
        self.draft = draft
        self.compiled = compiled
        self.steps = 100_000  # in looking for circles; beyond them, "comes later" says enough

    def check(self, question: DraftQuestion, key: str, expression: Expression) -> None:
        path = (*question.path, key)
        known = self.draft.by_name[question.form]
        if THIS in expression.symbols and key != "constraint":
            self.report.add(path, issues.answer_itself)
        for name in expression.names:
            self._check_name(question, path, name)
        for name, text in dict.fromkeys(expression.compared):
            other = question if name == THIS else known.get(name)
            if other is not None:
                self._check_comparison(path, other, text)
        if key == "calculation" and question.type.worked_out:
            self._check_results(path, question, expression)

    def check_where(self, path: Path, form: int | None, expression: Expression) -> None:
        """What a column asks of its cases: of those of one form, or of any."""
        if THIS in expression.symbols:
            self.report.add(path, issues.answer_itself)
        for name in expression.names:
            other = self.draft.everywhere.get(name)
            if other is None:
                draft = self.draft
                said = draft.said_everywhere if form is None else draft.said_questions[form]
                near = self.report.near.named(name, said)
                self.report.add(path, issues.question_unknown, name, near)
            elif form is not None and name not in self.draft.by_name[form]:
                place = self.report.place(other.path)
                self.report.add(path, issues.question_elsewhere, name, place)
            elif not other.type.has_value:
                self.report.add(path, issues.question_never_answered, name)
        for name, text in dict.fromkeys(expression.compared):
            if (other := self.draft.everywhere.get(name)) is not None:
                self._check_comparison(path, other, text)

    # --- the questions it names ---

    def _check_name(self, question: DraftQuestion, path: Path, name: str) -> None:
        add = self.report.add
        other = self.draft.by_name[question.form].get(name)
        if name == question.name:
            add(path, issues.question_itself, name)
        elif other is not None and other.index > question.index:
            circle = [] if path[-1] == "constraint" else self._circle(question, other)
            if circle:
                add(path, issues.questions_in_a_circle, circle)
            else:
                add(path, issues.question_later, name, self.report.place(other.path))
        elif other is not None and not other.type.has_value:
            add(path, issues.question_never_answered, name)
        elif other is None and name in self.draft.everywhere:
            place = self.report.place(self.draft.everywhere[name].path)
            add(path, issues.question_elsewhere, name, place)
        elif other is None:
            add(path, issues.question_missing, name, self._near_questions(question, name))

    def _circle(self, start: DraftQuestion, first: DraftQuestion) -> list[str]:
        """The names on the way from ``start`` by ``first`` back to it, if there is one."""
        known = self.draft.by_name[start.form]
        came_from: dict[str, str] = {first.name: start.name}
        waiting = deque([first])
        while waiting and self.steps > 0:
            here = waiting.popleft()
            for key in ("relevant", "calculation"):
                expression = self.compiled.get((*here.path, key))
                for name in expression.names if expression else ():
                    self.steps -= 1
                    if name == start.name:
                        return [name, *_way(came_from, here.name, name), name]
                    if name in known and name not in came_from:
                        came_from[name] = here.name
                        waiting.append(known[name])
        return []

    # --- the choices it names ---

    def _check_comparison(self, path: Path, question: DraftQuestion, text: str) -> None:
        add = self.report.add
        choices = self.draft.choice_names.get(question.list_name)
        if text == "" or (choices and text in choices):
            return
        if text in OUT_OF_BASE:
            if not (question.allows(text) or question.type.free_text or question.type.worked_out):
                add(path, issues.answer_not_allowed, text, question.name)
        elif choices is not None and (question.type.takes_list or question.type.worked_out):
            for one in text.split() if question.type.takes_several else [text]:
                if one not in choices:
                    near = self._near_choices(question, one)
                    add(path, issues.choice_missing, one, question.name, near)

    def _check_results(self, path: Path, question: DraftQuestion, expression: Expression) -> None:
        """A calculate may leave its answer open, or out of the base; else it gives a choice."""
        choices = self.draft.choice_names.get(question.list_name)
        if choices is None:
            return
        for text in dict.fromkeys(expression.results):
            if text not in ("", *OUT_OF_BASE, *choices):
                near = self._near_choices(question, text)
                self.report.add(path, issues.result_not_listed, text, question.list_name, near)

    # --- what was meant ---

    def _near_questions(self, question: DraftQuestion, name: str) -> tuple[str, ...]:
        """The names of other questions whose name or number is near."""
        near = self.report.near.named(name, self.draft.said_questions[question.form])
        return tuple(one for one in near if one != question.name)

    def _near_choices(self, question: DraftQuestion, text: str) -> tuple[str, ...]:
        return self.report.near.named(text, self._said_choices[question.list_name])

    @cached_property
    def _said_choices(self) -> Mapping[str, Mapping[str, str]]:
        """By list: the names of its choices, by all that people may call them."""
        return {
            name: {
                text: text_of(choice.get("name"))
                for path, choice in choices
                for _, text, _ in said_of(path, choice)
            }
            for name, choices in self.draft.lists.items()
        }


def _way(came_from: Mapping[str, str], last: str, start: str) -> list[str]:
    way = [last]
    while came_from[way[-1]] != start:
        way.append(came_from[way[-1]])
    return way[::-1]
