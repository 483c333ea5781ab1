"""Files that people send: evidence on the question at hand, or a lead's sample."""

from __future__ import annotations

from hashlib import sha256
from typing import Final

from bot.answers.set_up import sample_received
from bot.here import Here
from bot.reply import Outcome, Received, only
from bot.wording import en as say
from dialogs import events
from dialogs.effects import AttachmentRecorded
from dialogs.engine import advance

SUFFIXES: Final = {"photo": ".jpg", "voice": ".ogg"}


def is_sample(file: Received) -> bool:
    """Whether it is a table of cases, which only a lead may send."""
    return file.media == "document" and file.filename.casefold().endswith((".csv", ".txt"))


async def received(here: Here, file: Received) -> Outcome:
    if is_sample(file):
        return await sample_received(here, file)
    if file.media != "document":
        return await _evidence(here, file)
    table = file.filename.casefold().endswith((".xlsx", ".xls", ".ods", ".numbers"))
    return only(say.SAMPLE_AS_CSV if table and here.member.is_lead else say.TEXT_ONLY)


async def _evidence(here: Here, file: Received) -> Outcome:
    """The file is durable before the case says that it has it."""
    session = here.session
    reference = session.case.case if session.case else ""
    name = f"{reference}-{sha256(file.content).hexdigest()[:24]}{SUFFIXES[file.media]}"
    event = events.AttachmentGiven(file.media, name, file.caption)
    step = advance(session, event, here.pack, here.now)
    if any(isinstance(effect, AttachmentRecorded) for effect in step.effects):
        await here.store.keep_file(here.id, name, file.content)
    return await here.keep(session, event, step)
