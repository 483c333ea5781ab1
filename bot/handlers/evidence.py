"""Files that people send: evidence on the question at hand, or a lead's sample."""

from dataclasses import replace
from hashlib import sha256
from typing import Final

from bot.channels.channel import ReceivedFile
from bot.context import Context
from bot.decision import Decision, tell
from bot.handlers.conversation import converse
from bot.handlers.set_up import sample_received
from dialogs import events
from dialogs.effects import AttachmentRecorded

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
    return tell(context.say("sample-as-csv" if table and context.member.is_lead else "text-only"))


def _evidence(context: Context, file: ReceivedFile) -> Decision:
    reference = context.case.case if context.case else ""
    name = f"{reference}-{sha256(file.content).hexdigest()[:24]}{SUFFIXES[file.media]}"
    decision = converse(context, events.AttachmentGiven(file.media, name, file.caption))
    told = decision.taken.step.effects if decision.taken else ()
    kept = any(isinstance(effect, AttachmentRecorded) for effect in told)
    return replace(decision, files=((name, file.content),)) if kept else decision
