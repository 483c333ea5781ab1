"""Having the pipeline apply what came, durably, and delivering the responses in the background.

Polling and the webhook differ only in how updates reach :meth:`Dispatcher.apply` and in what they
do when it returns: ask Telegram for the next ones, or answer "200".
"""

import asyncio
import functools
import logging
from collections.abc import Awaitable, Iterable, Sequence
from dataclasses import replace
from weakref import WeakValueDictionary

from bot.channels.channel import Message, Notification, Receiver, Response, plain
from bot.channels.telegram.api import TelegramBot
from bot.channels.telegram.chat_queues import ChatQueues
from bot.channels.telegram.files import Fetcher
from bot.channels.telegram.menus import Menus
from bot.channels.telegram.quiet_logs import describe
from bot.channels.telegram.sender import Sender
from bot.channels.telegram.stopping import cancel
from bot.channels.telegram.timeouts import Timeouts
from bot.channels.telegram.updates import CHANNEL, Arrival, chat_id, read_update
from bot.messages import say

log = logging.getLogger(__name__)


class Dispatcher:
    """Between Telegram and the pipeline."""

    def __init__(self, receiver: Receiver, bot: TelegramBot, timeouts: Timeouts) -> None:
        self._receiver = receiver
        self._bot = bot
        self._timeouts = timeouts
        self._sender = Sender(bot, timeouts)
        self._queues = ChatQueues()
        self.menus = Menus(bot, timeouts)
        self._files = Fetcher(bot, receiver, timeouts, self._notify)
        self._turns: WeakValueDictionary[int, asyncio.Lock] = WeakValueDictionary()
        self._albums: dict[int, tuple[str, str]] = {}
        self._unsent: list[Notification] = []
        self._waiting: set[asyncio.Task[None]] = set()

    async def apply(self, updates: Iterable[object]) -> None:
        """Apply a batch: chats side by side, each chat in order. All of it is durable on return.

        The replies go out meanwhile and afterwards. Where the pipeline fails altogether, the person
        is told that it was not saved, and the update counts as dealt with: Telegram would otherwise
        deliver it again before anything else, and one broken case would stop everybody. This never
        raises, except when it is cancelled.
        """
        chats: dict[int, list[Arrival]] = {}
        for update in updates:
            if arrival := read_update(update, self._bot.username):
                chats.setdefault(arrival.chat, []).append(arrival)
        if len(chats) == 1:
            await self._apply_in_order(*chats.values())
        elif chats:
            await asyncio.gather(*map(self._apply_in_order, chats.values()))

    async def flush(self, seconds: float) -> None:
        """Wait for the replies to go out, but no longer than so many seconds."""
        if self._waiting:
            await cancel(*self._waiting)  # the parts of texts that wait are kept
        await asyncio.gather(
            self._files.stop(seconds), self._flush_replies(seconds), self.menus.flush(seconds)
        )

    async def _flush_replies(self, seconds: float) -> None:
        """A reply may leave something to tidy up."""
        end = asyncio.get_running_loop().time() + seconds
        await self._queues.flush(seconds)
        await self._sender.flush(max(0.0, end - asyncio.get_running_loop().time()))

    # --- notifications --------------------------------------------------------------------------

    async def notify_outbox(self, waiting: float = 0.0) -> None:
        """Send what has waited in the outbox for so many seconds, and what could not be sent."""
        unsent, self._unsent = self._unsent, []
        await self._notify_all(self._receiver.reworded(unsent))
        await self._notify_all(self._receiver.outbox(CHANNEL, waiting))

    async def notify_regularly(self) -> None:
        """Send the digests that are due, and what was not sent; a missed digest is sent late."""
        while True:
            await self._notify_all(self._receiver.due(CHANNEL))
            await self._fetch_awaited()
            await asyncio.sleep(self._timeouts.outbox)
            await self.notify_outbox(self._timeouts.outbox)

    async def _notify_all(self, notifications: Awaitable[list[Notification]]) -> None:
        try:
            self._notify(await notifications)
        except Exception as error:  # the answers must not suffer for it
            log.error("notices not sent error=%s", describe(error))

    async def _fetch_awaited(self) -> None:
        try:
            await self._files.fetch_awaited()
        except Exception as error:  # the answers must not suffer for it
            log.error("files not looked for error=%s", describe(error))

    def _notify(self, notifications: Iterable[Notification]) -> None:
        """Have them sent, each after what its chat already waits for."""
        for notification in notifications:
            if (chat := chat_id(notification.chat)) is not None:
                self._queues.add(chat, functools.partial(self._send, chat, notification))

    async def _send(self, chat: int, notification: Notification) -> None:
        delivery = await self._sender.send(chat, (notification.reply,))
        if delivery == "sent":
            await self._receiver.sent(notification)
        elif delivery == "unsent":  # what may have been sent is not sent again before a restart
            self._unsent.append(notification)

    # --- updates --------------------------------------------------------------------------------

    async def _apply_in_order(self, arrivals: Sequence[Arrival]) -> None:
        # Telegram may call a webhook twice for one chat at a time: the first call goes first.
        turn = self._turns.setdefault(arrivals[0].chat, asyncio.Lock())
        async with turn:
            for arrival in arrivals:
                if not self._is_more_of_an_album(arrival):
                    response = await self._response(arrival)
                    self._respond(arrival, self._once_an_album(arrival, response))
                    await asyncio.sleep(0)  # its card goes out before the next chat's turn

    async def _response(self, arrival: Arrival) -> Response:
        card = self._sender.screens.seen_by(arrival.chat, arrival.message)
        message = replace(arrival.message, card=card)
        try:
            response = await self._receiver.receive(message)
        except Exception as error:  # whatever it is, other chats must not suffer for it
            what = "update not applied update=%s chat=%d error=%s"
            log.error(what, message.update, arrival.chat, describe(error))
            toast = say("telegram-not-saved-toast")
            return Response((plain(say("telegram-not-saved"), toast=toast),))
        log.debug("update applied update=%s chat=%d", message.update, arrival.chat)
        return response

    def _respond(self, arrival: Arrival, response: Response) -> None:
        """Queue everything that follows from an update."""
        chat, replies = arrival.chat, response.replies
        self._sender.screens.expect(chat, replies)
        if replies or response.remove:
            send = functools.partial(
                self._sender.send, chat, replies, arrival.tapped, response.remove, arrival.topic
            )
            self._queues.add(chat, send)
        if arrival.query is not None:
            toast = next((reply.toast for reply in replies if reply.toast), None)
            acknowledge = functools.partial(self._sender.acknowledge, chat, arrival.query, toast)
            self._queues.add_unordered(chat, acknowledge)
        if response.waits:
            waiting = asyncio.create_task(self._rest_of(arrival))
            self._waiting.add(waiting)
            waiting.add_done_callback(self._waiting.discard)
        self._notify(response.notifications)
        self._files.fetch(response.files)
        if not arrival.message.group and (response.role or response.stranger):
            self.menus.set(chat, response.role)
        for key, role in response.roles:
            if (other := chat_id(key)) is not None:
                self.menus.set(other, role)

    async def _rest_of(self, arrival: Arrival) -> None:
        """Say that nothing came, unless it did."""
        await asyncio.sleep(self._timeouts.rest)
        message = Message(arrival.message.chat, sent=arrival.message.sent, is_rest=True)
        await self._apply_in_order([Arrival(arrival.chat, message, arrival.topic)])

    def _is_more_of_an_album(self, arrival: Arrival) -> bool:
        """Return whether it is one more part of an album that was answered already.

        Files of an album are kept each; the rest of it is answered once.
        """
        album = arrival.message.album
        if album is None or arrival.message.file is not None or arrival.message.text is not None:
            return False
        known = self._albums.get(arrival.chat, ("", ""))[0] == album
        self._albums[arrival.chat] = album, ""
        return known

    def _once_an_album(self, arrival: Arrival, response: Response) -> Response:
        """The response without what was said already of another file of the same album."""
        album, text = arrival.message.album, "".join(reply.text for reply in response.replies)
        if album is None or arrival.message.file is None:
            return response
        known, self._albums[arrival.chat] = self._albums.get(arrival.chat), (album, text)
        return replace(response, replies=()) if known == (album, text) else response
