"""What a typed text means as an answer: one reader for each type of question.

A reader takes the text and gives a :class:`Reading` (the value, and whether it was a near miss) or
a :class:`Refusal` (why not, and what may have been meant). The question's own ``constraint`` is
checked for every answer alike, tapped or typed.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Final

from criteria.case import Value
from criteria.expressions import THIS
from criteria.pack import (
    NA,
    NOT_KNOWN,
    RESERVED_WORDS,
    Question,
    QuestionKind,
)
from criteria.relevance import FormState, xvalue
from dialogs.effects import Reason
from dialogs.match_choice import (
    Match,
    Option,
    match_choice,
    match_exactly,
    match_surely,
    normalise,
    options_of,
)

MAX_TEXT: Final = 4_000
"""Characters in a text answer or a note: what one chat message holds."""
MAX_NUMBER: Final = 10**15
NONE_WORDS: Final = ("none", "none of these", "nothing")
DONE: Final = "done"
_PLACES: Final = re.compile(r"\d{1,3}(?:(?:[\s,;+]+|[\s,;+]+and\s+)\d{1,3})+\Z")
"""Several numbers: ``1 2``, ``1, 2 and 4``."""


@dataclass(frozen=True, slots=True)
class Reading:
    """``near_miss``: the text was not quite the answer's; say what it was taken for."""

    value: Value = field(repr=False)
    near_miss: bool = False


@dataclass(frozen=True, slots=True)
class Refusal:
    reason: Reason
    near: tuple[str, ...] = field(default=(), repr=False)


def read_answer(question: Question, text: str, now: datetime) -> Reading | Refusal:
    """Read a typed answer to this question. ``now`` is the inspector's time, for "today"."""
    text = text.replace("\x00", "").strip()
    if not text:
        return Refusal("empty")
    if len(text) > MAX_TEXT:
        return Refusal("too_long")
    left_out = _out_of_base(question, normalise(text))
    return left_out or READERS[question.kind](question, text, now)


def _out_of_base(question: Question, wanted: str) -> Reading | Refusal | None:
    """N/A and not known, in their usual words, unless a choice of the list has that very text."""
    if question.kind == "text" and not (question.na or question.not_known):
        return None
    if match_exactly(wanted, [o for o in options_of(question) if o.in_list]).name:
        return None
    if wanted in RESERVED_WORDS[NA]:
        return Reading(NA) if question.na else Refusal("na_not_allowed")
    if wanted in RESERVED_WORDS[NOT_KNOWN]:
        return Reading(NOT_KNOWN) if question.not_known else Refusal("not_known_not_allowed")
    return None


def _read_one(question: Question, text: str, _now: datetime) -> Reading | Refusal:
    """``{"type": "select_one yes_no", …}``: "yes", "y", "Yess" """
    match = match_choice(text, options_of(question))
    return Reading(match.name, not match.exact) if match.name else _no_choice(match)


def _no_choice(match: Match) -> Refusal:
    if match.near:
        return Refusal("ambiguous", match.near)
    return Refusal("negated" if match.negated else "no_match")


def _read_several(question: Question, text: str, _now: datetime) -> Reading | Refusal:
    """``{"type": "select_multiple documents", …}``: "assessment, contact log", "1 3" or "none" """
    places = _places(question, text)
    if places is not None:
        return Reading(in_list_order(question, places))
    options = _listed(question)
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
            parts = [*(one for one in both if one.strip()), *parts]
            continue
        if match.name is None:
            return _no_choice(match)
        near_miss = near_miss or not match.exact
        chosen.add(match.name)
    if not chosen:
        return Refusal("no_match")
    return Reading(in_list_order(question, chosen), near_miss)


def _listed(question: Question) -> list[Option]:
    return [option for option in options_of(question) if option.in_list]


def is_done(question: Question, text: str) -> bool:
    """Whether a list is done so, unless a choice of it is called that."""
    return normalise(text) == DONE and not match_exactly(DONE, _listed(question)).name


def _places(question: Question, text: str) -> set[str] | None:
    """Choices by their places in the list, from 1; None where the text is no such numbers.

    One number alone is none, nor is any where an answer itself begins with a digit.
    """
    if not _PLACES.match(normalise(text)) or any(
        answer[:1].isdigit() for option in _listed(question) for answer in option.texts
    ):
        return None
    numbers = [int(digits) for digits in re.findall(r"\d+", text)]
    if not all(1 <= number <= len(question.choices) for number in numbers):
        return None
    return {question.choices[number - 1].name for number in numbers}


def in_list_order(question: Question, names: set[str]) -> tuple[str, ...]:
    return tuple(choice.name for choice in question.choices if choice.name in names)


def _read_integer(question: Question, text: str, now: datetime) -> Reading | Refusal:
    """``{"type": "integer", …}``: "12", "1,200" """
    reading = _read_decimal(question, text, now)
    if isinstance(reading, Refusal):
        return reading
    if not isinstance(reading.value, int):
        return Refusal("not_whole")
    return reading


def _read_decimal(_question: Question, text: str, _now: datetime) -> Reading | Refusal:
    """``{"type": "decimal", …}``: "6.89", "6,89"; commas or spaces may group thousands"""
    plain = unicodedata.normalize("NFKC", text).replace("−", "-").strip()
    if re.fullmatch(r"[+-]?\d{1,3}([, ]\d{3})+(\.\d+)?", plain):
        plain = re.sub("[, ]", "", plain)
    plain = plain.replace(",", ".")
    if not re.fullmatch(r"[+-]?(\d+(\.\d*)?|\.\d+)", plain):
        return Refusal("not_a_number")
    number = float(plain)
    if not math.isfinite(number) or abs(number) > MAX_NUMBER:
        return Refusal("not_a_number")
    return Reading(int(number) if number.is_integer() else number)


_DATE_FORMATS: Final = (
    "%Y-%m-%d", "%d/%m/%Y", "%d/%m/%y", "%d.%m.%Y", "%d.%m.%y", "%d-%m-%Y",
    "%d %b %Y", "%d %B %Y", "%d %b %y", "%d %B %y",
)  # fmt: skip


def _read_date(_question: Question, text: str, now: datetime) -> Reading | Refusal:
    """``{"type": "date", …}``: "2014-06-03", "3/6/2014", "3 June 2014", "today" """
    wanted = normalise(text)
    near = {"today": 0, "yesterday": 1}.get(wanted)
    if near is not None:
        return Reading((now.date() - timedelta(days=near)).isoformat())
    wanted = re.sub(r"\b(\d{1,2})(st|nd|rd|th)\b", r"\1", wanted)
    for date_format in _DATE_FORMATS:
        try:
            return Reading(_day(wanted, date_format).isoformat())
        except ValueError:
            continue
    return Refusal("not_a_date")


def _day(text: str, date_format: str) -> date:
    return datetime.strptime(text, date_format).date()  # noqa: DTZ007  # a day has no time zone


def _read_text(_question: Question, text: str, _now: datetime) -> Reading | Refusal:
    """``{"type": "text", …}``: as it was typed"""
    return Reading(text)


def _read_nothing(_question: Question, _text: str, _now: datetime) -> Reading | Refusal:
    """A ``note`` is read, a ``calculate`` worked out: neither takes an answer."""
    return Refusal("no_match")


READERS: Final[Mapping[QuestionKind, Callable[[Question, str, datetime], Reading | Refusal]]] = {
    "select_one": _read_one,
    "select_multiple": _read_several,
    "integer": _read_integer,
    "decimal": _read_decimal,
    "date": _read_date,
    "text": _read_text,
    "note": _read_nothing,
    "calculate": _read_nothing,
}


def read_chunk(question: Question, words: list[str], now: datetime) -> tuple[Value, int] | None:
    """One answer at the head of ``words``, for several answers in a line: (value, words used).

    Only what is sure counts: a label, its first words or letter, an alias, a number, a date. A bare
    "not" is never an answer here, so that "not fully" cannot become two.
    """
    for used in range(min(len(words), 6), 0, -1):
        text = normalise(" ".join(words[:used]))
        if question.kind == "select_one" and text not in ("not", "never"):
            name = match_surely(text, options_of(question))
            if name:
                return name, used
        elif question.kind in ("integer", "decimal", "date"):
            reading = read_answer(question, text, now)
            if isinstance(reading, Reading):
                return reading.value, used
    return None


def meets_constraint(question: Question, value: Value, state: FormState) -> bool:
    """Whether an answer meets the question's ``constraint``; N/A and not known always do."""
    if question.constraint is None or question.leaves_base(value):
        return True
    return question.constraint.holds({**state.seen, THIS: xvalue(value)})
