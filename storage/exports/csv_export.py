"""The answers as CSV (RFC 4180), a row each; profile and survey alike.

================  ===============================================================================
sufficient        1 or 0 of a judgement that counts, empty where it does not (N/A, hidden, …)
relevant          0 of an answer that is kept but hidden: its question does not apply any more.
                  N/A and not known have 1 (unlike ``relevant`` of the score's JSON, the base)
value             the choice's name, several separated by a space; a number, an ISO date, a text
kind              what the note is kept as (``evidence``, ``strength``, …); empty without a note
settled           the lead's reason, where two readings differed and the lead decided
given             what the first reading had said before the lead settled it
attachments       names of files, separated by ``; ``, and beside them their kinds and captions
reading           2 of a second inspector's own reading: the score counts only the first
in_base           1 of an answer that percentages divide by: added up by question it is ``relevant``
                  of the score's JSON. 0 of N/A and not known, of a hidden answer, of reading 2
counts_to_score   1 of a judgement that counts towards its criterion; facts and others have 0
================  ===============================================================================

What is worked out (``calculate``) has its row too. A question that is open has none, unless
somebody noted or attached something to it. What is missing is empty.
"""

import csv
import io
import re
from collections.abc import Iterable, Sequence
from typing import Final

from criteria.question import Cell
from storage.exports.flat_rows import ANSWER_COLUMNS, Row, answer_rows
from storage.exports.report import InspectionReport

_FORMULA: Final = re.compile(
    r"(^|[;\t\r\n])(?=[\s\"\u200b-\u200f\u2060\ufeff]*[=+\-@＝＋－＠])|^(?=[\t\r])"
)
"""Where a formula may begin: a text, or what follows a sign at which a spreadsheet may split it.

Where semicolons separate, a spreadsheet splits a row at those within texts: for it, a quotation
mark after a comma begins nothing. Some drop blanks, quotation marks and invisible signs.
"""


def answers_csv(report: InspectionReport) -> bytes:
    return csv_file(ANSWER_COLUMNS, answer_rows(report.inspection, report.pack, report.cases))


def csv_file(columns: Sequence[str], rows: Iterable[Row]) -> bytes:
    text = io.StringIO(newline="")
    table = csv.writer(text)
    table.writerow(columns)
    table.writerows([_safe(cell) for cell in row] for row in rows)
    return text.getvalue().encode("utf-8-sig")  # the mark has spreadsheets on Windows read UTF-8


def _safe(cell: Cell) -> Cell:
    """A number stays a number, also a negative one; a text gets a sign before what looks like a
    formula, so that no spreadsheet takes it for one (OWASP: CSV injection).
    """
    return _FORMULA.sub(r"\1'", cell) if isinstance(cell, str) else cell
