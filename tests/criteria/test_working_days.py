"""working_days(): Monday to Friday, without the bank holidays of the pack's calendar."""

from __future__ import annotations

import subprocess
import sys
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from criteria.expressions import (
    HOLIDAY_YEARS,
    HOLIDAYS,
    ExpressionError,
    bank_holidays,
    compile_expression,
    working_days,
)
from criteria.instrument.load import load_pack
from criteria.question import xvalue
from tests.walk import TINY

ENGLAND = bank_holidays("GB-ENG")
PRINTED = {
    2014: ["01-01", "04-18", "04-21", "05-05", "05-26", "08-25", "12-25", "12-26"],
    2015: ["01-01", "04-03", "04-06", "05-04", "05-25", "08-31", "12-25", "12-28"],
    2020: ["01-01", "04-10", "04-13", "05-08", "05-25", "08-31", "12-25", "12-28"],
    2022: [
        "01-03",
        "04-15",
        "04-18",
        "05-02",
        "06-02",
        "06-03",
        "08-29",
        "09-19",
        "12-26",
        "12-27",
    ],
}
"""The bank holidays of England and Wales as gov.uk lists them, moved ones on the day kept."""
DATES = st.dates(min_value=date(1960, 1, 1), max_value=date(2110, 12, 31))


def count(start: str, end: str, calendar: str | None = "GB-ENG") -> object:
    expression = compile_expression("working_days(${start}, ${end})", calendar)
    return expression.evaluate({"start": start, "end": end})


@pytest.mark.parametrize("year", PRINTED)
def test_the_bank_holidays_of_a_year_are_the_ones_that_were_kept(year: int) -> None:
    days = [date.fromordinal(day) for day in ENGLAND]
    assert [f"{day:%m-%d}" for day in days if day.year == year] == PRINTED[year]


@pytest.mark.parametrize(
    ("start", "end", "with_holidays", "without"),
    [
        ("2014-04-17", "2014-04-18", 0, 1),  # Good Friday
        ("2014-04-17", "2014-04-21", 0, 2),  # Easter Monday
        ("2014-04-17", "2014-04-22", 1, 3),
        ("2014-04-17", "2014-04-28", 5, 7),
        ("2014-05-23", "2014-05-26", 0, 1),  # the spring bank holiday
        ("2014-05-23", "2014-05-27", 1, 2),
        ("2014-08-22", "2014-08-26", 1, 2),  # the summer bank holiday
        ("2014-12-24", "2014-12-26", 0, 2),  # Christmas and Boxing Day
        ("2014-12-24", "2014-12-29", 1, 3),
        ("2014-12-24", "2015-01-02", 4, 7),
        ("2014-12-31", "2015-01-01", 0, 1),  # New Year's Day
        ("2014-12-31", "2015-01-02", 1, 2),
        ("2014-12-25", "2014-12-29", 1, 2),  # from a holiday: the day itself never counts
        ("2014-06-06", "2014-06-09", 1, 1),
        ("2014-06-07", "2014-06-08", 0, 0),
        ("2014-07-01", "2014-07-29", 20, 20),
        ("2014-05-01", "2014-06-02", 20, 22),
    ],
)
def test_a_bank_holiday_is_no_working_day_where_the_pack_has_a_calendar(
    start: str, end: str, with_holidays: int, without: int
) -> None:
    assert count(start, end) == with_holidays
    assert count(start, end, None) == without


def test_calendars_differ_as_the_countries_do() -> None:
    assert count("2014-01-01", "2014-01-02", "GB-SCT") == 0  # 2 January, in Scotland only
    assert count("2014-01-01", "2014-01-02", "GB-ENG") == 1
    assert count("2014-07-11", "2014-07-14", "GB-NIR") == 0  # the Battle of the Boyne
    assert count("2014-07-11", "2014-07-14", "GB-ENG") == 1


def test_an_unknown_calendar_is_refused_with_those_there_are() -> None:
    with pytest.raises(ExpressionError, match="no calendar 'GB', only GB-ENG, GB-SCT, GB-NIR"):
        compile_expression("working_days(${a}, ${b}) > 1", "GB")


@pytest.mark.parametrize("calendar", [None, *HOLIDAYS])
@pytest.mark.parametrize(
    ("start", "end"), [("", "2014-05-26"), ("2014-05-26", ""), ("na", "not_known"), ("26.5.", "x")]
)
def test_an_open_date_leaves_the_count_open(calendar: str | None, start: str, end: str) -> None:
    assert count(start, end, calendar) is None


@pytest.mark.parametrize("calendar", [None, *HOLIDAYS])
@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31", "1752-09-03", "2014-02-28"])
def test_hostile_dates_do_no_harm(calendar: str | None, day: str) -> None:
    assert count(day, day, calendar) == 0
    assert isinstance(count("0001-01-01", day, calendar), float)
    assert isinstance(count(day, "9999-12-31", calendar), float)


def test_outside_the_calendars_years_every_weekday_is_a_working_day() -> None:
    first, last = HOLIDAY_YEARS[0], HOLIDAY_YEARS[-1]
    assert count(f"{first - 1}-01-01", f"{first - 1}-12-31") == 260
    assert count(f"{last + 1}-01-01", f"{last + 1}-12-31") == 260
    weekdays = 5 * (date.max.toordinal() // 7) + 4  # from a Monday, not counted, to a Friday
    assert count("0001-01-01", "9999-12-31") == weekdays - len(ENGLAND)


def plain_count(start: date, end: date) -> int:
    """The rule in the plainest words: day by day."""
    days = (start + timedelta(days=n) for n in range(1, (end - start).days + 1))
    return sum(day.weekday() < 5 and day.toordinal() not in ENGLAND for day in days)


@given(DATES, st.integers(0, 800))
def test_it_counts_as_counting_day_by_day_does(start: date, days: int) -> None:
    end = start + timedelta(days=days)
    assert working_days(start.isoformat(), end.isoformat(), ENGLAND) == plain_count(start, end)


@given(DATES, DATES, DATES)
def test_two_spans_add_up_and_backwards_is_negative(a: date, b: date, c: date) -> None:
    def days(start: date, end: date) -> float:
        value = working_days(start.isoformat(), end.isoformat(), ENGLAND)
        assert isinstance(value, float)
        return value

    assert days(a, b) + days(b, c) == days(a, c)
    assert days(a, b) == -days(b, a)


def test_the_calendar_of_a_pack_reaches_its_questions() -> None:
    def value(settings: dict[str, str]) -> object:
        days = {
            "type": "calculate",
            "name": "days",
            "calculation": "working_days(${moved}, '2014-05-27')",
        }
        moved = {"type": "date", "name": "moved", "label": "When?"}
        form = {"name": "case-file", "label": "Case file", "survey": [moved, days]}
        pack = load_pack({"settings": {**TINY["settings"], **settings}, "forms": [form]})
        calculation = pack.forms[0].by_name["days"].calculation
        assert calculation is not None
        return calculation.evaluate({"moved": xvalue("2014-05-23")})

    assert value({}) == 2
    assert value({"holidays": "GB-ENG"}) == 1


def test_holidays_are_looked_up_once_and_never_while_answering() -> None:
    """The package costs a start some 100 ms: only a pack that asks for a calendar loads it."""
    program = """
import sys
from criteria.expressions import compile_expression
days = compile_expression("working_days(${a}, ${b})")
other = compile_expression("${a} = 'yes'", "GB-ENG")
days.evaluate({"a": "2014-05-23", "b": "2014-05-27"})
assert "holidays" not in sys.modules
days = compile_expression("working_days(${a}, ${b})", "GB-ENG")
assert "holidays" in sys.modules
for name in [name for name in sys.modules if name.startswith("holidays")]:
    sys.modules[name] = None  # whoever imports it now fails
again = compile_expression("1 + working_days(${a}, ${b})", "GB-ENG")
print(days.evaluate({"a": "2014-05-23", "b": "2014-05-27"}))
"""
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, check=True, encoding="utf-8"
    )
    assert done.stdout == "1.0\n"
