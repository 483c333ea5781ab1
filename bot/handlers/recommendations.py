"""Recommendations: recorded step by step in chat, and followed up in the next inspection."""

import re
from collections.abc import Callable, Iterable, Mapping
from typing import Final

from bot.cards import shortened
from bot.channels.channel import ButtonRows, rows_of
from bot.context import Context
from bot.decision import Decision, asked_for, cancelling, only, tell
from bot.messages import Messages
from bot.reports.inspection_report import earlier_inspection
from criteria.instrument.pack import Criterion, Pack
from criteria.match_choice import normalise
from criteria.question import Question
from criteria.recommendations import (
    FollowUp,
    FollowUpStatus,
    Recommendation,
    follow_up_to_json,
    recommendation_to_json,
)
from criteria.report.labels import criterion_numbers, question_numbers
from dialogs.question_order import question_named
from dialogs.read_answer import MAX_TEXT
from storage.changes import RecordSet
from storage.exports.report import Earlier
from storage.records import recommendations

PARTS: Final = ("owner", "criteria", "findings", "text")
"""What is asked for, one after another, once it is said whether it is a key one."""
NONE_SAID: Final = ("-", "–", "—")
"""A phone makes a long dash of a short one."""


async def recommend(context: Context, words: str) -> Decision:
    """``/recommend`` lists and begins, ``/recommend key`` begins a key one, ``/recommend R2``
    shows one, and ``/recommend R2 remove`` takes it away.
    """
    first, rest = (*words.split(maxsplit=1), "", "")[:2]
    if first.casefold() in ("key", "other"):
        return _begun(context, first.casefold(), rest)
    if criterion_named(context.pack, first):
        return tell(context.say("recommend-key"), buttons=_begin(context, first))
    known = await recommendations(context.store, context.id)
    if first.upper() in known:
        return _one(context, first.upper(), known[first.upper()], remove=rest == "remove")
    if first:
        return tell(context.say("no-such-recommendation", text=shortened(first, 40)))
    lines = [context.say("recommendations" if known else "recommendations-none")]
    lines += [_line(context.say, ref, one) for ref, one in known.items()]
    lines.append(context.say("recommend-another" if known else "recommend-next"))
    rows = _begin(context, "")
    rows += rows_of(5, [context.button(ref, f"recommend {ref}") for ref in known])
    earlier = await earlier_inspection(context.store, context.inspection)
    if earlier is not None and earlier.recommendations:
        lines += ["", *_earlier_lines(context.say, earlier)]
        befores = [context.button(f"{ref} ›", f"followed {ref}") for ref in earlier.recommendations]
        rows += rows_of(5, befores)
    return tell("\n".join(lines), buttons=rows)


def only_shows(words: str) -> bool:
    """Whether ``/recommend`` with these words keeps nothing, and asks for nothing."""
    return len(words.split()) < 2 and words.casefold() not in ("key", "other")


def _begun(context: Context, kind: str, criteria: str) -> Decision:
    """Ask for the first part; the criteria may have been said before."""
    if criteria and (problem := _problem(context.say, context.pack, "criteria", criteria)):
        return tell(problem)
    return _next_part(context, kind, {"criteria": criteria} if criteria else {})


def _next_part(context: Context, kind: str, given: Mapping[str, str]) -> Decision:
    parts = (f"{name}={value}" for name, value in given.items())
    return asked_for(context, "recommend", (kind, *parts), _question(context.say, given))


def _begin(context: Context, criterion: str) -> ButtonRows:
    words = f" {criterion}" if criterion else ""
    key = context.button(context.say("key-recommendation"), f"recommend key{words}")
    return ((key, context.button(context.say("other-recommendation"), f"recommend other{words}")),)


def _one(context: Context, ref: str, one: Recommendation, *, remove: bool) -> Decision:
    if remove:
        gone = recommendation_to_json(one)  # kept, so that nothing else is ever called by its name
        return Decision(
            only(context.say("recommendation-gone", ref=ref)),
            "RecommendationTakenAway",
            (
                RecordSet(context.id, "former_recommendations", ref, gone),
                RecordSet(context.id, "recommendations", ref, None),
            ),
        )
    label = context.say("take-away", ref=ref)
    button = context.button(label, f"recommend {ref} remove", "dangerous")
    return tell(_text(context.say, context.pack, ref, one), buttons=((button,),))


def _line(say: Messages, ref: str, one: Recommendation) -> str:
    kind = say("key-mark") if one.key else ""
    return f"{ref}{kind} {one.owner}: {one.text}"


def _text(say: Messages, pack: Pack, ref: str, one: Recommendation) -> str:
    lines = [_line(say, ref, one)]
    if numbers := criterion_numbers(pack, one.criteria):
        lines.append(say("on-criteria", numbers=numbers))
    if numbers := question_numbers(pack, one.findings):
        lines.append(say("on-findings", numbers=numbers))
    return "\n".join(lines)


# --- recording ----------------------------------------------------------------------------------


async def part_given(context: Context, about: tuple[str, ...], text: str) -> Decision:
    """``about`` is key or other, and the parts given so far, each as ``owner=CRC``."""
    kind, *parts = about
    given = dict(one.split("=", 1) for one in parts)
    part = next(one for one in PARTS if one not in given)
    words = text.strip()
    if problem := _problem(context.say, context.pack, part, words):
        text = f"{problem}\n{_question(context.say, given)}"
        return tell(text, wants_text=True, buttons=cancelling(context))
    given[part] = "" if words in NONE_SAID else words
    if len(given) < len(PARTS):
        return _next_part(context, kind, given)
    known = await context.store.records(context.id, "recommendations")
    former = await context.store.records(context.id, "former_recommendations")
    ref = _next_ref([*known, *former])
    one = Recommendation(
        key=kind == "key",
        owner=given["owner"],
        text=given["text"],
        criteria=_names(context.pack, given["criteria"], criterion_named),
        findings=_names(context.pack, given["findings"], _question_named),
        by=context.person,
        at=context.at,
    )
    recommended = f"{context.say('recommended')}\n{_text(context.say, context.pack, ref, one)}"
    text = f"{recommended}\n\n{context.say('recommend-another')}"
    return Decision(
        only(text, buttons=_begin(context, "")),
        "Recommended",
        (RecordSet(context.id, "recommendations", ref, recommendation_to_json(one), expect=None),),
    )


def _question(say: Messages, given: Mapping[str, str]) -> str:
    return say(f"recommend-part-{next(one for one in PARTS if one not in given)}")


def _problem(say: Messages, pack: Pack, part: str, words: str) -> str | None:
    """What is wrong with a part, None if it can be kept."""
    if not words or len(words) > MAX_TEXT:
        return say("remark-empty")
    if words in NONE_SAID:
        return say("part-needed") if part in ("owner", "text") else None
    if part not in ("criteria", "findings"):
        return None
    find = criterion_named if part == "criteria" else _question_named
    unknown = [word for word in _words(words) if find(pack, word) is None]
    if not unknown:
        return None
    text = shortened(unknown[0], 40)
    if part == "criteria":
        return no_such_criterion(say, pack, text)
    return say("no-such-question", text=text)


def _words(text: str) -> list[str]:
    return [word for word in re.split(r"[,;\s]+", text) if word]


def _names(
    pack: Pack, text: str, find: Callable[[Pack, str], Criterion | Question | None]
) -> tuple[str, ...]:
    found = (find(pack, word) for word in _words(text))
    return tuple(one.name for one in found if one is not None)


def criterion_named(pack: Pack, text: str) -> Criterion | None:
    """The criterion of this number or name."""
    wanted = normalise(text)
    for one in pack.criteria.values():
        if wanted and wanted in (normalise(one.number), normalise(one.name)):
            return one
    return None


def no_such_criterion(say: Messages, pack: Pack, text: str) -> str:
    numbers = ", ".join(one.number for one in pack.criteria.values())
    return say("no-such-criterion", text=text, numbers=numbers)


def _question_named(pack: Pack, text: str) -> Question | None:
    found = (question_named(text, form) for form in pack.forms)
    return next((question for question in found if question), None)


def _next_ref(known: Iterable[str]) -> str:
    numbers = [int(ref[1:]) for ref in known if ref[1:].isdecimal()]
    return f"R{max(numbers, default=0) + 1}"


# --- following up -------------------------------------------------------------------------------


async def followed(context: Context, words: str) -> Decision:
    """``/followed R2 done``: how far an earlier recommendation got."""
    ref, status = (*words.split(), "", "")[:2]
    ref, status = ref.upper(), status.casefold()
    earlier = await earlier_inspection(context.store, context.inspection)
    if earlier is None or ref not in earlier.recommendations:
        return tell(context.say("followed-none"))
    if status not in set(FollowUpStatus):
        rows = context.column(
            (context.say(f"follow-up-{each}"), f"followed {ref} {each.value}")
            for each in FollowUpStatus
        )
        return tell(
            _text(context.say, earlier.score.pack, ref, earlier.recommendations[ref]), buttons=rows
        )
    one = FollowUp(FollowUpStatus(status), context.person, context.at)
    return Decision(
        only(context.say("followed", ref=ref, status=context.say(f"follow-up-{one.status}"))),
        "FollowedUp",
        (RecordSet(context.id, "follow_ups", ref, follow_up_to_json(one)),),
    )


def _earlier_lines(say: Messages, earlier: Earlier) -> Iterable[str]:
    yield say("earlier-recommendations", title=earlier.inspection.title)
    for ref, one in earlier.recommendations.items():
        got = earlier.followed_up.get(ref)
        status = say(f"follow-up-{got.status}") if got else say("not-followed")
        yield f"{_line(say, ref, one)} ({status})"
