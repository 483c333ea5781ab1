"""``/progress`` and ``/summary``: how far are we, and how well."""

from __future__ import annotations

from bot.answers import standing
from bot.here import Here
from bot.rendering import criterion_label, render
from bot.reply import Document, Outcome, Reply, only
from bot.wording import en as say
from criteria.scoring import score_cases
from dialogs import events
from dialogs.engine import advance
from dialogs.queries import how_far


async def progress(here: Here, _words: str) -> Outcome:
    """The case at hand and the own cases; for a lead the inspection, with a picture."""
    texts: list[str] = []
    if here.session.case is not None:
        step = advance(here.session, events.ProgressAsked(), here.pack, here.now)
        texts.append(render(step.effects, here.view).text)
    if here.member.is_lead:
        texts.append(await standing.inspection_progress(here.store, here.id, here.now))
        return Outcome((Reply("\n\n".join(texts), document=await _picture(here)),))
    lines = await here.store.overview(here.id)
    own = how_far([line for line in lines if line.inspector == here.member.person])
    if own.cases:
        title = say.YOUR_CASES.format(title=here.inspection.title)
        texts.append(standing.totals(title, own))
    return only("\n\n".join(texts) or say.NO_CASE)


async def _picture(here: Here) -> Document | None:
    counted = standing.counted(here.store, here.id, await here.store.overview(here.id))
    whole, people = counted.whole, counted.by_inspector
    if not whole.cases:
        return None
    criteria = {
        name or "": (criterion_label(here.pack, name, here.session.language), one)
        for name, one in counted.by_criterion.items()
    }
    title = here.inspection.title

    def draw() -> bytes:
        from bot.charts import progress_chart  # noqa: PLC0415  # slow to import, and rarely needed

        return progress_chart(whole, people, criteria, title=title)

    return Document(f"{here.id}-progress.png", draw, picture=True)


async def totals(here: Here) -> Outcome:
    """For a group: how many cases are in, and nothing about anybody."""
    whole = how_far(await here.store.overview(here.id))
    return only(standing.totals(here.inspection.title, whole))


async def summary(here: Here, _words: str) -> Outcome:
    """A lead's is the inspection's, an inspector's that of the own cases."""
    language = here.session.language
    if here.member.is_lead:
        return Outcome((await standing.inspection_summary(here.store, here.id, language),))
    own = how_far([line for line in await here.overview() if line.key.reading == 1])
    score = score_cases(here.pack, await here.cases())
    title = say.YOUR_CASES.format(title=here.inspection.title)
    return Outcome((await standing.summary(here.store, here.id, own, score, title, language),))
