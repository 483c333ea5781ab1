"""Files that people send: evidence on the question at hand, or a lead's sample.

A file that its channel has still to fetch is applied at once, as awaited; :func:`fetched` keeps it
when it has come, or says that it did not.
"""

import asyncio
import secrets
from dataclasses import replace
from datetime import datetime
from hashlib import sha256
from typing import Final

from bot import outbox
from bot.channels.channel import LostFile, Notification, ReceivedFile, channel_of
from bot.context import Context
from bot.decision import Decision, tell
from bot.handlers.conversation import converse
from bot.handlers.set_up import sample_received
from criteria.evidence_files import FILE_TYPES, expected_media, found_type
from dialogs import events
from dialogs.effects import AttachmentRecorded
from dialogs.turn import iso
from storage.changes import FileAwaited, FileFetched, MessageQueued
from storage.documents import AwaitedFile, OutboxKind, OutboxMessage
from storage.errors import NotFound
from storage.store import Store

MAX_BYTES: Final = 20 * 1024 * 1024
"""The Bot API hands out no larger files: https://core.telegram.org/bots/api#getfile"""


def is_sample(file: ReceivedFile) -> bool:
    """Whether it is a table of cases, which only a lead may send."""
    return file.media == "document" and file.filename.casefold().endswith((".csv", ".txt"))


async def received(context: Context, file: ReceivedFile) -> Decision:
    """What will be refused for its kind or size is not even fetched."""
    if file.size > MAX_BYTES:
        return tell(context.say("file-too-large"))
    if is_sample(file):
        if file.content is None:
            return _awaited(context, file, Decision(event="SampleAwaited"))
        return await sample_received(context, file.content)
    media = expected_media(file.media, file.mime, file.filename)
    if media is None:
        table = file.filename.casefold().endswith((".xlsx", ".xls", ".ods", ".numbers"))
        is_sample_table = table and context.member.is_lead
        return tell(context.say("sample-as-csv" if is_sample_table else "file-kind-refused"))
    return await _evidence(context, file, media)


async def _evidence(context: Context, file: ReceivedFile, media: str) -> Decision:
    reference = context.case.case if context.case else ""
    name = f"{reference}-{_mark(context)}"
    given = events.AttachmentGiven(media, name, file.caption, awaited=file.content is None)
    if file.content is not None:
        if (kind := found_type(file.content, media)) is None:
            return tell(context.say("file-kind-refused"))
        given = replace(given, file_type=kind, sha256=await _sha256(file.content))
    decision = converse(context, given)
    told = decision.taken.step.effects if decision.taken else ()
    kept = next((effect for effect in told if isinstance(effect, AttachmentRecorded)), None)
    if kept is None:
        return decision
    if kept.count > 1:  # one more of an album
        replies = tuple(replace(reply, joins=True) for reply in decision.response.replies)
        decision = replace(decision, response=replace(decision.response, replies=replies))
    if file.content is None:
        return _awaited(context, file, decision, name, media)
    return replace(decision, files=((name, file.content),))


def _awaited(
    context: Context, file: ReceivedFile, decision: Decision, name: str = "", media: str = ""
) -> Decision:
    """The decision, and with it that the file is to be fetched: a sample where it has no name."""
    chat = context.chat.chat
    awaited = AwaitedFile(
        name=name or f"sample-{_mark(context)}",
        inspection=context.id,
        channel=channel_of(chat),
        chat=chat,
        source=file.source,
        media=media or file.media,
        case=context.case.key if context.case and name else None,
        at=context.at,
        filename="" if name else file.filename,
    )
    return replace(decision, changes=(*decision.changes, FileAwaited(awaited)))


def _mark(context: Context) -> str:
    """24 hex digits, the same whenever this message is delivered; they tell nothing of the file."""
    update = context.message.update
    if update is None:
        return secrets.token_hex(12)
    return sha256(f"{context.chat.chat}\0{update}".encode()).hexdigest()[:24]


async def _sha256(content: bytes) -> str:
    return (await asyncio.to_thread(sha256, content)).hexdigest()


# --- when it has been fetched -------------------------------------------------------------------


async def fetched(
    store: Store, file: AwaitedFile, content: bytes | LostFile, now: datetime
) -> list[Notification]:
    """Keep the content, or give the file up and say so; not where it is wanted no more."""
    if not await _is_wanted(store, file):
        await store.fetched(FileFetched(file), at=iso(now))
        return []
    if isinstance(content, str):
        return await lost(store, file, f"file-{content}", now)  # type: ignore[arg-type]  # it is one
    kind = found_type(content, file.media)
    if kind is None:
        return await lost(store, file, "file-not-kept", now)
    media = file.media if file.media == "voice" else FILE_TYPES[kind].media
    await store.keep_file(file.inspection, file.name, content)
    await store.fetched(FileFetched(file, kind, media, await _sha256(content)), at=iso(now))
    return []


async def _is_wanted(store: Store, file: AwaitedFile) -> bool:
    """Whether its case awaits it still: it may have been taken back, or erased."""
    if file.case is None:
        return True
    try:
        case, _, _ = await store.load_case(file.inspection, file.case, file.chat or "")
    except NotFound:
        return False
    return any((one.file, one.state) == (file.name, "awaited") for one in case.evidence)


async def lost(
    store: Store, file: AwaitedFile, why: OutboxKind, now: datetime
) -> list[Notification]:
    """Give a file up, and tell its person why."""
    at = iso(now)
    if file.chat is None:
        await store.fetched(FileFetched(file), at=at)
        return []
    name = f"{why} {file.chat} {file.name}"
    told = OutboxMessage(name, file.inspection, file.channel, file.chat, why, file.case, at)
    await store.fetched(FileFetched(file), MessageQueued(told), at=at)
    return await outbox.worded(store, [told], now)
