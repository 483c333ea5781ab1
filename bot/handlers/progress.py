"""``/progress`` and ``/summary``: how far are we, and how well."""

from bot.cards import criterion_label, render
from bot.channels.channel import Document, Paragraph, Reply, Response, plain
from bot.context import Context
from bot.decision import Decision, tell
from bot.reports import progress_report
from criteria.scoring.score import score_cases
from dialogs import events
from dialogs.engine import advance
from dialogs.queries import CaseCounts, InspectionCounts, case_counts


async def progress(context: Context, _words: str) -> Decision:
    """The case at hand and the own cases; for a lead the inspection, with a picture."""
    shown: list[Paragraph] = []
    if context.case is not None:
        step = advance(context.session, events.ProgressAsked(), context.pack, context.now)
        shown += render(step.effects, context.view()).paragraphs
    if context.member.is_lead:
        whole, counts = await progress_report.inspection_progress(
            context.store, context.id, context.now, context.session.language
        )
        shown.append(Paragraph(whole))
        return Decision(Response((Reply(tuple(shown), document=_picture(context, counts)),)))
    own = await _own_counts(context)
    if own.cases:
        title = context.say("your-cases", title=context.inspection.title)
        shown.append(Paragraph(progress_report.totals(context.say, title, own)))
    return Decision(Response((Reply(tuple(shown)) if shown else plain(context.say("no-case")),)))


async def _own_counts(context: Context) -> CaseCounts:
    """Of the cases that are this person's, without those that nobody has."""
    lines = await context.store.overview(context.id)
    return case_counts([line for line in lines if line.inspector == context.person])


def _picture(context: Context, counted: InspectionCounts) -> Document | None:
    whole, people = counted.whole, counted.by_inspector
    if not whole.cases:
        return None
    language = context.session.language
    criteria = {
        name or "": (criterion_label(context.pack, name, language), one)
        for name, one in counted.by_criterion.items()
    }
    title = context.inspection.title

    def draw() -> bytes:
        from bot.reports.charts import progress_chart  # noqa: PLC0415  # slow to import, and rarely needed

        return progress_chart(whole, people, criteria, title=title, language=language)

    return Document(f"{context.id}-progress.png", draw, picture=True)


async def totals(context: Context) -> Decision:
    """For a group: how many cases are in, and nothing about anybody."""
    lines = await context.store.overview(context.id)
    whole = progress_report.counted(context.store, context.id, lines).whole
    return tell(progress_report.totals(context.say, context.inspection.title, whole))


async def summary(context: Context, _words: str) -> Decision:
    """A lead's is the inspection's, an inspector's that of the own cases."""
    language = context.session.language
    if context.member.is_lead:
        reply = await progress_report.inspection_summary(context.store, context.id, language)
        return Decision(Response((reply,)))
    own = await _own_counts(context)
    cases = await context.store.cases(context.id)
    cases = [case for case in cases if case.inspector == context.person]
    score = score_cases(context.pack, cases)
    title = context.say("your-cases", title=context.inspection.title)
    reply = await progress_report.summary(context.store, context.id, own, score, title, language)
    return Decision(Response((reply,)))
