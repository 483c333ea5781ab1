"""``/export``: the inspection as a file, for a lead; for an inspector the own cases."""

from __future__ import annotations

from functools import partial
from typing import Final

from bot.answers.report import report_of
from bot.here import Here
from bot.reply import Document, Outcome, Reply, only
from bot.wording import en as say
from storage.exports import EXPORTS, sent_for

LEADS_ONLY: Final = frozenset(one.name for one in EXPORTS.values() if one.leads_only)


async def export(here: Here, words: str) -> Outcome:
    formats = sent_for(words.casefold().lstrip("."))
    if not formats:
        shown = [
            one for one in EXPORTS.values()
            if one.goes_with is None and (here.member.is_lead or not one.leads_only)
        ]  # fmt: skip
        row = tuple(here.button(one.name, f"export {one.name}") for one in shown)
        about = [f"{one.name} – {one.about}" for one in shown]
        return only("\n".join([say.EXPORT_WHICH, *about]), buttons=(row[:3], row[3:]))
    report = await report_of(here)
    replies = []
    for one in formats:
        document = Document(one.file_name(here.id), partial(one.make, report))
        text = one.about if one.goes_with else say.exported(len(report.cases))
        replies.append(Reply(text, document=document))
    return Outcome(tuple(replies))
