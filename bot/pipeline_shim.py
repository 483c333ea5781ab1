"""Temporary: the conversation as it is today, behind the shapes that channels know.

It is deleted where :mod:`bot.pipeline` comes in, whose ``Pipeline`` takes its place.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from bot import reply as old
from bot.answers import notices
from bot.channels.channel import (
    Button,
    Document,
    Message,
    Notification,
    Paragraph,
    ReceivedFile,
    Receiver,
    Reply,
    Response,
    channel_of,
)
from bot.conversation import Clock, Conversation
from bot.here import StepSeen
from dialogs.turn import iso
from storage.changes import OutboxMessage
from storage.store import Owed, Store


class Pipeline(Receiver):
    def __init__(self, store: Store, clock: Clock, step_seen: StepSeen | None = None) -> None:
        self.store, self.clock = store, clock
        self.conversation = Conversation(store, clock, step_seen)

    @classmethod
    def around(cls, conversation: Conversation) -> Pipeline:
        made = cls(conversation._store, conversation._clock)
        made.conversation = conversation
        return made

    async def receive(self, message: Message) -> Response:
        incoming = old.Incoming(
            message.chat,
            text=message.text,
            tap=message.data,
            update=None if message.update is None else int(message.update),
            received=_received(message.file),
            message=None if message.id is None else int(message.id),
            group=message.group,
        )
        outcome = await self.conversation.receive(incoming)
        return Response(
            replies=tuple(map(_reply, outcome.replies)),
            notifications=tuple(map(_notification, outcome.notices)),
            remove=tuple(map(str, outcome.remove)),
            role=outcome.role,
            stranger=outcome.stranger,
            roles=outcome.seats,
        )

    async def is_member(self, chat: str) -> bool:
        return await self.conversation.knows(chat)

    async def outbox(self, channel: str, waiting: float = 0.0) -> list[Notification]:
        now = self.clock()
        latest = iso(now - timedelta(seconds=waiting))
        owed = [one for one in await self.store.owed() if channel_of(one.chat) == channel]
        owed = [one for one in owed if not waiting or one.at <= latest]
        return list(map(_notification, await notices.worded(self.store, owed, now)))

    async def reworded(self, unsent: Sequence[Notification]) -> list[Notification]:
        queued = [_owed(one.queued) for one in unsent if one.queued is not None]
        now = self.clock()
        worded = await notices.worded(self.store, queued, now, claimed=True)
        return [*(one for one in unsent if one.queued is None), *map(_notification, worded)]

    async def sent(self, notification: Notification) -> None:
        if notification.queued is not None:
            await notices.paid(self.store, _owed(notification.queued), self.clock())

    async def due(self, channel: str) -> list[Notification]:
        due = map(_notification, await notices.due(self.store, self.clock()))
        return [one for one in due if channel_of(one.chat) == channel]


def as_receiver(receiver: Receiver | Conversation) -> Receiver:
    return Pipeline.around(receiver) if isinstance(receiver, Conversation) else receiver


def _reply(reply: old.Reply) -> Reply:
    return Reply(
        (Paragraph(reply.text),) if reply.text else (),
        tuple(
            tuple(Button(b.label, b.tap, "answer" if b.answer else "control") for b in row)
            for row in reply.buttons
        ),
        card=reply.card,
        final=reply.final,
        keeps=reply.keeps,
        toast=reply.toast,
        wants_text=reply.wants_text,
        document=_document(reply.document),
    )


def _document(document: old.Document | None) -> Document | None:
    if document is None:
        return None
    return Document(document.filename, document.make, document.picture)


def _received(file: ReceivedFile | None) -> old.Received | None:
    if file is None:
        return None
    return old.Received(file.media, file.content, file.filename, file.caption)


def _notification(notice: old.Notice) -> Notification:
    owed = notice.owed
    queued = None
    if owed is not None:
        channel = channel_of(owed.chat)
        queued = OutboxMessage(
            owed.id, owed.inspection, channel, owed.chat, owed.kind, owed.case, owed.at
        )
    return Notification(notice.chat, _reply(notice.reply), queued)


def _owed(queued: OutboxMessage) -> Owed:
    return Owed(queued.id, queued.inspection, queued.chat, queued.kind, queued.case, queued.at)
