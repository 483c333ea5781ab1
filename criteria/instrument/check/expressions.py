"""Check a pack's expressions: their syntax, and the questions and choices they name."""

from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property, partial
from itertools import chain
from typing import Any, Final

from criteria.expressions import THIS, TODAY, Expression, ExpressionError, both, compiled_once
from criteria.instrument.check.draft import (
    Draft,
    DraftQuestion,
    Path,
    parts_of,
    said_of,
    text_of,
)
from criteria.instrument.check.issues import quoted_source
from criteria.instrument.check.operands import Operands
from criteria.instrument.check.reachability import Reach
from criteria.instrument.check.report import Report
from criteria.instrument.pack import NAMED
from criteria.question import OUT_OF_BASE

EXPRESSIONS: Final = ("relevant", "constraint", "calculation")

MAX_LENGTH: Final = 150_000
"""Characters of all different expressions of a pack, which take a quarter of a second to parse.
The published instruments have at most 5,500."""


def check_expressions(report: Report, draft: Draft) -> None:
    compiled = _compile_all(report, draft)
    references = _References(report, draft, compiled)
    operands = Operands(draft, compiled)
    for row in (*draft.questions, *draft.groups):
        for key in EXPRESSIONS:
            if (expression := compiled.get((*row.path, key))) is not None:
                references.check(row, key, expression)
                named = partial(_named_in, draft, row)
                _check_operands(report, (*row.path, key), operands.problems(expression, named))
        references.check_texts(row)
    for path, column in chain.from_iterable(draft.columns.values()):
        if (expression := compiled.get((*path, "where"))) is not None:
            form = draft.form_places.get(text_of(column.get("form")))
            references.check_where((*path, "where"), form, expression)
            problems = operands.problems(expression, draft.everywhere.get)
            _check_operands(report, (*path, "where"), problems)
    relevances = _relevances(report, draft, compiled)
    reach = Reach(draft, relevances, compiled)
    for row in (*draft.groups, *draft.questions):
        own, relevant = compiled.get((*row.path, "relevant")), relevances.get(row.path)
        if own is None or relevant is None:
            continue
        places = [(*path, "relevant") for path in (*row.within, row.path)]
        if not any(map(report.is_faulty, places)) and not reach.can_hold(row.form, relevant):
            report.add(places[-1], "question_unreachable", source=quoted_source(relevant.source))
    for question in draft.questions:
        place = (*question.path, "constraint")
        constraint = compiled.get(place)
        if constraint is None or report.is_faulty(place):
            continue
        if not question.type.worked_out and not reach.can_be_met(question, constraint):
            report.add(place, "constraint_impossible", source=quoted_source(constraint.source))


def _named_in(draft: Draft, row: DraftQuestion, name: str) -> DraftQuestion | None:
    return row if name == THIS else draft.by_name[row.form].get(name)


def _check_operands(report: Report, path: Path, problems: Iterable[str]) -> None:
    for what in () if report.is_faulty(path) else dict.fromkeys(problems):
        report.add(path, "types_differ", what=what)


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
                report.add((*row.path, "relevant"), "expressions_too_long", most=MAX_LENGTH)
                break
    return found


def _compile_all(report: Report, draft: Draft) -> Mapping[Path, Expression]:
    compiled: dict[Path, Expression] = {}
    known: dict[str, Expression | ExpressionError] = {}
    length = 0
    for path, source in _sources(draft):
        if not isinstance(source, str) or report.is_faulty(path):
            continue
        if source not in known:
            length += len(source)
            if length > MAX_LENGTH:
                report.add(path, "expressions_too_long", most=MAX_LENGTH)
                break
            try:
                known[source] = compiled_once(source, draft.holidays)
            except ExpressionError as exc:
                known[source] = exc
        expression = known[source]
        if isinstance(expression, Expression):
            compiled[path] = expression
        else:
            report.add(path, "expression_broken", source=quoted_source(source), why=expression)
    return compiled


def _sources(draft: Draft) -> Iterator[tuple[Path, Any]]:
    for row in (*draft.questions, *draft.groups):
        for key in EXPRESSIONS:
            yield (*row.path, key), row.raw.get(key)
    for path, column in chain.from_iterable(draft.columns.values()):
        yield (*path, "where"), column.get("where")


class _References:
    """Checks the questions an expression names, the choices it compares, and its results."""

    def __init__(self, report: Report, draft: Draft, compiled: Mapping[Path, Expression]) -> None:
        self.report = report
        self.draft = draft
        self.compiled = compiled
        self.steps = 100_000  # in looking for circles; beyond them, "comes later" says enough

    def check(self, question: DraftQuestion, key: str, expression: Expression) -> None:
        path = (*question.path, key)
        known = self.draft.by_name[question.form]
        if THIS in expression.symbols and key != "constraint":
            self.report.add(path, "answer_itself")
        if TODAY in expression.symbols and key != "constraint":
            self.report.add(path, "today_elsewhere")
        for name in expression.names:
            self._check_name(question, path, name)
        for name, text in dict.fromkeys(expression.compared):
            other = question if name == THIS else known.get(name)
            if other is not None:
                self._check_comparison(path, other, text)
        if key == "calculation" and question.type.worked_out:
            self._check_results(path, question, expression)

    def check_texts(self, row: DraftQuestion) -> None:
        """A label or a hint may hold the answers to earlier questions, as ``${name}``."""
        for key in ("label", "hint", "constraint_message"):
            texts = row.raw.get(key)
            for part, text in parts_of(texts) if isinstance(texts, dict) else ((None, texts),):
                path = (*row.path, key) if part is None else (*row.path, key, part)
                for name in dict.fromkeys(NAMED.findall(text_of(text))):
                    self._check_name(row, path, name)

    def check_where(self, path: Path, form: int | None, expression: Expression) -> None:
        """Check a column's condition on its cases: those of one form, or of all forms."""
        add, draft = self.report.add, self.draft
        if THIS in expression.symbols:
            add(path, "answer_itself")
        if TODAY in expression.symbols:
            add(path, "today_elsewhere")
        for name in expression.names:
            other = draft.everywhere.get(name)
            if other is None:
                said = draft.said_everywhere if form is None else draft.said_questions[form]
                add(path, "question_unknown", self.report.near_named(name, said), name=name)
            elif form is not None and name not in draft.by_name[form]:
                add(path, "question_elsewhere", name=name, place=self.report.place(other.path))
            elif not other.type.has_value:
                add(path, "question_never_answered", name=name)
        for name, text in dict.fromkeys(expression.compared):
            if (other := draft.everywhere.get(name)) is not None:
                self._check_comparison(path, other, text)

    def _check_name(self, question: DraftQuestion, path: Path, name: str) -> None:
        add, place = self.report.add, self.report.place
        other = self.draft.by_name[question.form].get(name)
        if name == question.name:
            add(path, "question_itself", name=name)
        elif other is not None and other.index > question.index:
            waits = path[-1] in ("relevant", "calculation")
            circle = self._circle(question, other) if waits else []
            if circle:
                shown = circle if len(circle) <= 8 else [*circle[:5], "…", *circle[-2:]]
                add(path, "questions_in_a_circle", way=" → ".join(shown))
            else:
                add(path, "question_later", name=name, place=place(other.path))
        elif other is not None and not other.type.has_value:
            add(path, "question_never_answered", name=name)
        elif other is None and (elsewhere := self.draft.everywhere.get(name)):
            add(path, "question_elsewhere", name=name, place=place(elsewhere.path))
        elif other is None:
            near = self.report.near_named(name, self.draft.said_questions[question.form])
            near = tuple(one for one in near if one != question.name)
            add(path, "question_missing", near, name=name)

    def _circle(self, start: DraftQuestion, first: DraftQuestion) -> list[str]:
        """Return the names on the way from ``start`` through ``first`` back to it, if any."""
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
                        way = [name, here.name]
                        while way[-1] != start.name:
                            way.append(came_from[way[-1]])
                        return way[::-1]
                    if name in known and name not in came_from:
                        came_from[name] = here.name
                        waiting.append(known[name])
        return []

    def _check_comparison(self, path: Path, question: DraftQuestion, text: str) -> None:
        choices = self.draft.choice_names.get(question.list_name)
        if text == "" or (choices and text in choices):
            return
        if text in OUT_OF_BASE:
            if not (question.allows(text) or question.type.free_text or question.type.worked_out):
                self.report.add(path, "answer_not_allowed", text=text, question=question.name)
        elif choices is not None and (question.type.takes_list or question.type.worked_out):
            for one in text.split() if question.type.takes_several else [text]:
                if one not in choices:
                    near = self._near_choices(question, one)
                    self.report.add(path, "choice_missing", near, text=one, question=question.name)

    def _check_results(self, path: Path, question: DraftQuestion, expression: Expression) -> None:
        """A calculate results in a choice of its list, N/A, not known or nothing."""
        name = question.list_name
        if name not in self.draft.choice_names:
            return
        for text in dict.fromkeys(expression.results):
            if text not in ("", *OUT_OF_BASE, *self.draft.choice_names[name]):
                near = self._near_choices(question, text)
                self.report.add(path, "result_not_listed", near, text=text, choices=name)

    def _near_choices(self, question: DraftQuestion, text: str) -> tuple[str, ...]:
        return self.report.near_named(text, self._said_choices[question.list_name])

    @cached_property
    def _said_choices(self) -> Mapping[str, Mapping[str, str]]:
        """By list: the name of each choice, by everything that people may call it."""
        return {
            name: {
                text: text_of(choice.get("name"))
                for path, choice in choices
                for _, text, _ in said_of(path, choice)
            }
            for name, choices in self.draft.lists.items()
        }
