"""Read a typed day, day first: ``3/6/2014``, ``3rd June 2014``, ``last Friday``.

A year of two digits is of this century, if that day is not yet to come; any other is asked about,
and so is a day without a year.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from criteria.words import Words
from criteria.words.tokens import Tokens, folded, tokens_of

YEARS_BACK: Final = 100
YEARS_ON: Final = 10
_NUMERIC: Final = re.compile(r"(\d{1,2})([ ./-])(\d{1,2})\2(\d{4}|\d{2})")
_YEAR_FIRST: Final = re.compile(r"(\d{4})([ ./-])(\d{1,2})\2(\d{1,2})")
_WITHOUT_YEAR: Final = re.compile(r"(\d{1,2})[/.-](\d{1,2})")


@dataclass(frozen=True, slots=True)
class ReadDate:
    """The days that a text may mean; ``sure`` where it must mean the first, ``echo`` where people
    should see what it was read as.
    """

    may_be: tuple[date, ...] = ()
    sure: bool = False
    echo: bool = False


NO_DATE: Final = ReadDate()


def read_date(text: str, words: Words, today: date) -> ReadDate:
    said = tokens_of(text)
    if (relative := _relative(said, words, today)) is not None:
        return relative
    plain = " ".join(folded(text).split()).strip(" .,;:!()")
    plain = re.sub(r"\s*([./-])\s*", r"\1", plain)
    if found := _NUMERIC.fullmatch(plain):
        return _on(int(found[1]), int(found[3]), found[4], today)
    if found := _YEAR_FIRST.fullmatch(plain):
        return _on(int(found[4]), int(found[3]), found[1], today)
    if found := _WITHOUT_YEAR.fullmatch(plain):
        return _on(int(found[1]), int(found[2]), "", today)
    return _in_words(said, words, today)


def is_out_of_range(day: date, today: date) -> bool:
    """Whether a day is over a century back or ten years on."""
    return not today.year - YEARS_BACK <= day.year <= today.year + YEARS_ON


def _relative(said: Tokens, words: Words, today: date) -> ReadDate | None:
    for kind, days in (("today", 0), ("yesterday", -1), ("tomorrow", 1)):
        if words.has(kind, said):
            return ReadDate((today + timedelta(days=days),), sure=True, echo=True)
    if len(said) == 2 and words.has_word("last", said[0]):
        weekday = words.number("weekdays", said[1])
        if weekday is not None:
            back = (today.isoweekday() - weekday) % 7 or 7
            return ReadDate((today - timedelta(days=back),), sure=True, echo=True)
    return None


def _in_words(said: Tokens, words: Words, today: date) -> ReadDate:
    """``3 June 2014``, ``June 3rd, 2014``, ``Tuesday the 3rd of June 2014``"""
    parts = [word for word in said if not words.has_word("in_dates", word)]
    weekday = words.number("weekdays", parts[0]) if parts else None
    if weekday is not None:
        parts = parts[1:]
    months = [words.number("months", part) for part in parts[:2]]
    if len(parts) not in (2, 3) or sum(month is not None for month in months) != 1:
        return NO_DATE
    named = 0 if months[0] is not None else 1
    day = _day_number(parts[1 - named], words)
    year = parts[2] if len(parts) == 3 else ""
    if day is None or not re.fullmatch(r"\d{4}|\d{2}|", year):
        return NO_DATE
    read = _on(day, months[named] or 0, year, today)
    if weekday is None or any(one.isoweekday() == weekday for one in read.may_be):
        return read
    return ReadDate(read.may_be)


def _day_number(text: str, words: Words) -> int | None:
    found = re.fullmatch(r"(\d{1,2})([^\W\d]*)", text)
    if found is None or (found[2] and not words.has_word("ordinals", found[2])):
        return None
    return int(found[1])


def _on(day: int, month: int, year: str, today: date) -> ReadDate:
    if len(year) == 4:
        days = _days(day, month, [int(year)] if year[0] != "0" else [])
        return ReadDate(days, sure=bool(days))
    if not year:
        latest = [one for one in _days(day, month, [today.year, today.year - 1]) if one <= today]
        return ReadDate(tuple(latest[:1]))
    century = today.year - today.year % 100
    days = _days(day, month, [century + int(year)])
    if days and days[0] <= today:
        return ReadDate(days, sure=True)
    return ReadDate((*_days(day, month, [century - 100 + int(year)]), *days))


def _days(day: int, month: int, years: Sequence[int]) -> tuple[date, ...]:
    """The day in these years, without those that have no such day."""
    found = []
    for year in years:
        try:
            found.append(date(year, month, day))
        except ValueError:
            continue
    return tuple(found)
