"""Choices that are too many, or too long, for the buttons of one card come in pages.

A message of Telegram's takes 100 buttons, and 10 kB of them: https://limits.tginfo.me/en
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from criteria.match_choice import normalise
from criteria.question import Choice, Label, Question

MAX_ON_CARD: Final = 80
MAX_BYTES: Final = 8_000
"""Of the choices; the rest of the 100 and of the 10 kB is for the card's other buttons."""
MAX_ON_PAGE: Final = 24
MAX_PAGE_BYTES: Final = 6_000
MAX_LABEL: Final = 120
"""Characters of a label that a button shows."""
_BUTTON: Final = 104
"""Bytes of a button beside its label, with the longest data and a tick."""


@dataclass(frozen=True, slots=True)
class Page:
    """What a card shows of a list that has ``of`` pages; ``number`` counts from 0.

    ``starts`` are the places in the list at which each page begins, and its end. With ``sought``
    it is the list of those choices that hold this text.
    """

    choices: tuple[Choice, ...] = field(repr=False)
    number: int
    starts: tuple[int, ...]
    sought: str | None = field(default=None, repr=False)

    @property
    def of(self) -> int:
        return len(self.starts) - 1


def is_long(question: Question) -> bool:
    return are_long([one.label for one in question.choices])


def are_long(labels: Sequence[Label]) -> bool:
    """Whether choices of these labels do not fit on one card, in one of their languages."""
    if len(labels) * (_BUTTON + 6 * MAX_LABEL) <= MAX_BYTES:  # whatever they say
        return False
    languages = {language for label in labels for language in label}
    sizes = (sum(_bytes(label, language) for label in labels) for language in languages)
    return len(labels) > MAX_ON_CARD or any(size > MAX_BYTES for size in sizes)


def page_of(
    question: Question, language: str | None, number: int | None, sought: str | None, stands: object
) -> Page | None:
    """The page of a long list; without a number the one where what ``stands`` is.

    None where the list fits on one card.
    """
    if not is_long(question):
        return None
    choices = tuple(holding(question, sought)) if sought is not None else question.choices
    starts = _starts(choices, language)
    if number is None:
        at = next((at for at, one in enumerate(choices) if one.name == stands), 0)
        number = sum(start <= at for start in starts[1:-1])
    number = max(0, min(number, len(starts) - 2))
    return Page(choices[starts[number] : starts[number + 1]], number, starts, sought)


def holding(question: Question, text: str) -> list[Choice]:
    """The choices that hold a text in one of their labels."""
    wanted = normalise(text)
    return [
        one
        for one in question.choices
        if wanted and any(wanted in normalise(label) for label in one.label.values())
    ]


def _bytes(label: Label, language: str | None) -> int:
    text = label.get(language or "") or next(iter(label.values()), "")
    return _BUTTON + len(json.dumps(text[:MAX_LABEL]))


def _starts(choices: Sequence[Choice], language: str | None) -> tuple[int, ...]:
    starts, size = [0], 0
    for at, choice in enumerate(choices):
        more = _bytes(choice.label, language)
        if size and (at - starts[-1] == MAX_ON_PAGE or size + more > MAX_PAGE_BYTES):
            starts.append(at)
            size = 0
        size += more
    return (*starts, len(choices))
