"""A bot on the loopback server, with a small receiver in the place of the conversation."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from bot.reply import Button, Incoming, Notice, Outcome, Reply
from bot.telegram.channel import Receiver
from bot.telegram.patience import Patience
from bot.telegram.serve import serve
from tests.telegram_server import TelegramServer

START_STOP = 60.0
"""Seconds after which a bot that does not get to serve, or does not stop, fails the test."""
IMPATIENT = Patience(
    resend=(0.02, 0.05),
    reapply=(0.01, 0.02),
    reconnect=0.02,
    reconnect_most=0.1,
    long_poll=5,
    flush=2.0,
)


def card(text: str, *labels: str, toast: str | None = None) -> Reply:
    """A card whose buttons' taps are their labels in small letters."""
    rows = tuple((Button(label, label.lower()),) for label in labels or ("Yes", "No"))
    return Reply(text, rows, card=True, toast=toast)


def said(incoming: Incoming) -> str:
    return incoming.text if incoming.text is not None else f"<{incoming.tap}>"


def card_of(incoming: Incoming) -> Outcome:
    """The usual answer: a card that repeats what came."""
    return Outcome((card(f"You: {said(incoming)}"),))


@dataclass
class Recorder:
    """Answers by ``answer``, keeps what it applied, and can be made to wait or to fail."""

    answer: Callable[[Incoming], Outcome] = card_of
    before: Callable[[Incoming], Any] | None = None
    applied: list[Incoming] = field(default_factory=list)
    notices: list[Notice] = field(default_factory=list)
    paid: list[Notice] = field(default_factory=list)

    async def receive(self, incoming: Incoming) -> Outcome:
        if self.before is not None:
            await self.before(incoming)
        self.applied.append(incoming)
        return self.answer(incoming)

    async def knows(self, _chat: str) -> bool:
        return True

    async def owed(self, _waiting: float) -> list[Notice]:
        return self.notices

    async def anew(self, unsent: Sequence[Notice]) -> list[Notice]:
        return list(unsent)

    async def delivered(self, notice: Notice) -> None:
        self.paid.append(notice)

    async def due(self) -> list[Notice]:
        return []

    @property
    def said(self) -> list[str]:
        return [said(incoming) for incoming in self.applied]


@contextlib.asynccontextmanager
async def serving(
    telegram: TelegramServer, receiver: Receiver, **settings: Any
) -> AsyncIterator[asyncio.Task[None]]:
    """A bot that serves until the block is left, and then stops gracefully."""
    stop = asyncio.Event()
    settings = {
        "token": telegram.token,
        "api_url": telegram.url,
        "patience": IMPATIENT,
        "stop": stop,
        **settings,
    }
    task = asyncio.create_task(serve(receiver, **settings))
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
