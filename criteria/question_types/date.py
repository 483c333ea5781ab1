"""``date``: a day, kept as ``2014-06-03``.

``{"type": "date", "name": "sentenced", "label": {"en": "Date of sentence"}}``
"""

import re
from collections.abc import Callable, Iterable
from datetime import date, datetime, timedelta
from typing import Final

from criteria.expressions import XValue
from criteria.match_choice import normalise
from criteria.question import Label, Question, QuestionType, Reached, Reading, Refusal, Texts, Value

_FORMATS: Final = (
    "%Y-%m-%d", "%d/%m/%Y", "%d/%m/%y", "%d.%m.%Y", "%d.%m.%y", "%d-%m-%Y",
    "%d %b %Y", "%d %B %Y", "%d %b %y", "%d %B %y",
)  # fmt: skip


class Date(QuestionType):
    def read(self, question: Question, text: str, now: datetime) -> Reading | Refusal:
        """ "2014-06-03", "3/6/2014", "3 June 2014", "today" """
        wanted = normalise(text)
        near = {"today": 0, "yesterday": 1}.get(wanted)
        if near is not None:
            return Reading((now.date() - timedelta(days=near)).isoformat())
        wanted = re.sub(r"\b(\d{1,2})(st|nd|rd|th)\b", r"\1", wanted)
        for date_format in _FORMATS:
            try:
                day = datetime.strptime(wanted, date_format)  # noqa: DTZ007  # a day has no time zone
            except ValueError:
                continue
            return Reading(day.date().isoformat())
        return Refusal("not_a_date")

    def fits(self, question: Question, value: object) -> bool:
        return isinstance(value, str) and _day(value) is not None

    def shown(self, question: Question, value: Value, text: Callable[[Label], str]) -> str:
        """ "3 June 2014" """
        day = _day(str(value))
        return f"{day.day} {day:%B %Y}" if day else str(value)

    def cell(self, question: Question, value: Value) -> date | str:
        return _day(str(value)) or str(value)

    def reach(self, choices: Texts | None, texts: Texts, numbers: set[float]) -> Reached:
        return days_around(texts)


def _day(text: str) -> date | None:
    """The day that a text is, written as we write one."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if day.isoformat() == text else None


def days_around(texts: Iterable[str]) -> list[XValue]:
    """Each day among the texts, the days beside it, and two others."""
    days = {date(2000, 1, 1), date(2010, 1, 1)}
    for text in texts:
        if day := _day(text):
            try:
                days |= {day - timedelta(days=1), day, day + timedelta(days=1)}
            except OverflowError:
                continue
    return [day.isoformat() for day in sorted(days)]


TYPE = Date(
    name="date",
    kind="date",
    hint="date",
    refusals=("not_a_date",),
    expected="a date (2026-11-20)",
    wants_text=True,
)
