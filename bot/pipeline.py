"""From a message to a response: clean → lock the chat → load the context → put parts together →
seen before? → authorise → dispatch → guard → commit → respond.

Each link is a function below, in that order, and what a link does is done nowhere else: a handler
decides and writes nothing, a channel retries nothing that is the store's.
"""

import asyncio
import logging
import secrets
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final
from weakref import WeakValueDictionary

from bot import commands, long_texts, outbox
from bot.callback_data import CaseTap, ForeignTap, NextCaseTap, PlainTap, RemoveTap
from bot.channels.channel import (
    LostFile,
    Message,
    Notification,
    ReceivedFile,
    Response,
    plain,
)
from bot.commands import Typed
from bot.context import Context, local_time
from bot.decision import Decision, only, tell
from bot.guard import guarded, rest_held_back
from bot.handlers import cases, evidence, inspections, joining, progress, texts
from bot.handlers.conversation import converse
from bot.messages import say
from bot.permissions import AskedText, EditedText, Repeated, Wanted, is_joining, refusal, wanted_by
from criteria.visible import visible
from dialogs import events
from dialogs.session import Cursor, Session, Step
from dialogs.turn import iso
from storage.changes import ChatStep, FileAwaited, FileFetched, MessageQueued
from storage.documents import AwaitedFile
from storage.errors import AlreadyThere, Conflict, NotSaved, StoreError
from storage.store import Store

log = logging.getLogger(__name__)

MAX_ATTEMPTS: Final = 5
"""How often a step is taken when somebody else changes what it was worked out from."""
NOT_SAVED_WAITS: Final = (0.2, 1.0)
"""Seconds before a write that failed is tried again, and once more."""

Clock = Callable[[], datetime]
StepSeen = Callable[[Session, events.Event, Step, datetime], None]


class Pipeline:
    """Applies the messages of any channel; a :class:`bot.channels.channel.Receiver`.

    ``step_seen`` is told of every step of the engine (for recording). ``secret`` is the key of what
    :mod:`bot.guard` keeps; workers of one bot share it.
    """

    def __init__(
        self,
        store: Store,
        clock: Clock,
        step_seen: StepSeen | None = None,
        secret: bytes | None = None,
    ) -> None:
        self._store = store
        self._clock = clock
        self._step_seen = step_seen
        self._secret = secret or secrets.token_bytes(32)
        self._locks: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()

    async def receive(self, message: Message) -> Response:
        """Trouble with the store is told to the person, with what to do; it loses nothing."""
        message = _clean(message)
        lock = self._locks.setdefault(message.chat, asyncio.Lock())
        async with lock:
            return await self._with_retries(message)

    async def _with_retries(self, message: Message) -> Response:
        """Take the step; anew where somebody else was quicker, later where the disk is busy."""
        attempts, waits = 1, iter(NOT_SAVED_WAITS)
        while True:
            try:
                return await self._step(message)
            except (Conflict, AlreadyThere):
                if attempts == MAX_ATTEMPTS:
                    return only(say("try-again"))
                attempts += 1
            except NotSaved as exc:
                wait = next(waits, None)
                if wait is None:
                    log.error("not saved chat=%s why=%s", message.chat, exc)
                    return only(say("not-saved"))
                await asyncio.sleep(wait)  # other chats go on meanwhile
            except StoreError as exc:
                log.error("store error=%s why=%s", type(exc).__name__, exc)
                return only(say("not-read"))

    async def _step(self, message: Message) -> Response:
        now = self._clock()
        context = await self._load(message, now)
        if context is None or message.group:
            return await self._take(message, context, now)
        return await self._put_together(message, context, now)

    async def _take(self, message: Message, context: Context | None, now: datetime) -> Response:
        wanted = _seen_before(message, context, wanted_by(message, context))
        decision = await self._authorise(message, context, wanted)
        if decision is None:
            decision = await self._dispatch(message, context, wanted, now)
            if context is not None and not isinstance(wanted, Repeated):
                decision = guarded(context, decision, self._secret)
        if message.parts and decision.event is None:  # they wait no longer
            decision = replace(decision, event="PartsTaken")
        return await self._commit_and_respond(message, context, decision, now)

    async def _commit_and_respond(
        self, message: Message, context: Context | None, decision: Decision, now: datetime
    ) -> Response:
        after = await self._commit(message, context, decision, now)
        return await self._respond(context, decision, after)

    # --- load the context ----------------------------------------------------------------------

    async def _load(self, message: Message, now: datetime) -> Context | None:
        """None of a stranger, and of a person who was removed."""
        chat = await self._store.chat_state(message.chat)
        if chat is None:
            return None
        pack = await self._store.pack(chat.inspection.id)
        return Context(self._store, chat, pack, local_time(now, chat.inspection), message)

    # --- put parts together ---------------------------------------------------------------------

    async def _put_together(self, message: Message, context: Context, now: datetime) -> Response:
        """Take a message with what it goes on with; before it, a part whose rest has not come."""
        part, until = context.session.part, message.sent or ""
        if message.update in context.chat.applied:
            if part is not None and part.about["id"] == message.id:
                return Response(waits=True)
            return await self._take(message, context, now)
        if part is not None and long_texts.goes_on(part, message):
            message = long_texts.joined(part, message)
            if part.held:
                decision = rest_held_back(context, message, until, self._secret)
                return await self._commit_and_respond(message, context, decision, now)
        elif part is not None and not part.held and not (message.is_rest and part.until != until):
            text = long_texts.alone(part, message)
            taken = await self._take(text, _without_part(context, text), now)
            return taken if message.is_rest else _both(taken, await self._with_retries(message))
        if message.is_rest:  # it came, or was taken
            return Response()
        context = _without_part(context, message)
        if not long_texts.may_go_on(message):
            return await self._take(message, context, now)
        waiting = replace(context.session, part=long_texts.part_of(message, until))
        kept = Decision(Response(waits=True), "PartKept", session=waiting)
        return await self._commit_and_respond(
            message, context, guarded(context, kept, self._secret), now
        )

    # --- authorise -----------------------------------------------------------------------------

    async def _authorise(
        self, message: Message, context: Context | None, wanted: Wanted
    ) -> Decision | None:
        """What to do instead of what is wanted, where that may not be done."""
        if context is None and not message.group and not is_joining(wanted):
            # Who was taken out of one inspection and serves in another goes on there.
            for inspection, member in await self._store.memberships(message.chat):
                language = await self._store.chat_language(message.chat)
                return inspections.going_to(inspection, member, language)
        others_case = None if context is None else await _others_case(context)
        refused = refusal(context, wanted, group=message.group, others_case=others_case)
        if refused is None or context is None or message.group:
            return None if refused is None else Decision(refused)
        return _left_behind(context, refused, others_case)

    # --- dispatch ------------------------------------------------------------------------------

    async def _dispatch(
        self, message: Message, context: Context | None, wanted: Wanted, now: datetime
    ) -> Decision:
        """Have what is wanted decided by its handler."""
        if isinstance(wanted, Typed) and is_joining(wanted):
            return await joining.join(self._store, context, message.chat, wanted.words, now)
        assert context is not None  # noqa: S101  # a stranger may only join
        if message.group:
            return await progress.totals(context)
        match wanted:
            case Repeated(first):
                return await _repeated(context, first)
            case AskedText(asked, text):
                decision = await commands.TEXTS[asked.what](context, asked.about, text)
                return _left(context, decision) if decision.event else decision
            case ReceivedFile():
                return await evidence.received(context, wanted)
            case str():
                return await texts.received(context, wanted)
            case EditedText(text):
                return await texts.edited(context, text)
            case None:
                return tell(context.say("unread", what=context.say(f"unread-{message.unread}")))
            case Typed(name="cancel"):
                return await _commanded(context, wanted)
            case _:
                return await _something_else(context, wanted)

    # --- commit --------------------------------------------------------------------------------

    async def _commit(
        self, message: Message, context: Context | None, decision: Decision, now: datetime
    ) -> Context | None:
        """Keep the changes and the update that caused them, all or nothing; the context after."""
        if decision.event is None:
            return context
        step = _chat_step(message, context, decision)
        for name, content in decision.files:
            await self._store.keep_file(step.inspection, name, content)
        chat = await self._store.commit(
            decision.changes,
            step,
            at=iso(now),
            by=step.after.person,
            event=decision.event,
            why=decision.why,
        )
        if (taken := decision.taken) is not None and self._step_seen is not None:
            self._step_seen(taken.before, taken.event, taken.step, now)
        if decision.later is None or chat is None:
            return context
        pack = await self._store.pack(chat.inspection.id)
        return Context(self._store, chat, pack, local_time(now, chat.inspection), message)

    # --- respond -------------------------------------------------------------------------------

    async def _respond(
        self, context: Context | None, decision: Decision, after: Context | None
    ) -> Response:
        """What is said to the chat, and to others what was queued for them."""
        response = decision.response
        if decision.later is not None and after is not None:
            response = await decision.later(after)
        if decision.first is not None:
            response = replace(response, replies=(plain(decision.first), *response.replies))
        queued = [one.message for one in decision.changes if isinstance(one, MessageQueued)]
        files = [one.file for one in decision.changes if isinstance(one, FileAwaited)]
        response = replace(response, files=tuple(files)) if files else response
        if queued:
            notifications = await outbox.worded(self._store, queued, self._clock())
            response = replace(response, notifications=tuple(notifications))
        if context is None or response.role or context.message.group:
            return response
        return replace(response, role=context.member.role)

    # --- the rest of a Receiver, which says what each is for -------------------------------------

    async def awaited_files(self, channel: str) -> list[AwaitedFile]:
        return [one for one in await self._store.awaited_files() if one.channel == channel]

    async def claim_file(self, file: AwaitedFile) -> bool:
        return await self._store.claim_file(file, at=iso(self._clock()))

    async def fetched(self, file: AwaitedFile, content: bytes | LostFile) -> list[Notification]:
        if file.case is not None or file.chat is None or isinstance(content, str):
            return await evidence.fetched(self._store, file, content, self._clock())
        chat = await self._store.chat_state(file.chat)
        if chat is None or chat.inspection.id != file.inspection:  # they went on elsewhere
            return await evidence.lost(self._store, file, "file-not-fetched", self._clock())
        # A sample is read when it has come, as if it had come with its message.
        sample = ReceivedFile("document", content, file.filename)
        response = await self.receive(Message(file.chat, update=file.name, file=sample))
        await self._store.fetched(FileFetched(file), at=iso(self._clock()))
        replies = [Notification(file.chat, reply) for reply in response.replies]
        return [*replies, *response.notifications]

    async def outbox(self, channel: str, waiting: float = 0.0) -> list[Notification]:
        now = self._clock()
        latest = iso(now - timedelta(seconds=waiting))
        messages = [
            one for one in await self._store.outbox()
            if one.channel == channel and (not waiting or one.at <= latest)
        ]  # fmt: skip
        return await outbox.worded(self._store, messages, now)

    async def reworded(self, unsent: Sequence[Notification]) -> list[Notification]:
        queued = [one.queued for one in unsent if one.queued is not None]
        others = [one for one in unsent if one.queued is None]
        return [*others, *await outbox.worded(self._store, queued, self._clock(), claimed=True)]

    async def sent(self, notification: Notification) -> None:
        if notification.queued is not None:
            await outbox.sent(self._store, notification.queued, self._clock())

    async def due(self, channel: str) -> list[Notification]:
        return await outbox.due(self._store, channel, self._clock())


# --- clean --------------------------------------------------------------------------------------


def _clean(message: Message) -> Message:
    """Without what nobody sees: a command is one, and a name is the same, with or without it."""
    file = message.file
    if file is not None:
        file = replace(file, caption=visible(file.caption), filename=visible(file.filename))
    return replace(message, text=_cleaned(message.text), data=_cleaned(message.data), file=file)


def _cleaned(text: str | None) -> str | None:
    return None if text is None else visible(text)


# --- put parts together ---------------------------------------------------------------------------


def _without_part(context: Context, message: Message) -> Context:
    if context.session.part is None and context.message is message:
        return context  # the state that the store knows, so that an answer costs no decoding
    session = replace(context.session, part=None)
    return replace(context, message=message, chat=replace(context.chat, session=session))


def _both(first: Response, then: Response) -> Response:
    return replace(
        then,
        replies=(*first.replies, *then.replies),
        notifications=(*first.notifications, *then.notifications),
        remove=(*first.remove, *then.remove),
        role=then.role or first.role,
        roles=(*first.roles, *then.roles),
        files=(*first.files, *then.files),
    )


# --- seen before? -------------------------------------------------------------------------------


def _seen_before(message: Message, context: Context | None, wanted: Wanted) -> Wanted:
    if context is None or message.group or message.update not in context.chat.applied:
        return wanted
    return Repeated(wanted)


async def _repeated(context: Context, first: Wanted) -> Decision:
    """Nothing is applied twice; the reply may have been lost, so it is made again as far as it can
    be.
    """
    if isinstance(first, Typed) and (again := commands.again(first)):
        return await again(context, first.words)
    return await cases.show_again(context)


# --- authorise ----------------------------------------------------------------------------------


async def _others_case(context: Context) -> str | None:
    """What to say of the open case, where it is not this person's by now."""
    case = context.case
    if case is None or await context.sees(case):
        return None
    return await cases.not_yours(context, case.key)


def _left_behind(context: Context, refused: Response, others_case: str | None) -> Decision:
    """Take a person out of a case, or a text that was asked for, which is no longer theirs."""
    after = context.session
    if others_case is not None:
        after = replace(after, case=None, cursor=Cursor())
    if after.asked is not None and not context.member.is_lead:
        after = replace(after, asked=None)
    return Decision(refused, None if after is context.session else "LeftBehind", session=after)


# --- dispatch -----------------------------------------------------------------------------------


async def _something_else(context: Context, wanted: Typed | PlainTap) -> Decision:
    """A command or a tap: with it the text that was asked for, if any, is wanted no more.

    No later answer is taken for a remark then; and it is said, unless a text was asked for anew.
    """
    asked = context.session.asked
    if asked is None:
        return await _chosen(context, wanted)
    left = replace(context.session, asked=None)
    decision = await _chosen(replace(context, chat=replace(context.chat, session=left)), wanted)
    if decision.event is None:
        decision = replace(decision, event="AskDropped", remember=False)
    decision = _left(context, decision)
    if decision.session is not None and decision.session.asked is not None:
        return decision
    left_text = context.say("ask-left", what=context.say(f"asked-for-{asked.what}"))
    return replace(decision, first=left_text)


def _left(context: Context, decision: Decision) -> Decision:
    """No text is asked for any more, unless the decision asks for it anew."""
    after = decision.session or replace(context.session, asked=None)
    return replace(decision, session=after)


async def _chosen(context: Context, wanted: Typed | PlainTap) -> Decision:
    match wanted:
        case Typed():
            return await _commanded(context, wanted)
        case ForeignTap():
            return tell(context.say("foreign-tap"), toast=context.say("foreign-tap"))
        case CaseTap():
            return await cases.open_tapped(context, wanted)
        case NextCaseTap():
            return await cases.open_next(context)
        case RemoveTap(message):
            return Decision(Response(remove=(message,)))
        case events.ControlTapped(control="submit"):
            return await cases.submit_with(context, wanted)
        case events.ControlTapped(control="undo"):
            return await cases.undo_with(context, wanted)
        case _:
            return converse(context, wanted)


async def _commanded(context: Context, typed: Typed) -> Decision:
    command = commands.COMMANDS.get(typed.name)
    if command is None:
        return tell(context.say("unknown-command", command=typed.name[:32]))
    decision = await command.handler(context, typed.words)
    if decision.event is None and command.changes(typed.words):
        # What was not done when it was wanted is not done when it is delivered again later: by then
        # it may be possible, and the lead was told otherwise.
        return replace(decision, event="CommandRefused")
    return decision


# --- commit -------------------------------------------------------------------------------------


def _chat_step(message: Message, context: Context | None, decision: Decision) -> ChatStep:
    """What becomes of the chat: its session, its inspection, and the update that was applied."""
    moves = decision.goes_to is not None
    before = None if context is None or moves else context.chat
    after = decision.session or (context and context.session)
    inspection = decision.goes_to or (context and context.id)
    assert after and inspection  # noqa: S101, PT018  # a stranger's decision says where they go
    version = before.version if before else 0
    return ChatStep(
        message.chat,
        before,
        inspection,
        after,
        version if decision.version is None else decision.version,
        update=message.update if decision.remember else None,
        # An edit holds one part, and would take the others' place.
        message=message.id if len(message.parts) < 2 else None,
    )
