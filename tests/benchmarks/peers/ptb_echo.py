"""The least that python-telegram-bot does for an answer, as it comes: no storage, no questions."""

from __future__ import annotations

import os
from collections.abc import Callable, Coroutine
from typing import Any

from telegram import InlineKeyboardButton, InlineKeyboardMarkup, Update
from telegram.ext import (
    Application,
    ApplicationBuilder,
    CallbackQueryHandler,
    CommandHandler,
    ContextTypes,
)

Tapped = Callable[[Update, ContextTypes.DEFAULT_TYPE], Coroutine[Any, Any, None]]
KEYBOARD = InlineKeyboardMarkup(
    [
        [InlineKeyboardButton("Yes", callback_data="yes")],
        [InlineKeyboardButton("No", callback_data="no")],
        [
            InlineKeyboardButton("N/A", callback_data="na"),
            InlineKeyboardButton("Not known", callback_data="nk"),
        ],
    ]
)


def card(number: int) -> str:
    return f"C001 · {number} of 150\nWas the plan of step {number} made in time?"


async def start(update: Update, _context: ContextTypes.DEFAULT_TYPE) -> None:
    if update.message:
        await update.message.reply_text(card(1), reply_markup=KEYBOARD)


async def tapped(update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
    query = update.callback_query
    if query is None or context.chat_data is None:
        return
    number = context.chat_data["number"] = context.chat_data.get("number", 1) % 150 + 1
    await query.answer()
    await query.edit_message_text(card(number), reply_markup=KEYBOARD)


def serve(tapped: Tapped) -> None:
    """Poll for ever, ``tapped`` answering the taps."""
    api = os.environ["TELEGRAM_API_URL"]
    application: Application = (  # type: ignore[type-arg]  # six of them
        ApplicationBuilder().token(os.environ["TELEGRAM_BOT_TOKEN"]).base_url(f"{api}/bot").build()
    )
    application.add_handler(CommandHandler("start", start))
    application.add_handler(CallbackQueryHandler(tapped))
    application.run_polling()


if __name__ == "__main__":
    serve(tapped)
