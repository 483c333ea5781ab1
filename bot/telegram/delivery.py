"""Shows replies in a chat, so that a case has one card, and the card is where the inspector looks.

After a tap the tapped message itself becomes the new card. After a typed text the card comes last
in the chat and the one before it goes; only a case's result stays. Which message is a chat's card
is known from memory only: after a restart, or where another worker has shown a later one, a card
may leave an old one standing, and a tap on that one puts it right.
"""

from __future__ import annotations

import asyncio
import functools
import logging
import struct
from collections.abc import Awaitable, Callable, Sequence
from typing import Any, Final

from telegram import InputFile
from telegram.error import BadRequest, Forbidden, TelegramError

from bot.reply import Button, Document, Reply
from bot.telegram.api import TelegramBot
from bot.telegram.insist import insist, may_be_done
from bot.telegram.patience import Patience
from bot.telegram.quiet_logs import describe
from bot.telegram.text_parts import CAPTION_MOST, TOAST_MOST, shorten, text_parts, units
from bot.telegram.transport import Garbled

log = logging.getLogger(__name__)

Keyboard = dict[str, Any]
"""Buttons below a message, as the Bot API has them: ``{"inline_keyboard": [[{"text": "Yes", …``"""

# Telegram would fetch any address that a question or a note mentions.
NO_PREVIEW: Final = {"is_disabled": True}

PHOTO_MOST: Final = 2_560
"""Pixels. Telegram makes a photo's longer side as short as this; as a file it stays as it is."""

_SAME = "message is not modified"
_NOT_EDITABLE = (
    "message to edit not found",
    "message can't be edited",
    "message_id_invalid",
    "there is no text in the message to edit",
)


class DeliveryDesk:
    """One bot's deliveries. Those of one chat must follow each other: :mod:`bot.telegram.lanes`."""

    def __init__(self, bot: TelegramBot, patience: Patience) -> None:
        self._bot = bot
        self._edit = functools.partial(insist, waits=patience.resend, repeatable=True)
        self._send = functools.partial(insist, waits=patience.resend, repeatable=False)
        self._cards: dict[int, int] = {}

    async def deliver(
        self,
        chat: int,
        replies: Sequence[Reply],
        *,
        tapped: int | None = None,
        query: str | None = None,
        remove: Sequence[int] = (),
    ) -> bool | None:
        """Show the replies in order; beside it, acknowledge the tap that they answer.

        Then take the messages of ``remove`` away. Gives whether all replies went out, None where
        one may have, without our hearing of it; one that Telegram refuses for good, or a chat that
        has blocked the bot, is done with as well.
        """
        showing = self._show_all(chat, replies, tapped)
        if query is None:
            went_out = await showing
        else:
            toast = next((reply.toast for reply in replies if reply.toast), None)
            went_out, _ = await asyncio.gather(showing, self._acknowledge(chat, query, toast))
        for message in remove:
            await self._quietly(self._remove, chat, message)
        return went_out

    async def _show_all(
        self, chat: int, replies: Sequence[Reply], tapped: int | None
    ) -> bool | None:
        editable = tapped is not None
        went_out: bool | None = True
        for reply in replies:
            try:
                editable = await self._show(chat, reply, tapped, editable=editable)
            except Forbidden:
                log.info("chat has blocked the bot chat=%d", chat)
                self._cards.pop(chat, None)
                return True
            except TelegramError as error:
                log.warning("reply not delivered chat=%d error=%s", chat, describe(error))
                if may_be_done(error):
                    went_out = None
                elif went_out and not isinstance(error, BadRequest):
                    went_out = False
            if reply.card:
                tapped = None
        return went_out

    async def _show(self, chat: int, reply: Reply, tapped: int | None, *, editable: bool) -> bool:
        """One reply. Gives whether the tapped message may still become the card.

        It may not once something stands below it: what is to be read first would come after.
        """
        keyboard = _keyboard(reply.buttons)
        if reply.document is not None:
            await self._send_document(chat, reply.text, reply.document, keyboard)
            return False
        parts = text_parts(reply.text)
        if not parts:
            return editable
        for part in parts[:-1]:
            await self._send_text(chat, part, None)
            editable = False
        if reply.card:
            if reply.keeps and tapped is not None and tapped != self._cards.get(chat):
                await self._put_card(chat, parts[-1], keyboard, None, editable=False)
                await self._quietly(self._strip, chat, tapped)
            else:
                await self._put_card(chat, parts[-1], keyboard, tapped, editable=editable)
            if reply.final:
                del self._cards[chat]
        else:
            await self._send_text(chat, parts[-1], keyboard)
        return False

    async def _put_card(
        self,
        chat: int,
        text: str,
        keyboard: Keyboard | None,
        tapped: int | None,
        *,
        editable: bool,
    ) -> None:
        before = self._cards.get(chat)
        if editable and tapped is not None and await self._edit_text(chat, tapped, text, keyboard):
            card = tapped
        else:
            card = await self._send_text(chat, text, keyboard)
        self._cards[chat] = card
        for old in {before, tapped} - {card, None}:
            if old is not None:
                await self._quietly(self._remove, chat, old)

    async def _edit_text(
        self, chat: int, message: int, text: str, keyboard: Keyboard | None
    ) -> bool:
        """Gives whether the message shows the text now; False where it can no more be edited."""

        async def edit() -> int:
            edited = await self._bot.call(
                "editMessageText",
                chat_id=chat,
                message_id=message,
                text=text,
                reply_markup=keyboard,
                link_preview_options=NO_PREVIEW,
            )
            return _message_id(edited)

        try:
            await self._edit(edit)
        except BadRequest as error:
            reason = error.message.lower()
            if _SAME in reason:
                return True
            if any(known in reason for known in _NOT_EDITABLE):
                return False
            raise
        return True

    async def _send_text(self, chat: int, text: str, keyboard: Keyboard | None) -> int:
        message = await self._send(
            lambda: self._bot.call(
                "sendMessage",
                chat_id=chat,
                text=text,
                reply_markup=keyboard,
                link_preview_options=NO_PREVIEW,
            )
        )
        return _message_id(message)

    async def _send_document(
        self, chat: int, text: str, document: Document, keyboard: Keyboard | None
    ) -> None:
        caption = text if units(text) <= CAPTION_MOST else None
        for part in text_parts(text) if caption is None else ():
            await self._send_text(chat, part, None)
        content = await asyncio.to_thread(document.make)
        photo = document.picture and _longest_side(content) <= PHOTO_MOST
        method, field = ("sendPhoto", "photo") if photo else ("sendDocument", "document")
        await self._send(
            lambda: self._bot.call(
                method,
                chat_id=chat,
                caption=caption or None,
                reply_markup=keyboard,
                read_timeout=60.0,
                **{field: InputFile(content, filename=document.filename)},
            )
        )

    async def _quietly(
        self, clear: Callable[[int, int], Awaitable[None]], chat: int, message: int
    ) -> None:
        """What is to be shown was: that something old still stands undoes none of it."""
        try:
            await clear(chat, message)
        except TelegramError as error:
            log.warning("message not taken away chat=%d error=%s", chat, describe(error))

    async def _remove(self, chat: int, message: int) -> None:
        """Take an old card away; where Telegram keeps it (48 hours old), at least its buttons."""
        try:
            await self._edit(
                lambda: self._bot.call("deleteMessage", chat_id=chat, message_id=message)
            )
        except BadRequest as error:
            if "not found" not in error.message.lower():
                await self._strip(chat, message)

    async def _strip(self, chat: int, message: int) -> None:
        try:
            await self._edit(
                lambda: self._bot.call("editMessageReplyMarkup", chat_id=chat, message_id=message)
            )
        except BadRequest as error:
            log.debug("old card stays chat=%d error=%s", chat, describe(error))

    async def _acknowledge(self, chat: int, query: str, toast: str | None) -> None:
        """Stop the button's spinner. Telegram refuses one that waited too long; nothing is lost."""
        text = shorten(toast, TOAST_MOST) if toast else None
        try:
            await self._edit(
                lambda: self._bot.call("answerCallbackQuery", callback_query_id=query, text=text)
            )
        except TelegramError as error:
            log.debug("tap not acknowledged chat=%d error=%s", chat, describe(error))


def _keyboard(buttons: Sequence[Sequence[Button]]) -> Keyboard | None:
    if not buttons:
        return None
    return {
        "inline_keyboard": [
            [{"text": button.label, "callback_data": button.tap} for button in row]
            for row in buttons
        ]
    }


def _longest_side(png: bytes) -> int:
    """Of a PNG, in pixels: they stand at the same place in every one."""
    width, height = struct.unpack_from(">II", png, 16)
    return int(max(width, height))


def _message_id(message: Any) -> int:
    """Of the message that a call sent or edited. Raises :class:`Garbled`."""
    number = message.get("message_id") if isinstance(message, dict) else None
    if not isinstance(number, int):
        raise Garbled("The message has no id")
    return number
