"""The least that aiogram does for an answer, as it comes: no storage, no questions."""

from __future__ import annotations

import os
from collections import Counter

from aiogram import Bot, Dispatcher
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.filters import CommandStart
from aiogram.types import CallbackQuery, InlineKeyboardButton, InlineKeyboardMarkup, Message

KEYBOARD = InlineKeyboardMarkup(
    inline_keyboard=[
        [InlineKeyboardButton(text="Yes", callback_data="yes")],
        [InlineKeyboardButton(text="No", callback_data="no")],
        [
            InlineKeyboardButton(text="N/A", callback_data="na"),
            InlineKeyboardButton(text="Not known", callback_data="nk"),
        ],
    ]
)
DISPATCHER = Dispatcher()
NUMBERS: Counter[int] = Counter()


def card(number: int) -> str:
    return f"C001 · {number} of 150\nWas the plan of step {number} made in time?"


@DISPATCHER.message(CommandStart())
async def start(message: Message) -> None:
    await message.answer(card(1), reply_markup=KEYBOARD)


@DISPATCHER.callback_query()
async def tapped(query: CallbackQuery) -> None:
    NUMBERS[query.from_user.id] += 1
    number = NUMBERS[query.from_user.id] % 150 + 1
    await query.answer()
    if isinstance(query.message, Message):
        await query.message.edit_text(card(number), reply_markup=KEYBOARD)


def bot() -> Bot:
    server = TelegramAPIServer.from_base(os.environ["TELEGRAM_API_URL"])
    return Bot(os.environ["TELEGRAM_BOT_TOKEN"], session=AiohttpSession(api=server))


if __name__ == "__main__":
    DISPATCHER.run_polling(bot())
