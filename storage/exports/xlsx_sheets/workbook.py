"""Sheets of plain cells, and how they become an .xlsx workbook.

XlsxWriter rather than openpyxl: it writes text as text when it is told to, where openpyxl takes
whatever begins with "=" for a formula; it makes the same bytes of the same sheets (openpyxl puts
the time of saving into them); in memory it leaves no case's data in a temporary file; and it is
the faster of the two. Nothing here is ever read back.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from fractions import Fraction
from itertools import islice
from math import ceil
from textwrap import wrap
from typing import Any, Final, Literal, TypeVar

import xlsxwriter  # type: ignore[import-untyped]  # it has no py.typed

from criteria.say import Say
from criteria.scoring.score import percent
from storage.exports.report_words import legible, read_time

Style = Literal[
    "text", "number", "decimal", "score", "percent", "points", "base", "date", "moment",
    "header", "figure_header", "title", "line", "strong", "strong_percent",
    "aside", "aside_number",
]  # fmt: skip

FONT: Final = {"font_name": "Arial", "font_size": 10, "font_scheme": False}
"""As wide in every program: where Arial is not there, what stands in for it has its measures."""
LINE: Final = 12.75
"""A line's height, in points,"""
TITLE: Final = 19
"""a title's,"""
TALLEST: Final = 409
"""and that of the tallest row there can be: a longer text is whole in its cell all the same."""

_TOP: Final = {"valign": "top"}
_WRAPPED: Final = {**_TOP, "text_wrap": True}
_FIGURE: Final = {**_TOP, "align": "right", "indent": 1}  # apart from the text that comes next
_HEADER: Final = {**_WRAPPED, "bold": True, "font_color": "#FFFFFF", "bg_color": "#1F3864",
                  "border": 1, "border_color": "#8497B0"}  # fmt: skip
_FORMATS: Final[Mapping[Style, Mapping[str, object]]] = {
    "text": _WRAPPED,
    "number": _FIGURE,
    "decimal": {**_FIGURE, "num_format": "0.0##"},
    "score": {**_FIGURE, "num_format": "0.0000"},
    "percent": {**_FIGURE, "num_format": "0%"},
    "points": {**_FIGURE, "num_format": "+0;-0;0"},
    "base": {**_FIGURE, "num_format": '"N = "0', "bold": True},
    "date": {**_TOP, "num_format": "yyyy-mm-dd", "align": "left"},
    "moment": {**_TOP, "num_format": "yyyy-mm-dd hh:mm:ss", "align": "left"},
    "header": _HEADER,
    "figure_header": {**_HEADER, "align": "center"},
    "title": {**_TOP, "bold": True, "font_size": 14},
    "line": _TOP,
    "strong": {**_WRAPPED, "bold": True},
    "strong_percent": {**_FIGURE, "bold": True, "num_format": "0%"},
    "aside": {**_WRAPPED, "italic": True, "font_color": "#595959"},
    "aside_number": {**_FIGURE, "italic": True, "font_color": "#595959"},
}  # fmt: skip

_NOT_WRAPPED: Final = {"line", "title"}
_HEADERS: Final = {"header", "figure_header"}
_FIGURES: Final = {"number", "score", "percent", "points"}

MAX_ROWS: Final = 1_048_576
"""What a sheet can hold (Excel's limits, as all of these)."""
MAX_TEXT: Final = 32_767
"""Of a cell, in UTF-16 units."""
MAX_PAGE_HEADER: Final = 255
PAGE_WIDTH: Final = 400
"""How many characters beside each other can still be read on a page."""
FIRST_DATE: Final = date(1900, 3, 1)
"""Excel counts a 29 February 1900 that never was, so that programs differ on the days before."""
MAX_WHOLE: Final = 10**15
"""A number's digits after the fifteenth are lost."""


Plain = str | int | float | date
"""A ``date`` is also a ``datetime``, without a time zone: it is in UTC."""


@dataclass(frozen=True, slots=True)
class Styled:
    """A value that is to look otherwise than the rest of its column."""

    value: Plain | None
    style: Style


Cell = Plain | Styled | None
Row = Sequence[Cell]


@dataclass(frozen=True, slots=True)
class Column:
    """``width`` in characters."""

    header: str
    width: float
    style: Style = "text"


@dataclass(frozen=True, slots=True)
class Sheet:
    """A list with its header line, lines of text above and below it.

    ``held`` is how many columns stay in view. A sheet that is no list has neither header nor
    filter; its rows say themselves what they are.
    """

    name: str
    columns: Sequence[Column]
    rows: Iterable[Row]
    above: Sequence[Row] = ()
    below: Sequence[Row] = ()
    held: int = 0
    is_list: bool = field(default=True, kw_only=True)


T = TypeVar("T")
Shows = tuple[str, float, Style, Callable[[T], Cell]]
"""A list's column (header, width, style), and what it shows of a row."""


def list_of(  # noqa: PLR0913  # the parts of a sheet, each by its name
    say: Say,
    name: str,
    columns: Sequence[Shows[T]],
    rows: Iterable[T],
    *,
    above: Sequence[Row] = (),
    below: Sequence[Row] = (),
    held: int = 0,
) -> Sheet:
    """A sheet with a line for each of the rows.

    ``name`` and the columns' headers are those of the messages ``sheet-…`` and ``column-…``.
    """
    return Sheet(
        say(f"sheet-{name}"),
        [Column(say(f"column-{header}"), width, style) for header, width, style, _ in columns],
        ([shown(row) for *_, shown in columns] for row in rows),
        above,
        below,
        held,
    )


def exact(share: Fraction | float | None) -> float | None:
    return None if share is None else float(share)


def hundredths(whole_percent: int | None) -> float | None:
    return None if whole_percent is None else whole_percent / 100


def whole(share: Fraction | None) -> float | None:
    """A share as its printed percentage, for the style ``percent``: 34 of 80 is 0.43.

    The rounding is ours (half up on the fraction), so that no program shows another one.
    """
    return None if share is None else hundredths(percent(share))


def moment(at: str | None) -> Cell:
    """An ISO time as a date and time in UTC; a text that is none stays one."""
    if at is None:
        return None
    read = read_time(at)
    return at if read is None else read.replace(tzinfo=None)


def workbook(
    say: Say, sheets: Iterable[Sheet], *, title: str, made_at: str, max_rows: int = MAX_ROWS
) -> bytes:
    """The file. Equal sheets, titles and times (ISO, in UTC) give equal bytes."""
    file = io.BytesIO()
    book = xlsxwriter.Workbook(
        file,
        {
            "in_memory": True,
            "strings_to_formulas": False,
            "strings_to_numbers": False,
            "strings_to_urls": False,
            "default_format_properties": dict(FONT),  # it writes into it
        },
    )
    made = moment(made_at)
    created = made if isinstance(made, datetime) else datetime(2000, 1, 1)  # noqa: DTZ001  # UTC
    book.set_properties({"title": _clean(title), "created": created})
    formats = {style: book.add_format(dict(what)) for style, what in _FORMATS.items()}
    for sheet in sheets:
        page = book.add_worksheet(sheet.name)
        _set_up_page(say, page, sheet, title)
        _Page(say, page, formats, max_rows).write(sheet)
    book.close()
    return file.getvalue()


def _set_up_page(say: Say, page: Any, sheet: Sheet, title: str) -> None:
    """On paper: landscape A4, with a header line on every page.

    A sheet is as wide as the page; one of so many columns that nobody could read it then goes over
    several, with its first columns on each.
    """
    page.set_landscape()
    page.set_paper(9)
    page.set_margins(left=0.4, right=0.4, top=0.7, bottom=0.6)
    page.fit_to_pages(ceil(sum(column.width for column in sheet.columns) / PAGE_WIDTH), 0)
    if sheet.held:
        page.repeat_columns(0, sheet.held - 1)
    page.hide_gridlines(1)  # on paper only
    name = _clean(title).replace("\n", " ").replace("&", "&&")
    right = f"&R{sheet.name}"
    page.set_header(f"&L{name[: MAX_PAGE_HEADER - len(right) - 10].rstrip('&')}{right}")
    page.set_footer("&R" + say("report-page", page="&P", pages="&N"))


class _Page:
    """A worksheet that is being written, row after row."""

    def __init__(self, say: Say, page: Any, formats: Mapping[Style, Any], max_rows: int) -> None:
        self.say = say
        self._page = page
        self._formats = formats
        self._rows_left = max_rows
        self._at = 0
        self._widths: list[float] = []

    def write(self, sheet: Sheet) -> None:
        styles: list[Style] = [column.style for column in sheet.columns]
        plain: list[Style] = ["line"] * len(styles)
        self._widths = [column.width for column in sheet.columns]
        for index, column in enumerate(sheet.columns):
            self._page.set_column(index, index, column.width)
        for row in sheet.above:
            self._row(row, plain)
        top = self._at
        if sheet.is_list:
            headers = [_header(column) for column in sheet.columns]
            self._row(headers, plain, extra=LINE)  # below the text, for the filter's buttons
            self._page.freeze_panes(self._at, sheet.held)
            self._page.repeat_rows(top)
        self._list(sheet.rows, styles, self._rows_left - len(sheet.below) - 1)
        if sheet.is_list:
            self._page.autofilter(top, 0, self._at - 1, len(styles) - 1)
        for row in sheet.below:
            self._row(row, plain)

    def _list(self, rows: Iterable[Row], styles: Sequence[Style], room: int) -> None:
        waiting = iter(rows)
        for row in islice(waiting, room):
            self._row(row, styles)
        if next(waiting, None) is not None:
            self._row([self.say("sheet-too-long")], ["line"])

    def _row(self, row: Row, styles: Sequence[Style], extra: float = 0) -> None:
        height = LINE
        for index, (cell, style) in enumerate(zip(row, styles, strict=False)):
            if cell is not None and cell != "":
                self._cell(index, cell, style)
                height = max(height, self._height(index, cell, style))
        if height + extra > LINE:
            self._page.set_row(self._at, min(height + extra + 2, TALLEST))
        self._at += 1
        self._rows_left -= 1

    def _cell(self, column: int, cell: Plain | Styled, style: Style) -> None:
        """Numbers as numbers, days as days; whatever a sheet would change is written as text."""
        value: Plain | None = cell.value if isinstance(cell, Styled) else cell
        shown = cell.style if isinstance(cell, Styled) else style
        if isinstance(value, str):
            self._text(column, value, shown)
        elif isinstance(value, int | float):
            shown = "number" if shown == "text" else shown
            if abs(value) < MAX_WHOLE:  # neither infinite nor "not a number" is
                self._page.write_number(self._at, column, value, self._formats[shown])
            else:
                self._text(column, str(value), shown)
        elif isinstance(value, date):
            moment_too = isinstance(value, datetime)
            if value.timetuple() < FIRST_DATE.timetuple():
                self._text(column, value.isoformat(), shown)
            else:
                shown = "moment" if moment_too else "date"
                self._page.write_datetime(self._at, column, value, self._formats[shown])

    def _height(self, column: int, cell: Plain | Styled, style: Style) -> float:
        """How high a text is in its column, rather one line too many.

        Not every program works it out for itself when it opens a file.
        """
        text, style = (cell.value, cell.style) if isinstance(cell, Styled) else (cell, style)
        if style in _NOT_WRAPPED or not isinstance(text, str):
            return TITLE if style == "title" else LINE
        room = self._widths[column]
        if style in _HEADERS:
            return LINE * len(wrap(text, int(room * 0.95)))
        if len(text) <= room and "\n" not in text:
            return LINE
        return LINE * sum(max(1, ceil(len(line) / room)) for line in text.split("\n"))

    def _text(self, column: int, text: str, style: Style) -> None:
        text, shown = _cut(_clean(text), self.say), self._formats[style]
        if text.startswith("<r>") and text.endswith("</r>"):
            # XlsxWriter would take it for a rich text of its own making; in two pieces it is one.
            self._page.write_rich_string(self._at, column, text[:1], shown, text[1:], shown)
        else:
            self._page.write_string(self._at, column, text, shown)


def _header(column: Column) -> Styled:
    return Styled(column.header, "figure_header" if column.style in _FIGURES else "header")


def _clean(text: str) -> str:
    """The text without what a sheet cannot hold; line breaks as sheets have them."""
    return text if text.isprintable() else legible(text)  # nearly every one is, and at once


def _cut(text: str, say: Say) -> str:
    if len(text) <= MAX_TEXT // 2:
        return text
    units = text.encode("utf-16-le")
    if len(units) <= 2 * MAX_TEXT:
        return text
    cut = say("cell-cut")
    return units[: 2 * (MAX_TEXT - len(cut))].decode("utf-16-le", "ignore") + cut
