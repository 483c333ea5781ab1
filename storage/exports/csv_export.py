"""An inspection's answers as CSV (RFC 4180): one row for each answer, profile and survey alike.

============  ===================================================================================
sufficient    1 or 0 of a judgement that counts, empty where it does not (N/A, not known, hidden)
relevant      0 of an answer that is kept but hidden: its question does not apply as things stand
value         the choice's name, several separated by a space; a number, an ISO date, a text
============  ===================================================================================

What is worked out (``calculate``) has its row too. A question that is open has none, unless
somebody noted something on it.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator
from typing import Final

from criteria.case import Case, Value
from criteria.inspection import Inspection
from criteria.pack import NA, NOT_KNOWN, Form, Pack, Question
from criteria.relevance import FormState, form_state

COLUMNS: Final = (
    "inspection",
    "case",
    "form",
    "inspector",
    "status",
    "section",
    "criterion",
    "number",
    "question",
    "label",
    "value",
    "value_label",
    "sufficient",
    "relevant",
    "note",
    "by",
    "at",
)

_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")
_OUT_OF_BASE_LABELS: Final = {NA: "N/A", NOT_KNOWN: "Not known"}


def answers_csv(inspection: Inspection, pack: Pack, cases: Iterable[Case]) -> str:
    """The whole table with its header line. Write it as UTF-8, its line breaks as they are."""
    text = io.StringIO(newline="")
    table = csv.writer(text)
    table.writerow(COLUMNS)
    for case in cases:
        form = pack.form(case.form)
        if form is None:
            raise ValueError(f"case {case.case}: pack {pack.name} has no form {case.form!r}")
        table.writerows(_rows(inspection, pack, form, case))
    return text.getvalue()


def safe_text(text: str) -> str:
    """Text that a spreadsheet will not take for a formula (OWASP: CSV injection)."""
    return f"'{text}" if text.startswith(_FORMULA) else text


def _rows(
    inspection: Inspection, pack: Pack, form: Form, case: Case
) -> Iterator[tuple[str | int | float, ...]]:
    state = form_state(form, case)
    relevant = set(state.relevant)
    for question in form.questions:
        value = (
            case.value(question) if question.is_answered_by_people else _worked_out(state, question)
        )
        note = case.note(question)
        if value is None and note is None:
            continue
        answer = case.answers.get(question.name)
        criterion = pack.criteria.get(question.criterion or "")
        counts = question in relevant
        yield (
            safe_text(inspection.id),
            case.case,
            case.form,
            safe_text(case.inspector or ""),
            case.status.value,
            criterion.section if criterion else "",
            criterion.name if criterion else "",
            safe_text(question.number),
            question.name,
            safe_text(pack.text(question.label)),
            _cell(question, value),
            safe_text(_label(pack, question, value)),
            _sufficient(question, value) if counts else "",
            int(counts),
            safe_text(note or ""),
            safe_text((answer.by if answer else None) or ""),
            safe_text((answer.at if answer else None) or ""),
        )


def _worked_out(state: FormState, question: Question) -> Value | None:
    return state.values.get(question.name)


def _cell(question: Question, value: Value | None) -> str | int | float:
    """A number stays one (also a negative); whatever else begins like a formula gets its sign."""
    if value is None:
        return ""
    if isinstance(value, tuple):
        return " ".join(value)
    if isinstance(value, str):
        return value if question.kind == "calculate" and _is_number(value) else safe_text(value)
    return value


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True


def _label(pack: Pack, question: Question, value: Value | None) -> str:
    if isinstance(value, tuple):
        return "; ".join(_choice_label(pack, question, name) for name in value)
    return _choice_label(pack, question, value) if isinstance(value, str) else ""


def _choice_label(pack: Pack, question: Question, name: str) -> str:
    choice = question.choice(name)
    if choice is not None:
        return pack.text(choice.label)
    return "" if question.kind == "text" else _OUT_OF_BASE_LABELS.get(name, "")


def _sufficient(question: Question, value: Value | None) -> str | int:
    """Whether a scored judgement is above the line; empty where it leaves the base."""
    if not question.is_scored or not isinstance(value, str):
        return ""
    choice = question.choice(value)
    return "" if choice is None or choice.is_na else int(bool(choice.sufficient))
