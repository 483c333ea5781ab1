"""What a reader of the workbook needs: the instrument's codebook, and how to read each sheet."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from criteria.pack import Choice, Form, Pack, Question
from storage.exports.report import InspectionReport
from storage.exports.sheets.pack_words import criterion_of, headline_words
from storage.exports.sheets.workbook import Column, Row, Sheet, Styled


def codebook(pack: Pack) -> Sheet:
    """A row for each question, as the instrument defines it."""
    return Sheet(
        "Codebook",
        [
            Column("Number", 9),
            Column("Name", 22),
            Column("Form", 16),
            Column("Form name", 12),
            Column("Type", 20),
            Column("Question", 50),
            Column("Hint", 26),
            Column("Criterion", 26),
            Column("Headlines", 18),
            Column("Counts to the score", 9, "number"),
            Column("Choices", 36),
            Column("N/A allowed", 9, "number"),
            Column("Not known allowed", 9, "number"),
            Column("Required", 9, "number"),
            Column("Asked when", 30),
            Column("Worked out as", 30),
            Column("Source", 20),
        ],
        (_question_row(pack, form, question) for form in pack.forms for question in form.questions),
        held=2,
    )


def _question_row(pack: Pack, form: Form, question: Question) -> Row:
    return [
        question.number,
        question.name,
        pack.text(form.label),
        form.name,
        _type(question),
        pack.text(question.label),
        pack.text(question.hint) if question.hint else None,
        criterion_of(pack, question),
        headline_words(pack, question.headlines),
        int(question.is_scored),
        "\n".join(_choice(pack, question, choice) for choice in question.choices),
        int(question.na),
        int(question.not_known),
        int(question.required),
        question.relevant.source if question.relevant else None,
        question.calculation.source if question.calculation else None,
        question.source,
    ]


def _type(question: Question) -> str:
    """``select_one yes_no``, as XLSForm writes it; facts about the subject say so."""
    kind = (
        f"{question.type.name} {question.choice_list.name if question.choice_list else ''}".strip()
    )
    return f"{kind} (profile)" if question.profile else kind


def _choice(pack: Pack, question: Question, choice: Choice) -> str:
    """``yes = Yes (sufficient)``"""
    line = f"{choice.name} = {pack.text(choice.label)}"
    if choice.is_na:
        return f"{line} (leaves the base)"
    if question.is_judgement:
        return f"{line} ({'sufficient' if choice.sufficient else 'not sufficient'})"
    return line


_SHEETS: Final[Mapping[str, str]] = {
    "Summary": "Sections, criteria and headlines with their score, the comment or level that"
    " follows by rule, and what the lead set in its place, with the reason.",
    "Questions": "Every question: its base (relevant), the sufficient answers in it, their share,"
    " and what left the base.",
    "Answer counts": "Every answer that a question can have, with how often it was given.",
    "Answers": "One row for each answer, with the column names of the CSV export. Yes is 1, no is"
    " 0. Times are in UTC.",
    "Second readings": "The answers of second readings. They do not count to the score.",
    "Cases": "One row for each case: how far it is answered, what is known of the subject, and for"
    " each criterion its sufficient and relevant judgements. A criterion that the case's form does"
    " not judge is empty.",
    "Tables": "The tables that the published report of this instrument prints. N is the base of the"
    " row in that column; percentages are shares of it.",
    "Findings": "The draft findings, and the cases that bear them out.",
    "Recommendations": "What the inspection recommends, who is to act, and what it rests on.",
    "Follow-up": "The earlier inspection's recommendations, and how far they got.",
    "Comparison": "This inspection beside the one that it follows up. The change is between the"
    " whole percentages.",
    "Agreement": "How far two readings of one case agree, over cases with both readings handed in:"
    " the share of equal answers, and Cohen's kappa, which sets it against chance.",
    "Differences": "Every question on which two readings differ, with what the lead settled.",
    "Codebook": "Every question of the instrument, with its answers, and when it is asked.",
}

_RULES: Final[Mapping[str, str]] = {
    "Sufficient": "An answer above the line of its scale (the codebook says which are). A"
    " proportion is the sufficient answers over the relevant ones.",
    "relevant": "Of an answer: 1 where its question applies, also to an N/A; 0 where a kept answer"
    " no longer applies.",
    "in_base": "Of an answer: 1 where percentages divide by it. Added up, it is a question's base;"
    " N/A, not known, answers that no longer apply and second readings have 0.",
    "The base": "N/A, not known, and questions that do not apply or stand open leave the base, and"
    " are counted apart.",
    "Scores": "A criterion's score is the mean of its questions' proportions; a section's the mean"
    " of its criteria, by their weights; a headline's the mean over all questions tagged with it.",
    "Percentages": "Whole percentages are rounded half up on exact fractions: 34 of 80 is 43%. They"
    " are never bent, so that a column may add to 99 or 101. Exact scores and proportions stand"
    " beside them.",
    "95%": "The interval that holds the share of all such cases with 95% confidence (Wilson's), if"
    " the cases are a fair sample. A criterion's is put together from its questions'.",
    "Can become": "The least and the most that a criterion's score can be once every open answer"
    " is given.",
    "Texts": "Nothing in this workbook is a formula. A text is as it was typed, but for signs that"
    " a sheet cannot hold.",
}


def read_me(report: InspectionReport, sheets: Iterable[str]) -> Sheet:
    """``sheets`` are the names of those that the workbook has."""
    return Sheet(
        "Read me",
        [Column("What", 18), Column("How to read it", 110)],
        [*_guide(sheets)],
        above=[
            [Styled(report.inspection.title, "title")],
            [f"Instrument: {report.pack.text(report.pack.title)}, version {report.pack.version}"],
            [f"Source: {report.pack.source}"] if report.pack.source else [],
            [],
        ],
    )


def _guide(sheets: Iterable[str]) -> Iterator[Row]:
    for name in sheets:
        yield [Styled(name, "strong"), _SHEETS[name]]
    for name, rule in _RULES.items():
        yield [Styled(name, "strong"), rule]
