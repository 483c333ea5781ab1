"""``/digest``: what a lead is told without asking."""

import re
from typing import Any, Final

from bot.context import Context
from bot.decision import Decision, only, tell
from storage.changes import RecordSet

_TIME: Final = re.compile(r"([01]?\d|2[0-3])[:.]([0-5]\d)\Z")


async def digest(context: Context, words: str) -> Decision:
    """``/digest each``, ``/digest 18:00``, ``/digest off``: which messages a lead gets.

    The time is in the inspection's zone, as times in a case's history are.
    """
    wanted = words.casefold()
    time = _TIME.match(wanted)
    document: dict[str, Any] = {"each": wanted == "each", "evening": None, "last": None}
    if time:
        evening = f"{int(time[1]):02d}:{time[2]}"
        gone = f"{context.now:%H:%M}" >= evening
        document |= {"evening": evening, "last": context.now.date().isoformat() if gone else None}
        text = context.say("digest-daily", time=evening, zone=context.now.tzname() or "")
    elif wanted in ("each", "off"):
        text = context.say(f"digest-set-{wanted}")
    else:
        refused = [context.say("digest-no-time", text=words[:40])] if words else []
        buttons = (
            context.button(context.say("digest-each"), "digest each"),
            context.button(context.say("digest-evening"), "digest 18:00"),
            context.button(context.say("digest-off"), "digest off"),
        )
        return tell("\n\n".join([*refused, context.say("digest-how")]), buttons=(buttons,))
    change = RecordSet(context.id, "digests", context.chat.chat, document)
    return Decision(only(text), "DigestChosen", (change,))
