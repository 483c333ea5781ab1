"""``/findings``: the draft of what the report says; ``/compare``: beside the earlier inspection."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict
from typing import Final

from bot.answers.people import inspection_buttons
from bot.answers.recommendations import NONE_SAID
from bot.answers.report import earlier_of, report_of
from bot.comparison_report import comparison_lines
from bot.here import Here
from bot.rendering import comment, criterion_label
from bot.reply import Outcome, only
from bot.wording import en as say
from criteria.findings import CriterionFindings, Finding, KeyFinding, LevelItem, NoteQuoted
from criteria.pack import Criterion
from criteria.report.finding_rows import FindingKind, FindingRows, finding_rows
from dialogs.match_choice import normalise
from dialogs.read_answer import MAX_TEXT
from dialogs.session import Asked
from storage.exports.report import InspectionReport

CASES_NAMED: Final = 8
MOST: Final = 6
"""Strengths, and areas for improvement, that one message shows."""


async def findings(here: Here, words: str) -> Outcome:
    """``/findings`` in short, ``/findings 1.2`` one criterion, ``/findings 1.2 TEXT`` its key
    finding in the lead's own words.
    """
    if not words:
        return _overview(here, await report_of(here))
    number, text = (*words.split(maxsplit=1), "")[:2]
    criterion = _criterion(here, number)
    if criterion is None:
        numbers = ", ".join(one.number for one in here.pack.criteria.values())
        return only(say.NO_SUCH_CRITERION.format(text=number[:40], numbers=numbers))
    if text.strip() == "?":
        asked = Asked("key_finding", (criterion.name,))
        return await here.ask(asked, say.KEY_FINDING_ASKED.format(number=criterion.number))
    if text:
        return await key_finding_given(here, (criterion.name,), text)
    return _one(here, await report_of(here), criterion)


def _criterion(here: Here, text: str) -> Criterion | None:
    wanted = normalise(text)
    for one in here.pack.criteria.values():
        if wanted in (normalise(one.number), normalise(one.name)):
            return one
    return None


def _overview(here: Here, report: InspectionReport) -> Outcome:
    told = [one for one in report.findings if _has_anything(one)]
    if not told:
        return only(say.FINDINGS_NONE)
    lines = [say.FINDINGS.format(title=here.inspection.title)]
    for one in told:
        label = criterion_label(here.pack, one.criterion.name, here.session.language)
        figures = say.findings_line(len(one.strengths), len(one.improvements))
        lines.append(f"{label}{_score(one)} – {figures}")
    lines += ["", say.FINDINGS_MORE]
    buttons = [
        here.button(one.criterion.number, f"findings {one.criterion.number}") for one in told
    ]
    rows = tuple(tuple(buttons[at : at + 5]) for at in range(0, len(buttons), 5))
    return only("\n".join(lines), buttons=rows)


def _has_anything(one: CriterionFindings) -> bool:
    return bool(one.score.score is not None or one.level or one.strengths or one.improvements)


def _score(one: CriterionFindings) -> str:
    return comment(one.score, one.level, one.adjustment)


def _one(here: Here, report: InspectionReport, criterion: Criterion) -> Outcome:
    one = next(each for each in report.findings if each.criterion.name == criterion.name)
    label = criterion_label(here.pack, criterion.name, here.session.language)
    lines = [f"{label}{_score(one)}", ""]
    lines.append(one.key_finding.text if one.key_finding else say.KEY_FINDING_MISSING)
    lines += _blocks(
        *(_block(rows) for rows in finding_rows(one)),
    )
    write = here.button(say.WRITE_KEY_FINDING, f"findings {criterion.number} ?")
    recommend = here.button(say.RECOMMEND, f"recommend {criterion.number}")
    return only("\n".join(lines), buttons=((write, recommend),))


def _blocks(*blocks: tuple[str, Sequence[str]]) -> Iterable[str]:
    for head, lines in blocks:
        if lines:
            yield from ("", head, *lines)


def _block(rows: FindingRows) -> tuple[str, list[str]]:
    heading, where = _FOUND[rows.kind]
    counted = _finding_lines(rows.counted, where)
    return heading, [*counted, *_item_lines(rows.items), *_note_lines(rows.notes)]


_FOUND: Final = {
    FindingKind.STRENGTH: (say.STRENGTHS, say.IN_CASES),
    FindingKind.IMPROVEMENT: (say.IMPROVEMENTS, say.NOT_IN_CASES),
    FindingKind.GOOD_PRACTICE: (say.GOOD_PRACTICE, ""),
    FindingKind.QUOTATION: (say.QUOTATIONS, ""),
}


def _finding_lines(found: Sequence[Finding], where: str) -> list[str]:
    lines = []
    for one in found[:MOST]:
        named = ", ".join(one.cases[:CASES_NAMED])
        more = f" +{len(one.cases) - CASES_NAMED}" if len(one.cases) > CASES_NAMED else ""
        lines.append(f"• {one.question.number} {one.sentence}")
        lines.append(f"   {where.format(cases=f'{named}{more}')}")
    if len(found) > MOST:
        lines.append(say.FINDINGS_CUT.format(count=len(found) - MOST))
    return lines


def _item_lines(items: Sequence[LevelItem]) -> list[str]:
    return [f"• {one.question.number} {one.sentence}" for one in items[:MOST]]


def _note_lines(notes: Sequence[NoteQuoted]) -> list[str]:
    return [f"• {one.case} {one.question.number}: {one.text}" for one in notes[:MOST]]


async def key_finding_given(here: Here, about: tuple[str, ...], text: str) -> Outcome:
    """The lead's own words over a criterion; a dash alone takes them away."""
    (criterion,) = about
    words = text.strip()
    if not words or len(words) > MAX_TEXT:
        return await here.ask(Asked("key_finding", about), say.REMARK_EMPTY)
    document, kept = None, say.KEY_FINDING_NONE
    if words not in NONE_SAID:
        document = asdict(KeyFinding(words, here.member.person, here.at))
        kept = say.KEY_FINDING_KEPT
    elif criterion in await here.store.records(here.id, "key_findings"):
        kept = say.KEY_FINDING_GONE
    await here.store.set_record(
        here.id, "key_findings", criterion, document, by=here.member.person, at=here.at
    )
    await here.answered(event="KeyFindingWritten")
    return only(kept.format(number=here.pack.criteria[criterion].number))


async def compare(here: Here, words: str) -> Outcome:
    """``/compare``: beside the inspection that this one follows up, or beside ``/compare ID``."""
    earlier = await earlier_of(here, words or here.inspection.follows)
    if earlier is None and words:
        return only(say.COMPARE_UNKNOWN.format(inspection=words[:40]))
    if earlier is None:
        serves = await here.store.memberships(here.seat.chat)
        others = [
            one for one, member in serves
            if one.id != here.id and member.is_lead and one.pack_name == here.pack.name
        ]  # fmt: skip
        rows = inspection_buttons(here, others, "compare")
        return only(say.COMPARE_WHICH if others else say.COMPARE_NONE, buttons=rows)
    report = await report_of(here)
    head = say.COMPARED.format(before=earlier.inspection.title, after=here.inspection.title)
    lines = comparison_lines(earlier.score, report.score, here.session.language)
    shown = lines if any(lines) else [say.COMPARED_NOTHING]
    return only("\n".join([head, *shown]))
