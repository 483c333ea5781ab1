"""Shows replies in a chat, so that a case has one card, and the card is where the inspector looks.

After a tap the tapped message itself becomes the new card. After a typed text the card comes last
in the chat and the one before it goes. Which message is a chat's card is known from memory only:
after a restart the first card leaves an old one standing, and a tap on that one puts it right.
"""

from __future__ import annotations

import asyncio
import functools
import logging
from collections.abc import Sequence
from typing import Final

from telegram import InlineKeyboardButton, InlineKeyboardMarkup, LinkPreviewOptions, Message
from telegram.error import BadRequest, Forbidden, TelegramError

from bot.reply import Button, Document, Reply
from bot.telegram.api import TelegramBot
from bot.telegram.insist import insist
from bot.telegram.patience import Patience
from bot.telegram.quiet_logs import describe
from bot.telegram.text_parts import CAPTION_MOST, TOAST_MOST, shorten, text_parts, units

log = logging.getLogger(__name__)

# Telegram would fetch any address that a question or a note mentions.
NO_PREVIEW: Final = LinkPreviewOptions(is_disabled=True)

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
    ) -> None:
        """Show the replies in order; beside it, acknowledge the tap that they answer."""
        if query is None:
            await self._show_all(chat, replies, tapped)
            return
        toast = next((reply.toast for reply in replies if reply.toast), None)
        await asyncio.gather(
            self._show_all(chat, replies, tapped), self._acknowledge(chat, query, toast)
        )

    async def _show_all(self, chat: int, replies: Sequence[Reply], tapped: int | None) -> None:
        editable = tapped is not None
        for reply in replies:
            try:
                editable = await self._show(chat, reply, tapped, editable=editable)
            except Forbidden:
                log.info("chat has blocked the bot chat=%d", chat)
                self._cards.pop(chat, None)
                return
            except TelegramError as error:
                log.warning("reply not delivered chat=%d error=%s", chat, describe(error))
            if reply.card:
                tapped = None

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
            await self._put_card(chat, parts[-1], keyboard, tapped, editable=editable)
        else:
            await self._send_text(chat, parts[-1], keyboard)
        return False

    async def _put_card(
        self,
        chat: int,
        text: str,
        keyboard: InlineKeyboardMarkup | None,
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
                await self._remove(chat, old)

    async def _edit_text(
        self, chat: int, message: int, text: str, keyboard: InlineKeyboardMarkup | None
    ) -> bool:
        """Gives whether the message shows the text now; False where it can no more be edited."""
        try:
            await self._edit(
                lambda: self._bot.edit_message_text(
                    text,
                    chat_id=chat,
                    message_id=message,
                    reply_markup=keyboard,
                    link_preview_options=NO_PREVIEW,
                )
            )
        except BadRequest as error:
            reason = error.message.lower()
            if _SAME in reason:
                return True
            if any(known in reason for known in _NOT_EDITABLE):
                return False
            raise
        return True

    async def _send_text(self, chat: int, text: str, keyboard: InlineKeyboardMarkup | None) -> int:
        message: Message = await self._send(
            lambda: self._bot.send_message(
                chat, text, reply_markup=keyboard, link_preview_options=NO_PREVIEW
            )
        )
        return message.message_id

    async def _send_document(
        self, chat: int, text: str, document: Document, keyboard: InlineKeyboardMarkup | None
    ) -> None:
        caption = text if units(text) <= CAPTION_MOST else None
        for part in text_parts(text) if caption is None else ():
            await self._send_text(chat, part, None)
        await self._send(
            lambda: self._bot.send_document(
                chat,
                document.content,
                filename=document.filename,
                caption=caption or None,
                reply_markup=keyboard,
                read_timeout=60.0,
            )
        )

    async def _remove(self, chat: int, message: int) -> None:
        """Take an old card away; where Telegram keeps it (48 hours old), at least its buttons."""
        try:
            await self._edit(lambda: self._bot.delete_message(chat, message))
        except BadRequest as error:
            if "not found" not in error.message.lower():
                await self._strip(chat, message)

    async def _strip(self, chat: int, message: int) -> None:
        try:
            await self._edit(
                lambda: self._bot.edit_message_reply_markup(chat_id=chat, message_id=message)
            )
        except BadRequest as error:
            log.debug("old card stays chat=%d error=%s", chat, describe(error))

    async def _acknowledge(self, chat: int, query: str, toast: str | None) -> None:
        """Stop the button's spinner. Telegram refuses one that waited too long; nothing is lost."""
        text = shorten(toast, TOAST_MOST) if toast else None
        try:
            await self._edit(lambda: self._bot.answer_callback_query(query, text))
        except TelegramError as error:
            log.debug("tap not acknowledged chat=%d error=%s", chat, describe(error))


def _keyboard(buttons: Sequence[Sequence[Button]]) -> InlineKeyboardMarkup | None:
    if not buttons:
        return None
    return InlineKeyboardMarkup(
        [[InlineKeyboardButton(it.label, callback_data=it.tap) for it in row] for row in buttons]
    )
