"""An inspection as CSV (RFC 4180): a row for each answer, or a row for each case.

Of the answers (profile and survey alike):

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
somebody noted or attached something to it.

Of the cases: ``answered`` of ``relevant`` questions, a column for each profile question, and for
each criterion its sufficient and relevant judgements in this case; empty where its form judges no
such criterion. What is missing is empty.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from typing import Final

from criteria.case import Case
from criteria.inspection import Inspection
from criteria.pack import Pack
from criteria.question import Cell
from storage.exports.flat_rows import (
    ANSWER_COLUMNS,
    Row,
    answer_rows,
    case_columns,
    case_rows,
)

COLUMNS: Final = ANSWER_COLUMNS

_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")


def answers_csv(inspection: Inspection, pack: Pack, cases: Iterable[Case]) -> str:
    """The answers with their header line. Write it as UTF-8, its line breaks as they are."""
    return _csv(COLUMNS, answer_rows(inspection, pack, cases))


def cases_csv(inspection: Inspection, pack: Pack, cases: Iterable[Case]) -> str:
    """The cases, one row each, with their header line; to be written like the answers."""
    return _csv(case_columns(pack), case_rows(inspection, pack, cases))


def safe_text(text: str) -> str:
    """Text that a spreadsheet will not take for a formula (OWASP: CSV injection)."""
    return f"'{text}" if text.startswith(_FORMULA) else text


def _csv(columns: Sequence[str], rows: Iterable[Row]) -> str:
    text = io.StringIO(newline="")
    table = csv.writer(text)
    table.writerow(columns)
    table.writerows([_safe(cell) for cell in row] for row in rows)
    return text.getvalue()


def _safe(cell: Cell) -> Cell:
    """A number stays one (also a negative); a text that begins like a formula gets its sign."""
    return safe_text(cell) if isinstance(cell, str) else cell
