"""What a reader of the workbook needs: the instrument's codebook, and how to read each sheet."""

from collections.abc import Iterable, Sequence
from typing import Final

from criteria.instrument.pack import Form, Pack
from criteria.question import Choice, Question
from criteria.report.labels import criterion_of, headline_labels
from criteria.say import Say
from storage.exports.report import InspectionReport
from storage.exports.xlsx_sheets.workbook import Column, Sheet, Shows, Styled, list_of

_SHEETS: Final = (
    "summary", "questions", "answer-counts", "answers", "second-readings", "cases", "tables",
    "findings", "recommendations", "follow-up", "comparison", "agreement", "differences",
    "codebook",
)  # fmt: skip
_RULES: Final = (
    "sufficient", "relevant", "in-base", "base", "scores", "percentages", "interval", "can-become",
    "texts",
)  # fmt: skip


def codebook(say: Say, pack: Pack) -> Sheet:
    """A row for each question, as the instrument defines it."""
    columns: Sequence[Shows[tuple[Form, Question]]] = (
        ("number", 9, "text", lambda row: row[1].number),
        ("name", 22, "text", lambda row: row[1].name),
        ("form", 16, "text", lambda row: pack.text(row[0].label)),
        ("form-name", 12, "text", lambda row: row[0].name),
        ("type", 20, "text", lambda row: _type(say, row[1])),
        ("question", 50, "text", lambda row: pack.text(row[1].label)),
        ("hint", 26, "text", lambda row: pack.text(row[1].hint) if row[1].hint else None),
        ("criterion", 26, "text", lambda row: criterion_of(pack, row[1])),
        ("headlines", 18, "text", lambda row: headline_labels(pack, row[1].headlines)),
        ("counts-to-the-score", 9, "number", lambda row: int(row[1].is_scored)),
        ("choices", 36, "text", lambda row: _choices(say, pack, row[1])),
        ("n-a-allowed", 9, "number", lambda row: int(row[1].na)),
        ("not-known-allowed", 9, "number", lambda row: int(row[1].not_known)),
        ("required", 9, "number", lambda row: int(row[1].required)),
        ("asked-when", 30, "text", lambda row: row[1].relevant.source if row[1].relevant else None),
        ("worked-out-as", 30, "text",
         lambda row: row[1].calculation.source if row[1].calculation else None),
        ("source", 20, "text", lambda row: row[1].source),
    )  # fmt: skip
    rows = ((form, question) for form in pack.forms for question in form.questions)
    return list_of(say, "codebook", columns, rows, held=2)


def _choices(say: Say, pack: Pack, question: Question) -> str:
    return "\n".join(_choice(say, pack, question, choice) for choice in question.choices)


def _type(say: Say, question: Question) -> str:
    """``select_one yes_no``, as XLSForm writes it; facts about the subject say so."""
    kind = (
        f"{question.type.name} {question.choice_list.name if question.choice_list else ''}".strip()
    )
    return say("type-profile", type=kind) if question.profile else kind


def _choice(say: Say, pack: Pack, question: Question, choice: Choice) -> str:
    """``yes = Yes (sufficient)``"""
    line = f"{choice.name} = {pack.text(choice.label)}"
    if choice.is_na:
        return say("choice-leaves-base", choice=line)
    if question.is_judgement:
        what = "choice-sufficient" if choice.sufficient else "choice-not-sufficient"
        return say(what, choice=line)
    return line


def read_me(report: InspectionReport, sheets: Iterable[str]) -> Sheet:
    """``sheets`` are the names of those that the workbook has."""
    say, pack, there = report.say, report.pack, set(sheets)
    names = {say(f"sheet-{sheet}"): sheet for sheet in _SHEETS}
    guide = {name: say(f"about-sheet-{sheet}") for name, sheet in names.items() if name in there}
    guide |= {say(f"rule-{rule}"): say(f"about-rule-{rule}") for rule in _RULES}
    instrument = say("report-version", title=pack.text(pack.title), version=pack.version)
    return Sheet(
        say("sheet-read-me"),
        [Column(say("column-what"), 18), Column(say("column-how-to-read-it"), 110)],
        [[Styled(name, "strong"), text] for name, text in guide.items()],
        above=[
            [Styled(report.inspection.title, "title")],
            [say("report-instrument", instrument=instrument)],
            [say("report-source", source=pack.source)] if pack.source else [],
            [],
        ],
    )
