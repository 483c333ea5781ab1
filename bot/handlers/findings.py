"""``/findings``: the draft of what the report says; ``/compare``: beside the earlier inspection."""

from dataclasses import asdict
from typing import Final

from bot.cards import comment, criterion_label
from bot.channels.channel import rows_of
from bot.context import Context
from bot.decision import Decision, asked_for, only, tell
from bot.handlers.inspections import inspection_buttons, led
from bot.handlers.recommendations import NONE_SAID, criterion_named, no_such_criterion
from bot.messages import Messages
from bot.reports.comparison_report import comparison_lines
from bot.reports.inspection_report import earlier_of, report_of
from criteria.findings import CriterionFindings, KeyFinding
from criteria.instrument.pack import Criterion
from criteria.report.finding_rows import FindingKind, FindingRows, finding_rows
from dialogs.read_answer import MAX_TEXT
from dialogs.session import Asked
from storage.changes import RecordSet
from storage.exports.report import InspectionReport

MAX_CASES_NAMED: Final = 8
MAX_SHOWN: Final = 6
"""Strengths, and areas for improvement, that one message shows."""


async def findings(context: Context, words: str) -> Decision:
    """``/findings`` in short, ``/findings 1.2`` one criterion, ``/findings 1.2 TEXT`` its key
    finding in the lead's own words.
    """
    if not words:
        return _overview(context, await report_of(context))
    number, text = (*words.split(maxsplit=1), "")[:2]
    criterion = criterion_named(context.pack, number)
    if criterion is None:
        return tell(no_such_criterion(context.say, context.pack, number[:40]))
    if text.strip() == "?":
        asked = context.say("key-finding-asked", number=criterion.number)
        return asked_for(context, "key_finding", (criterion.name,), asked)
    if text:
        return await key_finding_given(context, (criterion.name,), text)
    return _one(context, await report_of(context), criterion)


def _overview(context: Context, report: InspectionReport) -> Decision:
    told = [
        one for one in report.findings
        if one.score.score is not None or one.level or one.strengths or one.improvements
    ]  # fmt: skip
    if not told:
        return tell(context.say("findings-none"))
    lines = [context.say("findings", title=context.inspection.title)]
    for one in told:
        figures = context.say(
            "findings-line", strengths=len(one.strengths), improvements=len(one.improvements)
        )
        lines.append(f"{_head(context, one)} – {figures}")
    lines += ["", context.say("findings-more")]
    buttons = [
        context.button(one.criterion.number, f"findings {one.criterion.number}") for one in told
    ]
    return tell("\n".join(lines), buttons=rows_of(5, buttons))


def _head(context: Context, one: CriterionFindings) -> str:
    """The criterion, and how it came out."""
    label = criterion_label(context.pack, one.criterion.name, context.session.language)
    return label + comment(context.say, one.score, one.level, one.adjustment)


def _one(context: Context, report: InspectionReport, criterion: Criterion) -> Decision:
    one = next(each for each in report.findings if each.criterion.name == criterion.name)
    said = one.key_finding.text if one.key_finding else context.say("key-finding-missing")
    lines = [_head(context, one), "", said]
    for rows in finding_rows(one):
        if found := _found_lines(context.say, rows):
            lines += ["", context.say(f"found-{rows.kind}"), *found]
    write = context.button(context.say("write-key-finding"), f"findings {criterion.number} ?")
    recommend = context.button(context.say("recommend"), f"recommend {criterion.number}")
    return tell("\n".join(lines), buttons=((write, recommend),))


def _found_lines(say: Messages, rows: FindingRows) -> list[str]:
    where = "in-cases" if rows.kind is FindingKind.STRENGTH else "not-in-cases"
    lines = []
    for one in rows.counted[:MAX_SHOWN]:
        named = ", ".join(one.cases[:MAX_CASES_NAMED])
        more = f" +{len(one.cases) - MAX_CASES_NAMED}" if len(one.cases) > MAX_CASES_NAMED else ""
        lines.append(f"• {one.question.number} {one.sentence}")
        lines.append(f"   {say(where, cases=named + more)}")
    if len(rows.counted) > MAX_SHOWN:
        lines.append(say("findings-cut", count=len(rows.counted) - MAX_SHOWN))
    lines += [f"• {one.question.number} {one.sentence}" for one in rows.items[:MAX_SHOWN]]
    lines += [f"• {one.case} {one.question.number}: {one.text}" for one in rows.notes[:MAX_SHOWN]]
    return lines


async def key_finding_given(context: Context, about: tuple[str, ...], text: str) -> Decision:
    """The lead's own words over a criterion; a dash alone takes them away."""
    (criterion,) = about
    words = text.strip()
    if not words or len(words) > MAX_TEXT:
        return asked_for(context, "key_finding", about, context.say("remark-empty"))
    document, kept = None, "key-finding-none"
    if words not in NONE_SAID:
        document = asdict(KeyFinding(words, context.person, context.at))
        kept = "key-finding-kept"
    elif criterion in await context.store.records(context.id, "key_findings"):
        kept = "key-finding-gone"
    return Decision(
        only(context.say(kept, number=context.pack.criteria[criterion].number)),
        "KeyFindingWritten",
        (RecordSet(context.id, "key_findings", criterion, document),),
        asks=Asked("key_finding", about),
    )


async def compare(context: Context, words: str) -> Decision:
    """``/compare``: beside the inspection that this one follows up, or beside ``/compare ID``."""
    earlier = await earlier_of(context, words or context.inspection.follows)
    if earlier is None and words:
        return tell(context.say("compare-unknown", inspection=words[:40]))
    if earlier is None:
        others = [one for one in await led(context, context.pack.name) if one.id != context.id]
        rows = inspection_buttons(context, others, "compare")
        return tell(context.say("compare-which" if others else "compare-none"), buttons=rows)
    report = await report_of(context)
    head = context.say("compared", before=earlier.inspection.title, after=context.inspection.title)
    lines = comparison_lines(earlier.score, report.score, context.session.language)
    shown = lines if any(lines) else [context.say("compared-nothing")]
    return tell("\n".join([head, *shown]))
