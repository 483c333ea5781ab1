"""Find out by trial whether any answers make a question relevant, or meet its constraint.

``${risky} = 'yes' and ${age} > 17`` depends on two questions, and a few answers to each stand for
all possible answers (``yes``, ``no``, open; 16, 17, 18, …, open).
"""

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from typing import Final

from criteria.expressions import THIS, Expression, LeftOut, Values, XValue, both, is_date
from criteria.instrument.check.differences import can_be_tried, has_arithmetic, sums
from criteria.instrument.check.draft import Draft, DraftQuestion, Path
from criteria.question import NA, NOT_KNOWN

MAX_QUESTIONS: Final = 12
MAX_TRIES: Final = 20_000
MAX_TRIES_OF_A_PACK: Final = 100_000
LONG: Final = 100
"""A try of expressions of so many characters counts once, of twice as many twice."""


class Reach:
    """Tries the answers to the questions that an expression depends on.

    Those are the questions it names, the questions their relevance names, and so on. What cannot
    be tried (calculations, too many questions, too many answers) counts as possible: a question is
    only called unreachable when every combination was tried.
    """

    def __init__(
        self,
        draft: Draft,
        relevances: Mapping[Path, Expression | None],
        compiled: Mapping[Path, Expression],
    ) -> None:
        """``relevances`` are by the questions' places; None where one cannot be read."""
        self.draft = draft
        self.relevances = relevances
        # A constraint that cannot be tried counts as met, whatever is answered.
        self.constraints = {
            path[:-1]: one
            for path, one in compiled.items()
            if path[-1] == "constraint" and can_be_tried(one)
        }
        self.budget = MAX_TRIES_OF_A_PACK
        self._known: dict[tuple[int, str], bool] = {}

    def can_hold(self, form: int, expression: Expression) -> bool:
        key = (form, expression.source)
        if key not in self._known:
            self._known[key] = self._can_hold(form, expression)
        return self._known[key]

    def can_be_met(self, question: DraftQuestion, constraint: Expression) -> bool:
        """Return whether some answer to a question meets its constraint, where it is asked."""
        target = both(self.relevances.get(question.path), constraint)
        return target is None or self._can_hold(question.form, target, question)

    def _can_hold(self, form: int, target: Expression, this: DraftQuestion | None = None) -> bool:
        questions = self._involved(form, target)
        if questions is None or self.budget < 0:
            return True
        if this is not None:
            questions = [one for one in questions if one is not this]
        relevances = [self.relevances.get(question.path) for question in questions]
        constraints = [self.constraints.get(question.path) for question in questions]
        expressions = [target, *(one for one in (*relevances, *constraints) if one)]
        if not all(map(can_be_tried, expressions)):
            return True
        tried = questions if this is None else [*questions, this]
        ordered = sum(one.type.kind in ("number", "date") for one in tried)
        domains = [domain for q in tried if (domain := self._domain(q, expressions, ordered))]
        if len(domains) < len(tried):
            return True
        own: Sequence[XValue] = [None]
        if this is not None:  # what leaves the base meets every constraint, and says nothing of it
            own = [one for one in domains.pop() if not (one is None or isinstance(one, LeftOut))]
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
                left -= len(own)
                return any(target.holds({**values, THIS: value}) is True for value in own)
            name, relevant = questions[index].name, relevances[index]
            asked = relevant is None or relevant.holds(values)
            constraint = constraints[index]
            for value in domains[index] if asked else (None,):
                if constraint is not None and _refuses(constraint, values, value):
                    continue
                values[name] = value
                if succeeds(index + 1):
                    return True
            values.pop(name, None)
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
            if (constraint := self.constraints.get(question.path)) is not None:
                waiting.extend(constraint.names)
            if len(found) > MAX_QUESTIONS:
                return None
        return sorted(found.values(), key=lambda question: question.index)

    def _domain(
        self, question: DraftQuestion, expressions: Sequence[Expression], ordered: int
    ) -> Sequence[XValue] | None:
        """Return answers that stand for all possible ones; None if there are too many.

        ``ordered`` questions may be compared with each other: each needs room beside the others.
        """
        texts = list(dict.fromkeys(text for one in expressions for text in one.texts))
        said = [number for one in expressions for number in one.numbers if math.isfinite(number)]
        numbers = set(said)
        arithmetic = any(map(has_arithmetic, expressions))
        between = sums(said) if arithmetic else {0.0}
        if between is None:
            return None
        if arithmetic or ordered > 1:
            # In whole steps, and for fractions with room for each between two of them.
            room = max(ordered, 1)
            parts = room if _takes_fractions(question) else 1
            places = [step / parts for step in range(parts * (1 - room), parts * room)]
            steps = {number + place for number in between for place in places}
            days = [text for text in (*texts, "2000-01-01") if is_date(text)]
            if len(steps) * (len(numbers) + len(days)) > MAX_TRIES:
                return None
            numbers = {number + step for number in (*numbers, 0.0) for step in steps}
            texts += [
                day for text in days for day in _days_beside(text, set(map(math.floor, steps)))
            ]
        left_out = [None, *(LeftOut(one) for one in (NA, NOT_KNOWN) if question.allows(one))]
        choices = self.draft.choice_names.get(question.list_name)
        reached = question.type.reach(choices, texts, numbers)
        return None if reached is None else [*reached, *left_out]


def _takes_fractions(question: DraftQuestion) -> bool:
    return 0.5 in (question.type.reach(None, (), {0.5}) or ())


def _refuses(constraint: Expression, values: Values, value: XValue) -> bool:
    if value is None or isinstance(value, LeftOut):
        return False
    return constraint.holds({**values, THIS: value}) is False


def _days_beside(text: str, steps: Iterable[float]) -> Iterator[str]:
    for step in sorted(steps):
        try:
            yield (date.fromisoformat(text) + timedelta(days=step)).isoformat()
        except OverflowError:
            continue
