"""What a report's appendices print, row by row: the pack's tables, and every question's figures.

A pack's table comes as :func:`criteria.tables.tables_document` works it out; here it gets its
words. The page and the document print the same rows.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from criteria.pack import NOT_KNOWN, Pack, Question
from criteria.score_document import question_interval
from criteria.scoring import InspectionScore, QuestionScore
from criteria.tables import tables_document
from storage.exports.report import InspectionReport
from storage.exports.report_words import (
    NONE,
    OUT_OF_BASE_WORDS,
    how_many,
    interval_words,
    kappa_words,
    number_words,
    share_words,
)

Cells = tuple[str, ...]
JSON = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class RowGroup:
    """A row (its label and cells) with the rows that belong under it."""

    label: str
    cells: Cells
    rows: tuple[tuple[str, Cells], ...] = ()


@dataclass(frozen=True, slots=True)
class PrintedTable:
    """``head`` are the columns after the first; without ``groups`` nobody answered yet."""

    label: str
    source: str | None
    first_head: str
    head: Cells
    groups: tuple[RowGroup, ...]
    note: str | None = None


def printed_tables(report: InspectionReport) -> tuple[PrintedTable, ...]:
    """The pack's tables, in its order."""
    return tuple(
        _KINDS[str(table["kind"])](report.pack, table)
        for table in tables_document(report.pack, report.cases)
    )


# --- answers ------------------------------------------------------------------------------------


def _answers(pack: Pack, table: JSON) -> PrintedTable:
    filled = any(
        any(cell["counts"].values()) or cell["base"]
        for row in table["rows"]
        for cell in row["cells"]
        if cell is not None
    )
    return PrintedTable(
        table["label"],
        table["source"],
        "",
        tuple(table["columns"]),
        tuple(_answer_group(pack, row) for row in table["rows"]) if filled else (),
    )


def _answer_group(pack: Pack, row: JSON) -> RowGroup:
    """A row with two answers in one line (the share of the first); any other with its scale."""
    cells: Sequence[JSON | None] = row["cells"]
    questions = [_question(pack, cell["question"]) for cell in cells if cell]
    labels = {
        choice.name: pack.text(choice.label)
        for question in questions
        for choice in question.choices
        if not question.leaves_base(choice.name)
    }
    if len(labels) == 2 and not any(question.type.takes_several for question in questions):
        first, label = next(iter(labels.items()))
        return RowGroup(
            f"{row['label']}: {label}", tuple(_share_cell(pack, cell, first) for cell in cells)
        )
    rows = [
        (label, tuple(_percent_cell(cell, name) for cell in cells))
        for name, label in labels.items()
    ]
    sufficient = [cell["sufficient_percent"] if cell else None for cell in cells]
    if any(share is not None for share in sufficient):
        shares = tuple(NONE if share is None else f"{share}%" for share in sufficient)
        rows.append(("Sufficient, together", shares))
    return RowGroup(row["label"], tuple(_base_cell(pack, cell) for cell in cells), tuple(rows))


def _share_cell(pack: Pack, cell: JSON | None, name: str) -> str:
    """``86% (43 of 50); 3 N/A``"""
    if cell is None:
        return ""
    share = cell["percents"].get(name)
    figure = NONE if share is None else f"{share}% ({cell['counts'][name]} of {cell['base']})"
    return figure + _outside(pack, cell)


def _percent_cell(cell: JSON | None, name: str) -> str:
    if cell is None:
        return ""
    share = cell["percents"].get(name)
    return NONE if share is None else f"{share}%"


def _base_cell(pack: Pack, cell: JSON | None) -> str:
    return "" if cell is None else f"of {cell['base']}{_outside(pack, cell)}"


def _outside(pack: Pack, cell: JSON) -> str:
    """What leaves the base, each kind apart: an answer that has a count and no share."""
    question = _question(pack, cell["question"])
    parts = [
        f"{count} {_answer_words(pack, question, name)}"
        for name, count in cell["counts"].items()
        if count and cell["percents"][name] is None
    ]
    return "; " + ", ".join(parts) if parts else ""


def _question(pack: Pack, name: str) -> Question:
    return next(form.by_name[name] for form in pack.forms if name in form.by_name)


# --- agreement, factors, numbers ----------------------------------------------------------------


def _agreement(pack: Pack, table: JSON) -> PrintedTable:
    """The cross-table: the first file's answers down, the second's across."""
    first, second = (_question(pack, name) for name in table["questions"])
    counts = {tuple(pair["answers"]): pair["cases"] for pair in table["cross"]}
    down = _in_order(first, [answers[0] for answers in counts])
    across = _in_order(second, [answers[1] for answers in counts])
    kappa = "" if table["kappa"] is None else f", kappa {kappa_words(table['kappa'])}"
    return PrintedTable(
        table["label"],
        table["source"],
        f"{_form_of(pack, first)} ↓ / {_form_of(pack, second)} →",
        tuple(_answer_words(pack, second, name) for name in across),
        tuple(
            RowGroup(
                _answer_words(pack, first, row),
                tuple(str(counts.get((row, column), 0)) for column in across),
            )
            for row in down
        ),
        f"{table['agree']} of {how_many(table['pairs'], 'pair')} agree"
        f" ({table['percent']}%){kappa}."
        if table["pairs"]
        else None,
    )


def _form_of(pack: Pack, question: Question) -> str:
    form = next(form for form in pack.forms if question.name in form.by_name)
    return pack.text(form.label)


def _in_order(question: Question, answers: Sequence[str]) -> list[str]:
    """Each answer once, in the order of the question's choices, what is no choice at the end."""
    places = {choice.name: place for place, choice in enumerate(question.choices)}
    return sorted(set(answers), key=lambda name: (places.get(name, len(places)), name))


def _answer_words(pack: Pack, question: Question, answer: str) -> str:
    choices = [question.choice(name) for name in answer.split()]
    if all(choices) and choices:
        return ", ".join(pack.text(choice.label) for choice in choices if choice)
    return OUT_OF_BASE_WORDS.get(answer, answer)


def _factors(_pack: Pack, table: JSON) -> PrintedTable:
    return PrintedTable(
        table["label"],
        table["source"],
        "Factor",
        ("Cases", "Relevant", "Enough progress"),
        tuple(
            RowGroup(
                row["label"],
                (
                    str(row["cases"]),
                    number_words(row["base"]),
                    NONE
                    if row["percent"] is None
                    else f"{row['percent']}% ({row['sufficient']} of {row['base']})",
                ),
            )
            for row in table["rows"]
        )
        if any(row["cases"] for row in table["rows"])
        else (),
    )


def _numbers(_pack: Pack, table: JSON) -> PrintedTable:
    names = ("answered", "total", "least", "most", "mean")
    return PrintedTable(
        table["label"],
        table["source"],
        "",
        ("Answers", "Total", "Least", "Most", "Mean"),
        tuple(
            RowGroup(row["label"], tuple(number_words(row[name]) for name in names))
            for row in table["rows"]
        )
        if any(row["answered"] for row in table["rows"])
        else (),
    )


_KINDS: Final[Mapping[str, Callable[[Pack, JSON], PrintedTable]]] = {
    "answers": _answers,
    "agreement": _agreement,
    "factors": _factors,
    "numbers": _numbers,
}


# --- questions ----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class QuestionRow:
    """One question's figures; ``answers`` are its choices with count and share."""

    score: QuestionScore
    number: str
    label: str
    percent: str
    interval: tuple[float, float] | None
    answers: tuple[str, ...]
    na: int
    not_known: int

    @property
    def base(self) -> str:
        """``13 of 19``: sufficient of relevant; of a plain fact, how many answered."""
        if self.score.sufficient is None:
            return f"{self.score.relevant} answered"
        return f"{self.score.sufficient} of {self.score.relevant}"

    @property
    def interval_words(self) -> str:
        return interval_words(self.interval)

    @property
    def left_out(self) -> str:
        """What is not in the base, each kind apart."""
        kinds = {"N/A": self.na, "not known": self.not_known, "unanswered": self.score.unanswered}
        return ", ".join(f"{count} {what}" for what, count in kinds.items() if count)


@dataclass(frozen=True, slots=True)
class FormQuestions:
    """A form's questions; none where nobody has answered one of them."""

    label: str
    rows: tuple[QuestionRow, ...]


def question_rows(report: InspectionReport) -> tuple[FormQuestions, ...]:
    """Every question of every form, in the pack's order."""
    score = report.score
    forms = []
    for form in report.pack.forms:
        scores = [one for one in score.questions.values() if one.form == form.name]
        answered = any(one.relevant or any(one.counts.values()) for one in scores)
        rows = tuple(_question_row(score, one) for one in scores) if answered else ()
        forms.append(FormQuestions(report.pack.text(form.label), rows))
    return tuple(forms)


def _question_row(score: InspectionScore, one: QuestionScore) -> QuestionRow:
    question, pack = one.question, score.pack
    outside = {name: count for name, count in one.counts.items() if question.leaves_base(name)}
    return QuestionRow(
        score=one,
        number=question.number,
        label=pack.text(question.label),
        percent=share_words(one.proportion),
        interval=question_interval(score, one),
        answers=tuple(
            f"{pack.text(choice.label)} {_counted(one, choice.name)}"
            for choice in question.choices
            if choice.name not in outside
        ),
        na=sum(count for name, count in outside.items() if name != NOT_KNOWN),
        not_known=outside.get(NOT_KNOWN, 0),
    )


def _counted(one: QuestionScore, choice: str) -> str:
    share = one.percent_of(choice)
    return str(one.counts[choice]) + ("" if share is None else f" ({share}%)")
