"""``/privacy``: what is kept of a person, where, for how long, and how to have it erased."""

from datetime import date

from bot.context import Context
from bot.decision import Decision, tell


async def privacy(context: Context, _words: str) -> Decision:
    until = context.inspection.keep_until
    if until is None:
        kept = context.say("kept-until-erased")
    else:
        day = date.fromisoformat(until)
        kept = context.say("kept-until", day=context.say.day(day))
    return tell(context.say("privacy", person=context.person, kept=kept))
