"""How a printed report words its figures: percentages, intervals, dates, comments, numbers."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from typing import Final

from criteria.case import Case
from criteria.question import NA, NOT_KNOWN
from criteria.recommendations import FollowUp, FollowUpStatus
from criteria.report.finding_rows import FindingKind
from criteria.report.labels import Named
from criteria.report.score_rows import AnswerCount, QuestionRow
from criteria.scoring.score import percent

NONE: Final = "–"
"""Stands where there is no figure."""
NOT_FOLLOWED_UP: Final = "Not followed up"
NOT_ASKED: Final = "Not asked"
NOBODY_YET: Final = "Nobody yet"
OTHER_QUESTIONS: Final = "Other questions"
SECTION_SCORE: Final = "Score for the section"
OUT_OF_BASE_LABELS: Final = {NA: "N/A", NOT_KNOWN: "Not known"}
OUT_OF_BASE_WORDS: Final = {NA: "N/A", NOT_KNOWN: "not known"}
FOLLOW_UP_WORDS: Final = {
    FollowUpStatus.NOT_STARTED: "Not started",
    FollowUpStatus.UNDER_WAY: "Under way",
    FollowUpStatus.DONE: "Done",
    FollowUpStatus.NO_LONGER_NEEDED: "No longer needed",
}
FINDING_HEADINGS: Final = {
    FindingKind.STRENGTH: "Strengths",
    FindingKind.IMPROVEMENT: "Areas for improvement",
    FindingKind.GOOD_PRACTICE: "Good practice",
    FindingKind.QUOTATION: "Quotations",
}
FINDING_SHEET_WORDS: Final = {
    FindingKind.STRENGTH: ("Strength", "Strong item", "Strength, note"),
    FindingKind.IMPROVEMENT: ("Area for improvement", "Weak item", "Area for improvement, note"),
    FindingKind.GOOD_PRACTICE: ("", "", "Good practice"),
    FindingKind.QUOTATION: ("", "", "Quotation"),
}
"""What is counted, a level's item, and a note."""
BANDS_INFERRED: Final = "The cut-points of the comments are inferred, not published."
OWN_CASES_ONLY: Final = (
    "This holds one inspector's own cases only, not the whole inspection."
    " Findings and recommendations are left out."
)

_NOT_TEXT: Final = re.compile(
    "[^\t\n\x20-\x7e\xa0-\u2029\u202f-\u2065\u206a-\ud7ff\ue000-\ufdcf\ufdf0-\ufffd"
    + "".join(
        f"{chr(plane << 16)}-{chr((plane << 16) + 0xFFFD)}"  # the last two are noncharacters
        for plane in range(1, 17)
    )
    + "]"
)


def legible(text: str) -> str:
    """The text without what neither XML nor HTML may hold: control signs, halves of a pair.

    Signs that turn the direction of what follows go, too: they would turn the words after a note.
    Right-to-left writing needs none of them.
    """
    return _NOT_TEXT.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


def share(part: Fraction | None) -> str:
    """A proportion (0..1) as a whole percentage."""
    return whole(None if part is None else percent(part))


def whole(number: int | None) -> str:
    return NONE if number is None else f"{number}%"


def interval(ends: tuple[float, float] | None) -> str:
    """``70% to 86%``"""
    return NONE if ends is None else between(*(Fraction(end) for end in ends))


def between(low: Fraction, high: Fraction) -> str:
    return f"{share(low)} to {share(high)}"


def band(one: Named | None) -> str:
    """The comment on a score."""
    return NONE if one is None else one.label


def level(one: Named | None) -> str:
    return NOT_FOLLOWED_UP if one is None else one.label


def base(row: QuestionRow) -> str:
    """``13 of 19``: sufficient of relevant; of a plain fact, how many answered."""
    if row.score.sufficient is None:
        return f"{row.score.relevant} answered"
    return f"{row.score.sufficient} of {row.score.relevant}"


def counted(answer: AnswerCount) -> str:
    """``13 (68%)``"""
    return f"{answer.count}" + ("" if answer.percent is None else f" ({answer.percent}%)")


def answers(row: QuestionRow) -> str:
    return "; ".join(f"{answer.label} {counted(answer)}" for answer in row.answers)


def left_out(row: QuestionRow) -> str:
    """What is not in the base, each kind apart."""
    kinds = {"N/A": row.na, "not known": row.not_known, "unanswered": row.score.unanswered}
    return ", ".join(f"{count} {what}" for what, count in kinds.items() if count)


def change(points: int | None) -> str:
    """``▲ +9``: the sign beside the arrow, so that neither needs a colour."""
    if points is None:
        return NONE
    if not points:
        return "= 0"
    return f"▲ +{points}" if points > 0 else f"▼ −{-points}"


def follow_up(one: FollowUp | None) -> str:
    return NOT_FOLLOWED_UP if one is None else FOLLOW_UP_WORDS[one.status]


def kappa(value: Fraction | float | None) -> str:
    return NONE if value is None else f"{float(value):.2f}".replace("-", "−")


def how_many(number: int, one: str, more: str | None = None) -> str:
    """``1 case``, ``2 cases``"""
    return f"{number} {one if number == 1 else more or one + 's'}"


def number(value: int | float | None) -> str:
    """A number with one decimal place at most, rounded half up."""
    if value is None:
        return NONE
    if isinstance(value, int):
        return str(value)
    tenths = Decimal(str(value)).quantize(Decimal("0.1"), ROUND_HALF_UP)
    return f"{tenths:f}".removesuffix(".0")


def time(iso: str) -> str:
    """``20 November 2026, 10:00 UTC``; what is no time stays as it is."""
    moment = read_time(iso)
    return f"{day(moment.date())}, {moment:%H:%M} UTC" if moment else iso


def read_time(iso: str) -> datetime | None:
    try:
        moment = datetime.fromisoformat(iso)
    except ValueError:
        return None
    return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)


_MONTHS: Final = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September",
    "October", "November", "December",
)  # fmt: skip


def day(date_: date) -> str:
    return f"{date_.day} {_MONTHS[date_.month - 1]} {date_.year}"


def answered_between(cases: Sequence[Case]) -> str | None:
    """From the day of the first answer to that of the last; None where no answer is dated."""
    times = (
        read_time(answer.at) for case in cases for answer in case.answers.values() if answer.at
    )
    days = [moment.date() for moment in times if moment]
    if not days:
        return None
    first, last = min(days), max(days)
    return day(first) if first == last else f"{day(first)} to {day(last)}"


def cases_in(cases: Sequence[Case]) -> str:
    """``38 of 40 cases handed in; every answer given counts``"""
    if not cases:
        return "none yet"
    handed_in = sum(case.status.is_in for case in cases)
    return f"{handed_in} of {how_many(len(cases), 'case')} handed in; every answer given counts"


# --- how to read the workbook -------------------------------------------------------------------

SHEETS: Final[Mapping[str, str]] = {
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

RULES: Final[Mapping[str, str]] = {
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
