"""How a printed report words its figures: percentages, intervals, dates, comments, numbers."""

import re
from collections.abc import Sequence
from datetime import UTC, datetime
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from typing import Final

from criteria.case import Case
from criteria.question import NA, NOT_KNOWN
from criteria.recommendations import FollowUp
from criteria.report.labels import Named
from criteria.report.score_rows import AnswerCount, QuestionRow
from criteria.say import Say
from criteria.scoring.score import percent

NONE: Final = "–"
"""Stands where there is no figure."""

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


def interval(say: Say, ends: tuple[float, float] | None) -> str:
    """``70% to 86%``"""
    return NONE if ends is None else between(say, *(Fraction(end) for end in ends))


def between(say: Say, low: Fraction, high: Fraction) -> str:
    return say("from-to", low=share(low), high=share(high))


def band(one: Named | None) -> str:
    """The comment on a score."""
    return NONE if one is None else one.label


def level(say: Say, one: Named | None) -> str:
    return say("report-not-followed-up") if one is None else one.label


def out_of_base(say: Say, answer: str) -> str:
    """An answer that leaves the base and is none of the question's choices."""
    if answer == NA:
        return say("na")
    return say("not-known") if answer == NOT_KNOWN else answer


def base(say: Say, row: QuestionRow) -> str:
    """``13 of 19``: sufficient of relevant; of a plain fact, how many answered."""
    if row.score.sufficient is None:
        return say("report-answered-count", relevant=row.score.relevant)
    return say("report-part-of", part=row.score.sufficient, whole=row.score.relevant)


def counted(answer: AnswerCount) -> str:
    """``13 (68%)``"""
    return f"{answer.count}" + ("" if answer.percent is None else f" ({answer.percent}%)")


def answers(row: QuestionRow) -> str:
    return "; ".join(f"{answer.label} {counted(answer)}" for answer in row.answers)


def left_out(say: Say, row: QuestionRow) -> str:
    """What is not in the base, each kind apart."""
    kinds = {"na": row.na, "not_known": row.not_known, "unanswered": row.score.unanswered}
    return ", ".join(say(f"left-out-{kind}", count=count) for kind, count in kinds.items() if count)


def change(points: int | None) -> str:
    """``▲ +9``: the sign beside the arrow, so that neither needs a colour."""
    if points is None:
        return NONE
    if not points:
        return "= 0"
    return f"▲ +{points}" if points > 0 else f"▼ −{-points}"


def follow_up(say: Say, one: FollowUp | None) -> str:
    return say("report-not-followed-up") if one is None else say(f"followed-up-{one.status}")


def kappa(value: Fraction | float | None) -> str:
    return NONE if value is None else f"{float(value):.2f}".replace("-", "−")


def number(value: int | float | None) -> str:
    """A number with one decimal place at most, rounded half up."""
    if value is None:
        return NONE
    if isinstance(value, int):
        return str(value)
    tenths = Decimal(str(value)).quantize(Decimal("0.1"), ROUND_HALF_UP)
    return f"{tenths:f}".removesuffix(".0")


def time(say: Say, iso: str) -> str:
    """``20 November 2026, 10:00 UTC``; what is no time stays as it is."""
    moment = read_time(iso)
    if moment is None:
        return iso
    return say("report-time", day=say.day(moment.date()), time=f"{moment:%H:%M}")


def read_time(iso: str) -> datetime | None:
    """In UTC; None where it is no time."""
    try:
        moment = datetime.fromisoformat(iso)
        return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
    except (ValueError, OverflowError):  # the year 0 or 10000, in UTC
        return None


def answered_between(say: Say, cases: Sequence[Case]) -> str | None:
    """From the day of the first answer to that of the last; None where no answer is dated."""
    times = (
        read_time(answer.at) for case in cases for answer in case.answers.values() if answer.at
    )
    days = [moment.date() for moment in times if moment]
    if not days:
        return None
    first, last = min(days), max(days)
    if first == last:
        return say.day(first)
    return say("from-to", low=say.day(first), high=say.day(last))


def cases_in(say: Say, cases: Sequence[Case]) -> str:
    """``38 of 40 cases submitted; every answer given counts``"""
    if not cases:
        return say("report-no-cases")
    submitted = sum(case.status.is_in for case in cases)
    return say("report-cases-submitted", submitted=submitted, cases=len(cases))
