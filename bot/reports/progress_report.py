"""How an inspection stands, as text and as a picture: what progress and summary are made of."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from fractions import Fraction
from functools import partial
from typing import Any, Final
from weakref import WeakKeyDictionary

from bot.cards import MAX_WARNINGS, bar, case_title, percent_done, share_of, summary_lines
from bot.channels.channel import Document, Paragraph, Reply, plain
from bot.messages import Messages, messages
from bot.reports.scored import inspection_score
from criteria.case_status import Status
from criteria.case_summary import CaseSummary
from criteria.instrument.pack import Pack
from criteria.question import NA, NOT_KNOWN
from criteria.relevance import Progress
from criteria.report.progress_rows import progress_rows
from criteria.report.score_rows import summary_rows
from criteria.scoring.score import InspectionScore
from dialogs.queries import CaseCounts, InspectionCounts, longest_untouched
from storage.records import adjustments
from storage.store import Store

MAX_STUCK: Final = 5

_kept: Final[WeakKeyDictionary[Store, dict[str, InspectionCounts]]] = WeakKeyDictionary()


async def inspection_summary(
    store: Store, inspection_id: str, language: str | None = None
) -> Reply:
    """The scores of all cases, as text with a picture; final once every case is in."""
    say = messages(language)
    lines = await store.overview(inspection_id)
    score, unread = await inspection_score(store, inspection_id, lines)
    title = (await store.inspection(inspection_id)).title
    whole = counted(store, inspection_id, lines).whole
    reply = await summary(store, inspection_id, whole, score, title, language)
    if not unread:
        return reply
    named = [case_title(say, score.pack, key) for key in unread[:MAX_WARNINGS]]
    not_counted = say("not-counted", cases=say.all_of(named))
    return replace(reply, paragraphs=(*reply.paragraphs, Paragraph(not_counted, "aside")))


async def summary(  # noqa: PLR0913, PLR0917  # what was counted, and how it is headed
    store: Store,
    inspection_id: str,
    whole: CaseCounts,
    score: InspectionScore,
    title: str,
    language: str | None = None,
) -> Reply:
    """The scores of some cases, which are as far as ``whole``."""
    say = messages(language)
    if whole.complete:
        text = [say("summary-final", title=title, cases=whole.cases)]
    else:
        of = say("of-cases", submitted=whole.submitted, cases=whole.cases)
        head = say("summary-head", title=title, of=of)
        text = [head, say("summary-so-far")]
    said = await adjustments(store, inspection_id)
    rows = summary_rows(score, said, language=language)
    text += summary_lines(rows, score.warnings, language)
    draw = partial(_chart, score, whole, title=title, language=language, adjustments=said)
    picture = Document(f"{inspection_id}.png", draw, picture=True)
    return plain("\n".join(text), document=None if rows.is_empty else picture)


def _chart(score: InspectionScore, whole: CaseCounts, **about: Any) -> bytes:
    from bot.reports.charts import summary_chart  # noqa: PLC0415  # slow to import, and rarely needed

    return summary_chart(score, whole, **about)


# --- progress -----------------------------------------------------------------------------------


def counted(store: Store, inspection_id: str, lines: Sequence[CaseSummary]) -> InspectionCounts:
    """How far the inspection is; only what changed since this was last asked for is counted."""
    counts = _kept.setdefault(store, {}).setdefault(inspection_id, InspectionCounts())
    counts.follow(lines)
    return counts


async def inspection_progress(
    store: Store, inspection_id: str, now: datetime, language: str | None = None
) -> tuple[str, InspectionCounts]:
    """In all; by inspector, criterion and sample list; and what has been untouched for long.

    The counts are those that the text is made from.
    """
    say = messages(language)
    lines = await store.overview(inspection_id)
    pack = await store.pack(inspection_id)
    title = (await store.inspection(inspection_id)).title
    counts = counted(store, inspection_id, lines)
    blocks = [
        [totals(say, title, counts.whole)],
        [_person_line(say, person, one) for person, one in counts.by_inspector.items()],
        _criterion_lines(say, pack, counts.by_criterion, language),
        _sample_lines(say, pack, counts.by_sample, language),
        _stuck_lines(say, pack, lines, now),
    ]
    return "\n\n".join("\n".join(block) for block in blocks if block), counts


def totals(say: Messages, title: str, whole: CaseCounts) -> str:
    share = Fraction(whole.submitted, whole.cases) if whole.cases else Fraction(0)
    of = say("of-cases", submitted=whole.submitted, cases=whole.cases)
    head = say("inspection-progress", of=of, begun=whole.begun)
    return f"{title}\n{bar(share)} {head}"


def _of(say: Messages, one: CaseCounts) -> str:
    return say("of-cases-submitted", submitted=one.submitted, cases=one.cases)


def _person_line(say: Messages, person: str | None, one: CaseCounts) -> str:
    return say(
        "person-progress",
        person=person or say("unassigned"),
        submitted=one.submitted,
        cases=one.cases,
        begun=one.begun,
    )


def _criterion_lines(
    say: Messages, pack: Pack, progress: Mapping[str | None, Progress], language: str | None
) -> list[str]:
    lines = []
    rows = progress_rows(pack, progress, language)
    for row in sorted(rows, key=lambda row: row.label is not None):
        if row.progress.relevant:
            share = share_of(row.progress)
            label = row.label or say("no-criterion")
            lines.append(f"{bar(share)} {percent_done(share)}% {label}")
    return [say("answered-by-criterion"), *lines] if lines else []


def _sample_lines(
    say: Messages, pack: Pack, samples: Mapping[str | None, CaseCounts], language: str | None
) -> list[str]:
    """How far each list is; nothing while no case says which it is on."""
    if set(samples) <= {None}:
        return []
    lines = [
        say("sample-progress", name=_sample_label(say, pack, name, language), of=_of(say, one))
        for name, one in samples.items()
    ]
    return [say("by-sample"), *lines]


def _sample_label(say: Messages, pack: Pack, name: str | None, language: str | None) -> str:
    for form in pack.forms:
        for question in form.profile:
            if question.name in pack.sample_lists and (choice := question.choice(name or "")):
                return pack.text(choice.label, language)
    return {NA: say("na"), NOT_KNOWN: say("not-known"), None: say("no-sample")}.get(
        name, name or ""
    )


def _stuck_lines(
    say: Messages, pack: Pack, lines: Sequence[CaseSummary], now: datetime
) -> list[str]:
    """The begun or returned cases that nobody touched for a day or more, longest first."""
    today = now.astimezone(UTC).date()
    stuck = [line for line in longest_untouched(lines) if _days(line, today) >= 1]
    shown = [
        say(
            "stuck-line",
            case=case_title(say, pack, line.key),
            person=line.inspector or say("unassigned"),
            returned=say("was-returned") if line.status is Status.RETURNED else "",
            since=say.day(date.fromisoformat(line.at[:10]), "d MMMM"),
            days=_days(line, today),
        )
        for line in stuck[:MAX_STUCK]
    ]
    return [say("stuck", cases=len(stuck)), *shown] if stuck else []


def _days(line: CaseSummary, today: date) -> int:
    return (today - date.fromisoformat(line.at[:10])).days if line.at else 0
