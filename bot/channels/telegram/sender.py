"""Showing replies in a chat, so that a case has one card, and the card is where people look.

After a tap the tapped message itself becomes the new card. After a typed text the card comes last
in the chat and the card before it is removed; only a case's result stays. Which message is a chat's
card is known from memory only: after a restart, or where another worker has shown a later one, an
old card may be left standing, and a tap on it puts that right.
"""

import asyncio
import contextlib
import functools
import json
import logging
import struct
from collections.abc import Awaitable, Callable, Sequence
from time import time
from types import EllipsisType
from typing import Any, Final, Literal

from telegram import InputFile
from telegram.error import BadRequest, Forbidden, RetryAfter, TelegramError

from bot.channels.channel import ButtonRows, Document, Reply
from bot.channels.telegram.api import TelegramBot
from bot.channels.telegram.chat_queues import ChatQueues
from bot.channels.telegram.quiet_logs import describe
from bot.channels.telegram.retry import may_be_done, retry
from bot.channels.telegram.screens import Screens
from bot.channels.telegram.text_parts import MAX_CAPTION, MAX_TOAST, shorten, text_parts, units
from bot.channels.telegram.timeouts import Timeouts
from bot.channels.telegram.transport import Garbled
from bot.messages import say

log = logging.getLogger(__name__)

Keyboard = dict[str, Any]
"""Buttons below a message, as the Bot API has them: ``{"inline_keyboard": [[{"text": "Yes", …``"""

Delivery = Literal["sent", "unsent", "unknown"]
"""What became of replies. ``sent`` includes what Telegram refuses for good and a chat that blocked
the bot; ``unknown``: one may have been sent without our reading of it."""

# Telegram would fetch any address that a question or a note mentions.
NO_PREVIEW: Final = {"is_disabled": True}

MAX_PHOTO_SIDE: Final = 2_560
"""Pixels. Telegram makes a photo's longer side as short as this; as a file it stays as it is."""

MAX_BUTTONS: Final = 100
MAX_MARKUP: Final = 9_900
"""Bytes of all buttons, a little under the 10 kB that Telegram takes."""

_SAME = "message is not modified"
_NOT_EDITABLE = (
    "message to edit not found",
    "message can't be edited",
    "message_id_invalid",
    "there is no text in the message to edit",
)
_NO_TOPIC = ("thread not found", "topic_closed", "topic_deleted", "topic_id_invalid")


class Sender:
    """Sends for one bot. What is sent to one chat must be sent in order: see ``chat_queues``."""

    def __init__(self, bot: TelegramBot, timeouts: Timeouts) -> None:
        self._bot = bot
        self._policy = timeouts.calls
        self._tidying = ChatQueues()
        self._going: set[tuple[int, int]] = set()
        self._cards: dict[int, int] = {}
        self.screens = Screens()
        self._topics: dict[int, int | None] = {}

    async def send(
        self,
        chat: int,
        replies: Sequence[Reply],
        tapped: int | None = None,
        remove: Sequence[str] = (),
        topic: int | EllipsisType | None = ...,
    ) -> Delivery:
        """Show the replies in order, ``tapped`` becoming the card; then remove messages.

        ``topic`` is the forum's, None outside of one; left out, it is the last one of this chat.
        """
        if topic is not ...:
            self._topics[chat] = topic
        delivery = await self._show_all(chat, replies, tapped)
        for message in filter(str.isdecimal, remove):  # a button's data may be forged
            self._tidy(chat, self._remove, int(message))
        return delivery

    async def flush(self, seconds: float) -> None:
        """Wait until what is not shown any more is gone, but no longer than so many seconds."""
        await self._tidying.flush(seconds)

    def _tidy(self, chat: int, act: Callable[[int, int], Awaitable[None]], message: int) -> None:
        """Have a message taken away or stripped: a wait that is asked of that holds no reply."""
        self._going.add((chat, message))

        async def tidy() -> None:
            try:
                await act(chat, message)
            finally:
                self._going.discard((chat, message))

        self._tidying.add_unordered(chat, tidy)

    async def acknowledge(self, chat: int, query: str, toast: str | None) -> None:
        """Stop the button's spinner. Telegram refuses one that waited too long; nothing is lost."""
        text = shorten(toast, MAX_TOAST) if toast else None
        try:
            await self._call("answerCallbackQuery", callback_query_id=query, text=text)
        except TelegramError as error:
            log.debug("tap not acknowledged chat=%d error=%s", chat, describe(error))

    async def _call(
        self,
        method: str,
        *,
        repeatable: bool = True,
        read: Callable[[Any], int] | None = None,
        **parameters: Any,
    ) -> Any:
        """Make a call, again where it fails. An edit made twice is one edit, a message is two."""

        async def call() -> Any:
            result = await self._bot.call(method, **parameters)
            return read(result) if read else result

        return await retry(call, self._policy, repeatable=repeatable)

    async def _post(self, method: str, chat: int, **parameters: Any) -> Any:
        """Send a message into the chat's topic; where that was closed or deleted, into the chat."""
        topic = self._topics.get(chat)
        post = functools.partial(self._call, method, repeatable=False, chat_id=chat, **parameters)
        try:
            return await post(message_thread_id=topic)
        except BadRequest as error:
            reason = error.message.lower()
            if topic is None or not any(known in reason for known in _NO_TOPIC):
                raise
        self._topics[chat] = None
        return await post()

    async def _show_all(self, chat: int, replies: Sequence[Reply], tapped: int | None) -> Delivery:
        editable = tapped is not None
        delivery: Delivery = "sent"
        for reply in replies:
            try:
                editable = await self._show(chat, reply, tapped, editable=editable)
            except Forbidden:
                log.info("chat has blocked the bot chat=%d", chat)
                self._cards.pop(chat, None)
                return "sent"
            except TelegramError as error:
                why = f" why={error.message}" if isinstance(error, BadRequest) else ""
                log.warning("reply not delivered chat=%d error=%s%s", chat, describe(error), why)
                await self._say_so(chat, error)
                if may_be_done(error):
                    delivery = "unknown"
                elif delivery == "sent" and not isinstance(error, BadRequest):
                    delivery = "unsent"
            if reply.card:
                tapped = None
        return delivery

    async def _say_so(self, chat: int, error: TelegramError) -> None:
        """Tell the person that something was not shown, where Telegram can be reached at all."""
        if isinstance(error, BadRequest):
            text = say("telegram-not-shown")
        elif isinstance(error, RetryAfter):
            text = say("telegram-put-off")
        else:
            return
        with contextlib.suppress(TelegramError):  # one try: it may be the same that is refused
            topic = self._topics.get(chat)
            await self._bot.call("sendMessage", chat_id=chat, message_thread_id=topic, text=text)

    async def _show(self, chat: int, reply: Reply, tapped: int | None, *, editable: bool) -> bool:
        """Show one reply. Return whether the tapped message may still become the card.

        It may not once something stands below it, which is to be read before the card.
        """
        keyboard = _keyboard(reply.buttons)
        if reply.document is not None:
            await self._send_document(chat, reply.text, reply.document, keyboard)
            return False
        *before, last = text_parts(reply.text) or [""]
        if not last:
            return editable
        for part in before:
            await self._send_text(chat, part, None)
            editable = False
        if reply.card:
            if reply.joins and tapped is None:
                tapped = self._cards.get(chat)
                editable = tapped is not None
            if reply.keeps and tapped is not None and tapped != self._cards.get(chat):
                await self._put_card(chat, reply.name, last, keyboard, None)
                self._tidy(chat, self._strip, tapped)
            else:
                await self._put_card(chat, reply.name, last, keyboard, tapped, editable=editable)
            if reply.final:
                del self._cards[chat]
        else:
            await self._send_text(chat, last, keyboard)
        return False

    async def _put_card(  # noqa: PLR0913  # what is shown, and where
        self,
        chat: int,
        name: str,
        text: str,
        keyboard: Keyboard | None,
        tapped: int | None,
        *,
        editable: bool = False,
    ) -> None:
        before, card, edited = self._cards.get(chat), tapped, None
        # What is about to go must not become the card: it would go after that.
        if editable and tapped is not None and (chat, tapped) not in self._going:
            edited = await self._edit_text(chat, tapped, text, keyboard)
        if card is None or edited is None:
            card = await self._send_text(chat, text, keyboard)
        self._cards[chat] = card
        self.screens.shown(chat, name, card, edited)
        for old in {before, tapped} - {card, None}:
            if old is not None:
                self._tidy(chat, self._remove, old)

    async def _edit_text(
        self, chat: int, message: int, text: str, keyboard: Keyboard | None
    ) -> int | None:
        """Return when the message came to show the text; None where it can no longer be edited."""
        try:
            edited: int = await self._call(
                "editMessageText",
                read=_edit_date,
                chat_id=chat,
                message_id=message,
                text=text,
                reply_markup=keyboard,
                link_preview_options=NO_PREVIEW,
            )
        except BadRequest as error:
            reason = error.message.lower()
            if _SAME in reason:
                return int(time())
            if any(known in reason for known in _NOT_EDITABLE):
                return None
            raise
        return edited

    async def _send_text(self, chat: int, text: str, keyboard: Keyboard | None) -> int:
        message: int = await self._post(
            "sendMessage",
            chat,
            read=_message_id,
            text=text,
            reply_markup=keyboard,
            link_preview_options=NO_PREVIEW,
        )
        return message

    async def _send_document(
        self, chat: int, text: str, document: Document, keyboard: Keyboard | None
    ) -> None:
        caption = text if units(text) <= MAX_CAPTION else None
        for part in text_parts(text) if caption is None else ():
            await self._send_text(chat, part, None)
        content = await asyncio.to_thread(document.make)
        photo = document.picture and _longest_side(content) <= MAX_PHOTO_SIDE
        method, field = ("sendPhoto", "photo") if photo else ("sendDocument", "document")
        file: dict[str, Any] = {field: InputFile(content, filename=document.filename)}
        await self._post(
            method,
            chat,
            caption=caption or None,
            reply_markup=keyboard,
            read_timeout=60.0,
            **file,
        )

    async def _remove(self, chat: int, message: int) -> None:
        """Remove a message; where Telegram keeps it (after 48 hours), remove its buttons.

        A failure is only logged: what was to be shown was shown.
        """
        try:
            await self._call("deleteMessage", chat_id=chat, message_id=message)
        except BadRequest as error:
            if "not found" not in error.message.lower():
                await self._strip(chat, message)
        except TelegramError as error:
            log.warning("message not removed chat=%d error=%s", chat, describe(error))

    async def _strip(self, chat: int, message: int) -> None:
        try:
            await self._call("editMessageReplyMarkup", chat_id=chat, message_id=message)
        except TelegramError as error:
            log.debug("old card stays chat=%d error=%s", chat, describe(error))


def _keyboard(buttons: ButtonRows) -> Keyboard | None:
    """Rows as far as Telegram takes them: a card's fit, and what a list names can be typed too."""
    rows: list[list[dict[str, str]]] = []
    count = size = 0
    for row in buttons:
        made = [{"text": button.label, "callback_data": button.data} for button in row]
        count, size = count + len(made), size + len(json.dumps(made))
        if count > MAX_BUTTONS or size > MAX_MARKUP:
            log.warning("buttons left out rows=%d of=%d", len(buttons) - len(rows), len(buttons))
            break
        rows.append(made)
    return {"inline_keyboard": rows} if rows else None


def _longest_side(png: bytes) -> int:
    """Return the longer side of a PNG in pixels; every PNG has its sides at the same place."""
    width, height = struct.unpack_from(">II", png, 16)
    return int(max(width, height))


def _message_id(message: Any) -> int:
    """Return the id of the message that a call sent or edited. Raises :class:`Garbled`."""
    number = message.get("message_id") if isinstance(message, dict) else None
    if not isinstance(number, int):
        raise Garbled("The message has no id")
    return number


def _edit_date(message: Any) -> int:
    """Return when a message was edited, in Telegram's seconds. Raises :class:`Garbled`."""
    _message_id(message)
    edited = message.get("edit_date")
    return edited if isinstance(edited, int) else int(time())
