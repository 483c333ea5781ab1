"""``/privacy``: what is kept of a person, where, for how long, and how to have it erased."""

from __future__ import annotations

from datetime import date

from bot.context import Context
from bot.decision import Decision, tell
from bot.wording import en as say


async def privacy(context: Context, _words: str) -> Decision:
    until = context.inspection.keep_until
    if until is None:
        kept = say.KEPT_UNTIL_ERASED
    else:
        day = date.fromisoformat(until)
        kept = say.KEPT_UNTIL.format(day=f"{say.day(day)} {day.year}")
    return tell(say.PRIVACY.format(person=context.person, kept=kept))
