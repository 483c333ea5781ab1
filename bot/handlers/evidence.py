"""Files that people send: evidence on the question at hand, or a lead's sample."""

from __future__ import annotations

from dataclasses import replace
from hashlib import sha256
from typing import Final

from bot.channels.channel import ReceivedFile
from bot.context import Context
from bot.decision import Decision, tell
from bot.handlers.conversation import sent_with, stepped
from bot.handlers.set_up import sample_received
from dialogs import events
from dialogs.effects import AttachmentRecorded
from dialogs.engine import advance

SUFFIXES: Final = {"photo": ".jpg", "voice": ".ogg"}


def is_sample(file: ReceivedFile) -> bool:
    """Whether it is a table of cases, which only a lead may send."""
    return file.media == "document" and file.filename.casefold().endswith((".csv", ".txt"))


async def received(context: Context, file: ReceivedFile) -> Decision:
    if is_sample(file):
        return await sample_received(context, file)
    if file.media != "document":
        return _evidence(context, file)
    table = file.filename.casefold().endswith((".xlsx", ".xls", ".ods", ".numbers"))
    return tell(
        context.say("sample-as-csv")
        if table and context.member.is_lead
        else context.say("text-only")
    )


def _evidence(context: Context, file: ReceivedFile) -> Decision:
    session = context.session
    reference = session.case.case if session.case else ""
    name = f"{reference}-{sha256(file.content).hexdigest()[:24]}{SUFFIXES[file.media]}"
    event = sent_with(context.message, events.AttachmentGiven(file.media, name, file.caption))
    step = advance(session, event, context.pack, context.now)
    decision = stepped(context, session, event, step)
    if any(isinstance(effect, AttachmentRecorded) for effect in step.effects):
        return replace(decision, files=((name, file.content),))
    return decision
