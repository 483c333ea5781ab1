"""``/privacy``: what is kept of a person, where, for how long, and how to have it erased."""

from __future__ import annotations

from datetime import date

from bot.here import Here
from bot.reply import Outcome, only
from bot.wording import en as say


async def privacy(here: Here, _words: str) -> Outcome:
    until = here.inspection.keep_until
    if until is None:
        kept = say.KEPT_UNTIL_ERASED
    else:
        day = date.fromisoformat(until)
        kept = say.KEPT_UNTIL.format(day=f"{say.day(day)} {day.year}")
    return only(say.PRIVACY.format(person=here.member.person, kept=kept))
