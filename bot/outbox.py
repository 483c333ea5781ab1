"""Messages that people get unasked: a case came in, the last one did, one was returned, given or
taken.

A handler queues them in the commit that causes them. Each is worded when it is to be sent, from how
things stand by then, and dropped where it is true no more.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any, Final

from bot.callback_data import case_data, inspection_mark
from bot.cards import case_title
from bot.channels.channel import Button, Notification, Reply, channel_of, plain
from bot.context import Context, local_time
from bot.handlers.after_return import changes_told
from bot.messages import Messages, messages
from bot.reports import progress_report
from criteria.case import Case, CaseKey
from criteria.case_status import Status
from criteria.inspection import Member
from dialogs.turn import iso
from storage.changes import MessageQueued, RecordSet
from storage.documents import OutboxKind, OutboxMessage
from storage.errors import Conflict, NotFound, StoreError
from storage.store import Store

EACH: Final[Mapping[str, Any]] = {"each": True, "evening": None, "last": None}
"""What a lead is told who chose nothing."""
FILE_KINDS: Final[frozenset[OutboxKind]] = frozenset(
    {"file-not-fetched", "file-too-large", "file-not-kept"}
)
MAX_NAMED: Final = 3
"""So many cases that were taken from somebody are told one by one; more of them all at once."""


# --- queueing -----------------------------------------------------------------------------------


async def submission(context: Context, key: CaseKey) -> list[MessageQueued]:
    """What the leads are told when this case is submitted."""
    queued = []
    choices = await context.store.records(context.id, "digests")
    for chat, member in (await context.store.members(context.id)).items():
        if not member.is_lead or chat == context.chat.chat:
            continue
        if choices.get(chat, EACH)["each"]:
            queued.append(_message(context, chat, "submitted", key))
        if key.reading == 1:
            queued.append(_message(context, chat, "complete", key))
    return queued


def to_person(
    context: Context,
    members: Mapping[str, Member],
    person: str | None,
    kind: OutboxKind,
    key: CaseKey | None = None,
) -> list[MessageQueued]:
    """What this person is told once the change is committed; nothing where a lead does it to
    themselves.
    """
    return [
        _message(context, chat, kind, key)
        for chat, member in members.items()
        if member.person == person and chat != context.chat.chat
    ]


def taken_from(
    context: Context, members: Mapping[str, Member], person: str, keys: Sequence[CaseKey]
) -> list[MessageQueued]:
    """What this person is told of the cases that are given to somebody else."""
    named: Sequence[CaseKey | None] = keys if len(keys) <= MAX_NAMED else (None,)
    return [one for key in named for one in to_person(context, members, person, "taken", key)]


def _message(context: Context, chat: str, kind: OutboxKind, key: CaseKey | None) -> MessageQueued:
    about = f"{key.case}.{key.form}.{key.reading}" if key else context.person
    name = f"{kind} {chat} {about}"
    return MessageQueued(
        OutboxMessage(name, context.id, channel_of(chat), chat, kind, key, context.at)
    )


# --- messages -----------------------------------------------------------------------------------


async def worded(
    store: Store, messages: Iterable[OutboxMessage], now: datetime, *, claimed: bool = False
) -> list[Notification]:
    """The messages that are true now; the others are taken off the outbox.

    Those that another worker is about to send are left to it; ``claimed`` are this one's already.
    """
    notifications = []
    for one in messages:
        try:
            reply = await _reply(store, one)
        except NotFound:
            reply = None
        except StoreError:  # a damaged file: it is told where it is named, and the rest goes on
            continue
        if reply is None:
            await sent(store, one, now)
        elif await store.claim(one, at=iso(now)) or claimed:  # asking again prolongs a claim
            notifications.append(Notification(one.chat, reply, one))
    return notifications


async def sent(store: Store, message: OutboxMessage, now: datetime) -> None:
    """It was sent, or is true no more."""
    await store.sent(message, at=iso(now))


async def _reply(store: Store, message: OutboxMessage) -> Reply | None:
    member = (await store.members(message.inspection)).get(message.chat)
    if member is None or (message.kind in ("submitted", "complete") and not member.is_lead):
        return None
    chat = await store.chat_state(message.chat)
    language = None if chat is None else chat.session.language
    say = messages(language)
    title = (await store.inspection(message.inspection)).title
    # Whoever is in another inspection now is told how to get there.
    is_there = chat is None or chat.inspection.id == message.inspection
    elsewhere = "" if is_there else " " + say("switch-first", inspection=message.inspection)
    if message.kind in FILE_KINDS:
        return await _lost_file(store, message, say, elsewhere)
    if message.case is None:
        several = await _of_several(store, message, member.person, title, say)
        return None if several is None else plain(several + elsewhere)
    case, _, _ = await store.load_case(message.inspection, message.case, message.chat)
    if message.kind in ("submitted", "complete"):
        return await _to_lead(store, message, case, title, language)
    mine = case.inspector == member.person
    if message.kind == "taken":
        text, is_true = "taken-notice", not mine
    elif message.kind == "second":
        text, is_true = "second-notice", mine and not case.status.is_in
    else:
        text, is_true = "returned-notice", mine and case.status is Status.RETURNED
    if not is_true:
        return None
    pack = await store.pack(message.inspection)
    name, form = case_title(say, pack, replace(case.key, reading=1)), pack.form(case.form)
    person = case.inspector or say("nobody")
    told = say(text, case=name, person=person, title=title) + elsewhere
    if elsewhere or form is None or message.kind == "taken":
        return plain(told)
    data = case_data(inspection_mark(message.inspection), case.key, form)
    return plain(told, buttons=((Button(say("open-it", case=name), data, "main"),),))


async def _lost_file(
    store: Store, message: OutboxMessage, say: Messages, elsewhere: str
) -> Reply | None:
    """A file that was awaited did not come, or was no evidence; a sample has no case."""
    if message.case is None:
        return plain(say("sample-lost", why=say(f"{message.kind}-why")) + elsewhere)
    case, _, _ = await store.load_case(message.inspection, message.case, message.chat)
    pack = await store.pack(message.inspection)
    form, name = pack.form(case.form), message.id.rpartition(" ")[2]
    lost = next((one for one in case.evidence if one.file == name), None)
    question = form.by_name.get(lost.target or "") if form and lost else None
    if form is None or lost is None or question is None:
        return None
    told = say(
        "file-lost",
        media=say(f"media-{lost.media}"),
        number=question.number,
        case=case_title(say, pack, case.key),
        why=say(f"{message.kind}-why"),
    )
    if elsewhere:
        return plain(told + elsewhere)
    data = case_data(inspection_mark(message.inspection), message.case, form)
    return plain(told, buttons=((Button(say("open-it", case=case.case), data, "main"),),))


async def _of_several(
    store: Store, message: OutboxMessage, person: str, title: str, say: Messages
) -> str | None:
    """Cases that were given to this person, or taken from them, all at once."""
    if message.kind == "taken":
        return say("several-taken-notice", title=title)
    lines = await store.overview(message.inspection)
    waiting = [line for line in lines if line.inspector == person and not line.status.is_in]
    return say("assigned-notice", cases=len(waiting), title=title) if waiting else None


async def _to_lead(
    store: Store, message: OutboxMessage, case: Case, title: str, language: str | None
) -> Reply | None:
    """A case was submitted, or the last one was; nothing where it no longer is."""
    if not case.status.is_in:
        return None
    lines = await store.overview(message.inspection)
    whole = progress_report.counted(store, message.inspection, lines).whole
    if message.kind == "complete":
        if not whole.complete:
            return None
        return await progress_report.inspection_summary(store, message.inspection, language)
    say, pack = messages(language), await store.pack(message.inspection)
    text, changes = "second-in-notice", None
    if case.reading == 1:
        form = pack.form(case.form)
        history = await store.history(message.inspection, case.key)
        changes = changes_told(say, form, history) if form is not None else None
        text = "submitted-notice" if changes is None else "again-notice"
    told = say(
        text,
        person=case.inspector or say("unassigned"),
        case=case_title(say, pack, replace(case.key, reading=1)),
        of=say("of-cases", submitted=whole.submitted, cases=whole.cases),
        title=title,
        changes=changes or "",
    )
    return plain(told)


# --- evenings -----------------------------------------------------------------------------------


async def due(store: Store, channel: str, now: datetime) -> list[Notification]:
    """The channel's evening digests whose time has come today, each once."""
    notifications = []
    for inspection in await store.inspections():
        if inspection.closed is not None:
            continue
        here = local_time(now, inspection)
        today, time = here.date().isoformat(), f"{here:%H:%M}"
        members = await store.members(inspection.id)
        for chat, choice in (await store.records(inspection.id, "digests")).items():
            evening = choice["evening"]
            if (
                channel_of(chat) != channel
                or evening is None
                or time < evening
                or choice["last"] == today
            ):
                continue
            document = {**choice, "last": today}
            change = RecordSet(inspection.id, "digests", chat, document, expect=choice)
            try:
                await store.commit([change], at=iso(now), by=None, event="DigestSent")
            except Conflict:  # another worker has it
                continue
            member = members.get(chat)
            if member is not None and member.is_lead:
                language = await store.chat_language(chat)
                text, _ = await progress_report.inspection_progress(
                    store, inspection.id, here, language
                )
                notifications.append(Notification(chat, plain(text)))
    return notifications
