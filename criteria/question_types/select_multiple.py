"""``select_multiple``: any number of choices of a list, also none.

``{"type": "select_multiple documents", "name": "seen", "label": {"en": "What did you see?"}}``
"""

import re
from collections.abc import Callable
from datetime import datetime
from itertools import chain, combinations
from typing import Final

from criteria.match_choice import match_choice, normalise, options_in_list, refusal_of
from criteria.question import Label, Question, QuestionType, Reached, Reading, Refusal, Texts, Value

NONE_WORDS: Final = ("none", "none of these", "nothing")
"""Typed, they leave a list without a tick, unless a choice of it is called so."""
NONE_LABELS: Final = (*NONE_WORDS, "none of the above", "none of them")
MAX_SELECTIONS: Final = 20_000
"""Of how many names, in all the selections that stand for all that there can be."""
_PLACES: Final = re.compile(r"\d{1,3}(?:(?:[\s,;+]+|[\s,;+]+and\s+)\d{1,3})+\Z")
"""Several numbers: ``1 2``, ``1, 2 and 4``."""


class SelectMultiple(QuestionType):
    def read(self, question: Question, text: str, now: datetime) -> Reading | Refusal:
        """ "assessment, contact log", "1 3" or "none" """
        places = _places(question, text)
        if places is not None:
            return Reading(question.in_list_order(places))
        options = options_in_list(question)
        whole = match_choice(text, options)
        if whole.name is not None:
            return Reading((whole.name,), not whole.exact)
        if normalise(text) in NONE_WORDS:
            return Reading(())
        chosen: set[str] = set()
        near_miss = False
        parts = [part for part in re.split(r"[,;\n+]", text) if part.strip()]
        while parts:
            part = parts.pop(0)
            match = match_choice(part, options)
            if match.name is None and (both := re.split(r"\band\b", part, maxsplit=1)) != [part]:
                parts = [*(half for half in both if half.strip()), *parts]
                continue
            if match.name is None:
                return refusal_of(match)
            near_miss = near_miss or not match.exact
            chosen.add(match.name)
        if not chosen:
            return Refusal("no_match")
        return Reading(question.in_list_order(chosen), near_miss)

    def fits(self, question: Question, value: object) -> bool:
        return isinstance(value, list | tuple) and all(
            isinstance(name, str) and question.choice(name) for name in value
        )

    def shown(self, question: Question, value: Value, text: Callable[[Label], str]) -> str:
        choices = ((name, question.choice(name)) for name in _names(value))
        return ", ".join(text(choice.label) if choice else name for name, choice in choices)

    def cell(self, question: Question, value: Value) -> str:
        return " ".join(_names(value))

    def counted(self, question: Question, value: Value) -> tuple[str, ...]:
        return _names(value)

    def joined(self, value: Value) -> str:
        return " ".join(sorted(_names(value)))

    def parts(self, joined: str) -> list[str]:
        return joined.split(" ")

    def reach(self, choices: Texts | None, texts: Texts, numbers: set[float]) -> Reached:
        """Selections that differ in which of the named choices they hold, and in how many."""
        words = {word for text in texts for word in text.split()}
        choices = choices or ()
        named = [name for name in choices if name in words]
        others = [name for name in choices if name not in named]
        if 2 ** len(named) * (len(others) + 1) * len(choices) > MAX_SELECTIONS:
            return None
        subsets = chain.from_iterable(combinations(named, size) for size in range(len(named) + 1))
        return [
            " ".join(name for name in choices if name in subset or name in others[:more])
            for subset in subsets
            for more in range(len(others) + 1)
        ]


def says_none(question: Question) -> bool:
    """Whether a choice of the list says that none of the others holds."""
    return any(
        normalise(text) in NONE_LABELS
        for choice in question.choices
        for text in (*choice.label.values(), *choice.aliases)
    )


def _names(value: Value) -> tuple[str, ...]:
    """The chosen names; N/A is one text."""
    return value if isinstance(value, tuple) else (str(value),)


def _places(question: Question, text: str) -> set[str] | None:
    """Choices by their places in the list, from 1; None where the text is no such numbers.

    One number alone is none, nor is any where an answer itself begins with a digit.
    """
    if not _PLACES.match(normalise(text)) or any(
        answer[:1].isdigit() for option in options_in_list(question) for answer in option.texts
    ):
        return None
    numbers = [int(digits) for digits in re.findall(r"\d+", text)]
    if not all(1 <= number <= len(question.choices) for number in numbers):
        return None
    return {question.choices[number - 1].name for number in numbers}


TYPE = SelectMultiple(
    name="select_multiple",
    kind="list",
    hint="select_multiple",
    refusals=("no_match", "ambiguous", "negated"),
    expected="a list of choices",
    in_line=False,
    takes_list=True,
    takes_several=True,
)
