"""Cells come back as what they were, and no text becomes anything else."""

from __future__ import annotations

import io
from datetime import date, datetime
from fractions import Fraction

import openpyxl
import pytest
from openpyxl.worksheet.worksheet import Worksheet

from bot.messages import say
from storage.exports.xlsx_sheets.workbook import (
    MAX_TEXT,
    Cell,
    Column,
    Row,
    Sheet,
    Styled,
    moment,
    whole,
    workbook,
)

MADE = "2026-11-24T12:00:00Z"


def page(
    rows: list[Row], columns: int = 3, title: str = "Cheshire", max_rows: int = 100
) -> Worksheet:
    sheet = Sheet("Sheet", [Column(f"c{number}", 12) for number in range(columns)], rows, held=1)
    content = workbook(say, [sheet], title=title, made_at=MADE, max_rows=max_rows)
    return openpyxl.load_workbook(io.BytesIO(content))["Sheet"]


def there_and_back(cell: Cell) -> object:
    return page([[cell]])["A2"].value


@pytest.mark.parametrize(
    "text",
    [
        "=1+1",
        "+1",
        "-1",
        "@SUM(A1)",
        "{=1+1}",
        "42",
        "1e3",
        "https://example.org",
        "mailto:a@example.org",
        "<r><t>bold</t></r>",
        "<r>",
        "_x0041_",
        " spaces  around ",
        "two\nlines",
        'quoted "and" <tagged> & co',
        "ünï 😀",
        "TRUE",
    ],
)
def test_a_text_stays_the_text_it_was(text: str) -> None:
    sheet = page([[text, Styled(text, "strong")]])
    for cell in (sheet["A2"], sheet["B2"]):
        assert (cell.value, cell.data_type, cell.hyperlink) == (text, "s", None)


def test_what_xml_cannot_hold_is_left_out() -> None:
    assert there_and_back("a\x00b\x0bc\x1b\ud800d\ufffee\r\nf\rg") == "abcde\nf\ng"


def test_a_text_longer_than_a_cell_is_cut_and_says_so() -> None:
    text = there_and_back("😀" * MAX_TEXT)
    assert isinstance(text, str)
    assert len(text.encode("utf-16-le")) // 2 <= MAX_TEXT
    assert text.endswith("😀 … (cut here; the CSV export has all of it)")
    assert there_and_back("x" * MAX_TEXT) == "x" * MAX_TEXT


@pytest.mark.parametrize("number", [0, -3, 2.5, 1 / 3, 10**14])
def test_a_number_is_a_number(number: float) -> None:
    assert there_and_back(number) == pytest.approx(number, rel=1e-12)


@pytest.mark.parametrize("number", [10**18, 10**400, float("inf"), float("nan")])
def test_a_number_that_no_sheet_can_hold_stays_a_text(number: float) -> None:
    assert there_and_back(number) == str(number)


def test_days_and_times_are_real_ones() -> None:
    row: Row = [
        date(2026, 11, 20),
        moment("2026-11-20T10:00:00Z"),
        moment("2026-11-20T10:00+02:00"),
    ]
    found = page([row])
    assert [found.cell(2, column).value for column in (1, 2, 3)] == [
        datetime.fromisoformat("2026-11-20"),
        datetime.fromisoformat("2026-11-20 10:00"),
        datetime.fromisoformat("2026-11-20 08:00"),
    ]
    assert [found.cell(2, column).number_format for column in (1, 2)] == [
        "yyyy-mm-dd",
        "yyyy-mm-dd hh:mm:ss",
    ]


def test_a_day_on_which_programs_differ_is_a_text() -> None:
    assert there_and_back(date(1900, 2, 28)) == "1900-02-28"
    assert there_and_back(date(1900, 3, 1)) == datetime.fromisoformat("1900-03-01")


@pytest.mark.parametrize("at", ["soon", "", "9999-12-31T23:59:59-12:00"])
def test_what_is_no_time_stays_as_it_is(at: str) -> None:
    assert moment(at) == at
    assert moment(None) is None


def test_a_percentage_is_the_printed_one() -> None:
    assert whole(Fraction(34, 80)) == 0.43
    assert whole(None) is None
    cell = page([[Styled(whole(Fraction(34, 80)), "percent")]])["A2"]
    assert (cell.value, cell.number_format) == (0.43, "0%")


def test_a_list_can_be_filtered_and_its_header_stays_in_view() -> None:
    sheet = page([["a", "b", "c"], ["d", None, ""]])
    assert sheet.auto_filter.ref == "A1:C3"
    assert sheet.freeze_panes == "B2"
    assert sheet.print_title_rows == "$1:$1"
    assert sheet.page_setup.orientation == "landscape"
    assert (sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight) == (None, 0)  # None is 1
    assert [cell.value for cell in sheet[3]] == ["d", None, None]
    assert sheet["A1"].font.bold


def test_lines_above_and_below_are_no_part_of_the_list() -> None:
    sheet = Sheet("S", [Column("c", 12)], [["row"]], above=[["before"], []], below=[["after"]])
    content = workbook(say, [sheet], title="T", made_at=MADE)
    found = openpyxl.load_workbook(io.BytesIO(content))["S"]
    assert [cell.value for (cell,) in found["A1:A5"]] == ["before", None, "c", "row", "after"]
    assert found.auto_filter.ref == "A3:A4"
    assert found.freeze_panes == "A4"


def test_a_row_is_as_high_as_its_text() -> None:
    sheet = page([["word " * 20], ["one line"], ["one\ntwo\nthree"]])
    heights = [sheet.row_dimensions[row].height for row in (2, 3, 4)]
    assert heights[0] > 100
    assert heights[1] is None
    assert 36 < heights[2] < 60


def test_rows_that_do_not_fit_are_pointed_out() -> None:
    rows: list[Row] = [[number] for number in range(20)]
    sheet = page(rows, max_rows=10)
    assert sheet.max_row == 10
    assert sheet["A9"].value == 7
    assert str(sheet["A10"].value).startswith("… the rest does not fit")
    assert page(rows[:8], max_rows=10)["A9"].value == 7


@pytest.mark.parametrize("title", ["Wales & West", "&P" * 200, "=1+1\nx\x00", "2026"])
def test_any_title_makes_a_page_header(title: str) -> None:
    sheet = page([["x"]], title=title)
    header = sheet.oddHeader
    assert header.right.text == "Sheet"
    plain = title.replace("\n", " ").replace("\x00", "").replace("&", "&&")
    assert plain.startswith(str(header.left.text))
    assert not str(header.left.text).replace("&&", "").count("&")


def test_the_same_sheets_make_the_same_bytes() -> None:
    def made() -> bytes:
        sheet = Sheet("S", [Column("c", 12)], [["a"], [Styled(1, "percent")], [date(2026, 1, 1)]])
        return workbook(say, [sheet], title="T", made_at=MADE)

    first = made()
    assert made() == first
    properties = openpyxl.load_workbook(io.BytesIO(first)).properties
    assert properties.created == datetime.fromisoformat("2026-11-24 12:00")
    assert properties.title == "T"


def test_a_sheet_of_very_many_columns_goes_over_several_pages() -> None:
    sheet = page([["x"]], columns=50)
    assert sheet.page_setup.fitToWidth == 2
    assert sheet.print_title_cols == "$A:$A"
