"""``date``: a day, kept as ``2014-06-03``.

``{"type": "date", "name": "sentenced", "label": {"en": "Date of sentence"}}``
"""

from collections.abc import Callable, Iterable
from datetime import date, timedelta

from criteria.expressions import XValue
from criteria.question import (
    Label,
    Question,
    QuestionType,
    Reached,
    Reading,
    Refusal,
    Said,
    Texts,
    Value,
)
from criteria.read_date import is_out_of_range, read_date
from criteria.words import everyday_words


class Date(QuestionType):
    def read(self, question: Question, text: str, said: Said) -> Reading | Refusal:
        """ "2014-06-03", "3/6/2014", "3 June 2014", "last Friday" """
        today = said.now.date()
        found = read_date(text, everyday_words(said.language), today)
        days = [
            day for day in found.may_be if question.constraint or not is_out_of_range(day, today)
        ]
        if not days:
            return Refusal("date_out_of_range" if found.may_be else "not_a_date")
        near = tuple(day.isoformat() for day in days)
        if days[0] > today:
            return Refusal("still_to_come", near)
        return Reading(near[0], found.echo) if found.sure else Refusal("is_it", near)

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
    refusals=("not_a_date", "date_out_of_range", "still_to_come", "is_it"),
    expected="a date (2026-11-20)",
    wants_text=True,
)
