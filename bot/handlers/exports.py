"""``/export``: the inspection as a file, for a lead; for an inspector the own cases."""

from functools import partial
from typing import Final

from bot.channels.channel import Document, Response, plain
from bot.context import Context
from bot.decision import Decision, tell
from bot.reports.inspection_report import report_of
from storage.exports import EXPORTS, sent_for

LEADS_ONLY: Final = frozenset(one.name for one in EXPORTS.values() if one.leads_only)


async def export(context: Context, words: str) -> Decision:
    formats = sent_for(words.casefold().lstrip("."))
    if not formats:
        shown = [
            one for one in EXPORTS.values()
            if one.goes_with is None and (context.member.is_lead or not one.leads_only)
        ]  # fmt: skip
        row = tuple(context.button(one.name, f"export {one.name}") for one in shown)
        about = [f"{one.name} – {context.say(f'export-about-{one.name}')}" for one in shown]
        return tell("\n".join([context.say("export-which"), *about]), buttons=(row[:3], row[3:]))
    report = await report_of(context)
    replies = []
    for one in formats:
        document = Document(one.file_name(context.id), partial(one.make, report))
        what = f"export-about-{one.name}" if one.goes_with else "exported"
        text = context.say(what, cases=len(report.cases))
        replies.append(plain(text, document=document))
    return Decision(Response(tuple(replies)))
