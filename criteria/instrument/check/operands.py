"""Check that what an expression compares and works out can be: days with days, not with a choice.

``${start} < 5`` of a date, or ``${risk} + 1`` of a choice, never gives anything.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from math import isfinite
from typing import Final

from criteria.expressions import THIS, TODAY, Expression, Part, as_number, is_date
from criteria.instrument.check.draft import Draft, DraftQuestion, Path
from criteria.question import OUT_OF_BASE, Kind

Named = Callable[[str], DraftQuestion | None]
"""The question that a name stands for in an expression."""

CALLED: Final[Mapping[Kind, str]] = {
    "number": "a number",
    "date": "a date",
    "text": "a text",
    "choice": "a choice",
    "list": "a list of choices",
}
ORDERS: Final = frozenset({"<", "<=", ">", ">="})
EQUALS: Final = frozenset({"=", "!="})
SUMS: Final[Mapping[str, str]] = {
    "+": "{left} cannot be added to {right}",
    "-": "{right} cannot be taken from {left}",
    "*": "{left} cannot be multiplied by {right}",
    "div": "{left} cannot be divided by {right}",
    "mod": "{left} cannot be divided by {right}",
}
Pair = tuple[Kind, Kind]
NUMBERS: Final[Pair] = ("number", "number")
DATES: Final[Pair] = ("date", "date")
WITH_DAYS: Final[Mapping[str, tuple[Pair, ...]]] = {
    "+": (("date", "number"), ("number", "date")),
    "-": (DATES, ("date", "number")),
}
OF_NUMBERS: Final = frozenset({"number", "int", "round", "sum", "min", "max"})
CONDITIONS: Final = frozenset({"and", "or", "not", "boolean", "selected", *ORDERS, *EQUALS})


class Operands:
    """Works out of which kind the parts of expressions are; None where that is not known."""

    def __init__(self, draft: Draft, compiled: Mapping[Path, Expression]) -> None:
        self.draft = draft
        self.compiled = compiled
        self._worked_out: dict[Path, Kind | None] = {}
        # The lists whose choices may be read as numbers or days.
        self._readable = {
            name
            for name, choices in draft.choice_names.items()
            if any(_is_number(one) or is_date(one) for one in choices)
        }

    def problems(self, expression: Expression, named: Named) -> list[str]:
        """What cannot be done in an expression, each as a sentence."""
        found: list[str] = []
        self._kind(expression.root, named, found)
        return found

    def _kind(self, part: Part, named: Named, found: list[str]) -> Kind | None:
        if part.symbol == "literal":
            return _literal_kind(part)
        if part.symbol == "$":
            question = named(str(part.value))
            return self._answer_kind(question) if question else None
        kinds = [self._kind(one, named, found) for one in part.parts]
        if problem := self._problem(part, kinds):
            found.append(problem)
            return None
        return _result_kind(part, kinds)

    def _answer_kind(self, question: DraftQuestion) -> Kind | None:
        if question.list_name in self._readable:
            return None
        if not question.type.worked_out:
            return question.type.kind
        if self.draft.choice_names.get(question.list_name):
            return "choice"
        if question.path not in self._worked_out:
            self._worked_out[question.path] = None  # of a question that waits for itself
            calculation = self.compiled.get((*question.path, "calculation"))
            if calculation is not None:
                named = self.draft.by_name[question.form].get
                kind = self._kind(calculation.root, named, [])
                self._worked_out[question.path] = kind
        return self._worked_out[question.path]

    def _problem(self, part: Part, kinds: list[Kind | None]) -> str | None:
        symbol = part.symbol
        if symbol in SUMS and len(kinds) == 2 and not _can_be_worked_out(symbol, kinds):
            return self._said(SUMS[symbol], part, kinds)
        if symbol in ORDERS and not _can_be_ordered(kinds):
            return self._said("{left} and {right} have no order", part, kinds)
        if symbol in EQUALS and _never_equal(part, kinds):
            return self._said("{left} is never equal to {right}", part, kinds)
        wanted: Kind | None = None
        if symbol in OF_NUMBERS or (symbol in "+-" and len(kinds) == 1):
            wanted = "number"
        elif symbol == "working_days":
            wanted = "date"
        for one, kind in zip(part.parts, kinds, strict=True):
            if wanted and kind not in (None, wanted):
                return f"{_shown(one, kind)} stands where {symbol} takes {CALLED[wanted]}"
            if symbol == "count-selected" and kind in ("number", "date"):
                return f"{_shown(one, kind)} stands where {symbol} takes {CALLED['list']}"
        return None

    def _said(self, words: str, part: Part, kinds: list[Kind | None]) -> str:
        left, right = map(_shown, part.parts, kinds)
        return words.format(left=left, right=right)


def _literal_kind(part: Part) -> Kind | None:
    if isinstance(part.value, str):
        if _is_number(part.value):
            return None  # '3' is a number and a text
        return "date" if is_date(part.value) else "text"
    return "number" if isinstance(part.value, float) else None


def _is_number(text: str) -> bool:
    return isfinite(as_number(text))


def _can_be_worked_out(symbol: str, kinds: list[Kind | None]) -> bool:
    return any(_fits(kinds, pair) for pair in (NUMBERS, *WITH_DAYS.get(symbol, ())))


def _can_be_ordered(kinds: list[Kind | None]) -> bool:
    return _fits(kinds, NUMBERS) or _fits(kinds, DATES)


def _fits(kinds: list[Kind | None], wanted: Pair) -> bool:
    return all(kind in (None, one) for kind, one in zip(kinds, wanted, strict=True))


def _never_equal(part: Part, kinds: list[Kind | None]) -> bool:
    """A choice that is no choice of its list is found elsewhere; this is about kinds."""
    if any(one.value == "" or one.value in OUT_OF_BASE for one in part.parts):
        return False
    several = set(kinds) - {None}
    return len(several) == 2 and not several <= {"choice", "list", "text"}


def _result_kind(part: Part, kinds: list[Kind | None]) -> Kind | None:
    symbol = part.symbol
    if symbol == TODAY:
        return "date"
    if symbol in ("if", "coalesce"):
        results = list(zip(part.parts, kinds, strict=True))[1 if symbol == "if" else 0 :]
        several = {kind for one, kind in results if one.value != ""}
        return several.pop() if len(several) == 1 else None
    if symbol in ("+", "-") and "date" in kinds:
        return "number" if kinds == ["date", "date"] else "date"
    if symbol in CONDITIONS or symbol == "string" or None in kinds:
        return None
    return "number"


def _shown(part: Part, kind: Kind | None) -> str:
    """``'d1' (a date)``, ``3``, ``what is worked out (a number)``"""
    called = f" ({CALLED[kind]})" if kind else ""
    if part.symbol == "$":
        name = "the answer" if part.value == THIS else f"'{part.value}'"
        return f"{name}{called}"
    if part.symbol == "literal":
        value = part.value
        return f"'{value}'" if isinstance(value, str) else f"{value:g}"
    return f"what is worked out{called}"
