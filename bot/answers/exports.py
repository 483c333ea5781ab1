"""``/export``: the inspection as a file, for a lead; for an inspector the own cases."""

from __future__ import annotations

from functools import partial

from bot.answers.report import report_of
from bot.channels.channel import Document, Response, plain
from bot.context import Context
from bot.decision import Decision, tell
from bot.wording import en as say
from storage.exports import EXPORTS, IN_CHAT, file_name


async def export(context: Context, words: str) -> Decision:
    wanted = words.casefold().lstrip(".")
    formats = IN_CHAT.get(wanted)
    if formats is None:
        names = [name for name in IN_CHAT if context.member.is_lead or name not in LEADS_ONLY]
        row = tuple(context.button(name, f"export {name}") for name in names)
        about = [f"{name} – {say.EXPORT_ABOUT[name]}" for name in names]
        return tell("\n".join([say.EXPORT_WHICH, *about]), buttons=(row[:3], row[3:]))
    report = await report_of(context)
    replies = []
    for place, name in enumerate(formats):
        document = Document(file_name(context.id, name), partial(EXPORTS[name], report))
        text = say.exported(len(report.cases)) if place == 0 else say.EXPORT_PER_CASE
        replies.append(plain(text, document=document))
    return Decision(Response(tuple(replies)))


LEADS_ONLY = frozenset({"docx"})
"""The findings are the lead's."""
