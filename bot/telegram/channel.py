"""The Telegram channel: what came is applied first, durably, and answered in the background.

Polling and the webhook differ only in how updates reach :meth:`Channel.apply` and in what they do
when it returns: ask Telegram for the next ones, or answer "200".
"""

from __future__ import annotations

import asyncio
import functools
import logging
from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import replace
from typing import Final, Protocol

from bot.reply import Incoming, Notice, Outcome, Reply
from bot.telegram.api import TelegramBot
from bot.telegram.delivery import DeliveryDesk
from bot.telegram.files import FileFetcher
from bot.telegram.incoming import Arrival, chat_id, read_update
from bot.telegram.lanes import Lanes
from bot.telegram.menus import Menus
from bot.telegram.patience import Patience
from bot.telegram.quiet_logs import describe
from bot.wording import telegram_en as wording
from criteria.inspection import Role

log = logging.getLogger(__name__)

_NOT_SAVED: Final = (Reply(wording.NOT_SAVED, toast=wording.NOT_SAVED_TOAST),)


class Receiver(Protocol):
    """The conversation, as far as a channel knows it."""

    async def receive(self, incoming: Incoming) -> Outcome:
        """Apply what came, once however often it comes. It is durable when this returns."""

    async def knows(self, chat: str) -> bool:
        """Whether somebody of ours sits there; nobody else's files are fetched."""

    async def owed(self, waiting: float) -> list[Notice]:
        """The messages that have not gone out, for at least so many seconds."""

    async def anew(self, unsent: Sequence[Notice]) -> list[Notice]:
        """What this process could not send, as it is worded by now."""

    async def delivered(self, notice: Notice) -> None:
        """A notice went out."""

    async def due(self) -> list[Notice]:
        """The messages whose time of day has come."""


class Channel:
    """Between Telegram and the conversation."""

    def __init__(self, receiver: Receiver, bot: TelegramBot, patience: Patience) -> None:
        self._receiver = receiver
        self._reapply = patience.reapply
        self._desk = DeliveryDesk(bot, patience)
        self._lanes = Lanes()
        self._files = FileFetcher(bot, patience)
        self._menus = Menus(bot, patience)
        self._albums: dict[int, str] = {}
        self._unsent: list[Notice] = []

    async def apply(self, updates: Iterable[object]) -> None:
        """Apply a batch: chats side by side, each chat in order. All of it is durable on return.

        The replies go out meanwhile and afterwards. The conversation itself waits for a disk that
        is busy; where it fails altogether it is tried again a few times, then the person is told
        that it was not saved, and it counts as dealt with. Telegram would otherwise deliver it
        again before anything else, and one broken case would stop everybody. This never raises, but
        for being cancelled.
        """
        chats: dict[int, list[Arrival]] = {}
        for update in updates:
            if arrival := read_update(update):
                chats.setdefault(arrival.chat, []).append(arrival)
        if len(chats) == 1:
            await self._apply_in_order(*chats.values())
        elif chats:
            await asyncio.gather(*map(self._apply_in_order, chats.values()))

    def notify(self, notice: Notice) -> None:
        """Have a notice delivered, after what its chat already waits for; then it is paid."""
        if (number := chat_id(notice.chat)) is not None:
            self._lanes.add(number, functools.partial(self._deliver_notice, number, notice))

    async def notify_owed(self, waiting: float = 0.0) -> None:
        """What a stop, or a network that was lost, kept from going out for so many seconds."""

        async def owed() -> list[Notice]:
            unsent, self._unsent = self._unsent, []
            return [*await self._receiver.anew(unsent), *await self._receiver.owed(waiting)]

        await self._notify_all(owed)

    async def notify_due(self) -> None:
        """Every minute: the messages whose time has come."""
        await self._notify_all(self._receiver.due)

    async def _notify_all(self, which: Callable[[], Awaitable[list[Notice]]]) -> None:
        try:
            for notice in await which():
                self.notify(notice)
        except Exception as error:  # the answers must not suffer for it
            log.error("notices not sent error=%s", describe(error))

    async def _deliver_notice(self, chat: int, notice: Notice) -> None:
        went_out = await self._desk.deliver(chat, (notice.reply,))
        if went_out:
            await self._receiver.delivered(notice)
        elif went_out is False:  # what may have gone out is not sent again before a stop
            self._unsent.append(notice)

    async def flush(self, seconds: float) -> None:
        """Wait for the replies to go out, but no longer than that."""
        await self._lanes.flush(seconds)

    async def _apply_in_order(self, arrivals: Sequence[Arrival]) -> None:
        for arrival in arrivals:
            if not self._is_more_of_an_album(arrival):
                await self._apply_one(arrival, arrival.incoming)
                await asyncio.sleep(0)  # its card goes out before the next chat's turn

    async def _apply_one(self, arrival: Arrival, incoming: Incoming) -> None:
        if arrival.file is not None and await self._receiver.knows(incoming.chat):
            fetched = await self._files.fetch(arrival.file)
            if isinstance(fetched, Reply):
                self._deliver(arrival, (fetched,))
                return
            incoming = replace(incoming, received=fetched)
        outcome = await self._receive(arrival, incoming)
        replies = _NOT_SAVED if outcome is None else outcome.replies
        remove = () if outcome is None else outcome.remove
        if replies or remove or arrival.query is not None:
            self._deliver(arrival, replies, remove)
        if outcome is None:
            return
        for notice in outcome.notices:
            self.notify(notice)
        if not incoming.group and (outcome.role or outcome.stranger):
            self._change_menu(arrival.chat, outcome.role)
        for key, role in outcome.seats:
            if (chat := chat_id(key)) is not None:
                self._change_menu(chat, role)

    def _change_menu(self, chat: int, role: Role | None) -> None:
        if self._menus.differs(chat, role):
            self._lanes.add(chat, functools.partial(self._menus.change, chat, role))

    async def _receive(self, arrival: Arrival, incoming: Incoming) -> Outcome | None:
        """None where it could not be applied, however often it was tried."""
        for wait in (*self._reapply, None):
            try:
                outcome = await self._receiver.receive(incoming)
            except Exception as error:  # whatever it is, other chats must not suffer for it
                log.error(
                    "update not applied update=%d chat=%d last_try=%s error=%s",
                    arrival.update, arrival.chat, wait is None, describe(error),
                )  # fmt: skip
                if wait is not None:
                    await asyncio.sleep(wait)
            else:
                log.debug("update applied update=%d chat=%d", arrival.update, arrival.chat)
                return outcome
        return None

    def _is_more_of_an_album(self, arrival: Arrival) -> bool:
        """Whether it is one more picture of an album that was answered already."""
        if arrival.album is None:
            return False
        known = self._albums.get(arrival.chat) == arrival.album
        self._albums[arrival.chat] = arrival.album
        return known

    def _deliver(
        self, arrival: Arrival, replies: Sequence[Reply], remove: Sequence[int] = ()
    ) -> None:
        async def deliver() -> None:
            await self._desk.deliver(
                arrival.chat,
                replies,
                tapped=arrival.tapped,
                query=arrival.query,
                remove=remove,
            )

        self._lanes.add(arrival.chat, deliver)
