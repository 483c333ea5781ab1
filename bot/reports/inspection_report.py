"""Gathers what an export, the findings and a comparison are made from."""

from bot.context import Context
from bot.messages import messages
from criteria.findings import draft_findings
from criteria.inspection import Inspection
from criteria.scoring.score import score_cases
from storage.errors import NotFound
from storage.exports.report import Earlier, InspectionReport
from storage.records import EXPORTED, adjustments, follow_ups, key_findings, recommendations
from storage.store import Store


async def report_of(context: Context) -> InspectionReport:
    """A lead's is the inspection's; an inspector's holds the own cases and no findings."""
    if context.member.is_lead:
        return await inspection_report(
            context.store, context.inspection, made_at=context.at, language=context.session.language
        )
    cases = await context.cases()
    return InspectionReport(
        inspection=context.inspection,
        pack=context.pack,
        cases=cases,
        score=score_cases(context.pack, cases),
        made_at=context.at,
        say=context.say,
        whole=False,
    )


async def inspection_report(
    store: Store, inspection: Inspection, *, made_at: str, language: str | None = None
) -> InspectionReport:
    pack = await store.pack(inspection.id)
    cases = await store.cases(inspection.id)
    said = await adjustments(store, inspection.id)
    score = score_cases(pack, cases)
    return InspectionReport(
        inspection=inspection,
        pack=pack,
        cases=cases,
        score=score,
        made_at=made_at,
        say=messages(language),
        findings=draft_findings(
            score,
            cases,
            adjustments=said,
            key_findings=await key_findings(store, inspection.id),
            language=language,
        ),
        adjustments=said,
        recommendations=await recommendations(store, inspection.id),
        second_readings=await store.cases(inspection.id, reading=2),
        earlier=await earlier_inspection(store, inspection),
        records={kind: await store.records(inspection.id, kind) for kind in EXPORTED},
    )


async def earlier_inspection(store: Store, inspection: Inspection) -> Earlier | None:
    """The one that this follows up, with how far its recommendations got by now."""
    if inspection.follows is None:
        return None
    try:
        before = await store.inspection(inspection.follows)
    except NotFound:
        return None
    pack = await store.pack(before.id)
    return Earlier(
        inspection=before,
        score=score_cases(pack, await store.cases(before.id)),
        recommendations=await recommendations(store, before.id),
        followed_up=await follow_ups(store, inspection.id),
    )


async def earlier_of(context: Context, named: str | None) -> Earlier | None:
    """The inspection of that id, if it is followed up here or one leads it, too."""
    if named is None:
        return None
    if named == context.inspection.follows:
        return await earlier_inspection(context.store, context.inspection)
    for inspection, member in await context.store.memberships(context.chat.chat):
        if inspection.id == named and member.is_lead and inspection.pack_name == context.pack.name:
            pack = await context.store.pack(named)
            score = score_cases(pack, await context.store.cases(named))
            return Earlier(inspection, score, {}, {})
    return None
