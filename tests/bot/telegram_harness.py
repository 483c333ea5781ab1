"""A bot on the loopback server, with a small receiver in the place of the pipeline."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from bot.channels.channel import (
    Button,
    LostFile,
    Message,
    Notification,
    Paragraph,
    Receiver,
    Reply,
    Response,
)
from bot.channels.telegram.channel import TelegramChannel
from bot.channels.telegram.retry import RetryPolicy
from bot.channels.telegram.timeouts import Timeouts
from storage.documents import AwaitedFile
from tests.telegram_server import TelegramServer

START_STOP = 60.0
"""Seconds after which a bot that does not get to serve, or does not stop, fails the test."""
SHORT = Timeouts(
    calls=RetryPolicy((0.02, 0.05)),
    connection=RetryPolicy((0.02, 0.04, 0.08, 0.1), forever=True),
    long_poll=5,
    file=2.0,
    flush=2.0,
    rest=0.1,
)


def card(text: str, *labels: str, toast: str | None = None) -> Reply:
    """A card whose buttons' data are their labels in small letters."""
    rows = tuple((Button(label, label.lower()),) for label in labels or ("Yes", "No"))
    return Reply((Paragraph(text),), rows, card=True, toast=toast)


def said(message: Message) -> str:
    return message.text if message.text is not None else f"<{message.data}>"


def card_of(message: Message) -> Response:
    """The usual answer: a card that repeats what came."""
    return Response((card(f"You: {said(message)}"),))


@dataclass
class Recorder:
    """Answers by ``answer``, keeps what it applied, and can be made to wait or to fail."""

    answer: Callable[[Message], Response] = card_of
    before: Callable[[Message], Any] | None = None
    applied: list[Message] = field(default_factory=list)
    waiting: list[Notification] = field(default_factory=list)
    delivered: list[Notification] = field(default_factory=list)
    awaited: list[AwaitedFile] = field(default_factory=list)
    fetched_files: list[tuple[AwaitedFile, bytes | LostFile]] = field(default_factory=list)

    async def receive(self, message: Message) -> Response:
        if self.before is not None:
            await self.before(message)
        self.applied.append(message)
        return self.answer(message)

    async def awaited_files(self, _channel: str) -> list[AwaitedFile]:
        return self.awaited

    async def claim_file(self, _file: AwaitedFile) -> bool:
        return True

    async def fetched(self, file: AwaitedFile, content: bytes | LostFile) -> list[Notification]:
        self.fetched_files.append((file, content))
        return []

    async def outbox(self, _channel: str, waiting: float = 0.0) -> list[Notification]:
        return [] if waiting else self.waiting

    async def reworded(self, unsent: Sequence[Notification]) -> list[Notification]:
        return list(unsent)

    async def sent(self, notification: Notification) -> None:
        self.delivered.append(notification)

    async def due(self, _channel: str) -> list[Notification]:
        return []

    @property
    def said(self) -> list[str]:
        return [said(message) for message in self.applied]


class Held:
    """Holds what is received until it is let go."""

    def __init__(self) -> None:
        self.reached = asyncio.Event()
        self.go = asyncio.Event()

    async def __call__(self, _: Message) -> None:
        self.reached.set()
        await self.go.wait()


@contextlib.asynccontextmanager
async def serving(
    telegram: TelegramServer, receiver: Receiver, **settings: Any
) -> AsyncIterator[asyncio.Task[None]]:
    """A bot that serves until the block is left, and then stops gracefully."""
    stop = asyncio.Event()
    settings = {
        "token": telegram.token,
        "api_url": telegram.url,
        "timeouts": SHORT,
        "stop": stop,
        **settings,
    }
    channel = TelegramChannel(**settings)
    task = asyncio.create_task(channel.run(receiver))
    try:
        if "webhook" in settings:
            await telegram.until(lambda: telegram.webhook_url != "" or task.done(), START_STOP)
        else:
            await telegram.until(
                lambda: telegram.calls["getUpdates"] > 0 or task.done(), START_STOP
            )
        yield task
    finally:
        stop.set()
        async with asyncio.timeout(START_STOP):
            await asyncio.gather(task, return_exceptions=True)
    if not task.cancelled():
        task.result()


async def kill(task: asyncio.Task[None]) -> None:
    """End the bot where it stands, without a word to Telegram."""
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
