"""Find out by trial whether any answers make a question relevant.

``${risky} = 'yes' and ${age} > 17`` depends on two questions, and a few answers to each stand for
all possible answers (``yes``, ``no``, open; 16, 17, 18, …, open).
"""

import math
from collections.abc import Mapping, Sequence
from typing import Final

from criteria.expressions import THIS, Expression, LeftOut, XValue
from criteria.instrument.check.draft import Draft, DraftQuestion, Path
from criteria.question import NA, NOT_KNOWN

MAX_QUESTIONS: Final = 12
MAX_TRIES: Final = 20_000
MAX_TRIES_OF_A_PACK: Final = 100_000
LONG: Final = 100
"""A try of expressions of so many characters counts once, of twice as many twice."""

ARITHMETIC: Final = frozenset({"+", "-", "*", "div", "mod", "working_days", THIS})
"""What turns an answer into values that do not stand in the expression."""


class Reach:
    """Tries the answers to the questions that an expression depends on.

    Those are the questions it names, the questions their relevance names, and so on. What cannot
    be tried (calculations, too many questions, too many answers) counts as possible: a question is
    only called unreachable when every combination was tried.
    """

    def __init__(self, draft: Draft, relevances: Mapping[Path, Expression | None]) -> None:
        """``relevances`` are by the questions' places; None where one cannot be read."""
        self.draft = draft
        self.relevances = relevances
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
        relevances = [self.relevances.get(question.path) for question in questions]
        expressions = [target, *(one for one in relevances if one)]
        if any(one.symbols & ARITHMETIC for one in expressions):
            return True
        domains = [domain for q in questions if (domain := self._domain(q, expressions))]
        if len(domains) < len(questions):
            return True
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
                return target.holds(values) is True
            name, relevant = questions[index].name, relevances[index]
            asked = relevant is None or relevant.holds(values)
            for value in domains[index] if asked else (None,):
                values[name] = value
                if succeeds(index + 1):
                    return True
            del values[name]
            return False

        found = succeeds(0)
        self.budget -= cost * (tries - left)
        return found

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
            if question is None:
                return None
            found[name] = question
            if question.path in self.relevances:
                relevant = self.relevances[question.path]
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
        left_out = [None, *(LeftOut(one) for one in (NA, NOT_KNOWN) if question.allows(one))]
        choices = self.draft.choice_names.get(question.list_name)
        reached = question.type.reach(choices, texts, numbers)
        return None if reached is None else [*reached, *left_out]
