"""Find out whether a question can ever be asked: whether any answers make it relevant.

This is done by trial. ``${risky} = 'yes' and ${age} > 17`` depends on two questions, and a few
answers to each stand for all possible answers (``yes``, ``no``, open; 16, 17, 18, …, open).
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from itertools import chain, combinations, pairwise
from typing import Final

from criteria.check_draft import KINDS, Draft, DraftQuestion, Path
from criteria.expressions import THIS, Expression, XValue
from criteria.pack import NA, NOT_KNOWN

MAX_QUESTIONS: Final = 12
MAX_TRIES: Final = 20_000
MAX_TRIES_OF_A_PACK: Final = 100_000
LONG: Final = 100
"""A try counts once for each so many characters of its expressions."""
MAX_SELECTIONS: Final = 20_000
"""Choice names in all the selections that are tried for a ``select_multiple``."""

ARITHMETIC: Final = frozenset({"+", "-", "*", "div", "mod", "working_days", THIS})
"""What turns an answer into values that do not stand in the expression."""


class Reach:
    """Tries the answers to the questions that an expression depends on.

    Those are the questions it names, the questions their relevance names, and so on. What cannot
    be tried (calculations, too many questions, too many answers) counts as possible: a question is
    only called unreachable when every combination was tried.
    """

    def __init__(self, draft: Draft, compiled: Mapping[Path, Expression]) -> None:
        self.draft = draft
        self.compiled = compiled
        self.budget = MAX_TRIES_OF_A_PACK
        self._known: dict[tuple[int, str], bool] = {}

    def can_hold(self, form: int, expression: Expression) -> bool:
        key = (form, expression.source)
        if key not in self._known:
            self._known[key] = self._can_hold(form, expression)
        return self._known[key]

    def _can_hold(self, form: int, target: Expression) -> bool:
        questions = self._involved(form, target)
        if questions is None or self.budget < 0:
            return True
        relevances = [self._relevance(question) for question in questions]
        expressions = [target, *(one for one in relevances if one)]
        if any(one.symbols & ARITHMETIC for one in expressions):
            return True
        domains = []
        for question in questions:
            domain = self._domain(question, expressions)
            if domain is None:
                return True
            domains.append(domain)
        cost = 1 + sum(len(one.source) for one in expressions) // LONG
        tries = left = min(MAX_TRIES, self.budget // cost)
        values: dict[str, XValue] = {}

        def succeeds(index: int) -> bool:
            """Try every answer of the question at ``index`` and of those after it."""
            nonlocal left
            left -= 1
            if left < 0:
                return True
            if index == len(questions):
                return target.holds(values)
            name, relevant = questions[index].name, relevances[index]
            asked = relevant is None or relevant.holds(values)
            for value in domains[index] if asked else ("",):
                values[name] = value
                if succeeds(index + 1):
                    return True
            del values[name]
            return False

        found = succeeds(0)
        self.budget -= cost * (tries - left)
        return found

    def _relevance(self, question: DraftQuestion) -> Expression | None:
        return self.compiled.get((*question.path, "relevant"))

    def _involved(self, form: int, target: Expression) -> list[DraftQuestion] | None:
        """Return the questions that ``target`` depends on, in order, or None."""
        known = self.draft.by_name[form]
        found: dict[str, DraftQuestion] = {}
        waiting = list(target.names)
        while waiting:
            name = waiting.pop()
            if name in found:
                continue
            question = known.get(name)
            if question is None or question.kind not in KINDS or question.kind == "calculate":
                return None
            found[name] = question
            if "relevant" in question.raw:
                relevant = self._relevance(question)
                if relevant is None:
                    return None
                waiting.extend(relevant.names)
            if len(found) > MAX_QUESTIONS:
                return None
        return sorted(found.values(), key=lambda question: question.index)

    def _domain(
        self, question: DraftQuestion, expressions: Sequence[Expression]
    ) -> Sequence[XValue] | None:
        """Return answers that stand for all possible ones; None if there are too many."""
        texts = list(dict.fromkeys(text for one in expressions for text in one.texts))
        numbers = {number for one in expressions for number in one.numbers if math.isfinite(number)}
        left_out: list[XValue] = ["", *(one for one in (NA, NOT_KNOWN) if question.allows(one))]
        match question.kind:
            case "select_one":
                choices = self.draft.choice_names.get(question.list_name)
                if choices is None:
                    return None
                return [*sorted(choices, key=lambda one: one not in texts), *left_out]
            case "select_multiple":
                several = _some_of(self.draft.choice_names.get(question.list_name, ()), texts)
                return several and [*several, *left_out]
            case "integer" | "decimal":
                return [*_numbers_around(numbers, whole=question.kind == "integer"), *left_out]
            case "date":
                return [*_days_around(texts), *left_out]
            case "text":
                plain = [str(number) for number in _numbers_around(numbers, whole=False)]
                return [*texts, *plain, *_days_around(texts), "other text", ""]
            case _:
                return [""]


def _some_of(choices: Sequence[str], texts: Sequence[str]) -> list[XValue] | None:
    """Return selections of every set of the named choices, with any number of the others."""
    words = {word for text in texts for word in text.split()}
    named = [one for one in choices if one in words]
    others = [one for one in choices if one not in named]
    if 2 ** len(named) * (len(others) + 1) * len(choices) > MAX_SELECTIONS:
        return None
    subsets = chain.from_iterable(combinations(named, size) for size in range(len(named) + 1))
    return [
        " ".join(one for one in choices if one in subset or one in others[:more])
        for subset in subsets
        for more in range(len(others) + 1)
    ]


def _numbers_around(numbers: Iterable[float], *, whole: bool) -> list[XValue]:
    """Return each number, its negative, the numbers beside them, and those halfway between."""
    both = {0.0, *numbers, *(-number for number in numbers)}
    beside = sorted({number + step for number in both for step in (-1, 0, 1)})
    between = [(low + high) / 2 for low, high in pairwise(beside)]
    if whole:
        beside = sorted({float(side(one)) for one in beside for side in (math.floor, math.ceil)})
        between = []
    return [*beside, *between]


def _days_around(texts: Iterable[str]) -> list[XValue]:
    """Return each date among the texts, the days beside it, and two other days."""
    days = {date(2000, 1, 1), date(2010, 1, 1)}
    for text in texts:
        if re.fullmatch(r"\d{4}-\d\d-\d\d", text):
            try:
                day = date.fromisoformat(text)
                days |= {day - timedelta(days=1), day, day + timedelta(days=1)}
            except (ValueError, OverflowError):
                continue
    return [day.isoformat() for day in sorted(days)]
