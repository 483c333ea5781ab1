"""How a printed report words its figures: percentages, intervals, dates, comments, numbers."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from typing import Final

from criteria.adjustments import Adjustment
from criteria.case import Case
from criteria.pack import NA, NOT_KNOWN, Criterion, LevelRule, Pack
from criteria.recommendations import FollowUp, FollowUpStatus
from criteria.scoring import Score, percent

NONE: Final = "–"
"""Stands where there is no figure."""
NOT_FOLLOWED_UP: Final = "Not followed up"
OUT_OF_BASE_WORDS: Final = {NA: "N/A", NOT_KNOWN: "not known"}
FOLLOW_UP_WORDS: Final = {
    FollowUpStatus.NOT_STARTED: "Not started",
    FollowUpStatus.UNDER_WAY: "Under way",
    FollowUpStatus.DONE: "Done",
    FollowUpStatus.NO_LONGER_NEEDED: "No longer needed",
}
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


def share_words(share: Fraction | None) -> str:
    """A proportion (0..1) as a whole percentage."""
    return NONE if share is None else f"{percent(share)}%"


def score_words(score: Score) -> str:
    return share_words(score.score)


def interval_words(interval: tuple[float, float] | None) -> str:
    """``70% to 86%``"""
    if interval is None:
        return NONE
    low, high = (percent(Fraction(end)) for end in interval)
    return f"{low}% to {high}%"


def band_words(pack: Pack, score: Score) -> str:
    """The comment on a score."""
    return NONE if score.band is None else named(pack, score.band.name)


def level_words(pack: Pack, level: LevelRule | None) -> str:
    return NOT_FOLLOWED_UP if level is None else pack.text(level.label)


def adjusted_words(pack: Pack, adjustment: Adjustment | None) -> str | None:
    return None if adjustment is None else named(pack, adjustment.to)


def named(pack: Pack, name: str) -> str:
    """The label of a band or a level; its name where it has none."""
    for band in pack.bands:
        if band.name == name and band.label:
            return pack.text(band.label)
    for rule in pack.levels.rules if pack.levels else ():
        if rule.name == name:
            return pack.text(rule.label)
    return name


def criterion_words(pack: Pack, criterion: Criterion) -> str:
    """``1.2 Planning to minimise risk of harm``"""
    return f"{criterion.number} {pack.text(criterion.label)}"


def criterion_numbers(pack: Pack, names: Iterable[str]) -> str:
    """The numbers of criteria, as people know them; a name that the pack has not stays."""
    return ", ".join(
        pack.criteria[name].number if name in pack.criteria else name for name in names
    )


def question_numbers(pack: Pack, names: Iterable[str]) -> str:
    numbers = {question.name: question.number for form in pack.forms for question in form.questions}
    return ", ".join(numbers.get(name, name) for name in names)


def follow_up_words(follow_up: FollowUp | None) -> str:
    return NOT_FOLLOWED_UP if follow_up is None else FOLLOW_UP_WORDS[follow_up.status]


def kappa_words(kappa: Fraction | float | None) -> str:
    return NONE if kappa is None else f"{float(kappa):.2f}".replace("-", "−")


def how_many(number: int, one: str, more: str | None = None) -> str:
    """``1 case``, ``2 cases``"""
    return f"{number} {one if number == 1 else more or one + 's'}"


def number_words(number: int | float | None) -> str:
    """A number with one decimal place at most, rounded half up."""
    if number is None:
        return NONE
    if isinstance(number, int):
        return str(number)
    tenths = Decimal(str(number)).quantize(Decimal("0.1"), ROUND_HALF_UP)
    return f"{tenths:f}".removesuffix(".0")


def time_words(iso: str) -> str:
    """``20 November 2026, 10:00 UTC``; what is no time stays as it is."""
    moment = read_time(iso)
    return f"{day_words(moment.date())}, {moment:%H:%M} UTC" if moment else iso


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


def day_words(day: date) -> str:
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"


def answered_between(cases: Sequence[Case]) -> str | None:
    """From the day of the first answer to that of the last; None where no answer is dated."""
    times = (
        read_time(answer.at) for case in cases for answer in case.answers.values() if answer.at
    )
    days = [moment.date() for moment in times if moment]
    if not days:
        return None
    first, last = min(days), max(days)
    return day_words(first) if first == last else f"{day_words(first)} to {day_words(last)}"


def cases_in(cases: Sequence[Case]) -> str:
    """``38 of 40 cases handed in; every answer given counts``"""
    if not cases:
        return "none yet"
    handed_in = sum(case.status.is_in for case in cases)
    return f"{handed_in} of {how_many(len(cases), 'case')} handed in; every answer given counts"
